"""Requests: what a scenario file asks for beside its arrangements, as it was read: claims and maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gamelab.expressions import Expression

POINTS = 49
"""How many points an axis has where the file does not say."""
Comparison = Literal["is", "equals", "above", "below", "at_least", "at_most"]
WITHIN = 1e-9


@dataclass(frozen=True)
class Claim:
    """One claim, which is a test.

    Parameters
    ----------
    says : str
    quantity : str
    arrangement : str or None
        None for quantities of the whole scenario.
    comparison : str
        One of is, equals, above, below, at_least, at_most.
    expected : Expression, str, bool, None or list
        What stands on the other side; see ``expected_value``.
    profile : list or None
        The label of a candidate; None where the selected conduct is meant.
    player, path, of : str or None
    within : float
        Absolute tolerance of ``is``, ``equals``, ``at_least`` and ``at_most``.
    overrides : mapping of str to value
        From ``with:``, evaluated.
    key, line, column
        Where it stands in the file.
    weights : mapping of str to number
        By arrangement, where a weighted sum of several is claimed.
    """

    says: str
    quantity: str
    arrangement: str | None
    comparison: Comparison
    expected: Any
    profile: list[Any] | None = None
    player: str | None = None
    path: str | None = None
    of: str | None = None
    within: float = WITHIN
    overrides: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    line: int | None = None
    column: int | None = None
    weights: Mapping[str, Any] = field(default_factory=dict)


def weighted(weights: Mapping[str, Any]) -> str:
    """Return a weighted sum of arrangements in words; empty for none.

    >>> weighted({"both": 1, "formal": -1, "none": 0.5})
    'both - formal + 0.5 none'
    """
    text = ""
    for name, weight in weights.items():
        size = "" if abs(weight) == 1 else f"{float(abs(weight)):g} "
        sign = ("-" if weight < 0 else "") if not text else (" - " if weight < 0 else " + ")
        text += f"{sign}{size}{name}"
    return text


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
    points : int or None
        How many values it has, both ends among them; None where the step says.
    step : Expression or None
        From one value to the next.
    apart : bool
        Whether nothing lies between its values: the setting is a whole number, or one is made from it.
    """

    path: str
    label: str
    start: Expression
    end: Expression
    points: int | None = POINTS
    step: Expression | None = None
    apart: bool = False


@dataclass(frozen=True)
class Map:
    """One map: what is shown, and over which grid.

    Parameters
    ----------
    title : str
        The author's finding; empty where the file states none.
    x, y : Axis
    show : str
        ``best_arrangement``, ``workable_arrangements``, or the quantity of an arrangement.
    arrangement : str or None
        Whose quantity it is.
    profile : list or None
        The label of a candidate; None where the selected conduct is meant.
    player, of : str or None
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
    of: str | None = None
    key: str = ""
    line: int | None = None
    column: int | None = None

    @property
    def subject(self) -> str:
        """What is shown, and over what: true whatever settings are changed."""
        parts = (self.show.replace("_", " "), self.player, self.of, self.arrangement)
        return f"{' of '.join(filter(None, parts))} over {self.x.label} and {self.y.label}"
