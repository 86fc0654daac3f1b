"""Least values and break-even costs in fractions: closed forms, roots, refusals, and what is not known."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.exactness import exactly
from gamelab.solve.exact_settings import Range, admissible, exact_break_even, exact_least
from gamelab.solve.irrational import Irrational
from gamelab.strategies.profile import profile_of

F = Fraction


NINE_TENTHS = F(9, 10)


def dilemma(discount_factor=NINE_TENTHS, payoffs=(5, 3, 1, 0), **settings):
    with exactly():
        T, R, P, S = payoffs
        stage = gl.prisoners_dilemma(temptation=T, reward=R, punishment=P, sucker=S)
    return gl.repeated(stage, discount_factor=discount_factor, **settings)


def flat_fine(cost):
    """Comply under a flat fine whose act costs the offender a share: dearer acts deter more."""
    game = gl.monitoring(dilemma(observe="none"), detection=F(9, 10), false_alarm=F(1, 50))
    game = gl.graduated_sanctions(game, fines=[2], cost_per_act=cost)
    return game, profile_of(game, "comply")


@pytest.mark.parametrize(
    ("net", "wanted"),
    [
        (lambda cost: 4 - 3 * cost, F(4, 3)),
        (lambda cost: 4 + cost, "unbounded"),
        (lambda cost: -1 - cost, None),
        # (q-f)(F + e/2) >= T-R needs e >= 6/11 here; net benefit is positive below 1/2
        (lambda cost: 1 - 2 * cost, None),
        (lambda cost: F(6, 11) - cost, None),  # at 6/11 it is zero already
        (lambda cost: F(6, 11) + F(1, 10**15) - cost, F(6, 11) + F(1, 10**15)),
        (lambda cost: 1 - cost**2, 1),
        (lambda cost: 10**12 - cost, 10**12),
        (lambda cost: 1 / (1 + cost) - F(1, 100), 99),
    ],
)
def test_break_even_in_fractions(net, wanted):
    assert exact_break_even(flat_fine, net) == wanted


def test_break_even_that_is_no_fraction():
    found = exact_break_even(flat_fine, lambda cost: 2 - cost**2)
    assert isinstance(found, Irrational)
    assert found.low**2 < 2 < found.high**2
    assert found.high - found.low < F(1, 10**16)
    assert float(found) == pytest.approx(2**0.5, rel=1e-15)


def test_what_bends_is_not_known():
    found = exact_break_even(flat_fine, lambda cost: 1 - abs(cost - 1))
    assert found == "not known"
    assert "quotients" in found.reason


def fined(fine, rest=1):
    """Comply under a fine that must be at least (T-R)/(q-f)."""
    game = gl.monitoring(dilemma(payoffs=(3 + 2 * rest, 3, 1, 0), observe="none"), detection=F(9, 10),
                         false_alarm=F(1, 50))  # fmt: skip
    game = gl.graduated_sanctions(game, fines=[fine])
    return game, profile_of(game, "comply")


@settings(max_examples=3)
@given(st.integers(-12, 12), st.integers(1, 10**6))
def test_the_least_fine(size, part):
    """(T-R)/(q-f), of whatever size, from above and from below."""
    rest = F(10) ** size * F(part, 10**6)
    least = 2 * rest / F(88, 100)
    for present in (least * 3, least / 3):
        assert exact_least(lambda fine: fined(fine, rest), present, F(0), None) == least


def test_the_least_value_at_a_limit():
    assert exact_least(fined, F(3), F(5, 2), F(9)) == F(5, 2)
    assert exact_least(fined, F(3), F(3), F(9)) == 3
    assert exact_least(fined, F(1), F(1), F(2)) is None
    assert exact_least(fined, F(2), F(1), F(2)) is None


def reached(reach):
    """Grim where conduct is published with some chance: it must be at least (1-d)(T-R)/(d(R-P))."""
    game = gl.transparency(dilemma(F(1) - F(1, 10**11), observe="none"), reach=reach)
    return game, profile_of(game, "grim")


def test_a_least_chance_close_to_0():
    d = F(1) - F(1, 10**11)
    least = (1 - d) * 2 / (d * 2)
    assert exact_least(reached, F(1, 2), F(0), F(1)) == least
    assert exact_least(reached, F(0), F(0), F(1)) == least


def test_how_far_a_setting_can_go():
    """A temptation is above the reward; whatever holds down to there holds down to the edge."""

    def tempted(temptation):
        game = dilemma(payoffs=(temptation, 3, 1, 0))
        return game, profile_of(game, "always_defect")

    assert exact_least(tempted, F(5), None, None) == 3
    assert admissible(tempted, F(5), None, -1) == 3
    assert admissible(tempted, F(5), F(4), -1) == 4
    assert admissible(tempted, F(5), None, 1) is None


def test_without_bound():
    def suckered(sucker):
        game = dilemma(payoffs=(5, 3, 1, sucker))
        return game, profile_of(game, "grim")

    assert exact_least(suckered, F(0), None, F(1)) == "unbounded"


def test_a_root_that_is_no_fraction_below_the_present_value():
    """Two rounds of punishment hold from the golden ratio on."""

    def discounted(factor):
        game = dilemma(factor)
        return game, profile_of(game, {"limited_punishment": {"rounds": 2}})

    for present in (F(9, 10), F(1, 10)):
        found = exact_least(discounted, present, F(0), F(1))
        assert isinstance(found, Irrational)
        assert found.low**2 + found.low < 1 < found.high**2 + found.high


def test_a_game_refused_on_the_way_is_told():
    def refusing(fine):
        if F(2) < fine < F(5, 2):
            raise GameError("not there", "fine")
        return fined(fine)

    found = exact_least(refusing, F(3), F(0), F(9))
    assert (found, found.reason) == ("not known", "the game is refused at some values on the way")


def test_no_answer_where_readings_are_private():
    game = dilemma(observe="private", misreading=F(1, 20))
    at = game, profile_of(game, "tit_for_tat")
    for found in (
        exact_break_even(lambda cost: at, lambda cost: 1 - cost),
        exact_least(lambda c: at, F(1), None, None),
    ):
        assert found == "not known"
        assert "cannot tell" in found.reason


def test_ranges():
    assert Range(F(1), F(3)).value(F(1, 4)) == F(3, 2)
    assert Range(F(1), None).value(F(3, 4)) == 4
    assert Range(None, F(1)).value(F(1, 4)) == -2
