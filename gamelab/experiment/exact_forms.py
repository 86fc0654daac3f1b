"""Exact forms: what fractions say of a candidate, as texts beside the same numbers as floats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gamelab.model.answers import Missing
from gamelab.solve.exact_certificate import text
from gamelab.solve.exact_settings import Answer
from gamelab.solve.irrational import Irrational
from gamelab.solve.thresholds import Interval


def critical(intervals: list[Interval] | Missing) -> str | None:
    """Return the exact left end of the last interval where that reaches 1, as a text, or a word."""
    if isinstance(intervals, Missing):
        return intervals
    last = (intervals[-1].exact or {}) if intervals else {}
    return last.get("from") if last.get("to") == "1" and last.get("confirmed") else None


def as_fraction(amount: Any) -> Any:
    """Return a single exact amount: a fraction, None where it is not known, words as they are."""
    single = amount.item() if isinstance(amount, np.ndarray) else amount
    if isinstance(single, int) and not isinstance(single, bool):
        return Fraction(single)
    return None if isinstance(single, float) else single


def stored(value: Any) -> str | None:
    """Return an exact quantity as results hold it; None where it is not known as a fraction."""
    return text(value) if isinstance(value, Fraction) else None if isinstance(value, Irrational) else value


def as_float(answer: Answer) -> float | str | None:
    """Return an exact quantity rounded, words as they are.

    >>> as_float(Fraction(1, 4)), as_float("unbounded"), as_float(None)
    (0.25, 'unbounded', None)
    """
    return float(answer) if isinstance(answer, Fraction | Irrational) else answer


def as_text(value: Any) -> Any:
    """Return one side of a claim with its fractions as texts."""
    if isinstance(value, list):
        return [as_text(part) for part in value]
    if isinstance(value, Mapping):
        return {end: as_text(value[end]) for end in ("from", "to")}
    return text(value) if isinstance(value, Fraction) else value


def named(names: Sequence[str], amounts: Any) -> dict[str, str | None]:
    """Return amounts by name, as texts."""
    return {name: text(amount) for name, amount in zip(names, np.asarray(amounts))}
