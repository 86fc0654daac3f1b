import pytest

from gamelab.report import findings
from gamelab.report.figures.levels import levels


def record(gains, players=("a", "b"), pays=()):
    return {
        "profile": ["comply", "comply"],
        "entries": [
            {
                "player": p,
                "state": f"{own}, {other}",
                "levels": [own, other],
                "gain": gain,
                "pays": own in pays,
            }
            for p in players
            for own, gain in enumerate(gains)
            for other in range(len(gains))
        ],
    }


def dots(axes):
    return sorted(
        {(float(d.get_xdata()[0]), float(d.get_ydata()[0])) for d in axes.lines if d.get_marker() == "o"}
    )


def test_dots_are_the_gains_by_own_level():
    found = record([-0.03, -0.2, -0.5])
    figure = levels(found)
    (axes,) = figure.axes
    assert dots(axes) == [(0, -0.03), (1, -0.2), (2, -0.5)]
    assert [text.get_text() for text in axes.texts] == ["−0.03", "−0.20", "−0.50"]
    assert " ".join(figure.get_suptitle().split()) == findings.deterrence(found)
    assert "payoff per round" in axes.get_ylabel()
    assert "level" in axes.get_xlabel()
    assert axes.get_ylim()[1] > 0


def test_what_pays_is_told_apart_without_colour():
    (axes,) = levels(record([0.2, -0.1], pays=[0])).axes
    assert [text.get_text() for text in axes.texts] == ["0.20, pays", "−0.10"]
    faces = {float(d.get_ydata()[0]): d.get_markerfacecolor() for d in axes.lines if d.get_marker() == "o"}
    assert faces[0.2] != faces[-0.1]


def test_players_that_differ_have_panels_with_their_names():
    found = record([-0.03, -0.2], players=("agency",))
    found["entries"] += record([-0.3, -0.4], players=("association",))["entries"]
    figure = levels(found)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["agency", "association"]
    assert dots(figure.axes[1]) == [(0, -0.3), (1, -0.4)]


def test_players_alike_share_one_panel():
    assert len(levels(record([-0.03, -0.2], players="abcd")).axes) == 1


@pytest.mark.parametrize("gains", [[0.0], [-1e9, -2e9], [1e-9, -1e-9], [-0.1] * 20])
def test_any_size_and_number(gains):
    (axes,) = levels(record(gains)).axes
    low, high = axes.get_ylim()
    assert low < min(*gains, 0) <= max(*gains, 0) < high
