import math

from saved_figures import png, svg

import gamelab as gl
from gamelab.report.figures.spread import contagion, population


def run(cooperation, errors=None, persons=100):
    rounds = list(range(len(cooperation)))
    errors = errors or [0.01] * len(rounds)
    deviating = [None if share is None else persons * (1 - share) for share in cooperation]
    return {
        "population": persons,
        "rounds": rounds,
        "cooperation": cooperation,
        "cooperation_errors": errors,
        "departing": deviating,
        "departing_errors": [None if error is None else persons * error for error in errors],
    }


def title(figure):
    return " ".join(figure.get_suptitle().replace("\u00a0", " ").split())


def names(axes):
    return [text.get_text() for text in axes.texts if text.get_text()]


def test_a_line_for_each_population():
    figure = population(
        {"seen": run([1, 0.9, 0.8]), "unseen": run([1, 0.5, 0.1]), "half": run([1, 0.7, 0.5])}
    )
    (axes,) = figure.axes
    assert [list(line.get_ydata()) for line in axes.lines] == [[1, 0.9, 0.8], [1, 0.5, 0.1], [1, 0.7, 0.5]]
    assert names(axes) == ["seen", "unseen", "half"]
    assert (
        title(figure) == "In round 2 cooperation is 80 % with seen and 10 % with unseen, the others between"
    )
    assert len(axes.collections) == 3  # the intervals
    assert axes.get_ylim() == (0, 1)


def test_one_replication_has_no_interval():
    figure = population({"alone": run([1, 0.25], [None, None])})
    assert not figure.axes[0].collections
    assert title(figure) == "In round 1 cooperation is 25 % with alone"


def test_without_agreement_there_is_nothing_to_draw():
    assert population({"battle": run([None, None], [None, None])}) is None
    assert population({}) is None


def test_contagion_is_drawn_on_what_is_expected():
    expected = [1, 2, 40, 60, 99.5]
    figure = contagion(run([0.99, 0.98, 0.6, 0.4, 0.01]), expected)
    (axes,) = figure.axes
    assert list(axes.lines[0].get_ydata()) == expected
    assert [round(y) for y in axes.lines[1].get_ydata()] == [1, 2, 40, 60, 99]
    assert (
        title(figure)
        == "Contagion is expected to reach half of 100 persons by round 3 and all but one by round 4"
    )
    assert "of 100" in axes.get_ylabel()
    slow = contagion(run([0.99, 0.98]), [1, 2])
    assert title(slow) == "By round 1 contagion is expected to reach 2 of 100 persons"


def test_long_runs_are_marked_now_and_then():
    figure = contagion(run([0.5] * 300), [50.0] * 300)
    assert len(figure.axes[0].lines[1].get_ydata()) <= 25


def test_what_rematch_returns_can_be_drawn():
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    game = gl.repeated(stage, discount_factor=0.9)
    seen = gl.rematch(game, {"grim": 9, "always_defect": 1}, population=10, rounds=1, replications=1)
    drawn = [population({"grim": seen.curves()}), contagion(seen.curves(), [1.0])]
    assert all(png(figure).startswith(b"\x89PNG") for figure in drawn)
    assert all("<svg" in svg(figure, "spread") for figure in drawn)
    assert seen.curves()["departing_errors"] == [None]
    assert not math.isnan(seen.curves()["cooperation"][0])
