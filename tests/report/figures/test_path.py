import itertools

import pytest

from gamelab.report import findings
from gamelab.report.figures.path import path


def played(cooperation, payoffs=None, levels=None):
    rounds = list(range(len(cooperation)))
    payoffs = payoffs or {"a": [1.0] * len(rounds), "b": [1.0] * len(rounds)}
    return {"path": {"rounds": rounds, "cooperation": cooperation, "payoffs": payoffs, "levels": levels}}


def lines(axes):
    return [list(map(float, line.get_ydata())) for line in axes.lines]


def names(axes):
    return [text.get_text() for text in axes.texts if text.get_text()]


def test_cooperation_is_a_line_for_each_arrangement(solved):
    drawn = solved["curves"]["arrangements"]
    figure = path(drawn)
    upper = next(axes for axes in figure.axes if "cooperation" in axes.get_ylabel())
    assert lines(upper) == [found["path"]["cooperation"] for found in drawn.values()]
    assert names(upper) == list(drawn)
    assert len({line.get_color() for line in upper.lines}) == 3
    lower = next(axes for axes in figure.axes if "level" in axes.get_ylabel())
    assert lines(lower) == [drawn["hierarchical"]["path"]["levels"]["agency"]]
    assert "round" in lower.get_xlabel()
    wanted = findings.play({name: found["path"] for name, found in drawn.items()})
    assert figure.get_suptitle().split() == wanted.split()


def test_names_at_the_end_do_not_overlap():
    drawn = {f"arrangement {k}": played([1.0, 1.0 - k / 1000]) for k in range(7)}
    figure = path(drawn)
    figure.draw_without_rendering()
    boxes = sorted(
        (t.get_window_extent() for t in figure.axes[0].texts if t.get_text()), key=lambda box: box.y0
    )
    assert len(boxes) == 7
    assert all(one.y1 <= other.y0 + 1 for one, other in itertools.pairwise(boxes))


def test_without_agreement_payoffs_are_drawn():
    figure = path({"none": played([None, None], {"a": [10.0, 2.0], "b": [2.0, 10.0]})})
    (axes,) = figure.axes
    assert "payoff" in axes.get_ylabel()
    assert lines(axes) == [[10.0, 2.0], [2.0, 10.0]]
    assert names(axes) == ["a", "b"]
    assert len({str(line.get_linestyle()) + str(line._dash_pattern) for line in axes.lines}) == 2


def test_a_single_round_is_no_path():
    assert path({"none": played([1.0])}) is None


def test_levels_that_end_stop():
    figure = path({"watch": played([1.0, 1.0, 1.0], levels={"a": [0.0, 1.0, None], "b": [0.0, 1.0, None]})})
    lower = next(axes for axes in figure.axes if "level" in axes.get_ylabel())
    (heights,) = lines(lower)
    assert heights[:2] == [0, 1]
    assert heights[2] != heights[2]


def test_nothing_played_is_no_picture():
    assert path({"a": {"path": None}}) is None
    assert path({}) is None


@pytest.mark.parametrize("rounds", [2, 41])
def test_any_length(rounds):
    assert path({"a": played([1.0] * rounds)}) is None  # a level line says no more than a number
    (axes,) = path({"a": played([1.0] * (rounds - 1) + [0.5])}).axes
    assert axes.get_xlim() == (0, rounds - 1)
    assert axes.get_ylim() == (0, 1)
