"""Frequency: how often actions, findings and outcomes occur, by closed forms and by what they add up to."""

from fractions import Fraction

import draws
import pytest
from exact_games import exact_twin
from hypothesis import given, settings
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.solve.frequency import events_of, exact_frequency, frequency
from gamelab.strategies.profile import profile_of


def often(game, profile, event):
    return frequency(game, profile_of(game, profile), event).item()


def test_actions_are_those_really_done():
    game = draws.dilemma(discount_factor=0.9, tremble=0.1)
    assert often(game, "always_cooperate", "C") == pytest.approx(0.9)
    assert often(game, "always_cooperate", "D") == pytest.approx(0.1)
    # in turns: one starts, the other follows; each has C half of the time, on average of both
    assert often(draws.dilemma(discount_factor=0.9), "turn_taking", "C") == pytest.approx(0.5)


def test_findings():
    game = gl.monitoring(draws.dilemma(discount_factor=0.9), detection=0.7, false_alarm=0.02)
    assert often(game, "always_cooperate", "offence") == pytest.approx(0.02)
    assert often(game, ["always_cooperate", "always_defect"], "clean") == pytest.approx((0.98 + 0.3) / 2)


def test_outcomes_of_a_public_signal():
    stage = gl.prisoners_dilemma(temptation=3, reward=2, punishment=0, sucker=-1)
    game = gl.public_signal(gl.repeated(stage, discount_factor=0.75, observe="none"), good=[0.9, 0.6, 0.5])
    # grim ends with the first bad signal: visits of cooperation are (1-d)/(1-dp), the rest has .5 each
    share = 0.25 / (1 - 0.75 * 0.9)
    assert often(game, "grim", "good signal") == pytest.approx(share * 0.9 + (1 - share) * 0.5)
    assert often(game, "grim", "C") == pytest.approx(share)


def test_who_waits_does_nothing():
    game = gl.repeated(gl.time_inconsistency(value=10, cost=2, payment=4), discount_factor=0.5)
    assert often(game, ["always_cooperate", "honour"], "honour") == pytest.approx(1)
    assert often(game, ["always_defect", "honour"], "honour") == pytest.approx(0)
    assert often(game, ["always_defect", "honour"], "decline") == pytest.approx(1)


@settings(max_examples=up_to(20))
@given(draws.matches(players=draws.st.just(2), states=draws.st.just(1)))
def test_shares_of_a_round_add_up_and_are_the_same_in_fractions(match):
    game, automata = match
    outcomes = sum(frequency(game, automata, name) for name in game.outcomes)
    assert outcomes == pytest.approx(1)
    twin, same = exact_twin(game, automata)
    for event in events_of(twin):
        found = exact_frequency(twin, same, event)
        assert isinstance(found, Fraction)
        assert float(found) == pytest.approx(frequency(game, automata, event).item(), abs=1e-6)


def test_an_unknown_name():
    game = gl.monitoring(draws.dilemma(discount_factor=0.9), detection=0.7)
    with pytest.raises(GameError, match=r"called 'offense'; there are C, D, clean, offence.*mean 'offence'"):
        often(game, "grim", "offense")
