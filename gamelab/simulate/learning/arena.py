"""An arena: what learners choose among and what each profile pays, from a game, a table or a tournament."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gamelab.errors import GameError, nearest
from gamelab.model.arguments import numbers
from gamelab.model.freezing import frozen_result, read_only
from gamelab.model.game import Floats, Game, Ints
from gamelab.model.settings import shown
from gamelab.solve.values import value
from gamelab.strategies.profile import Strategy, profile_of, strategy_name

MOST_PROFILES = 100_000
MOST_VALUES = 10_000
"""Profiles of strategies whose exact values are found for one arena."""
WELFARE = ("material", "transfer", "fine", "cost")

Strategies = Sequence[Strategy] | Mapping[str, Sequence[Strategy]]


@frozen_result
@dataclass(frozen=True, eq=False)
class Arena:
    """What is played, round after round, by people who learn.

    Parameters
    ----------
    players : tuple of str
    actions : tuple of tuple of str
        What each player chooses among: actions of one round, or strategies of a repeated game.
    utilities : array (S, P, n)
        What each profile (row-major, player 0 slowest) is worth to each player in each state, altruism
        included: what people learn from.
    payoffs : array (S, P, n)
        What it pays them.
    cooperation : array (S, P) or None
        The expected share of moves on the agreement; None where nothing is agreed.
    game : Game or None
        Of a single game whose actions are chosen among: who sees what.
    """

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    utilities: Floats
    payoffs: Floats
    cooperation: Floats | None = None
    game: Game | None = None

    @property
    def n(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of choices of each player."""
        return tuple(len(labels) for labels in self.actions)

    @cached_property
    def strides(self) -> Ints:
        """How far apart profiles lie that differ by one in a player's action, (n,)."""
        return np.array([math.prod(self.sizes[i + 1 :]) for i in range(self.n)], dtype=np.int64)

    def table(self, player: int) -> Floats:
        """Return what one player's actions are worth in a game of one state, (A, profiles of the others)."""
        grid = self.utilities[0, :, player].reshape(self.sizes)
        return np.moveaxis(grid, player, 0).reshape(self.sizes[player], -1)

    def need_one_state(self, what: str) -> None:
        """Refuse in words a game whose payoffs depend on a state."""
        if len(self.utilities) > 1:
            raise GameError(
                f"{what} chooses among the actions of one state, and this game has {len(self.utilities)}; "
                "name strategies to choose among (strategies=['grim', 'always_defect'])",
                "game",
            )


def arena_of(source: Any, strategies: Strategies | None = None) -> Arena:
    """Return the arena that a game, payoff tables or a tournament make.

    Parameters
    ----------
    source : Game, arrays, or an object with ``payoffs`` (and, where seats differ, ``by_seat``) and ``names``
        A single game: players choose among the actions of one round, or among ``strategies``. Arrays: a
        pair (A, B) of tables, one table for each of n players, (n, A1, ..., An), or one square table, the
        payoffs of the row in a game that looks the same to both.
    strategies : sequence, or mapping of player to sequence
        What to choose among in a repeated game; each profile pays its exact value.

    Raises
    ------
    GameError
        For a grid of games, rounds of several moves, tables that do not fit, or too many profiles.
    """
    if isinstance(source, Game):
        if source.batch > 1:
            raise GameError("learning is of one game at a time, and this one is a grid", "game")
        game = source.replace(shape=(), exact=False)
        return _of_actions(game) if strategies is None else _of_strategies(game, strategies)
    if strategies is not None:
        raise GameError("strategies are for a game, and payoffs are given", "strategies")
    if hasattr(source, "payoffs") and hasattr(source, "names"):
        names = tuple(str(name) for name in source.names)
        table, seats = numbers(source.payoffs, "game"), getattr(source, "by_seat", None)
        if table.ndim != 2 or table.shape != (len(names), len(names)):
            raise GameError(f"{len(names)} names and payoffs of shape {table.shape} do not fit", "game")
        if seats is not None and np.shape(seats) == (*table.shape, 2):
            return _of_tables(np.moveaxis(numbers(seats, "game"), -1, 0), (names, names))
        return _of_tables(np.stack([table, table.T]), (names, names))
    return _of_tables(tables_of(source))


def tables_of(source: Any) -> Floats:
    """Return one table for each player, (n, A1, ..., An)."""
    if not isinstance(source, tuple | list) and np.ndim(source) == 0:
        raise GameError(f"{shown(source)} given; write a game, payoff tables or a tournament", "game")
    if isinstance(source, tuple | list):
        source = [numbers(part, "game") for part in source]
    if isinstance(source, list) and len({part.shape for part in source}) > 1:
        shapes = " and ".join(str(part.shape) for part in source)
        raise GameError(f"tables of shapes {shapes} given; each player's must have the same", "game")
    tables = np.stack(source) if isinstance(source, list) and source else numbers(source, "game")
    if tables.ndim == 2 and tables.shape[0] == tables.shape[1] > 0:
        return np.stack([tables, tables.T])
    if tables.ndim < 2 or tables.size == 0 or tables.shape[0] != tables.ndim - 1:
        raise GameError(
            f"an array of shape {tables.shape} is no game; write two tables of the same shape, one square "
            "table for a symmetric game, or one table of n axes for each of n players",
            "game",
        )
    return tables


def _of_tables(tables: Floats, names: tuple[tuple[str, ...], ...] | None = None) -> Arena:
    sizes = tables.shape[1:]
    _check_profiles(math.prod(sizes), MOST_PROFILES, "fewer actions would be")
    labels = names or tuple(tuple(str(a + 1) for a in range(size)) for size in sizes)
    paid = read_only(np.moveaxis(tables, 0, -1).reshape(1, -1, len(sizes)).copy())
    return Arena(tuple(f"player_{i + 1}" for i in range(len(sizes))), labels, paid, paid)


def _of_actions(game: Game) -> Arena:
    if not game.ends_round.all():
        raise GameError(
            "learning among actions is for rounds of one move, and this game's rounds have more; "
            "name strategies to choose among (strategies=['always_cooperate', 'always_defect'])",
            "game",
        )
    _check_profiles(len(game.profiles), MOST_PROFILES, "fewer actions would be")
    allowed = np.arange(game.allowed.shape[2]) < np.asarray(game.sizes)[:, None]
    if (game.allowed != allowed).any():
        raise GameError("learning needs every action to be allowed in every state", "game")
    shape = (len(game.states), len(game.profiles), game.n)
    lines = {}
    for line in game.flows:
        flow, base = game.expected[line]
        lines[line] = np.broadcast_to((flow + base[:, None, None])[0, :, :, : game.n], shape)
    kinds = {line: flow.kind for line, flow in game.flows.items()}
    nothing: Floats = np.zeros(shape)
    payoffs = sum((paid for line, paid in lines.items() if kinds[line] in WELFARE), nothing)
    regard = sum((paid for line, paid in lines.items() if kinds[line] not in WELFARE), nothing)
    return Arena(
        game.players, game.actions, read_only(payoffs + regard), read_only(payoffs), kept(game), game
    )


def kept(game: Game) -> Floats | None:
    """Return the expected share of moves on the agreement by state and profile, (S, P); None without one."""
    agreed = game.agreement >= 0
    if not agreed.any(axis=1).all():
        return None
    deed = np.where(game.deeds[:, None] >= 0, game.deeds[:, None], game.profiles.T[:, :, None])  # (n, P, Y)
    states = np.arange(len(game.states))[:, None, None]
    share: Floats = np.zeros((len(game.states), len(game.profiles)))
    for i in range(game.n):
        chance = (game.probabilities[0] * game.keeps[states, i, deed[i][None]]).sum(axis=2)
        share = share + agreed[:, i, None] * chance
    return read_only(share / agreed.sum(axis=1)[:, None])


def _of_strategies(game: Game, strategies: Strategies) -> Arena:
    lists = _lists(game, strategies)
    count = math.prod(len(own) for own in lists)
    _check_profiles(count, MOST_VALUES, "fewer strategies would be")
    valuations = [value(game, profile_of(game, combination)) for combination in itertools.product(*lists)]
    cooperation = np.array([[float(one.cooperation) for one in valuations]])
    return Arena(
        game.players,
        tuple(tuple(strategy_name(strategy) for strategy in own) for own in lists),
        read_only(np.array([[one.utilities for one in valuations]], dtype=np.float64)),
        read_only(np.array([[one.payoffs for one in valuations]], dtype=np.float64)),
        None if np.isnan(cooperation).any() else read_only(cooperation),
    )


def _lists(game: Game, strategies: Strategies) -> list[list[Strategy]]:
    """Return the list of each player's strategies."""
    if isinstance(strategies, Mapping):
        for name in strategies:
            if name not in game.players:
                hint = nearest(str(name), game.players)
                raise GameError(f"{shown(name)} is no player of this game{hint}", "strategies")
        missing = [name for name in game.players if name not in strategies]
        if missing:
            raise GameError(f"no strategies given for {missing[0]}", "strategies")
        each: list[Any] = [strategies[name] for name in game.players]
    else:
        each = [strategies] * game.n
    for own in each:
        if isinstance(own, str) or not isinstance(own, Sequence) or len(own) == 0:
            raise GameError(f"{shown(own)} given; write a list of at least one strategy", "strategies")
    return [list(own) for own in each]


def _check_profiles(count: int, limit: int, advice: str) -> None:
    if count > limit:
        raise GameError(f"{count:,} profiles, the limit is {limit:,}; {advice} fewer", "game")
