"""Maps: regions or numbers over two settings, boundaries as they were found, labels inside the picture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gamelab.report.figures.canvas import (
    BOTTOM,
    LEFT,
    SERIES,
    SMALL,
    TEXT,
    WIDTH,
    Canvas,
    apart,
    clipped,
    colour,
    colours_of,
    labelled,
)
from gamelab.report.figures.regions import extent, pixels, places
from gamelab.report.findings import shares
from gamelab.report.numbers import amount
from gamelab.report.words import conduct
from gamelab.scenario.catalogue import BASELINE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Map = Mapping[str, Any]

TALL = 3.0
NAMES, BESIDE = 1.05, 13
"""Inches at the right for the names of regions too small to be labelled inside; letters of a line."""
LETTER, LINE = 0.084, 0.17
"""Inches that a letter of a label takes at most, and a line of it."""
TINT = 0.42
MOST_TICKS = 13
"""The most ticks along an axis whose values stand apart."""


def region_map(grid: Map, order: Sequence[str] = ()) -> Figure:
    """Return a map of regions, each labelled inside; small ones beside the map, with a line to them.

    Parameters
    ----------
    grid : dict
        A map with ``regions`` and ``cells``.
    order : sequence of str
        The scenario's arrangements, so that each has the colour that it has in other pictures.
    """
    x, y = _values(grid, "x"), _values(grid, "y")
    drawn = pixels(grid, x, y)
    regions = [*grid["regions"], *[NO_ANSWER] * bool((drawn < 0).any())]
    drawn = np.where(drawn < 0, len(regions) - 1, drawn)
    labels = [_label(name) for name in regions]
    boxes = [(LETTER * max(map(len, label.split("\n"))), LINE * len(label.split("\n"))) for label in labels]
    for right in (0.2, NAMES):  # names beside the map take room from it
        inside = places(drawn[::4, ::4], boxes, (WIDTH - LEFT - right, TALL), _shared(grid))
        outside = [k for k, (_, fits) in inside.items() if not fits]
        if not outside:
            break
    canvas, axes = _paper(grid, right, _caption(grid))
    rgba = np.zeros((*drawn.shape, 4))
    for k, shade in enumerate(_shades(regions, order)):
        rgba[drawn == k] = shade
    axes.imshow(rgba, extent=_extent(grid), origin="lower", aspect="auto", interpolation="nearest", zorder=1)
    for boundary in grid.get("boundaries") or ():
        for line in boundary["lines"]:
            axes.plot(*zip(*line), color=colour("ink"), linewidth=1.1, solid_joinstyle="round", zorder=3)
    left, end, low, high = _extent(grid)
    spots = {k: (left + at[0] * (end - left), low + at[1] * (high - low)) for k, (at, _) in inside.items()}
    for k, (a, b) in spots.items():
        if k not in outside:
            labelled(
                axes, a, b, labels[k], ha="center", va="center", fontsize=TEXT, fontweight="bold", zorder=5
            )
    _beside(axes, [(regions[k], *spots[k]) for k in outside])
    _here(axes, grid)
    return canvas.figure


def number_map(grid: Map) -> Figure:
    """Return a map of numbers: shades, labelled contours, and the line where the number is zero.

    Where the numbers are those of a profile that is no equilibrium there, the map is hatched.
    """
    x, y = _values(grid, "x"), _values(grid, "y")
    numbers = np.array([[np.nan if at is None else at for at in row] for row in grid["numbers"]], dtype=float)
    canvas, axes = _paper(grid, 0.2, _range(grid))
    known = numbers[np.isfinite(numbers)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    varies = high - low > 1e-12 * max(abs(low), abs(high))  # else what differs is rounding
    axes.pcolormesh(x, y, np.ma.masked_invalid(numbers), cmap="cividis", shading="nearest", alpha=0.85,
                    vmin=low, vmax=high if varies else low + 1, rasterized=True, zorder=1)  # fmt: skip
    solved = [line for boundary in grid.get("boundaries") or () for line in boundary["lines"]]
    if varies and min(numbers.shape) > 1:
        _contours(axes, *_steps(grid, x, y, numbers), low, high, at_zero=not solved)
    shade = _ink(0.0, low, high)
    for line in solved:  # where the number jumps, a contour between grid points would stand elsewhere
        axes.plot(*zip(*line), color=shade, linewidth=2.0, zorder=3)
    if solved:
        longest = max(solved, key=len)
        a, b = longest[len(longest) // 2]
        labelled(
            axes, a, b, "0", rim=True, ha="center", va="center", fontsize=SMALL, fontweight="bold", zorder=4
        )
    _hatched(axes, grid, x, y)
    axes.set_xlim(*_extent(grid)[:2])
    axes.set_ylim(*_extent(grid)[2:])
    _here(axes, grid)
    return canvas.figure


def _hatched(axes: Axes, grid: Map, x: NDArray[Any], y: NDArray[Any]) -> None:
    """Hatch the cells at which the profile is not certified."""
    from matplotlib import rc_context

    if not any(map(any, grid.get("fails") or ())):
        return
    *grid_lines, fails = _steps(grid, x, y, np.asarray(grid["fails"], dtype=float))
    if min(fails.shape) > 1:
        with rc_context({"hatch.color": LIGHT, "hatch.linewidth": 0.6}):
            axes.contourf(*grid_lines, fails, [0.5, 1.5], colors="none", hatches=["////"], zorder=2)


def _steps(
    grid: Map, x: NDArray[Any], y: NDArray[Any], numbers: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return grid and numbers for contours: where cells stand apart both sides of each, which makes steps."""
    for axis, across in (("x", 1), ("y", 0)):
        borders = grid[axis].get("borders")
        if borders:
            sides = np.repeat(borders, 2)[1:-1]
            numbers = np.repeat(numbers, 2, axis=across)
            x, y = (sides, y) if across else (x, sides)
    return x, y, numbers


def _contours(
    axes: Axes,
    x: NDArray[Any],
    y: NDArray[Any],
    numbers: NDArray[Any],
    low: float,
    high: float,
    *,
    at_zero: bool,
) -> None:
    from matplotlib.ticker import MaxNLocator

    heights = [at for at in MaxNLocator(7).tick_values(low, high) if low < at < high and at != 0]
    masked = np.ma.masked_invalid(numbers)
    parts = [(heights, 0.8), ([0.0], 2.0)] if at_zero and low < 0 < high else [(heights, 0.8)]
    for at, width in parts:
        if at:
            shades = [_ink(height, low, high) for height in at]
            lines = axes.contour(
                x, y, masked, at, colors=shades, linewidths=width, zorder=2, linestyles="solid"
            )
            texts = axes.clabel(lines, fmt=amount, fontsize=SMALL, inline_spacing=3)
            for text in texts:
                text.set_fontweight("bold" if width > 1 else "normal")


def _ink(height: float, low: float, high: float) -> str:
    """Return the colour of a line on the shade of a height."""
    return LIGHT if height - low < 0.55 * (high - low) else DARK


LIGHT, DARK = "#fffffe", "#101214"
"""On shades that are the same on light and dark pages: no colours of the page."""


def _paper(grid: Map, right: float, caption: Sequence[str]) -> tuple[Canvas, Axes]:
    foot = 0.17 * len(caption)
    canvas = Canvas(grid["title"], TALL + BOTTOM + foot + 0.36)
    axes = canvas.axes(BOTTOM + foot, TALL, right=right)
    canvas.named(axes, _axis(grid["x"]), _axis(grid["y"]))
    left, end, low, high = _extent(grid)
    axes.set_xlim(left, end)
    axes.set_ylim(low, high)
    axes.locator_params(nbins=6)
    for name, ticks in (("x", axes.xaxis), ("y", axes.yaxis)):
        if grid[name].get("borders"):  # ticks at values: nothing lies between them
            values = grid[name]["values"]
            ticks.set_ticks(values[:: -(-len(values) // MOST_TICKS)])
    said = "\n".join(caption)
    canvas.text(0.1, 0.06, said, fontsize=SMALL, color=colour("muted"), va="bottom", linespacing=1.45)
    return canvas, axes


def _caption(grid: Map) -> list[str]:
    import textwrap

    return textwrap.wrap(shares(grid), 60) if grid.get("shares") else []


def _range(grid: Map) -> list[str]:
    import textwrap

    known = [at for row in grid["numbers"] for at in row if at is not None]
    shown = grid["show"]
    if isinstance(shown, Mapping):
        of = f" of {shown['arrangement']}" if shown.get("arrangement") else ""
        under = f" under {conduct(shown['profile'])}" if shown.get("profile") else ""
        name = str(shown["quantity"]).replace("_", " ") + of + under
    else:
        name = str(shown).replace("_", " ")
    ends = [amount(end) for end in (min(known, default=0.0), max(known, default=0.0))]
    values = f"from {ends[0]} to {ends[1]}" if ends[0] != ends[1] else f"{ends[0]} everywhere"
    text = f"{name}: {values if known else 'nowhere a number'}"
    missing = len(known) < sum(len(row) for row in grid["numbers"])
    text += "; blank where there is none" if missing and known else ""
    text += "; hatched where that is no equilibrium" if any(map(any, grid.get("fails") or ())) else ""
    reasons = [] if known else grid.get("notes") or []
    return [line for part in (f"{text}.", *reasons) for line in textwrap.wrap(part, 60)]


def _axis(axis: Map) -> str:
    return str(axis.get("label") or axis["path"])


def _values(grid: Map, axis: str) -> NDArray[Any]:
    return np.asarray(grid[axis]["values"], dtype=float)


def _extent(grid: Map) -> tuple[float, float, float, float]:
    """Return where the map ends: left, right, below, above."""
    return *extent(grid, "x", _values(grid, "x")), *extent(grid, "y", _values(grid, "y"))


def _label(name: str, letters: int = 20) -> str:
    """Return a region's name on lines of so many letters, broken behind blanks, lines and hyphens.

    >>> _label("governance_of_the_common_pasture", 13).splitlines()
    ['governance_', 'of_the_', 'common_', 'pasture']
    """
    lines = [""]
    for piece in re.findall(rf"[^ _-]{{1,{letters - 1}}}[ _-]?|[ _-]", clipped(name, 3 * letters)):
        if len(lines[-1] + piece) > letters:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.strip() for line in lines)


NO_ANSWER = "no answer"
STRENGTHS = (TINT, 0.7, 0.22)
NOTHING = (BASELINE, "not workable", "no candidate", "impossible", "at most 0", NO_ANSWER)
"""Regions where nothing works: neutral, so that the eye goes to what does."""


def _shades(regions: Sequence[str], order: Sequence[str]) -> list[tuple[float, float, float, float]]:
    """Return a tint for each region: that of its arrangement where it is one, else the next free one."""
    from matplotlib.colors import to_rgba

    known = colours_of(order)
    others = [name for name in regions if name not in known and name not in NOTHING]
    free = [shade for shade in map(colour, SERIES) if shade not in known.values()]
    if len(others) > len(free):
        free = [colour(name) for name in SERIES]
    tints = []
    for name in regions:
        if name == NO_ANSWER:
            tints.append(to_rgba(colour("paper"), 0))
        elif name in NOTHING:
            tints.append(to_rgba(colour("baseline"), 0.16))
        elif name in known:
            tints.append(to_rgba(known[name], TINT))
        else:
            again, k = divmod(others.index(name), len(free))  # once all are taken, each in another strength
            tints.append(to_rgba(free[k], STRENGTHS[again % len(STRENGTHS)]))
    return tints


def _beside(axes: Axes, names: Sequence[tuple[str, float, float]]) -> None:
    """Write names at the right of the map, each with a line to its region."""
    low, high = axes.get_ylim()
    names = [(_label(name, BESIDE), x, y) for name, x, y in names]
    tallest = max((name.count("\n") + 1 for name, _, _ in names), default=1)
    spots = apart([y for _, _, y in names], max(0.3, 0.13 * tallest) / TALL * (high - low), low, high)
    for (name, x, y), spot in zip(names, spots):
        axes.annotate("", (x, y), (1.03, spot), xycoords="data", textcoords=("axes fraction", "data"),
                      arrowprops={"arrowstyle": "-", "color": colour("ink"), "linewidth": 0.7, "shrinkA": 0,
                                  "shrinkB": 0}, annotation_clip=False, zorder=4)  # fmt: skip
        axes.plot([x], [y], marker="o", markersize=3, color=colour("ink"), zorder=5)
        axes.annotate(name, (1.04, spot), xycoords=("axes fraction", "data"),
                      va="center", fontsize=SMALL, color=colour("ink"), annotation_clip=False)  # fmt: skip


def _shared(grid: Map) -> tuple[float, float] | None:
    """Return the scenario's own values in shares of the map's sides, where the map shows them."""
    here = grid.get("here")
    if not here or None in here:
        return None
    left, right, low, high = _extent(grid)
    if not (left <= here[0] <= right and low <= here[1] <= high):
        return None
    return (here[0] - left) / (right - left), (here[1] - low) / (high - low)


def _here(axes: Axes, grid: Map) -> None:
    """Mark the scenario's own values, where the map shows them."""
    at = _shared(grid)
    if at is None:
        return
    axes.plot(*at, marker="o", markersize=7, color=colour("ink"), markeredgecolor=colour("paper"),
              markeredgewidth=1.4, zorder=6, clip_on=False, transform=axes.transAxes)  # fmt: skip
    above = at[1] < 0.9
    labelled(axes, at[0], at[1] + (0.025 if above else -0.03), "here", transform=axes.transAxes,
             style="italic", ha="center" if 0.06 < at[0] < 0.94 else "left" if at[0] < 0.5 else "right",
             va="bottom" if above else "top", zorder=6)  # fmt: skip
