"""Risk dominance: whether a profile is less risky than the fallback, and at which discount factors."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from gamelab.errors import GameError
from gamelab.model.answers import Missing, not_asked
from gamelab.model.automaton import Automaton
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.solve.brackets import lowest, narrowed
from gamelab.solve.crossings import Build, distinct
from gamelab.solve.exact_fits import Quotient, quotients
from gamelab.solve.exact_thresholds import (
    DISAGREES,
    TOO_MUCH,
    ExactBuild,
    agrees,
    exact_interval,
    held,
)
from gamelab.solve.polynomials import ONE, ZERO, Polynomial, polynomial, product, roots_between, sign
from gamelab.solve.sign_regions import SIDES, Regions, cut, joined
from gamelab.solve.strategic_uncertainty import advantages, exact_advantages
from gamelab.solve.thresholds import TOO_CLOSE, ULPS, Interval

SAMPLES = 513
CLOSEST = 1e-10
"""How close to 1 discount factors are told apart in floats."""
CLOSER = 2.0**-43
FOR_TWO = not_asked("risk dominance compares profiles of two players")


def risk_dominates(game: Game, automata: Sequence[Automaton], other: Sequence[Automaton]) -> Bools:
    """Return where a profile of two players risk-dominates another one, (b,).

    Both must lose by deviating from it to the other profile alone, and the product of these losses must be at
    least that of the losses from deviating from the other one, of which a negative one counts as 0.

    Raises
    ------
    GameError
        For another number of players.

    References
    ----------
    Harsanyi and Selten (1988), A General Theory of Equilibrium Selection in Games.
    """
    _need_two(game)
    if game.exact:
        return np.array([_exactly(exact_advantages(game, automata, other))])
    return _holds(*_leads(game, automata, other))


def _need_two(game: Game) -> None:
    if game.n != 2:
        raise GameError(f"{FOR_TWO.reason}, and here are {game.n}", "game")


def _leads(
    game: Game, automata: Sequence[Automaton], other: Sequence[Automaton], *, limit_of_means: bool = False
) -> tuple[Floats, Floats]:
    """Return both losses and by how much their product leads, (b, 3), and the rounding in them."""
    gains = advantages(game, automata, other, limit_of_means=limit_of_means)
    losses, others, error = gains.gain[:, :, 1], np.maximum(-gains.gain[:, :, 0], 0), gains.error
    lead = losses.prod(axis=1) - others.prod(axis=1)
    rounding = error * (np.abs(losses).sum(axis=1) + others.sum(axis=1) + error)
    return np.column_stack([losses, lead]), np.column_stack([error, error, rounding])


def _holds(leads: Floats, rounding: Floats) -> Bools:
    """Return where both losses are positive, and their product is not smaller by more than rounding, (b,)."""
    both = (leads[:, :2] > rounding[:, :2]).all(axis=1)
    return np.asarray(both & (leads[:, 2] >= -rounding[:, 2]))


def _exactly(gain: Sequence[Sequence[Fraction]]) -> bool:
    (a, c), (b, d) = ((own[1], max(-own[0], ZERO)) for own in gain)
    return a > 0 and b > 0 and a * b >= c * d


def risk_dominant_from(build: Build, *, closed: bool) -> list[Interval] | Missing:
    """Return the discount factors at which a profile of two players risk-dominates the other one.

    Parameters
    ----------
    build : callable
        From discount factors (b,) to the batched game, and the two profiles one after the other.
    closed : bool
        Whether 1 is a discount factor that the game can have.

    Returns
    -------
    list of Interval, or Missing
        In order; one-point sets included. ``not known`` where floats cannot tell.

    Notes
    -----
    Both losses and the lead of their product are followed over a grid that is finer near 1; where they
    change their sign, and where the lead turns, they are bracketed and refined. Two zeros of a loss within a
    cell of the grid are not found.
    """

    def leads(factors: Floats) -> tuple[Floats, Floats]:
        game, automata = build(factors)
        lead, rounding = _leads(game, automata[:2], automata[2:])
        shape = (len(factors), 3)
        return np.broadcast_to(lead, shape), np.broadcast_to(rounding, shape)

    near = np.geomspace(1 / SAMPLES**2, CLOSEST, 25)[1:]
    grid = 1 - np.concatenate([np.linspace(1, 1 / SAMPLES, SAMPLES) ** 2, [0.0] if closed else near])
    ends = np.concatenate([[0.0], _crossed(leads, grid), [1.0]])
    middles = (ends[:-1] + ends[1:]) / 2
    last = 1.0 if closed else 1 - CLOSER
    holds = _holds(*leads(np.concatenate([ends[:-1], middles, [last]]))).tolist()
    at_end, between = holds[: len(middles)], holds[len(middles) : -1]
    if not closed and {holds[-1], _in_the_limit(build, between[-1])} != {between[-1]}:
        return TOO_CLOSE
    return [
        Interval(low, high, SIDES[left, right])
        for low, high, left, right in joined(ends.tolist(), [*at_end, closed and holds[-1]], between)
    ]


def _in_the_limit(build: Build, near: bool) -> bool:
    """Return whether it risk-dominates with a discount factor that goes to 1; as near 1 in a tie."""
    game, automata = build(np.array([1 - CLOSER]))
    leads, rounding = _leads(game, automata[:2], automata[2:], limit_of_means=True)
    if (leads > rounding).all():
        return True
    return near and not (leads < -rounding).any()


def _crossed(leads: Callable[[Floats], tuple[Floats, Floats]], grid: Floats) -> Floats:
    """Return where a loss or the lead of the product changes its sign or touches zero, inside of a grid."""

    def turned(sign: int) -> Floats:
        before, here, after = (sign * part for part in (lead[:-2], lead[1:-1], lead[2:]))
        turns = (here > 0) & (here <= before) & (here <= after)
        return lowest(lambda at: sign * leads(at)[0][:, 2], grid[:-2][turns], grid[2:][turns])

    lead = leads(grid)[0][:, 2]
    grid = np.unique(np.concatenate([grid, turned(1), turned(-1)]))
    values, rounding = leads(grid)
    clear = np.maximum(np.abs(values[:-1]), np.abs(values[1:])) > rounding[1:]
    cell, which = np.nonzero(((values[:-1] < 0) != (values[1:] < 0)) & clear)

    def one(at: Floats, number: Ints) -> Floats:
        return np.asarray(-leads(at)[0][np.arange(len(at)), which[number]])

    low, high = ((grid[k], -values[k, which]) for k in (cell, cell + 1))
    before, here, after = values[:-2, 2], values[1:-1, 2], values[2:, 2]
    touches = grid[1:-1][(np.abs(here) <= rounding[1:-1, 2]) & (before < 0) & (after < 0)]
    roots = distinct(np.concatenate([narrowed(one, low, high), touches]), ULPS)
    return roots[(roots > 0) & (roots < 1)]


def exact_risk_dominant_from(build: ExactBuild, *, closed: bool) -> list[Interval] | Missing:
    """Return the same in fractions, with ``exact`` filled in; ``not known`` where they do not confirm it.

    Notes
    -----
    Losses are quotients of polynomials, fitted through their values at some discount factors. The game is
    made again between any two of their roots, at those that are fractions, and on both sides of every end.
    """

    def losses(factor: Fraction) -> list[list[Fraction]]:
        game, automata = build(factor)
        return exact_advantages(game, automata[:2], automata[2:])

    @functools.cache
    def holds(factor: Fraction) -> bool:
        return _exactly(losses(factor))

    fits = quotients(
        lambda at: {(i, k): g for i, own in enumerate(losses(at)) for k, g in enumerate(own)}, ZERO, ONE
    )
    if fits is None:
        return TOO_MUCH
    lead = _lead(*(fits[i, k] for k in (1, 0) for i in (0, 1)))
    own, others = ([polynomial(product(*fits[i, k])) for i in (0, 1)] for k in (1, 0))
    if not all(own):  # one loses nothing at any discount factor
        return []
    turning = {p for p in (*own, *others, lead) if len(p) > 1}
    groups, points = cut({p: roots_between(p, ZERO, ONE) for p in turning}, ZERO, ONE)
    inside = [holds(point) for point in points]
    at_root = []
    for k, (root, zero) in enumerate(groups):
        value = root.settle()
        if value is not None:
            at_root.append(holds(value))
        else:  # losses are strict there, and their product need only be as large
            counts = not zero & set(own) and all(sign(p, points[k]) > 0 for p in own)
            at_root.append(counts and (inside[k] or inside[k + 1] or lead in zero))
    parts = Regions(ZERO, ONE, [root for root, _ in groups], at_root, points, inside)
    if not agrees(holds, parts):
        return DISAGREES
    return [exact_interval(*each) for each in held(parts, holds(ZERO), closed and holds(ONE))]


def _lead(first: Quotient, second: Quotient, first_other: Quotient, second_other: Quotient) -> Polynomial:
    """Return a polynomial with the sign of the product of two losses less that of two others."""
    products = [
        [product(a, b) for a, b in zip(one, two)]
        for one, two in ((first, second), (first_other, second_other))
    ]
    (above, below), (other_above, other_below) = products
    whole, less = product(above, other_below), product(other_above, below)
    size = max(len(whole), len(less))
    over = [
        (whole[k] if k < len(whole) else ZERO) - (less[k] if k < len(less) else ZERO) for k in range(size)
    ]
    return polynomial(product(over, product(below, other_below)))
