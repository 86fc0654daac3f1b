"""The course of play beside the exact path, round by round."""

import draws
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.simulate.matches import course
from gamelab.solve.path import path_of_play
from gamelab.strategies.profile import profile_of

STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)


def test_means_of_rounds_agree_with_the_exact_path():
    game = gl.repeated(STAGE, discount_factor=0.9, misreading=0.1)
    found = gl.simulate(game, "grim", 100).course(rounds=30, matches=5000)
    path = path_of_play(game, profile_of(game, "grim"), 30)
    np.testing.assert_array_equal(found.cooperation[0], 1)
    far = (found.cooperation - path.cooperation)[1:] / found.cooperation_error[1:]
    assert np.abs(far).max() < 4
    off = np.abs(found.payoffs - path.payoffs)[1:] / found.payoff_errors[1:]
    assert off.max() < 4


@settings(max_examples=up_to(15), deadline=None)
@given(draws.matches(), st.integers(1, 5))
def test_rounds_are_those_of_the_records(match, rounds):
    game, automata = match
    found = gl.simulate(game, automata, 2).course(rounds, matches=30)
    longest = min(rounds, game.rounds or rounds)
    records = gl.simulate(game, automata, 30, rounds=longest).records()
    assert len(found.to_frame()) == longest
    paid = sum(records.payoffs[line] for line, flow in game.flows.items() if flow.kind != "regard")
    for number in range(longest):
        for player in range(game.n):
            rows = (records.round == number + 1) & (records.player.codes == player)
            by_match = np.bincount(records.match[rows] - 1, paid[rows], 30)
            assert found.payoffs[number, player] == pytest.approx(by_match.mean(), abs=1e-12)
            error = by_match.std(ddof=1) / np.sqrt(30)
            assert found.payoff_errors[number, player] == pytest.approx(error, abs=1e-6)


@pytest.mark.parametrize("step", [1, 10**6])
def test_pieces_make_no_difference(monkeypatch, step):
    found = gl.simulate(gl.repeated(STAGE, discount_factor=0.9, tremble=0.1), "grim", 100)
    whole = found.course(20, 300)
    monkeypatch.setattr(course, "MOVES", step)
    np.testing.assert_allclose(found.course(20, 300).payoffs, whole.payoffs, rtol=1e-12)
