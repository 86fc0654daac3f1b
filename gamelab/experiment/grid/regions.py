"""Regions: what a map shows at many points, as numbers of regions or as amounts."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from gamelab.errors import GamelabError
from gamelab.experiment import selection
from gamelab.experiment.arrangements import Arrangement
from gamelab.experiment.comparison import Comparison, best, of_table
from gamelab.experiment.grid.margins import gaps, leads, side_by_side
from gamelab.experiment.grid.points import Points, Solved
from gamelab.experiment.table import Table, distinct
from gamelab.model.game import Bools, Floats, Ints
from gamelab.scenario import Map, Scenario, same_profile
from gamelab.scenario.catalogue import BASELINE
from gamelab.scenario.quantities import QUANTITIES
from gamelab.scenario.specification import Specification

NOWHERE, NO_NUMBER = -1, -2
"""The codes of points that are refused, and of those that have no number."""
REGIONS = ("yes", "no candidate", "undecided", "impossible", "nothing agreed")
"""The regions of a map of ``supported``, in the order of ``SUPPORTED``."""
SIGNS = ("at most 0", "above 0")


@dataclass(frozen=True, eq=False)
class Regions:
    """What a map shows, at any points of its plane.

    Parameters
    ----------
    scenario : Scenario
    overrides : mapping
    drawn : Map
    limits : array (2, 2)
        From where to where both axes go.
    """

    scenario: Scenario
    overrides: Mapping[str, Any]
    drawn: Map
    limits: Floats

    @property
    def numeric(self) -> bool:
        """Whether amounts are shown."""
        return self.drawn.arrangement is not None and self.kind not in ("word", "truth")

    @property
    def kind(self) -> str:
        """What is shown: numbers, words, truths or arrangements."""
        return QUANTITIES[self.drawn.show].kind

    @cached_property
    def arrangements(self) -> dict[str, Points]:
        """The arrangements that are needed, the baseline first."""
        alone = self.drawn.arrangement and self.drawn.show != "advantage"
        names = [self.drawn.arrangement] if alone else self.scenario.arrangements
        order = dict.fromkeys([BASELINE, *names])
        paths = (self.drawn.x.path, self.drawn.y.path)
        show, apart = self.drawn.show, self.apart if any(self.apart) else ()
        needed = (self.drawn.profile is not None, show == "best_response_gain", show == "supported")
        specified = {str(name): Specification(self.scenario, str(name), self.overrides) for name in order}
        return {name: Points(each, paths, self.limits, *needed, apart) for name, each in specified.items()}

    @property
    def apart(self) -> tuple[bool, bool]:
        """Along which axes the games of different values have different forms."""
        return self.drawn.x.apart, self.drawn.y.apart

    def parts(self, points: Floats) -> Iterator[Ints]:
        """Yield the places of points (b, 2) that are solved together: of one form, and few enough."""
        _, first, member = distinct(len(points), [points[:, [k]] for k in np.flatnonzero(self.apart)])
        for k in np.argsort(first, kind="stable"):
            places = np.flatnonzero(member == k)
            step = min(each.points_at_once(points[first[k]]) for each in self.arrangements.values())
            for start in range(0, len(places), step):
                yield places[start : start + step]

    def at(self, points: Floats) -> tuple[Ints, Floats, Bools, Floats]:
        """Return codes of regions, amounts, failures and margins at points (b, 2) of one part.

        Returns
        -------
        codes : int array (b,)
        amounts : array (b,)
            nan where there is none.
        fails : bool array (b,)
            Where the amount is of a profile that is not certified there.
        margins : array (b, m)
            Numbers whose signs decide the codes, nan where there is none; m may differ from call to call.
        """
        solved = {name: each.solve(points) for name, each in self.arrangements.items()}
        compared = self.compared(solved)
        refused = np.logical_or.reduce([each.refused for each in solved.values()])
        amounts = beyond = np.full(len(points), np.nan)
        fails = np.zeros(len(points), dtype=bool)
        show = self.drawn.show
        works = [each.works & ~solved[name].refused for name, each in compared.items() if name != BASELINE]
        if show == "best_arrangement":
            codes = self.best(compared)
        elif show == "workable_arrangements":
            codes = sum((own.astype(int) << k for k, own in enumerate(works)), np.zeros(len(points), int))
        elif self.kind == "truth":
            true = QUANTITIES[show].value(compared[str(self.drawn.arrangement)], None)
            codes = np.where(np.isnan(true), NO_NUMBER, np.nan_to_num(true)).astype(int)
        elif show == "supported":
            codes = compared[str(self.drawn.arrangement)].support
        else:
            own = compared[str(self.drawn.arrangement)]
            quantity = QUANTITIES[show]
            amounts = (
                self.one_by_one(points)
                if quantity.one_by_one
                else quantity.value(own, self.drawn.player or self.drawn.of)
            )
            fails = ~own.certified & ~refused
            there = own.there & np.isfinite(amounts) & ~refused
            amounts = np.where(there | (quantity.one_by_one & ~refused), amounts + 0.0, np.nan)
            unit = np.ones(1) if quantity.relative else own.compared
            beyond = amounts - selection.rounding(unit, 0.0)
            codes = np.where(np.isnan(amounts), NO_NUMBER, amounts > selection.rounding(unit, 0.0))
        codes = np.where(refused, NOWHERE, codes)
        return codes, amounts, fails & np.isfinite(amounts), self.margins(solved, compared, beyond)

    def margins(
        self, solved: Mapping[str, Solved], compared: Mapping[str, Comparison], beyond: Floats
    ) -> Floats:
        """Return the numbers whose signs decide the codes, (b, m): of amounts, conducts, arrangements."""
        rows = [beyond]
        for name, each in compared.items():
            table = solved[name].table
            chosen = leads(table.ranked(table.stated.joint_payoff), table.steps[0], table.sizes)
            rows += [table.excess, chosen, each.surplus]
        others = [each for name, each in compared.items() if name != BASELINE]
        if self.drawn.show == "best_arrangement" and others:
            nets = np.array([each.accounts.net_benefit for each in others])
            works = np.array([each.works for each in others])
            rows.append(gaps(nets, works, np.array([each.compared for each in others])))
        return side_by_side(rows, len(beyond))

    def compared(self, solved: Mapping[str, Solved]) -> dict[str, Comparison]:
        """Return the candidate that is meant in every arrangement, beside the baseline's own conduct."""
        before: Comparison | None = None
        comparisons: dict[str, Comparison] = {}
        others: list[Comparison] = []
        most = solved[BASELINE].best_joint_payoff
        for name, each in solved.items():
            place = each.table.selected(before.stated if before else None, most)
            meant = place if name != self.drawn.arrangement else self.named(each.table, place)
            own = self._comparison(each, meant, most, before, name, others.copy)
            if before is None:
                before = own if meant is place else self._comparison(each, place, most, None, name)
                if own is not before:
                    own = replace(own, before=before)
            comparisons[name] = own
            others += [own] if name != BASELINE else []
        return comparisons

    def _comparison(
        self,
        solved: Solved,
        place: Ints,
        most: Floats,
        before: Comparison | None,
        name: str,
        others: Callable[[], Sequence[Comparison]] = tuple,
    ) -> Comparison:
        return Comparison(
            **of_table(solved.table, place),
            table=solved.table,
            institution=self.arrangements[name].specification.has_institution,
            agreed=solved.agreed,
            others=others,
            impossible=lambda: solved.impossible,
            best_joint_payoff=most,
            weights=solved.weights,
            budgets=solved.budgets,
            before=before,
            of_baseline=name == BASELINE,
        )

    def named(self, table: Table, place: Ints) -> Ints:
        """Return the place of the candidate that is meant: the conduct, or the one that the map names."""
        if self.drawn.profile is None:
            return place
        meant = [k for k, label in enumerate(table.labels) if same_profile(label, self.drawn.profile)]
        if not meant:
            return np.full(len(place), NOWHERE)
        k = meant[0]
        return np.where(table.verdict[k] == "", NOWHERE, k)

    def best(self, compared: Mapping[str, Comparison]) -> Ints:
        """Return the place of the best arrangement among the regions, 0 for none."""
        own = [compared[name] for name in self.scenario.arrangements if name != BASELINE]
        return best(own) + 1 if own else np.zeros(len(compared[BASELINE].there), dtype=int)

    def one_by_one(self, points: Floats) -> Floats:
        """Return a quantity (b,) that is found for one game at a time; nan where there is none."""
        moved = sorted({k for each in self.arrangements.values() for k in each.moved_by})
        _, first, member = distinct(len(points), [points[:, moved]])
        factors = np.full(len(first), np.nan)
        for k, point in enumerate(points[first]):
            name = str(self.drawn.arrangement)
            baseline = Arrangement(self.arrangements[BASELINE].specified(point[None]))
            there = (
                baseline
                if name == BASELINE
                else Arrangement(self.arrangements[name].specified(point[None]), baseline)
            )
            try:
                candidate = there.conduct if self.drawn.profile is None else there.named(self.drawn.profile)
                factor = there.quantity(candidate, self.drawn.show, self.drawn.player, self.drawn.of)
                factors[k] = factor if isinstance(factor, float) else np.nan
            except GamelabError:
                continue  # refused where all candidates were solved, and told there
        return factors[member]

    @cached_property
    def words(self) -> list[str]:
        """The regions by their codes."""
        names = [name for name in self.scenario.arrangements if name != BASELINE]
        if self.drawn.show == "best_arrangement":
            return [BASELINE, *names]
        if self.kind == "truth":
            return [f"not {self.drawn.show}", self.drawn.show]
        return list(REGIONS if self.drawn.show == "supported" else SIGNS)

    def in_words(self, code: int) -> str:
        """Return a region's name."""
        if self.drawn.show != "workable_arrangements":
            return self.words[code]
        names = [name for name in self.scenario.arrangements if name != BASELINE]
        there = list(itertools.compress(names, (code >> k & 1 for k in range(len(names)))))
        *rest, last = there or [BASELINE]
        return f"{', '.join(rest)} and {last}" if rest else last
