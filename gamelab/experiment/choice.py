"""Choice: which conduct is played and which arrangement is the best, ties and tolerances included.

Everything here works on arrays whose last axis is a grid of games, so that one game and a map of a million
are decided by the same lines.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gamelab.model.game import Bools, Floats, Ints


def rounding(spread: Floats | float, amount: Floats | float) -> Floats:
    """Return by how much two payoffs may differ and count as equal.

    Parameters
    ----------
    spread : array
        Of the material payoffs.
    amount : array
        One of the two.
    """
    return np.asarray(1e-9 * np.asarray(spread) + 1e-14 * np.abs(amount))


def highest(amounts: Floats, eligible: Bools, spread: Floats) -> Bools:
    """Return which of the eligible have the highest amount, up to rounding, (k, b).

    Parameters
    ----------
    amounts : array (k, b)
        One that is not known (nan) counts as 0.
    eligible : bool array (k, b)
    spread : array (b,)
        Of the material payoffs.
    """
    ranked = np.where(eligible, np.nan_to_num(amounts, nan=0.0), -np.inf)
    most = ranked.max(axis=0, initial=-np.inf)
    some = np.isfinite(most)
    least = np.where(some, most, 0.0)
    return np.asarray(eligible & (ranked >= least - rounding(spread, least)))


def first(eligible: Bools) -> Ints:
    """Return the place of the first that is eligible, (b,), -1 where none is."""
    if not len(eligible):
        return np.full(eligible.shape[1:], -1)
    return np.where(eligible.any(axis=0), eligible.argmax(axis=0), -1)


def pays(net_benefit: Floats, spread: Floats, best_joint_payoff: Floats) -> Bools:
    """Return whether a net benefit is above zero, by more than rounding."""
    return np.asarray(np.isfinite(net_benefit) & (net_benefit > rounding(spread, best_joint_payoff)))


def best(net_benefits: Sequence[Floats], workable: Sequence[Bools], spreads: Sequence[Floats]) -> Ints:
    """Return the place of the workable arrangement with the highest net benefit, (b,); -1 where none is.

    Of equals, up to rounding, the first.
    """
    place, most = np.full(np.shape(workable[0]) if len(workable) else (), -1), np.asarray(-np.inf)
    for k, (net, works, spread) in enumerate(zip(net_benefits, workable, spreads, strict=True)):
        net = np.where(works, net, 0.0)
        better = works & (net > most + rounding(spread, net))
        place, most = np.where(better, k, place), np.where(better, net, most)
    return place
