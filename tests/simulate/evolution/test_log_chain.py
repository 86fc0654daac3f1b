"""Stationary distributions against fractions, over hundreds of powers of ten."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamelab.simulate.evolution.log_chain import banded_log_stationary, log_stationary, log_sum


def log_of(fraction):
    """The logarithm of a fraction that floats need not hold."""
    return math.log(fraction.numerator) - math.log(fraction.denominator)


def by_trees(rates):
    """The Markov chain tree theorem: a state weighs as all trees that lead to it."""
    k = len(rates)
    weights = []
    for root in range(k):
        others = [i for i in range(k) if i != root]
        weight = Fraction(0)
        for parents in itertools.product(range(k), repeat=k - 1):
            leads = dict(zip(others, parents))
            if all(reaches(leads, i, root) for i in others):
                weight += math.prod((rates[i][leads[i]] for i in others), start=Fraction(1))
        weights.append(weight)
    return [weight / sum(weights) for weight in weights]


def reaches(leads, i, root):
    seen = set()
    while i != root:
        if i in seen:
            return False
        seen.add(i)
        i = leads[i]
    return True


@given(st.integers(2, 4), st.data())
def test_every_digit_of_every_probability(k, data):
    powers = data.draw(st.lists(st.integers(-400, 0), min_size=k * k, max_size=k * k))
    rates = [[Fraction(10) ** powers[i * k + j] for j in range(k)] for i in range(k)]
    exact = by_trees(rates)
    found = log_stationary(np.array([[log_of(rate) for rate in row] for row in rates]))
    assert found == pytest.approx([log_of(share) for share in exact], rel=1e-12, abs=1e-11)


@given(st.integers(2, 5), st.data())
def test_banded_elimination(k, data):
    odds = data.draw(st.lists(st.integers(1, 9), min_size=k * k, max_size=k * k))
    near = [(i, j) for i in range(k) for j in range(k) if 0 < abs(i - j) <= 2]
    rates = [[Fraction(odds[i * k + j] if (i, j) in near else 0, 99) for j in range(k)] for i in range(k)]
    sources, targets = np.array(near).T
    found = banded_log_stationary(k, 2, sources, targets, np.array([float(rates[i][j]) for i, j in near]))
    assert np.exp(found) == pytest.approx([float(share) for share in by_trees(rates)], rel=1e-12)


def test_banded_elimination_below_what_floats_hold():
    k = 400  # each state is a tenth as frequent as the one before
    up = np.arange(k - 1)
    sources, targets = np.concatenate([up, up + 1]), np.concatenate([up + 1, up])
    found = banded_log_stationary(k, 1, sources, targets, np.repeat([0.01, 0.1], k - 1))
    assert found == pytest.approx(-np.arange(k) * math.log(10) + math.log(0.9), rel=1e-12, abs=1e-12)
    found = banded_log_stationary(k, 1, sources, targets, np.repeat([0.1, 0.01], k - 1))
    assert found[::-1] == pytest.approx(-np.arange(k) * math.log(10) + math.log(0.9), rel=1e-12, abs=1e-11)


def test_sums_of_logarithms():
    assert log_sum(np.array([-2000.0, -2000.0])) == pytest.approx(-2000 + math.log(2))
    assert log_sum(np.array([[-np.inf, 0.0], [-np.inf, -np.inf]]), axis=1).tolist() == [0.0, -np.inf]
