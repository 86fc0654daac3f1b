import numpy as np
import pytest

from gamelab.report import findings
from gamelab.report.figures.canvas import colour
from gamelab.report.figures.slack import slack


def line(name="grim", thresholds=((0.5, 1.0),), here=0.9, height=lambda d: d - 0.5):
    factors = np.linspace(0.005, 0.995, 199)
    return {
        "profile": [name, name],
        "discount_factor": factors.tolist(),
        "slack": [float(height(d)) for d in factors],
        "thresholds": [{"from": a, "to": b, "includes": "left" if b == 1 else "both"} for a, b in thresholds],
        "here": {"here": here} if isinstance(here, float) else here,
    }


def shown(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def curves(figure):
    return [drawn for drawn in figure.axes[0].lines if len(drawn.get_xdata()) > 100]


def test_the_curve_is_the_numbers_and_the_title_the_finding():
    given = line()
    figure = slack([given], "#d55e00")
    (curve,) = curves(figure)
    assert list(curve.get_xdata()) == given["discount_factor"]
    assert list(curve.get_ydata()) == given["slack"]
    assert curve.get_color() == "#d55e00"
    assert " ".join(figure.get_suptitle().split()) == findings.sustained([given])


def test_thresholds_are_marked_at_zero_and_named():
    figure = slack([line(thresholds=[(0.2, 0.2), (0.5, 0.75), (0.8, 1.0)])])
    marks = [
        tuple(map(float, (*d.get_xdata(), *d.get_ydata())))
        for d in figure.axes[0].lines
        if d.get_marker() == "o"
    ]
    assert marks == [(end, 0.0) for end in (0.2, 0.5, 0.75, 0.8)]
    assert [words for words in shown(figure) if not words.startswith("here")] == ["0.2", "0.5", "0.75", "0.8"]


def test_names_of_thresholds_do_not_overlap():
    figure = slack([line(thresholds=[(0.5, 0.501), (0.502, 1.0)])])
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_fontweight() == "bold"]
    assert len(boxes) == 3
    for one, other in zip(
        sorted(boxes, key=lambda b: b.x0), sorted(boxes, key=lambda b: b.x0)[1:], strict=False
    ):
        assert one.x1 <= other.x0


def test_axes_have_units_and_the_place_of_the_scenario():
    figure = slack([line(here=0.7)])
    (axes,) = figure.axes
    assert axes.get_xlabel() == "discount factor"
    assert "payoff per round" in axes.get_ylabel()
    assert "here 0.7" in shown(figure)
    assert "here 0.7" not in shown(slack([line(here={})]))
    apiece = slack([line(here={"agency": 0.95, "association": 0.7})])
    assert {"agency 0.95", "association 0.7"} <= set(shown(apiece))
    assert apiece.axes[0].get_xlabel() == "discount factor of all players"


@pytest.mark.parametrize("thresholds", [[], [(0.0, 1.0)], [(1 / 3, 1 / 3)]])
def test_degenerate_sets(thresholds):
    figure = slack([line(thresholds=thresholds)])
    named = [words for words in shown(figure) if not words.startswith("here")]
    assert named == (["0.333"] if thresholds == [(1 / 3, 1 / 3)] else [])


def test_what_holds_is_shaded_where_it_holds():
    figure = slack([line(thresholds=[(0.5, 1.0)])])
    (area,) = figure.axes[0].collections
    assert area.get_paths()[0].get_extents().x0 == pytest.approx(0.5, abs=0.006)
    assert (
        slack([line(thresholds=[])]).axes[0].collections == []
        or not slack([line(thresholds=[])]).axes[0].collections
    )


def test_several_candidates_have_colours_and_names_of_their_own():
    figure = slack([line(name) for name in ("grim", "penance", "tit_for_tat")], colour("purple"))
    assert len({curve.get_color() for curve in curves(figure)}) == 3
    assert {"grim", "penance", "tit_for_tat"} <= {text.get_text() for text in figure.texts}


def test_slack_of_nothing_is_a_line_at_zero():
    low, high = slack([line(height=lambda d: 0.0, thresholds=[(0.0, 1.0)])]).axes[0].get_ylim()
    assert low < -0.1
    assert high > 0.1


def test_holes_and_nothing():
    given = line()
    given["slack"][3] = None
    assert np.isnan(curves(slack([given]))[0].get_ydata()[3])
    given["slack"] = [None] * len(given["slack"])
    assert slack([given]) is None
    assert slack([]) is None


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
def test_any_size(size):
    low, high = slack([line(height=lambda d: size * (d - 0.5))]).axes[0].get_ylim()
    assert low < -0.49 * size < 0.49 * size < high < 2 * size
