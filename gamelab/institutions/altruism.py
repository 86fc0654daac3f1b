"""Altruism: each player also weighs what the others get."""

from __future__ import annotations

import numpy as np

from gamelab.errors import GameError
from gamelab.model.combinators import add_flow
from gamelab.model.game import Floats, Game
from gamelab.model.settings import PerPlayer, Weight, settled


@settled
def altruism(game: Game, *, weight: PerPlayer[Weight]) -> Game:
    """Altruism: adds a weight times the others' payoffs to what each player cares for.

    It counts in incentives, never in welfare. In the prisoner's dilemma cooperation is dominant iff the
    weight is at least max{(T-R)/(R-S), (P-S)/(T-P)}.

    Parameters
    ----------
    weight : array
        What another player's payoff counts beside one's own.

    Raises
    ------
    GameError
        Where it was applied before.

    References
    ----------
    Becker (1974), A theory of social interactions.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> list(gl.altruism(stage, weight=0.8).flows)
    ['material', 'altruism.regard']
    """
    if any(flow.kind == "regard" for flow in game.flows.values()):
        raise GameError("the players are altruistic already; a second altruism is not allowed")
    game, (w,) = game.spread(weight)
    return add_flow(
        game,
        "altruism.regard",
        "regard",
        by_profile=_regard(game, w, "by_profile"),
        by_outcome=_regard(game, w, "by_outcome"),
    )


def _regard(game: Game, weight: Floats, part: str) -> Floats | None:
    parts = [getattr(flow, part) for flow in game.flows.values()]
    total: Floats | None = None
    for array in parts:
        if array is not None:
            total = array if total is None else total + array
    if total is None:
        return None
    own = total[..., : game.n]
    regard = np.zeros((max(len(total), len(weight)), *total.shape[1:]), dtype=total.dtype)
    regard[..., : game.n] = weight[:, None, None] * (own.sum(axis=-1, keepdims=True) - own)
    return regard
