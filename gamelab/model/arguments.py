"""Arguments of public functions: each is held against its annotation at the door, and refused by its name."""

from __future__ import annotations

import functools
import inspect
import math
import os
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import numpy as np

from gamelab.errors import GameError, listed, nearest
from gamelab.model.exactness import only_numbers
from gamelab.model.game import Floats, Game
from gamelab.model.settings import Range, Setting, shown, within_floats
from gamelab.randomness import LARGEST_SEED

Progress = Callable[[int, int], None]
"""Is told how much is done, and of how much."""
FileName = str | os.PathLike[str]
"""The path to a file."""
Seed = Annotated[int, Range(0, LARGEST_SEED, whole=True)]
"""Where chance begins."""
Matches = Annotated[int, Range(1, 10**12, whole=True)]
"""How often a game is played."""
Function = TypeVar("Function", bound=Callable[..., Any])
Check = Callable[[Any, str], Any]


def checked(function: Function) -> Function:
    """Make a public function check what it is given before its body runs, by its annotations.

    A Game, a truth value, a word of a Literal, a number in its Range, a path, a mapping, a text, or a
    function that can be called with what its annotation says. Other annotations are left to the body. Raises
    GameError that names the argument, what was given and what is allowed; only a call that Python itself
    would not make (an unknown name, an argument left out) is a TypeError.
    """
    signature = inspect.signature(function)

    @functools.cache
    def checks() -> dict[str, Check]:
        hints = typing.get_type_hints(function, include_extras=True)
        check_by_name = {name: check_of(hints[name]) for name in signature.parameters if name in hints}
        return {name: check for name, check in check_by_name.items() if check is not None}

    @functools.wraps(function)
    def door(*arguments: Any, **named: Any) -> Any:
        bound = signature.bind(*arguments, **named)
        for name, check in checks().items():
            if name in bound.arguments:
                bound.arguments[name] = check(bound.arguments[name], name)
        with within_floats(next(iter(signature.parameters))):
            return function(*bound.args, **bound.kwargs)

    return typing.cast(Function, door)


def check_of(hint: Any) -> Check | None:
    """Return the check that an annotation asks for; None where it leaves it to the body."""
    kinds: dict[Any, Check] = {Game: a_game, bool: truth, str: text, Mapping: a_mapping}
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (typing.Union, types.UnionType):
        some = [part for part in parts if part is not type(None)]
        check = check_of(some[0]) if len(some) == 1 else a_path if _are_paths(some) else None
        if check is None or len(some) == len(parts):
            return check
        return lambda value, name: None if value is None else check(value, name)
    if origin is Literal:
        return lambda value, name: one_of(value, name, parts)
    if origin is Callable:
        return lambda value, name: a_function(value, name, 0 if parts[0] is Ellipsis else len(parts[0]))
    if origin is Annotated:
        limits = next(part for part in hint.__metadata__ if isinstance(part, Range))
        reader = whole if limits.whole else real
        return lambda value, name: reader(value, name, limits.low, limits.high)
    return kinds.get(origin or hint)


def _are_paths(kinds: Sequence[Any]) -> bool:
    return str in kinds and all(issubclass(get_origin(kind) or kind, str | os.PathLike) for kind in kinds)


def whole(value: Any, name: str, low: float, high: float = math.inf) -> int:
    """Return a whole number within its range.

    Raises
    ------
    GameError
        Where it is no whole number, or outside.
    """
    return int(Setting(name, "whole number", range=Range(low, high, whole=True)).check(value))


def real(
    value: Any, name: str, low: float = -math.inf, high: float = math.inf, *, above: bool = False
) -> float:
    """Return one finite number within its range; ``above`` leaves out the lower end.

    Raises
    ------
    GameError
        Where it is no number, or an array of them, or outside.
    """
    from_there = f"above {low:g}" if above else f"of at least {low:g}"
    allowed = f"a number {from_there}" if low > -math.inf else "a finite number"
    allowed += f", at most {high:g}" if high < math.inf else ""
    refusal = GameError(f"{shown(value)} given; write {allowed}", name)
    try:
        given = numbers(value, name)
    except GameError:
        raise refusal from None
    if np.ndim(given):
        raise refusal
    number = float(given)
    if not (low < number <= high if above else low <= number <= high):
        raise refusal
    return number


def numbers(value: Any, name: str) -> Floats:
    """Return an array of finite floats; texts, truth values, dates and what is missing are no numbers.

    Raises
    ------
    GameError
        Where something else stands among them, or where rows differ in length.
    """
    try:
        array = only_numbers(value).astype(np.float64)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        array = np.asarray(np.nan)
    if array.ndim == 0 and not np.isfinite(array):
        raise GameError(f"{shown(value)} is not a finite number, or holds something that is no number", name)
    for place in np.argwhere(~np.isfinite(array))[:1]:
        where = ("row {}, column {}" if len(place) == 2 else "place {}").format(*(place + 1))
        raise GameError(f"{array[tuple(place)]:g} in {where} is not a finite number", name)
    return array


def one_of(value: Any, name: str, choices: Sequence[str]) -> str:
    """Return a word that is one of the choices.

    Raises
    ------
    GameError
        Where it is none of them.
    """
    if not isinstance(value, str) or value not in choices:
        hint = nearest(value, choices) if isinstance(value, str) else ""
        raise GameError(f"{shown(value)} is not allowed; write {listed(choices)}{hint}", name)
    return str(value)


def a_game(value: Any, name: str = "game") -> Game:
    """Return a Game; refuse anything else."""
    if not isinstance(value, Game):
        raise GameError(f"{shown(value)} given; write a Game, as gl.repeated or a stage game makes it", name)
    return value


def truth(value: Any, name: str) -> bool:
    """Return True or False; refuse anything else, 0 and 1 and texts included."""
    if not isinstance(value, bool | np.bool_):
        raise GameError(f"{shown(value)} given; write True or False", name)
    return bool(value)


def text(value: Any, name: str) -> str:
    """Return a text; refuse anything else."""
    if not isinstance(value, str) or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise GameError(f"{shown(value)} given; write a text", name)
    return value


def a_path(value: Any, name: str) -> Any:
    """Return the path to a file as it was given; refuse what cannot be one."""
    written = os.fspath(value) if isinstance(value, str | os.PathLike) else None
    if not isinstance(written, str) or not written or "\0" in written:
        raise GameError(f"{shown(value)} given; write the path to a file", name)
    return value


def a_mapping(value: Any, name: str) -> Any:
    """Return a mapping; refuse anything else."""
    if not isinstance(value, Mapping):
        raise GameError(f"{shown(value)} given; write a mapping, {{name: value}}", name)
    return value


def a_function(value: Any, name: str, takes: int = 0) -> Any:
    """Return a function that takes so many arguments by position; 0 stands for any number of them."""
    if not callable(value) or (takes and not takes_arguments(value, *range(takes))):
        such = f" of {takes} arguments" if takes else ""
        raise GameError(f"{shown(value)} given; write a function{such}", name)
    return value


def takes_arguments(function: Callable[..., Any], *arguments: Any, **named: Any) -> bool:
    """Tell whether a function can be called so; of a class whose signature cannot be read, that it cannot."""
    try:
        inspect.signature(function).bind(*arguments, **named)
    except TypeError:
        return False
    except ValueError:
        return not isinstance(function, type)
    return True
