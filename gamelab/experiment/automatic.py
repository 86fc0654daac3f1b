"""Automatic candidates: what may be played without being listed, beside the fallback."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from gamelab.experiment.selection import undominated
from gamelab.model.expectation import total
from gamelab.model.game import Floats, Game, Ints
from gamelab.model.stage import has_fallback
from gamelab.solve.backward_induction import backward_induction
from gamelab.solve.stage_equilibria import KnownEquilibria, equilibria_by_point
from gamelab.solve.symmetry import is_symmetric
from gamelab.strategies.induction import NAME as BY_INDUCTION
from gamelab.strategies.profile import Strategy, profile_of

MOST_AUTOMATIC = 20
"""The most stage equilibria that are certified without being asked for."""
HIGHEST = "those with the highest joint payoffs"
WHICH = {
    "default": f"{HIGHEST}, and those that contest them",
    "best": HIGHEST,
    "symmetric": f"symmetric ones first, then {HIGHEST}",
    "worst": "those with the lowest joint payoffs",
    "risk_dominant": f"{HIGHEST}, and those that contest them",
    "potential": f"{HIGHEST}, and those that contest them",
}


def automatic_candidates(game: Game, rule: str) -> list[tuple[Ints, list[Strategy], list[str]]]:
    """Return the automatic candidates beside the fallback, for groups of points, with notes.

    In a group all points have a fallback, or none has. Of a game with one state these are its stage
    equilibria. Of many only some are: those between which the selection rule decides. Of a game with several
    states and finitely many rounds it is the plan that backward induction leaves, where that is the only one
    and not the fallback itself.
    """
    if len(game.states) != 1:
        return _by_induction(game)
    groups: list[tuple[Ints, list[Strategy], list[str]]] = []
    for points, known in equilibria_by_point(game):
        notes = [known.note] if known.note else []
        if len(known.mixtures) <= MOST_AUTOMATIC:
            groups += [(part, _named(places), notes) for part, places in _own(game, points, known)]
            continue
        some = f"{MOST_AUTOMATIC} of {len(known.mixtures)} stage equilibria are candidates, {WHICH[rule]}"
        notes.append(f"{some}; list others as {{stage_nash: {{equilibrium: k}}}}")
        for k, point in enumerate(points):
            one = KnownEquilibria([mixtures[k : k + 1] for mixtures in known.mixtures])
            ((_, places),) = _own(game, np.array([point]), one)
            here = game.take(slice(point, point + 1))
            best = promising(here, [mixtures[0] for mixtures in one.mixtures], rule)
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


def promising(game: Game, mixtures: list[Floats], rule: str) -> list[int]:
    """Return the places of at most 20 stage equilibria, in order: those between which a rule decides.

    They have the highest joint payoffs, or the lowest, where that is the rule; symmetric ones go first where
    it asks for these. What is contested and what is not is the same among them as among all: beside the best
    that others Pareto-dominate stands one that does so, and two stand there that are contested.
    """
    if len(mixtures) <= MOST_AUTOMATIC:
        return list(range(len(mixtures)))
    kinds = {line: flow.kind for line, flow in game.flows.items()}
    chances = np.array([np.prod(mixture[np.arange(game.n), game.profiles], axis=1) for mixture in mixtures])
    joint = (chances @ _paid(game, [line for line in kinds if kinds[line] != "regard"])).sum(axis=1)
    signs = {"worst": 1.0}
    ranks = []
    for k, amount in enumerate(joint):
        apart = rule == "symmetric" and not is_symmetric(
            game, profile_of(game, {"stage_nash": {"equilibrium": k}})
        )
        ranks.append((apart, signs.get(rule, -1.0) * float(amount), k))
    order = [k for *_, k in sorted(ranks)]
    if rule in ("default", "risk_dominant", "potential"):
        utilities = (chances @ _paid(game, list(kinds)))[:, None]
        some, eps = np.ones((len(order), 1), dtype=bool), 1e-9 * np.abs(utilities).sum(axis=-1)
        free, contested = (which[:, 0] for which in undominated(utilities, some, eps))
        dominated = [k for k in order if not free[k]][:1]
        above = [k for k in order if free[k] and (utilities[k] >= utilities[dominated] - eps[k]).all()]
        disputed = [k for k in order if contested[k]]
        rivals = [k for k in disputed if np.ptp(utilities[[disputed[0], k], 0], axis=0).max() > 2 * eps[k, 0]]
        order = [*dominated, *above[:1], *disputed[:1], *rivals[:1], *disputed[-1:], *order]
    return sorted(list(dict.fromkeys(order))[:MOST_AUTOMATIC])


def _paid(game: Game, lines: list[str]) -> Floats:
    """Return what some ledger lines pay the players after each profile, (profiles, n)."""
    paid = total([game.expected[line][0] for line in lines])
    return np.asarray(np.broadcast_to(paid[0, 0, :, : game.n], (len(game.profiles), game.n)))
