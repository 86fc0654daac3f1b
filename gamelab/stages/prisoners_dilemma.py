"""Prisoner's dilemma: both gain by cooperating, and each gains more by not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.game import Game, common_shape, flat
from gamelab.model.settings import Payoff, settled
from gamelab.model.stage import stage_game


@settled
def prisoners_dilemma(
    *,
    temptation: Payoff,
    reward: Payoff,
    punishment: Payoff,
    sucker: Payoff,
    players: Sequence[str] | None = None,
    actions: Any = None,
) -> Game:
    """Prisoner's dilemma: temptation > reward > punishment > sucker.

    The agreement is (C, C), the fallback (D, D). Grim trigger holds from (T-R)/(T-P) on.

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
        Where the four payoffs are not in that order at every grid point.

    References
    ----------
    Rapoport and Chammah (1965), Prisoner's Dilemma.

    Examples
    --------
    >>> import gamelab as gl
    >>> gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    <Game of player_1, player_2: 1 round, 1 states, 1 outcomes, lines material>
    """
    given = [np.asarray(payoff) for payoff in (temptation, reward, punishment, sucker)]
    shape = common_shape(*(payoff.shape for payoff in given))
    T, R, P, S = np.broadcast_arrays(*(flat(payoff, shape) for payoff in given))
    wrong = ~((T > R) & (R > P) & (P > S))
    if wrong.any():
        k = int(np.argmax(wrong))
        raise GameError(
            "these payoffs make no prisoner's dilemma: temptation > reward > punishment > sucker is needed, "
            f"and they are {', '.join(f'{float(payoff[k]):g}' for payoff in (T, R, P, S))}"
        )
    payoffs = np.stack([np.stack([R, S, T, P], -1), np.stack([R, T, S, P], -1)], axis=-1)
    fallback = np.broadcast_to([0, 1], (1, 2, 2))
    return stage_game(
        payoffs,
        players=players,
        actions=actions,
        sizes=(2, 2),
        agreement=(0, 0),
        fallback=fallback,
        shape=shape,
        labels=("C", "D"),
    )
