"""Potential: one function whose changes are every player's gains from changing the own action alone."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.expectation import material_payoffs
from gamelab.model.game import Floats, Game
from gamelab.model.ledger import Flow
from gamelab.solve.exact import exact_value
from gamelab.solve.values import value
from gamelab.ties import TOLERANCE


def stage_potential(game: Game) -> Floats:
    """Return the exact potential of the stage game, (b, P), 0 where everybody takes the first action.

    It adds up what players gain who change to their actions of the profile one after the other. That is a
    potential if the game has one (see ``broken_cycle``).

    References
    ----------
    Monderer and Shapley (1996), Potential games, Games and Economic Behavior 14.
    """
    payoffs = _stage(game)
    actions = np.indices(game.sizes)
    reached = 0 * payoffs[..., 0]
    for i in range(game.n):
        # the players before i have changed, those after i have not
        there, before = actions.copy(), actions.copy()
        there[i + 1 :], before[i:] = 0, 0
        own = payoffs[..., i]
        reached = reached + own[(slice(None), *there)] - own[(slice(None), *before)]
    return reached.reshape(len(payoffs), -1)


def broken_cycle(game: Game) -> list[str] | None:
    """Return a cycle of four profiles along which the players' gains do not add up to 0, in words.

    Two players change their actions in turn and back. None where no such cycle is broken, at any point of the
    grid: then the stage has an exact potential.
    """
    payoffs = _stage(game)
    allowed = 0 if game.exact else 4 * TOLERANCE * np.abs(payoffs).max()
    for i, j in itertools.combinations(range(game.n), 2):
        mine, theirs = (np.moveaxis(payoffs[..., k], (1 + i, 1 + j), (-2, -1)) for k in (i, j))
        # u_i(b, a) - u_i(a, a) + u_j(b, b) - u_j(b, a) + u_i(a, b) - u_i(b, b) + u_j(a, a) - u_j(a, b)
        first = mine[..., :1, :1] - mine[..., :, :1] + mine[..., :, :] - mine[..., :1, :]
        second = theirs[..., :1, :1] - theirs[..., :1, :] + theirs[..., :, :] - theirs[..., :, :1]
        broken = np.argwhere((np.abs(first - second) > allowed).any(axis=0))
        if len(broken):
            *others, a, b = broken[0].tolist()
            place = dict(zip((k for k in range(game.n) if k not in (i, j)), others, strict=True))
            cycle = ((0, 0), (a, 0), (a, b), (0, b))
            return [_named(game, {**place, i: own, j: other}) for own, other in cycle]
    return None


def _stage(game: Game) -> Floats:
    """Return what the first state pays, with an axis for each player's actions, (b, *sizes, n)."""
    state = int(np.argmax((game.start > 0).any(axis=0)))
    payoffs = material_payoffs(game)[:, state]
    return payoffs.reshape((len(payoffs), *game.sizes, game.n))


def _named(game: Game, place: dict[int, int]) -> str:
    return ", ".join(game.actions[k][place[k]] for k in range(game.n))


def potential_of(game: Game, automata: Sequence[Automaton]) -> Floats:
    """Return the average of the stage's potential along the play of a profile, discounted, (b,)."""
    table = stage_potential(game)[:, None, :, None]
    nothing = np.zeros((*table.shape[:3], len(game.accounts) - 1), dtype=table.dtype)
    flow = Flow("material", by_profile=np.concatenate([table, nothing], axis=3))
    there = game.replace(flows={"potential": flow})
    paid = exact_value(there, automata) if game.exact else value(there, automata)
    return np.reshape(paid.ledger["potential"][..., 0], -1)
