"""Findings: public verdicts on conduct, and what an institution that makes them needs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gamelab.errors import GameError
from gamelab.model.combinators import add_flow, add_signal, charge, per_round
from gamelab.model.game import Bools, Floats, Game

NONE, CLEAN, OFFENCE = 0, 1, 2


def need_no_findings(game: Game, institution: str) -> None:
    """Refuse in words a game in which conduct cannot be judged, or is judged already."""
    if (game.finding > 0).any():
        raise GameError(f"findings are made already; {institution} would make more, which is not allowed")
    if (game.has_choice & (game.agreement < 0)).any():
        raise GameError(
            f"{institution} needs an agreement to hold conduct against: put a convention before it "
            "(normal_form takes an agreement of its own)"
        )


def add_findings(
    game: Game,
    institution: str,
    names: tuple[str, ...],
    findings: Sequence[Sequence[int]],
    chances: Floats,
    cost: Floats,
    paid_by: str,
) -> Game:
    """Return the game in which everybody sees findings after each move, at a cost per player-round.

    Parameters
    ----------
    names : tuple of str, Z of them
    findings : sequence (Z, n)
        The finding on each player.
    chances : array (b, S, P, Z)
        Of each combination of findings, by what was really done.
    cost : array (b, n)
        Of each player; size 1 is allowed on n.
    """
    sees = np.broadcast_to(np.arange(len(names)), (game.n, len(names)))
    judged = add_signal(game, names, sees, given_profile=chances, finding=np.array(findings).T)
    amounts = charge(judged, cost, paid_by)
    return add_flow(judged, f"{institution}.cost", "cost", by_profile=per_round(judged, amounts))


def findings_on_all(game: Game) -> Bools:
    """Return the outcomes that judge several players at once and never tell them apart, (Y,).

    None of them where some outcome of the game tells players apart.
    """
    judged = (game.finding > 0).sum(axis=0) > 1
    most = game.finding.max(axis=0)
    alike = ((game.finding == most) | (game.finding == NONE)).all(axis=0)
    return np.asarray(judged & alike[judged].all())
