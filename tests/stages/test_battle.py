"""Battle: payoffs, the mixed fallback, and the errors in words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.solve.stage_equilibria import equilibria_of


@st.composite
def payoffs(draw):
    """Draw high > low > disagreement."""
    c = draw(st.floats(-5, 5))
    low = c + draw(st.floats(0.05, 5))
    return low + draw(st.floats(0.05, 20)), low, c


def test_payoffs_by_profile():
    stage = gl.battle(high=3, low=2, disagreement=1)
    assert stage.flows["material"].by_profile[0, 0].tolist() == [[3, 2, 0], [1, 1, 0], [1, 1, 0], [2, 3, 0]]
    assert stage.actions == (("A", "B"), ("A", "B"))
    assert stage.agreement.tolist() == [[-1, -1]]
    assert not stage.keeps.any()
    assert stage.rounds == 1


def test_names_and_labels():
    stage = gl.battle(high=3, low=2, players=["ann", "bob"], actions=["opera", "football"])
    assert stage.players == ("ann", "bob")
    assert stage.profile_names[1] == "(opera, football)"


@settings(max_examples=up_to(60))
@given(payoffs())
def test_the_fallback_is_the_mixed_equilibrium(drawn):
    """Own favourite with (a-c)/(a+b-2c), which pays (ab-c^2)/(a+b-2c) to each."""
    a, b, c = drawn
    stage = gl.battle(high=a, low=b, disagreement=c)
    own = (a - c) / (a + b - 2 * c)
    np.testing.assert_allclose(stage.fallback[0, 0], [[own, 1 - own], [1 - own, own]])
    np.testing.assert_allclose(
        gl.value(stage, "stage_nash").payoffs, (a * b - c * c) / (a + b - 2 * c), rtol=1e-9, atol=1e-9
    )
    mixed = [found for found in equilibria_of(stage) if 0 < found[0, 0] < 1]
    assert len(equilibria_of(stage)) == 3
    np.testing.assert_allclose(mixed, [stage.fallback[0, 0]])
    assert gl.certify(stage, "stage_nash").verdict == "holds"


@pytest.mark.parametrize(("a", "b"), [(1, 2), (2, 2), (1, 0), (2, -1), (0, 0)])
def test_payoffs_out_of_order(a, b):
    with pytest.raises(GameError, match=f"high > low > disagreement is needed, and they are {a}, {b}, 0"):
        gl.battle(high=a, low=b)


def test_the_first_wrong_point_of_a_grid_is_told():
    with pytest.raises(GameError, match="and they are 3, 4, 1"):
        gl.battle(high=[5, 3], low=4, disagreement=1)


def test_a_grid():
    grid = gl.battle(high=np.array([3, 4])[:, None], low=np.array([1, 2, 1.5]))
    assert grid.shape == (2, 3)
    for k, (a, b) in enumerate((a, b) for a in (3, 4) for b in (1, 2, 1.5)):
        alone = gl.battle(high=a, low=b)
        np.testing.assert_allclose(grid.take([k]).fallback, alone.fallback)
        np.testing.assert_allclose(
            grid.take([k]).flows["material"].by_profile, alone.flows["material"].by_profile
        )


@pytest.mark.parametrize("noise", [{"tremble": 0.1}, {"weight": 0.5}], ids=str)
def test_trembles_and_altruism_have_another_mixed_equilibrium(noise):
    game = gl.repeated(gl.battle(high=3, low=1), discount_factor=0.9, tremble=noise.get("tremble", 0))
    if "weight" in noise:
        game = gl.altruism(game, weight=noise["weight"])
    assert gl.certify(game, "stage_nash").verdict == "fails"
    assert gl.certify(game, {"stage_nash": {"equilibrium": 1}}).verdict == "holds"
    # what is really done mixes with 3/4; altruists weigh 3 + 1/2 against 1 + 3/2
    own = (0.75 - 0.1) / (1 - 2 * 0.1) if "tremble" in noise else 3.5 / 6
    np.testing.assert_allclose(
        [mixture for mixture in equilibria_of(game) if 0 < mixture[0, 0] < 1],
        [[[own, 1 - own], [1 - own, own]]],
    )


def test_payoffs_as_large_as_numbers_go_do_not_overflow():
    """Sums of payoffs were infinite; warnings are errors here."""
    game = gl.battle(high=6, low=2, disagreement=-1e150)
    np.testing.assert_array_equal(game.fallback, gl.battle(high=6, low=2, disagreement=-1e149).fallback)
    gl.repeated(gl.battle(high=1e150, low=0.9e150, disagreement=-1e150), discount_factor=0.9)
