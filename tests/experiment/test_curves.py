"""What pictures show, against the results that they go with and against closed forms."""

import json

import numpy as np
import pytest

import gamelab as gl
from gamelab.scenario import loads

PD = """gamelab: 1
title: Curves
players: [ann, bob]
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
"""
LADDER = """
      monitoring: {detection: 0.9, false_alarm: 0.1, cost: 0.1}
      graduated_sanctions: {fines: [FINES], forgiveness: 0.5, cost_per_act: 0.1}
"""


def solved(rest):
    return gl.run(loads(PD + rest, "curves.yaml"))


def drawn(rest):
    return solved(rest).curves["arrangements"]


@pytest.fixture(scope="module")
def box():
    return gl.run("prisoners_dilemma")


def test_results_hold_curves_only_where_asked(box):
    assert "curves" not in box.to_dict()
    assert json.loads(json.dumps(box.curves, allow_nan=False)) == box.curves


def test_the_stage_game_in_material_payoffs():
    game = solved("time: {discount_factor: 0.9}\ninformation: {tremble: 0.2}\n").curves["game"]
    assert game["players"] == ["ann", "bob"]
    (move,) = game["moves"]
    assert move["state"] == ""
    assert move["choosing"] == ["ann", "bob"]
    payoffs = {tuple(row["profile"]): row["payoffs"] for row in move["rows"]}
    assert payoffs == {("C", "C"): [3, 3], ("C", "D"): [0, 5], ("D", "C"): [5, 0], ("D", "D"): [1, 1]}


def test_settings_are_there_written_or_not(box):
    (horizontal,) = box.curves["arrangements"]["horizontal"]["institutions"]
    assert horizontal["name"] == "transparency"
    assert horizontal["settings"]["reach"] == 0.8
    assert horizontal["settings"]["misreading"] == pytest.approx(0.02)
    assert horizontal["settings"]["paid_by"] == "participants"
    assert box.curves["settings"]["time"] == {"discount_factor": 0.9}
    assert box.curves["settings"]["parameters"] == {"accuracy": 0.98}


def test_waterfalls_add_up_to_the_net_benefit(box):
    for name, found in box.to_dict()["arrangements"].items():
        fall = box.curves["arrangements"][name]["waterfall"]
        if name == "none":
            assert fall is None
            continue
        taken = sum(line["amount"] for line in fall["taken"])
        assert fall["gross"] == found["gross_benefit"]
        assert fall["gross"] - taken == pytest.approx(found["net_benefit"], abs=1e-12)
        assert taken == pytest.approx(found["transaction_cost"], abs=1e-12)
        assert fall["net"] == found["net_benefit"]
        for line in fall["taken"]:
            assert line["amount"] == pytest.approx(-sum(found["ledger"][line["line"]].values()), abs=1e-12)


def test_slack_of_grim_is_its_closed_form():
    rest = "time: {discount_factor: 0.4}\narrangements:\n  trust: {profiles: [grim]}\n"
    (line,) = drawn(rest)["trust"]["slack"]
    d = np.array(line["discount_factor"])
    on_path = 3 - (5 * (1 - d) + 1 * d)
    after = (1 - d) * (1 - 0)
    np.testing.assert_allclose(line["slack"], np.minimum(on_path, after), atol=1e-12)
    assert line["thresholds"] == [{"from": 0.5, "to": 1.0, "includes": "left", "exact": None}]
    assert 0.5 in line["discount_factor"]
    assert line["here"] == {"here": 0.4}


def test_slack_is_minus_the_gain_and_agrees_with_the_thresholds(box):
    for name, found in box.to_dict()["arrangements"].items():
        by_profile = {str(each["profile"]): each for each in found["candidates"]}
        for line in box.curves["arrangements"][name]["slack"]:
            here = line["discount_factor"].index(pytest.approx(0.9))
            certificate = by_profile[str(line["profile"])]["certificate"]
            assert line["slack"][here] == pytest.approx(-certificate["max_gain"], abs=1e-9)
            for d, at in zip(line["discount_factor"], line["slack"], strict=True):
                inside = any(each["from"] < d < each["to"] for each in line["thresholds"])
                assert at > -1e-9 if inside else at < 1e-9


def test_a_strategy_that_depends_on_the_discount_factor_is_made_anew():
    rest = "time: {discount_factor: 0.9}\narrangements:\n  trust: {profiles: [{extortion: {factor: 2}}]}\n"
    (line,) = drawn(rest)["trust"]["slack"]
    game = gl.repeated(
        gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0), discount_factor=0.6
    )
    k = int(np.argmin(np.abs(np.array(line["discount_factor"]) - 0.6)))

    gain = gl.certify(game, [{"extortion": {"factor": 2}}] * 2).max_gain
    assert line["slack"][k] == pytest.approx(-float(gain), abs=1e-9)


@pytest.mark.parametrize(
    "rest",
    [
        "time: {rounds: 3}\narrangements:\n  trust: {profiles: [grim]}\n",
        "time: {discount_factor: 0.9}\ninformation: {observe: private, misreading: 0.1}\n"
        "arrangements:\n  trust: {profiles: [grim]}\n",
        "time: {discount_factor: 0.9}\narrangements:\n  trust: {}\n",
    ],
)
def test_no_slack_where_the_test_does_not_apply_or_no_candidate_is_named(rest):
    assert drawn(rest)["trust"]["slack"] == []
    assert drawn(rest)["trust"]["levels"] is None


def test_slack_of_a_mixture_is_zero_and_not_rounding():
    battle = PD.replace(PD.splitlines()[-1], "game: {kind: battle, high: 10, low: 1}")
    rest = "time: {discount_factor: 0.9}\narrangements:\n  none: {profiles: [insist]}\n"
    found = gl.run(loads(battle + rest, "battle.yaml")).curves["arrangements"]["none"]["slack"]
    assert set(found[0]["slack"]) == {0.0}


def test_moves_of_a_round_with_two():
    promise = PD.replace(
        PD.splitlines()[-1], "game: {kind: time_inconsistency, value: 4, cost: 1, payment: 2}"
    )
    first, second = gl.run(loads(promise + "time: {discount_factor: 0.9}\n", "p.yaml")).curves["game"][
        "moves"
    ]
    assert (first["choosing"], second["choosing"]) == (["ann"], ["bob"])
    total = {row["profile"][1]: row["payoffs"] for row in second["rows"]}
    joined = next(row["payoffs"] for row in first["rows"] if row["profile"][0] != "decline")
    both = {action: [a + b for a, b in zip(joined, paid, strict=True)] for action, paid in total.items()}
    assert both == {"honour": [1, 2], "renege": [-1, 4]}


def ladder(fines):
    return drawn(
        "time: {discount_factor: 0.9}\narrangements:\n  watch:\n    institutions:"
        + LADDER.replace("FINES", fines)
        + "    profiles: [comply]\n"
    )["watch"]


def test_levels_of_a_flat_fine():
    found = ladder("3, 3")["levels"]
    assert found["verdict"] == "holds"
    assert len(found["entries"]) == 2 * 4
    for entry in found["entries"]:
        assert entry["gain"] == pytest.approx(0.1 * (2 - 0.8 * (3 + 0.05)))
        assert not entry["pays"]


def test_levels_are_those_of_the_profile_that_would_keep_the_agreement():
    found = ladder("0, 6")
    assert found["path"] is found["waterfall"] is None  # defecting is fined, too: nothing is certified
    assert found["levels"]["profile"] == ["comply", "comply"]
    assert found["levels"]["verdict"] == "fails"
    pays = {(entry["player"], *entry["levels"]): entry["pays"] for entry in found["levels"]["entries"]}
    assert pays["ann", 0, 0]
    assert pays["bob", 0, 1]
    assert not pays["ann", 1, 0]


def test_the_path_of_each_arrangement(box):
    none, horizontal, hierarchical = (each["path"] for each in box.curves["arrangements"].values())
    assert none["cooperation"] == [0.0] * 41
    assert none["levels"] is None
    kept = (1 - 0.8 * (1 - 0.98**2)) ** np.arange(41)
    np.testing.assert_allclose(horizontal["cooperation"], kept, rtol=1e-9)
    np.testing.assert_allclose(hierarchical["cooperation"], 1, rtol=1e-9)
    assert hierarchical["levels"]["agency"][:2] == pytest.approx([0.0, 0.02])
    assert hierarchical["highest_level"] == 2
    assert hierarchical["rounds"] == list(range(41))


def test_an_arrangement_like_the_baseline_brings_nothing():
    rest = "time: {discount_factor: 0.9}\narrangements:\n  none: {profiles: [grim]}\n  trust: {profiles: [grim]}\n"
    assert drawn(rest)["trust"]["waterfall"] == {"gross": 0.0, "taken": [], "cost": 0.0, "net": 0.0}
