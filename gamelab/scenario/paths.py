"""Paths: which setting a dotted path names, written out or shortened to its last names."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from gamelab.errors import InputError, Problem, listed, nearest
from gamelab.expressions import dotted, segments, shortened
from gamelab.model.settings import Setting
from gamelab.scenario.document import Entry, Scenario
from gamelab.scenario.members import UnknownPathError, path_below

SHOWN_NAMES = 400
MOST_CANDIDATES = 8
WITH_ITEMS = ("numbers", "structure")
OF_TIME = ("discount_factor", "rounds")
"""Names that mean the section ``time``, whatever else is called so; expressions read them so, too."""
OF_EXPRESSIONS = ("parameters", "game")
"""Sections whose settings expressions read by their bare names."""


class AmbiguousPathError(InputError):
    """A shortened path that could name several settings."""


def located(scenario: Scenario, path: str, arrangement: str | None = None) -> tuple[Entry, tuple[str, ...]]:
    """Return the setting that a path names, and the keys inside it where it names one item.

    The whole path goes first; else its last name, with as many of the names before it as make clear which
    setting is meant: ``transparency.reach`` or ``reach`` where one transparency is there.

    Parameters
    ----------
    arrangement : str, optional
        Whose settings a shortened path means first; see ``preferred``.

    Raises
    ------
    InputError
        Where there is none, with the nearest known path; where there are several, with all of them.
    """
    place = written_out(scenario, path)
    if place is not None:
        return place
    parts = segments(path)
    for count in range(len(parts), 0, -1):
        meant = _shortened(scenario, parts[:count], arrangement)
        if count < len(parts):
            meant = [entry for entry in meant if has_members(entry.setting)]
        if len(meant) > 1:
            candidates = listed(entry.path for entry in meant[:MOST_CANDIDATES])
            more = f" ({len(meant)} in all)" if len(meant) > MOST_CANDIDATES else ""
            raise AmbiguousPathError(
                Problem(f"'{shortened(path)}' could be {candidates}{more}; write the one that is meant")
            )
        if meant:
            return meant[0], parts[count:]
    raise unknown(scenario, path)


def has_members(setting: Setting) -> bool:
    """Tell whether there can be paths below a setting's own: items of lists, players of mappings."""
    return setting.by_player or setting.kind in WITH_ITEMS


def unknown(scenario: Scenario, path: str) -> UnknownPathError:
    """Return the refusal of a path that names nothing, with the nearest known one."""
    return UnknownPathError(
        Problem(f"'{shortened(path)}' names no setting of this scenario{_near(scenario, path)}")
    )


def _near(scenario: Scenario, path: str) -> str:
    known, count = list(scenario.entries)[:SHOWN_NAMES], len(segments(path))
    endings = {dotted(segments(name)[-count:]): name for name in reversed(known)}
    close = get_close_matches(path, endings, n=1)
    hint = f"; did you mean '{endings[close[0]]}'?" if close else nearest(path, known)
    return hint or f"; paths are such as {listed(known[:3])}"


def written_out(scenario: Scenario, path: str) -> tuple[Entry, tuple[str, ...]] | None:
    """Return what a whole path names, and None where it is none."""
    parts = segments(path)
    for count in range(len(parts), 0, -1):
        entry = scenario.entries.get(dotted(parts[:count]))
        if entry is not None:
            keys = parts[count:]
            return None if keys and not has_members(entry.setting) else (entry, keys)
    return None


def _shortened(scenario: Scenario, parts: tuple[str, ...], arrangement: str | None) -> list[Entry]:
    """Return the settings whose path ends so, else those that have these names in this order."""
    if parts[0] in OF_TIME and len(parts) == 1:
        return [scenario.entries[f"time.{parts[0]}"]]
    names = {path: segments(path) for path in scenario.entries}
    there = [path for path, whole in names.items() if whole[-len(parts) :] == parts]
    there = there or [
        path for path, whole in names.items() if whole[-1] == parts[-1] and _within(parts, whole)
    ]
    return preferred([scenario.entries[path] for path in there], arrangement)


def preferred(entries: Sequence[Entry], arrangement: str | None) -> list[Entry]:
    """Return those of several settings of one name that are meant where an arrangement is spoken of.

    Its institutions' settings go first, then parameters and settings of the game, then whatever else concerns
    it. Paths and expressions follow this one rule, so that a name means one thing on both sides of a claim.
    """
    if arrangement is None:
        return list(entries)
    ranks = [_rank(entry, arrangement) for entry in entries]
    return [entry for entry, rank in zip(entries, ranks) if rank == min(ranks)]


def _rank(entry: Entry, arrangement: str) -> int:
    parts = segments(entry.path)
    if entry.arrangement == arrangement and parts[2] == "institutions":
        return 0
    if parts[0] in OF_EXPRESSIONS:
        return 1
    return 2 if entry.arrangement in (None, arrangement) else 3


def _within(parts: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """Tell whether the parts stand in a path in this order."""
    rest = iter(whole)
    return all(part in rest for part in parts)


def whole_path(entry: Entry, keys: Sequence[str]) -> str:
    """Return the whole path of a setting or of an item of it."""
    return path_below(entry.path, keys)
