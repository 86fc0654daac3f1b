"""Triggers: a departure by anybody on the public record, oneself included, sets off punishment."""

from __future__ import annotations

import numpy as np

from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.game import Bools, Game, Ints
from gamelab.model.settings import Count, settled
from gamelab.strategies.machine import machine
from gamelab.strategies.sight import (
    agreed,
    chosen,
    deeds_seen,
    departing,
    departures,
    need_agreement,
    need_one_move,
    need_sight,
    need_two_by_two,
)


@settled
def grim(game: Game, player: int) -> Automaton:
    """Grim trigger: keeps the agreement until anybody is seen to depart, then plays the fallback for ever.

    In the prisoner's dilemma with perfect monitoring it holds from (T-R)/(T-P) on (Friedman 1971).

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> grim(gl.repeated(stage, discount_factor=0.9), 0).states
    ('keeps', 'punishes')
    """
    anybody = _anybody(game, player, "grim")
    follows = np.stack([anybody, np.ones_like(anybody)], axis=1)
    actions = [agreed(game, player), departing(game, player)]
    return machine(game, player, "grim", ("keeps", "punishes"), actions, follows)


@settled
def limited_punishment(game: Game, player: int, *, rounds: Count) -> Automaton:
    """Limited punishment: after a departure the fallback for some rounds, then the agreement again.

    Nothing seen while punishing prolongs it. In the prisoner's dilemma it holds from the root of
    (R-P)(d + ... + d^rounds) = T-R on.

    Parameters
    ----------
    rounds : int
        Length of the punishment.
    """
    anybody = _anybody(game, player, "limited_punishment")
    need_one_move(game, "limited_punishment")
    counting = [np.full(anybody.shape, k - 1) for k in range(1, rounds + 1)]
    follows = np.stack([np.where(anybody, rounds, 0), *counting], axis=1)
    actions = [agreed(game, player)] + [departing(game, player)] * rounds
    names = ("keeps", *(f"punishes {k} more" for k in range(1, rounds + 1)))
    return machine(game, player, "limited_punishment", names, actions, follows)


@settled
def win_stay_lose_shift(game: Game, player: int) -> Automaton:
    """Win-stay, lose-shift (Pavlov): cooperates after all or none departed, departs after some did.

    In the prisoner's dilemma it holds from (T-R)/(R-P) on (Nowak and Sigmund 1993).
    """
    need_agreement(game, "win_stay_lose_shift")
    need_one_move(game, "win_stay_lose_shift")
    need_sight(game, player, "win_stay_lose_shift")
    departed = departures(game, player)
    mixed = departed.any(axis=-1) & ~departed.all(axis=-1)
    actions = [agreed(game, player), departing(game, player)]
    follows = np.stack([mixed, mixed], axis=1)
    return machine(game, player, "win_stay_lose_shift", ("stays", "shifts"), actions, follows)


@settled
def penance(game: Game, player: int) -> Automaton:
    """Penance: who departs alone must cooperate once while the other defects; then all is well again.

    Departing from penance, or from punishing, starts a penance of one's own; when both depart nothing
    changes. In the prisoner's dilemma it holds from max{(T-R)/(R-S), (P-S)/(R-S)} on (van Damme 1989).
    """
    need_agreement(game, "penance")
    need_two_by_two(game, "penance")
    need_one_move(game, "penance")
    need_sight(game, player, "penance", findings=False)
    cooperates, defects = _pure(game, "penance")
    # in state 0 both cooperate; in state 1 + j player j does penance and the other defects
    prescribed = [cooperates, *([cooperates[i] if i == j else defects[i] for i in (0, 1)] for j in (0, 1))]
    seen = deeds_seen(game, player)
    rows = []
    for state, plan in enumerate(prescribed):
        departed = (seen >= 0) & (seen != np.asarray(plan))
        alone = departed.sum(axis=-1) == 1
        unchanged = np.where(departed.all(axis=-1), state, 0)
        rows.append(np.where(alone, 1 + departed.argmax(axis=-1), unchanged))
    actions = [chosen(game, player, plan[player]) for plan in prescribed]
    names = ("cooperates", *(f"{name} does penance" for name in game.players))
    return machine(game, player, "penance", names, actions, np.stack(rows)[None])


@settled
def turn_taking(game: Game, player: int) -> Automaton:
    """Turn-taking: one cooperates while the other does not, in turns; after any departure the fallback.

    In a prisoner's dilemma (C, D), (D, C), (C, D), ...; it holds from (P-S)/(T-P) on.
    """
    need_agreement(game, "turn_taking")
    need_two_by_two(game, "turn_taking")
    need_one_move(game, "turn_taking")
    need_sight(game, player, "turn_taking", findings=False)
    cooperates, defects = _pure(game, "turn_taking")
    turns = [(cooperates[0], defects[1]), (defects[0], cooperates[1])]
    seen = deeds_seen(game, player)
    departed = [((seen >= 0) & (seen != np.asarray(turn))).any(axis=-1) for turn in turns]
    follows = np.stack(
        [np.where(departed[0], 2, 1), np.where(departed[1], 2, 0), np.full(departed[0].shape, 2)]
    )
    actions = [chosen(game, player, turn[player]) for turn in turns] + [departing(game, player)]
    names = (f"{game.players[0]} cooperates", f"{game.players[1]} cooperates", "punishes")
    return machine(game, player, "turn_taking", names, actions, follows[None])


def _anybody(game: Game, player: int, strategy: str) -> Bools:
    """Return whether anybody is seen to depart, (S, A, V), or refuse in words."""
    need_agreement(game, strategy)
    need_sight(game, player, strategy)
    return np.asarray(departures(game, player).any(axis=-1))


def _pure(game: Game, strategy: str) -> tuple[list[int], list[int]]:
    """Return the agreed and the fallback action of each player where both are one action in every state."""
    play = game.has_choice.all(axis=1)
    agreement, fallback = game.agreement[play], game.fallback[:, play]
    pure = (fallback.max(axis=-1) == 1).all() and (agreement == agreement[:1]).all()
    if not pure or (fallback != fallback[:1, :1]).any():
        raise GameError(f"{strategy} needs a fallback of one action for each player, the same everywhere")
    defects: Ints = fallback[0, 0].argmax(axis=-1)
    return agreement[0].tolist(), defects.tolist()
