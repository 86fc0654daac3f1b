"""Meetings: where three regions of a map meet, sought in ever smaller squares that have all three."""

from __future__ import annotations

import itertools

import numpy as np

from gamelab.experiment.grid.searches import TRIED, Search
from gamelab.model.game import Floats, Ints

PARTS = 8
"""Into how many parts, each way, a square is cut."""
FEW = 4
"""The same of a square around an estimate."""
NEAR = 2.6
"""Points up to this many sides of a part from its middle are fitted."""
POINTS = (1, 4, 9, 16)
"""How many points a polynomial of each degree is fitted to at least."""
STEPS = 6
"""Of Newton's, from the middle of a part to where two polynomials are zero."""
Square = tuple[Floats, Floats]
"""The lower left corner of a square, and its sides, (2,) each."""


def meeting(low: Floats, size: Floats, within: float) -> Search[tuple[float, float] | None]:
    """Find where three or more regions meet in a square whose corners are of as many; None if nowhere.

    The square is cut into parts, of which the first with three regions at its corners is cut again, until it
    is as small as a crossing is exact, or until no part has three: the middle of the last one is the place.
    Small squares around the points where two margins should be zero are asked for, too: the smallest one with
    three regions on its border comes before the part, and where no part has three it may still lead on.

    Parameters
    ----------
    low, size : array (2,)
        The square's lower left corner, and its sides.
    within : float
        How small the last square is, as a part of the first.
    """
    first: Square = (low, size)
    square, estimates, stuck = first, list[Square](), False
    while (square[1] > within * size).any():
        lattices = [lattice(square, PARTS), *(lattice(estimate, FEW) for estimate in estimates)]
        codes, margins = yield np.concatenate(lattices)
        ends = np.cumsum([len(points) for points in lattices])[:-1]
        known = list(zip(lattices, np.split(codes, ends), np.split(margins, ends)))
        held = [k for k, (_, there, _) in enumerate(known) if k and _kinds_around(there) > 2]
        best = min(held, key=lambda k: float(estimates[k - 1][1][0]), default=0)
        smaller = estimates[best - 1] if best else _first_part(square, known[0][1])
        if smaller is None and stuck:
            break
        square, stuck = smaller or square, smaller is None
        estimates = _estimates(first, square, known[best][0], known[best][2], within)
        if stuck and not estimates:
            break
    if square is first:
        return None
    x, y = (square[0] + square[1] / 2).tolist()
    return x, y


def lattice(square: Square, parts: int) -> Floats:
    """Return the corners of all parts of a square, row by row, (b, 2)."""
    steps = np.arange(parts + 1) / parts
    return np.asarray(square[0] + square[1] * np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2))


def _kinds_around(codes: Ints) -> int:
    """Return how many regions there are on the border of a small square."""
    border = np.ones((FEW + 1, FEW + 1), dtype=bool)
    border[1:-1, 1:-1] = False
    return len(np.unique(codes[border.ravel()]))


def _first_part(square: Square, codes: Ints) -> Square | None:
    """Return the first part of a square with three regions at its corners."""
    rows = codes.reshape(PARTS + 1, PARTS + 1)
    corners = np.stack([rows[:-1, :-1], rows[:-1, 1:], rows[1:, 1:], rows[1:, :-1]], axis=-1)
    kinds = 1 + (np.diff(np.sort(corners, axis=-1), axis=-1) > 0).sum(axis=-1)
    if kinds.max() < 3:
        return None
    row, column = divmod(int(kinds.argmax()), PARTS)
    side = square[1] / PARTS
    return square[0] + side * np.array([column, row]), side


def _estimates(first: Square, square: Square, points: Floats, margins: Floats, within: float) -> list[Square]:
    """Return small squares around the points where two margins should be zero, the surest first.

    Each margin that has both signs near the square is fitted by polynomials in both settings, of the highest
    degree for which there are points enough and of one degree less: how far their zeros are from each other
    says how wide the squares are to be.
    """
    middle = square[0] + square[1] / 2
    at = (points - middle) / square[1]
    near = (np.abs(at) <= NEAR).all(axis=1)
    fits: list[tuple[Floats, Floats]] = []
    for amounts in margins[near].T:
        known = np.isfinite(amounts)
        if known.sum() >= POINTS[2] and 0 < (amounts[known] > 0).sum() < known.sum():
            degree = int(np.searchsorted(POINTS, known.sum(), side="right")) - 1
            there = at[near][known]
            fits.append((_fitted(there, amounts[known], degree), _fitted(there, amounts[known], degree - 1)))
    pairs = np.array(list(itertools.combinations(fits, 2)))  # (pairs, 2, degrees, ...)
    if not len(pairs):
        return []
    places = _zeros(pairs[:, :, 0])
    errors = np.abs(places - _zeros(pairs[:, :, 1])).max(axis=1)
    possible = np.isfinite(errors) & (np.abs(places) <= 1).all(axis=1)
    narrow = float((within / 2 * first[1] / square[1]).max())
    squares, tried = list[Square](), list[Floats]()
    for k in np.argsort(errors)[: possible.sum()]:
        wide = max(narrow, 4 * float(errors[k]))
        if len(tried) < TRIED and all(np.abs(places[k] - place).max() > wide for place in tried):
            tried.append(places[k])
            for side in {narrow, wide}:
                if side < 1 / 2:
                    sides = side * square[1]
                    start = middle + places[k] * square[1] - sides / 2
                    squares.append((np.clip(start, first[0], first[0] + first[1] - sides), sides))
    return squares


def _fitted(at: Floats, amounts: Floats, degree: int) -> Floats:
    """Return the polynomial of least squares, as coefficients by the powers of both numbers, (4, 4)."""
    x, y = np.array([(k, d - k) for d in range(degree + 1) for k in range(d + 1)]).T
    terms = at[:, :1] ** x * at[:, 1:] ** y
    fitted = np.zeros((len(POINTS), len(POINTS)))
    fitted[x, y] = np.linalg.lstsq(terms, amounts, rcond=None)[0]
    return fitted


def _zeros(pairs: Floats) -> Floats:
    """Return where pairs of polynomials (p, 2, 4, 4) are both zero, by Newton's steps from 0, (p, 2)."""
    places, degrees = np.zeros((len(pairs), 2)), np.arange(len(POINTS))
    with np.errstate(all="ignore"):  # what runs away, or has no slope, is no estimate
        for _ in range(STEPS):
            powers = places[..., None] ** degrees
            slopes = degrees * places[..., None] ** np.maximum(degrees - 1, 0)
            (x, y), (dx, dy) = np.moveaxis(powers, 1, 0), np.moveaxis(slopes, 1, 0)
            f, g = np.einsum("pkij,pi,pj->kp", pairs, x, y)
            fx, gx = np.einsum("pkij,pi,pj->kp", pairs, dx, y)
            fy, gy = np.einsum("pkij,pi,pj->kp", pairs, x, dy)
            steps = np.stack([f * gy - g * fy, g * fx - f * gx], axis=-1) / (fx * gy - gx * fy)[:, None]
            places = places - steps
    return places
