"""Kept games: the same question is answered by the same game, and everything that may differ makes another."""

from __future__ import annotations

import warnings
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import GameError, GamelabWarning
from gamelab.institutions import graduated_sanctions, monitoring
from gamelab.model.exactness import exactly
from gamelab.model.expectation import material_payoffs as stage_payoffs
from gamelab.scenario import Scenario, assemble
from gamelab.scenario.kept_games import guarded
from gamelab.stages import normal_form

STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
GAME = gl.repeated(STAGE, discount_factor=0.9)
WATCHED = {"detection": 0.9, "false_alarm": 0.1, "cost": 0.0}


def test_the_same_game_for_the_same_settings() -> None:
    """Settings in writing are what a game is known by, whatever object holds them."""
    assert guarded(monitoring, (GAME,), WATCHED) is guarded(monitoring, (GAME,), dict(WATCHED))


@pytest.mark.parametrize("settings", [{"detection": 0.8}, {"cost": -0.0}, {"cost": 0}, {"cost": np.zeros(1)}])
def test_another_game_for_other_settings(settings: dict[str, Any]) -> None:
    """Another number, another sign of nought, another kind of number; arrays are never kept."""
    first = guarded(monitoring, (GAME,), WATCHED)
    other = guarded(monitoring, (GAME,), {**WATCHED, **settings})
    assert other is not first
    assert (other.probabilities == monitoring(GAME, **(WATCHED | settings)).probabilities).all()


def test_another_game_for_another_game_and_for_fractions() -> None:
    """A game that looks the same is another one; in fractions everything is."""
    again = gl.repeated(STAGE, discount_factor=0.9)
    assert guarded(monitoring, (again,), WATCHED) is not guarded(monitoring, (GAME,), WATCHED)
    payoffs = {"temptation": 5, "reward": 3, "punishment": 1, "sucker": 0}
    rounded = guarded(gl.prisoners_dilemma, (), payoffs)
    with exactly():
        assert guarded(gl.prisoners_dilemma, (), payoffs).exact
    assert guarded(gl.prisoners_dilemma, (), payoffs) is rounded


def test_what_a_file_says_is_read_again(tmp_path: Path) -> None:
    """A file may have changed, however its name is written."""
    path = tmp_path / "game.nfg"
    for temptation in (6, 7):
        stage = gl.prisoners_dilemma(temptation=temptation, reward=3, punishment=1, sucker=0)
        gl.write_nfg(stage, path)
        game = guarded(normal_form, (), {"file": str(path)})
        assert stage_payoffs(game)[0, 0].max() == temptation


def test_warnings_are_said_again_and_refusals_too() -> None:
    """Whoever asks second hears what the first one heard."""
    watched = guarded(monitoring, (GAME,), WATCHED)
    for _ in range(2):
        with pytest.warns(GamelabWarning, match="fine 2 is lower"):
            guarded(graduated_sanctions, (watched,), {"fines": [3, 2]})
        with pytest.raises(GameError, match="detection"):
            guarded(monitoring, (GAME,), {"detection": Fraction(3, 2)})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        guarded(graduated_sanctions, (watched,), {"fines": [2, 3]})


def test_arrangements_share_what_comes_before_their_institutions() -> None:
    """The games of a scenario without any change are made once."""
    scenario = gl.load("prisoners_dilemma")
    assert isinstance(scenario, Scenario)
    assert assemble(scenario, "none") is assemble(scenario, "none")
    assert assemble(scenario, "none", {"monitoring.cost": 3}) is assemble(scenario, "none")
    assert assemble(scenario, "none", {"temptation": 6}) is not assemble(scenario, "none")
