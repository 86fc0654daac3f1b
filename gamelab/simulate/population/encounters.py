"""Encounters: rounds in which the persons of a population meet at random, play, and carry on what came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gamelab.model.game import Floats, Ints
from gamelab.simulate.population.persons import Shown
from gamelab.simulate.population.seating import Board, Minds

FOR_EVER = np.iinfo(np.int32).max
"""Rounds of bad standing that never pass."""


@dataclass(frozen=True, eq=False)
class World:
    """All that does not change while a population lives.

    Parameters
    ----------
    member : int array (N,)
        The group of each person.
    seated : int
        How many persons, those with the lowest numbers, play in the first seat only and the others in the
        second only; 0 where nobody is bound to a seat.
    turnover : float
        Chance that a person is replaced by a newcomer after a round.
    """

    board: Board
    minds: Minds
    shown: Shown
    member: Ints
    groups: int
    seated: int
    turnover: float

    @property
    def size(self) -> int:
        """Number of persons, N."""
        return len(self.member)

    @property
    def pairs(self) -> int:
        """Matches of a round; with an odd number of persons one of them, by lot, sits out."""
        return self.size // 2

    @property
    def first_states(self) -> Ints:
        """The automaton state of each person as a newcomer, (N,)."""
        role = (np.arange(self.size) >= self.seated).astype(int) if self.seated else 0
        return np.asarray(self.minds.start[self.member, role])


@dataclass(eq=False)
class Crowd:
    """The persons of some replications; each array is (replications * N,).

    ``group`` and ``bin`` (replication and group) never change; the rest they carry from match to match:
    the state of the mind, the rounds left in bad standing (0 in good), the level.
    """

    rows: int
    groups: int
    group: Ints
    bin: Ints
    newborn: Ints
    mind: Ints
    standing: Ints
    level: Ints

    @classmethod
    def newcomers(cls, world: World, rows: int) -> Crowd:
        """Return persons of whom nothing is known yet."""
        group = np.tile(world.member, rows)
        newborn = np.tile(world.first_states, rows)
        standing, level = (np.zeros(len(group), dtype=kind) for kind in (np.int32, np.int16))
        offsets = np.repeat(np.arange(rows) * world.groups, world.size)
        return cls(rows, world.groups, group, group + offsets, newborn, newborn.copy(), standing, level)

    def counts(self, who: Ints) -> Ints:
        """Return how many of these persons are in each group, (replications, groups)."""
        counted = np.bincount(self.bin[who], minlength=self.rows * self.groups)
        return counted.reshape(self.rows, self.groups)


@dataclass(frozen=True, eq=False)
class Tally:
    """What one round counted, by replication and group, each (replications, groups).

    ``moves`` are those in which something was agreed, ``kept`` those of them that kept it, ``played`` the
    persons that were matched, ``bad`` those in bad standing before the round. ``paid`` has the ledger lines
    first; ``others`` (lines, replications, accounts) is what accounts that are no players got.
    """

    kept: Ints
    moves: Ints
    played: Ints
    bad: Ints
    paid: Floats
    others: Floats


class Draws:
    """The chance of one round: a matching and numbers from 0 to 1, in an order that does not change.

    Every replication draws from a stream of its own, as much in every round: first a permutation, then
    numbers for (each where the game needs it) what is seen of partners, the first state, then move by move
    what the two seats do and what comes of it, the two readings for the record, and who is replaced.
    """

    def __init__(self, world: World, streams: Sequence[np.random.Generator]):
        P, N = world.pairs, world.size
        sizes: dict[str, int] = {}
        if world.shown.record != "none" and 0 < world.shown.reach < 1:
            sizes |= {"sees 0": P, "sees 1": P}
        if not world.board.begin.certain:
            sizes["begins"] = P
        for move in range(world.board.moves):
            if not world.minds.actions.certain:
                sizes |= {f"does {move} 0": P, f"does {move} 1": P}
            if not world.board.outcomes.certain:
                sizes[f"comes {move}"] = P
        if world.shown.record != "none" and world.shown.misreading > 0:
            sizes |= {"misread 0": P, "misread 1": P}
        if world.turnover > 0:
            sizes["leaves"] = N
        self.streams = streams
        self.lots = world.seated or N
        ends = np.cumsum([0, *sizes.values()])
        self.places = {name: slice(ends[k], ends[k + 1]) for k, name in enumerate(sizes)}
        self.lot = np.empty((len(streams), self.lots), dtype=np.int64)
        self.numbers = np.empty((len(streams), int(ends[-1])))

    def advance(self) -> None:
        """Draw for the next round."""
        for row, stream in enumerate(self.streams):
            self.lot[row] = stream.permutation(self.lots)
            if self.places:
                stream.random(out=self.numbers[row])

    def of(self, name: str) -> Floats | None:
        """Return the numbers of a name, replication by replication; None where nothing is left to chance."""
        return self.numbers[:, self.places[name]].reshape(-1) if name in self.places else None


def rounds_of(world: World, streams: Sequence[np.random.Generator], rounds: int) -> Iterator[Tally]:
    """Yield what each round counted, for one replication per stream, side by side."""
    crowd = Crowd.newcomers(world, len(streams))
    draws = Draws(world, streams)
    for _ in range(rounds):
        draws.advance()
        yield _round(world, crowd, draws)


def _round(world: World, crowd: Crowd, draws: Draws) -> Tally:
    """Play one round: everybody meets somebody, and carries on what came of it."""
    table = Table(world, crowd, draws, _matched(world, draws))
    table.play()
    bad = crowd.counts(np.flatnonzero(crowd.standing))
    table.remember()
    leaves = draws.of("leaves")
    if leaves is not None:
        gone = np.flatnonzero(leaves < world.turnover)
        crowd.mind[gone] = crowd.newborn[gone]
        crowd.standing[gone] = 0
        crowd.level[gone] = 0
    played = crowd.counts(table.who[0]) + crowd.counts(table.who[1])
    return Tally(table.kept, table.moves, played, bad, table.paid, table.others)


def _matched(world: World, draws: Draws) -> tuple[Ints, Ints]:
    """Return the persons in the first and in the second seats, pair by pair, replication by replication."""
    P, N = world.pairs, world.size
    row = (np.arange(len(draws.lot)) * N)[:, None]
    if world.seated:
        second = np.arange(world.seated, world.seated + P)
        return (row + draws.lot[:, :P]).reshape(-1), (row + second).reshape(-1)
    return (row + draws.lot[:, :P]).reshape(-1), (row + draws.lot[:, P : 2 * P]).reshape(-1)


class Table:
    """The matches of one round, all at once: one entry for each pair."""

    def __init__(self, world: World, crowd: Crowd, draws: Draws, who: tuple[Ints, Ints]):
        self.world, self.crowd, self.draws, self.who = world, crowd, draws, who
        self.rows = len(draws.streams)
        board, G = world.board, world.groups
        self.group = tuple(crowd.group[persons] for persons in who)
        self.bin = tuple(crowd.bin[persons] for persons in who)
        self.mind = [crowd.mind[persons] for persons in who]
        self.bad = [crowd.standing[persons] > 0 for persons in who]
        self.seen = [self._seen(i) for i in (0, 1)]
        self.judged = [np.zeros(len(persons), dtype=bool) for persons in who]
        self.deviated = [np.zeros(len(persons), dtype=bool) for persons in who]
        self.state = self._begin()
        c = len(board.game.accounts)
        self.paid = np.zeros((len(board.lines), self.rows, G))
        self.others = np.zeros((len(board.lines), self.rows, c - 2))
        self.kept = np.zeros((self.rows, G), dtype=np.int64)
        self.moves = np.zeros((self.rows, G), dtype=np.int64)

    def _seen(self, i: int) -> Ints:
        """Return what a person sees of the partner's record: 0 nothing, 1 good standing, 2 bad."""
        shown = self.world.shown
        partner = np.where(self.bad[1 - i], 2, 1)
        if shown.record == "none" or shown.reach == 0:
            return np.zeros_like(partner)
        lucky = self.draws.of(f"sees {i}")
        return partner if lucky is None else np.where(lucky < shown.reach, partner, 0)

    def _begin(self) -> Ints:
        """Return the state in which each match begins, by the levels of the two."""
        board = self.world.board
        kind = board.begin.draw(np.zeros(len(self.who[0]), dtype=int), self.draws.of("begins"))
        if not board.has_levels:
            return np.asarray(board.at_levels[kind, 0, 0])
        first, second = (self.crowd.level[persons] for persons in self.who)
        return np.asarray(board.at_levels[kind, first, second])

    def play(self) -> None:
        """Play the moves of a round; a match leaves the table when its round has ended."""
        ends = self.world.board.game.ends_round
        there: Ints | slice = slice(None)
        for move in range(self.world.board.moves):
            ended = ends[self.state[there]]
            self._move(move, there)
            if ended.all():
                return
            before = np.arange(len(self.state)) if isinstance(there, slice) else there
            there = before[~ended]

    def _move(self, move: int, there: Ints | slice) -> None:
        board, minds, game = self.world.board, self.world.minds, self.world.board.game
        state = self.state[there]
        chosen = [self._chosen(i, move, there, state) for i in (0, 1)]
        profile = chosen[0] * game.sizes[1] + chosen[1]
        luck = self.draws.of(f"comes {move}")
        row = state * board.by_state + profile * board.by_profile
        outcome = board.outcomes.draw(row, None if luck is None else luck[there])
        self._pay(there, state, profile, outcome)
        for i in (0, 1):
            self._count(i, there, state, chosen[i], outcome)
            own = self.group[i][there], i
            A, V = game.allowed.shape[2], int(game.views[i].max()) + 1
            place = minds.onward[own] + state * minds.onward_by_state[own]
            place = place + (self.mind[i][there] * A + chosen[i]) * V + game.views[i, outcome]
            self.mind[i][there] = minds.follows[place]
        self.state[there] = game.next_state[state, outcome]

    def _chosen(self, i: int, move: int, there: Ints | slice, state: Ints) -> Ints:
        """Return what the persons in a seat choose."""
        minds = self.world.minds
        own = self.group[i][there], i
        row = minds.first[own] + state * minds.by_state[own] + self.mind[i][there]
        if minds.by_seen.any():
            row = row + (3 * self.bad[i][there] + self.seen[i][there]) * minds.by_seen[own]
        luck = self.draws.of(f"does {move} {i}")
        return minds.actions.draw(row, None if luck is None else luck[there])

    def _count(self, i: int, there: Ints | slice, state: Ints, chosen: Ints, outcome: Ints) -> None:
        """Count who kept the agreement by what was really done, and note who deviated."""
        board = self.world.board
        done = chosen
        if board.trembles:
            deed = board.game.deeds[i, outcome]
            done = np.where(deed >= 0, deed, chosen)
        verdict = board.verdict[i][state * board.game.allowed.shape[2] + done]
        counts = np.bincount(3 * self.bin[i][there] + verdict, minlength=3 * self.moves.size)
        counts = counts.reshape(*self.moves.shape, 3)
        self.moves += counts[..., 1] + counts[..., 2]
        self.kept += counts[..., 2]
        if self.world.shown.record != "none":
            self.judged[i][there] |= verdict > 0
            self.deviated[i][there] |= verdict == 1

    def _pay(self, there: Ints | slice, state: Ints, profile: Ints, outcome: Ints) -> None:
        """Book what the move pays, line by line."""
        game = self.world.board.game
        P, Y = len(game.profiles), len(game.outcomes)
        by_profile, by_outcome = state * P + profile, state * Y + outcome
        size = self.rows * self.world.groups
        row = self.bin[0][there] // self.world.groups
        for k, line in enumerate(self.world.board.lines.values()):
            for account in range(len(game.accounts)):
                amount = line.amount(account, by_profile, by_outcome)
                if amount is None:
                    continue
                if account < 2:
                    booked = np.bincount(self.bin[account][there], amount, size)
                    self.paid[k] += booked.reshape(self.paid[k].shape)
                else:
                    self.others[k, :, account - 2] += np.bincount(row, amount, self.rows)

    def remember(self) -> None:
        """Write back what persons carry on: the mind's state, the level and the standing."""
        board, shown = self.world.board, self.world.shown
        for i, persons in enumerate(self.who):
            self.crowd.mind[persons] = self.mind[i]
            if board.has_levels:
                self.crowd.level[persons] = board.levels[self.state, i]
            if shown.record != "none":
                self.crowd.standing[persons] = self._standing(i, persons)

    def _standing(self, i: int, persons: Ints) -> Ints:
        """Return the rounds that each person stays in bad standing."""
        shown = self.world.shown
        offended = self.deviated[i]
        wrong = self.draws.of(f"misread {i}")
        if wrong is not None:
            offended = self.judged[i] & (offended ^ (wrong < shown.misreading))
        if shown.record == "standing":
            offended = offended & (self.seen[i] != 2)  # who punishes what the record shows does no wrong
        before = self.crowd.standing[persons]
        if shown.punishment is None:
            return np.where(offended, FOR_EVER, before)
        return np.where(offended, shown.punishment, np.maximum(before - 1, 0))
