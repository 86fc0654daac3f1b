"""Every fault can still be planted, and its killers are there; a few are tried end to end."""

import ast
import functools
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest

from .fault import ROOT, Fault, StaleFaultError
from .faults import FAULTS
from .run import Outcome, chosen, failing_without, page, tried_all

ROOMS = {
    "model",
    "stages",
    "institutions",
    "strategies",
    "solve",
    "simulate",
    "scenario",
    "experiment",
    "report",
    "testing",
    "cli",
}
SAMPLE = "complies one level longer"


def test_names_are_names():
    assert [name for name, count in Counter(fault.name for fault in FAULTS).items() if count > 1] == []
    assert not [fault.name for fault in FAULTS if "|" in fault.name + fault.breaks]


def test_every_room_has_faults():
    assert {fault.room for fault in FAULTS} >= ROOMS
    assert len(FAULTS) >= 40


@functools.cache
def code_of(file):
    """Return what a file of the project says as Python, whatever its spaces and comments."""
    return ast.dump(ast.parse((ROOT / file).read_text()))


@pytest.mark.parametrize("room", sorted({fault.room for fault in FAULTS}))
def test_faults_can_be_planted(room):
    """The old text stands once, the new file is Python, and says something else."""
    faults = [fault for fault in FAULTS if fault.room == room]
    assert not [one.name for one in faults if ast.dump(ast.parse(one.text())) == code_of(one.file)]


@functools.cache
def functions_of(file):
    tree = ast.parse((ROOT / file).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_killers_are_there():
    for killer in sorted({killer for fault in FAULTS for killer in fault.killers}):
        file, *names = killer.split("::")
        assert (ROOT / file).exists(), killer
        assert not names or names[-1].partition("[")[0] in functions_of(file), killer


def test_stale_fault_is_told():
    fault = replace(FAULTS[0], old="this stands nowhere")
    with pytest.raises(StaleFaultError, match="stands 0 times"):
        fault.text()


def test_page_tells_what_survived():
    fault = Fault(
        "a sign", "gamelab/model/game.py", "+", "-", "sums are differences", ("tests/model/test_game.py",)
    )
    text = page(
        [
            Outcome(fault, "killed", "tests/a.py::test_b[x|y]", 1.0),
            Outcome(fault, "survived", "tests/a.py", 1.0),
        ]
    )
    assert "2 faults, 1 killed" in text
    assert "| a sign | `gamelab/model/game.py` | sums are differences | `tests/a.py::test_b` |" in text
    assert "**survived**" in text


def test_unknown_name_is_refused():
    with pytest.raises(SystemExit, match="no fault or room is called nonsense"):
        chosen(["nonsense"])
    assert {fault.room for fault in chosen(["cli"])} == {"cli"}


def test_page_is_up_to_date():
    """The table names every fault, and none that is gone; no fault survived when it was written."""
    text = (ROOT / "docs" / "planted-faults.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")][1:]
    assert [(row[0].removeprefix("| "), row[1].strip("`"), row[2]) for row in rows] == [
        (fault.name, fault.file, fault.breaks) for fault in FAULTS
    ]
    assert "**" not in text


@pytest.mark.slow
def test_faults_are_planted_and_found(capfd):
    """End to end: one fault that a test notices, and one that changes nothing, which survives."""
    real = next(fault for fault in FAULTS if fault.name == SAMPLE)
    harmless = replace(real, name="nothing", new=f"{real.old}  ")
    before = (ROOT / real.file).read_bytes()
    found = tried_all([real, harmless], workers=2)
    assert [outcome.verdict for outcome in found] == ["killed", "survived"]
    assert found[0].killer.startswith(real.killers[0])
    assert (ROOT / real.file).read_bytes() == before
    assert "survived" in capfd.readouterr().out


@pytest.mark.long
def test_all_faults_are_found():
    outcomes = tried_all(FAULTS, workers=2)
    assert [outcome.line() for outcome in outcomes if outcome.verdict != "killed"] == []
    assert failing_without(outcomes) == ""


@pytest.mark.long
def test_exit_codes():
    """The command line: a room whose faults are all killed, and a name that is none."""
    for name, code in (("arithmetic", 0), ("nonsense", 1)):
        command = [sys.executable, "-m", "tests.planted_faults", name]
        assert subprocess.run(command, cwd=ROOT, capture_output=True, timeout=300).returncode == code
