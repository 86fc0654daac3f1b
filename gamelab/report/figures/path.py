"""Path of play: expected conduct and public record, round by round, under every arrangement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gamelab.report.figures.canvas import (
    BOTTOM,
    DASHES,
    LEFT,
    SMALL,
    Canvas,
    apart,
    clipped,
    colour,
    colours_of,
    horizontal_rules,
)
from gamelab.report.findings import level, play

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TALL, LOW = 1.6, 1.1
NAMES = 1.08
ROUND = "round (the first is 0)"

Lines = Sequence[tuple[str, str, Any, Sequence[float], Sequence[float | None]]]
"""Name, colour, dash, rounds and heights of each line of a panel."""


def path(drawn: Mapping[str, Mapping[str, Any]]) -> Figure | None:
    """Return cooperation, and where there is one the public record, over the rounds; None if nothing moves.

    Where no arrangement has an agreement the players' payoffs are drawn in place of cooperation.
    """
    shades = colours_of(drawn)
    paths = {
        name: entry["path"] for name, entry in drawn.items() if entry["path"] and entry["path"]["rounds"]
    }
    kept = {name: entry for name, entry in paths.items() if None not in entry["cooperation"]}
    recorded = {
        name: entry for name, entry in paths.items() if any(map(any, (entry["levels"] or {}).values()))
    }
    if max((entry["rounds"][-1] for entry in paths.values()), default=0) == 0:
        return None  # one round is no path
    title = play(kept) if kept else "Without an agreement there is none to keep: expected payoffs"
    panels: list[tuple[str, float, Lines]] = []
    if kept:
        kept_lines: Lines = [
            (name, shades[name], "-", entry["rounds"], entry["cooperation"]) for name, entry in kept.items()
        ]
        panels.append(("cooperation: expected share of moves that keep it", TALL, kept_lines))
    else:
        panels.append(("expected payoff per round", TALL, _by_player(paths, shades, "payoffs")))
    if recorded:
        panels.append(("public record: expected level", LOW, _by_player(recorded, shades, "levels")))
    if all(level(heights for *_, heights in lines) for _, _, lines in panels):
        return None
    canvas = Canvas(title, sum(height + 0.55 for _, height, _ in panels) + BOTTOM - 0.16)
    bottom = BOTTOM
    for k, (label, height, lines) in reversed(list(enumerate(panels))):
        axes = canvas.axes(bottom, height, right=NAMES, left=LEFT - 0.06)
        canvas.named(axes, ROUND if bottom == BOTTOM else "", label)
        _draw(axes, canvas, lines, share=bool(kept) and k == 0, height=height)
        bottom += height + 0.55
    return canvas.figure


def _by_player(paths: Mapping[str, Mapping[str, Any]], shades: Mapping[str, str], quantity: str) -> Lines:
    """Return a line for each arrangement and player; one for all players where they do not differ."""
    lines: list[tuple[str, str, Any, Sequence[float], Sequence[float | None]]] = []
    for name, entry in paths.items():
        series = list(entry[quantity].items())
        same = all(_close(series[0][1], other) for _, other in series[1:])
        for k, (player, heights) in enumerate(series[:1] if same else series):
            label = name if same else f"{name}: {player}" if len(paths) > 1 else player
            lines.append((label, shades[name], DASHES[k % len(DASHES)], entry["rounds"], heights))
    return lines


def _close(first: Sequence[float | None], second: Sequence[float | None]) -> bool:
    pairs = list(zip(first, second))
    if any((one is None) != (other is None) for one, other in pairs):
        return False
    numbers = [(one, other) for one, other in pairs if one is not None and other is not None]
    scale = max((abs(one) for one, _ in numbers), default=0.0)
    return all(abs(one - other) <= 1e-9 * scale for one, other in numbers)


def _draw(axes: Axes, canvas: Canvas, lines: Lines, *, share: bool, height: float) -> None:
    from matplotlib.ticker import MaxNLocator

    horizontal_rules(axes)
    last = max(rounds[-1] for _, _, _, rounds, _ in lines)
    ends = []
    for _, shade, dash, rounds, heights in lines:
        y = [float("nan") if at is None else at for at in heights]
        marker: dict[str, Any] = {"marker": "o", "markersize": 3} if last <= 12 else {}
        axes.plot(rounds, y, color=shade, linestyle=dash, linewidth=1.9, clip_on=False, zorder=3, **marker)
        known = [at for at in y if at == at]
        ends.append(known[-1] if known else 0.0)
    axes.set_xlim(0, last)
    if share:
        axes.set_ylim(0, 1)
        axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    else:
        known = [at for _, _, _, _, heights in lines for at in heights if at is not None] or [0.0]
        low, high = min(known), max(known)
        span = (max(high, 0) - min(low, 0)) or 1.0
        axes.set_ylim(0 if low >= 0 else low - 0.05 * span, high + 0.08 * span)
        axes.locator_params(axis="y", nbins=4)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True, steps=[1, 2, 5, 10]))
    low, high = axes.get_ylim()
    gap = 0.155 / height * (high - low)
    spots = apart(ends, gap, low, high)
    for (name, shade, dash, _, _), end, spot in zip(lines, ends, spots):
        axes.annotate("", (1, end), (1.055, spot), xycoords=("axes fraction", "data"), annotation_clip=False,
                      textcoords=("axes fraction", "data"),
                      arrowprops={"arrowstyle": "-", "color": shade, "linewidth": 0.9, "linestyle": dash,
                                  "shrinkA": 0, "shrinkB": 2})  # fmt: skip
        axes.annotate(clipped(name, 15), (1.065, spot), xycoords=("axes fraction", "data"), va="center",
                      fontsize=SMALL, color=colour("ink"), annotation_clip=False)  # fmt: skip
