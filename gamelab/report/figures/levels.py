"""Levels: what the best deviation gains at each level of the public record, player by player."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gamelab.report.figures.canvas import (
    BOTTOM,
    LEFT,
    RIGHT,
    TEXT,
    WIDTH,
    Canvas,
    clipped,
    colour,
    horizontal_rules,
    labelled,
)
from gamelab.report.findings import deterrence
from gamelab.report.numbers import amount

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TALL = 1.75
SAME = 1e-9


def levels(record: Mapping[str, Any], shade: str = "") -> Figure:
    """Return one panel for each group of players with the same incentives: gains by own level."""
    panels = _panels(record["entries"])
    rows = [panels[k : k + 2] for k in range(0, len(panels), 2)]
    heading = 0.2 if len(panels) > 1 else 0.0
    every = [gain for _, gains in panels for _, gain, _ in gains]
    ends = min(0.0, *every, 0.0), max(0.0, *every, 0.0)
    deep = TALL + heading + 0.6
    canvas = Canvas(deterrence(record), deep * len(rows) + 0.3 - heading / 2)
    for r, row in enumerate(rows):
        wide = (WIDTH - LEFT - RIGHT - 0.55 * (len(row) - 1)) / len(row)
        for k, (players, gains) in enumerate(row):
            left = LEFT + k * (wide + 0.55)
            bottom = BOTTOM + deep * (len(rows) - 1 - r)
            axes = canvas.axes(bottom, TALL, left=left, right=WIDTH - left - wide)
            _panel(axes, gains, shade or colour("blue"), ends)
            if r == k == 0:
                label = "most that deviating gains, payoff per round (above 0 it pays)"
                canvas.named(axes, "", label, lift=heading)
            own = "own level on the public record" if len(row) == 1 else "own level"
            axes.set_xlabel(own, fontsize=TEXT, color=colour("ink"), labelpad=4)
            if heading:
                who = clipped(", ".join(players), 26)
                axes.set_title(who, fontsize=TEXT, color=colour("ink"), loc="left", pad=4)
    return canvas.figure


def _panels(entries: list[Mapping[str, Any]]) -> list[tuple[list[str], list[tuple[int, float, bool]]]]:
    """Return players with the same gains together, each group with its (own level, gain, whether it pays)."""
    scale = max((abs(entry["gain"]) for entry in entries), default=0) or 1.0
    by_player: dict[str, list[tuple[int, float, bool]]] = {}
    for entry in entries:
        rows = by_player.setdefault(entry["player"], [])
        rows.append((entry["levels"][0], entry["gain"], entry["pays"]))
    groups: list[tuple[list[str], list[tuple[int, float, bool]]]] = []
    for player, gains in by_player.items():
        gains.sort()
        for players, others in groups:
            if len(gains) == len(others) and all(
                mine[0] == theirs[0] and abs(mine[1] - theirs[1]) <= SAME * scale
                for mine, theirs in zip(gains, others)
            ):
                players.append(player)
                break
        else:
            groups.append(([player], gains))
    return groups


def _panel(axes: Axes, gains: list[tuple[int, float, bool]], shade: str, ends: tuple[float, float]) -> None:
    """Draw the gains of one group; ``ends`` are the lowest and highest of all, 0 among them."""
    horizontal_rules(axes)
    axes.locator_params(axis="y", nbins=5)
    owns = sorted({own for own, _, _ in gains})
    low, high = ends
    span = high - low or 1.0
    axes.set_ylim(low - 0.22 * span, high + 0.24 * span)
    axes.set_xlim(min(owns) - 0.5, max(owns) + 0.5)
    axes.set_xticks(owns if len(owns) <= 12 else owns[:: len(owns) // 6])
    axes.axhline(0, color=colour("ink"), linewidth=0.9, zorder=2)
    for own in owns:
        here = [(gain, pays) for level, gain, pays in gains if level == own]
        most = max(gain for gain, _ in here)
        least = min(gain for gain, _ in here)
        axes.plot([own, own], [0, least if most <= 0 else most], color=shade, linewidth=1.1, zorder=2)
        if most - least > SAME * span:
            axes.plot([own, own], [least, most], color=shade, linewidth=5, alpha=0.35, zorder=2)
        for gain, pays in here:
            axes.plot([own], [gain], linestyle="none", marker="o", markersize=6.5, zorder=4,
                      color=colour("paper") if pays else shade, markeredgecolor=shade,
                      markeredgewidth=1.6 if pays else 0)  # fmt: skip
        if len(owns) <= 8:
            below = most <= 0
            words = amount(most) + (", pays" if any(pays for _, pays in here) else "")
            labelled(axes, own, (least if below else most) + (-0.06 if below else 0.06) * span, words,
                     ha="center", va="top" if below else "bottom", rim=True)  # fmt: skip
