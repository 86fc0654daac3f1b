"""Symmetries of a game: relabellings of players, actions and states that keep everything that it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.game import Game, Ints
from gamelab.model.memory import once
from gamelab.solve.coded_game import Coded, coded

MOST_WORK = 300_000_000
"""Entries of tables that are compared for one question; an image that is tried counts as so many:"""
STEP = 2_000
Images = tuple[tuple[int, ...], ...]
Relabelling = tuple[tuple[int, ...], Images]
"""Where each player goes, and which action of that player each own action becomes."""


@dataclass(frozen=True, eq=False)
class Symmetry:
    """One symmetry of a game.

    Parameters
    ----------
    players : tuple of int
        Where each player goes.
    actions : tuple of tuple of int
        Which action of that player each own action becomes.
    profiles, states, outcomes : int array
        The image of each; of outcomes that never occur -1.
    """

    players: tuple[int, ...]
    actions: Images
    profiles: Ints
    states: Ints
    outcomes: Ints

    def then(self, other: Symmetry) -> Symmetry:
        """Return this symmetry followed by another one."""
        return Symmetry(
            tuple(other.players[j] for j in self.players),
            tuple(tuple(other.actions[j][b] for b in own) for j, own in zip(self.players, self.actions)),
            other.profiles[self.profiles],
            other.states[self.states],
            np.where(self.outcomes >= 0, other.outcomes[self.outcomes], -1),
        )


def symmetries(game: Game, first: int | None = None, image: int | None = None) -> Iterator[Symmetry]:
    """Yield the symmetries of a single game, the identity among them.

    Kept are payoffs and costs line by line, chances, what is seen and found, states, records, the start,
    agreement, fallback, discount factors: all that a ``Game`` holds, up to rounding; but not a fallback that
    is the first stage equilibrium in pure actions, as by default. Accounts of others keep their places.

    Parameters
    ----------
    first, image : int, optional
        Only those that carry this player to that one.

    Raises
    ------
    GameError
        Where too many relabellings leave open whether there is one more.
    """
    yield from carrying(game, first, image, np.zeros((game.n, max(game.sizes)), dtype=np.uint64))


def carrying(game: Game, first: int | None, image: int | None, marks: Ints) -> Iterator[Symmetry]:
    """Yield the symmetries that also keep marks of actions, (n, A).

    Notes
    -----
    Each action gets its image in turn, of the player ``first`` before the others. A choice is given up as
    soon as two actions are done together with other payoffs than their images, all profiles together; what
    is left is compared in full.
    """
    code = coded(game)
    alone, together = _fingerprints(game)
    alone = alone + marks
    order = sorted(range(game.n), key=lambda i: (i != first, i))
    turns = [(i, a) for i in order for a in range(game.sizes[i])]
    left, whole = MOST_WORK, code.pay.size + code.chances.size

    def work(entries: int) -> None:
        nonlocal left
        left -= entries
        if left < 0:
            raise GameError("too many relabellings to look for symmetries; use selection: best", "selection")

    def extended(players: dict[int, int], images: dict[tuple[int, int], int]) -> Iterator[Relabelling]:
        if len(images) == len(turns):
            each = range(game.n)
            yield (
                tuple(players[i] for i in each),
                tuple(tuple(images[i, a] for a in range(game.sizes[i])) for i in each),
            )
            return
        i, a = turns[len(images)]
        free = [j for j in order if j not in players.values() and game.sizes[j] == game.sizes[i]]
        if i == first and image is not None:
            free = [image]
        for j in [players[i]] if i in players else free:
            taken = {images[i, c] for c in range(a)}
            for b in range(game.sizes[i]):
                work(STEP)
                fits = b not in taken and alone[i, a] == alone[j, b]
                if fits and all(
                    k == i or together[i, k, a, c] == together[j, players[k], b, d]
                    for (k, c), d in images.items()
                ):
                    yield from extended({**players, i: j}, {**images, (i, a): b})

    for players, actions in extended({}, {}):
        work(whole)
        symmetry = kept(game, players, actions)
        if symmetry is not None:
            yield symmetry


def kinds_of_actions(game: Game) -> Ints | None:
    """Return the kind of each player's actions, (n, A): those that symmetries carry to each other are one.

    For a single game. None where not every player is carried to every other, and where that is too much work.
    """
    kinds = np.arange(game.n * max(game.sizes)).reshape(game.n, -1)
    try:
        swaps_with_first = [next(symmetries(game, 0, j), None) for j in range(1, game.n)]
    except GameError:
        return None
    for symmetry in swaps_with_first:
        if symmetry is None:
            return None
        for i, j in enumerate(symmetry.players):
            for a, b in enumerate(symmetry.actions[i]):
                kinds[kinds == kinds[i, a]] = kinds[j, b]
    return kinds


@once
def _fingerprints(game: Game) -> tuple[Ints, Ints]:
    """Return a number for each action, (n, A), and for each two of two players, (n, n, A, A).

    They add up over all profiles with these actions, and over all states, what these hold for the players: no
    symmetry changes them. Sums of whole numbers that overflow are the same in any order.
    """
    code = coded(game)
    S, A = len(code.start), code.allowed.shape[2]
    held = _mixed(code.start, code.ends)
    others = _mixed(
        held[:, None], *code.pay[..., code.n :].transpose(0, 3, 1, 2).reshape(-1, S, len(code.chosen))
    )
    own = []
    for i in range(code.n):
        does = code.chosen[:, i]
        state = _mixed(code.levels[:, i], code.discount[:, i])[:, None]
        agreed = code.agreement[:, i, None] == does
        kinds = (part[:, i, does] for part in (code.allowed, code.keeps, code.fallback))
        own.append(_mixed(others, state, agreed, *kinds, *code.pay[..., i]))
    alone = np.zeros((code.n, A), dtype=np.uint64)
    together = np.zeros((code.n, code.n, A, A), dtype=np.uint64)
    for i in range(code.n):
        for k in (k for k in range(code.n) if k != i):
            both = _mixed(own[i], own[k]).sum(axis=0)
            np.add.at(together[i, k], (code.chosen[:, i], code.chosen[:, k]), both)
        np.add.at(alone[i], code.chosen[:, i], own[i].sum(axis=0))
    return alone, together


def _mixed(*parts: Any) -> Ints:
    """Return one number for each place of arrays that broadcast, which hardly any other entries give."""
    total = np.zeros(np.broadcast_shapes(*(np.shape(part) for part in parts)), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for part in parts:
            total = (total ^ np.asarray(part).astype(np.int64).astype(np.uint64)) + np.uint64(
                0x9E3779B97F4A7C15
            )
            total = (total ^ (total >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            total = (total ^ (total >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            total ^= total >> np.uint64(31)
    return total


@once
def swaps(game: Game) -> tuple[tuple[int, ...], dict[int, Symmetry]]:
    """Return who can be swapped with whom, actions named as they are, and the swaps that generate all others.

    For each player the first one who is interchangeable with it, and for every other player the swap with the
    first one.
    """
    heads, known = list(range(game.n)), dict[int, Symmetry]()
    same = tuple(tuple(range(size)) for size in game.sizes)
    for j in range(game.n):
        for i in sorted(set(heads[:j])):
            players = list(range(game.n))
            players[i], players[j] = j, i
            if game.sizes[i] == game.sizes[j] and (swap := kept(game, tuple(players), same)) is not None:
                heads[j], known[j] = i, swap
                break
    return tuple(heads), known


def kept(game: Game, players: tuple[int, ...], actions: Images) -> Symmetry | None:
    """Return a relabelling with its images of states and outcomes; None where it is no symmetry."""
    code = coded(game)
    moved, profiles = code.relabelled(players, actions)
    if (code.base != moved.base).any():
        return None
    states = _state_images(code, moved)
    outcomes = None if states is None else _outcome_images(code, moved, states)
    if states is None or outcomes is None:
        return None
    wide = np.full(len(game.outcomes), -1)
    wide[game.occurs] = game.occurs[outcomes]
    return Symmetry(players, actions, profiles, states, wide)


def _state_images(code: Coded, moved: Coded) -> Ints | None:
    """Return which state of the relabelled game holds what each state of the game holds, (S,); None for none.

    States that hold the same are told apart by what can follow.
    """
    own, other = code.states(), moved.states()
    if Counter(own) != Counter(other):
        return None
    while len(set(own)) < len(own):
        names: dict[Hashable, bytes] = {}
        finer = [[_name(names, row) for row in _refined(*each)] for each in ((code, own), (moved, other))]
        if Counter(finer[0]) != Counter(finer[1]):
            return None
        if len(set(finer[0])) == len(set(own)):  # what nothing tells apart may be the image of either
            alike = next(held for held, count in Counter(own).items() if count > 1)
            for each in finer:
                each[(own if each is finer[0] else other).index(alike)] = b"taken"
        own, other = finer
    places: dict[bytes, list[int]] = {}
    for s, held in enumerate(other):
        places.setdefault(held, []).append(s)
    return np.array([places[held].pop(0) for held in own])


def _name(names: dict[Hashable, bytes], row: Hashable) -> bytes:
    return names.setdefault(row, len(names).to_bytes(8))


def _refined(code: Coded, colours: Sequence[bytes]) -> Iterator[Hashable]:
    """Yield each state's colour with what its outcomes are and which colours follow."""
    seen = [row.tobytes() for row in code.seen()]
    for s, colour in enumerate(colours):
        rows = code.chances[min(s, len(code.chances) - 1)]
        following = code.following[s]
        yield (
            colour,
            tuple(
                sorted(
                    (seen[y], rows[:, y].tobytes(), colours[following[y]])
                    for y in np.flatnonzero(following >= 0)
                )
            ),
        )


def _outcome_images(code: Coded, moved: Coded, states: Ints) -> Ints | None:
    """Return which outcome of the relabelled game is what each outcome of the game is, (Y,); None for none.

    Outcomes that are the same in all but what players see go in the order of what they see.
    """
    back = np.append(np.argsort(states), -1)  # the last place is that of -1
    following = back[moved.following[states]]
    chances = moved.chances[states if len(moved.chances) > 1 else slice(None)]
    paid = [part[states if len(part) > 1 else slice(None)] for part in moved.paid]
    ordered = []
    for one, after, chance, pays in (
        (code, code.following, code.chances, code.paid),
        (moved, following, chances, paid),
    ):
        count = one.views.shape[1]
        parts = [one.seen(), after.T, np.moveaxis(chance, -1, 0).reshape(count, -1)]
        parts += [np.moveaxis(part, 1, 0).reshape(count, -1) for part in pays]
        rows = np.hstack([part.astype(np.int64) for part in parts])
        ordered.append(sorted((rows[y].tobytes(), tuple(one.views[:, y]), y) for y in range(count)))
    if [row for row, *_ in ordered[0]] != [row for row, *_ in ordered[1]]:
        return None
    images = np.empty(len(ordered[0]), dtype=int)
    for (*_, y), (*_, image) in zip(*ordered):
        images[y] = image
    for own, other in zip(code.views, moved.views):  # what a player sees tells the same apart
        pairs = set(zip(own.tolist(), other[images].tolist()))
        if not len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs}):
            return None
    return images
