"""Stage equilibria: all in pure actions, and all of two-by-two games, as candidates for play for ever."""

from __future__ import annotations

import numpy as np

from gamelab.model.game import Bools, Floats, Game, Ints
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
    ((_, found),) = equilibria_by_point(game)
    return [mixtures[0] for mixtures in found]


def equilibria_by_point(game: Game) -> list[tuple[Ints, list[Floats]]]:
    """Return the same of a batch: points with equilibria of one form, and these in order, each (m, n, A).

    Of one form are points with the same equilibria in pure actions that all have a mixed one, or all none.

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
    slack = np.asarray(TOLERANCE * material_spread(game))
    stable = pure_equilibria(utilities, game.sizes, slack)
    mixes, mixed = np.zeros(game.batch, dtype=bool), np.zeros((game.batch, 2, 2))
    if game.sizes == (2, 2):
        mixes, mixed = mixed_two_by_two(utilities.reshape(-1, 2, 2, 2), slack)
    forms, member = np.unique(np.column_stack([stable, mixes]), axis=0, return_inverse=True)
    A = game.allowed.shape[2]
    groups = []
    for k, form in enumerate(forms):
        points = np.flatnonzero(member.ravel() == k)
        pure = (game.profiles[form[:-1]][:, :, None] == np.arange(A)).astype(float)
        found = [np.broadcast_to(profile, (len(points), *profile.shape)) for profile in pure]
        found += [mixed[points]] if form[-1] else []
        groups.append((points, sorted(found, key=lambda mixtures: tuple(-mixtures[0].ravel()))))
    return groups


def mixed_two_by_two(payoffs: Floats, slack: Floats) -> tuple[Bools, Floats]:
    """Return where both players of a two-by-two game mix in an equilibrium, (b,), and how, (b, 2, 2).

    Parameters
    ----------
    payoffs : array (b, 2, 2, 2)
        ``payoffs[:, a, c]`` is what both get.
    slack : array (b,)
        Differences up to this count as none.
    """
    # what the first action gains over the second against each action of the other
    first = payoffs[:, 0, :, 0] - payoffs[:, 1, :, 0]
    second = payoffs[:, :, 0, 1] - payoffs[:, :, 1, 1]
    limit = slack[:, None]
    mixes = np.ones(len(payoffs), dtype=bool)
    mixture = np.zeros((len(payoffs), 2, 2))
    for i, gain in enumerate((second, first)):  # a player mixes so that the other is indifferent
        mixes &= (gain > limit).any(axis=1) & (gain < -limit).any(axis=1)
        apart = gain[:, 1] - gain[:, 0]
        chance = np.divide(gain[:, 1], apart, out=np.zeros(len(gain)), where=apart != 0)
        mixture[:, i] = np.stack([chance, 1 - chance], axis=-1)
    return mixes, mixture


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
