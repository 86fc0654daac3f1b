import csv
import doctest
import io

import pytest

from gamelab.report import tables

TABLES = [tables.arrangements_csv, tables.ledger_csv, tables.claims_csv, tables.candidates_csv]


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_examples_in_docstrings():
    assert doctest.testmod(tables).failed == 0


def test_one_row_per_scenario_and_arrangement(result):
    found = rows(tables.arrangements_csv([result, result]))
    assert len(found) == 2 * len(result["arrangements"])
    row = found[1]
    assert row["arrangement"] == "horizontal"
    assert row["best"] == "True"
    assert row["profile"] == "grim"
    assert row["net_benefit"] == "3.0125498"
    assert row["payoff.agency"] == "2.5062749"
    assert row["sustainable_discount_factors"] == "[0.58107103, 1.0)"
    assert [row["net_benefit"] == "" for row in found] == [False, False, False, True] * 2


def test_each_player_has_a_column():
    found = {"title": "x", "arrangements": {"talk": {"payoffs": {"agency": 1.5, "association": 2}}}}
    (row,) = rows(tables.arrangements_csv([found]))
    assert [row["payoff.agency"], row["payoff.association"]] == ["1.5", "2.0"]


def test_the_ledger_adds_up_to_the_payoffs(result):
    found = rows(tables.ledger_csv([result]))
    assert len(found) == 6
    agency = [row for row in found if (row["arrangement"], row["account"]) == ("horizontal", "agency")]
    paid = sum(float(row["amount"]) for row in agency)
    assert paid == pytest.approx(result["arrangements"]["horizontal"]["payoffs"]["agency"])


def test_claims_keep_values_of_every_type(result):
    found = rows(tables.claims_csv([result]))
    assert [row["value"] for row in found] == ["impossible", "-1.0"]
    assert [row["line"] for row in found] == ["40", "44"]
    assert [row["holds"] for row in found] == ["True", "False"]


def test_candidates_say_which_was_selected(result):
    found = rows(tables.candidates_csv([result]))
    assert [(row["profile"], row["selected"]) for row in found] == [("grim", "True"), ("stage_nash", "False")]


@pytest.mark.parametrize("table", TABLES)
def test_nothing_found_still_has_columns(table):
    text = table([])
    assert rows(text) == []
    assert {"scenario", "arrangement"} <= set(text.strip().split(","))


@pytest.mark.parametrize("table", TABLES)
def test_only_claims_were_solved(table):
    assert rows(table([{"title": "x", "claims": [], "arrangements": {}}])) == []


def test_words_in_the_place_of_a_number_are_left_out():
    found = {"title": "x", "arrangements": {"talk": {"critical_discount_factor": "not known"}}}
    (row,) = rows(tables.arrangements_csv([found]))
    assert row["critical_discount_factor"] == ""


def test_numbers_survive_a_csv(result):
    result["arrangements"]["horizontal"]["critical_discount_factor"] = 0.1 + 0.2
    found = rows(tables.arrangements_csv([result]))
    assert [row["critical_discount_factor"] for row in found] == ["", "0.30000000000000004", "", ""]
