"""What every setting of a scenario is worth: expressions evaluated, with overrides, each name on demand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from gamelab.arithmetic import Value
from gamelab.errors import GameError, InputError, Problem, listed
from gamelab.expressions import FLOAT_BITS, Expression, dotted, number, parse, segments, shortened
from gamelab.model.exactness import exact_asked
from gamelab.model.settings import Setting, shown
from gamelab.scenario.document import Entry, Scenario
from gamelab.scenario.paths import (
    OF_EXPRESSIONS,
    SHOWN_NAMES,
    UnknownPathError,
    located,
    preferred,
    unknown,
    written_out,
)
from gamelab.scenario.reading import Branch, Listing, Node

DEEPEST = 50
NUMERIC = ("number", "whole number", "numbers")


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
        kind = entry.setting.kind
        if kind == "number" and isinstance(value, list | tuple | Mapping):
            value = _grid(value)
        if kind in NUMERIC or (kind == "structure" and keys and isinstance(value, str)):
            value = _read(value)
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
        found = written_out(self.scenario, path)
        if found is None:
            raise unknown(self.scenario, path)
        entry, keys = found
        value = self._entry(entry)
        for key in keys:
            value = _item(value, key, path)
        return value

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
        if (content is None and entry.setting.required) or _unread(content, entry.setting):
            raise InputError(())  # refused already, where the file's shape was checked
        self._pending.append(path)
        try:
            for keys, value in self.items.get(path, {}).items():
                content = _with(content, keys, value, path)
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
        return self.scenario.problem(message, key, node_at(entry, keys))

    def refusals(self, entry: Entry) -> list[Problem]:
        """Return what is wrong with a setting's value: in its expressions, or in its range."""
        try:
            value = self._entry(entry)
        except InputError as refusal:
            return list(refusal.problems)
        setting = entry.setting
        parts: list[tuple[Setting, Any, tuple[str, ...]]] = [(setting, value, ())]
        if setting.kind == "numbers" and isinstance(value, list):
            parts = [(replace(setting, kind="number"), item, (str(k),)) for k, item in enumerate(value)]
        problems = []
        for part, item, keys in parts:
            refusal_message = refused_by(part, item)
            if refusal_message:
                problems.append(self._problem(entry, refusal_message, keys))
        return problems

    def discount_factor(self) -> Value:
        """Return the weight of the next round: the discount factor times the chance that it follows."""
        factors = [self.of(f"time.{name}") for name in ("discount_factor", "continuation_probability")]
        product: Any = Fraction(1)
        for factor in factors:
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
        if name == "discount_factor":
            return self.source.discount_factor()
        paths = ["time.rounds"] if name == "rounds" else self.meant(name)
        if len(paths) > 1:
            raise InputError(f"'{name}' could be {listed(paths)}; write the one that is meant")
        try:
            value = self.source.of(paths[0] if paths else name)
        except UnknownPathError:
            raise KeyError(name) from None
        if value is None:
            raise InputError(f"'{name}' is not given in this scenario")
        return value

    def meant(self, name: str) -> list[str]:
        """Return the paths that a bare name stands for; also that of an item, such as ``fines.0``."""
        first, *keys = segments(name)
        return [".".join([path, *keys]) for path in self.bare.get(dotted((first,)), [])]

    def __contains__(self, name: object) -> bool:
        if name in ("discount_factor", "rounds") or self.meant(str(name)):
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


def node_at(entry: Entry, keys: Sequence[str]) -> Node:
    """Return the node of a setting's item."""
    node = entry.at
    for key in keys:
        if isinstance(node, Branch) and key in node.entries:
            node = node.entries[key]
        elif isinstance(node, Listing) and key.isdigit() and int(key) < len(node.items):
            node = node.items[int(key)]
        else:
            break
    return node


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


def _unread(content: Any, setting: Setting) -> bool:
    """Tell whether text stands where a number is meant."""
    if setting.kind == "numbers" and isinstance(content, list):
        return any(isinstance(part, str) for part in content)
    return setting.kind in NUMERIC and isinstance(content, str | list | dict)


def _rounded(value: Any) -> Any:
    if isinstance(value, Fraction):
        try:
            return float(value)
        except OverflowError:
            return float("inf") if value > 0 else -float("inf")
    return value


def _read(value: Any) -> Any:
    if isinstance(value, str):
        return parse(value)
    if isinstance(value, list | tuple):
        return [_read(part) for part in value]
    return (
        number(value)
        if isinstance(value, int | float | np.generic) and not isinstance(value, bool)
        else value
    )


def _grid(value: Any) -> Value:
    try:
        return number(np.asarray(value, dtype=np.float64))
    except (TypeError, ValueError):
        raise InputError(f"{shown(value)} is not a number or a grid of numbers") from None


def _item(value: Any, key: str, path: str) -> Any:
    if isinstance(value, Mapping) and key in value:
        return value[key]
    if isinstance(value, list) and key.isdigit() and int(key) < len(value):
        return value[int(key)]
    raise UnknownPathError(Problem(_no_item(value, key, path)))


def _no_item(value: Any, key: str, path: str) -> str:
    there = "no items"
    if isinstance(value, Mapping):
        there = listed(value)
    elif isinstance(value, list) and value:
        there = f"items 0 to {len(value) - 1}"
    return f"'{shortened(path)}' names no setting: there is no '{shortened(key)}', but {there}"


def _with(content: Any, keys: tuple[str, ...], value: Any, path: str) -> Any:
    """Return nested lists with another value at one place."""
    if not keys:
        return value
    key, rest = keys[0], keys[1:]
    inner = _with(_item(content, key, path), rest, value, path)
    if isinstance(content, Mapping):
        return {**content, key: inner}
    return [inner if k == int(key) else part for k, part in enumerate(content)]
