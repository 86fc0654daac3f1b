"""Linear systems in fractions: sparse elimination over whole numbers, or python-flint where it is there."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Sequence
from fractions import Fraction

Row = dict[int, Fraction]
"""A row of a matrix: the entries that are not zero, by column."""


def solve(rows: Sequence[Row], right: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """Return the solution of a square system for several right-hand sides, one row per unknown.

    Parameters
    ----------
    rows : sequence of mappings
        The matrix, one row per equation.
    right : sequence of sequences
        One row per equation, one column per right-hand side.

    Raises
    ------
    ZeroDivisionError
        Where there is no single solution.

    Examples
    --------
    >>> half = Fraction(1, 2)
    >>> print(*solve([{0: half, 1: half}, {1: Fraction(3)}], [[Fraction(1)], [Fraction(1)]])[0])
    5/3
    """
    if len(rows) > 1 and importlib.util.find_spec("flint") is not None:
        return by_flint(rows, right)
    return by_elimination(rows, right)


def by_elimination(rows: Sequence[Row], right: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """Solve by Gaussian elimination over whole numbers; each row is divided by what its entries share.

    The column with the fewest entries goes first: chains that are left for good stay sparse.
    """
    size = len(rows)
    work = [_whole(row, constants, size) for row, constants in zip(rows, right)]
    columns: list[set[int]] = [{k for k, row in enumerate(work) if x in row} for x in range(size)]
    waiting, done = set(range(size)), []
    free = set(range(size))
    while waiting:
        x = min(waiting, key=lambda column: len(columns[column] & free))
        candidates = columns[x] & free
        if not candidates:
            raise ZeroDivisionError("the system has no single solution")
        pivot = min(candidates, key=lambda k: (len(work[k]), abs(work[k][x])))
        waiting.discard(x)
        free.discard(pivot)
        done.append((x, pivot))
        for k in candidates - {pivot}:
            before = set(work[k])
            work[k] = _eliminated(work[k], work[pivot], x)
            for column in before ^ set(work[k]):
                if column < size:
                    (columns[column].add if column in work[k] else columns[column].discard)(k)
    return _back_substituted(work, done, len(right[0]) if right else 0)


def _whole(row: Row, constants: Sequence[Fraction], size: int) -> dict[int, int]:
    """Return an equation in whole numbers; right-hand sides stand in the columns from ``size`` on."""
    entries = {**row, **{size + k: constant for k, constant in enumerate(constants)}}
    shared = math.lcm(*(entry.denominator for entry in entries.values()))
    return {x: int(entry * shared) for x, entry in entries.items() if entry}


def _eliminated(row: dict[int, int], pivot: dict[int, int], x: int) -> dict[int, int]:
    """Return the row without column x."""
    shared = math.gcd(row[x], pivot[x])
    own, other = pivot[x] // shared, row[x] // shared
    total = {column: own * entry for column, entry in row.items()}
    for column, entry in pivot.items():
        total[column] = total.get(column, 0) - other * entry
    total = {column: entry for column, entry in total.items() if entry}
    content = math.gcd(*total.values())
    return {column: entry // content for column, entry in total.items()} if content > 1 else total


def _back_substituted(
    work: Sequence[dict[int, int]], done: Sequence[tuple[int, int]], sides: int
) -> list[list[Fraction]]:
    size = len(work)
    solution: list[list[Fraction]] = [[] for _ in range(size)]
    for x, k in reversed(done):
        row = work[k]
        known = [(column, entry) for column, entry in row.items() if column < size and column != x]
        solution[x] = [
            (row.get(size + side, 0) - sum(entry * solution[column][side] for column, entry in known))
            / Fraction(row[x])
            for side in range(sides)
        ]
    return solution


def by_flint(rows: Sequence[Row], right: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """Solve with python-flint, which the extra ``exact`` installs: quicker for many joint states."""
    from flint import fmpq, fmpq_mat

    def entry(value: Fraction | int) -> fmpq:
        return fmpq(value.numerator, value.denominator)

    size = len(rows)
    matrix = fmpq_mat(size, size, [entry(row.get(x, 0)) for row in rows for x in range(size)])
    sides = fmpq_mat(size, len(right[0]), [entry(value) for row in right for value in row])
    solution = matrix.solve(sides)
    return [[Fraction(int(cell.p), int(cell.q)) for cell in row] for row in solution.table()]
