"""All equilibria of bimatrix games: published ones, brute force over supports, invariance.

`tests/data/stage_games.json` holds 17 games, most of them from the literature (Shapley 1974, von Stengel 2002, the
documentation of gambit and nashpy, Avis et al. 2010), with every extreme equilibrium computed in fractions by an
independent script.
"""

import itertools
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from tests.reference.polytopes import best_reply_vertices

GAMES = json.loads((Path(__file__).parents[1] / "data" / "stage_games.json").read_text(encoding="utf-8"))


def mixtures(rows):
    return {tuple(map(Fraction, row)) for row in rows}


def tables(most=4, low=-2, high=2):
    sizes = st.tuples(st.integers(1, most), st.integers(1, most))
    entries = st.integers(low, high)

    def pair(size):
        table = st.lists(
            st.lists(entries, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
        )
        return st.tuples(table, table)

    return sizes.flatmap(pair)


@pytest.mark.parametrize("name", GAMES)
def test_published_games(name):
    game = GAMES[name]
    found = gl.stage_equilibria(game["A"], game["B"])
    wanted = {(tuple(map(Fraction, x)), tuple(map(Fraction, y))) for x, y in game["extreme"]}
    assert set(found.extreme) == wanted
    assert len(found.extreme) == len(wanted)
    if game["maximal"] is not None:  # given for all but the two with the most equilibria
        assert {(frozenset(xs), frozenset(ys)) for xs, ys in found.maximal} == {
            (frozenset(mixtures(xs)), frozenset(mixtures(ys))) for xs, ys in game["maximal"]
        }
    assert all(proof.holds for proof in found.certificates)


def equilibria_by_brute_force(A, B):
    """Pairs of vertices in which only best replies are played: the definition, on all of them."""
    low = 1 - min(min(map(min, A)), min(map(min, B)))
    rows = [[Fraction(a + low) for a in row] for row in A]
    columns = [[Fraction(b + low) for b in column] for column in zip(*B, strict=True)]
    found = set()
    for x, y in itertools.product(best_reply_vertices(columns), best_reply_vertices(rows)):
        x, y = tuple(v / sum(x) for v in x), tuple(v / sum(y) for v in y)
        by_row = [sum(a * q for a, q in zip(row, y, strict=True)) for row in A]
        by_column = [sum(b * p for b, p in zip(column, x, strict=True)) for column in zip(*B, strict=True)]
        best = all(p == 0 or u == max(by_row) for p, u in zip(x, by_row, strict=True))
        if best and all(q == 0 or u == max(by_column) for q, u in zip(y, by_column, strict=True)):
            found.add((x, y))
    return found


@settings(max_examples=up_to(60))
@given(st.one_of(tables(most=3), tables(most=4, low=0, high=1)))
def test_extreme_equilibria_by_brute_force(pair):
    A, B = pair
    found = gl.stage_equilibria(A, B)
    assert set(found.extreme) == equilibria_by_brute_force(A, B)
    assert found.extreme == sorted(found.extreme, reverse=True)


@settings(max_examples=up_to(60))
@given(tables(), st.data())
def test_every_point_of_a_maximal_set_is_an_equilibrium(pair, data):
    A, B = (np.array(table, dtype=object) for table in pair)
    found = gl.stage_equilibria(A, B)
    assert found.extreme
    assert {(x, y) for xs, ys in found.maximal for x in xs for y in ys} == set(found.extreme)
    assert sorted(itertools.chain(*found.components)) == list(range(len(found.maximal)))
    for xs, ys in found.maximal:
        x, y = (np.array(_within(data, corners), dtype=object) for corners in (xs, ys))
        assert max(A @ y) == x @ A @ y
        assert max(x @ B) == x @ B @ y


def _within(data, corners):
    weights = data.draw(st.lists(st.integers(1, 5), min_size=len(corners), max_size=len(corners)))
    return [
        sum(Fraction(w, sum(weights)) * corner[k] for w, corner in zip(weights, corners, strict=True))
        for k in range(len(corners[0]))
    ]


@settings(max_examples=up_to(60))
@given(tables(), st.integers(-(10**9), 10**9), st.fractions(Fraction(1, 10**6), 10**6))
def test_shift_and_scale_change_nothing(pair, shift, scale):
    A, B = (np.array(table, dtype=object) for table in pair)
    moved = gl.stage_equilibria(scale * A + shift, B - shift)
    assert moved.extreme == gl.stage_equilibria(A, B).extreme


@settings(max_examples=up_to(60))
@given(tables())
def test_swapping_players_swaps_mixtures(pair):
    A, B = (np.array(table) for table in pair)
    swapped = gl.stage_equilibria(B.T, A.T)
    found = gl.stage_equilibria(A, B)
    assert {(y, x) for x, y in swapped.extreme} == set(found.extreme)
    assert swapped.degenerate == found.degenerate


@settings(max_examples=up_to(40))
@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 5))
def test_generic_games_have_an_odd_number(seed, m, n):
    draw = np.random.default_rng(seed)
    found = gl.stage_equilibria(draw.normal(size=(m, n)), draw.normal(size=(m, n)))
    assert not found.degenerate
    assert len(found.extreme) % 2 == 1
    assert all(len(xs) == len(ys) == 1 for xs, ys in found.maximal)


@settings(max_examples=up_to(40))
@given(tables())
def test_each_proof_by_brute_force(pair):
    """Payoffs and gains as double sums over all cells, in fractions."""
    A, B = pair
    found = gl.stage_equilibria(A, B)
    for (x, y), proof in zip(found.extreme, found.certificates, strict=True):
        cells = list(itertools.product(range(len(A)), range(len(A[0]))))
        assert sum(x) == sum(y) == 1
        assert min(x) >= 0
        assert min(y) >= 0
        assert proof.payoffs == tuple(
            sum(x[i] * y[j] * Fraction(own[i][j]) for i, j in cells) for own in (A, B)
        )
        by_row = [sum(y[j] * Fraction(A[i][j]) for j in range(len(y))) for i in range(len(x))]
        by_column = [sum(x[i] * Fraction(B[i][j]) for i in range(len(x))) for j in range(len(y))]
        assert proof.gains == (max(by_row) - proof.payoffs[0], max(by_column) - proof.payoffs[1]) == (0, 0)
        assert proof.holds


@settings(max_examples=up_to(40))
@given(tables(), st.data())
def test_order_of_actions_changes_nothing(pair, data):
    A, B = (np.array(table, dtype=object) for table in pair)
    rows = data.draw(st.permutations(range(A.shape[0])))
    columns = data.draw(st.permutations(range(A.shape[1])))
    moved = gl.stage_equilibria(A[np.ix_(rows, columns)], B[np.ix_(rows, columns)])
    back = {
        (tuple(x[rows.index(i)] for i in range(len(x))), tuple(y[columns.index(j)] for j in range(len(y))))
        for x, y in moved.extreme
    }
    found = gl.stage_equilibria(A, B)
    assert back == set(found.extreme)
    assert len(moved.components) == len(found.components)


@settings(max_examples=up_to(40))
@given(tables(), st.data())
def test_a_strictly_dominated_row_changes_nothing(pair, data):
    A, B = (np.array(table, dtype=object) for table in pair)
    below = A[data.draw(st.integers(0, len(A) - 1))] - Fraction(1, 3)
    any_payoffs = np.array(
        data.draw(st.lists(st.integers(-2, 2), min_size=A.shape[1], max_size=A.shape[1])), dtype=object
    )
    longer = gl.stage_equilibria(np.vstack([A, below]), np.vstack([B, any_payoffs]))
    found = gl.stage_equilibria(A, B)
    assert longer.extreme == [((*x, 0), y) for x, y in found.extreme]
    assert len(longer.maximal) == len(found.maximal)


def test_large_float_games_are_certified():
    draw = np.random.default_rng(5)
    A, B = draw.normal(size=(2, 8, 8))
    found = gl.stage_equilibria(A, B)
    assert len(found.extreme) % 2 == 1
    for (x, y), proof in zip(found.extreme, found.certificates, strict=True):
        p, q = np.array(x, dtype=float), np.array(y, dtype=float)
        assert proof.holds
        assert (A @ q).max() - p @ A @ q < 1e-12
        assert (p @ B).max() - p @ B @ q < 1e-12


def test_components_of_two_coordination_games_side_by_side():
    """A tie in the first column: rows 1 and 2 with it are one component, the other corner a second one."""
    found = gl.stage_equilibria([[1, 0], [1, 0], [0, 1]], [[1, 0], [1, 0], [0, 1]])
    assert [len(component) for component in found.components] == [1, 1, 1]
    table = found.to_frame()
    assert table.loc[table["y"] == "(1, 0)", "component"].nunique() == 1
    assert list(table["x"]) == ["(1, 0, 0)", "(1/2, 0, 1/2)", "(0, 1, 0)", "(0, 1/2, 1/2)", "(0, 0, 1)"]
    assert table["payoff_1"].tolist() == [1, Fraction(1, 2), 1, Fraction(1, 2), 1]
    assert table["holds"].all()
    assert "(1/2, 0, 1/2)" in found._repr_html_()
    assert repr(found) == "<StageEquilibria: 5 extreme, 3 components, degenerate>"


def test_sets_too_many_to_list_are_refused(monkeypatch):
    monkeypatch.setattr("gamelab.solve.bimatrix.MOST_SETS", 2)
    with pytest.raises(GameError, match="more than 2 sets of equilibria"):
        gl.stage_equilibria(np.eye(3), np.eye(3))


def test_a_continuum():
    found = gl.stage_equilibria(np.zeros((2, 3)), np.zeros((2, 3)))
    assert len(found.extreme) == 6
    assert [(len(xs), len(ys)) for xs, ys in found.maximal] == [(2, 3)]
    assert found.components == [[0]]
    assert found.degenerate


def test_a_set_that_no_single_mixture_has_for_itself():
    """Row 1 goes with columns 1 and 2, row 2 with 2 and 3: both with column 2 are a maximal set as well."""
    found = gl.stage_equilibria([[1, 0, 0], [0, 0, 1]], [[1, 1, 0], [0, 1, 1]])
    rows, columns = [(1, 0), (0, 1)], [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    wanted = [(rows[:1], columns[:2]), (rows, columns[1:2]), (rows[1:], columns[1:])]
    assert {(frozenset(xs), frozenset(ys)) for xs, ys in found.maximal} == {
        (frozenset(xs), frozenset(ys)) for xs, ys in wanted
    }
    assert len(found.components) == 1


def test_floats_stand_for_their_shortest_decimal():
    found = gl.stage_equilibria([[0.1, 0.0], [0.0, 0.2]], [[0.1, 0.0], [0.0, 0.2]])
    assert found.extreme[1][0] == (Fraction(2, 3), Fraction(1, 3))


@pytest.mark.parametrize(
    ("A", "B", "words"),
    [
        ([[1, 2]], [[1], [2]], r"B: A has shape \(1, 2\) and B \(2, 1\)"),
        ([[1, "x"]], [[1, 2]], "A: 'x' is not a finite number"),
        ([[1, float("nan")]], [[1, 2]], "A: nan is not a finite number"),
        ([[1, True]], [[1, 2]], "A: True is not a finite number"),
        ([], [], "A: has shape"),
        ([1, 2], [1, 2], "A: has shape"),
    ],
)
def test_what_is_refused(A, B, words):
    with pytest.raises(GameError, match=words):
        gl.stage_equilibria(A, B)


def test_a_game_of_twelve_actions_each():
    """Some four thousand vertices a polytope, none with ties: so there is an odd number of equilibria."""
    A, B = np.random.default_rng(3).integers(0, 1000, (2, 12, 12))
    found = gl.stage_equilibria(A, B)
    assert len(found.extreme) % 2 == 1
    assert not found.degenerate
    assert all(proof.holds for proof in found.certificates)


def test_ties_in_a_game_of_nine_actions_each():
    """Rows and columns that come twice: each mixture of the small game stands for all ways to share it."""
    A, B = np.random.default_rng(0).integers(0, 50, (2, 4, 4))
    once = gl.stage_equilibria(A, B)
    twice = [0, 1, 2, 3, 0, 1, 2, 3]
    found = gl.stage_equilibria(A[np.ix_(twice, twice)], B[np.ix_(twice, twice)])
    ways = [2 ** (np.count_nonzero(x) + np.count_nonzero(y)) for x, y in once.extreme]
    assert not once.degenerate
    assert len(found.extreme) == sum(ways)
    assert len(found.components) == len(once.extreme)
