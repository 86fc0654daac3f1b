"""A setting of a plug-in: its kind, range, unit and default, read off the function's signature."""

from __future__ import annotations

import functools
import inspect
import itertools
import math
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, NewType, TypeVar, get_args, get_origin

import numpy as np
from numpy.typing import NDArray

from gamelab.errors import GameError, listed, nearest
from gamelab.model.exactness import exact_asked, exactly, in_fractions, numbers, only_numbers
from gamelab.model.game import Game
from gamelab.model.grids import ByPlayer

Array = NDArray[Any]
Numeric = float | Fraction | Array
"""A number, or an array of numbers: one for each point of a grid."""


@dataclass(frozen=True)
class Range:
    """The values that a number may take, and what it is measured in.

    Of a ``cost`` results tell the break-even; of what gives an institution its ``strength``, the least value.
    """

    low: float = -math.inf
    high: float = math.inf
    unit: str = ""
    whole: bool = False
    cost: bool = False
    below_high: bool = False
    strength: bool = False

    def __str__(self) -> str:
        noun = "a whole number" if self.whole else "a number"
        if self.low == -math.inf and self.high == math.inf:
            return noun
        if self.high == math.inf:
            return f"{noun} of at least {self.low:g}"
        upper = f"below {self.high:g}" if self.below_high else f"to {self.high:g}"
        return f"{noun} from {self.low:g} {upper}"

    def outside(self, value: Array) -> Array:
        """Tell which entries lie outside."""
        too_high = value >= self.high if self.below_high else value > self.high
        return np.asarray((value < self.low) | too_high, dtype=bool)


Number = Annotated[Numeric, Range()]
Payoff = Annotated[Numeric, Range(unit="payoff per round")]
Probability = Annotated[Numeric, Range(0, 1, "probability")]
NonNegative = Annotated[Numeric, Range(0, math.inf, "payoff")]
Cost = Annotated[Numeric, Range(0, math.inf, "payoff", cost=True)]
Strength = Annotated[Numeric, Range(0, 1, "probability", strength=True)]
Fine = Annotated[Numeric, Range(0, math.inf, "payoff", strength=True)]
DiscountFactor = Annotated[Numeric, Range(0, 1, "weight of the next round")]
Weight = Annotated[Numeric, Range(0, math.inf, "weight")]
Count = Annotated[int, Range(1, math.inf, "rounds", whole=True)]
FewRounds = Annotated[int, Range(1, 1000, "rounds", whole=True)]
"""Rounds that a strategy counts: each of them is a state of its automaton."""
MOST_ROUNDS = 10_000
Rounds = Annotated[int, Range(1, MOST_ROUNDS, "rounds", whole=True)]
"""How many rounds a game may have: every one of them is solved, and ten thousand take minutes."""
Index = Annotated[int, Range(0, math.inf, "index", whole=True)]

Value = TypeVar("Value")
BY_PLAYER = "by player"
PerPlayer = Annotated[Value | Mapping[str, Value], BY_PLAYER]
"""What may differ between players: one value for all, or a mapping of players' names to values. It reaches
the body of a plug-in as a ``ByPlayer``, which ``game.spread`` and ``laid_out`` lay out along the players."""

FilePath = NewType("FilePath", str)
"""The path to a file; in a scenario relative to the scenario's folder."""

Kind = Literal["number", "whole number", "choice", "numbers", "text", "file", "structure"]
NUMERIC = ("number", "whole number", "numbers")
NO_DIFFERENCES = "players cannot differ in this"
EACH = ", or one for each player by name"
Plugin = TypeVar("Plugin", bound=Callable[..., Any])


@dataclass(frozen=True)
class Setting:
    """One keyword-only setting of a plug-in, as its signature declares it.

    ``by_player``: players may differ in it, so that a mapping by their names may take its place.
    """

    name: str
    kind: Kind
    default: Any = inspect.Parameter.empty
    range: Range = Range()
    choices: tuple[str, ...] = ()
    about: str = ""
    by_player: bool = False

    @property
    def required(self) -> bool:
        """Whether the setting has no default."""
        return self.default is inspect.Parameter.empty

    @property
    def allowed(self) -> str:
        """What may be written, in words."""
        if self.kind == "choice":
            return listed(self.choices)
        if self.kind == "numbers":
            return f"a list of at least one item, each {self.range}"
        if self.kind in ("number", "whole number"):
            return str(self.range)
        return {"text": "text", "file": "the path to a file"}.get(self.kind, "a list or a mapping")

    def check(self, value: Any) -> Any:
        """Return the value as an array, int, text or list of arrays; raise GameError in words otherwise.

        Numbers are floats, or fractions where ``exactly`` asks for them. What players may differ in is a
        ``ByPlayer`` of such values.
        """
        if value is None and not self.required and self.default is None:
            return None
        if self.by_player:
            each = isinstance(value, Mapping)
            return ByPlayer(self.name, self._each(value) if each else self.one.check(value))
        if isinstance(value, Mapping) and self.kind in NUMERIC:
            raise GameError(f"a mapping given, and {NO_DIFFERENCES}; write {self.allowed}", self.name)
        if self.kind == "number":
            return self._number(value)
        if self.kind == "numbers":
            listed_numbers = isinstance(value, Sequence | np.ndarray) and not isinstance(value, str | bytes)
            if not listed_numbers or (isinstance(value, np.ndarray) and not value.ndim) or len(value) == 0:
                raise GameError(f"{shown(value)} is not {self.allowed}", self.name)
            return [self._number(item) for item in value]
        if self.kind == "whole number":
            return self._whole(value)
        if self.kind == "text" and not isinstance(value, str):
            raise GameError(f"{shown(value)} is not {self.allowed}", self.name)
        if self.kind == "file" and not isinstance(value, str | Path):
            raise GameError(f"{shown(value)} is not {self.allowed}", self.name)
        if self.kind == "choice" and not (isinstance(value, str) and value in self.choices):
            hint = nearest(value, self.choices) if isinstance(value, str) else ""
            raise GameError(f"{shown(value)} is not allowed; write {self.allowed}{hint}", self.name)
        return value

    @property
    def one(self) -> Setting:
        """The setting of a single player, which nobody can leave out."""
        return replace(self, by_player=False, default=inspect.Parameter.empty)

    def _each(self, values: Mapping[Any, Any]) -> dict[str, Any]:
        numbers = {}
        for player, value in values.items():
            try:
                numbers[player] = self.one.check(value)
            except GameError as refusal:
                raise GameError(refusal.message, f"{self.name}.{player}") from None
        return numbers

    def _whole(self, value: Any) -> int:
        try:
            number = float(value) if only_numbers(value).ndim == 0 else math.nan
        except (TypeError, ValueError, OverflowError, RuntimeError):
            number = math.nan
        if not number.is_integer() or self.range.outside(np.asarray(number)).any():
            raise GameError(f"{shown(value)} is not {self.allowed}", self.name)
        return int(number)

    def _number(self, value: Any) -> Array:
        try:
            given = only_numbers(value)
        except (TypeError, ValueError, OverflowError, RuntimeError):
            given = np.empty(0)
        if given.size == 0:
            raise GameError(f"{shown(value)} is not {self.allowed}", self.name)
        with np.errstate(invalid="ignore"):  # nan lies nowhere, and is refused here
            bad = given[self.range.outside(given) | (given != given) | (abs(given) == math.inf)]
        if bad.size:
            first = f"{bad.flat[0]:g}" if isinstance(bad.flat[0], float) else shown(bad.flat[0])
            share = (self.range.low, self.range.high) == (0, 1) and 2 < bad.flat[0] <= 100
            hint = f"; for {first} % write {float(bad.flat[0]) / 100:g}" if share else ""
            raise GameError(f"{first} is not {self.allowed}{hint}", self.name)
        if exact_asked() and given.ndim:
            message = f"an array of shape {given.shape} given; exact results are for one game at a time"
            raise GameError(message, self.name)
        return numbers(given, self.name)


DEEPEST = 40
"""So many lists in lists are written out in an error message: more than any table has."""


def shown(value: Any) -> str:
    """Return a value as an error message shows it: texts in quotes, long ones cut."""
    if isinstance(value, np.ndarray) and value.size > 10:
        return f"an array of shape {value.shape}"
    if isinstance(value, list | tuple) and any(isinstance(part, np.ndarray) for part in value):
        return f"a list of {len(value)} with arrays"
    inner = value
    for _ in range(DEEPEST):
        if not isinstance(inner, list | tuple) or not inner:
            break
        inner = inner[0]
    else:  # whether Python can write it down hangs on its version
        return f"a {type(value).__name__} in which lists lie {DEEPEST} deep and more"
    try:
        text = f"'{value}'" if isinstance(value, str) else " ".join(str(value).split())
    except ValueError:  # Python writes no whole number of more than some thousand digits
        text = "a number of thousands of digits"
    except Exception:  # a list within lists without end, an object that cannot be shown
        text = f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."


@functools.cache
def settings_of(plugin: Callable[..., Any]) -> tuple[Setting, ...]:
    """Return the keyword-only settings of a plug-in, in the order of its signature.

    The line of the docstring's Parameters section below a setting's name becomes its ``about``.
    """
    function = inspect.unwrap(plugin)
    hints = typing.get_type_hints(function, include_extras=True)
    about = _documented(function)
    keyword_only = [
        parameter
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    settings = []
    for p in keyword_only:
        hint, by_player = _one_player(hints[p.name])
        settings.append(Setting(p.name, *_kind(p.name, hint, p.default), about.get(p.name, ""), by_player))
    return tuple(settings)


def _one_player(hint: Any) -> tuple[Any, bool]:
    """Return what an annotation says of one player, and whether players may differ in it."""
    for part in (hint, *get_args(hint)):
        if get_origin(part) is Annotated and BY_PLAYER in part.__metadata__:
            return next(one for one in get_args(get_args(part)[0]) if get_origin(one) is not Mapping), True
    return hint, False


def _kind(name: str, hint: Any, default: Any) -> tuple[Kind, Any, Range, tuple[str, ...]]:
    """Return a setting's kind, default, range and choices; refuse an annotation that says nothing."""
    inner = [part for part in get_args(hint) if part is not type(None)]
    if type(None) in get_args(hint) and len(inner) == 1:
        return _kind(name, inner[0], default)
    if get_origin(hint) is Literal and all(isinstance(choice, str) for choice in get_args(hint)):
        return "choice", default, Range(), tuple(get_args(hint))
    if get_origin(hint) is Annotated:
        limits = next((part for part in hint.__metadata__ if isinstance(part, Range)), None)
        if limits is not None:
            return ("whole number" if limits.whole else "number"), default, limits, ()
    if get_origin(hint) is Sequence and get_origin(get_args(hint)[0]) is Annotated:
        return "numbers", default, _kind(name, get_args(hint)[0], default)[2], ()
    kinds: dict[Any, Kind] = {str: "text", FilePath: "file", Any: "structure", object: "structure"}
    if hint in kinds:
        return kinds[hint], default, Range(), ()
    if get_origin(hint) in (Sequence, Mapping, list, tuple, dict):
        return "structure", default, Range(), ()
    written = getattr(hint, "__name__", str(hint)).replace("typing.", "")
    raise GameError(
        f"'{written}' says too little; write Number, Probability or another kind of gamelab.model.settings, "
        "Literal of texts, str, or Any for lists and mappings",
        name,
    )


def _documented(function: Callable[..., Any]) -> dict[str, str]:
    lines = inspect.cleandoc(function.__doc__ or "").split("\n")
    about: dict[str, str] = {}
    names: list[str] = []
    for line in lines[lines.index("Parameters") + 2 :] if "Parameters" in lines else []:
        if line and not line.startswith(" "):
            if ":" not in line:
                break
            names = [name.strip(" *") for name in line.split(":")[0].split(",")]
        elif line.strip():
            about |= {name: f"{about.get(name, '')} {line.strip()}".strip() for name in names}
    return about


@contextmanager
def within_floats(key: str) -> Iterator[None]:
    """Refuse in words what leads to numbers beyond what floats hold; ``key`` is what may be to blame."""
    try:
        with np.errstate(over="raise"):
            yield
    except (FloatingPointError, OverflowError):
        message = "numbers of this size lead beyond what floats hold; divide all payoffs by the same number"
        raise GameError(message, key) from None


def largest(values: Mapping[str, Any]) -> str:
    """Return the name of the largest number among the values of settings."""
    sizes: dict[str, float] = {}
    for name, value in values.items():
        each = value.values if isinstance(value, ByPlayer) else [value]
        for part in itertools.chain.from_iterable(own if isinstance(own, list) else [own] for own in each):
            if isinstance(part, np.ndarray) and part.dtype.kind == "f" and part.size:
                sizes[name] = max(sizes.get(name, 0.0), float(np.abs(part).max()))
    return max(sizes, key=lambda name: sizes[name], default="")


def settled(plugin: Plugin) -> Plugin:
    """Make a plug-in check its settings against its own signature before its body runs.

    Numbers reach the body as float arrays of any shape, whole numbers as ``int``, lists of numbers as
    lists of arrays, what players may differ in as ``ByPlayer``; on an exact game, or where ``exactly`` asks
    for it, numbers are fractions. Raises GameError naming the setting, the value and what is allowed.
    """
    positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    first = [p.name for p in inspect.signature(plugin).parameters.values() if p.kind is positional]
    places = len(first)

    @functools.cache
    def acts_on_a_game() -> bool:
        return places > 0 and typing.get_type_hints(inspect.unwrap(plugin)).get(first[0]) is Game

    @functools.wraps(plugin)
    def checked(*arguments: Any, **given: Any) -> Any:
        arguments += tuple(given.pop(name) for name in first[len(arguments) :] if name in given)
        if arguments and acts_on_a_game() and not isinstance(arguments[0], Game):
            raise GameError(f"{shown(arguments[0])} given; write a Game", first[0])
        exact = getattr(arguments[0], "exact", False) if arguments else exact_asked()
        if exact or exact_asked():
            with exactly(exact):
                return in_fractions(plugin, *arguments, **admitted(arguments, given))
        values = admitted(arguments, given)
        with within_floats(largest(values)):
            return plugin(*arguments, **values)

    def admitted(arguments: tuple[Any, ...], given: Mapping[str, Any]) -> dict[str, Any]:
        settings = {setting.name: setting for setting in settings_of(plugin)}
        for name in given:
            if name not in settings:
                hint = nearest(name, settings) or f"; it has {listed(settings)}"
                raise GameError(f"{plugin.__name__} has no setting '{name}'{hint}", name)
        values = {}
        for name, setting in settings.items():
            if name not in given and setting.required:
                by_name = f", given as {name}=..." if len(arguments) > places else ""
                raise GameError(f"{plugin.__name__} needs '{name}': {setting.allowed}{by_name}", name)
            values[name] = setting.check(given.get(name, setting.default))
        if len(arguments) > places:
            raise GameError(f"{plugin.__name__} takes its settings by name: {listed(settings)}")
        return values

    return typing.cast(Plugin, checked)
