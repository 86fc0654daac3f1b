"""A round robin: every entrant in the first seat against every entrant in the second, solved in batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from gamelab.model.arguments import Progress
from gamelab.model.game import Floats, Game, Ints
from gamelab.simulate.tournament.entrants import Entrants, Family
from gamelab.solve.exact import exact_value
from gamelab.solve.joint import CHUNK, Chain, bytes_per_point, chain_of
from gamelab.solve.merging import merged
from gamelab.solve.values import chain_value
from gamelab.strategies.profile import profile_of


@dataclass(frozen=True, eq=False)
class RoundRobin:
    """What every pair is paid; rows sit in the first seat, columns in the second.

    Parameters
    ----------
    ledger : mapping of str to array (k, k, c)
        Each line's payoff per round to every account.
    cooperation : array (k, k)
        Discounted share of player-moves on the agreement; nan where there is none.
    seat_errors : array (k, k, 2) or None
        Standard errors of each seat's payoff where pairs were sampled.
    """

    ledger: dict[str, Floats]
    cooperation: Floats
    seat_errors: Floats | None = None


def solved(
    game: Game, entrants: Entrants, *, limit_of_means: bool = False, progress: Progress | None = None
) -> RoundRobin:
    """Return what every pair is paid, solved and not simulated.

    Notes
    -----
    1. Pairs whose automata move on alike share one joint chain; their chances stand on its batch axis.
    2. Joint states that play never comes to are left out, and those from which it goes on alike are merged.
    3. One batch of linear systems for each such chain, in parts of bounded memory.
    """
    if game.exact:
        return _in_fractions(game, entrants, limit_of_means, progress)
    k = len(entrants.names)
    ledger = {line: np.empty((k, k, len(game.accounts))) for line in game.flows}
    cooperation = np.empty((k, k))
    done = 0
    rows, columns = entrants.families
    for first in rows:
        for second in columns:
            chain = merged(chain_of(game, (first.automaton, second.automaton), on_path=True))
            for part, i, j in _parts(chain, first, second):
                worth, share = chain_value(part, limit_of_means=limit_of_means)
                for line, amounts in worth.items():
                    ledger[line][i, j] = amounts
                cooperation[i, j] = share
                done += len(i)
                if progress:
                    progress(done, k * k)
    return RoundRobin(ledger, cooperation)


def _parts(chain: Chain, first: Family, second: Family) -> Iterator[tuple[Chain, Ints, Ints]]:
    """Yield the pairs of two families on the batch axis of their chain, in parts, and who plays whom."""
    m, n = len(first.members), len(second.members)
    step = max(1, CHUNK // bytes_per_point(chain))
    for at in range(0, m * n, step):
        i, j = np.divmod(np.arange(at, min(at + step, m * n)), n)
        automata = (first.automaton.take(i), second.automaton.take(j))
        yield replace(chain, automata=automata), first.members[i], second.members[j]


def _in_fractions(
    game: Game, entrants: Entrants, limit_of_means: bool, progress: Progress | None
) -> RoundRobin:
    k = len(entrants.names)
    ledger = {line: np.empty((k, k, len(game.accounts)), dtype=object) for line in game.flows}
    cooperation = np.empty((k, k), dtype=object)
    seats = [profile_of(game, plan) for plan in entrants.plans]
    for i, j in np.ndindex(k, k):
        found = exact_value(game, [seats[i][0], seats[j][1]], limit_of_means=limit_of_means)
        for line, amounts in found.ledger.items():
            ledger[line][i, j] = amounts
        cooperation[i, j] = found.cooperation
        if progress:
            progress(i * k + j + 1, k * k)
    return RoundRobin(ledger, cooperation)
