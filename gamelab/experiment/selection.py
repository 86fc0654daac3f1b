"""Selection: which candidate is played and which arrangement is the best, ties and tolerances included.

Everything here works on arrays whose last axis is a grid of games, so that one game and a map of a million
are decided by the same lines. Arrays of fractions are compared without tolerance.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from gamelab.model.game import Bools, Floats, Ints

STEPS = ("agreed", "uncontested", "contested")
"""The steps of the default rule: what the file lists, what nobody contests, else the lowest."""
AGREED, UNCONTESTED, CONTESTED = range(len(STEPS))


def rounding(sizes: Floats | float, amount: Floats | float) -> Floats:
    """Return by how much two amounts may differ and count as equal: 0 for fractions.

    Parameters
    ----------
    sizes : array
        Of the payments that the amounts are added up from, common constants left out.
    amount : array
        One of the two.
    """
    if np.asarray(amount).dtype == object:
        return np.zeros(np.shape(amount), dtype=int)  # a float would round what it is subtracted from
    return np.asarray(1e-9 * np.asarray(sizes) + 1e-14 * np.abs(amount))


def highest(amounts: Floats, eligible: Bools, sizes: Floats) -> Bools:
    """Return which of the eligible have the highest amount, up to rounding, (k, b).

    Parameters
    ----------
    amounts : array (k, b)
        One that is not known (nan) counts as 0.
    eligible : bool array (k, b)
    sizes : array (k, b)
        Of the payments that each amount is added up from.
    """
    ranked = np.where(eligible, np.where(_known(amounts), amounts, 0), -np.inf)
    if not len(ranked):
        return np.zeros_like(eligible)
    place = ranked.argmax(axis=0)[None]
    most = np.take_along_axis(ranked, place, axis=0)
    least = np.where(most > -np.inf, most, 0)
    compared = np.fmax(sizes, np.take_along_axis(np.broadcast_to(sizes, ranked.shape), place, axis=0))
    return np.asarray(eligible & (ranked >= least - rounding(compared, least)))


def undominated(utilities: Floats, certified: Bools, eps: Floats) -> tuple[Bools, Bools]:
    """Return which candidates no certified one Pareto-dominates, and which of those are contested, (k, b).

    A candidate is contested where it and another one, neither Pareto-dominated, are each strictly preferred
    by some player.

    Parameters
    ----------
    utilities : array (k, b, n)
    certified : bool array (k, b)
    eps : array (k, b)
        Differences of up to the sum of two of these count as none.
    """
    utilities = np.where(certified[..., None], utilities, 0)  # of what fails nothing may be known
    preferred = np.zeros((len(certified), *certified.shape), dtype=bool)
    for own, other in itertools.permutations(range(len(certified)), 2):
        more = utilities[own] - utilities[other] > (eps[own] + eps[other])[:, None]
        preferred[own, other] = more.any(axis=-1) & certified[own] & certified[other]
    # other is dominated by own where somebody prefers own, and nobody other
    free = certified & ~(preferred & ~preferred.swapaxes(0, 1)).any(axis=0)
    # where somebody prefers another one to a free one, somebody prefers a free one, and others do not
    return free, free & preferred.any(axis=0)


def first(eligible: Bools) -> Ints:
    """Return the place of the first that is eligible, (b,), -1 where none is."""
    if not len(eligible):
        return np.full(eligible.shape[1:], -1)
    return np.where(eligible.any(axis=0), eligible.argmax(axis=0), -1)


def pays(net_benefit: Floats, sizes: Floats, best_joint_payoff: Floats) -> Bools:
    """Return whether a net benefit is above zero, by more than rounding."""
    net = np.where(_known(net_benefit), net_benefit, -np.inf)
    return np.asarray(net > rounding(sizes, best_joint_payoff))


def best(net_benefits: Sequence[Floats], workable: Sequence[Bools], sizes: Sequence[Floats]) -> Ints:
    """Return the place of the workable arrangement with the highest net benefit, (b,); -1 where none is.

    Of equals, up to rounding, the first.
    """
    place, most = np.full(np.shape(workable[0]) if len(workable) else (), -1), np.asarray(-np.inf)
    for k, (net, works, size) in enumerate(zip(net_benefits, workable, sizes, strict=True)):
        net = np.where(works, net, 0)
        better = works & (net > most + rounding(size, net))
        place, most = np.where(better, k, place), np.where(better, net, most)
    return place


def _known(amounts: Floats) -> Bools:
    return np.asarray(amounts == amounts, dtype=bool)  # nan differs from itself, also among fractions
