"""The exact chain against fractions, the limit of rare mutation, and its own balance."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.simulate.evolution.imitation import PROCESSES, adopted
from gamelab.simulate.evolution.log_chain import banded_log_stationary
from gamelab.simulate.evolution.payoff_matrix import payoff_matrix
from gamelab.simulate.evolution.population_chain import (
    MOST_STATES,
    is_solvable,
    places,
    population_states,
    transitions,
)


def dense(a, players, intensity, process, mutation):
    """All one-step probabilities, by a dictionary of states."""
    matrix = payoff_matrix(a)
    states = [s for s in itertools.product(range(players + 1), repeat=matrix.k) if sum(s) == players]
    place = {state: n for n, state in enumerate(states)}
    found = np.zeros((len(states), len(states)))
    for state in states:
        chances = adopted(matrix.payoffs, np.array(state), intensity, PROCESSES.index(process), mutation)
        for i, j in itertools.permutations(range(matrix.k), 2):
            if state[i]:
                after = list(state)
                after[i] -= 1
                after[j] += 1
                found[place[state], place[tuple(after)]] += chances[i, j]
    return states, found + np.diag(1 - found.sum(axis=1))


@settings(max_examples=up_to(25))
@given(
    st.integers(1, 4),
    st.integers(2, 5),
    st.sampled_from(["moran", "moran_linear", "pairwise"]),
    st.integers(0, 2**32),
)
def test_it_stays_as_it_is(k, players, process, draw):
    a = np.random.default_rng(draw).uniform(0, 3, (k, k))
    found = gl.population_chain(a, players, 0.8, 0.07, process=process)
    states, chances = dense(a, players, 0.8, process, 0.07)
    assert [tuple(state) for state in found.states] == states
    assert found.stationary @ chances == pytest.approx(found.stationary, abs=1e-14)
    assert found.stationary.sum() == pytest.approx(1)
    assert found.shares == pytest.approx(found.stationary @ np.array(states) / players)


def test_two_strategies_in_fractions():
    """Linear fitness is rational, and so is the chain: what flows up flows down."""
    n, u, w = 6, Fraction(1, 9), Fraction(1, 2)
    a = [[3, 0], [5, 1]]
    weights = [Fraction(1)]

    def change(j):  # with j players of strategy 0: up, down
        fitness = []
        for me, own in ((0, j), (1, n - j)):
            met = (own - 1) * a[me][me] + (n - own) * a[me][1 - me]
            fitness.append(1 - w + w * Fraction(met, n - 1) if own else Fraction(0))
        parent = j * fitness[0] / (j * fitness[0] + (n - j) * fitness[1])
        child = (1 - u) * parent + u * (1 - parent)
        return Fraction(n - j, n) * child, Fraction(j, n) * (1 - child)

    for j in range(n):
        weights.append(weights[-1] * change(j)[0] / change(j + 1)[1])
    expected = [float(weight / sum(weights)) for weight in weights]
    found = gl.population_chain(a, n, 0.5, 1 / 9, process="moran_linear")
    assert found.stationary == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("process", ["moran", "pairwise"])
@pytest.mark.parametrize(("k", "players"), [(2, 30), (3, 12), (4, 6)])
def test_rare_mutation_leads_to_the_small_mutation_limit(process, k, players):
    a = np.random.default_rng(4).normal(size=(k, k))
    limit = gl.fixation(a, players, 2.0, process=process).stationary
    for mutation in (1e-8, 1e-60):
        found = gl.population_chain(a, players, 2.0, mutation, process=process).shares
        assert found == pytest.approx(limit, abs=1e5 * mutation + 1e-11)


def test_neutral_strategies_are_alike():
    found = gl.population_chain(np.ones((3, 3)), 10, 5.0, 0.02)
    assert found.shares == pytest.approx([1 / 3] * 3)
    counts = gl.population_chain(np.zeros((2, 2)), 40, 1.0, 1.0).stationary  # the child is always another
    assert counts == pytest.approx(counts[::-1])


def test_two_strategies_agree_with_elimination():
    a = payoff_matrix([[3, 0], [5, 1]])
    counts = population_states(50, 2)
    sources, targets, chances = transitions(a, counts, 1.0, "moran", 0.01)
    by_elimination = banded_log_stationary(51, 1, sources, targets, chances)
    found = gl.population_chain(a, 50, 1.0, 0.01).log_stationary
    assert found == pytest.approx(by_elimination, rel=1e-11, abs=1e-11)


def test_probabilities_below_what_floats_hold():
    found = gl.population_chain([[3, 0], [5, 1]], 100, 10.0, 1e-4)
    assert found.stationary[-1] == 0  # all cooperate
    assert -np.inf < found.log_stationary[-1] < -745
    chances = adopted(np.array([[3, 0], [5, 1]]), found.states.T, 10.0, PROCESSES.index("moran"), 1e-4)
    down = found.log_stationary[1:] + np.log(chances[0, 1, 1:])
    up = found.log_stationary[:-1] + np.log(chances[1, 0, :-1])
    assert down == pytest.approx(up, rel=1e-12)


@pytest.mark.parametrize(("players", "k"), [(5, 1), (7, 2), (4, 3), (3, 5), (2, 60)])
def test_states_and_their_places(players, k):
    states = population_states(players, k)
    assert (states.sum(axis=1) == players).all()
    assert len({tuple(state) for state in states}) == len(states)
    assert [tuple(s) for s in states] == sorted(tuple(s) for s in states)
    assert places(states).tolist() == list(range(len(states)))


def test_large_populations_of_two_strategies():
    found = gl.population_chain([[0, 2], [1, 0]], 200_000, 0.01, 1e-4)
    assert found.shares == pytest.approx([2 / 3, 1 / 3], abs=0.05)


def test_the_bound_is_stated():
    assert is_solvable(190, 3)
    assert not is_solvable(300, 3)
    with pytest.raises(
        gl.GameError, match="300 players of 3 strategies have 45,451 states, more than are solved"
    ):
        gl.population_chain(np.eye(3), 300)
    with pytest.raises(gl.GameError, match="more than are solved exactly"):
        gl.population_chain(np.eye(30), 1000)
    assert MOST_STATES == 20_000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"mutation": 0}, "mutation: 0 given; without mutation a population ends where all play the same"),
        ({"mutation": 1.1}, "mutation: 1.1 given; write a number of at least 0, at most 1"),
        ({"mutation": -0.1}, "mutation: -0.1 given"),
        ({"population": 1}, "population: 1 is not a whole number"),
        ({"intensity": -1}, "intensity: -1 given"),
    ],
)
def test_bad_input_is_told(arguments, words):
    with pytest.raises(gl.GameError, match=words):
        gl.population_chain(np.eye(2), **arguments)


def test_tables():
    found = gl.population_chain(np.eye(2), 4)
    frame = found.to_frame()
    assert list(frame.columns) == ["strategy 1", "strategy 2", "probability", "log_probability"]
    assert frame["probability"].sum() == pytest.approx(1)
    assert "strategy 1" in found._repr_html_()
    assert repr(found) == "<PopulationChain of 4 players, 5 states: strategy 1 0.5, strategy 2 0.5>"
