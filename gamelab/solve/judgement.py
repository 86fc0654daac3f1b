"""Judgement: which profiles no deviation gains from, by the numbers in each comparison and their rounding."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gamelab.model.game import Bools, Floats
from gamelab.solve.comparisons import Comparisons, most, pick, rounding, sizes_of
from gamelab.solve.continuation import Continuation, RoundValues, continuation, rounds_of
from gamelab.solve.joint import Chain
from gamelab.solve.refinement import refined
from gamelab.solve.values import normaliser
from gamelab.ties import TOLERANCE

HOLDS, FAILS, UNDECIDED = "holds", "fails", "undecided"

MIXED = 1e-6
"""The most that rounding of a mixture may explain, times the largest number in the comparison."""
SAME = 1e-3
"""Gains that differ by less than this part of what counts as none share a place."""


@dataclass(eq=False)
class Judgement:
    """What the one-shot gains of a chain's grid points come to, along its batch axis.

    Parameters
    ----------
    batch : int
    verdict : array (b,) of str
        ``holds`` where every gain counts as none, ``fails`` where one does not; ``undecided`` where rounding
        of the values may explain it or hide it.
    excess : array (b,)
        The largest gain less what counts as none, in payoffs of its own round: not above 0 where it holds.
    max_gain : array (b,)
        The largest gain, normalised per round.
    eps : array (b,)
        Up to which a gain counts as none, normalised per round: in the comparison of the largest gain, or the
        largest of those whose gains count as none only for that.
    error : array (b,)
        How far rounding may reach in the comparison that decides, normalised per round.
    place : mapping of str to int array
        Where the largest gain is: joint state, player, action, round.
    """

    batch: int
    verdict: Any = field(init=False)

    def __post_init__(self) -> None:
        self.verdict = np.full(self.batch, HOLDS, dtype="<U9")
        self.excess, self.max_gain = np.full(self.batch, -np.inf), np.full(self.batch, np.nan)
        self.eps, self.error = np.full(self.batch, np.nan), np.full(self.batch, np.nan)
        self.tied, self.decisive = np.zeros(self.batch), np.full(self.batch, np.nan)
        self.place = {key: np.full(self.batch, -1) for key in ("joint", "player", "action", "round")}


def judge(
    chain: Chain, values: Continuation | None = None, *, tolerance: float = TOLERANCE, places: bool = True
) -> Judgement:
    """Judge the one-shot gains of every deviation after every history, at all points of a chain.

    Parameters
    ----------
    chain : Chain
    values : Continuation, optional
        Of an open-ended game, where they are known.
    tolerance : float
        Times the largest number in a comparison: what counts as none there.
    places : bool
        Whether to tell the place of the largest gain and the eps there.
    """
    judgement = Judgement(chain.game.batch)
    if chain.game.rounds is None and values is None:
        values = continuation(chain)
    norm = np.broadcast_to(normaliser(chain), (chain.game.batch, chain.game.n))
    for around in rounds_of(chain, values):
        gains = np.where(around.visited[:, None, None], around.gains, -np.inf)
        gains = np.broadcast_to(gains, (chain.game.batch, *gains.shape[1:]))
        largest = most(chain, around)
        bound = rounding(chain, around, largest)
        limit = np.maximum(tolerance * largest, bound)
        _decide(judgement, chain, around, values, gains, bound, limit, tolerance, norm)
        if places:
            _locate(judgement, chain, around, gains, bound, tolerance, norm)
    if places:
        tied = (judgement.verdict == HOLDS) & (judgement.tied > 0)
        judgement.eps[tied] = np.fmax(judgement.eps, judgement.tied)[tied]
        judgement.error = np.fmax(judgement.error, judgement.decisive)
    return judgement


def _decide(
    judgement: Judgement,
    chain: Chain,
    around: RoundValues,
    values: Continuation | None,
    gains: Floats,
    bound: Floats,
    limit: Floats,
    tolerance: float,
    norm: Floats,
) -> None:
    """Judge the gains (b, X, n, A) of one round; ``bound`` (b, n) is how far rounding reaches at the most.

    What is larger than ``limit``, that and what could count as none anywhere, is a gain; what is as far below
    0 is none. The others are judged one by one.
    """
    certain = gains > limit[:, None, :, None]
    near = ~certain & (gains > -bound[:, None, :, None])
    clear = np.where(gains > 0, gains, gains - limit[:, None, :, None])
    judgement.excess = np.maximum(judgement.excess, np.where(near, -np.inf, clear).max(axis=(1, 2, 3)))
    judgement.verdict[certain.any(axis=(1, 2, 3))] = FAILS
    listed = Comparisons(*np.nonzero(near & (judgement.verdict != FAILS)[:, None, None, None]))
    if not len(listed):
        return
    gain, eps, error = one_by_one(chain, around, values, listed, tolerance)
    np.maximum.at(judgement.excess, listed.point, gain - eps)
    counts, unsure = (gain > eps) & (gain > error), (gain > -error) & (error > eps)
    judgement.verdict[listed.point[unsure]] = UNDECIDED
    judgement.verdict[listed.point[counts]] = FAILS
    unit = norm[listed.point, listed.player]
    decisive = np.where(counts | unsure, 0.0, (eps + error) * unit)
    np.maximum.at(judgement.tied, listed.point[gain > -eps], decisive[gain > -eps])
    np.fmax.at(judgement.decisive, listed.point, error * unit)


def one_by_one(
    chain: Chain,
    around: RoundValues,
    values: Continuation | None,
    listed: Comparisons,
    tolerance: float,
) -> tuple[Floats, Floats, Floats]:
    """Return the gains of some comparisons, what counts as none there, and how far rounding reaches, (m,)."""
    sizes = sizes_of(chain, around, listed, tolerance)
    gain, eps, error = sizes.gain, sizes.eps, sizes.error
    doubtful = np.flatnonzero((error > eps) & (gain > -error))
    if values is not None and len(doubtful):
        sharper = refined(chain, values, listed.part(doubtful), tolerance)
        gain[doubtful], eps[doubtful], error[doubtful] = sharper.gain, sharper.eps, sharper.error
    # a mixture is written in floats, too: what only its rounding gains counts as none
    mixes = _mixed(chain, listed)
    allowance = np.where(mixes & (error > eps), np.minimum(error, MIXED / TOLERANCE * eps), 0.0)
    return gain, np.maximum(eps, allowance), np.where(np.abs(gain) <= allowance, 0.0, error)


def _mixed(chain: Chain, listed: Comparisons) -> Bools:
    """Tell which deviations are to an action that their player mixes with others there, (m,)."""
    mixed = np.zeros(len(listed), dtype=bool)
    for i in np.unique(listed.player):
        own = listed.player == i
        played = pick(np.asarray((chain.play[i] > 0).any(axis=0)), listed.state[own])
        mixed[own] = played[np.arange(len(played)), listed.action[own]] & (played.sum(axis=1) > 1)
    return mixed


def _locate(
    judgement: Judgement,
    chain: Chain,
    around: RoundValues,
    gains: Floats,
    bound: Floats,
    tolerance: float,
    norm: Floats,
) -> None:
    """Keep the largest normalised gain and its place, where it beats that of the rounds before."""
    flat = (gains * norm[:, None, :, None]).reshape(len(gains), -1)
    # a gain that is not above that of a round before changes nothing; of the first round none is known (nan)
    highest = flat.max(axis=1)
    some = np.flatnonzero(np.isfinite(highest) & ~(highest <= judgement.max_gain))
    if not len(some):
        return
    x, i, a = np.unravel_index(flat[some].argmax(axis=1), gains.shape[1:])
    here = sizes_of(chain, around, Comparisons(some, x, i, a), tolerance).eps * norm[some, i]
    highest = highest[some]
    same = flat[some] >= (highest - SAME * here)[:, None]
    x, i, a = np.unravel_index(same.argmax(axis=1), gains.shape[1:])  # of equals the first
    old = judgement.max_gain[some]
    better = np.isnan(old) | (highest > old + SAME * here)  # of equal rounds the last
    judgement.max_gain[some] = np.fmax(old, highest)
    at = some[better]
    for key, entry in {"joint": x, "player": i, "action": a, "round": np.full(len(x), around.round)}.items():
        judgement.place[key][at] = entry[better]
    judgement.eps[at] = here[better]
    judgement.error[at] = (bound * norm)[some, i][better]
