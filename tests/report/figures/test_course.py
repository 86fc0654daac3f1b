import itertools

import pytest

from gamelab.report.figures.course import course
from gamelab.report.numbers import NARROW


def rows(means):
    return [
        {"round": t, "mean": m, "from": m - 0.02, "to": m + 0.02, "exact": m + 0.01}
        for t, m in enumerate(means, 1)
    ]


def test_means_and_expectations_are_drawn():
    figure = course({"course": rows([0.9, 0.6, 0.4])})
    (axes,) = figure.axes
    exact, mean = axes.lines
    assert list(mean.get_ydata()) == [0.9, 0.6, 0.4]
    assert list(exact.get_ydata()) == pytest.approx([0.91, 0.61, 0.41])
    assert list(mean.get_xdata()) == [1, 2, 3]
    assert len(axes.collections) == 1
    title = " ".join(figure.get_suptitle().split())
    assert title.replace(NARROW, " ").endswith("in round 1 and 40 % in round 3")


def test_names_do_not_overlap():
    figure = course({"course": rows([0.5, 0.5])})
    figure.draw_without_rendering()
    boxes = sorted((t.get_window_extent() for t in figure.axes[0].texts), key=lambda box: box.y0)
    assert len(boxes) == 2
    assert all(one.y1 <= other.y0 + 1 for one, other in itertools.pairwise(boxes))


def test_one_match_has_no_interval():
    found = [{"round": 1, "mean": 1.0, "from": None, "to": None, "exact": 1.0}]
    assert course({"course": found}) is not None


def test_nothing_agreed_is_no_picture():
    assert course({"course": None}) is None
