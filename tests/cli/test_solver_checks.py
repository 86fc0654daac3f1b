"""``gamelab validate-solver``: a table or JSON; 0 no law broke, 1 one did, 2 no such solver."""

import json
import sys

import pytest
from typer.testing import CliRunner

from gamelab.cli import app


def invoke(*arguments):
    return CliRunner().invoke(app, ["validate-solver", *arguments])


@pytest.fixture
def solver_here(tmp_path, monkeypatch):
    """A solver in this folder that reports nothing."""
    (tmp_path / "reports_nothing.py").write_text("def solve(A, B):\n    return []\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    yield "reports_nothing:solve"
    sys.modules.pop("reports_nothing", None)


def test_ours_passes():
    done = invoke("gamelab", "--examples", "10")
    assert done.exit_code == 0, done.output
    assert "no law broke" in done.output
    assert "10 games, seed 0" in " ".join(done.output.split())


def test_a_law_that_broke_is_shown_with_a_program_that_runs(solver_here):
    done = invoke(solver_here, "--examples", "5", "--seed", "3")
    assert done.exit_code == 1
    assert "at least one: nothing is reported; every game has an equilibrium" in " ".join(done.output.split())
    start = done.output.index("from gamelab.testing import laws, solver_named")
    program = done.output[start:].split("\n\n")
    exec("\n".join(program[:2]), {})
    assert "laws broke" in done.output.splitlines()[-1]


def test_json_is_all_there_is(solver_here):
    done = invoke(solver_here, "--examples", "5", "--json", "--demand", "one")
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert (report["solver"], report["demand"], report["passed"]) == (solver_here, "one", False)
    assert [law["law"] for law in report["laws"] if law["verdict"] == "broken"] == ["at least one"]


def test_a_note_tells_of_a_solver_that_hangs():
    done = invoke("nashpy.lemke_howson_enumeration", "--examples", "40", "--seconds", "0.3")
    assert done.exit_code == 1
    assert "without an answer in time" in done.output


@pytest.mark.parametrize(
    "arguments", [["nope"], ["gamelab", "--demand", "much"], ["gamelab", "--examples", "0"]]
)
def test_wrong_input(arguments):
    done = invoke(*arguments)
    assert done.exit_code == 2
    assert "Traceback" not in done.output
