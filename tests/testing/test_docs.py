"""The examples of docs/testing.md run, and its tables name every law."""

import doctest
from pathlib import Path

from gamelab.testing.laws import GAME_LAWS, SOLVER_LAWS
from gamelab.testing.solvers import DEMANDS

PAGE = Path(__file__).parents[2] / "docs" / "testing.md"


def test_the_examples_run():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert tried > 5
    assert failed == 0


def test_every_law_and_demand_is_there():
    text = PAGE.read_text(encoding="utf-8")
    words = [*DEMANDS, *(law.name.removeprefix("grim and ") for law in (*SOLVER_LAWS, *GAME_LAWS))]
    assert [word for word in words if word not in text] == []
