"""Payoffs by ledger line: simulated means with their 95 % intervals, beside the exact values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gamelab.report.figures.canvas import FONT, SMALL, TEXT, Canvas, clipped, colour
from gamelab.report.findings import line_name
from gamelab.report.numbers import mean_and_margin, percent, tick

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW, HEAD, TICKS, FOOT = 0.24, 0.28, 0.34, 0.42
LABELS, NUMBERS = 1.05, 1.6


def ledger(shown: Mapping[str, Any]) -> Figure | None:
    """Return a panel for each ledger line, with a row for each account; None where nothing is paid.

    Parameters
    ----------
    shown : mapping
        As ``gamelab.simulate.matches.shown.shown`` returns it.
    """
    by_line: dict[str, list[Mapping[str, Any]]] = {}
    for line, accounts in shown["ledger"].items():
        for account, row in accounts.items():
            if row["from"] is not None and (row["mean"] or row["exact"]):
                by_line.setdefault(line, []).append({**row, "account": account})
    if not by_line:
        return None
    heights = [HEAD + ROW * len(rows) + TICKS for rows in by_line.values()]
    canvas = Canvas(_finding([row for rows in by_line.values() for row in rows]), sum(heights) + FOOT)
    bottom = FOOT + sum(heights)
    for (line, rows), height in zip(by_line.items(), heights):
        bottom -= height
        axes = canvas.axes(bottom + TICKS, ROW * len(rows), left=LABELS, right=NUMBERS)
        canvas.text(0.1, bottom + height - HEAD / 2 - 0.02, clipped(line_name(line), 40), fontweight="bold")
        _panel(axes, rows)
    words = "payoff per round: mean and 95 % interval; bar: exact value"
    canvas.text(0.1, 0.16, words, fontsize=SMALL, color=colour("muted"))
    return canvas.figure


def _panel(axes: Axes, rows: list[Mapping[str, Any]]) -> None:
    """Draw the rows of one line, on a scale of their own."""
    from matplotlib.ticker import MaxNLocator

    shade = colour("blue")
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [clipped(row["account"], 14) for row in rows])
    axes.tick_params(axis="y", labelcolor=colour("ink"), labelsize=TEXT)
    for k, row in enumerate(rows):
        axes.plot([row["exact"]] * 2, [k - 0.36, k + 0.36], color=colour("ink"), linewidth=1.4, zorder=2)
        axes.plot(
            [row["from"], row["to"]], [k, k], color=shade, linewidth=2.2, zorder=3, solid_capstyle="butt"
        )
        axes.plot([row["mean"]], [k], color=shade, marker="o", markersize=4.5, zorder=4)
        words = mean_and_margin(row["mean"], (row["to"] - row["from"]) / 2)
        axes.annotate(words, (1.05, k), xycoords=("axes fraction", "data"), va="center", fontsize=SMALL,
                      color=colour("ink"), fontfamily=FONT, annotation_clip=False)  # fmt: skip
    ends = [row[name] for row in rows for name in ("from", "to", "exact")]
    low, high = min(ends), max(ends)
    span = (high - low) or abs(high) or 1.0
    axes.set_xlim(low - 0.12 * span, high + 0.12 * span)
    axes.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(lambda value, _: tick(value))


def _finding(rows: list[Mapping[str, Any]]) -> str:
    inside = [row for row in rows if _inside(row)]
    if len(inside) == len(rows):
        return f"All exact payoffs lie within the {percent(0.95)} intervals of the simulated ones"
    many = f"{len(inside)} of {len(rows)}"
    return f"{many} exact payoffs lie within the {percent(0.95)} intervals of the simulated ones"


def _inside(row: Mapping[str, Any]) -> bool:
    rounding = 1e-9 * (1 + abs(float(row["exact"])))
    return bool(row["from"] - rounding <= row["exact"] <= row["to"] + rounding)
