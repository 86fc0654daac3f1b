"""Evolution of a scenario: who is there, what they earn, and each kind of process."""

from types import SimpleNamespace

import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import GameError, InputError
from gamelab.experiment.chance import evolution
from gamelab.experiment.chance.evolution import evolve_scenario, evolved
from gamelab.simulate.evolution.payoff_matrix import payoff_matrix

STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
THREE = ["always_cooperate", "always_defect", "tit_for_tat"]


def matrix_of(payoffs, names="abcdefgh"):
    return payoff_matrix(SimpleNamespace(payoffs=payoffs, names=names[: len(payoffs)]))


def test_payoffs_of_memory_one_strategies_are_the_published_ones():
    """Discounted from mutual cooperation at d = 1/2, against each other: 11378/4499 and 2421/818."""
    game = gl.repeated(STAGE, discount_factor=0.5)
    p = {"memory_one": {"cc": 0.9, "cd": 0.2, "dc": 0.7, "dd": 0.1, "first": 1}}
    q = {"memory_one": {"cc": 0.6, "cd": 0.4, "dc": 0.5, "dd": 0.3, "first": 1}}
    matrix = payoff_matrix(gl.tournament(game, [p, q]))
    assert matrix.payoffs[0, 1] == pytest.approx(11378 / 4499)
    assert matrix.payoffs[1, 0] == pytest.approx(2421 / 818)


def test_a_strategy_plays_itself_with_its_own_memory():
    """Patient trembling players: tit for tat earns 9/4 against itself, win-stay lose-shift 5553/2000 (t = .05).

    With rare mutation and no drift, the one that earns more against itself and is not invaded lasts.
    """
    game = gl.repeated(STAGE, discount_factor=1 - 1e-7, tremble=0.05)
    played = gl.tournament(game, ["tit_for_tat", "win_stay_lose_shift"])
    assert np.diagonal(played.payoffs) == pytest.approx([9 / 4, 5553 / 2000], abs=1e-5)
    found = gl.fixation(played, population=2, intensity=1.0)  # two players meet each other only
    ahead = played.payoffs[1, 0] - played.payoffs[0, 1]
    assert found.probabilities[0, 1] == pytest.approx(1 / (1 + np.exp(-ahead)))
    assert found.names == ("tit_for_tat", "win_stay_lose_shift")


def test_seats_that_differ_are_averaged():
    stage = gl.time_inconsistency(value=4, cost=1, payment=2)
    game = gl.repeated(stage, discount_factor=0.9)
    matrix = payoff_matrix(gl.tournament(game, ["always_cooperate", "always_defect"]))
    both = [gl.value(gl.repeated(stage, discount_factor=0.9), pair).payoffs for pair in
            (["always_cooperate", "always_defect"], ["always_defect", "always_cooperate"])]  # fmt: skip
    assert matrix.payoffs[0, 1] == pytest.approx((both[0][0] + both[1][1]) / 2)
    assert matrix.payoffs[0, 0] == pytest.approx((1 + 2) / 2)


def test_rare_mutation_by_default():
    found = evolve_scenario(gl.load("prisoners_dilemma"), strategies=THREE, only="horizontal")
    (told,) = found["arrangements"].values()
    limit = gl.fixation(told["payoffs"], 100)
    assert told["shares"] == limit.stationary.tolist()
    assert told["relative_fixation"] == limit.relative.tolist()
    assert (told["population"], told["mutation"], told["method"]) == (100, None, "rare mutation")
    assert found["notes"] == []
    assert not found["interrupted"]


@pytest.mark.slow
def test_mutation_is_solved_exactly_or_played(monkeypatch):
    monkeypatch.setattr(evolution, "LEAST_STEPS", 4000)
    exact = evolved(matrix_of([[3, 0], [5, 1]]), population=40, mutation=0.02)
    assert exact["method"] == "exact"
    assert exact["shares"] == gl.population_chain([[3, 0], [5, 1]], 40, 1.0, 0.02).shares.tolist()
    told = []
    played = evolved(
        matrix_of(np.eye(3)), population=400, mutation=0.02, process="pairwise",
        progress=lambda done, of: told.append(done / of),
    )  # fmt: skip
    assert played["method"] == "by chance"
    assert sum(played["shares"]) == pytest.approx(1)
    assert len(played["standard_errors"]) == 3
    assert told[-1] == 1
    assert played["curves"]["paths"]["unit"] == "generation"


def test_each_dynamic():
    """Coordination: the first pays twice the second, and the boundary is at a third."""
    for process in ("replicator", "best_response"):
        found = evolved(matrix_of([[2, 0], [0, 1]]), process=process)
        assert found["shares"] == pytest.approx([1, 0], abs=1e-3)
        frequencies = {tuple(end["strategies"]): end["frequency"] for end in found["ends"]}
        assert frequencies[("a",)] == pytest.approx(2 / 3, abs=0.2)
        assert sum(frequencies.values()) == pytest.approx(1)
    logit = evolved(matrix_of([[0, 0], [0, 0]]), process="logit", intensity=2.0)
    assert logit["noise"] == 0.5
    assert logit["shares"] == pytest.approx([0.5, 0.5])


def test_bad_input_is_told():
    with pytest.raises(GameError, match="process: 'mutant' is not allowed"):
        evolved(matrix_of(np.eye(2)), process="mutant")
    with pytest.raises(GameError, match="replicator has no mutation"):
        evolved(matrix_of(np.eye(2)), process="replicator", mutation=0.1)
    with pytest.raises(GameError, match="intensity: 0 given; write a number above 0"):
        evolved(matrix_of(np.eye(2)), process="logit", intensity=0)
    scenario = gl.load("prisoners_dilemma")
    with pytest.raises(InputError, match="no strategy is called 'grimm'; did you mean 'grim'"):
        evolve_scenario(scenario, strategies=["grim", "grimm"])
    with pytest.raises(InputError, match="this game admits none of them; renege is for"):
        evolve_scenario(scenario, strategies=["renege"])
    with pytest.raises(GameError, match="population: replicator is of a population without number"):
        evolve_scenario(scenario, process="replicator", population=5)
    with pytest.raises(GameError, match="intensity: best_response has no intensity"):
        evolve_scenario(scenario, process="best_response", intensity=3.0)
    with pytest.raises(GameError, match="population: 0 is not a whole number"):
        evolve_scenario(scenario, population=0, only="none")
    with pytest.raises(InputError, match="no arrangement 'vertical'"):
        evolve_scenario(scenario, only="vertical")


def test_an_arrangement_leaves_out_whom_its_game_refuses():
    found = evolve_scenario(gl.load("prisoners_dilemma"), strategies=["grim", "always_defect"])[
        "arrangements"
    ]
    assert list(found["none"]["left_out"]) == ["grim"]
    assert found["none"]["strategies"] == ["always_defect"]
    assert found["horizontal"]["left_out"] == {}


def test_an_interrupt_keeps_what_was_finished(monkeypatch):
    scenario, real, calls = gl.load("prisoners_dilemma"), evolution.evolved, []

    def interrupted(*given, **settings):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*given, **settings)

    monkeypatch.setattr(evolution, "evolved", interrupted)
    found = evolve_scenario(scenario, strategies=["always_cooperate", "always_defect"])
    assert found["interrupted"]
    assert list(found["arrangements"]) == ["none"]
    calls[:] = [1]
    with pytest.raises(KeyboardInterrupt):
        evolve_scenario(scenario, strategies=["always_cooperate", "always_defect"])
