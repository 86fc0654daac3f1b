"""Default fallback: the stage equilibrium that a payoff table suggests, where one is known; else none."""

from __future__ import annotations

import numpy as np

from gamelab.model.extreme_equilibria import quick_extreme_equilibria
from gamelab.model.game import Floats, Ints
from gamelab.model.mixed_equilibria import mixed_equilibria, within_reach
from gamelab.model.stage import pure_equilibria
from gamelab.model.typed_numbers import as_typed

MOST_ACTIONS = 40
"""Of two players together: more are not enumerated whenever a game is made."""


def default_fallback(payoffs: Floats, sizes: tuple[int, ...]) -> Floats:
    """Return the first equilibrium in pure actions of each game, else one in mixtures, (b, n, A).

    In mixtures: of two players the first extreme one, in fractions; of more the one that
    ``mixed_equilibria`` computes and certifies, in an exact game only where it is one of fractions.
    All 0 where none is known: then a fallback is asked for by what uses it.

    Parameters
    ----------
    payoffs : array (b, P, n)
        Floats, or fractions of one game.
    sizes : tuple of int
        Number of actions of each player.
    """
    stable = pure_equilibria(payoffs, sizes)
    first = np.stack(np.unravel_index(stable.argmax(axis=1), sizes), axis=-1)
    pure = (first[..., None] == np.arange(max(sizes))).astype(int)
    without = np.flatnonzero(~stable.any(axis=1))
    if not len(without):
        return pure
    distinct, member = _distinct(payoffs[without])
    if sizes == (2, 2):
        mixed = _of_two_by_two(distinct)
    elif len(sizes) == 2:
        mixed = np.stack([_of_two(table, sizes) for table in distinct])
    else:
        mixed = mixed_equilibria(distinct, sizes)
    fallback = pure.astype(mixed.dtype)
    fallback[without] = mixed[member]
    return fallback


def _distinct(payoffs: Floats) -> tuple[Floats, Ints]:
    """Return the games of a batch that differ, and which of them stands at each point."""
    if len(payoffs) == 1:
        return payoffs, np.zeros(1, dtype=int)
    rows = payoffs.reshape(len(payoffs), -1)
    _, place, member = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return payoffs[place], member.ravel()


def _of_two_by_two(payoffs: Floats) -> Floats:
    """Return the only equilibrium of games of two by two in which best replies go round, (b, 2, 2)."""
    table = within_reach(payoffs).reshape(-1, 2, 2, 2)
    mixed = np.zeros((len(table), 2, 2), dtype=payoffs.dtype)
    # a player mixes so that what the other gains by the first action is 0 on average
    for i, gain in enumerate((table[:, :, 0, 1] - table[:, :, 1, 1], table[:, 0, :, 0] - table[:, 1, :, 0])):
        mixed[:, i, 0] = gain[:, 1] / (gain[:, 1] - gain[:, 0])
        mixed[:, i, 1] = -gain[:, 0] / (gain[:, 1] - gain[:, 0])
    return mixed


def _of_two(payoffs: Floats, sizes: tuple[int, ...]) -> Floats:
    exact = payoffs.dtype == object
    mixed = np.zeros((2, max(sizes)), dtype=payoffs.dtype)
    if sum(sizes) > MOST_ACTIONS:
        return mixed
    tables = []
    for own in payoffs.T:
        largest = 0.0 if exact else float(np.abs(own).max())
        tables.append([[as_typed(entry, largest) for entry in row] for row in own.reshape(sizes)])
    pairs, _ = quick_extreme_equilibria(*tables)
    for i, own in enumerate(pairs[0] if pairs else ()):
        mixed[i, : sizes[i]] = own
    return mixed
