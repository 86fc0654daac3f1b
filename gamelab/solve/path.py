"""The path of play: expected conduct, payoffs and public record, round by round, without simulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Floats, Game
from gamelab.solve.joint import Chain, chains
from gamelab.solve.values import chain_states, flow_paid, kept_share, split, through_round


@frozen_result
@dataclass(frozen=True, eq=False)
class Path:
    """What is expected of each round ``t``, seen from before the first.

    Parameters
    ----------
    cooperation : array (t,)
        Share of the round's moves on the agreement; nan where none is agreed.
    payoffs : array (t, n)
        All lines but regard, per player.
    levels : array (t, n)
        Each player's level on the public record when the round opens, given that there is a record; nan
        where there is none.
    """

    cooperation: Floats
    payoffs: Floats
    levels: Floats


def path_of_play(game: Game, automata: Sequence[Automaton], rounds: int) -> Path:
    """Return what is expected of the first rounds when everybody plays as prescribed.

    Parameters
    ----------
    game : Game
        A single one.
    automata : sequence of Automaton, one per player
    rounds : int
        How many rounds to follow; fewer where the game is shorter.

    Raises
    ------
    GameError
        For a batched game, or automata that do not fit.

    Examples
    --------
    Misread once, grim cooperates no more: with one reading in ten wrong, both are read right in 81 of 100.

    >>> import gamelab as gl
    >>> from gamelab.strategies.profile import profile_of
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> game = gl.repeated(stage, discount_factor=0.9, misreading=0.1)
    >>> path_of_play(game, profile_of(game, "grim"), 3).cooperation.round(4).tolist()
    [1.0, 0.81, 0.6561]
    """
    if game.batch > 1:
        raise GameError("the path of play is found for one game at a time, and this one is a grid", "game")
    ((_, chain),) = chains(game, automata)
    inside, across = split(chain.transition(chain.weights), chain.ends)
    entered = chain.start
    cooperation, payoffs, levels = [], [], []
    for _ in range(rounds if game.rounds is None else min(rounds, game.rounds)):
        visits = through_round(entered, inside)
        cooperation.append(float(kept_share(chain, visits)[0]))
        payoffs.append(_payoffs(chain, visits))
        levels.append(_levels(chain, entered))
        entered = (visits[:, None] @ across)[:, 0]
    return Path(np.array(cooperation), np.array(payoffs), np.array(levels))


def _payoffs(chain: Chain, visits: Floats) -> Floats:
    """Return each player's expected payoff of one round, (n,)."""
    n = chain.game.n
    by_state = chain_states(chain, visits[:, :, None] * chain.weights)
    amounts = np.zeros(n)
    for line, flow in chain.moves.flows.items():
        if chain.game.flows[line].kind != "regard":
            amounts += (flow_paid(by_state, flow) + chain.moves.base[line])[0, :n]
    return amounts


def _levels(chain: Chain, entered: Floats) -> Floats:
    """Return each player's expected level, (n,), given that there is a record."""
    level = chain.game.levels[chain.state]
    recorded = entered[0] @ (level >= 0)
    total = entered[0] @ np.maximum(level, 0)
    return np.asarray(np.divide(total, recorded, out=np.full(chain.game.n, np.nan), where=recorded > 1e-12))
