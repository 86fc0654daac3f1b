"""Merging: outcomes that nothing tells apart are one, once a public record replaces private readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gamelab.model.game import Bools, Floats, Game, Ints

MOST_CODES = 2**62


@dataclass(frozen=True, eq=False)
class Pairs:
    """The outcomes of a game that gets a signal: pairs of an older outcome and a signal.

    Parameters
    ----------
    outcome, signal : int array (K,)
        Of each of them the first pair; they are in the order of these.
    member : int array (Y, Z)
        What each pair belongs to.
    views : int array (n, K)
        What each player still sees of the older outcome.
    """

    outcome: Ints
    signal: Ints
    member: Ints
    views: Ints

    def chances(self, older: Floats, signal: Floats) -> Floats:
        """Return the probabilities (b, S, P, K) from those of the older outcomes and of the signal.

        Both have axes (b, S, P, Y, Z), of which the first has Z of size 1, the second maybe others.
        """
        if len(self.outcome) == self.member.size:  # every pair is an outcome of its own
            product = older * signal
            return product.reshape(*product.shape[:3], -1)
        shape = np.broadcast_shapes(older.shape[:3], signal.shape[:3])
        total = np.empty((*shape, len(self.outcome)), dtype=np.result_type(older, signal))
        for z, member in enumerate(self.member.T):
            order = np.argsort(member, kind="stable")
            heads = np.flatnonzero(np.diff(member[order], prepend=-1))
            joint = np.broadcast_to(older[..., 0] * signal[..., z], (*shape, len(member)))
            total[..., member[order][heads]] = np.add.reduceat(joint[..., order], heads, axis=-1)
        return total

    def named(self, older: tuple[str, ...]) -> list[str]:
        """Return the name of each one's older outcome: of several the first one's, and how many others."""
        names = [older[y] for y in self.outcome.tolist()]
        count = np.bincount(self.member.ravel(), minlength=len(names))
        for k in np.flatnonzero(count > 1).tolist():
            names[k] += f" (or {count[k] - 1} alike)"
        return names


def pairs_of(game: Game, conduct: Ints) -> Pairs:
    """Return the outcomes of a game that gets a signal from which conduct (n, n, Z) is read.

    Each pair is an outcome of its own, unless the signal publishes somebody's conduct that others had read
    for themselves. The record takes the place of such a reading: whoever made it does not see it any longer.
    Older outcomes that differed in nothing else - what anybody sees, where they lead, what they pay - are one
    beside that signal.
    """
    Y, Z = len(game.outcomes), conduct.shape[-1]
    players = np.arange(game.n)
    published = conduct[players, players] >= 0
    private = (game.conduct >= 0) & (game.conduct[players, players] < 0)
    member = np.arange(Y * Z).reshape(Y, Z)
    views = np.repeat(game.views, Z, axis=1)
    for subjects in np.unique(published, axis=1).T:
        replaced = private & subjects[:, None]
        if not replaced.any():
            continue
        beside = np.flatnonzero((published == subjects[:, None]).all(axis=0))
        moves = consequences(game)
        seen = np.stack([without(game, i, replaced[i], moves) for i in range(game.n)])
        _, first, kind = np.unique(row_codes([*seen, *moves]), return_index=True, return_inverse=True)
        member[:, beside] = member[first[kind]][:, beside]
        at = (np.arange(Y)[:, None] * Z + beside).ravel()
        views[:, at] = np.repeat(seen, len(beside), axis=1)
    first, member = np.unique(member, return_inverse=True)
    return Pairs(first // Z, first % Z, member.reshape(Y, Z), views[:, first])


def consequences(game: Game) -> list[Ints]:
    """Return classes of outcomes, (Y,) each, that lead to the same states and that pay the same."""
    paid = [flow.by_outcome for flow in game.flows.values() if flow.by_outcome is not None]
    return [column_classes(game.next_state), *map(amount_classes, paid)]


def without(game: Game, player: int, replaced: Bools, moves: Iterable[Ints]) -> Ints:
    """Return what a player sees without some readings, (Y,): symbols that differed in these only are one.

    Parameters
    ----------
    replaced : bool array (n, Y)
        Of which subject's conduct the player's reading is left out.
    moves : int arrays (Y,)
        Classes of outcomes that differ in something else.

    Notes
    -----
    A symbol says more than the reading where two outcomes that are the same in all else, and in the reading,
    look different: such symbols stay apart.
    """
    own = game.views[player]
    if not replaced.any():
        return own
    read = game.conduct[player] + 1
    rest = [*np.delete(game.views, player, axis=0), *moves, *(game.deeds + 1), *np.where(replaced, 0, read)]
    group = np.unique(row_codes(rest), return_inverse=True)[1]
    reading = np.unique(row_codes(np.where(replaced, read, 0)), return_inverse=True)[1]
    several = [_each(group, part) for part in (own, reading, row_codes([own, reading]))]
    only = (several[0] == several[1]) & (several[1] == several[2])
    label = np.arange(int(own.max()) + 1)
    while True:  # symbols of one group get its lowest label
        lowest = np.full(len(only), len(label))
        np.minimum.at(lowest, group, label[own])
        lower = label.copy()
        np.minimum.at(lower, own, np.where(only[group], lowest[group], label[own]))
        if (lower == label).all():
            return label[own]
        label = lower


def _each(group: Ints, kind: Ints) -> Ints:
    """Return how many kinds there are in each group."""
    pairs = np.unique(np.stack([group, kind]), axis=1)
    return np.bincount(pairs[0], minlength=int(group.max()) + 1)


def amount_classes(amounts: Floats) -> Ints:
    """Return the class of each outcome, (Y,), from what it pays, (b, S, Y, c)."""
    known: dict[object, int] = {}
    rows = (row.ravel() + 0 for row in np.moveaxis(amounts, 2, 0))  # of -0.0, too, 0.0 is made
    keys = (tuple(row) if row.dtype == object else row.tobytes() for row in rows)
    return np.array([known.setdefault(key, len(known)) for key in keys])


def column_classes(array: Ints) -> Ints:
    """Return the class of each column of a 2-d array: equal columns have equal numbers."""
    if (array == array[:, :1]).all():
        return np.zeros(array.shape[1], dtype=int)
    return np.unique(row_codes(array), return_inverse=True)[1]


def row_codes(columns: Iterable[Ints]) -> Ints:
    """Return a number for each row of these columns of whole numbers of at least 0, in the rows' order."""
    code, span = np.zeros(1, dtype=int), 1
    for column in columns:
        width = int(column.max(initial=0)) + 1
        if span * width > MOST_CODES:
            code, column = (np.unique(part, return_inverse=True)[1] for part in (code, column))
            span, width = (int(part.max(initial=0)) + 1 for part in (code, column))
        code, span = code * width + column, span * width
    return code
