"""Typed numbers: the fraction that a float was meant to be, which rounding hides."""

from __future__ import annotations

import functools
from fractions import Fraction
from typing import Any

TYPED_DIGITS = 12
"""A float whose shortest decimal has at most so many digits was probably typed, and is that decimal."""
SIMPLE = 1_000
"""The largest denominator of a fraction that a float with more digits is taken for."""


def as_typed(entry: Any, largest: float = 0.0) -> Fraction:
    """Return the number that a float was meant to be, where it came of numbers as large as ``largest``.

    A float with few digits is its shortest decimal. With many digits it is taken for a decimal with few
    (``0.1 + 0.2``) or a simple fraction (``1/3``) that it equals up to rounding, if there is one, else for
    its shortest decimal.

    >>> as_typed(0.1 + 0.2), as_typed(1 / 3), as_typed(2.5)
    (Fraction(3, 10), Fraction(1, 3), Fraction(5, 2))
    """
    return entry if isinstance(entry, Fraction) else _of_float(float(entry), largest)


@functools.lru_cache(maxsize=10_000)
def _of_float(number: float, largest: float) -> Fraction:
    exact = Fraction(repr(number))
    few = Fraction(f"{number:.{TYPED_DIGITS}g}")
    rounding = max(abs(exact), Fraction(largest)) / 2**50
    for simple in (few, exact.limit_denominator(SIMPLE)):
        if abs(simple - exact) <= rounding:
            return simple
    return exact
