"""Flows: where the shares of strategies go in a large population, from even ones and from random ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from gamelab.model.game import Bools, Floats
from gamelab.randomness import stream
from gamelab.simulate.evolution.best_response import best_response_dynamics
from gamelab.simulate.evolution.dynamics import logit_dynamics, replicator, velocity
from gamelab.simulate.evolution.payoff_matrix import PayoffMatrix
from gamelab.simulate.evolution.rest_points import MOST_STRATEGIES, rest_points
from gamelab.simulate.evolution.share_paths import SharePaths

DYNAMICS = ("replicator", "logit", "best_response")
STARTS = {"replicator": 100, "logit": 100, "best_response": 20}
"""From so many random shares it is tried where paths end."""
DURATION, DOUBLINGS = 100.0, 10
SLOW = 1e-5
"""Shares that change by less a unit of time have settled."""
STILL = 1e-6
"""Growth, in spreads of the payoffs, that is none: a rare strategy that grows faster is on its way back."""
FAST, PATIENCE = 1e-3, 2
"""Shares that change by more after so many doublings of the time are taken to go round for ever."""
GONE = 1e-3
"""A share below counts as none where ends of paths are told apart."""


def flows(matrix: PayoffMatrix, process: str, noise: float | None, seed: int) -> dict[str, Any]:
    """Return where shares of a large population go, from even ones and from random ones.

    Parameters
    ----------
    matrix : PayoffMatrix
    process : str
        One of ``DYNAMICS``.
    noise : float or None
        Of the logit dynamic.
    seed : int
        Of the random ones.
    """
    even = np.full((1, matrix.k), 1 / matrix.k)
    moves = _speed(matrix, process, noise, even)[0] > 1e-12 or matrix.k == 1
    uneven = np.arange(matrix.k, 0.0, -1.0)[None] / np.arange(matrix.k + 1).sum()
    path = _until_settled(matrix, process, noise, even if moves else uneven)
    starts = stream(seed, "random shares").dirichlet(np.ones(matrix.k), size=STARTS[process]) + 1e-12
    last, settled = _ends_of(matrix, process, noise, starts / starts.sum(axis=1, keepdims=True))
    entry: dict[str, Any] = {
        "method": "paths",
        "noise": noise,
        "start": "even" if moves else "uneven",
        "shares": path.last[0].tolist(),
        "settled": bool(_settled(matrix, process, noise, path.last)[0]),
        "ends": _ends(matrix, last, settled),
        "notes": list(path.notes),
        "rest_points": _rest(matrix) if process == "replicator" else None,
        "curves": {"paths": lines(path.times, path.shares[0], "time")},
    }
    if matrix.k == 3:
        entry["curves"]["simplex"] = _simplex(matrix, process, noise, entry["rest_points"])
    return entry


def _duration(matrix: PayoffMatrix, process: str) -> float:
    """Return a time in which shares usually settle."""
    return DURATION / (matrix.spread or 1.0) if process == "replicator" else DURATION / 4


def _speed(matrix: PayoffMatrix, process: str, noise: float | None, shares: Floats) -> Floats:
    """Return how fast shares still change, in units of payoffs where payoffs set the pace, (b,)."""
    speed = np.abs(velocity(matrix, shares, dynamic=process, noise=noise or 1.0)).max(axis=1)
    return np.asarray(speed / (matrix.spread or 1.0) if process == "replicator" else speed)


def _settled(matrix: PayoffMatrix, process: str, noise: float | None, shares: Floats) -> Bools:
    """Return whether shares have come to rest, (b,); best responses near a mixture never look as if."""
    if process == "best_response":
        return np.ones(len(shares), dtype=bool)
    if process == "replicator":
        fitness = shares @ matrix.payoffs.T
        growth = (fitness - (shares * fitness).sum(axis=1, keepdims=True)) / (matrix.spread or 1.0)
        return np.asarray(np.all(np.where(shares > GONE, np.abs(growth), growth) <= STILL, axis=1))
    return np.asarray(_speed(matrix, process, noise, shares) <= SLOW)


def _until_settled(matrix: PayoffMatrix, process: str, noise: float | None, start: Floats) -> SharePaths:
    """Return a path that is long enough to settle; one of usual length where it never does."""
    length = _duration(matrix, process)
    first = path = _paths(matrix, process, start, length, noise, 401)
    for doubled in range(DOUBLINGS):
        if _settled(matrix, process, noise, path.last).all():
            return path
        if doubled >= PATIENCE and _speed(matrix, process, noise, path.last)[0] > FAST:
            break
        length *= 2
        path = _paths(matrix, process, start, length, noise, 401)
    return path if _settled(matrix, process, noise, path.last).all() else first


def _ends_of(matrix: PayoffMatrix, process: str, noise: float | None, starts: Floats) -> tuple[Floats, Bools]:
    """Return where paths are at last, (b, k), and whether they settled; only those that did not go on."""
    last, settled = starts.copy(), np.zeros(len(starts), dtype=bool)
    length = _duration(matrix, process)
    for doubled in range(DOUBLINGS + 1):
        going = ~settled
        if doubled > PATIENCE:
            going &= _speed(matrix, process, noise, last) <= FAST
        if not going.any():
            break
        last[going] = _paths(matrix, process, last[going], length, noise, 2).last
        settled[going] = _settled(matrix, process, noise, last[going])
        length *= 2
    return last, settled


def _paths(
    matrix: PayoffMatrix,
    process: str,
    starts: Floats,
    duration: float,
    noise: float | None,
    moments: int,
) -> SharePaths:
    if process == "logit":
        return logit_dynamics(matrix, starts, duration, noise=noise or 1.0, moments=moments)
    dynamic = replicator if process == "replicator" else best_response_dynamics
    return dynamic(matrix, starts, duration, moments=moments)


def _ends(matrix: PayoffMatrix, last: Floats, settled: Bools) -> list[dict[str, Any]]:
    """Return where paths end, told apart by the strategies that are left, the most frequent first."""
    groups: dict[tuple[bool, ...], list[Floats]] = {}
    for shares in last[settled]:
        groups.setdefault(tuple(bool(share > GONE) for share in shares), []).append(shares)
    ordered = sorted(groups.items(), key=lambda entry: -len(entry[1]))
    return [
        {
            "strategies": [name for name, left in zip(matrix.names, present) if left],
            "frequency": len(members) / len(last),
            "shares": np.mean(members, axis=0).tolist(),
        }
        for present, members in ordered
    ]


def _rest(matrix: PayoffMatrix) -> list[dict[str, Any]] | None:
    """Return the rest points of the replicator dynamic; None for very many strategies."""
    if matrix.k > MOST_STRATEGIES:
        return None
    return [
        {
            "shares": point.shares.tolist(),
            "kind": point.kind,
            "nash": point.nash,
            "ends": [end.tolist() for end in point.ends],
        }
        for point in rest_points(matrix)
    ]


def lines(times: Floats, shares: Floats, unit: str) -> dict[str, Any]:
    """Return shares over time as results hold them."""
    return {"unit": unit, "times": times.tolist(), "shares": shares.tolist()}


def _simplex(matrix: PayoffMatrix, process: str, noise: float | None, rest: Any) -> dict[str, Any]:
    """Return what a picture of three strategies shows: arrows on a grid, a few paths, rest points."""
    steps = 14
    grid = np.array([(i, j, steps - i - j) for i in range(steps + 1) for j in range(steps + 1 - i)]) / steps
    inner = grid * 0.94 + 0.02
    starts = np.array([(i, j, 5 - i - j) for i in range(1, 4) for j in range(1, 5 - i)]) / 5
    edges = [[0.05, 0.9, 0.05], [0.9, 0.05, 0.05], [0.05, 0.05, 0.9]]
    if process == "best_response":
        edges = []
    paths = _paths(matrix, process, np.array([*starts, *edges]), _duration(matrix, process), noise, 801)
    return {
        "points": inner.tolist(),
        "velocities": velocity(matrix, inner, dynamic=process, noise=noise or 1.0).tolist(),
        "paths": paths.shares.tolist(),
        "rest_points": rest,
    }
