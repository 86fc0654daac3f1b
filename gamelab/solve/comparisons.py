"""Comparisons: the numbers that enter one deviation's gain, and which gains therefore count as none.

A deviation is judged by its own comparison. The numbers in it are the sizes of what its two branches pay now,
a large constant that all payoffs have in common left out, and by how much what may follow them differs from
what follows anyway. Payoffs that neither branch leads to are not among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gamelab.model.expectation import magnitude, written
from gamelab.model.game import Floats, Ints
from gamelab.solve.continuation import ROUNDING, RoundValues
from gamelab.solve.joint import Chain
from gamelab.ties import TOLERANCE

CHUNK = 2**21
"""Numbers that are held at once."""


@dataclass(frozen=True, eq=False)
class Comparisons:
    """A list of m deviations in one round, each beside what is prescribed.

    Parameters
    ----------
    point, state, player, action : int array (m,)
        The grid point, the joint state, who deviates, and to which action.
    """

    point: Ints
    state: Ints
    player: Ints
    action: Ints

    def __len__(self) -> int:
        return len(self.point)

    def part(self, which: Any) -> Comparisons:
        """Return those at some places of the list."""
        return Comparisons(self.point[which], self.state[which], self.player[which], self.action[which])


@dataclass(frozen=True, eq=False)
class Sizes:
    """What comparisons hold, each an array (m,).

    Parameters
    ----------
    gain
        The deviation's gain, in payoffs of its own round.
    eps
        Up to which it counts as none: the tolerance times the largest number in the comparison, and what
        writing the payments as floats may change, with the bases that are taken out of them.
    error
        How far rounding may reach in the gain.
    """

    gain: Floats
    eps: Floats
    error: Floats


def sizes_of(chain: Chain, values: RoundValues, listed: Comparisons, tolerance: float = TOLERANCE) -> Sizes:
    """Return the gains of some deviations, what counts as none there, and how far rounding may reach."""
    step = max(1, CHUNK // max(1, chain.target[0].size))
    places = range(0, max(len(listed), 1), step)
    parts = [_sizes(chain, values, listed.part(slice(k, k + step)), tolerance) for k in places]
    return Sizes(*(np.concatenate([getattr(part, name) for part in parts]) for name in SIZES))


SIZES = ("gain", "eps", "error")


def _sizes(chain: Chain, values: RoundValues, listed: Comparisons, tolerance: float) -> Sizes:
    k, x, i = listed.point, listed.state, listed.player
    deviates, prescribed = branches(chain, listed)
    pay = pick(chain.utility, k, x, slice(None), i) - pick(values.average, k, x, i)[:, None]
    paid = pick(magnitude(chain.game), k, chain.state[x], slice(None), i)
    # what follows profile p and lump l, less what would be worth as much as what is prescribed: (m, P, K)
    next_round = _following(chain, listed, values.later) - pick(values.even, k, x, i)[:, None, None]
    added_up = _following(chain, listed, values.accumulated_later)
    if not chain.ends.all():
        ends = chain.ends[x, None, None]
        this_round = _following(chain, listed, values.now) - pick(values.now, k, x, i)[:, None, None]
        next_round = np.where(ends, next_round, this_round)
        added_up = np.where(ends, added_up, _following(chain, listed, values.accumulated))
    weight = pick(chain.game.discount_factor, k, chain.state[x], i)[:, None, None]
    chances = weight * pick(chain.moves.chances, k, chain.state[x])
    # the gain is what the deviation brings more than what is worth as much as the prescribed move
    gain = (deviates * (pay + (chances * next_round).sum(axis=2))).sum(axis=1)
    later = (chances * np.abs(next_round)).sum(axis=2)
    largest = [(branch * size).sum(axis=1) for branch in (deviates, prescribed) for size in (paid, later)]
    error = (deviates * (paid + later + (chances * added_up).sum(axis=2))).sum(axis=1)
    error = error + (prescribed * paid).sum(axis=1) + pick(values.accumulated, k, x, i)
    eps = tolerance * np.max(largest, axis=0) + pick(written(chain.game), k, i)
    return Sizes(gain, eps, ROUNDING * error)


def _following(chain: Chain, listed: Comparisons, amounts: Floats) -> Floats:
    """Return amounts (b, X, n) of each deviator at what follows each profile and lump, (m, P, K)."""
    at = (listed.point[:, None, None], chain.target[listed.state], listed.player[:, None, None])
    return np.asarray(pick(amounts, *at))


def branches(chain: Chain, listed: Comparisons) -> tuple[Floats, Floats]:
    """Return the chances of the profiles of either branch: after the deviation, and as prescribed, (m, P)."""
    deviates = np.empty((len(listed), len(chain.game.profiles)))
    prescribed = np.empty_like(deviates)
    for i in np.unique(listed.player):
        at = listed.player == i
        others = pick(chain.others[i], listed.point[at], listed.state[at])
        own = pick(chain.play[i], listed.point[at], listed.state[at])
        deviates[at] = others * (chain.game.profiles[:, i] == listed.action[at, None])
        prescribed[at] = others * own[:, chain.game.profiles[:, i]]
    return deviates, prescribed


def pick(array: Any, *places: Any) -> Any:
    """Return entries of an array, where an axis of size 1 stands for any length."""
    fitted = [
        at if isinstance(at, slice) else np.minimum(at, array.shape[axis] - 1)
        for axis, at in enumerate(places)
    ]
    return array[tuple(fitted)]


def most(chain: Chain, values: RoundValues) -> Floats:
    """Return a bound on the largest number of any comparison in this round, (b, n)."""
    parts = (values.now, values.later, values.even)
    return np.asarray(
        magnitude(chain.game).max(axis=(1, 2)) + sum(np.abs(part).max(axis=1) for part in parts)
    )


def rounding(chain: Chain, values: RoundValues, largest: Floats) -> Floats:
    """Return a bound on how far rounding may reach in any gain of this round, (b, n).

    ``largest`` is what ``most`` returns.
    """
    added_up = values.accumulated.max(axis=1) + values.accumulated_later.max(axis=1)
    bound = ROUNDING * (added_up + 4 * largest)
    return np.broadcast_to(bound, (chain.game.batch, chain.game.n))
