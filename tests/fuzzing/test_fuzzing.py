"""Our own doors take whatever is given to them, and say what is wrong with it."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import gamelab

from .doors import Finding, attempt, said
from .generators import DOORS, Input, made
from .run import many, tried
from .shrinking import shrunk

ROOT = Path(gamelab.__file__).parents[1]
SAMPLE = 300
PROCESSES = 300


def test_a_sample_of_inputs_finds_nothing():
    report = tried(range(SAMPLE))
    assert report.tried.total() == SAMPLE
    assert not report.findings, "\n".join(report.lines())


def test_the_same_seed_makes_the_same_input():
    assert [made(seed) for seed in range(50)] == [made(seed) for seed in range(50)]


def test_every_door_gets_inputs_that_are_taken_and_inputs_that_are_refused():
    doors = Counter(made(seed).door for seed in range(1000))
    assert set(doors) == set(DOORS)


def test_a_fault_is_found_and_cut_down_to_its_line(monkeypatch, tmp_path):
    def broken(path):
        if b"temptation" in path.read_bytes():
            raise KeyError("temptation")

    monkeypatch.setattr("tests.fuzzing.doors.load" if __name__.startswith("tests") else "fuzzing.doors.load", broken)
    given = Input(0, "file", b"gamelab: 1\ngame:\n  kind: prisoners_dilemma\n  temptation: 5\n")
    (found,) = attempt(given, tmp_path).findings
    assert found.kind == "traceback"
    assert found.detail.startswith("KeyError")
    assert shrunk(found, 5).input.data == b"temptation"


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (Input(0, "words", "", ("describe", "grim")), None),
        (Input(0, "expression", "1/0"), None),
        (Input(0, "file", b"\xff"), None),
        (Input(0, "set", "gamelab: 2", ("reward=1",)), None),
    ],
)
def test_what_is_refused_in_words_is_no_finding(given, kind, tmp_path):
    assert attempt(given, tmp_path).findings == ()


@pytest.mark.parametrize(
    ("message", "kind"),
    [("x" * 2001, "long message"), ("a\x1b[31mb", "hidden character"), ("a\u202eb", "hidden character")],
)
def test_bad_messages_are_findings(message, kind, tmp_path, monkeypatch):
    from . import doors

    class Unreadable(gamelab.InputError):
        pass

    def refusing(path):
        problem = doors.Problem("", "", str(path), 1, 1)
        object.__setattr__(problem, "message", message)
        raise Unreadable(problem)

    monkeypatch.setattr(doors, "load", refusing)
    monkeypatch.setattr("gamelab.errors.visible", str)
    assert [found.kind for found in attempt(Input(0, "file", b""), tmp_path).findings] == [kind]


@pytest.mark.long
def test_many_inputs_find_nothing():
    report = many(int(os.environ.get("GAMELAB_INPUTS", "20000")), seed=1_000_000, workers=2)
    assert not report.findings, "\n".join(report.lines())


@pytest.mark.long
def test_real_processes_say_the_same(tmp_path):
    """Exit code and words are those of the command line inside this process."""
    words = [given for given in map(made, range(20_000)) if given.door == "words"][:PROCESSES]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    for given in words:
        command = [sys.executable, "-m", "gamelab", *given.arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=60)
        assert b"Traceback" not in done.stderr, given
        assert done.returncode in (0, 1, 2), given
        for path in tmp_path.iterdir():
            path.unlink()


__all__ = ["Finding", "said"]
