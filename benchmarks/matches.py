"""Matches beside a loop written by hand in C, and beside axelrod where it is installed: rounds per second."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gamelab as gl

ROOT = Path(__file__).parent.parent
SOURCE = Path(__file__).with_suffix(".c")
STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
ROUNDS = 8_000_000
ENDLESS = 10**9

Row = tuple[str, str, str]


def dilemma(**length: Any) -> tuple[gl.Game, list[str]]:
    """Return trembling tit-for-tat against win-stay-lose-shift."""
    return gl.repeated(STAGE, tremble=0.05, **length), ["tit_for_tat", "win_stay_lose_shift"]


def ladder(**length: Any) -> tuple[gl.Game, str]:
    """Return the dilemma with findings and three fines, which both comply with."""
    game = gl.repeated(STAGE, tremble=0.05, observe="none", **length)
    game = gl.monitoring(game, detection=0.9, false_alarm=0.05, cost=0.1)
    return gl.graduated_sanctions(game, fines=[1, 2, 4], forgiveness=0.3, cost_per_act=0.2), "comply"


CASES = {"dilemma": (dilemma, "0.7"), "ladder": (ladder, "0.3")}
LENGTHS: dict[str, dict[str, Any]] = {
    "100 rounds": {"rounds": 100},
    "d = 0.99": {"discount_factor": 0.99},
    "d = 0.9": {"discount_factor": 0.9},
}


def matches_rows() -> list[Row]:
    """Rounds per second through the public call as shares of the C loop's; a first call; axelrod."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        loop = built(Path(folder))
        for name, (case, target) in CASES.items():
            for told, length in LENGTHS.items():
                game, profile = case(**length)
                expected = length.get("rounds") or 1 / (1 - length["discount_factor"])
                matches = int(ROUNDS / expected)
                rate, payoff = ours(game, profile, matches)
                rows.append((f"matches, {name}, {told}, million rounds per second", f"{rate / 1e6:.0f}", ""))
                if loop:
                    theirs, paid = by_c(loop, name, matches, length)
                    rows.append(("... beside the C loop", f"{rate / theirs:.2f}", target))
                    rows.append(("... difference of mean payoffs", f"{abs(paid - payoff):.4f}", "about 0"))
    return [*rows, *first_call_rows(), *axelrod_rows()]


def ours(
    game: gl.Game,
    profile: Any,
    matches: int,
    threads: int = 1,
    clock: Callable[[], float] = time.process_time,
) -> tuple[float, float]:
    """Return the rounds per second of the public call, the best of some, and the first player's payoff."""
    best, found = 0.0, gl.simulate(game, profile, matches, threads=threads)
    for _ in range(5):
        begin = clock()
        found = gl.simulate(game, profile, matches, threads=threads)
        best = max(best, found.rounds_played / (clock() - begin))
    return best, float(found.payoffs[0])


def built(folder: Path) -> Path | None:
    """Return the C loop's program, None where there is no compiler."""
    compiler = shutil.which("gcc")
    if compiler is None:
        return None
    program = folder / "matches"
    subprocess.run([compiler, "-O3", "-o", program, SOURCE], check=True)
    return program


def by_c(program: Path, name: str, matches: int, length: dict[str, Any]) -> tuple[float, float]:
    """Return the C loop's rounds per second, and the first player's payoff."""
    rounds, on = length.get("rounds", ENDLESS), length.get("discount_factor", 1)
    command = [program, name, str(matches), str(rounds), str(on)]
    paid, _, rate = (float(word) for word in subprocess.check_output(command, text=True).split())
    return rate, paid


def threads_row() -> Row:
    """Two threads beside one, by the clock."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    game, profile = dilemma(rounds=100)
    one, two = (ours(game, profile, 400_000, threads, time.perf_counter)[0] for threads in (1, 2))
    return "matches, two threads beside one", f"{two / one:.2f}", f"{processors} processors here"


def first_call_rows() -> list[Row]:
    """A first call in a process of its own: with the compiled kernel on disk, and without."""
    program = (
        "import gamelab as gl; s = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0);"
        "gl.simulate(gl.repeated(s, discount_factor=.9), 'grim', 1000)"
    )
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
        seconds = []
        for _ in range(2):
            begin = time.perf_counter()
            subprocess.run([sys.executable, "-c", program], check=True, env=environment, cwd=ROOT)
            seconds.append(time.perf_counter() - begin)
    return [
        ("first gl.simulate of a process, compiling, seconds", f"{seconds[0]:.1f}", ""),
        ("... compiled before", f"{seconds[1]:.1f}", ""),
    ]


def axelrod_rows() -> list[Row]:
    """The same match in axelrod."""
    try:
        axelrod = importlib.import_module("axelrod")
    except ImportError:
        return []
    match = axelrod.Match(
        (axelrod.TitForTat(), axelrod.WinStayLoseShift()), turns=100_000, noise=0.05, seed=1
    )
    begin = time.process_time()
    match.play()
    rate = 100_000 / (time.process_time() - begin)
    game, profile = dilemma(rounds=100)
    times = ours(game, profile, ROUNDS // 100)[0] / rate
    return [
        ("axelrod, rounds per second", f"{rate:,.0f}", ""),
        ("... gamelab beside it", f"{times:,.0f} times", ""),
    ]


if __name__ == "__main__":
    for row in [*matches_rows(), threads_row()]:
        print(*row, sep=" | ")
