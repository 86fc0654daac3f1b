"""Engines under test, ours unless others are given; a law about them; and wrong ones that laws reject."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from gamelab.analysis import certify, critical_discount_factor, value
from gamelab.experiment import run
from gamelab.model.answers import Missing
from gamelab.model.game import Game
from gamelab.model.ledger import Flow
from gamelab.model.merging import consequences, row_codes
from gamelab.scenario import loads
from gamelab.simulate.matches.matches import simulate
from gamelab.testing.compared import compared
from gamelab.testing.laws.finding import Described, Finding


def solved(text: str) -> dict[str, Any]:
    """Return the results of a scenario file's text as plain words and numbers."""
    return run(loads(text)).to_dict()


def solved_exactly(text: str) -> dict[str, Any]:
    """Return the results of a scenario file's text, found in fractions."""
    return run(loads(text), exact=True).to_dict()


def simulated(game: Game, profile: Any, rounds: int) -> Any:
    """Return what a thousand matches of so many rounds pay on average."""
    return simulate(game, profile, MATCHES, rounds)


MATCHES = 1_000


@dataclass(frozen=True)
class Engines:
    """What laws about games are tried on; each field is ours unless another one is given.

    Parameters
    ----------
    value : callable ``(game, profile) -> Value``
        As ``gamelab.value``.
    certify : callable ``(game, profile) -> Certificate``
        As ``gamelab.certify``.
    critical_discount_factor : callable ``(game, profile) -> float, None or a word``
        As ``gamelab.critical_discount_factor``.
    run : callable
        From the text of a scenario file to its results, as ``gamelab.run(scenario).to_dict()``.
    run_exact : callable or None
        The same in fractions; with None the law that compares the two has nothing to say.
    compare : callable
        From the text of a scenario file to what comes out of comparing its arrangements, as
        ``gamelab.testing.compared.compared``.
    simulate : callable ``(game, profile, rounds) -> Simulation``, or None
        As ``gamelab.simulate``; with None, as where numba is missing, its law has nothing to say.
    """

    value: Callable[[Game, Any], Any] = value
    certify: Callable[[Game, Any], Any] = certify
    critical_discount_factor: Callable[[Game, Any], float | Missing | None] = critical_discount_factor
    run: Callable[[str], dict[str, Any]] = solved
    run_exact: Callable[[str], dict[str, Any]] | None = solved_exactly
    compare: Callable[[str], dict[str, Any]] = compared
    simulate: Callable[[Game, Any, int], Any] | None = simulated if find_spec("numba") else None


OURS = Engines()


@dataclass(frozen=True)
class GameLaw:
    """A law about engines.

    Parameters
    ----------
    name, statement, source : str
    broken : callable
        From Engines and a drawn case to what is wrong, in words, or None.
    cases : callable
        Returns the draws of cases that the law is tried on.
    wrong : Engines
        Engines that it must reject.
    """

    name: str
    statement: str
    source: str
    broken: Callable[[Engines, Any], str | None]
    cases: Callable[[], Any]
    wrong: Engines

    def check(self, case: Described, engines: Engines = OURS) -> Finding | None:
        """Return what breaks the law on this case, or None."""
        words = self.broken(engines, case)
        return None if words is None else Finding(self.name, self.statement, case, words)


# -------------------------------------------------------------------------------------------- wrong engines


def _changed(game: Game, change: Callable[[str, Flow], Flow]) -> Game:
    return game.replace(flows={line: change(line, flow) for line, flow in game.flows.items()})


def _without(*kinds: str) -> Callable[[Game], Game]:
    def change(_: str, flow: Flow) -> Flow:
        return flow.mapped(lambda part: part * 0) if flow.kind in kinds else flow

    return lambda game: _changed(game, change)


def _negated(game: Game) -> Game:
    """Book fines as transfers to whoever is fined, and regard with the wrong sign."""

    def change(_: str, flow: Flow) -> Flow:
        if flow.kind not in ("fine", "transfer", "regard"):
            return flow
        kind = "transfer" if flow.kind == "fine" else flow.kind
        other = flow.mapped(lambda part: -part)
        return Flow(kind if flow.kind != "fine" else "regard", other.by_profile, other.by_outcome)

    return _changed(game, change)


def _misread(game: Game) -> Game:
    """Number private readings from the other end."""
    private = (game.views != game.views[:1]).any()
    return game.replace(views=game.views.max(axis=1, keepdims=True) - game.views) if private else game


def _first_of_alike(game: Game) -> Game:
    """Of outcomes that nothing tells apart take the first one's chance for that of all."""
    _, first = np.unique(row_codes([*game.views, *consequences(game)]), return_index=True)
    kept = np.zeros(len(game.outcomes), dtype=bool)
    kept[first] = True
    chances = np.where(kept, game.probabilities, 0)
    total = chances.sum(axis=-1, keepdims=True)
    none = total <= 0
    return game.replace(probabilities=np.where(none, game.probabilities, chances / np.where(none, 1, total)))


def on_another_game(change: Callable[[Game], Game]) -> Engines:
    """Return engines that solve a changed game in place of the one that they were given."""
    return Engines(
        value=lambda game, profile: value(change(game), profile),
        certify=lambda game, profile: certify(change(game), profile),
    )


def _first_point(game: Game) -> Game:
    """Solve the first point of a grid for all of it."""
    return game if game.batch == 1 else game.take([0] * game.batch).replace(shape=game.shape)  # type: ignore[arg-type]


def _late(game: Game, profile: Any) -> Any:
    """Discount the first round, too."""
    right = value(game, profile)
    d = game.one_discount.reshape(-1)[0]
    return dataclasses.replace(right, ledger={line: flow * d for line, flow in right.ledger.items()})


class _Costless:
    """A value whose payoffs leave out the costs."""

    def __init__(self, right: Any):
        self._right = right
        self.payoffs = right.of_kind("material", "transfer", "fine")[..., : len(right.players)]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._right, name)


def _impatient(game: Game, profile: Any) -> float | Missing | None:
    right = critical_discount_factor(game, profile)
    return 1 - right if isinstance(right, float) else right


def _by_level(game: Game, profile: Any) -> float | Missing | None:
    """Take a tolerance that grows with the level of payoffs."""
    right = critical_discount_factor(game, profile)
    level = max(float(abs(part).max()) for part in game.flows["material"].parts())
    return right * (1 - 0.001 * level) if isinstance(right, float) else right


def one_payer(text: str) -> dict[str, Any]:
    """Count what one of the two players pays."""
    results = solved(text)
    for name, entry in results["arrangements"].items():
        if name != "none" and entry["net_benefit"] is not None:
            half = entry["gross_benefit"] - entry["transaction_cost"] / 2
            entry["workable"] = entry["supported"] == "yes" and half > 0
    return results


def _myopic(game: Game) -> Game:
    return game.replace(discount_factor=game.discount_factor * 0) if game.rounds is None else game


def _unweighted(game: Game, profile: Any, rounds: int) -> Any:
    """Count all rounds of a match alike."""
    return simulated(game.replace(discount_factor=game.discount_factor * 0 + 1), profile, rounds)


LATE = Engines(value=_late)
UNWEIGHTED = Engines(simulate=_unweighted)
COSTLESS = Engines(value=lambda game, profile: _Costless(value(game, profile)))
FIRST_POINT = on_another_game(_first_point)
FIRST_OF_ALIKE = on_another_game(_first_of_alike)
MISREAD = on_another_game(_misread)
MYOPIC = on_another_game(_myopic)
FINES_AS_INCOME = on_another_game(_negated)
FINES_UNSEEN = on_another_game(_without("fine", "transfer"))
IMPATIENT = Engines(
    critical_discount_factor=_impatient,
    certify=lambda game, profile: certify(
        game.replace(discount_factor=0.99 - 0.99 * game.discount_factor), profile
    ),
)
BY_LEVEL = Engines(critical_discount_factor=_by_level)
ONE_PAYER = Engines(run=one_payer)
