"""Streams: a closed or full standard output has its own exit codes, and never that of a claim that fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import gamelab

ROOT = Path(gamelab.__file__).parents[1]
FULL = "standard output cannot be written: no space left on device\n"
CLOSED = "standard output is closed; send it to a file, or to /dev/null\n"

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")


def said(arguments, around, tmp_path):
    """Run a command in a shell with its streams as ``around`` has them; return its code and its errors."""
    errors = tmp_path / "errors"
    command = f'"{sys.executable}" -m gamelab {arguments}'
    with errors.open("w") as stream:
        run = subprocess.run(
            ["sh", "-c", f"{around.format(command)}; exit $?"],
            stdout=subprocess.DEVNULL,
            stderr=stream,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            timeout=120,
        )
    return run.returncode, errors.read_text()


QUICK = [
    ("--version", "{} > /dev/full", 2, FULL),
    ("--version", "{} >&-", 2, CLOSED),
    ("list nothing", "{} 2> /dev/full", 2, ""),
    ("list institutions", "{} <&- 2>&-", 0, ""),
]
MORE = [
    ("list institutions", "{} > /dev/full", 2, FULL),
    ("schema", "{} > /dev/full", 2, FULL),
    ("--help", "{} > /dev/full", 2, FULL),
    ("list institutions", "{} >&-", 2, CLOSED),
    ("list nothing", "{} 2>&-", 2, ""),
    ("list institutions", "{} 2>&-", 0, ""),
    ("list institutions", "{} <&- >&- 2>&-", 2, ""),
    ("list institutions", "{} > /dev/full 2>&1", 2, ""),
    ("nonsense", "{} 2> /dev/full", 2, ""),
]


@pytest.mark.parametrize(
    ("arguments", "around", "code", "words"),
    [*QUICK, *(pytest.param(*more, marks=pytest.mark.slow) for more in MORE)],
)
def test_closed_and_full_streams(tmp_path, arguments, around, code, words):
    assert said(arguments, around, tmp_path) == (code, words)


@pytest.mark.parametrize(
    "arguments", ["--version", *(pytest.param(name, marks=pytest.mark.slow) for name in ("schema", "--help"))]
)
def test_a_reader_that_has_seen_enough(arguments):
    reader, writer = os.pipe()
    os.close(reader)
    run = subprocess.run(
        [sys.executable, "-m", "gamelab", *arguments.split()],
        stdout=writer,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
    )
    os.close(writer)
    assert (run.returncode, run.stderr) == (141, b"")


def test_nothing_is_solved_where_nobody_could_read_it(tmp_path):
    code, words = said(f'run battle --out "{tmp_path / "out"}"', "{} >&-", tmp_path)
    assert (code, words) == (2, CLOSED)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_failing_claim_still_ends_with_1(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(
        "gamelab: 1\ngame: {kind: battle, high: 3, low: 1, disagreement: 0}\ntime: {discount_factor: 0.9}\n"
        "claims: [{says: Wrong, quantity: joint_payoff, arrangement: none, equals: -7}]\n"
    )
    assert said(f'check "{path}"', "{} 2>&-", tmp_path)[0] == 1
    assert said(f'check "{path}"', "{} > /dev/full", tmp_path) == (2, FULL)
