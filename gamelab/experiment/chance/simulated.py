"""Simulated: what an arrangement's conduct pays when it is played by chance, beside the exact values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gamelab.errors import GameError
from gamelab.experiment.arrangements import Arrangement
from gamelab.experiment.candidates import Candidate
from gamelab.experiment.sources import heading
from gamelab.model.arguments import Progress
from gamelab.scenario.assembly import known
from gamelab.scenario.simulation import SimulationSettings
from gamelab.scenario.specification import Specification
from gamelab.simulate.matches.matches import Interrupted, simulate
from gamelab.simulate.matches.shown import shown
from gamelab.simulate.matches.simulation import Simulation
from gamelab.strategies.profile import Strategy


@dataclass(frozen=True, eq=False)
class Played:
    """One profile of an arrangement, played by chance.

    Parameters
    ----------
    arrangement : str
    candidate : Candidate
        What is played: the conduct, unless another one was asked for.
    section : gamelab.scenario.simulation.SimulationSettings
        How much is played.
    simulation : gamelab.simulate.matches.simulation.Simulation
        What came out.
    """

    arrangement: str
    candidate: Candidate
    section: SimulationSettings
    simulation: Simulation

    def to_dict(self) -> dict[str, Any]:
        """Return what came out as results hold it: each mean with its standard error and 95 % interval."""
        return {"profile": self.candidate.label, **shown(self.simulation, histories=self.section.histories)}


def simulated(
    arrangements: Mapping[str, Arrangement], section: SimulationSettings, progress: Progress | None = None
) -> dict[str, Any]:
    """Return what each arrangement's conduct pays when it is played by chance, as results hold it.

    What cannot be played is None, and ``notes`` tell why: exact results do not depend on it.
    """
    entries: dict[str, Any] = {}
    refused: dict[str, list[str]] = {}
    for name, arrangement in arrangements.items():
        try:
            one = played(arrangement, section, progress=progress)
        except GameError as refusal:
            one = None
            refused.setdefault(str(refusal), []).append(name)
        except KeyboardInterrupt:  # what is solved is kept
            refused["interrupted"] = [left for left in arrangements if left not in entries]
            break
        entries[name] = one.to_dict() if one else None
    notes = [f"not simulated: {', '.join(names)}; {message}" for message, names in refused.items()]
    return report(section, entries, notes)


def report(section: SimulationSettings, entries: Mapping[str, Any], notes: Sequence[str]) -> dict[str, Any]:
    """Return what was played, as results hold it."""
    return {
        "matches": section.matches,
        "rounds": section.rounds,
        "seed": section.seed,
        "arrangements": dict(entries),
        "notes": list(notes),
    }


def played(
    arrangement: Arrangement,
    section: SimulationSettings,
    *,
    candidate: Candidate | None = None,
    threads: int = 1,
    records: Path | None = None,
    progress: Progress | None = None,
) -> Played | None:
    """Play an arrangement's conduct, or another candidate; None where there is no conduct.

    Raises
    ------
    GameError
        Without numba, and for a game without an end.
    """
    candidate = candidate or arrangement.conduct
    if candidate is None:
        return None
    simulation = simulate(
        arrangement.game,
        candidate.automata,
        section.matches,
        section.rounds,
        section.seed,
        threads=threads,
        records=records,
        progress=progress,
    )
    return Played(arrangement.name, candidate, section, simulation)


def simulate_scenario(
    arrangements: Mapping[str, Arrangement],
    section: SimulationSettings,
    *,
    only: str | None = None,
    profile: Sequence[Strategy] | None = None,
    threads: int = 1,
    records: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return what arrangements' conduct, or one profile in each, pays when it is played by chance.

    Parameters
    ----------
    arrangements : mapping of str to Arrangement
        Those of one scenario.
    section : gamelab.scenario.simulation.SimulationSettings
    only : str, optional
        The one arrangement to play; otherwise all of them.
    profile : list of strategies, optional
        One for everybody or one for each player; otherwise each arrangement's conduct.
    threads : int
    records : path, optional
        Where every move is written, of one arrangement.
    progress : callable, optional
        Called with the number of matches of an arrangement that are done, and that there are.

    Returns
    -------
    dict
        One entry of ``scenarios`` in the results file, with ``simulated`` and ``notes`` alone, and
        ``interrupted`` where only some matches were finished.

    Raises
    ------
    InputError, GameError
        For an unknown arrangement, and where a strategy or the simulation is refused.
    """
    specification = next(iter(arrangements.values())).specification
    names = list(arrangements)
    if only is not None:
        known(specification.scenario, only)
        names = [only]
    entries: dict[str, Any] = {}
    notes: list[str] = []
    for name in names:
        arrangement = arrangements[name]
        candidate = _asked_for(arrangement, profile) if profile else None
        try:
            one = played(
                arrangement, section, candidate=candidate, threads=threads, records=records, progress=progress
            )
        except Interrupted as stopped:
            partial = Played(name, candidate or arrangement.conduct, section, stopped.simulation)  # type: ignore[arg-type]
            entries[name] = partial.to_dict()
            notes.append(f"interrupted: {stopped.simulation.matches:,} matches of {name} were finished")
            return _entry(specification, report(section, entries, notes), interrupted=True)
        if one is None:
            notes.append(f"{name}: no candidate is certified, so none is played; name one with --profile")
        entries[name] = one.to_dict() if one else None
    return _entry(specification, report(section, entries, notes))


def _entry(
    specification: Specification, entry: dict[str, Any], *, interrupted: bool = False
) -> dict[str, Any]:
    return {
        **heading(specification.scenario, specification.overrides),
        "simulated": entry,
        "notes": entry["notes"],
        "interrupted": interrupted,
    }


def _asked_for(arrangement: Arrangement, profile: Sequence[Strategy]) -> Candidate:
    """Return a candidate that a user named."""
    n = arrangement.game.n
    each = list(profile) * n if len(profile) == 1 else list(profile)
    candidate = Candidate(arrangement.specification, arrangement.game, each, each)
    try:
        candidate.automata  # noqa: B018  what the game does not allow is refused here, where it was asked for
    except GameError as refusal:
        raise GameError(f"in {arrangement.name}: {refusal.message}", "profile") from None
    return candidate
