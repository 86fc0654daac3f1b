"""Equilibria of the game of choosing a strategy: all of them, or said to be undecided."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.simulate.tournament import induced_game
from gamelab.simulate.tournament.induced_game import induced_equilibria, tied, undominated

TABLES = st.integers(1, 4).flatmap(
    lambda k: st.tuples(*[st.lists(st.integers(0, 3), min_size=k * k, max_size=k * k)] * 2)
)


def of(tables):
    k = int(len(tables[0]) ** 0.5)
    A, B = (np.array(table, dtype=float).reshape(k, k) for table in tables)
    return A, B, induced_equilibria([f"s{i}" for i in range(k)], A, B)


@settings(max_examples=up_to(75), deadline=None)
@given(TABLES)
def test_pure_equilibria_and_best_replies_are_those_of_the_definition(tables):
    A, B, found = of(tables)
    k = len(A)
    stable = [
        (i, j)
        for i, j in itertools.product(range(k), repeat=2)
        if all(A[other, j] <= A[i, j] for other in range(k))
        and all(B[i, other] <= B[i, j] for other in range(k))
    ]
    assert list(found.pure) == stable
    for j in range(k):
        assert set(found.best_replies[0][j]) == {i for i in range(k) if A[i, j] == max(A[:, j])}
        assert set(found.best_replies[1][j]) == {i for i in range(k) if B[j, i] == max(B[j])}


@settings(max_examples=up_to(50), deadline=None)
@given(TABLES)
def test_all_extreme_equilibria_are_found_up_to_twins(tables):
    A, B, found = of(tables)
    assert found.complete
    for x, y in found.extreme:  # each is one: nobody gains
        x, y = (np.array([float(chance) for chance in mixture]) for mixture in (x, y))
        assert (A @ y).max() <= x @ A @ y + 1e-9
        assert (x @ B).max() <= x @ B @ y + 1e-9
    stands_for = [{other: group[0] for group in own for other in group} for own in found.twins]

    def first_of_twins(mixture, seat):
        weights = [Fraction(0)] * len(mixture)
        for place, chance in enumerate(mixture):
            weights[stands_for[seat].get(place, place)] += chance
        return tuple(weights)

    every = gl.stage_equilibria(A, B).extreme
    assert {(first_of_twins(x, 0), first_of_twins(y, 1)) for x, y in every} == set(found.extreme)


def test_rounding_decides_nothing():
    payoffs = np.array([[3.0, 1.0], [3.0 + 4e-16, 1.0]])
    found = induced_equilibria(["a", "b"], payoffs, payoffs.T)
    assert len(found.pure) == 4
    assert len(found.extreme) == 4
    same = induced_equilibria(["a", "b"], payoffs, payoffs + 1)
    assert same.twins == (((0, 1),), ())
    assert len(same.extreme) == 1
    assert tied(np.array([[0.0, 1e-3], [2e-3, 1.0]])).tolist() == [[0.0, 1e-3], [2e-3, 1.0]]
    shifted = tied(np.array([[1e9, 1e9 + 1], [1e9 + 1 + 1e-10, 1e9]]))
    assert shifted.tolist() == [[1e9, 1e9 + 1], [1e9 + 1, 1e9]]


def test_strictly_dominated_strategies_go_one_after_the_other():
    A = np.array([[3.0, 0, 0], [5, 1, 0], [6, 2, 1]])  # the last row beats both, whatever the column
    rows, columns = undominated(A, A.T)
    assert (rows.tolist(), columns.tolist()) == ([2], [2])


def test_too_many_strategies_are_undecided_and_pure_equilibria_are_told(monkeypatch):
    k = 14
    distances = np.abs(np.subtract.outer(np.arange(k), np.arange(k)))
    A = -(distances.astype(float) ** 2) + 0.001 * np.arange(k)[:, None]
    found = induced_equilibria([f"s{i}" for i in range(k)], A, A.T)
    assert not found.complete
    assert found.extreme == ()
    assert found.pure == tuple((i, i) for i in range(k))
    assert "undecided" in found.note
    assert "14 strategies" in found.note
    assert found.to_frame()["pure"].all()
    assert repr(found) == "<InducedEquilibria: 14 in pure strategies, mixed ones undecided>"
    monkeypatch.setattr(induced_game, "MOST_VERTICES", 2)
    small = induced_equilibria(["a", "b", "c"], A[:3, :3], A[:3, :3].T)
    assert not small.complete
    assert "undecided: more than 2 vertices" in small.note


def test_words():
    A = np.array([[0.0, 1.0], [2.0, 0.0]])
    found = induced_equilibria(["hawk", "dove"], A, A.T)
    assert found.in_words(found.extreme[1][0]) == "1/3 hawk + 2/3 dove"
    frame = found.to_frame()
    assert frame["first_seat"].tolist() == ["hawk", "1/3 hawk + 2/3 dove", "dove"]
    assert frame["pure"].tolist() == [True, False, True]
    assert "1/3 hawk" in found._repr_html_()


@pytest.mark.parametrize("k", [10, 25])
def test_an_answer_within_seconds(k):
    """Random payoffs of many strategies, with and without ties: bounded work."""
    generator = np.random.default_rng(k)
    for A in (generator.normal(size=(k, k)), generator.integers(0, 3, (k, k)).astype(float)):
        found = induced_equilibria([str(i) for i in range(k)], A, A.T)
        assert found.complete == (k == 10)
