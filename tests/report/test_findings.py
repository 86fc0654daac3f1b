"""Titles state what the numbers say, in degenerate cases too."""

import doctest

import pytest

from gamelab.report import findings
from gamelab.report.numbers import NARROW


def interval(low, high, includes="left"):
    return {"from": low, "to": high, "includes": includes}


def test_examples_in_docstrings():
    assert doctest.testmod(findings).failed == 0


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((4.0, 0.40615, 3.59385), "4.00 gained, 0.41 spent, 3.59 left a round"),
        ((4.0, 0.0, 4.0), "4.00 gained, nothing spent, 4.00 left a round"),
        ((0.0, 0.0, 0.0), "nothing gained, nothing spent, nothing left a round"),
        ((-1.0, 0.5, -1.5), "1.00 lost, 0.50 spent, a loss of 1.50 a round"),
        ((1.0, -0.5, 1.5), "1.00 gained, 0.50 saved, 1.50 left a round"),
        ((4e9, 1e-3, 4e9), "4e+09 gained, nothing spent, 4e+09 left a round"),
        ((4e-9, 1e-9, 3e-9), "4e-09 gained, 1e-09 spent, 3e-09 left a round"),
        ((None, None, None), "no numbers to compare"),
    ],
)
def test_accounts(numbers, words):
    assert findings.accounts(dict(zip(("gross", "cost", "net"), numbers, strict=True))) == words


@pytest.mark.parametrize(
    ("intervals", "words"),
    [
        ([], "grim holds at no discount factor"),
        ([interval(0.0, 1.0)], "grim holds at every discount factor"),
        ([interval(1 / 3, 1 / 3, "both")], "grim holds only at a discount factor of 0.333"),
        ([interval(0.58107, 1.0)], "grim holds from a discount factor of 0.581 on"),
        ([interval(0.5, 1.0, "neither")], "grim holds above a discount factor of 0.5"),
        ([interval(0.0, 0.4, "both")], "grim holds up to a discount factor of 0.4"),
        ([interval(0.2, 0.4, "both")], "grim holds from a discount factor of 0.2 to 0.4"),
        (
            [interval(0.2, 0.4, "both"), interval(0.5, 0.5, "both"), interval(0.9, 1.0)],
            "grim holds from a discount factor of 0.2 to 0.4, only at 0.5 and from 0.9 on",
        ),
        ([interval(0.999999, 1.0)], "grim holds from a discount factor of 0.999999 on"),
    ],
)
def test_one_profile(intervals, words):
    assert findings.sustained([{"profile": ["grim", "grim"], "thresholds": intervals}]) == words


def test_several_profiles():
    lines = [
        {"profile": ["grim", "grim"], "thresholds": [interval(0.5, 1.0)]},
        {"profile": ["tit_for_tat", "grim"], "thresholds": []},
        {"profile": ["always_defect"] * 2, "thresholds": [interval(0.0, 1.0)]},
    ]
    assert findings.sustained(lines) == (
        "grim holds from a discount factor of 0.5 on; tit for tat / grim at none; always defect at every one"
    )
    lines.append({"profile": ["penance"] * 2, "thresholds": [interval(0.2, 0.3, "both")]})
    assert findings.sustained(lines).startswith("3 of 4 profiles hold at some discount factor; always defect")
    never = [{"profile": ["grim"], "thresholds": []}] * 5
    assert findings.sustained(never) == "0 of 5 profiles hold at some discount factor"


def record(*gains, pays=()):
    """Levels of two players with the same incentives: gains by own level, whatever the other's."""
    entries = [
        {
            "player": p,
            "state": f"levels {own}, {other}",
            "levels": [own, other],
            "gain": gain,
            "pays": own in pays,
        }
        for p in ("a", "b")
        for own, gain in enumerate(gains)
        for other in range(len(gains))
    ]
    return {"profile": ["comply", "comply"], "entries": entries}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (record(-0.03, -0.2, -0.5), "Deviating from comply pays at no level; it comes closest at level 0"),
        (record(-0.3, -0.3), "Deviating from comply pays at no level"),
        (record(0.2, -0.3, pays=[0]), "Deviating from comply pays at level 0"),
        (record(0.2, 0.1, -1, pays=[0, 1]), "Deviating from comply pays at levels 0 and 1"),
        (record(0.2, 0.1, pays=[0, 1]), "Deviating from comply pays at every level"),
        (record(-0.2), "Deviating from comply does not pay at the one level there is"),
    ],
)
def test_deterrence(found, words):
    assert findings.deterrence(found) == words


def test_deterrence_that_depends_on_the_others():
    found = record(0.1, -0.3, pays=[0])
    found["entries"][0]["pays"] = False
    assert (
        findings.deterrence(found)
        == "Deviating from comply pays at level 0, depending on the others' records"
    )


def course(*shares):
    return {"rounds": list(range(len(shares))), "cooperation": list(shares)}


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        ({}, "No arrangement has an agreement to keep"),
        ({"a": course(1, 1, 1)}, "a: full cooperation"),
        ({"a": course(0, 0), "b": course(0, 0)}, "a and b: no cooperation"),
        ({"a": course(0.5, 0.5)}, "a: 50 % cooperation"),
        ({"a": course(1, 0.9, 0.81)}, "a: cooperation falls to 81 % by round 2"),
        ({"a": course(0, 0.5)}, "a: cooperation rises to 50 % by round 1"),
        ({"a": course(1, 0.6, 0.8)}, "a: cooperation falls to 60 % by round 1, then rises to 80 %"),
        ({"a": course(0, 0.5, 0.25)}, "a: cooperation rises to 50 % by round 1, then falls to 25 %"),
        ({"a": course(1, 0, 1)}, "a: cooperation between 0 % and 100 %"),
        ({"a": course(1)}, "a: full cooperation"),
        (dict.fromkeys("abcd", course(1, 1)), "Cooperation is 100 % in the end under every arrangement"),
        (
            {**dict.fromkeys("abc", course(1, 1)), "d": course(1, 0.2)},
            "In the end cooperation is highest under a (100 %), lowest under d (20 %)",
        ),
    ],
)
def test_play(paths, words):
    assert findings.play(paths).replace(NARROW, " ") == words


def test_benefits_name_the_best_or_say_that_there_is_none(drawable):
    assert findings.benefits(drawable) == "hierarchical is best: 4.00 gained, 0.30 spent, 3.70 left a round"
    del drawable["curves"]["arrangements"]["horizontal"]
    assert findings.benefits(drawable) == "hierarchical: 4.00 gained, 0.30 spent, 3.70 left a round"
    drawable["best_arrangement"] = "none"
    assert findings.benefits(drawable).startswith("hierarchical is not workable: 4.00 gained")


def test_equals_share_the_title(drawable):
    found = drawable["arrangements"]["horizontal"]
    drawable["arrangements"]["hierarchical"] |= {"net_benefit": 3.0, "workable": True}
    found |= {"net_benefit": 3.0, "workable": True}
    assert findings.benefits(drawable) in ("hierarchical and horizontal are equally good: 3.00 left a round",)
    found["workable"] = False
    assert findings.benefits(drawable).startswith("hierarchical is best")


def test_no_best():
    none = {
        "best_arrangement": "none",
        "curves": {"arrangements": {"a": {"waterfall": None}, "b": {"waterfall": None}}},
    }
    assert findings.benefits(none) == "No arrangement is workable"


def test_shares():
    said = findings.shares({"show": "workable_arrangements", "shares": {"a": 1.0, "b": 0.0}})
    assert said.replace(NARROW, " ") == "At 100 % of the grid points a."
    assert findings.shares({"show": "best_arrangement", "shares": {}}) == ""
    said = findings.shares({"show": "best_arrangement", "shares": {"a": 0.75, "none": 0.0}})
    assert said.replace(NARROW, " ") == "At 75 % of the grid points a is best; at 25 % there is no answer."
    said = findings.shares({"show": "best_arrangement", "shares": {"a": 0.0}})
    assert said.replace(NARROW, " ") == "At 100 % of the grid points there is no answer."


@pytest.mark.parametrize(
    ("lines", "is_level"),
    [([[0.0, 0.0, None]], True), ([[3.0, 3.0], [None, None]], True), ([[1.0, 1.0], [0.0, 1e-6]], False)],
)
def test_level_lines_say_no_more_than_a_number(lines, is_level):
    assert findings.level(lines) is is_level
    three = {"show": "best_arrangement", "shares": {"none": 0.5, "a": 0.2, "b": 0.3}}
    assert findings.shares(three).replace(NARROW, " ") == (
        "At 30 % of the grid points b is best; at 20 % a; at 50 % no institution is workable."
    )
