"""Vertices of a best-reply polytope: a walk along its edges in floats, with proofs in whole numbers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gamelab.errors import GameError
from gamelab.model.game import Bools, Floats, Ints

Whole = list[list[int]]
"""A table of whole numbers, (r, d)."""

UNIT = float(np.finfo(float).eps)
FLAT, NEAR = 1e-9, 1e-9
"""Where the walk takes a rate for none, and two lengths of an edge for one. They are guesses: a wrong one is
seen at the vertex to which it leads, and the last step is done again in whole numbers."""
CHUNK = 2**17
"""Rates that are held at once."""


class UndecidedError(Exception):
    """Rounding leaves open whether a vertex is one, or a guess led to what is none."""


class TiedDirectionError(Exception):
    """The direction in which the constraints are moved leaves a tie."""


def vertices(whole: Whole, limit: int) -> Bools:
    """Return the vertices of {w >= 0, N w <= 1}, each as the constraints that are tight there.

    Parameters
    ----------
    whole : list of lists of int, (r, d)
        The table N: no entry below 0, and one above 0 in each column, so that the polytope is bounded.
    limit : int
        The most vertices to visit. Where ties are, a vertex may be visited several times.

    Returns
    -------
    bool array (V, d + r)
        Which of w_0, ..., w_d-1 are 0, and which rows hold with equality; the origin is left out. A vertex
        without ties has d of them.

    Raises
    ------
    GameError
        Where there are more vertices than the limit.

    Notes
    -----
    1. Right-hand sides are moved to 1 + h t_i, for numbers t_i drawn once and any h > 0 that is small enough:
       no more than d constraints are tight anywhere then (Charnes 1952). A set T of d constraints is a vertex
       where its equations have one solution and each other constraint has a slack s + h u with s > 0, or with
       s = 0 and u > 0.
    2. On each of the d edges at T one constraint of T is loose, and at its other end another one is tight:
       the one with the least slack, divided by the rate at which it falls. The walk goes to all these ends
       until none is new. Edges join all vertices of a polytope (Balinski 1961): so none is missing.
    3. As h goes to 0 these become the vertices of the polytope itself, some of them the same one.

    Floats choose the way. That each T is a vertex is proved: by slacks that exceed what rounding may have
    changed in them (Rump 2010), and where they do not by the solution in whole numbers.

    References
    ----------
    Balinski (1961), Pacific Journal of Mathematics 11. Charnes (1952), Econometrica 20. Rump (2010), Acta
    Numerica 19.
    """
    for seed in itertools.count():
        try:
            return _walked(whole, np.random.default_rng(seed).integers(2**20, 2**21, len(whole)), limit)
        except TiedDirectionError:
            continue
    raise AssertionError


def _walked(whole: Whole, direction: Ints, limit: int) -> Bools:
    """Return the vertices, (V, d + r), with right-hand sides moved in one direction."""
    r, d = len(whole), len(whole[0])
    quick, sure = _FloatWalk(whole, direction), _WholeWalk(whole, direction)
    before = sets = (np.arange(d + r) < d)[None]  # the origin
    known: set[bytes] = set()
    tight_sets: set[bytes] = set()
    while len(sets):
        try:
            tight, ends = quick.level(sets)
        except UndecidedError:
            if known:  # a guess of the step before may have led to what is no vertex
                sets = _sets(sure.level(before)[1] - known, d + r)
            tight, ends = sure.level(sets)
        tight_sets |= tight
        known |= set(_keys(sets))
        before, sets = sets, _sets(ends - known, d + r)
        if len(known) + len(sets) > limit:
            raise GameError(f"more than {limit:,} vertices: this game is too large to enumerate exactly")
    corners = _sets(tight_sets, d + r)
    return corners[~corners[:, :d].all(axis=1)]


def solved(matrix: Sequence[Sequence[int]], right: Sequence[Sequence[int]]) -> tuple[Whole, int] | None:
    """Return X with ``matrix`` X = ``right``: whole numbers over one denominator above 0. None without one X.

    There may be more equations than unknowns, if these agree.

    Gauss's and Jordan's elimination without fractions: after step k every entry is a determinant of size
    k + 1, so that the division by the pivot before it leaves no remainder (Bareiss 1968).
    """
    size = len(matrix[0]) if matrix else 0
    work = [[*row, *constants] for row, constants in zip(matrix, right, strict=True)]
    before = 1
    for k in range(size):
        place = next((i for i in range(k, len(work)) if work[i][k]), None)
        if place is None:
            return None
        work[k], work[place] = work[place], work[k]
        own = work[k]
        pivot = own[k]
        for i, row in enumerate(work):
            if i != k:
                factor = row[k]
                work[i] = [(pivot * a - factor * b) // before for a, b in zip(row, own, strict=True)]
        before = pivot
    sign = -1 if before < 0 else 1
    return [[sign * entry for entry in row[size:]] for row in work[:size]], abs(before)


def corner(whole: Whole, tight: Bools) -> tuple[list[int], int]:
    """Return the vertex at which constraints are tight, as whole numbers w (d,) over one denominator."""
    size = len(whole[0])
    support = np.flatnonzero(~tight[:size]).tolist()
    rows = np.flatnonzero(tight[size:]).tolist()
    solution = solved([[whole[i][j] for j in support] for i in rows], [[1]] * len(rows))
    if solution is None:
        raise UndecidedError
    weights, below = [0] * size, solution[1]
    for j, (weight,) in zip(support, solution[0], strict=True):
        weights[j] = weight
    return weights, below


class _Walk:
    """The way along all edges of a polytope with right-hand sides that are moved.

    Parameters
    ----------
    table : array (r, d)
    right : array (r, 2)
        The right-hand sides as they are, and in which direction they are moved.
    """

    def __init__(self, table: NDArray[Any], right: NDArray[Any]):
        self.table, self.right = table, right
        self.r, self.d = table.shape
        self.most = min(table.shape)

    def level(self, sets: Bools) -> tuple[set[bytes], set[bytes]]:
        """Return what ``visited`` does, each different set once, in parts of bounded memory."""
        step = max(1, CHUNK // (self.r * self.d))
        tight, ends = set[bytes](), set[bytes]()
        for k in range(0, len(sets), step):
            for keys, part in zip((tight, ends), self.visited(sets[k : k + step]), strict=True):
                keys.update(_keys(part))
        return tight, ends

    def visited(self, sets: Bools) -> tuple[Bools, Bools]:
        """Prove that sets of d constraints, (z, d + r), are vertices.

        Returns all constraints that are tight there, and the sets at the ends of all edges, (z d, d + r).

        Notes
        -----
        With S the columns that are not 0, Z the others, J as many tight rows and I the others, and K the
        inverse of N_JS, all is told by the d constraints of the set, s_J and w_Z:

            w_S = K b_J - K s_J - K N_JZ w_Z
            s_I = b_I - N_IS K b_J + N_IS K s_J - (N_IZ - N_IS K N_JZ) w_Z

        Here K stands for a multiple of the inverse, the same for all that is compared: 1 in floats, the
        determinant in whole numbers. Rows are in the order J, I and columns in the order S, Z.
        """
        zero, active = sets[:, : self.d], sets[:, self.d :]
        rows, columns = (np.argsort(part, axis=1, kind="stable") for part in (~active, zero))
        k = active.sum(axis=1)[:, None]
        of_J, of_S = np.arange(self.r) < k, np.arange(self.d) < k
        table, right = self.table[rows[:, :, None], columns[:, None, :]], self.right[rows]
        unit = np.eye(self.most, self.d, dtype=table.dtype)
        inside = of_J[:, : self.most, None] & of_S[:, None, : self.most]
        block = np.where(inside, table[:, : self.most, : self.most], unit[:, : self.most])
        inverse, factor = self.inverted(block)
        inverse = np.where(inside, inverse, 0)
        constants = np.where(of_J[:, : self.most, None], right[:, : self.most], 0)
        of_support = np.where(of_S[:, None, : self.most], table[:, :, : self.most], 0)
        point = inverse @ constants
        slack = factor * right - of_support @ point
        upper = inverse @ np.where(of_S[:, None], unit, table[:, : self.most])
        rates = factor * np.where(of_S[:, None], 0, table) - of_support @ upper
        both = of_J[:, : self.most, None]
        slack[:, : self.most] = np.where(both, point, slack[:, : self.most])
        rates[:, : self.most] = np.where(both, upper, rates[:, : self.most])
        short, long_ = (part[:, : self.most] for part in (of_J, of_S))
        loose, held = self.d + rows, np.array(columns)  # the constraints of rows and columns of ``rates``
        loose[:, : self.most] = np.where(short, columns[:, : self.most], loose[:, : self.most])
        held[:, : self.most] = np.where(long_, self.d + rows[:, : self.most], held[:, : self.most])
        tight = self.proved(sets, loose, slack, (block, inverse, of_support, constants, right, of_J))
        chosen = self.first(slack, rates)
        ends = np.repeat(sets, self.d, axis=0)
        every = np.arange(len(ends))
        ends[every, held.ravel()] = False
        ends[every, np.take_along_axis(loose, chosen, axis=1).ravel()] = True
        return tight, ends

    def inverted(self, block: NDArray[Any]) -> tuple[NDArray[Any], Any]:
        """Return inverses of matrices, (z, k, k), times a number each, and these numbers, (z, 1, 1)."""
        raise NotImplementedError

    def proved(self, sets: Bools, loose: Ints, slack: NDArray[Any], parts: tuple[NDArray[Any], ...]) -> Bools:
        """Return all constraints that are tight, (z, d + r); no other slack is below 0."""
        raise NotImplementedError

    def first(self, slack: NDArray[Any], rates: NDArray[Any]) -> Ints:
        """Return which slack is the first to vanish along each edge, (z, d)."""
        raise NotImplementedError


class _FloatWalk(_Walk):
    """A walk in floats: columns and rows are multiplied so that the largest entries are about 1."""

    def __init__(self, whole: Whole, direction: Ints):
        self.whole = whole
        self.columns = [max(column) for column in zip(*whole, strict=True)]
        table = np.array([[a / b for a, b in zip(row, self.columns, strict=True)] for row in whole])
        _, exponent = np.frexp(table.max(axis=1, initial=0.0))
        right = np.column_stack([np.ones(len(whole)), direction / 2**20])
        super().__init__(np.ldexp(table, -exponent[:, None]), np.ldexp(right, -exponent[:, None]))
        self.rows = exponent
        self.ties: set[bytes] = set()

    def inverted(self, block: NDArray[Any]) -> tuple[NDArray[Any], Any]:
        try:
            return np.linalg.inv(block), 1
        except np.linalg.LinAlgError:
            raise UndecidedError from None

    def proved(self, sets: Bools, loose: Ints, slack: Floats, parts: tuple[NDArray[Any], ...]) -> Bools:
        tight = np.array(sets)
        bound = self.bounds(slack, *parts)
        doubtful = ~(slack[..., 0] > bound[..., 0])
        for z in np.flatnonzero(doubtful.any(axis=1)):
            open_ = np.flatnonzero(doubtful[z])
            guess = np.array(sets[z])
            guess[loose[z, open_]] = True
            # where another set has led to the vertex at which all these are tight, this is it
            if guess.tobytes() not in self.ties:
                exact = self.slacks(sets[z], loose[z, open_].tolist())
                if min(exact) < 0:
                    raise UndecidedError
                slack[z, open_, 0] = exact
                guess[loose[z, open_[np.array(exact) > 0]]] = False
                self.ties.add(guess.tobytes())
                open_ = open_[np.array(exact) == 0]
            if not (slack[z, open_, 1] > bound[z, open_, 1]).all():
                raise UndecidedError
            slack[z, open_, 0] = 0
            tight[z] = guess
        return tight

    def bounds(
        self,
        slack: Floats,
        block: Floats,
        inverse: Floats,
        of_support: Floats,
        constants: Floats,
        right: Floats,
        of_J: Bools,
    ) -> Floats:
        """Return how far rounding may reach in coordinates and slacks, (z, r, 2).

        With F = 1 - N_JS K and e = b_J - N_JS w, the exact solution is w + K (1 - F)^-1 e. So w is off by at
        most |K| (|e| + f max|e| / (1 - f)), with f the largest row sum of |F|. Each sum adds what its own
        rounding may be, and that of the table, both relative to the sizes of its terms.
        """
        own = (self.most + 4) * UNIT
        inside = of_J[:, : self.most, None]
        point = np.where(inside, slack[:, : self.most], 0)
        size, paid = np.abs(inverse), of_support @ np.abs(point)
        block = np.where(inside, block, 0)
        rest = np.abs(constants - block @ point) + own * (constants + block @ np.abs(point))
        off = np.abs(np.eye(self.most) * inside - block @ inverse).sum(axis=2, keepdims=True)
        f = (off + own * (block @ size.sum(axis=2, keepdims=True))).max(axis=1, keepdims=True)
        if not (f < 0.5).all():
            raise UndecidedError
        error = size @ (rest + f / (1 - f) * rest.max(axis=1, keepdims=True))
        added = of_support @ error + own * (right + paid)
        added[:, : self.most] = np.where(inside, error, added[:, : self.most])
        return 1.01 * added

    def slacks(self, tight: Bools, names: list[int]) -> list[float]:
        """Return the slacks of some constraints at a vertex, computed in whole numbers."""
        weights, below = corner(self.whole, tight)
        values = []
        for name in names:
            if name < self.d:
                values.append(weights[name] * self.columns[name] / below)
            else:
                row = self.whole[name - self.d]
                rest = below - sum(a * w for a, w in zip(row, weights, strict=True))
                values.append(math.ldexp(rest / below, -int(self.rows[name - self.d])))
        return values

    def first(self, slack: Floats, rates: Floats) -> Ints:
        falls = rates > FLAT * np.abs(rates).max(axis=1, keepdims=True)
        rate = np.where(falls, rates, 1)
        length = np.where(falls, slack[:, :, None, 0] / rate, np.inf)
        close = length <= length.min(axis=1, keepdims=True) * (1 + NEAR)
        if np.count_nonzero(close) > slack.shape[0] * self.d:  # several at once: the direction decides
            length = np.where(close, slack[:, :, None, 1] / rate, np.inf)
        return length.argmin(axis=1)


class _WholeWalk(_Walk):
    """A walk in whole numbers: nothing is left open."""

    def __init__(self, whole: Whole, direction: Ints):
        right = [[2**20, int(entry)] for entry in direction]
        super().__init__(*(np.array(part, dtype=object) for part in (whole, right)))

    def inverted(self, block: NDArray[Any]) -> tuple[NDArray[Any], Any]:
        unit = np.eye(self.most, dtype=int).tolist()
        both = [solved(matrix.tolist(), unit) for matrix in block]
        inverse, factor = zip(*(one for one in both if one is not None), strict=True)
        return np.array(inverse, dtype=object), np.array(factor, dtype=object)[:, None, None]

    def proved(self, sets: Bools, loose: Ints, slack: NDArray[Any], parts: tuple[NDArray[Any], ...]) -> Bools:
        none = np.asarray(slack == 0, dtype=bool)
        if none.all(axis=2).any():
            raise TiedDirectionError
        tight = np.array(sets)
        np.put_along_axis(tight, loose, none[..., 0], axis=1)
        return tight

    def first(self, slack: NDArray[Any], rates: NDArray[Any]) -> Ints:
        chosen = np.empty((len(slack), self.d), dtype=int)
        for z, edge in np.ndindex(chosen.shape):
            falls = [(Fraction(1, rate), i) for i, rate in enumerate(rates[z, :, edge].tolist()) if rate > 0]
            _, chosen[z, edge] = min((tuple(slack[z, i] * per), i) for per, i in falls)
        return chosen


def _keys(sets: Bools) -> list[bytes]:
    """Return sets, (z, c), as texts that can be compared."""
    texts: list[bytes] = np.ascontiguousarray(sets).view(f"V{sets.shape[1]}").ravel().tolist()
    return texts


def _sets(keys: set[bytes], size: int) -> Bools:
    """Return such texts as sets, (z, c), always in the same order."""
    return np.frombuffer(b"".join(sorted(keys)), dtype=bool).reshape(-1, size)
