"""Regions: the area of each region of a map, in fine pixels along exact boundaries, and where to label it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

FINE = (480, 560)
"""Rows and columns of pixels."""
NOTHING = -1


def pixels(grid: Mapping[str, Any], x: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
    """Return the region of every pixel, row 0 lowest; -1 where the map has none.

    A pixel that the exact boundaries cut off from cells of other regions belongs to the region of the cells
    around it; elsewhere the nearest cell decides.
    """
    from scipy import ndimage

    cells = np.array([[NOTHING if at is None else at for at in row] for row in grid["cells"]], dtype=int)
    across, up = extent(grid, "x", x), extent(grid, "y", y)
    rows, columns = _nearest(y, FINE[0], up), _nearest(x, FINE[1], across)
    coarse = cells[rows[:, None], columns[None, :]]
    walls = _walls(grid, across, up)
    if not walls.any():
        return coarse
    parts, count = ndimage.label(~walls)
    fine = np.full(FINE, NOTHING - 1)
    at_row, at_column = _pixel(y, FINE[0], up), _pixel(x, FINE[1], across)
    at_cell = parts[at_row[:, None], at_column[None, :]]
    for part in range(1, count + 1):
        here = np.unique(cells[at_cell == part])
        area = parts == part
        if len(here) == 1:
            fine[area] = here[0]
        elif len(here) > 1:
            fine[area] = coarse[area]
    unknown = fine == NOTHING - 1
    near = ndimage.distance_transform_edt(unknown, return_distances=False, return_indices=True)
    return np.asarray(fine[tuple(near)])


def extent(grid: Mapping[str, Any], axis: str, values: NDArray[Any]) -> tuple[float, float]:
    """Return where a map begins and ends along an axis: with its cells where they stand apart.

    A grid of one point gets some room.
    """
    borders = grid.get(axis, {}).get("borders")
    low, high = (borders[0], borders[-1]) if borders else (values.min(), values.max())
    return (float(low), float(high)) if high > low else (float(low) - 0.5, float(low) + 0.5)


def _nearest(values: NDArray[Any], size: int, ends: tuple[float, float]) -> NDArray[Any]:
    """Return for each pixel the index of the nearest value."""
    centres = ends[0] + (np.arange(size) + 0.5) / size * (ends[1] - ends[0])
    return np.asarray(np.abs(values[None, :] - centres[:, None]).argmin(axis=1))


def _pixel(values: NDArray[Any], size: int, ends: tuple[float, float]) -> NDArray[Any]:
    """Return for each value the pixel that it lies in."""
    return np.clip(((values - ends[0]) / (ends[1] - ends[0]) * size).astype(int), 0, size - 1)


def _walls(grid: Mapping[str, Any], across: tuple[float, float], up: tuple[float, float]) -> NDArray[Any]:
    """Return the pixels that boundaries pass through."""
    walls = np.zeros(FINE, dtype=bool)
    for boundary in grid.get("boundaries") or ():
        for line in boundary["lines"]:
            x, y = np.asarray(line, dtype=float).T
            column = (x - across[0]) / (across[1] - across[0]) * FINE[1]
            row = (y - up[0]) / (up[1] - up[0]) * FINE[0]
            for k in range(len(line) - 1):
                steps = 2 + int(3 * max(abs(column[k + 1] - column[k]), abs(row[k + 1] - row[k])))
                c = np.linspace(column[k], column[k + 1], steps).astype(int)
                r = np.linspace(row[k], row[k + 1], steps).astype(int)
                walls[np.clip(r, 0, FINE[0] - 1), np.clip(c, 0, FINE[1] - 1)] = True
    return walls


def places(
    drawn: NDArray[Any],
    boxes: Sequence[tuple[float, float]],
    size: tuple[float, float],
    here: tuple[float, float] | None = None,
) -> dict[int, tuple[tuple[float, float], bool]]:
    """Return where to label each region that is there, in shares of the map's sides, and whether that fits.

    The deepest point of the region's largest part at which the label's box lies inside it; where there is
    none, the deepest point.

    Parameters
    ----------
    drawn : int array (rows, columns)
        The region of each pixel, row 0 lowest.
    boxes : sequence of (float, float)
        Width and height of each region's label in inches.
    size : (float, float)
        Width and height of the map in inches.
    here : (float, float), optional
        A point that labels keep off, in shares of the sides.
    """
    from scipy import ndimage

    tall, wide = size[1] / drawn.shape[0], size[0] / drawn.shape[1]
    free = np.ones(drawn.shape, dtype=bool)
    if here is not None:
        row, column = int(here[1] * drawn.shape[0]), int(here[0] * drawn.shape[1])
        high, broad = int(0.1 / tall), int(0.2 / wide)
        free[max(row - high, 0) : row + 3 * high + 1, max(column - broad, 0) : column + broad + 1] = False
    centres = {}
    for k, box in enumerate(boxes):
        parts, number = ndimage.label(drawn == k)
        if not number:
            continue
        sizes = np.bincount(parts.ravel())[1:]
        area = np.pad(parts == 1 + int(np.argmax(sizes)), 1)
        inside = ndimage.distance_transform_edt(area, sampling=(tall, wide))
        around = (1 + int(box[1] / tall), 1 + int(box[0] / wide))
        open_area = (area & np.pad(free, 1)).astype(np.uint8)
        room = ndimage.minimum_filter(open_area, size=around, mode="constant") > 0
        deepest = np.where(room, inside, 0) if room.any() else inside * (1e-6 + open_area)
        row, column = divmod(int(deepest.argmax()), area.shape[1])
        at = ((column - 0.5) / drawn.shape[1], (row - 0.5) / drawn.shape[0])
        centres[k] = (at, bool(room.any()))
    return centres
