"""The oracle against our solver, against games with known equilibria, and against linear programming."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to
from scipy.optimize import linprog

import gamelab as gl
from gamelab.errors import GameError
from gamelab.testing import Bimatrix, draws, exact_equilibria
from gamelab.testing.oracles import LARGEST, connected, gains

PUBLISHED = json.loads((Path(__file__).parents[1] / "data" / "stage_games.json").read_text(encoding="utf-8"))
SMALL = [name for name, game in PUBLISHED.items() if max(len(game["A"]), len(game["A"][0])) <= LARGEST]


def fractions(rows):
    return [[Fraction(entry) for entry in row] for row in rows]


@pytest.mark.parametrize("name", SMALL)
def test_published_games(name):
    game = PUBLISHED[name]
    found = exact_equilibria(Bimatrix(fractions(game["A"]), fractions(game["B"])))
    wanted = {(tuple(map(Fraction, x)), tuple(map(Fraction, y))) for x, y in game["extreme"]}
    assert set(found.extreme) == wanted
    assert len(found.extreme) == len(wanted)


@settings(max_examples=up_to(30))
@given(draws.assorted_games())
def test_two_methods_agree(game):
    """Supports tried one by one, and vertices by double description, share no code."""
    ours, oracle = gl.stage_equilibria(game.A, game.B), exact_equilibria(game)
    assert list(oracle.extreme) == ours.extreme
    assert oracle.degenerate == ours.degenerate
    assert len(set(oracle.components)) == len(ours.components)
    assert all(gains(game, *pair) == (0, 0) for pair in oracle.extreme)


@settings(max_examples=up_to(60))
@given(draws.bimatrices.degenerate_games())
def test_games_with_a_known_continuum(game):
    found = exact_equilibria(game)
    assert found.degenerate
    assert set(found.extreme) == set(game.extreme)
    partition = {pair: component for pair, component in zip(found.extreme, found.components, strict=True)}
    known = dict(zip(game.extreme, game.components, strict=True))
    for a in known:
        for b in known:
            assert (known[a] == known[b]) == (partition[a] == partition[b])


def value_by_linear_programming(A):
    """Maximise v with A'x >= v for a mixture x."""
    m, n = A.shape
    solution = linprog(
        [0] * m + [-1],
        A_ub=np.column_stack([-A.T, np.ones(n)]),
        b_ub=np.zeros(n),
        A_eq=[[1] * m + [0]],
        b_eq=[1],
        bounds=[(0, None)] * m + [(None, None)],
    )
    return -solution.fun


@settings(max_examples=up_to(30))
@given(draws.bimatrices.tables())
def test_minmax_is_the_value_of_the_zero_sum_game(game):
    A, B = game.arrays()
    wanted = value_by_linear_programming(A), value_by_linear_programming(B.T)
    np.testing.assert_allclose([float(level) for level in exact_equilibria(game).minmax], wanted, atol=1e-9)


@given(draws.bimatrices.coordinations(3))
def test_coordination_has_an_equilibrium_for_each_set_of_actions(game):
    assert len(exact_equilibria(game).extreme) == 2 ** game.shape[0] - 1


@given(st.data())
def test_components_are_numbered_from_none(data):
    pure = [(Fraction(1), Fraction(0)), (Fraction(0), Fraction(1))]
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(pure), st.sampled_from(pure)), unique=True))
    found = connected(pairs)
    assert list(dict.fromkeys(found)) == list(range(len(set(found))))


def test_large_games_are_refused_in_words():
    with pytest.raises(GameError, match="at most 5 of each"):
        exact_equilibria(Bimatrix([[0] * 6], [[0] * 6]))
