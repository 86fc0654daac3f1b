"""From a file to a Scenario: read, checked as a whole, every arrangement assembled once."""

from __future__ import annotations

import hashlib
import itertools
import re
import warnings
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from gamelab.errors import GameError, GamelabWarning, InputError, Problem
from gamelab.expressions import dotted, segments
from gamelab.model.budget import Budget, BudgetSpentError, at_most
from gamelab.model.exactness import exactly
from gamelab.model.game import Game
from gamelab.model.information import repeated
from gamelab.scenario import catalogue
from gamelab.scenario.admission import admit, of_baseline
from gamelab.scenario.assembly import (
    altruistic,
    arranged,
    assemble,
    choices_of,
    refused,
    repeated_game,
    stage_game,
)
from gamelab.scenario.chance import refusal_everywhere
from gamelab.scenario.claims_section import claims_of
from gamelab.scenario.document import Scenario, document, inside
from gamelab.scenario.files import LARGEST, TOO_LARGE, content
from gamelab.scenario.kept_games import guarded
from gamelab.scenario.maps import grid_of
from gamelab.scenario.maps_section import maps_of
from gamelab.scenario.reading import MOST_PROBLEMS, TWICE, Branch, Listing, read
from gamelab.scenario.requests import Claim, Map
from gamelab.scenario.shape import DASHES, check
from gamelab.scenario.syntax import ITEM
from gamelab.scenario.values import Values
from gamelab.strategies.profile import profile_of

TAKEN = ("discount_factor", "rounds", "min", "max")
MOST = {"arrangements": 50, "claims": 200, "maps": 50}
"""So many of each are tried within a second."""
MOST_TRIED, LEAST_COUNTED = 1_000_000, 10_000
"""The entries of tables that reading a file may build, and what a game counts for besides.

What is not tried here is refused where it is solved."""
MOST_IN_FRACTIONS, LEAST_IN_FRACTIONS = 40_000, 500
"""The same for games in fractions, which take much longer."""
STAND_IN = 0.5
"""The discount factor with which institutions are tried where the file's time is wrong."""


def load(source: str | Path) -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    source : str or Path
        A file. Names of packaged scenarios and folders: see ``find``.

    Raises
    ------
    InputError
        With every mistake of the file, each with file, line and column.
    """
    file = str(source)
    data = content(Path(source))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        line = data[: failure.start].count(b"\n") + 1
        message = f"not a text in UTF-8 (byte {failure.start + 1}); save it as UTF-8"
        raise InputError(Problem(message, "", file, line, 1)) from None
    return _loaded(text, file, data)


def loads(text: str, file: str = "<text>") -> Scenario:
    """Read a scenario from its text; see ``load``."""
    return _loaded(text.removeprefix("\ufeff"), file, text.encode("utf-8", "surrogatepass"))


def _loaded(text: str, file: str, data: bytes) -> Scenario:
    if len(data) > LARGEST:
        raise InputError(Problem(TOO_LARGE, "", file, 1, 1))
    reading = read(text, file)
    problems = list(reading.problems)
    if reading.root is None:
        raise InputError(problems)
    shape = check(reading.root, file, partial=reading.partial)
    problems = _without_consequences(problems, shape)
    if any(ITEM in problem.message for problem in problems):
        shape = [problem for problem in shape if DASHES not in problem.message]
    problems += [problem for problem in shape if problem.line not in reading.mended]
    scenario = document(reading.root, file, "sha256:" + hashlib.sha256(data).hexdigest())
    if reading.partial:
        raise InputError(_sorted(problems))
    trial = _Trial(scenario, {_refused(problem) for problem in [*shape, *problems]})
    scenario = trial.whole()
    problems += [problem for problem in trial.problems if problem.line not in reading.mended]
    if problems:
        raise InputError(_sorted(problems))
    return scenario


def _refused(problem: Problem) -> str:
    """Return below which key nothing can be said; where an arrangement is there twice, of none of them."""
    parts = segments(problem.key) if problem.key and problem.message.startswith(TWICE) else ()
    if parts[:1] == ("arrangements",) and len(parts) == 2:
        return "arrangements"
    return dotted(parts[:2]) if parts[:1] == ("claims",) else problem.key


def _without_consequences(problems: list[Problem], shape: Iterable[Problem]) -> list[Problem]:
    """Leave out keys that are there twice where a list is needed: its dashes are missing, which is told."""
    lists = tuple(f"{p.key}." for p in shape if DASHES in p.message)
    return [p for p in problems if not (lists and p.key.startswith(lists) and p.message.startswith(TWICE))]


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    unique = list(dict.fromkeys(problems))[:MOST_PROBLEMS]
    return sorted(unique, key=lambda problem: (problem.line or 0, problem.column or 0))


class _Trial:
    """Evaluates and assembles everything once, and collects what is refused."""

    def __init__(self, scenario: Scenario, refused_keys: set[str]):
        self.scenario = scenario
        self.shapeless = frozenset(refused_keys)
        self.refused = refused_keys
        self.problems: list[Problem] = []
        self.values = Values(scenario)
        self.sound: dict[str, bool] = {}
        self.games: dict[str, Game] = {}
        self.budget = Budget(MOST_TRIED)
        self.least = LEAST_COUNTED

    def whole(self) -> Scenario:
        """Check settings, arrangements, claims and maps; return the scenario with claims and maps."""
        self.names()
        if self.problems and self.problems[0].key in ("parameters", *MOST):
            return self.scenario  # no path could be written, or it would take too long
        for path, entry in self.scenario.entries.items():
            if len(self.problems) >= MOST_PROBLEMS:
                return self.scenario
            if entry.written and not self.bad(path):
                self.note(self.values.refusals(entry))
        with warnings.catch_warnings(), at_most(MOST_TRIED) as self.budget:
            warnings.simplefilter("ignore", GamelabWarning)
            self.arrangements()
            self.profiles()
            self.contestants()
            if self.scenario.exact and not (self.problems or self.refused):
                self.in_fractions()
            return self.with_questions()

    def bad(self, *prefixes: str) -> bool:
        """Tell whether something at or below these paths was refused."""
        return _touched(self.refused, prefixes)

    def note(self, problems: Iterable[Problem]) -> None:
        """Keep new problems."""
        for problem in problems:
            if "parameters" in self.shapeless and "unknown name" in problem.message:
                continue  # it may be one of them
            self.refused.add(problem.key)
            if problem not in self.problems:
                self.problems.append(problem)

    def names(self) -> None:
        """The baseline has no institution, parameters have own names, and nothing stands in masses."""
        for section, most in MOST.items():
            node = self.scenario.root.entries.get(section)
            parts = node.items if isinstance(node, Listing) else inside(self.scenario.root, section).keys
            if len(parts) > most:
                message = f"{len(parts):,} are given and {most} is the limit; write several files"
                self.note([self.scenario.problem(message, section, self.scenario.at(section))])
        for section in ("parameters", "arrangements"):
            for given in inside(self.scenario.root, section).entries:
                if not given.strip() or ("'" in given and '"' in given):
                    message = "a name needs letters, and not both kinds of quotation marks"
                    self.note([self.scenario.problem(message, section, self.scenario.at(section, given))])
        self.note(of_baseline(self.scenario))
        for taken in TAKEN:
            entry = self.scenario.entries.get(f"parameters.{taken}")
            if entry is not None:
                message = f"'{taken}' has a meaning of its own in expressions; choose another name"
                at = self.scenario.at("parameters", taken)
                self.note([self.scenario.problem(message, entry.path, at)])

    def playable(self) -> Game | None:
        """Return the repeated game, or a stand-in where the file's own is refused."""
        stage = self.stage()
        if stage is None:
            return None
        if "time" in self.scenario.root.entries and not self.bad("time", "information"):
            try:
                return repeated_game(self.values, stage)
            except InputError as refusal:
                self.note(refusal.problems)
            except BudgetSpentError:
                return None
        with suppress(GameError, BudgetSpentError):  # too large to stand in for anything
            return guarded(repeated, (stage,), {"discount_factor": STAND_IN})
        return None

    def stage(self) -> Game | None:
        """Return the stage game, or a stand-in of the same kind."""
        if not self.scenario.kind:
            return None
        if not self.bad("game", "players"):
            try:
                stage = stage_game(self.values)
                self.players(stage)
                return stage
            except InputError as refusal:
                self.note(refusal.problems)
        plugin = catalogue.STAGES[self.scenario.kind]
        needed = [n for n, each in catalogue.stage_settings(self.scenario.kind).items() if each.required]
        for numbers in itertools.permutations(range(len(needed), 0, -1)) if len(needed) < 5 else ():
            try:
                return guarded(plugin, (), dict(zip(needed, numbers, strict=True)))
            except GameError:
                continue
        return None

    def players(self, stage: Game) -> None:
        """Take the players' names from the game where the file has none."""
        if not self.scenario.players_written and stage.players != self.scenario.players:
            self.scenario = replace(self.scenario, players=stage.players)
            self.values = Values(self.scenario)

    def arrangements(self) -> None:
        """Assemble every arrangement."""
        game = self.playable()
        whole = (
            not self.bad("game", "players", "time", "information") and "time" in self.scenario.root.entries
        )
        for name in self.scenario.arrangements:
            path = dotted(("arrangements", name))
            if game is None or path in self.refused or self.bad(f"{path}.institutions") or self.budget.spent:
                continue
            try:
                self.budget.spend(self.least)
                built = arranged(self.values, name, game)
                if not self.bad(f"{path}.set_up", "accounting"):
                    admit(self.values, name, built)
                if not self.bad("preferences"):
                    self.games[name] = altruistic(self.values, built)
                    self.sound[name] = whole
            except InputError as refusal:
                self.note(refusal.problems)
            except BudgetSpentError:
                continue

    def profiles(self) -> None:
        """Every list of strategies has one for each player, and every strategy suits its game."""
        players = self.scenario.players
        if not (self.scenario.players_written or self.sound):
            return
        for name, candidates in self.scenario.candidates.items():
            for index, candidate in enumerate(candidates):
                count = len(candidate.strategies)
                if not candidate.everybody and count != len(players):
                    message = f"{count} strategies for {len(players)} players ({', '.join(players)})"
                    self.note([self.scenario.problem(message, candidate.path, candidate.at)])
                elif self.sound.get(name) and not self.bad(candidate.path) and not self.budget.spent:
                    self.strategies(name, index)

    def strategies(self, arrangement: str, index: int) -> None:
        """Make the automata of one candidate."""
        self.budget.left -= self.least
        try:
            choices = choices_of(self.values, self.scenario.candidates[arrangement][index])
        except InputError as refusal:
            self.note(refusal.problems)
            return
        try:
            profile_of(self.games[arrangement], [{name: settings} for name, settings in choices])
        except GameError as refusal:
            self.note(refused(self.scenario, arrangement, index, refusal).problems)

    def contestants(self) -> None:
        """Every strategy that competes suits somebody in some arrangement."""
        games = self.games if all(self.sound.get(name) for name in self.scenario.arrangements) else {}
        for one in self.scenario.contestants:
            if self.bad(one.path) or self.budget.spent:
                continue
            self.budget.left -= self.least
            try:
                refusal = refusal_everywhere(self.values, one, games)
            except InputError as problem:
                refusal = problem
            except BudgetSpentError:
                continue
            self.note(refusal.problems if refusal else ())

    def in_fractions(self) -> None:
        """Assemble every arrangement and candidate again where the file asks for exact results."""
        budget, sound = self.budget, dict(self.sound)
        with exactly(), at_most(MOST_IN_FRACTIONS) as self.budget:
            self.least = LEAST_IN_FRACTIONS
            for name in self.scenario.arrangements:
                try:
                    self.budget.spend(self.least)
                    self.games[name] = assemble(self.scenario, name)
                except InputError as refusal:
                    self.note(refusal.problems)
                except BudgetSpentError:
                    self.sound[name] = False
            if not self.problems:
                self.profiles()
        self.budget, self.least, self.sound = budget, LEAST_COUNTED, sound

    def with_questions(self) -> Scenario:
        """Read the claims and the maps, and try their overrides."""
        parameters = {}
        for path, entry in self.scenario.sections.get("parameters", {}).items():
            if not self.bad(entry.path):
                with suppress(InputError):  # told already, where its cause stands
                    parameters[path] = self.values.of(entry.path)
        scenario = replace(self.scenario, parameters=parameters)
        if self.shapeless & {"arrangements", "players"}:
            return scenario
        general = not scenario.kind or "parameters" in self.shapeless
        unsure = frozenset(
            name
            for name in scenario.arrangements
            if general or _touched(self.shapeless, (dotted(("arrangements", name)),))
        )
        claims: list[Claim] = []
        maps: list[Map] = []
        if "claims" not in self.shapeless:
            claims, problems = claims_of(scenario, unsure)
            nameless = self.bad("game") and not scenario.players_written  # the game would have named them
            problems = [p for p in problems if not (nameless and p.key.endswith(".player"))]
            torn = tuple(f"{key}." for key in self.shapeless if re.fullmatch(r"claims\.\d+", key))
            self.note(p for p in problems if p.key not in self.refused and not p.key.startswith(torn))
            for claim in claims:
                if claim.overrides:
                    self.overrides(claim)
        if "maps" not in self.shapeless:
            maps, problems = maps_of(scenario, unsure)
            self.note(problem for problem in problems if problem.key not in self.refused)
            for drawn in maps:
                self.corners(scenario, drawn)
        return replace(scenario, claims=tuple(claims), maps=tuple(maps))

    def overrides(self, claim: Claim) -> None:
        """Assemble the arrangements that a claim's ``with`` changes."""
        names = [claim.arrangement] if claim.arrangement else list(self.scenario.arrangements)
        for name in names:
            if not self.sound.get(name) or self.budget.spent:
                continue
            try:
                self.budget.spend(self.least)
                assemble(self.scenario, name, claim.overrides)
            except BudgetSpentError:
                continue
            except InputError as refusal:
                claims, index = self.scenario.root.entries["claims"], int(claim.key.split(".")[1])
                node = claims.items[index] if isinstance(claims, Listing) else claims
                at = node.place("with") if isinstance(node, Branch) else node
                key = f"claims.{index}.with"
                self.note([self.scenario.problem(f"{p.key}: {p.message}", key, at) for p in refusal.problems])
                return

    def corners(self, scenario: Scenario, drawn: Map) -> None:
        """Assemble the arrangements that a map is about at its four corners."""
        names = [catalogue.BASELINE, drawn.arrangement] if drawn.arrangement else scenario.arrangements
        ends = [values[[0, -1]].tolist() for values in grid_of(scenario, drawn)]
        for x, y in itertools.product(*ends):
            for name in names:
                if not self.sound.get(str(name)) or self.budget.spent:
                    continue
                try:
                    self.budget.spend(self.least)
                    assemble(scenario, str(name), {drawn.x.path: x, drawn.y.path: y})
                except InputError as refusal:
                    said = [f"at the corner ({x:g}, {y:g}) {p.key}: {p.message}" for p in refusal.problems]
                    place = (drawn.key, scenario.file, drawn.line, drawn.column)
                    self.note(Problem(message, *place) for message in said)
                    return
                except BudgetSpentError:
                    continue


def _touched(keys: Collection[str], prefixes: tuple[str, ...]) -> bool:
    below = tuple(f"{prefix}." for prefix in prefixes)
    return any(key in prefixes or key.startswith(below) for key in keys)
