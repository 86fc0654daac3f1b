"""Games that a failed test holds, as sections of its report: their payoff tables, short."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gamelab.model.game import Game
from gamelab.model.payoff_text import as_text
from gamelab.testing.bimatrix import Bimatrix
from gamelab.testing.descriptions import GameDescription, StageDescription

MOST_LINES, MOST_GAMES = 20, 2


def sections(item: pytest.Item, failure: pytest.ExceptionInfo[BaseException]) -> list[tuple[str, str]]:
    """Return a title and a table for each game among a failed test's variables and fixtures.

    Variables are those of the frames in the test's own file, the innermost first; at most two games are
    shown, with at most 20 lines in all. A certificate stands for its game, and so does a description.
    """
    found: list[tuple[str, str]] = []
    seen: set[int] = set()
    room = MOST_LINES
    for name, held in _held(item, failure):
        if id(held) in seen or len(found) == MOST_GAMES or room < 3:
            continue
        game = _game(held)
        if game is None or id(game) in seen:
            continue
        seen |= {id(held), id(game)}
        table = as_text(game, room) if isinstance(game, Game) else _cut(game.tables(), room)
        room -= table.count("\n") + 1
        whose = f"the game of {name}" if hasattr(held, "game") else name
        found.append((f"payoff table of {whose}", table))
    return found


def _held(item: pytest.Item, failure: pytest.ExceptionInfo[BaseException]) -> Iterator[tuple[str, Any]]:
    for entry in reversed(failure.traceback):
        if entry.path == item.path:
            yield from entry.frame.f_locals.items()
    yield from getattr(item, "funcargs", {}).items()


def _game(held: Any) -> Game | Bimatrix | None:
    if isinstance(held, GameDescription | StageDescription):
        return held.build()
    game = held if isinstance(held, Game | Bimatrix) else getattr(held, "game", None)
    return game if isinstance(game, Game | Bimatrix) else None


def _cut(table: str, most: int) -> str:
    lines = table.split("\n")
    return "\n".join(lines if len(lines) <= most else [*lines[: most - 1], "..."])
