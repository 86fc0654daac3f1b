"""What stops a YAML reader, in the user's words, and the line mended so that the reading can go on."""

from __future__ import annotations

import re

from gamelab.errors import Problem
from gamelab.expressions import shortened

Spot = tuple[int, int]
"""Line and column, both from 0."""

TAB = "a tab stands here; YAML wants spaces"
COLON = "a colon in a text without quotes; put the text in quotes"
DASH = "a space is missing after the dash"
QUOTED = "the text goes on after its closing quotation mark; put all of it in other quotation marks"
ITEM = "'- ' begins a list item here"
NO_BREAK = "a space that does not break (copied from elsewhere?); write an ordinary space"
DEEPER = "this line is indented further than the one before it, which has a value of its own"
UNCLOSED = "the quotation mark that opens here is never closed"
_KEY = r"(?:[^\s#\"'{\[&*!|>%@`-][^:#]*?|\"[^\"]*\"|'[^']*')"
_ENTRY = re.compile(rf"^(?P<start>\s*(?:- +)*{_KEY}:\s+)(?P<rest>\S.*)$")
_ITEM = re.compile(r"^(?P<start>\s*(?:- +)+)(?P<rest>\S.*)$")


def explained(
    problem: str, context: str, lines: list[str], at: Spot, opened: Spot | None
) -> tuple[str, Spot]:
    """Return a sentence for what the YAML reader ran into, and the place to point at.

    Parameters
    ----------
    problem, context : str
        In the reader's words.
    lines : list of str
        The text.
    at, opened : pair of int
        Where the reader stopped, and where the thing began that it was reading.
    """
    at, opened = _within(lines, at), opened and _within(lines, opened)
    line = lines[at[0]]
    if "'\\t'" in problem or ("\t" in line[: at[1] + 1] and not line[: at[1]].strip()):
        return TAB, (at[0], max(line.find("\t"), 0))
    if "mapping values are not allowed" in problem:
        return _colon(lines, at)
    within = bool(line[: at[1]].strip())
    if "block end" in problem and within:
        entry = _ENTRY.match(line) or _ITEM.match(line)
        if entry and entry["rest"][0] in ("[", "{"):
            return f"a text that begins with '{entry['rest'][0]}' needs quotes", (at[0], len(entry["start"]))
        return QUOTED, at
    if "block end" in problem and opened is not None and line.lstrip().startswith("- "):
        first = shortened(lines[opened[0]].strip())
        return (
            f"'- ' begins a list item here; put it before '{first}' in line {opened[0] + 1} too, or nowhere",
            at,
        )
    if "block end" in problem and opened is not None:
        return "this line is indented by another number of spaces than the lines it belongs with", at
    if "quoted scalar" in context and opened is not None and "end of stream" in problem:
        return UNCLOSED, opened
    if "quoted scalar" in context and "escape" in problem:
        return "a backslash in a text with double quotes; write it in single quotes", at
    if "flow" in context and opened is not None:
        bracket = lines[opened[0]][opened[1] : opened[1] + 1]
        if bracket not in ("[", "{"):
            return "a bracket after this place is never closed; a text that holds one needs quotes", opened
        closing = "}" if bracket == "{" else "]"
        hint = "a text that begins with it needs quotes"
        return f"'{bracket}' opens here and no '{closing}' closes it, or a comma is missing; {hint}", opened
    if line.startswith("```"):
        return "this line is no part of the scenario; remove it", (at[0], 0)
    if "cannot start any token" in problem:
        character = line[at[1] : at[1] + 1]
        return f"a text that begins with '{character}' needs quotes", at
    if "sequence entries are not allowed" in problem:
        return "'-' starts a list item only at the beginning of a line; put a text in quotes", at
    if "could not find expected ':'" in problem:
        return _without_colon(lines, opened or at)
    if "undefined alias" in problem:
        return "an alias: write the value out", at
    return f"cannot be read as YAML: {shortened(problem) or 'it breaks off here'}", at


def _within(lines: list[str], spot: Spot) -> Spot:
    """Return the place, or the last line's end: the YAML reader knows line breaks that are none here."""
    return spot if spot[0] < len(lines) else (len(lines) - 1, len(lines[-1]))


def _colon(lines: list[str], at: Spot) -> tuple[str, Spot]:
    line = lines[at[0]]
    entry = _ENTRY.match(line)
    if entry and len(entry["start"]) <= at[1]:
        return f"{COLON}: {_quoted(entry)}", at
    above = next((k for k in range(at[0] - 1, -1, -1) if lines[k].strip()), None)
    if above is not None and not lines[above].rstrip().endswith(":"):
        if ":" not in lines[above]:
            return _without_colon(lines, (above, len(lines[above]) - len(lines[above].lstrip())))
        return DEEPER, at
    return COLON, at


def _without_colon(lines: list[str], at: Spot) -> tuple[str, Spot]:
    text = lines[at[0]].strip()
    tight = re.fullmatch(r"(?P<dash>- )?(?P<key>\w+)(?P<sign>:|\s*=\s*)(?P<rest>[^\s:=].*)", text)
    if tight:
        meant = shortened(f"{tight['key']}: {tight['rest']}")
        reason = "a space is missing after the colon" if tight["sign"] == ":" else "a key ends with a colon"
        return f"{reason}; write '{meant}'", at
    return f"'{shortened(text)}' has no colon; write 'key: value'", at


def _quoted(entry: re.Match[str]) -> str:
    rest = entry["rest"].replace('"', "'")
    return shortened(f'{entry["start"].strip()} "{rest}"')


def mended(text: str, problem: Problem) -> str | None:
    """Return the text with the one line mended, or None where it is not clear what was meant."""
    lines = text.split("\n")
    if problem.line is None or problem.line > len(lines):
        return None
    k = problem.line - 1
    if problem.message == TAB:
        return "\n".join(_without_tabs(lines))
    if problem.message == DEEPER:
        above = next(line for line in reversed(lines[:k]) if line.strip())
        margin = above[: len(above) - len(above.lstrip())]
        return "\n".join([*lines[:k], margin + lines[k].lstrip(), *lines[k + 1 :]])
    if problem.message == UNCLOSED:
        mark = lines[k][(problem.column or 1) - 1 : problem.column]
        return "\n".join([*lines[:k], lines[k] + mark, *lines[k + 1 :]]) if mark in ("'", '"') else None
    entry = _ENTRY.match(lines[k]) or _ITEM.match(lines[k])
    quotable = problem.message.startswith(COLON) or "needs quotes" in problem.message
    quotable = quotable and entry is not None and not entry["rest"].startswith(('"', "'", "|", ">"))
    if entry is None or not (quotable or problem.message == QUOTED):
        return None
    rest = entry["rest"].replace("'", "''")
    return "\n".join([*lines[:k], f"{entry['start']}'{rest}'", *lines[k + 1 :]])


def tabs(text: str, first: Problem) -> list[Problem]:
    """Return the other lines that are indented by a tab, where a first one stopped the reader."""
    if first.message != TAB:
        return []
    return [
        Problem(TAB, "", first.file, k + 1, line.index("\t") + 1)
        for k, line in enumerate(text.split("\n"))
        if re.match(r" *\t[ \t]*[^\s#]", line) and k + 1 != first.line
    ]


def spaced(text: str, file: str) -> tuple[str, list[Problem]]:
    """Return the text with the spaces that it needs, and where they were missing or of another kind.

    A space that does not break may stand for the indent or after a colon or a dash; after a dash that begins
    a list item there may be none.
    """
    problems: list[Problem] = []
    lines = text.split("\n")
    for k, line in enumerate(lines):
        mark = line.find("\u00a0")
        before = line[:mark].rstrip(" ")
        if mark >= 0 and re.fullmatch(r"(?:[\s\w.-]*[:-])?", before):
            problems.append(Problem(NO_BREAK, "", file, k + 1, mark + 1))
            lines[k] = line.replace("\u00a0", " ")
        tight = "-" in line and re.match(r"(\s*)-([^\W\d]\w*:(?:\s.*)?)$", lines[k])
        if tight:
            message = f"{DASH}: write '- {shortened(tight[2])}'"
            problems.append(Problem(message, "", file, k + 1, len(tight[1]) + 1))
            lines[k] = f"{tight[1]}- {tight[2]}"
    return "\n".join(lines), problems


def without_line(text: str, problem: Problem) -> str:
    """Return the text without the line of a problem; the others keep their places."""
    lines = text.split("\n")
    k = min((problem.line or 1) - 1, len(lines) - 1)
    while k > 0 and not lines[k].strip():
        k -= 1
    return "\n".join([*lines[:k], "", *lines[k + 1 :]])


def _without_tabs(lines: list[str]) -> list[str]:
    """Return the lines with spaces for tabs: as deep as a line with as many tabs, or one step deeper."""
    result: list[str] = []
    depths: dict[str, int] = {}
    last = ""
    for line in lines:
        body = line.lstrip(" \t")
        margin = line[: len(line) - len(body)]
        if "\t" in margin and body:
            deeper = len(last) - len(last.lstrip()) + (2 if last.rstrip().endswith(":") else 0)
            line = " " * depths.setdefault(margin, deeper) + body.replace("\t", " ")
        elif "\t" in line:
            line = line.replace("\t", " ")
        else:
            depths = depths if margin else {}
        if body and not body.startswith("#"):
            last = line
        result.append(line)
    return result
