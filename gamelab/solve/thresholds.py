"""Thresholds: at which discount factors a profile is an equilibrium, and up to which cost it pays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gamelab.model.answers import Missing, not_known
from gamelab.model.automaton import Automaton
from gamelab.model.budget import too_many_rounds
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.solve.brackets import bisected, narrowed
from gamelab.solve.continuation import alternatives
from gamelab.solve.crossings import (
    Build,
    Gains,
    all_gains,
    distinct,
    excess,
    one_of_each,
    seen_at,
    sign_changes,
    with_turns,
)
from gamelab.solve.inference import CANNOT_TELL, infers_others
from gamelab.solve.joint import Chain, chains
from gamelab.solve.moves import usual_size
from gamelab.solve.near_one import NEAR, NearOne
from gamelab.solve.sign_regions import joined
from gamelab.ties import TOLERANCE

SAMPLES = 1025
POLISH = 1e-6
ROUNDED = 1e-9
"""Closer to 1 than this, strategies that depend on the discount factor are not told apart."""
SMALL = 1e-6
"""Of what it is at the ends: where a gain stays larger all around a zero of another, nothing holds."""
NEAREST_TO_ZERO = 1e-15
"""Zeros closer to 0 than this are those of gains that are zero at 0."""
NEAREST_TO_ONE = 2.0**-53
"""A discount factor closer to 1 than this is 1 in floats."""
ULPS = 2.0**-50
CLOSE_STEPS = 10.0 ** -np.arange(6, 13)
"""Where 1 - d is looked at when strategies depend on d, or the chain is large."""
MOST_EIGENVALUES = 2_000_000_000
SHIFTS = (0.6180339887498949, 0.2360679774997897)
"""Where pencils are inverted: discount factors at which hardly any gain of a stated game is zero."""
TOO_RARE = not_known("some chance is too small beside 1 for floats; ask with exact: yes")
TOO_CLOSE = not_known("its verdict changes closer to 1 than floats can tell; ask with exact: yes")


@dataclass(frozen=True)
class Interval:
    """A range of a setting; one point where ``low == high``.

    Parameters
    ----------
    low, high : float
    includes : str
        ``both``, ``left``, ``right`` or ``neither`` of the ends.
    exact : mapping or None
        What fractions say of the ends, as texts; only where exact results were asked for.
    """

    low: float
    high: float
    includes: str = "both"
    exact: Mapping[str, Any] | None = field(default=None, compare=False)

    def __contains__(self, value: float) -> bool:
        left = value >= self.low if self.includes in ("both", "left") else value > self.low
        right = value <= self.high if self.includes in ("both", "right") else value < self.high
        return left and right

    def to_dict(self) -> dict[str, Any]:
        """Return the interval as in the results file."""
        return {"from": self.low, "to": self.high, "includes": self.includes, "exact": self.exact}

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{{{self.low:.6g}}}"
        left = "[" if self.includes in ("both", "left") else "("
        right = "]" if self.includes in ("both", "right") else ")"
        return f"{left}{self.low:.6g}, {self.high:.6g}{right}"


def sustainable_discount_factors(build: Build, *, tolerance: float = TOLERANCE) -> list[Interval] | Missing:
    """Return the discount factors at which a profile is a perfect equilibrium.

    Parameters
    ----------
    build : callable
        From discount factors (b,) to a batched game and the profile, made anew for each of them.
    tolerance : float
        Relative to the largest number in the comparison of a gain.

    Returns
    -------
    list of Interval, or Missing
        In order; one-point sets included; empty where it never holds. ``not known`` where the one-shot test
        does not apply because players cannot tell the others' states, and where floats cannot tell.

    Notes
    -----
    1. Every gain from one deviation is a rational function of the discount factor: its zeros are eigenvalues
       of a matrix pencil. Where payoffs or strategies depend on the factor, and over finitely many rounds,
       zeros and minima of the largest gain are bracketed on a grid and refined.
    2. Between two neighbouring zeros no verdict changes: one point decides. Closer to 1 than a millionth
       gains are computed as functions of 1 - d, in which nothing large cancels: see ``near_one``.
    """
    game, automata = build(np.array([0.5]))
    for _, chain in chains(game, automata):
        if not infers_others(chain):
            return CANNOT_TELL
    if game.rounds is not None:
        return too_many_rounds(game.rounds, chain.size, len(game.profiles)) or _closed(build, tolerance)
    try:
        return _open_ended(build, tolerance)
    except np.linalg.LinAlgError:  # 1 less such a chance is 1 in floats: a state that is left looks closed
        return TOO_RARE


def _open_ended(build: Build, tolerance: float) -> list[Interval] | Missing:
    """Return the same for open-ended games, where 1 is no discount factor."""
    steady = _steady(build)
    roots = None if steady is None else _zeros(build, steady, tolerance)
    close = _Close(build, steady if roots is not None else None, tolerance)
    if roots is None:
        roots = _bracketed(build, tolerance, closed=False)
    roots = distinct(roots[(roots > NEAREST_TO_ZERO) & (roots < 1 - NEAR)])
    # everything by its distance to 1, which keeps its digits there; the last end stands for 1 itself
    apart = np.concatenate([[1.0], 1 - roots, close.roots()[::-1], [0.0]])
    middles = np.where(apart[1:] < NEAR, np.sqrt(apart[:-1] * apart[1:]), (apart[:-1] + apart[1:]) / 2)
    middles[-1] = apart[-2] / 2
    holds = close.holds(np.concatenate([apart[:-1], middles]))
    at_end, between = [*holds[: len(middles)].tolist(), False], holds[len(middles) :].tolist()
    count = int((apart[:-1] >= NEAREST_TO_ONE).sum())
    if len(set(between[count - 1 :] + at_end[count:-1])) > 1:
        return TOO_CLOSE
    ends = np.concatenate([1 - apart[:count], [1.0]])
    ends[1 : 1 + len(roots)] = roots
    return [_as_point(one) for one in runs(ends, [*at_end[:count], False], between[:count], closed=False)]


def _as_point(interval: Interval) -> Interval:
    """Return an interval as one point where its ends are neighbouring floats below 1: two gains' zeros."""
    narrow = 0 < interval.high - interval.low <= ULPS and interval.high < 1
    middle = (interval.low + interval.high) / 2
    return Interval(middle, middle) if narrow and 1 - middle < NEAR else interval


def _closed(build: Build, tolerance: float) -> list[Interval]:
    """Return the same for finitely many rounds, where 1 is a discount factor like others."""
    roots = _bracketed(build, tolerance, closed=True)
    ends = np.concatenate([[0.0], distinct(roots[(roots > NEAREST_TO_ZERO) & (roots < 1)]), [1.0]])
    holds = excess(build, np.concatenate([ends, (ends[:-1] + ends[1:]) / 2]), tolerance) <= 0
    return runs(ends, holds[: len(ends)].tolist(), holds[len(ends) :].tolist(), closed=True)


class _Close:
    """What holds where the discount factor is close to 1, and elsewhere, by 1 - d."""

    def __init__(self, build: Build, steady: Chain | None, tolerance: float):
        self.build, self.tolerance = build, tolerance
        self.near = None if steady is None else NearOne(steady)

    def roots(self) -> Floats:
        """Return 1 - d below ``NEAR`` where a verdict may change, ascending."""
        if self.near is not None:
            return self.near.roots()
        holds = self.holds(CLOSE_STEPS)
        cells = np.flatnonzero(holds[1:] != holds[:-1])
        return np.sort(bisected(self.holds, CLOSE_STEPS[cells + 1], CLOSE_STEPS[cells]))

    def holds(self, apart: Floats) -> Bools:
        """Return whether the profile holds at these 1 - d, (k,)."""
        most = np.empty(len(apart))
        close = apart < NEAR
        if (~close).any():
            most[~close] = excess(self.build, 1 - apart[~close], self.tolerance)
        if close.any() and self.near is not None:
            most[close] = self.near.excess(apart[close], self.tolerance)
        elif (
            close.any()
        ):  # a strategy that depends on the factor is itself rounded: closer is judged as there
            most[close] = excess(self.build, 1 - np.maximum(apart[close], ROUNDED), self.tolerance)
        return np.asarray(most <= 0)


def critical_discount_factor(intervals: list[Interval] | Missing) -> float | Missing | None:
    """Return the left end of the last interval where that reaches 1, else None; or why it is not known."""
    if isinstance(intervals, Missing):
        return intervals
    return intervals[-1].low if intervals and intervals[-1].high == 1.0 else None


def runs(ends: Floats, at_end: list[bool], between: list[bool], *, closed: bool) -> list[Interval]:
    """Join what holds into intervals; what holds between two zeros holds at both (gains are continuous)."""
    last = len(between)
    held = [here or any(between[max(k - 1, 0) : min(k + 1, last)]) for k, here in enumerate(at_end)]
    return [
        Interval(float(low), float(high), "left" if high == 1.0 and not closed else "both")
        for low, high, *_ in joined(ends.tolist(), held, between)
    ]


def _steady(build: Build) -> Chain | None:
    """Return the chain of which nothing but the weight of the next round varies, or None."""
    if not _constant(*build(np.array([0.5, 1 - 2.0**-25, 1 - 2.0**-40, 2.0**-40]))):
        return None
    game, automata = build(np.array([0.5, 0.23606797749979, 0.811]))
    parts = list(chains(game, automata))
    return parts[0][1] if len(parts) == 1 and _constant(game, automata) else None


def _constant(game: Game, automata: Sequence[Automaton]) -> bool:
    arrays = [game.probabilities, *(automaton.action for automaton in automata)]
    arrays += [part for flow in game.flows.values() for part in flow.parts()]
    return all(array.shape[0] == 1 or bool((array == array[:1]).all()) for array in arrays)


def _zeros(build: Build, chain: Chain, tolerance: float) -> Floats | None:
    """Return the zeros of every gain over the discount factor, or None where they are too many to find."""
    rows = _deviations(chain)
    if len(rows) * (chain.size + 1) ** 3 > MOST_EIGENVALUES:
        return None
    return _polished(build, _pencil_zeros(chain, rows), tolerance)


def _deviations(chain: Chain) -> list[tuple[int, int, int]]:
    """Return one (joint state, player, action) for each distinct gain that is not constantly zero."""
    every = all_gains(chain)
    places = np.argwhere(np.stack([alternatives(chain, i) for i in range(chain.game.n)], axis=1))
    seen: dict[tuple[float, ...], tuple[int, int, int]] = {}
    for (x, i, a), at, error in zip(places.tolist(), every.gain.T, every.error.T, strict=True):
        if (np.abs(at) > error).any():
            size = np.exp2(np.ceil(np.log2(np.abs(at).max())))
            seen.setdefault((size, *np.round(at / size, 11)), (x, i, a))
    return sorted(seen.values(), key=lambda place: (place[1], place[0], place[2]))


def _pencil_zeros(chain: Chain, rows: list[tuple[int, int, int]]) -> Floats:
    """Solve det(A - d B) = 0 for each deviation.

    With W = (I - M_in - d M_end)^-1 u, a gain is g(d) = v + (m_in + d m_end) W, which is the Schur complement
    of [[I - M_in - d M_end, u], [-m_in - d m_end, v]]: its zeros are the pencil's eigenvalues.
    """
    X = chain.size
    matrix = chain.transition(chain.weights)[0]
    flow = (chain.weights[..., None] * chain.utility).sum(axis=2)
    A, B = np.zeros((len(rows), X + 1, X + 1)), np.zeros((len(rows), X + 1, X + 1))
    A[:, :X, :X] = np.eye(X) - matrix * ~chain.ends[:, None]
    B[:, :X, :X] = matrix * chain.ends[:, None]
    for k, (x, i, a) in enumerate(rows):
        chosen = (chain.game.profiles[:, i] == a) * chain.others[i][0, min(x, chain.others[i].shape[1] - 1)]
        moved = chain.transition_from(x, np.broadcast_to(chosen, (len(chain.game.profiles),))) - matrix[x]
        A[k, :X, X] = flow[0, :, i]
        A[k, X, X] = chosen @ chain.utility[0, x, :, i] - flow[0, x, i]
        if chain.ends[x]:
            B[k, X, :X] = moved
        else:
            A[k, X, :X] = -moved
    size = np.abs(A[:, :, X]).max(axis=1, keepdims=True)
    A[:, :, X] /= np.where(size > 0, size, 1)  # no zero moves, and the smallest payoffs are divided by, too
    zeros = _pencil_eigenvalues(A, B)
    real = zeros[np.abs(zeros.imag) < 1e-7].real
    return real[(real >= 0) & (real < 1)]


def _pencil_eigenvalues(A: Floats, B: Floats) -> NDArray[np.complexfloating]:
    """Return every d with det(A - d B) = 0, of k pencils (k, n, n), by inverting A - s B at a shift s.

    A pencil that is singular at one shift may have its zero just there; one that is singular at two is of a
    gain that is zero at every discount factor, which has no zeros of its own.
    """
    zeros = []
    for shift in SHIFTS:
        left = A - shift * B
        regular = np.linalg.slogdet(left).sign != 0
        with np.errstate(all="ignore"):
            inverse = np.linalg.eigvals(np.linalg.solve(left[regular], B[regular]))
            zeros.append(shift + 1 / inverse[np.abs(inverse) > 1e-9])
        A, B = A[~regular], B[~regular]
    return np.concatenate(zeros)


def _bracketed(build: Build, tolerance: float, *, closed: bool) -> Floats:
    """Return the zeros of gains that may change a verdict, bracketed on a grid and refined."""
    grid = np.linspace(0, 1, SAMPLES) if closed else 1 - np.linspace(1, 1 / SAMPLES, SAMPLES) ** 2
    return sign_changes(build, with_turns(build, seen_at(build, grid, tolerance), tolerance), tolerance)


def _polished(build: Build, roots: Floats, tolerance: float) -> Floats:
    """Return the zeros again, to the last bits where a gain changes its sign there.

    Those are left out around which another gain is too large: no verdict changes there.
    """
    if len(roots) == 0:
        return roots
    low, high = np.maximum(roots - POLISH, 0), np.minimum(roots + POLISH, 1 - 1e-15)
    ends = _gains(build, np.concatenate([low, high]), tolerance)
    left, right = ends.gain[: len(low)], ends.gain[len(low) :]
    size = np.maximum(np.abs(left), np.abs(right))
    small = np.minimum(left, right) - np.abs(right - left) <= SMALL * size + ends.eps[: len(low)]
    open_cells = np.flatnonzero(small.all(axis=1))
    flat = size <= ends.error[: len(low)]
    roots, low, high, left, right, flat = (part[open_cells] for part in (roots, low, high, left, right, flat))
    place, which = np.nonzero(((left <= 0) != (right <= 0)) & ~flat)
    first = one_of_each(place, left[place, which], right[place, which])
    place, which = place[first], which[first]

    def gain(at: Floats, number: Ints) -> Floats:
        return np.asarray(_gains(build, at).gain[np.arange(len(at)), which[number]])

    exact = narrowed(gain, (low[place], left[place, which]), (high[place], right[place, which]))
    return np.concatenate([exact, np.delete(roots, place)])


def _gains(build: Build, factors: Floats, tolerance: float = 0.0) -> Gains:
    """Return every one-shot gain, (b, m), of a game with one pattern of zeros."""
    parts = [all_gains(chain, tolerance, len(factors)) for _, chain in chains(*build(factors))]
    return Gains(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("gain", "error", "eps"))
    )


def break_even(
    build: Build, net_benefit: Callable[[Floats], Floats], *, tolerance: float = TOLERANCE
) -> float | Missing | None:
    """Return the supremum of the costs at which a profile still holds and its net benefit is positive.

    Parameters
    ----------
    build : callable
        From values of the cost setting, (b,), to the batched game and the profile.
    net_benefit : callable
        From values of the setting to the net benefit, (b,).

    Returns
    -------
    float, Missing or None
        ``inf`` where every cost will do; None where none does; ``not known`` where players cannot tell the
        others' states so that the one-shot test does not apply.

    Notes
    -----
    Gains and net benefit are linear in a cost; where three points are not on a line the supremum is
    bracketed by doubling and bisected instead.
    """
    unit = usual_size(build(np.zeros(1))[0])
    probes = unit * np.arange(3)
    game, automata = build(probes)
    parts = list(chains(game, automata))
    if not all(infers_others(chain) for _, chain in parts):
        return CANNOT_TELL
    net = np.asarray(net_benefit(probes))
    if len(parts) == 1:
        every = all_gains(parts[0][1], tolerance)
        gains = every.gain - every.eps[0]
        gains = np.broadcast_to(gains, (len(probes), gains.shape[1]))  # one row where no gain depends on it
        lines = np.concatenate([gains, -net[:, None]], axis=1) / unit
        bend = np.abs(lines[0] - 2 * lines[1] + lines[2])
        if (bend <= 1e-9 * (1 + np.abs(lines).max(axis=0))).all():
            highest = _linear_supremum(lines[0], lines[1] - lines[0], strict=-1)
            return None if highest is None else unit * highest
    return _searched(unit, lambda v: (excess(build, v, tolerance) <= 0) & (np.asarray(net_benefit(v)) > 0))


def _linear_supremum(constant: Floats, slope: Floats, *, strict: int) -> float | None:
    """Return the supremum of v >= 0 with constant + slope v <= 0, and < 0 for the entry ``strict``."""
    flat = np.abs(slope) <= 1e-12 * (1 + np.abs(constant))
    if (constant[flat] > 0).any() or (flat[strict] and constant[strict] >= 0):
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = -constant / slope
    upper = float(np.min(crossing[~flat & (slope > 0)], initial=np.inf))
    lower = float(np.max(crossing[~flat & (slope < 0)], initial=0.0))
    open_end = slope[strict] != 0 and crossing[strict] in (upper, lower) and not flat[strict]
    if lower > upper or upper < 0 or (lower == upper and open_end):
        return None
    return upper


def _searched(unit: float, holds: Callable[[Floats], Any]) -> float | None:
    grid = unit * np.concatenate([[0.0], np.geomspace(1e-6, 1e9, 301)])
    good = np.flatnonzero(holds(grid))
    if len(good) == 0:
        return None
    last = int(good[-1])
    if last == len(grid) - 1:
        return float("inf")
    return float(bisected(holds, grid[[last]], grid[[last + 1]])[0])
