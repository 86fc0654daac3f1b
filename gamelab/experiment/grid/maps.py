"""Maps: every cell of a grid solved as a run of its own would, the regions, and the lines between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gamelab.experiment.comparison import NO_COMPARISON
from gamelab.experiment.grid.boundaries import edges_of, lines_between
from gamelab.experiment.grid.points import MOST_POINTS, plain_number
from gamelab.experiment.grid.regions import NO_NUMBER, NOWHERE, Regions
from gamelab.experiment.grid.searches import WITHIN, crossings, in_step
from gamelab.experiment.grid.steps import along, borders, lines_of_steps
from gamelab.model.arguments import Progress
from gamelab.model.game import Bools, Floats, Ints
from gamelab.scenario import Axis, Map, Scenario, grid_of
from gamelab.scenario.quantities import QUANTITIES
from gamelab.scenario.values import Values


def map_of(
    scenario: Scenario,
    drawn: Map,
    overrides: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return one map as results hold it.

    Parameters
    ----------
    scenario : Scenario
    drawn : Map
        One of the scenario's.
    overrides : mapping, optional
        Settings that are changed everywhere; the map's own axes come before them.
    progress : callable, optional
        Called with the number of points that are solved and of all that will be.

    Raises
    ------
    InputError
        Where overrides leave an axis no range.
    """
    x, y = grid_of(scenario, drawn, overrides)
    shown = Regions(scenario, dict(overrides or {}), drawn, np.array([x[[0, -1]], y[[0, -1]]]))
    walk = _Walk(shown, progress)
    walk.total = x.size * y.size
    codes, amounts, fails = _grid(walk, x, y)
    edges = along(edges_of(x, y, codes), shown.apart, codes.shape)
    within = WITHIN * (min(x.size, y.size) - 1)  # WITHIN of the axis, as a part of an edge
    if any(shown.apart):
        (places,) = in_step(walk.ask, crossings(edges.low, edges.high, edges.after, within))
        upwards = 1 if shown.apart[0] else 0
        crossed = dict(zip(edges.number.tolist(), places[:, upwards].tolist()))
        lines = lines_of_steps(x, y, codes, shown.apart, crossed)
    else:
        lines = lines_between(codes, edges, within, x, y, walk.ask)
    present = np.unique(codes[codes >= 0]).tolist()
    known = list(range(len(shown.words))) if drawn.show != "workable_arrangements" else _in_order(present)
    names = [shown.in_words(code) for code in known]
    result: dict[str, Any] = {
        # a finding that the author states may be false where settings are changed
        "title": drawn.subject if overrides else drawn.title or drawn.subject,
        "x": _axis(drawn.x, x),
        "y": _axis(drawn.y, y),
        "show": _named(drawn),
        "here": _own_values(scenario, drawn, overrides),
        "regions": names,
    }
    if shown.numeric:
        result["numbers"] = _nulled(amounts, np.isnan(amounts))
        result["fails"] = fails.tolist() if drawn.profile is not None else None
    else:
        place = np.full(max(present, default=0) + 1, -1)
        place[present] = [known.index(code) for code in present]
        result["cells"] = _nulled(place[np.maximum(codes, 0)], codes < 0)
    result["shares"] = {name: float((codes == code).mean()) for name, code in zip(names, known, strict=True)}
    result["boundaries"] = [
        {
            "between": [shown.in_words(a), shown.in_words(b)],
            "lines": [[list(p) for p in line] for line in path],
        }
        for (a, b), path in lines.items()
    ]
    result["notes"] = _notes(shown, codes)
    return result


def _axis(axis: Axis, values: Floats) -> dict[str, Any]:
    at = [plain_number(value) for value in values.tolist()] if axis.apart else values.tolist()
    ends = borders(values) if axis.apart else None
    return {"path": axis.path, "label": axis.label, "values": at, "borders": ends}


class _Walk:
    """Asks for points in parts of bounded memory, and tells how far it is."""

    def __init__(self, shown: Regions, progress: Progress | None):
        self.shown, self.progress = shown, progress
        self.done = self.total = 0

    def at(self, points: Floats) -> tuple[Ints, Floats, Bools, Floats]:
        """Return what ``Regions.at`` does, at any number of points; nan where a part has fewer margins."""
        self.total = max(self.total, self.done + len(points))  # what boundaries ask for was not foreseen
        places, answers = [], []
        for part in self.shown.parts(points):
            places.append(part)
            answers.append(self.shown.at(points[part]))
            self.done += len(part)
            if self.progress:
                self.progress(self.done, self.total)
        order = np.argsort(np.concatenate(places))
        codes, amounts, fails, margins = zip(*answers, strict=True)
        most = max(m.shape[1] for m in margins)
        wide = [np.pad(m, ((0, 0), (0, most - m.shape[1])), constant_values=np.nan) for m in margins]
        joined = [np.concatenate(parts)[order] for parts in (codes, amounts, fails, wide)]
        return joined[0], joined[1], joined[2], joined[3]

    def ask(self, points: Floats) -> tuple[Ints, Floats]:
        """Return codes and margins alone."""
        codes, _, _, margins = self.at(points)
        return codes, margins


def _grid(walk: _Walk, x: Floats, y: Floats) -> tuple[Ints, Floats, Bools]:
    """Return codes, amounts, and where the profile fails, of all cells, (m, n), some rows at a time."""
    codes, amounts = np.empty((y.size, x.size), dtype=int), np.empty((y.size, x.size))
    fails = np.zeros((y.size, x.size), dtype=bool)
    rows = max(1, MOST_POINTS // x.size)
    for k in range(0, y.size, rows):
        part = y[k : k + rows]
        points = np.column_stack([np.tile(x, part.size), np.repeat(part, x.size)])
        shape, rest = (part.size, x.size), slice(k, k + rows)
        codes[rest], amounts[rest], fails[rest] = (each.reshape(shape) for each in walk.at(points)[:3])
    return codes, amounts, fails


def _in_order(present: list[int]) -> list[int]:
    """Return sets of arrangements, each a number with one bit a member: nobody first, then by size."""
    return sorted({0, *present}, key=lambda code: (code.bit_count(), f"{code:b}"[::-1].replace("1", "/")))


def _nulled(array: Any, missing: Any) -> list[list[Any]]:
    rows: list[list[Any]] = array.tolist()
    for i, j in np.argwhere(missing).tolist():
        rows[i][j] = None
    return rows


def _own_values(scenario: Scenario, drawn: Map, overrides: Mapping[str, Any] | None) -> list[float] | None:
    """Return where the scenario itself stands on both axes; None where a setting has no value."""
    values = Values(scenario, overrides)
    own = [values.of(axis.path) for axis in (drawn.x, drawn.y)]
    if any(value is None or isinstance(value, Mapping) or np.ndim(value) for value in own):
        return None
    return [float(value) for value in own]


def _named(drawn: Map) -> Any:
    if drawn.arrangement is None:
        return drawn.show
    more = {"profile": drawn.profile, "player": drawn.player, "of": drawn.of}
    named = {"quantity": drawn.show, "arrangement": drawn.arrangement}
    return named | {key: entry for key, entry in more.items() if entry is not None}


def _notes(shown: Regions, codes: Ints) -> list[str]:
    """Say what was refused where, and what was warned of."""
    messages: dict[str, Any] = {}
    for site in shown.arrangements.values():
        messages |= site.notes
    empty = int((codes == NOWHERE).sum())
    notes = [message for message, place in messages.items() if place is None]
    if unknown := int((codes == NO_NUMBER).sum()):
        quantity = QUANTITIES[shown.drawn.show]
        reasons = [] if shown.kind == "truth" else [f"{shown.drawn.show} has no number there"]
        reasons += [NO_COMPARISON] if quantity.compares else []
        notes.append(f"{unknown:,} of {codes.size:,} cells are empty: {', or '.join(reasons)}")
    refusals = {message: place for message, place in messages.items() if place is not None}
    if refusals and empty:
        first, place = next(iter(refusals.items()))
        more = f", and {len(refusals) - 1} more reasons" if len(refusals) > 1 else ""
        at = ", ".join(f"{value:g}" for value in place)
        notes.append(f"{empty:,} of {codes.size:,} cells are refused; at ({at}) {first}{more}")
    return notes
