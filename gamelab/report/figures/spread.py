"""Spread: cooperation in populations round by round, and contagion beside what its exact chain expects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gamelab.randomness import INTERVAL
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
    labelled,
)
from gamelab.report.findings import listed
from gamelab.report.numbers import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TALL, NAMES = 2.0, 1.25
ROUND = "round (the first is 0)"
LETTERS = 18
MARKED = 25
"""The most rounds that are marked one by one."""


def population(runs: Mapping[str, Mapping[str, Any]]) -> Figure | None:
    """Return cooperation over rounds of several populations, by name; None where nothing is agreed.

    Parameters
    ----------
    runs : mapping of a name to what ``Rematching.curves()`` returns
    """
    drawn = {name: run for name, run in runs.items() if _last(run["cooperation"]) is not None}
    if not drawn:
        return None
    canvas = Canvas(_kept(drawn), TALL + BOTTOM + 0.3)
    axes = canvas.axes(BOTTOM, TALL, left=LEFT - 0.06, right=NAMES)
    canvas.named(axes, ROUND, "cooperation: share of moves that keep the agreement")
    horizontal_rules(axes)
    ends = []
    for k, run in enumerate(drawn.values()):
        shade, dash = colour(SERIES[k % len(SERIES)]), DASHES[k % len(DASHES)]
        heights, error = _numbers(run["cooperation"]), _numbers(run["cooperation_errors"])
        _band(axes, run["rounds"], heights, error, shade)
        axes.plot(run["rounds"], heights, color=shade, linestyle=dash, linewidth=1.9, clip_on=False, zorder=3)
        ends.append(_last(run["cooperation"]) or 0.0)
    _rounds(axes, max(run["rounds"][-1] for run in drawn.values()))
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    spots = apart(ends, 0.155 / TALL, 0.0, 1.0)
    for k, (name, end, spot) in enumerate(zip(drawn, ends, spots)):
        _named(axes, name, end, spot, colour(SERIES[k % len(SERIES)]), DASHES[k % len(DASHES)])
    return canvas.figure


def contagion(run: Mapping[str, Any], expected: Sequence[float]) -> Figure:
    """Return how many persons deviate in each round, as played with 95 % intervals, on the exact expectation.

    Parameters
    ----------
    run : what ``Rematching.curves()`` returns
    expected : sequence of numbers
        What ``Contagion.infected(rounds)`` returns.
    """
    N, rounds = run["population"], run["rounds"]
    canvas = Canvas(_reached(expected, N), TALL + BOTTOM + 0.3)
    axes = canvas.axes(BOTTOM, TALL)
    canvas.named(axes, ROUND, f"persons who deviate, of {N}")
    horizontal_rules(axes)
    exact = colour("blue")
    axes.plot(range(len(expected)), expected, color=exact, linewidth=1.9, zorder=3, clip_on=False)
    played, error = _numbers(run["departing"]), _numbers(run["departing_errors"])
    step = -(-len(rounds) // MARKED)
    axes.errorbar(
        rounds[::step], played[::step], [INTERVAL * e if e == e else 0.0 for e in error[::step]], fmt="o",
        color=colour("vermillion"), markersize=4, markeredgecolor=colour("paper"), markeredgewidth=0.7,
        elinewidth=1.3, capsize=2, zorder=4, clip_on=False,
    )  # fmt: skip
    _rounds(axes, max(rounds[-1], len(expected) - 1))
    axes.set_ylim(0, 1.04 * N)
    axes.locator_params(axis="y", nbins=5)
    for words, shade, height in (("line: exact", exact, 0.3), ("dots: played", colour("vermillion"), 0.18)):
        labelled(axes, 0.98, height, words, color=shade, fontweight="bold", ha="right", rim=True,
                 transform=axes.transAxes)  # fmt: skip
    return canvas.figure


def _kept(drawn: Mapping[str, Mapping[str, Any]]) -> str:
    """Return how much cooperation there is at the end, as a sentence."""
    shares = {name: _last(run["cooperation"]) or 0.0 for name, run in drawn.items()}
    shown = list(shares) if len(shares) < 3 else [max(shares, key=shares.__getitem__),
                                                  min(shares, key=shares.__getitem__)]  # fmt: skip
    last = max(run["rounds"][-1] for run in drawn.values())
    words = listed([f"{percent(shares[name])} with {clipped(name, 30)}" for name in shown])
    return f"In round {last} cooperation is {words}" + (", the others between" if len(shares) > 2 else "")


def _reached(expected: Sequence[float], N: int) -> str:
    """Return how far contagion is expected to have gone, and when, as a sentence."""
    half = next((t for t, number in enumerate(expected) if number >= N / 2), None)
    nearly = next((t for t, number in enumerate(expected) if number >= N - 1), None)
    if half is None:
        return (
            f"By round {len(expected) - 1} contagion is expected to reach {expected[-1]:.3g} of {N} persons"
        )
    words = f"Contagion is expected to reach half of {N} persons by round {half}"
    return words if nearly is None else f"{words} and all but one by round {nearly}"


def _numbers(values: Sequence[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]


def _last(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)


def _band(axes: Axes, rounds: Sequence[int], at: list[float], error: list[float], shade: str) -> None:
    """Shade the 95 % interval where it is known."""
    if any(e == e for e in error):
        low = [max(0.0, y - INTERVAL * e) for y, e in zip(at, error)]
        high = [min(1.0, y + INTERVAL * e) for y, e in zip(at, error)]
        axes.fill_between(rounds, low, high, color=shade, alpha=0.18, linewidth=0, zorder=1)


def _rounds(axes: Axes, last: int) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_xlim(0, max(last, 1))
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True, steps=[1, 2, 5, 10]))


def _named(axes: Axes, name: str, end: float, spot: float, shade: str, dash: Any) -> None:
    """Write a line's name at its end."""
    axes.annotate("", (1, end), (1.055, spot), xycoords=("axes fraction", "data"), annotation_clip=False,
                  textcoords=("axes fraction", "data"),
                  arrowprops={"arrowstyle": "-", "color": shade, "linewidth": 0.9, "linestyle": dash,
                              "shrinkA": 0, "shrinkB": 2})  # fmt: skip
    axes.annotate(clipped(name, LETTERS), (1.065, spot), xycoords=("axes fraction", "data"), va="center",
                  fontsize=SMALL, color=colour("ink"), annotation_clip=False)  # fmt: skip
