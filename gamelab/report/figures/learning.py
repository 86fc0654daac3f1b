"""Learning: how often each choice is made while people learn, with the share at which theory would rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

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
from gamelab.report.findings import listed
from gamelab.report.numbers import counted, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from gamelab.simulate.learning.learning import Learning

TALL, LOW, NAMES = 1.7, 1.0, 1.12
ALIKE = 0.02


@dataclass(frozen=True)
class _Line:
    """One path with its interval, and the share that it is compared with."""

    name: str
    path: Any
    low: Any
    high: Any
    reference: float | None = None


def learning_paths(learned: Learning, reference: Any = None, name: str = "QRE") -> Figure:
    """Return the shares of choices over the rounds, with 95 % intervals; and trust, where it is learned.

    Parameters
    ----------
    learned : Learning
    reference : array (n, A), optional
        Mixtures drawn as broken lines, such as those of ``quantal_response`` or an equilibrium.
    name : str
        What they are called.
    """
    panels = _panels(learned, reference)
    trust = _trust(learned)
    heights = [TALL] * len(panels) + ([LOW] if trust else [])
    canvas = Canvas(
        _finding(learned, reference, name), sum(height + 0.55 for height in heights) + BOTTOM - 0.16
    )
    bottom = BOTTOM
    rows = [*panels, *([("trust: believed chance that the others reciprocate", trust)] if trust else [])]
    for k in reversed(range(len(rows))):
        label, lines = rows[k]
        axes = canvas.axes(bottom, heights[k], right=NAMES, left=LEFT - 0.06)
        canvas.named(axes, "round" if bottom == BOTTOM else "", label)
        mark = "needed" if trust and k == len(rows) - 1 else name
        _draw(axes, learned.rounds, lines, heights[k], mark)
        bottom += heights[k] + 0.55
    return canvas.figure


def _panels(learned: Learning, reference: Any) -> list[tuple[str, list[_Line]]]:
    """Return one panel for all players where each has two actions, else one for each player."""
    low, high = learned.interval()

    def line(name: str, i: int, a: int) -> _Line:
        wanted = None if reference is None else float(np.asarray(reference)[i, a])
        return _Line(name, learned.shares[:, i, a], low[:, i, a], high[:, i, a], wanted)

    if all(len(labels) == 2 for labels in learned.actions):
        firsts = {labels[0] for labels in learned.actions}
        label = f"share of {next(iter(firsts))}" if len(firsts) == 1 else "share of the first action"
        names = [
            player if len(firsts) == 1 else f"{player}: {labels[0]}"
            for player, labels in zip(learned.players, learned.actions)
        ]
        return [(label, [line(names[i], i, 0) for i in range(len(names))])]
    return [
        (f"{player}: share of each choice", [line(label, i, a) for a, label in enumerate(learned.actions[i])])
        for i, player in enumerate(learned.players)
        if len(learned.actions[i]) > 1
    ]


def _trust(learned: Learning) -> list[_Line]:
    if learned.trust is None or learned.needed_trust is None:
        return []
    low, high = learned.interval("trust")
    return [
        _Line(
            player,
            learned.trust[:, i],
            low[:, i],
            high[:, i],
            None if np.isnan(learned.needed_trust[i]) else float(learned.needed_trust[i]),
        )
        for i, player in enumerate(learned.players)
        if not np.isnan(learned.trust[:, i]).all()
    ]


def _finding(learned: Learning, reference: Any, name: str) -> str:
    """Return the title: what is chosen most at the end, and how far that is from the reference."""
    last = learned.shares[-1]
    parts = []
    for i, (player, labels) in enumerate(zip(learned.players, learned.actions)):
        a = 0 if len(labels) == 2 and all(len(other) == 2 for other in learned.actions) else last[i].argmax()
        parts.append((player, labels[int(a)], float(last[i, int(a)])))
    count = int(learned.rounds[-1])
    rounds = counted(count, "round")
    same = len({label for _, label, _ in parts}) == 1 and np.ptp([share for *_, share in parts]) < ALIKE
    if same:
        said = f"{parts[0][1]} is chosen in {percent(round(float(np.mean([s for *_, s in parts])), 2))}"
    else:
        said = listed([f"{player} chooses {label} in {percent(round(s, 2))}" for player, label, s in parts])
    if learned.trust is not None:
        trust = percent(round(float(np.nanmean(learned.trust[-1])), 2))
        return f"After {rounds} {said} of cases, and trust stands at {trust}"
    if reference is None:
        return f"After {rounds} {said} of cases"
    away = float(np.abs(learned.shares[-1] - np.asarray(reference)).max())
    points = max(1, int(np.ceil(100 * away)))
    return f"After {rounds} {said} of cases, within {counted(points, 'point')} of the {name}"


def _draw(axes: Axes, rounds: Any, lines: Sequence[_Line], height: float, mark: str) -> None:
    from matplotlib.ticker import MaxNLocator

    horizontal_rules(axes)
    axes.set_xlim(0, max(int(rounds[-1]), 1))
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]))
    labels: list[tuple[float, str, str]] = []
    drawn: set[float] = set()
    for k, line in enumerate(lines):
        shade, dash = colour(SERIES[k % len(SERIES)]), DASHES[k // len(SERIES) % len(DASHES)]
        axes.fill_between(rounds, line.low, line.high, color=shade, alpha=0.2, linewidth=0, zorder=2)
        marker: dict[str, Any] = {"marker": "o", "markersize": 3} if len(rounds) <= 12 else {}
        axes.plot(
            rounds, line.path, color=shade, linestyle=dash, linewidth=1.8, zorder=3, clip_on=False, **marker
        )
        labels.append((float(line.path[-1]), line.name, shade))
        if line.reference is not None and round(line.reference, 3) not in drawn:
            drawn.add(round(line.reference, 3))
            several = len({round(one.reference, 3) for one in lines if one.reference is not None}) > 1
            tone = colour("ink" if several else "muted")
            axes.axhline(line.reference, color=tone, linewidth=1.0, linestyle=(0, (4, 3)), zorder=4)
            labels.append((line.reference, mark, tone))
    gap = 0.15 / height
    spots = apart([place for place, _, _ in labels], gap, 0.0, 1.0)
    for (end, name, shade), spot in zip(labels, spots):
        axes.annotate("", (1, end), (1.055, spot), xycoords=("axes fraction", "data"), annotation_clip=False,
                      textcoords=("axes fraction", "data"),
                      arrowprops={"arrowstyle": "-", "color": shade, "linewidth": 0.9,
                                  "shrinkA": 0, "shrinkB": 2})  # fmt: skip
        axes.annotate(clipped(name, 16), (1.065, spot), xycoords=("axes fraction", "data"), va="center",
                      fontsize=SMALL, color=colour("muted" if name == mark else "ink"),
                      annotation_clip=False)  # fmt: skip
