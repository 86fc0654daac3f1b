"""Graduated sanctions: each acted-upon offence is fined, and the next one is fined at a higher level."""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from gamelab.errors import GameError, GamelabWarning
from gamelab.model.combinators import add_flow, add_record, add_signal, authority
from gamelab.model.expectation import material_payoffs
from gamelab.model.findings import CLEAN, OFFENCE
from gamelab.model.game import Bools, Floats, Game, Ints, check_size
from gamelab.model.grids import step_by_step
from gamelab.model.ledger import Flow
from gamelab.model.memory import once
from gamelab.model.settings import Cost, Fine, PerPlayer, Probability, Strength, settled
from gamelab.model.stage import fallback_of


@settled
def graduated_sanctions(
    game: Game,
    *,
    fines: PerPlayer[Sequence[Fine]],
    forgiveness: PerPlayer[Probability] = 0,
    enforcement: PerPlayer[Strength] = 1,
    cost_per_act: PerPlayer[Cost] = 0,
    paid_by: Literal["participants", "authority"] = "participants",
    paid_to: Literal["nobody", "others", "authority"] = "nobody",
    after_last: Literal["repeat", "end"] = "repeat",
) -> Game:
    """Graduated sanctions: fines that rise with a player's public record.

    Each player has a level. A finding of offence is acted upon with some probability: the player pays the
    fine of the level, which then rises by one. A clean finding may lower it by one. A flat fine F deters at
    every discount factor iff enforcement (detection - false alarm)(F + share of the act's cost) is at least
    the gain from deviating (Levy 2025, section 3.3, after Ostrom).

    Parameters
    ----------
    fines : list of arrays
        The fine at each level, lowest first.
    forgiveness : array
        Probability that a clean finding lowers the level by one.
    enforcement : array
        Probability that a finding of offence is acted upon.
    cost_per_act : array
        Cost of one act of sanctioning.
    paid_by : str
        Who bears that cost: the participants in equal shares, the offender among them, or the authority.
    paid_to : str
        Who receives the fine.
    after_last : str
        After an act at the last level the ladder stays there (repeat), or the relationship ends for good
        (end) and everybody earns what the fallback pays.

    Raises
    ------
    GameError
        Where nobody makes findings, a ladder is there already, or an end needs a fallback and there is none.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> game = gl.monitoring(gl.repeated(stage, discount_factor=0.9, observe="none"), detection=0.9)
    >>> len(gl.graduated_sanctions(game, fines=[1, 2, 4]).states)
    9
    """
    if (game.levels >= 0).any():
        raise GameError("a ladder of sanctions is there already; a second one is not allowed")
    if not (game.finding > 0).any():
        raise GameError("graduated_sanctions needs findings: put monitoring before it, or public_signal")
    _warn_of_falling(fines, game.players)
    ladder, counts = step_by_step(fines, game.players)
    game, (g, r, e, *steps) = game.spread(forgiveness, enforcement, cost_per_act, *ladder)
    points = max(len(amounts) for amounts in (e, *steps))
    forgiven, acted = (tuple(map(tuple, chances.tolist())) for chances in (g, r))
    laddered, act = _laddered(game, forgiven, acted, points, tuple(counts), ends=after_last == "end")
    levels = np.where(laddered.levels >= 0, laddered.levels, 0)
    by_step = np.stack([np.broadcast_to(step, (points, game.n)) for step in steps], axis=1)
    # outcomes after which the same players are acted upon are paid for alike: (S, n, K), each outcome's (Y,)
    acts, kind_of = np.unique(act.reshape(-1, act.shape[2]), axis=1, return_inverse=True)
    acts, kind_of = acts.reshape(*act.shape[:2], -1), kind_of.ravel()
    fine = by_step[:, levels, np.arange(game.n)][..., None] * acts[None]
    line, kind = ("fine", "fine") if paid_to == "nobody" else ("transfer", "transfer")
    amounts = _received(laddered, fine, paid_to)[:, :, kind_of]
    paid = add_flow(laddered, f"graduated_sanctions.{line}", kind, by_outcome=amounts)  # type: ignore[arg-type]
    costly = np.asarray(acts.any(axis=0))[None] if after_last == "repeat" else acts
    shared = _shared(paid, e, costly, paid_by)[:, :, kind_of]
    return add_flow(paid, "graduated_sanctions.cost", "cost", by_outcome=shared)


def _warn_of_falling(fines: Any, players: Sequence[str]) -> None:
    ladders = fines.of(players)
    for player, ladder in zip(players, ladders):
        whose = f" of {player}" if len(ladders) > 1 else ""
        for k, (lower, higher) in enumerate(itertools.pairwise(ladder)):
            if np.any(lower > higher):
                falls = f"fine {k + 2}{whose} is lower than fine {k + 1}"
                message = f"graduated_sanctions: {falls}; graduated fines never fall"
                warnings.warn(message, GamelabWarning, stacklevel=4)


@once
def _laddered(
    game: Game,
    forgiven: tuple[tuple[Any, ...], ...],
    acted: tuple[tuple[Any, ...], ...],
    points: int,
    counts: tuple[int, ...],
    *,
    ends: bool,
) -> tuple[Game, Bools]:
    """Return the game with levels and without fines, and whose offence is acted upon, (S, n, Y).

    Parameters
    ----------
    forgiven, acted : tuple of tuples
        The chances of these, one of each player, one such row a point or one for all.
    points : int
        How many points there are.
    counts : tuple of int
        How many levels each player has.
    """
    g, r = (np.array(chances, dtype=object if game.exact else float) for chances in (forgiven, acted))
    acting = _with_coins(game, g, r)
    act, fall = _consequences(acting, game)
    _, states, profiles, outcomes = acting.probabilities.shape
    each = states * profiles if states > 1 else 1  # chances that differ by state are kept for every level
    entries = points * math.prod(counts) * each * outcomes
    check_size(entries, "fewer fines, players or grid points would be smaller", points)
    laddered = _with_levels(acting, act, fall, np.array(counts), ends)
    return laddered, act & (laddered.levels[:, :, None] >= 0)


def _with_coins(game: Game, g: Floats, r: Floats) -> Game:
    """Add a public coin for each player: heads makes the authority act, or the record forgiven."""
    coins = np.array(list(itertools.product((0, 1), repeat=game.n)))
    heads = np.zeros((max(len(g), len(r)), len(game.outcomes), game.n), dtype=r.dtype)
    heads += (game.finding.T == OFFENCE) * r[:, None] + (game.finding.T == CLEAN) * g[:, None]
    chances = np.where(coins.T[None, None], heads[..., None], 1 - heads[..., None]).prod(axis=2)
    sees = np.broadcast_to(np.arange(len(coins)), (game.n, len(coins)))
    names = tuple(", ".join(("tails", "heads")[k] for k in row) for row in coins)
    return add_signal(game, names, sees, given_outcome=chances[:, None])


def _consequences(acting: Game, before: Game) -> tuple[Bools, Bools]:
    """Return whose offence is acted upon and whose record is lowered, each (n, Y)."""
    coins = np.array(list(itertools.product((False, True), repeat=before.n)))
    heads = np.tile(coins.T, len(before.outcomes))
    return (acting.finding == OFFENCE) & heads, (acting.finding == CLEAN) & heads


def _with_levels(game: Game, act: Bools, fall: Bools, steps: Ints, ends: bool) -> Game:
    """Add the public record of everybody's level; with ``ends`` also the record that all is over.

    ``steps``: how many levels each player has, (n,).
    """
    levels = np.array(list(itertools.product(*map(range, steps))))
    moved = np.clip(levels[:, :, None] + act - fall, 0, steps[:, None] - 1)
    next_record = np.ravel_multi_index(tuple(np.moveaxis(moved, 1, 0)), tuple(steps))
    names = [f"levels {', '.join(str(k) for k in row)}" for row in levels]
    if not ends:
        return add_record(game, tuple(names), next_record, levels)
    over = len(names)
    last = ((levels[:, :, None] == steps[:, None] - 1) & act[None]).any(axis=1)
    next_record = np.vstack([np.where(last, over, next_record), np.full(len(game.outcomes), over)])
    levels = np.vstack([levels, -np.ones(game.n, dtype=int)])
    return _ended(game, add_record(game, (*names, "ended"), next_record, levels), over)


def _ended(before: Game, after: Game, over: int) -> Game:
    """Leave nothing to choose in the states where all is over: everybody earns what the fallback pays."""
    R = over + 1
    ended = np.arange(len(after.states)) % R == over
    fallback = fallback_of(before)
    weights: Floats = np.ones((1, len(before.states), len(before.profiles)), dtype=fallback.dtype)
    for i in range(before.n):
        weights = weights * fallback[:, :, i, before.profiles[:, i]]
    average = np.einsum("bsp,bspi->bsi", weights, material_payoffs(before))
    pay = np.zeros((len(average), len(before.states), 1, len(before.accounts)), dtype=average.dtype)
    pay[:, :, 0, : before.n] = average
    silenced = ended[None, :, None, None]
    flows = {
        line: flow.mapped(lambda part: np.where(silenced, 0, part)) for line, flow in after.flows.items()
    }
    material = flows["material"]
    there = np.repeat(pay, R, axis=1) * ended[None, :, None, None]
    kept = there if material.by_profile is None else material.by_profile + there
    flows["material"] = Flow("material", kept, material.by_outcome)
    only = np.repeat(fallback[0].argmax(axis=-1), R, axis=0)
    one = np.arange(after.allowed.shape[2]) == only[..., None]
    closed = ended[:, None, None]
    return after.replace(
        flows=flows,
        allowed=np.where(closed, one, after.allowed),
        keeps=np.where(closed, one, after.keeps),
        agreement=np.where(ended[:, None], -1, after.agreement),
        fallback=np.where(closed, one, after.fallback),
    )


def _received(game: Game, fine: Floats, paid_to: str) -> Floats:
    """Return what every account gets of the fines, (b, S, Y, c), from fines (b, S, n, Y)."""
    paid = np.moveaxis(fine, 2, 3)
    amounts = np.zeros((*paid.shape[:3], len(game.accounts)), dtype=paid.dtype)
    amounts[..., : game.n] = -paid
    if paid_to == "authority":
        amounts[..., authority(game)] = paid.sum(axis=-1)
    elif paid_to == "others":
        if game.n < 2:
            raise GameError("there are no others to pay", "paid_to")
        amounts[..., : game.n] += (paid.sum(axis=-1, keepdims=True) - paid) / (game.n - 1)
    return amounts


def _shared(game: Game, cost: Floats, acts: Bools, paid_by: str) -> Floats:
    """Return who bears the acts' cost, (b, S, Y, c), from costs (b, n) and who is acted upon, (S, n, Y)."""
    total = (cost[:, None, :, None] * acts).sum(axis=2)
    amounts = np.zeros((*total.shape, len(game.accounts)), dtype=total.dtype)
    if paid_by == "participants":
        amounts[..., : game.n] = -total[..., None] / game.n
    else:
        amounts[..., authority(game)] = -total
    return amounts
