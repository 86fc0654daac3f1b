import itertools

import numpy as np
import pytest

from gamelab.report.figures.canvas import colours_of
from gamelab.report.figures.maps import _label, _shades, number_map, region_map


def texts(figure):
    return {text.get_text(): text for axes in figure.axes for text in axes.texts if text.get_text()}


def region_at(found, x, y):
    xs, ys = found["x"]["values"], found["y"]["values"]
    return found["regions"][
        found["cells"][int(np.abs(np.array(ys) - y).argmin())][int(np.abs(np.array(xs) - x).argmin())]
    ]


def colour_at(axes, x, y):
    (image,) = axes.images
    pixels, (left, right, low, high) = image.get_array(), image.get_extent()
    row = int((y - low) / (high - low) * pixels.shape[0])
    column = int((x - left) / (right - left) * pixels.shape[1])
    return tuple(np.round(np.asarray(pixels[row, column], dtype=float), 3))


def test_labels_lie_in_their_regions(regions):
    figure = region_map(regions)
    for name in ("none", "horizontal"):
        x, y = texts(figure)[name].get_position()
        assert region_at(regions, x, y) == name


def test_whole_labels_lie_in_their_regions(regions):
    figure = region_map(regions)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    for name in ("none", "horizontal"):
        box = texts(figure)[name].get_window_extent()
        for corner in box.corners():
            x, y = axes.transData.inverted().transform(corner)
            assert region_at(regions, x, y) == name


def test_a_small_region_is_named_beside_with_a_line_to_it(regions):
    figure = region_map(regions)
    label = (
        texts(figure)["both &\n<more>"]
        if "both &\n<more>" in texts(figure)
        else texts(figure)["both & <more>"]
    )
    assert label.xyann[0] > 1 if hasattr(label, "xyann") else label.get_position()[0] > 1
    ends = [t.xy for t in figure.axes[0].texts if getattr(t, "arrow_patch", None) is not None]
    assert len(ends) == 1
    assert region_at(regions, *ends[0]) == "both & <more>"


def test_every_region_has_a_colour_of_its_own_up_to_the_exact_boundary(regions):
    (axes,) = region_map(regions, ["none", "horizontal"]).axes
    none, horizontal = colour_at(axes, 0.2, 0.5), colour_at(axes, 0.8, 0.5)
    assert len({none, horizontal, colour_at(axes, 0.98, 0.97)}) == 3
    for y in (0.05, 0.5, 0.93):
        edge = 0.61 + 0.1 * y
        assert colour_at(axes, edge - 0.006, y) == none
        assert colour_at(axes, edge + 0.006, y) == horizontal


def test_boundaries_are_drawn_as_they_were_found(regions):
    (axes,) = region_map(regions).axes
    drawn = [np.column_stack(line.get_data()).tolist() for line in axes.lines]
    for boundary in regions["boundaries"]:
        for line in boundary["lines"]:
            assert line in drawn


def test_an_arrangement_has_the_colour_that_it_has_elsewhere(regions):
    from matplotlib.colors import to_rgb

    (axes,) = region_map(regions, ["none", "hierarchical", "horizontal"]).axes
    shade = colours_of(["none", "hierarchical", "horizontal"])["horizontal"]
    assert colour_at(axes, 0.9, 0.5)[:3] == pytest.approx(to_rgb(shade), abs=1e-3)


def test_title_axes_and_shares(regions):
    figure = region_map(regions)
    assert figure.get_suptitle() == "Who works where"
    assert figure.axes[0].get_xlabel() == "discount factor"
    assert figure.axes[0].get_ylabel() == "cost, payoff per round"
    caption = " ".join(" ".join(t.get_text() for t in figure.texts if t is not figure._suptitle).split())
    assert "horizontal is best" in caption
    assert "no institution is workable" in caption


def test_the_scenarios_own_values_are_marked_where_the_map_shows_them(regions):
    assert "here" in texts(region_map(regions))
    regions["here"] = [2.0, 0.2]
    assert "here" not in texts(region_map(regions))
    del regions["here"]
    assert "here" not in texts(region_map(regions))


def test_what_was_refused_is_left_blank(regions):
    regions["cells"] = [[None if k < 5 else cell for k, cell in enumerate(row)] for row in regions["cells"]]
    figure = region_map(regions)
    (axes,) = figure.axes
    assert colour_at(axes, 0.05, 0.5)[3] == 0
    assert "no answer" in texts(figure)


def test_where_a_profile_fails_the_map_of_its_numbers_is_hatched(numbers):
    from matplotlib.contour import QuadContourSet

    def hatched(grid):
        figure = number_map(grid)
        sets = [each for each in figure.axes[0].collections if isinstance(each, QuadContourSet)]
        return any(any(each.hatches or ()) for each in sets), [each.get_text() for each in figure.texts]

    size = np.array(numbers["numbers"], dtype=object).shape
    assert not hatched(numbers)[0]
    assert not hatched(numbers | {"fails": np.zeros(size, bool).tolist()})[0]
    show = {"quantity": "net_benefit", "arrangement": "watched", "profile": ["grim", "grim"]}
    grid = numbers | {"fails": (np.arange(size[1]) < 3)[None].repeat(size[0], 0).tolist(), "show": show}
    drawn, words = hatched(grid)
    assert drawn
    said = " ".join(words).replace("\n", " ")
    assert "net benefit of watched under grim" in said
    assert "hatched where that is no equilibrium" in said


def test_many_sets_are_told_apart(regions):
    names = ["none", *(f"a and {k}" for k in range(12))]
    tints = _shades(names, ["none", "a", "b"])
    assert len(set(tints)) == len(names)


def test_long_names_stay_on_the_paper():
    for name in ("governance_of_the_common_pasture", "g" * 38, "self-governance with outside arbitration"):
        for letters in (13, 20):
            lines = _label(name, letters).split("\n")
            assert max(map(len, lines)) <= letters
            written = "".join(lines).replace(" ", "")
            assert name.replace(" ", "").startswith(written.removesuffix("…"))


def test_names_beside_the_map_end_before_the_paper_does(regions):
    small = {**regions, "boundaries": [], "regions": ["none", "governance_of_the_common_pasture"]}
    small["cells"] = [
        [1 if (i, j) == (0, 0) else 0 for j in range(len(row))] for i, row in enumerate(regions["cells"])
    ]
    figure = region_map(small)
    figure.canvas.draw()
    written = [text for text in figure.axes[0].texts if "governance" in text.get_text()]
    assert written
    for text in written:
        box = text.get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.width


def test_numbers_that_differ_by_rounding_are_one_number(numbers):
    flat = {
        **numbers,
        "boundaries": [],
        "numbers": [[3.8 + 1e-15 * (k % 3) for k in range(len(row))] for row in numbers["numbers"]],
    }
    figure = number_map(flat)
    (mesh,) = [each for each in figure.axes[0].collections if each.get_array() is not None]
    assert len(np.unique(mesh.to_rgba(mesh.get_array()).reshape(-1, 4).round(6), axis=0)) == 1
    assert any("3.80 everywhere" in text.get_text() for text in figure.texts)


@pytest.mark.parametrize("size", [(1, 1), (1, 5), (5, 1), (2, 2)])
def test_small_grids_of_one_region(regions, size):
    rows, columns = size
    regions |= {"cells": [[0] * columns] * rows, "boundaries": []}
    regions["x"] = {**regions["x"], "values": [float(k) for k in range(columns)]}
    regions["y"] = {**regions["y"], "values": [float(k) for k in range(rows)]}
    assert "none" in texts(region_map(regions))


def test_without_boundaries_the_cells_decide(regions):
    (axes,) = region_map({**regions, "boundaries": []}).axes
    assert colour_at(axes, 0.2, 0.5) != colour_at(axes, 0.8, 0.5)


def test_a_map_of_numbers_has_contours_and_a_line_at_zero(numbers):
    from matplotlib.contour import QuadContourSet

    figure = number_map(numbers)
    (axes,) = figure.axes
    contours = [found for found in axes.collections if isinstance(found, QuadContourSet)]
    zero = next(found for found in contours if list(found.levels) == [0.0])
    points = np.concatenate([path.vertices for path in zero.get_paths()])
    np.testing.assert_allclose(points[:, 0], points[:, 1], atol=1e-9)
    assert zero.get_linewidths()[0] > max(c.get_linewidths()[0] for c in contours if c is not zero)
    assert {"0"} <= set(texts(figure))
    caption = " ".join(" ".join(t.get_text() for t in figure.texts if t is not figure._suptitle).split())
    assert caption.startswith("net benefit of horizontal: from −3.60 to 4.00; blank where there is none.")


def test_the_line_at_zero_is_the_one_that_was_solved_for(numbers):
    from matplotlib.contour import QuadContourSet

    line = [[0.1, 0.15], [0.5, 0.52], [0.9, 0.88]]
    figure = number_map({**numbers, "boundaries": [{"between": ["at most 0", "above 0"], "lines": [line]}]})
    (axes,) = figure.axes
    contours = [found for found in axes.collections if isinstance(found, QuadContourSet)]
    assert not any(0.0 in found.levels for found in contours)
    assert line in [np.column_stack(drawn.get_data()).tolist() for drawn in axes.lines]
    assert {"0"} <= set(texts(figure))


@pytest.mark.parametrize("fill", [None, 0.0, 2.5])
def test_numbers_that_are_all_the_same_or_missing(numbers, fill):
    numbers["numbers"] = [[fill] * 41] * 31
    assert number_map(numbers).get_suptitle() == "Who works where"


def test_a_row_of_numbers(numbers):
    numbers |= {"numbers": numbers["numbers"][:1], "y": {**numbers["y"], "values": [0.5]}}
    number_map(numbers).draw_without_rendering()


@pytest.fixture
def steps():
    """Two regions over whole numbers of rounds, which meet at 0.25, 0.5 and 0.75."""
    line = [[0.5, 0.75], [1.5, 0.75], [1.5, 0.5], [2.5, 0.5], [2.5, 0.25], [3.5, 0.25]]
    return {
        "title": "Longer games",
        "x": {"path": "time.rounds", "label": "rounds", "values": [1, 2, 3], "borders": [0.5, 1.5, 2.5, 3.5]},
        "y": {"path": "time.discount_factor", "label": "discount factor", "values": [0.0, 0.4, 0.6, 1.0], "borders": None},
        "show": "best_arrangement",
        "regions": ["none", "horizontal"],
        "cells": [[0, 0, 0], [0, 0, 1], [0, 1, 1], [1, 1, 1]],
        "shares": {"none": 0.5, "horizontal": 0.5},
        "boundaries": [{"between": ["none", "horizontal"], "lines": [line]}],
        "notes": [],
    }  # fmt: skip


def test_cells_of_whole_numbers_are_shown_whole_with_ticks_at_their_values(steps):
    (axes,) = region_map(steps).axes
    assert axes.get_xlim() == (0.5, 3.5)
    assert axes.get_xticks().tolist() == [1, 2, 3]
    none, horizontal = colour_at(axes, 0.55, 0.05), colour_at(axes, 3.45, 0.95)
    assert none != horizontal
    for rounds, edge in ((1, 0.75), (2, 0.5), (3, 0.25)):
        for x in (rounds - 0.48, rounds, rounds + 0.48):
            assert colour_at(axes, x, edge - 0.01) == none
            assert colour_at(axes, x, edge + 0.01) == horizontal


def test_of_many_whole_numbers_some_have_ticks(steps):
    values = list(range(1, 31))
    steps["x"] |= {"values": values, "borders": [k - 0.5 for k in range(1, 32)]}
    steps |= {"cells": [[0] * 30] * 4, "boundaries": []}
    ticks = region_map(steps).axes[0].get_xticks().tolist()
    assert set(ticks) <= set(values)
    assert 6 <= len(ticks) <= 13


def test_contours_over_whole_numbers_are_steps(steps):
    numbers = [[x * (y - 0.5) for x in (1, 2, 3)] for y in steps["y"]["values"]]
    steps |= {
        "show": {"quantity": "net_benefit", "arrangement": "horizontal"},
        "numbers": numbers,
        "boundaries": [],
    }
    (axes,) = number_map(steps).axes
    assert axes.get_xlim() == (0.5, 3.5)
    segments = [
        line
        for part in axes.collections
        if hasattr(part, "levels")
        for path in part.get_paths()
        for line in path.to_polygons(closed_only=False)
    ]
    assert segments
    for line in segments:
        for (a, b), (c, d) in itertools.pairwise(line):
            assert abs(a - c) < 1e-9 or abs(b - d) < 1e-9
