"""Institutional strategies: keep the agreement and let the institution do the rest."""

from __future__ import annotations

import numpy as np

from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.game import Game
from gamelab.model.settings import Index, settled
from gamelab.strategies.constant import constant
from gamelab.strategies.sight import agreed, deviating, need_agreement


@settled
def comply(game: Game, player: int) -> Automaton:
    """Complies: keeps the agreement whatever happened; the institution alone deters.

    References
    ----------
    Levy (2025), section 3.3.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> game = gl.monitoring(gl.repeated(stage, discount_factor=0.9, observe="none"), detection=0.9)
    >>> comply(gl.graduated_sanctions(game, fines=[2, 3]), 0).states
    ('complies',)
    """
    need_agreement(game, "comply")
    return constant(game, player, "comply", "complies", agreed(game, player))


@settled
def comply_until(game: Game, player: int, *, level: Index) -> Automaton:
    """Complies until the own record reaches a level, and plays the fallback there.

    Parameters
    ----------
    level : int
        The first level at which the player stops complying; levels count from 0.

    Raises
    ------
    GameError
        Where there is no record of levels, or none so high.

    References
    ----------
    Levy (2025), section 3.3.
    """
    need_agreement(game, "comply_until")
    levels = game.levels[:, player]
    if (levels < 0).all():
        raise GameError("comply_until needs a record of levels; graduated_sanctions would give one")
    if level > levels.max():
        raise GameError(f"{level} is too high: levels go from 0 to {levels.max()}", "level")
    stops = (levels >= level)[None, :, None]
    action = np.where(stops, deviating(game, player), agreed(game, player))
    return constant(game, player, "comply_until", f"complies until level {level}", action)
