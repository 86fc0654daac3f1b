"""Where the game is made: stage, time and information, institutions in order, altruism last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np

from gamelab.errors import GameError, InputError, Problem, listed, nearest
from gamelab.expressions import Expression, dotted, segments
from gamelab.model.game import Game
from gamelab.model.information import repeated
from gamelab.model.settings import Setting, settings_of
from gamelab.scenario import catalogue
from gamelab.scenario.accounting import SetUp, Terms, accounting, set_up
from gamelab.scenario.document import Candidate, Scenario
from gamelab.scenario.files import beside
from gamelab.scenario.kept_games import guarded
from gamelab.scenario.members import member_paths, members, node_at, path_below
from gamelab.scenario.paths import OF_EXPRESSIONS, has_members
from gamelab.scenario.reading import Node
from gamelab.scenario.values import Values, plain, written_or_default

Section = TypeVar("Section", Terms, SetUp)


@dataclass(frozen=True)
class Profile:
    """One strategy for each player, with its settings.

    Parameters
    ----------
    choices : tuple of (str, dict)
        For each player the strategy's name and the settings that were written or overridden.
    label : list
        As results name it: ``["grim", {"limited_punishment": {"rounds": 2}}]``.
    """

    choices: tuple[tuple[str, dict[str, Any]], ...]
    label: list[Any]


def assemble(scenario: Scenario, arrangement: str, overrides: Mapping[str, Any] | None = None) -> Game:
    """Return the game of one arrangement.

    Parameters
    ----------
    scenario : Scenario
    arrangement : str
    overrides : mapping of str to number, array or text
        Values by dotted path, for settings written or defaulted. Arrays make a batched game.

    Raises
    ------
    InputError
        For an unknown arrangement or path, and for what a stage game or an institution refuses, located
        in the file.
    """
    known(scenario, arrangement)
    values = Values(scenario, overrides)
    base = repeated_game(values, stage_game(values))
    return altruistic(values, arranged(values, arrangement, base))


def stage_game(values: Values) -> Game:
    """Return the stage game."""
    scenario = values.scenario
    plugin = catalogue.STAGES[scenario.kind]
    extra: dict[str, Any] = {}
    if scenario.players_written:
        if "players" not in {setting.name for setting in settings_of(plugin)}:
            message = f"{scenario.kind} takes no names; remove them"
            raise InputError(scenario.problem(message, "players", scenario.at("players")))
        extra["players"] = list(scenario.players)
    return _called(values, plugin, (), "game", extra)


def repeated_game(values: Values, stage: Game) -> Game:
    """Return the stage game with the scenario's time and information."""
    settings = {**given_settings(values, "time"), **given_settings(values, "information")}
    try:
        return guarded(repeated, (stage,), settings)
    except GameError as refusal:
        section = "information" if refusal.key in catalogue.information_settings() else "time"
        raise _located(values, refusal, section) from None


def arranged(values: Values, arrangement: str, game: Game) -> Game:
    """Return the repeated game with an arrangement's institutions, in the file's order."""
    for name in values.scenario.institutions[arrangement]:
        prefix = dotted(("arrangements", arrangement, "institutions", name))
        game = _called(values, catalogue.INSTITUTIONS[name], (game,), prefix)
    return game


def altruistic(values: Values, game: Game) -> Game:
    """Return the game with the scenario's preferences, which always come last."""
    for name, entry in values.scenario.sections.get("preferences", {}).items():
        weight = plain(values.of(entry.path), entry.setting)
        weights = [own for _, own, _ in members(entry.setting, weight)]
        if values.given(entry) and weight is not None and any(np.any(np.asarray(w) != 0) for w in weights):
            plugin = catalogue.INSTITUTIONS[name]
            own = settings_of(plugin)[0].name
            try:
                game = guarded(plugin, (game,), {own: weight})
            except GameError as refusal:
                key = name + refusal.key.removeprefix(own)
                raise _located(values, GameError(refusal.message, key), "preferences") from None
    return game


def terms_of(values: Values) -> Terms:
    """Return the terms in which the scenario's gains are added up."""
    return _settled_section(values, accounting, "accounting")


def set_up_of(values: Values, arrangement: str) -> SetUp | None:
    """Return what it costs to establish an arrangement; None where the file does not say."""
    place = dotted(("arrangements", arrangement, "set_up"))
    if place not in values.scenario.sections:
        return None
    cost = values.scenario.sections[place]["cost"]
    if cost.path in values.items and not isinstance(cost.content, Mapping):
        message = (
            "is one total here, which all share; to change one share write a mapping of names in the file"
        )
        raise InputError(values.scenario.problem(message, cost.path, cost.at))
    return _settled_section(values, set_up, place)


def check_accounts(values: Values, arrangement: str, game: Game) -> None:
    """Raise InputError, located in the file, where terms or set-up costs name somebody who is not there."""
    scenario = values.scenario
    for name in terms_of(values).financed:
        if name not in game.accounts:
            hint = nearest(name, game.accounts) or f"; there are {listed(game.accounts)}"
            at = scenario.at("accounting", "financed", name)
            key = dotted(("accounting", "financed", name))
            raise InputError(scenario.problem(f"'{name}' is no account{hint}", key, at))
    whole = set_up_of(values, arrangement)
    try:
        if whole is not None:
            whole.cost.of(game.players)
    except GameError as refusal:
        raise _located(values, refusal, dotted(("arrangements", arrangement, "set_up"))) from None


def _settled_section(values: Values, function: Callable[..., Section], prefix: str) -> Section:
    try:
        return function(**given_settings(values, prefix))
    except GameError as refusal:
        raise _located(values, refusal, prefix) from None


def profiles(
    scenario: Scenario, arrangement: str, overrides: Mapping[str, Any] | None = None
) -> list[Profile]:
    """Return the candidates that the file lists for an arrangement, in its order.

    Raises
    ------
    InputError
        For an unknown arrangement or path, and for settings that cannot be evaluated.
    """
    known(scenario, arrangement)
    values, written = Values(scenario, overrides), Values(scenario)
    return [_profile(candidate, values, written) for candidate in scenario.candidates[arrangement]]


def players_of(values: Values) -> tuple[str, ...]:
    """Return the players' names under these overrides: the file's, else those of the stage game.

    Raises
    ------
    InputError
        Where the stage game refuses its settings.
    """
    scenario = values.scenario
    if scenario.players_written or not values.changes(*OF_EXPRESSIONS):
        return scenario.players
    return stage_game(values).players


def choices_of(values: Values, candidate: Candidate) -> list[tuple[str, dict[str, Any]]]:
    """Return for each player the strategy's name and its settings, evaluated.

    What is written for everybody is for all players that there are under the overrides.
    """
    times = len(players_of(values)) if candidate.everybody else 1
    return [(name, given_settings(values, prefix)) for name, prefix in candidate.strategies] * times


def _profile(candidate: Candidate, values: Values, written: Values) -> Profile:
    choices, label = choices_of(values, candidate), []
    for name, prefix in candidate.strategies:
        shown = {key: as_json(value) for key, value in given_settings(written, prefix).items()}
        label.append({name: shown} if shown else name)
    return Profile(tuple(choices), label * (len(choices) // len(label)))


def same_profile(label: Sequence[Any], other: Sequence[Any]) -> bool:
    """Tell whether two labels name one profile: part by part, or one strategy for everybody, however many."""
    parts = [*label, *other]
    return list(label) == list(other) or all(part == parts[0] for part in parts)


def refused(scenario: Scenario, arrangement: str, index: int, error: GameError) -> InputError:
    """Return a strategy's refusal, located at the candidate in the file.

    Parameters
    ----------
    index : int
        The candidate's place in ``profiles(scenario, arrangement)``.
    """
    candidate = scenario.candidates[arrangement][index]
    at: Node = candidate.at
    for _, prefix in candidate.strategies:
        entry = scenario.sections.get(prefix, {}).get(error.key)
        if entry is not None and entry.written:
            return InputError(scenario.problem(error.message, entry.path, entry.at))
    return InputError(scenario.problem(str(error), candidate.path, at))


def settings_paths(scenario: Scenario, arrangement: str) -> dict[str, Setting]:
    """Return every setting that can be overridden for an arrangement, by dotted path; list items too."""
    known(scenario, arrangement)
    settings: dict[str, Setting] = {}
    for path, entry in scenario.entries.items():
        if entry.arrangement not in (None, arrangement):
            continue
        settings[path] = entry.setting
        content = written_or_default(entry)
        for keys in _leaves(content) if has_members(entry.setting) else ():
            if keys:
                name = dotted(keys)
                settings[f"{path}.{name}"] = Setting(name, "number", range=entry.setting.range)
    return settings


def cost_paths(scenario: Scenario, arrangement: str, overrides: Mapping[str, Any] | None = None) -> list[str]:
    """Return the paths of an arrangement's costs, written or defaulted; by player where players differ."""
    known(scenario, arrangement)
    values = Values(scenario, overrides)
    prefixes = tuple(dotted(("arrangements", arrangement, room)) + "." for room in ("institutions", "set_up"))
    return [
        own
        for path, entry in scenario.entries.items()
        if path.startswith(prefixes) and entry.setting.range.cost and entry.setting.kind == "number"
        for own in member_paths(path, entry.setting, values.of(path) if values.given(entry) else 0)
    ]


def known(scenario: Scenario, arrangement: str) -> None:
    """Raise InputError unless the scenario has this arrangement."""
    if arrangement not in scenario.arrangements:
        names = scenario.arrangements
        hint = nearest(arrangement, names)
        raise InputError(
            Problem(f"no arrangement '{arrangement}'; there are {', '.join(names)}{hint}", "", scenario.file)
        )


def as_json(value: Any) -> Any:
    """Return a value as JSON holds it: whole numbers as int, other numbers as float."""
    if isinstance(value, Mapping):
        return {key: as_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(part) for part in value]
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Fraction | float):
        return int(value) if float(value).is_integer() else float(value)
    return value


def _leaves(content: Any) -> list[tuple[str, ...]]:
    if isinstance(content, Mapping):
        parts = list(content.items())
    elif isinstance(content, list | tuple):
        parts = [(str(k), part) for k, part in enumerate(content)]
    else:
        return [()] if isinstance(content, Expression) else []
    return [(key, *rest) for key, part in parts for rest in _leaves(part)]


def given_settings(values: Values, prefix: str) -> dict[str, Any]:
    """Return the settings of one plug-in that were written or overridden."""
    given: dict[str, Any] = {}
    for name, entry in values.scenario.sections.get(prefix, {}).items():
        problems = values.refusals(entry) if values.overridden(entry) else []
        if problems:
            raise InputError(problems)
        if values.given(entry):
            given[name] = plain(values.of(entry.path), entry.setting)
            if entry.setting.kind == "file" and isinstance(given[name], str):
                given[name] = beside(values.scenario.file, given[name])
    return given


def _called(
    values: Values,
    plugin: Callable[..., Game],
    games: tuple[Game, ...],
    prefix: str,
    extra: Mapping[str, Any] | None = None,
) -> Game:
    try:
        settings = given_settings(values, prefix)
        return guarded(plugin, games, {**settings, **(extra or {})})
    except GameError as refusal:
        raise _located(values, refusal, prefix) from None


def _located(values: Values, refusal: GameError, prefix: str) -> InputError:
    """Return a plug-in's refusal at the setting that it names, else at the plug-in's key."""
    scenario, keys = values.scenario, segments(prefix)
    known_settings = scenario.sections.get(prefix, {})
    name, _, player = refusal.key.partition(".")
    entry = known_settings.get(name)
    if entry is not None:
        inside = (player,) if player else ()
        at = node_at(entry.at, inside) if entry.written else scenario.at(*keys)
        place = None if values.overridden(entry) else at
        return InputError(scenario.problem(refusal.message, path_below(entry.path, inside), place))
    if refusal.key == "players" and prefix == "game":
        return InputError(scenario.problem(refusal.message, "players", scenario.at("players")))
    return InputError(scenario.problem(refusal.message, prefix, scenario.at(*keys)))
