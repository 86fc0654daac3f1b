"""Shown: what a map shows at many points, as numbers of regions or as amounts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np

from gamelab.errors import GamelabError
from gamelab.experiment import choice
from gamelab.experiment.arrangements import Arrangement
from gamelab.experiment.margins import gaps, leads, side_by_side
from gamelab.experiment.points import Solved, distinct, value_at
from gamelab.experiment.sites import Site
from gamelab.model.game import Bools, Floats, Ints
from gamelab.scenario import Map, Scenario, same_profile
from gamelab.scenario.catalogue import BASELINE
from gamelab.solve.judgement import HOLDS, UNDECIDED
from gamelab.solve.values import Value
from gamelab.solve.workability import Accounts, accounts

NOWHERE, NO_NUMBER = -1, -2
"""The codes of points that are refused, and of those that have no number."""
SUPPORTED = ("yes", "no candidate", "undecided", "impossible", "nothing agreed")
SIGNS = ("at most 0", "above 0")
OF_VALUES = ("cooperation", "joint_payoff")
OF_CERTIFICATES = ("max_gain", "best_response_gain")
SHARES = ("cooperation", "share_of_gains", "efficiency", "critical_discount_factor")


@dataclass(frozen=True, eq=False)
class Played:
    """One arrangement at b points with the conduct that is played there, -1 where none is.

    ``held`` says where it is certified and keeps the agreement, ``works`` where that pays, too; ``compared``
    are the sizes of the payments that its net benefit is added up from, and ``surplus`` is the net benefit
    less what may be rounding.
    """

    solved: Solved
    place: Ints
    accounts: Accounts
    value: Value
    held: Bools
    works: Bools
    compared: Floats
    surplus: Floats

    def picked(self, array: Any) -> Any:
        """Return an array (k, b) at the conduct, (b,)."""
        return picked(array, self.place)


def picked(array: Any, place: Ints) -> Any:
    """Return an array (k, b, ...) at one place of each point, (b, ...); the first where there is none."""
    return array[np.maximum(place, 0), np.arange(array.shape[1])]


@dataclass(frozen=True, eq=False)
class Shown:
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
        return self.drawn.arrangement is not None and self.drawn.show not in ("supported", "workable")

    @cached_property
    def sites(self) -> dict[str, Site]:
        """The arrangements that are needed, the baseline first."""
        names = [self.drawn.arrangement] if self.drawn.arrangement else self.scenario.arrangements
        order = dict.fromkeys([BASELINE, *names])
        paths = (self.drawn.x.path, self.drawn.y.path)
        show, apart = self.drawn.show, self.apart if any(self.apart) else ()
        asked = (self.drawn.profile is not None, show == "best_response_gain", show == "supported")
        return {
            str(n): Site(self.scenario, str(n), self.overrides, paths, self.limits, *asked, apart)
            for n in order
        }

    @property
    def apart(self) -> tuple[bool, bool]:
        """Along which axes the games of different values have different forms."""
        return self.drawn.x.apart, self.drawn.y.apart

    def parts(self, points: Floats) -> Iterator[Ints]:
        """Yield the places of points (b, 2) that are solved together: of one form, and few enough."""
        _, first, member = distinct(len(points), [points[:, [k]] for k in np.flatnonzero(self.apart)])
        for k in np.argsort(first, kind="stable"):
            places = np.flatnonzero(member == k)
            step = min(site.points_at_once(points[first[k]]) for site in self.sites.values())
            for start in range(0, len(places), step):
                yield places[start : start + step]

    def at(self, points: Floats) -> tuple[Ints, Floats, Floats]:
        """Return codes of regions, amounts and margins at points (b, 2) of one part.

        Returns
        -------
        codes : int array (b,)
        amounts : array (b,)
            nan where there is none.
        margins : array (b, m)
            Numbers whose signs decide the codes, nan where there is none; m may differ from call to call.
        """
        found = self.played(points)
        refused = np.logical_or.reduce([played.solved.refused for played in found.values()])
        amounts = beyond = np.full(len(points), np.nan)
        if self.drawn.show == "best_arrangement":
            codes = self.best(found)
        elif self.drawn.show == "workable_arrangements":
            works = [played.works for name, played in found.items() if name != BASELINE]
            codes = sum((own.astype(int) << k for k, own in enumerate(works)), np.zeros(len(points), int))
        elif self.drawn.show == "workable":
            codes = found[str(self.drawn.arrangement)].works.astype(int)
        elif self.drawn.show == "supported":
            codes = self.supported(found[str(self.drawn.arrangement)])
        else:
            amounts, compared = self.amounts(found, points)
            unit = np.ones(1) if self.drawn.show in SHARES else compared
            amounts = np.where(refused | ~np.isfinite(amounts), np.nan, amounts + 0.0)
            beyond = amounts - choice.rounding(unit, 0.0)
            codes = np.where(np.isnan(amounts), NO_NUMBER, amounts > choice.rounding(unit, 0.0))
        return np.where(refused, NOWHERE, codes), amounts, self.margins(found, beyond)

    def margins(self, found: Mapping[str, Played], beyond: Floats) -> Floats:
        """Return the numbers whose signs decide the codes, (b, m): of amounts, conducts, arrangements."""
        rows = [beyond]
        for played in found.values():
            solved = played.solved
            chosen = leads(
                solved.value.joint_payoff, (solved.verdict == HOLDS) & solved.eligible, solved.sizes
            )
            rows += [solved.excess, chosen, played.surplus]
        others = [played for name, played in found.items() if name != BASELINE]
        if self.drawn.show == "best_arrangement" and others:
            nets = np.array([played.accounts.net_benefit for played in others])
            works = np.array([played.works for played in others])
            rows.append(gaps(nets, works, np.array([played.compared for played in others])))
        return side_by_side(rows, len(beyond))

    def played(self, points: Floats) -> dict[str, Played]:
        """Return every arrangement that is needed with its conduct; the baseline's own one first."""
        found: dict[str, Played] = {}
        before: Value | None = None
        most, own = np.empty(0), np.empty(0)
        for name, site in self.sites.items():
            solved = site.solve(points)
            if before is None:
                most = solved.best_joint_payoff
            place = self.conduct(solved, before, most)
            worth = _value_of(solved, place)
            if before is None:
                before, own = worth, picked(solved.sizes, place)
            named = place if name != self.drawn.arrangement else self.named(solved, place)
            shown = worth if named is place else _value_of(solved, named)
            social = _beside(shown, before, most)
            compared = picked(solved.sizes, named) + own
            held = (named >= 0) & picked(solved.supports, named) & (picked(solved.verdict, named) == HOLDS)
            works = held & choice.pays(social.net_benefit, compared, most) & ~solved.refused
            surplus = social.net_benefit - choice.rounding(compared, most)
            works &= name != BASELINE
            found[name] = Played(solved, named, social, shown, held, works, compared, surplus)
        return found

    def conduct(self, solved: Solved, before: Value | None, most: Floats) -> Ints:
        """Return the certified candidate with the highest joint payoff, ties by net benefit."""
        eligible = (solved.verdict == HOLDS) & solved.eligible
        near = choice.highest(solved.value.joint_payoff, eligible, solved.sizes)
        if before is not None:
            nets = accounts(solved.value, before, most).net_benefit
            near = choice.highest(nets, near, solved.sizes)
        return choice.first(near)

    def named(self, solved: Solved, place: Ints) -> Ints:
        """Return the place of the candidate that is meant: the conduct, or the one that the map names."""
        if self.drawn.profile is None:
            return place
        meant = [k for k, label in enumerate(solved.labels) if same_profile(label, self.drawn.profile)]
        if not meant:
            return np.full(len(place), NOWHERE)
        k = meant[0]
        return np.where(solved.verdict[k] == "", NOWHERE, k)

    def best(self, found: Mapping[str, Played]) -> Ints:
        """Return the place of the best arrangement among the regions, 0 for none."""
        names = [name for name in self.scenario.arrangements if name != BASELINE]
        if not names:
            return np.zeros(len(next(iter(found.values())).place), dtype=int)
        own = [found[name] for name in names]
        place = choice.best(
            [each.accounts.net_benefit for each in own],
            [each.works for each in own],
            [each.compared for each in own],
        )
        return place + 1

    def supported(self, played: Played) -> Ints:
        """Return the code of whether the agreement is supported."""
        solved = played.solved
        yes = played.held
        undecided = (solved.supports & (solved.verdict == UNDECIDED)).any(axis=0)
        cases = [~solved.agreed, yes, solved.impossible, undecided]
        words = ("nothing agreed", "yes", "impossible", "undecided")
        codes = [SUPPORTED.index(word) for word in words]
        return np.select(cases, codes, SUPPORTED.index("no candidate"))

    def amounts(self, found: Mapping[str, Played], points: Floats) -> tuple[Floats, Floats]:
        """Return the quantity and the sizes of the payments behind it, (b,)."""
        drawn, played = self.drawn, found[str(self.drawn.arrangement)]
        if drawn.show == "critical_discount_factor":
            return self.critical(points), played.compared
        if drawn.show == "payoff":
            own = {name: k for k, name in enumerate(played.value.players)}.get(str(drawn.player))
            amounts = np.full(len(points), np.nan) if own is None else played.value.payoffs[:, own]
        elif drawn.show in OF_VALUES:
            amounts = getattr(played.value, drawn.show)
        elif drawn.show in OF_CERTIFICATES:
            amounts = played.picked(getattr(played.solved, drawn.show))
        else:
            amounts = getattr(played.accounts, drawn.show)
        return np.where(played.place >= 0, amounts, np.nan), played.compared

    def critical(self, points: Floats) -> Floats:
        """Return critical discount factors (b,), found for one game at a time; nan where there is none."""
        moved = sorted({k for site in self.sites.values() for k in site.moved_by})
        _, first, member = distinct(len(points), [points[:, moved]])
        factors = np.full(len(first), np.nan)
        for k, point in enumerate(points[first]):
            overrides, name = self.sites[BASELINE].overrides_at(point[None]), str(self.drawn.arrangement)
            baseline = Arrangement(self.scenario, BASELINE, overrides)
            there = baseline if name == BASELINE else Arrangement(self.scenario, name, overrides, baseline)
            try:
                candidate = there.conduct if self.drawn.profile is None else there.named(self.drawn.profile)
                factor = there.quantity(candidate, "critical_discount_factor")
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
        if self.drawn.show == "workable":
            return ["not workable", "workable"]
        return list(SUPPORTED if self.drawn.show == "supported" else SIGNS)

    def in_words(self, code: int) -> str:
        """Return a region's name."""
        if self.drawn.show != "workable_arrangements":
            return self.words[code]
        names = [name for name in self.scenario.arrangements if name != BASELINE]
        there = list(itertools.compress(names, (code >> k & 1 for k in range(len(names)))))
        *rest, last = there or [BASELINE]
        return f"{', '.join(rest)} and {last}" if rest else last


def _beside(worth: Value, before: Value, most: Floats) -> Accounts:
    """Return the accounts beside the baseline; all are unknown where the baseline has no conduct."""
    social = accounts(worth, before, most)
    unknown = np.isnan(before.joint_payoff)
    names = [field.name for field in fields(Accounts)]
    return Accounts(**{name: np.where(unknown, np.nan, getattr(social, name)) for name in names})


def _value_of(solved: Solved, place: Ints) -> Value:
    """Return the value of the candidates in these places, nan where there is none."""
    worth = value_at(solved.value, (np.maximum(place, 0), np.arange(len(place))))
    missing = place < 0
    return replace(
        worth,
        ledger={line: np.where(missing[:, None], np.nan, amounts) for line, amounts in worth.ledger.items()},
        cooperation=np.where(missing, np.nan, worth.cooperation),
    )
