"""Triggers: a deviation by anybody on the public record, oneself included, sets off punishment."""

from __future__ import annotations

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.game import Bools, Game
from gamelab.model.settings import FewRounds, settled
from gamelab.strategies.machine import machine
from gamelab.strategies.rounds import machine_by_round
from gamelab.strategies.sight import (
    agreed,
    chosen,
    deeds_seen,
    deviating,
    deviations,
    need_agreement,
    need_culprits,
    need_one_move,
    need_sight,
    need_two_by_two,
    pure_actions,
)


@settled
def grim(game: Game, player: int) -> Automaton:
    """Grim trigger: keeps the agreement until anybody is seen to deviate, then plays the fallback for ever.

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
    actions = [agreed(game, player), deviating(game, player)]
    return machine(game, player, "grim", ("keeps", "punishes"), actions, follows)


@settled
def limited_punishment(game: Game, player: int, *, rounds: FewRounds) -> Automaton:
    """Limited punishment: after a deviation the fallback for some rounds, then the agreement again.

    Nothing seen while punishing prolongs it. In the prisoner's dilemma it holds from the root of
    (R-P)(d + ... + d^rounds) = T-R on, in time inconsistency from that of (V-t)(d + ... + d^rounds) = t.

    Parameters
    ----------
    rounds : int
        Length of the punishment, at most 1,000.

    References
    ----------
    Green and Porter (1984), Noncooperative collusion under imperfect price information.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> len(limited_punishment(gl.repeated(stage, discount_factor=0.9), 0, rounds=2).states)
    3
    """
    anybody = _anybody(game, player, "limited_punishment")
    actions = [agreed(game, player)] + [deviating(game, player)] * rounds
    names = ("keeps", *(f"punishes {k} more" for k in range(1, rounds + 1)))

    def then(q: int, seen: tuple[bool, ...]) -> int:
        return q - 1 if q else rounds * seen[0]

    return machine_by_round(
        game, player, "limited_punishment", names, actions, anybody[..., None], then, ("anybody",)
    )


@settled
def win_stay_lose_shift(game: Game, player: int) -> Automaton:
    """Win-stay, lose-shift (Pavlov): cooperates after all or none deviated, deviates after some did.

    In the prisoner's dilemma it holds from (T-R)/(R-P) on (Nowak and Sigmund 1993).
    """
    need_agreement(game, "win_stay_lose_shift")
    need_sight(game, player, "win_stay_lose_shift")
    need_culprits(game, player, "win_stay_lose_shift")
    actions = [agreed(game, player), deviating(game, player)]
    return machine_by_round(
        game,
        player,
        "win_stay_lose_shift",
        ("stays", "shifts"),
        actions,
        deviations(game, player),
        lambda q, deviated: int(any(deviated) and not all(deviated)),
        game.players,
    )


@settled
def penance(game: Game, player: int) -> Automaton:
    """Penance: who deviates alone must cooperate once while the other defects; then all is well again.

    Deviating from penance, or from punishing, starts a penance of one's own; when both deviate nothing
    changes. In the prisoner's dilemma it holds from max{(T-R)/(R-S), (P-S)/(R-S)} on (van Damme 1989).
    """
    need_agreement(game, "penance")
    need_two_by_two(game, "penance")
    need_one_move(game, "penance")
    need_sight(game, player, "penance", findings=False)
    cooperates, defects = pure_actions(game, "penance")
    # in state 0 both cooperate; in state 1 + j player j does penance and the other defects
    prescribed = [cooperates, *([cooperates[i] if i == j else defects[i] for i in (0, 1)] for j in (0, 1))]
    seen = deeds_seen(game, player)
    rows = []
    for state, plan in enumerate(prescribed):
        deviated = (seen >= 0) & (seen != np.asarray(plan))
        alone = deviated.sum(axis=-1) == 1
        unchanged = np.where(deviated.all(axis=-1), state, 0)
        rows.append(np.where(alone, 1 + deviated.argmax(axis=-1), unchanged))
    actions = [chosen(game, player, plan[player]) for plan in prescribed]
    names = ("cooperates", *(f"{name} does penance" for name in game.players))
    return machine(game, player, "penance", names, actions, np.stack(rows)[None])


def _anybody(game: Game, player: int, strategy: str) -> Bools:
    """Return whether anybody is seen to deviate, (S, A, V), or refuse in words."""
    need_agreement(game, strategy)
    need_sight(game, player, strategy)
    return np.asarray(deviations(game, player).any(axis=-1))
