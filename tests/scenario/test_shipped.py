"""The scenarios that ship: a table that names each of them, one convention on fines, and altruists by plain loops."""

import re
from pathlib import Path

import pytest

import gamelab as gl

FOLDER = Path(__file__).parents[2] / "scenarios"
README = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_table_names_every_file_once():
    named = re.findall(r"^\| \[`(.*?)`\]\((.*?)\)", README, flags=re.MULTILINE)
    assert all(words == target for words, target in named)
    ships = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.yaml"))
    assert sorted(words for words, _ in named) == ships


def test_every_statement_of_box_1_says_what_we_chose():
    rows = [line for line in README.splitlines() if line.startswith("| [`box1/")]
    assert len(rows) == len(list((FOLDER / "box1").glob("*.yaml")))
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        assert len(cells) == 4, row
        assert all(cells), row


@pytest.mark.parametrize("path", sorted((FOLDER / "box1").glob("*.yaml")), ids=lambda path: path.stem)
def test_fines_go_to_the_other_party_in_all_of_box_1(path):
    laddered = re.findall(r"graduated_sanctions: \{.*\}", path.read_text(encoding="utf-8"))
    assert all("paid_to: others" in settings for settings in laddered)


@pytest.mark.parametrize("weight", [0, 0.3, 0.8, 1])
def test_altruists_in_a_battle_are_left_with_what_a_loop_finds(weight):
    """The chances to play A at which the other does not care, found by bisection, and what both then get."""
    own, other = {"AA": 7, "BB": 3}, {"AA": 3, "BB": 7}
    cares = {plan: own[plan] + weight * other[plan] for plan in own}
    low, high = 0.0, 1.0  # of the other one playing A: A is worth cares[AA] x, B cares[BB] (1-x)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if cares["AA"] * middle < cares["BB"] * (1 - middle) else (low, middle)
    agree = 2 * low * (1 - low)  # one plays A with chance 1-x, the other with x
    report = gl.run("box1/altruism_battle", {"weight": weight, "high": 7, "low": 3}).to_dict()
    assert report["arrangements"]["none"]["efficiency"] == pytest.approx(agree, abs=1e-9)


@pytest.mark.parametrize(("weight", "invests", "pays"), [(0.1, 0, 0), (0.3, 1, 0), (0.99, 1, 0), (1, 1, 1)])
def test_altruists_with_a_promise_do_what_two_comparisons_say(weight, invests, pays):
    """By hand, value 8, cost 2, payment 5: pay if -5 + 5w >= 0; invest unpaid if -2 + 8w >= 0."""
    settings = {"preferences.altruism": str(weight), "value": 8, "cost": 2, "payment": 5}
    none = gl.run("box1/altruism_reneging", settings).to_dict()["arrangements"]["none"]
    assert none["joint_payoff"] == pytest.approx(6 * invests)
    assert none["payoffs"]["partner"] == pytest.approx(invests * (5 * pays - 2))
    assert (none["supported"] == "yes") == bool(pays)
