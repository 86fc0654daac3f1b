import doctest

import pytest

from gamelab.report import words


def test_examples_in_docstrings():
    assert doctest.testmod(words).failed == 0


@pytest.mark.parametrize(
    ("name", "workable", "supported", "expected"),
    [
        ("watch", True, "yes", "workable"),
        ("watch", False, "yes", "not workable: no net gain"),
        ("watch", False, "no candidate", "not workable: agreement not kept"),
        ("watch", False, "undecided", "not workable: undecided"),
        ("watch", False, "impossible", "not workable: impossible"),
        ("watch", False, None, "not workable: no net gain"),
        ("none", None, "yes", "baseline: supported"),
        ("none", None, "impossible", "baseline: impossible"),
        ("none", None, None, "baseline: no agreement"),
    ],
)
def test_verdicts(name, workable, supported, expected):
    assert words.verdict(name, {"workable": workable, "supported": supported}) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0.000"),
        (-1e-15, "0.000"),
        (12.3456, "12.346"),
        (-0.02914, "-0.029"),
        (1e-4, "0.0001"),
        (2e9, "2e+09"),
    ],
)
def test_numbers(value, text):
    assert words.number(value) == text


def test_a_profile_names_who_differs():
    assert words.conduct(["grim", "tit_for_tat"]) == "grim / tit_for_tat"
    generous = {"generous_tit_for_tat": {"generosity": 0.1}}
    assert words.conduct([generous, generous]) == "generous_tit_for_tat(generosity=0.1)"
    assert words.conduct([{"grim": None}, "grim"]) == "grim"
    assert words.conduct(None) == "-"


def test_a_failed_equality_shows_the_digits_in_which_it_fails():
    claim = {
        "quantity": "payoff",
        "value": 0.1 + 0.2,
        "expected": 0.3,
        "comparison": "equals",
        "holds": False,
    }
    assert words.finding(claim) == "payoff = 0.30000000000000004 (claimed: 0.29999999999999999)"


def test_values_that_are_no_numbers():
    claim = {"quantity": "workable_arrangements", "value": [], "expected": ["a", "b"], "comparison": "is"}
    assert words.finding(claim) == "workable_arrangements = none (claimed: a, b)"
    claim = {"quantity": "workable", "arrangement": "a", "value": None, "expected": True, "comparison": "is"}
    assert words.finding(claim) == "workable of a = null (claimed: yes)"


def test_a_place_is_seen_from_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert words.place(str(tmp_path / "a" / "b.yaml"), 3) == "a/b.yaml:3"
    assert words.place("/elsewhere/b.yaml", None) == "/elsewhere/b.yaml"


def test_rounding_noise_is_shown_as_zero_unless_it_makes_a_claim_fail():
    assert words.plain(8.9e-16) == "0"
    assert words.plain(-1.1e-16) == "0"
    assert words.plain(2e-9) == "2e-09"
    assert float(words.plain(8.9e-16, 17)) == 8.9e-16


@pytest.mark.parametrize(
    ("comparison", "exact", "difference", "words_added"),
    [
        ("equals", "3125/5378", "0", "; in fractions 3125/5378, no difference"),
        ("equals", "2", "0", "; in fractions no difference"),
        ("equals", "22182703/761357500", "1/1000", "; in fractions difference 1/1000"),
        ("above", "49/2500", "49/2500", "; in fractions 49/2500"),
        ("above", "3", "3", ""),
        ("equals", None, None, ""),
    ],
)
def test_what_fractions_add_to_a_claim(comparison, exact, difference, words_added):
    claim = {"quantity": "q", "arrangement": "a", "comparison": comparison, "value": 1.5, "expected": 1.5}
    plain = words.finding(claim)
    told = words.finding({**claim, "exact_value": exact, "exact_difference": difference})
    assert told == plain + words_added
