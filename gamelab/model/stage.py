"""A stage game with one state, from a payoff table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from gamelab.errors import GameError, listed, nearest
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.model.grids import laid_out
from gamelab.model.ledger import Flow
from gamelab.model.settings import shown

ROUNDING = 64 * np.finfo(float).eps / 2
"""Up to this times their sizes two payoffs of a table differ by rounding."""


def stage_game(
    payoffs: Floats,
    *,
    players: Sequence[str] | None,
    actions: Any,
    sizes: tuple[int, ...],
    agreement: Sequence[int],
    fallback: Floats,
    shape: tuple[int, ...] = (),
    labels: tuple[str, ...] = (),
) -> Game:
    """Return the game that is played once, nothing of which needs to be seen.

    Parameters
    ----------
    payoffs : array (b, P, n)
        Material payoffs of every profile, row-major, player 0 slowest.
    players : sequence of str or None
        Names; default ``player_1``, ``player_2``, ...
    actions : sequence of str, of such sequences, or None
        Labels for all players or for each; default ``labels``, else ``1``, ``2``, ...
    sizes : tuple of int
        Number of actions of each player.
    agreement : sequence of int
        The agreed action of each player, -1 for none.
    fallback : array (b, n, A)
        The mixture played when cooperation is over; all 0 where there is none.
    shape : tuple of int
        The grid that the batch axis stands for.
    """
    n, A = len(sizes), max(sizes)
    names = named(players, n)
    nothing = np.zeros((*payoffs.shape[:2], 1), dtype=payoffs.dtype)
    money = np.concatenate([payoffs, nothing], axis=-1)[:, None]
    agreed = np.asarray(agreement)[None]
    allowed = np.arange(A) < np.asarray(sizes)[:, None]
    keeps = np.broadcast_to(np.arange(A) == agreed[..., None], (1, n, A))
    return Game(
        players=names,
        actions=labelled(actions, sizes, labels),
        states=("",),
        outcomes=("",),
        start=np.ones((1, 1), dtype=int),
        allowed=allowed[None],
        ends_round=np.ones(1, dtype=bool),
        probabilities=np.ones((1, 1, 1, 1), dtype=int),
        next_state=np.zeros((1, 1), dtype=int),
        accounts=(*names, "authority"),
        flows={"material": Flow("material", by_profile=money)},
        views=np.zeros((n, 1), dtype=int),
        conduct=-np.ones((n, n, 1), dtype=int),
        deeds=-np.ones((n, 1), dtype=int),
        finding=np.zeros((n, 1), dtype=int),
        levels=-np.ones((1, n), dtype=int),
        agreement=agreed,
        keeps=keeps,
        fallback=fallback[:, None],
        discount_factor=np.ones((1, 1, 1), dtype=int),
        rounds=1,
        shape=shape,
    )


def of_each(players: Sequence[str], *payoffs: Any) -> tuple[tuple[int, ...], list[Floats]]:
    """Return the common grid of payoffs by player, and each of them as an array (b, n)."""
    shape, arrays = laid_out(payoffs, players)
    size = (max(len(array) for array in arrays), len(players))
    return shape, [np.broadcast_to(array, size) for array in arrays]


def place_of(wrong: Bools, players: Sequence[str], *payoffs: Floats) -> str:
    """Return the payoffs (b, n) where something is wrong first as text; and whose, if players differ."""
    k, i = np.argwhere(wrong)[0]
    whose = "" if all((payoff[k] == payoff[k, i]).all() for payoff in payoffs) else f" for {players[i]}"
    return ", ".join(f"{float(payoff[k, i]):g}" for payoff in payoffs) + whose


def named(players: Sequence[str] | None, n: int) -> tuple[str, ...]:
    """Return the players' names; raise GameError where they are too few, too many or not texts."""
    if players is None:
        return tuple(f"player_{k + 1}" for k in range(n))
    good = isinstance(players, Sequence) and not isinstance(players, str) and len(players) == n
    if not good or not all(isinstance(name, str) for name in players):
        raise GameError(f"{shown(players)} given; this stage game needs a list of {n} names", "players")
    if "authority" in players:
        raise GameError("'authority' is the account above the players; choose another name", "players")
    return tuple(players)


def labelled(actions: Any, sizes: tuple[int, ...], default: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return each player's action labels; one list of labels stands for all players."""
    if actions is None:
        return tuple(default or tuple(str(k + 1) for k in range(size)) for size in sizes)
    good = isinstance(actions, Sequence) and not isinstance(actions, str)
    lists = [actions] * len(sizes) if good and all(isinstance(label, str) for label in actions) else actions
    if not good or len(lists) != len(sizes) or not all(map(_fits, lists, sizes)):
        wanted = " and ".join(str(size) for size in dict.fromkeys(sizes))
        raise GameError(
            f"{shown(actions)} given; write {wanted} labels, or one such list per player", "actions"
        )
    return tuple(tuple(str(label) for label in own) for own in lists)


def _fits(own: Any, size: int) -> bool:
    return isinstance(own, Sequence) and not isinstance(own, str) and len(own) == size


def action_index(label: Any, labels: tuple[str, ...], key: str) -> int:
    """Return the place of an action label; raise GameError with the known ones otherwise."""
    if str(label) not in labels:
        hint = nearest(str(label), labels)
        raise GameError(f"'{label}' is no action here; write {listed(labels)}{hint}", key)
    return labels.index(str(label))


def has_fallback(game: Game) -> Bools:
    """Return the points at which every state has a fallback, (b,) or (1,)."""
    return np.asarray((game.fallback != 0).any(axis=(2, 3)).all(axis=1))


def fallback_of(game: Game) -> Floats:
    """Return the mixtures played when cooperation is over, (b, S, n, A).

    Raises
    ------
    GameError
        Where the game has none at some point.
    """
    if not has_fallback(game).all():
        raise GameError(
            "a fallback is needed here, and the stage game has none: no equilibrium in pure actions, none in "
            "mixtures that could be computed; write what each player does when cooperation is over",
            "fallback",
        )
    return game.fallback


def pure_equilibria(payoffs: Floats, sizes: tuple[int, ...], slack: float | Floats = 0) -> Bools:
    """Return which profiles are equilibria of a payoff table in pure actions, (b, P).

    Parameters
    ----------
    payoffs : array (b, P, n)
    sizes : tuple of int
    slack : float or array (b, P, n)
        A gain from deviating up to this counts as none; of an array up to the sum of those of both payoffs.
    """
    shape = (len(payoffs), *sizes, len(sizes))
    # of one tolerance half is on each side; of an array each payoff's own
    half = slack if np.ndim(slack) == 3 else np.reshape(slack, (-1, 1, 1)) / 2
    half = half if np.any(slack) else 0  # fractions stay fractions
    higher, lower = (payoffs + half).reshape(shape), (payoffs - half).reshape(shape)
    stable = np.ones(shape[:-1], dtype=bool)
    for i in range(len(sizes)):
        stable &= higher[..., i] >= lower[..., i].max(axis=1 + i, keepdims=True)
    return stable.reshape(len(payoffs), math.prod(sizes))


def favourite_equilibria(payoffs: Floats, sizes: tuple[int, ...]) -> Ints | None:
    """Return for each player the profile of the pure equilibrium that the player likes best, (b, n).

    Of several that the player likes equally the one with the highest joint payoff, then the first. None
    where some game of the batch has no equilibrium in pure actions.

    Parameters
    ----------
    payoffs : array (b, P, n)
    sizes : tuple of int
    """
    payoffs = payoffs / 2 ** (2 + len(sizes))  # the same order, and no sum or difference is too large
    slack = (0 if payoffs.dtype == object else ROUNDING) * np.abs(payoffs)
    stable = pure_equilibria(payoffs, sizes, slack)
    if not stable.any(axis=1).all():
        return None
    places = []
    for i in range(len(sizes)):
        best = stable
        for amount, apart in ((payoffs[..., i], slack[..., i]), (payoffs.sum(axis=-1), slack.sum(axis=-1))):
            least = np.where(best, amount - apart, -np.inf).max(axis=1, keepdims=True)
            best = best & (amount + apart >= least)
        places.append(best.argmax(axis=1))
    return np.stack(places, axis=1)
