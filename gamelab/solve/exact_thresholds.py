"""Thresholds in fractions: the ends of intervals confirmed, open and closed, and break-even costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from gamelab.model.automaton import Automaton
from gamelab.model.game import Game
from gamelab.solve.exact_certificate import gains
from gamelab.solve.exact_chain import exact_chain
from gamelab.solve.inference import infers_others
from gamelab.solve.thresholds import NEAREST_TO_ONE, Interval

ExactBuild = Callable[[Fraction], tuple[Game, Sequence[Automaton]]]
"""From a value of one setting to the exact game and the profile in it."""

DENOMINATORS = (10, 1_000, 1_000_000, 10**9)
"""Fractions with a denominator up to these are tried as ends, simple ones first."""
FINE = (Fraction(1, 10**12), Fraction(1, 10**20))
"""How far to both sides of an end a change of sign is looked for: first as found, then as refined."""
NEAR = Fraction(1, 10**9)


@dataclass(frozen=True)
class End:
    """One end of an interval: the fraction that it is (None where none was found), and what was shown.

    Parameters
    ----------
    value : Fraction or None
    included : bool
    confirmed : bool
        Whether the verdict changes there, shown in fractions: at the value, or within 1e-12 of the end.
    """

    value: Fraction | None
    included: bool
    confirmed: bool


def confirmed(build: ExactBuild, intervals: Iterable[Interval], *, closed: bool) -> list[Interval]:
    """Return intervals of discount factors with what fractions say of their ends in ``exact``.

    Parameters
    ----------
    build : callable
    intervals : iterable of Interval
        As found in floats.
    closed : bool
        Whether 1 is a discount factor that the game can have.

    Notes
    -----
    An end is a zero of the largest gain. A fraction near it is tried: where the largest gain is exactly zero
    there, and positive beyond, it is the end. Else the gain is evaluated 1e-12 to both sides: a change of
    sign confirms an end that is no simple fraction, such as a root.
    """
    gain = Gain(build, lambda factor: 0 <= factor < 1 or (closed and factor == 1))
    found = []
    for interval in intervals:
        told = _told(gain, interval)
        includes = told["includes"] if told["confirmed"] else interval.includes
        found.append(replace(interval, exact=told, includes=includes))
    return found


def _told(gain: Gain, interval: Interval) -> dict[str, Any]:
    low = _end(gain, interval.low, -1, interval.includes in ("both", "left"))
    one_point = interval.low == interval.high
    high = _end(gain, interval.high, 1, interval.includes in ("both", "right"))
    inside = one_point or gain.holds(Fraction((interval.low + interval.high) / 2))
    sides = {(True, True): "both", (True, False): "left", (False, True): "right", (False, False): "neither"}
    return {
        "from": None if low.value is None else str(low.value),
        "to": None if high.value is None else str(high.value),
        "includes": sides[low.included, high.included],
        "confirmed": low.confirmed and high.confirmed and inside,
    }


def exact_least(build: ExactBuild, least: float, low: float, high: float) -> Fraction | None:
    """Return the value of a setting down to which a profile holds, found in floats, as a fraction.

    None where fractions near it do not confirm it. The setting goes from ``low`` to ``high``.
    """
    gain = Gain(build, lambda value: low <= value <= high)
    if least == low and gain.holds(Fraction(least)):
        return Fraction(least)
    end = _inner_end(gain, least, -1, included=True)
    return end.value if end.confirmed else None


class Gain:
    """The largest gain from one departure at any value of a setting, each found once.

    Parameters
    ----------
    build : callable
    possible : callable
        Whether the setting can have a value.
    """

    def __init__(self, build: ExactBuild, possible: Callable[[Fraction], bool]):
        self.build, self.possible = build, possible
        self._known: dict[Fraction, Fraction | None] = {}

    def at(self, value: Fraction) -> Fraction | None:
        """Return the largest gain, in payoffs of its own round; None where nobody has a choice."""
        if value not in self._known:
            chain = exact_chain(*self.build(value))
            self._known[value] = max((gain for gain, *_ in gains(chain)), default=None)
        return self._known[value]

    def holds(self, value: Fraction) -> bool:
        """Tell whether no departure gains anything."""
        most = self.at(value)
        return most is None or most <= 0


def _end(gain: Gain, end: float, beyond: int, included: bool) -> End:
    if end in (0.0, 1.0) and gain.possible(Fraction(end)):
        return End(Fraction(end), gain.holds(Fraction(end)), True)
    if end == 1.0:
        return End(Fraction(1), False, gain.holds(1 - Fraction(str(NEAREST_TO_ONE))))
    return _inner_end(gain, end, beyond, included)


def _inner_end(gain: Gain, end: float, beyond: int, included: bool) -> End:
    near, scale = Fraction(end), max(Fraction(1), abs(Fraction(end)))
    for limit in DENOMINATORS:
        found = _tried(gain, near.limit_denominator(limit), near, beyond * NEAR * scale)
        if found is not None:
            return found
    changes = False
    for k, step in enumerate(FINE):
        before, after = near - beyond * step * scale, near + beyond * step * scale
        if not (gain.possible(before) and gain.possible(after)):
            break
        inside, outside = gain.at(before), gain.at(after)
        if inside is None or outside is None or not inside <= 0 < outside:
            break
        changes = True
        near = before - inside * (after - before) / (outside - inside)
        found = _tried(gain, near.limit_denominator(10 ** (11 + 8 * k)), near, beyond * NEAR * scale)
        if found is not None:
            return found
        near = near.limit_denominator(10**60)
    return End(None, included, changes)


def _tried(gain: Gain, candidate: Fraction, near: Fraction, beyond: Fraction) -> End | None:
    """Return the end if it is this fraction: the largest gain is zero there and positive beyond."""
    if abs(candidate - near) > abs(beyond) or not gain.possible(candidate) or gain.at(candidate) != 0:
        return None
    outside = candidate + beyond
    return End(candidate, True, not gain.possible(outside) or not gain.holds(outside))


def exact_break_even(build: ExactBuild, net_benefit: Callable[[Fraction], Fraction]) -> Fraction | str | None:
    """Return the supremum of the costs at which a profile still holds and its net benefit is positive.

    Parameters
    ----------
    build : callable
        From a value of the cost setting to the exact game and the profile.
    net_benefit : callable
        From a value of the setting to the net benefit.

    Returns
    -------
    Fraction, str or None
        ``unbounded`` where every cost will do, None where none does, ``unknown`` where gains and net benefit
        are no linear functions of the cost.
    """
    points = [Fraction(k) for k in range(3)]
    rows = []
    for point in points:
        chain = exact_chain(*build(point))
        if not infers_others(chain.chain):
            return None
        rows.append({(x, i, a, t): gain for gain, x, i, a, t in gains(chain)})
    if rows[0].keys() != rows[1].keys() or rows[1].keys() != rows[2].keys():
        return "unknown"
    lines = [(rows[0][key], rows[1][key], rows[2][key], False) for key in rows[0]]
    net = [-net_benefit(point) for point in points]
    lines.append((net[0], net[1], net[2], True))
    if any(second - first != third - second for first, second, third, _ in lines):
        return "unknown"
    return _supremum([(first, second - first, strict) for first, second, _, strict in lines])


def _supremum(lines: Iterable[tuple[Fraction, Fraction, bool]]) -> Fraction | str | None:
    """Return the supremum of v >= 0 with constant + slope v <= 0 on every line, and < 0 on a strict one."""
    low, high = Fraction(0), None
    open_low, open_high = False, False
    for constant, slope, strict in lines:
        if slope == 0:
            if constant > 0 or (strict and constant == 0):
                return None
            continue
        crossing = -constant / slope
        if slope > 0 and (high is None or crossing <= high):
            open_high = strict or (open_high and crossing == high)
            high = crossing
        elif slope < 0 and crossing >= low:
            open_low = strict or (open_low and crossing == low)
            low = crossing
    if high is None:
        return "unbounded"
    if high < low or (high == low and (open_low or open_high)):
        return None
    return high
