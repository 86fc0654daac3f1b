import functools

import example_games as examples
import pytest

from gamelab.errors import GameError
from gamelab.strategies import ALIASES, STRATEGIES
from gamelab.strategies.profile import profile_of
from gamelab.strategies.reactive import generous_tit_for_tat
from gamelab.strategies.triggers import grim

PD = examples.ground("dilemma", "public")


@pytest.mark.parametrize(
    ("given_", "names"),
    [
        ("grim", ["grim", "grim"]),
        (["grim", "ALLD"], ["grim", "always_defect"]),
        (("grim", "Pavlov"), ["grim", "win_stay_lose_shift"]),
        ({"limited_punishment": {"rounds": 2}}, ["limited_punishment"] * 2),
        ([{"GTFT": {"generosity": 0.1}}, {"grim": None}], ["generous_tit_for_tat", "grim"]),
        ({"grim": {}}, ["grim", "grim"]),
        (grim, ["grim", "grim"]),
        ([grim, "grim"], ["grim", "grim"]),
        (functools.partial(generous_tit_for_tat, generosity=0.5), ["generous_tit_for_tat"] * 2),
    ],
)
def test_ways_to_say_it(given_, names):
    assert [automaton.name for automaton in profile_of(PD, given_)] == names


def test_an_automaton_is_taken_as_it_is():
    mine = grim(PD, 0)
    assert profile_of(PD, [mine, "grim"])[0] is mine


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ("grimm", "no strategy is called 'grimm'; did you mean 'grim'?"),
        ("pavlow", "no strategy is called 'pavlow'; did you mean 'Pavlov'?"),
        ("xyzzy", "no strategy is called 'xyzzy'$"),
        (["grim"], "1 strategies given for 2 players"),
        (["grim"] * 3, "3 strategies given for 2 players"),
        ([], "0 strategies given for 2 players"),
        ({"grim": {}, "tit_for_tat": {}}, "write one strategy name with its settings"),
        ({}, "write one strategy name with its settings"),
        (lambda game, player: 5, "returned int, not an Automaton"),
        ({"limited_punishment": {}}, "rounds: limited_punishment needs 'rounds'"),
        ({"limited_punishment": None}, "rounds: limited_punishment needs 'rounds'"),
        ({"grim": {"rounds": 2}}, "grim has no setting 'rounds'"),
        ([5, "grim"], "no strategy is called '5'"),
        ([None, "grim"], "no strategy is called 'None'"),
        (5, "5 given; write one strategy, or one for each player"),
        (None, "None given; write one strategy, or one for each player"),
        ({"grim": 3}, "3 given; write the settings of grim as a mapping"),
        ({"grim": ["rounds"]}, "given; write the settings of grim as a mapping"),
        ([["grim"], "grim"], "no strategy is called"),
        ({1: {}}, "no strategy is called '1'"),
    ],
)
def test_what_is_refused(given_, words):
    with pytest.raises(GameError, match=words):
        profile_of(PD, given_)


def test_an_automaton_of_another_game_is_refused():
    with pytest.raises(GameError, match="does not fit player_2"):
        profile_of(
            PD, ["grim", grim(examples.ground("dilemma", "none").replace(conduct=PD.conduct[..., :1]), 1)]
        )


def test_aliases_are_other_names():
    assert set(ALIASES.values()) <= set(STRATEGIES)
    assert not set(ALIASES) & set(STRATEGIES)
