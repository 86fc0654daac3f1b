"""The heat map: rows and columns in the order of the ranking, numbers where there is room."""

import draws
import numpy as np
import pytest
from saved_figures import png, svg

import gamelab as gl
from gamelab.report.figures.heat_map import heat_map
from gamelab.report.findings import first_places

GAME = draws.dilemma(discount_factor=0.9)


def found(names, game=GAME, **options):
    return gl.tournament(game, names, **options).to_dict()


def shades(figure):
    return np.asarray(figure.axes[0].collections[0].get_array()).squeeze()


def words(figure):
    return [text.get_text() for text in (*figure.texts[1:], *figure.axes[0].texts)]  # the first is the title


def test_cells_are_payoffs_in_the_order_of_the_ranking():
    field = found(["always_cooperate", "always_defect", "grim"])
    figure = heat_map(field)
    wanted = [[1, 1.4, 5], [0.9, 3, 3], [0, 3, 3]]  # always_defect, grim, always_cooperate
    assert shades(figure) == pytest.approx(np.array(wanted))
    said = words(figure)
    assert [word for word in said if "_" in word or word == "grim"] == [
        "always_defect",
        "grim",
        "always_cooperate",
    ]
    assert "5.00" in said
    assert "2.47" in said  # the mean of the first
    assert figure.axes[0].get_ylim()[0] > figure.axes[0].get_ylim()[1]  # the first row is at the top
    assert " ".join(figure.get_suptitle().split()) == first_places(field).replace("\u00a0", " ")
    assert "mean of both seats" not in " ".join(said)


@pytest.mark.parametrize(
    "many", [1, 2, 27, *(pytest.param(many, marks=pytest.mark.slow) for many in (8, 20, 60))]
)
def test_any_number_of_strategies_can_be_drawn(many):
    generator = np.random.default_rng(many)
    plans = [{"GTFT": {"generosity": chance}} for chance in generator.random(many).tolist()]
    figure = heat_map(found(plans, draws.dilemma(discount_factor=0.9, tremble=0.1)))
    assert shades(figure).size == many**2
    names = [word for word in words(figure) if word.startswith("GTFT")]
    assert len(names) == (many if many < 27 else 0)
    assert png(figure)[:4] == b"\x89PNG"
    assert "<svg" in svg(figure, "field")
    place = figure.axes[0].get_position()
    assert 0 < place.y0 < place.y1 < 1


def test_all_the_same_has_no_bar_of_shades():
    figure = heat_map(found(["grim", "tit_for_tat"]))
    assert len(figure.axes) == 1
    assert "all earn the same" in figure.get_suptitle().replace("\n", " ")


def test_titles():
    assert first_places(found(["grim"])) == "grim earns 3.00 a round against itself"
    assert (
        first_places(found(["grim", "always_defect"], self_play=False))
        == "always_defect earns most: 1.40 a round, on average over 1 other strategy"
    )
    three = found(["grim", "tit_for_tat", "always_defect"], self_play=False)
    assert (
        first_places(three)
        == "grim and tit_for_tat earn most: 1.95 a round, on average over 2 other strategies"
    )
    nice = ["grim", "tit_for_tat", "tit_for_two_tats", "always_cooperate", "comply"]
    field = found(
        [*nice, {"limited_punishment": {"rounds": 1}}, "always_defect"], draws.dilemma(discount_factor=0.99)
    )
    assert "earn" in first_places(field)


def test_seats_that_differ_are_named():
    game = gl.repeated(gl.time_inconsistency(value=10, cost=2, payment=5), discount_factor=0.5)
    assert "mean of both seats" in " ".join(words(heat_map(found(["grim", "always_defect"], game))))
