"""Kept games: what a plug-in makes of the same game and the same settings is made once."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.exactness import exact_asked
from gamelab.model.game import Game
from gamelab.model.settings import settings_of

NOT_FOR_PLUGINS = (ValueError, TypeError, ArithmeticError, LookupError)
MOST_GAMES = 256
LARGEST = 10_000
"""The most entries that a table of probabilities may have for its game to be kept."""

Plugin = Callable[..., Game]
_KEPT: dict[tuple[Any, ...], tuple[Game, list[warnings.WarningMessage]]] = {}


def guarded(plugin: Plugin, games: tuple[Game, ...], settings: Mapping[str, Any]) -> Game:
    """Return what a plug-in makes of games and settings; what it cannot do with them is a refusal, too.

    Arrangements share a stage game, and a threshold varies one setting of one institution: all that comes
    before is the same. So small games of single numbers are kept; what was warned of them is said again.

    Raises
    ------
    GameError
        For what the plug-in refuses, and for what numpy or Python cannot do with the settings.
    """
    written = {name: _written(value) for name, value in settings.items()}
    reads_file = any(setting.kind == "file" and setting.name in settings for setting in settings_of(plugin))
    if reads_file or None in written.values():
        return _made(plugin, games, settings)
    key = (plugin, games, tuple(written.items()), exact_asked())
    if key not in _KEPT:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            game = _made(plugin, games, settings)
        if len(_KEPT) >= MOST_GAMES:
            _KEPT.clear()
        if game.probabilities.size <= LARGEST:
            _KEPT[key] = game, caught
    else:
        game, caught = _KEPT[key]
    for entry in caught:
        warnings.warn_explicit(entry.message, entry.category, entry.filename, entry.lineno)
    return game


def _written(value: Any) -> str | None:
    """Return a setting's value in writing, its kind with it; None for arrays and what holds some."""
    if isinstance(value, Mapping):
        parts = [(key, _written(part)) for key, part in value.items()]
        return None if any(part is None for _, part in parts) else str(parts)
    if isinstance(value, list | tuple):
        return _written(dict(enumerate(value)))
    return None if isinstance(value, np.ndarray) else f"{type(value).__name__} {value!r}"


def _made(plugin: Plugin, games: tuple[Game, ...], settings: Mapping[str, Any]) -> Game:
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # the game refuses what is not finite
            return plugin(*games, **settings)
    except GameError:
        raise
    except NOT_FOR_PLUGINS as failure:
        raise GameError(f"cannot be built from these settings: {failure}") from failure
