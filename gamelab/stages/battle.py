"""Battle: both gain by doing the same, and dispute which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.game import Game
from gamelab.model.settings import Payoff, PerPlayer, settled
from gamelab.model.stage import named, of_each, place_of, stage_game


@settled
def battle(
    *,
    high: PerPlayer[Payoff],
    low: PerPlayer[Payoff],
    disagreement: PerPlayer[Payoff] = 0,
    players: Sequence[str] | None = None,
    actions: Any = None,
) -> Game:
    """Battle (of the sexes): high > low > disagreement, and each wants the other to give way.

    Both do A: ``high`` to the first player, ``low`` to the second; both do B: the other way round; else
    ``disagreement`` to both. Nothing is agreed until a convention says so. The fallback is the mixed
    equilibrium: the own favourite with probability (a-c)/(a+b-2c) of the other one's payoffs, which pays
    (ab-c^2)/(a+b-2c) to each (Levy 2025, Box 1, first point). With trembles or altruism the mixed
    equilibrium is another one, and the fallback is none: ``stage_nash`` with ``equilibrium: 1`` finds it.

    Parameters
    ----------
    high : array
        Payoff of the one whose favourite both do, a.
    low : array
        Payoff of the other one then, b.
    disagreement : array
        Payoff of each when they do different things, c.
    players : list of str
        Two names.
    actions : list of str
        Two labels, the first player's favourite first (default A, B).

    Raises
    ------
    GameError
        Where the payoffs are not in that order at every grid point.

    Examples
    --------
    >>> import gamelab as gl
    >>> gl.battle(high=3, low=2)
    <Game of player_1, player_2: 1 round, 1 states, 1 outcomes, lines material>
    """
    names = named(players, 2)
    shape, (a, b, c) = of_each(names, high, low, disagreement)
    wrong = ~((a > b) & (b > c))
    if wrong.any():
        raise GameError(
            "these payoffs make no battle: high > low > disagreement is needed, "
            f"and they are {place_of(wrong, names, a, b, c)}"
        )
    first, second = np.stack([a, c, c, b], axis=-1)[:, 0], np.stack([b, c, c, a], axis=-1)[:, 1]
    most, less = a / 4 - c / 4, b / 4 - c / 4  # a sum of large payoffs would be infinite
    other, one = (most / (most + less)).T  # each keeps the other one indifferent
    fallback = np.stack([np.stack([one, 1 - one], -1), np.stack([1 - other, other], -1)], axis=1)
    return stage_game(
        np.stack([first, second], axis=-1),
        players=names,
        actions=actions,
        sizes=(2, 2),
        agreement=(-1, -1),
        fallback=fallback,
        shape=shape,
        labels=("A", "B"),
    )
