"""Public signal: everybody sees one signal, good or bad, of what all did together, but not who did what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from gamelab.errors import GameError
from gamelab.model.findings import CLEAN, NONE, OFFENCE, add_findings, need_no_findings
from gamelab.model.game import Floats, Game, Ints
from gamelab.model.settings import Cost, PerPlayer, Probability, settled


@settled
def public_signal(
    game: Game,
    *,
    good: Sequence[Probability],
    cost: PerPlayer[Cost] = 0,
    paid_by: Literal["participants", "authority"] = "participants",
) -> Game:
    """Public signal: after each move everybody sees one signal, good or bad, of what all did together.

    It does not tell who did what, such as the price in a market or the output of a team. A bad signal counts
    as a finding of offence on all, a good one as a clean one: ``grim`` ends cooperation at the first bad
    signal, ``limited_punishment`` for some rounds, ``tit_for_tat`` keeps the agreement after good signals and
    deviates after bad ones; sanctions fine everybody. With good signals of probability p after nobody
    deviated, q after one did, grim holds from (T-R)/[p(T-R) + (p-q)(R-P)] on in the prisoner's dilemma and
    pays P + (1-d)(R-P)/(1-dp).

    Parameters
    ----------
    good : list of arrays
        Probability of the good signal after nobody deviated from the agreement, after one player did, after
        two, ...; the last one stands for any more. Or one for each cell of the payoff table, row by row.
    cost : array
        Cost of the signal, per player and round.
    paid_by : str
        Who bears it.

    Raises
    ------
    GameError
        Where there is no agreement to hold conduct against, findings exist already, or the list is too long.

    References
    ----------
    Green and Porter (1984), Noncooperative collusion under imperfect price information. Mailath and
    Samuelson (2006), Repeated Games and Reputations, chapter 7.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=3, reward=2, punishment=0, sucker=-1)
    >>> game = gl.repeated(stage, discount_factor=0.75, observe="none")
    >>> signalled = gl.public_signal(game, good=[0.9, 0.6, 0.5])
    >>> print(*gl.sustainable_discount_factors(signalled, "grim"))
    [0.666667, 1)
    """
    need_no_findings(game, "public_signal")
    game, (m, *chances) = game.spread(cost, *good)
    which = _which(game, len(chances))
    patterns = list(dict.fromkeys(tuple(row) for row in game.has_choice.tolist()))
    findings = [
        tuple(verdict if choice else NONE for choice in pattern)
        for pattern in patterns
        for verdict in ((CLEAN, OFFENCE) if any(pattern) else (NONE,))
    ]
    table = _probabilities(game, np.stack(np.broadcast_arrays(*chances), axis=-1)[:, which], findings)
    names = tuple(_name(game, row) for row in findings)
    return add_findings(game, "public_signal", names, findings, table, m, paid_by)


def _which(game: Game, given: int) -> Ints:
    """Return which of the given probabilities counts in each state and profile, (S, P), or (1, P)."""
    P, most = len(game.profiles), game.n + 1
    if given <= most:
        deviates = [
            (game.has_choice[:, [i]] & ~game.keeps[:, i, game.profiles[:, i]]).astype(int)
            for i in range(game.n)
        ]
        which = np.minimum(sum(deviates), given - 1)
    elif given == P:
        which = np.broadcast_to(np.arange(P), (len(game.states), P))
    else:
        raise GameError(
            f"has {given} numbers; write up to {most}, for 0 to {game.n} players who deviate, or {P}, one "
            "for each cell of the payoff table",
            "good",
        )
    uniform = (which == which[:1]).all() and (game.has_choice == game.has_choice[:1]).all()
    return np.asarray(which[:1] if uniform else which)


def _probabilities(game: Game, good: Floats, findings: list[tuple[int, ...]]) -> Floats:
    """Return the probability of each combination of findings, (b, S, P, Z).

    Parameters
    ----------
    good : array (b, S, P)
        Of a good signal.
    """
    verdicts = np.array(findings).max(axis=1)
    chances = np.stack([np.ones_like(good), good, 1 - good], axis=-1)[..., verdicts]  # NONE, CLEAN, OFFENCE
    judges = (np.array(findings) > 0)[None] == game.has_choice[: good.shape[1], None]
    return np.asarray(chances * judges.all(axis=-1)[None, :, None])


def _name(game: Game, findings: tuple[int, ...]) -> str:
    """Return what a signal is called; on whom it is, too, where not everybody had a choice."""
    on = [player for player, verdict in zip(game.players, findings) if verdict]
    word = {NONE: "no signal", CLEAN: "good signal", OFFENCE: "bad signal"}[max(findings)]
    return word if len(on) in (0, game.n) else f"{word} of {', '.join(on)}"
