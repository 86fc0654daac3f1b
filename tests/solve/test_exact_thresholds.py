"""Ends of intervals confirmed in fractions: published critical discount factors, one-point sets, break-even."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gamelab as gl
from gamelab.model.exactness import exactly
from gamelab.solve.exact_thresholds import confirmed, exact_break_even, exact_least
from gamelab.solve.thresholds import Interval
from gamelab.strategies.profile import profile_of

F = Fraction
HALF = F(1, 2)


def dilemma(discount_factor=HALF, payoffs=(5, 3, 1, 0), **settings):
    with exactly():
        T, R, P, S = payoffs
        stage = gl.prisoners_dilemma(temptation=T, reward=R, punishment=P, sucker=S)
    return gl.repeated(stage, discount_factor=discount_factor, **settings)


def punishment(rounds):
    return {"limited_punishment": {"rounds": rounds}}


# payoffs T, R, P, S; least discount factors: fractions, floats where they are irrational, None where there is none
TABLE = [
    ((5, 3, 1, 0), "grim", "1/2"),
    ((5, 3, 1, 0), "win_stay_lose_shift", None),
    ((5, 3, 1, 0), "penance", "2/3"),
    ((5, 3, 1, 0), "turn_taking", "1/4"),
    ((5, 3, 1, 0), punishment(1), None),
    ((5, 3, 1, 0), punishment(2), 0.6180340),
    ((5, 3, 1, 0), punishment(3), 0.5436890),
    ((50, 32, 25, 12), "grim", "18/25"),
    ((50, 32, 25, 12), "penance", "9/10"),
    ((50, 32, 25, 12), "turn_taking", "13/25"),
    ((50, 32, 25, 12), punishment(3), 0.9248801),
    ((50, 40, 25, 12), "grim", "2/5"),
    ((50, 40, 25, 12), "win_stay_lose_shift", "2/3"),
    ((50, 40, 25, 12), "penance", "13/28"),
    ((50, 40, 25, 12), punishment(1), "2/3"),
    ((50, 40, 25, 12), punishment(2), 0.4574271),
    ((3, 2, 0, -1), "grim", "1/3"),
    ((3, 2, 0, -1), "win_stay_lose_shift", "1/2"),
    ((3, 2, 0, -1), "penance", "1/3"),
    ((3, 2, 0, -1), punishment(2), 0.3660254),
]


@pytest.mark.parametrize(("payoffs", "profile", "least"), TABLE, ids=str)
def test_critical_discount_factors(payoffs, profile, least):
    """Closed forms of Friedman, van Damme and others, as published; roots of quadratics stay without a fraction."""
    found = gl.sustainable_discount_factors(dilemma(payoffs=payoffs), profile)
    if least is None:
        assert found == []
        return
    (interval,) = found
    exact = least if isinstance(least, str) else None
    assert interval.exact == {"from": exact, "to": "1", "includes": "left", "confirmed": True}
    assert interval.low == pytest.approx(float(F(least)), abs=1e-7)


@pytest.mark.parametrize(("payoffs", "only"), [((3, 2, 0, -1), "1/3"), ((5, 4, 1, 0), "1/4")])
def test_tit_for_tat_holds_at_one_point(payoffs, only):
    """T + S = R + P and d = (T-R)/(R-S)."""
    (interval,) = gl.sustainable_discount_factors(dilemma(payoffs=payoffs), "tit_for_tat")
    assert interval.exact == {"from": only, "to": only, "includes": "both", "confirmed": True}


@settings(max_examples=10)
@given(st.lists(st.integers(0, 3000), min_size=4, max_size=4, unique=True))
def test_grim_whatever_the_payoffs(drawn):
    S, P, R, T = (F(k, 7) for k in sorted(drawn))
    (interval,) = gl.sustainable_discount_factors(dilemma(payoffs=(T, R, P, S)), "grim")
    assert F(interval.exact["from"]) == (T - R) / (T - P)
    assert interval.exact["confirmed"]


def test_an_end_with_a_long_denominator_is_found():
    R, T = F(3) + F(1, 10**7 + 19), F(5) + F(1, 10**5 + 3)
    (interval,) = gl.sustainable_discount_factors(dilemma(payoffs=(T, R, 1, 0)), "grim")
    assert F(interval.exact["from"]) == (T - R) / (T - 1)


def test_finitely_many_rounds_reach_1():
    (interval,) = gl.sustainable_discount_factors(dilemma(rounds=3), "always_defect")
    assert interval.exact == {"from": "0", "to": "1", "includes": "both", "confirmed": True}


def build(payoffs=(5, 3, 1, 0), profile="grim"):
    def at(factor):
        game = dilemma(factor, payoffs)
        return game, profile_of(game, profile)

    return at


@pytest.mark.parametrize(
    "wrong",
    [
        Interval(0.4, 1.0, "left"),  # it fails between
        Interval(0.6, 1.0, "left"),  # no gain is zero there
        Interval(0.5 + 2e-9, 1.0, "left"),  # near, but not it
        Interval(0.5, 0.9, "both"),  # nothing ends there
        Interval(0.45, 0.45, "both"),
        Interval(0.501, 0.501, "both"),  # holds, but so do its neighbours
    ],
    ids=str,
)
def test_a_wrong_interval_is_not_confirmed(wrong):
    (told,) = confirmed(build(), [wrong], closed=False)
    assert not told.exact["confirmed"]
    assert told.includes == wrong.includes


def test_fractions_say_which_ends_belong():
    (told,) = confirmed(build(), [Interval(0.5, 1.0, "neither")], closed=False)
    assert told.includes == told.exact["includes"] == "left"


def test_an_irrational_end_beside_the_root_is_not_confirmed():
    root = (5**0.5 - 1) / 2
    profile = punishment(2)
    (right,) = confirmed(build(profile=profile), [Interval(root, 1.0, "left")], closed=False)
    (wrong,) = confirmed(build(profile=profile), [Interval(root + 1e-10, 1.0, "left")], closed=False)
    assert (right.exact["from"], right.exact["confirmed"]) == (None, True)
    assert not wrong.exact["confirmed"]


def flat_fine(cost):
    """Comply under a flat fine whose act costs the offender a share: dearer acts deter more."""
    game = gl.monitoring(dilemma(F(9, 10), observe="none"), detection=F(9, 10), false_alarm=F(1, 50))
    game = gl.graduated_sanctions(game, fines=[2], cost_per_act=cost)
    return game, profile_of(game, "comply")


def test_break_even_in_fractions():
    def net(cost):
        return 4 - 3 * cost

    def never(cost):
        return -1 - cost

    assert exact_break_even(flat_fine, net) == F(4, 3)
    assert exact_break_even(flat_fine, lambda cost: 4 + cost) == "unbounded"
    assert exact_break_even(flat_fine, never) is None
    # (q-f)(F + e/2) >= T-R needs e >= 6/11 here; net benefit is positive below 1/2
    assert exact_break_even(flat_fine, lambda cost: 1 - 2 * cost) is None
    assert exact_break_even(flat_fine, lambda cost: F(6, 11) - cost) is None  # at 6/11 it is zero already
    assert exact_break_even(flat_fine, lambda cost: 1 - cost**2) == "unknown"


def test_the_least_value_of_a_setting():
    """The fine (T-R)/(q-f) deters, and no smaller one; where it holds from its lower limit on, that is it."""

    def fined(fine):
        game = gl.monitoring(dilemma(F(9, 10), observe="none"), detection=F(9, 10), false_alarm=F(1, 50))
        game = gl.graduated_sanctions(game, fines=[fine])
        return game, profile_of(game, "comply")

    least = F(2) / F(88, 100)
    assert exact_least(fined, float(least), 0.0, float("inf")) == least
    assert exact_least(fined, float(least) + 1e-6, 0.0, float("inf")) is None
    assert exact_least(fined, 3.0, 3.0, 9.0) == 3
    assert exact_least(fined, 1.0, 1.0, 9.0) is None


def test_no_break_even_where_readings_are_private():
    game = dilemma(F(9, 10), observe="private", misreading=F(1, 20))
    assert (
        exact_break_even(lambda cost: (game, profile_of(game, "tit_for_tat")), lambda cost: 1 - cost) is None
    )
