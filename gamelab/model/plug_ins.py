"""Other people's plug-ins: each loaded when it is named, checked, and set beside ours."""

from __future__ import annotations

import functools
import inspect
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from gamelab.errors import GameError, GamelabError, GamelabWarning, listed, visible
from gamelab.model.automaton import Automaton
from gamelab.model.budget import BudgetSpentError
from gamelab.model.entry_points import declared, package_of
from gamelab.model.exactness import exactly
from gamelab.model.game import Game
from gamelab.model.plug_in_signature import refusal
from gamelab.model.settings import settled

Plugin = Callable[..., Any]


class WithOthers(Mapping[str, Plugin]):
    """The plug-ins of a room and, behind them, those of other packages.

    One of another package is loaded when its name is looked up, all of them where the whole mapping is gone
    through. What is added to the room later is seen.

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
    def names(self) -> list[str]:
        """Every name, ours first; nothing is loaded, and what was loaded and is unsound is left out."""
        others = sorted(declared(self.group).keys() - self.own.keys() - self.taken)
        return [*self.own, *(name for name in others if _LOADED.get((self.group, name), True))]

    def __getitem__(self, name: str) -> Plugin:
        plugin = self.own.get(name)
        if plugin is None and name in self.names:
            plugin = _loaded(self.group, name)
        else:
            self._tell_of_clash(name)
        if plugin is None:
            raise KeyError(name)
        return plugin

    def __iter__(self) -> Iterator[str]:
        for name in sorted(self.taken & declared(self.group).keys()):
            self._tell_of_clash(name)
        yield from (name for name in self.names if name in self)

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _tell_of_clash(self, name: str) -> None:
        """Say that a plug-in of another package is left out because its name is one of ours."""
        for point in declared(self.group).get(name, ()) if name in self.own or name in self.taken else ():
            _warn_once(self.group, name, point, "gamelab has this name already; give it another one")


_LOADED: dict[tuple[str, str], Plugin | None] = {}
"""Each plug-in that was loaded, by group and name; None where it is unsound."""


def _loaded(group: str, name: str) -> Plugin | None:
    """Return one plug-in, loaded once; None where it is unsound, which a warning tells."""
    if (group, name) not in _LOADED:
        point, *more = declared(group)[name]
        packages = listed(sorted(map(package_of, (point, *more)))).replace(" or ", " and ")
        plugin: Any = None
        plugin, reason = (None, f"{packages} have the same name") if more else _tried(group, point)
        if reason:
            _warn_once(group, name, point, reason)
        _LOADED[group, name] = None if reason else _guarded(group, name, packages, plugin)
    return _LOADED[group, name]


def _tried(group: str, point: EntryPoint) -> tuple[Any, str]:
    """Return what an entry point leads to, and what is wrong with it: nothing where the text is empty.

    What its module prints goes to standard error: standard output belongs to results.
    """
    try:
        with redirect_stdout(sys.stderr), exactly(False):
            plugin = point.load()
            return plugin, refusal(group, point.name, plugin)
    except BaseException as failure:
        at = _place(failure, point.value)
        place = f", at {at}" if at else ""
        if _interrupts(failure):
            _warn_once(group, point.name, point, f"an interrupt came while it was loaded{place}")
            raise
        return None, f"it cannot be loaded: {_line(failure)}{place}"


@functools.cache
def _warn_once(group: str, name: str, point: EntryPoint, reason: str) -> None:
    place = f"'{name}' of the package {package_of(point)} (entry point gamelab.{group}: {point.value})"
    warnings.warn(visible(f"plug-in {place} is left out: {reason}"), GamelabWarning, stacklevel=2)


def _interrupts(failure: BaseException) -> bool:
    """Tell whether this is the user's interrupt, ours included, and not one that a plug-in made up."""
    kind = type(failure)
    return kind is KeyboardInterrupt or (
        issubclass(kind, KeyboardInterrupt) and kind.__module__.startswith("gamelab.")
    )


def _line(failure: BaseException) -> str:
    """Return the kind of a failure and the first line of what it says."""
    try:
        said = str(failure).strip().split("\n")[0][:200]
    except Exception:
        said = "it cannot say what"
    return f"{type(failure).__name__}: {said}".removesuffix(": ")


def _place(failure: BaseException, module: str) -> str:
    """Return file and line of the last step in the plug-in's own package before a failure."""
    if isinstance(failure, SyntaxError) and failure.filename:
        return f"{failure.filename}:{failure.lineno}"
    package = re.split("[.:]", module)[0].strip()
    for frame, line in reversed(list(traceback.walk_tb(failure.__traceback__))):
        if str(frame.f_globals.get("__name__")).split(".")[0] == package:
            return f"{frame.f_code.co_filename}:{line}"
    return ""


def _guarded(group: str, name: str, package: str, plugin: Plugin) -> Plugin:
    """Return the plug-in with its settings checked, and whatever goes wrong in it told in a sentence."""
    checked = settled(plugin)
    wanted = Automaton if group == "strategies" else Game
    module = inspect.unwrap(plugin).__module__

    @functools.wraps(plugin)
    def guarded(*arguments: Any, **given: Any) -> Any:
        try:
            with redirect_stdout(sys.stderr):
                made = checked(*arguments, **given)
        except (GamelabError, BudgetSpentError):
            raise
        except BaseException as failure:
            if _interrupts(failure):
                raise
            file = Path(_place(failure, module)).name  # it may stand in results: no folders of this machine
            at = f", at {file}" if file else ""
            raise GameError(f"{name} of the package {package} fails: {_line(failure)}{at}") from failure
        if not isinstance(made, wanted):
            kind = type(made).__name__
            raise GameError(f"{name} of the package {package} returns {kind}, not {wanted.__name__}")
        return made

    return guarded
