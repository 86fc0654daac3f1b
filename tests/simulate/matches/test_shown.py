"""What is shown of a simulation: plain numbers, exact ones beside them."""

import json

import pytest

import gamelab as gl
from gamelab.simulate.matches.shown import shown

STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)


def found(**settings):
    game = gl.repeated(STAGE, discount_factor=0.9, tremble=0.1)
    game = gl.monitoring(game, detection=0.9, false_alarm=0.05, cost=0.1, paid_by="authority")
    return gl.simulate(game, "grim", 400, **settings)


def test_everything_is_plain():
    simulation = found()
    told = json.loads(json.dumps(shown(simulation, rounds=10)))
    exact = gl.value(simulation.game, "grim")
    assert told["cooperation"]["exact"] == pytest.approx(float(exact.cooperation))
    assert told["payoffs"]["player_1"]["exact"] == pytest.approx(exact.payoffs[0])
    assert set(told["ledger"]) == {"material", "monitoring.cost"}
    for line, accounts in told["ledger"].items():
        for k, account in enumerate(simulation.game.accounts):
            row = accounts[account]
            assert row["from"] <= row["mean"] <= row["to"]
            assert row["standard_error"] == simulation.standard_errors[line][k]
            assert row["exact"] == pytest.approx(exact.ledger[line][k])
    assert [row["round"] for row in told["course"]] == list(range(1, 11))


def test_histories_are_the_records():
    simulation = found()
    records = simulation.records(3)
    realised, intended = records.realised.to_list(), records.intended.to_list()
    for history in shown(simulation, histories=3, rounds=5)["histories"]:
        rows = [k for k in range(len(records)) if records.match[k] == history["match"]]
        assert history["longer"] == (max(records.round[rows]) > 5)
        for i, (name, player) in enumerate(history["players"].items()):
            own = [k for k in rows if records.player.codes[k] == i and records.round[k] <= 5]
            assert records.player.words[i] == name
            assert player["action"] == [realised[k] for k in own]
            assert player["kept"] == [realised[k] == "C" for k in own]
            assert player["slipped"] == [realised[k] != intended[k] for k in own]
            assert player["verdict"] == [records.verdict.to_list()[k] for k in own]
            assert history["round"] == [records.round[k] for k in own]


def test_without_an_agreement_there_is_no_course():
    game = gl.repeated(gl.battle(high=3, low=1), discount_factor=0.8)
    told = shown(gl.simulate(game, "insist", 50))
    assert told["course"] is None
    assert told["cooperation"]["mean"] is None
    assert told["histories"][0]["players"]["player_1"]["kept"][0] is None


def test_a_grid_is_refused():
    grid = gl.simulate(gl.repeated(STAGE, discount_factor=[0.5, 0.9]), "grim", 10)
    with pytest.raises(gl.GameError, match="grid"):
        shown(grid)
