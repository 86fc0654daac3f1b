"""Brackets: where functions of one number change their sign or are lowest, refined many at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gamelab.model.game import Floats, Ints

FAN = np.concatenate([[0.0], 10.0 ** -np.array([1.5, 3, 4.5, 6, 8, 10, 12, 14])])
"""Distances from the secant's estimate, in widths of the bracket: some of them are just wide enough."""
ROUNDS = 40
SECTIONS = 16


def narrowed(
    function: Callable[[Floats, Ints], Floats], low: tuple[Floats, Floats], high: tuple[Floats, Floats]
) -> Floats:
    """Return where functions change their sign between ``low`` and ``high``, to the last bit or so.

    Each round asks for a fan of points around the estimate of the secant, and for a few even ones, of all
    brackets at once: three or four rounds do where a function is smooth, and every round halves at least.

    Parameters
    ----------
    function : callable
        From values (k,) and the number of a bracket for each (k,) to the functions there, (k,).
    low, high : pair of arrays (m,)
        The ends of the brackets, and the functions there.

    Returns
    -------
    array (m,)
        The innermost point found on the side where the function is at most 0.
    """
    first, left, last, right = (part.copy() for part in (*low, *high))
    for _ in range(ROUNDS):
        wide = np.flatnonzero(last - first > 2 * np.spacing(np.maximum(np.abs(first), np.abs(last))))
        if len(wide) == 0:
            break
        a, b, fa, fb = first[wide, None], last[wide, None], left[wide, None], right[wide, None]
        with np.errstate(all="ignore"):
            secant = a - fa * (b - a) / (fb - fa)
        secant = np.where(np.isfinite(secant), secant, (a + b) / 2)
        even = a + (b - a) * np.array([0.25, 0.5, 0.75])
        inside = np.sort(np.hstack([secant + (b - a) * FAN, secant - (b - a) * FAN, even]), axis=1)
        inside = np.clip(inside, a, b)
        there = function(inside.ravel(), np.repeat(wide, inside.shape[1])).reshape(inside.shape)
        points, values = np.hstack([a, inside, b]), np.hstack([fa, there, fb])
        k = ((values[:, :-1] <= 0) != (values[:, 1:] <= 0)).argmax(axis=1)
        row = np.arange(len(wide))
        first[wide], last[wide] = points[row, k], points[row, k + 1]
        left[wide], right[wide] = values[row, k], values[row, k + 1]
    return np.where(left <= 0, first, last)


def bisected(holds: Callable[[Floats], Any], low: Floats, high: Floats) -> Floats:
    """Return where a condition changes between ``low`` and ``high``, (m,), to the last bit or so."""
    if len(low) == 0:
        return low
    left, row = holds(low), np.arange(len(low))
    steps = np.linspace(0, 1, SECTIONS + 1)[1:-1]
    for _ in range(15):  # a question costs more than its points: each narrows sixteenfold
        inner = low[:, None] + (high - low)[:, None] * steps
        same = holds(inner.ravel()).reshape(inner.shape) == left[:, None]
        points = np.hstack([low[:, None], inner, high[:, None]])
        k = np.hstack([same, np.zeros_like(same[:, :1])]).argmin(axis=1)
        low, high = points[row, k], points[row, k + 1]
    return np.where(left, low, high)


def lowest(function: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Return the minimiser between ``low`` and ``high``, (m,), of functions with one dip there."""
    steps = np.linspace(0, 1, SECTIONS + 1)
    row = np.arange(len(low))
    for _ in range(0 if len(low) == 0 else 18):
        points = low[:, None] + (high - low)[:, None] * steps
        k = function(points.ravel()).reshape(points.shape).argmin(axis=1)
        low, high = points[row, np.maximum(k - 1, 0)], points[row, np.minimum(k + 1, SECTIONS)]
    return (low + high) / 2
