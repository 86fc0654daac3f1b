"""The table that matches are played from: what can happen in each joint state, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gamelab.errors import GameError
from gamelab.model.game import Floats, Ints
from gamelab.simulate.matches.alias import alias_tables
from gamelab.solve.joint import Chain
from gamelab.solve.moves import lumps

LARGEST = 20_000_000
"""The most entries that a table may have."""


@dataclass(frozen=True, eq=False)
class Events:
    """All that can happen when everybody plays as prescribed, in order of joint states.

    Parameters
    ----------
    joint, state, profile, outcome : int arrays (E,)
        The chain's joint state, the game's state, the profile played and what came of it.
    chance : array (E,)
        Given the joint state.
    following : int array (E,)
        The joint state that follows.
    """

    joint: Ints
    state: Ints
    profile: Ints
    outcome: Ints
    chance: Floats
    following: Ints


@dataclass(frozen=True, eq=False)
class Table:
    """Events by joint state, drawn with one random number.

    A row, one for each joint state that play reaches, has N = 2^bits places; a place holds an event or none.
    The last row draws where play starts.

    Parameters
    ----------
    events : Events
    bits : int
    words : uint64 array (rows * N * 4,)
        For each place: the cut of the alias table, what follows the event there, what follows its alias, and
        the alias's place. What follows is the first place of the next row (upper half), the kind of move
        (bits 1 to 31) and whether a round ends (bit 0).
    start : int
        The first place of the last row.
    event : int array (rows * N,)
        The event at each place, -1 for none.
    """

    events: Events
    bits: int
    words: Ints
    start: int
    event: Ints


def events_of(chain: Chain) -> Events:
    """Return what can happen in a chain of one game.

    Raises
    ------
    GameError
        Where that is too much.
    """
    game = chain.game
    weights = np.broadcast_to(chain.weights[0], (chain.size, len(game.profiles)))
    x, p = np.nonzero(weights > 0)
    _, S, P, Y = game.probabilities.shape
    if len(x) * Y > LARGEST:
        raise GameError(
            f"these matches would need a table of {len(x) * Y:,} entries, the limit is {LARGEST:,}: shorter "
            "punishments, fewer levels or fewer signals would be less"
        )
    rows = game.probabilities[0, chain.state[x] if S > 1 else 0, p if P > 1 else 0]
    rows = np.broadcast_to(rows, (len(x), Y))
    pair, y = np.nonzero(rows)
    chance = weights[x, p][pair] * rows[pair, y]
    x, p = x[pair], p[pair]
    lump, _ = lumps(game, chain.automata)
    return Events(x, chain.state[x], p, y, chance, chain.target[x, p, lump[y]])


def table_of(chain: Chain, events: Events, kind: Ints) -> Table:
    """Return the table of a chain's events.

    Parameters
    ----------
    kind : int array (E,)
        The kind of move that each event is.

    Raises
    ------
    GameError
        Where the table would be too large.
    """
    begins = np.flatnonzero(chain.start[0] > 0)
    there = _reached(chain, events, begins)
    row = np.cumsum(there) - 1  # of each joint state
    X = int(there.sum())
    kept = np.flatnonzero(there[events.joint])
    rows = row[events.joint[kept]]
    heads = np.searchsorted(rows, np.arange(X))
    columns = np.arange(len(kept)) - heads[rows]
    widest = max(int(columns.max()) + 1, len(begins), 2)
    bits = (widest - 1).bit_length()
    N = 1 << bits
    if (X + 1) * N > LARGEST:
        raise GameError(
            f"these matches would need a table of {(X + 1) * N:,} entries, the limit is {LARGEST:,}: shorter "
            "punishments, fewer levels or fewer signals would be less"
        )
    weights = np.zeros((X + 1, N))
    weights[rows, columns] = events.chance[kept]
    weights[X, : len(begins)] = chain.start[0, begins]
    follows = np.zeros((X + 1, N), dtype=np.uint64)
    ends = chain.ends[events.joint[kept]]
    follows[rows, columns] = _word(row[events.following[kept]] * N, kind[kept], ends)
    follows[X, : len(begins)] = _word(
        row[begins] * N, np.zeros_like(begins), np.zeros(len(begins), dtype=bool)
    )
    event = -np.ones((X + 1, N), dtype=np.int64)
    event[rows, columns] = kept
    cut, alias = alias_tables(weights)
    place = np.arange(X + 1)[:, None] * N + alias
    words = np.stack([cut, follows, follows.reshape(-1)[place], place.astype(np.uint64)], axis=-1)
    return Table(events, bits, words.reshape(-1), X * N, event.reshape(-1))


def _word(place: Ints, kind: Ints, ends: Ints) -> Ints:
    return (place << 32 | kind << 1 | ends).astype(np.uint64)


def _reached(chain: Chain, events: Events, begins: Ints) -> Ints:
    """Return which joint states are reached when everybody plays as prescribed, (X,)."""
    heads = np.searchsorted(events.joint, np.arange(chain.size + 1))
    there = np.zeros(chain.size, dtype=bool)
    frontier = begins
    while len(frontier):
        there[frontier] = True
        spans = [events.following[heads[x] : heads[x + 1]] for x in frontier]
        after = np.unique(np.concatenate(spans))
        frontier = after[~there[after]]
    return there
