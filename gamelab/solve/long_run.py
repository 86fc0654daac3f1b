"""The long run: limit of the discounted visits of a chain as the discount factor goes to 1."""

from __future__ import annotations

import numpy as np

from gamelab.model.game import Bools, Floats


def long_run_occupancy(matrix: Floats, start: Floats, ends: Bools) -> Floats:
    """Return the visits of each state per round, (b, X), averaged over an endless play.

    Parameters
    ----------
    matrix : array (b, X, X)
        Chances of the next state. Points may differ in what can follow what.
    start : array (b, X)
        Chances of the first state.
    ends : bool array (X,)
        The states whose move ends a round.

    Notes
    -----
    State reduction (Grassmann, Taksar and Heyman 1985) without a common pattern of zeros. No subtractions, so
    that tiny chances keep their relative accuracy.

    1. From the last state on, take states out: whoever would be there is where the next other state is. What
       cannot be left any more for a state that is still there stays: one state of each recurrent class.
    2. Play ends up in a class with the chance that is left at its state. Between two visits of that state as
       many rounds end as the states that were taken out have brought along.
    3. Put the states back in: each is visited as often as those before it lead there.
    """
    b, X = max(len(matrix), len(start)), matrix.shape[1]
    work = np.array(np.broadcast_to(matrix, (b, X, X)), dtype=float)
    chance = np.array(np.broadcast_to(start, (b, X)), dtype=float)
    rounds = np.array(np.broadcast_to(ends, (b, X)), dtype=float)
    stays = np.zeros((b, X), dtype=bool)
    for k in range(X - 1, -1, -1):
        work[:, k, k] = 0.0
        there = slice(X if stays.any() else k)  # what is not there any more takes no time
        leaving = work[:, k, there].sum(axis=1)
        stays[:, k] = leaving == 0
        leaving[stays[:, k]] = 1.0
        exits = work[:, k, there] / leaving[:, None]
        chance[:, there] += chance[:, k, None] * exits
        chance[~stays[:, k], k] = 0.0
        if not k:
            break
        visits = np.where(stays[:, k, None], 0.0, work[:, :k, k] / leaving[:, None])
        work[:, :k, there] += work[:, :k, k, None] * exits[:, None]
        rounds[:, :k] += visits * rounds[:, k, None]
        work[:, :k, k] = np.where(stays[:, k, None], work[:, :k, k], 0.0)
        work[:, k, :k] = visits  # its place is free: what is needed to put the state back in
    total = np.divide(chance, rounds, out=np.zeros((b, X)), where=stays)
    for k in range(1, X):
        total[:, k] += (total[:, :k] * work[:, k, :k]).sum(axis=1)
    return total


def closed_classes(linked: Bools) -> list[list[int]]:
    """Return the states of each class that is never left; ``linked`` (X, X) says what can follow what.

    A state is in one if all that can follow it, sooner or later, can be followed by it.
    """
    reached = np.asarray(linked, dtype=bool) | np.eye(len(linked), dtype=bool)
    while True:  # squaring doubles the number of steps; sums of 0 and 1 stay above 0 in single precision
        further = reached.astype(np.float32) @ reached.astype(np.float32) > 0
        if (further == reached).all():
            break
        reached = further
    closed = ~(reached & ~reached.T).any(axis=1)
    return [np.flatnonzero(reached[first]).tolist() for first in np.unique(reached.argmax(axis=1)[closed])]
