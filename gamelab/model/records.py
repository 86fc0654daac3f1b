"""Records: who did, saw and earned what, one row per player and move; from any source, as frozen columns."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.game import Floats, Ints, frozen

if TYPE_CHECKING:
    import pandas as pd

VERDICTS = ("clean", "offence")
NUMBERS = ("match", "round", "move", "seen", "level")
WORDS = ("player", "state", "intended", "realised", "read", "verdict")
COLUMNS = ("match", "round", "move", "player", "state", "intended", "realised", "read", "seen", "verdict",
           "level")  # fmt: skip
PAYOFF = "payoff_"
"""What the name of a payoff column begins with; the ledger line follows."""


@dataclass(frozen=True, eq=False)
class Labels:
    """A column of words: their numbers, and the words.

    Parameters
    ----------
    codes : int array (R,)
        -1 where there is nothing.
    words : tuple of str
    """

    codes: Ints
    words: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "codes", frozen(self.codes, np.int32, "codes"))

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: Any) -> Labels:
        """Return some rows."""
        return Labels(self.codes[rows], self.words)

    def to_list(self) -> list[str | None]:
        """Return the words row by row, None where there is nothing."""
        return [None if code < 0 else self.words[code] for code in self.codes.tolist()]


@dataclass(frozen=True, eq=False, kw_only=True)
class Records:
    """What was played: one row per match, round, move and player, in this order.

    Parameters
    ----------
    match, round, move : int arrays (R,)
        Counted from 1; moves within their round.
    player, state : Labels
        The state of the game before the move.
    intended, realised : Labels
        The action chosen, and the one that was really done: with trembles they differ.
    read : Labels
        What the others read of the deed: the public record where there is one, else every other player's
        own reading. Where these differ, all of them in the players' order, such as ``C/D``, ``-`` for unseen.
        Nothing where nobody saw it.
    seen : int array (R,)
        The symbol that the player saw of the whole move.
    verdict : Labels
        The public finding on the player: clean, offence, or nothing.
    level : int array (R,)
        The player's level on the public record before the move; -1 where there is none.
    payoffs : mapping of str to array (R,)
        What each ledger line paid the player in this move, undiscounted.
    """

    match: Ints
    round: Ints
    move: Ints
    player: Labels
    state: Labels
    intended: Labels
    realised: Labels
    read: Labels
    seen: Ints
    verdict: Labels
    level: Ints
    payoffs: Mapping[str, Floats]

    def __post_init__(self) -> None:
        for name, dtype in zip(NUMBERS, (np.int64, np.int64, np.int32, np.int32, np.int32), strict=True):
            object.__setattr__(self, name, frozen(getattr(self, name), dtype, name))
        payoffs = {line: frozen(column, np.float64, line) for line, column in self.payoffs.items()}
        object.__setattr__(self, "payoffs", payoffs)
        sizes = {name: len(getattr(self, name)) for name in COLUMNS}
        sizes |= {PAYOFF + line: len(column) for line, column in payoffs.items()}
        if len(set(sizes.values())) > 1:
            lengths = ", ".join(f"{name} {size}" for name, size in sizes.items())
            raise GameError(f"columns of different lengths: {lengths}", "records")

    def __len__(self) -> int:
        return len(self.match)

    @property
    def lines(self) -> tuple[str, ...]:
        """The ledger lines."""
        return tuple(self.payoffs)

    def take(self, rows: Any) -> Records:
        """Return some rows: a slice, their numbers, or a truth value for each."""
        chosen: dict[str, Any] = {name: getattr(self, name)[rows] for name in NUMBERS}
        chosen |= {name: getattr(self, name).take(rows) for name in WORDS}
        payoffs = {line: column[rows] for line, column in self.payoffs.items()}
        return Records(**chosen, payoffs=payoffs)

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a table; words are categories, and what is not there is missing."""
        import pandas as pd

        columns: dict[str, Any] = {}
        for name in COLUMNS:
            column = getattr(self, name)
            if isinstance(column, Labels):
                columns[name] = pd.Categorical.from_codes(column.codes, pd.Index(column.words, dtype=object))
            elif name == "level":
                columns[name] = pd.arrays.IntegerArray(np.maximum(column, 0), column < 0)
            else:
                columns[name] = column
        columns |= {PAYOFF + line: column for line, column in self.payoffs.items()}
        return pd.DataFrame(columns)

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the rows to a file, ``.parquet`` or ``.csv``; ``gl.read_records`` reads them."""
        from gamelab.model.record_files import record_file

        with record_file(path) as file:
            file.append(self)

    def _repr_html_(self) -> str:
        more = "" if len(self) <= 20 else f"<p>... {len(self):,} rows in all</p>"
        return str(self.take(slice(20)).to_frame().to_html(index=False)) + more

    def __repr__(self) -> str:
        players = ", ".join(self.player.words)
        return f"<Records of {len(self):,} rows: {players}; lines {', '.join(self.payoffs)}>"


def joined(parts: Sequence[Records]) -> Records:
    """Return the rows of several records below each other; their words must be the same."""
    first = parts[0]
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in NUMBERS
    }
    columns |= {
        name: Labels(
            np.concatenate([getattr(part, name).codes for part in parts]), getattr(first, name).words
        )
        for name in WORDS
    }
    payoffs = {line: np.concatenate([part.payoffs[line] for part in parts]) for line in first.payoffs}
    return Records(**columns, payoffs=payoffs)
