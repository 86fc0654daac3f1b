"""Each strategy, played against a fixed history, does what its rule says in words."""

import playing
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.strategies import STRATEGIES


def tit_for_tat(seen, me):
    """Deviates exactly after another deviated."""
    return 0.0 if playing.others_deviated(seen, me)[-1:] == [True] else 1.0


def generous_tit_for_tat(seen, me, generosity):
    """As tit-for-tat, but overlooks with some probability."""
    return generosity if playing.others_deviated(seen, me)[-1:] == [True] else 1.0


def tit_for_two_tats(seen, me):
    """Deviates after two deviations in a row."""
    return 0.0 if playing.others_deviated(seen, me)[-2:] == [True, True] else 1.0


def two_tits_for_tat(seen, me):
    """Deviates in both rounds after a deviation."""
    return 0.0 if True in playing.others_deviated(seen, me)[-2:] else 1.0


RULES = {
    tit_for_tat: [{}],
    generous_tit_for_tat: [{"generosity": 0.0}, {"generosity": 0.3}, {"generosity": 1.0}],
    tit_for_two_tats: [{}],
    two_tits_for_tat: [{}],
}

CASES = [
    pytest.param(rule, chosen, id=f"{rule.__name__}{''.join(f' {value}' for value in chosen.values())}")
    for rule, choices in RULES.items()
    for chosen in choices
]


@pytest.mark.parametrize(("rule", "chosen"), CASES)
@settings(max_examples=up_to(35))
@given(data=st.data())
def test_rules_in_words(rule, chosen, data):
    playing.check_rule(data, rule.__name__, rule, **chosen)


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("tit_for_tat", "CDCDDC"),
        ("tit_for_two_tats", "CCCCDC"),
        ("two_tits_for_tat", "CDDDDD"),
    ],
)
def test_answers_to_a_short_history(name, answers):
    """The other does D, C, D, D, C: one deviation, a pause, two in a row."""
    game = gl.repeated(
        gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0), discount_factor=0.9
    )
    automaton = STRATEGIES[name](game, 0)
    state, done = automaton.start, ""
    for other in "DCDDC ":
        own = int(automaton.action[0, 0, state].argmax())
        done += "CD"[own]
        if other != " ":
            outcome = 2 * own + "CD".index(other)  # nothing is misread: the record is the profile
            state = automaton.next[0, state, own, game.views[0, outcome]]
    assert done == answers
