"""The principal branch of logit equilibria: a curve followed from even chances and around its turns."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from gamelab.model.game import Floats

FARTHEST, FAR = 1e9, 1e6
"""Precision, times the largest difference of payoffs, where the branch is taken to be at its end: the first
at the latest; from the second on where rounding lets it be followed no farther."""
UNLIKE = 1e3
"""As many times farther it is followed, at most, where one player's payoffs differ that much less."""
FIRST_STEP, SHORTEST, MOST_STEPS = 0.05, 1e-9, 5_000
MOST_CHANGE, MOST_BEND, MOST_MISS = 0.08, 0.02, 0.15
"""In one step: how much a probability may change; 1 - cosine of the angle between the directions at its ends;
and how far from the tangent its end may lie, in lengths of the step."""
FINE = 1e-4
"""Length of a step, in units of 1 + precision, in which a crossing with another branch is passed."""
CLOSE, LOOSE, ROUNDING = 1e-11, 1e-3, 2e-15
HALVINGS = 60


class Response:
    """A game in normal form, with what a logit equilibrium asks of it.

    Unknowns are the logarithms of all probabilities, player after player, and last the precision in units
    of 1 / ``spread``. So nothing overflows, and a probability of 1e-300 has all its digits.

    Parameters
    ----------
    tables : array (n, A1, ..., An)
    """

    def __init__(self, tables: Floats):
        self.sizes = tables.shape[1:]
        self.n = len(self.sizes)
        ends = list(itertools.accumulate(self.sizes))
        self.own = [slice(end - size, end) for end, size in zip(ends, self.sizes)]
        self.actions = ends[-1]
        even = [tables[i] - tables[i].mean(axis=i, keepdims=True) for i in range(self.n)]
        spreads = [float(np.ptp(tables[i], axis=i).max()) for i in range(self.n)]
        self.spread = max(spreads)
        least = min((spread for spread in spreads if spread > 0), default=1.0)
        self.farthest = FARTHEST * min(max(self.spread / least, 1.0), UNLIKE)
        self.tables = [table / (self.spread or 1.0) for table in even]

    def rates(self, x: Floats) -> tuple[Floats, Floats]:
        """Return what every action is worth, (M,), and how that changes with every probability, (M, M)."""
        payoffs, slopes = np.zeros(self.actions), np.zeros((self.actions, self.actions))
        for i in range(self.n):
            others = [j for j in range(self.n) if j != i]
            for j in others:
                table = self.tables[i]
                for k in sorted((k for k in others if k != j), reverse=True):
                    table = np.tensordot(table, x[self.own[k]], axes=(k, 0))
                slopes[self.own[i], self.own[j]] = table if i < j else table.T
            if others:
                payoffs[self.own[i]] = slopes[self.own[i], self.own[others[0]]] @ x[self.own[others[0]]]
            else:
                payoffs[self.own[i]] = self.tables[i]
        return payoffs, slopes

    def system(self, z: Floats) -> tuple[Floats, Floats]:
        """Return how far from an equilibrium a point is, (M,), and the slopes of that, (M, M + 1)."""
        logs, precision = z[:-1], z[-1]
        x = np.exp(logs)
        payoffs, slopes = self.rates(x)
        scale = 1 / (1 + abs(precision))
        miss, slope = np.zeros(self.actions), np.zeros((self.actions, self.actions + 1))
        for own in self.own:
            first = own.start + int(np.argmax(logs[own]))
            rows = np.arange(own.start, own.stop)
            miss[own] = scale * (logs[own] - logs[first] - precision * (payoffs[own] - payoffs[first]))
            slope[own, :-1] = -scale * precision * (slopes[own] - slopes[first]) * x
            slope[rows, rows] += scale
            slope[own, first] -= scale
            slope[own, -1] = -scale * (payoffs[own] - payoffs[first])
            miss[first] = x[own].sum() - 1
            slope[first] = 0.0
            slope[first, own] = x[own]
        return miss, slope

    def stability(self, z: Floats) -> Floats:
        """Return the eigenvalues of the logit response's slope: 1 where branches meet or the branch turns."""
        x = np.exp(z[:-1])
        _, slopes = self.rates(x)
        steep = np.zeros_like(slopes)
        for own in self.own:
            steep[own] = z[-1] * (x[own, None] * (slopes[own] - x[own] @ slopes[own]))
        if self.n != 2:
            return np.linalg.eigvals(steep)
        first, second = sorted(self.own, key=lambda own: own.stop - own.start)
        root = np.sqrt(np.linalg.eigvals(steep[first, second] @ steep[second, first]).astype(complex))
        return np.concatenate([root, -root])

    def answer(self, x: Floats, precision: float) -> Floats:
        """Return the logit response to a profile of mixtures, (M,); precision in units of 1 / spread."""
        payoffs, _ = self.rates(x)
        answer = np.empty_like(x)
        for own in self.own:
            raised = np.exp(precision * (payoffs[own] - payoffs[own].max()))
            answer[own] = raised / raised.sum()
        return answer


@dataclass
class Trace:
    """What was met on the way, in units of 1 / spread: steps, turns back, crossings with other branches."""

    points: list[Floats] = field(default_factory=list)
    turns: list[float] = field(default_factory=list)
    crossings: list[float] = field(default_factory=list)
    ended: str = ""


@dataclass(frozen=True)
class Piece:
    """A step of the branch: its ends, and any point between two lengths along the tangent."""

    start: Floats
    end: Floats
    lengths: tuple[float, float]
    at: Callable[[float], Floats | None]


def corrected(game: Response, z: Floats, fixed: Floats, tries: int = 8) -> tuple[Floats, float] | None:
    """Return the point of the branch near z, in the plane across ``fixed``, and the first correction.

    None where Newton's method does not settle.
    """
    first, last = math.inf, math.inf
    for k in range(tries):
        if np.max(z[:-1]) > 1:  # a chance far above 1: the step was much too long
            return None
        miss, slope = game.system(z)
        step = _solved(np.vstack([slope, fixed]), np.append(-miss, 0.0))
        if step is None:
            return None
        size = float(np.max(np.abs(step) / (1 + np.abs(z))))
        z = z + step
        if k == 0:
            first = float(np.linalg.norm(step))
        if not np.isfinite(size) or (k > 1 and size > last and size > 1e-6):
            return None
        rounded = size < LOOSE and np.abs(miss).max() < ROUNDING  # what is left of the miss is rounding
        if size < CLOSE or rounded:
            return z, first
        last = size
    return None


def tangent(game: Response, z: Floats, before: Floats) -> Floats | None:
    """Return the direction of the branch, in the sense of the one before; None where it has none."""
    _, slope = game.system(z)
    direction = _solved(np.vstack([slope, before]), np.append(np.zeros(len(slope)), 1.0))
    return None if direction is None else direction / np.linalg.norm(direction)


def at_precision(game: Response, z: Floats, precision: float) -> Floats | None:
    """Return the point of the branch at one precision near z."""
    start = np.append(z[:-1], precision)
    across = np.append(np.zeros(len(z) - 1), 1.0)
    point = corrected(game, start, across, tries=20)
    return None if point is None else point[0]


@dataclass(frozen=True)
class Place:
    """Where one is on the branch: the point, the direction onwards, and how many ways lead away from it."""

    z: Floats
    direction: Floats
    growing: int


def follow(game: Response, trace: Trace, farthest: float) -> Iterator[Piece]:
    """Yield the steps of the branch from even chances to a precision; tell the trace what is met."""
    z = np.append(-np.log(np.repeat(game.sizes, game.sizes)), 0.0)
    trace.points.append(z)
    direction = tangent(game, z, np.append(np.zeros(game.actions), 1.0))
    if direction is None:  # no game has this: at precision 0 the equilibrium is unique and regular
        trace.ended = "stuck"
        return
    here, length = Place(z, direction, _growing(game, z)), FIRST_STEP
    for _ in range(MOST_STEPS):
        if here.z[-1] >= farthest:
            return
        step = _step(game, here, min(length, 2 * (1 + farthest)))
        if step is None:
            trace.ended = "stuck"
            return
        there, used, easy = step
        piece = Piece(here.z, there.z, (0.0, used), _between(game, here))
        if _turned(here, there):
            top = _turn(game, piece, here.direction)
            trace.turns.append(float(top[-1]))
            halfway = float((top - here.z) @ here.direction)
            yield Piece(here.z, top, (0.0, halfway), piece.at)
            trace.points.append(top)
            yield Piece(top, there.z, (halfway, used), piece.at)
        else:
            yield piece
        if _passed(here, there):
            _crossing(game, piece, here.growing, trace)
        trace.points.append(there.z)
        here, length = there, used * (1.6 if easy else 1.0)
    trace.ended = "long"


def _solved(matrix: Floats, right: Floats) -> Floats | None:
    """Return the solution after scaling rows; None where there is none."""
    scale = np.abs(matrix).max(axis=1)
    if not np.isfinite(scale).all() or (scale == 0).any():
        return None
    try:
        solution = np.linalg.solve(matrix / scale[:, None], right / scale)
    except np.linalg.LinAlgError:
        return None
    return solution if np.isfinite(solution).all() else None


def _step(game: Response, here: Place, length: float) -> tuple[Place, float, bool] | None:
    """Return the next place, the length that worked, and whether a longer one might; None where none works.

    Two branches may lie close together. A step is taken only where the way back leads to where it began, and
    where the ways to leave the equilibrium are as many as before, unless the branch turned; a real crossing
    is passed in a short step.
    """
    x = np.exp(here.z[:-1])
    while length > SHORTEST:
        point = corrected(game, here.z + length * here.direction, here.direction, tries=6)
        after = None if point is None else tangent(game, point[0], here.direction)
        if point is not None and after is not None:
            end, first = point
            change = float(np.abs(np.exp(end[:-1]) - x).max()) / MOST_CHANGE
            bend, miss = (1 - float(after @ here.direction)) / MOST_BEND, first / (MOST_MISS * length)
            if max(change, bend, miss) <= 1 and end[-1] >= 0 and _leads_back(game, here, end, after, length):
                there = Place(end, after, _growing(game, end))
                if not _passed(here, there) or length <= FINE * (1 + here.z[-1]):
                    return there, length, max(change, bend, miss) < 0.4
        length /= 2
    return None


def _leads_back(game: Response, here: Place, end: Floats, after: Floats, length: float) -> bool:
    """Return whether a step of the same length backwards comes to where the step began."""
    point = corrected(game, end - length * after, after, tries=6)
    return point is not None and float(np.linalg.norm(point[0] - here.z)) <= MOST_MISS * length


def _turned(here: Place, there: Place) -> bool:
    return bool(here.direction[-1] * there.direction[-1] < 0)


def _passed(here: Place, there: Place) -> bool:
    """Return whether ways to leave the equilibrium came or went between two places other than by a turn."""
    gone = abs(there.growing - here.growing)
    return gone != 0 and not (gone == 1 and _turned(here, there))


def _between(game: Response, here: Place) -> Callable[[float], Floats | None]:
    def at(length: float) -> Floats | None:
        point = corrected(game, here.z + length * here.direction, here.direction)
        return None if point is None else point[0]

    return at


def _turn(game: Response, piece: Piece, direction: Floats) -> Floats:
    """Return the point of a step at which the precision is highest, or lowest."""
    (low, high), best = piece.lengths, piece.end
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        point = piece.at(middle)
        slope = None if point is None else tangent(game, point, direction)
        if point is None or slope is None or middle in (low, high):
            break
        best = point
        low, high = (middle, high) if slope[-1] * direction[-1] > 0 else (low, middle)
    return best


def _growing(game: Response, z: Floats) -> int:
    """Return how many ways there are to leave the equilibrium under smoothed best replies."""
    return int((game.stability(z).real > 1).sum())


def _crossing(game: Response, piece: Piece, growing: int, trace: Trace) -> None:
    """Note the precision at which another branch meets this one, if one does: an eigenvalue is 1 there."""
    (low, high), point = piece.lengths, piece.end
    for _ in range(40):
        middle = (low + high) / 2
        middle_point = piece.at(middle)
        if middle_point is None:  # at a crossing itself Newton's method may fail
            high = middle + (high - middle) / 2
            continue
        point = middle_point
        low, high = (middle, high) if _growing(game, point) == growing else (low, middle)
    if np.abs(game.stability(point) - 1).min() < 1e-4:
        trace.crossings.append(float(point[-1]))
