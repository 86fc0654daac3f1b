"""The signature of a plug-in: what its settings must look like, and why one is refused when it is loaded."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from gamelab.errors import GameError
from gamelab.model.settings import settings_of

PLACES = {"stages": (), "institutions": ("game",), "strategies": ("game", "player")}
"""What a plug-in of each group takes before its settings."""
TAKEN = {"stages": {"kind": "in a file, 'kind' says which stage game is meant"}}
"""Names that no setting of a group can have, and why."""


def refusal(group: str, name: str, plugin: Any) -> str:
    """Return what is wrong with a plug-in's name or signature, and where; an empty text where nothing is."""
    if not (name.isidentifier() and name.isascii()):
        return "a name is made of letters, digits and _"
    if not inspect.isfunction(plugin):
        return f"it is a {type(plugin).__name__}, not a function"
    wrong = _wrong_form(group, plugin) or _wrong_setting(plugin)
    code = inspect.unwrap(plugin).__code__
    return f"{wrong}, at {code.co_filename}:{code.co_firstlineno}" if wrong else ""


def _wrong_form(group: str, plugin: Callable[..., Any]) -> str:
    parameters = list(inspect.signature(plugin).parameters.values())
    first = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD or p.kind is p.POSITIONAL_ONLY]
    wanted = PLACES[group]
    if len(first) != len(wanted) or any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
        form = f"({', '.join((*wanted, '*', 'setting: Kind', '...'))})"
        return f"its settings must be keyword-only: the signature must have the form {form}"
    for setting in (p for p in parameters if p.kind is p.KEYWORD_ONLY):
        if setting.annotation is setting.empty:
            return (
                f"the setting '{setting.name}' has no annotation, such as gamelab.model.settings.Probability"
            )
        if setting.name in TAKEN.get(group, {}):
            return f"no setting can be called '{setting.name}': {TAKEN[group][setting.name]}"
    return ""


def _wrong_setting(plugin: Callable[..., Any]) -> str:
    """Return what is wrong with an annotation or a default."""
    try:
        settings = settings_of(plugin)
    except GameError as wrong:
        return f"the setting '{wrong.key}' has an annotation that says nothing: {wrong.message}"
    except Exception as failure:
        return f"an annotation cannot be read: {type(failure).__name__}: {failure}"
    for setting in settings:
        try:
            if not setting.required:
                setting.check(setting.default)
        except GameError as wrong:
            return f"the setting '{setting.name}' has a wrong default: {wrong.message}"
    return ""
