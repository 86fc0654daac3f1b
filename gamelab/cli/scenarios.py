"""SCENARIO arguments: found, loaded and solved, with the mistakes of all of them told at once."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gamelab.errors import GameError, GamelabWarning, InputError, Problem

if TYPE_CHECKING:
    from rich.progress import Progress as Shown

    from gamelab.scenario import Scenario

Loaded = tuple[Path, "Scenario"]


def loaded(sources: Iterable[str], problems: Iterable[Problem] = ()) -> tuple[list[Loaded], list[Problem]]:
    """Return every scenario that the sources name, each file once, and the mistakes of the other files.

    Parameters
    ----------
    sources : iterable of str
        Files, folders and names of packaged scenarios.
    problems : iterable of Problem
        Found already, elsewhere; told together with those of the files.

    Raises
    ------
    InputError
        With all problems, where a source names nothing, something was wrong elsewhere, or no file is sound.
    """
    from gamelab.scenario import find, load

    all_problems = list(problems)
    paths: dict[Path, Path] = {}
    for source in sources:
        try:
            paths |= {path.resolve(): path for path in find(source)}
        except InputError as error:
            all_problems += error.problems
    stopped = bool(all_problems)
    scenarios: list[Loaded] = []
    for path in paths.values():
        try:
            scenarios.append((path, load(path)))
        except InputError as error:
            all_problems += error.problems
    if stopped or not scenarios:
        raise InputError(all_problems)
    return scenarios, all_problems


def changed(scenarios: Sequence[Loaded], texts: Iterable[str]) -> list[dict[str, Any]]:
    """Return for each scenario what PATH=VALUE texts change in it.

    Raises
    ------
    InputError
        Where one of them is refused by one of the scenarios: a change that not all of them know is a slip.
    """
    from gamelab.scenario import assignments, overridden

    refused: list[Problem] = []
    changes: list[dict[str, Any]] = []
    try:
        overrides = assignments(texts)
    except InputError as error:
        raise InputError(replace(p, key=f"--set {p.key}".strip()) for p in error.problems) from None
    for _, scenario in scenarios:
        try:
            changes.append(overridden(scenario, overrides) if overrides else {})
        except InputError as error:
            refused += [p if p.line else replace(p, key=f"--set {p.key}".strip()) for p in error.problems]
    if refused:
        raise InputError(refused)
    return changes


def solved(
    scenarios: Sequence[Loaded],
    solve: Callable[..., Any],
    overrides: Sequence[Mapping[str, Any]],
    bar: Bar | None = None,
    *,
    curves: bool = False,
    **options: Any,
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Return the results as plain dictionaries, and what games refused; the bar shows how far it is.

    With ``curves`` they hold what pictures show, too; ``options`` are handed on to ``solve``. What gamelab
    warns of stands in the results' notes and is not said twice.
    """
    results: list[dict[str, Any]] = []
    all_problems: list[Problem] = []
    for (path, scenario), there in zip(scenarios, overrides):
        if bar:
            bar.begin(len(scenarios))
            options["progress"] = bar
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", GamelabWarning)
            try:
                result = solve(scenario, there, **options)
                results.append({**result.to_dict(), **({"curves": result.curves} if curves else {})})
            except GameError as error:
                all_problems.append(Problem(str(error), file=str(path)))
            except InputError as error:
                all_problems += error.problems
    return results, all_problems


class Bar:
    """How much is done and how much time is left, on a terminal; of several scenarios, at which one it is.

    Parameters
    ----------
    shown : rich.progress.Progress
    label : str
        What is being done.
    """

    def __init__(self, shown: Shown, label: str):
        self.shown, self.label, self.begun = shown, label, 0
        self.task = shown.add_task(label, total=None, visible=False)

    def begin(self, count: int) -> None:
        """Go on to the next one of so many scenarios."""
        self.begun += 1
        place = f" {self.begun} of {count}" if count > 1 else ""
        self.shown.update(self.task, description=self.label + place)

    def __call__(self, done: int, total: int) -> None:
        """Show how much of the whole is done."""
        self.shown.update(self.task, completed=done, total=total, visible=done < total)


@contextmanager
def task_bar(label: str) -> Iterator[Bar | None]:
    """Give a bar where standard error is a terminal; None elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as shown:
        yield Bar(shown, label)
