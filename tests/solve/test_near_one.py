"""Near one: gains against exact ones at every distance to 1, and closed forms that ordinary values hide."""

from fractions import Fraction

import draws
import exact_games
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.model.automaton import Automaton
from gamelab.solve.exact_certificate import gains
from gamelab.solve.exact_chain import exact_chain
from gamelab.solve.joint import chains
from gamelab.solve.near_one import ROUNDING, NearOne
from gamelab.solve.values import with_discount_factor
from gamelab.strategies.profile import profile_of

F = Fraction


def near_one(game, automata):
    ((_, chain),) = chains(game, automata)
    return NearOne(chain)


@settings(max_examples=up_to(15))
@given(draws.matches(rounds=st.none(), players=st.just(2), size=st.just(2)), st.integers(1, 20))
def test_gains_are_the_exact_ones(match, digits):
    """As far as rounding of the numbers in each comparison goes, at 1 - d from 1/10 down to 1e-20."""
    game, automata = match
    game = game.replace(shape=()) if game.batch == 1 else game.take(slice(0, 1)).replace(shape=())
    twin, twins = exact_games.exact_twin(game, automata)
    rounded = [twin_automaton.rounded() for twin_automaton in twins]
    at = with_discount_factor(twin, 1 - F(1, 10**digits))
    exact = np.array([float(gain) for gain, *_ in gains(exact_chain(at, twins))])
    seen = near_one(with_discount_factor(game, 0.5), rounded).at(np.array([10.0**-digits]))
    assert seen.gain.shape == (1, len(exact))
    by_player = sorted(zip(seen.gain[0], seen.size[0], strict=True))
    allowed = 1e-4 * max((size for _, size in by_player), default=0) * 10.0**-9 + 1e-9
    for (gain, size), wanted in zip(by_player, np.sort(exact), strict=True):
        assert abs(gain - wanted) <= max(allowed, 1e-9 * size)


@pytest.mark.parametrize(
    "size", [1e7, *(pytest.param(size, marks=pytest.mark.slow) for size in (1e9, 1e12)), 1e15]
)
@pytest.mark.parametrize("level", [0, 1, -5])
def test_grim_for_a_large_temptation(size, level):
    """(T-R)/(T-P), told to the last digit of its distance to 1, whatever the level of payoffs."""
    T, R, P, S = size, 3, 1, 0
    game = draws.dilemma(tuple(x + level for x in (T, R, P, S)), discount_factor=0.5)
    roots = near_one(game, profile_of(game, "grim")).roots()
    assert roots == pytest.approx([(R - P) / (T - P)], rel=1e-12)
    (interval,) = gl.sustainable_discount_factors(game, "grim")
    assert interval.low == pytest.approx((T - R) / (T - P), abs=2**-53)
    assert (interval.high, interval.includes) == (1.0, "left")
    assert gl.critical_discount_factor(game, "grim") == interval.low


@pytest.mark.parametrize("rest", [1e-7, 1e-9, 1e-12])
def test_other_closed_forms(rest):
    """Win-stay-lose-shift (T-R)/(R-P), and penance (P-S)/(R-S), at 1 less a small rest."""
    shift = draws.dilemma((2 - rest, 1, 0, -1), discount_factor=0.5)
    assert gl.critical_discount_factor(shift, "win_stay_lose_shift") == pytest.approx(1 - rest, abs=1e-15)
    penance = draws.dilemma((1 + rest, 1, 1 - rest, 0), discount_factor=0.5)
    assert gl.critical_discount_factor(penance, "penance") == pytest.approx(1 - rest, abs=1e-15)


def test_one_point_close_to_1():
    """Tit-for-tat with T + S = R + P holds at (T-R)/(R-S) alone."""
    R, S = 1e7, 0
    P = R - 1
    (interval,) = gl.sustainable_discount_factors(
        draws.dilemma((R + P - S, R, P, S), discount_factor=0.5), "tit_for_tat"
    )
    assert interval.low == interval.high == pytest.approx(1 - 1e-7, abs=2**-53)


def test_closer_to_1_than_floats_can_tell():
    game = draws.dilemma((1e18, 3, 1, 0), discount_factor=0.5)
    found = gl.sustainable_discount_factors(game, "grim")
    assert (found, gl.critical_discount_factor(game, "grim")) == ("not known", "not known")
    assert "closer to 1 than floats can tell" in found.reason


def debtor(payoff):
    """Dues first, pleasure ever after: putting the dues off gains (1 - d) payoff, zero at no d below 1."""
    stage = gl.normal_form(payoffs=[[[0, 0]], [[payoff, 0]]], actions=[["pays", "enjoys"], ["watches"]])
    follows = np.array([[[1, 0], [0, 0]], [[1, 1], [1, 1]]])[None]
    name, states = "debtor", ("owes", "free")
    plan = Automaton(name=name, states=states, start=0, action=np.eye(2)[None, None], next=follows)
    return gl.repeated(stage, discount_factor=0.5), [plan, "stage_nash"]


@pytest.mark.parametrize("payoff", [1, 1e-3, 1e6])
def test_what_fades_towards_1_does_not_hold(payoff):
    game, profile = debtor(payoff)
    assert gl.sustainable_discount_factors(game, profile) == []
    automata = profile_of(game, profile)
    e = np.array([1e-3, 1e-8, 1e-12])
    assert near_one(game, automata).at(e).gain.max(axis=1) == pytest.approx(payoff * e, rel=1e-3)


def patient(rest):
    """Defect with a chance that falls as the discount factor comes close to 1."""

    def plan(game, player):
        d = float(game.one_discount[0, 0]) if game.batch == 1 else game.one_discount[:, 0]
        chance = np.asarray(np.clip((1 - d) / (2 * rest), 0, 1)).reshape(-1, 1, 1, 1)
        keeps = np.array([1.0, 0.0]).reshape(1, 1, 1, 2)
        action = (1 - chance) * keeps + chance * keeps[..., ::-1]
        views = int(game.views[player].max()) + 1
        return Automaton(
            name="patient", states=("x",), start=0, action=action, next=np.zeros((1, 1, 2, views), int)
        )

    return plan


def test_strategies_that_depend_on_the_discount_factor_are_followed_close_to_1():
    """Who forgives with a chance of (1-d)/2e-9 always defects up to 1 - 2e-9, and else mixes, which fails."""
    game = draws.dilemma(discount_factor=0.5)
    (interval,) = gl.sustainable_discount_factors(game, patient(1e-9))
    assert (interval.low, interval.high) == (0, pytest.approx(1 - 2e-9, abs=1e-15))
    assert gl.sustainable_discount_factors(game, lambda g, i: profile_of(g, "always_defect")[i]) != []


def test_rounding_is_far_below_the_tolerance():
    assert ROUNDING < 1e-12
