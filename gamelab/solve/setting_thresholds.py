"""Thresholds of any setting: at which of its values a profile is an equilibrium, and the least of these."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gamelab.errors import GamelabError
from gamelab.model.answers import Missing, not_known
from gamelab.model.game import Bools, Floats, Game
from gamelab.solve.crossings import (
    Build,
    Seen,
    distinct,
    excess,
    seen_at,
    segments,
    sign_changes,
    with_turns,
)
from gamelab.solve.inference import CANNOT_TELL
from gamelab.solve.moves import material_spread, usual_size
from gamelab.solve.thresholds import Interval, runs
from gamelab.ties import TOLERANCE

NODES = 129
"""Points of the grid, evenly; as many again lie close to its ends."""
NEAR = np.geomspace(1e-9, 0.5 / NODES, 24)
USUAL = (0.0, 1.0, -1.0)
"""Where chances end, and where those end whose sign is turned round."""
REFUSED = not_known("the game is refused at some values on the way")
BESIDE = 1e3
"""How many gaps between roots the lowest excess may lie beside a zero of the gains."""
FAR = 1e6
"""In units of the largest difference of payoffs: what holds up to here holds without bound."""


def sustainable_values(
    build: Build, low: float, high: float, *, tolerance: float = TOLERANCE
) -> list[Interval] | Missing:
    """Return the values of one setting, ``low`` to ``high``, at which a profile is a perfect equilibrium.

    Parameters
    ----------
    build : callable
        From values of the setting, (b,), to the batched game and the profile. It must take every value
        from ``low`` to ``high``.
    low, high : float
        Both included; either may be infinite.
    tolerance : float
        Relative to the largest number in the comparison of a gain.

    Returns
    -------
    list of Interval, or Missing
        In order; one-point sets included; empty where it never holds. ``not known`` where the one-shot test
        does not apply because players cannot tell the others' states.

    Notes
    -----
    1. Gains are piecewise smooth in a setting, and often linear: then their zeros are exact. Otherwise they
       are followed over a grid that is finer near its ends, and changes of sign of every gain, and the dips
       and peaks of the largest, are bracketed and refined. Two zeros of one gain within one cell of the
       grid are found only where they show in the largest.
    2. Between two neighbouring zeros no verdict changes: one point decides. Where probabilities become
       zero, other histories are reached: such values, both ends mostly, are decided by themselves.
    """
    if low == high:
        return _at(build, low, tolerance)
    grid, unbounded = _grid(build, low, high)
    seen = seen_at(build, grid, tolerance)
    if not seen.applies:
        return CANNOT_TELL
    roots = _linear_zeros(seen)
    if roots is None:
        seen = with_turns(build, seen, tolerance)
        roots = sign_changes(build, seen, tolerance)
    first, last = grid[0], grid[-1]
    gap = (1e-10 / FAR if any(unbounded) else 1e-10) * (last - first)
    alone = seen.values[1:-1][_alone(seen.most)]
    roots = roots[(roots > first) & (roots < last)]
    # where gains cross at their zero, the lowest excess lies beside it by what their tolerances differ
    alone = alone[(np.abs(alone[:, None] - roots) > BESIDE * gap).all(axis=1)]
    roots = np.sort(np.concatenate([alone, distinct(roots, gap)]))
    ends = np.concatenate([[first], roots, [last]])
    intervals = runs(ends, *_decided(build, seen, ends, tolerance), closed=True)
    return [_unbound(interval, first, last, *unbounded) for interval in intervals]


def _decided(build: Build, seen: Seen, ends: Floats, tolerance: float) -> tuple[list[bool], list[bool]]:
    """Return whether a profile holds at each end and between two; what was seen is not asked again."""
    middles = (ends[:-1] + ends[1:]) / 2
    near = np.abs(seen.values - middles[:, None]).argmin(axis=1)
    between = seen.most[near] <= 0
    unseen = np.flatnonzero(np.abs(seen.values[near] - middles) > np.diff(ends) / 4)
    if len(unseen):
        between[unseen] = excess(build, middles[unseen], tolerance) <= 0
    at_end = np.concatenate([[seen.most[0] <= 0], between[:-1] | between[1:], [seen.most[-1] <= 0]])
    alone = 1 + np.flatnonzero(~at_end[1:-1])
    if len(alone):
        at_end[alone] = excess(build, ends[alone], tolerance) <= 0
    return at_end.tolist(), between.tolist()


def _at(build: Build, value: float, tolerance: float) -> list[Interval] | Missing:
    seen = seen_at(build, np.array([value]), tolerance)
    if not seen.applies:
        return CANNOT_TELL
    return [Interval(value, value)] if seen.most[0] <= 0 else []


def least(
    build: Build, present: float, low: float, high: float, *, tolerance: float = TOLERANCE
) -> float | Missing | None:
    """Return the least value of a setting down to which a profile holds, going down from its present value.

    Where it does not hold at present, the least value above at which it does.

    Parameters
    ----------
    build : callable
        From values of the setting, (b,), to the batched game and the profile. What it refuses outside of an
        interval around the present value is left out.
    present : float
    low, high : float
        Values beyond these are not asked about.

    Returns
    -------
    float, Missing or None
        ``low`` where it holds all the way down; ``-inf`` where it does however low. None where it holds
        neither at present nor above; ``not known`` where the one-shot test does not apply, or the game is
        refused on the way.
    """
    try:
        below = _towards(build, present, low, tolerance)
        if isinstance(below, Missing):
            return below
        if below and below[-1].high == present:
            return below[-1].low
        above = _towards(build, present, high, tolerance)
    except GamelabError:
        return REFUSED
    if isinstance(above, Missing):
        return above
    return above[0].low if above else None


def _towards(build: Build, present: float, limit: float, tolerance: float) -> list[Interval] | Missing:
    """Return the sustainable values from the present one to a limit, or as far as the game is not refused."""

    def between(end: float) -> list[Interval] | Missing:
        return sustainable_values(build, min(present, end), max(present, end), tolerance=tolerance)

    try:
        return between(limit)
    except GamelabError:
        last, edge = admissible(build, present, limit)
        parts = between(last)
    ends = {last: edge}  # of what is refused from some value on, the edge is the threshold
    if isinstance(parts, Missing):
        return parts
    return [replace(one, low=ends.get(one.low, one.low), high=ends.get(one.high, one.high)) for one in parts]


def admissible(build: Build, present: float, limit: float) -> tuple[float, float]:
    """Return the last value that a setting can take towards a limit, and the edge of those that it can.

    The edge may itself be refused, as a temptation is that equals the reward.
    """

    def taken(value: float) -> bool:
        try:
            build(np.array([value]))
        except GamelabError:
            return False
        return True

    game, _ = build(np.array([present]))
    unit = usual_size(game)
    far = limit if np.isfinite(limit) else present + np.sign(limit) * FAR * _largest_unit(game)
    if far == present or taken(far):
        return limit, limit
    inside, outside = present, float(far)
    for usual in USUAL:
        if min(inside, outside) < usual < max(inside, outside):
            inside, outside = (usual, outside) if taken(usual) else (inside, usual)
    step = np.sign(far - present) * 1e-9 * max(1.0, abs(inside))
    if inside in USUAL and not taken(inside + step):
        return inside, inside
    while abs(outside - inside) > 1e-12 * max(unit, abs(inside), abs(outside)):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if taken(middle) else (inside, middle)
    return inside, float(np.round((inside + outside) / 2 / unit, 10) * unit)


def _grid(build: Build, low: float, high: float) -> tuple[Floats, tuple[bool, bool]]:
    """Return values to look at, and which of their ends stand for infinity."""
    unbounded = (bool(np.isinf(low)), bool(np.isinf(high)))
    if not any(unbounded):
        steps = np.concatenate([np.linspace(0, 1, NODES)[1:-1], NEAR, 1 - NEAR])
        return np.unique(np.concatenate([[low, high], low + (high - low) * steps])), unbounded
    start = 0.0 if all(unbounded) else high if unbounded[0] else low
    game, _ = build(np.array([start]))
    small, large = usual_size(game), _largest_unit(game)
    steps = large * np.concatenate([[0.0], NEAR, np.linspace(0, 8, NODES)[1:], np.geomspace(8, FAR, 65)])
    if small < large / 64:  # payoffs of far-apart sizes: the grid must be as fine for the small ones
        steps = np.concatenate([steps, small * NEAR, small * np.linspace(0, 8, NODES)[1:]])
    sides = ([start - steps] if unbounded[0] else []) + ([start + steps] if unbounded[1] else [])
    return np.unique(np.concatenate(sides)), unbounded


def _largest_unit(game: Game) -> float:
    return float(np.max(material_spread(game))) or 1.0


def _unbound(interval: Interval, first: float, last: float, below: bool, above: bool) -> Interval:
    """Return an interval with infinite ends where the grid's ends stand for these."""
    down, up = below and interval.low == first, above and interval.high == last
    if not (down or up):
        return interval
    includes = "neither" if down and up else "right" if down else "left"
    return Interval(-np.inf if down else interval.low, np.inf if up else interval.high, includes)


def _linear_zeros(seen: Seen) -> Floats | None:
    """Return the zeros of gains that are all linear between the ends; None where one is not."""
    places, gains, bounds = max(segments(seen), key=lambda segment: len(segment[0]))
    if len(places) < len(seen.values) - 2:
        return None
    v, slope = seen.values[places], gains[-1] - gains[0]
    line = gains[0] + ((v - v[0]) / (v[-1] - v[0]))[:, None] * slope
    if (np.abs(gains - line) > bounds + 1e-12 * np.abs(line)).any():
        return None
    steep = np.abs(slope) > bounds[0] + bounds[-1]
    with np.errstate(over="ignore", invalid="ignore"):
        t = np.unique(-gains[0, steep] / slope[steep])
        t = t[(t >= 0) & (t <= 1)]
        near = 1e-6 * np.maximum(np.abs(gains[0]), np.abs(gains[-1])) + bounds[0]
        small = (gains[0] + t[:, None] * slope <= near).all(axis=1)
    return np.asarray(v[0] + t[small] * (v[-1] - v[0]))


def _alone(most: Floats) -> Bools:
    """Return at which inner values a profile holds while it fails at both neighbours."""
    return np.asarray((most[1:-1] <= 0) & (most[:-2] > 0) & (most[2:] > 0))
