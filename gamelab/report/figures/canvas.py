"""Canvas: one look for all pictures: sizes, colours for every eye, titles, axes with units, labels."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from gamelab.report.numbers import tick
from gamelab.scenario.catalogue import BASELINE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 4.3
"""Inches: on a phone letters have their size in print, on a page two figures stand beside each other."""
LEFT, RIGHT, BOTTOM = 0.62, 0.2, 0.5
TITLE, TEXT, SMALL = 10.5, 8.5, 8.0
TITLE_LETTERS = 46
FONT = "DejaVu Sans"
"""It comes with matplotlib; pages and SVG files name the reader's own fonts instead."""

COLOURS = {
    "paper": ("#ffffff", "#15181c"),
    "ink": ("#1b1f24", "#e9e7e2"),
    "muted": ("#5f6770", "#a3abb4"),
    "rule": ("#dfe2e6", "#343a42"),
    "baseline": ("#868e97", "#8f98a3"),
    "blue": ("#0072b2", "#5aaee8"),
    "vermillion": ("#d55e00", "#f28c4c"),
    "green": ("#009e73", "#35c79b"),
    "purple": ("#b0579a", "#e08cc4"),
    "orange": ("#e69f00", "#f5b83d"),
    "sky": ("#4fb0e2", "#8fd0f5"),
}
"""By name on white and on black paper: Okabe and Ito's colours, told apart by every kind of sight."""
SERIES = ("blue", "vermillion", "green", "purple", "orange", "sky")
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))


def colour(name: str) -> str:
    """Return a colour by name, as on white paper."""
    return COLOURS[name][0]


def colours_of(names: Iterable[str]) -> dict[str, str]:
    """Return a colour for each arrangement in file order; the baseline is grey.

    >>> colours_of(["none", "watch", "fine"])
    {'none': '#868e97', 'watch': '#0072b2', 'fine': '#d55e00'}
    """
    names = list(names)
    others = [name for name in names if name != BASELINE]
    shades = {name: colour(SERIES[k % len(SERIES)]) for k, name in enumerate(others)}
    return {name: shades.get(name, colour("baseline")) for name in names}


def clipped(name: str, letters: int) -> str:
    """Return a name that fits; what is left out is marked.

    >>> clipped("a very long name", 8)
    'a very …'
    """
    return name if len(name) <= letters else name[: letters - 1] + "…"


class Canvas:
    """A figure under its title, with axes at places in inches.

    Parameters
    ----------
    title : str
        The finding; wrapped.
    height : float
        Of all below the title, in inches.
    """

    def __init__(self, title: str, height: float):
        from matplotlib.figure import Figure

        lines = balanced(title, TITLE_LETTERS)
        self.below = height
        self.height = height + 0.14 + 0.19 * len(lines)
        self.figure: Figure = Figure(figsize=(WIDTH, self.height), facecolor=colour("paper"))
        self.figure.suptitle(
            "\n".join(lines), x=0.1 / WIDTH, y=1 - 0.08 / self.height, ha="left", va="top",
            fontsize=TITLE, fontweight="bold", color=colour("ink"), linespacing=1.25, fontfamily=FONT,
        )  # fmt: skip

    def axes(self, bottom: float, height: float, *, left: float = LEFT, right: float = RIGHT) -> Axes:
        """Return quiet axes, placed in inches from the bottom."""
        place = (left / WIDTH, bottom / self.height, (WIDTH - left - right) / WIDTH, height / self.height)
        axes = self.figure.add_axes(place, facecolor="none")
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(colour("muted"))
        axes.tick_params(length=0, labelsize=SMALL, labelcolor=colour("muted"), labelfontfamily=FONT, pad=4)
        axes.tick_params(axis="x", length=3, color=colour("muted"))
        axes.set_axisbelow(True)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _: tick(value))
        return axes

    def named(self, axes: Axes, x: str, y: str, lift: float = 0.0) -> None:
        """Write the axes' labels: the vertical one flat, above the axis, some inches higher where asked."""
        place = axes.get_position()
        axes.set_xlabel(x, fontsize=TEXT, color=colour("ink"), fontfamily=FONT, labelpad=4)
        axes.set_ylabel(
            y, rotation=0, ha="left", va="bottom", fontsize=TEXT, color=colour("ink"), fontfamily=FONT
        )
        left = (0.1 / WIDTH - place.x0) / place.width
        axes.yaxis.set_label_coords(left, 1 + (0.07 + lift) / (place.height * self.height))

    def text(self, x: float, y: float, words: str, **style: Any) -> Any:
        """Write at a place in inches from the lower left corner."""
        look: dict[str, Any] = {
            "fontsize": TEXT,
            "color": colour("ink"),
            "fontfamily": FONT,
            "va": "center",
        } | style
        return self.figure.text(x / WIDTH, y / self.height, words, **look)


def balanced(text: str, letters: int) -> list[str]:
    """Return a text on as few lines as it needs, none much shorter than the others.

    >>> balanced("grim holds from a discount factor of 0.581 on", 44)
    ['grim holds from a discount', 'factor of 0.581 on']
    """
    lines = textwrap.wrap(text, letters) or [""]
    for width in range(letters - 1, letters // 3, -1):
        narrower = textwrap.wrap(text, width)
        if len(narrower) > len(lines):
            break
        lines = narrower or lines
    return lines


def horizontal_rules(axes: Axes) -> None:
    """Draw light lines at the ticks of the vertical axis."""
    axes.grid(axis="y", color=colour("rule"), linewidth=0.7)


def labelled(axes: Axes, x: float, y: float, words: str, **style: Any) -> Any:
    """Write in the axes' own numbers; ``rim=True`` puts paper below, so that it can be read on lines."""
    look: dict[str, Any] = {"fontsize": SMALL, "color": colour("ink"), "fontfamily": FONT} | style
    box = {"facecolor": colour("paper"), "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
    return axes.text(x, y, words, bbox=box if look.pop("rim", False) else None, **look)


def apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return places moved as little as needed to lie a gap apart, in their order, between two ends.

    >>> apart([1.0, 1.0, 3.0], 0.5, 0.0, 4.0)
    [0.75, 1.25, 3.0]
    """
    order = sorted(range(len(places)), key=lambda k: (places[k], k))
    groups: list[list[float]] = []  # centre, number of members
    for k in order:
        groups.append([places[k], 1])
        while len(groups) > 1:
            (first, many), (second, more) = groups[-2:]
            if second - first >= gap * (many + more) / 2 - 1e-12:
                break
            groups[-2:] = [[(first * many + second * more) / (many + more), many + more]]
    spread = [centre + gap * (k - (many - 1) / 2) for centre, many in groups for k in range(int(many))]
    if spread:
        up = max(0.0, low - spread[0])
        spread = [min(place + up, high - gap * (len(spread) - 1 - k)) for k, place in enumerate(spread)]
    apart_places = [0.0] * len(places)
    for k, place in zip(order, spread):
        apart_places[k] = place
    return apart_places
