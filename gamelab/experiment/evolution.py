"""Evolution of a scenario: which strategies a population chooses under each arrangement, and on what paths."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gamelab.errors import GameError, InputError, Problem
from gamelab.model.game import Floats, Game
from gamelab.randomness import stream
from gamelab.scenario import Scenario, assemble, profiles
from gamelab.simulate.best_response import best_response_dynamics
from gamelab.simulate.dynamics import logit_dynamics, replicator, velocity
from gamelab.simulate.finite_population import evolve
from gamelab.simulate.fixation import fixation
from gamelab.simulate.imitation import PROCESSES as FINITE
from gamelab.simulate.payoff_matrix import PayoffMatrix, one_of, real
from gamelab.simulate.population_chain import is_solvable, population_chain
from gamelab.simulate.rest_points import MOST_STRATEGIES, rest_points
from gamelab.simulate.share_paths import SharePaths

DYNAMICS = ("replicator", "logit", "best_response")
PROCESSES = (*FINITE, *DYNAMICS)
POPULATION = 100
STARTS = {"replicator": 100, "logit": 100, "best_response": 40}
"""From so many random shares it is tried where paths end."""
DURATION, DOUBLINGS = 100.0, 4
GONE = 1e-3
"""A share below counts as none where ends of paths are told apart."""

Progress = Callable[[int, int], None]


def evolution(
    scenario: Scenario,
    arrangement: str,
    overrides: Mapping[str, Any] | None = None,
    *,
    strategies: Sequence[str] | None = None,
    process: str = "moran",
    progress: Progress | None = None,
    **settings: Any,
) -> dict[str, Any]:
    """Return what evolves among strategies under one arrangement, as plain numbers and words.

    Parameters
    ----------
    scenario : Scenario
    arrangement : str
    overrides : mapping
    strategies : sequence of str, optional
        By default those of the scenario's section ``simulate``; without one, those that the arrangement names
        and those of the catalogue that take no settings and that the game admits.
    process, progress, **settings
        As :func:`evolved` takes them; the population by default that of the section ``simulate``.

    Raises
    ------
    InputError
        Where the game or a strategy refuses, with the scenario's file.
    """
    game = assemble(scenario, arrangement, overrides)
    asked = getattr(scenario, "simulate", None)
    wanted = strategies or getattr(asked, "strategies", None)
    if settings.get("population") is None:
        settings["population"] = getattr(asked, "population", None) or POPULATION
    try:
        entrants = list(wanted) if wanted else _named(scenario, arrangement, overrides)
        matrix, left_out = round_robin(game, entrants, leave_out=not wanted)
        found = evolved(matrix, process=process, progress=progress, **settings)
    except GameError as refusal:
        key = f"arrangements.{arrangement}"
        raise InputError(Problem(str(refusal), key, scenario.file)) from None
    return {**found, "left_out": left_out}


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
        One of a finite population (``moran``, ``moran_linear``, ``pairwise``), or a dynamic of shares in a large
        one (``replicator``, ``logit``, ``best_response``).
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
    told: dict[str, Any] = {
        "strategies": list(matrix.names),
        "payoffs": matrix.payoffs.tolist(),
        "process": process,
    }
    if process in FINITE:
        return told | _finite(matrix, process, population, intensity, mutation, seed, progress)
    if mutation is not None:
        raise GameError(f"{process} has no mutation; leave it out, or take {', '.join(FINITE)}", "mutation")
    noise = 1 / real(intensity, "intensity", 0.0, above=True) if process == "logit" else None
    return told | _infinite(matrix, process, noise, seed)


def round_robin(
    game: Game, strategies: Sequence[Any], *, leave_out: bool
) -> tuple[PayoffMatrix, dict[str, str]]:
    """Return what strategies earn against each other, the mean over seats; and who cannot play, and why."""
    from gamelab.experiment.questions import value
    from gamelab.simulate.payoff_matrix import payoff_matrix
    from gamelab.strategies.profile import profile_of

    if game.n != 2:
        raise GameError(f"strategies evolve in games of two players, and this one has {game.n}", "players")
    kept: dict[str, Any] = {}
    left_out: dict[str, str] = {}
    for strategy in strategies:
        name = strategy if isinstance(strategy, str) else json.dumps(strategy)
        try:
            kept[name] = profile_of(game, strategy)
        except GameError as refusal:
            if not leave_out:
                raise GameError(f"{name} cannot play this game: {refusal}", "strategies") from None
            left_out[name] = str(refusal)
    if not kept:
        raise GameError("this game admits none of the strategies", "strategies")
    seats = np.array(
        [[value(game, [row[0], column[1]]).payoffs for column in kept.values()] for row in kept.values()]
    )
    mean = (seats[..., 0] + seats[..., 1].T) / 2
    return PayoffMatrix(tuple(kept), payoff_matrix(mean).payoffs), left_out


def _named(scenario: Scenario, arrangement: str, overrides: Mapping[str, Any] | None) -> list[Any]:
    """Return the strategies that an arrangement names, then those of the catalogue without settings."""
    from gamelab.model.settings import settings_of
    from gamelab.strategies import STRATEGIES

    found: dict[str, Any] = {}
    for profile in profiles(scenario, arrangement, overrides):
        for strategy in profile.label:
            found.setdefault(json.dumps(strategy), strategy)
    for name, made in STRATEGIES.items():
        if not any(setting.required for setting in settings_of(made)):
            found.setdefault(json.dumps(name), name)
    return list(found.values())


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
    found = fixation(matrix, population, intensity, process=process)
    told: dict[str, Any] = {
        "population": population,
        "intensity": intensity,
        "mutation": mutation,
        "method": "rare mutation",
        "shares": found.stationary.tolist(),
        "log_shares": found.log_stationary.tolist(),
        "standard_errors": None,
        "fixation": found.probabilities.tolist(),
        "log_fixation": found.log_probabilities.tolist(),
        "relative_fixation": found.relative.tolist(),
        "curves": {},
    }
    if not mutation:
        return told
    if is_solvable(population, matrix.k):
        chain = population_chain(matrix, population, intensity, mutation, process=process)
        return told | {"method": "exact", "log_shares": None, "shares": chain.shares.tolist()}
    generations = _generations(population, matrix.k)
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
    return told | {
        "method": "by chance",
        "generations": generations,
        "populations": played.populations,
        "shares": played.means.tolist(),
        "log_shares": None,
        "standard_errors": played.standard_errors.tolist(),
        "curves": {"paths": _lines(played.generations, played.shares, "generation")},
    }


def _generations(population: int, k: int) -> int:
    """Return how long populations play: a million steps where generations are short, and ten at least."""
    return int(np.clip(200_000 // population, 10, 2000))


def _infinite(matrix: PayoffMatrix, process: str, noise: float | None, seed: int) -> dict[str, Any]:
    """Return where shares of a large population go, from even ones and from random ones."""
    starts = stream(seed, "random shares").dirichlet(np.ones(matrix.k), size=STARTS[process])
    starts = np.maximum(starts, 1e-12)
    begin = np.full((1, matrix.k), 1 / matrix.k)
    even = bool(np.abs(velocity(matrix, begin, dynamic=process, noise=noise or 1.0)).max() > 1e-12) or matrix.k == 1
    if not even:  # nothing would move
        begin = np.arange(matrix.k, 0.0, -1.0)[None] / np.arange(matrix.k + 1).sum()
    length = DURATION / (matrix.spread or 1.0) if process == "replicator" else DURATION / 4
    path = _paths(matrix, process, begin, length, noise)
    settled = False
    for _ in range(DOUBLINGS):
        ends = _paths(matrix, process, starts / starts.sum(axis=1, keepdims=True), length, noise, moments=2)
        speed = np.abs(velocity(matrix, ends.last, dynamic=process, noise=noise or 1.0)).max()
        settled = process == "best_response" or bool(speed <= 1e-6 * (matrix.spread or 1.0))
        if settled:
            break
        length *= 2
    told: dict[str, Any] = {
        "method": "paths",
        "noise": noise,
        "start": "even" if even else "uneven",
        "shares": path.last[0].tolist(),
        "settled": settled,
        "ends": _ends(matrix, ends.last),
        "notes": list(path.notes),
        "rest_points": _rest(matrix) if process == "replicator" else None,
        "curves": {"paths": _lines(path.times, path.shares[0], "time")},
    }
    if matrix.k == 3:
        told["curves"]["simplex"] = _simplex(matrix, process, noise, length, told["rest_points"])
    return told


def _paths(
    matrix: PayoffMatrix,
    process: str,
    starts: Floats,
    duration: float,
    noise: float | None,
    moments: int = 201,
) -> SharePaths:
    if process == "logit":
        return logit_dynamics(matrix, starts, duration, noise=noise or 1.0, moments=moments)
    dynamic = replicator if process == "replicator" else best_response_dynamics
    return dynamic(matrix, starts, duration, moments=moments)


def _ends(matrix: PayoffMatrix, last: Floats) -> list[dict[str, Any]]:
    """Return where paths end, told apart by the strategies that are left, the most frequent first."""
    groups: dict[tuple[bool, ...], list[Floats]] = {}
    for shares in last:
        groups.setdefault(tuple(bool(share > GONE) for share in shares), []).append(shares)
    ordered = sorted(groups.items(), key=lambda entry: -len(entry[1]))
    return [
        {
            "strategies": [name for name, left in zip(matrix.names, present) if left],
            "frequency": len(members) / len(last),
            "shares": np.mean(members, axis=0).tolist(),
        }
        for present, members in ordered
    ]


def _rest(matrix: PayoffMatrix) -> list[dict[str, Any]] | None:
    """Return the rest points of the replicator dynamic; None for very many strategies."""
    if matrix.k > MOST_STRATEGIES:
        return None
    return [
        {
            "shares": point.shares.tolist(),
            "kind": point.kind,
            "nash": point.nash,
            "ends": [end.tolist() for end in point.ends],
        }
        for point in rest_points(matrix)
    ]


def _lines(times: Floats, shares: Floats, unit: str) -> dict[str, Any]:
    return {"unit": unit, "times": times.tolist(), "shares": shares.tolist()}


def _simplex(
    matrix: PayoffMatrix, process: str, noise: float | None, length: float, rest: Any
) -> dict[str, Any]:
    """Return what a picture of three strategies shows: arrows on a grid, a few paths, rest points."""
    steps = 14
    grid = np.array([(i, j, steps - i - j) for i in range(steps + 1) for j in range(steps + 1 - i)]) / steps
    inner = grid * 0.94 + 0.02
    starts = np.array([(i, j, 5 - i - j) for i in range(1, 4) for j in range(1, 5 - i)]) / 5
    edges = [[0.05, 0.9, 0.05], [0.9, 0.05, 0.05], [0.05, 0.05, 0.9]]
    if process == "best_response":
        edges = []
    paths = _paths(matrix, process, np.array([*starts, *edges]), min(length, DURATION), noise, moments=801)
    return {
        "points": inner.tolist(),
        "velocities": velocity(matrix, inner, dynamic=process, noise=noise or 1.0).tolist(),
        "paths": paths.shares.tolist(),
        "rest_points": rest,
    }
