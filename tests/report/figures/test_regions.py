import numpy as np

from gamelab.report.figures.regions import FINE, NOTHING, pixels, places


def axes_of(found):
    return np.array(found["x"]["values"]), np.array(found["y"]["values"])


def test_pixels_follow_the_boundaries_and_not_the_cells(regions):
    drawn = pixels(regions, *axes_of(regions))
    rows, columns = np.indices(FINE)
    x, y = (columns + 0.5) / FINE[1], (rows + 0.5) / FINE[0]
    wanted = np.where((x > 0.955) & (y > 0.94), 2, x > 0.61 + 0.1 * y)
    assert (drawn != wanted).mean() < 0.004
    coarse = pixels({**regions, "boundaries": []}, *axes_of(regions))
    assert (coarse != wanted).mean() > (drawn != wanted).mean()


def test_the_area_of_each_region_is_what_it_should_be(regions):
    drawn = pixels(regions, *axes_of(regions))
    assert abs((drawn == 0).mean() - 0.66) < 0.003


def test_cells_that_no_line_separates_keep_to_the_nearest():
    """A line from the lower edge to the middle of the map ends there: both regions meet above it."""
    line = [[0.5, 0.0], [0.5, 0.5]]
    found = {"cells": [[0, 1], [0, 1]], "boundaries": [{"lines": [line]}]}
    drawn = pixels(found, np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    half = FINE[1] // 2
    assert (drawn[:, : half - 2] == 0).all()
    assert (drawn[:, half + 2 :] == 1).all()


def test_nothing_is_nothing(regions):
    regions["cells"] = [[None] * 41] * 31
    assert (pixels(regions, *axes_of(regions)) == NOTHING).all()


def test_a_label_goes_to_the_middle_of_the_largest_part():
    drawn = np.zeros((100, 100), dtype=int)
    drawn[:30, :30] = 1
    drawn[60:70, 60:70] = 1
    found = places(drawn, [(0.1, 0.1), (0.1, 0.1)], (1.0, 1.0))
    (x, y), fits = found[1]
    assert fits
    assert abs(x - 0.15) < 0.02
    assert abs(y - 0.15) < 0.02


def test_a_label_that_does_not_fit_says_so_and_keeps_off_the_mark():
    drawn = np.zeros((100, 100), dtype=int)
    drawn[40:60, 40:60] = 1
    (_, fits) = places(drawn, [(0.1, 0.1), (0.5, 0.1)], (1.0, 1.0))[1]
    assert not fits
    assert 2 not in places(drawn, [(0.1, 0.1)] * 3, (1.0, 1.0))
    (x, y), _ = places(drawn, [(0.1, 0.1)] * 2, (1.0, 1.0), here=(0.25, 0.25))[0]
    assert not (0.05 < x < 0.45 and 0.15 < y < 0.55)
