"""Bars: on a terminal standard error shows how far a command is, standard output never; an interrupt ends it."""

import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import gamelab
import gamelab as gl
from gamelab.cli.scenarios import Bar, task_bar

ROOT = Path(gamelab.__file__).parents[1]
FILE = """gamelab: 1
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
arrangements: {agreed: {profiles: [grim]}}
claims:
"""
CLAIM = "- {says: It holds, arrangement: agreed, quantity: workable, is: yes, with: {discount_factor: %r}}\n"


def scenario(path, claims):
    """Write a scenario whose claims are about as many games; return its path."""
    path.write_text(FILE + "".join(CLAIM % (0.5 + 0.4 * k / claims) for k in range(1, claims + 1)))
    return path


def on_a_terminal(*arguments, until=None):
    """Run a command, its standard error on a terminal; return its code, its output and what the terminal shows.

    Where ``until`` appears there, the command is interrupted.
    """
    screen, end = pty.openpty()
    command = subprocess.Popen(
        [sys.executable, "-m", "gamelab", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=end,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"},
        # as a shell starts it: a run of tests in the background has interrupts switched off
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    os.close(end)
    shown = ""
    with command, os.fdopen(screen, "rb", buffering=0) as terminal:
        try:
            while part := terminal.read(4096):
                shown += part.decode()
                if until and re.search(until, shown):
                    command.send_signal(signal.SIGINT)
                    until = None
        except OSError:  # so a terminal says that nobody writes to it any more
            pass
        return command.wait(), command.stdout.read().decode(), shown


def test_a_check_of_one_file_shows_how_far_it_is(tmp_path):
    code, output, shown = on_a_terminal("check", scenario(tmp_path / "many.yaml", 20))
    assert (code, output.splitlines()[-1]) == (0, "20 claims hold, 0 fail")
    percents = [int(number) for number in re.findall(r"(\d+)%", shown)]
    assert len(set(percents)) > 2
    assert percents == sorted(percents)
    assert "Checking" in shown
    assert "Checking" not in output


def test_an_interrupt_ends_a_check(tmp_path):
    path = scenario(tmp_path / "long.yaml", 200)
    code, output, shown = on_a_terminal("check", path, until="Checking")
    assert (code, output) == (130, "")
    assert "interrupted" in shown


def test_claims_are_told_one_by_one(tmp_path):
    told = []
    gl.check(str(scenario(tmp_path / "x.yaml", 3)), progress=lambda *step: told.append(step)).to_dict()
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_of_several_files_the_bar_says_which(monkeypatch):
    from rich.progress import Progress

    shown = Progress()
    bar = Bar(shown, "Solving")
    (task,) = shown.tasks
    for count, description in ((2, "Solving 1 of 2"), (2, "Solving 2 of 2")):
        bar.begin(count)
        bar(1, 4)
        assert (task.description, task.percentage, task.visible) == (description, 25, True)
        bar(4, 4)
        assert not task.visible
    alone = Bar(shown, "Checking")
    alone.begin(1)
    assert shown.tasks[1].description == "Checking"


def test_there_is_no_bar_without_a_terminal():
    assert not sys.stderr.isatty()
    with task_bar("Solving") as bar:
        assert bar is None
