"""Ledger lines: who is paid what, by which rule, and of which kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from gamelab.model.freezing import closed

LineKind = Literal["material", "transfer", "fine", "cost", "regard"]
KINDS: tuple[str, ...] = get_args(LineKind)


@dataclass(frozen=True, eq=False)
class Flow:
    """One ledger line: payoffs per move to every account, by what was done and by what came of it.

    Parameters
    ----------
    kind : str
        ``material`` (the stage game), ``transfer`` (sums to zero over all accounts), ``fine`` (taken,
        received by nobody), ``cost`` (transaction cost) or ``regard`` (other-regarding utility: in
        incentives, never in welfare).
    by_profile : array (b, S, P, c), optional
        Paid when the action profile is played. Size 1 is allowed on b, S and P.
    by_outcome : array (b, S, Y, c), optional
        Paid when the outcome occurs. Size 1 is allowed on b and S.
    """

    kind: LineKind
    by_profile: NDArray[Any] | None = None
    by_outcome: NDArray[Any] | None = None

    def mapped(
        self,
        profiles: Callable[[NDArray[Any]], NDArray[Any]],
        outcomes: Callable[[NDArray[Any]], NDArray[Any]] | None = None,
    ) -> Flow:
        """Return the line with each array changed by a function; ``outcomes`` defaults to ``profiles``."""
        by_profile = None if self.by_profile is None else profiles(self.by_profile)
        by_outcome = None if self.by_outcome is None else (outcomes or profiles)(self.by_outcome)
        return Flow(self.kind, by_profile, by_outcome)

    def parts(self) -> list[NDArray[Any]]:
        """Return the arrays that are there."""
        return [part for part in (self.by_profile, self.by_outcome) if part is not None]

    @cached_property
    def largest(self) -> NDArray[Any]:
        """Size of the largest payment at each point, (b,)."""
        sizes = np.broadcast_arrays(*(_largest(part) for part in self.parts()))
        return np.asarray(closed(np.max(sizes, axis=0)))


def _largest(part: NDArray[Any]) -> NDArray[Any]:
    if part.dtype != object or len(part) != 1:
        return np.asarray(np.abs(part).max(axis=(1, 2, 3)))
    # fractions are slow to compare, and many entries are one and the same
    different = {id(number): number for number in part.ravel().tolist()}
    return np.array([max(map(abs, different.values()))], dtype=object)
