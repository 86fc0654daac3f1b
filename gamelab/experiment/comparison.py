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
from gamelab.experiment.choices import Choices, truths
from gamelab.experiment.consent import Consent, gained
from gamelab.experiment.exact_forms import as_float, critical
from gamelab.experiment.riskiness import basin_of, risk_dominant
from gamelab.experiment.table import Table
from gamelab.experiment.valuation import lines
from gamelab.model.answers import Missing, not_asked, not_known
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.scenario.quantities import SUPPORTED
from gamelab.scenario.specification import Specification
from gamelab.solve import thresholds
from gamelab.solve.frequency import exact_frequency, frequency
from gamelab.solve.judgement import HOLDS
from gamelab.solve.thresholds import Interval
from gamelab.solve.values import Value
from gamelab.solve.workability import Accounts, accounts, net_payoff

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
    value, stated : Value
        What it pays at own discount factors and at the stated one, nan where there is no candidate.
    sizes : array (b,)
        Of the payments that this is added up from.
    there, certified, supports : bool array (b,)
        Whether there is a candidate, whether it is certified, whether it keeps the agreement.
    max_gain, best_response_gain : array (b,)
    listed : bool array (b,)
        Whether the file lists it for the arrangement.
    table : Table
        All candidates of the arrangement.
    institution : bool
        Whether the arrangement has an institution.
    agreed : bool array (b,)
        Whether there is an agreement.
    impossible : callable
        To where nothing can support it, with a proof, (b,).
    best_joint_payoff : array (b,)
        The most that the players can get together in one round.
    weights, budgets : array (b, c)
        See ``Consent``.
    before : Comparison or None
        The baseline's conduct; None where this is the baseline's conduct itself.
    of_baseline : bool
        Whether it is a candidate of the baseline.
    others : callable
        To the conduct of the other arrangements, the baseline left out, each as a comparison.
    candidate : Candidate or None
        The candidate of a single point.
    exact : Comparison or None
        The same in fractions, which decide.
    """

    value: Value
    stated: Value
    sizes: Floats
    there: Bools
    certified: Bools
    supports: Bools
    max_gain: Any
    best_response_gain: Any
    listed: Bools
    table: Table
    institution: bool
    agreed: Bools
    impossible: Callable[[], Bools]
    best_joint_payoff: Floats
    weights: Floats
    budgets: Floats
    before: Comparison | None
    of_baseline: bool
    others: Callable[[], Sequence[Comparison]] = tuple
    candidate: Candidate | None = None
    exact: Comparison | None = None

    @property
    def _before(self) -> Comparison:
        return self if self.before is None else self.before

    @cached_property
    def accounts(self) -> Accounts:
        """The social accounts; all are unknown where the baseline has no conduct."""
        social = accounts(self.stated, self._before.stated, self.best_joint_payoff)
        unknown = ~self._before.there
        if not unknown.any():
            return social
        names = [field.name for field in fields(Accounts)]
        return Accounts(**{name: np.where(unknown, np.nan, getattr(social, name)) for name in names})

    @cached_property
    def consent(self) -> Consent:
        """Who gains and who loses."""
        return Consent(
            self.value,
            self._before.value,
            self.compared,
            self.accounts.net_benefit,
            self.weights,
            self.budgets,
        )

    @property
    def stated_gains(self) -> Floats:
        """What each account gets beside the baseline at the stated factor, (b, c), which adds up."""
        return gained(self.stated, self._before.stated)

    @property
    def accepted(self) -> Floats:
        """Whether nobody loses and no budget is overdrawn, (b,): 1 or 0, nan where nothing is compared."""
        return truths(self.decisive.consent.accepted, self._nothing_to_ask)

    @property
    def coverable(self) -> Floats:
        """Whether lump sums could make up for all losses, (b,), written as ``accepted``."""
        return truths(self.decisive.consent.coverable, self._nothing_to_ask)

    @property
    def compensation(self) -> Floats:
        """What the losers lose together, (b,)."""
        return np.where(self._nothing_to_ask, np.nan, self.consent.compensation)

    @property
    def compared(self) -> Floats:
        """The sizes of the payments that net benefits are added up from."""
        return self.sizes + self._before.sizes

    @cached_property
    def support(self) -> Ints:
        """Whether the agreement is supported, by places in ``SUPPORTED``."""
        yes = self.there & self.certified & self.supports
        code = np.where(yes, YES, np.where(self.agreed, NO_CANDIDATE, NOTHING_AGREED))
        if (code == NO_CANDIDATE).any():
            code = np.where((code == NO_CANDIDATE) & self.table.undecided, UNDECIDED, code)
            proved = (code == NO_CANDIDATE) | (code == UNDECIDED)
            code = np.where(proved & self.impossible(), IMPOSSIBLE, code)
        return np.where(self.agreed, code, NOTHING_AGREED)

    @property
    def decisive(self) -> Comparison:
        """The one in fractions, where that is asked for."""
        return self.exact or self

    @property
    def qualifies(self) -> Bools:
        """Where it keeps the agreement, if there is one, and rests on an institution or a listed profile."""
        return (self.supports | ~self.agreed) & (self.listed | self.institution)

    @cached_property
    def works(self) -> Bools:
        """Where it is certified, qualifies, and pays; nowhere in the baseline."""
        net, sizes = self.decisive.accounts.net_benefit, self.decisive.compared
        pays = selection.pays(net, sizes, self.decisive.best_joint_payoff)
        return self.there & self.certified & self.qualifies & pays & (not self.of_baseline)

    @property
    def incomparable(self) -> Bools:
        """Where it would be workable, but that the baseline has no conduct to compare with."""
        unknown = self.there & self.certified & self.qualifies & ~self._before.there
        return unknown & (not self.of_baseline)

    @property
    def workable(self) -> Floats:
        """Whether it is workable, (b,): 1 or 0, nan in the baseline and where that has no conduct."""
        return truths(self.works, self.incomparable | self.of_baseline)

    @property
    def choices(self) -> Choices:
        """What the verdict rests on."""
        table, before = self.table, self._before.decisive
        return Choices(
            own=table,
            baseline=before.table,
            qualified=(table.supports | ~self.agreed) & (table.listed[:, None] | self.institution),
            works=self.works,
            unknown=self._nothing_to_ask,
            net_payoff=net_payoff(before.stated),
            sizes=before.sizes,
            best_joint_payoff=self.decisive.best_joint_payoff,
        )

    @property
    def _nothing_to_ask(self) -> Bools:
        return ~self.there | ~self._before.there | self.of_baseline

    @property
    def advantage(self) -> Floats:
        """Its net benefit less the highest of all other workable arrangements, (b,); nan where not workable.

        The baseline's is 0: what is forgone by not choosing the next best.
        """
        own = np.where(self.works, self.accounts.net_benefit, 0)
        most = 0 * own
        for other in (each for each in self.others() if each is not self):
            net = np.where(other.works, other.accounts.net_benefit, most)
            most = np.where(net > most, net, most)
        return np.where(self.works, own - most, np.nan)

    @property
    def surplus(self) -> Floats:
        """The net benefit less what may be rounding, (b,): its sign decides whether it pays."""
        return self.accounts.net_benefit - selection.rounding(self.compared, self.best_joint_payoff)

    @property
    def supported(self) -> str | None:
        """Whether the agreement is supported at a single point, in the words of the results."""
        return SUPPORTED[int(self.support[0])]

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
        if not self.qualifies.all():
            return None
        if (answer := self._exactly("break_even", path)) is not None:
            return as_float(answer[0])
        return self.candidate.break_even(str(path), self._before.stated, self.best_joint_payoff)

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


def _left_end(candidate: Candidate, ranges: list[Interval] | Missing) -> Any:
    """Return the left end of the last interval of discount factors where that reaches 1, None where not."""
    if not candidate.game.exact:
        return thresholds.critical_discount_factor(ranges)
    least = critical(ranges)
    return least if least is None or isinstance(least, Missing) else Fraction(least)


def best(comparisons: Sequence[Comparison]) -> Ints:
    """Return the place of the first workable one with the highest net benefit, (b,), -1 for none."""
    nets = [each.decisive.accounts.net_benefit for each in comparisons]
    return selection.best(
        nets, [each.works for each in comparisons], [each.decisive.compared for each in comparisons]
    )


def of_candidate(candidate: Candidate) -> dict[str, Any]:
    """Return what a comparison needs to know of a single candidate."""
    valued, certificate = candidate.valuation, candidate.certificate
    own = single(valued.own)
    return {
        "value": own,
        "stated": own if valued.stated is valued.own else single(valued.stated),
        "sizes": np.zeros(1) if candidate.game.exact else candidate.sizes.reshape(1),
        "there": np.ones(1, dtype=bool),
        "certified": candidate.verdicts == HOLDS,
        "supports": candidate.supports,
        "listed": np.array([candidate.place is not None]),
        "max_gain": np.reshape(certificate.max_gain, 1),
        "best_response_gain": np.reshape(certificate.best_response_gain, 1),
        "candidate": candidate,
    }


def of_nobody(specification: Specification, game: Game, *, exact: bool = False) -> dict[str, Any]:
    """Return the same where no candidate is meant."""
    unknown, no = np.full(1, np.nan, dtype=object if exact else float), np.zeros(1, dtype=bool)
    accounts_, kinds = lines(specification, game)
    ledger = {line: np.repeat(unknown[None], len(accounts_), axis=1) for line in kinds}
    value = Value(game.players, accounts_, ledger, kinds, unknown)
    return {
        **{"value": value, "stated": value},
        **dict.fromkeys(("there", "certified", "supports", "listed"), no),
        **dict.fromkeys(("sizes", "max_gain", "best_response_gain"), unknown),
    }


def of_table(table: Table, place: Ints) -> dict[str, Any]:
    """Return the same of the candidates in these places of a table, -1 for none."""
    names = ("sizes", "supports", "max_gain", "best_response_gain")
    there = place >= 0
    columns = {name: table.picked(name, place) for name in names}
    columns |= {name: np.where(there, columns[name], np.nan) for name in ("max_gain", "best_response_gain")}
    columns |= {"there": there, "certified": table.picked("verdict", place) == HOLDS}
    value = stated = table.value_of(place, table.value)
    if table.stated is not table.value:
        stated = table.value_of(place, table.stated)
    return {**columns, "listed": table.listed[np.maximum(place, 0)], "value": value, "stated": stated}


def single(value: Value) -> Value:
    """Return the value of a single game as that of a batch of one."""
    ledger = {line: np.reshape(paid, (1, -1)) for line, paid in value.ledger.items()}
    return replace(value, ledger=ledger, cooperation=np.reshape(value.cooperation, 1), error=None)
