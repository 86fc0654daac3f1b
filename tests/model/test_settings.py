import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.settings import (
    Cost,
    Count,
    Index,
    NonNegative,
    Number,
    Probability,
    Range,
    Setting,
    settings_of,
    settled,
    shown,
)


@settled
def plugin(
    game,
    *,
    share: Probability,
    price: Cost = 0,
    bonus: Number | None = None,
    steps: Sequence[NonNegative] = (1, 2),
    rounds: Count = 1,
    place: Index | None = None,
    mode: Literal["slow", "fast"] = "slow",
    label: str = "x",
    table: object = None,
    level: Annotated[float, Range(2, 5, below_high=True)] = 2,
):
    """Do something.

    Parameters
    ----------
    game : Game
        The game.
    share : array
        Who gets what,
        and when.
    price : array
        What it takes.

    Returns
    -------
    dict
        Everything.
    """
    return {
        "game": game, "share": share, "price": price, "bonus": bonus, "steps": steps, "rounds": rounds,
        "place": place, "mode": mode, "label": label, "table": table, "level": level,
    }  # fmt: skip


def test_signature_and_docstring_are_read():
    found = {setting.name: setting for setting in settings_of(plugin)}
    assert list(found) == [
        "share", "price", "bonus", "steps", "rounds", "place", "mode", "label", "table", "level"
    ]  # fmt: skip
    assert found["share"] == Setting(
        "share", "number", range=Range(0, 1, "probability"), about="Who gets what, and when."
    )
    assert found["price"].range.cost
    assert found["price"].about == "What it takes."
    assert (found["bonus"].kind, found["bonus"].default, found["bonus"].about) == ("number", None, "")
    assert (found["steps"].kind, found["steps"].range.low) == ("numbers", 0)
    assert (found["rounds"].kind, found["rounds"].range) == (
        "whole number",
        Range(1, math.inf, "rounds", whole=True),
    )
    assert (found["place"].kind, found["place"].default) == ("whole number", None)
    assert (found["mode"].kind, found["mode"].choices) == ("choice", ("slow", "fast"))
    assert (found["label"].kind, found["table"].kind) == ("text", "structure")
    assert [name for name, setting in found.items() if setting.required] == ["share"]


def test_allowed_in_words():
    words = {setting.name: setting.allowed for setting in settings_of(plugin)}
    assert words == {
        "share": "a number from 0 to 1",
        "price": "a number of at least 0",
        "bonus": "a number",
        "steps": "a list of at least one item, each a number of at least 0",
        "rounds": "a whole number of at least 1",
        "place": "a whole number of at least 0",
        "mode": "slow or fast",
        "label": "text",
        "table": "a list or a mapping",
        "level": "a number from 2 below 5",
    }


def test_values_reach_the_body_in_one_form():
    got = plugin(
        "game", share=Fraction(1, 3), rounds=3.0, steps=[1, [2, 3]], level=np.float32(2.5), place=np.int64(4)
    )
    assert (got["game"], got["rounds"], got["mode"], got["bonus"]) == ("game", 3, "slow", None)
    assert isinstance(got["rounds"], int)
    assert got["share"].dtype == float
    assert float(got["share"]) == 1 / 3
    assert [step.tolist() for step in got["steps"]] == [1, [2, 3]]
    assert got["place"] == 4
    assert plugin(0, share=[[Fraction(1, 4)], [0.5]])["share"].tolist() == [[0.25], [0.5]]
    assert plugin(0, share=np.array([0, 1]))["share"].dtype == float
    assert plugin(0, share=np.array([Fraction(1, 4)], dtype=object))["share"].tolist() == [0.25]
    assert plugin(0, share=range(2))["share"].tolist() == [0, 1]


def test_defaults_are_checked_and_converted():
    got = plugin(0, share=0.5)
    assert got["price"].tolist() == 0
    assert [step.tolist() for step in got["steps"]] == [1, 2]


@pytest.mark.parametrize(
    ("given_settings", "words"),
    [
        ({"share": 1.5}, "share: 1.5 is not a number from 0 to 1"),
        ({"share": [0.5, -1]}, "share: -1 is not a number from 0 to 1"),
        ({"share": [0.5, math.nan]}, "share: nan is not"),
        ({"share": -math.inf}, "share: -inf is not"),
        ({"share": "half"}, "share: 'half' is not"),
        ({"share": "0.5"}, "share: '0.5' is not"),
        ({"share": ["0.5"]}, "share: \\['0.5'\\] is not"),
        ({"share": np.array(["0.5"])}, "share: \\['0.5'\\] is not"),
        ({"share": np.array([True])}, "share: \\[ ?True\\] is not"),
        ({"share": [True, 0.5]}, "share: \\[True, 0.5\\] is not"),
        ({"share": []}, "share: \\[\\] is not"),
        ({"share": [[1], [0, 1]]}, "share: .* is not a number from 0 to 1"),
        ({"share": [None]}, "share: \\[None\\] is not"),
        ({"share": None}, "share: None is not"),
        ({"share": {"a": 1}}, "share: a mapping given, and players cannot differ in this; write a number"),
        ({"share": 10**400}, "share: 1000.*\\.\\.\\. is not"),
        ({"share": 0, "price": None}, "price: None is not"),
        ({"share": 0, "level": 5}, "level: 5 is not a number from 2 below 5"),
        ({"share": 0, "level": [5, 3]}, "level: 5 is not a number from 2 below 5"),
        ({"share": 0, "level": 1.9}, "level: 1.9 is not"),
        ({"share": 0, "rounds": 0}, "rounds: 0 is not a whole number of at least 1"),
        ({"share": 0, "rounds": 1.5}, "rounds: 1.5 is not a whole number"),
        ({"share": 0, "rounds": True}, "rounds: True is not a whole number"),
        ({"share": 0, "rounds": math.inf}, "rounds: inf is not"),
        ({"share": 0, "rounds": 10**400}, "rounds: 1000.* is not"),
        ({"share": 0, "rounds": None}, "rounds: None is not"),
        (
            {"share": 0, "steps": 3},
            "steps: 3 is not a list of at least one item, each a number of at least 0",
        ),
        ({"share": 0, "steps": []}, "steps: \\[\\] is not a list"),
        ({"share": 0, "steps": "12"}, "steps: '12' is not a list"),
        ({"share": 0, "steps": [1, -2]}, "steps: -2 is not a list of at least one item"),
        ({"share": 0, "mode": "fst"}, "mode: 'fst' is not allowed; write slow or fast; did you mean 'fast'?"),
        ({"share": 0, "mode": None}, "mode: None is not allowed"),
        ({"share": 0, "mode": np.array(["slow", "fast"])}, "mode: .* is not allowed"),
        ({"shar": 0}, "shar: plugin has no setting 'shar'; did you mean 'share'?"),
        ({}, "share: plugin needs 'share': a number from 0 to 1"),
    ],
)
def test_what_is_refused(given_settings, words):
    with pytest.raises(GameError, match=f"^{words}"):
        plugin(0, **given_settings)


def test_settings_go_by_name_only():
    with pytest.raises(GameError, match="takes its settings by name: share, price"):
        plugin(0, 1, share=0.5)


def test_real_plugins_say_what_they_take():
    found = {setting.name: setting for setting in settings_of(gl.monitoring)}
    assert list(found) == ["detection", "false_alarm", "cost", "paid_by"]
    assert found["detection"].required
    assert found["cost"].range.cost
    assert found["paid_by"].choices == ("participants", "authority")
    assert found["cost"].about == "Cost of watching one player for one round."
    fines = {setting.name: setting for setting in settings_of(gl.graduated_sanctions)}["fines"]
    assert (fines.kind, fines.range.low) == ("numbers", 0)


@pytest.mark.parametrize(
    ("value", "text"), [("a", "'a'"), (1.5, "1.5"), ("x" * 80, "'" + "x" * 56 + "..."), ([1, 2], "[1, 2]")]
)
def test_shown(value, text):
    assert shown(value) == text


def test_masked_entries_are_refused():
    with pytest.raises(GameError, match=r"share: .* is not a number from 0 to 1"):
        plugin(None, share=np.ma.masked_array([0.25, 0.5], mask=[False, True]))


def test_masked_arrays_without_a_masked_entry_are_numbers():
    shares = np.ma.masked_array([0.25, 0.5], mask=[False, False])
    np.testing.assert_array_equal(plugin(None, share=shares)["share"], [0.25, 0.5])
    assert type(plugin(None, share=shares)["share"]) is np.ndarray


@pytest.mark.parametrize("exact", [False, True])
def test_a_number_of_any_kind_is_taken(exact):
    with gl.exactly(exact):
        for half in (
            Fraction(1, 2),
            Decimal("0.5"),
            *(() if exact else (0.5, np.float32(0.5), np.array(0.5))),
        ):
            assert plugin(None, share=half)["share"] == 0.5
            assert plugin(None, share=0, steps=[half, 1])["steps"][0] == 0.5


def test_numbers_of_thousands_of_digits_are_named_not_written():
    assert shown(10**5000) == "a number of thousands of digits"
    with pytest.raises(
        GameError, match=r"price: a number beyond 1e\+308 is too large: up to 1e\+150 is allowed"
    ):
        plugin(None, share=0, price=10**5000)
    with pytest.raises(GameError, match="share: a number of thousands of digits is not a number from 0 to 1"):
        plugin(None, share=10**5000)


def test_a_value_of_several_lines_is_shown_on_one():
    assert shown(np.array([[1, 2], [3, 4]])) == "[[1 2] [3 4]]"
