"""How much may be built while games are only tried, such as those of a file that is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


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
