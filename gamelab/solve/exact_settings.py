"""Thresholds of any setting in fractions: its least value, and up to which cost a profile pays."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from gamelab.errors import GamelabError
from gamelab.model.answers import Missing, not_known
from gamelab.solve.exact_chain import ONE, ZERO, exact_chain
from gamelab.solve.exact_fits import Gains, fitted
from gamelab.solve.exact_thresholds import ExactBuild, agrees, holds_at, named_gains
from gamelab.solve.inference import CANNOT_TELL, infers_others
from gamelab.solve.irrational import Irrational, around
from gamelab.solve.polynomials import Root, simplest
from gamelab.solve.setting_thresholds import REFUSED
from gamelab.solve.sign_regions import Regions, regions

UNBOUNDED = "unbounded"
FAR = 2**60
HALVINGS = 80
UNFITTED = not_known("gains are no quotients of polynomials of a low degree in it, as far as fractions show")


Answer = Fraction | Irrational | Missing | str | None
"""A value; ``unbounded``; None where there is none; or why it is not known."""


@dataclass(frozen=True)
class Range:
    """The values of a setting between two, as numbers between 0 and 1.

    Parameters
    ----------
    low, high : Fraction or None
        None for infinity, at one of the ends.
    """

    low: Fraction | None
    high: Fraction | None

    def value(self, at: Fraction) -> Fraction:
        """Return the value that a number strictly between 0 and 1 stands for."""
        if self.low is None:
            return (self.high or ZERO) - (1 - at) / at
        return self.low + (at / (1 - at) if self.high is None else (self.high - self.low) * at)

    def end(self, root: Root) -> Fraction | Irrational:
        """Return the value that a root stands for."""
        at = root.settle()
        return self.value(at) if at is not None else Irrational(*map(self.value, around(root)))

    def judged(self, gains_at: Callable[[Fraction], Gains], holds: Callable[[Fraction], bool],
               at_roots: bool = True) -> Regions | None:  # fmt: skip
        """Return where gains are at most zero; None where no quotients fit, or games made there disagree."""
        seen: list[Fraction] = []

        def gains(at: Fraction) -> Gains:
            seen.append(at)
            return gains_at(self.value(at))

        polynomials = fitted(gains, ZERO, ONE)
        if polynomials is None:
            return None
        parts = regions(polynomials, ZERO, ONE)
        agree = agrees(lambda at: holds(self.value(at)), parts, seen=seen, at_roots=at_roots)
        return parts if agree else None


def exact_least(build: ExactBuild, present: Fraction, low: Fraction | None, high: Fraction | None) -> Answer:
    """Return the least value of a setting down to which a profile holds, going down from its present value.

    Where it does not hold at present, the least value above at which it does.

    Parameters
    ----------
    build : callable
        From a value of the setting to the exact game and the profile. What it refuses outside of a range
        around the present value is left out.
    present : Fraction
    low, high : Fraction or None
        Values beyond these are not asked about; None for infinity.

    Notes
    -----
    As for discount factors, but gains are fitted through their values at a few points; see
    ``exact_thresholds``.
    """
    if not infers_others(exact_chain(*build(present)).chain):
        return CANNOT_TELL
    holds = functools.cache(functools.partial(holds_at, build))
    try:
        if holds(present):
            return _downwards(build, holds, present, admissible(build, present, low, -1))
        return _upwards(build, holds, present, admissible(build, present, high, 1))
    except GamelabError:  # some value in between is refused
        return REFUSED


def _downwards(
    build: ExactBuild, holds: Callable[[Fraction], bool], present: Fraction, low: Fraction | None
) -> Answer:
    span = Range(low, present)
    if low == present:
        return present
    parts = span.judged(functools.partial(named_gains, build), holds)
    if parts is None:
        return UNFITTED
    k = len(parts.roots)
    if not parts.inside[k]:
        return present
    while k and parts.inside[k - 1]:
        k -= 1
    return span.end(parts.roots[k - 1]) if k else UNBOUNDED if low is None else low


def _upwards(
    build: ExactBuild, holds: Callable[[Fraction], bool], present: Fraction, high: Fraction | None
) -> Answer:
    span = Range(present, high)
    if high == present:
        return None
    parts = span.judged(functools.partial(named_gains, build), holds)
    if parts is None:
        return UNFITTED
    if parts.inside[0]:
        return present
    for k, root in enumerate(parts.roots):
        if parts.at_root[k] or parts.inside[k + 1]:
            return span.end(root)
    return high if high is not None and _taken(build, high) and holds(high) else None


def _taken(build: ExactBuild, value: Fraction) -> bool:
    try:
        build(value)
    except GamelabError:
        return False
    return True


def admissible(build: ExactBuild, present: Fraction, limit: Fraction | None, sign: int) -> Fraction | None:
    """Return how far a setting can go towards a limit (None: infinity) before its game is refused.

    The edge may itself be refused, as a temptation is that equals the reward.

    Raises
    ------
    GamelabError
        Where the edge is no simple fraction.
    """
    far = limit if limit is not None else present + sign * FAR
    if far == present or _taken(build, far):
        return limit
    inside, outside = present, far
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if _taken(build, middle) else (inside, middle)
    edge = simplest(min(inside, outside), max(inside, outside))
    beside = sign * abs(outside - inside)
    if _taken(build, edge - beside) and not _taken(build, edge + beside):
        return edge
    raise GamelabError("no simple edge")


def exact_break_even(build: ExactBuild, net_benefit: Callable[[Fraction], Fraction]) -> Answer:
    """Return the supremum of the costs at which a profile still holds and its net benefit is positive.

    Parameters
    ----------
    build : callable
        From a value of the cost setting to the exact game and the profile.
    net_benefit : callable
        From a value of the setting to the net benefit.
    """
    if not infers_others(exact_chain(*build(ZERO)).chain):
        return CANNOT_TELL
    net = functools.cache(net_benefit)

    @functools.cache
    def pays(cost: Fraction) -> bool:
        return net(cost) > 0 and holds_at(build, cost)

    span = Range(ZERO, None)
    parts = span.judged(lambda cost: {**named_gains(build, cost), "net": -net(cost)}, pays, at_roots=False)
    if parts is None:
        return UNFITTED
    if parts.inside[-1]:
        return UNBOUNDED
    for k in reversed(range(len(parts.roots))):
        if parts.inside[k]:
            return span.end(parts.roots[k])
        if parts.at_root[k]:  # at one cost only, and there the net benefit must not be zero
            alone = span.end(parts.roots[k])
            if not isinstance(alone, Fraction):
                return not_known("at most at one cost, which is no fraction")
            if pays(alone):
                return alone
    return ZERO if pays(ZERO) else None
