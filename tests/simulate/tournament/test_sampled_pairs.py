"""Sampled tournaments agree with exact ones within their standard errors, all pairs judged together."""

import draws
import numpy as np
import pytest
from scipy import stats

import gamelab as gl
from gamelab.errors import GameError

pytest.importorskip("numba")

NAMES = ["grim", "tit_for_tat", "win_stay_lose_shift", "always_defect", {"GTFT": {"generosity": 0.3}}]


@pytest.mark.slow
def test_means_lie_about_the_exact_payoffs_as_their_errors_say():
    scores, shares = [], []
    for k, name in enumerate(["public", "private", "published over private", "all"]):
        noise = {"misreading": 0.05, "tremble": 0.04, "reach": 0.7, "publication": 0.1, "detection": 0.8}
        rest = {"false_alarm": 0.1, "forgiveness": 0.4, "enforcement": 0.9, "discount_factor": 0.8}
        game = draws.arranged(name, noise | rest)
        exact = gl.tournament(game, NAMES)
        drawn = gl.tournament(game, NAMES, exact=False, matches=400, seed=k)
        assert (drawn.seat_errors > 0).all()
        scores.append(((drawn.by_seat - exact.by_seat) / drawn.seat_errors)[..., 0])
        shares.append(np.abs(drawn.cooperation - exact.cooperation).max())
    scores = np.concatenate(scores).ravel()
    assert len(scores) == 100
    total = (scores**2).sum()
    assert stats.chi2.ppf(0.001, 100) < total < stats.chi2.ppf(0.999, 100)
    assert abs(scores.mean()) < 3.3 / np.sqrt(100)
    assert max(shares) < 0.1


def test_errors_of_means_add_up():
    drawn = gl.tournament(draws.dilemma(discount_factor=0.8, tremble=0.1), NAMES[:3], exact=False, matches=50)
    own, other = drawn.seat_errors[..., 0], drawn.seat_errors[..., 1]
    assert drawn.standard_errors[0, 1] == pytest.approx(np.sqrt(own[0, 1] ** 2 + other[1, 0] ** 2) / 2)
    assert drawn.standard_errors[0, 0] == pytest.approx((own[0, 0] + other[0, 0]) / 2)  # at most
    first = drawn.ranking[0]
    row = drawn.standard_errors[drawn.names.index(first.name)]
    assert first.standard_error == pytest.approx(np.sqrt((row**2).sum()) / 3)
    assert {"standard_error.player_1", "standard_error.player_2"} <= set(drawn.to_frame())
    assert "standard_error" in drawn.ranking_frame()
    assert "sampled" in drawn.equilibria.note
    assert "sampled" in repr(drawn)


def test_the_same_seed_and_pair_give_the_same_matches_whoever_else_plays():
    game = draws.dilemma(discount_factor=0.8, tremble=0.1)
    three = gl.tournament(game, NAMES[:3], exact=False, matches=20, seed=7)
    two = gl.tournament(game, NAMES[1:3], exact=False, matches=20, seed=7)
    other = gl.tournament(game, NAMES[1:3], exact=False, matches=20, seed=8)
    np.testing.assert_array_equal(three.by_seat[1:, 1:], two.by_seat)
    assert (two.by_seat != other.by_seat).all()
    twins = gl.tournament(game, {"x": "grim", "y": "grim", "z": "grim"}, exact=False, matches=997, seed=7)
    both = twins.by_seat.reshape(9, -1)
    assert len(np.unique(both, axis=0)) == 9  # no two pairs have the same luck


def test_rounds_can_be_fixed():
    game = draws.dilemma(discount_factor=0.9)
    told = []
    drawn = gl.tournament(
        game,
        ["tit_for_tat", "always_defect"],
        exact=False,
        rounds=3,
        matches=5,
        progress=lambda *at: told.append(at),
    )
    exact = gl.tournament(game, ["tit_for_tat", "always_defect"], rounds=3)
    assert exact.payoffs[0, 1] == pytest.approx((0.9 + 0.81) / (1 + 0.9 + 0.81))
    assert drawn.payoffs == pytest.approx(exact.payoffs)
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"matches": 0}, "matches"),
        ({"seed": -1}, "seed"),
        ({"rounds": 0}, "rounds: 0"),
        ({"limit_of_means": True}, "limit_of_means"),
    ],
)
def test_what_is_refused(options, words):
    with pytest.raises(GameError, match=words):
        gl.tournament(draws.dilemma(discount_factor=0.9), ["grim"], exact=False, **options)
