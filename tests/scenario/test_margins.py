"""Margins: which settings can vary, how far, and which of them results tell the least value of."""

import pytest

from gamelab.errors import InputError
from gamelab.scenario import adjustable, loads, strength_paths

from .example import EXAMPLE, changed

HIERARCHY = "arrangements.hierarchical.institutions"
REACH = "arrangements.horizontal.institutions.transparency.reach"
FINES = f"{HIERARCHY}.graduated_sanctions.fines"


def test_what_gives_institutions_their_strength():
    scenario = loads(EXAMPLE, "f")
    assert strength_paths(scenario, "none") == []
    assert strength_paths(scenario, "horizontal") == [REACH, "parameters.accuracy"]
    assert strength_paths(scenario, "hierarchical") == [
        f"{HIERARCHY}.monitoring.detection",
        *(f"{FINES}.{k}" for k in range(3)),
        f"{HIERARCHY}.graduated_sanctions.enforcement",
    ]
    assert f"{FINES}.1" not in strength_paths(scenario, "hierarchical", {FINES: [2.5]})
    with pytest.raises(InputError, match="no arrangement"):
        strength_paths(scenario, "vertical")


def test_parameters_count_where_a_chance_is_made_from_them_however_indirectly():
    text = changed(
        ("  accuracy: 0.98\n", "  accuracy: 1 - parameters.slips\n  slips: 0.02\n  price: 0.05\n"),
        ("        cost: 0.05\n", "        cost: price\n"),
    )
    scenario = loads(text, "f")
    assert strength_paths(scenario, "horizontal") == [REACH, "parameters.accuracy", "parameters.slips"]


@pytest.mark.parametrize(
    ("path", "present", "low", "high"),
    [
        (REACH, 0.8, 0, 1),
        (f"{FINES}.2", 8, 0, float("inf")),
        ("parameters.accuracy", 0.98, 0, float("inf")),
        ("game.sucker", 0, -float("inf"), float("inf")),
        ("time.discount_factor", 0.9, 0, 1),
    ],
)
def test_how_far_a_setting_may_go(path, present, low, high):
    arrangement = "horizontal" if path == REACH else "hierarchical"
    found = adjustable(loads(EXAMPLE, "f"), arrangement, path)
    assert (found.path, found.present, found.low, found.high) == (path, present, low, high)


def test_an_override_is_the_present_value():
    scenario = loads(EXAMPLE, "f")
    assert adjustable(scenario, "horizontal", REACH, {REACH: 0.25}).present == 0.25
    assert adjustable(
        scenario, "horizontal", "parameters.accuracy", {"parameters.accuracy": -1}
    ).low == -float("inf")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (FINES, "no single number"),
        ("information.observe", "no single number"),
        ("time.rounds", "no single number"),
        ("time.continuation", "names no setting"),
        (REACH, "a setting of horizontal, not of hierarchical"),
    ],
)
def test_what_cannot_vary_is_refused(path, words):
    with pytest.raises(InputError, match=words):
        adjustable(loads(EXAMPLE, "f"), "hierarchical", path)
