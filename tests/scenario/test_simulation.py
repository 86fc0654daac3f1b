import re

import pytest

from gamelab.errors import GameError, InputError
from gamelab.scenario import contestants, loads, simulation_of
from gamelab.scenario.simulation import SimulationSettings, simulation

from .example import EXAMPLE


def with_section(text):
    return loads(f"{EXAMPLE}simulate: {text}\n", "f")


def told(text):
    with pytest.raises(InputError) as refusal:
        with_section(text)
    return [re.sub(r"^f:\d+:\d+: ", "", str(problem)) for problem in refusal.value.problems]


def test_without_the_section_nothing_is_played_and_defaults_stand_ready():
    scenario = loads(EXAMPLE)
    assert not scenario.simulate
    assert simulation_of(scenario) == SimulationSettings(10_000, None, 1, 6, 100)
    assert contestants(scenario) is None


@pytest.mark.parametrize("blank", ["", "{}", "{strategies: }"])
def test_an_empty_section_plays_with_the_defaults(blank):
    scenario = with_section(blank)
    assert scenario.simulate
    assert simulation_of(scenario) == simulation()
    assert contestants(scenario) is None


def test_numbers_are_expressions_and_can_be_overridden():
    scenario = with_section("{matches: 2*100, rounds: 5, seed: 7, histories: 0, population: 10}")
    assert simulation_of(scenario) == SimulationSettings(200, 5, 7, 0, 10)
    assert simulation_of(scenario, {"simulate.matches": 3, "seed": "4 + 4"}) == SimulationSettings(
        3, 5, 8, 0, 10
    )


def test_a_bare_rounds_still_means_those_of_the_game():
    scenario = with_section("{rounds: 5}")
    assert simulation_of(scenario, {"rounds": 9}).rounds == 5
    assert simulation_of(scenario, {"simulate.rounds": 9}).rounds == 9


def test_strategies_come_with_their_settings():
    scenario = with_section(
        "{strategies: [Grudger, {generous_tit_for_tat: {generosity: 1/4}}, always_defect]}"
    )
    assert contestants(scenario) == [
        {"grim": {}}, {"generous_tit_for_tat": {"generosity": 0.25}}, {"always_defect": {}}]  # fmt: skip
    path = "simulate.strategies.1.generous_tit_for_tat.generosity"
    assert contestants(scenario, {path: 0.5})[1] == {"generous_tit_for_tat": {"generosity": 0.5}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", "simulate: '3' is given; a mapping is needed: write each setting as 'key: value', indented below"),
        ("{matches: 0}", "simulate.matches: 0 is not a whole number from 1 to 1e+09"),
        ("{matches: 1.5}", "simulate.matches: 1.5 is not a whole number from 1 to 1e+09"),
        ("{rounds: -1}", "simulate.rounds: -1 is not a whole number from 1 to 10000"),
        ("{seed: -1}", "simulate.seed: -1 is not a whole number from 0 to 9.0072e+15"),
        ("{population: 1}", "simulate.population: 1 is not a whole number from 2 to 1e+06"),
        ("{histories: 51}", "simulate.histories: 51 is not a whole number from 0 to 50"),
        ("{strategies: grim}", "simulate.strategies: 'grim' is given; a list is needed: write [grim]"),
        ("{strategies: [grimm]}", "simulate.strategies.0: 'grimm' is not a strategy; did you mean 'grim'?"),
        ("{strategies: [[grim, grim]]}",
         "simulate.strategies.0: a list stands where one strategy is meant; write one name, or one name with settings"),
        ("{strategies: [{limited_punishment: {rounds: 0}}]}",
         "simulate.strategies.0.limited_punishment.rounds: 0 is not a whole number from 1 to 1000"),
        ("{strategies: [grim, honour]}",
         "simulate.strategies.1: no arrangement lets anybody play honour; in none: honour is for the player who moves "
         "second in a round (time_inconsistency), not for agency"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_their_key(text, expected):
    assert told(text) == [expected]


def test_several_mistakes_are_told_at_once():
    assert len(told("{matches: 0, seed: x, strategies: [grimm], steps: 3}")) == 4


def test_a_strategy_that_suits_one_arrangement_only_may_stand():
    """comply_until reads levels, which graduated sanctions alone give."""
    assert contestants(
        with_section("{strategies: [comply_until: {level: 1}]}".replace("[", "[{").replace("]", "}]"))
    )


def test_python_gets_the_same_refusals():
    with pytest.raises(GameError, match="matches: 0 is not a whole number from 1"):
        simulation(matches=0)
