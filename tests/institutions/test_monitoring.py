import itertools

import example_games as examples
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError

CHANCE = st.sampled_from([0.0, 0.5, 1.0]) | st.floats(0, 1).map(lambda x: round(x, 2))
WORDS = {1: "clean", 2: "offence"}


@pytest.mark.parametrize("name", examples.SIMPLE)
@pytest.mark.parametrize("ground", ["none", "public noise", "tremble"])
@settings(max_examples=8)
@given(q=CHANCE, f=CHANCE)
def test_findings_are_independent(name, ground, q, f):
    """A finding of offence comes with probability q after a deviation, f after keeping."""
    before = examples.ground(name, ground)
    after = gl.monitoring(before, detection=q, false_alarm=f)
    combinations = list(itertools.product((1, 2), repeat=before.n))
    agreed = before.agreement[0]
    for p, profile in enumerate(before.profiles.tolist()):
        for y, outcome in enumerate(before.outcomes):
            done = [d if d >= 0 else a for d, a in zip(before.deeds[:, y], profile, strict=True)]
            for k, found in enumerate(combinations):
                chance = before.probabilities[0, 0, min(p, before.probabilities.shape[2] - 1), y]
                for finding, action, kept in zip(found, done, agreed, strict=True):
                    offence = f if action == kept else q
                    chance *= offence if finding == 2 else 1 - offence
                z = y * len(combinations) + k
                assert after.probabilities[0, 0, p, z] == pytest.approx(chance, abs=1e-15)
                if p == 0:
                    said = ", ".join(
                        f"{WORDS[v]} on {who}" for v, who in zip(found, before.players, strict=True)
                    )
                    assert after.outcomes[z] == (f"{outcome}; {said}" if outcome else said)
                    assert after.finding[:, z].tolist() == list(found)
                    assert after.conduct[:, :, z].tolist() == before.conduct[:, :, y].tolist()


def test_findings_are_public():
    game = examples.ground("team", "findings")
    assert game.views.tolist() == [list(range(8))] * 3


@pytest.mark.parametrize(
    ("payer", "amounts"), [("participants", [-0.3, -0.3, -0.3, 0]), ("authority", [0, 0, 0, -0.9])]
)
def test_who_bears_the_cost(payer, amounts):
    game = gl.monitoring(examples.ground("team", "none"), detection=0.5, cost=0.3, paid_by=payer)
    np.testing.assert_allclose(game.flows["monitoring.cost"].by_profile, [[[amounts]]])
    ledger = gl.value(game, "comply").ledger
    np.testing.assert_allclose(ledger["monitoring.cost"], amounts)


def test_whoever_waits_is_not_watched():
    stage = gl.normal_form(payoffs=[[[1, 1], [2, 2]]], agreement=["1", "1"], players=["ann", "bob"])
    game = gl.monitoring(
        gl.repeated(stage, discount_factor=0.5, observe="none"), detection=0.9, false_alarm=0.2
    )
    assert game.outcomes == ("clean on bob", "offence on bob")
    assert game.finding.tolist() == [[0, 0], [1, 2]]
    np.testing.assert_allclose(game.probabilities[0, 0], [[0.8, 0.2], [0.1, 0.9]])


def test_nobody_is_watched_when_all_is_over():
    """Put on a game with an end that nobody acts in, monitoring finds nothing there."""
    ended = examples.ground("dilemma", "ladder that ends")
    blind = ended.replace(finding=np.zeros_like(ended.finding), flows={"material": ended.flows["material"]})
    game = gl.monitoring(blind, detection=0.5)
    last = game.probabilities[0, 4, 0].reshape(16, 5).sum(axis=0)
    assert last.tolist() == pytest.approx([0, 0, 0, 0, 1])
    assert "no finding" in game.outcomes[4]


def test_twice_is_refused():
    with pytest.raises(GameError, match="findings are made already; monitoring would make more"):
        gl.monitoring(examples.ground("dilemma", "findings"), detection=0.5)


def test_an_agreement_is_needed():
    stage = gl.normal_form(payoffs=[[[2, 1], [0, 0]], [[0, 0], [1, 2]]])
    with pytest.raises(
        GameError, match="monitoring needs an agreement to hold conduct against: put a convention before it"
    ):
        gl.monitoring(gl.repeated(stage, discount_factor=0.5), detection=0.5)


@settings(max_examples=up_to(20))
@given(
    q=st.floats(0.3, 1).map(lambda x: round(x, 2)),
    f=st.floats(0, 0.2).map(lambda x: round(x, 2)),
    T=st.floats(3.1, 6).map(lambda x: round(x, 2)),
)
def test_grim_on_findings_holds_from_the_closed_form(q, f, T):
    R, P = 3, 1
    threshold = (T - R) / ((T - R) * (1 - f) ** 2 + (1 - f) * (q - f) * (R - P))
    stage = gl.prisoners_dilemma(temptation=T, reward=R, punishment=P, sucker=0)
    for d, verdict in [(threshold * 0.999, "fails"), (threshold + (1 - threshold) * 0.001, "holds")]:
        if 0 < d < 1:
            game = gl.monitoring(
                gl.repeated(stage, discount_factor=d, observe="none"), detection=q, false_alarm=f
            )
            assert gl.certify(game, "grim", best_response_gain=False).verdict == verdict
