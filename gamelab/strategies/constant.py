"""Constant strategies: what was seen changes nothing."""

from __future__ import annotations

import numpy as np

from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.game import Floats, Game
from gamelab.model.settings import Index, settled
from gamelab.solve.stage_equilibria import equilibria_by_point
from gamelab.strategies.sight import agreed, deviating, need_agreement, need_second_move


@settled
def always_cooperate(game: Game, player: int) -> Automaton:
    """Always cooperates: does the agreed action, whatever happened (ALLC).

    References
    ----------
    Axelrod (1984), The Evolution of Cooperation.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> always_cooperate(stage, 0).states
    ('cooperates',)
    """
    need_agreement(game, "always_cooperate")
    return constant(game, player, "always_cooperate", "cooperates", agreed(game, player))


@settled
def always_defect(game: Game, player: int) -> Automaton:
    """Always defects: does what the fallback says, whatever happened (ALLD).

    References
    ----------
    Axelrod (1984), The Evolution of Cooperation.
    """
    return constant(game, player, "always_defect", "defects", deviating(game, player))


@settled
def stage_nash(game: Game, player: int, *, equilibrium: Index | None = None) -> Automaton:
    """Plays a stage equilibrium for ever; without a setting the fallback.

    Parameters
    ----------
    equilibrium : int
        Place among the stage equilibria in lexicographic order, from 0.

    Raises
    ------
    GameError
        Where the game has more than one state, or fewer equilibria.

    References
    ----------
    Friedman (1971), A non-cooperative equilibrium for supergames.
    """
    if equilibrium is None:
        return constant(game, player, "stage_nash", "plays the fallback", deviating(game, player))
    action = np.empty((game.batch, game.allowed.shape[2]), dtype=game.probabilities.dtype)
    for points, known in equilibria_by_point(game):
        if equilibrium >= len(known.mixtures):
            note = f" ({known.note})" if known.note else ""
            raise GameError(
                f"{equilibrium} is too high: {len(known.mixtures)} stage equilibria are known, "
                f"counted from 0{note}",
                "equilibrium",
            )
        action[points] = known.mixtures[equilibrium][:, player]
    return constant(game, player, "stage_nash", f"plays equilibrium {equilibrium}", action[:, None])


@settled
def honour(game: Game, player: int) -> Automaton:
    """Honours: whoever moves second in the round keeps the agreement, whatever happened.

    Raises
    ------
    GameError
        For a player who does not move second, or a game without second moves.

    References
    ----------
    Levy (2025), Box 1, second point.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.time_inconsistency(value=10, cost=2, payment=4)
    >>> gl.value(gl.repeated(stage, discount_factor=0.5), ["always_cooperate", "honour"]).payoffs
    array([2., 6.])
    """
    need_second_move(game, player, "honour")
    return constant(game, player, "honour", "honours", agreed(game, player))


@settled
def renege(game: Game, player: int) -> Automaton:
    """Reneges: whoever moves second in the round does what the fallback says, whatever happened.

    References
    ----------
    Levy (2025), Box 1, second point.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.time_inconsistency(value=10, cost=2, payment=4)
    >>> print(gl.certify(gl.repeated(stage, discount_factor=0.5), ["always_defect", "renege"]).verdict)
    holds
    """
    need_second_move(game, player, "renege")
    return constant(game, player, "renege", "reneges", deviating(game, player))


def constant(game: Game, player: int, name: str, state: str, action: Floats) -> Automaton:
    """Return the automaton with one state and this action (b, S, A)."""
    shape = (1, 1, action.shape[2], int(game.views[player].max()) + 1)
    return Automaton(
        name=name, states=(state,), start=0, action=action[:, :, None], next=np.zeros(shape, dtype=int)
    )
