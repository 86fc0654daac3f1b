"""Arithmetic that stays exact where it can: fractions, rounded numbers and arrays, sign by sign."""

from __future__ import annotations

import functools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Value = Fraction | float | NDArray[Any]
"""An exact number, a rounded one, or an array: one for each point of a grid."""

LARGEST_EXPONENT = 1000
EXACT_BITS = 20_000
"""Fractions with more digits than this are rounded."""


class ExponentError(Exception):
    """A power that would take too long to compute."""


def bits(value: Fraction) -> int:
    """Return how many binary digits a fraction takes."""
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def alike(operands: list[Value]) -> list[Value]:
    """Round fractions where an operand is an array: numpy would keep them as objects."""
    if not any(isinstance(operand, np.ndarray) for operand in operands):
        return operands
    return [float(operand) if isinstance(operand, Fraction) else operand for operand in operands]


def _quotient(a: Value, b: Value) -> Value:
    if np.any(np.asarray(b) == 0):
        raise ZeroDivisionError
    return a / b


def _power(base: Any, exponent: Any) -> Value:
    if not isinstance(exponent, np.ndarray) and abs(exponent) > LARGEST_EXPONENT:
        raise ExponentError(f"an exponent beyond {LARGEST_EXPONENT}")
    if np.any((np.asarray(base) == 0) & (np.asarray(exponent) < 0)):
        raise ZeroDivisionError
    if isinstance(base, Fraction) and isinstance(exponent, Fraction):
        whole = exponent.denominator == 1
        if whole and bits(base) * abs(exponent) <= EXACT_BITS:
            return base**exponent.numerator
        return float(base) ** (exponent.numerator if whole else float(exponent))
    return base**exponent


def _extreme(pairwise: Any, plain: Any) -> Callable[..., Value]:
    def operation(*operands: Any) -> Value:
        arrays = any(isinstance(operand, np.ndarray) for operand in operands)
        return functools.reduce(pairwise, operands) if arrays else plain(operands)

    return operation


OPERATIONS: dict[str, Callable[..., Value]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _quotient,
    "^": _power,
    "negative": lambda a: -a,
    "float": float,
    "min": _extreme(np.minimum, min),
    "max": _extreme(np.maximum, max),
}
