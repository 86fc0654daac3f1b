"""What a scenario leaves to chance: how much is played, and which strategies compete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gamelab.errors import GameError, InputError
from gamelab.model.game import Game
from gamelab.scenario.assembly import choices_of, given_settings
from gamelab.scenario.document import Candidate, Scenario
from gamelab.scenario.simulation import SimulationSettings, simulation
from gamelab.scenario.values import Values
from gamelab.strategies.profile import automaton_of


def simulation_of(
    scenario: Scenario, overrides: Mapping[str, Any] | None = None, settings: Mapping[str, Any] | None = None
) -> SimulationSettings:
    """Return what a scenario's section asks for; the defaults where it has none.

    Parameters
    ----------
    overrides : mapping of str to value, optional
        Settings of the scenario to change, by dotted path.
    settings : mapping of str to value, optional
        Settings of the section that go before what is written; the scenario need not have the section.

    Raises
    ------
    GameError
        For a value out of range.
    """
    return simulation(**{**given_settings(Values(scenario, overrides), "simulate"), **(settings or {})})


def contestants(
    scenario: Scenario, overrides: Mapping[str, Any] | None = None
) -> list[dict[str, dict[str, Any]]] | None:
    """Return the strategies of the section, each by its name with its settings; None where it lists none."""
    values = Values(scenario, overrides)
    if not scenario.contestants:
        return None
    return [dict(choices_of(values, one)[:1]) for one in scenario.contestants]


def refusal_everywhere(values: Values, one: Candidate, games: Mapping[str, Game]) -> InputError | None:
    """Return why no arrangement's game has a player who could use a strategy; None where one has.

    Raises
    ------
    InputError
        For settings that cannot be evaluated.
    """
    name, settings = choices_of(values, one)[0]
    said: dict[str, GameError] = {}
    for arrangement, game in games.items():
        for player in range(game.n):
            try:
                automaton_of(game, player, {name: settings})
                return None
            except GameError as unsuited:
                said.setdefault(arrangement, unsuited)
    if not said:
        return None
    arrangement, refusal = next(iter(said.items()))
    scenario = values.scenario
    entry = scenario.sections.get(one.strategies[0][1], {}).get(refusal.key)
    if entry is not None and entry.written:
        return InputError(scenario.problem(refusal.message, entry.path, entry.at))
    message = f"no arrangement lets anybody play {name}; in {arrangement}: {refusal}"
    return InputError(scenario.problem(message, one.path, one.at))
