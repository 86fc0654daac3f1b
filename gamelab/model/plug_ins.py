"""Other people's plug-ins: found through entry points of installed packages, checked, and set beside ours."""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import metadata
from typing import Any

from gamelab.errors import GameError, GamelabError, GamelabWarning, listed
from gamelab.model.automaton import Automaton
from gamelab.model.game import Game
from gamelab.model.settings import settings_of, settled

Plugin = Callable[..., Any]

PLACES = {"stages": (), "institutions": ("game",), "strategies": ("game", "player")}
"""What a plug-in of each group takes before its settings."""


class WithOthers(Mapping[str, Plugin]):
    """The plug-ins of a room and, behind them, those of other packages.

    Packages are searched when a name is first looked for that is not ours, or when all names are. What is
    added to the room later is seen.

    Parameters
    ----------
    group : str
        ``stages``, ``institutions`` or ``strategies``.
    own : mapping of str to callable
        The room's dict.
    taken : iterable of str
        Other names that mean something already, such as aliases.
    """

    def __init__(self, group: str, own: Mapping[str, Plugin], taken: Iterable[str] = ()):
        self.group, self.own, self.taken = group, own, frozenset(taken)

    @property
    def others(self) -> dict[str, Plugin]:
        """The plug-ins of other packages."""
        return others(self.group, frozenset(self.own) | self.taken)

    def __getitem__(self, name: str) -> Plugin:
        return self.own[name] if name in self.own else self.others[name]

    def __iter__(self) -> Iterator[str]:
        yield from self.own
        yield from (name for name in self.others if name not in self.own)

    def __len__(self) -> int:
        return len(list(iter(self)))


def others(group: str, taken: frozenset[str]) -> dict[str, Plugin]:
    """Return the sound plug-ins of other packages whose names are free."""
    found = _found(group)
    clashing = sorted(found.keys() & taken)
    for name in clashing:
        _warn_once(group, name, found[name][0], "gamelab has this name already; give it another one")
    return {name: plugin for name, (_, plugin) in found.items() if name not in clashing}


@functools.cache
def _warn_once(group: str, name: str, package: str, reason: str) -> None:
    place = f"'{name}' of the package {package} (entry point gamelab.{group})"
    warnings.warn(f"plug-in {place} is left out: {reason}", GamelabWarning, stacklevel=2)


@functools.cache
def _found(group: str) -> dict[str, tuple[str, Plugin]]:
    """Load every entry point of a group once; return package and plug-in of each sound one by name."""
    points = sorted(
        metadata.entry_points(group=f"gamelab.{group}"), key=lambda point: (point.name, _package(point))
    )
    sound: dict[str, tuple[str, Plugin]] = {}
    for point in points:
        package = _package(point)
        sharing = [_package(other) for other in points if other.name == point.name]
        if len(sharing) > 1:
            reason = f"{listed(sharing).replace(' or ', ' and ')} have the same name"
            _warn_once(group, point.name, package, reason)
            continue
        try:
            plugin = point.load()
            refusal = _refusal(group, point.name, plugin)
        except Exception as failure:
            refusal = f"it cannot be loaded: {type(failure).__name__}: {_line(failure)}"
        if refusal:
            _warn_once(group, point.name, package, refusal)
        else:
            sound[point.name] = (package, _guarded(group, point.name, package, plugin))
    return sound


def _package(point: metadata.EntryPoint) -> str:
    return point.dist.name if point.dist is not None else point.value.split(":")[0]


def _line(failure: BaseException) -> str:
    return (str(failure).strip().split("\n") or [""])[0][:200]


def _refusal(group: str, name: str, plugin: Any) -> str:
    """Return what is wrong with a plug-in's name or signature; an empty text where nothing is."""
    if not (name.isidentifier() and name.isascii()):
        return "a name is made of letters, digits and _"
    if not inspect.isfunction(plugin):
        return f"it is a {type(plugin).__name__}, not a function"
    parameters = list(inspect.signature(plugin).parameters.values())
    first = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD or p.kind is p.POSITIONAL_ONLY]
    wanted = PLACES[group]
    if len(first) != len(wanted) or any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
        form = f"({', '.join((*wanted, '*', 'setting: Kind', '...'))})"
        return f"its settings must be keyword-only: the signature must have the form {form}"
    settings = [p for p in parameters if p.kind is p.KEYWORD_ONLY]
    bare = [p.name for p in settings if p.annotation is p.empty]
    if bare:
        return f"the setting '{bare[0]}' has no annotation, such as gamelab.model.settings.Probability"
    settings_of(plugin)  # annotations that mean nothing are refused here
    return ""


def _guarded(group: str, name: str, package: str, plugin: Plugin) -> Plugin:
    """Return the plug-in with its settings checked, and whatever goes wrong in it told in a sentence."""
    checked = settled(plugin)
    wanted = Automaton if group == "strategies" else Game

    @functools.wraps(plugin)
    def guarded(*arguments: Any, **given: Any) -> Any:
        try:
            made = checked(*arguments, **given)
        except GamelabError:
            raise
        except Exception as failure:
            reason = f"{type(failure).__name__}: {_line(failure)}"
            raise GameError(f"{name} of the package {package} fails: {reason}") from failure
        if not isinstance(made, wanted):
            kind = type(made).__name__
            raise GameError(f"{name} of the package {package} returns {kind}, not {wanted.__name__}")
        return made

    return guarded
