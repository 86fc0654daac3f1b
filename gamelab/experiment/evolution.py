"""Evolution of a scenario: which strategies a population comes to play under each arrangement."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gamelab.errors import GameError, GamelabWarning, InputError
from gamelab.experiment.candidates import profile_name
from gamelab.experiment.flows import DYNAMICS, flows, lines
from gamelab.experiment.questions import value
from gamelab.model.game import Game
from gamelab.model.settings import settings_of
from gamelab.scenario import Scenario, applied, assemble, contestants, profiles, simulation_of
from gamelab.simulate.evolution.finite_population import evolve
from gamelab.simulate.evolution.fixation import fixation
from gamelab.simulate.evolution.imitation import PROCESSES as FINITE
from gamelab.simulate.evolution.payoff_matrix import PayoffMatrix, payoff_matrix
from gamelab.simulate.evolution.population_chain import is_solvable, population_chain
from gamelab.simulate.options import one_of, real
from gamelab.strategies import STRATEGIES
from gamelab.strategies.profile import profile_of

PROCESSES = (*FINITE, *DYNAMICS)
POPULATION = 100
LEAST_STEPS = 100_000
"""Populations that play by chance do so for about that many steps, and for ten generations at least."""
Progress = Callable[[int, int], None]


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
    overrides = overrides or {}
    chance = simulation_of(scenario, overrides)
    settings |= {"population": population or chance.population, "seed": chance.seed if seed is None else seed}
    field = strategies or contestants(scenario, overrides) or known_strategies(scenario, overrides)
    found: dict[str, Any] = {}
    notes: list[str] = []
    interrupted = False
    try:
        for name in scenario.arrangements if only is None else (only,):
            game = _game(scenario, name, overrides, notes)
            try:
                matrix, left_out = round_robin(game, field)
            except GameError as refusal:
                notes.append(f"{name}: {refusal}")
                continue
            found[name] = {**evolved(matrix, progress=progress, **settings), "left_out": left_out}
    except KeyboardInterrupt:
        if not found:
            raise
        interrupted = True
    if not found:
        raise InputError(scenario.problem(notes[-1], ""))
    if strategies and not interrupted:
        _all_play(scenario, found)
    return {
        "title": scenario.title,
        "about": scenario.about,
        "source": scenario.source,
        "file": scenario.file,
        "digest": scenario.digest,
        "overrides": applied(scenario, overrides),
        "arrangements": found,
        "notes": list(dict.fromkeys(notes)),
        "interrupted": interrupted,
    }


def _game(scenario: Scenario, name: str, overrides: Mapping[str, Any], notes: list[str]) -> Game:
    """Return the game of an arrangement; what it warns of becomes a note."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", GamelabWarning)
        game = assemble(scenario, name, overrides)
    notes += [f"{name}: {entry.message}" for entry in caught if issubclass(entry.category, GamelabWarning)]
    return game


def _all_play(scenario: Scenario, found: Mapping[str, Any]) -> None:
    """Refuse strategies that play nowhere: they were asked for."""
    first = next(iter(found.values()))["left_out"]
    told = [
        scenario.problem(f"no arrangement lets {name} play: {reason}", "strategies")
        for name, reason in first.items()
        if all(name in each["left_out"] for each in found.values())
    ]
    if told:
        raise InputError(told)


def known_strategies(scenario: Scenario, overrides: Mapping[str, Any]) -> list[Any]:
    """Return the candidates of all arrangements, and what the catalogue has without settings; each once."""
    plans: list[Any] = []
    for name in scenario.arrangements:
        for profile in profiles(scenario, name, overrides):
            seats: list[Any] = [{own: settings} if settings else own for own, settings in profile.choices]
            plans.append(seats[0] if all(seat == seats[0] for seat in seats) else seats)
    for name, made in STRATEGIES.items():
        if not any(setting.required for setting in settings_of(made)):
            plans.append(name)
    return [plan for k, plan in enumerate(plans) if plan not in plans[:k]]


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
    return told | flows(matrix, process, noise, seed)


def round_robin(game: Game, field: Sequence[Any]) -> tuple[PayoffMatrix, dict[str, str]]:
    """Return what strategies earn against each other, the mean over seats; and who cannot play, and why.

    Raises
    ------
    GameError
        Where there are not two players, or nobody can play.
    """
    if game.n != 2:
        raise GameError(f"strategies evolve in games of two players, and this one has {game.n}", "players")
    kept: dict[str, Any] = {}
    left_out: dict[str, str] = {}
    for plan in field:
        seats = [_plain(seat) for seat in (plan if isinstance(plan, list) else [plan])]
        name = profile_name(seats)
        try:
            kept[name] = profile_of(game, seats if len(seats) > 1 else seats[0])
        except GameError as refusal:
            left_out[name] = str(refusal)
    if not kept:
        raise GameError(f"this game admits none of them; {next(iter(left_out.values()))}", "strategies")
    paid = np.array(
        [[value(game, [row[0], column[1]]).payoffs for column in kept.values()] for row in kept.values()]
    )
    mean = (paid[..., 0] + paid[..., 1].T) / 2
    return PayoffMatrix(tuple(kept), payoff_matrix(mean).payoffs), left_out


def _plain(seat: Any) -> Any:
    """Return a strategy by its name alone where it has no settings."""
    if isinstance(seat, Mapping) and len(seat) == 1 and not next(iter(seat.values())):
        return next(iter(seat))
    return seat


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
    return told | {
        "method": "by chance",
        "generations": generations,
        "populations": played.populations,
        "shares": played.means.tolist(),
        "log_shares": None,
        "standard_errors": played.standard_errors.tolist(),
        "curves": {"paths": lines(played.generations, played.shares, "generation")},
    }


def _generations(population: int) -> int:
    """Return how long populations play."""
    return int(np.clip(LEAST_STEPS // population, 10, 1000))
