"""What is accepted as payoffs between strategies, and as shares to start from."""

from types import SimpleNamespace

import numpy as np
import pytest

from gamelab import GameError
from gamelab.simulate.evolution.payoff_matrix import payoff_matrix, starting_shares


def test_anything_with_payoffs_and_names():
    result = SimpleNamespace(payoffs=np.array([[3, 0], [5, 1]]), names=["C", "D"])
    found = payoff_matrix(result)
    assert found.names == ("C", "D")
    assert found.spread == 5
    assert not found.payoffs.flags.writeable
    assert payoff_matrix(found) is found


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([[1, 2]], "1 x 2 given"),
        (3, "a single number given"),
        ([], "0 given"),
        ([[1, 2], [3]], "no number"),
        ([["a"]], "no number"),
        ([[1, 2], [float("nan"), 3]], "in row 2, column 1 is not a finite number"),
        ([[1, float("inf")], [0, 3]], "in row 1, column 2 is not a finite number"),
        ([[1e308, -1e308], [0, 3]], "too large a number"),
        (SimpleNamespace(payoffs=np.eye(2), names=["one"]), "1 names for 2 strategies"),
    ],
)
def test_bad_payoffs_are_told(given, words):
    with pytest.raises(GameError, match=words):
        payoff_matrix(given)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ([0.5, 0.6], "sum to 1"),
        ([1.5, -0.5], "at least 0"),
        ([1.0], "1 given; write one share for each of 2"),
        ([[[1, 0]]], "1 x 1 x 2 given"),
        ("even", "no number"),
        ([float("nan"), 1], "nan in place 1 is not a finite number"),
    ],
)
def test_bad_shares_are_told(start, words):
    with pytest.raises(GameError, match=words):
        starting_shares(start, 2)


def test_shares_are_the_middle_unless_given():
    assert starting_shares(None, 4).tolist() == [[0.25] * 4]
    assert starting_shares([[1, 0], [0, 1]], 2).tolist() == [[1, 0], [0, 1]]
