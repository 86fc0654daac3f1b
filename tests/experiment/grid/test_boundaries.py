"""Boundaries: lines by marching squares, on functions that are known, with and without margins."""

import itertools
import math

import numpy as np
import pytest

from gamelab.experiment.grid.boundaries import edges_of, lines_between
from gamelab.experiment.grid.searches import WITHIN


def boundaries(code, x, y, margins=None, rounds=None):
    """Return the lines between regions of a function of points; note how many points each round asks for."""

    def ask(points):
        if rounds is not None:
            rounds.append(len(points))
        known = np.empty((len(points), 0)) if margins is None else margins(points)
        return code(points), known

    points = np.column_stack([np.tile(x, len(y)), np.repeat(y, len(x))])
    codes = code(points).reshape(len(y), len(x))
    return lines_between(codes, edges_of(x, y, codes), WITHIN * (min(len(x), len(y)) - 1), x, y, ask)


GRID = np.linspace(-1, 1, 22)


def test_a_circle_is_one_closed_line():
    def inside(points):
        return ((points**2).sum(axis=1) < 0.5).astype(int)

    (line,) = boundaries(inside, GRID, GRID[:-1])[0, 1]
    assert line[0] == line[-1]
    assert len(set(line)) == len(line) - 1
    for x, y in line:
        assert math.hypot(x, y) == pytest.approx(math.sqrt(0.5), abs=1e-10)
    steps = [math.dist(a, b) for a, b in itertools.pairwise(line)]
    assert max(steps) < 2 * (GRID[1] - GRID[0])
    assert sum(steps) == pytest.approx(2 * math.pi * math.sqrt(0.5), rel=0.01)


def test_two_islands_are_two_lines():
    def islands(points):
        return (np.abs(np.abs(points[:, 0]) - 0.5) + np.abs(points[:, 1]) < 0.3).astype(int)

    lines = boundaries(islands, GRID, GRID)[0, 1]
    assert len(lines) == 2
    assert all(line[0] == line[-1] for line in lines)


def test_a_straight_line_across_is_open_and_whole():
    (line,) = boundaries(lambda points: (points[:, 0] > 0.123).astype(int), GRID, GRID)[0, 1]
    assert [x for x, _ in line] == pytest.approx([0.123] * 22, abs=1e-10)
    assert sorted(y for _, y in line) == pytest.approx(GRID.tolist())


def test_three_regions_end_in_one_point():
    def thirds(points):
        angle = np.arctan2(points[:, 1] - 0.05, points[:, 0] - 0.05)
        return np.digitize(angle, [-2, 1])

    found = boundaries(thirds, GRID, GRID)
    assert sorted(found) == [(0, 1), (0, 2), (1, 2)]
    ends = [{line[0], line[-1]} for lines in found.values() for line in lines]
    (centre,) = set.intersection(*ends)
    assert centre == pytest.approx((0.05, 0.05), abs=1e-9)


@pytest.mark.parametrize("middle", [0, 1])
def test_the_middle_decides_a_saddle(middle):
    """Corners 0, 1, 0, 1: two pieces that cut off the corners of the region which the middle is not of."""

    def saddle(points):
        x, y = points.T
        crosswise = (x - 0.5) * (y - 0.5) < 0
        return np.where(np.abs(x - 0.5) + np.abs(y - 0.5) < 0.3, middle, crosswise).astype(int)

    ends = np.array([0.0, 1.0])
    lines = boundaries(saddle, ends, ends)[0, 1]
    assert len(lines) == 2
    cut = [(1, 0), (0, 1)] if middle == 0 else [(0, 0), (1, 1)]
    for line in lines:
        centre = np.mean(line, axis=0)
        assert min(np.abs(centre - corner).max() for corner in cut) < 0.3


def test_a_saddle_whose_middle_is_a_third_region_is_joined_to_its_mean():
    def saddle(points):
        x, y = points.T - 0.5
        return np.where(np.abs(x) + np.abs(y) < 0.2, 2, x * y < 0).astype(int)

    ends = np.array([0.0, 1.0])
    lines = boundaries(saddle, ends, ends)[0, 1]
    assert all(
        pytest.approx(line[-1]) == (0.5, 0.5) or pytest.approx(line[0]) == (0.5, 0.5) for line in lines
    )


def test_nothing_is_drawn_around_empty_points():
    def code(points):
        return np.where(points[:, 1] > 0, -1, points[:, 0] > 0.1)

    (line,) = boundaries(code, GRID, GRID)[0, 1]
    assert max(y for _, y in line) < 0
    assert boundaries(lambda points: np.zeros(len(points), dtype=int), GRID, GRID) == {}


def test_a_third_region_between_two_cells():
    """The crossing is where the upper cell's region begins."""

    def strips(points):
        return np.digitize(points[:, 0], [0.31, 0.62])

    ends = np.array([0.0, 1.0])
    found = boundaries(strips, ends, ends)
    ((line,),) = found.values()
    assert list(found) == [(0, 2)]
    assert [x for x, _ in line] == pytest.approx([0.62, 0.62], abs=1e-10)


def test_corners_of_lines_along_the_axes_are_exact():
    def corner(points):
        return ((points[:, 0] > 0.123) & (points[:, 1] < 0.456)).astype(int)

    (line,) = boundaries(corner, GRID, GRID)[0, 1]
    assert min(math.dist(place, (0.123, 0.456)) for place in line) < 1e-9
    lengths = sum(math.dist(a, b) for a, b in itertools.pairwise(line))
    assert lengths == pytest.approx((1 - 0.123) + (1 + 0.456), abs=1e-8)


@pytest.mark.parametrize("regions", [4, 3])
def test_lines_along_the_axes_meet_exactly(regions):
    def quarters(points):
        right, up = points[:, 0] > 0.123, points[:, 1] > 0.456
        return np.where(right, 2 + (up if regions == 4 else 0), up)

    found = boundaries(quarters, GRID, GRID)
    ends = {end for lines in found.values() for line in lines for end in (line[0], line[-1])}
    assert min(math.dist(end, (0.123, 0.456)) for end in ends) < 1e-9


def wave(points):
    x, y = points.T
    return np.column_stack([np.exp(x) * (y - 0.1 - 0.05 * np.sin(4 * x)), x - 0.1 + 0.2 * y * y])


def regions_of_the_wave(points):
    above, right = (wave(points) > 0).T
    return np.where(right, above.astype(int), 2)


def test_with_margins_the_same_lines_take_few_rounds():
    """The curves y = 0.1 + sin(4x)/20 on the right of the other one, which is x = 0.1 - y^2/5, and nothing on its left."""
    plain, secant = [], []
    lines = boundaries(regions_of_the_wave, GRID, GRID, rounds=plain)
    found = boundaries(regions_of_the_wave, GRID, GRID, wave, secant)
    assert sorted(found) == [(0, 1), (0, 2), (1, 2)]
    for pair, ((one,), (other,)) in {pair: (lines[pair], found[pair]) for pair in found}.items():
        inner = slice(1, -1)  # the ends are where three regions meet
        assert np.abs(np.array(one) - other)[inner].max() < 1e-9
        column = 0 if pair == (0, 1) else 1
        at = wave(np.array(other))[:, column]
        assert np.abs(at).max() < 1e-9
    assert len(secant) <= 6
    assert len(plain) > 12
    assert sum(secant) < sum(plain) / 4


def test_three_regions_meet_where_two_margins_are_zero():
    found = boundaries(regions_of_the_wave, GRID, GRID, wave)
    ends = [{line[0], line[-1]} for lines in found.values() for line in lines]
    (centre,) = set.intersection(*ends)
    assert np.abs(wave(np.array([centre]))).max() < 1e-10
