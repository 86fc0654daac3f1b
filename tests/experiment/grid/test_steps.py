"""Steps: lines along the sides of cells, beside a plain loop over neighbours."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gamelab.experiment.grid.boundaries import edges_of
from gamelab.experiment.grid.steps import along, borders, lines_of_steps

GRIDS = st.tuples(st.integers(2, 4), st.integers(2, 5)).flatmap(
    lambda shape: arrays(int, shape, elements=st.integers(-1, 2))
)


def pieces(lines):
    """Return the pieces of polylines, each from its lower or left end, by pair of regions."""
    return {
        pair: sorted(tuple(sorted((start, end))) for line in found for start, end in itertools.pairwise(line))
        for pair, found in lines.items()
    }


def length(parts):
    return sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in parts)


@given(GRIDS)
def test_the_sides_of_cells_of_different_regions(codes):
    """Whole numbers both ways: a line has the sides of all cells beside each other, and nothing else."""
    rows, columns = codes.shape
    x, y = np.arange(columns, dtype=float), 2 * np.arange(rows, dtype=float)
    wanted = {}
    for i in range(rows):
        for j in range(columns):
            for down, right in ((1, 0), (0, 1)):
                if i + down < rows and j + right < columns:
                    a, b = sorted((int(codes[i, j]), int(codes[i + down, j + right])))
                    if 0 <= a < b:
                        side = ((j + 0.5, 2 * i - 1.0), (j + 0.5, 2 * i + 1.0)) if right else (
                            (j - 0.5, 2 * i + 1.0), (j + 0.5, 2 * i + 1.0))  # fmt: skip
                        wanted.setdefault((a, b), []).append(side)
    found = pieces(lines_of_steps(x, y, codes, (True, True), {}))
    assert found.keys() == wanted.keys()
    for pair, sides in wanted.items():
        assert length(found[pair]) == pytest.approx(length(sides))
        for (a, b), (c, d) in sides:  # the middle of each side lies on a piece
            at = (a + c) / 2, (b + d) / 2
            assert any(p[0] <= at[0] <= q[0] and p[1] <= at[1] <= q[1] for p, q in found[pair]), at


@given(GRIDS)
def test_the_same_from_the_side_and_with_crossings(codes):
    """Along the other axis a line runs where the crossing was found, whichever way the map lies."""
    rows, columns = codes.shape
    x, y = np.arange(columns, dtype=float), np.arange(rows, dtype=float)
    upright = along(edges_of(x, y, codes), (True, False), codes.shape)
    assert (upright.low[:, 0] == upright.high[:, 0]).all()
    crossed = {int(k): float(low[1]) + 0.3 for k, low in zip(upright.number, upright.low)}
    lines = lines_of_steps(x, y, codes, (True, False), crossed)
    level = {b for parts in pieces(lines).values() for (_, b), (_, d) in parts if b == d}
    assert all(round(b % 1, 9) == 0.3 for b in level)
    lying = along(edges_of(y, x, codes.T), (False, True), codes.T.shape)
    turned = {int(k): float(low[0]) + 0.3 for k, low in zip(lying.number, lying.low)}
    other = lines_of_steps(y, x, codes.T, (False, True), turned)
    swapped = {pair: [[(b, a) for a, b in line] for line in found] for pair, found in other.items()}
    assert pieces(swapped) == pieces(lines)


def test_one_step():
    """Two columns: the region changes at 0.25 in the first and at 0.75 in the second."""
    codes = np.array([[0, 0], [1, 1]])
    lines = lines_of_steps(
        np.array([2.0, 3.0]), np.array([0.0, 1.0]), codes, (True, False), {2: 0.25, 3: 0.75}
    )
    assert lines == {(0, 1): [[(1.5, 0.25), (2.5, 0.25), (2.5, 0.75), (3.5, 0.75)]]}


def test_borders():
    assert borders([2, 3, 5]) == [1.5, 2.5, 4.0, 6.0]
    assert borders([4]) == [3.5, 4.5]
