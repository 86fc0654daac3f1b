"""Irrational numbers: roots that are no fractions, between two decimal ones, and the floats next to them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from gamelab.solve.polynomials import Root

DIGITS = 18
"""An end that is no fraction is given between two that agree in so many digits."""


@dataclass(frozen=True)
class Irrational:
    """A number that is no fraction, between two that are close together."""

    low: Fraction
    high: Fraction

    def __float__(self) -> float:
        return float((self.low + self.high) / 2)

    def __neg__(self) -> Irrational:
        return Irrational(-self.high, -self.low)


def known(end: Root | Fraction) -> Fraction | None:
    """Return an end as a fraction, where it is one."""
    return end if isinstance(end, Fraction) else end.settle()


def around(end: Root | Fraction) -> tuple[Fraction, Fraction]:
    """Return two decimal fractions with the end between them, equal in 18 digits of it and of 1 less it."""
    if isinstance(end, Root):
        while end.low <= 0 <= end.high or end.low <= 1 <= end.high:
            end.narrow((end.high - end.low) / 4)
    low, high = (end, end) if isinstance(end, Fraction) else (end.low, end.high)
    size = min(abs(part) for part in (low, high, 1 - low, 1 - high) if part)
    unit = Fraction(1)
    while unit > size:
        unit /= 10
    unit /= 10**DIGITS
    if isinstance(end, Root):
        end.narrow(unit)
        low, high = end.low, end.high
    return (low // unit) * unit, -(-high // unit) * unit


def decimal(value: Fraction) -> str:
    """Return a fraction whose denominator is a power of ten as a decimal number.

    >>> decimal(Fraction(-1, 40))
    '-0.025'
    """
    digits = 0
    while (value * 10**digits).denominator > 1:
        digits += 1
    whole, rest = divmod(abs(value.numerator) * 10**digits // value.denominator, 10**digits)
    return f"{'-' if value < 0 else ''}{whole}" + (f".{rest:0{digits}d}" if digits else "")


def nearest(end: Root | Fraction) -> float:
    """Return the nearest float; below 1 for what is below 1."""
    low, high = (end, end) if isinstance(end, Fraction) else around(end)
    return float(np.nextafter(1, 0)) if low < 1 and float(low) == 1 else float((low + high) / 2)
