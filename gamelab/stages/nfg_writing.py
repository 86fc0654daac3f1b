"""Gambit's .nfg files written: one stage game as a text that every reader of the format understands."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from gamelab.errors import GameError, InputError, Problem
from gamelab.model.arguments import checked
from gamelab.model.game import Game
from gamelab.model.settings import shown


@checked
def write_nfg(game: Game, path: str | Path, *, title: str = "") -> None:
    """Write a stage game as a .nfg file of Gambit; see ``nfg_text``.

    Raises
    ------
    GameError
        For a grid of games, a game with several states, or a name that ends with a backslash.
    InputError
        Where the file cannot be written.
    """
    text = nfg_text(game, title)
    try:
        Path(path).write_text(text, encoding="utf-8", newline="\n")
    except OSError as failure:
        raise InputError(Problem(f"cannot be written: {failure.strerror}", "", str(path))) from None


def nfg_text(game: Game, title: str = "") -> str:
    """Return a single game with one state as the text of a .nfg file, all ledger lines of one move together.

    Numbers are written so that reading them gives the same ones: floats as shortest decimals without an
    exponent, Fractions as they are.

    Raises
    ------
    GameError
        For a grid of games, a game with several states, or a name that ends with a backslash.

    Examples
    --------
    >>> import gamelab as gl
    >>> print(nfg_text(gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0), "Dilemma"))
    NFG 1 R "Dilemma" { "player_1" "player_2" }
    { { "C" "D" } { "C" "D" } }
    <BLANKLINE>
    3 3
    5 0
    0 5
    1 1
    <BLANKLINE>
    """
    if game.batch > 1 or len(game.states) > 1:
        what = f"a grid of {game.batch} games" if game.batch > 1 else f"{len(game.states)} states"
        raise GameError(f"a .nfg file holds one stage game, and this one has {what}", "game")
    n, sizes = game.n, game.sizes
    table = np.broadcast_to(_payoffs(game), (len(game.profiles), n)).reshape((*sizes, n))
    rows = table.transpose((*reversed(range(n)), n)).reshape(-1, n)
    head = f"NFG 1 R {_quoted(title, 'title')} {_braced(_quoted(name, 'players') for name in game.players)}"
    strategies = _braced(_braced(_quoted(label, "actions") for label in own) for own in game.actions)
    body = "\n".join(" ".join(map(_number, row)) for row in rows)
    return f"{head}\n{strategies}\n\n{body}\n"


def _payoffs(game: Game) -> Any:
    """Return the payoffs as they were given where all are paid by profile, else as they come on average."""
    total: Any = 0
    for line, flow in game.flows.items():
        if flow.by_outcome is None and flow.by_profile is not None:
            total = total + flow.by_profile[0, 0, :, : game.n]
        else:
            paid, constant = game.expected[line]
            total = total + paid[0, 0, :, : game.n] + constant[0, : game.n]
    return total


def _number(entry: Any) -> str:
    """Return a number without an exponent: not all who read such files know one without a point, or a +."""
    if isinstance(entry, Fraction):
        return str(entry)
    text = format(Decimal(repr(float(entry) + 0.0)), "f")  # adding 0 makes -0 of it 0
    return text.removesuffix(".0")


def _quoted(name: str, key: str) -> str:
    """Return a label in quotes; only a quote in it is escaped, as the format says."""
    if name.endswith("\\"):
        raise GameError(
            f'{shown(name)} ends with a backslash, which a .nfg file would take for part of \\"', key
        )
    return '"' + name.replace('"', '\\"') + '"'


def _braced(parts: Iterable[str]) -> str:
    return " ".join(itertools.chain(("{",), parts, ("}",)))
