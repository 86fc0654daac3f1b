"""Incentives by state: the most that a deviation gains in each state of the game, player by player."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.game import Floats, Game
from gamelab.solve.comparisons import Comparisons, sizes_of
from gamelab.solve.continuation import rounds_of
from gamelab.solve.inference import infers_others
from gamelab.solve.joint import Chain, chains
from gamelab.solve.values import normaliser
from gamelab.ties import TOLERANCE


def gains_by_state(
    game: Game, automata: Sequence[Automaton], *, tolerance: float = TOLERANCE
) -> tuple[Floats, Floats] | None:
    """Return the largest one-shot gains by state and player and what counts as none there, both (b, S, n).

    Parameters
    ----------
    game : Game
    automata : sequence of Automaton, one per player
    tolerance : float
        Relative to the largest number in a comparison.

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
    limit = np.empty_like(most)
    for points, chain in chains(game, automata):
        if not infers_others(chain):
            return None
        norm = normaliser(chain)[:, None]
        gains, eps = _largest(chain, tolerance)
        by_state, of_state = _by_state(chain, gains, eps)
        most[points], limit[points] = by_state * norm, of_state * norm
    return most, limit


def _largest(chain: Chain, tolerance: float) -> tuple[Floats, Floats]:
    """Return the largest gain in each joint state over all rounds, and the eps there, both (b, X, n)."""
    b = chain.game.batch
    most, eps = np.full((b, chain.size, chain.game.n), -np.inf), np.zeros((b, chain.size, chain.game.n))
    for around in rounds_of(chain):
        gains = np.where(around.visited[:, None, None], around.gains, -np.inf)
        gains = np.broadcast_to(gains, (b, *gains.shape[1:]))
        better = gains.max(axis=3) > most
        point, joint, player = np.nonzero(better)
        listed = Comparisons(point, joint, player, gains.argmax(axis=3)[better])
        most[better] = gains.max(axis=3)[better]
        eps[better] = sizes_of(chain, around, listed, tolerance).eps
    return most, eps


def _by_state(chain: Chain, gains: Floats, eps: Floats) -> tuple[Floats, Floats]:
    """Return the largest over the joint states of each state of the game, with its eps, (b, S, n)."""
    most = np.full((len(gains), len(chain.game.states), chain.game.n), -np.inf)
    limit = np.zeros_like(most)
    for x, s in enumerate(chain.state):
        limit[:, s] = np.where(gains[:, x] > most[:, s], eps[:, x], limit[:, s])
        most[:, s] = np.maximum(most[:, s], gains[:, x])
    return most, limit
