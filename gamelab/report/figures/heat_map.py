"""Heat map: what each strategy of a tournament earns against each other one, best strategies first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gamelab.report.figures.canvas import SMALL, TEXT, WIDTH, Canvas, clipped, colour, labelled
from gamelab.report.figures.maps import DARK, LIGHT
from gamelab.report.findings import first_places
from gamelab.report.numbers import amount

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDE, RIGHT, HEAD, FOOT = 1.78, 0.58, 0.3, 0.5
"""Inches for names, for means, for the numbers of columns, and for the bar of shades."""
MOST_NUMBERS, MOST_NAMES = 7, 26
"""Up to so many strategies cells hold their payoffs; up to so many rows have their names."""
LETTERS = 21
LEAST, MOST = 0.16, 0.34
"""Inches that a row takes."""


def heat_map(tournament: Mapping[str, Any]) -> Figure:
    """Return payoffs as shades: rows against columns, both in the order of the ranking.

    Parameters
    ----------
    tournament : dict
        One tournament, as results hold it.
    """
    order = [tournament["strategies"].index(own["name"]) for own in tournament["ranking"]]
    payoffs = np.array(tournament["payoffs"], dtype=float)[np.ix_(order, order)]
    k = len(order)
    named = k <= MOST_NAMES
    left, right = (SIDE, RIGHT) if named else (0.5, 0.2)
    wide = WIDTH - left - right
    tall = k * min(MOST, max(LEAST, wide / k)) if named else wide
    canvas = Canvas(first_places(tournament), HEAD + tall + FOOT)
    axes = canvas.axes(FOOT, tall, left=left, right=right)
    low, high = float(payoffs.min()), float(payoffs.max())
    middle = (low, high) if high > low else (low - 1, high + 1)
    edges = np.arange(k + 1) - 0.5
    lines: dict[str, Any] = (
        {"edgecolors": colour("paper"), "linewidth": 0.6} if named else {"rasterized": True}
    )
    axes.pcolormesh(edges, edges, payoffs, cmap="cividis", vmin=middle[0], vmax=middle[1], **lines)
    axes.set_xlim(-0.5, k - 0.5)
    axes.set_ylim(k - 0.5, -0.5)
    axes.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False, pad=2)
    axes.spines["bottom"].set_visible(False)
    _lettered(canvas, axes, tournament, payoffs) if named else _numbered(axes, k)
    seats = "" if tournament["seats_alike"] else ", mean of both seats"
    if high > low:
        _bar(canvas, low, high)
    canvas.text(
        WIDTH / 2, 0.14, f"payoff per round of the row against the column{seats}", fontsize=TEXT, ha="center"
    )
    return canvas.figure


def _lettered(canvas: Canvas, axes: Axes, tournament: Mapping[str, Any], payoffs: NDArray[Any]) -> None:
    """Write names at the rows, their numbers at the columns, means at the right; payoffs into cells."""
    k = len(payoffs)
    numbers = [str(place) for place in range(1, k + 1)]
    axes.set_xticks(range(k), numbers if k < 20 else [n if k % 2 else "" for k, n in enumerate(numbers, 1)])
    axes.set_yticks([])
    for row, own in enumerate(tournament["ranking"]):
        say: dict[str, Any] = {
            "va": "center",
            "xycoords": ("axes fraction", "data"),
            "textcoords": "offset points",
        }
        look: dict[str, Any] = {"fontsize": SMALL, "color": colour("ink"), "annotation_clip": False}
        axes.annotate(str(row + 1), (0, row), (-SIDE * 72 + 18, 0), ha="right", **say, **look)
        axes.annotate(clipped(own["name"], LETTERS), (0, row), (-SIDE * 72 + 24, 0), ha="left", **say, **look)
        axes.annotate(amount(own["payoff"]), (1, row), (RIGHT * 72 - 8, 0), ha="right", **say,
                      **{**look, "fontweight": "bold" if own["place"] == 1 else "normal"})  # fmt: skip
    canvas.text(
        WIDTH - 0.11, canvas.below - HEAD + 0.1, "mean", fontsize=SMALL, ha="right", color=colour("muted")
    )
    if k > MOST_NUMBERS:
        return
    low, high = payoffs.min(), payoffs.max()
    for (row, column), payoff in np.ndenumerate(payoffs):
        shade = LIGHT if payoff - low < 0.55 * (high - low) or high == low else DARK
        labelled(axes, column, row, amount(payoff), ha="center", va="center", color=shade)


def _numbered(axes: Axes, k: int) -> None:
    """Write only places at the axes of many strategies."""
    places = [0, *range(k // 4 - 1, k, k // 4)]
    for ticks in (axes.set_xticks, axes.set_yticks):
        ticks(places, [str(place + 1) for place in places])


def _bar(canvas: Canvas, low: float, high: float) -> None:
    """Draw what the shades mean below the map."""
    axes = canvas.axes(0.3, 0.08, left=0.62, right=0.62)
    axes.imshow(np.linspace(0, 1, 256)[None], cmap="cividis", aspect="auto", extent=(0, 1, 0, 1))
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    canvas.text(0.55, 0.34, amount(low), fontsize=SMALL, ha="right", color=colour("muted"))
    canvas.text(WIDTH - 0.55, 0.34, amount(high), fontsize=SMALL, color=colour("muted"))
