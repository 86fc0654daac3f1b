"""Shrinking: the smallest game near the one found that still breaks a law, actions first, then numbers."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from fractions import Fraction

from gamelab.testing.bimatrix import Bimatrix, Number, Table

MOST_TRIALS = 600


def smallest(
    game: Bimatrix, breaks: Callable[[Bimatrix], bool], *, seconds: float = 10.0, trials: int = MOST_TRIALS
) -> Bimatrix:
    """Return a game as small as can be found that still breaks what this one breaks.

    Nothing here is random. Steps are tried in turn, the largest first, until none helps, or the time or
    the number of trials is used up.

    Parameters
    ----------
    game : Bimatrix
    breaks : callable
        Whether a game still does.
    seconds : float
    trials : int

    Examples
    --------
    >>> smallest(Bimatrix([[5, 3], [0, 9]], [[1, 1], [1, 1]]), lambda game: max(map(max, game.A)) > 2)
    Bimatrix(A=[[3]], B=[[0]])
    """
    until, left = time.monotonic() + seconds, trials
    tried = {game}
    improved = True
    while improved:
        improved = False
        for other in smaller(game):
            if other in tried:
                continue
            tried.add(other)
            left -= 1
            if left < 0 or time.monotonic() > until:
                return game
            if breaks(other):
                game, improved = other, True
                break
    return game


def smaller(game: Bimatrix) -> Iterator[Bimatrix]:
    """Yield games that are smaller by one step."""
    m, n = game.shape
    for i in range(m if m > 1 else 0):
        yield game.kept([k for k in range(m) if k != i], range(n))
    for j in range(n if n > 1 else 0):
        yield game.kept(range(m), [k for k in range(n) if k != j])
    for i, j in itertools.product(range(m), range(n)) if min(m, n) > 1 else ():
        yield game.kept([k for k in range(m) if k != i], [k for k in range(n) if k != j])
    yield from (changed for step in STEPS for changed in _everywhere(game, step))
    for step in STEPS:
        for i in range(m):
            for j in range(n):
                for sides in (("A", "B"), ("A",), ("B",)):  # both at once keeps a zero-sum game one
                    other = _at(game, i, j, sides, step)
                    if other != game:
                        yield other


def _everywhere(game: Bimatrix, step: Callable[[Number], Number]) -> Iterator[Bimatrix]:
    for sides in (("A", "B"), ("A",), ("B",)):
        tables = [
            tuple(tuple(map(step, row)) for row in table) if name in sides else table
            for name, table in (("A", game.A), ("B", game.B))
        ]
        other = Bimatrix(*tables)
        if other != game:
            yield other


def _at(game: Bimatrix, i: int, j: int, sides: tuple[str, ...], step: Callable[[Number], Number]) -> Bimatrix:
    def moved(table: Table) -> Table:
        return tuple(
            tuple(step(x) if (k, c) == (i, j) else x for c, x in enumerate(row))
            for k, row in enumerate(table)
        )

    return Bimatrix(moved(game.A) if "A" in sides else game.A, moved(game.B) if "B" in sides else game.B)


def _sign(number: Number) -> int:
    return (number > 0) - (number < 0)


def _nothing(number: Number) -> Number:
    return 0


def _whole(number: Number) -> Number:
    return int(number)


def _one(number: Number) -> Number:
    return _sign(number)


def _half(number: Number) -> Number:
    exact = Fraction(number)
    return int(exact / 2) if abs(exact) >= 2 else number


def _less(number: Number) -> Number:
    return number - _sign(number) if abs(Fraction(number)) >= 1 else number


STEPS = (_nothing, _one, _whole, _half, _less)
"""Ways to make a number smaller, the boldest first; each ends, since none goes back."""
