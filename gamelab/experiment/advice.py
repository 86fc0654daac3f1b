"""Advice: what a reader should know about an arrangement's verdict, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from gamelab.errors import GameError, InputError
from gamelab.experiment.arrangements import Arrangement, name_of
from gamelab.experiment.candidates import Candidate
from gamelab.expressions import dotted
from gamelab.scenario.catalogue import BASELINE
from gamelab.scenario.document import Candidate as Listed
from gamelab.scenario.specification import Specification
from gamelab.scenario.values import Values
from gamelab.solve.agreement import has_agreement
from gamelab.solve.judgement import HOLDS, UNDECIDED

LENIENCE = {"worst": 0, "best": 2}
"""How high the joint payoffs are that selection rules choose; 1 for those that are not listed."""


def notes(arrangement: Arrangement) -> list[str]:
    """Return warnings, what candidates may be missing, how one was selected, and where fractions decided."""
    exact = (note for candidate in arrangement.candidates if arrangement.exact for note in candidate.notes)
    own = [
        f"{arrangement.name}: {note}"
        for note in (*_upside_down(arrangement), *_selected_how(arrangement), *exact)
    ]
    return arrangement.remarks + own


def _upside_down(arrangement: Arrangement) -> Iterator[str]:
    """Say where an institution takes right conduct for an offence more often than an offence."""
    specification, names = arrangement.specification, ("detection", "false_alarm")
    values = Values(specification.scenario, specification.overrides)
    for institution in specification.scenario.institutions[arrangement.name]:
        path = dotted(("arrangements", arrangement.name, "institutions", institution))
        if not specification.scenario.sections.get(path, {}).keys() >= {*names}:
            continue
        chances = [values.of(f"{path}.{name}") for name in names]
        for player in arrangement.game.players:
            right, wrong = (own[player] if isinstance(own, Mapping) else own for own in chances)
            if wrong > right:
                yield f"{institution} has more false alarms than detections; is that meant?"
                break


def _selected_how(arrangement: Arrangement) -> Iterator[str]:
    rule = arrangement.specification.selection
    if rule == "risk_dominant" and arrangement.step:
        yield "no candidate risk-dominates every other; selected as by default"
    if arrangement.conduct and arrangement.step == "contested":
        lowest = f"{name_of(arrangement.conduct)}, which has the lowest joint payoff, is played"
        yield f"different players prefer different equilibria; {lowest}"
    if arrangement.baseline is None:
        return
    before = arrangement.baseline.specification.selection
    if LENIENCE.get(rule, 1) > LENIENCE.get(before, 1):
        yield f"its selection, {rule}, is laxer than the baseline's, {before}"
    known = [candidate.label for candidate in arrangement.baseline.candidates]
    for candidate in [] if arrangement.specification.has_institution else arrangement.candidates:
        new = candidate.place is not None and candidate.label not in known
        if new and candidate.verdict == HOLDS and not name_of(candidate).startswith("stage_nash"):
            yield f"{name_of(candidate)} holds without any institution; the baseline does not list it"


def advice(arrangement: Arrangement) -> str | None:
    """Return what a reader should know about the verdict, or what would help; None for nothing."""
    parts = filter(None, (_help(arrangement), _flip(arrangement)))
    return "; ".join(parts) or None


def _flip(arrangement: Arrangement) -> str | None:
    """Return which choice among certified candidates would flip the verdict."""
    baseline = arrangement.baseline
    if baseline is None or not (arrangement.conduct and baseline.conduct):
        return None
    pairs = [
        (arrangement.candidates[k], baseline.candidates[j]) for k, j in arrangement.comparison.choices.flips
    ]
    if not pairs:
        return None
    both = (arrangement.conduct, baseline.conduct)
    own, base = min(pairs, key=lambda pair: sum(one is not usual for one, usual in zip(pair, both)))
    played = [] if own is arrangement.conduct else [f"{name_of(own)} under {arrangement.name}"]
    played += [] if base is baseline.conduct else [f"{name_of(base)} under {BASELINE}"]
    verdict = "not be workable" if arrangement.comparison.works.all() else "be workable"
    return f"the verdict rests on what is played: with {' and '.join(played)} it would {verdict}"


def _help(arrangement: Arrangement) -> str | None:
    if not arrangement.candidates:
        return "there is no candidate: which strategies might be played? write them under profiles"
    if arrangement.conduct is None:
        nearest = min(arrangement.candidates, key=lambda candidate: candidate.gain)
        gain = f"gains {nearest.gain:.4g} a round by deviating"
        return f"no candidate is certified; the nearest, {name_of(nearest)}, {gain}"
    if arrangement.conduct.supports.all() or not has_agreement(arrangement.game):
        return None
    if arrangement.impossible:
        return arrangement.impossible
    others = [c for c in arrangement.candidates if c.verdict == HOLDS and c.supports.all()]
    if others:
        return f"{name_of(others[0])} is certified too, and supports the agreement"
    willing = [candidate for candidate in arrangement.candidates if candidate.supports.all()]
    if not willing:
        return f"no candidate keeps the agreement{_unlisted(arrangement)}"
    undecided = [candidate for candidate in willing if candidate.verdict == UNDECIDED]
    nearest = min(undecided or willing, key=lambda candidate: candidate.gain)
    if undecided:
        report = nearest.certificate
        gains = f"deviating gains between {float(report.lower):.4g} and {float(report.upper):.4g} a round"
        return f"whether {name_of(nearest)} holds is undecided: {gains}"
    return f"{name_of(nearest)} is not certified: {deviation(nearest)}"


def _unlisted(arrangement: Arrangement) -> str:
    """Return what would come of listing a strategy that keeps the agreement, as it was tried."""
    tried = trial(arrangement)
    if tried is None:
        return ": which strategy might be played that does?"
    would = f"; {tried.strategy}, listed under profiles, would"
    if arrangement.baseline is not None:
        return f"{would}, and then the arrangement is {'' if tried.workable else 'not '}workable"
    if not tried.undone:
        return f"{would}, and every verdict stays the same"
    *some, last = tried.undone
    beside = f"{', '.join(some)} and {last} are" if some else f"{last} is"
    return f": would they keep it by themselves? {tried.strategy} does, and beside it {beside} not workable"


def deviation(candidate: Candidate) -> str:
    """Return the most profitable deviation from a candidate as a sentence."""
    where = candidate.certificate.where
    if where is None:
        return f"deviating gains at least {float(candidate.certificate.lower):.4g} a round"
    state = f" at {where['state']}" if where["state"] else ""
    return f"{where['player']} gains {candidate.gain:.4g} a round by doing {where['action']}{state}"


TRIED = ("grim", "comply", "penance", "turn_taking", "insist", "tit_for_tat")
"""Strategies that keep an agreement and need no settings, the harshest first."""


@dataclass(frozen=True)
class Trial:
    """A strategy that keeps the agreement where everybody plays it, and what becomes of the verdicts.

    Parameters
    ----------
    strategy : str
    workable : bool
        Whether the arrangement is workable then.
    undone : list of str
        The arrangements that are workable now and are not then.
    """

    strategy: str
    workable: bool
    undone: list[str]


def trial(arrangement: Arrangement) -> Trial | None:
    """List strategies in an arrangement, one after the other; return the first that keeps the agreement."""
    for name, tried in _tried(arrangement):
        conduct = tried.conduct
        if conduct is not None and conduct.verdict == HOLDS and conduct.supports.all():
            return Trial(name, bool(tried.comparison.works.all()), list(_undone(arrangement, tried)))
    return None


def _tried(arrangement: Arrangement) -> Iterator[tuple[str, Arrangement]]:
    for name in TRIED:
        try:
            listed = replace(arrangement, specification=_listing(arrangement.specification, name))
            listed.conduct  # noqa: B018  what cannot be played here is refused now
        except (GameError, InputError):
            continue
        yield name, listed


def _listing(specification: Specification, strategy: str) -> Specification:
    """Return the arrangement with one more candidate: this strategy for everybody."""
    scenario, name = specification.scenario, specification.arrangement
    path = f"{name}.profiles.{strategy}"
    more = Listed(((strategy, path),), True, path, scenario.at("arrangements", name))
    listed = {**scenario.candidates, name: (*scenario.candidates[name], more)}
    return replace(specification, scenario=replace(scenario, candidates=listed))


def _undone(arrangement: Arrangement, tried: Arrangement) -> Iterator[str]:
    if arrangement.baseline is None:
        for other in arrangement.siblings():
            if other.comparison.works.all() and not replace(other, baseline=tried).comparison.works.all():
                yield other.name
