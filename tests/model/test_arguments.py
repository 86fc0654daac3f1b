from fractions import Fraction
from typing import Annotated, Literal

import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.arguments import FileName, Progress, checked, one_of, real, truth, whole
from gamelab.model.game import Game
from gamelab.model.settings import Count, Range


@pytest.mark.parametrize("value", [1, 11, 2.5, True, "3", None, float("nan")])
def test_whole_numbers_in_their_range(value):
    with pytest.raises(GameError, match=r"population: .* is not a whole number from 2 to 10"):
        whole(value, "population", 2, 10)
    assert whole(np.int64(2), "population", 2, 10) == 2


@pytest.mark.parametrize("value", [-0.1, 1.5, float("nan"), "0.5", True, None, 10**400])
def test_numbers_in_their_range(value):
    with pytest.raises(GameError, match=r"mutation: .* given; write a number of at least 0, at most 1"):
        real(value, "mutation", 0, 1)
    with pytest.raises(GameError, match="noise: 0 given; write a number above 0"):
        real(0, "noise", 0, above=True)


def test_words_get_the_nearest_one():
    with pytest.raises(
        GameError, match=r"process: 'morna' is not allowed; write moran or pairwise; did you mean 'moran'"
    ):
        one_of("morna", "process", ("moran", "pairwise"))


@pytest.mark.parametrize("value", [0, 1, None, "yes", np.zeros(2), object()])
def test_truth_values_are_no_numbers(value):
    with pytest.raises(GameError, match=r"^exact: .* given; write True or False$"):
        truth(value, "exact")
    assert truth(np.True_, "exact") is True


def test_annotations_are_checks():
    """One function with every kind of annotation that a public one has."""

    @checked
    def door(
        game: Game, many: Count = 1, *, share: Annotated[float, Range(0, 1)] = 0, word: Literal["a"] = "a",
        file: FileName | None = None, call: Progress | None = None, flag: bool = False, left: object = None,
    ):  # fmt: skip
        return many, share, word, file, call, flag, left

    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    assert door(stage, 2, share=Fraction(1, 2), left=None) == (2, 0.5, "a", None, None, False, None)
    wrong = {"many": 0.5, "share": 2, "word": "b", "file": "", "call": len, "flag": 1}
    for name, value in wrong.items():
        with pytest.raises(GameError, match=f"^{name}: "):
            door(stage, **{name: value})
    with pytest.raises(GameError, match=r"^game: None given; write a Game"):
        door(None)
    with pytest.raises(TypeError):
        door(stage, unknown=1)


def test_an_overflow_is_no_answer():
    @checked
    def largest(payoffs: object):
        return np.float64(1e308) * payoffs

    assert largest(0.5) == 5e307
    with pytest.raises(GameError, match=r"^payoffs: numbers of this size lead beyond what floats hold"):
        largest(np.float64(1e10))
