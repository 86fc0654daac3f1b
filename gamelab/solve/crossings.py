"""Crossings: where gains from departing change their sign as one setting varies, followed over a grid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.solve.brackets import bisected, lowest, narrowed
from gamelab.solve.certificate import TOLERANCE
from gamelab.solve.continuation import backwards, continuation, one_shot_gains
from gamelab.solve.inference import infers_others
from gamelab.solve.joint import Chain, chains
from gamelab.solve.moves import material_spread, patterns

Build = Callable[[Floats], tuple[Game, Sequence[Automaton]]]
"""From values of one setting, (b,), to the batch of games and the profile in it."""


def excess(build: Build, values: Floats, tolerance: float = TOLERANCE) -> Floats:
    """Return by how much the largest un-normalised gain exceeds what is tolerated, (b,); holds where <= 0."""
    game, automata = build(values)
    most = np.empty(game.batch)
    for points, chain in chains(game, automata):
        most[points] = largest_gain(chain) - tolerance * material_spread(chain.game)
    return most


def largest_gain(chain: Chain) -> Floats:
    """Return the largest one-shot gain over all histories, (b,), in payoffs of its own round."""
    if chain.game.rounds is None:
        return np.asarray(one_shot_gains(chain, continuation(chain)).max(axis=(1, 2, 3)))
    most: Floats = np.full(1, -np.inf)
    for t, _, gains in backwards(chain):
        most = np.maximum(most, np.where(chain.layers[t][:, None, None], gains, -np.inf).max(axis=(1, 2, 3)))
    return most


def all_gains(chain: Chain) -> Floats:
    """Return every finite one-shot gain, (b, m); b of size 1 where they are the same at all points."""
    if chain.game.rounds is None:
        gains = one_shot_gains(chain, continuation(chain))
        stacked = gains.reshape(len(gains), -1)
    else:
        parts = [np.where(chain.layers[t][:, None, None], gains, -np.inf) for t, _, gains in backwards(chain)]
        stacked = np.concatenate([part.reshape(len(part), -1) for part in parts], axis=1)
    return stacked[:, np.isfinite(stacked).all(axis=0)]


@dataclass(frozen=True, eq=False)
class Seen:
    """The gains at some values of a setting.

    Parameters
    ----------
    values : array (k,)
    most : array (k,)
        By how much the largest gain exceeds what is tolerated.
    pattern : int array (k,)
        Which probabilities are zero.
    gains : list of array
        For each pattern every gain at its values, (k of it, m).
    spread : float
    applies : bool
        Whether everybody can tell the others' states, so that the one-shot test applies.
    """

    values: Floats
    most: Floats
    pattern: Ints
    gains: list[Floats]
    spread: float
    applies: bool


def seen_at(build: Build, values: Floats, tolerance: float) -> Seen:
    """Return the gains at some values of a setting."""
    game, automata = build(values)
    most, pattern = np.empty(len(values)), np.zeros(len(values), dtype=int)
    spread = np.broadcast_to(material_spread(game), values.shape)
    groups = patterns(game, automata)
    for k, points in enumerate(groups):
        pattern[points] = k
    parts: list[list[Floats]] = [[] for _ in groups]
    applies = True
    for points, chain in chains(game, automata):
        applies = applies and infers_others(chain)
        every = all_gains(chain)
        most[points] = every.max(axis=1, initial=-np.inf)
        parts[pattern[points[0]]].append(np.broadcast_to(every, (len(points), every.shape[1])))
    gains = [np.concatenate(part) for part in parts]
    if game.batch < len(values):  # nothing depends on the setting
        most[:] = most[0]
        gains = [np.broadcast_to(gains[0], (len(values), gains[0].shape[1]))]
    return Seen(values, most - tolerance * spread, pattern, gains, float(spread.max()), applies)


def segments(seen: Seen) -> list[tuple[Ints, Floats]]:
    """Return the neighbouring values that share a pattern, with their gains."""
    cuts = np.flatnonzero(np.diff(seen.pattern)) + 1
    found: list[tuple[Ints, Floats]] = []
    for places in np.split(np.arange(len(seen.values)), cuts):
        same = np.flatnonzero(seen.pattern == seen.pattern[places[0]])
        found.append((places, seen.gains[seen.pattern[places[0]]][np.searchsorted(same, places)]))
    return found


def with_turns(build: Build, seen: Seen, tolerance: float) -> Seen:
    """Return the same with dips and peaks of the largest gain added where its sign may change there."""
    v, known = seen.values, np.isfinite(seen.most)
    if len(v) < 3 or not known.any():  # nobody has a choice
        return seen
    most = np.where(known, seen.most, seen.most[known].min())
    reach = np.abs(np.diff(most))
    reach = np.maximum(_neighbourly(reach / np.diff(v)) * np.diff(v), reach)
    reach = np.maximum(reach[:-1], reach[1:])
    before, here, after = most[:-2], most[1:-1], most[2:]
    dips = (here > 0) & (here <= before) & (here <= after) & (here <= reach)
    peaks = (here <= 0) & (here >= before) & (here >= after) & (-here < reach)
    added = [
        lowest(lambda at, sign=sign: sign * excess(build, at, tolerance), v[:-2][turns], v[2:][turns])  # type: ignore[misc]
        for sign, turns in ((1, dips), (-1, peaks))
    ]
    more = np.unique(np.concatenate([v, *added]))
    return seen_at(build, more, tolerance) if len(more) > len(v) else seen


def _neighbourly(slopes: Floats) -> Floats:
    """Return the largest of each cell's slope and its neighbours', along the first axis."""
    largest = slopes.copy()
    largest[1:] = np.maximum(largest[1:], slopes[:-1])
    largest[:-1] = np.maximum(largest[:-1], slopes[1:])
    return largest


def sign_changes(build: Build, seen: Seen, tolerance: float) -> Floats:
    """Return zeros of gains where these can change a verdict, and where patterns change inside."""
    found: list[Floats] = []
    for places, gains in segments(seen):
        v = seen.values[places]
        cell, which = np.nonzero(_crossing(v, gains, TOLERANCE * seen.spread))
        first = one_of_each(cell, gains[cell, which], gains[cell + 1, which], seen.spread)
        cell, which = cell[first], which[first]
        pattern = seen.pattern[places[0]]

        def gain(at: Floats, number: Ints, which: Ints = which, pattern: Ints = pattern) -> Floats:
            there = seen_at(build, at, 0.0)
            if len(there.gains) > 1 or there.gains[0].shape[1] <= which.max():
                return there.most
            return np.asarray(there.gains[0][np.arange(len(at)), which[number]])

        found.append(narrowed(gain, (v[cell], gains[cell, which]), (v[cell + 1], gains[cell + 1, which])))
    inside = np.flatnonzero(np.diff(seen.pattern)[1:-1]) + 1
    found += [seen.values[inside], seen.values[inside + 1]]
    differ = inside[(seen.most[inside] <= 0) != (seen.most[inside + 1] <= 0)]
    found.append(
        bisected(lambda at: excess(build, at, tolerance) <= 0, seen.values[differ], seen.values[differ + 1])
    )
    return np.concatenate(found)


def one_of_each(cell: Ints, left: Floats, right: Floats, spread: float) -> Ints:
    """Return the places of gains that differ at the ends of their cells: both players' often agree."""
    ends = np.round(np.stack([left, right]) / (spread or 1.0), 11)
    return np.unique(np.stack([cell, *ends]), axis=1, return_index=True)[1]


def distinct(roots: Floats, gap: float = 1e-10) -> Floats:
    """Return the roots in order, those that agree to rounding merged."""
    roots = np.sort(roots)
    return roots[np.diff(roots, prepend=-np.inf) > gap]


def _crossing(v: Floats, gains: Floats, flat: float) -> Bools:
    """Return which gains change their sign in which cells, (k - 1, m), where no other gain is too large."""
    if len(v) < 2:
        return np.zeros((0, gains.shape[1]), dtype=bool)
    left, right, width = gains[:-1], gains[1:], np.diff(v)[:, None]
    drop = _neighbourly(np.abs(right - left) / width) * width
    open_cells = (np.minimum(left, right) - drop <= flat).all(axis=1, keepdims=True)
    changes = (left <= 0) != (right <= 0)
    return np.asarray(changes & open_cells & (np.maximum(np.abs(left), np.abs(right)) > flat))
