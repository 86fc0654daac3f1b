"""Memory-one strategies: a probability to cooperate for each result of the last round."""

from __future__ import annotations

from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.expectation import material_payoffs
from gamelab.model.game import Floats, Game
from gamelab.model.settings import Number, Payoff, Probability, settled, shown
from gamelab.strategies.rounds import machine_by_round
from gamelab.strategies.sight import (
    agreed,
    deviations,
    need_agreement,
    need_sight,
    need_two_by_two,
    other_action,
)

ROUNDING = 1e-12
"""Up to this times the largest payoff two averages may differ and be the same number."""


@settled
def memory_one(
    game: Game,
    player: int,
    *,
    cc: Probability,
    cd: Probability,
    dc: Probability,
    dd: Probability,
    first: Probability = 1,
) -> Automaton:
    """Memory-one: cooperates with a probability that depends on the last round, own action first.

    The own action is the recorded one where there is a record, else the true one; what was not seen of the
    other counts as cooperation.

    Parameters
    ----------
    cc, cd, dc, dd : array
        Probability to cooperate after own, other's action.
    first : array
        Probability to cooperate in the first round.

    References
    ----------
    Nowak and Sigmund (1993), A strategy of win-stay, lose-shift.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> game = gl.repeated(stage, discount_factor=0.5)
    >>> len(memory_one(game, 0, cc=0.9, cd=0.2, dc=0.7, dd=0.1).states)
    5
    """
    return _memory_one(game, player, "memory_one", first, [cc, cd, dc, dd])


@settled
def extortion(game: Game, player: int, *, factor: Number, scale: Number | None = None) -> Automaton:
    """Extortion: fixes own surplus over P at a multiple of the other's (Press and Dyson 2012).

    Parameters
    ----------
    factor : array
        The multiple, at least 1.
    scale : array
        Press and Dyson's phi, above 0 (default half of the largest admissible).

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> len(extortion(gl.repeated(stage, discount_factor=0.9), 0, factor=3).states)
    5
    """
    game = _on_grid(game, factor, scale)
    T, R, P, S = _dilemma(game, player, "extortion")
    chi = _at_least_one(game, factor)
    limit = 1 / np.max([(chi - 1) * (R - P), P - S + chi * (T - P), T - P + chi * (P - S)], axis=0)
    phi = _scaled(game, scale, limit)
    after = [
        1 - phi * (chi - 1) * (R - P),
        1 - phi * (P - S + chi * (T - P)),
        phi * (T - P + chi * (P - S)),
        0 * phi,
    ]
    return _memory_one(game, player, "extortion", 1, _in_shape(game, after))


@settled
def generous_zero_determinant(
    game: Game, player: int, *, factor: Number, scale: Number | None = None
) -> Automaton:
    """Generous zero-determinant: fixes own shortfall from R at a multiple of the other's.

    Stewart and Plotkin (2013).

    Parameters
    ----------
    factor : array
        The multiple, at least 1.
    scale : array
        Press and Dyson's phi, above 0 (default half of the largest admissible).

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> len(generous_zero_determinant(gl.repeated(stage, discount_factor=0.9), 0, factor=2).states)
    5
    """
    game = _on_grid(game, factor, scale)
    T, R, P, S = _dilemma(game, player, "generous_zero_determinant")
    chi = _at_least_one(game, factor)
    limit = 1 / np.max([R - S + chi * (T - R), T - R + chi * (R - S), (chi - 1) * (R - P)], axis=0)
    phi = _scaled(game, scale, limit)
    after = [
        1 + 0 * phi,
        1 - phi * (R - S + chi * (T - R)),
        phi * (T - R + chi * (R - S)),
        phi * (chi - 1) * (R - P),
    ]
    return _memory_one(game, player, "generous_zero_determinant", 1, _in_shape(game, after))


@settled
def equalizer(game: Game, player: int, *, payoff: Payoff) -> Automaton:
    """Equalizer: fixes the other's long-run payoff, whatever the other does (Press and Dyson 2012).

    Parameters
    ----------
    payoff : array
        The other's payoff, from P to R; the largest admissible scale is taken.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> len(equalizer(gl.repeated(stage, discount_factor=0.9), 0, payoff=2).states)
    5
    """
    game = _on_grid(game, payoff)
    T, R, P, S = _dilemma(game, player, "equalizer")
    _, (v,) = game.spread(payoff)
    rounding = 1e-9 * (R - P)
    wrong = (v < P - rounding) | (v > R + rounding)
    if wrong.any():
        first = float(np.broadcast_to(v, wrong.shape)[wrong][0])
        raise GameError(f"{shown(first)} is not between punishment and reward", "payoff")
    phi = 1 / np.max([R - v, T - v, v - S, v - P], axis=0)
    after = [1 - phi * (R - v), 1 - phi * (T - v), phi * (v - S), phi * (v - P)]
    return _memory_one(game, player, "equalizer", 1, _in_shape(game, after))


def _memory_one(game: Game, player: int, name: str, first: Any, after: list[Any]) -> Automaton:
    need_agreement(game, name)
    need_two_by_two(game, name)
    need_sight(game, player, name)
    deviated = deviations(game, player, own_if_unseen=True)[..., [player, 1 - player]]
    _, chances = game.spread(first, *after)
    cooperate, deviate = agreed(game, player), other_action(game, player)
    weights = [np.clip(chance, 0, 1)[:, None, None] for chance in chances]
    actions = [weight * cooperate + (1 - weight) * deviate for weight in weights]
    labels = (f"{game.players[player]} (oneself)", game.players[1 - player])
    states = ("first", "CC", "CD", "DC", "DD")
    return machine_by_round(
        game, player, name, states, actions, deviated, lambda q, seen: 1 + 2 * seen[0] + seen[1], labels
    )


def _on_grid(game: Game, *settings: Any) -> Game:
    """Return the game on the common grid of its own and of the settings that are given."""
    return game.spread(*(setting for setting in settings if setting is not None))[0]


def _in_shape(game: Game, chances: list[Floats]) -> list[Floats]:
    """Return chances (b,) in the shape of the game's grid; those of size 1 as single numbers."""
    return [chance.reshape(game.shape if chance.size > 1 else ()) for chance in chances]


def _dilemma(game: Game, player: int, strategy: str) -> list[Floats]:
    """Return T, R, P, S, each (b,), of a symmetric prisoner's dilemma; refuse other games in words."""
    need_two_by_two(game, strategy)
    need_agreement(game, strategy)
    play = int(game.has_choice.all(axis=1).argmax())
    own = material_payoffs(game)[:, play].reshape(-1, 2, 2, 2)
    apart = np.abs(own[..., 0] - np.swapaxes(own[..., 1], 1, 2))
    unlike = apart > (0 if game.exact else ROUNDING) * np.abs(own).max(axis=(1, 2, 3))[:, None, None]
    if unlike.any() or (game.agreement[play] != 0).any():
        raise GameError(f"{strategy} is defined for a symmetric prisoner's dilemma, cooperation first")
    R, S, T, P = own[:, 0, 0, 0], own[:, 0, 1, 0], own[:, 1, 0, 0], own[:, 1, 1, 0]
    if not ((T > R) & (R > P) & (P > S)).all():
        raise GameError(f"{strategy} is defined for a symmetric prisoner's dilemma, cooperation first")
    return [T, R, P, S]


def _at_least_one(game: Game, factor: Any) -> Floats:
    _, (chi,) = game.spread(factor)
    if (chi < 1).any():
        raise GameError(f"{float(chi.min()):g} is not a number of at least 1", "factor")
    return chi


def _scaled(game: Game, scale: Any, limit: Floats) -> Floats:
    if scale is None:
        return limit / 2
    _, (phi,) = game.spread(scale)
    wrong = (phi <= 0) | (phi > limit * (1 + 1e-12))
    if wrong.any():
        given, most = (float(np.broadcast_to(array, wrong.shape)[wrong][0]) for array in (phi, limit))
        raise GameError(f"{given:g} is not above 0 and at most {most:g}", "scale")
    return phi
