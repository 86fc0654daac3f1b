"""Pictures of evolution: what is drawn is what was found."""

from types import SimpleNamespace

import numpy as np
import pytest
from saved_figures import png, svg

from gamelab.experiment.chance.evolution import evolved
from gamelab.report.evolution_findings import leading, over_time
from gamelab.report.figures.invasion import MOST_NODES, invasion
from gamelab.report.figures.shares import MOST_LINES, shares
from gamelab.report.figures.simplex import HEIGHT, simplex
from gamelab.simulate.evolution.payoff_matrix import payoff_matrix

RETALIATION = [[3, 0, 3], [5, 1, 1.2], [3, 0.8, 3]]


def found(payoffs, names=None, **settings):
    names = names or [f"strategy_{k}" for k in range(len(payoffs))]
    return evolved(payoff_matrix(SimpleNamespace(payoffs=payoffs, names=names)), **settings)


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts if text.get_text()]


def plain(words):
    return " ".join(words.split())


def title(figure):
    return plain(figure.get_suptitle())


def test_arrows_stand_for_fixation_above_drift():
    given = found(RETALIATION, ["cooperate", "defect", "retaliate"])
    figure = invasion(given)
    relative = np.array(given["relative_fixation"])
    numbers = [text for text in texts(figure) if text.startswith("×")]
    assert len(numbers) == (relative > 1 + 1e-6).sum()
    assert f"×{relative[0, 1]:.0f}" in numbers
    dashed = [line for line in figure.axes[0].lines if line.get_linestyle() != "-"]
    assert len(dashed) == 1  # cooperating and retaliating are alike among themselves
    circles = sorted(patch.get_radius() for patch in figure.axes[0].patches if hasattr(patch, "get_radius"))
    assert circles[-1] > 2 * circles[0]


def test_only_so_many_circles():
    figure = invasion(found(np.random.default_rng(1).normal(size=(11, 11))))
    assert len([p for p in figure.axes[0].patches if hasattr(p, "get_radius")]) == MOST_NODES
    assert any("3 more, with smaller shares" in text.get_text() for text in figure.texts)
    assert invasion(found([[1]])) is None
    assert png(invasion(found([[3, 0], [5, 1]]))).startswith(b"\x89PNG")


def test_lines_are_the_paths():
    given = found(RETALIATION, process="replicator")
    figure = shares(given)
    assert title(figure) == plain(over_time(given))
    drawn = np.array([line.get_ydata() for line in figure.axes[0].lines])
    assert drawn.T.tolist() == given["curves"]["paths"]["shares"]
    assert shares(found(RETALIATION)) is None  # rare mutation has no path
    many = shares(found(np.eye(9) + np.arange(9)[:, None] / 10, process="replicator"))
    assert len(texts(many)) == MOST_LINES
    assert any("grey: 3 more" in text.get_text() for text in many.texts)


def test_the_triangle_shows_rest_points_and_lines_of_them():
    given = found(RETALIATION, ["cooperate", "defect", "retaliate"], process="replicator")
    figure = simplex(given)
    assert title(figure) == plain(leading(given))
    assert {"cooperate", "defect", "retaliate", "attracts", "repels", "saddle", "all rest here"} <= set(
        texts(figure)
    )
    marks = {
        (round(float(line.get_xdata()[0]), 6), round(float(line.get_ydata()[0]), 6))
        for line in figure.axes[0].lines
        if line.get_marker() in ("o", "D", "s")
    }
    corners = {(0.0, 0.0), (1.0, 0.0), (0.5, round(HEIGHT, 6))}
    assert corners <= marks
    assert simplex(found([[1, 0], [0, 1]], process="replicator")) is None
    assert 'role="img"' in svg(figure, "triangle")


@pytest.mark.slow
@pytest.mark.parametrize("process", ["logit", "best_response"])
def test_triangles_without_rest_points(process):
    figure = simplex(found([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], process=process))
    assert not {"attracts", "saddle"} & set(texts(figure))
    assert png(figure).startswith(b"\x89PNG")


@pytest.mark.slow
def test_a_game_in_which_nothing_matters_can_be_drawn():
    flat = np.ones((3, 3))
    for process in ("replicator", "best_response", "logit"):
        given = found(flat, process=process)
        assert png(simplex(given))
        assert png(shares(given))
    assert png(invasion(found(flat)))
