"""What players care for in one move, in fractions: rounding is taken back, and near-ties are ties."""

from __future__ import annotations

import functools
from fractions import Fraction
from typing import Any

import numpy as np

from gamelab.model.game import Game

TYPED_DIGITS = 12
"""A float whose shortest decimal has at most so many digits was probably typed, and is that decimal."""
SIMPLE = 1_000
"""The largest denominator of a fraction that a float with more digits is taken for."""


def exact_utilities(game: Game, tolerance: float) -> list[list[Fraction]]:
    """Return what each player of a single game with one state cares for in each profile, n lists of P.

    Parameters
    ----------
    game : Game
    tolerance : float
        In payoffs. Utilities of a player that are no further apart than this become one number, the one with
        the smallest denominator: rounding must not decide which of two actions is the best reply.

    Notes
    -----
    A line that is paid by profile is read as it was given, large constants included; what is paid by outcome
    is averaged in floats first.
    """
    count = len(game.profiles)
    sums = [[Fraction(0)] * count for _ in range(game.n)]
    for line, flow in game.flows.items():
        by_profile = flow.by_profile if flow.by_outcome is None else game.expected[line][0]
        assert by_profile is not None
        paid = np.broadcast_to(by_profile[0, 0, :, : game.n], (count, game.n))
        largest = float(np.abs(paid).max())
        for i, own in enumerate(sums):
            sums[i] = [total + as_typed(entry, largest) for total, entry in zip(own, paid[:, i])]
    return [_without_near_ties(own, Fraction(tolerance)) for own in sums]


def as_typed(entry: Any, largest: float = 0.0) -> Fraction:
    """Return the number that a float was meant to be, where it came of numbers as large as ``largest``.

    A float with few digits is its shortest decimal. With many digits it is taken for a decimal with few
    (``0.1 + 0.2``) or a simple fraction (``1/3``) that it equals up to rounding, if there is one, else for
    its shortest decimal.

    >>> as_typed(0.1 + 0.2), as_typed(1 / 3), as_typed(2.5)
    (Fraction(3, 10), Fraction(1, 3), Fraction(5, 2))
    """
    return entry if isinstance(entry, Fraction) else _of_float(float(entry), largest)


@functools.lru_cache(maxsize=10_000)
def _of_float(number: float, largest: float) -> Fraction:
    exact = Fraction(repr(number))
    few = Fraction(f"{number:.{TYPED_DIGITS}g}")
    rounding = max(abs(exact), Fraction(largest)) / 2**50
    for simple in (few, exact.limit_denominator(SIMPLE)):
        if abs(simple - exact) <= rounding:
            return simple
    return exact


def _without_near_ties(numbers: list[Fraction], tolerance: Fraction) -> list[Fraction]:
    meant: dict[Fraction, Fraction] = {}
    near: list[Fraction] = []
    for number in [*sorted(set(numbers)), None]:
        if near and (number is None or number - near[-1] > tolerance):
            simplest = min(near, key=lambda entry: entry.denominator)
            meant |= dict.fromkeys(near, simplest)
            near = []
        if number is not None:
            near.append(number)
    return [meant[number] for number in numbers]
