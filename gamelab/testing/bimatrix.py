"""A game of two players as two payoff tables that print short: what solver laws are tried on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gamelab.errors import GameError

Number = int | float | Fraction
Table = tuple[tuple[Number, ...], ...]


@dataclass(frozen=True)
class Bimatrix:
    """Payoffs of the first player (A) and of the second (B), by row and column, as they were drawn.

    Parameters
    ----------
    A, B : nested sequences, (m, n)
        Whole numbers, Fractions or floats; kept as tuples.

    Raises
    ------
    GameError
        For tables that are empty, ragged or of unequal shape.

    Examples
    --------
    >>> Bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    Bimatrix(A=[[1, 0], [0, 1]], B=[[1, 0], [0, 1]])
    """

    A: Table
    B: Table

    def __post_init__(self) -> None:
        for name in ("A", "B"):
            table = getattr(self, name)
            rows = table.tolist() if isinstance(table, np.ndarray) else table
            object.__setattr__(self, name, tuple(tuple(row) for row in rows))
        widths = {len(row) for row in (*self.A, *self.B)}
        if not self.A or len(self.A) != len(self.B) or len(widths) != 1 or 0 in widths:
            raise GameError("A and B need the same number of rows and of columns, at least one of each", "A")

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and of columns."""
        return len(self.A), len(self.A[0])

    def swapped(self) -> Bimatrix:
        """Return the game in which the players have changed places."""
        return Bimatrix(tuple(zip(*self.B, strict=True)), tuple(zip(*self.A, strict=True)))

    def kept(self, rows: Sequence[int], columns: Sequence[int]) -> Bimatrix:
        """Return the game with these rows and columns, in this order."""
        return self.changed(lambda table: tuple(tuple(table[i][j] for j in columns) for i in rows))

    def changed(self, A: Callable[[Table], Table], B: Callable[[Table], Table] | None = None) -> Bimatrix:
        """Return the game with tables made from these by a function each, or by one function both."""
        return Bimatrix(A(self.A), (B or A)(self.B))

    def exact(self) -> tuple[list[list[Fraction]], list[list[Fraction]]]:
        """Return both tables in fractions; a float is the number that it stores."""
        return [[Fraction(x) for x in row] for row in self.A], [[Fraction(x) for x in row] for row in self.B]

    def arrays(self) -> tuple[Any, Any]:
        """Return both tables as arrays of floats."""
        return np.array(self.A, dtype=float), np.array(self.B, dtype=float)

    def tables(self) -> str:
        """Return one row of ``A, B`` payoffs a line, for people."""
        cells = [
            [f"{a}, {b}" for a, b in zip(*rows, strict=True)] for rows in zip(self.A, self.B, strict=True)
        ]
        wide = max(len(cell) for row in cells for cell in row)
        return "\n".join("  ".join(cell.ljust(wide) for cell in row).rstrip() for row in cells)

    def __repr__(self) -> str:
        return f"Bimatrix(A={code(self.A)}, B={code(self.B)})"

    def snippet(self) -> str:
        """Return Python that runs and shows the exact equilibria."""
        extra = "from fractions import Fraction\n\n" if "Fraction" in repr(self) else ""
        return (
            f"{extra}import gamelab as gl\n\nA = {code(self.A)}\nB = {code(self.B)}\n"
            "print(*gl.stage_equilibria(A, B).extreme, sep='\\n')\n"
        )

    def scenario(self) -> str:
        """Return a scenario file with this stage game, played once."""
        cells = (zip(*rows, strict=True) for rows in zip(self.A, self.B, strict=True))
        payoffs = ", ".join("[" + ", ".join(f"[{a}, {b}]" for a, b in row) + "]" for row in cells)
        evenly = [{str(k + 1): f"1/{size}" for k in range(size)} for size in self.shape]
        fallback = json.dumps(evenly).replace(f'"1/{self.shape[0]}"', f"{1 / self.shape[0]!r}")
        fallback = fallback.replace(f'"1/{self.shape[1]}"', f"{1 / self.shape[1]!r}")
        return (
            f"gamelab: 1\ntitle: A game drawn by gamelab.testing\ngame:\n  kind: normal_form\n"
            f"  payoffs: [{payoffs}]\n  fallback: {fallback}\ntime: {{rounds: 1}}\n"
        )


def code(value: Any) -> str:
    """Return a value as Python that makes it again, tuples as lists.

    >>> code(((1, Fraction(1, 2)), (0.25, 3)))
    '[[1, Fraction(1, 2)], [0.25, 3]]'
    """
    if isinstance(value, tuple | list):
        return "[" + ", ".join(code(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {code(item)}" for key, item in value.items()) + "}"
    if isinstance(value, np.generic):
        return repr(value.item())
    return repr(value)
