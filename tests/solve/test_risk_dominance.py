"""Risk dominance: closed forms for players alike and different, and its edges in floats and fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.exactness import exactly
from gamelab.solve.risk_dominance import risk_dominates
from gamelab.strategies.profile import profile_of

F = Fraction
HALF = F(1, 2)
SIZES = st.integers(1, 9)


def game_of(first, second, discount_factor=HALF, **time):
    """Return a dilemma in which each player has payoffs T, R, P, S of their own."""
    (T, R, P, S), (t, r, p, s) = first, second
    table = [[[R, r], [S, t]], [[T, s], [P, p]]]
    with exactly(isinstance(discount_factor, Fraction)):
        stage = gl.normal_form(payoffs=table, agreement=["1", "1"], fallback=["2", "2"])
        return gl.repeated(stage, discount_factor=discount_factor, **time)


@st.composite
def payoffs(draw):
    S, *steps = (draw(SIZES) for _ in range(4))
    return (S + sum(steps), S + sum(steps[:2]), S + steps[0], S)


@pytest.mark.parametrize(("reward", "least"), [(32, F(31, 38)), (40, F(23, 38))])
def test_published(reward, least):
    # Dal Bo and Frechette (2011): the discount factors from which on grim is risk dominant
    own = (50, reward, 25, 12)
    (floats,) = gl.risk_dominant_from(game_of(own, own, 0.75), "grim")
    assert (floats.high, floats.includes) == (1, "left")
    assert floats.low == pytest.approx(float(least), abs=1e-15)
    (exact,) = gl.risk_dominant_from(game_of(own, own), "grim")
    assert exact.exact == {"from": str(least), "to": "1", "includes": "left", "confirmed": True}


@settings(max_examples=6)
@given(payoffs())
def test_players_alike(own):
    T, R, P, S = own
    expected = F(T + P - S - R, T - S)
    (exact,) = gl.risk_dominant_from(game_of(own, own), "grim")
    assert F(exact.exact["from"]) == expected
    (floats,) = gl.risk_dominant_from(game_of(own, own, 0.5), "grim")
    assert floats.low == pytest.approx(float(expected), abs=1e-12)
    # by the other definition: where half of the others suffice
    for d in (expected, expected - F(1, 1000), (1 + expected) / 2):
        basin = gl.basin_of_defection(game_of(own, own, d), "grim")
        assert (basin <= F(1, 2)) == (d >= expected)


@settings(max_examples=6)
@given(payoffs(), payoffs())
def test_players_who_differ(first, second):
    A, B, C = ([T - R, R - P, P - S][k] for k in range(3) for T, R, P, S in [first])
    a, b, c = ([T - R, R - P, P - S][k] for k in range(3) for T, R, P, S in [second])
    # (z B - A)(z b - a) = C c with z = d / (1 - d)
    z = max(np.roots([B * b, -(B * a + A * b), A * a - C * c]).real)
    found = [gl.risk_dominant_from(game_of(first, second, d), "grim") for d in (0.5, F(1, 2))]
    for (interval,) in found:
        assert interval.low == pytest.approx(z / (1 + z), abs=1e-11)
        assert interval.high == 1
    exact = found[1][0].exact
    assert exact["confirmed"]
    assert exact["includes"] == "left"


def test_two_negative_losses_are_no_loss():
    # always_cooperate: both gain by deviating, and the product of two negative losses is positive
    own = (5, 3, 1, 0)
    for d in (0.5, F(1, 2)):
        game = game_of(own, own, d)
        assert gl.risk_dominant_from(game, "always_cooperate") == []
        assert not risk_dominates(
            game, profile_of(game, "always_cooperate"), profile_of(game, "stage_nash")
        ).any()


def test_a_negative_loss_of_the_fallback_counts_as_none():
    # snowdrift: deviating from the fallback pays, so that all that counts is whether grim holds, strictly
    own = (5, 3, 0, 1)
    (floats,) = gl.risk_dominant_from(game_of(own, own, 0.5), "grim")
    (exact,) = gl.risk_dominant_from(game_of(own, own), "grim")
    assert (floats.low, floats.includes) == (pytest.approx(0.4, abs=1e-15), "neither")
    assert exact.exact == {"from": "2/5", "to": "1", "includes": "neither", "confirmed": True}


def test_close_to_one():
    own = (10**7, 3, 1, 0)
    (floats,) = gl.risk_dominant_from(game_of(own, own, 0.5), "grim")
    assert 1 - floats.low == pytest.approx(2e-7, rel=1e-6)
    closer = (10**14, 3, 1, 0)
    assert gl.risk_dominant_from(game_of(closer, closer, 0.5), "grim") == "not known"
    (exact,) = gl.risk_dominant_from(game_of(closer, closer), "grim")
    assert F(exact.exact["from"]) == F(10**14 - 2, 10**14)


def test_finitely_many_rounds():
    # grim for four rounds against D for ever: d + d^2 + d^3 (R - P) makes up for T - R + P - S, at 1, too
    own = (5, 3, 1, 0)
    z = max(root.real for root in np.roots([2, 2, 2, -3]) if abs(root.imag) < 1e-12)
    (floats,) = gl.risk_dominant_from(game_of(own, own, 0.9, rounds=4), "grim")
    (exact,) = gl.risk_dominant_from(game_of(own, own, F(9, 10), rounds=4), "grim")
    assert floats.low == pytest.approx(z, abs=1e-13) == exact.low
    assert (floats.high, floats.includes, exact.exact["to"]) == (1, "both", "1")
    assert exact.exact["from"] is None
    assert exact.exact["confirmed"]


@settings(max_examples=6)
@given(payoffs(), payoffs(), st.integers(0, 39))
def test_one_point_is_as_the_set_says(first, second, fortieths):
    d = F(fortieths, 40)
    exact = gl.risk_dominant_from(game_of(first, second), "grim")
    game = game_of(first, second, d)
    dominates = risk_dominates(game, profile_of(game, "grim"), profile_of(game, "stage_nash"))
    assert dominates.item() == any(float(d) in interval for interval in exact)
    assume(all(abs(float(d) - interval.low) > 1e-9 for interval in exact))
    floats = game_of(first, second, float(d))
    assert risk_dominates(floats, profile_of(floats, "grim"), profile_of(floats, "stage_nash")) == dominates


def test_for_two_players_only():
    three = gl.normal_form(payoffs=np.zeros((2, 2, 2, 3)).tolist(), agreement=["1"] * 3, fallback=["2"] * 3)
    game = gl.repeated(three, discount_factor=0.5)
    answer = gl.risk_dominant_from(game, "always_cooperate")
    assert answer == "not asked"
    assert "two players" in answer.reason
    with pytest.raises(GameError, match="here are 3"):
        risk_dominates(game, profile_of(game, "always_cooperate"), profile_of(game, "stage_nash"))
