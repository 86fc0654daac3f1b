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
    """Return a title and a text for each game among a failed test's variables and fixtures.

    Variables are those of the frames in the test's own file, the innermost first; at most two games are
    shown, with at most 20 lines in all. A certificate stands for its game, and so does a description. Of
    games with one payoff table only that with the most rules is shown: the stage game is part of the other.
    """
    games: dict[str, tuple[int, str, list[str]]] = {}
    for name, held in _held(item, failure):
        game = _game(held)
        if game is None:
            continue
        table = as_text(game, MOST_LINES) if isinstance(game, Game) else _cut(game.tables(), MOST_LINES)
        rules = _rules(held, game)
        whose = f"the game of {name}" if hasattr(held, "game") else name
        if table not in games or len(rules) > games[table][0]:
            games[table] = (len(rules), f"payoff table of {whose}", rules)
    room, shown = MOST_LINES, []
    for table, (_, title, rules) in list(games.items())[:MOST_GAMES]:
        if room < 3:
            break
        text = _cut("\n".join([*rules, table]), room)
        room -= text.count("\n") + 1
        shown.append((title, text))
    return shown


def _rules(held: Any, game: Game | Bimatrix) -> list[str]:
    """Return who sees what and who pays what, as a scenario file says it; of other games the lines."""
    drawn = held if isinstance(held, GameDescription) else getattr(held, "game", None)
    if isinstance(drawn, GameDescription):
        lines = drawn.scenario().split("\n")
        return [line for line in lines[lines.index("time:") :] if line]
    return [repr(game)] if isinstance(game, Game) and game.probabilities.shape[-1] > 1 else []


def _held(item: pytest.Item, failure: pytest.ExceptionInfo[BaseException]) -> Iterator[tuple[str, Any]]:
    for entry in reversed(failure.traceback):
        if entry.path == item.path:
            yield from entry.frame.f_locals.items()
    yield from getattr(item, "funcargs", {}).items()


def _game(held: Any) -> Game | Bimatrix | None:
    if isinstance(held, GameDescription | StageDescription):
        return held.build()
    game = held if isinstance(held, Game | Bimatrix) else getattr(held, "game", None)
    if isinstance(game, GameDescription):
        return game.build()
    return game if isinstance(game, Game | Bimatrix) else None


def _cut(table: str, most: int) -> str:
    lines = table.split("\n")
    return "\n".join(lines if len(lines) <= most else [*lines[: most - 1], "..."])
