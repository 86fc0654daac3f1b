"""Steps: the lines between the regions of a map where nothing lies between the values along an axis."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gamelab.experiment.grid.boundaries import Edges, Line, chained
from gamelab.model.game import Floats, Ints

Piece = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Strip:
    """The cells above one another at one value of an axis whose values stand apart.

    Parameters
    ----------
    left, right : float
        How far the strip goes.
    cuts : tuple of float
        Where it begins, where the region changes, upwards, and where it ends.
    codes : tuple of int
        The region between each two of them; negative where there is none.
    """

    left: float
    right: float
    cuts: tuple[float, ...]
    codes: tuple[int, ...]


def lines_of_steps(
    x: Floats, y: Floats, codes: Ints, apart: tuple[bool, bool], crossed: dict[int, float]
) -> dict[tuple[int, int], list[Line]]:
    """Return the lines between each pair of regions: along the sides of cells, and across strips of them.

    Along an axis whose values stand apart a cell goes half-way to its neighbours, and beyond both ends as far
    as on the other side; along the other axis the region changes where the crossing was found.

    Parameters
    ----------
    x, y : array (n,), (m,)
    codes : int array (m, n)
        Of the regions; negative where there is none.
    apart : (bool, bool)
        Along which axes the values stand apart, one at least.
    crossed : dict of int to float
        By the number of an edge between two cells (see ``Edges``), where the region changes on it.
    """
    if not apart[0]:  # the strips lie: look at the map from the side
        turned = lines_of_steps(y, x, codes.T, (True, False), _turned(crossed, codes.shape))
        return {pair: [[(b, a) for a, b in line] for line in lines] for pair, lines in turned.items()}
    sides, ends = borders(x), borders(y) if apart[1] else None
    first = codes.shape[0] * (codes.shape[1] - 1)  # vertical edges are numbered after the horizontal ones
    strips = []
    for j, column in enumerate(codes.T.tolist()):
        cuts, kept = [float(y[0]) if ends is None else ends[0]], [column[0]]
        for i, code in enumerate(column[1:]):
            if code == kept[-1]:
                continue
            middle = (y[i] + y[i + 1]) / 2
            cuts.append(float(crossed.get(first + i * codes.shape[1] + j, middle)))
            kept.append(code)
        cuts.append(float(y[-1]) if ends is None else ends[-1])
        strips.append(Strip(sides[j], sides[j + 1], tuple(cuts), tuple(kept)))
    return _lines(strips)


def borders(values: Sequence[float] | Floats) -> list[float]:
    """Return where cells around values end: half-way between them, and as far beyond both ends.

    >>> borders([2, 3, 5])
    [1.5, 2.5, 4.0, 6.0]
    """
    at = np.asarray(values, dtype=float)
    if at.size == 1:
        return [float(at[0]) - 0.5, float(at[0]) + 0.5]
    between = (at[:-1] + at[1:]) / 2
    return [float(2 * at[0] - between[0]), *between.tolist(), float(2 * at[-1] - between[-1])]


def along(edges: Edges, apart: tuple[bool, bool], shape: tuple[int, ...]) -> Edges:
    """Return the edges that lie along an axis on which something lies between two values."""
    horizontal = edges.number < shape[0] * (shape[1] - 1)
    kept = np.where(horizontal, not apart[0], not apart[1])
    parts = (edges.number, edges.low, edges.high, edges.after)
    return Edges(*(part[kept] for part in parts))


def _turned(crossed: dict[int, float], shape: tuple[int, ...]) -> dict[int, float]:
    """Return crossings by the numbers that their edges have where rows are columns."""
    rows, columns = shape
    first = columns * (rows - 1)  # of the vertical edges of the turned map
    turned = {}
    for number, place in crossed.items():
        i, j = divmod(number, columns - 1)
        turned[first + j * rows + i] = place
    return turned


def _lines(strips: Sequence[Strip]) -> dict[tuple[int, int], list[Line]]:
    pieces: dict[tuple[int, int], list[Piece]] = {}

    def border(a: int, b: int, start: tuple[float, float], end: tuple[float, float]) -> None:
        if a != b and a >= 0 and b >= 0:
            pieces.setdefault((min(a, b), max(a, b)), []).append((start, end))

    for strip in strips:
        for cut, (below, above) in zip(strip.cuts[1:-1], itertools.pairwise(strip.codes)):
            border(below, above, (strip.left, cut), (strip.right, cut))
    for one, other in itertools.pairwise(strips):
        cuts = sorted({*one.cuts, *other.cuts})
        for low, high in itertools.pairwise(cuts):
            a, b = (_code(strip, (low + high) / 2) for strip in (one, other))
            border(a, b, (one.right, low), (one.right, high))
    return {pair: _polylines(pieces[pair]) for pair in sorted(pieces)}


def _code(strip: Strip, at: float) -> int:
    return strip.codes[int(np.searchsorted(strip.cuts[1:-1], at))]


def _polylines(pieces: Sequence[Piece]) -> list[Line]:
    """Join pieces to lines; points on a straight line between two others are left out."""
    number: dict[tuple[float, float], int] = {}
    ends = [tuple(number.setdefault(point, len(number)) for point in piece) for piece in pieces]
    points = list(number)
    lines = [[points[k] for k in line] for line in chained([(a, b) for a, b in ends])]
    return [
        [
            point
            for k, point in enumerate(line)
            if k in (0, len(line) - 1) or not _straight(line[k - 1], point, line[k + 1])
        ]
        for line in lines
    ]


def _straight(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    return a[0] == b[0] == c[0] or a[1] == b[1] == c[1]
