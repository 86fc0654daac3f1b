"""`gamelab run box1` end to end: warm, and cold in a fresh virtual environment without caches."""

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
    """Time the command as a process: results on the screen, and with the page and all its figures."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "gamelab", "run", "box1"]
        screen = min(_seconds(command) for _ in range(3))
        page = min(_seconds([*command, "--out", folder]) for _ in range(2))
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 2**20
    return [
        ("gamelab run box1, seconds", f"{screen:.1f}", ""),
        (f"... with the page and all figures, {size:.0f} MB", f"{page:.1f}", "< 20"),
    ]


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
    environment = {**os.environ, **({"MPLCONFIGDIR": str(cache)} if cache else {})}
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
                   env=environment)  # fmt: skip
    return time.perf_counter() - began
