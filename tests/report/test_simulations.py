import csv

import pytest

import gamelab as gl
from gamelab.report.page import page
from gamelab.report.pictures import pictures
from gamelab.report.simulations import estimates, outside, rivals, said
from gamelab.report.tables import simulated_csv
from gamelab.scenario import loads

TEXT = """gamelab: 1
players: [ann, bob]
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.8}
information: {misreading: 0.1}
arrangements:
  kept: {profiles: [grim]}
simulate: {matches: 100}
"""


@pytest.fixture(scope="module")
def result():
    found = gl.run(loads(TEXT))
    return {**found.to_dict(), "curves": found.curves}


def test_the_table_has_a_row_for_every_estimate(result):
    rows = list(csv.DictReader(simulated_csv([result]).splitlines()))
    assert len(rows) == len(list(estimates(result))) == 2 * (2 + 3 + 1)
    (row,) = [row for row in rows if (row["arrangement"], row["quantity"]) == ("kept", "cooperation")]
    assert float(row["exact"]) == pytest.approx(result["arrangements"]["kept"]["cooperation"])
    assert float(row["from"]) < float(row["mean"]) < float(row["to"])


def test_who_wins_and_who_lasts_is_told_by_arrangement():
    text = TEXT.replace("{matches: 100}", "{matches: 10, strategies: [grim, always_defect]}")
    found = gl.run(loads(text))
    told = dict(rivals(found.to_dict()))
    assert list(told) == ["none", "kept"]
    assert "the tournament (" in told["kept"]
    drawn = pictures({**found.to_dict(), "curves": found.curves}, "a")
    assert [p.arrangement for p in drawn if p.kind in ("tournament", "invasion")] == ["none", "kept"] * 2
    assert list(rivals({"simulated": {}})) == []


def test_the_table_of_nothing_has_its_columns():
    (head,) = simulated_csv([{"title": "x"}]).splitlines()
    assert head.split(",")[-5:] == ["exact", "mean", "standard_error", "from", "to"]


def test_the_page_tells_simulated_beside_exact(result):
    text = page([result], [pictures(result, "a")], ["a"], "1")
    assert "Played by chance: 100 matches each, seed 1" in text
    kept = result["simulated"]["arrangements"]["kept"]["payoffs"]["ann"]
    assert said(kept) in text
    assert "what was simulated is named so" in text
    plain = {key: value for key, value in result.items() if key != "simulated"}
    assert "without simulation" in page([plain], [[]], ["a"], "1")


def test_a_value_outside_its_interval_is_marked(result):
    far = {**result["simulated"]["arrangements"]["kept"]}
    far["cooperation"] = {**far["cooperation"], "exact": 2.0}
    assert outside(far["cooperation"])
    other = {**result["simulated"], "arrangements": {"none": None, "kept": far}}
    text = page([{**result, "simulated": other}], [[]], ["a"], "1")
    assert "The exact value lies outside the interval" in text


def test_estimates_without_a_number():
    nothing = dict.fromkeys(("mean", "standard_error", "from", "to", "exact"))
    assert said(nothing) == "-"
    assert not outside(nothing)
    assert said({"mean": 1.0, "standard_error": None, "from": None, "to": None}) == "1.000"
