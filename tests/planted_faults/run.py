"""Plant faults one at a time in a copy of the project, run the tests that should notice, and say which did."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from .fault import ROOT, Fault, StaleFaultError
from .faults import FAULTS

PARTS = (
    "gamelab", "tests", "scenarios", "docs", "benchmarks", "pyproject.toml", "README.md", "CONTRIBUTING.md",
    "CITATION.cff", ".pre-commit-config.yaml", "CHANGELOG.md", "LICENSE", ".ci",
)  # fmt: skip
SECONDS = 300
NO_END = -1
PLUGIN = "tests.planted_faults.without_shrinking"
TABLE = ROOT / "docs" / "planted-faults.md"


@dataclass(frozen=True)
class Outcome:
    """What became of one fault.

    Parameters
    ----------
    fault : Fault
    verdict : str
        ``killed``, ``survived``, ``stale`` or ``broken`` (no test could run).
    killer : str
        The first test that failed; for the other verdicts what happened.
    seconds : float
    """

    fault: Fault
    verdict: str
    killer: str
    seconds: float

    def line(self) -> str:
        """Return the outcome as a line of the report."""
        return (
            f"{self.verdict:9}{self.seconds:6.1f} s  {self.fault.room}: {self.fault.name}  <- {self.killer}"
        )


def copied(folder: Path) -> Path:
    """Copy the project into a folder, and return that."""
    skipped = shutil.ignore_patterns("__pycache__", ".hypothesis", ".pytest_cache")
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=skipped)
        elif source.exists():
            shutil.copy(source, folder / part)
    return folder


def tested(root: Path, killers: Iterable[str]) -> tuple[int, str]:
    """Run tests in a copy until one fails; return the exit code of pytest and the first that failed."""
    environment = {**os.environ, "PYTHONPATH": str(root), "OPENBLAS_NUM_THREADS": "1", "COLUMNS": "200"}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"  # two files of the same second and size must not be mixed up
    environment.pop("PYTEST_ADDOPTS", None)
    command = [
        sys.executable, "-m", "pytest", "-x", "-n0", "-m", "not long", "--tb=no", "-rfE", "-p", "no:cacheprovider", "-p", PLUGIN,
        "--hypothesis-profile=without_shrinking", *killers,
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, cwd=root, env=environment, capture_output=True, text=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return NO_END, f"no end within {SECONDS} seconds"
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    if failed:
        return done.returncode, failed[0].split(" ", 1)[1].split(" - ")[0]
    return done.returncode, " ".join((done.stdout + done.stderr).split())[-300:]


def tried(fault: Fault, root: Path) -> Outcome:
    """Plant a fault in a copy, test that, and take the fault out again."""
    began = time.monotonic()
    path = root / fault.file
    try:
        text = fault.text(root)
    except StaleFaultError as stale:
        return Outcome(fault, "stale", str(stale), 0.0)
    sound = path.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    try:
        code, killer = tested(root, fault.killers)
    finally:
        path.write_text(sound, encoding="utf-8")
    verdict = {0: "survived", 1: "killed"}.get(code, "broken")
    shown = " ".join(fault.killers) if verdict == "survived" else killer
    return Outcome(fault, verdict, shown, time.monotonic() - began)


def tried_all(faults: Sequence[Fault], workers: int = 1) -> list[Outcome]:
    """Try faults, each worker in a copy of its own, and tell each outcome when it is there."""
    with ExitStack() as stack:
        copies: SimpleQueue[Path] = SimpleQueue()
        for _ in range(workers):
            copies.put(copied(Path(stack.enter_context(tempfile.TemporaryDirectory()))))

        def one(fault: Fault) -> Outcome:
            root = copies.get()
            try:
                outcome = tried(fault, root)
            finally:
                copies.put(root)
            print(outcome.line(), flush=True)
            return outcome

        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(one, faults))


def failing_without(outcomes: Sequence[Outcome]) -> str:
    """Run the tests that failed once more, without a fault; return the first that fails all the same."""
    killers = list(dict.fromkeys(outcome.killer for outcome in outcomes if outcome.verdict == "killed"))
    if not killers:
        return ""
    with tempfile.TemporaryDirectory() as folder:
        code, failed = tested(copied(Path(folder)), killers)
    return failed if code else ""


def page(outcomes: Sequence[Outcome]) -> str:
    """Return the table of faults and killers as a page of the documentation."""
    by_room = Counter(outcome.fault.room for outcome in outcomes)
    killed = sum(outcome.verdict == "killed" for outcome in outcomes)
    rows = [
        f"| {outcome.fault.name} | `{outcome.fault.file}` | {outcome.fault.breaks} | "
        + (
            f"`{outcome.killer.partition('[')[0]}`"
            if outcome.verdict == "killed"
            else f"**{outcome.verdict}**"
        )
        + " |"
        for outcome in outcomes
    ]
    return "\n".join(
        [
            "# Planted faults",
            "",
            "Would the tests notice? Each fault below is a slip that somebody could make: a sign, swapped indices, a",
            "dropped tolerance. `python -m tests.planted_faults --workers 2` plants them one at a time in a copy of the",
            "project and runs the few tests that should notice; the *killer* is the first that failed. Without a fault",
            "all killers must pass. The exit code is 1 where a fault survives. This page is written by `--write`.",
            "",
            f"{len(outcomes)} faults, {killed} killed: "
            + ", ".join(f"{room} {count}" for room, count in by_room.items())
            + ".",
            "",
            "Hypothesis draws the same examples each time here and shrinks nothing. A test of the default suite checks",
            "that every fault still applies, and tries a few end to end; `pytest -m long tests/planted_faults` tries all.",
            "",
            "| fault | where | what it breaks | killer |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def chosen(names: Sequence[str]) -> list[Fault]:
    """Return the faults of these names, or of rooms of these names; all where none is given."""
    found = [fault for fault in FAULTS if not names or {fault.name, fault.room} & set(names)]
    unknown = set(names) - {known for fault in found for known in (fault.name, fault.room)}
    if unknown:
        raise SystemExit(f"no fault or room is called {', '.join(sorted(unknown))}")
    return found


def main() -> None:
    """Run from the command line; the exit code is 1 unless every fault was killed."""
    parser = argparse.ArgumentParser(prog="python -m tests.planted_faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="faults or rooms (default all)")
    parser.add_argument("--workers", type=int, default=1, help="how many copies to try faults in at once")
    parser.add_argument(
        "--write", action="store_true", help=f"write {TABLE.relative_to(ROOT)}; for all faults only"
    )
    given = parser.parse_args()
    faults = chosen(given.names)
    if given.write and given.names:
        parser.error("--write is for all faults: leave the names out")
    outcomes = tried_all(faults, given.workers)
    failing = failing_without(outcomes)
    if failing:
        raise SystemExit(f"without a fault this test fails, too: {failing}")
    if given.write:
        TABLE.write_text(page(outcomes), encoding="utf-8")
    left = [outcome for outcome in outcomes if outcome.verdict != "killed"]
    print(f"{len(outcomes)} faults, {len(outcomes) - len(left)} killed")
    for outcome in left:
        print(outcome.line())
    raise SystemExit(1 if left else 0)
