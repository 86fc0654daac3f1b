"""What a player has seen of everybody's conduct, as arrays that automata are built from."""

from __future__ import annotations

import numpy as np

from gamelab.errors import GameError
from gamelab.model.automaton import squeezed
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.model.information import reads_privately, symbol_outcomes


def departures(game: Game, player: int, *, own_if_unseen: bool = False) -> Bools:
    """Return who is seen to have departed from the agreement, (S, A, V, n); S of size 1 where it is uniform.

    The public channel is read first (record, then finding), a private reading last; what was not seen
    counts as kept. The own action is read off the record where there is one; with private readings, or
    with ``own_if_unseen``, it is the true one otherwise.
    """
    outcomes = symbol_outcomes(game, player)
    S, A, V = len(game.states), game.allowed.shape[2], len(outcomes)
    departed = np.zeros((S, A, V, game.n), dtype=bool)
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
        found = game.finding[j, outcomes] > 0
        public = np.where(record >= 0, by_record, by_finding)[:, None]
        if own_if_unseen and j == player:
            found = np.zeros_like(found)
            public = by_record[:, None]
        departed[..., j] = np.where((record >= 0) | found, public, privately)
        departed[..., j] &= game.agreement[:, j][:, None, None] >= 0
    return squeezed(departed, 0).astype(bool)


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
            f"{strategy} needs an agreement to keep; this game has none (normal_form takes an agreement)"
        )


def need_sight(game: Game, player: int, strategy: str, *, findings: bool = True) -> None:
    """Refuse in words a game in which the player never sees what some other player did."""
    for j in range(game.n):
        if j == player or not game.has_choice[:, j].any():
            continue
        shown = (game.conduct[player, j] >= 0).any() or (findings and (game.finding[j] > 0).any())
        if not shown:
            helps = "observe: public or private, or transparency" + (", or monitoring" if findings else "")
            raise GameError(
                f"{strategy} needs to see what {game.players[j]} does, and nothing shows it; {helps} would"
            )


def need_one_move(game: Game, strategy: str) -> None:
    """Refuse in words a game whose rounds have more than one move."""
    if not game.ends_round.all():
        raise GameError(f"{strategy} is defined for rounds of one move, and this game's rounds have more")


def need_two_by_two(game: Game, strategy: str) -> None:
    """Refuse in words a game that has not two players with two actions each."""
    if game.sizes != (2, 2):
        raise GameError(f"{strategy} is defined for two players with two actions each")


def agreed(game: Game, player: int) -> Floats:
    """Return the agreed action as probabilities, (1, S, A); without a choice, the only thing there is."""
    only = game.allowed[:, player].argmax(axis=1)
    action = np.where(game.agreement[:, player] >= 0, game.agreement[:, player], only)
    return one_hot(game, action)


def departing(game: Game, player: int) -> Floats:
    """Return the fallback's mixture, (b, S, A)."""
    return game.fallback[:, :, player]


def one_hot(game: Game, action: Ints) -> Floats:
    """Return actions (S,) as probabilities (1, S, A)."""
    return (np.arange(game.allowed.shape[2]) == action[:, None])[None].astype(float)


def chosen(game: Game, player: int, action: int) -> Floats:
    """Return one action as probabilities, (1, S, A); where it is not allowed, the first one that is."""
    own = game.allowed[:, player]
    return one_hot(game, np.where(own[:, action], action, own.argmax(axis=1)))
