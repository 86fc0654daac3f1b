"""Polynomials: roots that were put in come out, whatever else the polynomial has, and are told apart."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

from gamelab.solve.polynomials import (
    PRIME,
    common_factor,
    divided,
    polynomial,
    product,
    roots_between,
    sign,
    simplest,
    without_repeats,
)

F = Fraction
SMALL = st.builds(F, st.integers(-30, 60), st.integers(1, 40))


def with_roots(roots, *others):
    """Return a polynomial with these roots, times others."""
    total = [F(1)]
    for root in roots:
        total = product(total, [-root, F(1)])
    for other in others:
        total = product(total, [F(entry) for entry in other])
    return polynomial(total)


@settings(max_examples=up_to(20))
@given(st.lists(SMALL, max_size=6), st.booleans(), st.sampled_from([1, -3]))
def test_fractions_that_are_roots_come_out(roots, repeated, factor):
    """Also where roots are repeated, where the ends are roots, and beside roots that are no fractions."""
    p = with_roots(roots * (1 + repeated), [factor], [-1, 1, 1], [1, 0, 1])  # the golden ratio; none
    found = roots_between(p, F(0), F(1))
    values = [root.settle() for root in found]
    assert [value for value in values if value is not None] == sorted({r for r in roots if 0 < r < 1})
    (golden,) = [root for root, value in zip(found, values, strict=True) if value is None]
    golden.narrow(F(1, 10**40))
    assert golden.low**2 + golden.low < 1 < golden.high**2 + golden.high
    assert golden.high - golden.low <= F(1, 10**40)


@pytest.mark.parametrize("gap", [F(1, 10**6), F(1, 10**30)])
@pytest.mark.parametrize("at", [F(0), F(1, 3), F(1)])
def test_roots_close_together_and_close_to_the_ends(gap, at):
    roots = [root for root in (at - gap, at, at + gap, at + 2 * gap) if 0 < root < 1]
    assert [r.settle() for r in roots_between(with_roots(roots), F(0), F(1))] == sorted(roots)


def test_the_roots_of_wilkinson():
    roots = [F(k, 21) for k in range(1, 21)]
    assert [root.settle() for root in roots_between(with_roots(roots), F(0), F(1))] == roots
    assert len(roots_between(with_roots(roots), F(1, 42), F(1, 2))) == 10


def test_the_same_root_of_two_polynomials():
    (one,) = roots_between((-1, 0, 2), F(0), F(1))
    third, root, other = roots_between(with_roots([F(1, 3), F(9, 10)], [-1, 0, 2]), F(0), F(1))
    assert [one.compared(root) for root in (third, root, other)] == [1, 0, -1]
    assert [root.compared(one) for root in (third, root, other)] == [-1, 0, 1]
    near = with_roots([], [-(10**40) - 1, 0, 2 * 10**40])  # differs in the 40th digit
    (beside,) = roots_between(near, F(0), F(1))
    assert (one.compared(beside), beside.compared(one)) == (-1, 1)
    (half,) = roots_between((-1, 2), F(0), F(1))
    assert half.settle() == F(1, 2)
    (again,) = roots_between(with_roots([F(1, 2)], [-1, 0, 3]), F(1, 4), F(11, 20))
    assert half.compared(again) == again.compared(half) == 0


@settings(max_examples=up_to(30))
@given(st.lists(SMALL, max_size=3), st.lists(SMALL, max_size=3), st.lists(SMALL, max_size=2))
def test_common_factors(first, second, shared):
    first, second = [r for r in first if r not in second], [r for r in second if r not in first]
    found = common_factor(with_roots(first + shared), with_roots(second + shared))
    assert found == with_roots(shared)
    assert divided(with_roots(first + shared), found) == with_roots(first)


def test_what_the_prime_hides_is_still_found():
    """Coefficients that it divides, and polynomials that only look alike modulo it."""
    assert common_factor((1, PRIME), (2, PRIME)) == (1,)
    assert common_factor((1, 1), (1 + PRIME, 1)) == (1,)
    assert common_factor((1, PRIME), (1, 1 + PRIME, PRIME)) == (1, PRIME)


def test_repeated_roots_are_taken_out():
    assert without_repeats(with_roots([F(1, 2)] * 3 + [F(1, 3)])) in (
        with_roots([F(1, 2), F(1, 3)]),
        tuple(-entry for entry in with_roots([F(1, 2), F(1, 3)])),
    )
    assert without_repeats((7,)) == (1,) or without_repeats((7,)) == (7,)


@settings(max_examples=up_to(30))
@given(st.fractions(-5, 5), st.fractions(0, 1))
def test_the_simplest_fraction_between_two(low, width):
    found = simplest(low, low + width)
    assert low <= found <= low + width
    below = found.denominator - 1
    assert all(
        F(-((-low.numerator * d) // low.denominator), d) > low + width for d in range(1, min(below, 50) + 1)
    )


def test_signs():
    assert [sign((-1, 0, 4), at) for at in (F(0), F(1, 2), F(3, 4), F(-1))] == [-1, 0, 1, 1]
    assert polynomial([]) == polynomial([0, 0]) == ()
    assert roots_between((), F(0), F(1)) == roots_between((3,), F(0), F(1)) == []
