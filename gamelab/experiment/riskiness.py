"""Riskiness: how sure of the others one must be to follow a candidate rather than the fallback."""

from __future__ import annotations

from gamelab.analysis import basin_of_defection, risk_dominant_from
from gamelab.experiment.candidates import UNDISCOUNTED, Candidate
from gamelab.model.answers import Missing, not_asked
from gamelab.model.budget import TOO_MANY_ROUNDS
from gamelab.model.stage import has_fallback
from gamelab.solve.exact_settings import Answer
from gamelab.solve.strategic_uncertainty import MOST_PLAYERS, TOO_MANY_PLAYERS
from gamelab.solve.thresholds import Interval

NO_FALLBACK = not_asked("the game has no fallback to compare with")


def basin_of(candidate: Candidate) -> Answer | float:
    """Return the share of others who must follow it so that following it pays, or why there is none."""
    game = candidate.game
    if not has_fallback(game).all():
        return NO_FALLBACK
    if game.n > MOST_PLAYERS:
        return TOO_MANY_PLAYERS
    with candidate.specification.located(candidate.place):
        share: Answer | float = basin_of_defection(game, candidate.automata)
    return share if game.exact else float(share)  # type: ignore[arg-type]


def risk_dominant(candidate: Candidate) -> list[Interval] | Missing:
    """Return the discount factors at which it risk-dominates the fallback, or why these are not known."""
    if candidate.exact:
        return risk_dominant(candidate.exact)
    if not has_fallback(candidate.game).all():
        return NO_FALLBACK
    if candidate.undiscounted:
        return UNDISCOUNTED
    if candidate.long:
        return TOO_MANY_ROUNDS
    return risk_dominant_from(candidate.game, candidate.strategies)
