"""The induced game: each seat chooses a strategy of the tournament once and for all; its equilibria."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.extreme_equilibria import MOST_VERTICES, Mixture, extreme_equilibria
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Bools, Floats, Ints
from gamelab.model.typed_numbers import as_typed
from gamelab.ties import slack

if TYPE_CHECKING:
    import pandas as pd

Groups = list[tuple[int, ...]]

MOST_STRATEGIES = 10
"""The most strategies of a seat for which all is enumerated: those that may be played and differ."""


@frozen_result
@dataclass(frozen=True, eq=False)
class InducedEquilibria:
    """The equilibria of the game in which each seat chooses one strategy of a tournament.

    Parameters
    ----------
    names : tuple of str
        The strategies.
    pure : tuple of (int, int)
        Places of the strategies that are best replies to each other.
    extreme : tuple of (mixture, mixture)
        All extreme equilibria, pure ones included, as fractions over the strategies; every other equilibrium
        is a mixture of these, or of these with a twin in place of a strategy. Empty unless ``complete``.
    complete : bool
        Whether the mixed ones were enumerated, too; false is "undecided".
    best_replies : tuple of two tuples
        For each seat the places of its best replies to each strategy of the other seat.
    twins : tuple of two tuples of tuples of int
        For each seat groups of strategies that make no difference to anybody, against all that may be played;
        in ``extreme`` the first one stands for its group.
    note : str
        What is left open or was put together, as a sentence; else empty.
    """

    names: tuple[str, ...]
    pure: tuple[tuple[int, int], ...]
    extreme: tuple[tuple[Mixture, Mixture], ...]
    complete: bool
    best_replies: tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]
    twins: tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]
    note: str

    def to_frame(self) -> pd.DataFrame:
        """Return the equilibria as a table: what each seat plays, in words, and whether it is pure."""
        import pandas as pd

        listed: list[tuple[str, str, bool]] = [
            (self.names[i], self.names[j], True) for i, j in self.pure
        ] if not self.complete else [
            (self.in_words(x), self.in_words(y), max(x) == max(y) == 1) for x, y in self.extreme
        ]  # fmt: skip
        return pd.DataFrame(listed, columns=["first_seat", "second_seat", "pure"])

    def in_words(self, mixture: Mixture) -> str:
        """Return a mixture as text: a name, or chances with names."""
        played = [(chance, name) for chance, name in zip(mixture, self.names, strict=True) if chance]
        if len(played) == 1:
            return played[0][1]
        return " + ".join(f"{_short(chance)} {name}" for chance, name in played)

    def to_dict(self) -> dict[str, Any]:
        """Return the equilibria as results hold them: names, and mixtures as chances by name in fractions."""

        def chances(mixture: Mixture) -> dict[str, str]:
            return {name: str(chance) for name, chance in zip(self.names, mixture, strict=True) if chance}

        return {
            "pure": [[self.names[i], self.names[j]] for i, j in self.pure],
            "extreme": [[chances(x), chances(y)] for x, y in self.extreme] if self.complete else None,
            "twins": [[[self.names[k] for k in group] for group in own] for own in self.twins],
            "note": self.note or None,
        }

    def __repr__(self) -> str:
        mixed = f"{len(self.extreme)} extreme in all" if self.complete else "mixed ones undecided"
        return f"<InducedEquilibria: {len(self.pure)} in pure strategies, {mixed}>"

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False))


def induced_equilibria(names: Sequence[str], first: Floats, second: Floats) -> InducedEquilibria:
    """Return the equilibria of the game with these payoffs of the first and second seat, (k, k).

    Notes
    -----
    1. Payoffs that differ by rounding only are made equal: they decide who is a best reply.
    2. Strategies that another one beats strictly against all that is left are played in no equilibrium. Of
       twins, of which no payoff differs, one stands for all.
    3. What is left is enumerated in fractions where it is small enough; else mixed equilibria are undecided.
    """
    A, B = tied(first), tied(second)
    replies = (A.max(axis=0) <= A, np.asarray(B.max(axis=1, keepdims=True) <= B))
    pure = tuple((int(i), int(j)) for i, j in np.argwhere(replies[0] & replies[1]))
    groups = _twins(A, B, *undominated(A, B))
    apart = (np.array([group[0] for group in groups[0]]), np.array([group[0] for group in groups[1]]))
    left = max(map(len, apart))
    undecided = "mixed equilibria are undecided"
    many = f"{left} strategies of a seat may be played, and up to {MOST_STRATEGIES} are enumerated"
    note = f"{undecided}: {many}"
    extreme: tuple[tuple[Mixture, Mixture], ...] = ()
    complete = left <= MOST_STRATEGIES
    if complete:
        try:
            extreme, note = _enumerated(A, B, *apart), ""
        except GameError as refusal:
            complete, note = False, f"{undecided}: {refusal}"
    twins = tuple(tuple(group for group in own if len(group) > 1) for own in groups)
    best = (_places(replies[0].T), _places(replies[1]))
    return InducedEquilibria(tuple(names), pure, extreme, complete, best, (twins[0], twins[1]), note)


def tied(payoffs: Floats) -> Floats:
    """Return payoffs in which those that differ by no more than rounding are equal.

    >>> tied(np.array([[3.0, 1.0], [3.0000000000000004, 0.0]]))
    array([[3., 1.],
           [3., 0.]])
    """
    if payoffs.dtype == object:
        return payoffs
    order = np.argsort(payoffs, axis=None)
    ranked = payoffs.ravel()[order]
    apart = slack(ranked)
    new = np.diff(ranked, prepend=-np.inf) > apart + np.concatenate([[0.0], apart[:-1]])
    firsts = ranked[new]
    groups = np.empty(payoffs.size)
    groups[order] = firsts[np.cumsum(new) - 1]
    return groups.reshape(payoffs.shape)


def undominated(A: Floats, B: Floats) -> tuple[Ints, Ints]:
    """Return the rows and columns that survive iterated strict dominance by pure strategies."""
    rows, columns = np.arange(len(A)), np.arange(A.shape[1])
    while True:
        before = len(rows) + len(columns)
        rows = rows[_unbeaten(A[np.ix_(rows, columns)])]
        columns = columns[_unbeaten(B[np.ix_(rows, columns)].T)]
        if len(rows) + len(columns) == before:
            return rows, columns


def _unbeaten(own: Floats) -> Bools:
    return np.array([not (own > row).all(axis=1).any() for row in own])


def _twins(A: Floats, B: Floats, rows: Ints, columns: Ints) -> tuple[Groups, Groups]:
    """Return the rows and columns in groups in which no payoff that is left differs."""

    def grouped(places: Ints, tables: Floats) -> Groups:
        known: dict[tuple[Any, ...], list[int]] = {}
        for place, entries in zip(places.tolist(), tables, strict=True):
            known.setdefault(tuple(entries.ravel().tolist()), []).append(place)
        return [tuple(group) for group in known.values()]

    both = np.stack([A[np.ix_(rows, columns)], B[np.ix_(rows, columns)]], axis=-1)
    return grouped(rows, both), grouped(columns, np.swapaxes(both, 0, 1))


def _enumerated(A: Floats, B: Floats, rows: Ints, columns: Ints) -> tuple[tuple[Mixture, Mixture], ...]:
    left = [table[np.ix_(rows, columns)] for table in (A, B)]
    largest = [float(np.abs(table).max()) for table in left]
    tables = [[[as_typed(entry, most) for entry in row] for row in own] for own, most in zip(left, largest)]
    equilibria, _ = extreme_equilibria(tables[0], tables[1], MOST_VERTICES)
    return tuple((_spread(x, rows, len(A)), _spread(y, columns, A.shape[1])) for x, y in equilibria)


def _spread(mixture: Mixture, places: Ints, size: int) -> Mixture:
    whole = [Fraction(0)] * size
    for place, chance in zip(places, mixture, strict=True):
        whole[place] = chance
    return tuple(whole)


def _places(replies: Bools) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(np.flatnonzero(row).tolist()) for row in replies)


def _short(chance: Fraction) -> str:
    return str(chance) if chance.denominator <= 1000 else f"{float(chance):.4g}"
