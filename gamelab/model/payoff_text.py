"""Payoff tables as text, for failures of tests, terminals and logs."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from gamelab.model.expectation import material_payoffs
from gamelab.model.game import Floats, Game

WIDEST = 110


def as_text(game: Game, most_lines: int = 20) -> str:
    r"""Return the payoff tables of the game's first grid point as text, one for each state that differs.

    Only what somebody can choose in a state is shown.

    Parameters
    ----------
    game : Game
    most_lines : int
        What is longer is cut, and a last line says so.

    Examples
    --------
    >>> import gamelab as gl
    >>> print(as_text(gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)))
    player_1 \ player_2  C     D
    C                    3, 3  0, 5
    D                    5, 0  1, 1
    """
    tables: dict[str, list[str]] = {}
    for s, state in enumerate(game.states):
        tables.setdefault("\n".join(_rows(game, s)), []).append(str(state))
    lines = [f"the first of {game.batch} games:"] if game.batch > 1 else []
    for table, states in tables.items():
        lines += [f"in {', '.join(states)}:"] if len(tables) > 1 else []
        lines += table.split("\n")
    cut = [line if len(line) <= WIDEST else line[: WIDEST - 3] + "..." for line in lines]
    if len(cut) > most_lines:
        cut = [*cut[: most_lines - 1], f"... and {len(cut) - most_lines + 1} more lines"]
    return "\n".join(cut)


def amounts(paid: Floats) -> str:
    """Return payoffs as a table shows them: fractions as they are, floats with ten digits at most."""
    return ", ".join(str(value) if isinstance(value, Fraction) else f"{value:.10g}" for value in paid)


def _rows(game: Game, s: int) -> list[str]:
    """Return the lines of one state's table: two players who choose make a table, others a list."""
    payoffs = material_payoffs(game)[0, s].reshape(*game.sizes, game.n)
    able = [[a for a in range(size) if game.allowed[s, i, a]] for i, size in enumerate(game.sizes)]
    choosing = [i for i in range(game.n) if len(able[i]) > 1]

    def cell(actions: tuple[int, ...]) -> str:
        return amounts(payoffs[actions])

    def label(actions: tuple[int, ...]) -> str:
        return ", ".join(str(game.actions[i][actions[i]]) for i in choosing) or "(no choice)"

    if game.n == len(choosing) == 2:
        grid = [[" \\ ".join(game.players), *(str(game.actions[1][j]) for j in able[1])]]
        grid += [[str(game.actions[0][i]), *(cell((i, j)) for j in able[1])] for i in able[0]]
    else:
        grid = [["", ", ".join(game.players)]]
        grid += [[label(actions), cell(actions)] for actions in product(*able)]
    wide = [max(len(row[k]) for row in grid) for k in range(len(grid[0]))]
    return [
        "  ".join(text.ljust(size) for text, size in zip(row, wide, strict=True)).rstrip() for row in grid
    ]
