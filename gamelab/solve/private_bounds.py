"""Bounds on what a deviation gains where the deviator cannot tell the others' automaton states."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from gamelab.model.game import Bools, Floats, Ints
from gamelab.solve.joint import Chain
from gamelab.solve.values import round_weights, through_round

EXHAUSTIVE = 4096
"""Up to so many deviations with memory one are tried one by one; beyond, they are improved step by step."""


@dataclass(frozen=True, eq=False)
class Memory:
    """What a deviator with memory one can be in: joint states with the own last action and symbol.

    Parameters
    ----------
    kernel : array (Z, A, Z)
        Chances of what follows each own action.
    pay : array (Z, A)
    start : array (Z,)
    ends : bool array (Z,)
    known : int array (Z,)
        The class of what the deviator knows: game state, own automaton state, last action and symbol.
    prescribed : int array
        The likeliest prescribed action of each class.
    allowed : bool array (C, A)
    """

    kernel: Floats
    pay: Floats
    start: Floats
    ends: Bools
    known: Ints
    prescribed: Ints
    allowed: Bools


def best_memory_one(chain: Chain, player: int) -> float:
    """Return the most that a deviation with memory one was found to be worth at the start, normalised.

    The chain must have one grid point. The deviator conditions on the game's state, the own automaton's
    state, and the own last action and symbol. A lower bound of the best deviation.
    """
    memory = _memory(chain, player)
    choices = [np.flatnonzero(row) for row in memory.allowed]
    count = int(np.prod([len(choice) for choice in choices], dtype=object))
    if count <= EXHAUSTIVE:
        policies = np.array(list(itertools.product(*choices)))
        return float(_worth(chain, memory, policies, player).max())
    constant = [np.where(allowed, a, memory.prescribed) for a, allowed in enumerate(memory.allowed.T)]
    starts = [memory.prescribed, *constant]
    return max(_climb(chain, memory, policy, player) for policy in starts)


def _climb(chain: Chain, memory: Memory, policy: Ints, player: int) -> float:
    best = float(_worth(chain, memory, policy[None], player)[0])
    improved = True
    while improved:
        changed = [
            np.where(np.arange(len(policy)) == c, a, policy)
            for c in range(len(policy))
            for a in np.flatnonzero(memory.allowed[c])
            if a != policy[c]
        ]
        worth = _worth(chain, memory, np.array(changed), player)
        improved = bool(worth.max() > best + 1e-13 * (1 + abs(best)))
        if improved:
            best, policy = float(worth.max()), changed[int(worth.argmax())]
    return best


def _worth(chain: Chain, memory: Memory, policies: Ints, player: int) -> Floats:
    """Return the normalised value of each policy (M, C) at the start, (M,)."""
    Z = np.arange(len(memory.known))
    d = float(chain.game.one_discount[0, min(player, chain.game.one_discount.shape[1] - 1)])
    weight = np.where(memory.ends, d, 1.0)
    worth = []
    step = max(1, 2**22 // len(Z) ** 2)
    for k in range(0, len(policies), step):
        action = policies[k : k + step][:, memory.known]
        matrix, pay = memory.kernel[Z, action], memory.pay[Z, action]
        if chain.game.rounds is None:
            values = np.linalg.solve(np.eye(len(Z)) - weight[:, None] * matrix, pay[..., None])[..., 0]
            worth.append((1 - d) * values @ memory.start)
        else:
            worth.append(_finite_worth(memory, matrix, pay, d, chain.game.rounds))
    return np.concatenate(worth)


def _finite_worth(memory: Memory, matrix: Floats, pay: Floats, d: float, rounds: int) -> Floats:
    inside = None if memory.ends.all() else matrix * ~memory.ends[:, None]
    across = matrix * memory.ends[:, None]
    entered: Floats = np.broadcast_to(memory.start, pay.shape)
    total = np.zeros(len(pay))
    for t in range(rounds):
        visits = through_round(entered, inside)
        total += d**t * (visits * pay).sum(axis=1)
        entered = (visits[:, None] @ across)[:, 0]
    return total / float(round_weights(np.asarray(d), rounds))


def _memory(chain: Chain, player: int) -> Memory:
    game = chain.game
    A, V = game.allowed.shape[2], int(game.views[player].max()) + 1
    kernel, pay = _by_symbol(chain, player)
    # memory m = 0 stands for the first move, 1 + a V + v for own action a and symbol v
    m, x = np.unravel_index(np.arange((1 + A * V) * chain.size), (1 + A * V, chain.size))
    own = chain.inner[x, player]
    known = np.unique(np.stack([chain.state[x], own, m]), axis=1, return_inverse=True)[1]
    wide = np.zeros((len(x), A, 1 + A * V, chain.size))
    for a in range(A):
        for v in range(V):
            wide[:, a, 1 + a * V + v] = kernel[x, a, v]
    start = np.zeros((1 + A * V, chain.size))
    start[0] = chain.start[0]
    reach = _reached(wide.reshape(len(x), A, -1), start.ravel())
    _, first_there, known = np.unique(known.ravel()[reach], return_index=True, return_inverse=True)
    prescribed = chain.play[player][0].argmax(axis=-1)[x[reach]][first_there]
    allowed = game.allowed[chain.state[x[reach][first_there]], player]
    return Memory(
        kernel=wide.reshape(len(x), A, -1)[reach][:, :, reach],
        pay=pay[x[reach]],
        start=start.ravel()[reach],
        ends=chain.ends[x[reach]],
        known=known.ravel(),
        prescribed=prescribed,
        allowed=allowed,
    )


def _by_symbol(chain: Chain, player: int) -> tuple[Floats, Floats]:
    """Return chances (X, A, V, X) of own symbol and next joint state by own action, and pay (X, A)."""
    game = chain.game
    A, V = game.allowed.shape[2], int(game.views[player].max()) + 1
    kernel = np.zeros((chain.size, A, V, chain.size))
    pay = chain.by_action(chain.utility[..., player], player)[0]
    index = {(int(s), *map(int, q)): x for x, (s, q) in enumerate(zip(chain.state, chain.inner))}
    others = np.broadcast_to(chain.others[player][0], (chain.size, len(game.profiles)))
    allowed = game.allowed_profiles
    for x, (s, q) in enumerate(zip(chain.state, chain.inner)):
        chances = game.probabilities[0, min(s, game.probabilities.shape[1] - 1)]
        for p in np.flatnonzero(others[x] * allowed[s]):
            row = chances[min(p, len(chances) - 1)]
            profile = game.profiles[p]
            for y in map(int, np.flatnonzero(row)):
                after = [_following(chain, j, s, q[j], profile[j], y) for j in range(game.n)]
                target = index[(int(game.next_state[s, y]), *after)]
                kernel[x, profile[player], game.views[player, y], target] += others[x, p] * row[y]
    return kernel, pay


def _following(chain: Chain, j: int, s: int, q: int, a: int, y: int) -> int:
    table = chain.automata[j].next
    return int(table[min(s, table.shape[0] - 1), q, a, chain.game.views[j, y]])


def _reached(kernel: Floats, start: Floats) -> Ints:
    linked = np.asarray((kernel > 0).any(axis=1))
    seen = start > 0
    frontier = seen
    while frontier.any():
        frontier = linked[frontier].any(axis=0) & ~seen
        seen = seen | frontier
    return np.flatnonzero(seen)
