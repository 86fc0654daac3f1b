"""A learner: what a rule of learning makes for one player; state in, state out, for many groups at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gamelab.model.game import Floats, Ints

Memory = tuple[Floats, ...]
"""What a learner remembers, as arrays with one row for each group (or one for all)."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What happened in one round to one player of each of g groups.

    Parameters
    ----------
    action : int array (g,)
        The own choice.
    payoff : array (g,)
        What it was worth.
    foregone : array (g, A)
        What each own action would have been worth against what the others did.
    state, outcome : int array (g,)
        Of the game, before the round and in it; both 0 where nothing depends on them.
    """

    action: Ints
    payoff: Floats
    foregone: Floats
    state: Ints
    outcome: Ints


class Learner(Protocol):
    """One player's way of learning, for many independent groups at once."""

    def start(self, groups: int) -> Memory:
        """Return what is remembered before the first round."""

    def weights(self, memory: Memory, state: Ints) -> Floats:
        """Return how likely each action is to be chosen, (g, A), up to a factor of each group."""

    def learn(self, memory: Memory, seen: Seen) -> Memory:
        """Return what is remembered after a round."""

    def trust(self, memory: Memory) -> Floats | None:
        """Return the believed probability that the others reciprocate, (g,); None without such a belief."""
