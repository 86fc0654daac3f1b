"""How much work there may be: for games that are only tried, and for the joint states of one profile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from gamelab.errors import GameError
from gamelab.model.answers import Missing, not_known

MOST_JOINT_STATES = 2_500
"""The most joint states of one profile: tables of their square are held, and solved in their cube."""
MOST_STEPS = 250_000_000
"""The most steps (rounds x joint states x profiles x outcomes) of one walk through finitely many rounds."""
STEPS_OF_A_ROUND = 20_000
"""What a round takes beside these, however small the game is."""
MOST_GAINS = 50_000_000
"""The most gains of all rounds and points of a grid that are held at once."""


MOST_THRESHOLD_STEPS = 150_000
"""The most steps of a search for thresholds: rounds x (50, which each takes anyhow, + states x profiles)."""
TOO_MANY_ROUNDS = not_known("thresholds over so many rounds would take minutes; ask with fewer rounds")


class BudgetSpentError(Exception):
    """A table that is larger than what is left; nothing is wrong with it."""


@dataclass
class Budget:
    """The entries of tables that may still be built.

    Parameters
    ----------
    left : int
    """

    left: int

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        return self.left <= 0

    def spend(self, entries: int) -> None:
        """Take so many entries.

        Raises
        ------
        BudgetSpentError
            Where fewer are left; these stay.
        """
        if entries > self.left:
            raise BudgetSpentError
        self.left -= entries


_GIVEN: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def at_most(entries: int) -> Iterator[Budget]:
    """Build games whose tables have so many entries together.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> with at_most(100) as budget:
    ...     game = gl.repeated(stage, discount_factor=0.9)
    >>> 0 < budget.left < 100
    True
    """
    budget = Budget(entries)
    token = _GIVEN.set(budget)
    try:
        yield budget
    finally:
        _GIVEN.reset(token)


def spend(entries: int) -> None:
    """Take so many entries from what is given, where anything is."""
    budget = _GIVEN.get()
    if budget is not None:
        budget.spend(entries)


def check_joint_states(count: int, parts: Sequence[int]) -> None:
    """Refuse a profile with so many joint states, before it is solved.

    Parameters
    ----------
    count : int
        How many some history reaches, or how many of them are known so far.
    parts : sequence of int
        The number of states of the game and of each player's strategy.

    Raises
    ------
    GameError
        Where there are too many.
    """
    if count > MOST_JOINT_STATES:
        states, *automata = (f"{part:,}" for part in parts)
        noun = "state" if states == "1" else "states"
        raise GameError(
            f"more than {MOST_JOINT_STATES:,} joint states, the limit, are reached: the game has {states} "
            f"{noun}, the strategies have {' x '.join(automata)}; fewer fines or levels, shorter "
            "punishments or strategies with fewer states would be smaller",
            "profile",
        )


def check_rounds(rounds: int, joint_states: int, profiles: int, outcomes: int) -> None:
    """Refuse a walk through so many rounds, before it is begun.

    Raises
    ------
    GameError
        Where it would take too many steps.
    """
    steps = rounds * (STEPS_OF_A_ROUND + joint_states * profiles * outcomes)
    if steps > MOST_STEPS:
        raise GameError(
            f"{rounds:,} rounds x ({STEPS_OF_A_ROUND:,} + {joint_states:,} joint states x {profiles:,} "
            f"profiles x {outcomes:,} outcomes that differ) are {steps:,} steps, the limit is "
            f"{MOST_STEPS:,}; fewer rounds, fines, players or states of strategies would be smaller",
            "rounds",
        )


def check_gains(rounds: int, points: int, gains: int) -> None:
    """Refuse to hold the gains of so many rounds at so many points of a grid, before any is computed.

    Parameters
    ----------
    rounds, points : int
    gains : int
        Of one round at one point.

    Raises
    ------
    GameError
        Where there are too many.
    """
    if rounds * points * gains > MOST_GAINS:
        raise GameError(
            f"{rounds:,} rounds x {points:,} points of a grid x {gains:,} gains in each are more than "
            f"{MOST_GAINS:,}, the limit; fewer rounds would be smaller",
            "rounds",
        )


def too_many_rounds(rounds: int, states: int, profiles: int) -> Missing | None:
    """Return why thresholds over finitely many rounds are not sought, or None where they are.

    Parameters
    ----------
    rounds : int
    states : int
        Joint states of the game and the strategies.
    profiles : int
        Of actions.
    """
    return TOO_MANY_ROUNDS if rounds * (50 + states * profiles) > MOST_THRESHOLD_STEPS else None
