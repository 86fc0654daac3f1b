"""Rest points of the replicator dynamic, in fractions, and whether they attract, repel or both."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Floats
from gamelab.simulate.evolution.payoff_matrix import payoff_matrix

MOST_STRATEGIES = 12
CLOSE = Fraction(1, 10**9)
"""Floats that lie closer together, relative to the spread of payoffs, count as equal; fractions never do."""
WELL_CONDITIONED, OUTSIDE = 1e6, 1e-6
Row = list[Fraction]


@frozen_result
@dataclass(frozen=True, eq=False)
class RestPoint:
    """Shares that stay as they are.

    Parameters
    ----------
    shares : array (k,)
    exact : tuple of Fraction
        The same in fractions.
    kind : str
        ``stable`` where all rates are below 0, ``unstable`` where some are above 0 and none below, ``saddle``
        where there are both; ``centre`` where paths go round without coming nearer, to first order, and
        ``neutral`` where a rate is 0 and none is above: there the first order does not decide.
    rates : tuple of complex
        Eigenvalues: of the dynamic among the strategies that are there, then by how much more each other
        strategy would earn.
    nash : bool
        Whether no other strategy would earn more.
    ends : tuple of array (k,)
        Empty for a point by itself. Else it is the middle of a line or a face on which all points rest, and
        these are its ends; ``kind`` and ``rates`` are those of the middle.
    """

    shares: Floats
    exact: tuple[Fraction, ...]
    kind: str
    rates: tuple[complex, ...]
    nash: bool
    ends: tuple[Floats, ...] = ()

    def __repr__(self) -> str:
        shares = ", ".join(f"{share:.3g}" for share in self.shares)
        return f"<RestPoint ({shares}), {self.kind}>"


def rest_points(payoffs: Any) -> list[RestPoint]:
    """Return the rest points of the replicator dynamic, those of few strategies first.

    Parameters
    ----------
    payoffs : array (k, k), or anything with ``payoffs`` and ``names``
        Up to twelve strategies. Whole numbers and fractions are taken as they are, without any tolerance;
        floats that differ by less than a billionth of their spread count as equal.

    Returns
    -------
    list of RestPoint
        Every one that stands by itself, every line and every face of which all points rest. (Left out are
        planes of them that are no faces: they take four strategies at least.)

    Raises
    ------
    GameError
        For bad payoffs, or more than twelve strategies.

    Notes
    -----
    With strategies S there, all of S earn the same; every strategy outside S would enter at the rate of what
    it earns above them (Hofbauer and Sigmund 1998, chapter 7). Signs are exact where the payoffs are and at
    most three strategies are there.

    Examples
    --------
    >>> for point in rest_points([[-1, 4], [0, 2]]):  # hawk and dove: value 4, cost 6
    ...     print(*point.exact, point.kind)
    1 0 unstable
    0 1 unstable
    2/3 1/3 stable
    """
    matrix = payoff_matrix(payoffs)
    if matrix.k > MOST_STRATEGIES:
        raise GameError(f"{matrix.k} strategies given; rest points of up to 12 are listed", "payoffs")
    a, close = _fractions(getattr(payoffs, "payoffs", payoffs), matrix.payoffs)
    scaled = (matrix.payoffs - matrix.payoffs.min()) / (matrix.spread or 1.0)
    return [
        _point(a, support, inside, ends, close)
        for size in range(1, matrix.k + 1)
        for support in itertools.combinations(range(matrix.k), size)
        if size < 3 or not _clearly_outside(scaled, support)
        for inside, ends in _points(a, support, close)
    ]


def _fractions(given: Any, floats: Floats) -> tuple[list[Row], Fraction]:
    """Return the payoffs as fractions, and how far apart two count as equal."""
    entries = np.array(given, dtype=object)
    if all(isinstance(entry, int | Fraction | np.integer) for entry in entries.flat):
        return [[Fraction(entry) for entry in row] for row in entries.tolist()], Fraction(0)
    return [[Fraction(float(entry)) for entry in row] for row in floats], CLOSE * Fraction(
        float(np.ptp(floats))
    )


def _clearly_outside(scaled: Floats, support: Sequence[int]) -> bool:
    """Return whether floats rule out that a support rests: a share is negative by far more than rounding."""
    inside = scaled[np.ix_(support, support)]
    system = np.vstack([inside[1:] - inside[0], np.ones(len(support))])
    if np.linalg.cond(system) > WELL_CONDITIONED:
        return False
    return bool(np.linalg.solve(system, np.eye(len(support))[-1]).min() < -OUTSIDE)


def _points(a: list[Row], support: Sequence[int], close: Fraction) -> list[tuple[Row, list[Row]]]:
    """Return the shares at which just this support earns alike: one point, or a line or face with its ends.

    The equations: differences to the first row are 0, and shares sum to 1.
    """
    first, size = support[0], len(support)
    least, spread = (CLOSE, close / CLOSE) if close else (Fraction(0), Fraction(1))
    rows = [[(a[i][j] - a[first][j]) / spread for j in support] + [Fraction(0)] for i in support[1:]]
    if all(abs(entry) <= least for row in rows for entry in row) and size > 1:
        middle = [Fraction(1, size)] * size
        return [(middle, [[Fraction(int(i == j)) for j in range(size)] for i in range(size)])]
    rows.append([Fraction(1)] * (size + 1))
    pivots = _reduce(rows, least)
    if size in pivots:  # 0 = 1
        return []
    free = [column for column in range(size) if column not in pivots]
    one = [rows[pivots.index(j)][size] if j in pivots else Fraction(0) for j in range(size)]
    if not free:
        return [(one, [])] if min(one) > least else []
    if len(free) > 1:
        return []
    along = [-rows[pivots.index(j)][free[0]] if j in pivots else Fraction(1) for j in range(size)]
    if any(abs(step) <= least and share <= least for share, step in zip(one, along)):
        return []
    moving = [(share, step) for share, step in zip(one, along) if abs(step) > least]
    low = max((-share / step for share, step in moving if step > 0), default=Fraction(0))
    high = min((-share / step for share, step in moving if step < 0), default=Fraction(0))
    if high - low <= least:
        return []
    ends = [[share + t * step for share, step in zip(one, along)] for t in (low, high)]
    return [([(x + y) / 2 for x, y in zip(*ends)], ends)]


def _reduce(rows: list[Row], least: Fraction) -> list[int]:
    """Bring rows to reduced echelon form, in place; return the columns of the pivots."""
    pivots: list[int] = []
    for column in range(len(rows[0])):
        done = len(pivots)
        if done == len(rows):
            break
        best = max(range(done, len(rows)), key=lambda r: abs(rows[r][column]))
        if abs(rows[best][column]) <= least:
            continue
        rows[done], rows[best] = rows[best], rows[done]
        rows[done] = [entry / rows[done][column] for entry in rows[done]]
        for r in range(len(rows)):
            ratio = rows[r][column]
            if r != done and ratio:
                rows[r] = [x - ratio * y for x, y in zip(rows[r], rows[done])]
        pivots.append(column)
    return pivots


def _point(a: list[Row], support: Sequence[int], inside: Row, ends: list[Row], close: Fraction) -> RestPoint:
    """Return a rest point with its rates and its kind."""
    k = len(a)

    def whole(part: Row) -> Row:
        shares = [Fraction(0)] * k
        for i, share in zip(support, part):
            shares[i] = share
        return shares

    shares = whole(inside)
    earned = [sum((a[i][j] * shares[j] for j in support), Fraction(0)) for i in range(k)]
    level = earned[support[0]]
    entering = [earned[i] - level for i in range(k) if i not in support]
    jacobian = [
        [inside[p] * (a[i][j] - a[i][support[-1]] - _mean(a, support, inside, j)) for j in support[:-1]]
        for p, i in enumerate(support[:-1])
    ]
    rates, signs = _eigenvalues(jacobian, close)
    signs += [_sign(rate, close) for rate in entering]
    numbers = np.array([float(share) for share in shares])
    numbers.setflags(write=False)
    return RestPoint(
        shares=numbers,
        exact=tuple(shares),
        kind=_kind(signs, rates),
        rates=(*rates, *(complex(float(rate)) for rate in entering)),
        nash=all(_sign(rate, close) <= 0 for rate in entering),
        ends=tuple(np.array([float(share) for share in whole(end)]) for end in ends),
    )


def _mean(a: list[Row], support: Sequence[int], inside: Row, j: int) -> Fraction:
    """Return how the average payoff changes when j takes from the last of the support."""
    last = support[-1]
    return sum((share * (a[i][j] - a[i][last]) for i, share in zip(support, inside)), Fraction(0))


def _eigenvalues(jacobian: list[Row], close: Fraction) -> tuple[tuple[complex, ...], list[int]]:
    """Return eigenvalues and the signs of their real parts; the signs exactly, up to a size of 2."""
    size = len(jacobian)
    if not size:
        return (), []
    values = np.linalg.eigvals(np.array(jacobian, dtype=float)).astype(complex)
    rates = tuple(complex(value) for value in values)
    if size == 1:
        return rates, [_sign(jacobian[0][0], close)]
    if size == 2:
        (p, q), (r, s) = jacobian
        trace, determinant = p + s, p * s - q * r
        product, total = _sign(determinant, close * close), _sign(trace, close)
        if product < 0:
            return rates, [-1, 1]
        return rates, [total, total] if product > 0 else [0, total]
    limit = max(float(close), 1e-9 * float(np.abs(values).max(initial=0.0)))
    return rates, [int(value.real > limit) - int(value.real < -limit) for value in values]


def _sign(value: Fraction, close: Fraction) -> int:
    return 0 if abs(value) <= close else 1 if value > 0 else -1


def _kind(signs: list[int], rates: Sequence[complex]) -> str:
    if 1 in signs:
        return "saddle" if -1 in signs else "unstable"
    if 0 not in signs:
        return "stable"
    turning = any(rate.imag for rate in rates)
    return "centre" if turning and signs.count(0) == 2 else "neutral"
