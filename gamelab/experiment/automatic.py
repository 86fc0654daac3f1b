"""Automatic candidates: what may be played without being listed, beside the fallback."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

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


def automatic_candidates(game: Game, symmetric: bool) -> list[tuple[Ints, list[Strategy], list[str]]]:
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
