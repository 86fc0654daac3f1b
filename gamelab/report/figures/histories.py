"""Histories: a few matches move by move, as strips of who kept the agreement, slipped and was found out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from gamelab.report.figures.canvas import BOTTOM, SERIES, SMALL, TEXT, WIDTH, Canvas, clipped, colour
from gamelab.report.numbers import counted, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW, GAP, LEGEND, LEFT, RIGHT = 0.17, 0.14, 0.26, 1.12, 0.25
KEPT, DEVIATED, FREE = "sky", "vermillion", "rule"
MOST = 60
"""Moves that a strip shows at most."""


def histories(shown: Mapping[str, Any]) -> Figure | None:
    """Return a strip for each match, with a row for each player and a cell for each move.

    Where nothing is agreed the actions have colours in place of kept and deviated.

    Parameters
    ----------
    shown : mapping
        As ``gamelab.simulate.matches.shown.shown`` returns it.
    """
    from matplotlib.ticker import MaxNLocator

    matches = [match for match in shown["histories"] if match["round"]]
    if not matches:
        return None
    agreed = any(kept is not None for match in matches for kept in _all(match, "kept"))
    actions = list(dict.fromkeys(action for match in matches for action in _all(match, "action")))
    looks = {action: SERIES[k % len(SERIES)] for k, action in enumerate(actions)}
    deep = [ROW * len(match["players"]) for match in matches]
    rows = _legend(agreed, looks, matches)
    total = sum(deep) + GAP * len(matches)
    canvas = Canvas(_finding(matches, agreed), total + LEGEND * len(rows) + BOTTOM)
    axes = canvas.axes(BOTTOM, total, left=LEFT, right=RIGHT)
    longest = min(MOST, max(len(match["round"]) for match in matches))
    axes.set_xlim(0.5, longest + 0.5)
    axes.set_ylim(total, 0)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True, steps=[1, 2, 5, 10]))
    moves = any(len(set(match["round"])) < len(match["round"]) for match in matches)
    axes.set_xlabel("move" if moves else "round", fontsize=TEXT, color=colour("ink"), labelpad=4)
    top = 0.0
    for match, height in zip(matches, deep):
        _strip(axes, match, top, agreed, looks)
        y = BOTTOM + total - top - height / 2
        canvas.text(0.1, y, f"{match['match']}", fontsize=SMALL, color=colour("muted"))
        for i, name in enumerate(match["players"]):
            spot = BOTTOM + total - top - ROW * (i + 0.5)
            canvas.text(
                LEFT - 0.08, spot, clipped(name, 13), fontsize=SMALL - 0.5, ha="right", color=colour("muted")
            )
        top += height + GAP
    for k, entries in enumerate(rows):
        _written(canvas, BOTTOM + total + LEGEND * (len(rows) - k - 0.5) + 0.04, entries)
    return canvas.figure


def _strip(axes: Axes, match: Mapping[str, Any], top: float, agreed: bool, looks: Mapping[str, str]) -> None:
    for i, player in enumerate(match["players"].values()):
        y = top + ROW * (i + 0.5)
        for k, action in enumerate(player["action"][:MOST]):
            kept = player["kept"][k]
            shade = (FREE if kept is None else KEPT if kept else DEVIATED) if agreed else looks[action]
            axes.barh(y, 0.9, left=k + 0.55, height=0.84 * ROW, color=colour(shade), linewidth=0)
            if player["slipped"][k]:
                axes.plot([k + 1], [y], marker="x", markersize=3.2, color=colour("ink"), markeredgewidth=0.9)
            if player["verdict"][k] == "offence":
                axes.plot([k + 0.6, k + 1.4], [y + 0.36 * ROW] * 2, color=colour("ink"), linewidth=1.4,
                          solid_capstyle="butt")  # fmt: skip
    if match["longer"] or len(match["round"]) > MOST:
        middle = top + ROW * len(match["players"]) / 2
        axes.annotate("…", (min(len(match["round"]), MOST) + 0.7, middle), va="center", ha="left",
                      fontsize=TEXT, color=colour("muted"), annotation_clip=False)  # fmt: skip


Entry = tuple[str, str, str]
"""What stands before it (a colour's square, a cross, a bar), the colour, the words."""


def _legend(agreed: bool, looks: Mapping[str, str], matches: list[Mapping[str, Any]]) -> list[list[Entry]]:
    """Return the rows of words above the strips."""
    cells = [("square", KEPT, "kept the agreement"), ("square", DEVIATED, "deviated from it")]
    if not agreed:
        cells = [("square", shade, clipped(action, 14)) for action, shade in list(looks.items())[:4]]
    marks = []
    if any(slipped for match in matches for slipped in _all(match, "slipped")):
        marks.append(("cross", "ink", "slipped: intended otherwise"))
    if any(verdict == "offence" for match in matches for verdict in _all(match, "verdict")):
        marks.append(("bar", "ink", "finding of offence"))
    return [row for row in (cells, marks) if row]


def _written(canvas: Canvas, y: float, entries: list[Entry]) -> None:
    step = (WIDTH - 0.2) / 2 if len(entries) <= 2 else (WIDTH - 0.2) / len(entries)
    for k, (sign, shade, words) in enumerate(entries):
        mark = {"square": "■", "cross": "×", "bar": "▁"}[sign]
        canvas.text(0.1 + step * k, y, mark, fontsize=TEXT, color=colour(shade))
        canvas.text(0.27 + step * k, y, words, fontsize=SMALL)


def _all(match: Mapping[str, Any], name: str) -> Iterator[Any]:
    for player in match["players"].values():
        yield from player[name][:MOST]


def _finding(matches: list[Mapping[str, Any]], agreed: bool) -> str:
    many = counted(len(matches), "match", "matches")
    if not agreed:
        return f"What was done in {many}, move by move"
    kept = [kept for match in matches for kept in _all(match, "kept") if kept is not None]
    return f"In {many} played by chance {percent(sum(kept) / len(kept))} of moves keep the agreement"
