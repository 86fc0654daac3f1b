"""A second opinion on stage equilibria: nashpy's enumerations, in floats, beside ours, in fractions."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gamelab.model.game import Floats
from gamelab.solve.bimatrix import StageEquilibria, fractions_of, stage_equilibria

METHODS = ("support_enumeration", "vertex_enumeration")
CLOSE = 1e-6
"""Chances that differ by less are the same; a gain of less than this share of the spread is none."""
MOST_WORK = 20_000
"""The most pairs of supports that nashpy is asked to try: it goes through all and cannot be interrupted."""

Pair = tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True)
class Comparison:
    """What one of nashpy's methods finds, beside our list.

    Parameters
    ----------
    method : str
        Its name.
    found : int
        How many different pairs of mixtures it returns.
    missed : tuple of int
        Places in our ``extreme`` of the equilibria that it does not return.
    wrong : tuple of (x, y)
        Returned pairs from which somebody gains by deviating, in fractions of the floats.
    unknown : tuple of (x, y)
        Returned pairs that are equilibria and lie in none of our maximal sets.
    failure : str
        Why there is no answer, in words; empty where there is one.
    """

    method: str
    found: int = 0
    missed: tuple[int, ...] = ()
    wrong: tuple[Pair, ...] = ()
    unknown: tuple[Pair, ...] = ()
    failure: str = ""

    @property
    def agrees(self) -> bool:
        """Whether it returns all of ours and nothing that contradicts us."""
        return not (self.missed or self.wrong or self.unknown or self.failure)

    def __str__(self) -> str:
        name = f"nashpy's {self.method.replace('_', ' ')}"
        if self.failure:
            return f"{name} {self.failure}"
        if self.agrees:
            return f"{name} finds the same"
        parts = []
        if self.missed:
            parts.append(f"misses {len(self.missed)} of ours (number {_few(self.missed)})")
        if self.wrong:
            parts.append(f"returns {len(self.wrong)} from which somebody gains by deviating")
        if self.unknown:
            parts.append(f"returns {len(self.unknown)} that are not among ours: {_few(self.unknown)}")
        return f"{name} {', '.join(parts)}"


def second_opinion(A: Any, B: Any, ours: StageEquilibria | None = None) -> list[Comparison]:
    """Return what nashpy's support and vertex enumeration find, compared with our exact list as sets.

    Parameters
    ----------
    A, B : tables
        As ``stage_equilibria`` takes them.
    ours : StageEquilibria, optional
        Its answer, where there is one already.

    Raises
    ------
    GameError
        For what ``stage_equilibria`` refuses.

    Notes
    -----
    Payoffs are given to nashpy less the lowest and divided by the spread, which changes no equilibrium and
    spares it shifts that floats cannot hold. Its warnings are silenced and its exceptions told in words. In
    a degenerate game it may return equilibria that are not extreme; they are compared with the sets that
    ours span.
    """
    ours = stage_equilibria(A, B) if ours is None else ours
    exact = [_unit(fractions_of(table, name)) for table, name in ((A, "A"), (B, "B"))]
    rounded = [np.array(table, dtype=float) for table in exact]
    m, n = rounded[0].shape
    if (2**m - 1) * (2**n - 1) > MOST_WORK:
        return [Comparison(method, failure=f"is not asked about games of {m} by {n}") for method in METHODS]
    return [_compared(method, exact, rounded, ours) for method in METHODS]


def _unit(table: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    low = min(min(row) for row in table)
    spread = max(max(row) for row in table) - low or Fraction(1)
    return [[(entry - low) / spread for entry in row] for row in table]


def _compared(
    method: str, exact: list[list[list[Fraction]]], rounded: list[Floats], ours: StageEquilibria
) -> Comparison:
    import nashpy

    ask: Callable[[], Iterable[tuple[Any, Any]]] = getattr(nashpy.Game(*rounded), method)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            answers = [(np.asarray(x, dtype=float), np.asarray(y, dtype=float)) for x, y in ask()]
        except Exception as failure:
            reason = str(failure).strip().split("\n")[0][:80]
            return Comparison(method, failure=f"stops with {type(failure).__name__}: {reason}")
    different: list[Floats] = []
    for pair in map(np.concatenate, answers):
        if not any(_close(pair, other) for other in different):
            different.append(pair)
    listed = [np.array([*x, *y], dtype=float) for x, y in ours.extreme]
    missed = [k for k, own in enumerate(listed) if not any(_close(own, pair) for pair in different)]
    wrong, unknown = [], []
    for pair in different:
        if any(_close(own, pair) for own in listed):
            continue
        x, y = pair[: len(exact[0])], pair[len(exact[0]) :]
        both = (tuple(x.tolist()), tuple(y.tolist()))
        if not _is_equilibrium(exact, x, y):
            wrong.append(both)
        elif not any(_within(x, xs) and _within(y, ys) for xs, ys in ours.maximal):
            unknown.append(both)
    return Comparison(method, len(different), tuple(missed), tuple(wrong), tuple(unknown))


def _close(first: Floats, second: Floats) -> bool:
    return bool(np.abs(first - second).max() < CLOSE)


def _is_equilibrium(exact: list[list[list[Fraction]]], x: Floats, y: Floats) -> bool:
    """Tell whether nobody gains more than a trace, in fractions of the floats."""
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        return False
    p, q = (np.array([Fraction(chance) for chance in mixture.tolist()], dtype=object) for mixture in (x, y))
    if min(*p, *q) < -CLOSE or abs(sum(p) - 1) > CLOSE or abs(sum(q) - 1) > CLOSE:
        return False
    A, B = (np.array(table, dtype=object) for table in exact)
    by_row, by_column = A @ q, p @ B
    return bool(max(by_row) - p @ by_row < CLOSE and max(by_column) - by_column @ q < CLOSE)


def _within(mixture: Floats, corners: Sequence[Sequence[Fraction]]) -> bool:
    """Tell whether a mixture is a convex combination of others, up to rounding."""
    from scipy.optimize import nnls

    columns = np.array(corners, dtype=float).T
    together = np.vstack([columns, np.ones(columns.shape[1])])
    return bool(nnls(together, np.append(mixture, 1.0))[1] < CLOSE)


def _few(things: Sequence[Any]) -> str:
    shown = ", ".join(str(thing) for thing in things[:3])
    return shown if len(things) <= 3 else f"{shown}, ..."
