"""Numbers as they were meant: typed decimals, simple fractions, ties within the tolerance."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gamelab as gl
from gamelab.model.typed_numbers import as_typed
from gamelab.solve.exact_payoffs import exact_utilities


@given(st.integers(-(10**8), 10**8), st.integers(0, 6))
def test_typed_decimals_are_exact(digits, places):
    wanted = Fraction(digits, 10**places)
    assert as_typed(float(wanted)) == wanted


@given(st.integers(-1000, 1000), st.integers(1, 1000))
def test_simple_fractions_survive_rounding(numerator, denominator):
    wanted = Fraction(numerator, denominator)
    assert as_typed(float(wanted)) == wanted


@given(st.floats(-1e12, 1e12).filter(lambda number: number == 0 or abs(number) > 1e-300))
def test_nothing_moves_by_more_than_rounding(number):
    assert abs(as_typed(number) - Fraction(number)) <= abs(Fraction(number)) / 2**49


def test_noise_of_sums_is_taken_back():
    assert as_typed(0.1 + 0.2) == Fraction(3, 10)
    assert as_typed(1e9 + 0.1) == 10**9 + Fraction(1, 10)
    assert as_typed(Fraction(1, 7)) == Fraction(1, 7)
    assert as_typed(-0.0) == 0


@pytest.mark.parametrize("shift", [0, 1e9])
def test_utilities_of_a_game_in_fractions(shift):
    table = np.array([[[0.3, 0], [0.1, 1]], [[0.25, 2], [0.2, 3]]]) + shift
    game = gl.normal_form(payoffs=table, fallback=["1", "1"])
    first, second = exact_utilities(game, 1e-9)
    assert [entry - int(shift) for entry in first] == [
        Fraction(3, 10),
        Fraction(1, 10),
        Fraction(1, 4),
        Fraction(1, 5),
    ]
    assert [entry - int(shift) for entry in second] == [0, 1, 2, 3]


def test_regard_and_costs_count():
    """Weight 1/2 of the other's payoff, and 1/10 for monitoring: u = own + other / 2 - 1/10."""
    game = gl.repeated(gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0), rounds=1)
    game = gl.altruism(gl.monitoring(game, detection=0.7, cost=0.1), weight=0.5)
    first, _ = exact_utilities(game, 0)
    base = Fraction(9, 2) - first[0]  # constants may be left out
    assert [entry + base for entry in first] == [Fraction(9, 2), Fraction(5, 2), 5, Fraction(3, 2)]


def test_near_ties_become_the_simplest_number():
    table = np.array([[[0.5, 0], [0.5 + 3e-11, 0]], [[0.7, 0], [0.5 - 4e-11, 1]]])
    game = gl.normal_form(payoffs=table, fallback=["1", "1"])
    assert exact_utilities(game, 1e-10)[0] == [
        Fraction(1, 2),
        Fraction(1, 2),
        Fraction(7, 10),
        Fraction(1, 2),
    ]
    assert len(set(exact_utilities(game, 1e-12)[0])) == 4
