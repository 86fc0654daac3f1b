"""Crossings: where gains from deviating change their sign as one setting varies, followed over a grid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.budget import check_gains
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.solve.brackets import bisected, lowest, narrowed
from gamelab.solve.comparisons import Comparisons, most, rounding
from gamelab.solve.continuation import Continuation, RoundValues, continuation, rounds_of
from gamelab.solve.inference import infers_others
from gamelab.solve.joint import Chain, chains
from gamelab.solve.judgement import judge, one_by_one
from gamelab.solve.moves import patterns
from gamelab.ties import TOLERANCE

Build = Callable[[Floats], tuple[Game, Sequence[Automaton]]]
"""From values of one setting, (b,), to the batch of games and the profile in it."""


def excess(build: Build, values: Floats, tolerance: float = TOLERANCE) -> Floats:
    """Return by how much the largest un-normalised gain exceeds what is tolerated, (b,); holds where <= 0."""
    game, automata = build(values)
    most = np.empty(game.batch)
    for points, chain in chains(game, automata):
        most[points] = judge(chain, tolerance=tolerance, places=False).excess
    return most


@dataclass(frozen=True, eq=False)
class Gains:
    """Every one-shot gain that is possible at all points of a chain.

    Parameters
    ----------
    gain, error : array (b, m)
        In payoffs of its own round, and how far rounding may reach in it.
    eps : array (b, m)
        Up to which it counts as none.
    """

    gain: Floats
    error: Floats
    eps: Floats


def all_gains(chain: Chain, tolerance: float = 0.0, points: int = 1) -> Gains:
    """Return every finite one-shot gain of a chain, of all rounds; ``points`` of a grid are held in all.

    Raises
    ------
    GameError
        Where there are too many: rounds times points.
    """
    check_gains(chain.game.rounds or 1, points, chain.size * chain.game.n * chain.game.allowed.shape[2])
    values = None if chain.game.rounds is not None else continuation(chain)
    parts = [_gains_of(chain, around, values, tolerance) for around in rounds_of(chain, values)]
    gain, error, eps = (np.concatenate(own, axis=1) for own in zip(*parts, strict=True))
    there = np.isfinite(gain).all(axis=0)
    return Gains(gain[:, there], error[:, there], eps[:, there])


def _gains_of(
    chain: Chain, around: RoundValues, values: Continuation | None, tolerance: float
) -> tuple[Floats, Floats, Floats]:
    gains = np.where(around.visited[:, None, None], around.gains, -np.inf)
    error = np.array(
        np.broadcast_to(
            rounding(chain, around, most(chain, around))[: len(gains), None, :, None], gains.shape
        )
    )
    eps = np.zeros(gains.shape)
    # the bound for all gains is enough for most; with a tolerance, each one's own is asked for
    listed = np.nonzero(np.isfinite(gains) if tolerance else np.abs(gains) <= error)
    if len(listed[0]):
        own = one_by_one(chain, around, values, Comparisons(*listed), tolerance)
        gains[listed], eps[listed], error[listed] = own
    wide = (len(gains), gains[0].size)
    return gains.reshape(wide), error.reshape(wide), eps.reshape(wide)


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
    gains, bounds : list of array
        For each pattern every gain at its values, and how far rounding may reach in it, (k of it, m).
    applies : bool
        Whether everybody can tell the others' states, so that the one-shot test applies.
    """

    values: Floats
    most: Floats
    pattern: Ints
    gains: list[Floats]
    bounds: list[Floats]
    applies: bool


def seen_at(build: Build, values: Floats, tolerance: float) -> Seen:
    """Return the gains at some values of a setting."""
    game, automata = build(values)
    most, pattern = np.empty(len(values)), np.zeros(len(values), dtype=int)
    groups = patterns(game, automata)
    for k, points in enumerate(groups):
        pattern[points] = k
    parts: list[list[tuple[Floats, Floats]]] = [[] for _ in groups]
    applies = True
    for points, chain in chains(game, automata):
        applies = applies and infers_others(chain)
        most[points] = judge(chain, tolerance=tolerance, places=False).excess
        every = all_gains(chain, points=len(values))
        size = (len(points), every.gain.shape[1])
        both = np.broadcast_to(every.gain, size), np.broadcast_to(every.error, size)
        parts[pattern[points[0]]].append(both)
    gains, bounds = ([np.concatenate([own[k] for own in part]) for part in parts] for k in (0, 1))
    if game.batch < len(values):  # nothing depends on the setting
        most[:] = most[0]
        gains, bounds = (
            [np.broadcast_to(part[0], (len(values), part[0].shape[1]))] for part in (gains, bounds)
        )
    return Seen(values, most, pattern, gains, bounds, applies)


def segments(seen: Seen) -> list[tuple[Ints, Floats, Floats]]:
    """Return the neighbouring values that share a pattern, with their gains and bounds on rounding."""
    cuts = np.flatnonzero(np.diff(seen.pattern)) + 1
    parts: list[tuple[Ints, Floats, Floats]] = []
    for places in np.split(np.arange(len(seen.values)), cuts):
        pattern = seen.pattern[places[0]]
        at = np.searchsorted(np.flatnonzero(seen.pattern == pattern), places)
        parts.append((places, seen.gains[pattern][at], seen.bounds[pattern][at]))
    return parts


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
    points: list[Floats] = []
    for places, gains, bounds in segments(seen):
        v = seen.values[places]
        cell, which = np.nonzero(_crossing(v, gains, bounds))
        first = one_of_each(cell, gains[cell, which], gains[cell + 1, which])
        cell, which = cell[first], which[first]
        pattern = seen.pattern[places[0]]

        def gain(at: Floats, number: Ints, which: Ints = which, pattern: Ints = pattern) -> Floats:
            there = seen_at(build, at, 0.0)
            if len(there.gains) > 1 or there.gains[0].shape[1] <= which.max():
                return there.most
            return np.asarray(there.gains[0][np.arange(len(at)), which[number]])

        points.append(narrowed(gain, (v[cell], gains[cell, which]), (v[cell + 1], gains[cell + 1, which])))
    inside = np.flatnonzero(np.diff(seen.pattern)[1:-1]) + 1
    points += [seen.values[inside], seen.values[inside + 1]]
    differ = inside[(seen.most[inside] <= 0) != (seen.most[inside + 1] <= 0)]
    points.append(
        bisected(lambda at: excess(build, at, tolerance) <= 0, seen.values[differ], seen.values[differ + 1])
    )
    return np.concatenate(points)


def one_of_each(cell: Ints, left: Floats, right: Floats) -> Ints:
    """Return the places of gains that differ at the ends of their cells: both players' often agree."""
    unit = np.maximum(np.abs(left), np.abs(right))
    digits = np.exp2(np.ceil(np.log2(np.where(unit > 0, unit, 1.0))))  # of the size of each, without rounding
    ends = np.round(np.stack([left, right]) / digits, 11)
    return np.unique(np.stack([cell, digits, *ends]), axis=1, return_index=True)[1]


def distinct(roots: Floats, gap: float = 1e-10) -> Floats:
    """Return the roots in order, those that agree to rounding merged."""
    roots = np.sort(roots)
    return roots[np.diff(roots, prepend=-np.inf) > gap]


def _crossing(v: Floats, gains: Floats, bounds: Floats) -> Bools:
    """Return which gains change their sign in which cells, (k - 1, m), where no other gain is too large.

    A gain that is all rounding, (k, m), changes no sign.
    """
    if len(v) < 2:
        return np.zeros((0, gains.shape[1]), dtype=bool)
    left, right, width = gains[:-1], gains[1:], np.diff(v)[:, None]
    flat = np.maximum(bounds[:-1], bounds[1:])
    drop = _neighbourly(np.abs(right - left) / width) * width
    open_cells = (np.minimum(left, right) - drop <= flat).all(axis=1, keepdims=True)
    changes = (left <= 0) != (right <= 0)
    return np.asarray(changes & open_cells & (np.maximum(np.abs(left), np.abs(right)) > flat))
