"""Reactive strategies: the tit-for-tat family, which answers what the others were last seen to do."""

from __future__ import annotations

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.game import Floats, Game
from gamelab.model.settings import Probability, settled
from gamelab.strategies.rounds import machine_by_round
from gamelab.strategies.sight import agreed, deviating, deviations, need_agreement, need_sight


@settled
def tit_for_tat(game: Game, player: int) -> Automaton:
    """Tit-for-tat: cooperates first, then deviates exactly after another was seen to deviate.

    Nash in the prisoner's dilemma iff d >= max{(T-R)/(T-P), (T-R)/(R-S)}; subgame perfect only if
    T+S = R+P and d = (T-R)/(R-S).

    References
    ----------
    Axelrod (1984), The Evolution of Cooperation.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> tit_for_tat(gl.repeated(stage, discount_factor=0.9), 0).states
    ('cooperates', 'retaliates')
    """
    actions = [agreed(game, player), deviating(game, player)]
    return _reactive(game, player, "tit_for_tat", {"cooperates": (0, 1), "retaliates": (0, 1)}, actions)


@settled
def generous_tit_for_tat(game: Game, player: int, *, generosity: Probability) -> Automaton:
    """Generous tit-for-tat: as tit-for-tat, but overlooks a deviation with some probability (GTFT).

    Parameters
    ----------
    generosity : array
        Probability of cooperating after another deviated.

    References
    ----------
    Nowak and Sigmund (1992), Tit for tat in heterogeneous populations.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> len(generous_tit_for_tat(gl.repeated(stage, discount_factor=0.9), 0, generosity=0.3).states)
    2
    """
    _, (g,) = game.spread(generosity)
    weight = g[:, None, None]
    actions = [agreed(game, player), weight * agreed(game, player) + (1 - weight) * deviating(game, player)]
    moves = {"cooperates": (0, 1), "may retaliate": (0, 1)}
    return _reactive(game, player, "generous_tit_for_tat", moves, actions)


@settled
def tit_for_two_tats(game: Game, player: int) -> Automaton:
    """Tit-for-two-tats: deviates only after two deviations in a row by others (TF2T).

    References
    ----------
    Axelrod (1984), The Evolution of Cooperation.
    """
    actions = [agreed(game, player), agreed(game, player), deviating(game, player)]
    moves = {"cooperates": (0, 1), "warned": (0, 2), "retaliates": (0, 2)}
    return _reactive(game, player, "tit_for_two_tats", moves, actions)


@settled
def two_tits_for_tat(game: Game, player: int) -> Automaton:
    """Two-tits-for-tat: deviates twice after each deviation by another.

    References
    ----------
    Axelrod (1984), The Evolution of Cooperation.
    """
    actions = [agreed(game, player), deviating(game, player), deviating(game, player)]
    moves = {"cooperates": (0, 2), "retaliates once more": (0, 2), "retaliates twice more": (1, 2)}
    return _reactive(game, player, "two_tits_for_tat", moves, actions)


def _reactive(
    game: Game, player: int, name: str, moves: dict[str, tuple[int, int]], actions: list[Floats]
) -> Automaton:
    """Return the automaton that goes on by whether any other player was seen to deviate: (if not, if so)."""
    need_agreement(game, name)
    need_sight(game, player, name)
    others = np.asarray(np.delete(deviations(game, player), player, axis=-1).any(axis=-1))[..., None]
    rows = list(moves.values())
    return machine_by_round(
        game, player, name, tuple(moves), actions, others, lambda q, seen: rows[q][seen[0]], ("others",)
    )
