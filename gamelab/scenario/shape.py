"""The shape of one file held against the schema: every mistake at its place, in our own words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import ValidationError

from gamelab.errors import Problem, listed, nearest
from gamelab.expressions import dotted, segments, shortened
from gamelab.scenario import catalogue
from gamelab.scenario.document import mentioned
from gamelab.scenario.leaves import given, is_blank
from gamelab.scenario.reading import MOST_PROBLEMS, Branch, Listing, Node, Scalar
from gamelab.scenario.schema import TAG, Section, file_model

DASHES = "put '- ' before"
_MEANT = re.compile("did you mean '(.*)'")
_INDENT = re.compile("if it is a setting of '(.*)', indent it further")


def check(root: Branch, file: str, *, partial: bool = False) -> list[Problem]:
    """Return every mistake of shape in a file; with ``partial`` not what is missing."""
    plain = _plain(root)
    models: dict[int, type[Section]] = {}
    try:
        file_model(mentioned(root)).model_validate(plain, context=models)
    except ValidationError as refusal:
        problems: list[Problem] = []
        blank: list[str] = []
        meant: list[str] = []
        for error in refusal.errors(include_url=False)[:MOST_PROBLEMS]:
            if partial and error["type"] in ("missing", "union_tag_not_found"):
                continue
            problem = _problem(error, root, plain, models, file)
            misplaced = _INDENT.search(problem.message)
            if misplaced:
                blank.append(dotted([*segments(problem.key)[:-1], misplaced[1]]))
            named = _MEANT.search(problem.message)
            if named and error["type"] == "extra_forbidden":
                meant.append(f"{dotted(segments(problem.key)[:-1])}: needs '{named[1]}'")
            problems.append(problem)
        return [
            p
            for p in problems
            if not (p.key in blank and p.message.startswith("needs '"))
            and not f"{p.key}: {p.message}".startswith(tuple(meant))
        ]
    return []


def _plain(node: Node) -> Any:
    if isinstance(node, Branch):
        return {key: _plain(value) for key, value in node.entries.items()}
    return [_plain(item) for item in node.items] if isinstance(node, Listing) else node


def _problem(error: Any, root: Branch, plain: Any, models: Mapping[int, type[Section]], file: str) -> Problem:
    """Say in our words, and with its place, what pydantic found."""
    loc = [part for part in error["loc"] if not str(part).startswith(TAG)]
    missing = error["type"] == "missing"
    node, place, value = _found(root, plain, loc[:-1] if missing else loc)
    owner = plain
    for part in loc[:-1]:
        if isinstance(owner, list) or (isinstance(owner, dict) and part in owner):
            owner = owner[part]
    model = models.get(id(owner), Section)
    name = str(loc[-1]) if loc else ""
    at = place if missing or error["type"] == "extra_forbidden" else node
    if missing:
        dashes = isinstance(owner, dict) and len(owner) == 1 and len(loc) > 2 and isinstance(loc[-2], int)
        hint = "; only the first line of an item has '- ', the others are indented below it" if dashes else ""
        message, at = f"needs '{name}': {model.allowed.get(name, '')}".rstrip(": ") + hint, place
        loc = loc[:-1]
    elif error["type"] == "extra_forbidden":
        message = _unknown(name, owner, model) + _torn(_found(root, plain, loc[:-1])[0], name)
    elif error["type"] == "union_tag_not_found":
        message, at = _kind(node)
    else:
        message = _misshapen(error, value)
    return Problem(message, dotted([str(part) for part in loc]), file, at.line, at.column)


def _found(root: Branch, plain: Any, loc: list[Any]) -> tuple[Node, Any, Any]:
    """Return the node at a place, what to point at for its key, and its plain value."""
    node: Node = root
    place: Any = root
    for part in loc:
        if isinstance(node, Branch) and part in node.entries:
            place, node, plain = node.place(part), node.entries[part], plain[part]
        elif isinstance(node, Listing) and isinstance(part, int) and part < len(node.items):
            node, plain = node.items[part], plain[part]
            place = node
    return node, place, plain


def _unknown(name: str, owner: Any, model: type[Section]) -> str:
    if name in model.hints:
        return model.hints[name]
    allowed = _allowed(model)
    hint = _near(name, allowed)
    if "institutions" in model.allowed and catalogue.is_institution(name):
        hint = "; it belongs below 'institutions:', indented further than that line"
    elif model.noun == "key" and not hint:
        hint = _below(name)
    blank = [key for key, value in owner.items() if is_blank(value) and key in model.allowed]
    if model.noun in ("institution", "strategy") and blank and not hint:
        hint = f"; if it is a setting of '{blank[0]}', indent it further"
    known = f"; known here: {listed(allowed)}" if allowed else "; nothing may stand here"
    known = "" if hint and len(known) > 150 else known
    return f"'{shortened(name)}' is not a known {model.noun}{known}{hint}"


def _allowed(model: type[Section]) -> Collection[str]:
    """Return the keys that may stand in a section, plug-ins that the file does not name among them."""
    names = {"institution": catalogue.institution_names, "strategy": catalogue.strategy_names}
    return names[model.noun]() if model.noun in names else model.allowed


def _near(name: str, allowed: Collection[str]) -> str:
    """Return the name that is probably meant: a synonym, a near one, or the only one with this initial."""
    synonym = catalogue.SYNONYMS.get(name) or catalogue.SYNONYMS.get(name.lower(), "")
    if synonym in allowed:
        return f"; did you mean '{synonym}'?"
    hint = nearest(name, allowed)
    initials = [known for known in allowed if len(name) == 1 and known.startswith(name.lower())]
    return hint or (f"; did you mean '{initials[0]}'?" if len(initials) == 1 else "")


def _below(name: str) -> str:
    """Return a hint where a top-level key is a setting of a section."""
    sections: dict[str, Collection[str]] = {
        **catalogue.sections(),
        "arrangements": catalogue.institution_names(),
    }
    for section, settings in sections.items():
        if name in settings:
            return f"; it belongs below '{section}:', indented further than that line"
    return "; if it is a comment, begin it with '#'" if " " in name else ""


def _torn(owner: Node, name: str) -> str:
    """Return a hint where, in braces, a text before a comma may go on in the unknown key."""
    if not isinstance(owner, Branch) or not owner.flow or name not in owner.entries:
        return ""
    names = list(owner.entries)
    before = owner.entries[names[names.index(name) - 1]] if names.index(name) else None
    if isinstance(before, Scalar) and before.plain and re.search("[^\\W\\d]", before.text):
        return "; if it belongs to the text before it, put that text in quotes"
    return ""


def _kind(node: Node) -> tuple[str, Any]:
    if not isinstance(node, Branch):
        name = node.text if isinstance(node, Scalar) and node.text in catalogue.STAGES else "..."
        hint = f"write 'kind: {name}' and its settings below, indented"
        return f"{given(_plain(node))} given; {hint}", node
    kind = node.entries.get("kind")
    if kind is None:
        return f"needs 'kind': {listed(catalogue.STAGES.names)}", node
    if not isinstance(kind, Scalar):
        return f"kind: {given(_plain(kind))} given; write {listed(catalogue.STAGES.names)}", kind
    hint = _near(kind.text, catalogue.STAGES.names)
    return (
        f"kind: '{shortened(kind.text)}' is not a stage game; write {listed(catalogue.STAGES.names)}{hint}",
        kind,
    )


def _misshapen(error: Any, value: Any) -> str:
    kind = error["type"]
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        dashes = ": write the names without '- ', and their settings indented below them"
        keys = ": write each setting as 'key: value', indented below"
        return f"{given(value)} given; a mapping is needed{dashes if isinstance(value, list) else keys}"
    if kind == "union_tag_invalid":
        return "a list stands where one strategy is meant; write one name, or one name with settings"
    if kind == "list_type":
        return f"{given(value)} given; a list is needed{_as_list(value)}"
    if kind == "too_short":
        return f"an empty {'mapping' if isinstance(value, dict) else 'list'}; at least one item is needed"
    return str(error["msg"])


def _as_list(value: Any) -> str:
    """Return how to make a list of what is given."""
    if isinstance(value, dict):
        first = next(iter(value), "")
        return f": {DASHES} '{first}:', and before the first line of every item" if first else ""
    words = ", ".join(value.text.split()) if "," not in value.text else value.text
    return "" if value.null else f": write [{shortened(words)}]"
