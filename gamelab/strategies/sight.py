"""What a player has seen of everybody's conduct, as arrays that automata are built from."""

from __future__ import annotations

import numpy as np

from gamelab.errors import GameError
from gamelab.model.automaton import squeezed
from gamelab.model.findings import findings_on_all
from gamelab.model.freezing import read_only
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.model.information import reads_privately, symbol_outcomes
from gamelab.model.memory import once
from gamelab.model.stage import fallback_of


@once
def deviations(game: Game, player: int, *, own_if_unseen: bool = False) -> Bools:
    """Return who is seen to have deviated from the agreement, (S, A, V, n); S of size 1 where it is uniform.

    The public channel is read first (record, then finding), a private reading last; what was not seen
    counts as kept. The own action is read off the record where there is one; with private readings, or
    with ``own_if_unseen``, it is the true one otherwise.
    """
    outcomes = symbol_outcomes(game, player)
    S, A, V = len(game.states), game.allowed.shape[2], len(outcomes)
    deviated = np.zeros((S, A, V, game.n), dtype=bool)
    private = reads_privately(game, player)[outcomes]
    for j in range(game.n):
        record = game.conduct[j, j, outcomes]
        by_record = ~game.keeps[:, j, record]
        by_finding = np.broadcast_to(game.finding[j, outcomes] == 2, (S, V))
        if j == player:
            deed = game.deeds[j, outcomes]
            done = np.where(deed >= 0, deed, np.arange(A)[:, None])
            counts = private | own_if_unseen
            privately = ~game.keeps[:, j][:, done] & counts
        else:
            reading = game.conduct[player, j, outcomes]
            privately = np.broadcast_to((~game.keeps[:, j, reading] & (reading >= 0))[:, None], (S, A, V))
        offence = game.finding[j, outcomes] > 0
        public = np.where(record >= 0, by_record, by_finding)[:, None]
        if own_if_unseen and j == player:
            offence = np.zeros_like(offence)
            public = by_record[:, None]
        deviated[..., j] = np.where((record >= 0) | offence, public, privately)
        deviated[..., j] &= game.agreement[:, j][:, None, None] >= 0
    return read_only(squeezed(deviated, 0).astype(bool))


def deeds_seen(game: Game, player: int) -> Ints:
    """Return the action read of everybody, (A, V, n), -1 where nothing shows it: record, then own reading.

    The own action is the recorded one where there is a record, else the true one.
    """
    outcomes = symbol_outcomes(game, player)
    A = game.allowed.shape[2]
    seen = np.empty((A, len(outcomes), game.n), dtype=int)
    for j in range(game.n):
        record = game.conduct[j, j, outcomes]
        deed = game.deeds[j, outcomes]
        true = np.where(deed >= 0, deed, np.arange(A)[:, None])
        otherwise = true if j == player else np.broadcast_to(game.conduct[player, j, outcomes], true.shape)
        seen[..., j] = np.where(record >= 0, record, otherwise)
    return seen


def need_agreement(game: Game, strategy: str) -> None:
    """Refuse in words a game in which some choice has no agreed action."""
    if (game.has_choice & (game.agreement < 0)).any():
        raise GameError(
            f"{strategy} needs an agreement to keep, and this game has none "
            "(a convention makes one; normal_form takes one)"
        )


def need_sight(game: Game, player: int, strategy: str, *, findings: bool = True) -> None:
    """Refuse in words a game in which the player never sees what some other player did."""
    for j in range(game.n):
        if j == player or not game.has_choice[:, j].any():
            continue
        shown = (game.conduct[player, j] >= 0).any() or (findings and (game.finding[j] > 0).any())
        if not shown:
            helps = "observe: public or private, or transparency" + (
                ", monitoring or public_signal" if findings else ""
            )
            raise GameError(
                f"{strategy} needs to see what {game.players[j]} does, and nothing shows it; {helps} would"
            )


def need_culprits(game: Game, player: int, strategy: str) -> None:
    """Refuse in words a game in which findings tell that somebody deviated, and nothing tells who."""
    others = np.delete(np.arange(game.n), player)
    unseen = (game.conduct[others, others] < 0).any(axis=0) & game.happens.any(axis=(0, 1))
    if (findings_on_all(game) & unseen).any():
        raise GameError(
            f"{strategy} needs to see who deviated, and a public signal tells only whether somebody did; "
            "observe: public or transparency would, or monitoring in its place"
        )


def need_one_move(game: Game, strategy: str) -> None:
    """Refuse in words a game whose rounds have more than one move."""
    if not game.ends_round.all():
        raise GameError(f"{strategy} is for rounds of one move, and this game's rounds have more")


def need_second_move(game: Game, player: int, strategy: str) -> None:
    """Refuse in words a player who does not answer an earlier move of the round."""
    need_agreement(game, strategy)
    own = game.has_choice[:, player]
    answers = game.leads_to[~game.ends_round].any(axis=0)
    if not own.any() or (own & ~answers).any():
        name = game.players[player]
        raise GameError(
            f"{strategy} is for the player who moves second in a round (time_inconsistency), not for {name}"
        )


def need_two_by_two(game: Game, strategy: str) -> None:
    """Refuse in words a game that has not two players with two actions each."""
    if game.sizes != (2, 2):
        raise GameError(f"{strategy} is defined for two players with two actions each")


def agreed(game: Game, player: int) -> Floats:
    """Return the agreed action as probabilities, (1, S, A); without a choice, the only thing there is."""
    only = game.allowed[:, player].argmax(axis=1)
    action = np.where(game.agreement[:, player] >= 0, game.agreement[:, player], only)
    return one_hot(game, action)


def deviating(game: Game, player: int) -> Floats:
    """Return the fallback's mixture, (b, S, A); a game without one is refused."""
    return fallback_of(game)[:, :, player]


def one_hot(game: Game, action: Ints) -> Floats:
    """Return actions (S,) as probabilities (1, S, A)."""
    return (np.arange(game.allowed.shape[2]) == action[:, None])[None].astype(int)


def other_action(game: Game, player: int) -> Floats:
    """Return the one of two actions that is not agreed, (1, S, A); without a choice, what there is."""
    action = np.where(game.has_choice[:, player], 1 - game.agreement[:, player], 0)
    return chosen_by_state(game, player, action)


def chosen(game: Game, player: int, action: int) -> Floats:
    """Return one action as probabilities, (1, S, A); where it is not allowed, the first one that is."""
    return chosen_by_state(game, player, np.full(len(game.states), action))


def chosen_by_state(game: Game, player: int, action: Ints) -> Floats:
    """Return one action for each state (S,) as probabilities (1, S, A); else what is allowed."""
    own = game.allowed[:, player]
    there = own[np.arange(len(own)), action]
    return one_hot(game, np.where(there, action, own.argmax(axis=1)))


def pure_actions(game: Game, strategy: str) -> tuple[list[int], list[int]]:
    """Return the agreed and the fallback action of each player where both are one action in every state."""
    play = game.has_choice.all(axis=1)
    agreement, fallback = game.agreement[play], fallback_of(game)[:, play]
    pure = (fallback.max(axis=-1) == 1).all() and (agreement == agreement[:1]).all()
    if not pure or (fallback != fallback[:1, :1]).any():
        raise GameError(
            f"{strategy} needs an agreement and a fallback of one action for each player, the same in every "
            "state"
        )
    defects: Ints = fallback[0, 0].argmax(axis=-1)
    return agreement[0].tolist(), defects.tolist()
