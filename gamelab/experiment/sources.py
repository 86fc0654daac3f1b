"""Sources: scenarios by file, name or folder, and what results say of where they come from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gamelab.errors import GameError, InputError, Problem
from gamelab.scenario import Scenario, applied, find, holds_several, label, load


def heading(scenario: Scenario, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an entry of a results file begins with: the scenario, and what was changed in it."""
    return {
        "title": scenario.title,
        "about": scenario.about,
        "source": scenario.source,
        "file": label(scenario.file),
        "digest": scenario.digest,
        "overrides": applied(scenario, overrides),
    }


def check_source(source: Any, key: str) -> None:
    """Refuse what is no name of a scenario; ``key`` is the argument that it was given for."""
    if not isinstance(source, str | os.PathLike) or isinstance(os.fspath(source), bytes):
        names = "a file, a folder or the name of a packaged scenario, as a text or a path"
        raise GameError(f"a {type(source).__name__} given; write {names}", key)


def load_scenario(source: str | Path) -> Any:
    """Read a scenario, or every scenario of a folder.

    Parameters
    ----------
    source : str or Path
        A file, a folder, or the name of one that comes with the package. An existing path goes first.

    Returns
    -------
    Scenario or list of Scenario
        A list for a folder, however many scenarios are in it, in the order of their paths.

    Raises
    ------
    InputError
        With every mistake of every file; or where the name stands for nothing.
    GameError
        For what is no name.

    Examples
    --------
    >>> import gamelab as gl
    >>> gl.load("prisoners_dilemma").arrangements
    ('none', 'horizontal', 'hierarchical')
    >>> len(gl.load("box1"))
    15
    """
    check_source(source, "source")
    files = find(source)
    if not holds_several(source):
        return load(files[0])
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for path in files:
        try:
            scenarios.append(load(path))
        except InputError as refusal:
            problems += refusal.problems
    if problems:
        raise InputError(problems)
    return scenarios
