"""Pictures: every figure that a result has, drawn once as SVG and PNG, under a name of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from gamelab.report.figures.drawing import Drawing, drawing
from gamelab.report.findings import level
from gamelab.report.words import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure


LONGEST = 160
"""Letters of a title in a file's name, which may have 255 with all that stands around it."""
OF_ONE = ("slack", "levels", "course", "ledger", "histories", "tournament", "invasion")
"""Kinds that are about one arrangement."""


@dataclass(frozen=True)
class Picture(Drawing):
    """One figure of a result, drawn.

    Parameters
    ----------
    kind : str
        ``waterfall``, ``path``, ``slack``, ``levels``, ``course``, ``ledger``, ``histories``,
        ``tournament``, ``invasion`` or ``map``.
    arrangement : str or None
        The arrangement that it is about, where it is about one.
    """

    kind: str
    arrangement: str | None


def pictures(result: Result, stem: str) -> list[Picture]:
    """Return all figures of one scenario; none where its curves were not asked for.

    Parameters
    ----------
    result : dict
        One entry of ``scenarios`` with ``curves``.
    stem : str
        What the names start with.
    """
    taken: set[str] = set()
    figures = []
    for kind, about, draw in _plans(result):
        drawn = drawing(draw, partial(named, taken, stem, kind, about))
        if drawn is not None:
            figures.append(Picture(**vars(drawn), kind=kind, arrangement=about if kind in OF_ONE else None))
    return figures


def leading(drawn: Sequence[Picture]) -> Picture | None:
    """Return the figure that shows the main finding: the first map, else what is gained and spent."""
    return next((each for kind in ("map", "waterfall", "path") for each in drawn if each.kind == kind), None)


def _plans(result: Result) -> Iterator[tuple[str, str | None, Callable[[], Figure | None]]]:
    """Yield kind, what it is about, and how to draw it."""
    from gamelab.report.figures.canvas import colours_of
    from gamelab.report.figures.course import course
    from gamelab.report.figures.histories import histories
    from gamelab.report.figures.ledger import ledger
    from gamelab.report.figures.levels import levels
    from gamelab.report.figures.maps import number_map, region_map
    from gamelab.report.figures.path import path
    from gamelab.report.figures.slack import slack
    from gamelab.report.figures.waterfall import waterfall

    drawn = (result.get("curves") or {}).get("arrangements") or {}
    if drawn:
        yield "waterfall", None, partial(waterfall, result)
        yield "path", None, partial(path, drawn)
    shades = colours_of(drawn)
    for name, entry in drawn.items():
        if not level(line["slack"] for line in entry["slack"] or ()):
            yield "slack", name, partial(slack, entry["slack"], shades[name], name)
        if entry["levels"] and len({level["state"] for level in entry["levels"]["entries"]}) > 1:
            yield "levels", name, partial(levels, entry["levels"], shades[name])
    for name, played in ((result.get("simulated") or {}).get("arrangements") or {}).items():
        if played and _varies(played["course"] or ()):
            yield "course", name, partial(course, played)
        if played and _varies(one for accounts in played["ledger"].values() for one in accounts.values()):
            yield "ledger", name, partial(ledger, played)
        if played:
            yield "histories", name, partial(histories, played)
    yield from _rivals(result.get("simulated") or {})
    for grid in result.get("maps") or ():
        if grid.get("numbers") is not None:
            yield "map", grid["title"], partial(number_map, grid)
        else:
            yield "map", grid["title"], partial(region_map, grid, list(drawn))


def _rivals(simulated: Mapping[str, Any]) -> Iterator[tuple[str, str, Callable[[], Figure | None]]]:
    """Yield the figures of strategies that compete."""
    from gamelab.report.figures.heat_map import heat_map
    from gamelab.report.figures.invasion import invasion

    for name, entry in (simulated.get("tournaments") or {}).items():
        yield "tournament", name, partial(heat_map, entry)
    for name, entry in (simulated.get("evolution") or {}).items():
        yield "invasion", name, partial(invasion, entry)


def _varies(estimates: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether chance plays a part in any of some estimates."""
    return any(one["standard_error"] for one in estimates)


def stems(results: Sequence[Result]) -> list[str]:
    """Return a name for each scenario's files: that of its own file, numbered where two are the same.

    >>> stems([{"file": "a/battle.yaml"}, {"file": "b/battle.yaml"}, {"title": "50 % off"}])
    ['battle', 'battle_2', 's_50_off']
    """
    taken: set[str] = set()
    names = [
        PurePath(result.get("file") or "").stem or str(result.get("title") or "scenario")
        for result in results
    ]
    return [unique(slug(name) or "scenario", taken, "_") for name in names]


def slug(name: str) -> str:
    """Return a name that files and ids can have; empty where no letter is left.

    >>> slug("strict & costly"), slug("2 fines"), slug("信任")
    ('strict_costly', 's_2_fines', '')
    """
    plain = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")[:LONGEST]
    return f"s_{plain}" if plain[:1].isdigit() else plain


def named(taken: set[str], stem: str, kind: str, about: str | None) -> str:
    """Return the name of a figure's files, and take it."""
    return unique("-".join(filter(None, (stem, kind, slug(about or "")))), taken)


def unique(name: str, taken: set[str], mark: str = "-") -> str:
    """Return the name, numbered where it is taken (capitals aside), and take it."""
    free, k = name, 1
    while free.lower() in taken:
        k += 1
        free = f"{name}{mark}{k}"
    taken.add(free.lower())
    return free
