"""Shares: how many play each strategy, over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gamelab.report.evolution_findings import over_time
from gamelab.report.figures.canvas import (
    BOTTOM,
    DASHES,
    LEFT,
    SERIES,
    SMALL,
    Canvas,
    apart,
    clipped,
    colour,
    horizontal_rules,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TALL = 2.0
NAMES = 1.25
MOST_LINES = 6


def shares(entry: Mapping[str, Any]) -> Figure | None:
    """Return the shares of strategies over time; None where no path was followed."""
    path = entry["curves"].get("paths")
    if not path:
        return None
    canvas = Canvas(over_time(entry), TALL + 0.4 + BOTTOM)
    axes = canvas.axes(BOTTOM, TALL, right=NAMES, left=LEFT - 0.06)
    averaged = ", mean of all populations" if entry["method"] == "by chance" else ""
    units = {"time": "time", "generation": "generation"}
    canvas.named(axes, units[path["unit"]], f"share of those who play it{averaged}")
    horizontal_rules(axes)
    columns = list(zip(*path["shares"]))
    highest = {k: (max(column), column[-1]) for k, column in enumerate(columns)}
    shown = sorted(sorted(highest, key=lambda k: highest[k], reverse=True)[:MOST_LINES])
    for k, column in enumerate(columns):
        if k not in shown:
            axes.plot(path["times"], column, color=colour("baseline"), linewidth=0.9, zorder=2)
    for n, k in enumerate(shown):
        axes.plot(path["times"], columns[k], color=colour(SERIES[n]), linewidth=1.9, clip_on=False, zorder=3,
                  linestyle=DASHES[_overlap(columns, shown, n) % len(DASHES)])  # fmt: skip
    axes.set_xlim(path["times"][0], path["times"][-1])
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    axes.locator_params(axis="x", nbins=5)
    _name(axes, [(entry["strategies"][k], colour(SERIES[n]), columns[k][-1]) for n, k in enumerate(shown)])
    others = len(columns) - len(shown)
    if others:
        canvas.text(LEFT, BOTTOM + TALL - 0.08, f"grey: {others} more", fontsize=SMALL, color=colour("muted"))
    return canvas.figure


def _overlap(columns: list[Any], shown: list[int], n: int) -> int:
    """Return with how many lines before it a line coincides: those get other dashes."""
    mine = columns[shown[n]]
    return sum(max(abs(x - y) for x, y in zip(mine, columns[k])) < 0.01 for k in shown[:n])


def _name(axes: Axes, lines: list[tuple[str, str, float]]) -> None:
    """Write names at the ends of the lines, apart from each other."""
    spots = apart([end for _, _, end in lines], 0.155 / TALL, 0.0, 1.0)
    for (name, shade, end), spot in zip(lines, spots):
        axes.annotate("", (1, end), (1.05, spot), xycoords=("axes fraction", "data"), annotation_clip=False,
                      textcoords=("axes fraction", "data"),
                      arrowprops={"arrowstyle": "-", "color": shade, "linewidth": 0.9, "shrinkA": 0,
                                  "shrinkB": 2})  # fmt: skip
        axes.annotate(clipped(name, 18), (1.06, spot), xycoords=("axes fraction", "data"), va="center",
                      fontsize=SMALL, color=colour("ink"), annotation_clip=False)  # fmt: skip
