"""Thresholds in fractions: the discount factors at which a profile holds, from the roots of its gains."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from gamelab.model.answers import Missing, not_known
from gamelab.model.automaton import Automaton
from gamelab.model.game import Game
from gamelab.solve.exact_certificate import gains, text
from gamelab.solve.exact_chain import ONE, ZERO, ExactChain, exact_chain
from gamelab.solve.exact_fits import fitted
from gamelab.solve.gain_polynomials import gain_polynomials
from gamelab.solve.inference import CANNOT_TELL, infers_others
from gamelab.solve.irrational import around, decimal, known, nearest
from gamelab.solve.polynomials import Root
from gamelab.solve.sign_regions import SIDES, Regions, joined, regions
from gamelab.solve.thresholds import Interval

ExactBuild = Callable[[Fraction], tuple[Game, Sequence[Automaton]]]
"""From a value of one setting to the exact game and the profile in it."""

BESIDE = Fraction(1, 10**12)
"""How far from an end, relative to the ends of the range, both sides are tried."""
PROBES = (Fraction(1, 2), Fraction(3, 13), Fraction(17, 19), Fraction(1, 10**6), 1 - Fraction(1, 10**6))
"""What is the same at all of these does not depend on the discount factor; each end is tried again anyway."""
TOO_MUCH = not_known("fractions do not tell: its gains are no polynomials of a degree that can be handled")
DISAGREES = not_known("fractions do not confirm it: games made at single discount factors say something else")


def exact_discount_factors(build: ExactBuild, *, closed: bool) -> list[Interval] | Missing:
    """Return the discount factors at which a profile is a perfect equilibrium, shown in fractions.

    Parameters
    ----------
    build : callable
        From a discount factor to the exact game and the profile in it.
    closed : bool
        Whether 1 is a discount factor that the game can have.

    Returns
    -------
    list of Interval, or Missing
        In order, ``exact`` filled in, ``low`` and ``high`` the nearest floats; empty where it never holds.
        ``not known`` where fractions do not confirm it, or where the one-shot test does not apply because
        players cannot tell the others' states.

    Notes
    -----
    1. Each gain is a polynomial over one that is positive. Where strategies depend on the discount factor,
       quotients are fitted through gains at some factors instead.
    2. The roots of the polynomials are isolated; between two neighbouring ones no gain changes its sign.
    3. The game is then made again and certified on both sides of every end, at every end that is a fraction,
       0 and 1 included, and once between any two roots. One verdict that differs, and nothing is known.
    """
    chains = [exact_chain(*build(probe)) for probe in PROBES]
    if not infers_others(chains[0].chain):
        return CANNOT_TELL
    if all(_same(chains[0], chain) for chain in chains[1:]):
        polynomials = gain_polynomials(chains[0])
    else:
        polynomials = fitted(lambda at: named_gains(build, at), ZERO, ONE)
    if polynomials is None:
        return TOO_MUCH
    at = regions(polynomials, ZERO, ONE)
    if not agrees(functools.partial(holds_at, build), at):
        return DISAGREES
    ends = held(at, holds_at(build, ZERO), closed and holds_at(build, ONE))
    return [exact_interval(*each) for each in ends]


def _same(one: ExactChain, other: ExactChain) -> bool:
    parts = ("play", "follow", "pay")
    return one.size == other.size and all(getattr(one, part) == getattr(other, part) for part in parts)


def named_gains(build: ExactBuild, value: Fraction) -> dict[Any, Fraction]:
    """Return every gain from one deviation at a value of a setting, by its place."""
    return {tuple(place): gain for gain, *place in gains(exact_chain(*build(value)))}


def holds_at(build: ExactBuild, value: Fraction) -> bool:
    """Tell whether no deviation gains anything at a value of a setting."""
    return all(gain <= 0 for gain, *_ in gains(exact_chain(*build(value))))


def agrees(
    holds: Callable[[Fraction], bool],
    parts: Regions,
    *,
    seen: Sequence[Fraction] = (),
    at_roots: bool = True,
) -> bool:
    """Tell whether games made at single values have the verdicts that the regions say, on all sides of ends.

    Parts with a value among ``seen`` are not tried in their middle; with ``at_roots=False`` ends themselves
    are not.
    """
    edges = [parts.low, *(root.high for root in parts.roots)], [*(r.low for r in parts.roots), parts.high]
    unseen = [not any(low <= value <= high for value in seen) for low, high in zip(*edges)]
    inside = itertools.compress(zip(parts.points, parts.inside), unseen)
    return all(holds(value) == verdict for value, verdict in (*inside, *_tried(parts, at_roots)))


def _tried(parts: Regions, at_roots: bool) -> Iterator[tuple[Fraction, bool]]:
    """Yield values at roots and on both sides of them, where a verdict changes, with what is said of them."""
    for k, root in enumerate(parts.roots):
        before, after = parts.inside[k], parts.inside[k + 1]
        if before and after:
            continue
        if before or after or parts.at_root[k]:
            beside = BESIDE * min(root.low - parts.low, parts.high - root.high)
            root.narrow(beside)
            value = root.settle()
            yield max(root.low - beside, parts.points[k]), before
            yield min(root.high + beside, parts.points[k + 1]), after
            if value is not None and at_roots:
                yield value, parts.at_root[k]


Ends = tuple[Root | Fraction, Root | Fraction, bool, bool]
"""The two ends of an interval, and whether each of them belongs to it."""


def held(parts: Regions, at_low: bool, at_high: bool) -> Iterator[Ends]:
    """Return where a profile holds, as intervals in order; one point has the same end twice.

    Parameters
    ----------
    at_low, at_high : bool
        Whether it holds at the ends of the range themselves.
    """
    ends: list[Root | Fraction] = [parts.low, *parts.roots, parts.high]
    return joined(ends, [at_low, *parts.at_root, at_high], parts.inside)


def exact_interval(low: Root | Fraction, high: Root | Fraction, left: bool, right: bool) -> Interval:
    """Return an interval with its ends as fractions, or between two where they are none."""
    exact: dict[str, Any] = {}
    for name, end in (("from", low), ("to", high)):
        exact[name] = text(known(end))
        if exact[name] is None:
            exact[f"{name}_between"] = [decimal(part) for part in around(end)]
    exact |= {"includes": SIDES[left, right], "confirmed": True}
    return Interval(nearest(low), nearest(high), exact["includes"], exact)
