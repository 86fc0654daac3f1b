"""The doors, each tried with one input: what comes out, how long it takes, and what is wrong with it."""

import contextlib
import io
import json
import os
import resource
import signal
import sys
import time
import traceback
import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np

from gamelab.cli import app
from gamelab.errors import GameError, GamelabWarning, InputError, Problem
from gamelab.expressions import parse
from gamelab.scenario import assignments, load, loads, overridden
from gamelab.stages.nfg import parsed
from gamelab.stages.nfg_writing import nfg_text
from gamelab.stages.normal_form import read_nfg
from gamelab.testing.laws.tolerance_laws import beyond_eps

from .calls import SCOPE as CALLABLE
from .generators import FILE, Input
from .maps_and_tables import BESIDE, TABLE

SECONDS = 1.0
"""What any door may take, in processor time; for ``solve`` that is what reading may take."""
SOLVING_SECONDS = 20.0
"""What solving a scenario may take."""
SOLVING = ("solve", "calls")
MEGABYTES = 240
"""By how much memory may grow at its highest; a process that has read one scenario holds 50, so it stays under 300."""
LONGEST_MESSAGE = 2000
SCOPE = {
    "x": Fraction(1, 3),
    "half": 0.5,
    "big": Fraction(10) ** 300,
    "grid": np.array([0.0, 1, 2]),
    "word": "grim",
}
SCOPE |= {"'two tiers'.cost": Fraction(1)}


class TooSlowError(BaseException):
    """An input that takes far too long; no ``except Exception`` stops it."""


@dataclass(frozen=True)
class Finding:
    """Something that a door must not do: of which kind, where in the code or in which words, and by which input."""

    kind: str
    detail: str
    input: Input

    @property
    def signature(self) -> tuple[str, str]:
        return self.kind, self.detail


@dataclass(frozen=True)
class Attempt:
    """What one input did: refused or taken, its processor time and the growth of memory, and its findings."""

    taken: bool
    seconds: float
    megabytes: float
    findings: tuple[Finding, ...]
    solving: bool = False


def attempt(given: Input, folder: Path) -> Attempt:
    """Try one input in a folder; what seems slow is tried twice more, and the quickest time counts."""
    before = held(peak=False)
    _forget_peak()
    taken, findings, seconds = _once(given, folder)
    megabytes = held(peak=True) - before
    limit = SOLVING_SECONDS if given.door in SOLVING else SECONDS
    slow = seconds > limit
    for _ in range(1 if given.door in SOLVING else 2):
        if seconds > limit:
            seconds = min(seconds, _once(given, folder)[2])
    if slow and seconds <= limit:
        findings = tuple(found for found in findings if found.kind != "stopped")
    elif slow and not any(found.kind == "stopped" for found in findings):
        findings = (*findings, Finding("slow", given.door, given))
    if megabytes > MEGABYTES:
        findings = (*findings, Finding("memory", given.door, given))
    return Attempt(taken, seconds, megabytes, findings, given.door in SOLVING)


STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def held(peak: bool) -> float:
    """Return the memory that this process holds, or held at its peak, in megabytes; elsewhere always its peak."""
    if not FORGET.exists():
        largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return largest / (1024 if sys.platform != "darwin" else 2**20)
    word = "VmHWM:" if peak else "VmRSS:"
    return next(
        int(line.split()[1]) / 1024 for line in STATUS.read_text().split("\n") if line.startswith(word)
    )


def _forget_peak() -> None:
    """Begin a new peak, so that an input counts that needs less than one before it."""
    with contextlib.suppress(OSError):
        FORGET.write_text("5")


def _once(given: Input, folder: Path) -> tuple[bool, tuple[Finding, ...], float]:
    limit = SOLVING_SECONDS if given.door in SOLVING else SECONDS
    start = time.process_time()
    try:
        patience = (1.5 if given.door in SOLVING else 5) * limit
        with _inside(folder), warnings.catch_warnings(), _stopped_after(patience):
            warnings.simplefilter("error")
            warnings.simplefilter("ignore", GamelabWarning)
            taken, wrong = _DOORS[given.door](given, folder)
    except (Exception, TooSlowError) as failure:
        kind = "stopped" if isinstance(failure, TooSlowError) else "traceback"
        taken, wrong = False, [(kind, _where(failure))]
    seconds = time.process_time() - start
    return taken, tuple(Finding(kind, detail, given) for kind, detail in wrong), seconds


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Work in a folder, and leave nothing behind in it."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()


@contextlib.contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    """Stop what uses too much processor time."""

    def stop(*_: object) -> None:
        raise TooSlowError(f"stopped after {seconds:g} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _where(failure: BaseException) -> str:
    """Return which exception came from which function of the house."""
    frames = traceback.extract_tb(failure.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}gamelab{os.sep}" in frame.filename] or list(frames)
    if isinstance(failure, TooSlowError):
        return ours[-1].name if ours else ""
    last = f"{Path(ours[-1].filename).name}:{ours[-1].name}" if ours else "?"
    return f"{type(failure).__name__} in {last}"


Wrong = list[tuple[str, str]]


def _written(given: Input, folder: Path, name: str = "given.yaml") -> Path:
    """Write the input's file, with a .nfg file beside it."""
    (folder / BESIDE).write_text(TABLE)
    path = folder / name
    path.write_bytes(
        given.data if isinstance(given.data, bytes) else given.data.encode("utf-8", "surrogatepass")
    )
    return path


def _file(given: Input, folder: Path) -> tuple[bool, Wrong]:
    path = _written(given, folder)
    try:
        load(path)
    except InputError as refusal:
        lines = path.read_bytes().count(b"\n") + path.read_bytes().count(b"\r") + 1
        return False, problem_faults(refusal.problems, lines)
    return True, []


def _nfg(given: Input, folder: Path) -> tuple[bool, Wrong]:
    path = table = _written(given, folder, BESIDE)
    if given.arguments:
        path = folder / "given.yaml"
        path.write_text(given.arguments[0])
    lines = path.read_bytes().count(b"\n") + 1
    try:
        game = None if given.arguments else read_nfg(path)
        if given.arguments:
            load(path)
    except InputError as refusal:
        return False, problem_faults(refusal.problems, lines)
    except GameError as refusal:
        return False, message_faults(str(refusal))
    if game is None:
        return True, []
    again, first = parsed(nfg_text(game)), parsed(table.read_bytes().decode("utf-8-sig"))
    same = np.array_equal(again.payoffs.astype(float), first.payoffs.astype(float))
    return True, [] if same else [("not the same", "written and read")]


def _text(given: Input, folder: Path) -> tuple[bool, Wrong]:
    (folder / BESIDE).write_text(TABLE)
    try:
        loads(str(given.data))
    except InputError as refusal:
        return False, problem_faults(
            refusal.problems, str(given.data).count("\n") + str(given.data).count("\r") + 1
        )
    return True, []


def problem_faults(problems: tuple[Problem, ...], lines: int) -> Wrong:
    """Return what is wrong with a refusal: every mistake of a file has its place, in words that can be shown."""
    wrong = [] if problems else [("no message", "")]
    for problem in problems:
        words = " ".join(problem.message.split()[:4])
        if not problem.file or problem.line is None:
            wrong.append(("no place", words))
        elif not (1 <= problem.line <= lines + 1 and (problem.column or 0) >= 0):
            wrong.append(("no such line", words))
        wrong += message_faults(str(problem))
    return wrong


def message_faults(message: str) -> Wrong:
    """Return what is wrong with a message: it is too long, or holds what cannot be seen."""
    words = " ".join(message.split(": ")[-1].split()[:3])
    wrong = [("long message", words)] if len(message) > LONGEST_MESSAGE else []
    strange = next((c for c in message if hidden(c)), None)
    return wrong + ([("hidden character", f"{strange!a} in a message: {words}")] if strange else [])


def hidden(character: str) -> bool:
    """Tell whether a character could change what a terminal shows around it."""
    return (
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        or "\u202a" <= character <= "\u202e"
        or "\u2066" <= character <= "\u2069"
    )


def _expression(given: Input, folder: Path) -> tuple[bool, Wrong]:
    try:
        value = parse(str(given.data)).evaluate(SCOPE)
    except InputError as refusal:
        return False, message_faults(str(refusal))
    finite = isinstance(value, Fraction) or bool(np.isfinite(value).all())
    if isinstance(value, Fraction):
        float(value)
    return True, [] if finite else [("not a number", str(given.data)[:40])]


@cache
def _scenario(text: str):
    return loads(text)


def _set(given: Input, folder: Path) -> tuple[bool, Wrong]:
    try:
        overridden(_scenario(str(given.data)), assignments(given.arguments))
    except InputError as refusal:
        return False, ([] if refusal.problems else [("no message", "--set")]) + [
            wrong for problem in refusal.problems for wrong in message_faults(str(problem))
        ]
    return True, []


def said(arguments: list[str]) -> tuple[int, str, str]:
    """Return the exit code of a command line, and what it writes; an exception that escapes it is raised."""
    out, err = (
        io.TextIOWrapper(io.BytesIO(), "utf-8", errors=e, newline="") for e in ("replace", "backslashreplace")
    )
    code: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            app(arguments, prog_name="gamelab")
        except SystemExit as end:
            code = end.code
    out.flush(), err.flush()
    texts = [stream.buffer.getvalue().decode("utf-8", "replace") for stream in (out, err)]
    return (code if isinstance(code, int) else 0 if code is None else 1), *texts


def _words(given: Input, folder: Path) -> tuple[bool, Wrong]:
    code, out, err = said(list(given.arguments))
    wrong = _said(code, out, err)
    if given.arguments == ("schema",):
        json.loads(out)
    if given.arguments[:1] == ("new",) and code == 0 and out.startswith("written"):
        wrong += [("template refused", found.name) for found in folder.glob("*.y*ml") if not load(found)]
    return code == 0, wrong


def _said(code: int, out: str, err: str) -> Wrong:
    wrong = [] if code in (0, 1, 2) else [("exit code", str(code))]
    wrong += [("no message", f"exit code {code}")] if code == 2 and not err.strip() else []
    wrong += [("traceback", "printed")] if "Traceback (most recent" in err else []
    for line in err.split("\n") if not err.startswith("Usage:") else ():  # these are typer's own words
        wrong += message_faults(line.rstrip("\r"))
    strange = next((c for c in out.replace("\n", "") if unicodedata.category(c) == "Cc"), None)
    return wrong + ([("hidden character", f"{strange!a} in what is shown")] if strange else [])


def _solve(given: Input, folder: Path) -> tuple[bool, Wrong]:
    file = _written(given, folder)
    arguments = [str(file) if word == FILE else word for word in given.arguments]
    start = time.process_time()
    with contextlib.suppress(InputError):
        load(file)
    slow = time.process_time() - start
    if slow > SECONDS:
        file_input = replace(given, door="file", arguments=())
        return False, [("slow", "reading")] if attempt(file_input, folder).seconds > SECONDS else []
    code, out, err = said(arguments)
    wrong = _said(code, "" if "--json" in arguments else out, err)
    if "--json" in arguments and code != 2:
        wrong += _answers(json.loads(out, parse_constant=_no_constant))
    if "--out" in arguments and code != 2:
        json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"), parse_constant=_no_constant)
    return code != 2, wrong


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} in JSON")


def _answers(document: dict) -> Wrong:
    """Return where something is said to hold without the number that it would hold with."""
    wrong: Wrong = []
    for scenario in document["scenarios"]:
        for name in scenario["arrangements"].values():
            wrong += [("beyond eps", "") for candidate in name["candidates"] if beyond_eps(candidate)]
            numbers = [name[key] for key in ("gross_benefit", "transaction_cost", "net_benefit")]
            compared = scenario["arrangements"]["none"]["profile"] is not None  # else there is no baseline
            if name["supported"] == "yes" and compared and None in numbers:
                wrong.append(("holds without a number", "arrangement"))
        for found in scenario["claims"]:
            if found["holds"] and found["value"] is None and isinstance(found["expected"], int | float):
                wrong.append(("holds without a number", found["quantity"]))
    return wrong


def _calls(given: Input, folder: Path) -> tuple[bool, Wrong]:
    """Run a program of calls; a mistake in the program itself is none of ours."""
    scope = dict(CALLABLE)
    try:
        exec(compile(str(given.data), "<program>", "exec"), scope)
    except GameError as refusal:
        return False, message_faults(str(refusal))
    except (SyntaxError, NameError, AttributeError, TypeError, ValueError, ArithmeticError) as failure:
        frames = traceback.extract_tb(failure.__traceback__)
        if any(f"{os.sep}gamelab{os.sep}" in frame.filename for frame in frames):
            raise
        return False, []
    return True, []


_DOORS = {
    "file": _file,
    "text": _text,
    "nfg": _nfg,
    "expression": _expression,
    "set": _set,
    "words": _words,
    "solve": _solve,
    "calls": _calls,
}
