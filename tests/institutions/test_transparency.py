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


@pytest.mark.parametrize("name", examples.SIMPLE)
@pytest.mark.parametrize("ground", ["none", "private noise", "tremble", "findings"])
@settings(max_examples=6)
@given(p=CHANCE, e=CHANCE)
def test_publication(name, ground, p, e):
    """A round is published with probability p, each action misread with probability e.

    Published, the record is read by all, whatever they read before; else the older readings stay.
    """
    before = examples.ground(name, ground)
    after = gl.transparency(before, reach=p, misreading=e)
    for k, profile in enumerate(before.profiles.tolist()):
        expected = {}
        for y in range(len(before.outcomes)):
            done = [d if d >= 0 else a for d, a in zip(before.deeds[:, y], profile, strict=True)]
            chance = before.probabilities[0, 0, min(k, before.probabilities.shape[2] - 1), y]
            fact = before.deeds[:, y].tolist(), before.finding[:, y].tolist()
            told = str((*fact, before.conduct[:, :, y].tolist()))
            expected[told] = expected.get(told, 0) + chance * (1 - p)
            for record in itertools.product(*map(range, before.sizes)):
                right = [
                    1 - e if a == r else e / (size - 1)
                    for a, r, size in zip(done, record, before.sizes, strict=True)
                ]
                told = str((*fact, [list(record)] * before.n))
                expected[told] = expected.get(told, 0) + chance * p * np.prod(right)
        found = dict.fromkeys(expected, 0)
        for y in range(len(after.outcomes)):
            told = str(
                (after.deeds[:, y].tolist(), after.finding[:, y].tolist(), after.conduct[:, :, y].tolist())
            )
            found[told] += after.probabilities[0, 0, min(k, after.probabilities.shape[2] - 1), y]
        assert found == pytest.approx(expected, abs=1e-14)
    silent = [name.endswith("unpublished") for name in after.outcomes]
    assert sum(silent) == len(before.outcomes)


@pytest.mark.parametrize(
    ("payer", "amounts"), [("participants", [-0.3, -0.3, 0]), ("authority", [0, 0, -0.6])]
)
def test_who_bears_the_cost(payer, amounts):
    game = gl.transparency(examples.ground("dilemma", "none"), cost=0.3, paid_by=payer)
    np.testing.assert_allclose(game.flows["transparency.cost"].by_profile, [[[amounts]]])


def test_nothing_is_charged_when_all_is_over():
    game = gl.transparency(examples.ground("dilemma", "ladder that ends"), cost=0.3)
    assert game.flows["transparency.cost"].by_profile[0, :, 0, 0].tolist() == [-0.3] * 4 + [0]


def test_twice_is_refused():
    with pytest.raises(GameError, match="conduct is published already"):
        gl.transparency(examples.ground("dilemma", "transparent"))


@settings(max_examples=up_to(20))
@given(p=st.floats(0.1, 1).map(lambda x: round(x, 2)), e=st.floats(0, 0.2).map(lambda x: round(x, 2)))
def test_grim_holds_from_the_closed_form(p, e):
    T, R, P = 5, 3, 1
    g = 1 - p * (1 - (1 - e) ** 2)
    threshold = (T - R) / ((T - R) * g + p * (1 - e) * (1 - 2 * e) * (R - P))
    for d, verdict in [(threshold * 0.999, "fails"), (threshold + (1 - threshold) * 0.001, "holds")]:
        if 0 < d < 1:
            unseen = gl.repeated(examples.dilemma(), discount_factor=d, observe="none")
            game = gl.transparency(unseen, reach=p, misreading=e)
            assert gl.certify(game, "grim", best_response_gain=False).verdict == verdict


def test_full_reach_is_a_public_record():
    """Published always, the game pays what it pays with a public record, noise included."""
    unseen = gl.repeated(examples.dilemma(), discount_factor=0.9, observe="none")
    shown = gl.repeated(examples.dilemma(), discount_factor=0.9, misreading=0.1)
    for profile in ("grim", "tit_for_tat", "penance", ["win_stay_lose_shift", "turn_taking"]):
        ours = gl.value(gl.transparency(unseen, misreading=0.1), profile).payoffs
        assert ours == pytest.approx(gl.value(shown, profile).payoffs)


def test_no_reach_changes_nothing():
    private = examples.ground("dilemma", "private noise")
    ours = gl.value(gl.transparency(private, reach=0), "tit_for_tat").payoffs
    assert ours == pytest.approx(gl.value(private, "tit_for_tat").payoffs)
