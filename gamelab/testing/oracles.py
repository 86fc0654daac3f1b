"""Oracles: equilibria of small games in fractions, by trying every pair of supports."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gamelab.errors import GameError
from gamelab.testing.bimatrix import Bimatrix

Mixture = tuple[Fraction, ...]
Pair = tuple[Mixture, Mixture]
Rows = list[list[Fraction]]

LARGEST = 5
"""The most actions of each player: beyond it trying all supports takes seconds."""


@dataclass(frozen=True)
class Exact:
    """What the oracle found.

    Parameters
    ----------
    extreme : tuple of (x, y)
        Every extreme equilibrium: each equilibrium is an average of these, within one component.
    components : tuple of int
        For each of ``extreme`` the number of its connected component.
    degenerate : bool
        Whether some mixture has more best replies than actions that it plays.
    minmax : (Fraction, Fraction)
        The least that the other can hold each player down to: a value of a zero-sum game.
    """

    extreme: tuple[Pair, ...]
    components: tuple[int, ...]
    degenerate: bool
    minmax: tuple[Fraction, Fraction]


@functools.lru_cache(maxsize=4096)
def exact_equilibria(game: Bimatrix) -> Exact:
    """Return all extreme equilibria of a small game, their components, and whether it is degenerate.

    Shares no code and no method with ``gamelab.stage_equilibria``: that one walks the edges of two
    polytopes from vertex to vertex, this one solves a linear system for every pair of supports of equal
    size. A mixture is a candidate where it is the only one with its support that makes some actions of the
    other, as many as it has itself, the best replies (the vertices of the best-reply polyhedra; von Stengel
    2002). Pairs of candidates that are best replies to each other are the extreme equilibria.

    Parameters
    ----------
    game : Bimatrix
        With at most 5 actions of each player.

    Raises
    ------
    GameError
        For a larger game.

    Examples
    --------
    >>> exact_equilibria(Bimatrix([[3, 0], [0, 2]], [[2, 0], [0, 3]])).components
    (0, 1, 2)
    """
    if max(game.shape) > LARGEST:
        raise GameError(
            f"{game.shape} actions; trying every support is for at most {LARGEST} of each", "game"
        )
    A, B = game.exact()
    mine, theirs = candidates(transposed(B)), candidates(A)
    extreme = []
    for x, y in itertools.product(mine, theirs):
        if played(x) <= theirs[y] and played(y) <= mine[x]:
            extreme.append((x, y))
    extreme.sort(reverse=True)
    degenerate = any(len(best) > len(played(z)) for side in (mine, theirs) for z, best in side.items())
    levels = least(A, theirs), least(transposed(B), mine)
    return Exact(tuple(extreme), connected(extreme), degenerate, levels)


def transposed(rows: Rows) -> Rows:
    """Return rows as columns."""
    return [list(column) for column in zip(*rows, strict=True)]


def played(mixture: Sequence[Fraction]) -> frozenset[int]:
    """Return the actions of positive probability."""
    return frozenset(k for k, p in enumerate(mixture) if p > 0)


def candidates(rows: Rows) -> dict[Mixture, frozenset[int]]:
    """Return the vertices of {(x, v): x a mixture over columns, every row pays at most v}, with best rows.

    ``rows[k][i]`` is what the other player's action k pays when this player does i.
    """
    size, supports = len(rows[0]), {}
    for count in range(1, min(size, len(rows)) + 1):
        for own in itertools.combinations(range(size), count):
            for tight in itertools.combinations(rows, count):
                weights = indifferent([[row[i] for i in own] for row in tight])
                if weights is None:
                    continue
                x = tuple(dict(zip(own, weights, strict=True)).get(i, Fraction(0)) for i in range(size))
                if x not in supports:
                    best = best_rows(rows, x)
                    if rows.index(tight[0]) in best:
                        supports[x] = best
    return supports


def best_rows(rows: Rows, x: Sequence[Fraction]) -> frozenset[int]:
    """Return the rows that pay most against a mixture."""
    paid = [sum((a * p for a, p in zip(row, x, strict=True) if p), Fraction(0)) for row in rows]
    return frozenset(k for k, u in enumerate(paid) if u == max(paid))


def indifferent(square: Rows) -> list[Fraction] | None:
    """Return the only positive mixture that makes all rows pay the same; None where there is none or many."""
    count = len(square)
    zero, one = Fraction(0), Fraction(1)
    work = [[*row, -one, zero] for row in square] + [[one] * count + [zero, one]]  # unknown: weights, payoff
    for k in range(count + 1):
        pivot = next((r for r in range(k, count + 1) if work[r][k] != 0), None)
        if pivot is None:
            return None
        work[k], work[pivot] = work[pivot], work[k]
        lead = work[k][k]
        work[k] = [entry / lead for entry in work[k]]
        for r in range(count + 1):
            if r != k and work[r][k] != 0:
                factor = work[r][k]
                work[r] = [a - factor * b for a, b in zip(work[r], work[k], strict=True)]
    weights = [row[-1] for row in work[:count]]
    return weights if min(weights) > 0 else None


def connected(extreme: Sequence[Pair]) -> tuple[int, ...]:
    """Return the number of each equilibrium's component: those that share a mixture hang together."""
    number: dict[tuple[int, Mixture], int] = {}
    components = list(range(len(extreme)))
    for k, pair in enumerate(extreme):
        for side in enumerate(pair):
            old = number.setdefault(side, components[k])
            new = components[k]
            if old != new:
                components = [old if c == new else c for c in components]
                number = {z: old if c == new else c for z, c in number.items()}
    order = {c: k for k, c in enumerate(dict.fromkeys(components))}
    return tuple(order[c] for c in components)


def gains(game: Bimatrix, x: Sequence[Fraction], y: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Return what each player's best deviation gains."""
    A, B = game.exact()
    pay = [sum((a * q for a, q in zip(row, y, strict=True)), Fraction(0)) for row in A]
    other = [sum((b * p for b, p in zip(column, x, strict=True)), Fraction(0)) for column in transposed(B)]
    first = sum((p * u for p, u in zip(x, pay, strict=True)), Fraction(0))
    second = sum((q * u for q, u in zip(y, other, strict=True)), Fraction(0))
    return max(pay) - first, max(other) - second


def least(rows: Rows, supports: dict[Mixture, frozenset[int]]) -> Fraction:
    """Return the least that the best row pays over the vertices that ``candidates`` found: the minmax."""
    worst = []
    for mixture, best in supports.items():
        row = rows[next(iter(best))]
        worst.append(sum((a * p for a, p in zip(row, mixture, strict=True)), Fraction(0)))
    return min(worst)
