"""Overrides: settings changed for one run, from Python or as PATH=VALUE, checked against the scenario."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from gamelab.errors import GamelabWarning, InputError, Problem
from gamelab.expressions import Expression, parse, shortened
from gamelab.model.settings import NO_DIFFERENCES, NUMERIC, Setting
from gamelab.scenario.assembly import as_json, assemble
from gamelab.scenario.document import Scenario, content_of
from gamelab.scenario.members import member_setting, members
from gamelab.scenario.paths import located, whole_path
from gamelab.scenario.reading import Branch, Listing, Node, Scalar, read
from gamelab.scenario.values import Values, refused_by

WANTED = "write PATH=VALUE, such as time.discount_factor=0.5"


def assignments(texts: Iterable[str]) -> dict[str, str]:
    """Return what each path is set to, from texts such as ``time.discount_factor=0.5``.

    >>> assignments(["time.discount_factor = 1/2", "fines=[1, 2]"])
    {'time.discount_factor': '1/2', 'fines': '[1, 2]'}

    Raises
    ------
    InputError
        For a text without ``=`` or without a path, and for a path that is there twice.
    """
    texts_by_path: dict[str, str] = {}
    problems: list[Problem] = []
    for text in texts:
        path, sign, value = (part.strip() for part in text.partition("="))
        if not sign:
            problems.append(Problem(f"'{shortened(text)}' has no '='; {WANTED}"))
        elif not path:
            problems.append(Problem(f"'{shortened(text)}' names no setting; {WANTED}"))
        elif path in texts_by_path:
            problems.append(Problem("is set twice; leave one out", path))
        else:
            texts_by_path[path] = value
    if problems:
        raise InputError(problems)
    return texts_by_path


def overridden(scenario: Scenario, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return overrides by whole path, once every arrangement has taken them.

    Parameters
    ----------
    scenario : Scenario
    overrides : mapping of str to value
        By dotted path, whole or shortened. A text is read as the scenario file would read it: an expression,
        a word, or a list in brackets.

    Raises
    ------
    InputError
        With every path that names no setting or several, every value that is refused by its setting, and
        what the games refuse.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for path, value in overrides.items():
        try:
            if not isinstance(path, str):
                raise InputError("overrides are named by a dotted path, and this is no text")
            whole, meant = _read(scenario, path, value)
            if whole in values:
                raise InputError(f"is {whole}, which is set already")
            values[whole] = meant
        except InputError as refusal:
            problems += [replace(problem, key=str(path), file=scenario.file) for problem in refusal.problems]
    if problems:
        raise InputError(problems)
    _check(scenario, values)
    return values


def applied(scenario: Scenario, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return overrides as results hold them: by whole path, expressions evaluated."""
    values = Values(scenario, overrides)
    return {path: as_json(values.of(path)) for path in overrides}


def _read(scenario: Scenario, path: str, value: Any) -> tuple[str, Any]:
    entry, keys = located(scenario, path)
    setting = member_setting(entry.setting, keys, scenario.players)
    if isinstance(value, str):
        value = _written(value, setting)
    several = [own for part, own, _ in members(setting, value) if part.kind == "number" and np.size(own) != 1]
    if value is not None and several:
        raise InputError("a run takes one value for each setting, and these are several")
    return whole_path(entry, keys), value


def _written(text: str, setting: Setting) -> Any:
    """Return what a text says where a setting is meant."""
    reading = read(f"value: {text}")
    if reading.problems or reading.root is None:
        raise InputError([Problem(problem.message) for problem in reading.problems])
    return _meant(reading.root.entries["value"], setting)


def _meant(node: Node, setting: Setting) -> Any:
    if setting.by_player and isinstance(node, Branch):
        return {player: _meant(own, setting.one) for player, own in node.entries.items()}
    if isinstance(node, Scalar) and node.null:
        if node.text and not setting.required and setting.default is None:
            return None
        raise InputError(f"nothing is given; write {setting.allowed}")
    if setting.kind == "numbers" and not isinstance(node, Listing):
        hint = f", such as [{shortened(node.text)}]" if isinstance(node, Scalar) else ""
        raise InputError(f"a list is needed; write it in brackets{hint}")
    if setting.kind not in ("numbers", "structure") and not isinstance(node, Scalar):
        players = f", and {NO_DIFFERENCES}" if isinstance(node, Branch) and setting.kind in NUMERIC else ""
        raise InputError(f"a list or a mapping is given{players}; write {setting.allowed}")
    value = content_of(node, setting)
    return parse(value) if setting.kind in NUMERIC and isinstance(value, str) else value


def _check(scenario: Scenario, overrides: Mapping[str, Any]) -> None:
    """Refuse what a setting does not take, then what a game does not take."""
    values = Values(scenario, overrides)
    problems: list[Problem] = []
    for path in overrides:
        entry, keys = located(scenario, path)
        if not keys:
            problems += [replace(p, file=p.file or scenario.file) for p in values.refusals(entry)]
            continue
        setting = member_setting(entry.setting, keys, scenario.players)
        try:
            message = refused_by(setting, values.of(path)) if setting.kind != "structure" else ""
            problems += [Problem(message, path, scenario.file)] if message else []
        except InputError as refusal:
            problems += [replace(problem, file=problem.file or scenario.file) for problem in refusal.problems]
    problems = problems or _refused(scenario, overrides)
    if problems:
        raise InputError(dict.fromkeys(problems))


def _refused(scenario: Scenario, overrides: Mapping[str, Any]) -> list[Problem]:
    settings = shortened(", ".join(f"{path} = {_told(value)}" for path, value in overrides.items()))
    problems: list[Problem] = []
    for name in scenario.arrangements:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", GamelabWarning)  # the results' notes tell them
                assemble(scenario, name, overrides)
        except InputError as refusal:
            problems += [replace(p, message=f"{p.message} (with {settings})") for p in refusal.problems]
    return problems


def _told(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(_told(part) for part in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_told(part)}' for key, part in value.items())}}}"
    return value.text if isinstance(value, Expression) else str(value)
