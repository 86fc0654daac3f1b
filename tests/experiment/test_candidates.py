"""Candidates of games without an equilibrium in pure actions: the fallback, where there is one; notes and advice."""

import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import InputError
from gamelab.experiment.run import ScenarioResult
from gamelab.model.stage import has_fallback
from gamelab.scenario import loads

JORDAN = [
    [[[2 * (a == b) - 1, 2 * (b == c) - 1, 2 * (c != a) - 1] for c in (0, 1)] for b in (0, 1)] for a in (0, 1)
]


def scenario(body, exact="no", more=""):
    return f"""
gamelab: 1
title: Who is caught
parameters: {{stake: 1}}
game:
  kind: normal_form
  {body}
time: {{discount_factor: 1/2}}
exact: {exact}
arrangements: {{talk: {{profiles: [stage_nash{more}]}}}}
"""


TABLES = "tables: [[[stake, -1], [-1, 1]], [[-1, 1], [1, -stake]]]"


@pytest.mark.parametrize("exact", ["no", "yes"])
def test_pennies_as_tables(exact):
    """By hand, with a stake of 3: the first mixes 2 to 1, the second 1 to 2, and they get 1/3 and -1/3."""
    result = gl.run(loads(scenario(TABLES, exact)), overrides={"stake": 3})
    talk = result.to_dict()["arrangements"]["talk"]
    assert talk["profile"] == ["stage_nash", "stage_nash"]
    assert talk["certificate"]["verdict"] == "holds"
    # the first mixes so that -p + (1-p) = p - 3(1-p), so p = 2/3; the second so that 3q - (1-q) = -q + (1-q), so q = 1/3
    p, q = 2 / 3, 1 / 3
    first = 3 * p * q - p * (1 - q) - (1 - p) * q + (1 - p) * (1 - q)
    second = -p * q + p * (1 - q) + (1 - p) * q - 3 * (1 - p) * (1 - q)
    assert list(talk["payoffs"].values()) == pytest.approx([first, second])
    assert len(talk["candidates"]) == 1, "the first extreme equilibrium is the fallback, and listed once"
    if exact == "yes":
        assert list(talk["exact"]["payoffs"].values()) == ["1/3", "-1/3"]


def test_every_cell_of_a_table_is_a_setting():
    changed = loads(scenario(TABLES.replace("stake", "1")))
    one = gl.run(changed, overrides={"game.tables.0.0.0": 3, "game.tables.1.1.1": -3}).to_dict()
    other = gl.run(loads(scenario(TABLES)), overrides={"stake": 3}).to_dict()
    assert one["arrangements"]["talk"]["payoffs"] == other["arrangements"]["talk"]["payoffs"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (TABLES + "\n  payoffs: [[[1, 1]]]", "'payoffs' and 'tables' given; write one of them"),
        (
            "tables: [[[1, 2]], [[1, 2, 3]]]",
            r"game\.tables: table 1 has shape \(1, 2\) and table 2 has \(1, 3\)",
        ),
        ("tables: [[1, 2], [3, 4]]", r"game\.tables: table 1 has 1 dimensions, and 2 tables make 2 players"),
        ("tables: [[[1, stake2]], [[1, 1]]]", "stake2"),
        ("tables: 3", "game.tables: 3"),
        ("agreement: [a, b]", "needs 'payoffs', 'tables', or a .nfg 'file'"),
    ],
)
def test_tables_that_are_refused(body, words):
    with pytest.raises(InputError, match=words):
        ScenarioResult(loads(scenario(body))).to_dict()


def test_three_players_with_a_computed_fallback():
    result = gl.run(loads(scenario(f"payoffs: {JORDAN}")))
    talk = result.to_dict()["arrangements"]["talk"]
    assert talk["profile"] == ["stage_nash"] * 3
    assert talk["certificate"]["verdict"] == "holds"
    assert list(talk["payoffs"].values()) == pytest.approx([0, 0, 0], abs=1e-12)
    assert any("there may be others" in note for note in result.to_dict()["notes"])


def test_without_a_fallback_there_is_no_candidate_and_the_rest_works(monkeypatch):
    monkeypatch.setattr("gamelab.model.mixed_equilibria.MOST_SUPPORTS", 0)
    body = f"payoffs: {JORDAN}\n  agreement: ['1', '1', '1']"
    text = scenario(body).replace("stage_nash", "always_cooperate")
    result = ScenarioResult(loads(text)).to_dict()
    assert result["arrangements"]["none"]["candidates"] == []
    assert result["arrangements"]["none"]["profile"] is None
    assert result["arrangements"]["none"]["advice"].startswith(
        "there is no candidate: which strategies might be played?"
    )
    assert [found["profile"][0] for found in result["arrangements"]["talk"]["candidates"]] == [
        "always_cooperate"
    ]
    with pytest.raises(InputError, match=r"profiles.*a fallback is needed here"):
        ScenarioResult(loads(text.replace("always_cooperate", "grim"))).to_dict()


def test_points_without_a_fallback_leave_the_others_theirs(monkeypatch):
    """On a grid the equilibrium of some points is pure, and of others not known."""
    from gamelab.experiment.automatic import automatic_candidates

    monkeypatch.setattr("gamelab.model.mixed_equilibria.MOST_SUPPORTS", 0)
    x = np.array([-3.0, 3.0, -3.0, 3.0])
    payoffs = [[[list(cell) for cell in row] for row in table] for table in JORDAN]
    payoffs[0][0][1] = [1, x, 1]  # where the second gets 3 there, nobody wants to leave
    game = gl.repeated(gl.normal_form(payoffs=payoffs), discount_factor=0.5)
    there = has_fallback(game)
    assert there.any()
    assert not there.all()
    groups = automatic_candidates(game, "default")
    assert sorted(np.concatenate([points for points, _, _ in groups]).tolist()) == [0, 1, 2, 3]
    for points, _, _ in groups:
        assert len(set(there[points].tolist())) == 1
