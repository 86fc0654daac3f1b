"""Ties, tolerances and what is not eligible, on one point and on several."""

import numpy as np
import pytest

from gamelab.experiment import selection

ONE = np.ones(1)


def test_the_highest_are_those_that_differ_by_rounding_only():
    amounts = np.array([[1.0], [1.0 + 1e-12], [1.0 - 1e-6], [2.0]])
    eligible = np.array([[True], [True], [True], [False]])
    assert selection.highest(amounts, eligible, ONE).ravel().tolist() == [True, True, False, False]
    assert not selection.highest(amounts, np.zeros((4, 1), dtype=bool), ONE).any()


def test_an_unknown_amount_counts_as_0():
    amounts = np.array([[np.nan], [-1.0]])
    assert selection.highest(amounts, np.ones((2, 1), dtype=bool), ONE).ravel().tolist() == [True, False]


def test_the_first_that_is_eligible():
    eligible = np.array([[False, False, True], [True, False, True]])
    assert selection.first(eligible).tolist() == [1, -1, 0]


@pytest.mark.parametrize(
    ("net", "pays"),
    [(1e-6, True), (0.0, False), (1e-12, False), (-1e-12, False), (-1.0, False), (np.nan, False)],
)
def test_what_pays_is_above_zero_by_more_than_rounding(net, pays):
    assert selection.pays(np.array([net]), ONE, np.array([6.0])).tolist() == [pays]


def test_of_equals_the_first_is_the_best():
    nets = [np.array([1.0, 1.0]), np.array([1.0 + 1e-12, 2.0]), np.array([9.0, 9.0])]
    workable = [np.array([True, True]), np.array([True, True]), np.array([False, False])]
    assert selection.best(nets, workable, [np.ones(2)] * 3).tolist() == [0, 1]
    assert selection.best(nets, [np.zeros(2, dtype=bool)] * 3, [np.ones(2)] * 3).tolist() == [-1, -1]
