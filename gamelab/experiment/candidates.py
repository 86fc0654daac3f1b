"""Candidates: the profiles that might be played in an arrangement, each with its value and certificate."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from math import inf, isinf
from typing import Any

import numpy as np

from gamelab.analysis import number, sustainable_discount_factors
from gamelab.errors import GamelabWarning
from gamelab.experiment.exact_forms import as_fraction, critical, named
from gamelab.experiment.valuation import Valuation, valuation
from gamelab.model.answers import Missing, not_asked
from gamelab.model.automaton import Automaton
from gamelab.model.budget import TOO_MANY_ROUNDS, too_many_rounds
from gamelab.model.exactness import InexactError, fraction
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.model.stage import has_fallback
from gamelab.scenario.specification import Specification
from gamelab.solve import certificate, setting_thresholds, thresholds, workability
from gamelab.solve.agreement import has_agreement, prescribes_agreement
from gamelab.solve.exact_certificate import exact_certify, text
from gamelab.solve.exact_settings import exact_break_even, exact_least
from gamelab.solve.joint import part_of
from gamelab.solve.thresholds import Interval
from gamelab.solve.values import Value
from gamelab.strategies.induction import as_here
from gamelab.strategies.profile import Strategy, profile_of

UNDISCOUNTED = not_asked("there are finitely many rounds, and no discount factor")
NOWHERE = "it holds at no discount factor"
NOT_UP_TO_1 = "the discount factors at which it holds do not reach up to 1"


@frozen_result
@dataclass(frozen=True, eq=False)
class Candidate:
    """A profile on the game of an arrangement: one point, a batch of points, or one game in fractions.

    Parameters
    ----------
    specification : Specification
        Where it may be played.
    game : Game
    label : list
        As results name it: a name, or a name with its settings, for each player.
    strategies : list
        What ``profile_of`` takes.
    place : int or None
        Its place among the candidates of the file; None for an automatic one.
    exact : Candidate or None
        The same profile in fractions, where exact results are asked for. Its automata, rounded, are this
        one's: floats and fractions are of one profile, also where rounded payoffs have other equilibria.
    best_response : bool
        Whether the best response's gain is asked for.
    points : int array, optional
        Which of the specification's points these are; all, without it.
    """

    specification: Specification
    game: Game
    label: list[Any]
    strategies: Sequence[Strategy]
    place: int | None = None
    exact: Candidate | None = None
    best_response: bool = True
    points: Ints | None = None
    _answers: dict[tuple[str, str], Any] = field(default_factory=dict)

    @cached_property
    def automata(self) -> Sequence[Automaton]:
        """The automata; a refusal is located in the file."""
        if self.exact is not None:
            return [automaton.rounded() for automaton in self.exact.automata]
        return self._automata_on(self.game, self.strategies)

    def _automata_on(self, game: Game, strategies: Sequence[Strategy]) -> list[Automaton]:
        if self.place is None:
            return profile_of(game, strategies)
        return self.specification.profile_on(game, strategies, self.place)

    @cached_property
    def certificate(self) -> Any:
        """Whether it is an equilibrium, a ``Certificate`` or an ``ExactCertificate``.

        Work beyond the limits is refused where the file asks for it, and so is what cannot be exact.
        """
        if self.game.exact:
            try:
                return exact_certify(self.game, self.automata)
            except InexactError as refusal:
                raise self.specification.refusal(str(refusal)) from None
        with self.specification.located(self.place):
            return certificate.certify(self.game, self.automata, best_response_gain=self.best_response)

    @property
    def verdicts(self) -> Any:
        """The certificate's verdict at each point, (b,); in fractions where they settle it."""
        exact = self.exact.certificate.verdict if self.exact else None
        return np.reshape(exact or self.certificate.verdict, -1)

    @property
    def verdict(self) -> str:
        """The verdict at a single point."""
        return str(self.verdicts[0])

    @cached_property
    def valuation(self) -> Valuation:
        """What it pays, at own discount factors and at the stated one."""
        with self.specification.located(self.place):
            return valuation(self.specification, self.game, self.automata, self.points)

    @property
    def value(self) -> Value:
        """What it pays, at own discount factors."""
        return self.valuation.own

    @property
    def sizes(self) -> Floats:
        """The sizes of the payments that its joint payoff and costs are added up from."""
        return workability.sizes(self.game, self.valuation.stated)

    @cached_property
    def supports(self) -> Bools:
        """Whether it prescribes the agreement while nobody was seen to deviate, (b,)."""
        keeps = has_agreement(self.game) and prescribes_agreement(self.game, self.automata)
        return np.array(np.broadcast_to(keeps, (self.game.batch,)))

    def part(self, points: Ints) -> Candidate:
        """Return the candidate at some points of its batch; the whole batch as it is."""
        if len(points) == self.game.batch:
            return self
        game, automata = part_of(self.game, tuple(self.automata), points)
        whole = points if self.points is None else self.points[points]
        return replace(self, game=game, strategies=automata, points=whole)

    @property
    def notes(self) -> list[str]:
        """Where fractions say something else than floats do."""
        if self.exact is None:
            return []
        name, rounded = profile_name(self.label), str(self.certificate.verdict)
        edge = f"in fractions {name} {self.verdict}; in floats, within their tolerance, it {rounded}"
        sustainable = self.sustainable
        unsure = (
            []
            if isinstance(sustainable, Missing)
            else [interval for interval in sustainable if not (interval.exact or {}).get("confirmed")]
        )
        doubts = [f"fractions do not confirm that {name} holds exactly on {interval}" for interval in unsure]
        return ([edge] if self.verdict != rounded else []) + doubts

    @cached_property
    def sustainable(self) -> list[Interval] | Missing:
        """The discount factors at which it is a perfect equilibrium, or why these are not known."""
        if self.exact:
            return self.exact.sustainable
        return UNDISCOUNTED if self.undiscounted else sustainable_discount_factors(self.game, self.strategies)

    @property
    def undiscounted(self) -> bool:
        """Whether finitely many rounds all count alike."""
        return self.game.rounds is not None and bool((self.game.one_discount == 1).all())

    @property
    def gain(self) -> float:
        """What deviating gains at most, as far as is known."""
        known = number(self.certificate.max_gain)
        return number(self.certificate.upper) or 0.0 if known is None else known

    def _varied(self, path: str) -> Callable[[Any], tuple[Game, list[Automaton]]]:
        """Return what makes games and this profile from values of one setting: floats (b,), or a fraction."""
        listed = self.place
        if listed is not None and not self.specification.moves_profile(listed, path):
            listed = None

        def build(amounts: Any) -> tuple[Game, list[Automaton]]:
            there = self.specification.at({path: amounts})
            with warnings.catch_warnings():  # told once, when the arrangement's own game was made
                warnings.simplefilter("ignore", GamelabWarning)
                game = there.game
            strategies = self.strategies if listed is None else there.strategies(listed)
            strategies = as_here(strategies, self.automata)
            if not game.exact:
                game, _ = game.spread(amounts)
            if listed is None or game.exact:
                return game, self._automata_on(game, strategies)
            return game, profile_of(game, strategies)

        return build

    def least(self, path: str, sign: int = 1) -> Any:
        """Return the value of a setting down to which this profile holds, else the next one above.

        A number, ``unbounded`` for however low, None where there is none, or why it is not known. With a
        sign of -1 the value up to which it holds, else the next one below.
        """
        return self._once((f"least {sign}", path), lambda at: self._least(at, sign))

    def break_even(self, path: str, baseline: Value, best_joint_payoff: Any) -> Any:
        """Return the supremum of a cost's values at which this profile is still workable.

        Parameters
        ----------
        baseline : Value
            Of what is played without institutions.
        best_joint_payoff : array
        """
        return self._once(("break_even", path), lambda at: self._break_even(at, baseline, best_joint_payoff))

    def _once(self, question: tuple[str, str], answer: Callable[[str], Any]) -> Any:
        if question not in self._answers:
            self._answers[question] = answer(question[1])
        return self._answers[question]

    @property
    def long(self) -> bool:
        """Whether a search over a setting would take minutes."""
        game = self.game
        return game.rounds is not None and bool(
            too_many_rounds(game.rounds, len(game.states), len(game.profiles))
        )

    def _least(self, path: str, sign: int) -> Any:
        at = self.specification.adjustable(path)
        build = self._varied(at.path)
        if self.long:
            return TOO_MANY_ROUNDS
        low, high = sorted((sign * at.low, sign * at.high))

        def mirrored(amounts: Any) -> tuple[Game, list[Automaton]]:
            return build(sign * amounts + 0)

        if self.game.exact:
            ends = (None if isinf(end) else Fraction(end) for end in (low, high))
            least: Any = exact_least(_kept(mirrored), sign * Fraction(at.written), *ends)
        else:
            least = setting_thresholds.least(mirrored, sign * at.present, low, high)
        if least is None or isinstance(least, str):
            return least
        return "unbounded" if least == -inf else least if sign > 0 else -least

    def _break_even(self, path: str, baseline: Value, best_joint_payoff: Any) -> Any:
        build = self._varied(path)
        if self.long:
            return TOO_MANY_ROUNDS

        def net(costs: Any) -> Any:
            made = kept(costs) if self.game.exact else build(costs)
            pays = valuation(self.specification.at({path: costs}), *made).stated
            return workability.accounts(pays, baseline, best_joint_payoff).net_benefit

        if self.game.exact:
            kept = _kept(build)
            return exact_break_even(kept, lambda cost: fraction(net(cost).item()))
        most = thresholds.break_even(build, net)
        return "unbounded" if most == inf else most

    def to_dict(self) -> dict[str, Any]:
        """Return the candidate as results hold it."""
        return {
            "profile": self.label,
            "certificate": self.certificate_dict(),
            "payoffs": by_name(self.game.players, self.value.payoffs),
            "ledger": {line: by_name(self.value.accounts, paid) for line, paid in self.value.ledger.items()},
            "cooperation": number(self.value.cooperation),
            "critical_discount_factor": thresholds.critical_discount_factor(self.sustainable),
            "sustainable_discount_factors": intervals(self.sustainable),
            "reasons": self.reasons,
            **({"exact": self.exact.texts()} if self.exact else {}),
        }

    def texts(self) -> dict[str, Any]:
        """Return the numbers of a candidate in fractions as texts such as ``5/2``."""
        value, game = self.value, self.game
        return {
            "verdict": self.certificate.verdict,
            **{name: text(getattr(self.certificate, name)) for name in ("max_gain", "best_response_gain")},
            "payoffs": named(game.players, value.payoffs),
            "ledger": {line: named(value.accounts, paid) for line, paid in value.ledger.items()},
            "cooperation": text(as_fraction(value.cooperation)),
            "critical_discount_factor": critical(self.sustainable),
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
        report: dict[str, Any] = self.certificate.to_dict()
        if self.exact is None:
            return report
        exact = self.exact.certificate
        settled = {name: getattr(exact, name) for name in ("verdict", "nash") if getattr(exact, name)}
        return {**report, **settled, "exact": exact.to_dict()}


def _kept(build: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what keeps its last game: value and gains of one fraction are asked for one after the other."""
    return lru_cache(maxsize=2)(build)


def by_name(names: Sequence[str], amounts: Floats) -> dict[str, float | None]:
    """Return amounts by name."""
    return {name: number(amount) for name, amount in zip(names, amounts)}


def intervals(ranges: list[Interval] | Missing) -> list[dict[str, Any]] | Missing:
    """Return intervals as results hold them."""
    return ranges if isinstance(ranges, Missing) else [interval.to_dict() for interval in ranges]


def profile_name(label: Sequence[Any]) -> str:
    """Return a candidate's name for a sentence."""
    names = [_strategy(choice) for choice in label]
    return names[0] if len(set(names)) == 1 else " / ".join(names)


def _strategy(choice: Any) -> str:
    if isinstance(choice, str):
        return choice
    ((name, settings),) = choice.items()
    return f"{name}({', '.join(f'{key}={entry:g}' for key, entry in settings.items())})"


def candidates_of(
    specification: Specification,
    game: Game,
    beside: Sequence[Strategy],
    exact: Specification | None = None,
    *,
    best_response: bool = True,
) -> list[Candidate]:
    """Return the candidates of an arrangement: the file's, a fallback that there is, and these.

    Parameters
    ----------
    specification : Specification
    game : Game
        Its game, or a part of its batch.
    beside : list of strategies
        The automatic ones beside the fallback, each for everybody.
    exact : Specification, optional
        The same in fractions, where exact results are asked for.
    best_response : bool
        Whether the best response's gain is asked for.
    """
    labels = [profile.label for profile in specification.profiles]
    profiles: list[tuple[int | None, Sequence[Strategy], list[Any]]] = [
        (k, specification.strategies(k), label) for k, label in enumerate(labels)
    ]
    fallback: list[Strategy] = ["stage_nash"] if has_fallback(game).all() else []
    automatic = [[own] * game.n for own in (*fallback, *beside)]
    profiles += [(None, own, own) for own in automatic if own not in labels]
    candidates = []
    for place, strategies, label in profiles:
        twin = None
        if exact is not None:
            in_fractions = strategies if place is None else exact.strategies(place)
            twin = Candidate(exact, exact.game, label, in_fractions, place)
            twin.certificate  # noqa: B018  what cannot be exact is refused here, before any number is told
        candidates.append(
            Candidate(specification, game, label, strategies, place, twin, best_response=best_response)
        )
    return candidates
