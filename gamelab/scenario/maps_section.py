"""The section ``maps``: each map read from its nodes and checked against the rest of the scenario."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gamelab.errors import InputError, Problem, listed
from gamelab.expressions import Expression, dotted, parse, segments, shortened
from gamelab.scenario import catalogue
from gamelab.scenario.claims_section import ClaimReader
from gamelab.scenario.document import Entry, Scenario
from gamelab.scenario.maps import axis_values, grid_of, label_of, stands_apart
from gamelab.scenario.members import UnknownPathError, member_setting
from gamelab.scenario.paths import located, whole_path
from gamelab.scenario.quantities import QUANTITIES, WHOLE
from gamelab.scenario.reading import Branch, Listing, Node, Scalar
from gamelab.scenario.requests import POINTS, Axis, Map
from gamelab.scenario.values import Values, refused_by

KINDS = {"choice": "a choice", "text": "a text", "numbers": "a list"}


def maps_of(scenario: Scenario, unsure: frozenset[str] = frozenset()) -> tuple[list[Map], list[Problem]]:
    """Read a scenario's maps; return those that are sound, and every problem with the others.

    Parameters
    ----------
    unsure : set of str
        Arrangements that hold mistakes: a name that a map uses may be known once these are mended.
    """
    listing = scenario.root.entries.get("maps")
    maps: list[Map] = []
    problems: list[Problem] = []
    for k, node in enumerate(listing.items if isinstance(listing, Listing) else ()):
        if isinstance(node, Branch):
            reader = _Reader(scenario, node, k, unsure)
            drawn = reader.map()
            problems += reader.problems
            if drawn is not None and not reader.problems:
                maps.append(drawn)
    return maps, problems


class _Reader:
    """Reads one map and notes what is wrong with it."""

    def __init__(self, scenario: Scenario, node: Branch, place: int, unsure: frozenset[str]):
        self.scenario, self.node, self.key = scenario, node, f"maps.{place}"
        self.unsure = unsure
        self.problems: list[Problem] = []

    def refuse(self, message: str, key: str, at: Node) -> None:
        """Note a problem."""
        self.problems.append(self.scenario.problem(message, f"{self.key}.{key}" if key else self.key, at))

    def map(self) -> Map | None:
        """Return the map, or None where something is wrong with it."""
        x, y = self.axis("x"), self.axis("y")
        shown = self.show()
        if x is None or y is None or shown is None:
            return None
        if x.path == y.path:
            at = self.node.entries["y"]
            self.refuse(f"both axes change {x.path}; another setting is needed here", "y", at)
        quantity, arrangement, profile, player, of = shown
        title = self.node.entries.get("title")
        named = title.text if isinstance(title, Scalar) and not title.null else ""
        drawn = Map(
            named, x, y, quantity, arrangement, profile, player, of,
            self.key, self.node.line, self.node.column,
        )  # fmt: skip
        try:
            grid_of(self.scenario, drawn)
        except InputError as refusal:
            self.problems += refusal.problems
        return drawn

    def axis(self, name: str) -> Axis | None:
        """Return one axis."""
        body = self.node.entries.get(name)
        if not isinstance(body, Branch):
            return None  # the shape is refused already
        if len(body.entries) != 1:
            count = f"{len(body.entries)} settings" if body.entries else "nothing"
            self.refuse(f"{count} given; one path with its range is needed, {EXAMPLE}", name, body)
            return None
        ((path, node),) = body.entries.items()
        setting = self.setting(name, path, body.place(path))
        if not isinstance(node, Branch) or setting is None:
            return None
        entry, keys = setting
        before = len(self.problems)
        start, end = self.end(name, path, node, "from"), self.end(name, path, node, "to")
        points, step = self.points(name, path, node), self.end(name, path, node, "step")
        if start is None or end is None or len(self.problems) > before:
            return None
        if points is not None and step is not None:
            self.refuse("both 'points' and 'step' given; write one", f"{name}.{dotted((path,))}", node)
            return None
        whole, apart = whole_path(entry, keys), stands_apart(self.scenario, entry, keys)
        points = points if points is not None or step is not None or apart else POINTS
        axis = Axis(whole, self.label(whole, entry), start, end, points, step, apart)
        self.range(name, path, node, entry, keys, axis)
        return axis if len(self.problems) == before else None

    def setting(self, name: str, path: str, at: Any) -> tuple[Entry, tuple[str, ...]] | None:
        """Return the setting that an axis changes: one number, or one whole number."""
        try:
            entry, keys = located(self.scenario, path)
            now = Values(self.scenario).of(whole_path(entry, keys)) if keys else None
        except InputError as refusal:
            if not (isinstance(refusal, UnknownPathError) and self.vague(path)):
                for problem in refusal.problems:
                    self.refuse(problem.message, f"{name}.{dotted((path,))}", at)
            return None
        kind = entry.setting.kind
        if kind in ("number", "whole number") or isinstance(now, int | float | Fraction):
            return entry, keys
        what = KINDS.get(kind, "a list or a mapping")
        item = f", such as {shortened(path)}.0" if kind == "numbers" else ""
        self.refuse(f"is {what}; an axis needs one number{item}", f"{name}.{dotted((path,))}", at)
        return None

    def label(self, whole: str, entry: Entry) -> str:
        """Return what the axis is called, with its arrangement where others have such a setting, too."""
        tail, label = segments(entry.path)[2:], label_of(whole, entry.setting)
        alike = [
            other
            for other in self.scenario.entries.values()
            if other.arrangement and segments(other.path)[2:] == tail
        ]
        return f"{entry.arrangement}: {label}" if entry.arrangement and len(alike) > 1 else label

    def vague(self, path: str) -> bool:
        """Tell whether a path could be known once other mistakes are mended."""
        return ClaimReader(self.scenario, self.node, self.key, self.unsure).vague(path)

    def end(self, name: str, path: str, node: Branch, key: str) -> Expression | None:
        """Return one end of an axis, or its step."""
        body = node.entries.get(key)
        if not isinstance(body, Scalar):
            return None
        try:
            expression = parse(body.text)
            expression.evaluate(Values(self.scenario).scope())
            return expression
        except InputError as refusal:
            for problem in refusal.problems:
                self.refuse(problem.message, f"{name}.{dotted((path,))}.{key}", body)
            return None

    def points(self, name: str, path: str, node: Branch) -> int | None:
        """Return how many points an axis has; None where the file does not say."""
        body = node.entries.get("points")
        if not isinstance(body, Scalar) or (body.null and not body.text):
            return None
        try:
            count = parse(body.text).evaluate(Values(self.scenario).scope())
            if float(count).is_integer() and float(count) >= 2:
                return int(count)
            message = f"{shortened(body.text)} is not a whole number of at least 2"
        except InputError as refusal:
            if not refusal.problems:  # what it is made of is refused where it stands
                return None
            message = refusal.problems[0].message
        self.refuse(message, f"{name}.{dotted((path,))}.points", body)
        return None

    def range(
        self, name: str, path: str, node: Branch, entry: Entry, keys: tuple[str, ...], axis: Axis
    ) -> None:
        """Note what is wrong with the ends together, and with each as a value of the setting."""
        try:
            values = axis_values(self.scenario, axis)
        except InputError as refusal:
            for problem in refusal.problems[:1]:
                self.refuse(problem.message, f"{name}.{dotted((path,))}", node)
            return
        for key, value in (("from", values[0]), ("to", values[-1])):
            setting = member_setting(entry.setting, keys, self.scenario.players)
            message = "" if setting.kind == "structure" else refused_by(setting, float(value))
            if message:
                self.refuse(message, f"{name}.{dotted((path,))}.{key}", node.entries[key])
                return
        between = values[values % 1 != 0]
        if entry.setting.range.whole and len(between):
            step = "step" if axis.step is not None else "points"
            message = (
                f"{between[0]:g} would be on the axis, and {path} is {entry.setting.range}; write 'step: 1'"
            )
            self.refuse(message, f"{name}.{dotted((path,))}.{step}", node.entries[step])

    def show(self) -> tuple[str, str | None, list[Any] | None, str | None, str | None] | None:
        """Return what is shown: quantity, arrangement, profile, player and event."""
        node = self.node.entries.get("show")
        if isinstance(node, Scalar):
            return (node.text, None, None, None, None) if node.text in WHOLE else None
        if not isinstance(node, Branch):
            return None
        reader = ClaimReader(self.scenario, node, f"{self.key}.show", self.unsure)
        quantity = reader.text("quantity")
        if quantity not in QUANTITIES:
            return None
        known = QUANTITIES[quantity]
        why_not = f"is of the whole scenario; write 'show: {quantity}'" if known.whole else known.not_mapped
        if why_not:
            reader.refuse(f"{quantity} {why_not}", "quantity")
            self.problems += reader.problems
            return None
        arrangement = reader.arrangement(quantity)
        player, profile = reader.player(quantity), reader.profile(quantity, arrangement)
        of = reader.event(quantity, arrangement)
        if (known.kind == "truth" or quantity == "advantage") and arrangement == catalogue.BASELINE:
            others = [name for name in self.scenario.arrangements if name != catalogue.BASELINE]
            reader.refuse(
                f"the baseline is what others are compared with; write {listed(others)}", "arrangement"
            )
        self.problems += reader.problems
        return None if reader.problems else (quantity, arrangement, profile, player, of)


EXAMPLE = "such as {time.discount_factor: {from: 0.1, to: 0.9}}"
