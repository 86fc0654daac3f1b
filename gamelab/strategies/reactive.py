"""Reactive strategies: the tit-for-tat family, which answers what the others were last seen to do."""

from __future__ import annotations

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.game import Bools, Game
from gamelab.model.settings import Probability, settled
from gamelab.strategies.machine import machine
from gamelab.strategies.sight import agreed, departing, departures, need_agreement, need_one_move, need_sight


@settled
def tit_for_tat(game: Game, player: int) -> Automaton:
    """Tit-for-tat: cooperates first, then departs exactly after another was seen to depart.

    Nash in the prisoner's dilemma iff d >= max{(T-R)/(T-P), (T-R)/(R-S)}; subgame perfect only if
    T+S = R+P and d = (T-R)/(R-S).

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> tit_for_tat(gl.repeated(stage, discount_factor=0.9), 0).states
    ('cooperates', 'retaliates')
    """
    others = _others(game, player, "tit_for_tat")
    actions = [agreed(game, player), departing(game, player)]
    follows = np.stack([others, others], axis=1)
    return machine(game, player, "tit_for_tat", ("cooperates", "retaliates"), actions, follows)


@settled
def generous_tit_for_tat(game: Game, player: int, *, generosity: Probability) -> Automaton:
    """Generous tit-for-tat: as tit-for-tat, but overlooks a departure with some probability (GTFT).

    Parameters
    ----------
    generosity : array
        Probability of cooperating after another departed.
    """
    others = _others(game, player, "generous_tit_for_tat")
    _, (g,) = game.spread(generosity)
    weight = g[:, None, None]
    actions = [agreed(game, player), weight * agreed(game, player) + (1 - weight) * departing(game, player)]
    follows = np.stack([others, others], axis=1)
    return machine(game, player, "generous_tit_for_tat", ("cooperates", "may retaliate"), actions, follows)


@settled
def tit_for_two_tats(game: Game, player: int) -> Automaton:
    """Tit-for-two-tats: departs only after two departures in a row by others (TF2T)."""
    others = _others(game, player, "tit_for_two_tats")
    follows = np.stack([np.where(others, 1, 0), np.where(others, 2, 0), np.where(others, 2, 0)], axis=1)
    actions = [agreed(game, player), agreed(game, player), departing(game, player)]
    return machine(game, player, "tit_for_two_tats", ("cooperates", "warned", "retaliates"), actions, follows)


@settled
def two_tits_for_tat(game: Game, player: int) -> Automaton:
    """Two-tits-for-tat: departs twice after each departure by another."""
    others = _others(game, player, "two_tits_for_tat")
    follows = np.stack([np.where(others, 2, 0), np.where(others, 2, 0), np.where(others, 2, 1)], axis=1)
    actions = [agreed(game, player), departing(game, player), departing(game, player)]
    names = ("cooperates", "retaliates once more", "retaliates twice more")
    return machine(game, player, "two_tits_for_tat", names, actions, follows)


def _others(game: Game, player: int, strategy: str) -> Bools:
    """Return whether any other player is seen to depart, (S, A, V), or refuse in words."""
    need_agreement(game, strategy)
    need_one_move(game, strategy)
    need_sight(game, player, strategy)
    return np.asarray(np.delete(departures(game, player), player, axis=-1).any(axis=-1))
