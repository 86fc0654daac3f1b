"""Continuation values, one-shot gains and best responses on the joint chain of a profile."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gamelab.model.game import Bools, Floats
from gamelab.solve.joint import Chain
from gamelab.solve.moves import material_spread

CLOSE_TO_ONE = 1e-3
"""Below this 1 - d values are found without cancelling, which takes longer."""

MOST_ROUNDING = 1e-6
"""The most that rounding may explain, relative to the spread of the material payoffs."""


def continuation(chain: Chain) -> Floats:
    """Return what each player's utilities are worth from each joint state on, (b, X, n), not normalised.

    Solves W = u + d M W for open-ended games; the base of all payoffs is left out.
    """
    matrix = chain.transition(chain.weights)
    flow = (chain.weights[..., None] * chain.utility).sum(axis=2)
    if chain.game.discount_factor.shape[2] == 1:
        return solved(chain, matrix, flow, 0)
    return np.concatenate([solved(chain, matrix, flow[..., [i]], i) for i in range(chain.game.n)], axis=-1)


def solved(chain: Chain, matrix: Floats, flow: Floats, player: int) -> Floats:
    """Return (I - d M)^-1 u for flows (b, X, m)."""
    discount = chain.discount(player)
    if (1 - chain.game.one_discount).min() < CLOSE_TO_ONE:
        return without_cancelling(discount, matrix, flow)
    system = np.eye(chain.size) - discount[:, :, None] * matrix
    b = max(len(system), len(flow))
    return np.linalg.solve(system, np.broadcast_to(flow, (b, *flow.shape[1:])))


def without_cancelling(discount: Floats, matrix: Floats, flow: Floats) -> Floats:
    """Return (I - d M)^-1 u by an elimination that only adds positive numbers.

    The condition of the system is 1/(1-d): close to 1 an ordinary solver loses as many digits. Here joint
    states are taken out one by one, and what leaves each (1-d and the chances of going elsewhere) is summed
    up, never subtracted (Grassmann, Taksar and Heyman 1985), so that every digit of the visits stays.

    Parameters
    ----------
    discount : array (b, X)
    matrix : array (b, X, X)
        Chances, the rows sum to 1.
    flow : array (b, X, m)
    """
    b = max(len(discount), len(matrix), len(flow))
    size = matrix.shape[1]
    goes = np.array(np.broadcast_to(discount[:, :, None] * matrix, (b, size, size)))
    leaves = np.array(np.broadcast_to(1 - discount, (b, size)))
    worth = np.array(np.broadcast_to(flow, (b, *flow.shape[1:])))
    away = np.empty((b, size))
    for k in reversed(range(size)):
        away[:, k] = leaves[:, k] + goes[:, k, :k].sum(axis=1)
        share = goes[:, :k, k] / away[:, [k]]
        goes[:, :k, :k] += share[:, :, None] * goes[:, [k], :k]
        leaves[:, :k] += share * leaves[:, [k]]
        worth[:, :k] += share[:, :, None] * worth[:, [k]]
    for k in range(size):
        worth[:, k] = (worth[:, k] + np.einsum("bj,bjm->bm", goes[:, k, :k], worth[:, :k])) / away[:, [k]]
    return worth


def after_action(chain: Chain, values: Floats, player: int) -> Floats:
    """Return what each own action is worth now, (b, X, A), when ``values`` (b, X) follow the move."""
    worth = chain.utility[..., player] + chain.discount(player)[:, :, None] * chain.expect(values)
    return chain.by_action(worth, player)


def alternatives(chain: Chain, player: int) -> Bools:
    """Return the actions whose gain counts, (X, A): allowed and not prescribed; of a mixture all of them."""
    allowed = chain.game.allowed[chain.state, player]
    prescribed = np.broadcast_to((chain.play[player] > 0).any(axis=0), allowed.shape)
    mixes = prescribed.sum(axis=1, keepdims=True) > 1
    return allowed & (mixes | ~prescribed) & chain.game.has_choice[chain.state, player][:, None]


def one_shot_gains(chain: Chain, values: Floats) -> Floats:
    """Return what one departure gains, (b, X, n, A), in payoffs of its own round; -inf: not possible.

    Of the actions that a player mixes, gains that rounding explains count as 0: they are differences of
    values of the order 1/(1-d), which close to 1 have not enough digits to show indifference; an ordinary
    solver loses 1/(1-d) of these, too.
    """
    apart = 1 - chain.game.one_discount.max(axis=1)
    digits = 16 * np.finfo(float).eps / np.where(apart.min() < CLOSE_TO_ONE, 1, np.minimum(4 * apart, 1))
    rounding = digits * np.abs(values).max(axis=(1, 2))
    rounding = np.minimum(rounding, MOST_ROUNDING * material_spread(chain.game))
    gains = []
    for i in range(chain.game.n):
        gain = after_action(chain, values[..., i], i) - values[..., i, None]
        mixed = np.broadcast_to((chain.play[i] > 0).any(axis=0), gain.shape[1:])
        noise = mixed & (mixed.sum(axis=1, keepdims=True) > 1) & (np.abs(gain) <= rounding[:, None, None])
        gains.append(np.where(alternatives(chain, i), np.where(noise, 0.0, gain), -np.inf))
    return np.stack(np.broadcast_arrays(*gains), axis=2)


def backwards(chain: Chain, best: int | None = None) -> Iterator[tuple[int, Floats, Floats]]:
    """Walk a game of finitely many rounds from its end: yield round, values (b, X, n) and gains (b, X, n, A).

    With ``best``, that player does what is best at every move, and the others what they are prescribed.
    """
    game = chain.game
    later: Floats = np.zeros((game.batch, chain.size, game.n))
    depth = 1 if chain.ends.all() else len(game.states)
    for t in reversed(range(game.rounds or 0)):
        now: Floats = np.zeros_like(later)
        for _ in range(depth):
            worth = [_worth(chain, later[..., i], now[..., i], i) for i in range(game.n)]
            now = np.stack([_taken(chain, worth[i], i, best == i) for i in range(game.n)], axis=-1)
        gains = [
            np.where(alternatives(chain, i), worth[i] - now[..., i, None], -np.inf) for i in range(game.n)
        ]
        yield t, now, np.stack(np.broadcast_arrays(*gains), axis=2)
        later = now


def _worth(chain: Chain, later: Floats, within: Floats, player: int) -> Floats:
    """Return what each own action is worth, (b, X, A), given next round's values and this round's."""
    across = chain.discount(player)[:, :, None] * chain.expect(later)
    future = across if chain.ends.all() else np.where(chain.ends[:, None], across, chain.expect(within))
    return chain.by_action(chain.utility[..., player] + future, player)


def _taken(chain: Chain, worth: Floats, player: int, best: bool) -> Floats:
    if best:
        return np.asarray(np.where(chain.game.allowed[chain.state, player], worth, -np.inf).max(axis=-1))
    return np.asarray((chain.play[player] * worth).sum(axis=-1))


def best_response(chain: Chain, player: int, values: Floats) -> Floats:
    """Return the most that a player can get from each joint state on, (b, X), seeing everybody's state.

    Policy iteration for open-ended games, from the prescribed strategy with ``values`` (b, X); backward
    induction otherwise (``values`` are not used then).
    """
    if chain.game.rounds is not None:
        return [now for _, now, _ in backwards(chain, best=player)][-1][..., player]
    allowed = chain.game.allowed[chain.state, player]
    actions = np.arange(allowed.shape[1])
    policy = np.broadcast_to(chain.play[player], (len(values), *chain.play[player].shape[1:]))
    noise = 1e-13 * (material_spread(chain.game)[:, None] + np.abs(values).max(axis=1, keepdims=True))
    for _ in range(10 * chain.size + 100):
        worth = np.where(allowed, after_action(chain, values, player), -np.inf)
        better = worth.max(axis=-1) > values + noise
        if not better.any():
            break
        greedy = worth.argmax(axis=-1)[..., None] == actions
        policy = np.where(better[..., None], greedy, policy)
        weights = policy[:, :, chain.game.profiles[:, player]] * chain.others[player]
        flow = (weights * chain.utility[..., player]).sum(axis=2)
        values = solved(chain, chain.transition(weights), flow[..., None], player)[..., 0]
    return values
