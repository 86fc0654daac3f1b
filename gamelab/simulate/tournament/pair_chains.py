"""Pair chains: what play comes to between every two families of entrants, all pairs in one list of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gamelab.errors import GameError
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.simulate.tournament.entrants import Family
from gamelab.solve.moves import lump_chances, lumps_by

LARGEST = 50_000_000
"""The most events of the chains that are built together."""


@dataclass(frozen=True, eq=False)
class Seat:
    """The automata of one seat as tables, their states numbered one automaton behind the other.

    In state u, while the game is in s, the first member of a family does what row
    ``does[u] + s * does_by_state[u]`` of ``actions`` says, the m-th one what stands m * ``rows[family[u]]``
    below; and goes on at entry ``onward[u] + s * onward_by_state[u] + action * V + symbol`` of ``follows``.

    Parameters
    ----------
    actions : array (entries, A)
    played : bool array (entries, A)
        What any member of the family does there.
    follows : int array (entries,)
    family, does, does_by_state, onward, onward_by_state : int array (U,)
    start, rows : int array (F,)
        Where each family begins, and how many rows each member has.
    members : int array (m,)
        The places among the entrants, family after family.
    first, count : int array (F,)
        Of each family the place of its first member in ``members``, and how many there are.
    """

    actions: Floats
    played: Bools
    follows: Ints
    family: Ints
    does: Ints
    does_by_state: Ints
    onward: Ints
    onward_by_state: Ints
    start: Ints
    rows: Ints
    members: Ints
    first: Ints
    count: Ints


def seat_of(families: Sequence[Family]) -> Seat:
    """Return the tables of one seat."""
    actions, played, follows, sizes = [], [], [], []
    for family in families:
        action, after = family.automaton.action, family.automaton.next
        _, S, Q, A = action.shape
        own = np.broadcast_to(action, (len(family.members), S, Q, A))
        actions.append(own.reshape(-1, A))
        played.append(np.broadcast_to((own > 0).any(axis=0), own.shape).reshape(-1, A))
        follows.append(after.ravel())
        sizes.append((Q, len(actions[-1]), after.size, Q * (S > 1), after[0].size * (len(after) > 1),
                      after[0, 0].size, family.automaton.start, len(own), S * Q))  # fmt: skip
    states, entries, moves, by_state, onward_by_state, width, start, count, rows = np.array(sizes).T
    zero = np.cumsum(states) - states  # the number of each automaton's state 0
    whose = np.repeat(np.arange(len(sizes)), states)
    inner = np.arange(len(whose)) - zero[whose]
    return Seat(
        actions=np.concatenate(actions),
        played=np.concatenate(played),
        follows=np.concatenate(follows) + np.repeat(zero, moves),
        family=whose,
        does=(np.cumsum(entries) - entries)[whose] + inner,
        does_by_state=by_state[whose],
        onward=(np.cumsum(moves) - moves)[whose] + inner * width[whose],
        onward_by_state=onward_by_state[whose],
        start=zero + start,
        rows=rows,
        members=np.concatenate([family.members for family in families]),
        first=np.cumsum(count) - count,
        count=count,
    )


@dataclass(frozen=True, eq=False)
class PairChains:
    """The joint states that play comes to, pair by pair, and what happens there.

    Pair f * G + g is family f of the first seat with family g of the second, of which there are G.

    Parameters
    ----------
    seats : two Seats
    pair, state : int array (X,)
        The pair of families, rising, and the game's state.
    rows : int array (2, X)
        What the first members of both do there: a row of each seat's ``actions``.
    start : array (X,)
        Chance that play of the pair begins there.
    source, profile, target : int array (E,)
        Each event: the joint state, what is done there, and the joint state that follows.
    chance : array (E,)
        Of the event, given joint state and profile.
    """

    seats: tuple[Seat, Seat]
    pair: Ints
    state: Ints
    rows: Ints
    start: Floats
    source: Ints
    profile: Ints
    target: Ints
    chance: Floats


def pair_chains(game: Game, families: Sequence[Sequence[Family]]) -> PairChains:
    """Return the chains of all pairs of families of both seats, found by one search through all of them.

    A joint state is there if the automata themselves come to it with some pair of members; nobody's
    deviations are followed.

    Raises
    ------
    GameError
        Where there are too many joint states or events.
    """
    seats = seat_of(families[0]), seat_of(families[1])
    V = game.views.max(axis=1) + 1
    lump, outcome = lumps_by([seat.follows.reshape(-1, width) for seat, width in zip(seats, V)], game)
    chances = lump_chances(game, lump, len(outcome))[0]
    S, P = chances.shape[0] > 1, chances.shape[1] > 1
    next_state, symbols, done = game.next_state[:, outcome], game.views[:, outcome], game.profiles.T
    dims = (len(seats[0].family), len(seats[1].family), len(game.states))
    if np.prod(dims, dtype=object) >= 2**62:
        sizes = " x ".join(map(str, dims))
        raise GameError(f"these automata have too many joint states ({sizes})", "strategies")
    begins = np.flatnonzero(game.start[0] > 0)
    opening = np.ravel_multi_index(np.ix_(seats[0].start, seats[1].start, begins), dims)
    known = frontier = np.sort(opening, axis=None)
    levels = []
    while len(frontier):
        *inner, s = np.unravel_index(frontier, dims)
        played = [
            seat.played[seat.does[u] + s * seat.does_by_state[u]][:, own]
            for seat, u, own in zip(seats, inner, done)
        ]
        x, p = np.nonzero(played[0] & played[1])
        here = chances[s[x] * S, p * P]
        event, k = np.nonzero(here)
        x, p = x[event], p[event]
        after = [
            seat.follows[seat.onward[u[x]] + s[x] * seat.onward_by_state[u[x]] + own[p] * width + seen[k]]
            for seat, u, own, width, seen in zip(seats, inner, done, V, symbols)
        ]
        target = np.ravel_multi_index((*after, next_state[s[x], k]), dims)
        levels.append((frontier[x], p, target, here[event, k]))
        if sum(len(level[0]) for level in levels) > LARGEST:
            raise GameError(
                f"more than {len(known)} joint states: shorter punishments or fewer levels would be less"
            )
        reached = np.sort(target)
        reached = reached[np.diff(reached, prepend=-1) > 0]
        frontier = reached[known[np.searchsorted(known, reached) % len(known)] != reached]
        known = np.sort(np.concatenate([known, frontier]))
    source, profile, target, chance = (np.concatenate(parts) for parts in zip(*levels))
    *inner, state = np.unravel_index(known, dims)
    pair = seats[0].family[inner[0]] * len(seats[1].start) + seats[1].family[inner[1]]
    order = np.argsort(pair, kind="stable")
    number = np.argsort(order)  # of each joint state
    start = np.zeros(len(known))
    start[np.searchsorted(known, opening)] = game.start[0, begins]
    rows = [seat.does[u] + state * seat.does_by_state[u] for seat, u in zip(seats, inner)]
    return PairChains(
        seats=seats,
        pair=pair[order],
        state=state[order],
        rows=np.stack(rows)[:, order],
        start=start[order],
        source=number[np.searchsorted(known, source)],
        profile=profile,
        target=number[np.searchsorted(known, target)],
        chance=chance,
    )
