"""Mixed equilibria of payoff tables of any number of players: one each, by supports and Newton's method."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gamelab.model.game import Bools, Floats

Support = tuple[tuple[int, ...], ...]
"""The actions that each player mixes."""

MOST_SUPPORTS, MOST_WORK = 1_000, 1_000_000
"""Supports that are tried, small ones first; and that number times the payoffs of a game. Random games of
three or four players need a handful."""
LARGEST_DENOMINATOR = 1_000_000
"""Of the chances that are tried where payoffs are fractions."""
STARTS, STEPS = 4, 25
MOST_GAIN = 1e-14
"""What a deviation from the equilibrium may gain, in spreads of the own payoffs: rounding, and no more."""
CLOSE = 1e-15
CHUNK = 1_000


def mixed_equilibria(payoffs: Floats, sizes: tuple[int, ...]) -> Floats:
    """Return one equilibrium of each game in mixtures, (b, n, A); all 0 where none was computed.

    Parameters
    ----------
    payoffs : array (b, P, n)
        Of every profile, row-major, player 0 slowest. For fractions the answer is one of fractions with
        which nobody gains anything, or none: most equilibria of more than two players are irrational.
    sizes : tuple of int
        Number of actions of each player.

    Notes
    -----
    1. Take the supports with few actions first, and of equal ones those with early actions (Porter, Nudelman
       and Shoham 2008); leave out supports with an action that is strictly dominated on the others'.
    2. On a support all actions of a player must pay the same. Solve these polynomials by Newton's method
       from a few starts, with Levenberg's and Marquardt's term, which vanishes at a solution and keeps steps
       short where solutions are a continuum.
    3. Keep the solution only where it has no negative chance and the largest gain of anybody from any
       deviation is rounding: this certifies it, however it was computed.

    What is the first of several depends on no other game of the batch.

    References
    ----------
    Porter, Nudelman and Shoham (2008), Games and Economic Behavior 63.

    Examples
    --------
    >>> import numpy as np
    >>> pennies = np.array([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    >>> mixed_equilibria(pennies.reshape(1, 4, 2), (2, 2)).tolist()
    [[[0.5, 0.5], [0.5, 0.5]]]
    """
    if payoffs.dtype == object:
        return np.stack([_in_fractions(table, sizes) for table in payoffs])
    b, n = len(payoffs), len(sizes)
    payoffs = within_reach(payoffs)
    low, spread = payoffs.min(axis=1, keepdims=True), np.ptp(payoffs, axis=1)[:, None]
    tables = ((payoffs - low) / np.where(spread > 0, spread, 1)).reshape((b, *sizes, n))
    solutions = np.zeros((b, n, max(sizes)))
    tries = min(MOST_SUPPORTS, MOST_WORK // payoffs[0].size)
    for start in range(0, b, CHUNK):
        left = np.arange(start, min(start + CHUNK, b))
        for support in itertools.islice(_supports(sizes), tries):
            here = left[_undominated(tables[left], support)]
            if len(here):
                mixtures = _on_support(tables[here], support)
                solved = mixtures.any(axis=(1, 2))
                solutions[here[solved]] = mixtures[solved]
                left = np.setdiff1d(left, here[solved])
            if not len(left):
                break
    return solutions


def within_reach(payoffs: Floats) -> Floats:
    """Return floats scaled game by game by a power of two, so that no difference is too large or too small.

    Fractions stay as they are.
    """
    if payoffs.dtype == object:
        return payoffs
    _, exponent = np.frexp(np.abs(payoffs).max(axis=(1, 2), keepdims=True))
    return np.asarray(np.ldexp(payoffs, -exponent - 2))


def _in_fractions(payoffs: NDArray[Any], sizes: tuple[int, ...]) -> NDArray[Any]:
    """Return the equilibrium of a game of fractions, (n, A), 0 where its chances are not simple ones."""
    low, spread = payoffs.min(axis=0), payoffs.max(axis=0) - payoffs.min(axis=0)
    (rounded,) = mixed_equilibria(
        ((payoffs - low) / np.where(spread > 0, spread, 1))[None].astype(float), sizes
    )
    simple = [Fraction(chance).limit_denominator(LARGEST_DENOMINATOR) for chance in rounded.ravel().tolist()]
    mixed = np.array(simple, dtype=object).reshape(rounded.shape)
    own = [mixed[None, None, i, :size] for i, size in enumerate(sizes)]
    sums = (mixed.sum(axis=1) == 1).all()
    return mixed if sums and largest_gains(payoffs.reshape((1, *sizes, -1)), own).item() == 0 else mixed * 0


def largest_gains(tables: Floats, mixtures: Sequence[Floats]) -> Floats:
    """Return the most that anybody gains by a deviation, (z, t), from tables (z, A1, ..., An, n)."""
    gains = []
    for i, own in enumerate(mixtures):
        payoffs = _contracted(tables[..., i], mixtures, {i})
        gains.append(payoffs.max(axis=-1) - (payoffs * own).sum(axis=-1))
    return np.max(gains, axis=0)


def _supports(sizes: tuple[int, ...]) -> Iterator[Support]:
    """Yield the supports on which equilibria are isolated in general, those with few actions first.

    Nobody mixes more actions than the others' mixtures have degrees of freedom for: k_i - 1 is at most the
    sum of the others' k_j - 1 (McKelvey and McLennan 1997).
    """
    for free in range(1, sum(sizes) - len(sizes) + 1):
        for counts in _counts(free, sizes):
            if 2 * (max(counts) - 1) <= free:
                own = [itertools.combinations(range(size), count) for size, count in zip(sizes, counts)]
                yield from itertools.product(*own)


def _counts(free: int, sizes: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield how many actions each player may mix, ``free`` more than one each."""
    if not sizes:
        if free == 0:
            yield ()
        return
    for more in range(min(free, sizes[0] - 1) + 1):
        for rest in _counts(free - more, sizes[1:]):
            yield (1 + more, *rest)


def _undominated(tables: Floats, support: Support) -> Bools:
    """Return the games, (z,), in which no action of the support is strictly dominated on the others'."""
    fine = np.ones(len(tables), dtype=bool)
    for i, own in enumerate(support):
        rows = [range(tables.shape[1 + i]) if j == i else part for j, part in enumerate(support)]
        against = np.moveaxis(tables[np.ix_(range(len(tables)), *rows)][..., i], 1 + i, 1)
        flat = against.reshape(len(tables), len(rows[i]), -1)
        beaten = np.asarray((flat[:, :, None] > flat[:, None, list(own)]).all(axis=-1))
        fine &= np.logical_not(beaten.any(axis=(1, 2)))
    return fine


def _on_support(tables: Floats, support: Support) -> Floats:
    """Return an equilibrium of each game on one support, (z, n, A); all 0 where none was found."""
    z, n = len(tables), len(support)
    inside = tables[np.ix_(range(z), *support)]
    generator = np.random.default_rng(0)  # the same starts for every game: the first in the middle
    starts = []
    for own in support:
        drawn = generator.dirichlet(np.ones(len(own)), size=STARTS)
        drawn[0] = 1 / len(own)
        starts.append(np.tile(drawn, (z, 1, 1)))
    solved = _newton(inside, starts)
    sizes = tables.shape[1:-1]
    wide = []
    sound = np.ones((z, STARTS), dtype=bool)
    for own, part, size in zip(support, solved, sizes):
        sound &= (part >= -MOST_GAIN).all(axis=-1)
        chances = np.where(sound[..., None], np.maximum(part, 0), 1)
        full = np.zeros((z, STARTS, size))
        full[..., list(own)] = chances / chances.sum(axis=-1, keepdims=True)
        wide.append(full)
    gains = np.where(sound, largest_gains(tables, wide), np.inf)
    best = (np.arange(z), gains.argmin(axis=1))
    mixtures = np.zeros((z, n, max(sizes)))
    for i, full in enumerate(wide):
        mixtures[:, i, : sizes[i]] = np.where((gains[best] <= MOST_GAIN)[:, None], full[best], 0)
    return mixtures


def _newton(tables: Floats, mixtures: Sequence[Floats]) -> list[Floats]:
    """Return mixtures (z, t, k_i) at which all actions of a player pay the same; others are as they come."""
    ends = list(itertools.accumulate(part.shape[-1] for part in mixtures))
    own = [slice(end - part.shape[-1], end) for end, part in zip(ends, mixtures)]
    payoffs = [_contracted(tables[..., i], mixtures, {i}).mean(axis=-1) for i in range(len(own))]
    x = np.concatenate([*mixtures, np.stack(payoffs, axis=-1)], axis=-1)  # chances, then each one's payoff
    moving = np.ones(x.shape[:2], dtype=bool)
    diagonal = np.arange(x.shape[-1])
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(STEPS):
            miss, slope = _system(tables, x, own)
            across = np.swapaxes(slope, -1, -2)
            normal = across @ slope
            normal[..., diagonal, diagonal] += np.minimum((miss**2).sum(axis=-1), 1)[..., None] + CLOSE
            step = np.linalg.solve(normal, across @ miss[..., None])[..., 0]
            step /= np.maximum(np.abs(step).max(axis=-1, keepdims=True), 1)
            x = np.where(moving[..., None], x - step, x)
            moving &= np.abs(step).max(axis=-1) > CLOSE
            if not moving.any():
                break
    return [x[..., part] for part in own]


def _system(tables: Floats, x: Floats, own: list[slice]) -> tuple[Floats, Floats]:
    """Return how far x is from solving a support's polynomials, (z, t, M), and their slopes, (z, t, M, M)."""
    n, last = len(own), own[-1].stop
    mixtures = [x[..., part] for part in own]
    miss, slope = np.zeros(x.shape), np.zeros((*x.shape, x.shape[-1]))
    for i, rows in enumerate(own):
        for j in range(n):
            if j != i:
                # d worth_i(a) / d x_j(c): the table of i, averaged over all others
                both = _contracted(tables[..., i], mixtures, {i, j})
                slope[..., rows, own[j]] = both if i < j else np.swapaxes(both, -1, -2)
        other = own[1 if i == 0 else 0]
        payoffs = np.einsum("ztac,ztc->zta", slope[..., rows, other], x[..., other])
        miss[..., rows] = payoffs - x[..., last + i, None]
        slope[..., rows, last + i] = -1
        miss[..., last + i] = x[..., rows].sum(axis=-1) - 1
        slope[..., last + i, rows] = 1
    return miss, slope


def _contracted(table: Floats, mixtures: Sequence[Floats], kept: set[int]) -> Floats:
    """Return a player's table (z, A1, ..., An) averaged over all but the kept players, (z, t, ...)."""
    result = np.broadcast_to(table[:, None], (len(table), mixtures[0].shape[1], *table.shape[1:]))
    for j in reversed(range(len(mixtures))):
        if j not in kept:
            moved = np.moveaxis(result, 2 + j, -1)
            inner = moved.shape[2:-1]
            product = moved.reshape(*moved.shape[:2], -1, moved.shape[-1]) @ mixtures[j][..., None]
            result = product.reshape(*moved.shape[:2], *inner)
    return result
