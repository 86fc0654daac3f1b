"""Incentives by state: the most that a departure gains in each state of the game, player by player."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.game import Floats, Game
from gamelab.solve.certificate import TOLERANCE, normaliser
from gamelab.solve.continuation import backwards, continuation, one_shot_gains
from gamelab.solve.inference import infers_others
from gamelab.solve.joint import Chain, chains
from gamelab.solve.moves import material_spread


def gains_by_state(
    game: Game, automata: Sequence[Automaton], *, tolerance: float = TOLERANCE
) -> tuple[Floats, Floats] | None:
    """Return the largest one-shot gains by state and player, (b, S, n), and what counts as none, (b, n).

    Parameters
    ----------
    game : Game
    automata : sequence of Automaton, one per player
    tolerance : float
        Relative to the spread of the material payoffs.

    Returns
    -------
    (array, array), or None
        Both normalised per round. ``-inf`` where a player has no choice or no history leads there. None
        where the one-shot test does not apply because players cannot tell the others' states.

    Examples
    --------
    A fine of 2.5, paid with probability .8, outweighs the 2 that defecting brings; one of 2 does not.

    >>> import gamelab as gl
    >>> from gamelab.strategies.profile import profile_of
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> game = gl.monitoring(gl.repeated(stage, discount_factor=0.9, observe="none"), detection=0.8)
    >>> game = gl.graduated_sanctions(game, fines=[2, 3])
    >>> gains, _ = gains_by_state(game, profile_of(game, "comply"))
    >>> [(name, gains[0, s].round(3).tolist()) for s, name in enumerate(game.states)][:2]
    [('levels 0, 0', [0.04, 0.04]), ('levels 0, 1', [0.04, -0.04])]
    """
    most = np.empty((game.batch, len(game.states), game.n))
    limit = np.empty((game.batch, game.n))
    for points, chain in chains(game, automata):
        if not infers_others(chain):
            return None
        norm = normaliser(chain)
        most[points] = _by_state(chain, _largest(chain)) * norm[:, None]
        limit[points] = tolerance * material_spread(chain.game)[:, None] * norm
    return most, limit


def _largest(chain: Chain) -> Floats:
    """Return the largest gain in each joint state over all rounds, (b, X, n), in payoffs of its own round."""
    if chain.game.rounds is None:
        return np.asarray(one_shot_gains(chain, continuation(chain)).max(axis=3))
    most: Floats = np.full((1, chain.size, chain.game.n), -np.inf)
    for t, _, gains in backwards(chain):
        most = np.maximum(most, np.where(chain.layers[t][:, None], gains.max(axis=3), -np.inf))
    return most


def _by_state(chain: Chain, gains: Floats) -> Floats:
    """Return the largest over the joint states of each state of the game, (b, S, n)."""
    most = np.full((len(gains), len(chain.game.states), chain.game.n), -np.inf)
    for x, s in enumerate(chain.state):
        most[:, s] = np.maximum(most[:, s], gains[:, x])
    return most
