"""Specification: one arrangement as a function of its settings."""

from fractions import Fraction

import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import GameError, InputError
from gamelab.scenario import loads
from gamelab.scenario.specification import Specification

FILE = """
gamelab: 1
title: Who trembles
parameters: {length: 2}
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
information: {tremble: 0.1}
arrangements:
  talk:
    profiles: [grim, {limited_punishment: {rounds: length}}]
"""


@pytest.fixture
def talk():
    return Specification(loads(FILE), "talk", {})


def test_settings_make_games(talk):
    grid = talk.at({"time.discount_factor": np.array([0.2, 0.4])}).game
    assert grid.shape == (2,)
    assert grid.one_discount.ravel().tolist() == [0.2, 0.4]
    assert talk.game.one_discount.ravel().tolist() == [0.9], "what it was made from stays as it is"


def test_fractions_are_those_of_the_file(talk):
    assert talk.in_fractions().game.one_discount.item() == Fraction(9, 10)


def test_without_trembles(talk):
    assert (talk.game.deeds >= 0).any()
    assert not (talk.steady_game.deeds >= 0).any()
    again = talk.at({"information.tremble": 0})
    assert again.steady_game is again.game, "made once where no hand trembles"


def test_which_settings_move_a_listed_profile(talk):
    own = "arrangements.talk.profiles.1.limited_punishment.rounds"
    assert not talk.moves_profile(0, "parameters.length"), "grim has no settings"
    assert talk.moves_profile(1, "parameters.length")
    assert talk.moves_profile(0, own)
    assert talk.at({"parameters.length": 3}).strategies(1) == [{"limited_punishment": {"rounds": 3}}] * 2


def test_refusals_stand_where_the_file_asks(talk):
    with pytest.raises(InputError, match=r"<text>:6:\d+: time\.discount_factor: too near"), talk.located(0):
        raise GameError("too near", "discount_factor")
    with pytest.raises(InputError, match=r"<text>:\d+:\d+: arrangements\.talk\.profiles\.1"), talk.located(1):
        raise GameError("too long")
    with pytest.raises(InputError, match=r"arrangements\.talk: no plan"), talk.located(None):
        raise GameError("no plan")
    assert gl.GameError is GameError
