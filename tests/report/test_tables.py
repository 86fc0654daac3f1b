import doctest
import io

import pandas
import pytest

from gamelab.report import tables

FRAMES = [tables.arrangements_frame, tables.ledger_frame, tables.claims_frame, tables.candidates_frame]


def test_examples_in_docstrings():
    assert doctest.testmod(tables).failed == 0


def test_one_row_per_scenario_and_arrangement(result):
    frame = tables.arrangements_frame([result, result])
    assert len(frame) == 2 * len(result["arrangements"])
    row = frame.set_index("arrangement").iloc[1]
    assert row["best"]
    assert row["profile"] == "grim"
    assert row["net_benefit"] == 3.0125498
    assert row["payoff.agency"] == 2.5062749
    assert row["sustainable_discount_factors"] == "[0.58107103, 1.0)"
    assert frame["net_benefit"].isna().tolist() == [False, False, False, True] * 2


def test_each_player_has_a_column():
    found = {"title": "x", "arrangements": {"talk": {"payoffs": {"agency": 1.5, "association": 2.5}}}}
    row = tables.arrangements_frame([found]).iloc[0]
    assert [row["payoff.agency"], row["payoff.association"]] == [1.5, 2.5]


def test_the_ledger_adds_up_to_the_payoffs(result):
    frame = tables.ledger_frame([result])
    assert len(frame) == 6
    agency = frame[(frame.arrangement == "horizontal") & (frame.account == "agency")].amount.sum()
    assert agency == pytest.approx(result["arrangements"]["horizontal"]["payoffs"]["agency"])


def test_claims_keep_values_of_every_type(result):
    frame = tables.claims_frame([result])
    assert frame["value"].tolist() == ["impossible", "-1.0"]
    assert frame["line"].tolist() == [40, 44]
    assert frame["holds"].tolist() == [True, False]


def test_candidates_say_which_was_selected(result):
    frame = tables.candidates_frame([result])
    assert frame[["profile", "selected"]].values.tolist() == [["grim", True], ["stage_nash", False]]


@pytest.mark.parametrize("frame", FRAMES)
def test_nothing_found_still_has_columns(frame):
    empty = frame([])
    assert len(empty) == 0
    assert {"scenario", "arrangement"} <= set(empty.columns)


@pytest.mark.parametrize("frame", FRAMES)
def test_only_claims_were_solved(frame):
    assert len(frame([{"title": "x", "claims": [], "arrangements": {}}])) == 0


def test_numbers_survive_a_csv(result):
    frame = tables.arrangements_frame([result])
    back = pandas.read_csv(io.StringIO(frame.to_csv(index=False)))
    assert back["critical_discount_factor"].dropna().tolist() == pytest.approx([0.58107103], rel=1e-14)
