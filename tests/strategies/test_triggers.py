"""Each strategy, played against a fixed history, does what its rule says in words."""

import example_games as examples
import playing
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

from gamelab.strategies.triggers import penance


def grim(seen, me):
    """Keeps until anybody, oneself included, is seen to deviate."""
    return 0.0 if any(any(row) for row in seen) else 1.0


def win_stay_lose_shift(seen, me):
    """Deviates exactly after some deviated, but not all."""
    return 0.0 if seen and any(seen[-1]) and not all(seen[-1]) else 1.0


def limited_punishment(seen, me, rounds):
    """Punishes for some rounds after a deviation; what happens meanwhile does not count."""
    left = 0
    for row in seen:
        left = left - 1 if left else rounds * any(row)
    return 0.0 if left else 1.0


RULES = {
    grim: [{}],
    win_stay_lose_shift: [{}],
    limited_punishment: [{"rounds": 1}, {"rounds": 2}, {"rounds": 3}],
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
    playing.check_rule(data, rule.__name__, rule, at_once=rule is grim, **chosen)


SHOWN = [ground for ground in playing.CHANNELS if ground not in ("findings", "ladder", *examples.RULED)]


@pytest.mark.parametrize("ground", SHOWN)
@settings(max_examples=up_to(25))
@given(data=st.data())
def test_penance(ground, data):
    """Who deviates alone must cooperate while the other defects; when both deviate nothing changes."""
    game = examples.ground("dilemma", ground)
    player = data.draw(st.integers(0, 1), label="player")
    history = data.draw(playing.rounds_of("dilemma", ground), label="history")
    culprit = None
    for event in history:
        plan = {None: (0, 0), 0: (0, 1), 1: (1, 0)}[culprit]
        seen = playing.actions_seen(event, player, 2)
        off = [j for j in (0, 1) if seen[j] is not None and seen[j] != plan[j]]
        culprit = off[0] if len(off) == 1 else culprit if off else None
    prescribed = {None: (0, 0), 0: (0, 1), 1: (1, 0)}[culprit][player]
    action, _ = playing.played(game, player, penance(game, player), history)
    assert action.tolist() == playing.certain(2, prescribed).tolist()
