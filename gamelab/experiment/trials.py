"""Trials: what comes of it if a strategy that the file does not list is played in an arrangement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gamelab.errors import GameError, InputError
from gamelab.experiment.arrangements import Arrangement
from gamelab.scenario.document import Candidate as Listed
from gamelab.scenario.specification import Specification
from gamelab.solve.judgement import HOLDS

TRIED = ("grim", "comply", "penance", "turn_taking", "insist", "tit_for_tat")
"""Strategies that keep an agreement and need no settings, the harshest first."""


@dataclass(frozen=True)
class Trial:
    """A strategy that keeps the agreement where everybody plays it, and what becomes of the verdicts.

    Parameters
    ----------
    strategy : str
    workable : bool
        Whether the arrangement is workable then.
    undone : list of str
        The arrangements that are workable now and are not then.
    """

    strategy: str
    workable: bool
    undone: list[str]


def trial(arrangement: Arrangement) -> Trial | None:
    """List strategies in an arrangement, one after the other; return the first that keeps the agreement."""
    for name, tried in _tried(arrangement):
        found = tried.conduct
        if found is not None and found.verdict == HOLDS and found.supports.all():
            return Trial(name, bool(tried.comparison.works.all()), list(_undone(arrangement, tried)))
    return None


def _tried(arrangement: Arrangement) -> Iterator[tuple[str, Arrangement]]:
    for name in TRIED:
        try:
            listed = replace(arrangement, specification=_listing(arrangement.specification, name))
            listed.conduct  # noqa: B018  what cannot be played here is refused now
        except (GameError, InputError):
            continue
        yield name, listed


def _listing(specification: Specification, strategy: str) -> Specification:
    """Return the arrangement with one more candidate: this strategy for everybody."""
    scenario, name = specification.scenario, specification.arrangement
    path = f"{name}.profiles.{strategy}"
    more = Listed(((strategy, path),), True, path, scenario.at("arrangements", name))
    listed = {**scenario.candidates, name: (*scenario.candidates[name], more)}
    return replace(specification, scenario=replace(scenario, candidates=listed))


def _undone(arrangement: Arrangement, tried: Arrangement) -> Iterator[str]:
    if arrangement.baseline is None:
        for other in arrangement.siblings():
            if other.comparison.works.all() and not replace(other, baseline=tried).comparison.works.all():
                yield other.name
