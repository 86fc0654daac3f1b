"""Stage equilibria: all in pure actions, and all of two-by-two games, as candidates for play for ever."""

from __future__ import annotations

import numpy as np

from gamelab.model.game import Floats, Game
from gamelab.model.stage import pure_equilibria
from gamelab.solve.moves import material_spread

TOLERANCE = 1e-9


def stage_utilities(game: Game, state: int = 0) -> Floats:
    """Return what players care for in one move, all lines together, (b, P, n); constants are left out."""
    total: Floats = np.zeros((1, 1, 1))
    for line in game.flows:
        flow = game.expected[line][0]
        total = total + flow[:, min(state, flow.shape[1] - 1), :, : game.n]
    return np.broadcast_to(total, (game.batch, len(game.profiles), game.n))


def equilibria_of(game: Game) -> list[Floats]:
    """Return the known stage equilibria of a single game with one state, each (n, A), in lexicographic order.

    All equilibria in pure actions, and the mixed one of a two-by-two game where there is just one. Early
    actions come first.

    Raises
    ------
    GameError
        Where the game has several states.
    """
    from gamelab.errors import GameError

    if len(game.states) != 1:
        raise GameError(
            f"the stage equilibria of a game with {len(game.states)} states are not defined", "stage_nash"
        )
    utilities = stage_utilities(game)
    slack = TOLERANCE * material_spread(game)
    stable = pure_equilibria(utilities, game.sizes, slack)[0]
    A = game.allowed.shape[2]
    found = [(profile[:, None] == np.arange(A)).astype(float) for profile in game.profiles[stable]]
    if game.sizes == (2, 2):
        mixed = mixed_two_by_two(utilities[0].reshape(2, 2, 2), float(slack[0]))
        found += [] if mixed is None else [mixed]
    return sorted(found, key=lambda mixture: tuple(-mixture.ravel()))


def mixed_two_by_two(payoffs: Floats, slack: float) -> Floats | None:
    """Return the equilibrium in which both players of a two-by-two game mix, (2, 2), or None.

    Parameters
    ----------
    payoffs : array (2, 2, 2)
        ``payoffs[a, b]`` is what both get.
    slack : float
        Differences up to this count as none.
    """
    # what the first action gains over the second against each action of the other
    first = payoffs[0, :, 0] - payoffs[1, :, 0]
    second = payoffs[:, 0, 1] - payoffs[:, 1, 1]
    mixture = []
    for gain in (second, first):  # a player mixes so that the other is indifferent
        if not ((gain > slack).any() and (gain < -slack).any()):
            return None
        chance = gain[1] / (gain[1] - gain[0])
        mixture.append([chance, 1 - chance])
    return np.array(mixture)


def survivors(game: Game, state: int = 0) -> list[list[int]]:
    """Return the actions of each player that survive iterated strict dominance by pure actions.

    For a single game. Where one action each survives it is the only equilibrium, and the only correlated one.
    """
    utilities = stage_utilities(game, state)[0].reshape((*game.sizes, game.n))
    slack = TOLERANCE * float(material_spread(game)[0])
    left = [[a for a in range(size) if game.allowed[state, i, a]] for i, size in enumerate(game.sizes)]
    shrinking = True
    while shrinking:
        shrinking = False
        for i in range(game.n):
            own = np.moveaxis(utilities[np.ix_(*left)][..., i], i, 0).reshape(len(left[i]), -1)
            beaten = [
                any((own[k] > own[j] + slack).all() for k in range(len(own)) if k != j)
                for j in range(len(own))
            ]
            if any(beaten):
                left[i] = [a for a, out in zip(left[i], beaten) if not out]
                shrinking = True
    return left
