"""Where shares go: basins, cycles, and what a picture of three strategies is given."""

import numpy as np
import pytest

from gamelab.experiment.chance.flows import flows
from gamelab.simulate.evolution.payoff_matrix import payoff_matrix

ROCK_PAPER_SCISSORS = payoff_matrix([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])


def test_a_game_that_cycles_never_settles():
    found = flows(ROCK_PAPER_SCISSORS, "replicator", None, 1)
    assert found["start"] == "uneven"  # even shares would not move
    assert not found["settled"]
    assert found["ends"] == []
    path = np.array(found["curves"]["paths"]["shares"])
    assert path[0] == pytest.approx([1 / 2, 1 / 3, 1 / 6])
    assert path.prod(axis=1) == pytest.approx(np.full(len(path), 1 / 36), rel=1e-6)


@pytest.mark.slow
def test_the_same_game_settles_under_other_dynamics():
    for process, noise in (("logit", 0.5), ("best_response", None)):
        found = flows(ROCK_PAPER_SCISSORS, process, noise, 1)
        assert found["settled"]
        assert found["shares"] == pytest.approx([1 / 3] * 3, abs=1e-4)
        (end,) = found["ends"]
        assert end["frequency"] == 1
        assert found["rest_points"] is None


def test_slow_paths_are_followed_until_they_settle():
    found = flows(payoff_matrix([[1, 1, 0], [1, 1, 0.001], [0, 0.001, 1]]), "replicator", None, 1)
    assert found["settled"]
    assert sum(end["frequency"] for end in found["ends"]) == pytest.approx(1)


def test_pictures_get_what_they_show():
    drawn = flows(ROCK_PAPER_SCISSORS, "replicator", None, 1)["curves"]["simplex"]
    points, velocities = np.array(drawn["points"]), np.array(drawn["velocities"])
    assert points.sum(axis=1) == pytest.approx(np.ones(len(points)))
    assert velocities.sum(axis=1) == pytest.approx(np.zeros(len(points)), abs=1e-12)
    assert [point["kind"] for point in drawn["rest_points"]] == ["saddle"] * 3 + ["centre"]
    assert np.array(drawn["paths"]).shape[2] == 3
    two = flows(payoff_matrix(np.eye(2)), "replicator", None, 1)
    assert "simplex" not in two["curves"]
    one = flows(payoff_matrix([[1]]), "replicator", None, 1)
    assert one["shares"] == [1]


def test_the_same_seed_tries_the_same_starts():
    game = payoff_matrix([[2, 0], [0, 1.5]])
    one, two, other = (flows(game, "replicator", None, seed)["ends"] for seed in (1, 1, 2))
    assert one == two
    assert one != other
