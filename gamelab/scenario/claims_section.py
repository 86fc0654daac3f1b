"""The section ``claims``: each claim read from its nodes and checked against the rest of the scenario."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, get_args

import numpy as np

from gamelab.errors import InputError, Problem, listed, nearest
from gamelab.expressions import dotted, parse, segments, shortened
from gamelab.model.budget import BudgetSpentError
from gamelab.model.settings import NUMERIC
from gamelab.scenario import catalogue
from gamelab.scenario.assembly import assemble, cost_paths, players_of, profiles, same_profile
from gamelab.scenario.claim_values import ValueReader
from gamelab.scenario.claims import evaluated, expected_value
from gamelab.scenario.document import Scenario, content_of
from gamelab.scenario.margins import adjustable, cost_meant, strength_paths
from gamelab.scenario.members import UnknownPathError, member_setting
from gamelab.scenario.paths import located, whole_path
from gamelab.scenario.quantities import QUANTITIES, with_key
from gamelab.scenario.reading import Branch, Listing, Scalar
from gamelab.scenario.requests import WITHIN, Claim, Comparison, weighted
from gamelab.scenario.schema import COMPARISONS
from gamelab.scenario.values import Values, refused_by
from gamelab.solve.frequency import unknown_event

AUTOMATIC = ("stage_nash", "backward_induction")
"""Strategies that are candidates without being listed, where a game has them."""


def claims_of(scenario: Scenario, unsure: frozenset[str] = frozenset()) -> tuple[list[Claim], list[Problem]]:
    """Read a scenario's claims; return those that are sound, and every problem with the others.

    Parameters
    ----------
    unsure : set of str
        Arrangements that hold mistakes: a name that a claim uses may be known once these are mended.
    """
    listing = scenario.root.entries.get("claims")
    claims: list[Claim] = []
    problems: list[Problem] = []
    for k, node in enumerate(listing.items if isinstance(listing, Listing) else ()):
        if not isinstance(node, Branch):
            continue
        reader = ClaimReader(scenario, node, f"claims.{k}", unsure)
        claim = reader.claim()
        problems += reader.problems
        if claim is not None and not reader.problems:
            claims.append(claim)
    return claims, problems


class ClaimReader(ValueReader):
    """Reads one claim and notes what is wrong with it."""

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
        weights = self.weights(quantity)
        arrangement = None if weights else self.arrangement(quantity)
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
        says = self.text("says") or f"{quantity} of {arrangement or weighted(weights) or 'the scenario'}"
        claim = Claim(
            says, quantity, arrangement, comparison, expected, profile, player, path, of, within, overrides,
            f"{self.key}.{comparison}", place.line, place.column, weights,
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

    def weights(self, quantity: str) -> dict[str, Any]:
        """Return the weights of arrangements whose weighted sum is claimed; empty where one is named."""
        node = self.node.entries.get("arrangement")
        if not isinstance(node, Branch):
            return {}
        known, names = QUANTITIES[quantity], self.scenario.arrangements
        if known.kind != "number" or known.key == "path":
            self.refuse(f"{quantity} is no number of several arrangements; name one", "arrangement")
        if "profile" in self.node.entries:
            self.refuse("weights are of what arrangements play; remove the profile", "profile")
        scope = Values(self.scenario).scope()
        weights = {}
        for name, part in node.entries.items():
            if name not in names:
                given = f"no arrangement '{shortened(name)}'"
                message = f"{given}; write {listed(names)}{nearest(name, names)}"
                self.refuse(message, f"arrangement.{dotted((name,))}", node.keys[name])
            try:
                weight = self.number(part, "arrangement")
                weights[name] = evaluated(weight, scope) if weight is not None else 0
            except InputError as refusal:
                self.refuse(refusal.problems[0].message, "arrangement", part)
        return weights

    def comparison(self) -> Comparison | None:
        """Return the one comparison."""
        names = [name for name in get_args(Comparison) if name in self.node.entries]
        if len(names) == 1:
            return names[0]
        if not names:
            self.refuse(f"needs a comparison: {listed(COMPARISONS)}")
        else:
            self.refuse(f"one comparison is enough, and these are {len(names)}: {', '.join(names)}", names[1])
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
        """Return the account that is meant, or the action, finding or outcome whose frequency is."""
        name = self.given("of", quantity)
        if QUANTITIES[quantity].needs == "account":
            return self.account(quantity, name)
        if QUANTITIES[quantity].key == "of" and arrangement not in {None, *self.unsure}:
            with suppress(InputError, BudgetSpentError):  # told where it stands, or where it is solved
                refusal = unknown_event(assemble(self.scenario, str(arrangement), overrides), name)
                if refusal:
                    self.refuse(f"{quantity} needs 'of': {refusal}" if name is None else refusal, "of")
        return name

    def account(self, quantity: str, name: str | None) -> str | None:
        """Return the account that is meant."""
        known = [*self.scenario.players, "authority"]
        known += ["society"] if self.scenario.entries["accounting.public_funds"].written else []
        if name is None:
            self.refuse(f"{quantity} needs 'of': {listed(known)}")
        elif name not in known:
            given = f"no account '{shortened(name)}'"
            self.refuse(f"{given}; write {listed(known)}{nearest(name, known)}", "of")
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

    def overrides(self, arrangement: str | None) -> dict[str, Any]:
        """Return the values after ``with``."""
        body = self.node.entries.get("with")
        overrides: dict[str, Any] = {}
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
                if whole in overrides:
                    raise InputError(f"changes {whole}, which is changed here already")
                overrides[whole] = value
            except InputError as refusal:
                if isinstance(refusal, UnknownPathError) and self.vague(path):
                    continue
                at = body.keys[path] if isinstance(body, Branch) else node
                for problem in refusal.problems:
                    self.refuse(problem.message, f"with.{path}", at)
        return overrides

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


def _named(part: Any) -> str:
    return str(next(iter(part))) if isinstance(part, Mapping) else str(part)


def _shown(label: list[Any]) -> str:
    parts = [part if isinstance(part, str) else f"{_named(part)} {part[_named(part)]}" for part in label]
    return parts[0] if len(set(parts)) == 1 else f"[{', '.join(parts)}]"
