"""Draws of games of two players by class: dilemmas, coordination, zero-sum, generic, degenerate ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from gamelab.testing.bimatrix import Bimatrix, Number, Table
from gamelab.testing.draws.drawing import Draw, noted, st
from gamelab.testing.draws.payoffs import binary_fractions, integers
from gamelab.testing.oracles import Pair, exact_equilibria


@dataclass(frozen=True, repr=False)
class KnownBimatrix(Bimatrix):
    """A game whose equilibria are known from how it was made.

    Parameters
    ----------
    extreme : tuple of (x, y)
        Every extreme equilibrium.
    components : tuple of int
        The connected component of each.
    """

    extreme: tuple[Pair, ...] = field(default=(), compare=False)
    components: tuple[int, ...] = field(default=(), compare=False)


def _tables(sizes: tuple[int, int], entries: Draw[Any]) -> Draw[Table]:
    row = st.lists(entries, min_size=sizes[1], max_size=sizes[1]).map(tuple)
    return st.lists(row, min_size=sizes[0], max_size=sizes[0]).map(tuple)


def _sizes(largest: int, least: int = 1) -> Draw[tuple[int, int]]:
    return st.tuples(st.integers(least, largest), st.integers(least, largest))


def tables(largest: int = 4, entries: Draw[Any] | None = None) -> Draw[Bimatrix]:
    """Draw any game of two players, ties and all.

    Parameters
    ----------
    largest : int
        The most actions of each player.
    entries : draws of numbers, optional
        Payoffs; without it whole numbers from -9 to 9, or from -2 to 2, where ties are frequent.
    """

    def pair(drawn: tuple[tuple[int, int], Draw[Any]]) -> Draw[Bimatrix]:
        return st.builds(Bimatrix, _tables(*drawn), _tables(*drawn))

    kinds = st.sampled_from([integers(), integers(-2, 2)]) if entries is None else st.just(entries)
    return noted(st.tuples(_sizes(largest), kinds).flatmap(pair))


def _ranked(count: int, entries: Draw[Any] | None = None) -> Draw[list[Number]]:
    """Draw that many different numbers, highest first."""
    drawn = integers() if entries is None else entries
    return st.lists(drawn, min_size=count, max_size=count, unique=True).map(
        lambda numbers: sorted(numbers, reverse=True)
    )


def _two_by_two(ranked: list[Number], order: str) -> Bimatrix:
    """Return a symmetric game; ``order`` names the ranks (0 the best) of (1,1), (1,2), (2,1), (2,2)."""
    a, b, c, d = (ranked[int(place)] for place in order)
    return Bimatrix(((a, b), (c, d)), ((a, c), (b, d)))


def prisoners_dilemmas(entries: Draw[Any] | None = None) -> Draw[Bimatrix]:
    """Draw prisoner's dilemmas: temptation > reward > punishment > sucker; cooperation first."""
    return noted(_ranked(4, entries).map(lambda numbers: _two_by_two(numbers, "1302")))


def chickens(entries: Draw[Any] | None = None) -> Draw[Bimatrix]:
    """Draw games of chicken: each prefers to dare alone, and most of all not to crash; swerving first."""
    return noted(_ranked(4, entries).map(lambda numbers: _two_by_two(numbers, "1203")))


def battles(entries: Draw[Any] | None = None) -> Draw[Bimatrix]:
    """Draw battles: high > low > disagreement."""

    def game(numbers: list[Number]) -> Bimatrix:
        a, b, c = numbers
        return Bimatrix(((a, c), (c, b)), ((b, c), (c, a)))

    return noted(_ranked(3, entries).map(game))


def time_inconsistencies() -> Draw[Bimatrix]:
    """Draw time inconsistencies in normal form: participate or decline, honour or renege."""

    def game(numbers: tuple[int, int, int]) -> Bimatrix:
        cost, more, most = numbers
        payment, value = cost + more, cost + more + most
        return Bimatrix(((payment - cost, -cost), (0, 0)), ((value - payment, value), (0, 0)))

    return noted(st.tuples(integers(1, 5), integers(0, 5), integers(0, 5)).map(game))


def coordinations(largest: int = 4) -> Draw[Bimatrix]:
    """Draw coordination games: both gain something by doing the same, and nothing otherwise.

    Every set of actions is the support of one equilibrium: 2^k - 1 of them.
    """

    def game(diagonals: list[tuple[int, int]]) -> Bimatrix:
        places = range(len(diagonals))
        A, B = (
            tuple(tuple(diagonals[i][player] if i == j else 0 for j in places) for i in places)
            for player in (0, 1)
        )
        return Bimatrix(A, B)

    return noted(st.lists(st.tuples(integers(1, 9), integers(1, 9)), min_size=1, max_size=largest).map(game))


def chases(largest: int = 4) -> Draw[Bimatrix]:
    """Draw chases: the first gains by doing the same as the second, who gains by being one action ahead.

    None has an equilibrium in pure actions.
    """

    def game(gains: list[tuple[int, int]]) -> Bimatrix:
        size = len(gains)
        A = tuple(tuple(gains[i][0] if i == j else 0 for j in range(size)) for i in range(size))
        B = tuple(tuple(gains[i][1] if j == (i + 1) % size else 0 for j in range(size)) for i in range(size))
        return Bimatrix(A, B)

    return noted(st.lists(st.tuples(integers(1, 9), integers(1, 9)), min_size=2, max_size=largest).map(game))


def zero_sum_games(largest: int = 4, entries: Draw[Any] | None = None) -> Draw[Bimatrix]:
    """Draw games in which one wins what the other loses."""
    drawn = integers() if entries is None else entries

    def game(A: Table) -> Bimatrix:
        return Bimatrix(A, tuple(tuple(-a for a in row) for row in A))

    return noted(_sizes(largest).flatmap(lambda sizes: _tables(sizes, drawn)).map(game))


def symmetric_games(largest: int = 4, entries: Draw[Any] | None = None) -> Draw[Bimatrix]:
    """Draw games that look the same to both players."""
    drawn = integers() if entries is None else entries
    sizes = st.integers(1, largest).map(lambda size: (size, size))
    tables = sizes.flatmap(lambda size: _tables(size, drawn))
    return noted(tables.map(lambda A: Bimatrix(A, tuple(zip(*A, strict=True)))))


def generic_games(largest: int = 4) -> Draw[Bimatrix]:
    """Draw games that are not degenerate, as the oracle tells: finitely many equilibria, an odd number."""
    entries = st.one_of(integers(), binary_fractions())
    return tables(largest, entries).filter(lambda game: not exact_equilibria(game).degenerate)


def degenerate_games(largest: int = 4) -> Draw[KnownBimatrix]:
    """Draw games with a continuum of equilibria that is known from how they are made."""
    return noted(st.one_of(entry_games(), twin_games(largest)))


@st.composite
def twin_games(draw: Any, largest: int = 4) -> KnownBimatrix:
    """Draw a game in which some rows are twins that dominate all others, and so are some columns.

    Every mixture of those rows with every mixture of those columns is an equilibrium, and nothing else is:
    one component, as large as a whole face.
    """
    m, n = draw(_sizes(largest).filter(lambda sizes: sizes != (1, 1)))
    kept = [draw(st.sets(st.integers(0, size - 1), min_size=1)) for size in (m, n)]
    if len(kept[0]) == len(kept[1]) == 1:
        side, size = (0, m) if m > 1 else (1, n)
        kept[side] = {0, size - 1}
    tables = []
    for own, size, other in zip(kept, (m, n), (n, m), strict=True):
        best = draw(st.lists(integers(-4, 4), min_size=other, max_size=other))
        less = [0 if k in own else draw(integers(1, 5)) for k in range(size)]
        tables.append([[entry - loss for entry in best] for loss in less])
    corners = tuple((_pure(i, m), _pure(j, n)) for i in sorted(kept[0]) for j in sorted(kept[1]))
    columns = tuple(zip(*tables[1], strict=True))
    return KnownBimatrix(tables[0], columns, corners, (0,) * len(corners))  # type: ignore[arg-type]


@st.composite
def entry_games(draw: Any) -> KnownBimatrix:
    """Draw an entry game: stay out, or enter and be fought or accommodated.

    Entering and accommodating is one equilibrium; staying out, with any chance of a fight that deters, is
    a whole interval of them: two components.
    """
    loss, win = draw(integers(1, 6)), draw(integers(1, 6))
    quiet, fight, more = draw(integers(-3, 3)), draw(integers(-5, 2)), draw(integers(1, 4))
    deters = Fraction(win, loss + win)
    out, enter = _pure(0, 2), _pure(1, 2)
    return KnownBimatrix(
        ((0, 0), (-loss, win)),
        ((quiet, quiet), (fight, fight + more)),
        ((out, _pure(0, 2)), (out, (deters, 1 - deters)), (enter, _pure(1, 2))),
        (0, 0, 1),
    )


def _pure(k: int, size: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(int(i == k)) for i in range(size))


def assorted_games(largest: int = 4) -> Draw[Bimatrix]:
    """Draw a game of any class, with payoffs that floats hold exactly: what ``check_solver`` draws."""
    return st.one_of(
        tables(largest),
        tables(largest, binary_fractions()),
        degenerate_games(largest),
        coordinations(largest),
        chases(largest),
        zero_sum_games(largest),
        symmetric_games(largest),
        generic_games(largest),
        st.one_of(prisoners_dilemmas(), chickens(), battles(), time_inconsistencies()),
    )
