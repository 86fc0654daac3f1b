"""Members: single numbers inside a setting, of a list by place and of players who differ by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

import numpy as np

from gamelab.arithmetic import Value
from gamelab.errors import InputError, Problem, listed
from gamelab.expressions import dotted, number, parse, segments, shortened
from gamelab.model.settings import NO_DIFFERENCES, NUMERIC, Setting, shown
from gamelab.scenario.reading import Branch, Listing, Node

Keys = tuple[str, ...]


class UnknownPathError(InputError):
    """A path that names no setting of the scenario."""


def members(setting: Setting, value: Any, keys: Keys = ()) -> Iterator[tuple[Setting, Any, Keys]]:
    """Yield the numbers that a setting's value holds, each with what it may be and the keys that lead to it.

    A setting that is one number is its only member.
    """
    if setting.by_player and isinstance(value, Mapping):
        for player, own in value.items():
            yield from members(setting.one, own, (*keys, player))
    elif setting.kind == "numbers" and isinstance(value, list):
        for k, item in enumerate(value):
            yield replace(setting.one, kind="number"), item, (*keys, str(k))
    else:
        yield setting, value, keys


def member_paths(path: str, setting: Setting, value: Any) -> list[str]:
    """Return the path of every number that a setting's value holds."""
    return [path_below(path, keys) for _, _, keys in members(setting, value)]


def path_below(path: str, keys: Sequence[str]) -> str:
    """Return the path of what these keys lead to."""
    return dotted([*segments(path), *keys])


def member_setting(setting: Setting, keys: Keys, players: Sequence[str]) -> Setting:
    """Return what may stand where these keys lead to inside a setting."""
    if setting.by_player and keys and keys[0] in players:
        setting, keys = setting.one, keys[1:]
    return replace(setting.one, kind="number") if keys and setting.kind == "numbers" else setting


def member(value: Any, setting: Setting, keys: Keys, path: str, players: Sequence[str]) -> Any:
    """Return what these keys lead to inside a value; one value for all is each player's.

    Raises
    ------
    UnknownPathError
        Where nothing is there.
    """
    for key in keys:
        if not (setting.by_player and key in players and not isinstance(value, Mapping | None)):
            value = _item(value, key, path, setting, players)
        setting = setting.one
    return value


def _item(value: Any, key: str, path: str, setting: Setting, players: Sequence[str]) -> Any:
    if value is None:
        raise InputError(f"'{shortened(path)}' is not given, for no player")
    if isinstance(value, Mapping) and key in value:
        return value[key]
    if isinstance(value, list) and key.isdigit() and int(key) < len(value):
        return value[int(key)]
    names = list(value) if isinstance(value, Mapping) else list(players) if setting.by_player else []
    if isinstance(value, list) and value and (key.isdigit() or not names):
        there = f"items 0 to {len(value) - 1}"
    else:
        there = listed(names) if names else "no items"
    said = f"there is no '{shortened(key)}', but {there}"
    close = get_close_matches(key, names, n=1)
    hint = f"; did you mean '{close[0]}'?" if close else ""
    raise UnknownPathError(Problem(f"'{shortened(path)}' names no setting: {said}{hint}"))


def with_member(
    content: Any, setting: Setting, keys: Keys, value: Any, path: str, players: Sequence[str]
) -> Any:
    """Return a setting's content with another value where these keys lead to.

    Where one value is for all players and one player's is changed, the others keep it.
    """
    if not keys:
        return value
    key, rest = keys[0], keys[1:]
    if setting.by_player and key in players and not isinstance(content, Mapping | None):
        content = dict.fromkeys(players, content)
    inner = _item(content, key, path, setting, players)
    inner = with_member(inner, setting.one, rest, value, path, players)
    if isinstance(content, Mapping):
        return {**content, key: inner}
    return [inner if k == int(key) else part for k, part in enumerate(content)]


def taken(value: Any, setting: Setting) -> Any:
    """Return the value of an override as files hold it: expressions, numbers, grids, lists and mappings."""
    if setting.by_player and isinstance(value, Mapping):
        return {str(player): taken(own, setting.one) for player, own in value.items()}
    if setting.kind in NUMERIC and isinstance(value, Mapping):
        raise InputError(f"a mapping given, and {NO_DIFFERENCES}; write {setting.allowed}")
    if setting.kind == "number" and isinstance(value, list | tuple):
        return _grid(value)
    return _read(value) if setting.kind in NUMERIC else value


def _read(value: Any) -> Any:
    if isinstance(value, str):
        return parse(value)
    if isinstance(value, list | tuple):
        return [_read(part) for part in value]
    real = isinstance(value, int | float | np.generic) and not isinstance(value, bool)
    return number(value) if real else value


def _grid(value: Any) -> Value:
    try:
        return number(np.asarray(value, dtype=np.float64))
    except (TypeError, ValueError):
        raise InputError(f"{shown(value)} is not a number or a grid of numbers") from None


def unread(content: Any, setting: Setting) -> bool:
    """Tell whether something stands where a number is meant: its shape is refused already."""
    if setting.by_player and isinstance(content, Mapping):
        return any(unread(own, setting.one) for own in content.values())
    if setting.kind == "numbers" and isinstance(content, list):
        return any(isinstance(part, str) for part in content)
    return setting.kind in NUMERIC and isinstance(content, str | list | dict)


def node_at(node: Node, keys: Sequence[str]) -> Node:
    """Return the node of a setting's member."""
    for key in keys:
        if isinstance(node, Branch) and key in node.entries:
            node = node.entries[key]
        elif isinstance(node, Listing) and key.isdigit() and int(key) < len(node.items):
            node = node.items[int(key)]
        else:
            break
    return node


def one_number(value: Any, path: str) -> Any:
    """Return a value that is one number.

    Raises
    ------
    InputError
        Where players differ, with the paths of their numbers.
    """
    if isinstance(value, Mapping):
        known = listed(path_below(path, (player,)) for player in value)
        raise InputError(f"'{shortened(path)}' differs between players; write {known}")
    return value
