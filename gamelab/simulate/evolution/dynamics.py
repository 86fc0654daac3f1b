"""Dynamics of shares in large populations: replicator, in continuous time and in generations, and logit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.arguments import real, whole
from gamelab.model.game import Floats
from gamelab.simulate.evolution.imitation import LARGEST_EXPONENT
from gamelab.simulate.evolution.log_chain import log_sum
from gamelab.simulate.evolution.payoff_matrix import payoff_matrix, starting_shares
from gamelab.simulate.evolution.share_paths import MOST_MOMENTS, SharePaths

RELATIVE, ABSOLUTE = 1e-10, 1e-11
"""Tolerances of the integration, step by step: of logarithms of shares, and of shares."""
LONGEST = 1e6
"""Time that is followed at most, in units in which the payoffs lie 1 apart."""
MOST_GENERATIONS = 1_000_000
SHORTEST = 1e-100
"""The shortest duration: what a path does over shorter ones is lost among rounding."""
LEAST_NOISE = 1e5
"""How often the noise fits between the highest and the lowest payoff at most."""


def replicator(payoffs: Any, start: Any = None, duration: float = 100.0, *, moments: int = 201) -> SharePaths:
    """Return paths of the replicator dynamic: a share grows at the rate of its payoff above the average.

    Parameters
    ----------
    payoffs : array (k, k), or anything with ``payoffs`` and ``names``
    start : array (k,) or (b, k), optional
        Shares; the middle of the simplex unless given. A strategy with share 0 never comes in.
    duration : float
        In units of time in which a payoff of 1 above the average makes a share grow by a factor of e.
    moments : int
        How many moments are kept, evenly spaced, the first among them.

    Raises
    ------
    GameError
        For bad payoffs or shares, and a duration that is too long to follow.

    Notes
    -----
    ``d x_i / dt = x_i ((Ax)_i - x . Ax)`` (Taylor and Jonker 1978; Sandholm 2010, chapter 5), integrated in
    logarithms of shares: paths stay in the simplex, and no share is lost however small it becomes.

    Examples
    --------
    >>> replicator([[-1, 4], [0, 2]], [0.5, 0.5]).last.round(6).tolist()  # hawks: value 4 / cost 6
    [[0.666667, 0.333333]]
    """
    matrix = payoff_matrix(payoffs)
    shares = starting_shares(start, matrix.k)
    length = _duration(duration, matrix.spread)
    present = shares > 0
    a = matrix.payoffs - matrix.payoffs.min()

    def rates(logs: Floats) -> Floats:
        here = _shares(logs, present)
        earned = here @ a.T
        return np.asarray(np.where(present, earned - (here * earned).sum(axis=1, keepdims=True), 0.0))

    begin = np.log(np.where(present, shares, 1.0))
    times = np.linspace(0.0, length, whole(moments, "moments", 2, MOST_MOMENTS))
    path = _integrated(rates, begin, times)
    logs = np.where(present[:, None], path, -np.inf)
    return SharePaths(matrix.names, "replicator", times, logs - log_sum(logs, axis=2)[..., None])


def discrete_replicator(
    payoffs: Any, start: Any = None, generations: int = 100, *, intensity: float | None = None
) -> SharePaths:
    """Return paths of the replicator dynamic in generations: shares grow in proportion to offspring.

    Parameters
    ----------
    payoffs : array (k, k), or anything with ``payoffs`` and ``names``
        Numbers of offspring, at least 0, unless ``intensity`` is given.
    start : array (k,) or (b, k), optional
    generations : int
    intensity : float, optional
        Offspring are ``exp(intensity * payoff)`` then, and payoffs may be any numbers.

    Raises
    ------
    GameError
        For bad payoffs or shares, negative payoffs, and where nobody has offspring.

    Notes
    -----
    ``x_i' = x_i f_i / sum of x_j f_j`` with ``f = Ax`` (Maynard Smith 1982, appendix D) or
    ``f = exp(w Ax)`` (Cabrales and Sobel 1992; Hofbauer and Weibull 1996).

    Examples
    --------
    >>> discrete_replicator([[1, 1], [2, 2]], [0.5, 0.5], 1).last.round(6).tolist()
    [[0.333333, 0.666667]]
    """
    matrix = payoff_matrix(payoffs)
    shares = starting_shares(start, matrix.k)
    many = whole(generations, "generations", 1, MOST_GENERATIONS)
    strength = None if intensity is None else real(intensity, "intensity", 0.0)
    if strength is not None and strength * float(abs(matrix.payoffs).max()) > LARGEST_EXPONENT:
        raise GameError(f"intensity {strength:g} times payoffs is beyond what numbers hold", "intensity")
    if strength is None and (matrix.payoffs < 0).any():
        raise GameError(
            f"payoffs are numbers of offspring here, and the lowest is {matrix.payoffs.min():g}; "
            "add a constant, or give an intensity w, and offspring are exp(w * payoff)",
            "payoffs",
        )
    with np.errstate(divide="ignore"):
        logs = np.log(shares)
        history = [logs]
        for _ in range(many):
            earned = np.exp(logs) @ matrix.payoffs.T
            grown = logs + (np.log(earned) if strength is None else strength * earned)
            total = log_sum(grown, axis=1)
            if not np.isfinite(total).all():
                raise GameError("nobody has offspring any more; add a constant to the payoffs", "payoffs")
            logs = grown - total[:, None]
            history.append(logs)
    return SharePaths(matrix.names, "discrete replicator", np.arange(many + 1.0), np.stack(history, axis=1))


def logit_dynamics(
    payoffs: Any, start: Any = None, duration: float = 50.0, *, noise: float = 0.1, moments: int = 201
) -> SharePaths:
    """Return paths of the logit dynamic: some revise at every moment, and better replies are likelier.

    Parameters
    ----------
    payoffs : array (k, k), or anything with ``payoffs`` and ``names``
    start : array (k,) or (b, k), optional
    duration : float
        In units of time in which a player revises once on average.
    noise : float
        In units of payoff, above 0: the larger, the more alike all replies. Towards 0 players reply ever
        better; see :func:`gamelab.best_response_dynamics`.
    moments : int

    Raises
    ------
    GameError
        For bad payoffs or shares, and a noise that is not above 0.

    Notes
    -----
    ``dx/dt = exp(Ax / noise) / sum - x`` (Fudenberg and Levine 1998; Sandholm 2010, 6.2). Rest points are
    quantal-response equilibria.

    Examples
    --------
    >>> logit_dynamics([[0, 0], [0, 0]], [1, 0], noise=1).last.round(6).tolist()
    [[0.5, 0.5]]
    """
    matrix = payoff_matrix(payoffs)
    shares = starting_shares(start, matrix.k)
    length = _duration(duration, 1.0)
    level = real(noise, "noise", 0.0, above=True)
    if matrix.spread / level > LEAST_NOISE:
        raise GameError(
            f"{level:g} is next to no noise beside payoffs {matrix.spread:g} apart; "
            "ask best_response_dynamics",
            "noise",
        )

    def rates(here: Floats) -> Floats:
        return _shares(here @ matrix.payoffs.T / level) - here

    times = np.linspace(0.0, length, whole(moments, "moments", 2, MOST_MOMENTS))
    path = np.maximum(_integrated(rates, shares, times), 0.0)
    path[:, 0] = shares
    with np.errstate(divide="ignore"):
        logs = np.log(path / path.sum(axis=2, keepdims=True))
    return SharePaths(matrix.names, "logit", times, logs)


def velocity(payoffs: Any, shares: Any, *, dynamic: str = "replicator", noise: float = 0.1) -> Floats:
    """Return how fast shares change, (..., k): what a field of arrows shows.

    Parameters
    ----------
    payoffs : array (k, k), or anything with ``payoffs`` and ``names``
    shares : array (..., k)
    dynamic : str
        ``replicator``, ``logit`` or ``best_response``, which goes towards the first best reply.
    noise : float
        Of the logit dynamic.
    """
    matrix = payoff_matrix(payoffs)
    here = np.asarray(shares, dtype=float)
    earned = here @ matrix.payoffs.T
    if dynamic == "replicator":
        return np.asarray(here * (earned - (here * earned).sum(axis=-1, keepdims=True)))
    if dynamic == "logit":
        return _shares(earned / noise) - here
    return np.eye(matrix.k)[earned.argmax(axis=-1)] - here


def _shares(logs: Floats, present: Any = True) -> Floats:
    """Return shares in proportion to the exponentials of numbers, where present; the rest get 0."""
    raised = np.exp(
        np.where(present, logs, -np.inf) - np.where(present, logs, -np.inf).max(-1, keepdims=True)
    )
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def _duration(duration: Any, spread: float) -> float:
    length = real(duration, "duration", SHORTEST)
    if length * spread > LONGEST:
        most = LONGEST / spread
        raise GameError(
            f"{length:g} is too long with payoffs that far apart; write at most {most:g}", "duration"
        )
    return length


def _integrated(rates: Callable[[Floats], Floats], begin: Floats, times: Floats) -> Floats:
    """Return all paths at all times, (b, t, k), integrated side by side.

    LSODA goes to and fro between methods for stiff and for other equations. The paths stand behind each
    other, so that the Jacobian is banded.
    """
    from scipy.integrate import solve_ivp

    b, k = begin.shape
    if k == 1:
        return np.repeat(begin[:, None], len(times), axis=1)
    solved = solve_ivp(
        lambda _, y: rates(y.reshape(b, k)).ravel(),
        (0.0, times[-1]),
        begin.ravel(),
        method="LSODA",
        t_eval=times,
        rtol=RELATIVE,
        atol=ABSOLUTE,
        lband=k - 1,
        uband=k - 1,
    )
    if not solved.success:
        raise GameError(
            f"the paths cannot be followed to the end ({solved.message}); take a shorter one", "duration"
        )
    return np.asarray(solved.y.T.reshape(len(times), b, k).transpose(1, 0, 2))
