"""Comparison: what a candidate brings and costs beside the baseline's conduct, at one point or many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from gamelab.experiment import selection
from gamelab.experiment.candidates import Candidate, intervals
from gamelab.experiment.exact_forms import as_float, critical
from gamelab.experiment.riskiness import basin_of, risk_dominant
from gamelab.experiment.table import Table
from gamelab.model.answers import Missing, not_asked, not_known
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.scenario.quantities import SUPPORTED
from gamelab.solve import thresholds
from gamelab.solve.frequency import exact_frequency, frequency
from gamelab.solve.judgement import HOLDS
from gamelab.solve.thresholds import Interval
from gamelab.solve.values import Value
from gamelab.solve.workability import Accounts, accounts

IS_BASELINE = "the baseline is what others are compared with"
NO_COMPARISON = "nothing is certified without institutions, to compare with"
NOTHING_HOLDS = "no candidate is certified"
YES, NO_CANDIDATE, UNDECIDED, IMPOSSIBLE, NOTHING_AGREED = range(len(SUPPORTED))


@frozen_result
@dataclass(frozen=True, eq=False)
class Comparison:
    """One candidate at each of b points beside the baseline's conduct; a run has a single point.

    Every quantity of ``gamelab.scenario.quantities`` is read off here, in floats and in fractions.

    Parameters
    ----------
    value : Value
        What it pays, nan where there is no candidate.
    sizes : array (b,)
        Of the payments that this is added up from.
    there, certified, supports : bool array (b,)
        Whether there is a candidate, whether it is certified, whether it keeps the agreement.
    max_gain, best_response_gain : array (b,)
    agreed : bool array (b,)
        Whether there is an agreement.
    undecided, impossible : callable
        To whether an undecided candidate of the arrangement would support it, (b,), and to where nothing can,
        with a proof.
    best_joint_payoff : array (b,)
        The most that the players can get together in one round.
    before : Comparison or None
        The baseline's conduct; None where this is the baseline's conduct itself.
    of_baseline : bool
        Whether it is a candidate of the baseline.
    candidate : Candidate or None
        The candidate of a single point.
    exact : Comparison or None
        The same in fractions, which decide.
    """

    value: Value
    sizes: Floats
    there: Bools
    certified: Bools
    supports: Bools
    max_gain: Any
    best_response_gain: Any
    agreed: Bools
    undecided: Callable[[], Bools]
    impossible: Callable[[], Bools]
    best_joint_payoff: Floats
    before: Comparison | None
    of_baseline: bool
    candidate: Candidate | None = None
    exact: Comparison | None = None

    @property
    def _before(self) -> Comparison:
        return self if self.before is None else self.before

    @cached_property
    def accounts(self) -> Accounts:
        """The social accounts; all are unknown where the baseline has no conduct."""
        social = accounts(self.value, self._before.value, self.best_joint_payoff)
        unknown = ~self._before.there
        if not unknown.any():
            return social
        names = [field.name for field in fields(Accounts)]
        return Accounts(**{name: np.where(unknown, np.nan, getattr(social, name)) for name in names})

    @property
    def compared(self) -> Floats:
        """The sizes of the payments that net benefits are added up from."""
        return self.sizes + self._before.sizes

    @property
    def held(self) -> Bools:
        """Whether it is certified and keeps the agreement."""
        return self.there & self.certified & self.supports

    @cached_property
    def support(self) -> Ints:
        """Whether the agreement is supported, by places in ``SUPPORTED``."""
        yes = self.held
        code = np.where(yes, YES, np.where(self.agreed, NO_CANDIDATE, NOTHING_AGREED))
        if (code == NO_CANDIDATE).any():
            code = np.where((code == NO_CANDIDATE) & self.undecided(), UNDECIDED, code)
            proved = (code == NO_CANDIDATE) | (code == UNDECIDED)
            code = np.where(proved & self.impossible(), IMPOSSIBLE, code)
        return np.where(self.agreed, code, NOTHING_AGREED)

    @property
    def decisive(self) -> Comparison:
        """The one in fractions, where that is asked for."""
        return self.exact or self

    @cached_property
    def works(self) -> Bools:
        """Where it supports the agreement and pays; nowhere in the baseline."""
        net, sizes = self.decisive.accounts.net_benefit, self.decisive.compared
        pays = selection.pays(net, sizes, self.decisive.best_joint_payoff)
        return self.held & pays & (not self.of_baseline)

    @property
    def incomparable(self) -> Bools:
        """Where it holds, and the baseline has no conduct to compare with."""
        return self.held & ~self._before.there & (not self.of_baseline)

    @property
    def surplus(self) -> Floats:
        """The net benefit less what may be rounding, (b,): its sign decides whether it pays."""
        return self.accounts.net_benefit - selection.rounding(self.compared, self.best_joint_payoff)

    @property
    def supported(self) -> str | None:
        """Whether the agreement is supported at a single point, in the words of the results."""
        return SUPPORTED[int(self.support[0])]

    @property
    def workable(self) -> bool | None:
        """Whether it is workable at a single point; None for the baseline, and where that has no conduct."""
        if self.of_baseline or self.incomparable.all():
            return None
        return bool(self.works.all())

    def payoff(self, player: str | None) -> Any:
        """Return what one player gets, (b,); nan for one who is not there."""
        players = self.value.players
        if player not in players:
            return np.full(len(self.there), np.nan)
        return self.value.payoffs[..., players.index(player)]

    @property
    def sustainable_discount_factors(self) -> Any:
        """The intervals of discount factors at which the candidate holds, as results have them."""
        if self.candidate is None:
            return not_asked(NOTHING_HOLDS)
        sustainable = self.candidate.sustainable
        if not self.candidate.game.exact:
            return intervals(sustainable)
        return sustainable if isinstance(sustainable, Missing) else [each.exact for each in sustainable]

    @property
    def critical_discount_factor(self) -> Any:
        """The least from which on it holds, None or why it is not known."""
        if self.candidate is None:
            return not_asked(NOTHING_HOLDS)
        return _left_end(self.candidate, self.candidate.sustainable)

    def break_even(self, path: str | None) -> Any:
        """Return up to which cost the candidate stays workable: None at none, ``unbounded`` at all."""
        if self.of_baseline:
            return not_asked(IS_BASELINE)
        if self.candidate is None:
            return not_asked(NOTHING_HOLDS)
        if not self._before.there.all():
            return not_known(NO_COMPARISON)
        if not self.supports.all():
            return None
        if (answer := self._exactly("break_even", path)) is not None:
            return as_float(answer[0])
        return self.candidate.break_even(str(path), self._before.value, self.best_joint_payoff)

    def least(self, path: str | None) -> Any:
        """Return the value of a setting down to which the candidate holds; ``unbounded`` for however low."""
        if self.candidate is None:
            return not_asked(NOTHING_HOLDS)
        if (answer := self._exactly("least", path)) is not None:
            return as_float(answer[0])
        return self.candidate.least(str(path))

    def largest(self, path: str | None) -> Any:
        """Return the value of a setting up to which the candidate holds; ``unbounded`` for however high."""
        if self.candidate is None:
            return not_asked(NOTHING_HOLDS)
        if (answer := self._exactly("largest", path)) is not None:
            return as_float(answer[0])
        return self.candidate.least(str(path), -1)

    @property
    def basin_of_defection(self) -> Any:
        """The share of others who must follow the candidate so that following it pays."""
        return self._of_decisive(basin_of)

    @property
    def risk_dominant_from(self) -> Any:
        """The least discount factor from which on it risk-dominates the fallback, or why there is none."""
        if self.candidate is None:
            return not_asked(NOTHING_HOLDS)
        return _left_end(self.candidate, risk_dominant(self.candidate))

    def frequency(self, event: str | None) -> Any:
        """Return how often a round brings an action, a finding or an outcome."""

        def of(candidate: Candidate) -> Any:
            counted = exact_frequency if candidate.game.exact else frequency
            return counted(candidate.game, candidate.automata, str(event))

        return self._of_decisive(of)

    def _of_decisive(self, question: Callable[[Candidate], Any]) -> Any:
        """Return what the candidate in fractions says, rounded where this one is in floats."""
        candidate = self.decisive.candidate
        if candidate is None:
            return not_asked(NOTHING_HOLDS)
        answer = question(candidate)
        return as_float(answer) if self.exact else answer

    def _exactly(self, question: str, path: str | None) -> tuple[Any] | None:
        """Return what fractions say, which may be that there is no number; None where they do not know."""
        answer = getattr(self.exact, question)(path) if self.exact else not_known("")
        return None if isinstance(answer, Missing) else (answer,)


def _left_end(candidate: Candidate, found: list[Interval] | Missing) -> Any:
    """Return the left end of the last interval of discount factors where that reaches 1, None where not."""
    if not candidate.game.exact:
        return thresholds.critical_discount_factor(found)
    least = critical(found)
    return least if least is None or isinstance(least, Missing) else Fraction(least)


def best(comparisons: Sequence[Comparison]) -> Ints:
    """Return the place of the first workable one with the highest net benefit, (b,), -1 for none."""
    nets = [each.decisive.accounts.net_benefit for each in comparisons]
    return selection.best(
        nets, [each.works for each in comparisons], [each.decisive.compared for each in comparisons]
    )


def of_candidate(candidate: Candidate) -> dict[str, Any]:
    """Return what a comparison needs to know of a single candidate."""
    value, certificate = candidate.value, candidate.certificate
    return {
        "value": single(value),
        "sizes": np.zeros(1) if candidate.game.exact else candidate.sizes.reshape(1),
        "there": np.ones(1, dtype=bool),
        "certified": candidate.verdicts == HOLDS,
        "supports": candidate.supports,
        "max_gain": np.reshape(certificate.max_gain, 1),
        "best_response_gain": np.reshape(certificate.best_response_gain, 1),
        "candidate": candidate,
    }


def of_nobody(game: Game, *, exact: bool = False) -> dict[str, Any]:
    """Return the same where no candidate is meant."""
    unknown, no = np.full(1, np.nan, dtype=object if exact else float), np.zeros(1, dtype=bool)
    lines = {line: np.repeat(unknown[None], len(game.accounts), axis=1) for line in game.flows}
    kinds: dict[str, str] = {line: flow.kind for line, flow in game.flows.items()}
    value = Value(game.players, game.accounts, lines, kinds, unknown)
    return {
        **{"value": value, "sizes": unknown, "there": no, "certified": no, "supports": no},
        **{"max_gain": unknown, "best_response_gain": unknown},
    }


def of_table(table: Table, place: Ints) -> dict[str, Any]:
    """Return the same of the candidates in these places of a table, -1 for none."""
    names = ("sizes", "supports", "max_gain", "best_response_gain")
    there = place >= 0
    columns = {name: table.picked(name, place) for name in names}
    columns |= {name: np.where(there, columns[name], np.nan) for name in ("max_gain", "best_response_gain")}
    certified = table.picked("verdict", place) == HOLDS
    return {"value": table.value_of(place), "there": there, "certified": certified, **columns}


def single(value: Value) -> Value:
    """Return the value of a single game as that of a batch of one."""
    ledger = {line: np.reshape(paid, (1, -1)) for line, paid in value.ledger.items()}
    return replace(value, ledger=ledger, cooperation=np.reshape(value.cooperation, 1), error=None)
