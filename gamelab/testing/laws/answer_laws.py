"""Laws about answers: formulas that somebody proposes, tried on small games from the smallest one up."""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

import numpy as np

from gamelab.analysis import certify
from gamelab.errors import GameError, listed
from gamelab.experiment import run
from gamelab.scenario import loads
from gamelab.testing.descriptions import GameDescription, StageDescription
from gamelab.testing.laws.finding import Finding

NEAR = 0.01
"""How far from the answer, on both sides, the game is asked whether it agrees."""
Proposal = Callable[..., Any]


@dataclass(frozen=True)
class Broken:
    """What is wrong with an answer, in words, and the game that shows it."""

    words: str
    game: GameDescription


@dataclass(frozen=True)
class AnswerLaw:
    """A law about a formula that answers a question about a game.

    Parameters
    ----------
    name, statement, source : str
    games : callable
        Returns the games that it is tried on, the smallest first.
    broken : callable
        From the number that a formula gives and the game to what is wrong, or None.
    wrong : callable
        A formula that it must reject.
    """

    name: str
    statement: str
    source: str
    games: Callable[[], Iterable[GameDescription]]
    broken: Callable[[float | None, GameDescription], Broken | None]
    wrong: Proposal

    def check(self, answer: Proposal) -> Finding | None:
        """Return the smallest game on which a formula is wrong, or None.

        Parameters
        ----------
        answer : callable
            Its arguments have the names of settings, such as ``temptation`` or ``false_alarm``, and may be
            any of those of the game; it returns a number, or None for never.

        Raises
        ------
        GameError
            Where it asks for something that the game does not have.
        """
        name = getattr(answer, "__name__", "the answer")
        for game in self.games():
            given = _asked(answer, _settings(game))
            try:
                number = answer(**given)
            except Exception as error:
                return self._finding(f"{name} raises {type(error).__name__}: {error}", game, "raises")
            if not _sound(number):
                return self._finding(f"{name} says {number!r}, which is no number", game, "malformed")
            broken = self.broken(None if number is None else float(number), game)
            if broken is not None:
                shown = ", ".join(f"{key} {value:g}" for key, value in given.items())
                said = "never" if number is None else f"{float(number):.6g}"
                return self._finding(f"{name} says {said} at {shown}; {broken.words}", broken.game, "wrong")
        return None

    def _finding(self, words: str, game: GameDescription, kind: str) -> Finding:
        return Finding(self.name, self.statement, game, words, kind)


def _settings(game: GameDescription) -> dict[str, Any]:
    """Return every number of a game by its name; a single fine as ``fine``."""
    settings = {**game.stage.settings, **game.time}
    for own in game.institutions.values():
        settings |= own
    if "fines" in settings:
        settings["fine"] = settings.pop("fines")[0]
    return {name: value for name, value in settings.items() if isinstance(value, Real)}


def _asked(answer: Proposal, settings: dict[str, Any]) -> dict[str, Any]:
    names = list(inspect.signature(answer).parameters)
    unknown = [name for name in names if name not in settings]
    if unknown:
        raise GameError(f"an answer here can use {listed(settings)}, not '{unknown[0]}'", "answer")
    return {name: settings[name] for name in names}


def _sound(number: Any) -> bool:
    if number is None:
        return True
    return not isinstance(number, bool) and isinstance(number, Real) and math.isfinite(float(number))


# -------------------------------------------------------------------------------------------------- patience


def dilemmas(largest: int = 6) -> Iterator[StageDescription]:
    """Yield prisoner's dilemmas in whole numbers, small ones first."""
    names = ("temptation", "reward", "punishment", "sucker")
    ordered = (numbers[::-1] for numbers in itertools.combinations(range(largest + 1), 4))
    for numbers in sorted(ordered, key=lambda numbers: (numbers[0], sum(numbers))):
        yield StageDescription("prisoners_dilemma", dict(zip(names, numbers, strict=True)))


def _repeated() -> Iterator[GameDescription]:
    return (GameDescription(stage, {}, profile=("grim", "grim")) for stage in dilemmas())


def _threshold(answer: float | None, game: GameDescription) -> Broken | None:
    """Compare an answer with certificates of grim trigger at discount factors around it and far from it."""
    limit = math.inf if answer is None else answer
    grid = [k / 20 for k in range(1, 20)]
    beside = [] if answer is None else [round(limit - NEAR, 6), round(limit + NEAR, 6)]
    factors = [f for f in grid if abs(f - limit) > 1e-9] + [f for f in beside if 0 < f < 1 and f not in grid]
    factors.sort(key=lambda f: (f not in grid, f if answer is None else abs(f - limit)))
    at = replace(game, time={"discount_factor": np.array(factors)})
    report = certify(at.build(), list(game.profile), best_response_gain=False)
    for factor, verdict, gain in zip(
        factors, *map(np.asarray, (report.verdict, report.max_gain)), strict=True
    ):
        holds = str(verdict) == "holds"
        if holds != (factor >= limit):
            words = "nobody gains by deviating from grim"
            if not holds:
                words = f"deviating from grim gains {float(gain):.4g} a round"
            return Broken(
                f"but at the discount factor {factor:g} {words}",
                replace(game, time={"discount_factor": factor}),
            )
    return None


def forgets_the_punishment(temptation: float, reward: float, sucker: float) -> float:
    """Take the sucker's payoff for what a deviation leads to; grim leads to the punishment."""
    return (temptation - reward) / (temptation - sucker)


# ------------------------------------------------------------------------------------------------ break-even


def _watched() -> Iterator[GameDescription]:
    for stage in dilemmas(4):
        gain = stage.settings["temptation"] - stage.settings["reward"]
        for alarm, detection in ((0, 1), (0.1, 1), (0.25, 0.75)):
            institutions: dict[str, dict[str, Any]] = {
                "monitoring": {"detection": detection, "false_alarm": alarm},
                "graduated_sanctions": {"fines": [2 * gain]},
            }
            yield GameDescription(
                stage,
                {"discount_factor": 0.9},
                {"observe": "none"},
                institutions,
                profile=("comply", "comply"),
            )


def _break_even(answer: float | None, game: GameDescription) -> Broken | None:
    """Compare an answer with whether the arrangement is workable a little below and a little above it.

    The fine, twice what a deviation brings, deters in each of these games as long as detection is at least
    half more likely than false alarm.
    """
    limit = -math.inf if answer is None else answer
    for cost, wanted in ((limit - NEAR, True), (max(limit + NEAR, 0.0), False)):
        if cost < 0:
            continue
        at = game.changed("institutions.monitoring.cost", round(cost, 6))
        pays = run(loads(at.scenario())).workable_arrangements == ["drawn"]
        if pays != wanted:
            words = "the institution pays" if pays else "the institution does not pay"
            return Broken(f"but at the cost {cost:g} {words}", at)
    return None


def forgets_false_alarms(reward: float, punishment: float) -> float:
    """Count what watching costs, and forget the fines of those who did nothing wrong."""
    return reward - punishment


ANSWER_LAWS: tuple[AnswerLaw, ...] = (
    AnswerLaw(
        "patience for grim",
        "grim trigger holds at discount factors from the answer on, and at none below",
        "Friedman (1971): (T - R)/(T - P)", _repeated, _threshold, forgets_the_punishment,
    ),
    AnswerLaw(
        "cost of watching",
        "the institution pays where watching a player for a round costs less than the answer, and not above",
        "Williamson (1985): it pays where it brings more than it costs", _watched, _break_even,
        forgets_false_alarms,
    ),
)  # fmt: skip
"""Laws about formulas, for classrooms: the question stands in the statement."""
