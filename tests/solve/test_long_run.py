"""The long run: averages of an endless play, with several recurrent classes and moves inside a round."""

from fractions import Fraction

import draws
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.solve.long_run import long_run_occupancy
from gamelab.solve.values import value


@settings(max_examples=up_to(40))
@given(draws.matches(rounds=st.none()))
def test_the_limit_of_means_is_where_values_tend_to(match):
    game, automata = match
    limit = value(game, automata, limit_of_means=True)
    near, nearer = (value(game, automata, discount_factor=1 - step) for step in (2e-7, 1e-7))
    for line in game.flows:  # the difference is first order in 1 - d: extrapolated, it goes
        np.testing.assert_allclose(near.ledger[line], limit.ledger[line], rtol=0, atol=1e-3)
        np.testing.assert_allclose(
            2 * nearer.ledger[line] - near.ledger[line], limit.ledger[line], rtol=0, atol=1e-5
        )


@settings(max_examples=up_to(60))
@given(draws.SEEDS, st.integers(1, 5), st.integers(1, 4))
def test_several_recurrent_classes_and_a_way_to_each(seed, classes, size):
    generator = np.random.default_rng(seed)
    members = [generator.integers(1, size + 1) for _ in range(classes)]
    X = sum(members) + 2
    matrix, first = np.zeros((X, X)), 2
    matrix[:2] = generator.dirichlet(np.ones(X), size=2)
    shares = np.zeros((X, X))  # row x: the long-run shares from x on
    for count in members:
        inside = slice(first, first + count)
        matrix[inside, inside] = generator.dirichlet(np.ones(count), size=count)
        system = np.vstack([(matrix[inside, inside] - np.eye(count)).T, np.ones(count)])
        shares[inside, inside] = np.linalg.lstsq(system, np.eye(count + 1)[-1], rcond=None)[0]
        first += count
    shares[:2] = np.linalg.solve(np.eye(2) - matrix[:2, :2], matrix[:2, 2:] @ shares[2:])
    start = generator.dirichlet(np.ones(X))
    found = long_run_occupancy(matrix[None], start[None], np.ones(X, dtype=bool))
    np.testing.assert_allclose(found[0], start @ shares, rtol=0, atol=1e-9)


def test_an_average_of_a_cycle():
    cycle = np.roll(np.eye(3), 1, axis=1)[None]
    found = long_run_occupancy(cycle, np.array([[1.0, 0, 0]]), np.ones(3, dtype=bool))
    assert found == pytest.approx(1 / 3)
    inside = long_run_occupancy(cycle, np.array([[1.0, 0, 0]]), np.array([False, True, True]))
    assert inside == pytest.approx(1 / 2)  # per round: two of the three moves end one


@pytest.mark.parametrize("tiny", [1e-3, 1e-9, 1e-15])
def test_tiny_chances_keep_their_relative_accuracy(tiny):
    matrix = np.array([[1 - tiny, tiny, 0], [0, 1 - 3 * tiny, 3 * tiny], [5 * tiny, 0, 1 - 5 * tiny]])
    weights = [Fraction(1), Fraction(1, 3), Fraction(1, 5)]
    wanted = [float(w / sum(weights)) for w in weights]
    found = long_run_occupancy(matrix[None], np.eye(3)[:1], np.ones(3, dtype=bool))
    assert found[0] == pytest.approx(wanted, rel=1e-12)


def test_points_may_differ_in_what_can_follow_what():
    swap, stay, sink = np.eye(3)[[1, 0, 2]], np.eye(3), np.eye(3)[[2, 2, 2]]
    mixed = np.array([[0.5, 0.25, 0.25], [0, 1, 0], [0, 0, 1]])
    found = long_run_occupancy(np.stack([swap, stay, sink, mixed]), np.eye(3)[:1], np.ones(3, dtype=bool))
    assert found == pytest.approx(np.array([[0.5, 0.5, 0], [1, 0, 0], [0, 0, 1], [0, 0.5, 0.5]]))


def test_grim_with_misreading_ends_in_defection_and_memory_one_forgets_its_start():
    game = draws.dilemma(discount_factor=0.5, misreading=np.array([0.0, 0.01, 0.5]))
    found = gl.value(game, "grim", limit_of_means=True)
    assert found.payoffs == pytest.approx(np.array([[3, 3], [1, 1], [1, 1]]))
    assert found.cooperation == pytest.approx([1, 0, 0])
    rule = {"cc": 0.9, "cd": 0.2, "dc": 0.7, "dd": 0.1}
    starts = [{"memory_one": {**rule, "first": first}} for first in (0, 1)]
    several = [
        gl.value(draws.dilemma(discount_factor=0.5), start, limit_of_means=True).payoffs for start in starts
    ]
    assert several[0] == pytest.approx(several[1])
