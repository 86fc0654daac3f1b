"""Slack: how far each profile is from failing at every discount factor, thresholds marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gamelab.report.figures.canvas import (
    BOTTOM,
    DASHES,
    SERIES,
    SMALL,
    WIDTH,
    Canvas,
    apart,
    clipped,
    colour,
    horizontal_rules,
    labelled,
)
from gamelab.report.findings import sustained
from gamelab.report.numbers import factor
from gamelab.report.words import conduct

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TALL = 1.85
LABEL = 0.125
"""How much of the axis the number of a threshold takes."""


def slack(lines: Sequence[Mapping[str, Any]], shade: str = "", name: str = "") -> Figure | None:
    """Return the slack of every candidate of one arrangement; None where there is none to draw.

    A single one has the arrangement's own ``shade``, and its ``name`` before the title.
    """
    drawn = [line for line in lines if any(at is not None for at in line["slack"])]
    if not drawn:
        return None
    several = len(drawn) > 1
    legend = 0.17 * len(drawn) + 0.06 if several else 0.0
    title = ": ".join(filter(None, (name, sustained(drawn))))
    canvas = Canvas(title, TALL + BOTTOM + 0.36 + legend)
    axes = canvas.axes(BOTTOM, TALL)
    here = drawn[0].get("here", {})
    factor_of = "discount factor of all players" if len(here) > 1 else "discount factor"
    canvas.named(axes, factor_of, "slack: what deviating loses, payoff per round (below 0 it pays)")
    horizontal_rules(axes)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    axes.locator_params(axis="y", nbins=5)
    shades = [colour(SERIES[k % len(SERIES)]) for k in range(len(drawn))] if several or not shade else [shade]
    for k, line in enumerate(drawn):
        dash = DASHES[k % len(DASHES)]
        height = [float("nan") if at is None else at for at in line["slack"]]
        axes.plot(line["discount_factor"], height, color=shades[k], linewidth=1.8, linestyle=dash, zorder=3)
        if several:
            y = canvas.below - 0.14 - 0.17 * k
            canvas.figure.add_artist(_key(canvas, y, shades[k], dash))
            canvas.text(0.52, y, clipped(conduct(line["profile"]), 58), fontsize=SMALL)
    axes.axhline(0, color=colour("ink"), linewidth=0.9, zorder=2)
    _room(axes, drawn)
    _holding(axes, drawn, shades)
    _thresholds(axes, drawn)
    for k, (name, at) in enumerate(here.items()):
        _here(axes, name, at, 0.05 + 0.06 * k)
    return canvas.figure


def _key(canvas: Canvas, y: float, shade: str, dash: Any) -> Any:
    from matplotlib.lines import Line2D

    height = y / canvas.height
    return Line2D([0.1 / WIDTH, 0.42 / WIDTH], [height, height], color=shade, linewidth=1.8, linestyle=dash,
                  transform=canvas.figure.transFigure)  # fmt: skip


def _room(axes: Axes, lines: Sequence[Mapping[str, Any]]) -> None:
    """Leave room above the line for labels, and some below zero, so that both sides are seen."""
    heights = [at for line in lines for at in line["slack"] if at is not None]
    low, high = min(0.0, *heights, 0.0), max(0.0, *heights, 0.0)
    span = high - low or 1.0
    axes.set_ylim(min(low - 0.06 * span, -0.26 * span), max(high + 0.26 * span, 0.26 * span))


def _holding(axes: Axes, lines: Sequence[Mapping[str, Any]], shades: Sequence[str]) -> None:
    """Shade what lies between a curve and zero where its profile holds, and thicken zero there."""
    for line, shade in zip(lines, shades):
        for interval in line["thresholds"]:
            low, high = interval["from"], interval["to"]
            inside = [
                (d, at)
                for d, at in zip(line["discount_factor"], line["slack"])
                if at is not None and low <= d <= high
            ]
            if len(inside) > 1:
                d, heights = zip(*inside)
                axes.fill_between(d, 0, heights, color=shade, alpha=0.14, linewidth=0, zorder=1)
                axes.plot([low, high], [0, 0], color=shade, linewidth=3.2, solid_capstyle="butt", zorder=2.5)


def _thresholds(axes: Axes, lines: Sequence[Mapping[str, Any]]) -> None:
    """Mark the ends of every interval on the zero line, each with its number."""
    ends = sorted(
        {end for line in lines for each in line["thresholds"] for end in (each["from"], each["to"])}
        - {0.0, 1.0}
    )
    top = axes.get_ylim()[1]
    gap = min(LABEL, 0.92 / max(len(ends), 1))
    for end, spot in zip(ends, apart(ends, gap, 0.04, 0.96)):
        axes.plot([end], [0], marker="o", markersize=5.5, color=colour("ink"),
                  markeredgecolor=colour("paper"), markeredgewidth=1, zorder=5, clip_on=False)  # fmt: skip
        axes.plot(
            [end, spot], [0, 0.84 * top], color=colour("ink"), linewidth=0.7, linestyle=(0, (2, 2)), zorder=2
        )
        labelled(axes, spot, 0.84 * top, factor(end), ha="center", va="bottom", fontweight="bold", rim=True)


def _here(axes: Axes, name: str, at: float, height: float) -> None:
    """Mark the scenario's own discount factor, or that of one player, at the foot of the axes."""
    from matplotlib.transforms import blended_transform_factory

    feet = blended_transform_factory(axes.transData, axes.transAxes)
    axes.plot(
        [at], [0.0], marker="^", markersize=6, color=colour("muted"), transform=feet, clip_on=False, zorder=6
    )
    labelled(axes, at, height, f"{name} {factor(at)}", transform=feet, ha="center" if 0.12 < at < 0.88 else (
        "left" if at < 0.5 else "right"), va="bottom", color=colour("muted"), rim=True)  # fmt: skip
