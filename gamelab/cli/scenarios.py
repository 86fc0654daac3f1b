"""SCENARIO arguments: found, loaded and solved, with the mistakes of all of them told at once."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gamelab.errors import GameError, GamelabWarning, InputError, Problem

if TYPE_CHECKING:
    from gamelab.scenario import Scenario

Loaded = tuple[Path, "Scenario"]


def loaded(sources: Iterable[str], problems: Iterable[Problem] = ()) -> list[Loaded]:
    """Return every scenario that the sources name, each file once.

    Parameters
    ----------
    sources : iterable of str
        Files, folders and names of packaged scenarios.
    problems : iterable of Problem
        Found already, elsewhere; told together with those of the files.

    Raises
    ------
    InputError
        With the problems of all sources and files.
    """
    from gamelab.scenario import find, load

    told = list(problems)
    paths: dict[Path, Path] = {}
    for source in sources:
        try:
            paths |= {path.resolve(): path for path in find(source)}
        except InputError as error:
            told += error.problems
    scenarios: list[Loaded] = []
    for path in paths.values():
        try:
            scenarios.append((path, load(path)))
        except InputError as error:
            told += error.problems
    if told:
        raise InputError(told)
    return scenarios


def solved(scenarios: Sequence[Loaded], solve: Callable[[Scenario], Any]) -> list[dict[str, Any]]:
    """Return the results of all scenarios as plain dictionaries; a bar on a terminal shows how far it is.

    What gamelab warns of stands in the results' notes and is not said twice.

    Raises
    ------
    InputError
        Where a game refuses a scenario's settings; it names the file.
    """
    results = []
    for path, scenario in _with_bar(scenarios):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", GamelabWarning)
            try:
                results.append(solve(scenario).to_dict())
            except GameError as error:
                raise InputError(Problem(str(error), file=str(path))) from error
    return results


def _with_bar(scenarios: Sequence[Loaded]) -> Iterable[Loaded]:
    if len(scenarios) < 2 or not sys.stderr.isatty():
        return scenarios
    from rich.console import Console
    from rich.progress import track

    return track(scenarios, "Solving", console=Console(stderr=True), transient=True)
