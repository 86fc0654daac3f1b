"""Draws of signal structures, and of pairs of which one says at least as much as the other."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gamelab.testing.draws.drawing import Draw, st

Rows = tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True)
class SignalStructure:
    """The probability of each signal given what is the case.

    Parameters
    ----------
    chances : rows of Fractions
        ``chances[k][z]``: of signal z where k is the case; each row sums to 1.
    """

    chances: Rows

    def garbled(self, garbling: Rows) -> SignalStructure:
        """Return the structure whose signals are drawn anew from each signal of this one.

        ``garbling[z][w]`` is the probability that z is told as w.
        """
        columns = list(zip(*garbling, strict=True))
        return SignalStructure(
            tuple(
                tuple(sum(p * w for p, w in zip(row, column, strict=True)) for column in columns)
                for row in self.chances
            )
        )

    def best_payoff(self, prior: tuple[Fraction, ...], payoffs: Rows) -> Fraction:
        """Return what a decision maker gets on average who sees the signal first.

        ``payoffs[a][k]``: of action a where k is the case.
        """
        total = Fraction(0)
        for column in zip(*self.chances, strict=True):
            weights = [p * c for p, c in zip(prior, column, strict=True)]
            total += max(
                sum((w * u for w, u in zip(weights, row, strict=True)), Fraction(0)) for row in payoffs
            )
        return total


def lotteries(size: int) -> Draw[tuple[Fraction, ...]]:
    """Draw probabilities over so many things, with small denominators; certainty of the first one first."""

    def shares(weights: list[int]) -> tuple[Fraction, ...]:
        weights = weights if any(weights) else [1, *weights[1:]]
        return tuple(Fraction(w, sum(weights)) for w in weights)

    return st.lists(st.integers(0, 4), min_size=size, max_size=size).map(shares)


def _rows(count: int, size: int) -> Draw[Rows]:
    return st.lists(lotteries(size), min_size=count, max_size=count).map(tuple)


def signal_structures(cases: int = 2, signals: int = 3) -> Draw[SignalStructure]:
    """Draw a signal structure with so many cases and up to so many signals."""
    return st.integers(1, signals).flatmap(lambda size: _rows(cases, size)).map(SignalStructure)


@st.composite
def blackwell_pairs(draw: Any, cases: int = 2, signals: int = 3) -> tuple[SignalStructure, SignalStructure]:
    """Draw two structures, the second a garbling of the first: whoever sees the first is never worse off.

    Blackwell (1953): for every prior and every decision.
    """
    better = draw(signal_structures(cases, signals))
    size = draw(st.integers(1, signals))
    return better, better.garbled(draw(_rows(len(better.chances[0]), size)))
