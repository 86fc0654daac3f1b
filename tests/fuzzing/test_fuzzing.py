"""Our own doors take whatever is given to them, and say what is wrong with it."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

import gamelab
from gamelab.errors import InputError, Problem
from gamelab.scenario import loads
from gamelab.stages.nfg import parsed

from .doors import FORGET, attempt, message_faults, problem_faults
from .generators import DOORS, Input, made
from .maps_and_tables import exactly, mapped, table, unmapped
from .mutations import another_game, far_apart, original
from .run import many, tried
from .shrinking import shrunk

ROOT = Path(gamelab.__file__).parents[1]
SAMPLE = 150
PROCESSES = 300


@pytest.mark.parametrize(
    "first", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in range(75, SAMPLE, 75))]
)
def test_a_sample_of_inputs_finds_nothing(first):
    seeds = [seed for seed in range(first, first + 75) if made(seed).door != "solve" or seed % 4 == 0]
    report = tried(seeds)
    assert report.tried.total() == len(seeds)
    # time and memory depend on the machine: the deep run looks at them
    found = [finding for finding in report.findings.values() if finding.kind not in ("slow", "memory")]
    assert not found, "\n".join(report.lines())


def test_the_same_seed_makes_the_same_input():
    assert [made(seed) for seed in range(50)] == [made(seed) for seed in range(50)]


def test_every_door_gets_inputs_that_are_taken_and_inputs_that_are_refused():
    doors = Counter(made(seed).door for seed in range(300))
    assert set(doors) == set(DOORS)


@pytest.mark.slow
def test_maps_fractions_and_nfg_files_are_tried():
    """Among the inputs are sound ones, too; maps that are solved are small, since each point is a run of its own."""
    random = Random(1)
    drawn = ["\n".join(mapped(random, unmapped(original(random)), small=True)) for _ in range(20)]
    points = {int(count) for text in drawn for count in re.findall(r"points: (\d+)", text)}
    assert points <= {2, 3, 5}
    scenarios = [_loaded(text.split("\n")) for text in drawn]
    assert any(scenario and scenario.maps for scenario in scenarios)
    exact = [_loaded(exactly(Random(seed), original(Random(seed)))) for seed in range(10)]
    assert any(scenario and scenario.exact for scenario in exact)  # some strategies need roots
    tables = [_read(table(random)) for _ in range(40)]
    assert any(tables)
    assert not all(tables)


@pytest.mark.slow
def test_far_apart_numbers_tables_and_whole_axes_are_tried():
    """Many of the inputs are sound: dilemmas whose numbers differ by many powers of ten, one table a player."""
    far = [_loaded(far_apart(Random(seed), original(Random(seed)))) for seed in range(120)]
    assert sum(scenario is not None for scenario in far) > 10
    bare = ["gamelab: 1", "time: {discount_factor: 0.9}"]
    games = [another_game(Random(seed), bare) for seed in range(60)]
    by_player = [lines for lines in games if any(line.startswith("  tables: ") for line in lines)]
    assert any(_loaded(lines) for lines in by_player)
    assert not all(_loaded(lines) for lines in by_player)
    drawn = "\n".join(line for seed in range(20) for line in mapped(Random(seed), [], small=True))
    assert re.search(r"rounds: \{from: \d, to: \d\}", drawn)


def _loaded(lines):
    try:
        return loads("\n".join(lines))
    except InputError:
        return None


def _read(text):
    try:
        return parsed(text).players
    except InputError:
        return ()


@pytest.mark.skipif(not FORGET.exists(), reason="only Linux tells what one input took")
def test_memory_is_that_of_each_input(monkeypatch, tmp_path):
    def greedy(path):
        words = b"x" * int(path.read_bytes())
        assert words

    monkeypatch.setattr(f"{attempt.__module__}.load", greedy)
    given = [Input(0, "file", str(megabytes * 2**20)) for megabytes in (260, 1, 260, 100)]
    found = [attempt(one, tmp_path) for one in given]
    assert [bool(one.findings) for one in found] == [True, False, True, False]
    assert found[1].megabytes < 50
    assert 90 < found[3].megabytes < 150


def test_a_fault_is_found_and_cut_down_to_its_line(monkeypatch, tmp_path):
    def broken(path):
        if b"temptation" in path.read_bytes():
            raise KeyError("temptation")

    monkeypatch.setattr(
        "tests.fuzzing.doors.load" if __name__.startswith("tests") else "fuzzing.doors.load", broken
    )
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
def test_bad_messages_are_findings(message, kind):
    assert [found for found, _ in message_faults(message)] == [kind]


def test_a_refusal_without_a_place_is_a_finding():
    assert problem_faults((Problem("unknown key", "gaem"),), 10)[0][0] == "no place"
    assert problem_faults((Problem("unknown key", "gaem", "a.yaml", 99, 1),), 10)[0][0] == "no such line"
    assert problem_faults((), 10)[0][0] == "no message"


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
