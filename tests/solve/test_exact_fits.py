"""Fits: quotients that were evaluated come back; what is none is not taken for one."""

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from profiles import up_to

from gamelab.solve.exact_fits import fitted, quotient
from gamelab.solve.polynomials import polynomial, sign

F = Fraction
COEFFICIENTS = st.lists(st.integers(-5, 5).map(F), min_size=1, max_size=4)


def at(coefficients, value):
    return sum((c * value**k for k, c in enumerate(coefficients)), F(0))


@settings(max_examples=up_to(25))
@given(COEFFICIENTS, COEFFICIENTS)
def test_quotients_come_back(above, below):
    points = [F(k, 7) for k in range(1, 12)]
    assume(all(at(below, point) for point in points))
    found = quotient(points, [at(above, point) / at(below, point) for point in points])
    assert found is not None
    for value in (F(13, 5), F(-3, 11)):
        if at(below, value):
            assert at(found[0], value) / at(found[1], value) == at(above, value) / at(below, value)


@pytest.mark.parametrize(
    "function",
    [lambda x: x**9, lambda x: abs(x - F(1, 2)), lambda x: max(x, F(1, 3)), lambda x: F(x > F(2, 3))],
)
def test_what_is_no_simple_quotient_is_not_taken_for_one(function):
    points = [F(k, 11) for k in range(1, 11)]
    assert quotient(points, [function(point) for point in points]) is None


def test_signs_of_fitted_gains():
    found = fitted(lambda x: {"a": x - F(1, 3), "b": (x - F(1, 3)) / (x - 2), "none": F(0)}, F(0), F(1))
    assert found == {(-1, 3), polynomial([F(2, 3), F(-7, 3), 1])}
    assert all(sign(p, F(1, 3)) == 0 for p in found)


def test_gains_that_are_not_there_everywhere():
    assert fitted(lambda x: {"a": x} | ({"b": x} if x > F(1, 2) else {}), F(0), F(1)) is None
    assert fitted(lambda x: {"a": abs(x - F(1, 2))}, F(0), F(1)) is None
    assert fitted(lambda x: {"a": x**12 - x}, F(0), F(1)) is not None
