"""Commands end to end, in processor time: warm, and cold in a fresh virtual environment without caches."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent


def warm_rows() -> list[tuple[str, str, str]]:
    """Time commands as processes, beside the import of what every one of them needs."""
    with tempfile.TemporaryDirectory() as folder:
        gamelab = [sys.executable, "-m", "gamelab"]
        loading = min(
            _seconds([sys.executable, "-c", "import numpy, pydantic.main, typer.main"]) for _ in range(5)
        )
        commands = {
            "gamelab run box1": (["run", "box1"], 3, "< 5"),
            "... with the page and all figures": (["run", "box1", "--out", folder], 2, "< 9"),
            "... of one small file": (["run", "neither", "--out", f"{folder}/small"], 3, "< 1.5"),
            "gamelab check of one small file": (["check", "neither"], 5, "< 0.5"),
            "gamelab list": (["list"], 5, "< 0.5"),
        }
        rows = [("import numpy, pydantic, typer, seconds", f"{loading:.2f}", "")]
        for name, (words, runs, goal) in commands.items():
            taken = min(_seconds([*gamelab, *words]) for _ in range(runs))
            rows.append((f"{name}, seconds; x that import", f"{taken:.2f}; {taken / loading:.1f}", goal))
    return rows


def cold_rows() -> list[tuple[str, str, str]]:
    """Time the first run after a plain install in a new virtual environment, and the install itself."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        began = time.perf_counter()
        venv.create(here / "venv", with_pip=True)
        binaries = here / "venv" / ("Scripts" if os.name == "nt" else "bin")
        pip = [binaries / "python", "-m", "pip", "install", "--quiet", "--no-compile", ROOT]
        subprocess.run(pip, check=True, stdout=subprocess.DEVNULL)
        installed = time.perf_counter() - began
        first = _seconds([binaries / "gamelab", "run", "box1", "--out", here / "out"], cache=here / "cache")
        second = _seconds([binaries / "gamelab", "run", "box1", "--out", here / "out"], cache=here / "cache")
    return [
        ("installing into a new environment, seconds", f"{installed:.0f}", ""),
        ("first gamelab run box1 --out there", f"{first:.1f}", ""),
        ("... second", f"{second:.1f}", "< 20"),
    ]


def _seconds(command: list[str | Path], cache: Path | None = None) -> float:
    """Return the processor time of a command; compiled files are kept, as an installed gamelab has them."""
    environment = {**os.environ, **({"MPLCONFIGDIR": str(cache)} if cache else {})}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
                   env=environment)  # fmt: skip
    ended = os.times()
    return ended.children_user - began.children_user + ended.children_system - began.children_system
