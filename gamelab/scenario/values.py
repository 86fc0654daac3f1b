"""What every setting of a scenario is worth: expressions evaluated, with overrides, each name on demand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from gamelab.arithmetic import Value
from gamelab.errors import GameError, InputError, Problem, listed
from gamelab.expressions import FLOAT_BITS, Expression, dotted, number, parse, segments
from gamelab.model.exactness import exact_asked
from gamelab.model.grids import strangers
from gamelab.model.settings import NUMERIC, Setting, shown
from gamelab.scenario.document import Entry, Scenario
from gamelab.scenario.members import (
    UnknownPathError,
    member,
    member_setting,
    members,
    node_at,
    one_number,
    path_below,
    taken,
    unread,
    with_member,
)
from gamelab.scenario.paths import (
    OF_EXPRESSIONS,
    SHOWN_NAMES,
    located,
    preferred,
    unknown,
    written_out,
)

DEEPEST = 50


class Values:
    """The values of one scenario's settings under one set of overrides.

    Parameters
    ----------
    scenario : Scenario
    overrides : mapping of str to value
        By dotted path, whole or shortened: numbers, arrays, lists, texts (expressions where a number is
        meant).

    Raises
    ------
    InputError
        For a path that names no setting, or several.
    """

    def __init__(self, scenario: Scenario, overrides: Mapping[str, Any] | None = None):
        self.scenario = scenario
        self.whole: dict[str, Any] = {}
        self.items: dict[str, dict[tuple[str, ...], Any]] = {}
        self._known: dict[str, Any] = {}
        self._failed: dict[str, InputError] = {}
        self._pending: list[str] = []
        self._scopes: dict[str | None, Scope] = {}
        problems: list[Problem] = []
        for path, value in (overrides or {}).items():
            try:
                self._override(path, value)
            except InputError as refusal:
                problems += [replace(problem, key=problem.key or path) for problem in refusal.problems]
        if problems:
            raise InputError(problems)

    def _override(self, path: str, value: Any) -> None:
        entry, keys = located(self.scenario, path)
        setting = member_setting(entry.setting, keys, self.scenario.players)
        if setting.kind == "structure" and keys and isinstance(value, str):
            value = parse(value)
        value = taken(value, setting)
        if keys:
            self.items.setdefault(entry.path, {})[keys] = value
        else:
            self.whole[entry.path] = value

    def given(self, entry: Entry) -> bool:
        """Tell whether a setting is written or overridden; plug-ins have defaults of their own."""
        return entry.written or entry.path in self.whole or entry.path in self.items

    def overridden(self, entry: Entry) -> bool:
        """Tell whether a setting's value does not come from the file."""
        return entry.path in self.whole or entry.path in self.items

    def changes(self, *sections: str) -> bool:
        """Tell whether any setting of these sections is overridden."""
        return any(segments(path)[0] in sections for path in (*self.whole, *self.items))

    def of(self, path: str) -> Any:
        """Return the value at a path: a number, array, text, None, or lists and mappings of these.

        Raises
        ------
        InputError
            Located where the expression stands, for whatever is wrong in it.
        """
        place = written_out(self.scenario, path)
        if place is None:
            raise unknown(self.scenario, path)
        entry, keys = place
        return member(self._entry(entry), entry.setting, keys, path, self.scenario.players)

    def _entry(self, entry: Entry) -> Any:
        path = entry.path
        if path in self._known:
            return self._known[path]
        if path in self._failed:
            raise self._failed[path]
        try:
            self._known[path] = self._fresh(entry)
        except InputError as refusal:
            self._failed[path] = refusal
            raise
        return self._known[path]

    def _fresh(self, entry: Entry) -> Any:
        path = entry.path
        if path in self._pending:
            circle = " -> ".join([*self._pending[self._pending.index(path) :], path])
            raise InputError(self._problem(entry, f"depends on itself: {circle}", ()))
        if len(self._pending) >= DEEPEST:
            message = f"depends on more than {DEEPEST} names, one behind the other"
            raise InputError(self._problem(entry, message, ()))
        content = self.whole[path] if path in self.whole else written_or_default(entry)
        if (content is None and entry.setting.required) or unread(content, entry.setting):
            raise InputError(())  # refused already, where the file's shape was checked
        self._pending.append(path)
        try:
            for keys, value in self.items.get(path, {}).items():
                whole = path_below(path, keys)
                content = with_member(content, entry.setting, keys, value, whole, self.scenario.players)
            return self._evaluated(content, entry, ())
        finally:
            self._pending.pop()

    def _evaluated(self, content: Any, entry: Entry, keys: tuple[str, ...]) -> Any:
        if isinstance(content, Expression):
            structural = entry.setting.kind == "structure"
            scope = self.scope()
            if structural and content.text in content.names and content.text not in scope:
                return content.text  # a label
            try:
                return content.evaluate(scope)
            except InputError as refusal:
                problems = refusal.problems
                raise InputError(
                    p if p.key else self._problem(entry, p.message, keys) for p in problems
                ) from None
        if isinstance(content, Mapping):
            return {key: self._evaluated(part, entry, (*keys, key)) for key, part in content.items()}
        if isinstance(content, list | tuple):
            return [self._evaluated(part, entry, (*keys, str(k))) for k, part in enumerate(content)]
        if content is None or isinstance(content, str | bool):
            return content
        try:
            return number(content)
        except (TypeError, ValueError):
            raise InputError(self._problem(entry, f"{shown(content)} is not a number", keys)) from None

    def _problem(self, entry: Entry, message: str, keys: tuple[str, ...]) -> Problem:
        key = dotted([*segments(entry.path), *keys])
        if self.overridden(entry):
            return Problem(message, key, self.scenario.file)
        return self.scenario.problem(message, key, node_at(entry.at, keys))

    def refusals(self, entry: Entry) -> list[Problem]:
        """Return what is wrong with a setting's value: in its expressions, or in its range."""
        try:
            value = self._entry(entry)
        except InputError as refusal:
            return list(refusal.problems)
        players = self.scenario.players
        mapped = entry.setting.by_player and isinstance(value, Mapping)
        wrong = strangers(value, players) if mapped and self.scenario.players_written else []
        problems = [self._problem(entry, message, keys) for keys, message in wrong]
        for part, number_there, keys in members(entry.setting, value):
            refusal_message = "" if wrong and keys[0] not in players else refused_by(part, number_there)
            if refusal_message:
                problems.append(self._problem(entry, refusal_message, keys))
        return problems

    def discount_factor(self, player: str | None = None) -> Value:
        """Return the weight of the next round: the discount factor times the chance that it follows.

        Raises
        ------
        InputError
            Where players differ in it and none is named.
        """
        product: Any = Fraction(1)
        for name in ("discount_factor", "continuation_probability"):
            factor = self.of(f"time.{name}")
            if isinstance(factor, Mapping):
                factor = one_number(factor.get(player, factor), name)
            if factor is not None:
                exact = isinstance(factor, Fraction) and isinstance(product, Fraction)
                product = product * factor if exact else _rounded(product) * _rounded(factor)
        return product

    def scope(self, arrangement: str | None = None) -> Scope:
        """Return what names stand for; with an arrangement also its institutions' settings by bare name."""
        if arrangement not in self._scopes:
            self._scopes[arrangement] = Scope(self, arrangement)
        return self._scopes[arrangement]


class Scope(Mapping[str, Any]):
    """Names for an expression: parameters, the game's settings, time, and every dotted path."""

    def __init__(self, source: Values, arrangement: str | None):
        self.source = source
        sections = source.scenario.sections
        prefixes = [*OF_EXPRESSIONS]
        if arrangement is not None:
            institutions = source.scenario.institutions.get(arrangement, ())
            prefixes += [dotted(("arrangements", arrangement, "institutions", name)) for name in institutions]
        named: dict[str, list[Entry]] = {}
        for prefix in prefixes:
            for name, entry in sections.get(prefix, {}).items():
                if entry.setting.kind in NUMERIC:
                    named.setdefault(dotted((name,)), []).append(entry)
        self.bare = {
            name: [entry.path for entry in preferred(entries, arrangement)] for name, entries in named.items()
        }

    def __getitem__(self, name: str) -> Any:
        if (player := self.patience(name)) is not None:
            return self.source.discount_factor(player)
        paths = ["time.rounds"] if name == "rounds" else self.meant(name)
        if len(paths) > 1:
            raise InputError(f"'{name}' could be {listed(paths)}; write the one that is meant")
        try:
            value = self.source.of(paths[0] if paths else name)
        except UnknownPathError:
            raise KeyError(name) from None
        if value is None:
            raise InputError(f"'{name}' is not given in this scenario")
        return one_number(value, name)

    def patience(self, name: str) -> str | None:
        """Return whose discount factor a name means, an empty text for that of all; None where it is none."""
        first, *player = segments(name)
        one = len(player) == 1 and player[0] in self.source.scenario.players
        return "".join(player) if first == "discount_factor" and (one or not player) else None

    def meant(self, name: str) -> list[str]:
        """Return the paths that a bare name stands for; also that of an item, such as ``fines.0``."""
        first, *keys = segments(name)
        return [".".join([path, *keys]) for path in self.bare.get(dotted((first,)), [])]

    def __contains__(self, name: object) -> bool:
        if name == "rounds" or self.patience(str(name)) is not None or self.meant(str(name)):
            return True
        try:
            return written_out(self.source.scenario, str(name)) is not None
        except InputError:
            return False

    def __iter__(self) -> Iterator[str]:
        names = ["discount_factor", "rounds", *self.bare, *self.source.scenario.entries]
        return iter(names[:SHOWN_NAMES])

    def __len__(self) -> int:
        return len(list(iter(self)))


def written_or_default(entry: Entry) -> Any:
    """Return what a setting holds in the file, else its default; None where it has none."""
    if entry.written:
        return entry.content
    return None if entry.setting.required else entry.setting.default


def refused_by(setting: Setting, value: Any) -> str:
    """Return why a setting does not take a value; an empty text where it does."""
    try:
        setting.check(plain(value, setting))
    except GameError as refusal:
        return refusal.message
    return ""


def plain(value: Any, setting: Setting) -> Any:
    """Return a value as plug-ins take it: Python numbers, texts, arrays, lists and mappings of these.

    Fractions are rounded to floats unless ``exactly`` asks for them.
    """
    if isinstance(value, Mapping):
        return {key: plain(part, setting) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part, setting) for part in value]
    if isinstance(value, Fraction):
        if exact_asked():
            return int(value) if value.denominator == 1 else value
        whole = value.denominator == 1 and value.numerator.bit_length() < FLOAT_BITS
        return int(value) if whole else _rounded(value)
    return value


def varies(value: Any) -> bool:
    """Tell whether a value is an array, or holds one: a setting that varies, or one made from it."""
    if isinstance(value, Mapping):
        return any(map(varies, value.values()))
    return any(map(varies, value)) if isinstance(value, list | tuple) else isinstance(value, np.ndarray)


def _rounded(value: Any) -> Any:
    if isinstance(value, Fraction):
        try:
            return float(value)
        except OverflowError:
            return float("inf") if value > 0 else -float("inf")
    return value
