"""What can go wrong, in words: where, what was given, what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

LONGEST = 800
"""Characters of a sentence from which on a message leaves out its middle; of a file's name and a key half."""
MOST_TEXT = 8_000
"""Characters of many mistakes together from which on the rest is only counted."""
MOST_LISTED = 60


@dataclass(frozen=True)
class Problem:
    """One mistake in an input: where it stands and a sentence that says what is wrong and what is allowed."""

    message: str
    key: str = ""
    file: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = ":".join(
            str(part)
            for part in (_cut(self.file, LONGEST // 2), self.line, self.column)
            if part not in ("", None)
        )
        return ": ".join(part for part in (place, _cut(self.key, LONGEST // 2), _cut(self.message)) if part)


class GamelabError(Exception):
    """Any mistake that gamelab tells its user about; never shown as a traceback by the command line."""


class InputError(GamelabError, ValueError):
    """An input file, option or path was wrong; carries every problem found, not only the first."""

    def __init__(self, problems: Problem | str | Iterable[Problem]):
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(_first(self.problems)))


class GameError(GamelabError, ValueError):
    """A game, institution or strategy refuses what it was given; ``key`` names the setting or field."""

    def __init__(self, message: str, key: str = ""):
        self.key = key
        self.message = message
        super().__init__(_cut(f"{key}: {message}" if key else message))


class GamelabWarning(UserWarning):
    """Something allowed but probably not meant, such as a ladder of fines that falls."""


HIDDEN = re.compile("[\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
"""Characters that are not seen and change what is: of no width, or of a direction of writing."""


def visible(text: str) -> str:
    r"""Return a text on one line, with every character that is not seen written as its escape.

    >>> print(visible("reward\u202e\u200b is unknown"))
    reward\u202e\u200b is unknown
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\xa0" else ascii(c)[1:-1] for c in text)


def _cut(text: str, most: int = LONGEST) -> str:
    """Return a text as a message shows it: on one line, and without its middle where it is very long."""
    shown = visible(
        text[: most + 1] + text[most + 1 :][-most:]
    )  # escapes are longer than what they stand for
    return shown if len(shown) <= most else f"{shown[: most - 200]} ... {shown[-190:]}"


def _first(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield problems as lines until they are long enough together, at least one, then how many are left."""
    length = 0
    for k, problem in enumerate(known := tuple(problems)):
        line = str(problem)
        length += len(line) + 1
        if k and length > MOST_TEXT:
            yield f"... and {len(known) - k} more mistakes"
            return
        yield line


def nearest(name: str, names: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the known name closest to ``name``, or an empty string.

    >>> nearest("monitorng", ["monitoring", "transparency"])
    "; did you mean 'monitoring'?"
    """
    close = get_close_matches(name.lower(), list(names), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""


def listed(names: Iterable[str]) -> str:
    """Return the names as a sentence would list them; of very many only the first.

    >>> listed(["public", "private", "none"])
    'public, private or none'
    """
    *rest, last = list(names) or ["nothing"]
    if len(rest) >= MOST_LISTED:
        return f"{', '.join(rest[:MOST_LISTED])}, ... ({len(rest) + 1} in all)"
    return f"{', '.join(rest)} or {last}" if rest else last
