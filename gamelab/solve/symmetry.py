"""Symmetry: whether a relabelling of players and actions maps a profile to itself."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.expectation import material_payoffs
from gamelab.model.game import Floats, Game, Ints
from gamelab.solve.joint import Chain, chain_of
from gamelab.solve.moves import lumps
from gamelab.ties import slack

MOST_RELABELLINGS = 50_000

Relabelling = tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]
"""Where each player goes, and which action of that player each own action becomes."""


def is_symmetric(game: Game, automata: Sequence[Automaton]) -> bool:
    """Tell whether a profile of a single game treats all players alike.

    It does if symmetries of the stage game (players and action labels together) map the profile to itself
    and every player to every other. Battle's symmetry swaps both; the prisoner's dilemma's only players.

    Raises
    ------
    GameError
        Where there are too many relabellings to try.
    """
    chain = chain_of(game, automata)
    fixing = {tuple(range(game.n))}
    alike = {0}
    for players, actions in _all_symmetries(game):
        if len(alike) == game.n:
            break
        if players not in fixing and _maps_to_itself(chain, players, actions):
            fixing.add(players)
            alike = _reached(fixing)
    return len(alike) == game.n


def _reached(fixing: Collection[tuple[int, ...]]) -> set[int]:
    """Return the players to whom these permutations move player 0, one after another."""
    moved, frontier = {0}, [0]
    while frontier:
        i = frontier.pop()
        further = {players[i] for players in fixing} - moved
        moved |= further
        frontier += further
    return moved


@functools.lru_cache(maxsize=4)
def _all_symmetries(game: Game) -> tuple[Relabelling, ...]:
    """Return the symmetries of a game, which are asked for once for each of its candidates."""
    return tuple(symmetries(game))


def symmetries(game: Game) -> Iterator[Relabelling]:
    """Yield the relabellings that leave the material payoffs of the first state unchanged.

    Each action gets its image in turn; a choice is given up as soon as a profile whose actions all have an
    image pays something else there.
    """
    state = int(np.argmax((game.start > 0).any(axis=0)))
    payoffs = material_payoffs(game)[0, state].reshape((*game.sizes, game.n)).astype(float)
    margin = slack(payoffs)
    turns = [i for a in range(max(game.sizes)) for i in range(game.n) if a < game.sizes[i]]
    tried = 0
    for players in itertools.permutations(range(game.n)):
        if any(game.sizes[i] != game.sizes[j] for i, j in enumerate(players)):
            continue
        if (game.has_choice[:, players] != game.has_choice).any():  # one moves where the other waits
            continue
        theirs, theirs_margin = _exchanged(payoffs, players), _exchanged(margin, players)
        chosen: list[tuple[tuple[int, ...], ...]] = [((),) * game.n]
        while chosen:
            images = chosen.pop()
            own = np.ix_(*(range(len(image)) for image in images))  # the profiles whose actions have images
            there = np.ix_(*images)
            alike = np.abs(theirs[there] - payoffs[own]) <= theirs_margin[there] + margin[own]
            place = sum(map(len, images))
            if alike.all() and place < len(turns):
                i = turns[place]
                free = set(range(game.sizes[i])) - set(images[i])
                chosen += [(*images[:i], (*images[i], k), *images[i + 1 :]) for k in sorted(free)[::-1]]
                continue
            tried += 1
            if tried > MOST_RELABELLINGS:
                raise GameError(
                    "too many relabellings to look for symmetries; use selection: best", "selection"
                )
            if alike.all():
                yield players, images


def _exchanged(payoffs: Floats, players: tuple[int, ...]) -> Floats:
    """Return the payoffs with the axes and the payments of players exchanged."""
    return np.asarray(np.moveaxis(payoffs, players, range(len(players)))[..., list(players)])


def _maps_to_itself(chain: Chain, players: tuple[int, ...], actions: tuple[tuple[int, ...], ...]) -> bool:
    """Walk joint states in pairs: after mirrored histories mirrored players must do mirrored actions."""
    state_image = _state_images(chain.game, players, actions)
    if state_image is None:
        return False
    begin = np.flatnonzero(chain.begins)
    of_state = {int(chain.state[x]): int(x) for x in begin}
    if any(int(state_image[s]) not in of_state for s in of_state):
        return False
    frontier = [(x, of_state[int(state_image[s])]) for s, x in of_state.items()]
    if not all(_mirrored(chain, players, actions, *pair) for pair in frontier):
        return False
    profile_image = _profile_images(chain.game, players, actions)
    lump_image = _lump_images(chain, players, actions, state_image)
    seen = set(frontier)
    while frontier:
        x, image = frontier.pop()
        for p, k in np.argwhere(chain.possible[x]):
            mirrored = lump_image.get(int(k))
            if mirrored is None or not chain.possible[image, profile_image[p], mirrored]:
                return False
            pair = (int(chain.target[x, p, k]), int(chain.target[image, profile_image[p], mirrored]))
            if pair not in seen:
                if not _mirrored(chain, players, actions, *pair):
                    return False
                seen.add(pair)
                frontier.append(pair)
    return True


def _mirrored(
    chain: Chain, players: tuple[int, ...], actions: tuple[tuple[int, ...], ...], x: int, image: int
) -> bool:
    """Tell whether what players do in one joint state their images do in the other, relabelled."""
    for i, j in enumerate(players):
        own = chain.play[i][0, min(x, chain.play[i].shape[1] - 1)]
        theirs = chain.play[j][0, min(image, chain.play[j].shape[1] - 1)]
        if np.abs(own[: len(actions[i])] - theirs[list(actions[i])]).max() > 1e-9:
            return False
    return True


def _profile_images(game: Game, players: tuple[int, ...], actions: tuple[tuple[int, ...], ...]) -> Ints:
    image = np.empty_like(game.profiles)
    for i, j in enumerate(players):
        image[:, j] = np.asarray(actions[i])[game.profiles[:, i]]
    return np.ravel_multi_index(tuple(image.T), game.sizes)


def _state_images(game: Game, players: tuple[int, ...], actions: tuple[tuple[int, ...], ...]) -> Ints | None:
    """Return the state that mirrors each, with levels and agreement relabelled; None if there is none."""
    rows = [
        tuple(levels) + tuple(agreed) for levels, agreed in zip(game.levels.tolist(), game.agreement.tolist())
    ]
    images = []
    for levels, agreed in zip(game.levels, game.agreement):
        mirrored_levels, mirrored_agreed = np.empty_like(levels), np.empty_like(agreed)
        for i, j in enumerate(players):
            mirrored_levels[j] = levels[i]
            mirrored_agreed[j] = actions[i][agreed[i]] if agreed[i] >= 0 else -1
        image = tuple(mirrored_levels.tolist()) + tuple(mirrored_agreed.tolist())
        if image not in rows:
            return None
        images.append(rows.index(image))
    return np.array(images)


def _lump_images(
    chain: Chain, players: tuple[int, ...], actions: tuple[tuple[int, ...], ...], state_image: Ints
) -> dict[int, int]:
    """Return for each lump one that shows and does the same, relabelled."""
    game = chain.game
    lump, _ = lumps(game, chain.automata)
    described = {_description(game, int(y)): int(lump[y]) for y in np.flatnonzero(lump >= 0)}
    images = {}
    for k, y in enumerate(chain.moves.outcome):
        conduct, deeds = game.conduct[:, :, y], game.deeds[:, y]
        mirrored, done, found = np.empty_like(conduct), np.empty_like(deeds), np.empty_like(deeds)
        for i, j in enumerate(players):
            found[j] = game.finding[i, y]
            done[j] = actions[i][deeds[i]] if deeds[i] >= 0 else -1
            for h, m in enumerate(players):
                mirrored[m, j] = actions[i][conduct[h, i]] if conduct[h, i] >= 0 else -1
        following = np.empty(len(game.states), dtype=int)
        following[state_image] = state_image[game.next_state[:, y]]
        wanted = (mirrored.tobytes(), done.tobytes(), found.tobytes(), following.tobytes())
        if wanted in described:
            images[k] = described[wanted]
    return images


def _description(game: Game, y: int) -> tuple[bytes, ...]:
    parts = (game.conduct[:, :, y], game.deeds[:, y], game.finding[:, y], game.next_state[:, y])
    return tuple(np.ascontiguousarray(part).tobytes() for part in parts)
