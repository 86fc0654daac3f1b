"""Monitoring: an independent public finding on every player who had a choice."""

from __future__ import annotations

import itertools
from typing import Literal

import numpy as np

from gamelab.model.findings import CLEAN, OFFENCE, add_findings, need_no_findings
from gamelab.model.game import Floats, Game, check_size
from gamelab.model.grids import of_player
from gamelab.model.settings import Cost, PerPlayer, Probability, Strength, settled

FINDINGS = ("none", "clean", "offence")


@settled
def monitoring(
    game: Game,
    *,
    detection: PerPlayer[Strength],
    false_alarm: PerPlayer[Probability] = 0,
    cost: PerPlayer[Cost] = 0,
    paid_by: Literal["participants", "authority"] = "participants",
) -> Game:
    """Monitoring: a public finding on everybody's conduct after each move.

    Changes no payoff but the cost. Grim on findings holds from
    (T-R)/[(T-R)(1-f)^2 + (1-f)(q-f)(R-P)] on in the prisoner's dilemma (Levy 2025, Box 1 and section 3.3).

    Parameters
    ----------
    detection : array
        Probability q of a finding of offence after a deviation from the agreement.
    false_alarm : array
        Probability f of a finding of offence after keeping it.
    cost : array
        Cost of watching one player for one round.
    paid_by : str
        Who bears it.

    Raises
    ------
    GameError
        Where there is no agreement to hold conduct against, or findings exist already.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> game = gl.repeated(stage, discount_factor=0.9, observe="none")
    >>> gl.monitoring(game, detection=0.9, cost=0.1)
    <Game of player_1, player_2: open-ended, 1 states, 4 outcomes, lines material, monitoring.cost>
    """
    need_no_findings(game, "monitoring")
    game, (q, f, m) = game.spread(detection, false_alarm, cost)
    combinations = _combinations(game)
    table = _probabilities(game, q, f, combinations)
    names = tuple(
        ", ".join(f"{FINDINGS[k]} on {player}" for k, player in zip(row, game.players) if k) or "no finding"
        for row in combinations
    )
    return add_findings(game, "monitoring", names, combinations, table, m, paid_by)


def _combinations(game: Game) -> list[tuple[int, ...]]:
    """Return every combination of findings that some state can bring: none for whoever has no choice."""
    patterns = dict.fromkeys(tuple(row) for row in game.has_choice.tolist())
    possible = [
        itertools.product(*((CLEAN, OFFENCE) if choice else (0,) for choice in row)) for row in patterns
    ]
    return list(dict.fromkeys(combination for combinations in possible for combination in combinations))


def _probabilities(game: Game, q: Floats, f: Floats, combinations: list[tuple[int, ...]]) -> Floats:
    """Return the probability of each combination by state and profile, (b, S, P, Z)."""
    uniform = (game.has_choice == game.has_choice[:1]).all() and (game.keeps == game.keeps[:1]).all()
    states = slice(0, 1) if uniform else slice(None)
    b, Z = max(len(q), len(f)), len(combinations)
    entries = b * len(game.states[states]) * len(game.profiles) * Z
    check_size(entries, "fewer players would be smaller", b)
    table: Floats = np.ones((1, 1, 1, 1), dtype=q.dtype)
    for i in range(game.n):
        kept = game.keeps[states, i][:, game.profiles[:, i]][None]
        offence = np.where(kept, of_player(f, i)[:, None, None], of_player(q, i)[:, None, None])
        watched = game.has_choice[states, i][None, :, None]
        by_finding = np.stack(
            [np.broadcast_to(~watched, offence.shape), watched * (1 - offence), watched * offence], -1
        )
        table = table * by_finding[..., [row[i] for row in combinations]]
    return table
