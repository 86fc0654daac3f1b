"""YAML text to plain nodes with their places; numbers stay as written, and no file ever runs code."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from gamelab.errors import HIDDEN, Problem
from gamelab.expressions import dotted, shortened
from gamelab.scenario.syntax import DEEPER, explained, mended, spaced, tabs, without_line

DEEPEST = 30
TWICE = "is there twice; it was given before"
LISTS = ("claims", "profiles", "maps")
"""Keys that hold lists: below them, keys that come again are items whose dash was forgotten."""
ATTEMPTS = 20
MOST_READ = 200_000
"""Characters that are read over all attempts, of which there is always one."""
MOST_LINES = 20_000
MOST_CHARACTERS = 200_000
"""Of the whole text: a longer one would take longer than a second, whatever it says."""
MOST_VALUES = 8000
"""Keys and values that are read, over all attempts; more would take longer than a second."""
MOST_PROBLEMS = 200

NULLS = ("", "~", "null", "Null", "NULL")
_UNREADABLE = (YAMLError, ValueError, IndexError, TypeError, AttributeError)
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_NOT_TEXT = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)  # what YAML 1.2 does not allow in a file, and the control character 85


@dataclass(frozen=True)
class Scalar:
    """A text as written; ``plain`` where it stands without quotes."""

    text: str
    line: int
    column: int
    plain: bool = True

    @property
    def null(self) -> bool:
        """Whether nothing, ``~`` or ``null`` is written."""
        return self.plain and self.text in NULLS

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Listing:
    """A list of nodes."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True)
class Branch:
    """A mapping from texts to nodes, in the file's order.

    ``keys`` holds each key with its own place; ``flow`` tells whether it is written in braces.
    """

    entries: dict[str, Node]
    line: int
    column: int
    keys: dict[str, Scalar] = field(default_factory=dict)
    flow: bool = False

    def place(self, key: str) -> Scalar | Branch:
        """Return the key, or the whole mapping where it has no such key."""
        return self.keys.get(key, self)


Node = Scalar | Listing | Branch


@dataclass(frozen=True)
class Reading:
    """What was read of a text.

    Parameters
    ----------
    root : Branch or None
        None where the text is no mapping at all, or breaks off where nothing can be guessed.
    problems : tuple of Problem
        Every mistake found, each with line and column.
    mended : frozenset of int
        The lines that were mended so that the reading could go on.
    partial : bool
        Whether lines were left out.
    """

    root: Branch | None
    problems: tuple[Problem, ...] = ()
    mended: frozenset[int] = frozenset()
    partial: bool = False


def read(text: str, file: str = "<text>") -> Reading:
    """Read a YAML text; where YAML itself cannot go on, a line is mended or left out.

    Parameters
    ----------
    text : str
    file : str
        Its name, for the problems.
    """
    strange = _NOT_TEXT.search(text)
    if strange:
        line, column = _line_and_column(text, strange.start())
        message = f"not a text file: it holds the character {strange[0]!a}"
        return Reading(None, (Problem(message, "", file, line, column),))
    hidden = HIDDEN.search(text)
    if hidden:
        line, column = _line_and_column(text, hidden.start())
        return Reading(None, (Problem(_unseen(hidden), "", file, line, column),))
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # to YAML they are line breaks, too
    if text.count("\n") > MOST_LINES or len(text) > MOST_CHARACTERS:
        most = f"{MOST_CHARACTERS:,} characters or {MOST_LINES:,} lines"
        message = f"more than {most}; a scenario is a short text"
        return Reading(None, (Problem(message, "", file, 1, 1),))
    text, problems = spaced(text, file)
    changed = {each.line or 1 for each in problems}
    partial = False
    repaired_once: set[int | None] = set()
    left = MOST_VALUES
    for _ in range(max(1, min(ATTEMPTS, MOST_READ // max(1, len(text))))):
        composer = _Composer(file, left)
        try:
            root = composer.document(YAML(typ="safe", pure=True).parse(text))
        except _TooMuchError:
            return Reading(None, _merged(problems, composer.problems))
        except _UNREADABLE as stopped:
            problem = _stopped(stopped, text, file)
            follows = problem.message == DEEPER and (problem.line or 1) - 1 in changed
            again = problem.line in repaired_once
            if (
                not partial and not follows and not again
            ):  # what follows a line left out may be its consequence
                problems += [problem, *tabs(text, problem)]
            repaired = mended(text, problem) if not again else None
            repaired_once.add(problem.line)
            partial = partial or repaired is None
            text = repaired if repaired is not None else without_line(text, problem)
            changed.update(each.line or 1 for each in (problem, *problems))
            left = composer.left
            continue
        if root is not None and not isinstance(root, Branch) and not partial:
            composer.refuse("a scenario is a mapping: keys with a colon, such as 'gamelab: 1'", root)
        elif root is None and not composer.problems and not problems:
            composer.problems.append(Problem("the file is empty", "", file, 1, 1))
        merged = _merged(problems, composer.problems)
        return Reading(root if isinstance(root, Branch) else None, merged, frozenset(changed), partial)
    return Reading(None, _merged(problems, []), frozenset(changed), True)


def _merged(first: Iterable[Problem], second: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys([*first, *second]))[:MOST_PROBLEMS]


def _unseen(hidden: re.Match[str]) -> str:
    return f"a character that is not seen, {hidden[0]!a}: leave it out"


def _line_and_column(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - before.rfind("\n")


def _stopped(stopped: Exception, text: str, file: str) -> Problem:
    if not isinstance(stopped, MarkedYAMLError):
        return Problem("cannot be read as YAML", "", file, 1, 1)
    opened, at = stopped.context_mark, stopped.problem_mark or stopped.context_mark
    lines = text.split("\n")
    line, column = (at.line, at.column) if at is not None else (0, 0)
    message, where = explained(
        str(stopped.problem or stopped.context or ""),
        str(stopped.context or ""),
        lines,
        (line, column),
        (opened.line, opened.column) if opened is not None else None,
    )
    return Problem(message, "", file, min(where[0], len(lines) - 1) + 1, where[1] + 1)


class _TooMuchError(YAMLError):
    """Nesting or a number of values beyond the limit."""


class _Composer:
    """Builds nodes from YAML events, and collects what a scenario does not allow."""

    def __init__(self, file: str, left: int):
        self.file = file
        self.left = left
        self.first = left == MOST_VALUES
        self.problems: list[Problem] = []
        self.path: list[str] = []

    def refuse(self, message: str, at: Any, *keys: str) -> None:
        """Note a problem at a node or at an event."""
        key = dotted([*self.path, *keys])
        mark = getattr(at, "start_mark", None)
        line, column = (at.line, at.column) if mark is None else (mark.line + 1, mark.column + 1)
        self.problems.append(Problem(message, key, self.file, line, column))

    def document(self, events: Iterator[Any]) -> Node | None:
        """Return the only document."""
        root: Node | None = None
        documents = 0
        for event in events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    self.refuse("a second document starts here; write one scenario per file", event)
                    return root
                if event.version or event.tags:
                    self.refuse("a scenario has no YAML directives; remove the line with '%'", event)
            elif kind in ("ScalarEvent", "SequenceStartEvent", "MappingStartEvent", "AliasEvent"):
                root = self.node(event, events, 0)
                if isinstance(root, Scalar) and root.null and not self.problems:
                    root = None
        return root

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        """Return the node that an event opens."""
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        kind = type(event).__name__
        if kind == "AliasEvent":
            self.refuse(f"'*{shortened(event.anchor)}' is an alias: write the value out", event)
            return Scalar("", line, column)
        if event.anchor:
            self.refuse(f"'&{shortened(event.anchor)}' is an anchor: write every value out", event)
        if event.tag and event.tag != "!":
            self.refuse(f"'{shortened(event.tag)}' is a tag: write the value without it", event)
        self.left -= 1
        if self.left < 0:
            if self.first:
                self.refuse(f"more than {MOST_VALUES:,} keys and values; a scenario is a short text", event)
            raise _TooMuchError
        if depth > DEEPEST:
            self.refuse(f"nested more than {DEEPEST} deep", event)
            raise _TooMuchError
        if kind == "ScalarEvent":
            strange = _NOT_TEXT.search(event.value)
            if strange:
                self.refuse(f"an escape that stands for the character {strange[0]!a}: leave it out", event)
            hidden = HIDDEN.search(event.value)
            if hidden:
                self.refuse(_unseen(hidden), event)
            return Scalar(event.value, line, column, event.style in (None, ""))
        if kind == "SequenceStartEvent":
            return self.listing(events, depth, line, column)
        return self.branch(event, events, depth, line, column)

    def inside(self, key: str, event: Any, events: Iterator[Any], depth: int) -> Node:
        """Return the node at a key or index of the present one."""
        self.path.append(shortened(key))
        node = self.node(event, events, depth + 1)
        self.path.pop()
        return node

    def listed(self) -> bool:
        """Tell whether the present mapping is an item of a list, or might be meant as some."""
        return bool(self.path) and (self.path[-1].isdigit() or self.path[-1] in LISTS)

    def listing(self, events: Iterator[Any], depth: int, line: int, column: int) -> Listing:
        """Return the list up to its end."""
        items: list[Node] = []
        for event in events:
            if type(event).__name__ == "SequenceEndEvent":
                break
            items.append(self.inside(str(len(items)), event, events, depth))
        self.commas(items)
        return Listing(tuple(items), line, column)

    def commas(self, items: list[Node]) -> None:
        """Refuse ``[2,5, 4]``: where some commas have a space after them, one without may be decimal."""
        pairs = [
            (a, b, b.column == a.column + len(a.text) + 1)
            for a, b in itertools.pairwise(items)
            if isinstance(a, Scalar) and isinstance(b, Scalar) and a.plain and b.plain and a.line == b.line
        ]
        for a, b, tight in pairs:
            whole = re.fullmatch(r"-?\d+", a.text) and re.fullmatch(r"\d+", b.text)
            if tight and whole and not all(close for *_, close in pairs):
                thousands = f", {a.text}{b.text} for thousands" if len(b.text) == 3 else ""
                wanted = f"write {a.text}.{b.text} for one number{thousands}, or '{a.text}, {b.text}' for two"
                self.refuse(f"a comma without a space: {wanted}", a)

    def branch(self, opening: Any, events: Iterator[Any], depth: int, line: int, column: int) -> Branch:
        """Return the mapping up to its end, without the keys that it may not have."""
        entries: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        before: tuple[Scalar, Node] | None = None
        twice = False
        for event in events:
            if type(event).__name__ == "MappingEndEvent":
                break
            key = self.node(event, events, depth + 1)
            name = key.text if isinstance(key, Scalar) else "?"
            value = self.inside(name, next(events), events, depth)
            if not isinstance(key, Scalar):
                self.refuse("a key must be a text, not a list or a mapping", key)
            elif opening.flow_style and _valueless(key, value):
                if before is None or not _valueless(*before) or not _NUMBER.fullmatch(key.text):
                    self.refuse(_missing_value(key, before), key, key.text)
            elif key.plain and (key.text in NULLS or _NUMBER.fullmatch(key.text) or key.text in _BOOLEANS):
                self.refuse(f"a key must be a text: write '{shortened(key.text)}' in quotes", key)
            elif key.text in entries:
                if not (twice and self.listed()):
                    first = keys[key.text].line
                    item = "; put '- ' before it if another item begins here" if self.listed() else ""
                    self.refuse(f"{TWICE} in line {first}{item}", key, key.text)
                twice = True
            else:
                blank = isinstance(value, Scalar) and value.plain and not value.text
                entries[key.text] = Scalar("", key.line, key.column) if blank else value
                keys[key.text] = key
            before = (key, value) if isinstance(key, Scalar) else None
        return Branch(entries, line, column, keys, bool(opening.flow_style))


_BOOLEANS = ("true", "false", "True", "False", "TRUE", "FALSE")


def _valueless(key: Scalar, value: Node) -> bool:
    """Tell whether a key in braces has neither a colon nor a value after it."""
    if not (isinstance(value, Scalar) and value.plain and value.text == ""):
        return False
    return value.line == key.line and value.column <= key.column + len(key.text) + 2 * (not key.plain)


def _missing_value(key: Scalar, before: tuple[Scalar, Node] | None) -> str:
    name = shortened(key.text)
    if re.fullmatch(r"[\w-]+:\S+", key.text):
        return f"has no value: write a space after the colon: {key.text.replace(':', ': ', 1)}"
    tight = re.fullmatch(r"([\w.]+)\s*[=:]\s*([^\s=:].*)", key.text)
    if tight:
        return f"has no value: write '{tight[1]}: {shortened(tight[2])}'"
    if before is None or not isinstance(before[1], Scalar) or not before[1].text:
        return f"'{name}' has no value; write '{name}: ...'"
    owner, text = before[0].text, before[1].text
    if re.fullmatch(r"-?\d+", text) and re.fullmatch(r"\d+", key.text):
        thousands = f", or {text}{key.text} for thousands" if len(key.text) == 3 else ""
        return f"a comma in a number: write {owner}: {text}.{key.text}{thousands}"
    if _NUMBER.fullmatch(text) and _NUMBER.fullmatch(key.text):
        return f"a list stands in brackets: write {owner}: [{text}, {key.text}]"
    whole = shortened(f"{text}, {key.text}")
    return f'has no value; if it belongs to the text before it, put that in quotes: {owner}: "{whole}"'
