"""Estimates from totals of matches: averages per round without bias, and their standard errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gamelab.model.freezing import frozen_result
from gamelab.model.game import Floats, Ints
from gamelab.simulate.matches.columns import Columns

ENOUGH = 200
"""Matches from which on what chance gave of their number of rounds is taken out of the averages."""
ROUNDING = 1e-12
"""A variance below so much of what it was computed from is rounding."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over the matches with even numbers, and over those with odd ones.

    Parameters
    ----------
    matches : int array (2,)
    sums : array (2, m)
        Of the columns' totals.
    products : array (2, m, m)
        Of their products; the lower triangle is not used.
    """

    matches: Floats
    sums: Floats
    products: Floats

    def __add__(self, other: Moments) -> Moments:
        return Moments(self.matches + other.matches, self.sums + other.sums, self.products + other.products)

    @property
    def whole_products(self) -> Floats:
        """The products with their lower triangle, (2, m, m)."""
        upper = np.triu(self.products)
        return np.asarray(upper + np.swapaxes(np.triu(upper, 1), 1, 2))


@frozen_result
@dataclass(frozen=True, eq=False)
class Averages:
    """What the columns pay per round.

    Parameters
    ----------
    mean : array (m,)
    covariance : array (m, m)
        Of the means; nan with a single match.
    """

    mean: Floats
    covariance: Floats


def averages(moments: Moments, columns: Columns) -> Averages:
    """Return the columns' averages per round.

    A match's total over the expected number of rounds is right on average, but moves with the number of
    rounds that chance gave. What it moved by is taken out: half of the matches say what another round adds
    (a regression), and correct the other half for its rounds above or below what was to be expected. The two
    halves do not depend on each other, so that the average stays without bias. With few matches nothing is
    taken out: a regression on a handful of points would be worse than what it mends, and seem sure of it.
    """
    count, sums, products = moments.matches, moments.sums, moments.whole_products
    total = int(count.sum())
    length = columns.length
    mean = np.zeros(sums.shape[1])
    for half in range(2):
        slope = np.zeros(len(mean))
        if total >= ENOUGH:
            slope = _slopes(_centred(count[1 - half], sums[1 - half], products[1 - half]), length)
        mean += sums[half] - slope * (sums[half, length] - count[half] * columns.weight)
    mean /= total * columns.weight
    if total < 2:
        return Averages(mean, np.full((len(mean), len(mean)), np.nan))
    centred = _centred(total, sums.sum(axis=0), products.sum(axis=0))
    take = np.eye(len(mean))
    if total >= ENOUGH:
        take[np.arange(len(mean)), length] -= _slopes(centred, length)
    size = np.abs(take) @ np.sqrt(np.diag(products.sum(axis=0)))
    covariance = take @ centred @ take.T
    covariance[np.abs(covariance) <= ROUNDING * np.outer(size, size)] = 0
    return Averages(mean, covariance / (np.outer(columns.weight, columns.weight) * total * (total - 1)))


def share_on_agreement(moments: Moments, columns: Columns) -> tuple[float, float]:
    """Return the share of moves on the agreement, and its standard error; nan where no move has one.

    It is a ratio of two totals, as the exact share is a ratio of two expectations: with few matches it is a
    little off on average, by less than its standard error. That error is of the first order, too.
    """
    total, sums = int(moments.matches.sum()), moments.sums.sum(axis=0)
    moves = float(columns.agreed @ sums)
    if moves <= 0:
        return np.nan, np.nan
    share = float(columns.kept @ sums) / moves
    if total < 2:
        return share, np.nan
    take = columns.kept - share * columns.agreed
    products = moments.whole_products.sum(axis=0)
    squares = float(take @ products @ take)
    size = float(np.abs(take) @ np.sqrt(np.diag(products)))
    scatter = 0.0 if squares <= ROUNDING * size**2 else squares * total / (total - 1)
    return share, float(np.sqrt(scatter)) / moves


def _centred(count: int, sums: Floats, products: Floats) -> Floats:
    """Return the sums of products of differences from the mean, (m, m); zero where that is rounding."""
    centred = products - np.outer(sums, sums) / max(count, 1)
    size = np.sqrt(np.diag(products))
    centred[np.abs(centred) <= ROUNDING * np.outer(size, size)] = 0
    return centred


def _slopes(centred: Floats, length: Ints) -> Floats:
    """Return what another round adds to each column, (m,); zero where all matches are equally long."""
    spread = np.diag(centred)[length]
    along = centred[np.arange(len(length)), length]
    return np.divide(along, spread, out=np.zeros(len(length)), where=spread > 0)
