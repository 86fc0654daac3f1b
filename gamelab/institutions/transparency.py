"""Transparency: with some probability the move's conduct goes on a public record."""

from __future__ import annotations

from typing import Literal

from gamelab.errors import GameError
from gamelab.model.combinators import add_flow, charge, per_round
from gamelab.model.game import Game
from gamelab.model.information import publicly_read
from gamelab.model.settings import Cost, PerPlayer, Probability, Strength, settled


@settled
def transparency(
    game: Game,
    *,
    reach: Strength = 1,
    misreading: PerPlayer[Probability] = 0,
    cost: PerPlayer[Cost] = 0,
    paid_by: Literal["participants", "authority"] = "participants",
) -> Game:
    """Transparency: conduct is published, always or sometimes.

    Where it is not, players see what they saw before; where it is, the record takes the place of what they
    had read for themselves. Grim from
    ``observe: none`` without misreading holds from (T-R)/[(T-R) + p(R-P)] on in the prisoner's dilemma:
    reach p substitutes for patience (Levy 2025, section 3.3).

    Parameters
    ----------
    reach : array
        Probability p that the round is published.
    misreading : array
        Probability that a published action is read as another one.
    cost : array
        Cost of publishing, per player and round.
    paid_by : str
        Who bears it.

    Raises
    ------
    GameError
        For settings out of range, or where conduct is published already.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> game = gl.repeated(stage, discount_factor=0.9, observe="none")
    >>> len(gl.transparency(game, reach=0.8).outcomes)
    5
    """
    if "transparency.cost" in game.flows:
        raise GameError("conduct is published already; a second transparency is not allowed")
    game, (p, e, m) = game.spread(reach, misreading, cost)
    published = publicly_read(game, e, reach=p)
    amounts = charge(published, m, paid_by)
    return add_flow(published, "transparency.cost", "cost", by_profile=per_round(published, amounts))
