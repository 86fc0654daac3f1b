"""Polynomials of a chance in Bernstein's form: values, zeros, and the same in fractions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from gamelab.model.game import Floats
from gamelab.solve.polynomials import ONE, ZERO, Polynomial, polynomial, product

HALVINGS = 60


def value_at(controls: Floats, chance: Floats) -> Floats:
    """Return the sum of C(m, k) x^k (1-x)^(m-k) c_k: what is expected where each of m does it with chance x.

    Parameters
    ----------
    controls : array (..., m + 1)
        c_k, what comes where k of them do.
    chance : array (...)
        It broadcasts against the leading axes.

    >>> value_at(np.array([0.0, 1.0, 4.0]), np.array(0.5)).item()
    1.5
    """
    x = np.asarray(chance)[..., None]
    while controls.shape[-1] > 1:  # de Casteljau's averages: nothing cancels
        controls = (1 - x) * controls[..., :-1] + x * controls[..., 1:]
    shape = np.broadcast_shapes(controls.shape[:-1], np.shape(chance))
    return np.broadcast_to(controls[..., 0], shape)


def zeros_of(controls: Floats, flat: Floats) -> Floats:
    """Return the zeros from 0 to 1 of each polynomial, (b, m), in order and then nan.

    Parameters
    ----------
    controls : array (b, m + 1)
    flat : array (b,)
        Up to which a value counts as zero: a dip that comes so close touches zero.

    Notes
    -----
    Between two turns a polynomial has at most one zero, and turns are the zeros of its slope, whose controls
    are the differences. Of a polynomial that is zero everywhere some ends come back, and no more.
    """
    b, degree = len(controls), controls.shape[1] - 1
    if degree == 0:
        return np.full((b, 0), np.nan)
    turns = zeros_of(np.diff(controls), np.zeros(b))
    edges = np.column_stack([np.zeros(b), np.where(np.isnan(turns), 1, turns), np.ones(b)])
    values = value_at(controls[:, None], edges)
    zero = np.abs(values) <= flat[:, None]
    low, high, left = edges[:, :-1], edges[:, 1:], values[:, :-1]
    crosses = ((left < 0) != (values[:, 1:] < 0)) & ~zero[:, :-1] & ~zero[:, 1:]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        same = (value_at(controls[:, None], middle) < 0) == (left < 0)
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    zeros = np.column_stack([np.where(crosses, (low + high) / 2, np.nan), np.where(zero, edges, np.nan)])
    zeros.sort(axis=1)
    zeros[:, 1:][np.diff(zeros, axis=1) == 0] = np.nan  # the edges after the last turn are all 1
    return np.sort(zeros, axis=1)[:, :degree]


def power_form(controls: Sequence[Fraction]) -> Polynomial:
    """Return the same polynomial by powers of the chance, up to a positive factor.

    >>> power_form([Fraction(-1), Fraction(1)])
    (-1, 2)
    """
    m = len(controls) - 1
    total = [ZERO] * (m + 1)
    for k, control in enumerate(controls):
        term = [math.comb(m, k) * control]
        for j in range(m):
            term = product(term, [ZERO, ONE] if j < k else [ONE, -ONE])
        total = [a + b for a, b in zip(total, term)]
    return polynomial(total)
