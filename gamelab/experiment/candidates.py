"""Candidates: the profiles that might be played in an arrangement, each with its value and certificate."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from gamelab.errors import GameError, GamelabWarning, InputError
from gamelab.experiment.exact_forms import ExactForm
from gamelab.experiment.questions import number, sustainable_discount_factors
from gamelab.expressions import dotted
from gamelab.model.answers import Missing, not_asked
from gamelab.model.automaton import Automaton
from gamelab.model.exactness import InexactError
from gamelab.model.expectation import total
from gamelab.model.game import Floats, Game, Ints
from gamelab.model.stage import has_fallback
from gamelab.scenario import Scenario, adjustable, assemble, profiles, refused
from gamelab.solve import certificate, setting_thresholds, thresholds, values, workability
from gamelab.solve.agreement import has_agreement, prescribes_agreement
from gamelab.solve.backward_induction import backward_induction
from gamelab.solve.certificate import Certificate
from gamelab.solve.crossings import Build
from gamelab.solve.stage_equilibria import KnownEquilibria, equilibria_by_point
from gamelab.solve.symmetry import is_symmetric
from gamelab.solve.thresholds import Interval
from gamelab.solve.values import Value
from gamelab.strategies.induction import NAME as BY_INDUCTION
from gamelab.strategies.induction import as_here
from gamelab.strategies.profile import Strategy, profile_of

UNDISCOUNTED = not_asked("there are finitely many rounds, and no discount factor")
NOWHERE = "it holds at no discount factor"
NOT_UP_TO_1 = "the discount factors at which it holds do not reach up to 1"
MOST_AUTOMATIC = 20
"""The most stage equilibria that are certified without being asked for."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A profile in one arrangement of a scenario, under overrides.

    Parameters
    ----------
    scenario, arrangement, overrides
        Where it may be played.
    label : list
        As results name it: a name, or a name with its settings, for each player.
    strategies : list
        What ``profile_of`` takes.
    place : int or None
        Its place among the candidates of the file; None for an automatic one.
    exact_game : Game or None
        The game in fractions, where exact results are asked for.
    """

    scenario: Scenario
    arrangement: str
    overrides: Mapping[str, Any]
    game: Game
    label: list[Any]
    strategies: Sequence[Strategy]
    place: int | None = field(default=None)
    exact_game: Game | None = field(default=None)

    @cached_property
    def automata(self) -> list[Automaton]:
        """The automata; a refusal is located in the file. Those of exact results are the exact ones, rounded.

        So floats and fractions are of the same profile, also where rounded payoffs have other equilibria.
        """
        if self.exact is not None:
            return [automaton.rounded() for automaton in self.exact.automata]
        return self.automata_on(self.game, self.strategies)

    def automata_on(self, game: Game, strategies: Sequence[Strategy]) -> list[Automaton]:
        """Return the automata on another game of the arrangement, such as the exact one."""
        try:
            return profile_of(game, strategies)
        except GameError as refusal:
            if self.place is None:
                raise
            raise refused(self.scenario, self.arrangement, self.place, refusal) from None

    @cached_property
    def certificate(self) -> Certificate:
        """Whether it is an equilibrium; work beyond the limits is refused where the file asks for it."""
        with self._located():
            return certificate.certify(self.game, self.automata)

    @property
    def verdict(self) -> str:
        """The certificate's verdict; in fractions where they settle it."""
        exact = self.exact.certificate.verdict if self.exact else None
        return exact or str(self.certificate.verdict)

    @cached_property
    def exact(self) -> ExactForm | None:
        """The candidate in fractions, where exact results are asked for."""
        if self.exact_game is None:
            return None
        form = ExactForm(self, self.exact_game)
        try:
            form.certificate  # noqa: B018  what cannot be exact is refused here, before any number is told
        except InexactError as refusal:
            raise inexact(self.scenario, self.arrangement, refusal) from None
        return form

    @property
    def notes(self) -> list[str]:
        """Where fractions say something else than floats do."""
        if self.exact is None:
            return []
        name, rounded = profile_name(self.label), str(self.certificate.verdict)
        edge = f"in fractions {name} {self.verdict}; in floats, within their tolerance, it {rounded}"
        found = self.sustainable
        unsure = (
            [] if isinstance(found, Missing) else [k for k in found if not (k.exact or {}).get("confirmed")]
        )
        doubts = [f"fractions do not confirm that {name} holds exactly on {interval}" for interval in unsure]
        return ([edge] if self.verdict != rounded else []) + doubts

    @cached_property
    def value(self) -> Value:
        """What it pays."""
        with self._located():
            return values.value(self.game, self.automata)

    @contextmanager
    def _located(self) -> Iterator[None]:
        """Tell a refusal to solve at the setting that it names, else at the candidate or its arrangement."""
        try:
            yield
        except GameError as refusal:
            scenario, path = self.scenario, f"time.{refusal.key}"
            if path in scenario.entries:
                at = None if path in self.overrides else scenario.entries[path].at
                raise InputError(scenario.problem(refusal.message, path, at)) from None
            if self.place is not None:
                raise refused(scenario, self.arrangement, self.place, refusal) from None
            key = dotted(("arrangements", self.arrangement))
            problem = scenario.problem(str(refusal), key, scenario.at("arrangements", self.arrangement))
            raise InputError(problem) from None

    @cached_property
    def supports(self) -> bool:
        """Whether it prescribes the agreement while nobody was seen to depart."""
        return has_agreement(self.game) and bool(prescribes_agreement(self.game, self.automata))

    @cached_property
    def sustainable(self) -> list[Interval] | Missing:
        """The discount factors at which it is a perfect equilibrium, or why these are not known."""
        if self.game.rounds is not None and (self.game.one_discount == 1).all():
            return UNDISCOUNTED
        if self.exact:
            return sustainable_discount_factors(self.exact.game, self.exact.strategies)
        return sustainable_discount_factors(self.game, self.strategies)

    @property
    def gain(self) -> float:
        """What departing gains at most, as far as is known."""
        known = number(self.certificate.max_gain)
        return number(self.certificate.upper) or 0.0 if known is None else known

    def _build(self, path: str) -> Build:
        """Return what makes the games and this profile from values of one setting."""
        own = dotted(("arrangements", self.arrangement, "profiles")) + "."
        settings = any(isinstance(one, Mapping) and any(one.values()) for one in self.strategies)
        fixed = self.place is None or not (settings or path.startswith(own))

        def build(amounts: Floats) -> tuple[Game, list[Automaton]]:
            changed = {**self.overrides, path: amounts}
            with warnings.catch_warnings():  # told once, when the arrangement's own game was made
                warnings.simplefilter("ignore", GamelabWarning)
                game = assemble(self.scenario, self.arrangement, changed)
            if self.place is None or fixed:
                return game, self.automata_on(game, as_here(self.strategies, self.automata))
            choices = profiles(self.scenario, self.arrangement, changed)[self.place].choices
            laid_out, _ = game.spread(amounts)
            strategies = as_here([{name: given} for name, given in choices], self.automata)
            return laid_out, profile_of(laid_out, strategies)

        return build

    def least(self, path: str) -> float | Missing | None:
        """Return the value of a setting down to which this profile holds, else the next one above."""
        at = adjustable(self.scenario, self.arrangement, path, self.overrides)
        found = setting_thresholds.least(self._build(at.path), at.present, at.low, at.high)
        return found + 0.0 if isinstance(found, float) else found

    def break_even(self, path: str, baseline: Value, best_joint_payoff: float) -> float | Missing | None:
        """Return the supremum of a cost's values at which this profile is still workable."""
        build = self._build(path)

        def net(costs: Floats) -> Floats:
            paid = values.value(*build(costs))
            return workability.accounts(paid, baseline, np.asarray(best_joint_payoff)).net_benefit

        return thresholds.break_even(build, net)

    def to_dict(self) -> dict[str, Any]:
        """Return the candidate as results hold it."""
        return {
            "profile": self.label,
            "certificate": self.certificate_dict(),
            "payoffs": by_name(self.game.players, self.value.payoffs),
            "ledger": {line: by_name(self.game.accounts, paid) for line, paid in self.value.ledger.items()},
            "cooperation": number(self.value.cooperation),
            "critical_discount_factor": thresholds.critical_discount_factor(self.sustainable),
            "sustainable_discount_factors": intervals(self.sustainable),
            "reasons": self.reasons,
            **({"exact": self.exact.to_dict()} if self.exact else {}),
        }

    @property
    def reasons(self) -> dict[str, str]:
        """Why there is no number, by the names of quantities."""
        if isinstance(self.sustainable, Missing):
            names = ("critical_discount_factor", "sustainable_discount_factors")
            return dict.fromkeys(names, self.sustainable.reason)
        none = thresholds.critical_discount_factor(self.sustainable) is None
        return {"critical_discount_factor": NOT_UP_TO_1 if self.sustainable else NOWHERE} if none else {}

    def certificate_dict(self) -> dict[str, Any]:
        """Return the certificate as results hold it: fractions decide the verdict where they can."""
        report = self.certificate.to_dict()
        if self.exact is None:
            return report
        exact = self.exact.certificate
        settled = {name: getattr(exact, name) for name in ("verdict", "nash") if getattr(exact, name)}
        return {**report, **settled, "exact": exact.to_dict()}


def by_name(names: Sequence[str], amounts: Floats) -> dict[str, float | None]:
    """Return amounts by name."""
    return {name: number(amount) for name, amount in zip(names, amounts)}


def intervals(found: list[Interval] | Missing) -> list[dict[str, Any]] | Missing:
    """Return intervals as results hold them."""
    return found if isinstance(found, Missing) else [interval.to_dict() for interval in found]


def profile_name(label: Sequence[Any]) -> str:
    """Return a candidate's name for a sentence."""
    names = [_strategy(choice) for choice in label]
    return names[0] if len(set(names)) == 1 else " / ".join(names)


def _strategy(choice: Any) -> str:
    if isinstance(choice, str):
        return choice
    ((name, settings),) = choice.items()
    return f"{name}({', '.join(f'{key}={entry:g}' for key, entry in settings.items())})"


def inexact(scenario: Scenario, arrangement: str, refusal: InexactError) -> InputError:
    """Return the refusal of exact results for an arrangement, located in the file."""
    at = scenario.at("arrangements", arrangement)
    return InputError(scenario.problem(str(refusal), f"arrangements.{arrangement}", at))


def candidates_of(
    scenario: Scenario,
    arrangement: str,
    overrides: Mapping[str, Any],
    game: Game,
    beside: Sequence[Strategy],
    exact_game: Game | None = None,
) -> list[Candidate]:
    """Return the candidates of an arrangement: the file's, a fallback that there is, and these."""
    written = [
        ([{name: settings} for name, settings in profile.choices], profile.label)
        for profile in profiles(scenario, arrangement, overrides)
    ]
    automatic: list[tuple[list[Any], list[Any]]] = []
    if has_fallback(game).all():
        automatic += [(["stage_nash"] * game.n,) * 2]
    automatic += [([own] * game.n,) * 2 for own in beside]
    known = [label for _, label in written]
    added = [(strategies, label) for strategies, label in automatic if label not in known]
    return [
        Candidate(
            scenario,
            arrangement,
            overrides,
            game,
            label,
            strategies,
            k if k < len(written) else None,
            exact_game,
        )
        for k, (strategies, label) in enumerate(written + added)
    ]


def candidates_beside_fallback(game: Game, symmetric: bool) -> list[tuple[Ints, list[Strategy], list[str]]]:
    """Return the automatic candidates beside the fallback, for groups of points, with notes.

    In a group all points have a fallback, or none has. Of a game with one state these are its stage
    equilibria. Of many only those with the highest joint payoffs are: the arrangement's conduct would be
    among them. Where it must be symmetric, symmetric ones first. Of a game with several states and finitely
    many rounds it is the plan that backward induction leaves, where that is the only one and not the fallback
    itself.
    """
    if len(game.states) != 1:
        return _by_induction(game)
    groups: list[tuple[Ints, list[Strategy], list[str]]] = []
    for points, known in equilibria_by_point(game):
        notes = [known.note] if known.note else []
        if len(known.mixtures) <= MOST_AUTOMATIC:
            groups += [(part, _named(places), notes) for part, places in _own(game, points, known)]
            continue
        some = f"the {MOST_AUTOMATIC} with the highest joint payoffs of {len(known.mixtures)}"
        notes.append(f"{some} stage equilibria are candidates; list others as stage_nash {{equilibrium: k}}")
        for k, point in enumerate(points):
            one = KnownEquilibria([mixtures[k : k + 1] for mixtures in known.mixtures])
            ((_, places),) = _own(game, np.array([point]), one)
            here = game.take(slice(point, point + 1))
            best = promising(here, [mixtures[0] for mixtures in one.mixtures], symmetric)
            groups.append((np.array([point]), _named(k for k in places if k in best), notes))
    return groups


def _by_induction(game: Game) -> list[tuple[Ints, list[Strategy], list[str]]]:
    there = np.broadcast_to(has_fallback(game), (game.batch,))
    proposed, notes = np.zeros(game.batch, dtype=bool), []
    if game.rounds is not None:
        plan = backward_induction(game)
        apart = [(np.abs(phase - game.fallback) > 1e-12).any(axis=(1, 2, 3)) for phase in plan.phases]
        proposed, notes = plan.unique & np.logical_or.reduce(apart), [plan.note] if plan.note else []
    kinds, member = np.unique(np.vstack([proposed, there]), axis=1, return_inverse=True)
    named: list[list[Strategy]] = [[BY_INDUCTION] if own else [] for own, _ in kinds.T.tolist()]
    return [(np.flatnonzero(member.ravel() == k), beside, notes) for k, beside in enumerate(named)]


def _named(places: Iterable[int]) -> list[Strategy]:
    """Return stage equilibria by their places as strategies."""
    return [{"stage_nash": {"equilibrium": k}} for k in places]


def _own(game: Game, points: Ints, known: KnownEquilibria) -> list[tuple[Ints, list[int]]]:
    """Return the places of the equilibria that are not the fallback, for groups of the points.

    Both may come from different formulas: the last digits do not tell them apart.
    """
    fallback = np.broadcast_to(game.fallback[:, 0], (game.batch, *game.fallback.shape[2:]))[points]
    same = 0 if game.exact else 1e-12
    own = np.array([(np.abs(mixtures - fallback) > same).any(axis=(1, 2)) for mixtures in known.mixtures])
    own = own.reshape(len(known.mixtures), len(points))
    there = np.broadcast_to(has_fallback(game), (game.batch,))[points]
    kinds, member = np.unique(np.vstack([own, there]), axis=1, return_inverse=True)
    groups = enumerate(kinds[:-1].T)
    return [(points[member.ravel() == k], np.flatnonzero(kind).tolist()) for k, kind in groups]


def promising(game: Game, mixtures: list[Floats], symmetric: bool) -> list[int]:
    """Return the places of at most 20 stage equilibria: those with the highest joint payoffs, in order."""
    if len(mixtures) <= MOST_AUTOMATIC:
        return list(range(len(mixtures)))
    lines = [game.expected[line][0] for line, flow in game.flows.items() if flow.kind != "regard"]
    joint = np.broadcast_to(total(lines)[0, 0, :, : game.n], (len(game.profiles), game.n)).sum(axis=1)
    chances = [np.prod(mixture[np.arange(game.n), game.profiles], axis=1) for mixture in mixtures]
    ranks = []
    for k, chance in enumerate(chances):
        apart = symmetric and not is_symmetric(game, profile_of(game, {"stage_nash": {"equilibrium": k}}))
        ranks.append((apart, -float(chance @ joint), k))
    return sorted(k for *_, k in sorted(ranks)[:MOST_AUTOMATIC])
