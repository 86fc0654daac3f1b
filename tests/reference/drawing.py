"""Random games and automata with zeros, records, trembles and several states."""

from __future__ import annotations

import itertools

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.game import Game
from gamelab.model.ledger import Flow


def small_lottery(generator, size: int, support) -> np.ndarray:
    """Return random probabilities with small denominators, some of them 0, over the places in ``support``."""
    weights = np.zeros(size, dtype=int)
    while weights.sum() == 0:
        for k in support:
            weights[k] = generator.integers(0, 4)
    return weights / weights.sum()


def coin(generator, probability: float = 0.5) -> bool:
    """Toss a coin."""
    return bool(generator.random() < probability)


def random_game(
    generator: np.random.Generator,
    players: int = 2,
    observe: str = "public",
    states: int = 1,
    points: int = 1,
    rounds: int | None = None,
    sizes: tuple[int, ...] | None = None,
    perfect: bool | None = None,
    deeds: bool = False,
) -> Game:
    """Return a small random game that passes every check of the model.

    Parameters
    ----------
    observe : str
        ``public`` (everybody sees the outcome), ``private`` (independent random views) or ``none``
        (everybody sees the same one symbol).
    points : int
        Size of the batch; which outcomes have probability 0 differs between its points.
    sizes : tuple of int, optional
        Number of actions of each player; 2 each by default.
    perfect : bool, optional
        Whether the outcome is the profile (default: a coin decides, 1 in 4).
    deeds : bool
        Whether outcomes tell what was done, at random.
    """
    n, S, B = players, states, points
    sizes = sizes or (2,) * n
    A, P = max(sizes), int(np.prod(sizes))
    perfect = coin(generator, 0.25) if perfect is None else perfect
    Y = P if perfect else int(generator.integers(2, 5))
    C = n + 1

    def batch():
        return B if coin(generator) else 1

    def axis(size):
        return size if coin(generator, 0.7) else 1

    def numbers(*shape, low=-3, high=6):
        return generator.integers(low * 10, high * 10 + 1, size=shape) / 10

    allowed = np.zeros((S, n, A), dtype=bool)
    for s in range(S):
        for i in range(n):
            allowed[s, i, : sizes[i]] = True
            if coin(generator, 0.15):
                allowed[s, i] = False
                allowed[s, i, generator.integers(sizes[i])] = True

    ends_round = np.ones(S, dtype=bool)
    next_state = generator.integers(0, S, size=(S, Y))
    if S > 1 and coin(generator, 0.4):
        ends_round[0] = False
        next_state[0] = generator.integers(1, S, size=Y)

    if perfect:
        probabilities = np.eye(P)[None, None]
    else:
        shape = (B, axis(S), P if coin(generator, 0.8) else 1)
        probabilities = np.zeros((*shape, Y))
        for b, s, p in itertools.product(*(range(size) for size in shape)):
            probabilities[b, s, p] = small_lottery(generator, Y, range(Y))

    if observe == "public":
        views = np.tile(np.arange(Y), (n, 1))
    elif observe == "private":
        views = generator.integers(0, min(Y, 3), size=(n, Y))
    else:
        views = np.zeros((n, Y), dtype=int)

    fallback = np.zeros((batch(), S, n, A))
    for b, s, i in itertools.product(range(len(fallback)), range(S), range(n)):
        fallback[b, s, i] = small_lottery(generator, A, np.flatnonzero(allowed[s, i]))

    discount_factor = np.ones((batch(), S, n if coin(generator) else 1))
    for b, i in itertools.product(range(discount_factor.shape[0]), range(discount_factor.shape[2])):
        d = 0.0 if coin(generator, 0.05) else generator.integers(20, 96) / 100
        if rounds is not None and coin(generator, 0.3):
            d = 1.0
        discount_factor[b, ends_round, i] = d

    agreement = -np.ones((S, n), dtype=int)
    keeps = np.zeros((S, n, A), dtype=bool)
    for s in range(S):
        for i in range(n):
            if allowed[s, i].sum() > 1 and coin(generator, 0.8):
                agreement[s, i] = generator.choice(np.flatnonzero(allowed[s, i]))
                keeps[s, i, agreement[s, i]] = True
                if coin(generator, 0.2):
                    keeps[s, i] = allowed[s, i]

    transfer = numbers(batch(), axis(S), Y, C)
    transfer[..., -1] = -transfer[..., :-1].sum(axis=-1)
    regard = numbers(1, 1, P, C)
    regard[..., n:] = 0
    flows = {
        "material": Flow("material", numbers(batch(), axis(S), P, C), numbers(batch(), axis(S), Y, C)),
        "test.transfer": Flow("transfer", None, transfer),
        "test.fine": Flow("fine", None, numbers(batch(), axis(S), Y, C, low=-2, high=0)),
        "test.cost": Flow("cost", numbers(batch(), axis(S), 1, C, low=-1, high=0), None),
        "test.regard": Flow("regard", regard, None),
    }
    start = np.stack([small_lottery(generator, S, range(S)) for _ in range(batch())])
    done = -np.ones((n, Y), dtype=int)
    if deeds and observe == "public":
        told = generator.random(Y) < 0.7  # an outcome tells what everybody did, or of nobody
        for i in range(n):
            done[i] = np.where(told, generator.integers(0, sizes[i], size=Y), -1)
    names = tuple(f"player_{i + 1}" for i in range(n))
    return Game(
        players=names,
        actions=tuple(tuple("CDE"[:size]) for size in sizes),
        states=tuple(f"s{s}" for s in range(S)),
        outcomes=tuple(f"y{y}" for y in range(Y)),
        start=start,
        allowed=allowed,
        ends_round=ends_round,
        probabilities=probabilities,
        next_state=next_state,
        accounts=(*names, "authority"),
        flows=flows,
        views=views,
        conduct=-np.ones((n, n, Y), dtype=int),
        deeds=done,
        finding=np.zeros((n, Y), dtype=int),
        levels=generator.integers(-1, 2, size=(S, n)),
        agreement=agreement,
        keeps=keeps,
        fallback=fallback,
        discount_factor=discount_factor,
        rounds=rounds,
        shape=(B,) if B > 1 else (),
    )


def random_automaton(
    generator: np.random.Generator,
    game: Game,
    player: int,
    pure: bool = True,
    size: int = 2,
    counts_own: bool = True,
) -> Automaton:
    """Return a random automaton that fits the game; a mixing one mixes with small denominators.

    With ``counts_own=False`` what follows depends on the symbol alone: a public strategy where views are
    public, so that the others can always infer its state.
    """
    S, A, V = len(game.states), game.allowed.shape[2], int(game.views[player].max()) + 1
    batch = game.batch if not pure and coin(generator) else 1
    action = np.zeros((batch, S, size, A))
    for s, q in itertools.product(range(S), range(size)):
        places = np.flatnonzero(game.allowed[s, player])
        certain = generator.choice(places)
        for b in range(batch):
            if pure:
                action[b, s, q, certain] = 1
            else:
                action[b, s, q] = small_lottery(generator, A, places)
    table = generator.integers(0, size, size=(S, size, A, V))
    if not counts_own:
        table[:] = table[:, :, :1]
    automaton = Automaton(
        name="random",
        states=tuple(f"q{q}" for q in range(size)),
        start=int(generator.integers(size)),
        action=action,
        next=table,
    )
    automaton.fits(game, player)
    return automaton
