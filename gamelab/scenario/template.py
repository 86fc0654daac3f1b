"""Templates: commented scenarios to start from, one a kind of stage game, in the folder ``starting``."""

from __future__ import annotations

from pathlib import Path

from gamelab.errors import InputError, Problem, listed, nearest
from gamelab.scenario.files import ENDINGS

STARTING = Path(__file__).parent / "starting"
PLACEHOLDER = "FILE"
"""Stands in a template for the name of the file that is made of it."""


def templates() -> dict[str, Path]:
    """Return the templates by the kind of stage game; a new file in the folder is a new one.

    >>> "prisoners_dilemma" in templates()
    True
    """
    return {path.stem: path for path in sorted(STARTING.glob("*.yaml"))}


def start(file: Path, kind: str) -> None:
    """Write a starting scenario to a new file.

    Raises
    ------
    InputError
        For an unknown kind, a file that is there already, a name without the ending, a missing folder, or
        where the file cannot be written.
    """
    known = templates()
    problems: list[Problem] = []
    if kind not in known:
        hint = nearest(kind, known)
        problems.append(
            Problem(f"there is no starting scenario '{kind}'; write {listed(known)}{hint}", "--kind")
        )
    refusal = _refusal(file)
    if refusal:
        problems.append(Problem(refusal, "", str(file)))
    if problems:
        raise InputError(problems)
    text = known[kind].read_text(encoding="utf-8").replace(PLACEHOLDER, file.name)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except (OSError, ValueError) as failure:
        reason = (getattr(failure, "strerror", None) or str(failure)).lower()
        raise InputError(Problem(f"cannot be written: {reason}", "", str(file))) from None


def _refusal(file: Path) -> str:
    """Return why a file is not written, and what to do; an empty text where it can be."""
    try:
        if file.is_dir():
            return f"a folder; name a file in it, such as {file / 'scenario.yaml'}"
        if file.exists() or file.is_symlink():
            return "is there already and is left as it is; choose another name"
        if file.suffix not in ENDINGS:
            return f"a scenario's name ends with .yaml; write {file}.yaml"
        if not file.parent.is_dir():
            return f"there is no folder '{file.parent}'; make it first, or name another"
    except (OSError, ValueError) as failure:
        return f"no name for a file: {failure}"
    return ""
