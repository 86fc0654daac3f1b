"""Choices: whether a verdict rests on which of several certified candidates are played."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gamelab.experiment.selection import pays
from gamelab.experiment.table import Table
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Bools, Floats
from gamelab.solve.judgement import UNDECIDED


def truths(true: Bools, unknown: Bools) -> Floats:
    """Return 1 where something is true, 0 where it is not, and nan where that is not known."""
    return np.where(unknown, np.nan, true.astype(float))


@frozen_result
@dataclass(frozen=True, eq=False)
class Choices:
    """The candidates of an arrangement and of the baseline, and the verdict at b points.

    Parameters
    ----------
    own, baseline : Table
    qualified : bool array (k, b)
        Which of the arrangement's candidates could be workable, if certified and if they pay.
    works : bool array (b,)
        The verdict on what is played.
    unknown : bool array (b,)
        Where there is nothing to ask.
    net_payoff, sizes : array (b,)
        Of what is played in the baseline.
    best_joint_payoff : array (b,)
    """

    own: Table
    baseline: Table
    qualified: Bools
    works: Bools
    unknown: Bools
    net_payoff: Floats
    sizes: Floats
    best_joint_payoff: Floats

    @property
    def robust(self) -> Floats:
        """Whether the verdict is the same whichever undominated candidates are played; nan if unknown."""
        every = np.ones(len(self.works), dtype=bool)
        some = ~every
        for _, meant, works in self._pairs():
            every, some = every & (works | ~meant), some | (works & meant)
        return truths(np.where(self.works, every, ~some), self.unknown)

    @property
    def flips(self) -> list[tuple[int, int]]:
        """The pairs of candidates at a single point under which the verdict is other, by their places."""
        return [pair for pair, meant, works in self._pairs() if (meant & (works != self.works)).all()]

    def _pairs(self) -> Iterator[tuple[tuple[int, int], Bools, Bools]]:
        """Yield the places of two candidates, where both are undominated, and where the first is workable.

        The first is the arrangement's, the second the baseline's.
        """
        own, base = self.own, self.baseline
        free, rivals = (table.undominated(table.certified)[0] for table in (own, base))
        for k, j in itertools.product(range(len(free)), range(len(rivals))):
            works = self._pays(own.net_payoff[k] - base.net_payoff[j], own.sizes[k] + base.sizes[j])
            yield (k, j), free[k] & rivals[j], works & self.qualified[k]

    def _pays(self, net: Floats, sizes: Floats) -> Bools:
        return pays(net, sizes, self.best_joint_payoff)

    @property
    def guaranteed(self) -> Floats:
        """Whether the arrangement is workable in each of its certified candidates, (b,).

        nan if unknown, and where an undecided candidate would not be workable.
        """
        good = self._pays(self.own.net_payoff - self.net_payoff, self.own.sizes + self.sizes)
        bad = ~(self.qualified & good)
        worst = np.asarray((bad & self.own.certified).any(axis=0))
        unclear = np.asarray((bad & (self.own.verdict == UNDECIDED)).any(axis=0))
        return truths(~worst, self.unknown | (unclear & ~worst))
