"""Bernstein's form: values and zeros of polynomials that are known by their zeros, and the same in fractions."""

import math
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gamelab.solve.bernstein import power_form, value_at, zeros_of
from gamelab.solve.polynomials import ONE, ZERO, roots_between

TENTHS = st.lists(st.integers(1, 19), min_size=1, max_size=5, unique=True).map(sorted)
"""Zeros in tenths, those beyond 1 outside."""


def controls(powers):
    """Return Bernstein's controls of a polynomial by powers: c_k = sum over j of C(k, j)/C(m, j) p_j."""
    m = len(powers) - 1
    return [
        sum(Fraction(math.comb(k, j), math.comb(m, j)) * powers[j] for j in range(k + 1))
        for k in range(m + 1)
    ]


def with_zeros(tenths):
    powers = [Fraction(1)]
    for zero in tenths:
        powers = [a - Fraction(zero, 10) * b for a, b in zip([Fraction(0), *powers], [*powers, Fraction(0)])]
    return powers


@given(TENTHS)
def test_zeros_are_those_that_it_was_made_of(tenths):
    own = np.array([controls(with_zeros(tenths))], dtype=float)
    (found,) = zeros_of(own, np.full(1, 1e-15))
    inside = [zero / 10 for zero in tenths if zero <= 10]
    assert np.allclose(found[: len(inside)], inside, atol=1e-9, rtol=0)
    assert np.isnan(found[len(inside) :]).all()
    exact = roots_between(power_form(controls(with_zeros(tenths))), ZERO, ONE)
    assert [root.settle() for root in exact] == [Fraction(zero, 10) for zero in tenths if zero < 10]


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=6), st.integers(0, 10))
def test_values_are_expectations(amounts, tenths):
    m, x = len(amounts) - 1, tenths / 10
    expected = sum(math.comb(m, k) * x**k * (1 - x) ** (m - k) * each for k, each in enumerate(amounts))
    assert math.isclose(value_at(np.array(amounts, float), np.array(x)).item(), expected, abs_tol=1e-12)


def test_a_dip_that_touches_zero_is_a_zero():
    own = np.array([controls(with_zeros([3, 3, 9]))], dtype=float)
    (found,) = zeros_of(own, np.full(1, 1e-14))
    assert np.allclose(found[:2], [0.3, 0.9], atol=1e-6)
    assert np.isnan(found[2])
    lower = own - 1e-6  # nearly touches: one zero is left, a little after .9
    (found,) = zeros_of(lower, np.full(1, 1e-14))
    assert abs(found[0] - 0.9) < 1e-4
    assert np.isnan(found[1:]).all()


def test_games_of_a_batch_have_zeros_of_their_own():
    batch = np.array([[-1.0, 3.0], [1.0, 1.0], [-1.0, 0.0], [0.0, 2.0]])
    assert np.array_equal(zeros_of(batch, np.full(4, 1e-15))[:, 0], [0.25, np.nan, 1.0, 0.0], equal_nan=True)
