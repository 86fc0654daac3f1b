"""Best-response dynamics: shares move straight towards a best reply, and switches are exact."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.arguments import real, whole
from gamelab.model.game import Floats
from gamelab.simulate.evolution.payoff_matrix import payoff_matrix, starting_shares
from gamelab.simulate.evolution.share_paths import MOST_MOMENTS, SharePaths

TIE = 1e-11
"""Payoffs that lie closer together, relative to their spread, count as equal."""
QUICK, MANY = 2e-3, 8
"""Switches that follow each other within this time, so many for each strategy, are taken for a tie."""
MOST_SWITCHES = 20_000
MOST_TIED = 12


def best_response_dynamics(
    payoffs: Any, start: Any = None, duration: float = 20.0, *, moments: int = 201
) -> SharePaths:
    """Return paths of the best-response dynamic: whoever revises takes a best reply to present shares.

    Parameters
    ----------
    payoffs : array (k, k), or anything with ``payoffs`` and ``names``
    start : array (k,) or (b, k), optional
        Shares; the middle of the simplex unless given.
    duration : float
        In units of time in which a player revises once on average.
    moments : int

    Raises
    ------
    GameError
        For bad payoffs or shares, and more than twelve strategies that are best replies at once.

    Notes
    -----
    ``dx/dt = b - x`` with b a best reply to x (Gilboa and Matsui 1991; Hofbauer 1995). Between switches
    ``x(t) = b + (x - b) exp(-t)``, and payoffs are straight lines in ``exp(-t)``, so that the next switch is
    known exactly. Where several replies tie, b is a symmetric equilibrium of the game between them: only so
    do they stay best. There can be several; a pure one is taken before a mixed one, the first named before
    others. Where switches come ever faster (a path that spirals into a point) those strategies are taken for
    tied, which puts the path at most as far off as it is from that point; a note says so.

    Examples
    --------
    >>> best_response_dynamics([[2, 0], [0, 1]], [0.5, 0.5], 1.0).last.round(6).tolist()  # 1 - 0.5 / e
    [[0.81606, 0.18394]]
    """
    matrix = payoff_matrix(payoffs)
    shares = starting_shares(start, matrix.k)
    length = real(duration, "duration", 0.0, 700.0, above=True)
    times = np.linspace(0.0, length, whole(moments, "moments", 2, MOST_MOMENTS))
    logs = np.full((len(shares), len(times), matrix.k), -np.inf)
    notes = []
    a = matrix.payoffs - matrix.payoffs.min()
    for b, begin in enumerate(shares):
        path = _Path(a, begin)
        for t, (since, x, target) in _moments(path, times):
            with np.errstate(divide="ignore"):
                logs[b, t] = np.log(target + (x - target) * np.exp(-(times[t] - since)))
        if path.merged:
            tied = ", ".join(matrix.names[i] for i in sorted(path.merged))
            notes.append(
                f"path {b}: {tied} take turns ever faster, and are taken for equally good from then on"
            )
    return SharePaths(matrix.names, "best response", times, logs, tuple(notes))


def _moments(path: _Path, times: Floats) -> Iterator[tuple[int, tuple[float, Floats, Floats]]]:
    """Yield each moment with the piece of the path that it lies on: since when, from where, towards what."""
    pieces = path.pieces(float(times[-1]))
    piece = next(pieces)
    following = next(pieces, None)
    for t, time in enumerate(times):
        while following is not None and following[0] <= time:
            piece, following = following, next(pieces, None)
        yield t, piece


class _Path:
    """One path, piece by piece."""

    def __init__(self, a: Floats, begin: Floats):
        self.a = a
        self.x = begin
        self.close = TIE * (float(np.ptp(a)) or 1.0)
        self.merged: set[int] = set()

    def pieces(self, end: float) -> Iterator[tuple[float, Floats, Floats]]:
        """Yield when each piece begins, from where, and what it leads to."""
        k = len(self.a)
        now = 0.0
        tied = self._best()
        recent: list[tuple[float, set[int]]] = []
        for _ in range(MOST_SWITCHES):
            if tied & self.merged:
                tied |= self.merged
            target = _reply(self.a, sorted(tied), self.close)
            yield now, self.x, target
            wait, joining = self._next(target, tied)
            if now + wait >= end:
                return
            now += wait
            self.x = target + (self.x - target) * np.exp(-wait)
            recent = [*recent[-MANY * k :], (wait, tied)]
            if len(recent) > MANY * k and all(short < QUICK for short, _ in recent):
                self.merged = self.merged.union(*(each for _, each in recent))
            tied = {*np.flatnonzero(target > 0).tolist(), *joining, *self._best()}
        raise GameError("the best reply switches too often to be followed; take a shorter one", "duration")

    def _best(self) -> set[int]:
        earned = self.a @ self.x
        return set(np.flatnonzero(earned >= earned.max() - self.close).tolist())

    def _next(self, target: Floats, tied: set[int]) -> tuple[float, set[int]]:
        """Return how long those who are played towards stay best, and who is as good then."""
        lead = int(np.flatnonzero(target > 0)[0])
        now, final = self.a @ self.x, self.a @ target
        ahead, ahead_at_last = now[lead] - now, final[lead] - final
        playing = np.flatnonzero(target > 0)
        wait, joining = np.inf, set[int]()
        for j in range(len(self.a)):
            if j in playing or (j in self.merged and lead in self.merged):
                continue
            gap = max(float(ahead[j]), 0.0)
            if ahead_at_last[j] >= -self.close:
                continue
            # the lead over j is a line in s = exp(-t): last + (gap - last) s, and 0 at this s
            s = -ahead_at_last[j] / (gap - ahead_at_last[j])
            moment = max(-float(np.log(s)), 0.0)
            if moment < wait - 1e-13:
                wait, joining = moment, {j}
            elif moment <= wait + 1e-13:
                joining |= {j}
        return wait, joining


def _reply(a: Floats, tied: list[int], close: float) -> Floats:
    """Return a symmetric equilibrium of the game between strategies that tie, as shares of all.

    Raises
    ------
    GameError
        Where so many tie that not every support can be tried.
    """
    k = len(a)
    inside = a[np.ix_(tied, tied)]
    for size in range(1, len(tied) + 1):
        if size > 1 and len(tied) > MOST_TIED:
            break
        for support in itertools.combinations(range(len(tied)), size):
            weights = _equalizing(inside, support, close)
            if weights is not None:
                reply = np.zeros(k)
                reply[[tied[i] for i in support]] = weights
                return reply
    raise GameError(f"{len(tied)} strategies are best replies at once, more than are told apart", "payoffs")


def _equalizing(a: Floats, support: tuple[int, ...], close: float) -> Floats | None:
    """Return weights of a support that is a symmetric equilibrium, or None."""
    size = len(support)
    if size == 1:
        (i,) = support
        return np.ones(1) if a[i, i] >= a[:, i].max() - close else None
    system = np.zeros((size + 1, size + 1))
    system[:size, :size] = a[np.ix_(support, support)]
    system[:size, size] = -1.0
    system[size, :size] = 1.0
    try:
        weights = np.linalg.solve(system, np.eye(size + 1)[size])[:size]
    except np.linalg.LinAlgError:
        return None
    if (weights <= 0).any():
        return None
    earned = a[:, list(support)] @ weights
    best = earned[list(support)].mean()
    return np.asarray(weights / weights.sum()) if earned.max() <= best + 1e3 * close else None
