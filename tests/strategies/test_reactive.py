"""Each strategy, played against a fixed history, does what its rule says in words."""

import playing
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def tit_for_tat(seen, me):
    """Departs exactly after another departed."""
    return 0.0 if playing.others_departed(seen, me)[-1:] == [True] else 1.0


def generous_tit_for_tat(seen, me, generosity):
    """As tit-for-tat, but overlooks with some probability."""
    return generosity if playing.others_departed(seen, me)[-1:] == [True] else 1.0


def tit_for_two_tats(seen, me):
    """Departs after two departures in a row."""
    return 0.0 if playing.others_departed(seen, me)[-2:] == [True, True] else 1.0


def two_tits_for_tat(seen, me):
    """Departs in both rounds after a departure."""
    return 0.0 if True in playing.others_departed(seen, me)[-2:] else 1.0


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
@settings(max_examples=35)
@given(data=st.data())
def test_rules_in_words(rule, chosen, data):
    playing.check_rule(data, rule.__name__, rule, **chosen)
