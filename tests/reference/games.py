"""Games and automata as dictionaries, and their translation from the frozen arrays."""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.game import Game


@dataclass
class PlainGame:
    """One batch point of a Game as dictionaries; ``s, i, y, c`` are indices, ``profile`` has actions."""

    players: int
    accounts: list  # names
    lines: dict  # name of line -> kind
    states: list  # indices
    outcomes: list  # indices
    start: dict  # s -> probability > 0
    allowed: dict  # (s, i) -> list of actions
    profiles: dict  # s -> list of allowed profiles
    lottery: dict  # (s, profile) -> list of (y, probability > 0)
    by_profile: dict  # (line, s, profile) -> list of payoffs, one an account
    by_outcome: dict  # (line, s, y) -> list of payoffs, one an account
    next_state: dict  # (s, y) -> s
    views: dict  # (i, y) -> symbol
    deeds: dict  # (i, y) -> action or -1
    agreement: dict  # (s, i) -> action or -1
    keeps: dict  # (s, i) -> set of actions
    ends_round: dict  # s -> bool
    discount: dict  # (s, i) -> weight of the next move
    one_discount: list  # i -> discount factor where a round ends
    rounds: int | None
    payoffs: dict = dataclasses.field(default_factory=dict)  # (line, s, profile) -> expected, one an account

    def __post_init__(self):
        self.payoffs = {}
        for line in self.lines:
            for s in self.states:
                for profile in self.profiles[s]:
                    expected = list(self.by_profile[line, s, profile])
                    for y, probability in self.lottery[s, profile]:
                        for c in range(len(self.accounts)):
                            expected[c] = expected[c] + probability * self.by_outcome[line, s, y][c]
                    self.payoffs[line, s, profile] = expected


@dataclass
class PlainAutomaton:
    """One batch point of an Automaton as dictionaries, for every state of the game."""

    start: int
    size: int
    action: dict  # (s, q) -> {action: probability > 0}
    next: dict  # (s, q, own action, symbol) -> q


def entry(array, *place):
    """Return one entry of an array; an axis of size 1 has the same entry everywhere."""
    where = tuple(0 if size == 1 else k for size, k in zip(array.shape, place, strict=True))
    number = array[where]
    return number.item() if isinstance(number, np.generic) else number


def plain(game: Game, point: int = 0) -> PlainGame:
    """Turn one batch point of a game into dictionaries."""
    n, S, Y, C = len(game.players), len(game.states), len(game.outcomes), len(game.accounts)
    every_profile = list(itertools.product(*(range(len(labels)) for labels in game.actions)))
    place_of = {profile: p for p, profile in enumerate(every_profile)}  # row-major: player 0 slowest
    allowed = {
        (s, i): [a for a in range(len(game.actions[i])) if game.allowed[s, i, a]]
        for s in range(S)
        for i in range(n)
    }
    profiles = {
        s: [profile for profile in every_profile if all(profile[i] in allowed[s, i] for i in range(n))]
        for s in range(S)
    }
    lottery, by_profile, by_outcome = {}, {}, {}
    for s in range(S):
        for profile in profiles[s]:
            chances = [entry(game.probabilities, point, s, place_of[profile], y) for y in range(Y)]
            lottery[s, profile] = [(y, chances[y]) for y in range(Y) if chances[y] > 0]
    for line, flow in game.flows.items():
        for s in range(S):
            for profile in profiles[s]:
                by_profile[line, s, profile] = [
                    0 if flow.by_profile is None else entry(flow.by_profile, point, s, place_of[profile], c)
                    for c in range(C)
                ]
            for y in range(Y):
                by_outcome[line, s, y] = [
                    0 if flow.by_outcome is None else entry(flow.by_outcome, point, s, y, c) for c in range(C)
                ]
    starts = [entry(game.start, point, s) for s in range(S)]
    ends_round = {s: bool(game.ends_round[s]) for s in range(S)}
    discount = {(s, i): entry(game.discount_factor, point, s, i) for s in range(S) for i in range(n)}
    ending = [s for s in range(S) if ends_round[s]]
    return PlainGame(
        players=n,
        accounts=list(game.accounts),
        lines={line: flow.kind for line, flow in game.flows.items()},
        states=list(range(S)),
        outcomes=list(range(Y)),
        start={s: starts[s] for s in range(S) if starts[s] > 0},
        allowed=allowed,
        profiles=profiles,
        lottery=lottery,
        by_profile=by_profile,
        by_outcome=by_outcome,
        next_state={(s, y): int(game.next_state[s, y]) for s in range(S) for y in range(Y)},
        views={(i, y): int(game.views[i, y]) for i in range(n) for y in range(Y)},
        deeds={(i, y): int(game.deeds[i, y]) for i in range(n) for y in range(Y)},
        agreement={(s, i): int(game.agreement[s, i]) for s in range(S) for i in range(n)},
        keeps={(s, i): {a for a in allowed[s, i] if game.keeps[s, i, a]} for s in range(S) for i in range(n)},
        ends_round=ends_round,
        discount=discount,
        one_discount=[discount[ending[0], i] for i in range(n)],
        rounds=game.rounds,
    )


def plain_automaton(automaton: Automaton, point: int = 0, states: int | None = None) -> PlainAutomaton:
    """Turn one batch point of an automaton into dictionaries, for a game with so many states.

    ``states`` is needed only where the automaton has size 1 on S and the game has more states.
    """
    S = states or max(automaton.action.shape[1], automaton.next.shape[0])
    Q, A, V = automaton.next.shape[1:]
    action, following = {}, {}
    for s in range(S):
        for q in range(Q):
            weights = [entry(automaton.action, point, s, q, a) for a in range(A)]
            action[s, q] = {a: weights[a] for a in range(A) if weights[a] > 0}
            for a in range(A):
                for v in range(V):
                    following[s, q, a, v] = int(entry(automaton.next, s, q, a, v))
    return PlainAutomaton(start=int(automaton.start), size=Q, action=action, next=following)


def both(game, automata, point: int | None = None):
    """Return game and automata as dictionaries, at one batch point; what is translated already stays."""
    if isinstance(game, Game):
        if point is None and game.batch > 1:
            raise ValueError("say which point of the batch: both(game, automata, point)")
        game = plain(game, point or 0)
    translated = []
    for automaton in automata:
        if isinstance(automaton, Automaton):
            if point is None and automaton.action.shape[0] > 1:
                raise ValueError("say which point of the batch: both(game, automata, point)")
            automaton = plain_automaton(automaton, point or 0, len(game.states))
        translated.append(automaton)
    return game, translated


def exact(thing, largest_denominator: int = 10**6):
    """Return a PlainGame or PlainAutomaton with Fractions: the simplest ones near the floats."""

    def fraction(number):
        return Fraction(number).limit_denominator(largest_denominator)

    def certain(lottery):
        assert sum(lottery) == 1, "probabilities do not sum to exactly 1 in fractions"

    if isinstance(thing, PlainAutomaton):
        action = {k: {a: fraction(p) for a, p in mixture.items()} for k, mixture in thing.action.items()}
        for mixture in action.values():
            certain(mixture.values())
        return dataclasses.replace(thing, action=action)
    lottery = {k: [(y, fraction(p)) for y, p in pairs] for k, pairs in thing.lottery.items()}
    for pairs in lottery.values():
        certain(p for _, p in pairs)
    start = {s: fraction(p) for s, p in thing.start.items()}
    certain(start.values())
    return dataclasses.replace(
        thing,
        lottery=lottery,
        start=start,
        by_profile={k: [fraction(x) for x in row] for k, row in thing.by_profile.items()},
        by_outcome={k: [fraction(x) for x in row] for k, row in thing.by_outcome.items()},
        discount={k: fraction(d) for k, d in thing.discount.items()},
        one_discount=[fraction(d) for d in thing.one_discount],
    )


def both_exact(game, automata, point: int | None = None):
    """Return game and automata as dictionaries with Fractions."""
    game, automata = both(game, automata, point)
    return exact(game), [exact(automaton) for automaton in automata]
