"""Refinement: gains of an open-ended game from values solved to the last digits, with sharp bounds."""

from __future__ import annotations

import numpy as np

from gamelab.model.expectation import inexact, magnitude
from gamelab.model.game import Floats, Ints
from gamelab.solve.comparisons import CHUNK, Comparisons, Sizes, branches, pick, sizes_of
from gamelab.solve.continuation import (
    CLOSE_TO_ONE,
    ROUNDING,
    Continuation,
    open_ended,
    without_cancelling,
)
from gamelab.solve.joint import Chain

REFINED = 5_000_000
"""The most entries of inverses that are held at once."""


def refined(chain: Chain, values: Continuation, listed: Comparisons, tolerance: float) -> Sizes:
    """Return comparisons of an open-ended game from values that are solved to the last digits.

    1. With B the inverse of I - d M, relative values are corrected by B times their residual, twice.
    2. Each equation then holds up to e: what rounding may change in it, by the sizes of its own numbers.
    3. A gain is off by |d (T_a - T) B| e + e, where T_a and T are the chances of what follows the deviation
       and what is prescribed. The difference is taken before the size: errors that are the same wherever play
       goes on do not matter, and errors of joint states that neither branch leads to do not enter.
    """
    points, place = np.unique(listed.point, return_inverse=True)
    gain, eps, error = (np.empty(len(listed)) for _ in range(3))
    step = max(1, REFINED // chain.size**2)
    for k in range(0, len(points), step):
        part = points[k : k + step]
        at = np.flatnonzero((place >= k) & (place < k + len(part)))
        for i in np.unique(listed.player[at]):
            own = at[listed.player[at] == i]
            here = listed.part(own)
            inverse, relative, rounding = _corrected(chain, values, part, int(i))
            now = np.array(np.broadcast_to(values.relative, (chain.game.batch, *values.relative.shape[1:])))
            now[part, :, i] = relative
            sharper = open_ended(chain, values.level, now)
            sizes = sizes_of(chain, sharper, here, tolerance)
            gain[own], eps[own] = sizes.gain, sizes.eps
            error[own] = sizes.error + _errors(chain, here, place[own] - k, inverse, rounding)
    return Sizes(gain, eps, error)


def _corrected(
    chain: Chain, values: Continuation, points: Ints, player: int
) -> tuple[Floats, Floats, Floats]:
    """Return the inverse (k, X, X), relative values (k, X) and errors of their equations (k, X)."""
    every = np.arange(chain.size)
    matrix = pick(values.matrix, points[:, None], every)
    discount = pick(chain.discount(player), points[:, None], every)
    flow = pick(values.flow, points[:, None], every, player)
    relative = pick(values.relative, points[:, None], every, player)
    if (1 - chain.game.one_discount).min() < CLOSE_TO_ONE:
        inverse = without_cancelling(discount, matrix, np.eye(chain.size)[None])
    else:
        inverse = np.linalg.inv(np.eye(chain.size) - discount[:, :, None] * matrix)
    for _ in range(2):
        relative = relative + (inverse @ _residual(matrix, discount, flow, relative)[..., None])[..., 0]
    rest = np.abs(_residual(matrix, discount, flow, relative))
    # the sizes of the numbers of each equation: what is paid, unless it is one number as it was given, and
    # differences of values
    weights = pick(chain.weights, points[:, None], every)
    places = (points[:, None], chain.state, slice(None), player)
    rounded = pick(inexact(chain.game), *places) | (np.count_nonzero(weights, axis=2) > 1)[..., None]
    paid = (weights * rounded * pick(magnitude(chain.game), *places)).sum(axis=2)
    apart = np.abs(relative[:, :, None] - relative[:, None, :])
    size = paid + (1 - discount) * np.abs(relative) + discount * (matrix * apart).sum(axis=2)
    return inverse, relative, rest + ROUNDING * size


def _residual(matrix: Floats, discount: Floats, flow: Floats, relative: Floats) -> Floats:
    """Return u - (I - d M) relative, (k, X), from differences of values: rows of M sum to 1."""
    apart = relative[:, :, None] - relative[:, None, :]
    return flow - (1 - discount) * relative - discount * (matrix * apart).sum(axis=2)


def _errors(chain: Chain, listed: Comparisons, place: Ints, inverse: Floats, rounding: Floats) -> Floats:
    deviates, prescribed = branches(chain, listed)
    error = np.empty(len(listed))
    step = max(1, CHUNK // max(chain.size, chain.target[0].size))
    for k in range(0, len(listed), step):
        at = slice(k, k + step)
        x, point = listed.state[at], listed.point[at]
        weight = pick(chain.game.discount_factor, point, chain.state[x], listed.player[at])[:, None, None]
        flows = weight * pick(chain.moves.chances, point, chain.state[x])
        flows = (deviates[at] - prescribed[at])[..., None] * flows
        shift = np.zeros((len(x), chain.size))  # d (T_a - T), what the deviation changes in what follows
        np.add.at(shift, (np.arange(len(x))[:, None, None], chain.target[x]), flows)
        visits = np.abs(np.einsum("mx,mxy->my", shift, inverse[place[at]]))
        error[at] = (visits * rounding[place[at]]).sum(axis=1) + rounding[place[at], x]
    return error
