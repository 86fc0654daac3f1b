"""Waterfall: what each arrangement brings, what each cost takes of it, and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gamelab.report.figures.canvas import (
    FONT,
    SMALL,
    TEXT,
    WIDTH,
    Canvas,
    clipped,
    colour,
    colours_of,
)
from gamelab.report.findings import benefits, line_name
from gamelab.report.numbers import amount
from gamelab.report.words import verdict
from gamelab.scenario.catalogue import BASELINE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW, HEAD, GAP, FOOT = 0.215, 0.27, 0.12, 0.62
LABELS = 1.66
WIDE = WIDTH - 0.1


def waterfall(result: Mapping[str, Any]) -> Figure | None:
    """Return the benefit, cost lines and net of every arrangement but the baseline; None without one."""
    drawn = {
        name: part["waterfall"] for name, part in result["curves"]["arrangements"].items() if name != BASELINE
    }
    if not drawn:
        return None
    heights = [HEAD + ROW * max(1, len(_steps(part))) + GAP for part in drawn.values()]
    canvas = Canvas(benefits(result), sum(heights) + FOOT + 0.05)
    axes = canvas.axes(FOOT, sum(heights), left=LABELS, right=0.55)
    axes.set_ylim(sum(heights), 0)
    axes.set_yticks([])
    ends = [end for part in drawn.values() for step in _steps(part) for end in step[1:3]]
    low, high = min(0.0, *ends, 0.0), max(0.0, *ends, 0.0)
    margin = 0.02 * (high - low)
    axes.set_xlim(*((low - (margin if low < 0 else 0), high + margin) if high > low else (0, 1)))
    axes.locator_params(axis="x", nbins=5)
    if not high > low:
        axes.set_xticks([0] if ends else [])
    axes.set_xlabel("payoff per round, all players together,\nbeyond what they have without institutions",
                    fontsize=TEXT, color=colour("ink"), fontfamily=FONT)  # fmt: skip
    shades = colours_of(result["curves"]["arrangements"])
    top = 0.0
    for (name, part), height in zip(drawn.items(), heights):
        said = verdict(name, result["arrangements"][name])
        y = canvas.height - (canvas.height - FOOT - sum(heights)) - top - HEAD / 2
        canvas.text(0.1, y, clipped(name, 24), fontweight="bold")
        canvas.text(WIDE, y, said, fontsize=SMALL, ha="right", color=colour("muted"))
        _group(axes, part, top + HEAD, shades[name])
        top += height
    return canvas.figure


def _steps(part: Mapping[str, Any] | None) -> list[tuple[str, float, float, float | None]]:
    """Return label, from, to and depth of colour of each bar; None for what is taken, which is grey."""
    if not part or part["gross"] is None:
        return []
    steps: list[tuple[str, float, float, float | None]] = [("gross benefit", 0.0, part["gross"], 0.45)]
    reached = part["gross"]
    for taken in part["taken"]:
        if abs(taken["amount"]) <= 1e-12 * abs(reached):
            continue
        steps.append((line_name(taken["line"]), reached, reached - taken["amount"], None))
        reached -= taken["amount"]
    return [*steps, ("net benefit", 0.0, part["net"], 1.0)]


def _group(axes: Axes, part: Mapping[str, Any] | None, top: float, shade: str) -> None:
    steps = _steps(part)
    if not steps:
        axes.annotate("no certified conduct to compare", (0, top + ROW / 2), ha="center",
                      xycoords=("axes fraction", "data"), va="center", fontsize=SMALL,
                      color=colour("muted"), fontfamily=FONT, style="italic")  # fmt: skip
        return
    axes.plot([0, 0], [top, top + ROW * len(steps)], color=colour("muted"), linewidth=0.8, zorder=3)
    for k, (label, start, end, depth) in enumerate(steps):
        y = top + ROW * (k + 0.5)
        look = {"color": colour("muted")} if depth is None else {"color": shade, "alpha": depth}
        axes.barh(y, end - start, left=start, height=0.72 * ROW, linewidth=0, **look)
        if k + 1 < len(steps):
            axes.plot([end, end], [y, y + ROW], color=colour("muted"), linewidth=0.7)
        is_end = label in ("gross benefit", "net benefit")
        shown = amount(end if is_end else start - end)
        if not is_end and start - end > 1e-12:
            shown = f"−{shown}"
        axes.annotate(shown, (max(start, end), y), xytext=(4, 0), textcoords="offset points", va="center",
                      fontsize=SMALL, color=colour("ink"), fontfamily=FONT,
                      fontweight="bold" if label == "net benefit" else "normal")  # fmt: skip
        axes.annotate(clipped(label, 27), (0, y), xycoords=("axes fraction", "data"), xytext=(-6, 0),
                      textcoords="offset points", ha="right", va="center", fontsize=SMALL,
                      color=colour("ink" if is_end else "muted"), fontfamily=FONT)  # fmt: skip
