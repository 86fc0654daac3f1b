"""One step of each process against a plain enumeration of who is chosen."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

from gamelab import GameError
from gamelab.simulate.evolution.imitation import PROCESSES, adopted, selection
from gamelab.simulate.evolution.payoff_matrix import payoff_matrix


def plainly(a, counts, intensity, process, mutation):
    """Everybody who can be chosen, one by one, with his chance."""
    k, players = len(counts), [i for i, many in enumerate(counts) for _ in range(many)]
    n = len(players)

    def earned(me):
        met = [a[players[me]][players[you]] for you in range(n) if you != me]
        return sum(met) / len(met)

    found = np.zeros((k, k))
    for me in range(n):
        others = [j for j in range(k) if j != players[me]]
        if process == "pairwise":
            for j in others:
                found[players[me], j] += mutation / n / len(others)
            for you in range(n):
                if you != me:
                    copies = 1 / (1 + math.exp(-intensity * (earned(you) - earned(me))))
                    found[players[me], players[you]] += (1 - mutation) / n / (n - 1) * copies
        else:
            if process == "moran":
                fitness = [math.exp(intensity * earned(you)) for you in range(n)]
            else:
                fitness = [1 - intensity + intensity * earned(you) for you in range(n)]
            for parent in range(n):
                chance = fitness[parent] / sum(fitness) / n
                found[players[me], players[parent]] += chance * (1 - mutation)
                for j in range(k):
                    if j != players[parent]:
                        found[players[me], j] += chance * mutation / (k - 1)
    return found


@settings(max_examples=up_to(60))
@given(
    st.sampled_from(PROCESSES),
    st.lists(st.integers(0, 4), min_size=2, max_size=4).filter(lambda c: sum(c) > 1),
    st.sampled_from([0, Fraction(1, 7), 1]),
    st.data(),
)
def test_a_step_against_plain_choice(process, counts, mutation, data):
    k = len(counts)
    a = data.draw(st.lists(st.lists(st.integers(0, 5), min_size=k, max_size=k), min_size=k, max_size=k))
    found = adopted(
        payoff_matrix(a).payoffs, np.array(counts), 0.4, PROCESSES.index(process), float(mutation)
    )
    expected = plainly(a, counts, 0.4, process, float(mutation))
    off = ~np.eye(k, dtype=bool)
    assert found[off] == pytest.approx(expected[off], abs=1e-13)
    assert (np.diagonal(found) == 0).all()


@pytest.mark.parametrize("process", PROCESSES)
def test_strategies_nobody_plays_are_no_trouble(process):
    a = payoff_matrix([[1, 1e6], [0.0, 0.0]])  # a strategy of which there is none would earn very much
    matrix = payoff_matrix(a.payoffs / 1e6) if process == "moran_linear" else a
    found = adopted(matrix.payoffs, np.array([[0, 5], [5, 0]]), 0.9, PROCESSES.index(process), 0.0)
    assert (found == 0).all()


def test_what_selection_refuses():
    assert selection(payoff_matrix([[1]]), 1, "moran_linear") == (1.0, "moran_linear")
    with pytest.raises(GameError, match="intensity: with linear fitness"):
        selection(payoff_matrix([[-9]]), 0.5, "moran_linear")
