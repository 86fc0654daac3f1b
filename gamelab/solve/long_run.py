"""The long run: limit of the discounted visits of a chain as the discount factor goes to 1."""

from __future__ import annotations

import numpy as np

from gamelab.model.game import Bools, Floats


def long_run_occupancy(matrix: Floats, start: Floats, ends: Bools) -> Floats:
    """Return the visits of each state per round, (b, X), averaged over an endless play.

    Parameters
    ----------
    matrix : array (b, X, X)
        Chances of the next state; all points must have the same pattern of zeros.
    start : array (b, X)
        Chances of the first state.
    ends : bool array (X,)
        The states whose move ends a round.

    Notes
    -----
    1. Strongly connected classes that are never left are the recurrent ones.
    2. Within each, the stationary distribution solves one linear system, without subtraction of like terms.
    3. The chance of ending up in each solves another.
    """
    b, X = max(len(matrix), len(start)), matrix.shape[1]
    linked = np.asarray((matrix > 0).any(axis=0))
    closed = closed_classes(linked)
    transient = np.ones(X, dtype=bool)
    transient[[x for members in closed for x in members]] = False
    total = np.zeros((b, X))
    absorbed = _entered(matrix, start, transient)
    for one in closed:
        members = np.array(one)
        share = stationary(matrix[:, members[:, None], members])
        share = share / share[:, ends[members]].sum(axis=1, keepdims=True)
        total[:, members] = absorbed[:, members].sum(axis=1, keepdims=True) * share
    return total


def closed_classes(linked: Bools) -> list[list[int]]:
    """Return the states of each class that is never left; ``linked`` (X, X) says what can follow what."""
    from scipy.sparse.csgraph import connected_components

    count, label = connected_components(linked, directed=True, connection="strong")
    members = [np.flatnonzero(label == k) for k in range(count)]
    return [own.tolist() for k, own in enumerate(members) if not linked[np.ix_(own, label != k)].any()]


def _entered(matrix: Floats, start: Floats, transient: Bools) -> Floats:
    """Return the chance of entering the recurrent states at each of them, (b, X)."""
    start = np.broadcast_to(start, (max(len(matrix), len(start)), matrix.shape[1]))
    if not transient.any():
        return start
    inner = matrix[:, transient][:, :, transient]
    system = np.swapaxes(np.eye(inner.shape[1]) - inner, 1, 2)
    visits = np.linalg.solve(system, start[:, transient][..., None])[..., 0]
    entered = start + (visits[:, None] @ matrix[:, transient])[:, 0]
    return np.where(transient, 0.0, entered)


def stationary(matrix: Floats) -> Floats:
    """Return the stationary distribution of irreducible chains, (b, X), by state reduction.

    Grassmann, Taksar and Heyman (1985): no subtractions, so that tiny chances keep their relative accuracy.
    """
    work = np.array(matrix, dtype=float)
    X = work.shape[1]
    for k in range(X - 1, 0, -1):
        out = work[:, k, :k].sum(axis=1, keepdims=True)
        work[:, :k, k] /= out
        work[:, :k, :k] += work[:, :k, k, None] * work[:, None, k, :k]
    share = np.zeros((len(work), X))
    share[:, 0] = 1.0
    for k in range(1, X):
        share[:, k] = (share[:, :k] * work[:, :k, k]).sum(axis=1)
    return share / share.sum(axis=1, keepdims=True)
