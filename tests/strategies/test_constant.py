import example_games as examples
import numpy as np
import playing
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.strategies.constant import (
    always_cooperate,
    always_defect,
    constant,
    honour,
    renege,
    stage_nash,
)

BATTLE = gl.normal_form(payoffs=[[[3, 2], [0, 0]], [[0, 0], [2, 3]]])


def test_one_state():
    game = examples.ground("team", "private noise")
    for build, action in ((always_cooperate, [1, 0]), (always_defect, [0, 1]), (stage_nash, [0, 1])):
        automaton = build(game, 1)
        assert automaton.action.tolist() == [[[action]]]
        assert automaton.next.shape == (1, 1, 2, 4)
        assert not automaton.next.any()


def test_at_the_end_the_only_action_is_taken():
    automaton = always_cooperate(examples.ground("dilemma", "ladder that ends"), 0)
    assert automaton.action[0, :, 0].tolist() == [[1, 0]] * 4 + [[0, 1]]


def test_equilibria_by_number():
    """Early actions come first: both the first, the mixed one, both the second."""
    game = gl.repeated(BATTLE, discount_factor=0.5, observe="none")
    mixtures = [[stage_nash(game, i, equilibrium=k).action[0, 0, 0, 0] for i in (0, 1)] for k in range(3)]
    np.testing.assert_allclose(mixtures, [[1, 1], [0.6, 0.4], [0, 0]])
    for k in range(3):
        assert gl.certify(game, {"stage_nash": {"equilibrium": k}}).verdict == "holds"


@pytest.mark.parametrize("k", [3, 10])
def test_numbers_that_are_too_high(k):
    with pytest.raises(
        GameError, match=f"equilibrium: {k} is too high: 3 stage equilibria are known, counted from 0"
    ):
        stage_nash(gl.repeated(BATTLE, discount_factor=0.5), 0, equilibrium=k)


def test_states_have_no_numbered_equilibria():
    game = examples.ground("dilemma", "ladder")
    with pytest.raises(GameError, match="4 states"):
        stage_nash(game, 0, equilibrium=0)
    assert stage_nash(game, 0).action[0, 0, 0].tolist() == [0, 1], "the fallback needs no number"


def test_a_grid_has_its_own_equilibrium_at_each_point():
    high = np.array([3.0, 5.0])
    grid = gl.repeated(
        gl.normal_form(payoffs=[[[high, 2], [0, 0]], [[0, 0], [2, high]]]),
        discount_factor=0.5,
        observe="none",
    )
    for i in (0, 1):
        automaton = stage_nash(grid, i, equilibrium=1)
        for point in range(2):
            alone = stage_nash(grid.take([point]), i, equilibrium=1)
            np.testing.assert_allclose(automaton.action[point], alone.action[0])


def test_constant_actions_by_state():
    game = examples.ground("dilemma", "ladder")
    action = np.tile([0.5, 0.5], (1, 4, 1))
    assert constant(game, 0, "mine", "mixes", action).action.shape == (1, 4, 1, 2)


@pytest.mark.parametrize(
    ("name", "keep"), [("always_cooperate", 1), ("comply", 1), ("always_defect", 0), ("stage_nash", 0)]
)
@settings(max_examples=up_to(13))
@given(data=st.data())
def test_nothing_that_was_seen_matters(name, keep, data):
    playing.check_rule(data, name, lambda seen, player: keep)


@pytest.mark.parametrize(("build", "keeps"), [(honour, 1), (renege, 0)])
def test_whoever_moves_second_honours_or_reneges(build, keeps):
    game = examples.ground("trust", "public noise")
    automaton = build(game, 1)
    assert automaton.name == build.__name__
    assert automaton.action[0, 1, 0].tolist() == [keeps, 1 - keeps]
    assert automaton.action[0, [0, 2], 0].tolist() == [[1, 0], [1, 0]], "who waits has one thing to do"
    assert not automaton.next.any()


@pytest.mark.parametrize("build", [honour, renege])
@pytest.mark.parametrize(
    ("stage", "player", "words"),
    [
        ("trust", 0, "moves second in a round .time_inconsistency., not for player_1"),
        ("dilemma", 0, "moves second in a round .time_inconsistency., not for player_1"),
        ("dilemma", 1, "not for player_2"),
        ("team", 2, "not for cy"),
        ("battle", 1, "needs an agreement to keep"),
    ],
)
def test_who_does_not_move_second(build, stage, player, words):
    with pytest.raises(GameError, match=words):
        build(examples.ground(stage, "public"), player)
