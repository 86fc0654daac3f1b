"""Simplex: three strategies as a triangle, with the direction of change, some paths and the rest points."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from gamelab.report.evolution_findings import leading
from gamelab.report.figures.canvas import SMALL, TEXT, WIDTH, Canvas, clipped, colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TALL, FOOT = 2.95, 0.55
HEIGHT = math.sqrt(3) / 2
ARROW = 0.042
WORDS = {
    "stable": "attracts",
    "unstable": "repels",
    "saddle": "saddle",
    "centre": "centre",
    "neutral": "neutral",
}
"""What the legend calls each kind of rest point."""


def simplex(entry: Mapping[str, Any]) -> Figure | None:
    """Return the triangle of three strategies; None for other numbers of them."""
    drawn = entry["curves"].get("simplex")
    if not drawn:
        return None
    foot = FOOT if drawn["rest_points"] else 0.1
    canvas = Canvas(leading(entry), TALL + foot)
    axes = canvas.axes(foot, TALL, left=0.1, right=0.1)
    axes.set_axis_off()
    wide = (WIDTH - 0.2) / TALL * 1.16
    axes.set_xlim(0.5 - wide / 2, 0.5 + wide / 2)
    axes.set_ylim(-0.15, 1.01)
    axes.set_aspect("equal")
    corners = [_place(corner) for corner in ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 0))]
    axes.plot(*zip(*corners), color=colour("muted"), linewidth=1.0, zorder=1)
    names = [clipped(name, 20) for name in entry["strategies"]]
    style: dict[str, Any] = {"fontsize": TEXT, "color": colour("ink"), "zorder": 6}
    axes.text(*_moved(corners[0], -0.05, -0.06), names[0], ha="center", va="top", **style)
    axes.text(*_moved(corners[1], 0.05, -0.06), names[1], ha="center", va="top", **style)
    axes.text(*_moved(corners[2], 0, 0.045), names[2], ha="center", va="bottom", **style)
    _field(axes, drawn["points"], drawn["velocities"])
    for path in drawn["paths"]:
        _path(axes, [_place(shares) for shares in path])
    kinds = _rest(axes, drawn["rest_points"] or [])
    if kinds:
        _legend(canvas, kinds)
    return canvas.figure


def _place(shares: Sequence[float]) -> tuple[float, float]:
    """Return where shares lie: the first corner is left, the second right, the third on top."""
    return shares[1] + shares[2] / 2, shares[2] * HEIGHT


def _moved(place: tuple[float, float], right: float, up: float) -> tuple[float, float]:
    return place[0] + right, place[1] + up


def _field(axes: Axes, points: Sequence[Any], velocities: Sequence[Any]) -> None:
    """Draw arrows of one length, the darker the faster."""
    speeds = [math.hypot(*_place(speed)) for speed in velocities]
    fastest = max(speeds) or 1.0
    for point, velocity, speed in zip(points, velocities, speeds):
        if speed <= 1e-9 * fastest:
            continue
        x, y = _place(point)
        u, v = (part / speed * ARROW / 2 for part in _place(velocity))
        axes.annotate("", (x + u, y + v), (x - u, y - v), zorder=2, arrowprops={
            "arrowstyle": "-|>,head_width=0.1,head_length=0.2", "linewidth": 0.7, "shrinkA": 0, "shrinkB": 0,
            "color": colour("muted"), "alpha": 0.25 + 0.65 * math.sqrt(speed / fastest)})  # fmt: skip


def _path(axes: Axes, places: list[tuple[float, float]]) -> None:
    """Draw a path with an arrow head where it has gone some way."""
    axes.plot(*zip(*places), color=colour("blue"), linewidth=1.2, alpha=0.9, zorder=3, clip_on=False)
    steps = [math.dist(a, b) for a, b in pairwise(places)]
    total, gone = sum(steps), 0.0
    for step, (a, b) in zip(steps, pairwise(places)):
        gone += step
        if gone >= min(0.45 * total, 0.25) and step > 0 and total > 0.03:
            tip = (a[0] + 0.02 * (b[0] - a[0]) / step, a[1] + 0.02 * (b[1] - a[1]) / step)
            axes.annotate("", tip, a, zorder=3, arrowprops={
                "arrowstyle": "-|>,head_width=0.18,head_length=0.36", "color": colour("blue"),
                "linewidth": 1.0, "shrinkA": 0, "shrinkB": 0})  # fmt: skip
            return


def _marker(kind: str) -> dict[str, Any]:
    look: dict[str, Any] = {
        "linestyle": "none",
        "marker": "o",
        "markersize": 8.0,
        "color": colour("ink"),
        "markeredgecolor": colour("ink"),
        "markeredgewidth": 1.3,
        "clip_on": False,
        "zorder": 5,
    }
    if kind == "unstable":
        return look | {"color": colour("paper")}
    if kind == "saddle":
        return look | {"fillstyle": "left", "markerfacecoloralt": colour("paper")}
    if kind == "centre":
        return look | {"marker": "D", "markersize": 6.5, "color": colour("paper")}
    if kind == "neutral":
        return look | {"marker": "s", "markersize": 6.0, "color": colour("baseline")}
    return look


def _rest(axes: Axes, points: Sequence[Mapping[str, Any]]) -> list[str]:
    """Draw rest points, and lines and faces of them; return the kinds that there are."""
    for point in points:
        ends = [_place(end) for end in point["ends"]]
        if len(ends) == 3:
            axes.fill(*zip(*ends), color=colour("orange"), alpha=0.25, zorder=1, linewidth=0)
        elif ends:
            axes.plot(*zip(*ends), color=colour("orange"), linewidth=3.5, solid_capstyle="butt", zorder=4)
    single = [point for point in points if not point["ends"]]
    for point in single:
        axes.plot(*([c] for c in _place(point["shares"])), **_marker(point["kind"]))
    kinds = [kind for kind in WORDS if any(point["kind"] == kind for point in single)]
    return kinds + ["line"] * any(point["ends"] for point in points)


def _legend(canvas: Canvas, kinds: list[str]) -> None:
    """Say below the triangle what the marks are, all in one row."""
    axes = canvas.axes(0.02, 0.28, left=0.1, right=0.1)
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH - 0.2)
    axes.set_ylim(-1, 1)
    x = 0.1
    for kind in kinds:
        if kind == "line":
            axes.plot(
                [x - 0.07, x + 0.1], [0, 0], color=colour("orange"), linewidth=3.5, solid_capstyle="butt"
            )
        else:
            axes.plot([x], [0], **_marker(kind))
        words = "all rest here" if kind == "line" else WORDS[kind]
        axes.text(x + 0.14, 0, words, fontsize=SMALL, va="center", color=colour("ink"))
        x += 0.3 + 0.063 * len(words)
