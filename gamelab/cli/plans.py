"""Strategies as one writes them on a command line: names, settings in brackets, one for each seat."""

from __future__ import annotations

from typing import Any

from gamelab.errors import GameError


def plans_of(text: str, option: str = "--strategies") -> list[Any]:
    """Return the entrants of a list such as ``grim,limited_punishment(rounds=2),comply/honour``.

    Raises
    ------
    GameError
        For what cannot be read, with what may be written.

    Examples
    --------
    >>> plans_of("grim, limited_punishment(rounds=2), comply/honour")
    ['grim', {'limited_punishment': {'rounds': 2}}, ['comply', 'honour']]
    """
    try:
        plans = [_plan(part) for part in _split(text, ",") if part]
    except GameError as refusal:
        raise GameError(refusal.message, option) from None
    if not plans:
        raise GameError("none given; write names with commas between, such as grim,tit_for_tat", option)
    return plans


def profile_of_text(text: str, option: str = "--profile") -> list[Any]:
    """Return one profile: a strategy for everybody, or one for each seat.

    Raises
    ------
    GameError
        For what cannot be read, and for several profiles.

    Examples
    --------
    >>> profile_of_text("grim"), profile_of_text("grim/limited_punishment(rounds=2)")
    (['grim'], ['grim', {'limited_punishment': {'rounds': 2}}])
    """
    plans = plans_of(text, option)
    if len(plans) > 1:
        raise GameError(f"{len(plans)} given; write one, or one for each player as grim/tit_for_tat", option)
    return plans[0] if isinstance(plans[0], list) else plans


def _plan(text: str) -> Any:
    seats = [_strategy(part) for part in _split(text, "/")]
    return seats[0] if len(seats) == 1 else seats


def _strategy(text: str) -> Any:
    name, bracket, rest = text.partition("(")
    name = name.strip()
    if not name or (bracket and not rest.endswith(")")) or (not bracket and ")" in text):
        raise _unread(text)
    if not bracket:
        return name
    settings: dict[str, Any] = {}
    for part in filter(None, _split(rest[:-1], ",")):
        key, given, value = part.partition("=")
        if not given or not key.strip():
            raise _unread(text)
        settings[key.strip()] = _value(value.strip(), text)
    return {name: settings} if settings else name


def _value(text: str, whole: str) -> Any:
    top, division, bottom = text.partition("/")
    for kind in (int, float):
        try:
            return kind(text) if not division else kind(top) / kind(bottom)
        except ValueError:
            continue
        except ZeroDivisionError:
            break
    if division or not text:
        raise _unread(whole)
    return text


def _unread(text: str) -> GameError:
    said = (
        f"'{text}' cannot be read; write a name, or a name with settings such as limited_punishment(rounds=2)"
    )
    return GameError(said)


def _split(text: str, mark: str) -> list[str]:
    """Return the parts between marks that stand in no brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == mark and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]
