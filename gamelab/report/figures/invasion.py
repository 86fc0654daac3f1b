"""Invasion graph: who takes over from whom more often than by drift, and how long each strategy lasts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gamelab.report.evolution_findings import SAME, lasting, times_neutral
from gamelab.report.figures.canvas import SMALL, WIDTH, Canvas, clipped, colour, labelled
from gamelab.report.numbers import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDE = 3.3
FOOT, HEAD = 0.92, 0.22
"""Inches for the key below, and for the name of the uppermost strategy."""
MOST_NODES, MOST_NUMBERS = 8, 9
LEAST, MOST = 0.05, 0.24
"""Radius of the circle of a strategy that never is played, and of one that always is."""


def invasion(entry: Mapping[str, Any]) -> Figure | None:
    """Return the graph of a finite population; None for one strategy alone.

    Arrows go from residents to mutants who take over more often than a neutral one would, with how many times
    as often; dashed lines join strategies between which there is only drift.
    """
    names = entry["strategies"]
    if len(names) < 2:
        return None
    order = sorted(range(len(names)), key=lambda i: (-entry["shares"][i], i))
    drawn = sorted(order[:MOST_NODES])
    tall = SIDE if len(drawn) > 2 else SIDE / 3
    canvas = Canvas(lasting(entry), tall + FOOT + HEAD)
    axes = canvas.axes(FOOT, tall, left=0.1, right=0.1)
    axes.set_axis_off()
    half = (WIDTH - 0.2) / SIDE * 1.42
    axes.set_xlim(-half, half)
    axes.set_ylim(-1.42 * tall / SIDE, 1.42 * tall / SIDE)
    axes.set_aspect("equal")
    places = _places(len(drawn))
    radii = [_radius(entry["shares"][i]) for i in drawn]
    numbered = sum(entry["relative_fixation"][i][j] > 1 + SAME for i in drawn for j in drawn) <= MOST_NUMBERS
    for a, i in enumerate(drawn):
        for b, j in enumerate(drawn):
            if a != b:
                forth, back = entry["relative_fixation"][i][j], entry["relative_fixation"][j][i]
                _link(axes, (places[a], radii[a]), (places[b], radii[b]), forth, back, numbered)
    for (x, y), radius, i in zip(places, radii, drawn):
        _node(axes, x, y, radius, names[i], entry["shares"][i])
    _key(canvas, entry, len(names) - len(drawn), numbered)
    return canvas.figure


def _places(many: int) -> list[tuple[float, float]]:
    if many == 2:
        return [(-0.8, 0.0), (0.8, 0.0)]
    turn = [math.pi / 2 - 2 * math.pi * k / many for k in range(many)]
    return [(math.cos(angle), math.sin(angle)) for angle in turn]


def _radius(share: float) -> float:
    """Return a radius so that the area grows in proportion to the share."""
    return math.sqrt(LEAST**2 + share * (MOST**2 - LEAST**2))


def _link(axes: Axes, start: Any, end: Any, forth: float, back: float, numbered: bool) -> None:
    """Draw what leads from one strategy to another, if anything does."""
    ((x, y), near), ((u, v), far) = start, end
    length = math.hypot(u - x, v - y)
    east, north = (u - x) / length, (v - y) / length
    if abs(forth - 1) <= SAME and abs(back - 1) <= SAME:
        if (x, y) < (u, v):  # once for both directions
            axes.plot(
                [x, u], [y, v], color=colour("baseline"), linewidth=0.9, linestyle=(0, (2, 2)), zorder=1
            )
        return
    if forth <= 1 + SAME:
        return
    bend = 0.12 if back > 1 + SAME else 0.0  # both directions at once: two arcs
    tail = (x + east * (near + 0.03), y + north * (near + 0.03))
    head = (u - east * (far + 0.03), v - north * (far + 0.03))
    strength = min(1.0, 0.35 + 0.2 * math.log10(max(forth, 1.0)) + 0.15)
    axes.annotate(
        "", head, tail, zorder=2,
        arrowprops={"arrowstyle": "-|>,head_width=0.22,head_length=0.45", "linewidth": 0.8 + 1.1 * strength,
                    "color": colour("ink"), "alpha": strength, "shrinkA": 0, "shrinkB": 0,
                    "connectionstyle": f"arc3,rad={bend}"},
    )  # fmt: skip
    if numbered:
        along = 0.5 if bend else 0.42
        middle = tail[0] + along * (head[0] - tail[0]), tail[1] + along * (head[1] - tail[1])
        side = bend / 2 * math.hypot(head[0] - tail[0], head[1] - tail[1])
        words = times_neutral(forth).replace("x ", "×")
        labelled(axes, middle[0] + north * side, middle[1] - east * side, words, ha="center", va="center",
                 rim=True, zorder=4)  # fmt: skip


def _node(axes: Axes, x: float, y: float, radius: float, name: str, share: float) -> None:
    from matplotlib.patches import Circle

    axes.add_patch(Circle((x, y), radius, facecolor=colour("blue"), edgecolor=colour("paper"), zorder=3))
    sideways = abs(x) > 0.35
    words = f"{clipped(name, 17)}\n{percent(share)}"
    if sideways and abs(y) < 0.3:
        side = 1 if x > 0 else -1
        words = f"{clipped(name, 13)}\n{percent(share)}"
        labelled(axes, x + side * (radius + 0.05), y, words, ha="left" if x > 0 else "right", va="center",
                 zorder=5, linespacing=1.1)  # fmt: skip
        return
    up = 1 if y >= 0 else -1
    labelled(axes, x, y + up * (radius + 0.05), words, ha="center", va="bottom" if up > 0 else "top",
             zorder=5, rim=True, linespacing=1.1)  # fmt: skip


def _key(canvas: Canvas, entry: Mapping[str, Any], omitted: int, numbered: bool) -> None:
    """Say below the graph what it shows."""
    shares = "time in which all play it" if entry["method"] == "rare mutation" else "its average share"
    lines = [
        f"Circle: {shares}. Arrow: one mutant of the",
        f"strategy at its head takes over more often than 1 in {entry['population']:,}",
        "(×: how many times as often). Dashed: there is only drift."
        if numbered
        else "(the darker the more often). Dashed: there is only drift.",
    ]
    if omitted:
        lines.append(f"{omitted} more, with smaller shares, are not drawn.")
    for k, line in enumerate(lines):
        canvas.text(0.1, FOOT - 0.14 - 0.17 * k, line, fontsize=SMALL, color=colour("muted"))
