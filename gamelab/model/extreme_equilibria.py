"""Extreme equilibria of two payoff tables in fractions: the fully labelled pairs of vertices."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from fractions import Fraction

from gamelab.errors import GameError
from gamelab.model.polytope import vertices

Mixture = tuple[Fraction, ...]
Pair = tuple[Mixture, Mixture]
Table = Sequence[Sequence[Fraction]]

MOST_VERTICES = 5_000
FEW_VERTICES = 2_000
"""Scenarios and default fallbacks ask again and again: less work is allowed than for one question."""


def extreme_equilibria(A: Table, B: Table, limit: int = MOST_VERTICES) -> tuple[list[Pair], bool]:
    """Return the extreme equilibria of tables of fractions, early actions first; whether it is degenerate.

    The method and its sources are those of ``gamelab.stage_equilibria``. Labels 0 to m-1 are the first
    player's actions, m to m+n-1 the second's.

    Raises
    ------
    GameError
        Where there are more vertices than the limit.
    """
    m, n = len(A), len(A[0])
    rows, columns = _positive(A), _positive([list(column) for column in zip(*B, strict=True)])
    mine = vertices(columns, limit)
    theirs = [(y, tight >> n | (tight & (1 << n) - 1) << m) for y, tight in vertices(rows, limit)]
    pairs = [(x, y) for x, tight in mine for y, other in theirs if tight | other == (1 << m + n) - 1]
    degenerate = any(tight.bit_count() > m for _, tight in mine) or any(
        tight.bit_count() > n for _, tight in theirs
    )
    extreme = {(_normalised(x), _normalised(y)) for x, y in pairs}
    return sorted(extreme, reverse=True), degenerate


def quick_extreme_equilibria(A: Table, B: Table) -> tuple[tuple[Pair, ...], str]:
    """Return the same within ``FEW_VERTICES``, remembered: the equilibria, or none and why there are none."""
    return _remembered(tuple(map(tuple, A)), tuple(map(tuple, B)))


@functools.lru_cache(maxsize=1_000)
def _remembered(A: tuple[Mixture, ...], B: tuple[Mixture, ...]) -> tuple[tuple[Pair, ...], str]:
    try:
        return tuple(extreme_equilibria(A, B, FEW_VERTICES)[0]), ""
    except GameError as refusal:
        return (), str(refusal)


def _positive(table: Table) -> list[list[Fraction]]:
    low = min(min(row) for row in table)
    return [[entry - low + 1 for entry in row] for row in table]


def _normalised(weights: list[Fraction]) -> Mixture:
    total = sum(weights)
    return tuple(weight / total for weight in weights)
