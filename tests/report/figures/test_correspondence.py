import numpy as np
import pytest
from saved_figures import png

import gamelab as gl
from gamelab.report.figures.quantal_response import correspondence

PENNIES = ([[9, 0], [0, 1]], [[0, 1], [1, 0]])
TURNING = ([[5, -5], [8, -9], [4, -2]], [[9, -2], [9, 9], [-5, -3]])
PRECISIONS = np.geomspace(0.01, 100, 50)


def title(figure):
    return " ".join(figure.get_suptitle().replace("\u00a0", " ").split())


def curves(axes):
    return [line for line in axes.lines if len(line.get_xdata()) > 2]


def test_curves_are_the_branch():
    found = gl.quantal_response(PENNIES, precision=PRECISIONS)
    figure = correspondence(found)
    (axes,) = figure.axes
    first, second = curves(axes)
    inside = found.branch["precision"] > 0
    assert list(first.get_xdata()) == found.branch["precision"][inside].tolist()
    assert list(second.get_ydata()) == found.branch["mixtures"][inside, 1, 0].tolist()
    assert axes.get_xlim() == pytest.approx((0.01, 100))
    assert axes.get_xscale() == "log"
    assert title(figure) == (
        "At precision 100 player_1 chooses 1 in 51 % of cases and player_2 chooses 2 in 90 % of cases"
    )


def test_a_turn_is_drawn_and_told():
    found = gl.quantal_response(TURNING, precision=PRECISIONS)
    figure = correspondence(found)
    assert len(figure.axes) == 2
    for axes in figure.axes:
        assert (np.diff(curves(axes)[0].get_xdata()) < 0).any()
        places = [line.get_xdata()[0] for line in axes.lines if len(line.get_xdata()) == 2]
        assert places == list(found.turns)
    assert "turns back at 4.07, 1.2" in [text.get_text() for text in figure.texts]


def test_a_crossing_is_told_and_players_who_are_alike_share_a_curve():
    figure = correspondence(gl.quantal_response([[0, 7], [2, 6]], precision=[*PRECISIONS, np.inf]))
    (axes,) = figure.axes
    assert len(curves(axes)) == 1
    assert "is crossed at 1.37" in [text.get_text() for text in figure.texts]
    assert title(figure).startswith("In the limit player_1 chooses 2 in 67 %")


def test_without_a_branch_there_is_no_picture():
    assert correspondence(gl.quantal_response(PENNIES, precision=0)) is None
    assert correspondence(gl.quantal_response(np.ones((2, 2)), precision=3.0)) is None


def test_one_precision_is_enough():
    figure = correspondence(gl.quantal_response(PENNIES, precision=2.0))
    assert figure.axes[0].get_xlim() == pytest.approx((2e-4, 2))
    assert png(figure)[:4] == b"\x89PNG"
