"""The table in docs/strategies.md, held against the code: every strategy, and where it refuses and why."""

import re
from pathlib import Path

import example_games as examples
import numpy as np
import playing
import pytest

import gamelab as gl
from gamelab.errors import GameError
from gamelab.strategies import STRATEGIES

PAGE = (Path(__file__).parents[2] / "docs" / "strategies.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| `")
]
SEATS = [("dilemma", "public", 0), ("battle", "public", 0), ("battle", "rotation", 0),
         ("trust", "public", 0), ("trust", "public", 1)]  # fmt: skip
REASONS = {
    "nothing is agreed": "needs an agreement to keep, and this game has none",
    "nothing is disputed": "needs a dispute",
    "rounds of two moves": "is for rounds of one move, and this game's rounds have more",
    "no symmetric prisoner's dilemma": "is defined for a symmetric prisoner's dilemma",
    "what is agreed changes with the turn": "the same in every state",
    "nobody moves second": "is for the player who moves second",
    "no last round": "is for games of finitely many rounds, and this one has no last round",
    "moves first": "is for the player who moves second",
}
CELLS = [
    pytest.param(row[0].strip("`"), cell, *seat, id=f"{row[0]}-{'-'.join(map(str, seat))}")
    for row in ROWS
    for cell, seat in zip(row[2:], SEATS, strict=True)
]


def game_of(name, stage, ground):
    """Return the column's game; for a strategy that looks at levels with a ladder, where one can stand."""
    game = examples.ground(stage, ground)
    if name == "comply_until" and (game.agreement >= 0).any():
        return gl.graduated_sanctions(gl.monitoring(game, detection=0.9), fines=[1, 2])
    return game


def test_every_strategy_has_its_row():
    assert [row[0] for row in ROWS] == [f"`{name}`" for name in STRATEGIES]
    assert all(len(row) == 2 + len(SEATS) and all(row) for row in ROWS)


@pytest.mark.parametrize(("name", "cell", "stage", "ground", "player"), CELLS)
def test_it_refuses_exactly_where_the_table_says(name, cell, stage, ground, player):
    game = game_of(name, stage, ground)
    chosen = examples.first_settings(STRATEGIES[name]) | ({"level": 1} if name == "comply_until" else {})
    if cell.startswith("refuses: "):
        with pytest.raises(GameError, match=re.escape(REASONS[cell.removeprefix("refuses: ")])):
            STRATEGIES[name](game, player, **chosen)
        return
    automaton = STRATEGIES[name](game, player, **chosen)
    automaton.fits(game, player)
    own_move = int(np.flatnonzero(game.has_choice[:, player])[0])
    first = automaton.action[0, min(own_move, automaton.action.shape[1] - 1), automaton.start]
    agreed = game.agreement[own_move, player]
    words = cell.split(",")[0]
    if words in ("C for ever", "follows the rule", "participates", "honours"):
        assert first.tolist() == playing.certain(2, agreed).tolist()
    if words in ("D for ever", "mixes for ever", "declines", "reneges"):
        np.testing.assert_allclose(first, game.fallback[0, own_move, player])
        assert len(automaton.states) == 1
