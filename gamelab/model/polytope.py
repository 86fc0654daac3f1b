"""Vertices of a bounded polyhedron in exact whole numbers, by the double description method."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from gamelab.errors import GameError

Ray = tuple[tuple[int, ...], int]
"""Homogeneous coordinates in whole numbers, and the constraints that hold with equality, as bits."""


def vertices(rows: list[list[Fraction]], limit: int = 5_000) -> list[tuple[list[Fraction], int]]:
    """Return the vertices of {x >= 0, r . x <= 1 for every row r}, the origin left out.

    Parameters
    ----------
    rows : list of lists of Fraction
        All entries above 0, so that the polyhedron is bounded.
    limit : int
        The most rays to keep on the way.

    Returns
    -------
    list of (coordinates, tight)
        ``tight`` has bit k set where x_k = 0 and bit ``len(x) + j`` where row j holds with equality.

    Raises
    ------
    GameError
        Where there are more rays than the limit.

    Notes
    -----
    Motzkin, Raiffa, Thompson and Thrall (1953), on the cone {(t, x): x >= 0, t - r . x >= 0}:

    1. begin with the unit vectors, the rays of the orthant;
    2. add one constraint: keep the rays on its good side and on it, and join each adjacent pair of a ray
       on the good side and one on the bad side by the ray where their plane meets it;
    3. two rays are adjacent iff no third one is tight wherever both are.
    """
    size = len(rows[0])
    rays: list[Ray] = []
    orthant = (1 << (size + 1)) - 1  # bit k < size: x_k = 0; bit of t is moved out at the end
    for k in range(size + 1):
        unit = tuple(int(i == k) for i in range(size + 1))  # coordinates (x_0, ..., x_size-1, t)
        rays.append((unit, orthant & ~(1 << k)))
    for j, row in enumerate(rows):
        scale = lcm(*(entry.denominator for entry in row))
        constraint = [-int(entry * scale) for entry in row] + [scale]
        rays = _cut(rays, constraint, 1 << (size + 1 + j), size - 1)
        if len(rays) > limit:
            raise GameError(f"more than {limit:,} vertices: this game is too large to enumerate exactly")
    found = []
    for coordinates, tight in rays:
        *x, t = coordinates
        if any(x):
            labels = (tight & ((1 << size) - 1)) | (tight >> (size + 1) << size)
            found.append(([Fraction(entry, t) for entry in x], labels))
    return found


def _cut(rays: list[Ray], constraint: list[int], bit: int, needed: int) -> list[Ray]:
    """Return the rays of the cone cut by one more constraint."""
    good, on, bad = [], [], []
    for coordinates, tight in rays:
        value = sum(c * x for c, x in zip(constraint, coordinates))
        if value > 0:
            good.append((coordinates, tight, value))
        elif value < 0:
            bad.append((coordinates, tight, value))
        else:
            on.append((coordinates, tight | bit))
    kept = [(coordinates, tight) for coordinates, tight, _ in good] + on
    masks = [tight for _, tight in rays]
    for plus, plus_tight, plus_value in good:
        for minus, minus_tight, minus_value in bad:
            both = plus_tight & minus_tight
            if both.bit_count() < needed or sum(mask & both == both for mask in masks) > 2:
                continue
            joined = [plus_value * m - minus_value * p for p, m in zip(plus, minus)]
            common = gcd(*joined)
            kept.append((tuple(entry // common for entry in joined), both | bit))
    return kept
