"""Points: the candidates of an arrangement at many settings at once, at each as a run of its own has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.experiment.candidates import (
    Candidate,
    candidates_beside_fallback,
    candidates_of,
)
from gamelab.model.expectation import material_payoffs
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.scenario import assemble
from gamelab.scenario.catalogue import BASELINE
from gamelab.solve.agreement import has_agreement, prescribes_agreement, why_impossible
from gamelab.solve.certificate import certify
from gamelab.solve.joint import part_of
from gamelab.solve.judgement import FAILS
from gamelab.solve.symmetry import is_symmetric
from gamelab.solve.values import Value, value
from gamelab.solve.workability import best_joint_stage_payoff, sizes
from gamelab.strategies.induction import NAME as BY_INDUCTION

if TYPE_CHECKING:
    from gamelab.experiment.sites import Site


@dataclass(frozen=True, eq=False)
class Solved:
    """The candidates of an arrangement at b points; k counts the candidates, in their order.

    Parameters
    ----------
    labels : list
        The candidates' names as results have them.
    verdict : text array (k, b)
        Empty where a point does not have the candidate.
    supports, eligible : bool array (k, b)
        Whether it keeps the agreement; whether the arrangement's selection admits it.
    max_gain, best_response_gain : array (k, b)
    excess : array (k, b)
        The gain that decides the verdict less what counts as none.
    value : Value
        On the grid (k, b); nothing is known of candidates that fail unless all were asked for.
    sizes : array (k, b)
        Of the payments that joint payoffs and costs are added up from.
    best_joint_payoff : array (b,)
        For the baseline only.
    agreed, impossible : bool array (b,)
        Whether there is an agreement; whether none supports it, with a proof, where that was asked for.
    refused : bool array (b,)
    """

    labels: list[Any]
    verdict: Any
    supports: Bools
    eligible: Bools
    max_gain: Floats
    best_response_gain: Floats
    excess: Floats
    value: Value
    sizes: Floats
    best_joint_payoff: Floats
    agreed: Bools
    impossible: Bools
    refused: Bools

    def take(self, points: Ints) -> Solved:
        """Return the same at these of its points, which may be repeated."""
        names = ("verdict", "supports", "eligible", "max_gain", "best_response_gain", "excess", "sizes")
        flat = ("best_joint_payoff", "agreed", "impossible", "refused")
        taken = {name: getattr(self, name)[:, points] for name in names}
        taken |= {name: getattr(self, name)[points] for name in flat}
        return replace(self, **taken, value=value_at(self.value, (slice(None), points)))


def value_at(worth: Value, place: Any) -> Value:
    """Return a value at a place of its grid."""
    ledger = {line: amounts[place] for line, amounts in worth.ledger.items()}
    return replace(worth, ledger=ledger, cooperation=worth.cooperation[place])


class _Row:
    """What is known of one candidate at each point."""

    def __init__(self, count: int):
        self.verdict = np.full(count, "", dtype="<U9")
        self.supports, self.eligible = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
        self.max_gain, self.best_response_gain, self.cooperation = np.full((3, count), np.nan)
        self.excess, self.sizes = np.full((2, count), np.nan)
        self.ledger: dict[str, Floats] = {}


class Board:
    """Collects the candidates of an arrangement, part by part."""

    def __init__(self, site: Site, at: Floats):
        self.site, self.at = site, at
        self.rows: dict[int, _Row] = {}
        self.labels: dict[int, Any] = {}
        self.kinds: dict[str, str] = {}
        self.players: tuple[str, ...] = site.scenario.players
        self.accounts: tuple[str, ...] = (*self.players, "authority")
        self.best_joint_payoff = np.full(len(at), np.nan)
        self.agreed, self.impossible, self.refused = np.zeros((3, len(at)), dtype=bool)

    def write(self, points: Ints) -> None:
        """Solve all candidates at these points."""
        site, overrides = self.site, self.site.overrides_at(self.at[points])
        game = assemble(site.scenario, site.name, overrides)
        if len(points) > 1:
            game, _ = game.spread(np.zeros(len(points)))
        self.kinds |= {line: flow.kind for line, flow in game.flows.items()}
        self.players, self.accounts = game.players, game.accounts
        self.agreed[points] = has_agreement(game)
        if site.proofs:
            self.impossible[points] = self.proved(game, points)
        if site.name == BASELINE:
            steady = game
            if (game.deeds >= 0).any():
                steady = assemble(site.scenario, site.name, {**overrides, "information.tremble": 0})
            self.best_joint_payoff[points] = best_joint_stage_payoff(steady)
        symmetric = site.scenario.selection.get(site.name) == "symmetric"
        for group, beside, _ in candidates_beside_fallback(game, symmetric):
            part, here = (game, points) if len(group) == len(points) else (game.take(group), points[group])
            overrides = site.overrides_at(self.at[here])
            if len(here) == 1 and part.shape:
                part = part.replace(shape=())
            for candidate in candidates_of(site.scenario, site.name, overrides, part, beside):
                self.play(candidate, here)

    def proved(self, game: Game, points: Ints) -> Bools:
        """Return where nothing can support the agreement; a proof does not depend on the discount factor."""
        paid = [flow for flow, _ in game.expected.values()]
        _, first, member = distinct(game.batch, [*paid, game.probabilities, game.start])
        if not (game.deeds >= 0).any():
            games = [game.take(np.array([k])) for k in first]
        else:  # where no hand trembles the game must not look as if one could
            alone = [self.site.overrides_at(self.at[points[[k]]]) for k in first]
            games = [assemble(self.site.scenario, self.site.name, overrides) for overrides in alone]
        return np.array([why_impossible(single) is not None for single in games])[member]

    def row(self, candidate: Candidate) -> _Row:
        """Return the row of a candidate; those of the file come first, then the automatic ones in order."""
        place = candidate.place
        if place is None:
            settings = candidate.strategies[0]
            place = len(self.site.scenario.candidates[self.site.name])
            if isinstance(settings, Mapping):
                place += 1 + settings["stage_nash"]["equilibrium"]
            elif settings == BY_INDUCTION:
                place += 1  # a game with several states has no numbered equilibria
        self.labels[place] = candidate.label
        return self.rows.setdefault(place, _Row(len(self.at)))

    def play(self, candidate: Candidate, points: Ints) -> None:
        """Certify a candidate, and value it where it does not fail."""
        row, game, site = self.row(candidate), candidate.game, self.site
        report = certify(game, candidate.automata, best_response_gain=site.best_response)
        row.verdict[points] = report.verdict.ravel()
        row.max_gain[points] = report.max_gain.ravel()
        row.best_response_gain[points] = report.best_response_gain.ravel()
        gain = np.where(report.concept == "Nash", report.upper, report.max_gain)
        row.excess[points] = (gain - report.eps).ravel()
        wanted = np.flatnonzero((report.verdict.ravel() != FAILS) | site.every)
        if not len(wanted):
            return
        here, (part, automata) = points[wanted], part_of(game, tuple(candidate.automata), wanted)
        worth = value(part, automata)
        for line, amounts in worth.ledger.items():
            known = row.ledger.setdefault(line, np.zeros((len(self.at), amounts.shape[-1])))
            known[here] = amounts.reshape(len(here), -1)
        row.cooperation[here] = worth.cooperation.ravel()
        row.sizes[here] = sizes(part, worth).ravel()
        row.supports[here] = has_agreement(part) and prescribes_agreement(part, automata).ravel()
        symmetric = site.scenario.selection.get(site.name, "best") == "symmetric"
        row.eligible[here] = treats_alike(part, automata) if symmetric else True

    def read(self) -> Solved:
        """Return what was collected."""
        places = sorted(self.rows)
        rows = [self.rows[place] for place in places] or [_Row(len(self.at))]  # where all is refused
        count, c = len(self.at), len(self.accounts)

        def stacked(name: str, dtype: Any = float) -> Any:
            return np.array([getattr(row, name) for row in rows], dtype=dtype).reshape(len(rows), count)

        kinds = self.kinds or {"material": "material"}
        nothing = np.zeros((count, c))
        ledger = {
            line: np.array([row.ledger.get(line, nothing) for row in rows]).reshape(len(rows), count, c)
            for line in kinds
        }
        return Solved(
            [self.labels[place] for place in places],
            stacked("verdict", "<U9"),
            stacked("supports", bool),
            stacked("eligible", bool),
            stacked("max_gain"),
            stacked("best_response_gain"),
            stacked("excess"),
            Value(self.players, self.accounts, ledger, kinds, stacked("cooperation")),
            stacked("sizes"),
            self.best_joint_payoff,
            self.agreed,
            self.impossible,
            self.refused,
        )


def treats_alike(game: Game, automata: tuple[Any, ...]) -> Bools:
    """Return where a profile treats all players alike, (b,); points that look the same are tried once."""
    parts = [material_payoffs(game), game.probabilities > 0, game.start > 0]
    parts += [automaton.action for automaton in automata]
    _, first, member = distinct(game.batch, parts)
    alike = [is_symmetric(*part_of(game, automata, np.array([k]))) for k in first]
    return np.array(alike)[member]


def distinct(count: int, arrays: Sequence[Any]) -> tuple[Floats, Ints, Ints]:
    """Return the distinct rows of arrays (b, ...) side by side, the first place of each, and each point's.

    Arrays of size 1 on b are the same for all.
    """
    columns = [array.reshape(len(array), -1).astype(float) for array in arrays if len(array) > 1]
    rows = np.concatenate([np.zeros((count, 1)), *columns], axis=1)
    found, first, member = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return found, first, member.ravel()
