"""Table: the candidates of one arrangement at one point or many, each column an array over both."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from gamelab.experiment import selection
from gamelab.experiment.candidates import Candidate
from gamelab.experiment.valuation import lines
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.scenario.catalogue import DEFAULT
from gamelab.scenario.specification import Specification
from gamelab.solve.judgement import FAILS, HOLDS, UNDECIDED
from gamelab.solve.potential import potential_of
from gamelab.solve.risk_dominance import risk_dominates
from gamelab.solve.symmetry import symmetric_points
from gamelab.solve.values import Value
from gamelab.solve.workability import accounts, net_payoff
from gamelab.strategies.induction import NAME as BY_INDUCTION


def risk_dominant(candidates: Sequence[Candidate], certified: Bools) -> Bools:
    """Return which candidates of two players risk-dominate every other certified one, (k, b)."""
    chosen = certified.copy()
    for own, other in itertools.permutations(range(len(candidates)), 2):
        game, profile = candidates[own].game, candidates[own].automata
        rival = certified[other]
        if (chosen[own] & rival).any():
            chosen[own] &= ~rival | risk_dominates(game, profile, candidates[other].automata)
    return chosen


def highest_potential(candidates: Sequence[Candidate], certified: Bools) -> Bools:
    """Return which certified candidates have the highest average of the stage's potential, (k, b)."""
    amounts = np.array([potential_of(each.game, each.automata) for each in candidates])
    sizes = np.abs(amounts).max(axis=0) * np.ones_like(amounts)
    return selection.highest(amounts, certified, sizes)


WEIGHED: dict[str, Callable[[Sequence[Candidate], Bools], Bools]] = {
    "risk_dominant": risk_dominant,
    "potential": highest_potential,
}
"""The rules under which candidates are compared with each other, pair by pair or all together."""
COLUMNS = ("verdict", "supports", "eligible", "eps", "max_gain", "best_response_gain", "excess", "sizes")


@frozen_result
@dataclass(frozen=True, eq=False)
class Table:
    """The candidates of an arrangement at b points; k counts the candidates, in their order.

    A run reads the single column of points, a map its grid. Where results are exact, amounts are fractions.

    Parameters
    ----------
    labels : list
        The candidates' names as results have them.
    verdict : text array (k, b)
        Empty where a point does not have the candidate.
    supports, eligible : bool array (k, b)
        Whether it keeps the agreement; whether the arrangement's selection admits it.
    listed : bool array (k,)
        Whether the file lists it for the arrangement.
    rule : str
        The arrangement's selection.
    eps : array (k, b)
        Up to what a utility may be off.
    max_gain, best_response_gain : array (k, b)
    excess : array (k, b)
        The gain that decides the verdict less what counts as none.
    value, stated : Value
        At own discount factors and at the stated one, on the grid (k, b); nothing is known of candidates
        that fail unless all were asked for.
    sizes : array (k, b)
        Of the payments that joint payoffs and costs are added up from.
    """

    labels: list[Any]
    verdict: Any
    supports: Bools
    eligible: Bools
    listed: Bools
    rule: str
    eps: Floats
    max_gain: Floats
    best_response_gain: Floats
    excess: Floats
    value: Value
    stated: Value
    sizes: Floats

    def take(self, points: Ints) -> Table:
        """Return the same at these of its points, which may be repeated."""
        taken = {name: getattr(self, name)[:, points] for name in COLUMNS}
        value = value_at(self.value, (slice(None), points))
        alike = self.stated is self.value
        stated = value if alike else value_at(self.stated, (slice(None), points))
        return replace(self, **taken, value=value, stated=stated)

    def picked(self, name: str, place: Ints) -> Any:
        """Return a column at one candidate of each point, (b,); of the first where there is none."""
        return getattr(self, name)[np.maximum(place, 0), np.arange(len(place))]

    def value_of(self, place: Ints, valued: Value) -> Value:
        """Return one of both values at the candidates in these places, (b,), nan where there is none."""
        value = value_at(valued, (np.maximum(place, 0), np.arange(len(place))))
        missing = place < 0
        return replace(
            value,
            ledger={line: np.where(missing[:, None], np.nan, paid) for line, paid in value.ledger.items()},
            cooperation=np.where(missing, np.nan, value.cooperation),
        )

    @cached_property
    def certified(self) -> Bools:
        """Which candidates are certified, (k, b)."""
        return np.asarray(self.verdict == HOLDS)

    @cached_property
    def net_payoff(self) -> Floats:
        """The candidates' joint material payoffs less their outlay, (k, b)."""
        return net_payoff(self.stated)

    def undominated(self, among: Bools) -> tuple[Bools, Bools]:
        """Return which of these candidates no other of them Pareto-dominates, and which are contested."""
        return selection.undominated(self.value.utilities, among, self.eps)

    @cached_property
    def steps(self) -> tuple[Bools, Ints]:
        """The candidates between which joint payoffs decide, (k, b), and the default rule's step, (b,)."""
        admitted, by_rule = self.certified & self.eligible, np.full(self.certified.shape[1], -1)
        if self.rule not in (DEFAULT, *WEIGHED):
            return admitted, by_rule
        agreed, automatic = self.certified & self.listed[:, None], self.certified & ~self.listed[:, None]
        free = automatic & ~self.undominated(automatic)[1]
        step = np.where(free.any(axis=0), selection.UNCONTESTED, selection.CONTESTED)
        step = np.where(agreed.any(axis=0), selection.AGREED, step)
        chosen, exists = np.choose(step, [agreed, free, automatic]), admitted.any(axis=0)
        if self.rule == DEFAULT or not exists.any():
            return chosen, step
        return np.where(exists, admitted, chosen), np.where(exists, by_rule, step)

    def ranked(self, amounts: Floats) -> Floats:
        """Return amounts (k, b) of which the highest is chosen: the lowest of all, where that is the rule."""
        lowest = (self.steps[1] == selection.CONTESTED) | (self.rule == "worst")
        return np.where(lowest, 0 - amounts, amounts)

    def selected(self, baseline: Value | None, best_joint_payoff: Floats) -> Ints:
        """Return the place of the candidate that is played at each point, (b,), -1 where none is certified.

        Of those that the rule leaves the one with the highest joint payoff, ties by net benefit, then in
        order; the lowest of both where all are contested, or where the rule is ``worst``.

        Parameters
        ----------
        baseline : Value or None
            Of what is played without institutions, at the stated factor; None where this is the baseline.
        best_joint_payoff : array (b,)
        """
        near = selection.highest(self.ranked(self.stated.joint_payoff), self.steps[0], self.sizes)
        if baseline is not None:
            nets = accounts(self.stated, baseline, best_joint_payoff).net_benefit
            near = selection.highest(self.ranked(nets), near, self.sizes)
        return selection.first(near)

    @property
    def undecided(self) -> Bools:
        """Where an undecided candidate would support the agreement, (b,)."""
        return np.asarray((self.supports & (self.verdict == UNDECIDED)).any(axis=0))


def value_at(value: Value, place: Any) -> Value:
    """Return a value at a place of its grid."""
    ledger = {line: amounts[place] for line, amounts in value.ledger.items()}
    return replace(value, ledger=ledger, cooperation=value.cooperation[place])


class _Row:
    """What is known of one candidate at each point."""

    def __init__(self, count: int, label: list[Any], kind: Any):
        self.label = label
        self.verdict = np.full(count, "", dtype="<U9")
        self.supports, self.eligible = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
        self.max_gain, self.best_response_gain, self.excess, self.sizes = np.full((4, count), np.nan)
        self.eps = np.zeros(count)
        self.cooperation = np.full(count, np.nan, dtype=kind)
        self.ledger: dict[str, Any] = {}
        self.stated: dict[str, Any] = {}


class Rows:
    """Collects the candidates of an arrangement into a table, part by part.

    Parameters
    ----------
    count : int
        How many points there are.
    listed : int
        How many candidates the file lists.
    rule : str
        The arrangement's selection.
    every : bool
        Whether candidates that fail are valued, too.
    """

    def __init__(self, count: int, listed: int, *, rule: str = DEFAULT, every: bool = False):
        self.count, self.listed, self.rule, self.every = count, listed, rule, every
        self.rows: dict[int, _Row] = {}
        self.kinds: dict[str, str] = {}
        self.names: tuple[tuple[str, ...], tuple[str, ...]] | None = None
        self.alike = True

    def write(self, candidate: Candidate, points: Ints) -> None:
        """Certify a candidate of these points, and value it where it does not fail."""
        exact = candidate.exact
        row, report = self._row(candidate), candidate.certificate
        row.verdict[points] = candidate.verdicts
        row.max_gain[points] = report.max_gain.ravel()
        row.best_response_gain[points] = report.best_response_gain.ravel()
        gain = np.where(report.concept == "Nash", report.upper, report.max_gain)
        row.excess[points] = (gain - report.eps).ravel()
        wanted = np.flatnonzero((candidate.verdicts != FAILS) | self.every)
        if not len(wanted):
            return
        here, part = points[wanted], candidate.part(wanted)
        valued = (exact or part).valuation
        value = valued.own
        self.alike &= valued.stated is value
        for kept, paid_lines in ((row.ledger, value.ledger), (row.stated, valued.stated.ledger)):
            for line, paid in paid_lines.items():
                known = kept.setdefault(line, np.zeros((self.count, paid.shape[-1]), dtype=paid.dtype))
                known[here] = paid.reshape(len(here), -1)
        row.cooperation[here] = value.cooperation.ravel()
        row.sizes[here] = 0 if exact else part.sizes.ravel()
        row.eps[here] = 0 if exact else report.eps.ravel()[wanted] + 1e-9 * part.sizes.ravel()
        row.supports[here] = part.supports
        alike = self.rule == "symmetric"
        row.eligible[here] = treats_alike(part.game, part.automata) if alike else self.rule not in WEIGHED

    def weigh(self, candidates: Sequence[Candidate], points: Ints) -> None:
        """Note which certified candidates of these points stand out among all, where the rule asks for it."""
        if self.rule not in WEIGHED:
            return
        certified = np.array([candidate.verdicts == HOLDS for candidate in candidates])
        chosen = WEIGHED[self.rule]([candidate.exact or candidate for candidate in candidates], certified)
        for candidate, eligible in zip(candidates, chosen, strict=True):
            self._row(candidate).eligible[points] = eligible

    def _row(self, candidate: Candidate) -> _Row:
        """Return the row of a candidate; those of the file come first, then the automatic ones in order."""
        place = candidate.place
        if place is None:
            place, settings = self.listed, candidate.strategies[0]
            if isinstance(settings, Mapping):
                place += 1 + settings["stage_nash"]["equilibrium"]
            elif settings == BY_INDUCTION:
                place += 1  # a game with several states has no numbered equilibria
        kind = object if candidate.exact else float
        return self.rows.setdefault(place, _Row(self.count, candidate.label, kind))

    def of(self, specification: Specification, game: Game) -> None:
        """Note the players, the accounts and the ledger lines of a game."""
        accounts_, kinds = lines(specification, game)
        self.kinds |= kinds
        self.names = game.players, accounts_

    def read(self, players: tuple[str, ...]) -> Table:
        """Return what was collected; ``players`` are those of the file, for where every point was refused."""
        names, accounts_ = self.names or (players, (*players, "authority"))
        kinds = self.kinds or {"material": "material"}
        rows = [self.rows[place] for place in sorted(self.rows)] or [_Row(self.count, [], float)]
        nothing = np.zeros((self.count, len(accounts_)))

        def column(name: str) -> Any:
            return np.array([getattr(row, name) for row in rows]).reshape(len(rows), self.count)

        ledger, stated = (
            {line: np.array([getattr(row, kept).get(line, nothing) for row in rows]) for line in kinds}
            for kept in ("ledger", "ledger" if self.alike else "stated")
        )
        value = Value(names, accounts_, ledger, kinds, column("cooperation"))
        return Table(
            labels=[row.label for row in rows] if self.rows else [],
            listed=np.array([place < self.listed for place in sorted(self.rows)] or [False]),
            rule=self.rule,
            value=value,
            stated=value if self.alike else replace(value, ledger=stated),
            **{name: column(name) for name in COLUMNS},
        )


def treats_alike(game: Game, automata: Sequence[Any]) -> Bools:
    """Return where a profile treats all players alike, (b,); points that look the same are tried once."""
    return symmetric_points(game, automata)


def distinct(count: int, arrays: Sequence[Any]) -> tuple[Floats, Ints, Ints]:
    """Return the distinct rows of arrays (b, ...) side by side, the first place of each, and each point's.

    Arrays of size 1 on b are the same for all.
    """
    columns = [array.reshape(len(array), -1).astype(float) for array in arrays if len(array) > 1]
    rows = np.concatenate([np.zeros((count, 1)), *columns], axis=1)
    distinct_rows, first, member = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return distinct_rows, first, member.ravel()
