"""Discount factors in fractions: closed forms at every size, published values, roots that are no fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.model.automaton import Automaton
from gamelab.model.exactness import exactly
from gamelab.solve.exact_thresholds import agrees, exact_discount_factors
from gamelab.solve.irrational import decimal
from gamelab.solve.polynomials import polynomial
from gamelab.solve.sign_regions import regions
from gamelab.strategies import STRATEGIES
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
    known = least if isinstance(least, str) else None
    exact = dict(interval.exact)
    low, high = (F(part) for part in exact.pop("from_between", (least, least)))
    assert exact == {"from": known, "to": "1", "includes": "left", "confirmed": True}
    assert interval.low == pytest.approx(float(F(least)), abs=1e-7)
    assert float(low) <= interval.low <= float(high)
    assert high - low < F(1, 10**17)


@pytest.mark.parametrize(("payoffs", "only"), [((3, 2, 0, -1), "1/3"), ((5, 4, 1, 0), "1/4")])
def test_tit_for_tat_holds_at_one_point(payoffs, only):
    """T + S = R + P and d = (T-R)/(R-S)."""
    (interval,) = gl.sustainable_discount_factors(dilemma(payoffs=payoffs), "tit_for_tat")
    assert interval.exact == {"from": only, "to": only, "includes": "both", "confirmed": True}


# ------------------------------------------------------------------------- closed forms at every size

SIZES = st.integers(-13, 12).flatmap(lambda k: st.integers(1, 99).map(lambda whole: whole * F(10) ** (k - 2)))
"""Positive numbers from 1e-15 to 1e12."""


@settings(max_examples=up_to(10))
@given(SIZES, SIZES, SIZES, st.integers(-(10**9), 10**9))
def test_grim_whatever_the_sizes(more, gain, less, level):
    """(T-R)/(T-P): T-R and R-P of any size, near 0 and near 1, and a sucker's payoff that plays no part."""
    P = F(level)
    R, T, S = P + gain, P + gain + more, P - less
    (interval,) = gl.sustainable_discount_factors(dilemma(payoffs=(T, R, P, S)), "grim")
    least = (T - R) / (T - P)
    assert interval.exact == {"from": str(least), "to": "1", "includes": "left", "confirmed": True}
    assert interval.low == min(float(least), 1 - 2**-53)


@settings(max_examples=6)
@given(SIZES, SIZES, SIZES)
def test_win_stay_lose_shift_and_penance_whatever_the_sizes(more, gain, less):
    """(T-R)/(R-P), and the larger one of (T-R)/(R-S) and (P-S)/(R-S); nowhere from 1 on."""
    S, P, R, T = F(0), less, less + gain, less + gain + more
    game = dilemma(payoffs=(T, R, P, S))
    for name, least in [
        ("win_stay_lose_shift", (T - R) / (R - P)),
        ("penance", max((T - R) / (R - S), (P - S) / (R - S))),
    ]:
        found = gl.sustainable_discount_factors(game, name)
        assert [interval.exact["from"] for interval in found] == ([str(least)] if least < 1 else [])
        assert all(interval.exact["to"] == "1" for interval in found)


@settings(max_examples=up_to(10))
@given(SIZES, SIZES, st.integers(1, 4))
def test_punishment_for_some_rounds_whatever_the_sizes(more, gain, rounds):
    """(T-R) = (R-P)(d + ... + d^T): the two fractions around the root have it between them."""
    game = dilemma(payoffs=(gain + more, gain, F(0), F(-1)))
    found = gl.sustainable_discount_factors(game, punishment(rounds))
    if more >= gain * rounds:
        assert found == []
        return
    (interval,) = found
    one = interval.exact["from"]
    low, high = (one, one) if one else interval.exact["from_between"]

    def excess(d):
        return sum(d**k for k in range(1, rounds + 1)) * gain - more

    assert excess(F(low)) <= 0 <= excess(F(high))
    assert F(high) - F(low) <= F(1, 10**17) * min(F(high), 1 - F(low))
    assert interval.low == pytest.approx(float(F(low)), rel=1e-15)


@settings(max_examples=5)
@given(SIZES, SIZES)
def test_one_point_whatever_the_sizes(more, gain):
    """Tit-for-tat with T + S = R + P holds at (T-R)/(R-S) alone; a hair beside that it holds nowhere."""
    P, R = F(0), gain
    T, S = R + more, P - more
    only = str((T - R) / (R - S))
    (interval,) = gl.sustainable_discount_factors(dilemma(payoffs=(T, R, P, S)), "tit_for_tat")
    assert interval.exact == {"from": only, "to": only, "includes": "both", "confirmed": True}
    beside = dilemma(payoffs=(T + more / 10**15, R, P, S))
    assert gl.sustainable_discount_factors(beside, "tit_for_tat") == []


@pytest.mark.parametrize(
    ("payoffs", "least"),
    [
        ((F("3.0000000001"), 3, 1, 0), F(1, 20000000001)),
        ((4, 3, 1, -(10**9)), F(1, 3)),
        ((10**7, 3, 1, 0), F(9999997, 9999999)),
        ((3 + 2 * F(1, 10**13), 3, 1, 0), F(1, 10**13 + 1)),
        ((3 + 2 * F(10**13), 3, 1, 0), F(10**13, 10**13 + 1)),
        ((3 + 2 * F(10**20), 3, 1, 0), F(10**20, 10**20 + 1)),
    ],
    ids=str,
)
def test_near_0_and_near_1(payoffs, least):
    (interval,) = gl.sustainable_discount_factors(dilemma(payoffs=payoffs), "grim")
    assert (F(interval.exact["from"]), interval.exact["confirmed"]) == (least, True)
    assert interval.low < interval.high == 1


@pytest.mark.parametrize("e", [F(1, 100), F(1, 3)])
def test_grim_under_misreading(e):
    T, R, P = 5, 3, 1
    least = F(T - R) / ((T - R) * (1 - e) ** 2 + (1 - e) * (1 - 2 * e) * (R - P))
    found = gl.sustainable_discount_factors(dilemma(misreading=e), "grim")
    assert [interval.exact["from"] for interval in found] == ([str(least)] if least < 1 else [])


def test_moves_inside_of_a_round_are_not_discounted():
    with exactly():
        stage = gl.time_inconsistency(value=F(10**6), cost=1, payment=3)
    (interval,) = gl.sustainable_discount_factors(gl.repeated(stage, discount_factor=HALF), "grim")
    assert interval.exact["from"] == "3/1000000"


def test_an_irrational_end_of_finitely_many_rounds_and_the_closed_end():
    """Two rounds: whoever deviates now loses d (V-W) in the second one, where both are equilibria."""
    table = [[[4, 4], [0, 5], [0, 0]], [[5, 0], [3, 3], [0, 0]], [[0, 0], [0, 0], [1, 1]]]
    with exactly():
        stage = gl.normal_form(payoffs=table, agreement=["1", "1"], fallback=["3", "3"])
    game = gl.repeated(stage, discount_factor=HALF, rounds=2)
    follows = np.ones((1, 3, 3, 9), dtype=int) * 2
    follows[0, 0, :, 0] = 1
    plan = np.eye(3, dtype=int)[[0, 1, 2]][None, None]
    carrot = Automaton(name="carrot", states=("now", "good", "bad"), start=0, action=plan, next=follows)
    (interval,) = gl.sustainable_discount_factors(game, carrot)
    assert interval.exact == {"from": "1/2", "to": "1", "includes": "both", "confirmed": True}
    assert gl.sustainable_discount_factors(game, "grim") == []


def patient(game, player):
    """Cooperate like grim where the discount factor is at most 1/2, else defect for ever."""
    d = game.one_discount[0, 0]
    return STRATEGIES["grim" if d <= HALF else "always_defect"](game, player)


def lenient(game, player):
    """Return to cooperation with a chance of one less the discount factor."""
    d = F(game.one_discount[0, 0])
    return STRATEGIES["generous_tit_for_tat"](game, player, generosity=1 - d)


def test_strategies_that_depend_on_the_discount_factor():
    """Smooth ones are fitted; of those that jump nothing is said to be confirmed."""
    assert gl.sustainable_discount_factors(dilemma(), lenient) == []
    assert gl.sustainable_discount_factors(dilemma(), {"extortion": {"factor": 2}}) == []
    jumping = gl.sustainable_discount_factors(dilemma(), patient)
    assert jumping
    assert not any(interval.exact["confirmed"] for interval in jumping)
    assert not any(interval.exact["from"] for interval in jumping)


def test_what_single_games_do_not_say_is_not_confirmed():
    def build(factor):
        game = dilemma(factor)
        beside = 0 < factor - HALF < F(1, 10**9)
        return game, profile_of(game, "always_cooperate" if beside else "grim")

    found = exact_discount_factors(build, closed=False)
    assert (found, "do not confirm" in found.reason) == ("not known", True)
    found = regions([polynomial([1, -2])], F(0), F(1))
    assert agrees(lambda d: d >= HALF, found)
    for wrong in (HALF - F(1, 10**11), HALF + F(1, 10**11)):
        assert not agrees(lambda d, end=wrong: d >= end, found)
    assert not agrees(lambda d: d > HALF, found)
    assert agrees(lambda d: d > HALF, found, at_roots=False)


def test_no_answer_where_players_cannot_tell():
    game = dilemma(observe="private", misreading=F(1, 20))
    assert gl.sustainable_discount_factors(game, "tit_for_tat") == "not known"


def test_finitely_many_rounds_reach_1():
    (interval,) = gl.sustainable_discount_factors(dilemma(rounds=3), "always_defect")
    assert interval.exact == {"from": "0", "to": "1", "includes": "both", "confirmed": True}


@given(st.integers(-(10**9), 10**9), st.integers(0, 12))
def test_decimal_numbers(whole, digits):
    value = F(whole, 10**digits)
    assert F(decimal(value)) == value
    assert "e" not in decimal(value)


@pytest.mark.slow
def test_eighty_rounds_of_punishment():
    """The gain T - R is lost again where R - P is lost in each of the next 80 rounds: d + ... + d^80 = 1."""
    (interval,) = gl.sustainable_discount_factors(dilemma(), punishment(80))
    assert (interval.exact["to"], interval.includes, interval.exact["confirmed"]) == ("1", "left", True)
    low, high = (F(end) for end in interval.exact["from_between"])
    assert sum(low**t for t in range(1, 81)) < 1 < sum(high**t for t in range(1, 81))


@pytest.mark.parametrize(("rounds", "confirmed"), [(80, True), (101, False)])
def test_many_rounds(rounds, confirmed):
    """Whoever defects always is in equilibrium at every discount factor; beyond 100 rounds that is not confirmed."""
    (interval,) = gl.sustainable_discount_factors(dilemma(rounds=rounds), "always_defect")
    assert (interval.low, interval.high) == (0, 1)
    assert interval.exact["confirmed"] is confirmed
    assert interval.exact["from"] == ("0" if confirmed else None)
