"""Backward induction as a strategy: the only best thing to do at every move, found from the last one on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.game import Game
from gamelab.model.settings import settled
from gamelab.solve import backward_induction as solve
from gamelab.strategies.machine import machine

NAME = "backward_induction"


@settled
def backward_induction(game: Game, player: int) -> Automaton:
    """Does what backward induction leaves where each move of finitely many rounds has one best answer.

    The plan depends on the state of the game, and on the round where it changes from one to the next: the
    automaton then counts rounds.

    Raises
    ------
    GameError
        For an open-ended game, and where more than one thing may be best at some move.

    References
    ----------
    Kuhn (1953), Extensive games and the problem of information.

    Examples
    --------
    >>> import gamelab as gl
    >>> game = gl.repeated(gl.time_inconsistency(value=10, cost=2, payment=4), rounds=1)
    >>> gl.value(gl.altruism(game, weight=0.7), "backward_induction").payoffs  # participate, renege
    array([-2., 10.])
    """
    plan = solve.backward_induction(game)
    if not plan.unique.all():
        raise GameError(f"leaves no single plan here: {plan.why}", NAME)
    actions = [phase[:, :, player] for phase in plan.phases]
    last = len(actions) - 1
    count = np.arange(len(actions))
    follows = np.where(game.ends_round[:, None], np.minimum(count + 1, last), count)
    states = tuple(f"round {k + 1}" for k in count) if last else ("every round",)
    return machine(game, player, NAME, states, actions, follows[:, :, None, None])


def as_here(strategies: Sequence[Any], automata: Sequence[Automaton]) -> list[Any]:
    """Return a profile for games in which one setting varies: a plan of backward induction stays what it is.

    Other strategies are made anew from each game. Of the plan it is asked where it still holds; elsewhere
    backward induction may leave another plan, or several.

    Parameters
    ----------
    strategies, automata : sequences
        What ``profile_of`` takes for each player, and what it made of that on the game that is asked about.
    """
    names = [next(iter(one), "") if isinstance(one, Mapping) else one for one in strategies]
    return [own if name == NAME else one for name, one, own in zip(names, strategies, automata, strict=True)]
