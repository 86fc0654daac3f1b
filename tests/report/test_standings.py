"""A tournament on the screen and in files."""

import csv
import io
import json

import draws
import pytest

import gamelab as gl
from gamelab.report.screen import Screen
from gamelab.report.standings import competition_block, contents, pairs_csv, ranking_csv


def result(names, sampled=None, game=None, **options):
    found = gl.tournament(game or draws.dilemma(discount_factor=0.9), names, **options).to_dict()
    return {
        "title": "A field",
        "file": "field.yaml",
        "tournaments": {"none": found},
        "sampled": sampled,
        "notes": [],
    }


def shown(found, width=80, monkeypatch=None):
    monkeypatch.setenv("COLUMNS", str(width))
    file = io.StringIO()
    screen = Screen(file)
    screen.show(competition_block(found, screen.width))
    return file.getvalue()


def test_ranking_payoffs_and_equilibria(monkeypatch):
    text = shown(result(["always_defect", "grim", "always_cooperate"]), monkeypatch=monkeypatch)
    # of grim against always_defect x = 1/17 solves 3 x + 0.9 (1-x) = 1.4 x + 1 - x; always_defect gains
    # nothing on grim mixed with always_cooperate from 1.4 x + 5 (1-x) = 3 on
    assert (
        text
        == """\
A field  field.yaml

none: 3 strategies, every pair solved exactly

place  strategy          payoff  cooperation
────────────────────────────────────────────
    1  always_defect      2.467        0.183
    2  grim               2.300        0.683
    3  always_cooperate   2.000        0.833

row against column      1      2      3
───────────────────────────────────────
1 always_defect     1.000  1.400  5.000
2 grim              0.900  3.000  3.000
3 always_cooperate  0.000  3.000  3.000

  Equilibria  in pure strategies, each seat choosing one: always_defect; grim
              4 extreme mixed ones; the same in both seats: 16/17 always_defect
              + 1/17 grim; 5/9 grim + 4/9 always_cooperate

"""
    )


def test_what_does_not_fit_is_said_and_ties_are_ties(monkeypatch):
    text = shown(result(None), monkeypatch=monkeypatch)
    assert "does not fit here" in text
    assert (
        "insist, mix_then_alternate, backward_induction, honour, renege: the game refuses them"
        in " ".join(text.split())
    )
    places = [line.split()[:2] for line in text.splitlines() if line[:6].strip().isdigit()]
    assert ["1", "tit_for_tat"] in places
    assert ["1", "penance"] in places
    assert "row against column" in shown(result(None), 160, monkeypatch)
    assert all(len(line) <= 80 for line in text.splitlines())


def test_seats_that_differ_are_said(monkeypatch):
    game = gl.repeated(gl.time_inconsistency(value=10, cost=2, payment=5), discount_factor=0.5)
    text = shown(result(["grim", "always_defect"], game=game), monkeypatch=monkeypatch)
    assert "row against column, mean of both seats" in text
    assert "always_defect / grim" not in text  # declining is no answer to grim


def test_sampled_payoffs_have_errors_and_an_interrupt_is_said(monkeypatch):
    pytest.importorskip("numba")
    game = draws.dilemma(discount_factor=0.9, tremble=0.1)
    found = result(
        ["grim", "always_defect"], {"matches": 1500, "seed": 3}, game, exact=False, matches=1500, seed=3
    )
    text = shown(found | {"interrupted": True}, monkeypatch=monkeypatch)
    assert "2 strategies, 1,500 matches a pair, seed 3" in text
    assert "±" in text
    assert "payoffs are sampled" in text
    assert "interrupted: arrangements are missing" in text


def test_a_game_without_an_agreement(monkeypatch):
    game = gl.repeated(gl.battle(high=2, low=1, disagreement=0), discount_factor=0.5)
    lines = shown(result(["stage_nash"], game=game), monkeypatch=monkeypatch).splitlines()
    assert next(line.split() for line in lines if "stage_nash" in line) == ["1", "stage_nash", "0.667", "-"]


def test_tables_and_files():
    found = result(["grim", "always_defect"])
    ranking, pairs = (
        list(csv.DictReader(io.StringIO(t))) for t in (ranking_csv([found]), pairs_csv([found]))
    )
    assert [(row["place"], row["name"]) for row in ranking] == [("1", "grim"), ("2", "always_defect")]
    assert [float(row["payoff_in_both_seats"]) for row in pairs] == pytest.approx([3, 0.9, 1.4, 1])
    assert [float(row["payoff.player_2"]) for row in pairs] == pytest.approx([3, 1.4, 0.9, 1])
    files = contents([found, found], "1")
    assert sorted(files) == [
        "figures/field-tournament-none.png",
        "figures/field-tournament-none.svg",
        "figures/field_2-tournament-none.png",
        "figures/field_2-tournament-none.svg",
        "pairs.csv",
        "ranking.csv",
        "tournaments.json",
    ]
    assert len(json.loads(files["tournaments.json"])["scenarios"]) == 2
    assert files["ranking.csv"].splitlines()[0].startswith("scenario,file,arrangement,place,name,payoff")
