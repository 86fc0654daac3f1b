"""Prisoner's dilemma: both gain by cooperating, and each gains more by not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.game import Game
from gamelab.model.settings import Payoff, PerPlayer, settled
from gamelab.model.stage import named, of_each, place_of, stage_game


@settled
def prisoners_dilemma(
    *,
    temptation: PerPlayer[Payoff],
    reward: PerPlayer[Payoff],
    punishment: PerPlayer[Payoff],
    sucker: PerPlayer[Payoff],
    players: Sequence[str] | None = None,
    actions: Any = None,
) -> Game:
    """Prisoner's dilemma: temptation > reward > punishment > sucker.

    The agreement is (C, C), the fallback (D, D). Grim trigger holds iff every player's discount factor is at
    least the own (T-R)/(T-P).

    Parameters
    ----------
    temptation : array
        Payoff of the one who defects alone, T.
    reward : array
        Payoff of each when both cooperate, R.
    punishment : array
        Payoff of each when both defect, P.
    sucker : array
        Payoff of the one who cooperates alone, S.
    players : list of str
        Two names.
    actions : list of str
        Two labels, cooperation first (default C, D).

    Raises
    ------
    GameError
        Where some player's four payoffs are not in that order at some grid point.

    References
    ----------
    Rapoport and Chammah (1965), Prisoner's Dilemma.

    Examples
    --------
    >>> import gamelab as gl
    >>> gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    <Game of player_1, player_2: 1 round, 1 states, 1 outcomes, lines material>
    """
    names = named(players, 2)
    shape, (T, R, P, S) = of_each(names, temptation, reward, punishment, sucker)
    wrong = ~((T > R) & (R > P) & (P > S))
    if wrong.any():
        raise GameError(
            "these payoffs make no prisoner's dilemma: temptation > reward > punishment > sucker is needed, "
            f"and they are {place_of(wrong, names, T, R, P, S)}"
        )
    first, second = np.stack([R, S, T, P], axis=-1)[:, 0], np.stack([R, T, S, P], axis=-1)[:, 1]
    payoffs = np.stack([first, second], axis=-1)  # in CC, CD, DC, DD
    fallback = np.broadcast_to([0, 1], (1, 2, 2))
    return stage_game(
        payoffs,
        players=names,
        actions=actions,
        sizes=(2, 2),
        agreement=(0, 0),
        fallback=fallback,
        shape=shape,
        labels=("C", "D"),
    )
