"""The section ``claims``: each claim read from its nodes and checked against the rest of the scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, get_args

import numpy as np

from gamelab.errors import InputError, Problem, listed, nearest
from gamelab.expressions import Expression, parse, segments, shortened
from gamelab.model.budget import BudgetSpentError
from gamelab.model.settings import NUMERIC
from gamelab.scenario import catalogue
from gamelab.scenario.assembly import as_json, assemble, cost_paths, players_of, profiles, same_profile
from gamelab.scenario.claims import evaluated, expected_value
from gamelab.scenario.document import Scenario, content_of
from gamelab.scenario.leaves import BOOLEANS
from gamelab.scenario.margins import adjustable, cost_meant, strength_paths
from gamelab.scenario.members import UnknownPathError, member_setting
from gamelab.scenario.paths import located, whole_path
from gamelab.scenario.quantities import QUANTITIES, SUPPORTED, Kind, with_key
from gamelab.scenario.reading import Branch, Listing, Node, Scalar
from gamelab.scenario.requests import WITHIN, Claim, Comparison
from gamelab.scenario.schema import COMPARISONS
from gamelab.scenario.values import Values, refused_by
from gamelab.solve.frequency import unknown_event

AUTOMATIC = ("stage_nash", "backward_induction")
"""Strategies that are candidates without being listed, where a game has them."""
OTHER_WORDS = {
    **dict.fromkeys(("true", "ja", "oui"), "yes"),
    **dict.fromkeys(("no", "false", "nein", "non"), "no candidate"),
}


def claims_of(scenario: Scenario, unsure: frozenset[str] = frozenset()) -> tuple[list[Claim], list[Problem]]:
    """Read a scenario's claims; return those that are sound, and every problem with the others.

    Parameters
    ----------
    unsure : set of str
        Arrangements that hold mistakes: a name that a claim uses may be known once these are mended.
    """
    listing = scenario.root.entries.get("claims")
    found: list[Claim] = []
    problems: list[Problem] = []
    for k, node in enumerate(listing.items if isinstance(listing, Listing) else ()):
        if not isinstance(node, Branch):
            continue
        reader = ClaimReader(scenario, node, f"claims.{k}", unsure)
        claim = reader.claim()
        problems += reader.problems
        if claim is not None and not reader.problems:
            found.append(claim)
    return found, problems


class ClaimReader:
    """Reads one claim and notes what is wrong with it."""

    def __init__(self, scenario: Scenario, node: Branch, key: str, unsure: frozenset[str]):
        self.scenario, self.node, self.key, self.unsure = scenario, node, key, unsure
        self.problems: list[Problem] = []

    def refuse(self, message: str, key: str = "", at: Node | None = None) -> None:
        """Note a problem at a key of the claim."""
        path = f"{self.key}.{key}" if key else self.key
        place = at or (self.node.entries.get(key) if key in self.node.entries else None) or self.node
        self.problems.append(self.scenario.problem(message, path, place))

    def text(self, key: str) -> str | None:
        """Return the text at a key."""
        node = self.node.entries.get(key)
        return node.text if isinstance(node, Scalar) and not node.null else None

    def given(self, key: str, quantity: str) -> str | None:
        """Return the text at a key that goes with some quantities only; refuse it with another one."""
        text = self.text(key)
        if text is not None and QUANTITIES[quantity].key != key:
            self.refuse(f"'{key}' goes with {listed(with_key(key))}, not with {quantity}", key)
        return text

    def claim(self) -> Claim | None:
        """Return the claim, or None where it says too little to be one."""
        quantity = self.text("quantity")
        if quantity not in QUANTITIES:
            return None  # the shape is refused already
        arrangement = self.arrangement(quantity)
        comparison = self.comparison()
        overrides = self.overrides(arrangement)
        player = self.player(quantity, overrides)
        path = self.path(quantity, arrangement, overrides)
        of = self.event(quantity, arrangement, overrides)
        profile = self.profile(quantity, arrangement)
        within = self.within(comparison)
        if comparison is None:
            return None
        expected = self.expected(quantity, comparison)
        place = self.node.entries[comparison]
        says = self.text("says") or f"{quantity} of {arrangement or 'the scenario'}"
        claim = Claim(
            says, quantity, arrangement, comparison, expected, profile, player, path, of, within, overrides,
            f"{self.key}.{comparison}", place.line, place.column,
        )  # fmt: skip
        if not self.problems:
            self.evaluate(claim)
        return claim

    def evaluate(self, claim: Claim) -> None:
        """Note what is wrong with the expected value."""
        try:
            expected_value(self.scenario, claim)
        except InputError as refusal:
            unsure = claim.arrangement in self.unsure
            self.problems += [p for p in refusal.problems if not (unsure and "unknown name" in p.message)]

    def arrangement(self, quantity: str) -> str | None:
        """Return the arrangement that is meant."""
        name = self.text("arrangement")
        if QUANTITIES[quantity].whole:
            if name is not None:
                self.refuse(f"{quantity} is of the whole scenario; remove the arrangement", "arrangement")
            return None
        names = self.scenario.arrangements
        if name is None:
            self.refuse(f"{quantity} needs 'arrangement': {listed(names)}")
        elif name not in names:
            given = f"no arrangement '{shortened(name)}'"
            self.refuse(f"{given}; write {listed(names)}{nearest(name, names)}", "arrangement")
            return None
        return name

    def comparison(self) -> Comparison | None:
        """Return the one comparison."""
        found = [name for name in get_args(Comparison) if name in self.node.entries]
        if len(found) == 1:
            return found[0]
        if not found:
            self.refuse(f"needs a comparison: {listed(COMPARISONS)}")
        else:
            self.refuse(f"one comparison is enough, and these are {len(found)}: {', '.join(found)}", found[1])
        return None

    def player(self, quantity: str, overrides: Mapping[str, Any] | None = None) -> str | None:
        """Return the player that is meant, of those that there are under the claim's own settings."""
        name, players = self.given("player", quantity), self.scenario.players
        if QUANTITIES[quantity].key != "player":
            return None
        if overrides and self.scenario.kind:
            with suppress(InputError, BudgetSpentError):  # told where it stands, or where it is solved
                players = players_of(Values(self.scenario, overrides))
        if name is None:
            self.refuse(f"{quantity} needs 'player': {listed(players)}")
        elif name not in players:
            given = f"no player '{shortened(name)}'"
            self.refuse(f"{given}; write {listed(players)}{nearest(name, players)}", "player")
        return name

    def path(self, quantity: str, arrangement: str | None, overrides: Mapping[str, Any]) -> str | None:
        """Return the path of the setting whose break-even or least value is claimed."""
        path = self.given("path", quantity)
        if QUANTITIES[quantity].key != "path" or arrangement is None or arrangement in self.unsure:
            return path
        if QUANTITIES[quantity].needs == "setting":
            return self.setting(quantity, path, arrangement, overrides)
        costs = cost_paths(self.scenario, arrangement)
        if not costs:
            self.refuse(f"{arrangement} has no cost that could break even", "arrangement")
            return None
        if path is None:
            self.refuse(f"{quantity} needs 'path': {listed(costs)}")
            return None
        whole = cost_meant(self.scenario, arrangement, path, costs)
        if whole is None:
            given = f"'{shortened(path)}' is no cost of {arrangement}"
            self.refuse(f"{given}; write {listed(costs)}{nearest(path, costs)}", "path")
        return whole

    def setting(
        self, quantity: str, path: str | None, arrangement: str, overrides: Mapping[str, Any]
    ) -> str | None:
        """Return the path of a setting that can vary."""
        if path is None:
            known = strength_paths(self.scenario, arrangement)
            self.refuse(
                f"{quantity} needs 'path': {listed(known) if known else 'any number of the scenario'}"
            )
            return None
        try:
            return adjustable(self.scenario, arrangement, path, overrides).path
        except InputError as refusal:
            if not (isinstance(refusal, UnknownPathError) and self.vague(path)):
                for problem in refusal.problems[:1]:  # none where the setting itself is refused
                    self.refuse(problem.message, "path")
            return path

    def event(
        self, quantity: str, arrangement: str | None, overrides: Mapping[str, Any] | None = None
    ) -> str | None:
        """Return the action, the finding or the outcome whose frequency is meant."""
        name = self.given("of", quantity)
        if QUANTITIES[quantity].key == "of" and arrangement not in {None, *self.unsure}:
            with suppress(InputError, BudgetSpentError):  # told where it stands, or where it is solved
                refusal = unknown_event(assemble(self.scenario, str(arrangement), overrides), name)
                if refusal:
                    self.refuse(f"{quantity} needs 'of': {refusal}" if name is None else refusal, "of")
        return name

    def profile(self, quantity: str, arrangement: str | None) -> list[Any] | None:
        """Return the label of the candidate that is meant."""
        node = self.node.entries.get("profile")
        if node is None or arrangement is None:
            if node is not None and QUANTITIES[quantity].whole:
                self.refuse(f"{quantity} belongs to the whole scenario; remove the profile", "profile")
            return None
        try:
            candidates = [profile.label for profile in profiles(self.scenario, arrangement)]
        except InputError:
            return None  # refused where it stands
        label = self.label(node)
        unknown = [name for name in map(_named, label) if not catalogue.is_strategy(name)]
        if unknown:
            hint = nearest(unknown[0], catalogue.strategy_names())
            self.refuse(f"'{shortened(unknown[0])}' is not a strategy{hint}", "profile")
        elif (
            arrangement not in self.unsure
            and not any(same_profile(label, known) for known in candidates)
            and any(_named(part) not in AUTOMATIC for part in label)
        ):
            known = "; ".join(_shown(candidate) for candidate in candidates) or "none are listed"
            self.refuse(f"no candidate {_shown(label)} in {arrangement}; there are: {known}", "profile")
        return label

    def label(self, node: Node) -> list[Any]:
        """Return a profile's label."""
        if isinstance(node, Listing):
            return [self.part(item) for item in node.items]
        return [self.part(node)] * len(self.scenario.players)

    def part(self, node: Node) -> Any:
        """Return what a label says of one player."""
        if isinstance(node, Scalar):
            return catalogue.strategy_name(node.text)
        if not isinstance(node, Branch) or len(node.entries) != 1:
            return ""
        name, body = next(iter(node.entries.items()))
        settings = body.entries if isinstance(body, Branch) else {}
        known = catalogue.strategy_settings(name) if catalogue.is_strategy(name) else {}
        scope = Values(self.scenario).scope()
        shown = {}
        for key, value in settings.items():
            if key not in known:
                message = f"{name} has no setting '{shortened(key)}'{nearest(key, known)}"
                self.refuse(message, "profile", value)
                continue
            try:
                shown[key] = as_json(evaluated(content_of(value, known[key]), scope))
            except InputError as refusal:
                for problem in refusal.problems:
                    self.refuse(problem.message, "profile", value)
        name = catalogue.strategy_name(name)
        return {name: shown} if shown else name

    def overrides(self, arrangement: str | None) -> dict[str, Any]:
        """Return the values after ``with``."""
        body = self.node.entries.get("with")
        found: dict[str, Any] = {}
        for path, node in (body.entries if isinstance(body, Branch) else {}).items():
            try:
                entry, keys = located(self.scenario, path, arrangement)
                setting = member_setting(entry.setting, keys, self.scenario.players)
                whole = whole_path(entry, keys)
                value: Any = content_of(node, setting)
                if setting.kind in NUMERIC and isinstance(node, Scalar) and isinstance(value, str):
                    parse(value)
                value = evaluated(value, Values(self.scenario).scope(arrangement))
                Values(self.scenario, {whole: value}).of(whole)
                if refused_by(setting, value):
                    raise InputError(refused_by(setting, value))
                if whole in found:
                    raise InputError(f"changes {whole}, which is changed here already")
                found[whole] = value
            except InputError as refusal:
                if isinstance(refusal, UnknownPathError) and self.vague(path):
                    continue
                at = body.keys[path] if isinstance(body, Branch) else node
                for problem in refusal.problems:
                    self.refuse(problem.message, f"with.{path}", at)
        return found

    def vague(self, path: str) -> bool:
        """Tell whether a path could be known once other mistakes are mended."""
        parts = segments(path)
        if parts[0] == "arrangements" and len(parts) > 1:
            return parts[1] in self.unsure
        if parts[0] in ("game", "parameters"):
            return len(self.unsure) == len(self.scenario.arrangements)
        return bool(self.unsure) and parts[0] not in ("time", "information", "preferences")

    def within(self, comparison: str | None) -> float:
        """Return the tolerance."""
        node = self.node.entries.get("within")
        if node is None or not isinstance(node, Scalar):
            return WITHIN
        if comparison in ("above", "below"):
            self.refuse(f"'within' does not go with '{comparison}', which is strict", "within")
        try:
            value = parse(node.text).evaluate(Values(self.scenario).scope())
            if not np.all(np.asarray(value) >= 0):
                self.refuse(f"{node.text} is not a number of at least 0", "within")
            return float(value)
        except InputError as refusal:
            for problem in refusal.problems:
                self.refuse(problem.message, "within")
            return WITHIN

    def expected(self, quantity: str, comparison: Comparison) -> Any:
        """Return what the claim expects, read as the quantity wants it."""
        node = self.node.entries[comparison]
        asked = QUANTITIES[quantity]
        if asked.kind != "number" and comparison != "is":
            self.refuse(f"{quantity} is no number; write 'is'", comparison)
            return None
        if isinstance(node, Scalar) and node.null and comparison == "is" and node.text:
            return None
        if comparison == "is" and self.text("is") in asked.words:
            return self.text("is")
        read: dict[Kind, Callable[[], Any]] = {
            "number": lambda: self.number(node, comparison),
            "word": lambda: self.word(node, [word for word in SUPPORTED if word]),
            "truth": lambda: self.boolean(node),
            "intervals": lambda: self.intervals(node),
            "arrangement": lambda: self.word(node, self.scenario.arrangements),
            "arrangements": lambda: self.names(node),
        }
        return read[asked.kind]()

    def number(self, node: Node, key: str) -> Expression | None:
        """Return an expression."""
        if not isinstance(node, Scalar) or node.null:
            self.refuse("write a number or an expression" + (", or null" if key == "is" else ""), key, node)
            return None
        try:
            return parse(node.text)
        except InputError as refusal:
            first, _, rest = node.text.partition(" ")
            meant = first if first in COMPARISONS else catalogue.SYNONYMS.get(first, "")
            hint = f"; write '{meant}: {shortened(rest)}'" if meant in COMPARISONS else ""
            self.refuse(refusal.problems[0].message + hint, key, node)
            return None

    def word(self, node: Node, allowed: Sequence[str]) -> str:
        """Return one of these words."""
        word = node.text if isinstance(node, Scalar) else ""
        if word not in allowed:
            given = f"'{shortened(word)}'" if isinstance(node, Scalar) else "a list or a mapping"
            meant = OTHER_WORDS.get(word.lower(), "")
            hint = f"; did you mean '{meant}'?" if meant in allowed else nearest(word, allowed)
            self.refuse(f"{given} is not allowed; write {listed([*allowed, 'null'])}{hint}", "is", node)
        return word

    def boolean(self, node: Node) -> bool:
        """Return yes or no."""
        word = node.text.lower() if isinstance(node, Scalar) else ""
        if word not in BOOLEANS:
            self.refuse(f"'{shortened(word)}' is not allowed; write yes, no or null", "is", node)
        return BOOLEANS.get(word, False)

    def names(self, node: Node) -> list[str]:
        """Return a list of arrangements."""
        if not isinstance(node, Listing):
            self.refuse("write a list of arrangements, such as [horizontal, hierarchical]", "is", node)
            return []
        return [self.word(item, self.scenario.arrangements) for item in node.items]

    def intervals(self, node: Node) -> list[Any]:
        """Return a list of intervals."""
        items = node.items if isinstance(node, Listing) else (node,)
        if not isinstance(node, Listing) or not all(
            isinstance(item, Branch) and set(item.entries) == {"from", "to"} for item in items
        ):
            self.refuse("write a list of intervals, such as [{from: 1/3, to: 1}], or []", "is", node)
            return []
        return [
            {end: self.number(item.entries[end], "is") for end in ("from", "to")}
            for item in items
            if isinstance(item, Branch)
        ]


def _named(part: Any) -> str:
    return str(next(iter(part))) if isinstance(part, Mapping) else str(part)


def _shown(label: list[Any]) -> str:
    parts = [part if isinstance(part, str) else f"{_named(part)} {part[_named(part)]}" for part in label]
    return parts[0] if len(set(parts)) == 1 else f"[{', '.join(parts)}]"
