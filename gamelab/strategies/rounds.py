"""Strategies that count rounds: what was seen in the moves of one round decides what to do in the next."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.strategies.machine import machine


def machine_by_round(
    game: Game,
    player: int,
    name: str,
    states: tuple[str, ...],
    actions: Sequence[Floats],
    seen: Bools,
    then: Callable[[int, tuple[bool, ...]], int],
    labels: Sequence[str],
) -> Automaton:
    """Return the automaton that does ``actions[q]`` for a whole round and changes its state between rounds.

    Where a round has several moves, what was seen in the earlier ones is remembered until it ends.

    Parameters
    ----------
    seen : bool array (S, A, V, m)
        What one move shows, such as whether others deviated; S of size 1 is allowed.
    then : callable
        From the state of a round and what was seen in any of its moves to the state of the next round.
    labels : sequence of str, m of them
        Names of what is seen, for the names of states.
    """
    m = seen.shape[-1]
    events = list(itertools.product((False, True), repeat=m))
    table = np.array([[then(q, event) for event in events] for q in range(len(states))])
    event = (seen * 2 ** np.arange(m)[::-1]).sum(axis=-1)
    if game.ends_round.all():
        follows = np.stack([row[event] for row in table], axis=1)
        return machine(game, player, name, states, actions, follows)
    # state q * E + k: in a round of kind q, of which k was seen so far
    ends = game.ends_round[:, None, None]
    so_far = [k | event for k in range(len(events))]
    rows = [
        np.where(ends, table[q][now] * len(events), q * len(events) + now)
        for q in range(len(states))
        for now in so_far
    ]
    names = tuple(_named(state, labels, event) for state in states for event in events)
    repeated = [action for action in actions for _ in events]
    return machine(game, player, name, names, repeated, _stacked(rows))


def _stacked(rows: list[Ints]) -> Ints:
    shape = np.broadcast_shapes(*(row.shape for row in rows))
    return np.stack([np.broadcast_to(row, shape) for row in rows], axis=1)


def _named(state: str, labels: Sequence[str], event: tuple[bool, ...]) -> str:
    return "; ".join([state, *(f"saw {label} deviate" for label, there in zip(labels, event) if there)])
