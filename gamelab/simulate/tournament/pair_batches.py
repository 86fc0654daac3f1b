"""Pair batches: matches with as many joint states side by side, in parts of bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gamelab.model.game import Floats, Game, Ints
from gamelab.simulate.tournament.pair_chains import PairChains


@dataclass(frozen=True, eq=False)
class Batch:
    """Some matches: of n pairs of families t pairs of members each, with X joint states.

    Parameters
    ----------
    places : int array (2, n, t)
        Who sits in either seat, by the place among the entrants.
    state : int array (n, X)
        The game's state in each joint state.
    start : array (n, X)
        Chances of the first joint state.
    weights : array (n, t, X, P)
        Chance of each profile.
    moves : array (n, X, P, X)
        Chance of what follows each profile.
    """

    places: Ints
    state: Ints
    start: Floats
    weights: Floats
    moves: Floats

    @property
    def matrix(self) -> Floats:
        """Chances of the next joint state, (n * t, X, X): sums over profiles of weights times moves."""
        n, t, X, _ = self.weights.shape
        return np.swapaxes(np.swapaxes(self.weights, 1, 2) @ self.moves, 1, 2).reshape(n * t, X, X)


def batches(game: Game, chains: PairChains, entries: int) -> Iterator[Batch]:
    """Yield all matches; a batch has about so many entries in its matrix at most, or one match."""
    P = len(game.profiles)
    kinds = np.stack(np.divmod(np.arange(chains.pair[-1] + 1), len(chains.seats[1].start)))
    members = np.stack([seat.count[own] for seat, own in zip(chains.seats, kinds)])
    size = np.bincount(chains.pair)
    alike, group = np.unique([size, members.prod(axis=0)], axis=1, return_inverse=True)
    for number, (X, matches) in enumerate(alike.T.tolist()):
        at_once = max(1, entries // (X * max(X, P)))
        step = max(1, at_once // matches)
        every = np.flatnonzero(group.ravel() == number)
        for pairs in (every[k : k + step] for k in range(0, len(every), step)):
            joint = np.cumsum(size)[pairs, None] - X + np.arange(X)
            moves = _moves(chains, joint, P)
            for first in range(0, matches, at_once):
                match = np.arange(first, min(first + at_once, matches))
                member = np.stack(np.divmod(match, members[1, pairs, None]))
                places, weights = [], np.ones((1, 1, 1, 1))
                for i, seat in enumerate(chains.seats):
                    own = kinds[i, pairs, None]
                    places.append(seat.members[seat.first[own] + member[i]])
                    row = chains.rows[i, joint][:, None] + (member[i] * seat.rows[own])[:, :, None]
                    weights = weights * seat.actions[row][..., game.profiles[:, i]]
                yield Batch(np.stack(places), chains.state[joint], chains.start[joint], weights, moves)


def _moves(chains: PairChains, joint: Ints, profiles: int) -> Floats:
    """Return the chance of what follows each profile in joint states (n, X), (n, X, P, X)."""
    n, X = joint.shape
    place = np.full(len(chains.state), -1)  # of a joint state among these
    place[joint] = np.arange(n * X).reshape(n, X)
    x = place[chains.source]
    ours = x >= 0
    cell = (x[ours] * profiles + chains.profile[ours]) * X + place[chains.target[ours]] % X
    chances = np.bincount(cell, chains.chance[ours], n * X * profiles * X)
    return chances.reshape(n, X, profiles, X)
