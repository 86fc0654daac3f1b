import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gamelab as gl
from gamelab.errors import GameError


def test_payoffs_by_profile():
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=-2)
    assert stage.flows["material"].by_profile[0, 0].tolist() == [[3, 3, 0], [-2, 5, 0], [5, -2, 0], [1, 1, 0]]
    assert stage.actions == (("C", "D"), ("C", "D"))
    assert stage.agreement.tolist() == [[0, 0]]
    assert stage.keeps.tolist() == [[[True, False], [True, False]]]
    assert stage.fallback.tolist() == [[[[0, 1], [0, 1]]]]
    assert (stage.rounds, stage.players, stage.accounts) == (
        1,
        ("player_1", "player_2"),
        ("player_1", "player_2", "authority"),
    )


def test_names_and_labels():
    stage = gl.prisoners_dilemma(
        temptation=5,
        reward=3,
        punishment=1,
        sucker=0,
        players=["ann", "bob"],
        actions=[["give", "keep"], ["pay", "run"]],
    )
    assert stage.players == ("ann", "bob")
    assert stage.actions == (("give", "keep"), ("pay", "run"))
    assert stage.profile_names[1] == "(give, run)"


@given(st.lists(st.integers(-2, 3), min_size=4, max_size=4))
def test_order_is_needed(numbers):
    T, R, P, S = numbers
    settings = {"temptation": T, "reward": R, "punishment": P, "sucker": S}
    if T > R > P > S:
        assert gl.prisoners_dilemma(**settings).n == 2
    else:
        with pytest.raises(
            GameError, match="make no prisoner's dilemma: temptation > reward > punishment > sucker"
        ):
            gl.prisoners_dilemma(**settings)


def test_the_wrong_point_of_a_grid_is_shown():
    with pytest.raises(GameError, match=r"they are 5, 3, 1, 2$"):
        gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=np.array([0, 0.5, 2, 3]))


def test_grids_broadcast():
    T, R = np.array([[5.0], [6.0]]), np.array([2.0, 3.0, 4.0])
    stage = gl.prisoners_dilemma(temptation=T, reward=R, punishment=1, sucker=0)
    assert stage.shape == (2, 3)
    money = stage.flows["material"].by_profile
    for k, (t, r) in enumerate(itertools.product(T.ravel(), R)):
        assert money[k, 0].tolist() == [[r, r, 0], [0, t, 0], [t, 0, 0], [1, 1, 0]]


def test_grids_that_do_not_match_are_refused():
    with pytest.raises(GameError, match="do not broadcast"):
        gl.prisoners_dilemma(temptation=np.array([5, 6]), reward=np.array([2, 3, 4]), punishment=1, sucker=0)


def test_one_round_ends_in_defection():
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    assert gl.certify(stage, "always_defect").verdict == "holds"
    assert gl.certify(stage, "always_cooperate").verdict == "fails"
