"""Maps: figures over a grid of two settings, as a scenario asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gamelab.errors import InputError, Problem
from gamelab.expressions import Expression, segments
from gamelab.model.game import Floats
from gamelab.model.settings import Setting
from gamelab.scenario.document import Scenario
from gamelab.scenario.values import Values

POINTS = 49
"""How many points an axis has where the file does not say."""
MOST_CELLS = 4_000_000
UNITS = ("payoff", "payoff per round", "rounds")
"""Units that a label says; others are clear from the name."""
SECTIONS = ("parameters", "game", "time", "information", "preferences")


@dataclass(frozen=True)
class Axis:
    """One axis of a map.

    Parameters
    ----------
    path : str
        Of the setting that changes along it.
    label : str
        The same in words.
    start, end : Expression
        Where it begins and ends; of parameters.
    points : int
        How many values it has, both ends among them.
    """

    path: str
    label: str
    start: Expression
    end: Expression
    points: int = POINTS


@dataclass(frozen=True)
class Map:
    """One map: what is shown, and over which grid.

    Parameters
    ----------
    title : str
    x, y : Axis
    show : str
        ``best_arrangement``, ``workable_arrangements``, or the quantity of an arrangement.
    arrangement : str or None
        Whose quantity it is.
    profile : list or None
        The label of a candidate; None where the selected conduct is meant.
    player : str or None
    key, line, column
        Where it stands in the file.
    """

    title: str
    x: Axis
    y: Axis
    show: str
    arrangement: str | None = None
    profile: list[Any] | None = None
    player: str | None = None
    key: str = ""
    line: int | None = None
    column: int | None = None


def axis_values(scenario: Scenario, axis: Axis, overrides: Mapping[str, Any] | None = None) -> Floats:
    """Return the values along an axis, (points,); overrides may move its ends.

    Raises
    ------
    InputError
        For what is wrong in the expressions of its ends, or where it does not rise.
    """
    scope = Values(scenario, overrides).scope()
    low, high = (float(np.asarray(end.evaluate(scope))) for end in (axis.start, axis.end))
    if not low < high:
        message = f"goes from {low:g} to {high:g}; an axis needs a lower end below its upper end"
        raise InputError(Problem(message, axis.path, scenario.file))
    if not np.isfinite(high - low):
        message = f"goes from {low:g} to {high:g}, which is too far"
        raise InputError(Problem(message, axis.path, scenario.file))
    return np.linspace(low, high, axis.points)


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
    return " ".join(words).replace("_", " ") + unit
