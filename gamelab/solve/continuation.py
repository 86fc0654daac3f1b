"""Continuation values and one-shot gains on the joint chain of a profile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from gamelab.model.expectation import magnitude
from gamelab.model.game import Bools, Floats
from gamelab.solve.joint import Chain

CLOSE_TO_ONE = 1e-3
"""Below this 1 - d values are solved for without cancelling, which takes longer."""

ROUNDING = 64 * np.finfo(float).eps / 2
"""What rounding may change in a sum of a few products, relative to the sum of their sizes."""


@dataclass(frozen=True, eq=False)
class Continuation:
    """What each player's utilities are worth from each joint state on, in an open-ended game.

    The worth is W = level / (1 - d) + relative, un-normalised. Gains need differences of W only, which near a
    discount factor of 1 are far smaller than W: so they are kept apart. The base of all payoffs is left out.

    Parameters
    ----------
    relative : array (b, X, m)
        Differences to the first joint state.
    level : array (b, m)
        Payoff per round from the first joint state on, normalised.
    matrix : array (b, X, X)
        Chances of the next joint state.
    flow : array (b, X, m)
        Expected utility of the move, less the level where it ends a round.
    """

    relative: Floats
    level: Floats
    matrix: Floats
    flow: Floats

    def total(self, chain: Chain) -> Floats:
        """Return W, (b, X, m)."""
        return self.relative + (self.level / (1 - chain.game.one_discount))[:, None]

    def normalised(self, chain: Chain) -> Floats:
        """Return (1-d) W, (b, X, m), payoffs per round."""
        return self.level[:, None] + (1 - chain.game.one_discount)[:, None] * self.relative


def continuation(chain: Chain) -> Continuation:
    """Return what follows each joint state of an open-ended game; solves W = u + d M W."""
    matrix = chain.transition(chain.weights)
    flow = (chain.weights[..., None] * chain.utility).sum(axis=2)
    if chain.game.discount_factor.shape[2] == 1:
        return solved(chain, matrix, flow, 0)
    parts = [solved(chain, matrix, flow[..., [i]], i) for i in range(chain.game.n)]
    joined = (
        np.concatenate([getattr(part, name) for part in parts], axis=-1)
        for name in ("relative", "level", "flow")
    )
    relative, level, flow = joined
    return Continuation(relative, level, matrix, flow)


def solved(chain: Chain, matrix: Floats, flow: Floats, player: int) -> Continuation:
    """Solve W = u + d M W for flows u, (b, X, m)."""
    apart = 1 - chain.game.one_discount[:, [min(player, chain.game.one_discount.shape[1] - 1)]]
    first = int(np.argmax(chain.begins))
    total = summed(chain, matrix, flow, player)
    level = apart * total[:, first]
    rest = flow - level[:, None] * chain.ends[:, None]
    # (I - d M) relative = u - level where a round ends: solved anew where W is too large to be subtracted
    again = apart.min() < CLOSE_TO_ONE
    relative = summed(chain, matrix, rest, player) if again else total - total[:, [first]]
    return Continuation(relative, level, matrix, rest)


def summed(chain: Chain, matrix: Floats, flow: Floats, player: int) -> Floats:
    """Return the discounted sums (I - d M)^-1 u, (b, X, m), of flows u, (b, X, m)."""
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
    total = np.array(np.broadcast_to(flow, (b, *flow.shape[1:])))
    away = np.empty((b, size))
    for k in reversed(range(size)):
        away[:, k] = leaves[:, k] + goes[:, k, :k].sum(axis=1)
        share = goes[:, :k, k] / away[:, [k]]
        goes[:, :k, :k] += share[:, :, None] * goes[:, [k], :k]
        leaves[:, :k] += share * leaves[:, [k]]
        total[:, :k] += share[:, :, None] * total[:, [k]]
    for k in range(size):
        total[:, k] = (total[:, k] + np.einsum("bj,bjm->bm", goes[:, k, :k], total[:, :k])) / away[:, [k]]
    return total


@dataclass(frozen=True, eq=False)
class RoundValues:
    """What the moves of one round are judged by; of any round, where the game is open-ended.

    Each value is relative to a number that is the same at every joint state, so that gains are differences of
    numbers no larger than need be.

    Parameters
    ----------
    round : int
        -1 for an open-ended game.
    visited : bool array (X,)
        The joint states that some history visits in this round.
    now, later : array (b, X, n)
        What is worth to be there in this round, and in the next one.
    average : array (b, X, n)
        What a move that ends the round must pay to be worth as much as ``now`` on average; 0 elsewhere.
    even : array (b, X, n)
        What the next round must be worth for the same.
    gains : array (b, X, n, A)
        What one deviation gains, in payoffs of its own round; -inf: not possible.
    accumulated, accumulated_later : array (b, X, n)
        Sizes of all numbers that ``now`` and ``later`` were added up from, for a bound on rounding; X of size
        1 stands for all joint states.
    """

    round: int
    visited: Bools
    now: Floats
    later: Floats
    average: Floats
    even: Floats
    gains: Floats
    accumulated: Floats
    accumulated_later: Floats


def rounds_of(chain: Chain, values: Continuation | None = None) -> Iterator[RoundValues]:
    """Yield what the moves of each round are judged by, the last round first; one item if open-ended."""
    if chain.game.rounds is not None:
        yield from _from_the_end(chain)
        return
    values = continuation(chain) if values is None else values
    now, level = values.relative, values.level
    gains = [
        after_action(chain, now[..., i], level[..., i], i) - now[..., i, None] for i in range(chain.game.n)
    ]
    added_up = _accumulated(chain, values)
    around = open_ended(chain, level, now)
    yield replace(
        around,
        gains=_of_alternatives([alternatives(chain, i) for i in range(chain.game.n)], gains),
        accumulated=added_up,
        accumulated_later=added_up,
    )


def open_ended(chain: Chain, level: Floats, relative: Floats) -> RoundValues:
    """Return what the moves of an open-ended game are judged by, without gains and what is added up."""
    return RoundValues(
        round=-1,
        visited=np.ones(chain.size, dtype=bool),
        now=relative,
        later=relative,
        average=level[:, None] * chain.ends[:, None] + (1 - chain.discounts) * relative,
        even=relative,
        gains=np.empty(0),
        accumulated=np.zeros((1, 1, 1)),
        accumulated_later=np.zeros((1, 1, 1)),
    )


def _accumulated(chain: Chain, values: Continuation) -> Floats:
    """Bound what relative values may be off by, in units of ROUNDING, (b, 1, n).

    With the residual r of (I - d M) relative = flow, whatever solved it, relative is off by the inverse of
    (I - d M) times r, and the rows of that inverse sum to 1 / (1-d) rounds of some moves each.
    """
    relative, d = values.relative, chain.game.one_discount
    residual = np.abs(values.flow - relative + chain.discounts * (values.matrix @ relative)).max(axis=1)
    paid = (chain.weights[..., None] * chain.at_states(magnitude(chain.game))).sum(axis=2)
    size = paid.max(axis=1) + 2 * np.abs(relative).max(axis=1)
    moves = 1 if chain.ends.all() else len(chain.game.states)
    return np.asarray((residual / ROUNDING + size) * moves / (1 - d))[:, None]


def after_action(chain: Chain, values: Floats, level: Floats, player: int) -> Floats:
    """Return what each own action is worth now, (b, X, A), when ``values`` (b, X) follow the move.

    ``level``, (b,), is taken from what a move pays that ends a round.
    """
    pay = chain.utility[..., player] - (level[:, None] * chain.ends)[..., None]
    total = pay + chain.discount(player)[:, :, None] * chain.expect(values)
    return chain.by_action(total, player)


def alternatives(chain: Chain, player: int) -> Bools:
    """Return the actions whose gain counts, (X, A): allowed and not prescribed; of a mixture all of them."""
    allowed = chain.game.allowed[chain.state, player]
    prescribed = np.broadcast_to((chain.play[player] > 0).any(axis=0), allowed.shape)
    mixes = prescribed.sum(axis=1, keepdims=True) > 1
    return allowed & (mixes | ~prescribed) & chain.game.has_choice[chain.state, player][:, None]


def _of_alternatives(counted: list[Bools], gains: list[Floats]) -> Floats:
    """Return the gains of all players side by side, (b, X, n, A); -inf where they do not count."""
    return side_by_side([np.where(own, gain, -np.inf) for own, gain in zip(counted, gains)], 2)


def side_by_side(parts: list[Floats], axis: int) -> Floats:
    """Return arrays of one shape but for the batch axis along a new axis."""
    if len({part.shape for part in parts}) > 1:
        parts = list(np.broadcast_arrays(*parts))
    return np.stack(parts, axis=axis)


def _from_the_end(chain: Chain) -> Iterator[RoundValues]:
    """Walk a game of finitely many rounds from its end.

    After each round what its first joint state is worth is taken from all values: they stay as small as
    their differences.
    """
    game = chain.game
    d = np.broadcast_to(game.one_discount, (len(game.one_discount), game.n))
    later: Floats = np.zeros((1, chain.size, game.n))
    level: Floats = np.zeros((1, game.n))  # what ``later`` leaves out
    weight: Floats = np.zeros((1, game.n))  # sum of d^k over the rounds that are left
    first = int(np.argmax(chain.begins))
    paid = (chain.weights[..., None] * chain.at_states(magnitude(game))).sum(axis=2)
    matrix = chain.transition(chain.weights)
    counted = [alternatives(chain, i) for i in range(game.n)]
    added_up: Floats = np.zeros((1, 1, game.n))
    for t in reversed(range(game.rounds or 0)):
        now, actions = one_round(chain, later)
        even_weight, weight = weight, 1 + d * weight
        average = (now + (d * level)[:, None]) / weight[:, None]
        own = paid + 2 * (np.abs(now) + np.abs(later).max(axis=1, keepdims=True))
        added_up_later, added_up = added_up, own
        for _ in range(chain.moves_a_round):
            after = matrix @ (added_up_later + np.zeros((chain.size, 1)))
            added_up = own + np.where(chain.ends[:, None], chain.discounts * after, matrix @ added_up)
        yield RoundValues(
            round=t,
            visited=chain.layers[t],
            now=now,
            later=later,
            average=average * chain.ends[:, None],
            even=average * even_weight[:, None] - level[:, None],
            gains=_of_alternatives(counted, [actions[i] - now[..., i, None] for i in range(game.n)]),
            accumulated=added_up,
            accumulated_later=added_up_later,
        )
        level = d * level + now[:, first]
        later = now - now[:, [first]]


def one_round(chain: Chain, later: Floats) -> tuple[Floats, list[Floats]]:
    """Return what a round is worth, (b, X, n), and each own action, (b, X, A), when ``later`` follows it."""
    game = chain.game
    now: Floats = np.zeros_like(later)
    for _ in range(chain.moves_a_round):
        actions = [action_values(chain, later[..., i], now[..., i], i) for i in range(game.n)]
        now = side_by_side([(chain.play[i] * own).sum(axis=-1) for i, own in enumerate(actions)], -1)
    return now, actions


def action_values(chain: Chain, later: Floats, within: Floats, player: int) -> Floats:
    """Return what each own action is worth, (b, X, A), given next round's values and this round's."""
    across = chain.discount(player)[:, :, None] * chain.expect(later)
    future = (
        across if chain.moves_a_round == 1 else np.where(chain.ends[:, None], across, chain.expect(within))
    )
    return chain.by_action(chain.utility[..., player] + future, player)
