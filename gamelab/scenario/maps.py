"""Maps: the values along their axes, and what these are called."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np

from gamelab.arithmetic import Value
from gamelab.errors import InputError, Problem
from gamelab.expressions import segments
from gamelab.model.game import Floats
from gamelab.model.settings import Setting
from gamelab.scenario.document import Entry, Scenario
from gamelab.scenario.paths import whole_path
from gamelab.scenario.requests import Axis, Map
from gamelab.scenario.values import Values, varies

MOST_CELLS = 4_000_000
MOST_FORMS = 2_500
"""The most cells of different rounds, players or levels: each of them is a game of its own form."""
STRAY = 1e-9
"""How far rounding may take the number of steps from a whole number."""
UNITS = ("payoff", "payoff per round", "rounds")
"""Units that a label says; others are clear from the name."""
SECTIONS = ("parameters", "game", "time", "information", "preferences")


def axis_values(scenario: Scenario, axis: Axis, overrides: Mapping[str, Any] | None = None) -> Floats:
    """Return the values along an axis, (points,); overrides may move its ends.

    Raises
    ------
    InputError
        For what is wrong in the expressions of its ends, where it does not rise, where its steps do not reach
        its end, and where there would be too many values.
    """
    scope = Values(scenario, overrides).scope()
    low, high = (_single(end.evaluate(scope)) for end in (axis.start, axis.end))
    first, last = float(low), float(high)
    if not first < last:
        raise _refused(scenario, axis, first, last, "an axis needs a lower end below its upper end")
    if not np.isfinite(last - first):
        raise _refused(scenario, axis, first, last, "which is too far", ", ")
    if axis.points is not None:
        _within_limit(scenario, axis, axis.points)
        return np.linspace(first, last, axis.points)
    step = _single(axis.step.evaluate(scope)) if axis.step is not None else Fraction(1)
    if not float(step) > 0:
        raise InputError(Problem(f"steps of {float(step):g}; they must be above 0", axis.path, scenario.file))
    count = (high - low) / step
    _within_limit(scenario, axis, float(count) + 1)
    whole = round(float(count))
    if count != whole if isinstance(count, Fraction) else abs(count - whole) > STRAY:
        final = float(low + math.floor(count) * step)
        steps = f"in steps of {float(step):g} the last value is {final:g}; end there, or write 'points'"
        raise _refused(scenario, axis, first, last, steps)
    return np.array([float(low + k * step) for k in range(whole + 1)])


def grid_of(
    scenario: Scenario, drawn: Map, overrides: Mapping[str, Any] | None = None
) -> tuple[Floats, Floats]:
    """Return the values along both axes of a map, (n,) and (m,).

    Raises
    ------
    InputError
        As ``axis_values``, and where there are too many cells, or too many games of different forms.
    """
    x, y = (axis_values(scenario, axis, overrides) for axis in (drawn.x, drawn.y))
    size = f"{x.size:,} x {y.size:,} points make {x.size * y.size:,} cells"
    place = (drawn.key, scenario.file, drawn.line, drawn.column)
    if x.size * y.size > MOST_CELLS:
        raise InputError(Problem(f"{size}; the limit is {MOST_CELLS:,}", *place))
    forms = (x.size if drawn.x.apart else 1) * (y.size if drawn.y.apart else 1)
    if forms > MOST_FORMS:
        message = f"{forms:,} games that differ in rounds, players or levels; the limit is {MOST_FORMS:,}"
        raise InputError(Problem(f"{message}; larger steps would make fewer", *place))
    return x, y


def stands_apart(scenario: Scenario, entry: Entry, keys: Sequence[str]) -> bool:
    """Tell whether nothing lies between two values: the setting is a whole number, or one is made from it."""
    if entry.setting.range.whole:
        return True
    values = Values(scenario, {whole_path(entry, keys): np.array([1.0, 2.0])})
    made = [other for other in scenario.entries.values() if other.setting.range.whole and values.given(other)]
    for other in made:
        with suppress(InputError):  # told where it stands
            if varies(values.of(other.path)):
                return True
    return False


def _single(value: Value) -> Fraction | float:
    return value if isinstance(value, Fraction) else float(np.asarray(value))


def _within_limit(scenario: Scenario, axis: Axis, count: float) -> None:
    if count > MOST_CELLS:
        message = f"{math.floor(count):,} points; the limit is {MOST_CELLS:,} cells"
        raise InputError(Problem(message, axis.path, scenario.file))


def _refused(
    scenario: Scenario, axis: Axis, first: float, last: float, why: str, joint: str = "; "
) -> InputError:
    return InputError(Problem(f"goes from {first:g} to {last:g}{joint}{why}", axis.path, scenario.file))


def label_of(path: str, setting: Setting) -> str:
    """Return a path in words: the last parts that tell settings apart, and the unit.

    >>> from gamelab.model.settings import Setting
    >>> label_of("arrangements.guard.institutions.graduated_sanctions.fines.0", Setting("fines", "numbers"))
    'graduated sanctions fines 0'
    """
    parts = segments(path)
    if parts[0] in SECTIONS:
        words = parts[1:]
    else:  # an arrangement's institution, or a strategy in one of its profiles
        words = parts[3:]
        while len(words) > 1 and words[0].isdigit():
            words = words[1:]
    unit = f" ({setting.range.unit})" if setting.range.unit in UNITS else ""
    place = words.index(setting.name) + 1 if setting.name in words else len(words)
    if setting.by_player and place < len(words) and not words[place].isdigit():
        words = (*words[:place], *words[place + 1 :], "of", words[place])  # a player's name
    return " ".join(words).replace("_", " ") + unit
