"""A round robin: every entrant in the first seat against every entrant in the second, solved in batches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gamelab.model.arguments import Progress
from gamelab.model.game import Floats, Game
from gamelab.simulate.tournament.entrants import Entrants
from gamelab.simulate.tournament.pair_batches import Batch, batches
from gamelab.simulate.tournament.pair_chains import pair_chains
from gamelab.solve.exact import exact_value
from gamelab.solve.joint import CHUNK
from gamelab.solve.values import agreement_kept, share_of, visits_of
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
    1. One search finds the joint states that play comes to, of all pairs of automata that move on alike.
    2. All matches with as many joint states are one batch of linear systems, in parts of bounded memory.
    """
    if game.exact:
        return _in_fractions(game, entrants, limit_of_means, progress)
    k, c = len(entrants.names), len(game.accounts)
    counted = _counted(game)
    totals = np.empty((k, k, counted.shape[2]))
    done = 0
    for batch in batches(game, pair_chains(game, entrants.families), CHUNK // 64):
        totals[tuple(batch.places)] = _totals(game, batch, counted, limit_of_means)
        done += batch.places[0].size
        if progress:
            progress(done, k * k)
    ledger = {
        line: totals[..., c * place : c * (place + 1)] + base[0]
        for place, (line, (_, base)) in enumerate(game.expected.items())
    }
    return RoundRobin(ledger, share_of(totals[..., -2], totals[..., -1]))


def _counted(game: Game) -> Floats:
    """Return what is added up over the moves of a match, by state and profile, (S, P, L).

    All accounts of all ledger lines, less their bases; then how many keep the agreement, and of how many.
    """
    agreed, kept = agreement_kept(game)
    parts = [flow[0] for flow, _ in game.expected.values()] + [kept[0, ..., None], agreed[:, None, None]]
    return np.concatenate([np.broadcast_to(part, (*kept.shape[1:], part.shape[2])) for part in parts], axis=2)


def _totals(game: Game, batch: Batch, counted: Floats, limit_of_means: bool) -> Floats:
    """Return what is counted per round of each match, (n, t, L)."""
    n, t, X, P = batch.weights.shape
    start, ends = (np.repeat(own, t, axis=0) for own in (batch.start, game.ends_round[batch.state]))
    matrix, factors = batch.matrix, game.one_discount
    amounts = counted[batch.state].reshape(n, X * P, -1)
    totals: Floats = np.empty(0)
    first = int(game.most_patient[0])
    for player in sorted(range(factors.shape[1]), key=lambda each: each != first):
        own = factors[:, player]
        visits = visits_of(matrix, start, ends, own, game.rounds, limit_of_means=limit_of_means)
        paid = (visits.reshape(n, t, X, 1) * batch.weights).reshape(n, t, X * P) @ amounts
        if player == first:  # accounts of no player, and cooperation, are discounted with the highest factor
            totals = paid
        else:
            own_lines = slice(player, -2, len(game.accounts))
            totals[..., own_lines] = paid[..., own_lines]
    return totals


def _in_fractions(
    game: Game, entrants: Entrants, limit_of_means: bool, progress: Progress | None
) -> RoundRobin:
    k = len(entrants.names)
    ledger = {line: np.empty((k, k, len(game.accounts)), dtype=object) for line in game.flows}
    cooperation = np.empty((k, k), dtype=object)
    seats = [profile_of(game, plan) for plan in entrants.plans]
    for i, j in np.ndindex(k, k):
        valuation = exact_value(game, [seats[i][0], seats[j][1]], limit_of_means=limit_of_means)
        for line, amounts in valuation.ledger.items():
            ledger[line][i, j] = amounts
        cooperation[i, j] = valuation.cooperation
        if progress:
            progress(i * k + j + 1, k * k)
    return RoundRobin(ledger, cooperation)
