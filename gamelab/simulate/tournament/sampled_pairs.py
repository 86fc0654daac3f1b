"""Sampled pairs: the matches of a round robin played by chance, with standard errors."""

from __future__ import annotations

import numpy as np

from gamelab.model.arguments import Progress
from gamelab.model.game import Game
from gamelab.randomness import LARGEST_SEED, seeds
from gamelab.simulate.matches.matches import simulate
from gamelab.simulate.tournament.entrants import Entrants
from gamelab.simulate.tournament.round_robin import RoundRobin
from gamelab.strategies.profile import profile_of


def sampled(
    game: Game,
    entrants: Entrants,
    *,
    matches: int,
    rounds: int | None,
    seed: int,
    progress: Progress | None = None,
) -> RoundRobin:
    """Return what every pair is paid on average over so many matches; see ``gl.simulate``.

    Each pair has random numbers of its own, named by both entrants: no other entrant changes them.
    """
    k = len(entrants.names)
    ledger = {line: np.empty((k, k, len(game.accounts))) for line in game.flows}
    cooperation, errors = np.empty((k, k)), np.empty((k, k, 2))
    seats = [profile_of(game, plan) for plan in entrants.plans]
    for i, j in np.ndindex(k, k):
        names = entrants.names[i], entrants.names[j]
        own = int(seeds(seed, "tournament", *names).generate_state(1, np.uint64)[0]) % (LARGEST_SEED + 1)
        simulation = simulate(game, [seats[i][0], seats[j][1]], matches, rounds, own)
        for line, amounts in simulation.means.items():
            ledger[line][i, j] = amounts
        cooperation[i, j] = simulation.cooperation
        errors[i, j] = simulation.payoff_errors
        if progress:
            progress(i * k + j + 1, k * k)
    return RoundRobin(ledger, cooperation, errors)
