"""Draws of payoff numbers: small whole ones first, fractions, floats over wide magnitudes."""

from __future__ import annotations

from fractions import Fraction

from gamelab.testing.draws.drawing import Draw, st

Number = int | float | Fraction


def integers(low: int = -9, high: int = 9) -> Draw[int]:
    """Draw whole numbers, shrinking to 0.

    Parameters
    ----------
    low, high : int
        The range, both ends included.
    """
    return st.integers(low, high)


def fractions(largest: int = 9, denominator: int = 12) -> Draw[Fraction]:
    """Draw small fractions such as 2/3, whole numbers among them, shrinking to 0."""
    return st.fractions(-largest, largest, max_denominator=denominator)


def binary_fractions(largest: int = 9) -> Draw[Fraction]:
    """Draw fractions with denominators up to 8, which floats hold exactly, shrinking to 0."""
    tuples = st.tuples(st.sampled_from([1, 2, 4, 8]), st.integers(-largest, largest))
    return tuples.map(lambda drawn: Fraction(drawn[1], drawn[0]))


def floats(smallest: float = 1e-9, largest: float = 1e9) -> Draw[float]:
    """Draw floats over wide magnitudes: 0, or a size from the smallest to the largest with either sign."""
    sizes = st.floats(smallest, largest, allow_nan=False, allow_infinity=False)
    powers = st.tuples(st.integers(-9, 9), st.integers(1, 9)).map(lambda drawn: drawn[1] * 10.0 ** drawn[0])
    positive = powers.filter(lambda x: smallest <= x <= largest) | sizes
    return st.just(0.0) | st.tuples(positive, st.sampled_from([1, -1])).map(lambda drawn: drawn[0] * drawn[1])


def numbers() -> Draw[Number]:
    """Draw a number of any of these kinds, a small whole one first."""
    return st.one_of(integers(), binary_fractions(), fractions(), floats())
