"""Payoff matrix: what each strategy earns against each, as the dynamics of populations take it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.arguments import numbers
from gamelab.model.exactness import LARGEST
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Floats


@frozen_result
@dataclass(frozen=True, eq=False)
class PayoffMatrix:
    """What the row strategy earns against the column strategy.

    Parameters
    ----------
    names : tuple of str
    payoffs : array (k, k)
        ``payoffs[i, i]`` is what i earns against another player of i, not against itself.
    """

    names: tuple[str, ...]
    payoffs: Floats

    @property
    def k(self) -> int:
        """How many strategies there are."""
        return len(self.names)

    @property
    def spread(self) -> float:
        """The difference between the highest and the lowest payoff."""
        return float(np.ptp(self.payoffs))


def payoff_matrix(payoffs: Any) -> PayoffMatrix:
    """Return a payoff matrix from an array (k, k), or from anything with ``payoffs`` and ``names``.

    Raises
    ------
    GameError
        Where it is not square, empty, or holds what is not a finite number.

    Examples
    --------
    >>> payoff_matrix([[3, 0], [5, 1]]).names
    ('strategy 1', 'strategy 2')
    """
    if isinstance(payoffs, PayoffMatrix):
        return payoffs
    given = getattr(payoffs, "payoffs", payoffs)
    matrix = np.array(numbers(given, "payoffs"))
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        size = " x ".join(map(str, matrix.shape)) or "a single number"
        raise GameError(f"{size} given; write a row and a column for each strategy", "payoffs")
    if abs(matrix).max() > LARGEST:
        raise GameError(f"{abs(matrix).max():g} is too large a number; stay below {LARGEST:g}", "payoffs")
    names = getattr(payoffs, "names", None)
    named = tuple(str(name) for name in names) if names is not None else ()
    if names is not None and len(named) != len(matrix):
        raise GameError(f"{len(named)} names for {len(matrix)} strategies", "names")
    named = named or tuple(f"strategy {i + 1}" for i in range(len(matrix)))
    matrix.setflags(write=False)
    return PayoffMatrix(named, matrix)


def starting_shares(start: Any, k: int) -> Floats:
    """Return the shares that paths start from, (b, k); the middle of the simplex where none are given.

    Raises
    ------
    GameError
        Where they do not fit the strategies, are negative, or do not sum to 1.
    """
    if start is None:
        return np.full((1, k), 1.0 / k)
    shares = numbers(start, "start")
    if shares.ndim not in (1, 2) or shares.shape[-1] != k or not shares.size:
        size = " x ".join(map(str, shares.shape)) or "a single number"
        raise GameError(f"{size} given; write one share for each of {k} strategies", "start")
    shares = np.atleast_2d(shares)
    if (shares < 0).any() or (abs(shares.sum(axis=1) - 1) > 1e-9).any():
        raise GameError("shares are at least 0 and sum to 1", "start")
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))
