"""All equilibria of a bimatrix game in fractions: the extreme ones, the sets that they span, certificates."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.solve.polytope import vertices

Mixture = tuple[Fraction, ...]
Table = list[list[Fraction]]

MOST_SETS = 10_000


@dataclass(frozen=True)
class Proof:
    """Why a pair of mixtures is an equilibrium, from the payoffs alone.

    Parameters
    ----------
    payoffs : tuple of Fraction
        What each player gets.
    gains : tuple of Fraction
        What the best departure of each player gains: 0 in equilibrium.
    """

    payoffs: tuple[Fraction, Fraction]
    gains: tuple[Fraction, Fraction]

    @property
    def holds(self) -> bool:
        """Whether nobody gains."""
        return all(gain == 0 for gain in self.gains)


@dataclass(frozen=True)
class StageEquilibria:
    """The equilibria of a game of two players.

    Parameters
    ----------
    extreme : list of (x, y)
        Mixtures as Fractions, early actions first. Every equilibrium is a convex combination of extreme
        ones within one maximal set.
    maximal : list of (list of x, list of y)
        The maximal sets: every x with every y is an equilibrium, and so are their convex combinations.
    components : list of lists of int
        Places in ``maximal``: sets that share an equilibrium form one connected component.
    degenerate : bool
        Whether some mixture has more best replies than it has actions.
    certificates : list of Proof
        One for each of ``extreme``.
    """

    extreme: list[tuple[Mixture, Mixture]]
    maximal: list[tuple[list[Mixture], list[Mixture]]]
    components: list[list[int]]
    degenerate: bool
    certificates: list[Proof]


def stage_equilibria(A: Any, B: Any) -> StageEquilibria:
    """Return all extreme equilibria of a game of two players, degenerate games included, in fractions.

    Parameters
    ----------
    A, B : nested sequences or arrays, (m, n)
        Payoffs of the first and the second player, by row (the first player's action) and column. Numbers,
        Fractions or texts such as ``"1/3"``; a float stands for its shortest decimal.

    Raises
    ------
    GameError
        For tables of unequal shape, entries that are no numbers, or a game too large to enumerate.

    Notes
    -----
    1. Make all payoffs positive. The vertices of {x >= 0, B'x <= 1} and {y >= 0, Ay <= 1} carry as labels
       the own actions that are not played and the best replies of the other (von Stengel 2002).
    2. A pair of vertices in which every action is a label is an extreme equilibrium, and there are no
       others (Mangasarian 1964).
    3. The maximal sets in which every x goes with every y are the maximal Nash subsets, and sets that
       overlap make up a component (Winkels 1979; Avis, Rosenberg, Savani and von Stengel 2010).

    Examples
    --------
    >>> found = stage_equilibria([[3, 0], [0, 2]], [[2, 0], [0, 3]])
    >>> [[str(chance) for chance in mixture] for mixture in found.extreme[1]]
    [['3/5', '2/5'], ['2/5', '3/5']]
    """
    first, second = _exact(A, "A"), _exact(B, "B")
    shapes = [(len(table), len(table[0])) for table in (first, second)]
    if shapes[0] != shapes[1]:
        raise GameError(f"A has shape {shapes[0]} and B {shapes[1]}; they must be the same", "B")
    extreme, degenerate = _extreme(first, second)
    maximal = _maximal(extreme)
    proofs = [_proof(first, second, x, y) for x, y in extreme]
    return StageEquilibria(extreme, maximal, _components(maximal), degenerate, proofs)


def _exact(payoffs: Any, name: str) -> Table:
    table = np.asarray(payoffs, dtype=object)
    if table.ndim != 2 or table.size == 0:
        raise GameError(f"has shape {table.shape}; a table of rows and columns is needed", name)
    return [[_fraction(entry, name) for entry in row] for row in table]


def _fraction(entry: Any, name: str) -> Fraction:
    try:
        if isinstance(entry, bool | np.bool_):
            raise TypeError
        if isinstance(entry, float | np.floating):
            return Fraction(repr(float(entry)))
        return Fraction(int(entry) if isinstance(entry, np.integer) else entry)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        raise GameError(f"{entry!r} is not a finite number", name) from None


def _extreme(A: Table, B: Table) -> tuple[list[tuple[Mixture, Mixture]], bool]:
    """Return the fully labelled pairs of vertices, early actions first, and whether the game is degenerate.

    Labels 0 to m-1 are the first player's actions, m to m+n-1 the second's.
    """
    m, n = len(A), len(A[0])
    rows, columns = _positive(A), _positive([list(column) for column in zip(*B, strict=True)])
    mine = vertices(columns)
    theirs = [(y, tight >> n | (tight & (1 << n) - 1) << m) for y, tight in vertices(rows)]
    pairs = [(x, y) for x, tight in mine for y, other in theirs if tight | other == (1 << m + n) - 1]
    degenerate = any(tight.bit_count() > m for _, tight in mine) or any(
        tight.bit_count() > n for _, tight in theirs
    )
    extreme = {(_normalised(x), _normalised(y)) for x, y in pairs}
    return sorted(extreme, reverse=True), degenerate


def _positive(table: Table) -> Table:
    low = min(min(row) for row in table)
    return [[entry - low + 1 for entry in row] for row in table]


def _normalised(weights: list[Fraction]) -> Mixture:
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def _maximal(extreme: list[tuple[Mixture, Mixture]]) -> list[tuple[list[Mixture], list[Mixture]]]:
    """Return the largest sets of mixtures in which all go with all."""
    partners: dict[Mixture, frozenset[Mixture]] = {}
    for x, group in itertools.groupby(extreme, key=lambda pair: pair[0]):
        partners[x] = frozenset(y for _, y in group)
    closed: set[frozenset[Mixture]] = set()
    for own in partners.values():
        closed |= {own} | {own & other for other in closed}
        if len(closed) > MOST_SETS:
            raise GameError(
                f"more than {MOST_SETS:,} sets of equilibria: this game is too degenerate to list them"
            )
    found = []
    for ys in closed - {frozenset()}:
        xs = [x for x, own in partners.items() if ys <= own]
        if ys == frozenset.intersection(*(partners[x] for x in xs)):
            found.append((sorted(xs, reverse=True), sorted(ys, reverse=True)))
    return sorted(found, reverse=True)


def _components(maximal: list[tuple[list[Mixture], list[Mixture]]]) -> list[list[int]]:
    """Return which maximal sets hang together: those that share an equilibrium."""
    left = list(range(len(maximal)))
    components = []
    while left:
        component, frontier = [], [left.pop(0)]
        while frontier:
            k = frontier.pop()
            component.append(k)
            near = [j for j in left if all(map(_meet, maximal[k], maximal[j]))]
            left = [j for j in left if j not in near]
            frontier += near
        components.append(sorted(component))
    return components


def _meet(first: Iterable[Mixture], second: Iterable[Mixture]) -> bool:
    return not set(first).isdisjoint(second)


def _proof(A: Table, B: Table, x: Mixture, y: Mixture) -> Proof:
    by_row = [sum((a * q for a, q in zip(row, y, strict=True)), Fraction(0)) for row in A]
    by_column = [
        sum((b * p for b, p in zip(column, x, strict=True)), Fraction(0)) for column in zip(*B, strict=True)
    ]
    first = sum((p * u for p, u in zip(x, by_row, strict=True)), Fraction(0))
    second = sum((q * u for q, u in zip(y, by_column, strict=True)), Fraction(0))
    return Proof((first, second), (max(by_row) - first, max(by_column) - second))
