import example_games as examples
import numpy as np
import playing
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

from gamelab.errors import GameError
from gamelab.strategies.institutional import comply, comply_until


def test_comply_needs_to_see_nothing():
    assert comply(examples.ground("dilemma", "none"), 0).action.tolist() == [[[[1, 0]]]]


@pytest.mark.parametrize("ground", ["none", "public", "findings", "transparent"])
def test_comply_until_needs_levels(ground):
    with pytest.raises(
        GameError, match="comply_until needs a record of levels; graduated_sanctions would give one"
    ):
        comply_until(examples.ground("dilemma", ground), 0, level=0)


@pytest.mark.parametrize("ground", ["ladder", "ladder that ends"])
def test_levels_that_are_too_high(ground):
    with pytest.raises(GameError, match="level: 2 is too high: levels go from 0 to 1"):
        comply_until(examples.ground("dilemma", ground), 0, level=2)


@pytest.mark.parametrize(("player", "stops"), [(0, [0, 0, 1, 1]), (1, [0, 1, 0, 1])])
def test_comply_until_looks_at_the_own_level(player, stops):
    automaton = comply_until(examples.ground("dilemma", "ladder"), player, level=1)
    assert automaton.action[0, :, 0, 1].tolist() == stops


def test_comply_until_at_the_end():
    game = examples.ground("dilemma", "ladder that ends")
    automaton = comply_until(game, 0, level=1)
    automaton.fits(game, 0)
    assert automaton.action[0, :, 0, 1].tolist() == [0, 0, 1, 1, 1]


@pytest.mark.parametrize("stage", examples.STAGES)
@pytest.mark.parametrize("level", [0, 1])
@settings(max_examples=up_to(10))
@given(data=st.data())
def test_rule_of_comply_until(stage, level, data):
    """Keeps the agreement while the own level is low, and plays the fallback from there on."""
    game = examples.ground(stage, "ladder")
    player = data.draw(st.integers(0, game.n - 1), label="player")
    history = data.draw(playing.rounds_of(stage, "ladder"), label="history")
    own = 0
    for event in history:
        if event.coins[player] and event.found[player]:  # who waited is neither fined nor forgiven
            own = min(own + 1, 1) if event.found[player] == 2 else max(own - 1, 0)
    automaton = comply_until(game, player, level=level)
    action, state = playing.played(game, player, automaton, history)
    assert game.levels[state, player] == own
    np.testing.assert_allclose(action, playing.mixture(game, player, float(own < level), state), atol=1e-15)
