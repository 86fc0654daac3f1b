"""Best responses: what the best deviation from a profile gains from the start, and whether that counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from gamelab.model.expectation import magnitude, written
from gamelab.model.game import Bools, Floats, Ints
from gamelab.solve.continuation import (
    ROUNDING,
    Continuation,
    action_values,
    after_action,
    continuation,
    solved,
    summed,
)
from gamelab.solve.joint import Chain
from gamelab.solve.judgement import FAILS, HOLDS, UNDECIDED
from gamelab.solve.values import normaliser, occupancy
from gamelab.ties import TOLERANCE


@dataclass(frozen=True, eq=False)
class BestResponse:
    """The best deviation of one player who sees everybody's automaton states, un-normalised.

    Parameters
    ----------
    gain : array (b,)
        What it gains from the start.
    verdict : array (b,) of str
        ``holds`` where that counts as none, ``fails``, or ``undecided``.
    eps : array (b,)
        Up to which the gain counts as none.
    """

    gain: Floats
    verdict: Any
    eps: Floats


def best_response(
    chain: Chain, player: int, values: Continuation | None = None, *, tolerance: float = TOLERANCE
) -> BestResponse:
    """Return the best response of a player who sees everybody's state.

    By policy iteration from what is prescribed in open-ended games, by backward induction otherwise. What it
    gains is judged by the payoffs along the two ways of play that are compared, each less what the profile
    pays per round: their discounted sums, and their discounted sums of sizes.
    """
    streams = _open_ended if chain.game.rounds is None else _finite
    deviates, prescribed = streams(chain, player, values)
    gain = deviates.amount - prescribed.amount
    eps = tolerance * np.maximum(deviates.sizes, prescribed.sizes)
    eps = eps + written(chain.game)[:, player] / _per_round(chain, player)
    error = deviates.error + prescribed.error
    verdict = np.full(chain.game.batch, HOLDS, dtype="<U9")
    verdict[(gain > -error) & (error > eps) & (gain != 0)] = UNDECIDED
    verdict[(gain > eps) & (gain > error)] = FAILS
    return BestResponse(gain, verdict, eps)


def _per_round(chain: Chain, player: int) -> Floats:
    norm = normaliser(chain)
    return norm[:, min(player, norm.shape[1] - 1)]


@dataclass(frozen=True, eq=False)
class Stream:
    """Discounted sums of one player's payoffs from the start on, less the profile's payoff per round, (b,).

    Parameters
    ----------
    amount, sizes : array (b,)
        Of the payoffs, and of their sizes.
    error : array (b,)
        How far rounding may reach in the amount.
    """

    amount: Floats
    sizes: Floats
    error: Floats


def _open_ended(chain: Chain, player: int, values: Continuation | None) -> tuple[Stream, Stream]:
    values = continuation(chain) if values is None else values
    policy, changed = _improved(chain, player, values)
    weights = _weights(chain, player, policy)
    matrix = chain.transition(weights)
    reached = _reached(chain, matrix)
    level = values.level[:, player]
    same = ~(changed & reached).any(axis=1)
    if same.all():
        nothing = np.zeros(chain.game.batch)
        paid = _paid(chain, player, values.level[:, player], chain.weights)[1].max(axis=1)
        idle = Stream(nothing, nothing + paid / _per_round(chain, player), nothing)
        return idle, idle
    deviates = _stream(chain, player, level, matrix, weights, reached)
    usual = _stream(chain, player, level, values.matrix, chain.weights, _reached(chain, values.matrix))
    # where play never comes to what is changed, the two are one
    return Stream(*(np.where(same, getattr(usual, name), getattr(deviates, name)) for name in STREAM)), usual


STREAM = ("amount", "sizes", "error")


def _stream(
    chain: Chain, player: int, level: Floats, matrix: Floats, weights: Floats, reached: Bools
) -> Stream:
    """Sum up an open-ended stream. What play never comes to is left out, so that it costs no digits."""
    pay, sizes = (np.where(reached, part, 0.0) for part in _paid(chain, player, level, weights))
    total = summed(chain, matrix, np.stack([pay, sizes], axis=-1), player)
    amount = np.where(reached, total[..., 0], 0.0)
    after = chain.discount(player) * (matrix @ amount[..., None])[..., 0]
    error = np.where(reached, np.abs(pay + after - amount) + ROUNDING * (sizes + 2 * np.abs(amount)), 0.0)
    reach = summed(chain, matrix, error[..., None], player)[..., 0]
    return Stream(*((chain.start * part).sum(axis=1) for part in (amount, total[..., 1], reach)))


def _paid(chain: Chain, player: int, level: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return what a move pays on average, less ``level`` where it ends a round, and its size, (b, X)."""
    pay = chain.utility[..., player] - (level[:, None] * chain.ends)[..., None]
    size = chain.at_states(magnitude(chain.game))[..., player]
    return (weights * pay).sum(axis=2), (weights * size).sum(axis=2)


def _weights(chain: Chain, player: int, policy: Floats) -> Floats:
    """Return the chance of each profile, (b, X, P), when a player follows a policy (b, X, A)."""
    return policy[:, :, chain.game.profiles[:, player]] * chain.others[player]


def _improved(chain: Chain, player: int, values: Continuation) -> tuple[Floats, Bools]:
    """Improve the prescribed policy of one player until nothing is better in any joint state.

    Returns the policy (b, X, A), and where it is not the prescribed one, (b, X).
    """
    allowed = chain.game.allowed[chain.state, player]
    actions = np.arange(allowed.shape[1])
    policy = np.array(np.broadcast_to(chain.play[player], (chain.game.batch, chain.size, len(actions))))
    changed = np.zeros(policy.shape[:2], dtype=bool)
    relative, level = values.relative[..., player], values.level[..., player]
    paid = chain.by_action(chain.at_states(magnitude(chain.game))[..., player], player)
    for _ in range(10 * chain.size + 100):
        payoffs = np.where(allowed, after_action(chain, relative, level, player), -np.inf)
        highest, place = payoffs.max(axis=-1), payoffs.argmax(axis=-1)
        size = (policy * paid).sum(axis=-1) + _at_action(paid, place)
        better = highest > relative + ROUNDING * (np.abs(relative) + np.abs(highest) + size)
        if not better.any():
            break
        changed = changed | better
        greedy = place[..., None] == actions
        policy = np.where(better[..., None], greedy.astype(float), policy)
        weights = _weights(chain, player, policy)
        flow = (weights * chain.utility[..., player]).sum(axis=2)
        now = solved(chain, chain.transition(weights), flow[..., None], player)
        relative, level = now.relative[..., 0], now.level[..., 0]
    return policy, changed


def _at_action(array: Floats, place: Ints) -> Floats:
    """Return the entries of an array (b, X, A) at one action of each, (b, X)."""
    wide = np.broadcast_to(array, (*np.broadcast_shapes(array.shape[:2], place.shape), array.shape[2]))
    return np.asarray(np.take_along_axis(wide, place[..., None], axis=-1)[..., 0])


def _reached(chain: Chain, matrix: Floats) -> Bools:
    """Return which joint states play may come to from the start, (b, X)."""
    linked = (matrix > 0).astype(float)
    seen = np.broadcast_to(chain.start > 0, (chain.game.batch, chain.size))
    while True:
        more = seen | ((seen.astype(float)[:, None] @ linked)[:, 0] > 0)
        if (more == seen).all():
            return seen
        seen = more


def _finite(chain: Chain, player: int, values: Continuation | None) -> tuple[Stream, Stream]:
    visits = occupancy(chain, player)
    level = (visits[..., None] * chain.weights * chain.utility[..., player]).sum(axis=(1, 2))
    rounds = chain.game.rounds or 0
    usual, _ = _backwards(chain, player, level, [(chain.play[player], None)] * rounds)
    deviates, changed = _backwards(chain, player, level, _best_policies(chain, player))
    return Stream(
        *(np.where(changed, getattr(deviates, name), getattr(usual, name)) for name in STREAM)
    ), usual


def _best_policies(chain: Chain, player: int) -> Iterator[tuple[Floats, Bools | None]]:
    """Yield what is best in each round, the last one first: policy (b, X, A), where it is new (b, X).

    Where it is new nowhere, None stands for that.
    """
    allowed = chain.game.allowed[chain.state, player]
    actions = np.arange(allowed.shape[1])
    play = chain.play[player]
    later: Floats = np.zeros((1, chain.size))
    for _ in range(chain.game.rounds or 0):
        best = np.zeros_like(later)
        for _ in range(chain.moves_a_round):
            values = action_values(chain, later, best, player)
            own = np.where(allowed, values, -np.inf)
            best = own.max(axis=-1)
        later = best - best[:, [0]]  # differences decide
        usual = (play * values).sum(axis=-1)
        changed = best > usual + ROUNDING * (np.abs(usual) + np.abs(best))
        if not changed.any():
            yield play, None
            continue
        greedy = (own.argmax(axis=-1)[..., None] == actions).astype(float)
        yield np.where(changed[..., None], greedy, play), changed


def _backwards(
    chain: Chain, player: int, level: Floats, policies: Iterable[tuple[Floats, Bools | None]]
) -> tuple[Stream, Bools]:
    """Sum up a stream over finitely many rounds, and tell whether it comes to a new move, (b,)."""
    ends, weight = chain.ends[:, None], chain.discount(player)[..., None]
    later: Floats = np.zeros((1, chain.size, 3))
    # above 0 where play comes to a new move; not followed before there is one
    new_later: Floats = np.zeros((1, chain.size, 1))
    comes_to_new = False
    # what a move pays, its size, and what rounding may change in the sum
    moved = np.empty((chain.game.batch, chain.size, 3))
    known: Floats = np.empty(0)
    for policy, changed in policies:
        if known is not policy and (known.shape != policy.shape or (known != policy).any()):
            weights = _weights(chain, player, policy)
            matrix = chain.transition(weights)
            moved[..., 0], moved[..., 1] = _paid(chain, player, level, weights)
        known = policy
        moved[..., 2] = ROUNDING * (moved[..., 1] + 2 * np.abs(later[..., 0]).max(axis=1, keepdims=True))
        total, across = moved, weight * (matrix @ later)
        for _ in range(chain.moves_a_round):
            total = moved + (across if chain.moves_a_round == 1 else np.where(ends, across, matrix @ total))
        later = total
        comes_to_new = comes_to_new or changed is not None
        if comes_to_new:
            here = 0.0 if changed is None else changed[..., None].astype(float)
            new, across = here + np.zeros_like(new_later), matrix @ new_later
            for _ in range(chain.moves_a_round):
                new = here + (across if chain.moves_a_round == 1 else np.where(ends, across, matrix @ new))
            new_later = (new > 0).astype(float)
    b = chain.game.batch
    amount, size, error = np.moveaxis((chain.start[..., None] * later).sum(axis=1), -1, 0)
    comes = ((chain.start[..., None] * new_later).sum(axis=(1, 2))) > 0
    return Stream(*(np.broadcast_to(part, b) for part in (amount, size, error))), np.broadcast_to(comes, b)
