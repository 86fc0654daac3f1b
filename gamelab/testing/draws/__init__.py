"""Draws: games, signals, strategies and scenario files drawn at random, shrinking to small readable cases."""

from gamelab.testing.draws.payoffs import binary_fractions, floats, fractions, integers, numbers

__all__ = ["binary_fractions", "floats", "fractions", "integers", "numbers"]
