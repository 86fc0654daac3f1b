"""Quantal response: chances of choices against precision along the branch followed, turns included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.report.figures.canvas import (
    BOTTOM,
    LEFT,
    SERIES,
    SMALL,
    WIDTH,
    Canvas,
    apart,
    clipped,
    colour,
    horizontal_rules,
)
from gamelab.report.findings import listed
from gamelab.report.numbers import factor, percent, tick

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from gamelab.simulate.learning.quantal_response import QuantalResponse

TALL, NAMES = 1.7, 1.12
DECADES = 4
"""Least width of the axis."""
MARKED, ALIKE = 3, 1e-9


def correspondence(result: QuantalResponse) -> Figure | None:
    """Return the chance of every choice along the branch; None where it was not followed at all.

    The picture reaches as far as the precisions that were asked for; the more of them, the smoother it is.
    """
    precision, mixtures = result.branch["precision"], result.branch["mixtures"]
    finite = result.precision[np.isfinite(result.precision) & (result.precision > 0)]
    right = float(finite.max()) if finite.size else float(precision[-1])
    if not (precision > 0).any() or right <= 0:
        return None
    left = max(float(finite.min()) if finite.size > 1 else 0.0, right / 10**DECADES)
    players = [i for i, labels in enumerate(result.actions) if len(labels) > 1]
    together = all(len(result.actions[i]) == 2 for i in players)
    panels: list[tuple[str, list[tuple[str, Any]]]] = []
    if together:
        lines = [(f"{result.players[i]}: {result.actions[i][0]}", mixtures[:, i, 0]) for i in players]
        same = len(lines) > 1 and all(np.abs(heights - lines[0][1]).max() < ALIKE for _, heights in lines)
        if same and len({result.actions[i][0] for i in players}) == 1:
            lines = [(f"{result.actions[players[0]][0]}, everybody", lines[0][1])]
        panels.append(("chance of the first action", lines))
    else:
        for i in players:
            own = [(label, mixtures[:, i, a]) for a, label in enumerate(result.actions[i])]
            panels.append((f"{result.players[i]}: chance of each choice", own))
    canvas = Canvas(_finding(result), len(panels) * (TALL + 0.55) + BOTTOM - 0.16)
    bottom = BOTTOM
    for k, (label, own) in reversed(list(enumerate(panels))):
        axes = canvas.axes(bottom, TALL, right=NAMES, left=LEFT - 0.06)
        canvas.named(axes, "precision (1 / payoff)" if bottom == BOTTOM else "", label)
        _draw(axes, precision, own, left, right)
        top = bottom + TALL + 0.14 if k == 0 else 0.0
        _marks(axes, canvas, result, left, right, top)
        bottom += TALL + 0.55
    return canvas.figure


def _draw(axes: Axes, precision: Any, lines: list[tuple[str, Any]], left: float, right: float) -> None:
    from matplotlib.ticker import LogLocator, NullLocator

    horizontal_rules(axes)
    axes.set_xscale("log")
    axes.set_xlim(left, right)
    axes.xaxis.set_major_locator(LogLocator(numticks=6))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda value, _: tick(value))
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    inside = precision > 0
    ends = []
    for k, (_, heights) in enumerate(lines):
        shade = colour(SERIES[k % len(SERIES)])
        axes.plot(precision[inside], heights[inside], color=shade, linewidth=1.9, zorder=3 - 0.1 * k)
        last = int(np.flatnonzero(precision <= right * (1 + 1e-9))[-1])
        ends.append(float(heights[last]))
    spots = apart(ends, 0.15 / TALL, 0.0, 1.0)
    for k, ((name, _), end, spot) in enumerate(zip(lines, ends, spots)):
        shade = colour(SERIES[k % len(SERIES)])
        axes.annotate("", (1, end), (1.055, spot), xycoords=("axes fraction", "data"), annotation_clip=False,
                      textcoords=("axes fraction", "data"),
                      arrowprops={"arrowstyle": "-", "color": shade, "linewidth": 0.9,
                                  "shrinkA": 0, "shrinkB": 2})  # fmt: skip
        axes.annotate(clipped(name, 17), (1.065, spot), xycoords=("axes fraction", "data"), va="center",
                      fontsize=SMALL, color=colour("ink"), annotation_clip=False)  # fmt: skip


def _marks(
    axes: Axes, canvas: Canvas, result: QuantalResponse, left: float, right: float, height: float
) -> None:
    """Mark where the branch turns back and where others cross it, and say so above the axes at a height."""
    said = []
    for word, places in [("turns back at", result.turns), ("is crossed at", result.crossings)]:
        inside = [at for at in places if left < at < right]
        for at in inside:
            axes.axvline(at, color=colour("muted"), linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)
        if inside:
            more = ", ..." if len(inside) > MARKED else ""
            said.append(f"{word} {', '.join(factor(at) for at in inside[:MARKED])}{more}")
    if said and height:
        canvas.text(WIDTH - 0.1, height, "; ".join(said), ha="right", fontsize=SMALL, color=colour("muted"))


def _finding(result: QuantalResponse) -> str:
    """Return the title: which choices the branch comes to."""
    flat = result.mixtures.reshape(-1, *result.mixtures.shape[-2:])
    precisions = np.where(np.isnan(flat[:, 0, 0]), -1.0, result.precision.reshape(-1))
    last = int(precisions.argmax())
    if precisions[last] < 0:
        return "The branch could not be followed this far"
    parts = []
    for player, labels, chances in zip(result.players, result.actions, flat[last]):
        best = int(chances.argmax())
        sure = "" if chances[best] > 0.999 else f" in {percent(round(float(chances[best]), 2))} of cases"
        parts.append(f"{player} chooses {labels[best]}{sure}")
    where = "In the limit" if np.isinf(precisions[last]) else f"At precision {precisions[last]:g}"
    return f"{where} {listed(parts)}"
