"""Many inputs, in as many processes as are given, and a report of what they found."""

import argparse
import faulthandler
import gc
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from .doors import MEGABYTES, SECONDS, SOLVING_SECONDS, Attempt, Finding, attempt, held
from .generators import DOORS, Input, made
from .shrinking import shrunk

BATCH = 200
MOST_SHOWN = 40


def ready() -> None:
    """Load what a process loads once, so that no input is charged with it: compiled loops, figures, tables."""
    import matplotlib.figure  # noqa: F401
    import pandas  # noqa: F401

    import gamelab as gl

    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    if find_spec("numba"):
        gl.simulate(gl.repeated(stage, discount_factor=0.5), "grim", matches=1)


@dataclass
class Report:
    """What was tried and found: the slowest and the largest of every door, and each finding once."""

    tried: Counter = field(default_factory=Counter)
    taken: Counter = field(default_factory=Counter)
    slowest: dict[str, tuple[float, int]] = field(default_factory=dict)
    largest: dict[str, tuple[float, int]] = field(default_factory=dict)
    findings: dict[tuple[str, str], Finding] = field(default_factory=dict)
    times: Counter = field(default_factory=Counter)
    kept: float = 0.0

    def note(self, given: Input, made_of_it: Attempt) -> None:
        """Add one attempt."""
        self.tried[given.door] += 1
        self.taken[given.door] += made_of_it.taken
        for record, number in ((self.slowest, made_of_it.seconds), (self.largest, made_of_it.megabytes)):
            record[given.door] = max(record.get(given.door, (0.0, -1)), (number, given.seed))
        for found in made_of_it.findings:
            self.times[found.signature] += 1
            self.findings.setdefault(found.signature, found)

    def add(self, other: "Report") -> None:
        """Add another report."""
        self.tried += other.tried
        self.taken += other.taken
        self.times += other.times
        self.kept = max(self.kept, other.kept)
        for mine, theirs in ((self.slowest, other.slowest), (self.largest, other.largest)):
            for door, record in theirs.items():
                mine[door] = max(mine.get(door, (0.0, -1)), record)
        for signature, found in other.findings.items():
            self.findings.setdefault(signature, found)

    def lines(self) -> Iterator[str]:
        """Yield the report, a line at a time."""
        yield f"{self.tried.total()} inputs, {len(self.findings)} kinds of findings"
        yield "door          tried   taken  slowest (seed)         most memory (seed)"
        for door in DOORS:
            (seconds, slow), (megabytes, large) = (
                r.get(door, (0.0, -1)) for r in (self.slowest, self.largest)
            )
            row = f"{door:11} {self.tried[door]:7} {self.taken[door]:7}"
            yield f"{row}  {seconds:6.3f} s {f'({slow})':12}  +{megabytes:.0f} MB ({large})"
        yield f"limits: {SECONDS:g} s, solving {SOLVING_SECONDS:g} s of processor time; {MEGABYTES} MB more than before"
        yield f"a process held {self.kept:.0f} MB at most after its inputs"
        for signature, found in list(self.findings.items())[:MOST_SHOWN]:
            yield ""
            yield f"{self.times[signature]} times:"
            yield from told(found)


def told(found: Finding) -> Iterator[str]:
    """Yield a finding, a line at a time: what it is, and the input that shows it."""
    yield f"{found.kind}: {found.detail} (seed {found.input.seed})"
    yield f"  {found.input.door} {' '.join(map(ascii, found.input.arguments))}"
    text = found.input.data
    text = text.decode("utf-8", "backslashreplace") if isinstance(text, bytes) else text
    yield from (f"  | {ascii(line)[1:-1][:300]}" for line in text.split("\n")[:40])


def tried(seeds: Iterable[int], patience: float = 0.0, doors: Sequence[str] = DOORS) -> Report:
    """Try the inputs of some seeds in this process, those at these doors; new findings are shrunk for so many
    seconds each.
    """
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        attempt(
            Input(-1, "words", "", ("describe", "grim")), Path(folder)
        )  # what is imported once is not counted
        attempt(made_for("file"), Path(folder))
        for seed in seeds:
            given = made(seed)
            if given.door not in doors:
                continue
            known = set(report.findings)
            report.note(given, attempt(given, Path(folder)))
            for signature in set(report.findings) - known if patience else ():
                report.findings[signature] = shrunk(report.findings[signature], patience)
    gc.collect()
    report.kept = held(peak=False)
    return report


def made_for(door: str) -> Input:
    """Return the first input of a door."""
    return next(given for seed in range(1000) if (given := made(seed)).door == door)


def _batch(start: int, end: int, patience: float, doors: Sequence[str]) -> Report:
    """Try a batch in a process of its own; one that nothing else stops ends with its stacks shown."""
    os.environ.setdefault("COLUMNS", "80")
    faulthandler.dump_traceback_later(1200, exit=True)
    try:
        return tried(range(start, end), patience, doors)
    finally:
        faulthandler.cancel_dump_traceback_later()


def many(
    inputs: int,
    seed: int,
    workers: int,
    patience: float = 10.0,
    minutes: float = 1e9,
    doors: Sequence[str] = DOORS,
) -> Report:
    """Try many inputs in processes that are renewed now and then; stop early after so many minutes."""
    report, end = Report(), time.monotonic() + 60 * minutes
    starts = range(seed, seed + inputs, BATCH)
    waves = range(0, len(starts), 4 * workers)
    for first in waves:
        if time.monotonic() > end:
            break
        try:
            with ProcessPoolExecutor(workers, initializer=ready) as pool:
                jobs = {pool.submit(partial(_batch, s, min(s + BATCH, seed + inputs), patience, doors)): s
                        for s in starts[first : first + 4 * workers]}  # fmt: skip
                for job in jobs:
                    known = set(report.findings)
                    report.add(job.result())
                    for signature in set(report.findings) - known:
                        print("\n".join(told(report.findings[signature])), file=sys.stderr)
        except BrokenProcessPool:
            near = Input(starts[first], "file")
            report.findings["died", str(near.seed)] = Finding(
                "died", f"one of the seeds from {near.seed} on", near
            )
        print(f"{report.tried.total()} inputs, {len(report.findings)} findings", file=sys.stderr, flush=True)
    return report


def main() -> None:
    """Read the options, try, report; end with 1 where something was found."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    options.add_argument("--inputs", type=int, default=100_000, help="how many")
    options.add_argument("--seed", type=int, default=0, help="the first seed")
    options.add_argument("--workers", type=int, default=2, help="how many processes")
    options.add_argument("--patience", type=float, default=10.0, help="seconds to shrink each finding")
    options.add_argument("--minutes", type=float, default=1e9, help="no new inputs after so many minutes")
    options.add_argument(
        "--doors", nargs="+", choices=DOORS, default=DOORS, help="which doors; others are passed by"
    )
    given = options.parse_args()
    report = many(given.inputs, given.seed, given.workers, given.patience, given.minutes, given.doors)
    print("\n".join(report.lines()))
    sys.exit(1 if report.findings else 0)
