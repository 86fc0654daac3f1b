"""Specification: one arrangement of a scenario as a function of its settings, from which games are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from gamelab.errors import GameError, InputError
from gamelab.expressions import dotted
from gamelab.model.automaton import Automaton
from gamelab.model.exactness import exactly
from gamelab.model.game import Game
from gamelab.scenario.accounting import SetUp, Terms
from gamelab.scenario.admission import admit
from gamelab.scenario.assembly import (
    Profile,
    assemble,
    cost_paths,
    given_settings,
    profiles,
    refused,
    set_up_of,
    terms_of,
)
from gamelab.scenario.document import Scenario
from gamelab.scenario.margins import Adjustable, adjustable, strength_paths
from gamelab.scenario.values import Values
from gamelab.strategies.profile import Strategy, profile_of


@dataclass(frozen=True, eq=False)
class Specification:
    """One arrangement under some settings: all that is needed to make its game and its listed profiles.

    Everything that varies a setting goes through ``at``: grids with arrays, thresholds with probes.

    Parameters
    ----------
    scenario : Scenario
    arrangement : str
    overrides : mapping of str to number, array or text
        Settings by dotted path that differ from the file's. Arrays make a batched game.
    exact : bool
        Whether numbers are fractions.
    """

    scenario: Scenario
    arrangement: str
    overrides: Mapping[str, Any]
    exact: bool = False

    def at(self, changes: Mapping[str, Any]) -> Specification:
        """Return the same arrangement under other settings."""
        return replace(self, overrides={**self.overrides, **changes})

    def in_fractions(self) -> Specification:
        """Return the same arrangement with exact numbers."""
        return replace(self, exact=True)

    @cached_property
    def game(self) -> Game:
        """The game; made once.

        Raises
        ------
        InputError
            For what a stage game or an institution refuses, located in the file, and for a selection rule
            that the game does not admit.
        """
        with exactly(self.exact):
            game = assemble(self.scenario, self.arrangement, self.overrides)
        admit(self._values, self.arrangement, game)
        return game

    @cached_property
    def steady_game(self) -> Game:
        """The game without trembles."""
        if not (self.game.deeds >= 0).any():
            return self.game
        return self.at({"information.tremble": 0}).game

    @cached_property
    def profiles(self) -> list[Profile]:
        """The profiles that the file lists, in its order."""
        with exactly(self.exact):
            return profiles(self.scenario, self.arrangement, self.overrides)

    def strategies(self, place: int) -> list[dict[str, Any]]:
        """Return a listed profile as strategies with their settings, one for each player."""
        return [{name: settings} for name, settings in self.profiles[place].choices]

    def profile_on(self, game: Game, strategies: Sequence[Strategy], place: int) -> list[Automaton]:
        """Return the automata of a listed profile on a game; a refusal is located at the candidate."""
        try:
            return profile_of(game, strategies)
        except GameError as refusal:
            raise refused(self.scenario, self.arrangement, place, refusal) from None

    @property
    def selection(self) -> str:
        """The rule by which a candidate is selected."""
        return self.scenario.selection[self.arrangement]

    @property
    def has_institution(self) -> bool:
        """Whether the arrangement has an institution."""
        return bool(self.scenario.institutions[self.arrangement])

    @cached_property
    def _values(self) -> Values:
        return Values(self.scenario, self.overrides)

    @cached_property
    def terms(self) -> Terms:
        """The terms in which gains are added up."""
        with exactly(self.exact):
            return terms_of(self._values)

    @cached_property
    def stated_factor(self) -> Any:
        """The effective discount factor at which joint amounts are valued; None where none is stated."""
        stated = self.terms.discount_factor
        with exactly(self.exact):
            settings = given_settings(self._values, "time")
        goes_on = settings.get("continuation_probability")
        return stated if stated is None or goes_on is None else stated * goes_on

    @cached_property
    def set_up(self) -> SetUp | None:
        """What it costs to establish the arrangement; None where the file does not say."""
        with exactly(self.exact):
            return set_up_of(self._values, self.arrangement)

    @property
    def costs(self) -> list[str]:
        """The paths of the cost settings."""
        return cost_paths(self.scenario, self.arrangement, self.overrides)

    @property
    def paid_to(self) -> dict[str, str]:
        """Who receives the fines of each institution that fines, by the path of that setting."""
        own = dotted(("arrangements", self.arrangement, "institutions")) + "."
        entries = [entry for path, entry in self.scenario.entries.items() if path.startswith(own)]
        paths = [entry.path for entry in entries if entry.setting.name == "paid_to"]
        return {path: str(self._values.of(path)) for path in paths}

    @property
    def strengths(self) -> list[str]:
        """The paths of what gives the institutions their strength."""
        return strength_paths(self.scenario, self.arrangement, self.overrides)

    def adjustable(self, path: str) -> Adjustable:
        """Return a setting that can vary, with its present value and how far it may go."""
        return adjustable(self.scenario, self.arrangement, path, self.overrides)

    def moves_profile(self, place: int, path: str) -> bool:
        """Tell whether a listed profile may change with a setting: it has some, or the path is one."""
        own = dotted(("arrangements", self.arrangement, "profiles")) + "."
        return path.startswith(own) or any(settings for _, settings in self.profiles[place].choices)

    @contextmanager
    def located(self, place: int | None) -> Iterator[None]:
        """Raise a game's refusal as one of the file: at the setting that it names, else at the candidate.

        Parameters
        ----------
        place : int or None
            Of the candidate in ``profiles``; None for an automatic one.
        """
        try:
            yield
        except GameError as refusal:
            scenario, path = self.scenario, f"time.{refusal.key}"
            if path in scenario.entries:
                at = None if path in self.overrides else scenario.entries[path].at
                raise InputError(scenario.problem(refusal.message, path, at)) from None
            if place is not None:
                raise refused(scenario, self.arrangement, place, refusal) from None
            raise self.refusal(str(refusal)) from None

    def refusal(self, message: str) -> InputError:
        """Return a refusal of the whole arrangement, located in the file."""
        at = self.scenario.at("arrangements", self.arrangement)
        return InputError(self.scenario.problem(message, dotted(("arrangements", self.arrangement)), at))
