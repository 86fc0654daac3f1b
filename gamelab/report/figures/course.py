"""Course of cooperation: simulated matches round by round, with intervals, beside what is expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gamelab.report.figures.canvas import BOTTOM, LEFT, SMALL, Canvas, apart, colour, horizontal_rules
from gamelab.report.numbers import counted, percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TALL, NAMES = 1.75, 0.95


def course(shown: Mapping[str, Any]) -> Figure | None:
    """Return cooperation over the rounds; None where nothing is agreed.

    Parameters
    ----------
    shown : mapping
        As ``gamelab.simulate.matches.shown.shown`` returns it.
    """
    from matplotlib.ticker import MaxNLocator

    rows = shown["course"]
    if not rows:
        return None
    canvas = Canvas(_finding(rows), TALL + BOTTOM + 0.3)
    axes = canvas.axes(BOTTOM, TALL, right=NAMES, left=LEFT - 0.06)
    many = f", {counted(shown['course_matches'], 'match', 'matches')}" if shown.get("course_matches") else ""
    canvas.named(axes, "round", f"cooperation: moves that keep the agreement{many}")
    horizontal_rules(axes)
    rounds = [row["round"] for row in rows]
    shade = colour("blue")
    low, high = ([_number(row[end]) for row in rows] for end in ("from", "to"))
    axes.fill_between(rounds, low, high, color=shade, alpha=0.25, linewidth=0, zorder=2)
    mean, exact = ([_number(row[name]) for row in rows] for name in ("mean", "exact"))
    axes.plot(rounds, exact, color=colour("ink"), linewidth=1.0, linestyle=(0, (4, 2)), zorder=3)
    axes.plot(rounds, mean, color=shade, linewidth=0, marker="o", markersize=3, clip_on=False, zorder=4)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    axes.set_xlim(1, max(len(rows), 2))
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True, steps=[1, 2, 5, 10]))
    ends = [mean[-1], exact[-1]]
    names = [("simulated", shade), ("expected", colour("ink"))]
    for (name, ink), spot in zip(names, apart(ends, 0.155 / TALL, 0, 1)):
        axes.annotate(name, (1.04, spot), xycoords=("axes fraction", "data"), va="center", fontsize=SMALL,
                      color=ink, annotation_clip=False)  # fmt: skip
    return canvas.figure


def _finding(rows: list[Mapping[str, Any]]) -> str:
    first, last = rows[0]["mean"], rows[-1]["mean"]
    span = f"in round 1 and {percent(last)} in round {len(rows)}"
    if abs(last - first) < 0.005:
        return f"Played by chance, about {percent(first)} of moves keep the agreement in every round"
    return f"Played by chance, {percent(first)} of moves keep the agreement {span}"


def _number(value: float | None) -> float:
    return float("nan") if value is None else value
