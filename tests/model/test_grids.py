"""Settings are laid out along the grid, and along the players where these may differ."""

from __future__ import annotations

import numpy as np
import pytest

from gamelab.errors import GameError
from gamelab.model.grids import ByPlayer, common_shape, flat, laid_out, of_player, step_by_step

AB = ("a", "b")


def test_one_number_is_for_all_and_a_mapping_for_each():
    shape, (alone, one, each) = laid_out(
        [0.5, ByPlayer("x", 0.5), ByPlayer("x", {"b": np.array([1.0, 2.0]), "a": 3.0})], AB
    )
    assert shape == (2,)
    assert alone.tolist() == [0.5]
    assert one.tolist() == [[0.5]]
    assert each.tolist() == [[3, 1], [3, 2]]  # in the players' order, not that of the mapping


def test_a_mapping_of_one_number_is_that_number():
    _, (same,) = laid_out([ByPlayer("x", {"a": np.array([1.0, 2.0]), "b": np.array([1.0, 2.0])})], AB)
    assert same.tolist() == [[1], [2]]
    _, (differs,) = laid_out([ByPlayer("x", {"a": np.array([1.0, 2.0]), "b": 1.0})], AB)
    assert differs.tolist() == [[1, 1], [2, 1]]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"a": 1, "c": 2}, r"^x\.c: no player is called 'c'; write a or b$"),
        ({"agency": 1, "B": 2}, r"^x\.agency: no player is called 'agency'; write a or b"),
        ({"a": 1}, "^x: has nothing for b; write one for each player, or a single one for all$"),
        ({}, "^x: has nothing for a or b;"),
    ],
)
def test_names_are_those_of_the_players(given, words):
    with pytest.raises(GameError, match=words):
        laid_out([ByPlayer("x", given)], AB)


def test_the_nearest_name_is_told():
    with pytest.raises(GameError, match="did you mean 'agency'"):
        ByPlayer("x", {"agncy": 1, "association": 1}).of(("agency", "association"))


def test_shorter_lists_go_on_with_their_last_item():
    steps, counts = step_by_step(ByPlayer("fines", {"a": [1, 2, 3], "b": [4]}), AB)
    assert counts == [3, 1]
    assert [step.of(AB) for step in steps] == [[1, 4], [2, 4], [3, 4]]
    steps, counts = step_by_step(ByPlayer("fines", [5, 6]), AB)
    assert counts == [2, 2]
    assert [step.of(AB) for step in steps] == [[5], [6]]


def test_a_column_of_a_player():
    assert of_player(np.array([[1, 2], [3, 4]]), 1).tolist() == [2, 4]
    assert of_player(np.array([[1], [3]]), 1).tolist() == [1, 3]


def test_shapes_broadcast_or_are_refused():
    assert common_shape((), (3, 1), (2,)) == (3, 2)
    assert flat(np.array([[7.0]]), (3, 2)).tolist() == [7.0]
    assert flat(np.array([1.0, 2.0]), (2, 2)).tolist() == [1, 2, 1, 2]
    with pytest.raises(GameError, match=r"\(3,\) and \(2,\)"):
        common_shape((3,), (), (2,))
