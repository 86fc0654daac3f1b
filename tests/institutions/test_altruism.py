import example_games as examples
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError


@pytest.mark.parametrize(("stage", "ground"), examples.PAIRS)
@pytest.mark.parametrize("weight", [0.4, 1.5])
def test_regard_is_the_weighted_payoff_of_the_others(stage, ground, weight):
    """All the others' lines but regard count, in every state and profile, and only the players'."""
    before = examples.ground(stage, ground)
    after = gl.altruism(before, weight=weight)
    regard = examples.paid_on_average(after, "altruism.regard")
    own = sum(examples.paid_on_average(before, line) for line in before.flows)
    for i in range(before.n):
        others = sum(own[..., j] for j in range(before.n) if j != i)
        np.testing.assert_allclose(regard[..., i], weight * others, atol=1e-12)
    assert not regard[..., before.n :].any()
    assert after.flows["altruism.regard"].kind == "regard"


def test_regard_counts_in_incentives_and_never_in_welfare():
    game = examples.ground("dilemma", "public")
    kind = gl.value(gl.altruism(game, weight=0.5), "grim")
    assert kind.payoffs.tolist() == [3, 3]
    assert kind.utilities.tolist() == [4.5, 4.5]


def test_second_altruism_is_refused():
    with pytest.raises(GameError, match="altruistic already; a second altruism is not allowed"):
        gl.altruism(gl.altruism(examples.dilemma(), weight=0.5), weight=0.5)


def findings_without_cost_line():
    """Return a game with findings whose ledger is the stage game's, so that any institution may come next."""
    watched = examples.ground("dilemma", "findings")
    return watched.replace(flows={"material": watched.flows["material"]})


@pytest.mark.parametrize(
    ("game", "late"),
    [
        (examples.ground("dilemma", "none"), lambda game: gl.monitoring(game, detection=0.9)),
        (examples.ground("dilemma", "none"), gl.transparency),
        (findings_without_cost_line(), lambda game: gl.graduated_sanctions(game, fines=[1])),
    ],
)
def test_altruism_is_last(game, late):
    late(game)
    with pytest.raises(GameError, match="altruism is always applied last"):
        late(gl.altruism(game, weight=0.5))


@settings(max_examples=up_to(20))
@given(
    T=st.floats(3.1, 8),
    R=st.floats(2, 3),
    P=st.floats(0.1, 1.9),
    S=st.floats(-3, 0),
    off=st.sampled_from([-0.01, 0.01]),
)
def test_cooperation_is_dominant_from_the_closed_form(T, R, P, S, off):
    weight = max((T - R) / (R - S), (P - S) / (T - P)) + off
    stage = gl.altruism(gl.prisoners_dilemma(temptation=T, reward=R, punishment=P, sucker=S), weight=weight)
    total = sum(examples.paid_on_average(stage, line) for line in stage.flows)[0, 0]
    cooperates, defects = total[[0, 1], 0], total[[2, 3], 0]
    assert (cooperates >= defects - 1e-12).all() == (off > 0)


def test_weights_on_a_grid():
    weights = np.array([0.0, 0.8, 1.0])
    game = gl.altruism(examples.dilemma(), weight=weights)
    regard = game.flows["altruism.regard"].by_profile
    assert regard[:, 0, 1, 0].tolist() == [0, 4, 5]
    assert gl.certify(game, "always_cooperate").verdict.tolist() == ["fails", "holds", "holds"]
