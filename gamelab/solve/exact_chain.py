"""The joint chain of a profile in fractions: plain lists and mappings, one game at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.exactness import fraction
from gamelab.model.game import Game
from gamelab.solve.exact_linear import Row, solve
from gamelab.solve.joint import Chain, chain_of
from gamelab.solve.long_run import closed_classes

ZERO, ONE = Fraction(0), Fraction(1)
Numbers = list[Fraction]


@dataclass(frozen=True, eq=False)
class ExactChain:
    """A profile of automata on one exact game; ``chain`` is what it shares with the engine in floats.

    Parameters
    ----------
    chain : Chain
        Its joint states x, and what can follow what. None of its numbers is used.
    play : list
        ``play[i][x][a]``: what each player is prescribed.
    follow : list
        ``follow[x][p]``: the chance of each next joint state; None where the profile is not allowed.
    pay : dict
        ``pay[line][x][p][c]``: what each ledger line pays in the move.
    """

    chain: Chain
    play: list[list[Numbers]]
    follow: list[list[Row | None]]
    pay: dict[str, list[list[Numbers]]]

    @property
    def game(self) -> Game:
        """The game."""
        return self.chain.game

    @property
    def size(self) -> int:
        """Number of joint states."""
        return self.chain.size

    @cached_property
    def start(self) -> Numbers:
        """Probabilities of the first joint state."""
        at_start = self.chain.begins
        chances = self.game.start[0]
        return [fraction(chances[s]) if begins else ZERO for s, begins in zip(self.chain.state, at_start)]

    @cached_property
    def ends(self) -> list[bool]:
        """Where a round ends."""
        return [bool(end) for end in self.chain.ends]

    @cached_property
    def profiles(self) -> list[tuple[int, ...]]:
        """The actions of each profile."""
        return [tuple(profile) for profile in self.game.profiles.tolist()]

    def discount(self, player: int) -> Numbers:
        """Return a player's weight of the next move, by joint state."""
        return [self.weight(x, player) for x in range(self.size)]

    def weight(self, x: int, player: int) -> Fraction:
        """Return a player's weight of the move that follows a joint state."""
        weight = self.game.discount_factor[0]
        return fraction(weight[self.chain.state[x], min(player, weight.shape[1] - 1)])

    def factor(self, player: int) -> Fraction:
        """Return a player's discount factor."""
        factors = self.game.one_discount[0]
        return fraction(factors[min(player, len(factors) - 1)])

    def chance(self, x: int, p: int, leave_out: int | None = None) -> Fraction:
        """Return the chance that a profile is played, or the others' part of it."""
        total = ONE
        for j, action in enumerate(self.profiles[p]):
            if j != leave_out:
                total *= self.play[j][x][action]
                if not total:
                    break
        return total

    @cached_property
    def weights(self) -> list[dict[int, Fraction]]:
        """The chance of each profile that is played, by joint state."""
        chances = [{p: self.chance(x, p) for p in range(len(self.profiles))} for x in range(self.size)]
        return [{p: chance for p, chance in row.items() if chance} for row in chances]

    @cached_property
    def others(self) -> list[list[dict[int, Fraction]]]:
        """For each player and joint state the chance of the others' part of each profile that can be."""
        return [
            [
                {
                    p: chance
                    for p, row in enumerate(self.follow[x])
                    if row is not None and (chance := self.chance(x, p, leave_out=i))
                }
                for x in range(self.size)
            ]
            for i in range(self.game.n)
        ]

    @cached_property
    def utility(self) -> list[list[Numbers]]:
        """What players care for by joint state and profile, all lines together."""
        n, lines = self.game.n, list(self.pay.values())
        return [
            [
                [sum((line[x][p][i] for line in lines), ZERO) for i in range(n)]
                for p in range(len(self.profiles))
            ]
            for x in range(self.size)
        ]

    @cached_property
    def matrix(self) -> list[Row]:
        """The chances of the next joint state."""
        return [self.mixed(x, weights) for x, weights in enumerate(self.weights)]

    def mixed(self, x: int, weights: dict[int, Fraction]) -> Row:
        """Return the chances of what follows joint state x when profiles have these weights."""
        row: Row = {}
        for p, weight in weights.items():
            for after, chance in (self.follow[x][p] or {}).items():
                row[after] = row.get(after, ZERO) + weight * chance
        return row

    @cached_property
    def visits(self) -> list[Numbers]:
        """The discounted visits of each joint state per round, by player; those that end a round sum to 1."""
        count = self.game.discount_factor.shape[2]
        rounds = self.game.rounds
        one = [self._open(i) if rounds is None else self._finite(i, rounds) for i in range(count)]
        return one if count > 1 else one * self.game.n

    def _open(self, player: int) -> Numbers:
        weight = self.discount(player)
        rows: list[Row] = [{x: ONE} for x in range(self.size)]
        for x, row in enumerate(self.matrix):
            for after, chance in row.items():
                rows[after][x] = rows[after].get(x, ZERO) - weight[x] * chance
        scale = 1 - self.factor(player)
        return [scale * visits for (visits,) in solve(rows, [[chance] for chance in self.start])]

    def _finite(self, player: int, rounds: int) -> Numbers:
        factor = self.factor(player)
        entered = dict(enumerate(self.start))
        total, weight, weights = [ZERO] * self.size, ONE, ZERO
        for _ in range(rounds):
            opened: Row = {}
            step = {x: chance for x, chance in entered.items() if chance}
            while step:
                inside: Row = {}
                for x, chance in step.items():
                    total[x] += weight * chance
                    target = opened if self.ends[x] else inside
                    for after, follows in self.matrix[x].items():
                        target[after] = target.get(after, ZERO) + chance * follows
                step = inside
            entered, weights, weight = opened, weights + weight, weight * factor
        return [visits / weights for visits in total]

    def long_run(self) -> Numbers:
        """Return the visits of each joint state per round as the discount factor goes to 1."""
        linked = np.zeros((self.size, self.size), dtype=bool)
        for x, row in enumerate(self.matrix):
            linked[x, [after for after, chance in row.items() if chance]] = True
        classes = closed_classes(linked)
        closed = {x for members in classes for x in members}
        entered = self._entered(closed)
        total = [ZERO] * self.size
        for members in classes:
            share = self._stationary(members)
            norm = sum((s for x, s in zip(members, share) if self.ends[x]), ZERO)
            mass = sum((entered[x] for x in members), ZERO)
            for x, s in zip(members, share):
                total[x] = mass * s / norm
        return total

    def _entered(self, closed: set[int]) -> Numbers:
        """Return the chance of entering the recurrent states at each of them."""
        passing = [x for x in range(self.size) if x not in closed]
        entered = [chance if x in closed else ZERO for x, chance in enumerate(self.start)]
        if not passing:
            return entered
        place = {x: k for k, x in enumerate(passing)}
        rows: list[Row] = [{k: ONE} for k in range(len(passing))]
        for x in passing:
            for after, chance in self.matrix[x].items():
                if after in place:
                    row = rows[place[after]]
                    row[place[x]] = row.get(place[x], ZERO) - chance
        visits = solve(rows, [[self.start[x]] for x in passing])
        for x, (visit,) in zip(passing, visits):
            for after, chance in self.matrix[x].items():
                if after in closed:
                    entered[after] += visit * chance
        return entered

    def _stationary(self, members: list[int]) -> Numbers:
        """Return the share of time that an irreducible class spends in each of its states."""
        place = {x: k for k, x in enumerate(members)}
        rows: list[Row] = [{k: -ONE} for k in range(len(members))]
        for x in members:
            for after, chance in self.matrix[x].items():
                row = rows[place[after]]
                row[place[x]] = row.get(place[x], ZERO) + chance
        rows[-1] = dict.fromkeys(range(len(members)), ONE)  # the last balance follows from the others
        right = [[ZERO] for _ in members[:-1]] + [[ONE]]
        return [share for (share,) in solve(rows, right)]


def exact_chain(game: Game, automata: Sequence[Automaton]) -> ExactChain:
    """Return the joint chain of a profile in fractions.

    Raises
    ------
    GameError
        For automata that do not fit the game, or a game that is not exact.
    InexactError
        For an automaton whose probabilities are rounded.
    """
    if game.batch != 1:
        raise GameError(
            f"exact results are for one game at a time, and this is a grid of {game.batch}", "game"
        )
    if not game.exact:
        raise GameError("this game is made of rounded numbers; make its stage game within 'with exactly():'")
    for player, automaton in enumerate(automata):
        automaton.fits(game, player)
    chain = chain_of(game, automata)
    play = [_played(chain, automaton.chances(), i) for i, automaton in enumerate(automata)]
    return ExactChain(chain, play, _followed(chain), {line: _paid(chain, line) for line in game.flows})


def _played(chain: Chain, chances: Any, player: int) -> list[Numbers]:
    return [list(chances[min(s, len(chances) - 1), q]) for s, q in zip(chain.state, chain.inner[:, player])]


def _followed(chain: Chain) -> list[list[Row | None]]:
    chances, allowed = chain.moves.chances[0], chain.game.allowed_profiles
    S, P, _ = chances.shape
    followed: list[list[Row | None]] = []
    for x, s in enumerate(chain.state):
        rows: list[Row | None] = []
        for p in range(chain.target.shape[1]):
            row: Row = {}
            for k in np.flatnonzero(chain.possible[x, p]):
                after = int(chain.target[x, p, k])
                row[after] = row.get(after, ZERO) + fraction(chances[min(s, S - 1), min(p, P - 1), k])
            rows.append(row if allowed[s, p] else None)
        followed.append(rows)
    return followed


def _paid(chain: Chain, line: str) -> list[list[Numbers]]:
    game = chain.game
    flow, base = game.expected[line]
    _, S, P, _ = flow.shape
    by_state = []
    for s, ends in enumerate(game.ends_round.tolist()):
        rows = [flow[0, min(s, S - 1), min(p, P - 1)] + base[0] * ends for p in range(len(game.profiles))]
        by_state.append([[fraction(amount) for amount in row] for row in rows])
    return [by_state[s] for s in chain.state]
