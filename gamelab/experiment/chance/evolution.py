"""Evolution of a scenario: which strategies a population comes to play under each arrangement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gamelab.errors import GameError, InputError
from gamelab.experiment.chance.competition import compete
from gamelab.experiment.chance.flows import DYNAMICS, flows, lines
from gamelab.experiment.sources import heading
from gamelab.model.arguments import Progress, one_of, real
from gamelab.model.game import Floats
from gamelab.scenario import Scenario, simulation_of
from gamelab.simulate.evolution.finite_population import evolve
from gamelab.simulate.evolution.fixation import fixation
from gamelab.simulate.evolution.imitation import PROCESSES as FINITE
from gamelab.simulate.evolution.payoff_matrix import PayoffMatrix, payoff_matrix
from gamelab.simulate.evolution.population_chain import is_solvable, population_chain

PROCESSES = (*FINITE, *DYNAMICS)
POPULATION = 100
MOST_BY_CHANCE = 10_000
"""Players of populations that are played by chance for a command: ten generations take ten seconds."""
UNSETTLED = 0.02
LEAST_STEPS = 100_000
"""Populations that play by chance do so for about that many steps, and for ten generations at least."""


def evolve_scenario(
    scenario: Scenario,
    overrides: Mapping[str, Any] | None = None,
    *,
    only: str | None = None,
    strategies: Sequence[Any] | None = None,
    population: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **settings: Any,
) -> dict[str, Any]:
    """Return what evolves among strategies in each arrangement, as plain numbers and words.

    Parameters
    ----------
    scenario : Scenario
    overrides : mapping of str to value, optional
    only : str, optional
        The one arrangement to look at.
    strategies : sequence, optional
        By default those of the section ``simulate``; without any, the candidates of all arrangements and what
        the catalogue has without settings. Each arrangement leaves out whom its game refuses.
    population, seed : int, optional
        By default those of the section ``simulate``.
    progress, **settings
        As :func:`evolved` takes them.

    Raises
    ------
    InputError
        For an unknown arrangement, for a strategy of ``strategies`` that every arrangement refuses, and where
        no arrangement has anybody to play it.
    GameError
        For what the engines refuse.
    """
    chance = simulation_of(scenario, overrides)
    _all_count(settings, population)
    given = {"population": population, "seed": seed}
    settings |= {key: getattr(chance, key) if value is None else value for key, value in given.items()}
    competition = compete(scenario, overrides, arrangement=only, strategies=strategies)
    entries: dict[str, Any] = {}
    interrupted = competition.interrupted
    try:
        for name, played in competition.tournaments.items():
            entry = evolved(payoff_matrix(played), progress=progress, **settings)
            entries[name] = {**entry, "left_out": dict(played.left_out)}
    except KeyboardInterrupt:
        if not entries:
            raise
        interrupted = True
    return {
        **heading(scenario, competition.overrides),
        "arrangements": entries,
        "notes": list(competition.notes),
        "interrupted": interrupted,
    }


def _all_count(settings: dict[str, Any], population: int | None) -> None:
    """Refuse what was asked for and would not count; leave out what was not asked for."""
    process = settings.get("process")
    if process in DYNAMICS and population is not None:
        raise GameError(f"{process} is of a population without number; leave it out", "population")
    if settings.get("intensity", 0) is None:
        settings.pop("intensity")
    elif "intensity" in settings and process in DYNAMICS and process != "logit":
        raise GameError(f"{process} has no intensity; leave it out", "intensity")


def rivalry(scenario: Scenario, overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the tournament of a scenario's strategies in each arrangement, and which of them last.

    Both as results hold them, under ``tournaments`` and ``evolution``; ``notes`` tell what is missing.
    """
    try:
        competition = compete(scenario, overrides)
    except InputError as refusal:
        notes = [f"strategies do not compete: {problem.message}" for problem in refusal.problems]
        return {"tournaments": {}, "evolution": {}, "notes": notes}
    population = simulation_of(scenario, overrides).population
    played = competition.tournaments
    return {
        "tournaments": {name: each.to_dict() for name, each in played.items()},
        "evolution": {
            name: evolved(payoff_matrix(each), population=population) for name, each in played.items()
        },
        "notes": list(competition.notes),
    }


def evolved(
    matrix: PayoffMatrix,
    *,
    process: str = "moran",
    population: int = POPULATION,
    intensity: float = 1.0,
    mutation: float | None = None,
    seed: int = 1,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return what evolves among strategies with these payoffs, as plain numbers and words.

    Parameters
    ----------
    matrix : PayoffMatrix
    process : str
        One of a finite population (``moran``, ``moran_linear``, ``pairwise``), or a dynamic of shares in a
        large one (``replicator``, ``logit``, ``best_response``).
    population : int
        Of a finite one.
    intensity : float
        Of selection; of the logit dynamic, one over the noise.
    mutation : float, optional
        Of a finite population: solved exactly where its states are few enough, else played by chance. Without
        it, the limit of rare mutation.
    seed : int
        Of what is played by chance, and of the random starts.
    progress : callable, optional
        Is told how far populations are that are played by chance.

    Raises
    ------
    GameError
        For an unknown process, and for what the engines refuse.
    """
    one_of(process, "process", PROCESSES)
    entry: dict[str, Any] = {
        "strategies": list(matrix.names),
        "payoffs": matrix.payoffs.tolist(),
        "process": process,
    }
    if process in FINITE:
        return entry | _finite(matrix, process, population, intensity, mutation, seed, progress)
    if mutation is not None:
        raise GameError(f"{process} has no mutation; leave it out, or take {', '.join(FINITE)}", "mutation")
    noise = 1 / real(intensity, "intensity", 0.0, above=True) if process == "logit" else None
    return entry | flows(matrix, process, noise, seed)


def _finite(
    matrix: PayoffMatrix,
    process: str,
    population: int,
    intensity: float,
    mutation: float | None,
    seed: int,
    progress: Progress | None,
) -> dict[str, Any]:
    """Return the shares of a finite population, and fixation probabilities between all pairs."""
    chances = fixation(matrix, population, intensity, process=process)
    entry: dict[str, Any] = {
        "population": population,
        "intensity": intensity,
        "mutation": mutation,
        "method": "rare mutation",
        "shares": chances.stationary.tolist(),
        "log_shares": chances.log_stationary.tolist(),
        "standard_errors": None,
        "fixation": chances.probabilities.tolist(),
        "log_fixation": chances.log_probabilities.tolist(),
        "relative_fixation": chances.relative.tolist(),
        "curves": {},
    }
    if mutation is None:
        return entry
    if is_solvable(population, matrix.k):
        chain = population_chain(matrix, population, intensity, mutation, process=process)
        return entry | {"method": "exact", "log_shares": None, "shares": chain.shares.tolist()}
    if population > MOST_BY_CHANCE:
        raise GameError(
            f"{population:,} players with mutation are too many to be played by chance; write at most "
            f"{MOST_BY_CHANCE:,}, or leave out the mutation: the limit of rare mutation is solved",
            "population",
        )
    generations = _generations(population)
    played = evolve(
        matrix,
        population,
        intensity,
        mutation,
        process=process,
        generations=generations,
        populations=50,
        seed=seed,
        progress=progress,
    )
    return entry | {
        "method": "by chance",
        "generations": generations,
        "populations": played.populations,
        "notes": _unsettled(played.shares, generations),
        "shares": played.means.tolist(),
        "log_shares": None,
        "standard_errors": played.standard_errors.tolist(),
        "curves": {"paths": lines(played.generations, played.shares, "generation")},
    }


def _unsettled(shares: Floats, generations: int) -> list[str]:
    """Return a note where shares still moved in the second half of the time."""
    moved = float(np.abs(shares[-1] - shares[len(shares) // 2]).max())
    if moved <= UNSETTLED:
        return []
    return [
        f"not settled: from even ones, shares still moved by up to {100 * moved:.0f} % in the second half of "
        f"{generations} generations; gl.evolve plays longer"
    ]


def _generations(population: int) -> int:
    """Return how long populations play."""
    return int(np.clip(LEAST_STEPS // population, 10, 1000))
