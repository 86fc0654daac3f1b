"""Maps as the rest of the house reads them: axes, labels, values."""

import numpy as np
import pytest

from gamelab.errors import InputError
from gamelab.expressions import parse
from gamelab.scenario import Axis, Map, axis_values, loads
from gamelab.scenario.maps import label_of
from gamelab.scenario.values import located

from .example import EXAMPLE

AXES = """
maps:
  - title: Who works where
    x: {time.discount_factor: {from: 0.02, to: 0.98, points: 97}}
    y: {parameters.accuracy: {from: 1/2, to: accuracy}}
    show: best_arrangement
  - x: {information.misreading: {from: 0, to: 0.5, points: 2}}
    y: {"arrangements.hierarchical.institutions.graduated_sanctions.fines.0": {from: 0, to: 4, points: 3}}
    show: {quantity: payoff, player: agency, arrangement: horizontal, profile: grim}
"""


def test_the_maps_of_a_scenario():
    first, second = loads(EXAMPLE + AXES).maps
    assert first == Map(
        "Who works where",
        Axis("time.discount_factor", "discount factor", parse("0.02"), parse("0.98"), 97),
        Axis("parameters.accuracy", "accuracy", parse("1/2"), parse("accuracy"), 49),
        "best_arrangement",
        key="maps.0",
        line=first.line,
        column=5,
    )
    assert EXAMPLE.splitlines()[first.line - 1 :] == []  # it stands below the example
    assert (second.show, second.arrangement, second.player) == ("payoff", "horizontal", "agency")
    assert second.profile == ["grim", "grim"]
    assert second.title == ""  # the file states no finding
    assert (
        second.subject
        == "payoff of agency of horizontal over misreading and graduated sanctions fines 0 (payoff)"
    )
    assert loads(EXAMPLE).maps == loads(EXAMPLE + "maps: []\n").maps == ()


def test_the_values_of_an_axis():
    scenario = loads(EXAMPLE + AXES)
    values = axis_values(scenario, scenario.maps[0].y)
    assert values == pytest.approx(np.linspace(0.5, 0.98, 49))
    moved = axis_values(scenario, scenario.maps[0].y, {"parameters.accuracy": 0.8})
    assert moved[[0, -1]].tolist() == [0.5, 0.8]
    with pytest.raises(
        InputError, match=r"parameters.accuracy: goes from 0.5 to 0.4; an axis needs a lower end"
    ):
        axis_values(scenario, scenario.maps[0].y, {"parameters.accuracy": 0.4})


def test_a_label_names_the_arrangement_where_others_have_the_same_setting():
    text = """
gamelab: 1
game: {kind: battle, high: 3, low: 2}
time: {discount_factor: 0.9}
arrangements:
  coin:
    institutions:
      convention: {rule: lottery}
  turns:
    institutions:
      convention: {rule: rotate}
maps:
  - x: {discount_factor: {from: 0.1, to: 0.9}}
    y: {coin.cost: {from: 0, to: 1}}
    show: best_arrangement
"""
    assert loads(text).maps[0].y.label == "coin: convention cost (payoff)"
    alone = text.replace("      convention: {rule: rotate}", "      transparency: {reach: 1}")
    alone = alone.replace("turns:\n    institutions:\n      transparency: {reach: 1}", "turns: {}")
    assert loads(alone).maps[0].y.label == "convention cost (payoff)"


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("time.discount_factor", "discount factor"),
        ("parameters.accuracy", "accuracy"),
        ("game.temptation", "temptation (payoff per round)"),
        ("preferences.altruism", "altruism"),
        ("arrangements.hierarchical.institutions.monitoring.cost", "monitoring cost (payoff)"),
        ("arrangements.hierarchical.institutions.monitoring.detection", "monitoring detection"),
        (
            "arrangements.horizontal.profiles.1.1.generous_tit_for_tat.generosity",
            "generous tit for tat generosity",
        ),
    ],
)
def test_labels(path, label):
    scenario = loads(
        EXAMPLE.replace("- grim", "- grim\n      - [grim, {generous_tit_for_tat: {generosity: 0.2}}]")
    )
    assert label_of(path, located(scenario, path)[0].setting) == label
