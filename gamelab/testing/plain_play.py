"""Plain play: values and best replies of small games by loops over dictionaries; slow, plain, independent."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.game import Game

Joint = tuple[int, ...]
"""The state of the game, then every automaton's."""

NEGLIGIBLE = 1e-13


def entry(array: Any, *place: int) -> float:
    """Return one entry of an array; an axis of size 1 has the same entry everywhere."""
    where = tuple(0 if size == 1 else k for size, k in zip(array.shape, place, strict=True))
    return float(array[where])


def moves(game: Game, automata: Sequence[Automaton], joint: Joint) -> Iterator[tuple[int, float]]:
    """Yield the profiles that are played in a joint state, with their probabilities."""
    s, *inner = joint
    for p, profile in enumerate(game.profiles.tolist()):
        chance = 1.0
        for i, action in enumerate(profile):
            chance *= entry(automata[i].action, 0, s, inner[i], action)
        if chance > 0:
            yield p, chance


def followers(
    game: Game, automata: Sequence[Automaton], joint: Joint, p: int
) -> Iterator[tuple[int, float, Joint]]:
    """Yield the outcomes that can follow a profile, with their probabilities and the next joint states."""
    s, *inner = joint
    profile = game.profiles[p].tolist()
    for y in range(len(game.outcomes)):
        chance = entry(game.probabilities, 0, s, p, y)
        if chance > 0:
            after = [
                int(entry(a.next, s, inner[i], profile[i], int(game.views[i, y])))
                for i, a in enumerate(automata)
            ]
            yield y, chance, (int(game.next_state[s, y]), *after)


def paid(game: Game, line: str, s: int, p: int, y: int) -> list[float]:
    """Return what a line pays to each account when a profile has an outcome in a state."""
    flow = game.flows[line]
    amounts = [0.0] * len(game.accounts)
    for c in range(len(amounts)):
        if flow.by_profile is not None:
            amounts[c] += entry(flow.by_profile, 0, s, p, c)
        if flow.by_outcome is not None:
            amounts[c] += entry(flow.by_outcome, 0, s, y, c)
    return amounts


def plain_values(game: Game, automata: Sequence[Automaton]) -> dict[str, list[float]]:
    """Return each ledger line's average per round to every account, by playing round after round.

    The chances of joint states are pushed forward, weighted by the discount factors passed on the way,
    until the rounds are over or the weights negligible.

    Parameters
    ----------
    game : Game
        A single game, with a discount factor of at most about 0.95 where it is open-ended.
    automata : sequence of Automaton
    """
    known: dict[Joint, tuple[dict[str, list[float]], dict[Joint, float]]] = {}

    def looked_up(joint: Joint) -> tuple[dict[str, list[float]], dict[Joint, float]]:
        if joint not in known:
            pay = {line: [0.0] * len(game.accounts) for line in game.flows}
            after: dict[Joint, float] = {}
            for p, chance in moves(game, automata, joint):
                for y, probability, following in followers(game, automata, joint, p):
                    weight = chance * probability
                    after[following] = after.get(following, 0.0) + weight
                    for line, amounts in pay.items():
                        for c, amount in enumerate(paid(game, line, joint[0], p, y)):
                            amounts[c] += weight * amount
            known[joint] = pay, after
        return known[joint]

    patient = max(range(game.n), key=lambda i: entry(game.one_discount, 0, i))
    owners = [c if c < game.n else patient for c in range(len(game.accounts))]  # others: the highest factor
    totals = {line: [0.0] * len(game.accounts) for line in game.flows}
    for owner in dict.fromkeys(owners):
        mass = {
            (0, (s, *(a.start for a in automata))): entry(game.start, 0, s) for s in range(len(game.states))
        }
        while mass:
            later: dict[tuple[int, Joint], float] = {}
            for (t, joint), weight in mass.items():
                pay, after = looked_up(joint)
                for line, amounts in pay.items():
                    for c in [c for c, mine in enumerate(owners) if mine == owner]:
                        totals[line][c] += weight * amounts[c]
                ends = bool(game.ends_round[joint[0]])
                factor = weight * entry(game.discount_factor, 0, joint[0], owner)
                t_after = t if game.rounds is None else t + ends
                if factor > NEGLIGIBLE and (game.rounds is None or t_after < game.rounds):
                    for following, chance in after.items():
                        key = t_after, following
                        later[key] = later.get(key, 0.0) + factor * chance
            mass = later
    return {
        line: [amount * normaliser(game, owner) for amount, owner in zip(amounts, owners, strict=True)]
        for line, amounts in totals.items()
    }


def normaliser(game: Game, player: int) -> float:
    """Return what turns a discounted sum into an average per round."""
    d = entry(game.one_discount, 0, player)
    return 1 - d if game.rounds is None else 1 / sum(d**t for t in range(game.rounds))


def best_automaton_value(game: Game, automata: Sequence[Automaton], player: int, states: int = 2) -> float:
    """Return the most that any pure automaton of so many states gets against the others', per round.

    Every one is tried: what to do in each of its states, and what follows each symbol. For open-ended
    games with one state.
    """
    symbols = sorted(set(game.views[player].tolist()))
    actions = np.flatnonzero(game.allowed[0, player]).tolist()
    ways = [
        (a, dict(zip(symbols, nexts, strict=True)))
        for a in actions
        for nexts in itertools.product(range(states), repeat=len(symbols))
    ]
    others = [range(1) if i == player else range(len(a.states)) for i, a in enumerate(automata)]
    inner = list(itertools.product(*others))
    pay, steps = _against(game, automata, player, inner, actions)
    d, best = entry(game.one_discount, 0, player), -np.inf
    begin = inner.index(tuple(0 if i == player else a.start for i, a in enumerate(automata)))
    size = len(inner) * states
    for rule in itertools.product(ways, repeat=states):
        chain, right = np.eye(size), np.zeros(size)
        for q, (action, follows) in enumerate(rule):
            for k in range(len(inner)):
                right[q * len(inner) + k] = pay[action][k]
                for symbol, after, chance in steps[action][k]:
                    chain[q * len(inner) + k, follows[symbol] * len(inner) + after] -= d * chance
        best = max(best, float(np.linalg.solve(chain, right)[begin]))
    return (1 - d) * best


def _against(
    game: Game, automata: Sequence[Automaton], player: int, inner: list[Joint], actions: list[int]
) -> tuple[dict[int, list[float]], dict[int, list[list[tuple[int, int, float]]]]]:
    """Return by own action and others' states: the payoff now, and what can be seen and follow."""
    pay: dict[int, list[float]] = {a: [] for a in actions}
    steps: dict[int, list[list[tuple[int, int, float]]]] = {a: [] for a in actions}
    for a, rows in steps.items():
        for others in inner:
            now, after = 0.0, []
            for p, profile in enumerate(game.profiles.tolist()):
                chance = 1.0 if profile[player] == a else 0.0
                for i, action in enumerate(profile):
                    chance *= 1.0 if i == player else entry(automata[i].action, 0, 0, others[i], action)
                if chance == 0:
                    continue
                for y, probability, (_, *inside) in followers(game, automata, (0, *others), p):
                    weight = chance * probability
                    now += weight * sum(paid(game, line, 0, p, y)[player] for line in game.flows)
                    inside[player] = 0
                    after.append((int(game.views[player, y]), inner.index(tuple(inside)), weight))
            pay[a].append(now)
            rows.append(after)
    return pay, steps
