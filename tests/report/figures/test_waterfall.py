import pytest

from gamelab.report import findings
from gamelab.report.figures.waterfall import waterfall


def texts(figure):
    return [text.get_text() for text in (*figure.texts, *figure.axes[0].texts) if text.get_text()]


def bars(figure):
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in figure.axes[0].patches]


def test_bars_are_the_numbers_and_each_begins_where_the_last_ended(solved):
    figure = waterfall(solved)
    drawn = bars(figure)
    fall = solved["curves"]["arrangements"]["hierarchical"]["waterfall"]
    assert drawn[0][1] == pytest.approx(3.1125498)
    gross, *taken, net = drawn[3:]
    assert gross == pytest.approx((0, 4.0))
    reached = 4.0
    for (start, end), line in zip(taken, fall["taken"], strict=True):
        assert (start, end) == pytest.approx((reached, reached - line["amount"]))
        reached = end
    assert net == pytest.approx((0, reached))


def test_title_labels_and_units(solved):
    figure = waterfall(solved)
    assert " ".join(figure.get_suptitle().split()) == findings.benefits(solved)
    shown = texts(figure)
    for words in (
        "horizontal",
        "hierarchical",
        "gross benefit",
        "monitoring: cost",
        "net benefit",
        "−0.30",
        "3.70",
    ):
        assert words in shown
    assert "none" not in shown
    assert "payoff per round" in figure.axes[0].get_xlabel()


def test_nothing_to_compare_is_said(nasty):
    figure = waterfall(nasty)
    assert texts(figure).count("no certified conduct to compare") == 1
    assert "−6e+09" in texts(figure)
    assert "-2e+09" not in texts(figure)
    assert all(0 <= y <= 1 for y in (text.get_position()[1] for text in figure.texts))


def test_costs_of_nothing_have_no_bar(nasty):
    assert "graduated sanctions: fine" not in texts(waterfall(nasty))


def test_all_zero_and_no_arrangement(drawable):
    for found in drawable["curves"]["arrangements"].values():
        found["waterfall"] = {"gross": 0.0, "taken": [], "cost": 0.0, "net": 0.0}
    assert bars(waterfall(drawable)) == [(0, 0)] * 4
    drawable["curves"]["arrangements"] = {"none": drawable["curves"]["arrangements"]["none"]}
    assert waterfall(drawable) is None
