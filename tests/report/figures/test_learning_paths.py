import numpy as np
import pytest
from saved_figures import png, svg

import gamelab as gl
from gamelab.report.figures.learning import learning_paths

STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
PENNIES = ([[9, 0], [0, 1]], [[0, 1], [1, 0]])


def solid(axes):
    return [line for line in axes.lines if len(line.get_xdata()) > 2]


def title(figure):
    return " ".join(figure.get_suptitle().split())


def test_lines_are_the_shares_with_their_intervals():
    learned = gl.learn(STAGE, "reinforcement", rounds=50, groups=40, points=25)
    figure = learning_paths(learned)
    (axes,) = figure.axes
    first, second = solid(axes)
    assert list(first.get_xdata()) == learned.rounds.tolist()
    assert list(first.get_ydata()) == learned.shares[:, 0, 0].tolist()
    assert list(second.get_ydata()) == learned.shares[:, 1, 0].tolist()
    low, high = learned.interval()
    band = axes.collections[0].get_paths()[0].get_extents()
    assert band.y0 == pytest.approx(low[:, 0, 0].min())
    assert band.y1 == pytest.approx(high[:, 0, 0].max())
    assert axes.get_ylabel() == "share of C"
    assert axes.get_xlabel() == "round"


def test_the_reference_is_a_broken_line_for_each_player_and_in_the_title():
    rest = gl.quantal_response(PENNIES, precision=1).mixtures
    learned = gl.learn(PENNIES, {"stochastic_fictitious_play": {"precision": 1}}, rounds=300, groups=100)
    figure = learning_paths(learned, rest)
    (axes,) = figure.axes
    levels = [line.get_ydata()[0] for line in axes.lines if len(line.get_xdata()) == 2]
    assert levels == [rest[0, 0], rest[1, 0]]
    away = np.abs(learned.shares[-1] - rest).max()
    points = max(1, int(np.ceil(100 * away)))
    assert title(figure).endswith(f"within {points} point{'s' * (points > 1)} of the QRE")
    assert [text.get_text() for text in axes.texts if text.get_text()] == [
        "player_1",
        "QRE",
        "player_2",
        "QRE",
    ]


def test_more_than_two_choices_have_a_panel_for_each_player():
    learned = gl.learn(
        np.random.default_rng(1).normal(size=(2, 3, 2)), "fictitious_play", rounds=20, groups=3
    )
    figure = learning_paths(learned)
    assert len(figure.axes) == 2
    lower, upper = figure.axes
    assert upper.get_ylabel() == "player_1: share of each choice"
    assert [len(solid(axes)) for axes in (upper, lower)] == [3, 2]


def test_trust_has_a_panel_of_its_own_with_what_is_needed():
    game = gl.repeated(STAGE, discount_factor=0.9, misreading=0.1)
    learned = gl.learn(game, "trust", rounds=20, groups=10)
    figure = learning_paths(learned)
    trust = next(axes for axes in figure.axes if axes.get_ylabel().startswith("trust"))
    assert list(solid(trust)[0].get_ydata()) == learned.trust[:, 0].tolist()
    (needed,) = {line.get_ydata()[0] for line in trust.lines if len(line.get_xdata()) == 2}
    assert needed == learned.needed_trust[0]
    assert "needed" in [text.get_text() for text in trust.texts]
    assert "and trust stands at" in title(figure)


@pytest.mark.parametrize("rounds", [1, 7])
def test_degenerate_paths_are_drawn(rounds):
    learned = gl.learn([[1.0]], "fictitious_play", rounds=rounds, groups=1)
    assert learning_paths(learned).axes == []
    learned = gl.learn(STAGE, "fictitious_play", rounds=rounds, groups=1)
    figure = learning_paths(learned)
    assert title(
        figure
    ) == f"After {rounds} round{'s' * (rounds > 1)} C is chosen in 0\u00a0% of cases".replace("\u00a0", " ")
    assert png(figure)[:4] == b"\x89PNG"
    assert "<title>" in svg(figure, "learned")
