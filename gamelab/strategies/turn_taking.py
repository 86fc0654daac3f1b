"""Who gets it when both cannot: holding out, taking turns, and turns once the first round is settled."""

from __future__ import annotations

import numpy as np

from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.exactness import root
from gamelab.model.expectation import material_payoffs
from gamelab.model.game import Floats, Game, Ints
from gamelab.model.settings import settled
from gamelab.model.stage import favourite_equilibria
from gamelab.solve.stage_equilibria import stage_utilities
from gamelab.strategies.machine import machine
from gamelab.strategies.sight import (
    chosen,
    deeds_seen,
    deviating,
    need_agreement,
    need_one_move,
    need_sight,
    need_two_by_two,
    pure_actions,
)

ROUNDING = 1e-9


@settled
def turn_taking(game: Game, player: int) -> Automaton:
    """Turn-taking: each is favoured in turn; after any deviation the fallback for ever.

    In a prisoner's dilemma (C, D), (D, C), (C, D), ...; it holds from (P-S)/(T-P) on. In a battle (A, A),
    (B, B), (A, A), ...; it holds at every discount factor and pays (a + db)/(1 + d) to whoever is first.

    References
    ----------
    Mailath and Samuelson (2006), Repeated Games and Reputations.

    Examples
    --------
    >>> import gamelab as gl
    >>> game = gl.repeated(gl.battle(high=2, low=1), discount_factor=0.5)
    >>> gl.value(game, "turn_taking").payoffs.round(4)
    array([1.6667, 1.3333])
    """
    need_two_by_two(game, "turn_taking")
    need_one_move(game, "turn_taking")
    need_sight(game, player, "turn_taking", findings=False)
    turns = _turns(game)
    seen = deeds_seen(game, player)
    deviated = [((seen >= 0) & (seen != turn)).any(axis=-1) for turn in turns]
    follows = np.stack(
        [np.where(deviated[0], 2, 1), np.where(deviated[1], 2, 0), np.full(deviated[0].shape, 2)]
    )
    actions = [chosen(game, player, int(turn[player])) for turn in turns] + [deviating(game, player)]
    names = (f"{game.players[0]} first", f"{game.players[1]} next", "punishes")
    return machine(game, player, "turn_taking", names, actions, follows[None])


@settled
def insist(game: Game, player: int) -> Automaton:
    """Insists on the own favourite, yielding with some probability each round; whoever wins keeps it.

    A war of attrition in a battle. Both yield with the probability l that leaves the other indifferent:
    (1-l) b (1 - (1-l)d) = l a (1 - ld), for payoffs a > b over disagreement. The value to each,
    (1-l) b / (1 - ld), is at most b at every discount factor: dispute wastes most of the gain where the
    division matters most. With misreading or trembles l stays as it is, and is no equilibrium.

    References
    ----------
    Levy (2025), Box 1, first point.

    Examples
    --------
    >>> import gamelab as gl
    >>> game = gl.repeated(gl.battle(high=10, low=1), discount_factor=0.9)
    >>> bool((gl.value(game, "insist").payoffs < 1).all())
    True
    """
    first, second, (own_yields, a, b) = _dispute(game, player, "insist", alternating=False)
    seen = deeds_seen(game, player)
    won = np.where((seen == first).all(axis=-1), 1, np.where((seen == second).all(axis=-1), 2, 0))
    follows = np.stack([won, np.full(won.shape, 1), np.full(won.shape, 2)])
    actions = [_mixed(game, player, a, b, own_yields), *_settled_on(game, player, first, second)]
    names = ("disputes", *(f"{name} has it" for name in game.players))
    return machine(game, player, "insist", names, actions, follows[None])


@settled
def mix_then_alternate(game: Game, player: int) -> Automaton:
    """Mixes until the first round in which both do the same, and alternates from then on.

    In a battle, for players who understand that they will take turns but not who starts (Crawford and
    Haller 1990). They yield with the probability that leaves the other indifferent, as ``insist`` does, but
    what is at stake is only who goes first. With misreading or trembles it is no equilibrium.

    Examples
    --------
    >>> import gamelab as gl
    >>> game = gl.repeated(gl.battle(high=10, low=1), discount_factor=0.9)
    >>> round(float(gl.value(game, "mix_then_alternate").joint_payoff) / 11, 2)
    0.9
    """
    first, second, (own_yields, a, b) = _dispute(game, player, "mix_then_alternate", alternating=True)
    seen = deeds_seen(game, player)
    settled_now = np.where((seen == first).all(axis=-1), 2, np.where((seen == second).all(axis=-1), 1, 0))
    follows = np.stack([settled_now, np.full(settled_now.shape, 2), np.full(settled_now.shape, 1)])
    actions = [_mixed(game, player, a, b, own_yields), *_settled_on(game, player, first, second)]
    names = ("disputes", *(f"{name}'s turn" for name in game.players))
    return machine(game, player, "mix_then_alternate", names, actions, follows[None])


def _turns(game: Game) -> tuple[Ints, Ints]:
    """Return both players' actions in odd and in even rounds."""
    favourites = _favourites(game)
    if favourites is not None and (game.agreement < 0).all():
        return favourites
    need_agreement(game, "turn_taking")
    cooperates, defects = pure_actions(game, "turn_taking")
    return np.array([cooperates[0], defects[1]]), np.array([defects[0], cooperates[1]])


def _favourites(game: Game) -> tuple[Ints, Ints] | None:
    """Return the two equilibria that the players of a battle dispute, or None where they dispute nothing."""
    play = int(game.has_choice.all(axis=1).argmax())
    places = favourite_equilibria(material_payoffs(game)[:, play], game.sizes)
    if places is None or (places != places[0]).any():
        return None
    first, second = game.profiles[places[0]]
    return (first, second) if (first != second).all() else None


def _dispute(
    game: Game, player: int, strategy: str, *, alternating: bool
) -> tuple[Ints, Ints, tuple[Floats, int, int]]:
    """Return both favourites; and the chance to yield, (b,), with the actions to insist and to yield."""
    need_two_by_two(game, strategy)
    need_one_move(game, strategy)
    need_sight(game, player, strategy, findings=False)
    favourites = _favourites(game)
    if favourites is None:
        raise GameError(
            f"{strategy} needs a dispute: two equilibria, each the favourite of one player (battle)"
        )
    if game.rounds is not None:
        raise GameError(f"{strategy} is for open-ended games; this one has {game.rounds} rounds")
    first, second = favourites
    yields = _yielding(game, 1 - player, favourites, strategy, alternating=alternating)
    mine, theirs = (first, second) if player == 0 else (second, first)
    return first, second, (yields, int(mine[player]), int(theirs[player]))


def _yielding(
    game: Game, other: int, favourites: tuple[Ints, Ints], strategy: str, *, alternating: bool
) -> Floats:
    """Return with what chance a player must yield to leave the other one indifferent, (b,)."""
    play = int(game.has_choice.all(axis=1).argmax())
    payoffs = stage_utilities(game, play)[..., other].reshape(-1, 2, 2)
    high, low = (payoffs[:, f[0], f[1]] for f in (favourites[other], favourites[1 - other]))
    apart = [payoffs[:, favourites[0][0], favourites[1][1]], payoffs[:, favourites[1][0], favourites[0][1]]]
    if (np.abs(apart[0] - apart[1]) > ROUNDING * (high - apart[0])).any():
        raise GameError(f"{strategy} needs the same payoff whichever way the players disagree")
    d = game.one_discount[:, min(other, game.one_discount.shape[1] - 1)]
    a, b = high - apart[0], low - apart[0]
    if alternating:  # what is at stake shrinks with 1 - d: it is not found by subtracting
        return _smaller_root((1 - d) * (a - b) / (1 + d), (b + d * a) / (1 + d), d)
    return holding_out(a, b, d)


def holding_out(a: Floats, b: Floats, d: Floats) -> Floats:
    """Return the root l in (0, 1) of (1-l) b (1 - (1-l)d) = l a (1 - ld).

    The quadratic d(a-b) l^2 - (a - (2d-1)b) l + (1-d) b is positive at 0 and negative at 1; its smaller root
    is written so that nothing cancels.

    >>> float(holding_out(np.array(3.0), np.array(1.0), np.array(0.0)))
    0.25
    """
    return _smaller_root(a - b, b, d)


def _smaller_root(gap: Floats, b: Floats, d: Floats) -> Floats:
    if gap.dtype != object:  # in units near the larger one no square leaves the range of floats
        unit = np.ldexp(1.0, np.frexp(np.maximum(np.abs(gap), np.abs(b)))[1] - 1)
        gap, b = gap / unit, b / unit
    slope = gap + 2 * (1 - d) * b
    return np.asarray(2 * (1 - d) * b / (slope + root(slope**2 - 4 * d * gap * (1 - d) * b)))


def _mixed(game: Game, player: int, insists: int, gives_way: int, chance: Floats) -> Floats:
    weight = chance[:, None, None]
    return (1 - weight) * chosen(game, player, insists) + weight * chosen(game, player, gives_way)


def _settled_on(game: Game, player: int, first: Ints, second: Ints) -> list[Floats]:
    return [chosen(game, player, int(turn[player])) for turn in (first, second)]
