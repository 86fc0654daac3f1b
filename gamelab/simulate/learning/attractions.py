"""Attractions: reinforcement, experience-weighted attraction, and fictitious play as one family of rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np

from gamelab.errors import GameError
from gamelab.model.game import Floats, Ints
from gamelab.model.settings import NonNegative, Number, Probability, Range, Weight, settled, shown
from gamelab.simulate.learning.arena import Arena
from gamelab.simulate.learning.learner import Memory, Seen

Precision = Annotated[float, Range(0, np.inf, "1 / payoff")]
TIE = 1e-9
"""Attractions that differ by less, relative to the spread of the payoffs, are ties."""


@dataclass(frozen=True, eq=False)
class Attractions:
    """A learner who chooses by how well each action did or would have done.

    Each round the scores become ``decay * scores + (1 - foregone) * reach[action] * payoff + foregone *
    payoffs of all actions``, and the experience ``experience_decay * experience + 1``; an attraction is a
    score divided by the experience.

    Parameters
    ----------
    scores : array (A,)
        At the start.
    experience : float
        At the start.
    decay, experience_decay, foregone : float
    reach : array (A, A)
        How much of the payoff of the action chosen (row) goes to each action (column).
    floor : float
        Taken off every payoff.
    choice : str
        ``best`` (ties evenly), ``logit`` (by exp(precision * attraction)) or ``proportional`` (by
        attraction ** precision).
    precision : float
    tie : float
        Attractions this close to the best count as best.
    """

    scores: Floats
    experience: float
    decay: float
    experience_decay: float
    foregone: float
    reach: Floats
    choice: str
    floor: float = 0.0
    precision: float = 1.0
    tie: float = 0.0

    def start(self, groups: int) -> Memory:
        """Return the scores, (g, A), and the experience, (1,)."""
        return np.tile(self.scores, (groups, 1)), np.array([self.experience])

    def attractions(self, memory: Memory) -> Floats:
        """Return the attraction of every action, (g, A); 0 where there is no experience yet."""
        scores, experience = memory
        return scores / experience if experience[0] > 0 else np.zeros_like(scores)

    def weights(self, memory: Memory, state: Ints) -> Floats:
        """Return how likely each action is, (g, A), up to a factor; all alike where no weight is left."""
        attractions = self.attractions(memory)
        if self.choice == "proportional":
            power = attractions**self.precision
            return np.where(power.sum(axis=1, keepdims=True) > 0, power, 1.0)
        best = attractions.max(axis=1, keepdims=True)
        if self.choice == "best":
            return np.asarray(attractions >= best - self.tie, dtype=np.float64)
        return np.asarray(np.exp(self.precision * (attractions - best)))

    def learn(self, memory: Memory, seen: Seen) -> Memory:
        """Return scores and experience after a round."""
        scores, experience = memory
        gained = (1 - self.foregone) * self.reach[seen.action] * (seen.payoff - self.floor)[:, None]
        if self.foregone:
            gained = gained + self.foregone * (seen.foregone - self.floor)
        return self.decay * scores + gained, self.experience_decay * experience + 1

    def trust(self, memory: Memory) -> None:
        """Return None: there is no belief about anybody's type."""


@settled
def reinforcement(
    arena: Arena,
    player: int,
    *,
    strength: NonNegative = 9,
    experimentation: Probability = 0,
    forgetting: Probability = 0,
) -> Attractions:
    """Reinforcement (Roth-Erev): what paid is done more often; what others did need not be seen.

    The chance of an action is its propensity's share in all propensities. Each round all propensities lose
    the share ``forgetting``, and the one chosen gains the payoff less the player's smallest payoff in the
    game, so that shifting or scaling a player's payoffs changes nothing; the share ``experimentation`` of
    the gain goes to the other actions in equal parts. A player whom everything pays the same, or whose
    propensities have all faded to 0, chooses evenly.

    Parameters
    ----------
    strength : float
        Sum of the propensities at the start, in average payoffs of the game (less the smallest).
    experimentation : float
        Share of each gain that goes to the actions not chosen.
    forgetting : float
        Share of the propensities lost each round.

    References
    ----------
    Roth and Erev (1995), Games and Economic Behavior 8; Erev and Roth (1998), American Economic Review 88.
    """
    arena.need_one_state("reinforcement")
    table = arena.table(player)
    floor, A = float(table.min()), len(table)
    start = np.full(A, float(strength) * float((table - floor).mean()) / A)
    other = float(experimentation) / (A - 1) if A > 1 else 0.0
    reach = np.full((A, A), other)
    np.fill_diagonal(reach, 1 - float(experimentation) if A > 1 else 1.0)
    return Attractions(start, 1.0, 1 - float(forgetting), 0.0, 0.0, reach, choice="proportional", floor=floor)


@settled
def experience_weighted_attraction(
    arena: Arena,
    player: int,
    *,
    precision: Precision = 1,
    foregone: Probability = 0.5,
    decay: Probability = 0.9,
    growth: Probability = 0,
    experience: NonNegative = 1,
    attractions: Sequence[Number] | None = None,
    choice: Literal["logit", "proportional"] = "logit",
) -> Attractions:
    """Experience-weighted attraction (Camerer-Ho): between reinforcement and beliefs.

    ``N(t) = decay (1 - growth) N(t-1) + 1`` and ``N(t) A(t) = decay N(t-1) A(t-1) +`` the payoff of the
    action chosen, or ``foregone`` times what another one would have paid. In Camerer and Ho's letters decay
    is phi, foregone delta, precision lambda, and rho = decay (1 - growth). With foregone 0, growth 1 and
    proportional choice it is reinforcement; with foregone 1 and growth 0 stochastic fictitious play.

    Parameters
    ----------
    precision : float
        Of the choice: 0 is even chances; in units of 1 / payoff where it is logit.
    foregone : float
        Weight of payoffs that were not earned.
    decay : float
        What is left of past attractions each round.
    growth : float
        1: attractions add up; 0: they are weighted averages.
    experience : float
        N(0), what the first attractions are worth in rounds.
    attractions : list of numbers
        A(0) (default 0), in payoffs; with proportional choice from 0 up.
    choice : str
        ``logit`` or ``proportional``: by the attraction to the power ``precision``; then each payoff is taken
        less the player's smallest one, for chances cannot be negative.

    References
    ----------
    Camerer and Ho (1999), Econometrica 67; Ho, Camerer and Chong (2007), Journal of Economic Theory 133.
    """
    arena.need_one_state("experience_weighted_attraction")
    table = arena.table(player)
    A = len(table)
    first = np.array([single(one, "attractions") for one in (attractions or [0.0] * A)])
    if len(first) != A:
        raise GameError(f"{len(first)} numbers given for {A} actions", "attractions")
    if choice == "proportional" and (first < 0).any():
        message = f"{first.min():g} is below 0, and choice is proportional to attractions"
        raise GameError(message, "attractions")
    return Attractions(
        float(experience) * first,
        float(experience),
        float(decay),
        float(decay) * (1 - float(growth)),
        float(foregone),
        np.eye(A),
        choice=choice,
        floor=float(table.min()) if choice == "proportional" else 0.0,
        precision=float(precision),
    )


@settled
def fictitious_play(
    arena: Arena, player: int, *, forgetting: Probability = 0, prior: Weight = 1
) -> Attractions:
    """Fictitious play: a best reply to how often each choice of the others was seen; ties are broken evenly.

    With more than two players beliefs are about the others' joint choice. Shifting or scaling payoffs
    changes nothing.

    Parameters
    ----------
    forgetting : float
        Share of past rounds' weight lost each round: 1 is the best reply to the last round (Cournot).
    prior : float
        Weight, in rounds, of an even belief at the start.

    References
    ----------
    Brown (1951); Robinson (1951), Annals of Mathematics 54; Fudenberg and Levine (1998), chapter 2.
    """
    arena.need_one_state("fictitious_play")
    return _beliefs(arena, player, float(forgetting), float(prior), "best", 1.0)


@settled
def stochastic_fictitious_play(
    arena: Arena,
    player: int,
    *,
    precision: Precision = 1,
    forgetting: Probability = 0,
    prior: Weight = 1,
) -> Attractions:
    """Stochastic fictitious play: a logit reply to how often each choice of the others was seen.

    Where it settles, it settles on a quantal-response equilibrium of the same precision.

    Parameters
    ----------
    precision : float
        Of the logit choice, in units of 1 / payoff: 0 is even chances.
    forgetting : float
        Share of past rounds' weight lost each round.
    prior : float
        Weight, in rounds, of an even belief at the start.

    References
    ----------
    Fudenberg and Kreps (1993), Games and Economic Behavior 5; Hofbauer and Sandholm (2002), Econometrica 70.
    """
    arena.need_one_state("stochastic_fictitious_play")
    return _beliefs(arena, player, float(forgetting), float(prior), "logit", float(precision))


def _beliefs(
    arena: Arena, player: int, forgetting: float, prior: float, choice: str, precision: float
) -> Attractions:
    table = arena.table(player)
    middle = float(table.mean())  # beliefs compare actions: a shift of all payoffs changes nothing
    return Attractions(
        prior * (table - middle).mean(axis=1),
        prior,
        1 - forgetting,
        1 - forgetting,
        1.0,
        np.eye(len(table)),
        choice=choice,
        floor=middle,
        precision=precision,
        tie=TIE * float(np.ptp(table)),
    )


def single(number: Any, key: str) -> float:
    """Return one number; a grid of them is refused in words."""
    array = np.asarray(number, dtype=np.float64)
    if array.ndim:
        raise GameError(f"{shown(number)} given; write one number for each action", key)
    return float(array)
