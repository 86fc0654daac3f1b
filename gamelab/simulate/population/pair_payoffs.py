"""Pair payoffs: what a move pays a person against a partner's move, where both seats are the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.game import Bools, Floats, Game
from gamelab.simulate.population.persons import alike

Number = float | Fraction
TOLERANCE = 1e-9
"""Of the spread of payoffs: a smaller gain, in payoffs of its own round, is none. Exact games need none."""
ALMOST_ONE = 1 - 1e-9
POINTS = 200


@dataclass(frozen=True, eq=False)
class PairPayoffs:
    """One round of a match between two persons who could change seats.

    Parameters
    ----------
    pay : array (A, A)
        By own action and the partner's; fractions where the game is exact.
    labels : tuple of str
    keeps : bool array (A,)
    agreed, fallback : int
        The action agreed, and the one played when cooperation is over.
    discount_factor : float or Fraction
    exact : bool
    """

    pay: Floats
    labels: tuple[str, ...]
    keeps: Bools
    agreed: int
    fallback: int
    discount_factor: Number
    exact: bool

    def small(self, gain: Number) -> bool:
        """Tell whether a gain, in payoffs of its own round, counts as none."""
        if self.exact:
            return gain <= 0
        return bool(gain <= TOLERANCE * float(np.ptp(self.pay)))


def pair_payoffs(game: Game) -> PairPayoffs:
    """Return what a round pays, or say in words why that is no single table.

    Raises
    ------
    GameError
        For a grid, more than two players or one state, seats that differ, trembles, an end that is known, or
        an agreement or fallback that is not one action.
    """
    if game.n != 2 or game.batch > 1:
        raise GameError("persons meet in pairs: one game of two players is needed", "game")
    if len(game.states) > 1:
        raise GameError("exact conditions are for games of one state, and this one has more", "game")
    if not alike(game):
        raise GameError("exact conditions are for games whose two seats are alike", "game")
    if (game.deeds >= 0).any():
        raise GameError("exact conditions are for games without trembles; rematch plays those", "tremble")
    factors = set(game.one_discount[0].tolist())
    if game.rounds is not None or len(factors) > 1:
        raise GameError(
            "exact conditions are for open-ended games with one discount factor for all", "discount_factor"
        )
    mixture = game.fallback[0, 0, 0]
    if game.agreement[0, 0] < 0 or mixture.max() != 1 or (game.fallback[0, 0, 1] != mixture).any():
        raise GameError("exact conditions need an agreement and a fallback of one action each", "game")
    pay: Any = 0
    for line in game.flows:
        flow, constant = game.expected[line]
        pay = pay + flow[0, 0, :, 0] + constant[0, 0]
    A = game.sizes[0]
    pay = np.broadcast_to(pay, (len(game.profiles),)).reshape(A, A)
    return PairPayoffs(
        pay,
        game.actions[0],
        game.keeps[0, 0],
        int(game.agreement[0, 0]),
        int(mixture.argmax()),
        factors.pop(),
        bool(game.exact),
    )


def plain(number: Any) -> Number:
    """Return a fraction as it is, and any other number as a float."""
    return number if isinstance(number, Fraction) else float(number)


def least_factor(holds: Callable[[float], bool]) -> float | None:
    """Return the least discount factor from which on something holds; None where it does not near 1."""
    if not holds(ALMOST_ONE):
        return None
    grid = [k / POINTS for k in range(POINTS)]
    high = ALMOST_ONE
    for low in reversed(grid):
        if not holds(low):
            break
        high = low
    else:
        return 0.0
    while high - low > 1e-15 and low < (middle := (low + high) / 2) < high:
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
