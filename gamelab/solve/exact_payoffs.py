"""What players care for in one move, in fractions: rounding is taken back, and near-ties are ties."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from gamelab.model.game import Floats, Game
from gamelab.model.typed_numbers import as_typed


def exact_utilities(game: Game, tolerance: Floats | float) -> list[list[Fraction]]:
    """Return what each player of a single game with one state cares for in each profile, n lists of P.

    Parameters
    ----------
    game : Game
    tolerance : float, or array (P, n)
        In payoffs. Utilities of a player that are no further apart than this become one number, the one with
        the smallest denominator: rounding must not decide which of two actions is the best reply. Of an
        array, no further than the sum of theirs.

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
    half = np.asarray(tolerance) / 2 if np.ndim(tolerance) == 0 else tolerance
    apart = np.broadcast_to(half, (count, game.n)).T.tolist()
    return [without_near_ties(own, [Fraction(each) for each in near]) for own, near in zip(sums, apart)]


def without_near_ties(numbers: list[Fraction], tolerances: list[Fraction]) -> list[Fraction]:
    """Return the numbers, the simplest in place of those within the sum of their tolerances."""
    meant: dict[Fraction, Fraction] = {}
    near: list[Fraction] = []
    slack: dict[Fraction, Fraction] = {}
    for own, tolerance in zip(numbers, tolerances, strict=True):
        slack[own] = max(slack.get(own, tolerance), tolerance)
    for number in [*sorted(slack), None]:
        if near and (number is None or number - near[-1] > slack[number] + slack[near[-1]]):
            simplest = min(near, key=lambda entry: entry.denominator)
            meant |= dict.fromkeys(near, simplest)
            near = []
        if number is not None:
            near.append(number)
    return [meant[number] for number in numbers]
