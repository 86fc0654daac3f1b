"""The play of matches: one game and profile made ready, then blocks of matches on one thread or several."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.game import Floats, Game, Ints
from gamelab.randomness import seeds
from gamelab.simulate.matches.columns import Columns, columns_of
from gamelab.simulate.matches.ending import Ending
from gamelab.simulate.matches.estimates import Moments
from gamelab.simulate.matches.table import Table, events_of, table_of
from gamelab.solve.joint import Chain, chains

BLOCK_ROUNDS = 2**21
"""About how many rounds a block of matches has: so long no interrupt is heard."""
LARGEST_BLOCK = 2**16
SLICE = 1024
"""Matches whose totals are held at once."""
REGISTERS = 4
"""Columns that the kernel adds up without touching memory."""
COUNT_FROM = 4
"""Rounds per kind of move from which on it is quicker to count kinds than to add up more columns."""


@dataclass(frozen=True, eq=False)
class Play:
    """A profile in one game, ready to be played any number of times.

    Parameters
    ----------
    chain : Chain
    ending : Ending
    columns : Columns
    table : Table
    kinds : int array (E,)
        The kind of move that each event is.
    key : uint64
        Of the random stream.
    """

    chain: Chain
    ending: Ending
    columns: Columns
    table: Table
    kinds: Ints
    key: np.uint64

    @property
    def game(self) -> Game:
        """The game that is played."""
        return self.chain.game

    @cached_property
    def expected_rounds(self) -> float:
        """How many rounds a match has on average, at least 1."""
        if self.ending.kind == "fixed":
            return float(self.ending.most)
        return max(1.0, float(np.max(self.ending.weight)))

    @property
    def counts_kinds(self) -> bool:
        """Whether moves are counted by kind while a match lasts, not added up."""
        columns = self.columns
        alike = bool((columns.ratio == 1).all())
        kinds, width = columns.rows.shape
        return alike and width > REGISTERS and self.expected_rounds > COUNT_FROM * kinds

    @property
    def block(self) -> int:
        """How many matches are played at a time: an even number, whatever the number of threads."""
        fitting = int(BLOCK_ROUNDS / self.expected_rounds)
        return max(2, min(LARGEST_BLOCK, 1 << max(fitting, 2).bit_length() - 1))

    def totals(self, first: int, matches: int) -> Floats:
        """Return what some matches add up to, (matches, w)."""
        from gamelab.simulate.matches.kernel import play

        columns = self.columns
        totals = np.empty((matches, columns.rows.shape[1]))
        play(
            self.key,
            first,
            self.table.words,
            self.table.bits,
            self.table.start,
            self.ending.digits,
            self.ending.most,
            columns.rows,
            columns.ratio,
            self.counts_kinds,
            totals,
        )
        return totals

    def moments(self, first: int, matches: int) -> Moments:
        """Return the moments of some matches, of which the first has an even number."""
        from gamelab.simulate.matches.kernel import add_moments

        m = self.columns.size
        sums, products = np.zeros((2, m)), np.zeros((2, m, m))
        for start in range(first, first + matches, SLICE):
            count = min(SLICE, first + matches - start)
            add_moments(self.totals(start, count), start, sums, products)
        return Moments(np.array([(matches + 1) // 2, matches // 2]), sums, products)


def play_of(game: Game, automata: list[Automaton], ending: Ending, seed: int) -> Play:
    """Return a profile in one game, made ready.

    Raises
    ------
    GameError
        Where the table would be too large.
    """
    ((_, chain),) = chains(game, automata)
    events = events_of(chain)
    columns, kind = columns_of(game, events, ending)
    key = seeds(seed, "matches").generate_state(1, np.uint64)[0]
    return Play(chain, ending, columns, table_of(chain, events, kind), kind, key)


def played(play: Play, matches: int, threads: int) -> Iterator[Moments]:
    """Yield the moments of block after block, in order, whatever thread played it."""
    size = play.block

    def moments(first: int) -> Moments:
        return play.moments(first, min(size, matches - first))

    yield from in_order(moments, range(0, matches, size), threads)


def in_order(work: Callable[[int], Moments], firsts: range, threads: int) -> Iterator[Moments]:
    """Yield the results of all blocks in their order; a few more than there are threads are under way."""
    if threads == 1 or len(firsts) == 1:
        yield from map(work, firsts)
        return
    yield work(firsts[0])  # compiles once, before the threads ask for it
    pool = ThreadPoolExecutor(min(threads, len(firsts)))
    waiting: deque[Future[Moments]] = deque()
    try:
        for first in firsts[1:]:
            waiting.append(pool.submit(work, first))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
