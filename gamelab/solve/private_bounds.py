"""Bounds on what a deviation gains where the deviator cannot tell the others' automaton states."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from gamelab.model.game import Bools, Floats, Ints
from gamelab.solve.joint import Chain, reached
from gamelab.solve.moves import lumps
from gamelab.solve.values import round_weights, through_round

EXHAUSTIVE = 4096
"""Up to so many deviations with memory one are tried one by one; beyond, they are improved step by step."""
LARGEST_MEMORY = 1000
"""The most states of memory; a deviator who would need more forgets the last action and symbol."""
WORK = 2e10
"""Roughly how many multiplications one search may take."""


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

    The chain must have one grid point; the base of all payoffs is left out. The deviator conditions on the
    game's state, the own automaton's state, and the own last action and symbol - where that would be too
    much work, on the two states alone. A lower bound of the best deviation; -inf where even that is too much.
    """
    if chain.size > LARGEST_MEMORY:
        return -np.inf
    memory = _memory(chain, player)
    choices = [np.flatnonzero(row) for row in memory.allowed]
    count = int(np.prod([len(choice) for choice in choices], dtype=object))
    affordable = WORK / len(memory.known) ** 3
    if count <= min(EXHAUSTIVE, affordable):
        policies = np.array(list(itertools.product(*choices)))
        return float(_payoffs(chain, memory, policies, player).max())
    constant = [np.where(allowed, a, memory.prescribed) for a, allowed in enumerate(memory.allowed.T)]
    starts = [memory.prescribed, *constant]
    return max(_climb(chain, memory, policy, player, affordable / len(starts)) for policy in starts)


def _climb(chain: Chain, memory: Memory, policy: Ints, player: int, affordable: float) -> float:
    """Change one choice at a time while that helps, and while the work is affordable (in policies)."""
    best = float(_payoffs(chain, memory, policy[None], player)[0])
    step = int(memory.allowed.sum()) - len(policy)
    while step <= affordable:
        affordable -= step
        changed = [
            np.where(np.arange(len(policy)) == c, a, policy)
            for c in range(len(policy))
            for a in np.flatnonzero(memory.allowed[c])
            if a != policy[c]
        ]
        values = _payoffs(chain, memory, np.array(changed), player) if changed else np.array([best])
        if values.max() <= best + 1e-12 * abs(best):
            break
        best, policy = float(values.max()), changed[int(values.argmax())]
    return best


def _payoffs(chain: Chain, memory: Memory, policies: Ints, player: int) -> Floats:
    """Return the normalised value of each policy (M, C) at the start, (M,)."""
    Z = np.arange(len(memory.known))
    d = float(chain.game.one_discount[0, min(player, chain.game.one_discount.shape[1] - 1)])
    weight = np.where(memory.ends, d, 1.0)
    payoffs = []
    step = max(1, 2**22 // len(Z) ** 2)
    for k in range(0, len(policies), step):
        action = policies[k : k + step][:, memory.known]
        matrix, pay = memory.kernel[Z, action], memory.pay[Z, action]
        if chain.game.rounds is None:
            values = np.linalg.solve(np.eye(len(Z)) - weight[:, None] * matrix, pay[..., None])[..., 0]
            payoffs.append((1 - d) * values @ memory.start)
        else:
            payoffs.append(_finite_payoffs(memory, matrix, pay, d, chain.game.rounds))
    return np.concatenate(payoffs)


def _finite_payoffs(memory: Memory, matrix: Floats, pay: Floats, d: float, rounds: int) -> Floats:
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
    remembers = (1 + A * V) * chain.size <= LARGEST_MEMORY
    chances, pay = _by_symbol(chain, player, V if remembers else 1)
    # memory m = 0 stands for the first move, or for what is forgotten; 1 + a V + v for own action and symbol
    M = 1 + A * V if remembers else 1
    m, x = np.unravel_index(np.arange(M * chain.size), (M, chain.size))
    rows = np.stack([chain.state[x], chain.inner[x, player], m])
    known = np.unique(rows, axis=1, return_inverse=True)[1].ravel()
    wide = np.zeros((len(x), A, M, chain.size))
    if remembers:
        for a, v in np.ndindex(A, V):
            wide[:, a, 1 + a * V + v] = chances[x, a, v]
    else:
        wide[:, :, 0] = chances[x, :, 0]
    start = np.zeros((M, chain.size))
    start[0] = chain.start[0]
    kernel = wide.reshape(len(x), A, -1)
    reach = np.flatnonzero(reached(np.asarray((kernel > 0).any(axis=1)), start.ravel() > 0))
    _, first, known = np.unique(known[reach], return_index=True, return_inverse=True)
    there = x[reach]
    return Memory(
        kernel=kernel[reach][:, :, reach],
        pay=pay[there],
        start=start.ravel()[reach],
        ends=chain.ends[there],
        known=known.ravel(),
        prescribed=chain.play[player][0].argmax(axis=-1)[there[first]],
        allowed=game.allowed[chain.state[there[first]], player],
    )


def _by_symbol(chain: Chain, player: int, V: int) -> tuple[Floats, Floats]:
    """Return chances (X, A, V, X) of own symbol and next joint state by own action, and pay (X, A)."""
    game = chain.game
    kernel = np.zeros((chain.size, game.allowed.shape[2], V, chain.size))
    pay = chain.by_action(chain.utility[..., player], player)[0]
    others = np.broadcast_to(chain.others[player][0], (chain.size, len(game.profiles)))
    x, p, y = np.nonzero(game.happens[chain.state] & (others > 0)[:, :, None])
    _, S, P, _ = game.probabilities.shape
    chance = game.probabilities[0, chain.state[x] if S > 1 else 0, p if P > 1 else 0, y]
    lump, _ = lumps(game, chain.automata)
    symbol = game.views[player, y] if V > 1 else np.zeros_like(y)
    place = (x, game.profiles[p, player], symbol, chain.target[x, p, lump[y]])
    np.add.at(kernel, place, others[x, p] * chance)
    return kernel, pay
