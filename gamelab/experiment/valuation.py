"""Valuation: what a profile pays in the terms of the comparison, set-up cost and public funds included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.game import Floats, Game, Ints
from gamelab.scenario.accounting import SetUp
from gamelab.scenario.specification import Specification
from gamelab.solve.exact import exact_value
from gamelab.solve.values import Value, per_round, value, with_discount_factor

SET_UP, PUBLIC_FUNDS, SOCIETY = "set_up", "public_funds", "society"


@dataclass(frozen=True, eq=False)
class Valuation:
    """What a profile pays on the grid of its game.

    Parameters
    ----------
    own : Value
        Every player at the own discount factor, other accounts at the stated one.
    stated : Value
        Everybody at the stated one, so that accounts add up; ``own`` itself where all are the same.
    """

    own: Value
    stated: Value


def valuation(
    specification: Specification, game: Game, automata: Sequence[Automaton], points: Ints | None = None
) -> Valuation:
    """Return what a profile pays, with the arrangement's set-up cost and the burden of public funds.

    Parameters
    ----------
    specification : Specification
        Of the arrangement; where settings vary, of all points.
    game : Game
    automata : sequence of Automaton
    points : int array, optional
        The points of the specification that this game stands for; all of them, without it.
    """
    pays = exact_value if game.exact else value
    own = stated = pays(game, automata)
    if differing(specification, game):
        factor = stated_factor(specification, game, points).reshape(game.shape)
        common = with_discount_factor(game, factor)
        stated = pays(common, automata)
        players = np.arange(len(game.accounts)) < game.n
        ledger = {line: np.where(players, paid, stated.ledger[line]) for line, paid in own.ledger.items()}
        own = replace(own, ledger=ledger)
    weights = round_weights(specification, game, points)
    terms = _Terms(specification, game, points)
    if stated is own:
        own = stated = terms.added(own, weights)
    else:
        alike = np.repeat(weights[:, -1:], len(game.accounts), axis=1)
        own, stated = terms.added(own, weights), terms.added(stated, alike)
    return Valuation(own, stated)


def differing(specification: Specification, game: Game) -> bool:
    """Tell whether joint amounts are valued at a discount factor that is not everybody's own."""
    return game.discount_factor.shape[2] > 1 or specification.terms.discount_factor is not None


def stated_factor(specification: Specification, game: Game, points: Ints | None = None) -> Floats:
    """Return the discount factor at which joint amounts are valued, (b,): the file's, else the highest."""
    factor = specification.stated_factor
    own = game.one_discount.max(axis=1) if factor is None else _at(factor, points)
    return np.broadcast_to(own, (game.batch,))


def round_weights(specification: Specification, game: Game, points: Ints | None = None) -> Floats:
    """Return what one unit paid before the first round is per round, to every account, (b, c)."""
    players = np.broadcast_to(game.one_discount, (game.batch, game.n))
    others = stated_factor(specification, game, points)[:, None]
    factors = np.concatenate([players, np.repeat(others, len(game.accounts) - game.n, axis=1)], axis=1)
    return per_round(factors, game.rounds)


def lines(specification: Specification, game: Game) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the accounts of the ledger and the kinds of its lines."""
    kinds: dict[str, str] = {line: flow.kind for line, flow in game.flows.items()}
    kinds |= {SET_UP: "cost"} if specification.set_up is not None else {}
    if specification.terms.public_funds is None:
        return game.accounts, kinds
    return (*game.accounts, SOCIETY), kinds | {PUBLIC_FUNDS: "cost"}


def budgets(specification: Specification, game: Game) -> Floats:
    """Return what each account of the game can spend per round, (b, c); infinite where nothing limits it."""
    known = np.full((game.batch, len(game.accounts)), np.inf, dtype=object if game.exact else float)
    for account, amount in specification.terms.financed.items():
        known[:, game.accounts.index(account)] = _at(amount, None)
    return known


@dataclass(frozen=True, eq=False)
class _Terms:
    """What is added to the ledger of a game's profiles."""

    specification: Specification
    game: Game
    points: Ints | None

    def added(self, paid: Value, weights: Floats) -> Value:
        """Return a value with set-up cost and the excess burden of public funds as lines of their own."""
        ledger = dict(paid.ledger)
        shape = next(iter(ledger.values())).shape
        if (set_up := self.specification.set_up) is not None:
            ledger[SET_UP] = (0 - self._shares(set_up) * weights).reshape(shape)
        if (rate := self.specification.terms.public_funds) is not None:
            # each unit that an authority pays, line by line, costs society so much beyond the unit
            others = np.array([amounts[..., self.game.n :] for amounts in ledger.values()])
            spent = np.where(others < 0, 0 - others, 0).sum(axis=(0, -1))
            burden = np.broadcast_to(_at(rate, self.points), (self.game.batch,)).reshape(shape[:-1]) * spent
            nothing = 0 * others[0][..., :1]
            ledger = {line: np.concatenate([amounts, nothing], axis=-1) for line, amounts in ledger.items()}
            ledger[PUBLIC_FUNDS] = 0 * next(iter(ledger.values()))
            ledger[PUBLIC_FUNDS][..., -1] = 0 - burden
        accounts, kinds = lines(self.specification, self.game)
        return replace(paid, ledger=ledger, kinds=kinds, accounts=accounts)

    def _shares(self, set_up: SetUp) -> Floats:
        """Return what each account pays before the first round, (b, c)."""
        game, batch = self.game, self.game.batch
        costs = [np.broadcast_to(_at(own, self.points), (batch,)) for own in set_up.cost.of(game.players)]
        shares = np.zeros((batch, len(game.accounts)), dtype=costs[0].dtype)
        if set_up.paid_by == "authority":
            shares[:, game.n] = costs[0]
        else:
            shares[:, : game.n] = np.stack(costs, axis=-1) / (game.n if len(costs) == 1 else 1)
        return shares


def _at(setting: Any, points: Ints | None) -> Any:
    """Return a setting at some points, where it varies."""
    array = np.asarray(setting).reshape(-1)
    return array if points is None or array.size == 1 else array[points]
