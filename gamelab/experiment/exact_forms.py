"""Exact forms: what fractions say of a candidate, beside the same numbers as floats."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from math import isinf
from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.errors import GamelabWarning
from gamelab.model.answers import Missing
from gamelab.model.automaton import Automaton
from gamelab.model.exactness import exactly
from gamelab.model.game import Game
from gamelab.scenario import adjustable, assemble, profiles
from gamelab.solve.exact import ExactAccounts, exact_accounts, exact_best_joint_payoff, exact_value
from gamelab.solve.exact_certificate import ExactCertificate, exact_certify, text
from gamelab.solve.exact_settings import Answer, Irrational, exact_break_even, exact_least
from gamelab.solve.thresholds import Interval
from gamelab.solve.values import Value
from gamelab.strategies.induction import as_here

if TYPE_CHECKING:
    from gamelab.experiment.arrangements import Arrangement
    from gamelab.experiment.candidates import Candidate

ACCOUNTS = ("share_of_gains", "efficiency", "gross_benefit", "transaction_cost", "net_benefit")
GAINS = ("max_gain", "best_response_gain")


@dataclass(frozen=True, eq=False)
class ExactForm:
    """A candidate in fractions.

    Parameters
    ----------
    candidate : Candidate
        Its form in floats.
    game : Game
        The exact game of its arrangement.
    """

    candidate: Candidate
    game: Game

    @cached_property
    def automata(self) -> list[Automaton]:
        """The automata on the exact game."""
        return self.candidate.automata_on(self.game, self.strategies)

    @cached_property
    def strategies(self) -> Sequence[Any]:
        """The strategies with their settings as fractions."""
        return self._strategies(self.candidate.overrides)

    def _strategies(self, overrides: Mapping[str, Any]) -> Sequence[Any]:
        asked = self.candidate
        if asked.place is None:
            return asked.strategies
        with exactly():
            written = profiles(asked.scenario, asked.arrangement, overrides)[asked.place]
        return [{name: settings} for name, settings in written.choices]

    @cached_property
    def certificate(self) -> ExactCertificate:
        """Whether it is an equilibrium, without any tolerance."""
        return exact_certify(self.game, self.automata)

    @cached_property
    def value(self) -> Value:
        """What it pays."""
        return exact_value(self.game, self.automata)

    @cached_property
    def joint_payoff(self) -> Fraction:
        """What the players get together."""
        return sum(self.value.payoffs, Fraction(0))

    @cached_property
    def cooperation(self) -> Fraction | None:
        """Discounted share of moves on the agreement."""
        share = self.value.cooperation.item()
        return share if isinstance(share, Fraction) else None

    def accounts(self, baseline: ExactForm, best_joint_payoff: Fraction) -> ExactAccounts:
        """Return gross benefit, cost and what follows, beside the baseline's conduct."""
        return exact_accounts(self.value, baseline.value, best_joint_payoff)

    def break_even(self, path: str, baseline: ExactForm, best_joint_payoff: Fraction) -> Answer:
        """Return up to which cost it stays workable."""
        build = self._build(path)

        def net(cost: Fraction) -> Fraction:
            paid = exact_value(*build(cost))
            return exact_accounts(paid, baseline.value, best_joint_payoff).net_benefit

        return self._once(("break_even", path), lambda: exact_break_even(build, net))

    def least(self, path: str) -> Answer:
        """Return the value of a setting down to which it holds, else the next one above."""
        asked = self.candidate
        at = adjustable(asked.scenario, asked.arrangement, path, asked.overrides)
        low, high = (None if isinf(end) else Fraction(end) for end in (at.low, at.high))
        build = self._build(at.path)
        return self._once(("least", path), lambda: exact_least(build, Fraction(at.written), low, high))

    def _once(self, question: tuple[str, str], answer: Callable[[], Answer]) -> Answer:
        if question not in self._answers:
            self._answers[question] = answer()
        return self._answers[question]

    @cached_property
    def _answers(self) -> dict[tuple[str, str], Answer]:
        return {}

    def _build(self, path: str) -> Callable[[Fraction], tuple[Game, list[Automaton]]]:
        """Return what makes the exact game and the automata from a value of one setting."""
        asked = self.candidate

        @lru_cache(maxsize=2)  # its value and its gains are asked for one after the other
        def build(amount: Fraction) -> tuple[Game, list[Automaton]]:
            changed = {**asked.overrides, path: amount}
            with warnings.catch_warnings():  # told once, when the arrangement's own game was made
                warnings.simplefilter("ignore", GamelabWarning)
                game = exact_game(asked.scenario, asked.arrangement, changed)
            return game, asked.automata_on(game, as_here(self._strategies(changed), self.automata))

        return build

    def to_dict(self) -> dict[str, Any]:
        """Return its numbers as texts such as ``5/2``, by the names that results use."""
        value, found = self.value, self.candidate.sustainable
        return {
            "verdict": self.certificate.verdict,
            **{name: text(getattr(self.certificate, name)) for name in GAINS},
            "payoffs": named(self.game.players, value.payoffs),
            "ledger": {line: named(self.game.accounts, paid) for line, paid in value.ledger.items()},
            "cooperation": text(self.cooperation),
            "critical_discount_factor": critical(found),
        }

    def arrangement_dict(self, arrangement: Arrangement) -> dict[str, Any]:
        """Return what an arrangement's conduct has beside ``to_dict``."""
        return {
            "utilities": named(self.game.players, self.value.utilities),
            "joint_payoff": text(self.joint_payoff),
            **{name: told(exact_quantity(arrangement, self.candidate, name)) for name in ACCOUNTS},
            "break_even": {
                path: told(exact_quantity(arrangement, self.candidate, "break_even", path=path))
                for path in arrangement.costs
            },
            "least": {
                path: told(exact_quantity(arrangement, self.candidate, "least", path=path))
                for path in arrangement.strengths
            },
        }


def exact_game(scenario: Any, arrangement: str, overrides: Mapping[str, Any]) -> Game:
    """Return the game of an arrangement in fractions.

    Raises
    ------
    InputError
        Where a plug-in or a number of the file cannot be had as a fraction.
    """
    with exactly():
        return assemble(scenario, arrangement, overrides)


def best_joint_payoff(arrangement: Arrangement) -> Fraction:
    """Return the most that the players can get together in one round, without trembles."""
    steady = {**arrangement.overrides, "information.tremble": 0}
    return exact_best_joint_payoff(exact_game(arrangement.scenario, arrangement.name, steady))


def exact_quantity(
    arrangement: Arrangement,
    candidate: Candidate | None,
    name: str,
    player: str | None = None,
    path: str | None = None,
) -> Any:
    """Return one quantity of a candidate as a fraction; None where it has none.

    ``break_even`` and ``least`` may be ``unbounded``, an ``Irrational`` or ``Missing``;
    ``sustainable_discount_factors`` is a list of mappings.
    """
    form = candidate.exact if candidate is not None else None
    if candidate is None or form is None or name in ("supported", "workable"):
        return None
    if name == "payoff":
        return dict(zip(form.game.players, form.value.payoffs)).get(str(player))
    if name in GAINS:
        return getattr(form.certificate, name)
    if name == "critical_discount_factor":
        least = critical(candidate.sustainable)
        return least if least is None or isinstance(least, Missing) else Fraction(least)
    if name == "sustainable_discount_factors":
        found = candidate.sustainable
        return found if isinstance(found, Missing) else [interval.exact for interval in found]
    if name in ("cooperation", "joint_payoff"):
        return getattr(form, name)
    if name == "least":
        return form.least(str(path))
    baseline = arrangement.baseline.conduct if arrangement.baseline else arrangement.conduct
    before = baseline.exact if baseline is not None else None
    if before is None:
        return None
    best = arrangement.exact_best_joint_payoff
    if name == "break_even":
        unasked = arrangement.baseline is None or not candidate.supports
        return None if unasked else form.break_even(str(path), before, best)
    return getattr(form.accounts(before, best), name)


def critical(intervals: list[Interval] | Missing) -> str | None:
    """Return the exact left end of the last interval where that reaches 1, as a text, or a word."""
    if isinstance(intervals, Missing):
        return intervals
    last = (intervals[-1].exact or {}) if intervals else {}
    return last.get("from") if last.get("to") == "1" and last.get("confirmed") else None


def told(value: Any) -> str | None:
    """Return an exact quantity as results hold it; None where it is not known as a fraction."""
    return text(value) if isinstance(value, Fraction) else None if isinstance(value, Irrational) else value


def as_float(answer: Answer) -> float | str | None:
    """Return an exact quantity rounded, words as they are.

    >>> as_float(Fraction(1, 4)), as_float("unbounded"), as_float(None)
    (0.25, 'unbounded', None)
    """
    return float(answer) if isinstance(answer, Fraction | Irrational) else answer


def as_text(value: Any) -> Any:
    """Return one side of a claim with its fractions as texts."""
    if isinstance(value, list):
        return [as_text(part) for part in value]
    if isinstance(value, Mapping):
        return {end: as_text(value[end]) for end in ("from", "to")}
    return text(value) if isinstance(value, Fraction) else value


def named(names: Sequence[str], amounts: Any) -> dict[str, str | None]:
    """Return amounts by name, as texts."""
    return {name: text(amount) for name, amount in zip(names, np.asarray(amounts))}
