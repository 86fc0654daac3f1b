"""Best-response paths: closed forms, Shapley's triangle, and what every path must do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.simulate.evolution import best_response as module

ROCK_PAPER_SCISSORS = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])


@st.composite
def games(draw):
    k = draw(st.integers(1, 4))
    a = draw(st.lists(st.lists(st.integers(-2, 2), min_size=k, max_size=k), min_size=k, max_size=k))
    weights = draw(st.lists(st.integers(0, 5), min_size=k, max_size=k).filter(sum))
    return np.array(a), np.array(weights) / sum(weights)


@settings(max_examples=up_to(40))
@given(games())
def test_only_best_replies_are_moved_towards(game):
    a, start = game
    found = gl.best_response_dynamics(a, start, 5.0, moments=101)
    shares, step = found.shares[0], 0.05
    assert shares.sum(axis=1) == pytest.approx(np.ones(101))
    earned = shares @ a.T
    behind = earned.max(axis=1, keepdims=True) - earned
    for t in range(100):
        towards = (shares[t + 1] - shares[t] * np.exp(-step)) / (1 - np.exp(-step))
        assert towards.min() > -1e-9
        # whoever gained was a best reply within the step, in which payoffs move by little
        least = behind[t : t + 2, towards > 1e-6].min(axis=0)
        assert (least <= step * np.ptp(a) + 1e-9).all()


def test_the_best_payoff_of_a_zero_sum_game_falls_exponentially():
    found = gl.best_response_dynamics(ROCK_PAPER_SCISSORS, [0.5, 0.3, 0.2], 4.0)
    best = (found.shares[0] @ ROCK_PAPER_SCISSORS.T).max(axis=1)
    assert best == pytest.approx(best[0] * np.exp(-found.times), rel=1e-10)
    assert found.notes == ()


def test_a_spiral_into_a_point_is_followed_and_told():
    found = gl.best_response_dynamics(ROCK_PAPER_SCISSORS, [0.5, 0.3, 0.2], 30.0)
    assert found.last[0] == pytest.approx([1 / 3] * 3, abs=1e-6)
    (note,) = found.notes
    assert note == (
        "path 0: strategy 1, strategy 2, strategy 3 take turns ever faster, "
        "and are taken for equally good from then on"
    )


def test_bad_rock_paper_scissors_ends_on_shapleys_triangle():
    """Losses above gains: paths go out to a triangle on which the best payoff is 0 (Gaunersdorfer, Hofbauer 1995)."""
    a = np.array([[0, -2, 1], [1, 0, -2], [-2, 1, 0]])
    found = gl.best_response_dynamics(a, [0.4, 0.3, 0.3], 40.0, moments=801)
    assert (found.shares[0, 600:] @ a.T).max(axis=1) == pytest.approx(np.zeros(201), abs=1e-9)
    corners = found.shares[0, 600:].max(axis=0)
    assert corners == pytest.approx([4 / 7] * 3, abs=0.02)


def test_mixed_equilibria_are_reached_and_kept():
    found = gl.best_response_dynamics([[-1, 4], [0, 2]], [[1, 0], [0, 1]], 2.0)
    reached = [np.log(3 / 2), np.log(3)]  # from hawks alone down to 2/3, from doves alone up to it
    for path, moment in zip(found.shares, reached):
        assert path[found.times > moment] == pytest.approx(
            np.full(path[found.times > moment].shape, [2 / 3, 1 / 3])
        )
        before = found.times < moment
        assert abs(path[before, 0] - 2 / 3).min() > 1e-4


def test_ties_at_the_start():
    """A pure reply is taken before a mixed one, the first named before others."""
    assert gl.best_response_dynamics([[2, 0], [0, 1]], [1 / 3, 2 / 3], 30.0).last[0] == pytest.approx(
        [1, 0], abs=1e-9
    )
    assert gl.best_response_dynamics(np.ones((3, 3)), duration=30.0).last[0] == pytest.approx(
        [1, 0, 0], abs=1e-9
    )


def test_too_many_ties_are_told():
    cyclic = np.array(
        [[0 if i == j else 1 if (j - i) % 13 in range(1, 7) else -1 for j in range(13)] for i in range(13)]
    )
    with pytest.raises(gl.GameError, match="13 strategies are best replies at once"):
        gl.best_response_dynamics(cyclic)


def test_too_many_switches_are_told(monkeypatch):
    monkeypatch.setattr(module, "MOST_SWITCHES", 5)
    with pytest.raises(gl.GameError, match="the best reply switches too often"):
        gl.best_response_dynamics(ROCK_PAPER_SCISSORS, [0.5, 0.3, 0.2], 30.0)
