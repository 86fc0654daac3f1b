"""The map of the packaged dilemma: best arrangement over patience and accuracy, boundaries included."""

from __future__ import annotations

from typing import Any

import numpy as np

import gamelab as gl
from gamelab.experiment.grid.maps import map_of
from gamelab.expressions import parse
from gamelab.scenario import Axis, Map, Scenario

COLUMNS, ROWS = 97, 101


def packaged() -> tuple[Scenario, Map]:
    """Return the packaged scenario, and a map of it."""
    x = Axis("time.discount_factor", "discount factor", parse("0.02"), parse("0.98"), COLUMNS)
    y = Axis("parameters.accuracy", "accuracy", parse("0.5"), parse("1"), ROWS)
    return gl.load("box1/prisoners_dilemma"), Map("Who works where", x, y, "best_arrangement")


def drawn() -> dict[str, Any]:
    """Return the map as results hold it."""
    return map_of(*packaged())


def by_single_runs(cells: int) -> list[tuple[int, int, str]]:
    """Return the best arrangement in some cells, chosen by chance, each from a run of its own."""
    scenario, _ = packaged()
    draw = np.random.default_rng(1)
    rows, columns = draw.integers(ROWS, size=cells), draw.integers(COLUMNS, size=cells)
    found = []
    for i, j in zip(rows.tolist(), columns.tolist()):
        settings = {"time.discount_factor": 0.02 + 0.01 * j, "parameters.accuracy": 0.5 + 0.005 * i}
        found.append((i, j, gl.run(scenario, settings).best_arrangement))
    return found
