"""Options: numbers and words that callers give, checked and refused in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from gamelab.errors import GameError, listed, nearest
from gamelab.model.settings import Range, Setting, shown

Progress = Callable[[int, int], None]
"""Is told how much is done, and of how much."""


def whole(value: Any, name: str, low: int, high: float = math.inf) -> int:
    """Return a whole number within its range.

    Raises
    ------
    GameError
        Where it is no whole number, or outside.
    """
    return int(Setting(name, "whole number", range=Range(low, high, whole=True)).check(value))


def real(value: Any, name: str, low: float, high: float = math.inf, *, above: bool = False) -> float:
    """Return a finite number within its range; ``above`` leaves out the lower end.

    Raises
    ------
    GameError
        Where it is no number, or outside.
    """
    from_there = f"above {low:g}" if above else f"of at least {low:g}"
    allowed = f"a number {from_there}" + (f", at most {high:g}" if high < math.inf else "")
    try:
        found = math.nan if isinstance(value, bool | str) else float(value)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    inside = low < found <= high if above else low <= found <= high
    if not (math.isfinite(found) and inside):
        raise GameError(f"{shown(value)} given; write {allowed}", name)
    return found


def one_of(value: Any, name: str, choices: Sequence[str]) -> str:
    """Return a word that is one of the choices.

    Raises
    ------
    GameError
        Where it is none of them.
    """
    if value not in choices:
        raise GameError(
            f"{shown(value)} is not allowed; write {listed(choices)}{nearest(str(value), choices)}", name
        )
    return str(value)
