"""Print the table of benchmarks: rates, memory, and ratios to a plain loop or to peers in the same run.

``python -m benchmarks --cold`` also times a first run in a fresh virtual environment; ``--others`` asks other
packages, where they are installed, for the stage equilibria and fixation probabilities of the same games, and
for the same tournament.
"""

from __future__ import annotations

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import platform
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import scipy
from rich.console import Console
from rich.table import Table

import gamelab as gl
from benchmarks.box1 import cold_rows, warm_rows
from benchmarks.evolution import evolution_rows
from benchmarks.ladder import by_plain_loop, settings, solved, timed
from benchmarks.maps import COLUMNS, ROWS, by_single_runs, drawn
from benchmarks.matches import matches_rows, threads_row
from benchmarks.populations import population_rows
from benchmarks.stage_equilibria import stage_equilibria_rows
from benchmarks.tournament import tournament_rows

TESTS = Path(__file__).parent.parent / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "simulate" / "population")]

POINTS = 40_000
LOOP_POINTS = 20
LOOP_CELLS = 50


def main() -> None:
    """Measure and print."""
    threads = threads_row()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    table = Table(title="gamelab benchmarks, one core", title_justify="left")
    for column in ("what", "measured", "target"):
        table.add_column(column, justify="left" if column == "what" else "right")
    cold = cold_rows() if "--cold" in sys.argv else []
    others = "--others" in sys.argv
    for row in (
        *ladder_rows(),
        *map_rows(),
        *stage_equilibria_rows(others=others),
        *matches_rows(),
        threads,
        *tournament_rows(others=others),
        *evolution_rows(others=others),
        *population_rows(),
        *import_rows(),
        *warm_rows(),
        *cold,
    ):
        table.add_row(*row)
    Console(width=100).print(table)
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}"
    print(f"gamelab {gl.__version__}, {versions}, {platform.machine()}, {processor()}")


def ladder_rows() -> list[tuple[str, str, str]]:
    """Value and one-shot certificate of the three-step ladder, assembly included."""
    loop = by_plain_loop(LOOP_POINTS)
    fast = gl.on_grid(solved, **{name: array[:LOOP_POINTS] for name, array in settings(LOOP_POINTS).items()})
    apart = max(float(np.abs(loop[name] - fast[name]).max()) for name in loop)
    per_loop_point = timed(lambda: by_plain_loop(LOOP_POINTS), repeats=3) / LOOP_POINTS
    rate = POINTS / timed(lambda: gl.on_grid(solved, **settings(POINTS)))
    peaks = [peak_memory(points) for points in (POINTS // 4, POINTS)]
    return [
        ("three-step ladder, points per second", f"{rate:,.0f}", "30,000"),
        ("... times faster than the plain loop", f"{rate * per_loop_point:,.0f}", ""),
        ("... largest difference from it", f"{apart:.1e}", "< 1e-9"),
        ("... peak memory of four times the grid", f"{peaks[1] / peaks[0]:.2f} times", "about 1"),
    ]


def map_rows() -> list[tuple[str, str, str]]:
    """A map of the best arrangement, boundaries included, beside runs of single cells."""
    seconds = timed(drawn, repeats=3)
    per_cell = timed(lambda: by_single_runs(LOOP_CELLS), repeats=3) / LOOP_CELLS
    result = drawn()
    apart = sum(result["regions"][result["cells"][i][j]] != best for i, j, best in by_single_runs(LOOP_CELLS))
    return [
        (f"map of {COLUMNS} x {ROWS} cells and its boundaries, seconds", f"{seconds:.2f}", "4"),
        ("... times faster than a run for every cell", f"{COLUMNS * ROWS * per_cell / seconds:,.0f}", ""),
        (f"... cells of {LOOP_CELLS} that differ from a run", f"{apart}", "0"),
    ]


def peak_memory(points: int) -> float:
    """Return the most memory that a grid takes, without its own settings and results."""
    chosen = settings(points)
    tracemalloc.start()
    results = gl.on_grid(solved, **chosen)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    own = sum(array.nbytes for array in (*chosen.values(), *results.values()))
    return float(peak - own)


def import_rows() -> list[tuple[str, str, str]]:
    """`import gamelab` as a process of its own, beside numpy alone and a bare interpreter."""

    def started(code: str) -> float:
        return timed(lambda: subprocess.run([sys.executable, "-c", code], check=True))

    bare, numpy_alone = started("pass"), started("import numpy")
    package, first_use = started("import gamelab"), started("import gamelab; gamelab.certify")
    return [
        ("import gamelab, seconds above a bare start", f"{package - bare:.3f}", ""),
        ("... beside import numpy", f"{(package - bare) / (numpy_alone - bare):.2f} times", "below 1"),
        ("import gamelab and the engines' first use", f"{first_use - bare:.3f}", ""),
    ]


def processor() -> str:
    """Return what the machine calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown processor"


if __name__ == "__main__":
    main()
