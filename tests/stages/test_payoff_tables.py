"""One table a player: lists, arrays and data frames say the same as payoffs cell by cell; the rest is refused."""

import itertools
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gamelab as gl
from gamelab.errors import GameError

A, B = np.array([[3, 0, 1], [5, 1, 2]]), np.array([[3, 5, 0], [0, 1, 7]])


def paid(game):
    return game.flows["material"].by_profile[:, 0, :, : game.n]


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 3), min_size=1, max_size=4).map(tuple))
def test_tables_are_payoffs_turned(seed, sizes):
    tables = np.random.default_rng(seed).integers(-9, 9, size=(len(sizes), *sizes))
    games = [
        gl.normal_form(tables=given, fallback=["1"] * len(sizes))
        for given in (tables, tables.tolist(), list(tables))
    ]
    for game in games:
        assert game.sizes == sizes
        for p, profile in enumerate(itertools.product(*map(range, sizes))):
            assert paid(game)[0, p].tolist() == [table[profile] for table in tables]
    cells = gl.normal_form(payoffs=np.moveaxis(tables, 0, -1), fallback=["1"] * len(sizes))
    assert np.array_equal(paid(cells), paid(games[0]))


@pytest.mark.parametrize(
    "tables",
    [
        [pd.DataFrame(A), pd.DataFrame(B)],
        (pd.DataFrame(A, index=["up", "down"]), B.tolist()),
        [list(A), tuple(map(tuple, B.tolist()))],
        [A.astype(object) * Fraction(1), B.astype(float)],
        [pd.DataFrame(A).convert_dtypes(), B],
        np.array([A, B]),
    ],
)
def test_forms_of_tables(tables):
    assert np.array_equal(
        paid(gl.normal_form(tables=tables)), paid(gl.normal_form(payoffs=np.stack([A, B], axis=-1)))
    )


def test_data_frames_bring_labels():
    rows = [pd.DataFrame(table, index=["up", "down"]) for table in (A, B)]
    assert gl.normal_form(tables=rows).actions == (("up", "down"), ("1", "2", "3"))
    assert gl.normal_form(tables=[A, rows[1]]).actions == (("up", "down"), ("1", "2", "3"))
    assert gl.normal_form(tables=rows, actions=[["a", "b"], ["c", "d", "e"]]).actions[0] == ("a", "b")
    turned = pd.DataFrame(B, index=["down", "up"])
    with pytest.raises(
        GameError, match="tables: the rows of two data frames are labelled 'up, down' and 'down, up'"
    ):
        gl.normal_form(tables=[rows[0], turned])
    wide = pd.DataFrame(B, columns=[10, 20, 30])
    assert gl.normal_form(tables=[A, wide]).actions[1] == ("10", "20", "30")
    with pytest.raises(GameError, match="tables: the columns of two data frames are labelled"):
        gl.normal_form(tables=[pd.DataFrame(A), wide])


def test_entries_of_lists_may_be_a_grid():
    x, y = np.array([[1.0], [2.0]]), np.array([3.0, 4.0, 5.0])
    game = gl.normal_form(tables=[[[x, 0], [0, y]], [[1, 0], [0, 1]]])
    assert game.shape == (2, 3)
    for k, (first, last) in enumerate(itertools.product(x.ravel(), y)):
        assert paid(game)[k].tolist() == [[first, 1], [0, 0], [0, 0], [last, 1]]


def test_tables_in_fractions():
    with gl.exactly():
        game = gl.normal_form(tables=[[[Fraction(1, 3), 0]], [[1, Fraction(2, 7)]]])
        with pytest.raises(GameError, match=r"'tables': 0\.5 is a rounded number"):
            gl.normal_form(tables=[[[0.5]], [[1]]])
    assert paid(game)[0].tolist() == [[Fraction(1, 3), 1], [0, Fraction(2, 7)]]


@pytest.mark.parametrize("form", [list, tuple, lambda parts: np.array([*parts, None], dtype=object)[:2]])
@pytest.mark.parametrize("table", [np.asarray, pd.DataFrame, lambda given: given.astype(object)])
def test_payoffs_that_are_tables_are_pointed_to_the_key(form, table):
    with pytest.raises(
        GameError, match=r"payoffs: a list of arrays or data frames given, .* write them as 'tables'"
    ):
        gl.normal_form(payoffs=form([table(A), table(B)]))


def test_nested_lists_are_never_taken_for_tables():
    square = [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]
    assert paid(gl.normal_form(payoffs=square))[0].tolist() == [[1, -1], [-1, 1], [-1, 1], [1, -1]]
    assert paid(gl.normal_form(payoffs=np.array(square)))[0].tolist() == [[1, -1], [-1, 1], [-1, 1], [1, -1]]
    assert paid(gl.normal_form(tables=square))[0].tolist() == [[1, -1], [-1, 1], [-1, 1], [1, -1]]


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ([A, B, A], "table 1 has 2 dimensions, and 3 tables make 3 players"),
        ([np.zeros((2, 2, 2))] * 2, "table 1 has 3 dimensions, and 2 tables make 2 players"),
        ([A, B[0]], "table 2 has 1 dimensions"),
        ([A, 5], "table 2 has 0 dimensions"),
        ([A, [[[1, 1]]]], "table 2 has 3 dimensions"),
        ([A, B[:, :2]], r"table 1 has shape \(2, 3\) and table 2 has \(2, 2\); they must be the same"),
        ([A, [[1, 2, 3], [4, 5]]], "lists of unequal length stand side by side"),
        ([A, [[1, 2, 3], 4]], "4 stands where a list is needed"),
        ([[[]], [[]]], "has an empty list"),
        ([[[1, "x"]], [[1, 2]]], "'x' is not a finite number"),
        ([[[1, True]], [[1, 2]]], "True is not a finite number"),
        ([[[1, np.nan]], [[1, 2]]], "nan is not a finite number"),
        ([[[1, None]], [[1, 2]]], "None is not a finite number"),
        ([np.ma.masked_equal(A, 3), B], "None is not a finite number"),
        ([A * 1j, B], "3j is not a finite number"),
        ([pd.DataFrame({"a": [1.0, None]}), [[1], [1]]], "nan is not a finite number"),
        ([], "a list of tables, one for each player"),
        ("AB", "'AB' given; write a list of tables"),
        ({"A": A}, "given; write a list of tables"),
        (pd.DataFrame(A), "given; write a list of tables"),
        (A, "table 1 has 1 dimensions"),
    ],
)  # fmt: skip
def test_bad_tables(tables, words):
    with pytest.raises(GameError, match=f"^tables: .*{words}"):
        gl.normal_form(tables=tables)
