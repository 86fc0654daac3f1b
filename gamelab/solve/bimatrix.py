"""All equilibria of a bimatrix game in fractions: the extreme ones, the sets that they span, certificates."""

from __future__ import annotations

import functools
import html
import itertools
import operator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.arguments import checked
from gamelab.model.extreme_equilibria import Mixture, Table, extreme_equilibria, whole_numbers
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Game
from gamelab.solve.stage_equilibria import tables_of

if TYPE_CHECKING:
    import pandas as pd

MOST_SETS = 10_000


@frozen_result
@dataclass(frozen=True)
class Proof:
    """Why a pair of mixtures is an equilibrium, from the payoffs alone.

    Parameters
    ----------
    payoffs : tuple of Fraction
        What each player gets.
    gains : tuple of Fraction
        What the best deviation of each player gains: 0 in equilibrium.
    """

    payoffs: tuple[Fraction, Fraction]
    gains: tuple[Fraction, Fraction]

    @property
    def holds(self) -> bool:
        """Whether nobody gains."""
        return all(gain == 0 for gain in self.gains)


@frozen_result
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
    notes : tuple of str
        Where a second opinion was asked for and differs: in what.
    """

    extreme: list[tuple[Mixture, Mixture]]
    maximal: list[tuple[list[Mixture], list[Mixture]]]
    components: list[list[int]]
    degenerate: bool
    certificates: list[Proof]
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the extreme equilibria as a table: mixtures and payoffs in fractions, component."""
        import pandas as pd

        of_set = {k: number for number, sets in enumerate(self.components) for k in sets}
        component = {
            pair: of_set[k] for k, (xs, ys) in enumerate(self.maximal) for pair in itertools.product(xs, ys)
        }
        rows = [
            {
                "x": f"({', '.join(map(str, x))})",
                "y": f"({', '.join(map(str, y))})",
                "payoff_1": proof.payoffs[0],
                "payoff_2": proof.payoffs[1],
                "component": component[x, y],
                "holds": proof.holds,
            }
            for (x, y), proof in zip(self.extreme, self.certificates, strict=True)
        ]
        return pd.DataFrame(rows).rename_axis("equilibrium")

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        return str(self.to_frame().to_html()) + notes

    def __repr__(self) -> str:
        kind = "degenerate" if self.degenerate else "not degenerate"
        count = f"{len(self.extreme)} extreme, {len(self.components)} components, {kind}"
        return f"<StageEquilibria: {count}>"


@checked
def stage_equilibria(A: Any, B: Any = None, *, cross_check: bool = False) -> StageEquilibria:
    """Return all extreme equilibria of a game of two players, degenerate games included, in fractions.

    Parameters
    ----------
    A, B : nested sequences, arrays or data frames, (m, n)
        Payoffs of the first and the second player, by row (the first player's action) and column. Numbers,
        Fractions or texts such as ``"1/3"``; a float stands for its shortest decimal.
    A : Game
        In place of both tables: a single game of two players with one state, such as ``read_nfg`` returns.
        All its ledger lines of one move count; floats that rounding sets apart count as equal.
    cross_check : bool
        Whether to ask nashpy too, and to say in ``notes`` where it differs. It works in floats, and may drop
        solutions by round-off; see ``gamelab.solve.second_opinion``.

    Raises
    ------
    GameError
        For tables of unequal shape, entries that are no numbers, or a game too large to enumerate; for a
        Game of more players or states, or a grid of them.

    Notes
    -----
    1. Take the least entry from each column of A and each row of B, which changes no best reply. The vertices
       of {x >= 0, B'x <= 1} and {y >= 0, Ay <= 1} carry as labels the own actions that are not played and
       the best replies of the other (von Stengel 2002). They are found in floats and proved
       (``gamelab.model.polytope``).
    2. A pair of vertices in which every action is a label is an extreme equilibrium, and there are no
       others (Mangasarian 1964).
    3. The maximal sets in which every x goes with every y are the maximal Nash subsets, and sets that
       overlap make up a component (Winkels 1979; Avis, Rosenberg, Savani and von Stengel 2010).

    Examples
    --------
    >>> equilibria = stage_equilibria([[3, 0], [0, 2]], [[2, 0], [0, 3]])
    >>> [[str(chance) for chance in mixture] for mixture in equilibria.extreme[1]]
    [['3/5', '2/5'], ['2/5', '3/5']]
    >>> import gamelab as gl
    >>> stage_equilibria(gl.normal_form(tables=[[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])).extreme[0][0]
    (Fraction(1, 2), Fraction(1, 2))
    """
    first, second = _tables(A, B)
    extreme, degenerate = extreme_equilibria(first, second)
    maximal = _maximal(extreme)
    proofs = [_proof(first, second, x, y) for x, y in extreme]
    equilibria = StageEquilibria(extreme, maximal, _components(maximal), degenerate, proofs)
    if not cross_check:
        return equilibria
    from gamelab.solve.second_opinion import second_opinion

    opinions = second_opinion(first, second, equilibria)
    return replace(equilibria, notes=tuple(str(opinion) for opinion in opinions if not opinion.agrees))


def _tables(A: Any, B: Any) -> tuple[Table, Table]:
    if isinstance(A, Game):
        if B is not None:
            raise GameError("a game holds the payoffs of both players; leave B out", "B")
        return tables_of(A)
    if B is None:
        raise GameError("is needed: the second player's payoffs, unless A is a Game", "B")
    first, second = fractions_of(A, "A"), fractions_of(B, "B")
    shapes = [(len(table), len(table[0])) for table in (first, second)]
    if shapes[0] != shapes[1]:
        raise GameError(f"A has shape {shapes[0]} and B {shapes[1]}; they must be the same", "B")
    return first, second


def fractions_of(payoffs: Any, name: str) -> list[list[Fraction]]:
    """Return a table of payoffs in fractions; ``name`` is what errors call it."""
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


def _maximal(extreme: list[tuple[Mixture, Mixture]]) -> list[tuple[list[Mixture], list[Mixture]]]:
    """Return the largest sets of mixtures in which all go with all."""
    columns = sorted({y for _, y in extreme}, reverse=True)
    bit = {y: 1 << k for k, y in enumerate(columns)}
    partners: dict[Mixture, int] = {}  # which y go with an x, as bits
    for x, y in extreme:
        partners[x] = partners.get(x, 0) | bit[y]
    closed: set[int] = set()
    for own in partners.values():
        closed |= {own} | {own & other for other in closed}
        if len(closed) > MOST_SETS:
            raise GameError(
                f"more than {MOST_SETS:,} sets of equilibria: this game is too degenerate to list them"
            )
    products = []
    for ys in closed - {0}:
        xs = [x for x, own in partners.items() if ys & ~own == 0]
        if ys == functools.reduce(operator.and_, (partners[x] for x in xs)):
            products.append((xs, [y for k, y in enumerate(columns) if ys >> k & 1]))
    return sorted(products, reverse=True)


def _components(maximal: list[tuple[list[Mixture], list[Mixture]]]) -> list[list[int]]:
    """Return which maximal sets hang together: those that share an equilibrium."""
    first: dict[tuple[Mixture, Mixture], int] = {}
    near: list[set[int]] = [set() for _ in maximal]
    for k, (xs, ys) in enumerate(maximal):
        for pair in itertools.product(xs, ys):
            other = first.setdefault(pair, k)
            near[k].add(other)
            near[other].add(k)
    left = dict.fromkeys(range(len(maximal)))
    components = []
    while left:
        frontier = [next(iter(left))]
        component = set(frontier)
        while frontier:
            new = near[frontier.pop()] - component
            component |= new
            frontier += new
        left = {k: None for k in left if k not in component}
        components.append(sorted(component))
    return components


def _proof(A: Table, B: Table, x: Mixture, y: Mixture) -> Proof:
    """Return payoffs and the best deviations' gains; sums are in whole numbers, over one denominator each."""
    ((p,), of_x), ((q,), of_y) = whole_numbers([x]), whole_numbers([y])
    (first, of_A), (second, of_B) = whole_numbers(A), whole_numbers(B)
    by_row = [sum(map(operator.mul, row, q)) for row in first]  # A y, times of_A of_y
    by_column = [sum(map(operator.mul, column, p)) for column in zip(*second, strict=True)]
    payoffs = (
        Fraction(sum(map(operator.mul, p, by_row)), of_A * of_x * of_y),
        Fraction(sum(map(operator.mul, q, by_column)), of_B * of_x * of_y),
    )
    best = Fraction(max(by_row), of_A * of_y), Fraction(max(by_column), of_B * of_x)
    return Proof(payoffs, (best[0] - payoffs[0], best[1] - payoffs[1]))
