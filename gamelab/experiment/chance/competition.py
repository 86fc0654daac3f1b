"""Competition: the tournaments of a scenario's strategies, one in each arrangement."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gamelab.errors import GameError, GamelabWarning, InputError
from gamelab.experiment.sources import heading
from gamelab.model.arguments import Progress
from gamelab.model.game import Game
from gamelab.scenario import Scenario, assemble, contestants, profiles, simulation_of
from gamelab.simulate.tournament.entrants import Entrant, parameter_free
from gamelab.simulate.tournament.tournament import Tournament, tournament


@dataclass(frozen=True, eq=False)
class Competition:
    """The tournaments of one scenario.

    Parameters
    ----------
    scenario : Scenario
    overrides : mapping of str to value
    tournaments : mapping of str to Tournament
        By arrangement.
    sampled : mapping or None
        Matches, rounds and seed of sampled tournaments.
    notes : tuple of str
        What was warned of.
    interrupted : bool
        Whether arrangements are missing because somebody interrupted.
    """

    scenario: Scenario
    overrides: Mapping[str, Any]
    tournaments: Mapping[str, Tournament]
    sampled: Mapping[str, Any] | None
    notes: tuple[str, ...]
    interrupted: bool

    def to_dict(self) -> dict[str, Any]:
        """Return one entry of ``scenarios`` as the command's results hold it."""
        return {
            **heading(self.scenario, self.overrides),
            "sampled": self.sampled,
            "tournaments": {name: each.to_dict() for name, each in self.tournaments.items()},
            "notes": list(self.notes),
            "interrupted": self.interrupted,
        }


def compete(
    scenario: Scenario,
    overrides: Mapping[str, Any] | None = None,
    *,
    arrangement: str | None = None,
    strategies: Sequence[Entrant] | None = None,
    chance: Mapping[str, Any] | None = None,
    self_play: bool = True,
    progress: Progress | None = None,
) -> Competition:
    """Return the tournament of each arrangement.

    Parameters
    ----------
    scenario : Scenario
    overrides : mapping of str to value, optional
        Other settings, by dotted path.
    arrangement : str, optional
        Only this one.
    strategies : sequence of entrants, optional
        Who plays. By default the strategies of the section ``simulate``; without any the candidates of all
        arrangements and what the catalogue has without settings. Each arrangement leaves out whom its game
        refuses.
    chance : mapping of str to value, optional
        Matches, rounds and seed of sampled tournaments; what is missing is taken from the section
        ``simulate``. Without it every pair is solved.
    self_play, progress
        As for ``gl.tournament``.

    Raises
    ------
    InputError
        For an unknown arrangement, for settings that a game refuses, for a strategy of ``strategies`` that
        every arrangement refuses, and where no arrangement has a tournament.
    """
    overrides = overrides or {}
    sampled: dict[str, Any] = {}
    if chance is not None:
        section = simulation_of(scenario, overrides, chance)
        sampled = {"matches": section.matches, "rounds": section.rounds, "seed": section.seed}
    field = strategies or contestants(scenario, overrides) or known_strategies(scenario, overrides)
    played: dict[str, Tournament] = {}
    refused: dict[str, str] = {}
    notes: list[str] = []
    interrupted = False
    options: dict[str, Any] = {
        "exact": not sampled,
        "self_play": self_play,
        "leave_out": True,
        "progress": progress,
    }
    try:
        for name in scenario.arrangements if arrangement is None else (arrangement,):
            game = _game(scenario, name, overrides, notes)
            try:
                played[name] = tournament(game, field, **options, **sampled)
            except GameError as refusal:
                refused[name] = f"{name}: {refusal}"
    except KeyboardInterrupt:
        if not played:
            raise
        interrupted = True
    if not played:
        raise InputError(scenario.problem(next(iter(refused.values())), ""))
    if strategies and not interrupted:
        _all_play(scenario, played)
    notes += refused.values()
    return Competition(scenario, overrides, played, sampled or None, tuple(dict.fromkeys(notes)), interrupted)


def _game(scenario: Scenario, name: str, overrides: Mapping[str, Any], notes: list[str]) -> Game:
    """Return the game of an arrangement; what it warns of becomes a note."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", GamelabWarning)
        game = assemble(scenario, name, overrides)
    notes += [f"{name}: {entry.message}" for entry in caught if issubclass(entry.category, GamelabWarning)]
    return game


def _all_play(scenario: Scenario, played: Mapping[str, Tournament]) -> None:
    """Refuse strategies that play nowhere: they were asked for."""
    problems = []
    for name, reason in next(iter(played.values())).left_out.items():
        if all(name in each.left_out for each in played.values()):
            problems.append(scenario.problem(f"no arrangement lets {name} play: {reason}", "strategies"))
    if problems:
        raise InputError(problems)


def known_strategies(scenario: Scenario, overrides: Mapping[str, Any]) -> list[Entrant]:
    """Return the candidates of all arrangements, and what the catalogue has without settings; each once."""
    plans: list[Any] = []
    for name in scenario.arrangements:
        for profile in profiles(scenario, name, overrides):
            seats: list[Any] = [{own: settings} if settings else own for own, settings in profile.choices]
            alike = all(seat == seats[0] for seat in seats)
            plans.append(seats[0] if alike else seats)
    strategies: list[Entrant] = []
    for plan in [*plans, *parameter_free()]:
        if plan not in strategies:
            strategies.append(plan)
    return strategies
