"""Consent: who gains and who loses beside the baseline, and whether the losers could be compensated."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gamelab.experiment.selection import rounding
from gamelab.experiment.valuation import SOCIETY
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Bools, Floats
from gamelab.solve.values import Value


def gained(value: Value, baseline: Value) -> Floats:
    """Return what each account gets beside the baseline, regard left out, (b, c)."""
    kinds = ("material", "transfer", "fine", "cost")
    return np.asarray(value.of_kind(*kinds) - baseline.of_kind(*kinds))


@frozen_result
@dataclass(frozen=True, eq=False)
class Consent:
    """What accounts gain at b points, in floats or in fractions.

    Parameters
    ----------
    value, baseline : Value
        At own discount factors, (b,).
    sizes : array (b,)
        Of the payments that differences are added up from.
    net_benefit : array (b,)
    weights : array (b, c)
        What one unit paid before the first round is per round, by account.
    budgets : array (b, c)
        What an account can spend per round; infinite where nothing limits it.
    """

    value: Value
    baseline: Value
    sizes: Floats
    net_benefit: Floats
    weights: Floats
    budgets: Floats

    @cached_property
    def gains(self) -> Floats:
        """What each account gets beside the baseline, per round at its own discount factor, (b, c)."""
        return gained(self.value, self.baseline)

    def gain(self, account: str | None) -> Floats:
        """Return the gain of one account, (b,); nan for one that is not there."""
        names = self.value.accounts
        if account not in names:
            return np.full(len(self.sizes), np.nan)
        return np.asarray(self.gains[:, names.index(account)])

    @property
    def alike(self) -> Bools:
        """Where all discount alike, (b,), however their discount factors are written."""
        return np.asarray((self.weights == self.weights[:, :1]).all(axis=1))

    @property
    def _known(self) -> Floats:
        return np.where(self.gains == self.gains, self.gains, 0)  # nan where nothing is compared

    @property
    def _allowed(self) -> Any:
        return rounding(self.sizes, self.net_benefit)[:, None]

    @cached_property
    def losses(self) -> Floats:
        """What each player loses, (b, n), 0 for who does not."""
        own = self._known[:, : len(self.value.players)]
        return np.where(own < 0 - self._allowed, 0 - own, 0 * own)

    @property
    def overdrawn(self) -> Floats:
        """What each account of the game spends beyond its budget, (b, c), 0 where it does not."""
        spent, limit = 0 - self._known[:, : self.budgets.shape[1]], self.budgets
        return np.where(spent > limit + self._allowed, spent - limit, 0 * spent)

    @property
    def accepted(self) -> Bools:
        """Where no player loses and no account spends more than it has, (b,)."""
        return np.asarray(~((self.losses > 0).any(axis=1) | (self.overdrawn > 0).any(axis=1)))

    @property
    def compensation(self) -> Floats:
        """What the losers lose together, (b,)."""
        return np.asarray(self.losses.sum(axis=1))

    @property
    def coverable(self) -> Bools:
        """Where lump sums that are agreed once, and change no incentive, can make up for all losses, (b,).

        The gains of all, in units paid before the first round, must not be negative: a gain per round by what
        one such unit is per round. Society is nobody to pay; where all discount alike it is net benefit.
        """
        allowed = self._allowed[:, 0]
        some = [k for k, account in enumerate(self.value.accounts) if account != SOCIETY]
        paid_once = (self._known[:, some] / self.weights[:, some]).sum(axis=1)
        without_society = paid_once >= 0 - allowed / self.weights.min(axis=1)
        return np.where(self.alike, self._known.sum(axis=1) >= 0 - allowed, without_society)
