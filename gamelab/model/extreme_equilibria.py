"""Extreme equilibria of two payoff tables in fractions: the fully labelled pairs of vertices."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from gamelab.errors import GameError
from gamelab.model.game import Bools
from gamelab.model.polytope import Whole, corner, vertices

Mixture = tuple[Fraction, ...]
Pair = tuple[Mixture, Mixture]
Table = Sequence[Sequence[Fraction]]

MOST_VERTICES = 100_000
FEW_VERTICES = 5_000
"""Scenarios and default fallbacks ask again and again: less work is allowed than for one question."""
CHUNK = 2**22
"""Pairs of vertices that are held at once."""


def extreme_equilibria(A: Table, B: Table, limit: int = MOST_VERTICES) -> tuple[list[Pair], bool]:
    """Return the extreme equilibria of tables of fractions, early actions first; whether it is degenerate.

    The method and its sources are those of ``gamelab.stage_equilibria``. Labels 0 to m-1 are the first
    player's actions, m to m+n-1 the second's.

    Raises
    ------
    GameError
        Where a polytope has more vertices than the limit.
    """
    m, n = len(A), len(A[0])
    columns, rows = _replies(list(zip(*B, strict=True))), _replies(A)
    mine, theirs = vertices(columns, limit), np.roll(vertices(rows, limit), m, axis=1)
    tied = mine.sum(axis=1) > m, theirs.sum(axis=1) > n
    pairs = _labelled_fully(mine, theirs, *tied)
    x = {i: _mixture(columns, mine[i]) for i, _ in pairs}
    y = {j: _mixture(rows, np.roll(theirs[j], -m)) for _, j in pairs}
    return sorted(((x[i], y[j]) for i, j in pairs), reverse=True), any(map(np.any, tied))


def _labelled_fully(mine: Bools, theirs: Bools, mine_tied: Bools, theirs_tied: Bools) -> set[tuple[int, int]]:
    """Return the places of vertices, (V, m + n) and (W, m + n), that have every label between them."""
    place = {labels.tobytes(): j for j, labels in enumerate(theirs)}
    opposite = ((i, place.get(labels.tobytes())) for i, labels in enumerate(~mine))
    pairs = {(i, j) for i, j in opposite if j is not None}
    # two vertices without ties share no label; with ties, any two of which one has some may do
    for first, second in ((mine_tied, np.ones_like(theirs_tied)), (~mine_tied, theirs_tied)):
        i, j = np.flatnonzero(first), np.flatnonzero(second)
        missing = (~theirs[j]).T.astype(np.float32)
        step = max(1, CHUNK // max(1, len(j)))
        for k in range(0, len(i), step):
            at, other = np.nonzero((~mine[i[k : k + step]]).astype(np.float32) @ missing == 0)
            pairs |= set(zip(i[k + at].tolist(), j[other].tolist(), strict=True))
    return pairs


def whole_numbers(table: Table) -> tuple[Whole, int]:
    """Return a table of fractions as whole numbers over one denominator."""
    below = math.lcm(*(entry.denominator for row in table for entry in row))
    return [[entry.numerator * (below // entry.denominator) for entry in row] for row in table], below


def _replies(table: Table) -> Whole:
    """Return the table of a polytope whose tight rows are best replies to mixtures over columns.

    Less the least entry of each column, which changes no reply, so that none is below 0; a column of equal
    entries is 1 throughout, so that the polytope is bounded.
    """
    columns = [[entry - min(own) for entry in own] for own in zip(*whole_numbers(table)[0], strict=True)]
    return [list(row) for row in zip(*(own if any(own) else [1] * len(own) for own in columns), strict=True)]


def quick_extreme_equilibria(A: Table, B: Table) -> tuple[tuple[Pair, ...], str]:
    """Return the same within ``FEW_VERTICES``, remembered: the equilibria, or none and why there are none."""
    return _remembered(tuple(map(tuple, A)), tuple(map(tuple, B)))


@functools.lru_cache(maxsize=1_000)
def _remembered(A: tuple[Mixture, ...], B: tuple[Mixture, ...]) -> tuple[tuple[Pair, ...], str]:
    try:
        return tuple(extreme_equilibria(A, B, FEW_VERTICES)[0]), ""
    except GameError as refusal:
        return (), str(refusal)


def _mixture(whole: Whole, tight: Bools) -> Mixture:
    """Return the mixture that a vertex stands for."""
    weights, _ = corner(whole, tight)
    total = sum(weights)
    return tuple(Fraction(weight, total) for weight in weights)
