"""Accounting: what establishing an arrangement costs, and in which terms gains are added up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gamelab.errors import GameError
from gamelab.model.grids import ByPlayer
from gamelab.model.settings import (
    Cost,
    DiscountFactor,
    NonNegative,
    PerPlayer,
    Range,
    Setting,
    settled,
    shown,
)


@dataclass(frozen=True)
class Terms:
    """The terms of the comparison; the fields are explained at :func:`accounting`."""

    public_funds: Any
    discount_factor: Any
    financed: Mapping[str, Any]


@dataclass(frozen=True)
class SetUp:
    """What it costs to establish an arrangement; the fields are explained at :func:`set_up`."""

    cost: ByPlayer
    paid_by: str


@settled
def accounting(
    *,
    public_funds: NonNegative | None = None,
    discount_factor: DiscountFactor | None = None,
    financed: Any = None,
) -> Terms:
    """Return the terms in which gains are added up; the section's keys are these settings.

    Parameters
    ----------
    public_funds : array
        What each unit that an authority pays costs society beyond the unit itself.
    discount_factor : array
        At which joint amounts are valued where players discount differently; without it the highest.
    financed : mapping of str to array
        What an account can spend per round, such as ``{authority: 0.3}``.
    """
    if financed is not None and not (isinstance(financed, Mapping) and financed):
        message = f"{shown(financed)} is not amounts by account, such as {{authority: 0.3}}"
        raise GameError(message, "financed")
    amount = Setting("financed", "number", range=Range(0, unit="payoff"))
    budgets = {}
    for name, given in (financed or {}).items():
        try:
            budgets[str(name)] = amount.check(given)
        except GameError as refusal:
            nothing = f"nothing is given; write {amount.allowed}"
            message = nothing if given is None else refusal.message
            raise GameError(message, f"financed.{name}") from None
    return Terms(public_funds, discount_factor, budgets)


@settled
def set_up(*, cost: PerPlayer[Cost], paid_by: Literal["participants", "authority"] = "participants") -> SetUp:
    """Return what an arrangement costs once, before the first round; its keys are these settings.

    It changes no incentive. Per round it is (1-d) times the cost, or the cost by the sum of the weights of
    all rounds where these are finitely many.

    Parameters
    ----------
    cost : array
        The total, shared equally; or what each participant pays, by name.
    paid_by : str
        Who bears it.

    Raises
    ------
    GameError
        For costs by name that an authority should bear.
    """
    given: Any = cost
    if isinstance(given.given, Mapping) and paid_by == "authority":
        raise GameError("costs by name are borne by who is named; write one number for an authority", "cost")
    return SetUp(given, paid_by)
