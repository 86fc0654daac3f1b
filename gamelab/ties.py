"""Ties: up to which difference two payoffs are equal, judged by their own sizes."""

from __future__ import annotations

from typing import Any

import numpy as np

TOLERANCE = 1e-9
"""Up to this times the sizes of the numbers that are compared a difference counts as none."""
SHIFTED = 16
"""Payoffs that are so many times larger than their differences have a constant in common."""
WRITTEN = 4 * np.finfo(float).eps
"""Up to this times a number writing it as a float may change it."""


def middle(payoffs: Any) -> tuple[Any, Any]:
    """Return the middle one of payoffs (b, m, c), and of the distances from it but 0, each (b, c)."""
    middles = np.sort(payoffs, axis=1)[:, (payoffs.shape[1] - 1) // 2]
    apart = np.sort(np.abs(payoffs - middles[:, None]), axis=1)
    alike = np.count_nonzero(apart == 0, axis=1)
    place = np.minimum((alike + apart.shape[1]) // 2, apart.shape[1] - 1)
    return middles, np.take_along_axis(apart, place[:, None], axis=1)[:, 0]


def shared_constant(payoffs: Any) -> Any:
    """Return the constant that payoffs (b, m, c) have in common, (b, c); 0 where they have none.

    That is the middle one of them where it is many times larger than the usual distance from it: a shift of
    all payoffs is one, and a few payoffs far from the others do not make one.
    """
    middles, distance = middle(payoffs)
    return np.where(np.abs(middles) > SHIFTED * distance, middles, 0.0)


def slack(payoffs: Any) -> Any:
    """Return up to the sum of which two payoffs of a table are a tie, in the shape of the table.

    Examples
    --------
    A payoff far from the others does not make them equal.

    >>> table = np.array([3.0, 3.1, -1e9])
    >>> bool(table[1] - table[0] > slack(table)[0] + slack(table)[1])
    True
    """
    numbers = np.asarray(payoffs, dtype=float)
    if not numbers.size:
        return numbers
    constant = shared_constant(numbers.reshape(1, -1, 1))[0, 0]
    return TOLERANCE * np.abs(numbers - constant) + WRITTEN * np.abs(constant)


def same(payoffs: Any, others: Any) -> bool:
    """Tell whether two tables of floats are equal up to rounding."""
    one, other = np.asarray(payoffs, dtype=float), np.asarray(others, dtype=float)
    return bool((np.abs(one - other) <= slack(one) + slack(other)).all())
