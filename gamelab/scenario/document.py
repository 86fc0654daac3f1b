"""A scenario as loaded: its texts, every setting by dotted path, its candidates, claims and maps; frozen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from gamelab.arithmetic import Value
from gamelab.errors import InputError, Problem
from gamelab.expressions import dotted, parse
from gamelab.model.settings import Setting
from gamelab.scenario import catalogue
from gamelab.scenario.reading import Branch, Listing, Node, Scalar
from gamelab.scenario.requests import Claim, Map


@dataclass(frozen=True)
class Entry:
    """One setting of the scenario, written or not.

    Parameters
    ----------
    path : str
        In the one form of ``expressions.dotted``.
    setting : Setting
    content : Expression, str, None, or lists and mappings of these
        As written; None where it is not written.
    written : bool
    at : node
        Where it is written; else where it could be.
    arrangement : str or None
        The arrangement that it belongs to.
    """

    path: str
    setting: Setting
    content: Any
    written: bool
    at: Node
    arrangement: str | None = None


@dataclass(frozen=True)
class Candidate:
    """A profile as written: for each player the strategy's name and the path of its settings."""

    strategies: tuple[tuple[str, str], ...]
    everybody: bool
    path: str
    at: Node


@dataclass(frozen=True, eq=False)
class Scenario:
    """A scenario file, read and checked.

    Parameters
    ----------
    title, source, about : str
    file : str
        As given.
    digest : str
        ``sha256:`` and the digest of the file's bytes.
    players : tuple of str
    parameters : mapping of str to number
        At their values in the file.
    arrangements : tuple of str
        In the file's order; the baseline ``none`` is always there.
    selection : mapping of str to str
        The rule that selects among candidates, by arrangement.
    claims : tuple of Claim
    maps : tuple of Map
    kind : str
        Of the stage game.
    institutions : mapping of str to tuple of str
        By arrangement, in the order in which they are applied.
    candidates : mapping of str to tuple of Candidate
        By arrangement.
    entries : mapping of str to Entry
        Every setting by its path.
    root : Branch
        The file's nodes.
    exact : bool
        Whether the file asks for results in fractions.
    simulate : bool
        Whether it asks for matches to be played.
    contestants : tuple of Candidate
        The strategies that it lets compete, each alone.
    """

    title: str
    source: str
    about: str
    file: str
    digest: str
    players: tuple[str, ...]
    parameters: Mapping[str, Value]
    arrangements: tuple[str, ...]
    selection: Mapping[str, str]
    kind: str
    institutions: Mapping[str, tuple[str, ...]]
    candidates: Mapping[str, tuple[Candidate, ...]]
    entries: Mapping[str, Entry]
    root: Branch
    claims: tuple[Claim, ...] = ()
    maps: tuple[Map, ...] = ()
    players_written: bool = field(default=False, repr=False)
    exact: bool = False
    simulate: bool = False
    contestants: tuple[Candidate, ...] = ()

    def __repr__(self) -> str:
        return f"<Scenario '{self.title}': {', '.join(self.arrangements)}; {len(self.claims)} claims>"

    @cached_property
    def sections(self) -> dict[str, dict[str, Entry]]:
        """The settings of each section or plug-in, by the path above them."""
        sections: dict[str, dict[str, Entry]] = {}
        for path, entry in self.entries.items():
            name = dotted((entry.setting.name,))
            sections.setdefault(path[: -len(name) - 1], {})[entry.setting.name] = entry
        return sections

    def arrangement_keys(self, arrangement: str) -> tuple[str, ...]:
        """Return the keys that are written below an arrangement."""
        return tuple(inside(inside(self.root, "arrangements"), arrangement).entries)

    def problem(self, message: str, key: str, at: Node | None = None) -> Problem:
        """Return a problem at a node of the file."""
        return Problem(message, key, self.file, *((at.line, at.column) if at is not None else (None, None)))

    def at(self, *keys: str) -> Node:
        """Return what to point at for a key: where it is written, else the nearest thing around it."""
        node: Node = self.root
        place: Node = Scalar("", 1, 1)
        for key in keys:
            if not isinstance(node, Branch) or key not in node.entries:
                return place
            place, node = node.place(key), node.entries[key]
        return place


def document(root: Branch, file: str, digest: str) -> Scenario:
    """Return the scenario that a file's nodes describe; what has a wrong shape is left out."""
    game, arrangements = inside(root, "game"), inside(root, "arrangements")
    kind = _text(game.entries.get("kind"))
    names = tuple(arrangements.entries) if catalogue.BASELINE in arrangements.entries else (
        catalogue.BASELINE, *arrangements.entries)  # fmt: skip
    bodies = {name: inside(arrangements, name) for name in names}
    players = root.entries.get("players")
    written = tuple(_text(item) for item in players.items) if isinstance(players, Listing) else ()
    number, common = len(written) or 2, _text(root.entries.get("selection")) or catalogue.DEFAULT
    return Scenario(
        title=_text(root.entries.get("title")) or Path(file).stem,
        source=_text(root.entries.get("source")),
        about=_text(root.entries.get("about")).strip(),
        file=file,
        digest=digest,
        players=written or tuple(f"player_{i + 1}" for i in range(number)),
        players_written=bool(written),
        parameters={},
        arrangements=names,
        selection={name: _text(bodies[name].entries.get("selection")) or common for name in names},
        kind=kind if kind in catalogue.STAGES else "",
        institutions={
            name: tuple(filter(catalogue.is_institution, inside(bodies[name], "institutions").entries))
            for name in names
        },
        candidates={
            name: tuple(_listed(("arrangements", name, "profiles"), bodies[name].entries.get("profiles")))
            for name in names
        },
        entries={entry.path: entry for entry in _entries(root, kind, bodies)},
        root=root,
        exact=_text(root.entries.get("exact")).lower() in ("yes", "true"),
        simulate="simulate" in root.entries,
        contestants=tuple(
            _listed(("simulate", "strategies"), inside(root, "simulate").entries.get("strategies"))
        ),
    )


def mentioned(root: Branch) -> dict[str, list[str]]:
    """Return what a file writes where the names of plug-ins stand, by group; whether they exist or not."""
    arrangements = inside(root, "arrangements")
    bodies = [inside(arrangements, name) for name in arrangements.entries]
    lists = [body.entries.get("profiles") for body in bodies]
    lists.append(inside(root, "simulate").entries.get("strategies"))
    strategies = [name for node in lists if isinstance(node, Listing) for name in _names(node)]
    return {
        "stages": [_text(inside(root, "game").entries.get("kind"))],
        "institutions": [name for body in bodies for name in inside(body, "institutions").entries],
        "strategies": list(dict.fromkeys(strategies)),
    }


def _names(node: Node) -> Iterator[str]:
    """Yield the names of strategies in a profile, or in a list of them."""
    if isinstance(node, Listing):
        for item in node.items:
            yield from _names(item)
    elif isinstance(node, Branch):
        yield from node.entries
    else:
        yield _text(node)


def inside(branch: Branch, key: str) -> Branch:
    """Return the mapping at a key; an empty one, at the same place, where there is none."""
    node = branch.entries.get(key)
    if isinstance(node, Branch):
        return node
    at = branch.place(key)
    return Branch({}, at.line, at.column)


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) and not node.null else ""


def _entries(root: Branch, kind: str, bodies: Mapping[str, Branch]) -> Iterator[Entry]:
    for name, node in inside(root, "parameters").entries.items():
        yield _entry(("parameters", name), Setting(name, "number"), node, node)
    if kind in catalogue.STAGES:
        yield from _settings(("game",), catalogue.stage_settings(kind), inside(root, "game"))
    for name, settings in catalogue.sections().items():
        yield from _settings((name,), settings, inside(root, name))
    if "simulate" in root.entries:
        body = inside(root, "simulate")
        yield from _settings(("simulate",), catalogue.simulate_settings(), body)
        competing = body.entries.get("strategies")
        for k, item in enumerate(competing.items if isinstance(competing, Listing) else ()):
            yield from _profile_entries(("simulate", "strategies", str(k)), item)
    for arrangement, body in bodies.items():
        written = inside(body, "institutions")
        for name in written.entries:
            if catalogue.is_institution(name):
                place = ("arrangements", arrangement, "institutions", name)
                yield from _settings(
                    place, catalogue.institution_settings(name), inside(written, name), arrangement
                )
        if "set_up" in body.entries:
            below = ("arrangements", arrangement, "set_up")
            yield from _settings(below, catalogue.set_up_settings(), inside(body, "set_up"), arrangement)
        profiles = body.entries.get("profiles")
        for k, item in enumerate(profiles.items if isinstance(profiles, Listing) else ()):
            yield from _profile_entries(("arrangements", arrangement, "profiles", str(k)), item, arrangement)


def _profile_entries(place: tuple[str, ...], node: Node, arrangement: str | None = None) -> Iterator[Entry]:
    if isinstance(node, Listing):
        for i, item in enumerate(node.items):
            if not isinstance(item, Listing):
                yield from _profile_entries((*place, str(i)), item, arrangement)
        return
    name = _strategy(node)
    if name is not None:
        body = inside(node, name) if isinstance(node, Branch) else Branch({}, node.line, node.column)
        yield from _settings((*place, name), catalogue.strategy_settings(name), body, arrangement)


def _strategy(node: Node) -> str | None:
    name = next(iter(node.entries), "") if isinstance(node, Branch) else _text(node)
    return name if catalogue.is_strategy(name) else None


def _listed(key: tuple[str, ...], written: Node | None) -> Iterator[Candidate]:
    """Yield the candidates, or single strategies, that a list holds."""
    for k, node in enumerate(written.items if isinstance(written, Listing) else ()):
        place = (*key, str(k))
        everybody = not isinstance(node, Listing)
        parts = [(place, node)] if not isinstance(node, Listing) else [
            ((*place, str(i)), item) for i, item in enumerate(node.items)]  # fmt: skip
        names = [(_strategy(part), where) for where, part in parts]
        strategies = tuple(
            (catalogue.strategy_name(name), dotted((*where, name))) for name, where in names if name
        )
        if len(strategies) == len(parts):
            yield Candidate(strategies, everybody, dotted(place), node)


def _settings(
    place: tuple[str, ...], settings: Mapping[str, Setting], body: Branch, arrangement: str | None = None
) -> Iterator[Entry]:
    for name, setting in settings.items():
        labels = _labels(body) if name in MIXED else frozenset()
        node = body.entries.get(name)
        yield _entry((*place, name), setting, node, node or body, arrangement, labels)


def _entry(
    place: tuple[str, ...],
    setting: Setting,
    node: Node | None,
    at: Node,
    arrangement: str | None = None,
    labels: frozenset[str] = frozenset(),
) -> Entry:
    content = None if node is None else content_of(node, setting, labels)
    return Entry(dotted(place), setting, content, node is not None, at, arrangement)


def content_of(node: Node, setting: Setting, labels: frozenset[str] = frozenset()) -> Any:
    """Return what is written, with expressions read; a text that is none stays a text.

    In settings that hold lists of labels and numbers, a text in quotes stays a text, and so does the label of
    an action where one can stand. Payoffs and the probabilities of a mixture are numbers, whatever they are.
    """
    if isinstance(node, Listing):
        return [content_of(item, setting, labels) for item in node.items]
    if isinstance(node, Branch):
        return {key: content_of(value, setting) for key, value in node.entries.items()}
    if node.null:
        return None
    if setting.kind in ("choice", "text", "file"):
        return node.text
    if setting.kind == "structure" and (not node.plain or node.text in labels or setting.name in LABELLED):
        return node.text
    try:
        return parse(node.text)
    except InputError:
        return node.text


LABELLED = ("actions", "agreement")
"""Settings that hold labels only, so that a label may look like a number or like a parameter."""
MIXED = ("fallback",)
"""Settings in which a label or a mixture can stand."""


def _labels(body: Branch) -> frozenset[str]:
    labels: set[str] = set()
    nodes = [body.entries[name] for name in LABELLED if name in body.entries]
    while nodes:
        node = nodes.pop()
        if isinstance(node, Scalar):
            labels.add(node.text)
        elif isinstance(node, Listing):
            nodes += node.items
    return frozenset(labels)
