"""Boundaries: the lines between the regions of a map, found on the grid's edges by bisection."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from gamelab.model.game import Floats, Ints

Codes = Callable[[Floats], Ints]
"""From points (b, 2) to the codes of their regions (b,); negative where there is none."""
Found = TypeVar("Found")
Search = Generator[Floats, Ints, Found]
"""Asks for the codes of points, round by round, until it has found what it seeks."""
WITHIN = 1e-11
"""How exactly a crossing is found, as a part of its axis."""
CHEAP = 1000
"""About how many points may be asked for at once for the price of asking."""
PARTS = 8
"""Into how many parts, each way, a square is cut to find where its regions meet."""
Line = list[tuple[float, float]]
Nodes = dict[int, tuple[float, float]]
Square = tuple[int, int, list[int], list[int]]
"""Row, column, codes of the corners, numbers of the edges."""


@dataclass(frozen=True, eq=False)
class Edges:
    """The edges of a grid on which the region changes, each from its lower or left end.

    Parameters
    ----------
    number : int array (E,)
        Horizontal ones first, row by row; then vertical ones.
    low, high : array (E, 2)
        Where both ends are.
    before, after : int array (E,)
        The codes of the regions there.
    """

    number: Ints
    low: Floats
    high: Floats
    before: Ints
    after: Ints


def edges_of(x: Floats, y: Floats, codes: Ints) -> Edges:
    """Return the edges on which the code changes; none that touches a point without one.

    Parameters
    ----------
    x : array (n,)
    y : array (m,)
    codes : int array (m, n)
    """
    rows, columns = codes.shape
    parts = []
    for down, first in ((0, 0), (1, rows * (columns - 1))):
        a, b = codes[: rows - down, : columns - 1 + down], codes[down:, 1 - down :]
        i, j = np.nonzero((a != b) & (a >= 0) & (b >= 0))
        ends = [np.column_stack([x[j + across], y[i + up]]) for across, up in ((0, 0), (1 - down, down))]
        parts.append((first + i * (columns - 1 + down) + j, *ends, a[i, j], b[i, j]))
    return Edges(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def halvings(x: Floats, y: Floats, count: int) -> list[int]:
    """Return how often each round of questions halves the edges, until a crossing is exact enough.

    A call of the solver costs about as much as a thousand of its points: where there are few edges, each is
    cut into more parts at once.
    """
    total = max(1, int(np.ceil(-np.log2(WITHIN * (min(len(x), len(y)) - 1)))))
    at_once = int(np.clip(np.log2(1 + CHEAP / max(count, 1)), 1, 5))
    return [at_once] * -(-total // at_once)


def in_step(code: Codes, *searches: Search[Any]) -> list[Any]:
    """Return what each search finds: what all of them ask in one round is asked at once, for one price."""
    found: dict[int, Any] = {}
    answers: dict[int, Any] = dict.fromkeys(range(len(searches)))
    while answers:
        asked: dict[int, Floats] = {}
        for k, answer in answers.items():
            try:
                asked[k] = searches[k].send(answer)
            except StopIteration as end:
                found[k] = end.value
        if asked:
            codes = code(np.concatenate(list(asked.values())))
            ends = np.cumsum([len(points) for points in asked.values()])
            answers = dict(zip(asked, np.split(codes, ends[:-1])))
        else:
            answers = {}
    return [found[k] for k in range(len(searches))]


def crossings(edges: Edges, rounds: list[int]) -> Search[Floats]:
    """Find where each edge enters the region of its upper end for good, (E, 2).

    That is where it leaves the region of its lower end, unless a third region lies between.

    Parameters
    ----------
    rounds : list of int
        How often each round halves the edges.
    """
    low, high = edges.low.copy(), edges.high.copy()
    every = np.arange(len(low))
    for halved in rounds if len(low) else ():
        cuts = 2**halved
        share = np.arange(1, cuts)[:, None, None] / cuts
        inner = low + share * (high - low)
        codes = yield inner.reshape(-1, 2)
        beyond = (codes == np.tile(edges.after, cuts - 1)).reshape(cuts - 1, -1)
        places = np.concatenate([low[None], inner, high[None]])
        last = np.where(beyond, 0, np.arange(1, cuts)[:, None]).max(axis=0)
        low, high = places[last, every], places[last + 1, every]
    return np.asarray((low + high) / 2)


def lines_between(
    codes: Ints, edges: Edges, rounds: list[int], x: Floats, y: Floats, code: Codes
) -> dict[tuple[int, int], list[Line]]:
    """Return the lines between each pair of regions, by marching squares.

    The ``edges`` are halved in these ``rounds`` until it is known where each is crossed.
    A square of four grid points with two crossings gives one piece; where it cuts off a corner, the line's
    bend is sought by bisection, too. With three or more crossings they are joined where the regions meet,
    sought in ever smaller squares, except where only opposite corners are of one region: there the middle of
    the square is asked, and if it is of that region, the two other corners are cut off.
    """
    pieces: dict[tuple[int, int], list[tuple[int, int]]] = {}
    squares = list(_squares(codes))
    saddles = [k for k, (_, _, corners, _) in enumerate(squares) if _is_saddle(corners)]
    centre, meetings, nodes = in_step(
        code,
        _middles([squares[k] for k in saddles], x, y),
        _meetings(squares, x, y),
        _crossings_and_bends(edges, rounds, squares, x, y),
    )
    centre, nodes = dict(zip(saddles, centre)), nodes | meetings
    for k, (_, _, corners, around) in enumerate(squares):
        changes = [e for e in range(4) if corners[e] != corners[(e + 1) % 4]]
        pairs = {e: _pair(corners[e], corners[(e + 1) % 4]) for e in changes}
        if len(changes) == 2:
            way = [around[changes[0]], *([-1 - k] if -1 - k in nodes else []), around[changes[1]]]
            joined = [(pairs[changes[0]], *step) for step in itertools.pairwise(way)]
        elif k in centre and _same_across(corners, centre[k]):
            cut = [e for e in range(4) if corners[e] != centre[k]]  # corner e lies between edges e - 1 and e
            joined = [(pairs[e], around[e - 1], around[e]) for e in cut]
        else:
            middle = -1 - k
            nodes.setdefault(middle, _mean([nodes[around[e]] for e in changes]))
            joined = [(pairs[e], around[e], middle) for e in changes]
        for pair, start, end in joined:
            pieces.setdefault(pair, []).append((start, end))
    return {pair: [[nodes[n] for n in line] for line in chained(pieces[pair])] for pair in sorted(pieces)}


def _middles(saddles: list[Square], x: Floats, y: Floats) -> Search[list[int]]:
    """Find the codes in the middle of squares."""
    if not saddles:
        return []
    codes = yield np.array([[(x[j] + x[j + 1]) / 2, (y[i] + y[i + 1]) / 2] for i, j, _, _ in saddles])
    found: list[int] = codes.tolist()
    return found


def _crossings_and_bends(
    edges: Edges, rounds: list[int], squares: list[Square], x: Floats, y: Floats
) -> Search[Nodes]:
    """Find where each edge is crossed, and then where the line bends between two of these places."""
    places = yield from crossings(edges, rounds)
    nodes = {int(number): tuple(place) for number, place in zip(edges.number, places.tolist())}
    return nodes | (yield from _bends(squares, nodes, x, y))


def _bends(squares: list[Square], nodes: Nodes, x: Floats, y: Floats) -> Search[Nodes]:
    """Find where the line bends in the squares of which it cuts off one corner, by node.

    The bend lies on the ray from that corner through the point beside both crossings: where the line runs
    along both axes this is its very corner.
    """
    rows = []
    for k, (i, j, corners, around) in enumerate(squares):
        alone = [e for e in range(4) if all(corners[e] != corners[(e + n) % 4] for n in (1, 3))]
        if len(alone) != 1 or len({corners[(alone[0] + n) % 4] for n in (1, 2, 3)}) > 1:
            continue
        (e,) = alone  # corner e lies between edges e - 1 and e; edges 0 and 2 lie along x
        flat, steep = (around[e], around[e - 1]) if e % 2 == 0 else (around[e - 1], around[e])
        corner = np.array([x[j + (e in (1, 2))], y[i + (e in (2, 3))]])
        opposite = np.array([x[j + (e in (0, 3))], y[i + (e in (0, 1))]])
        beside = np.array([nodes[flat][0], nodes[steep][1]])
        share = (beside - corner) / (opposite - corner)
        if share.max() <= WITHIN:
            continue
        rows.append((-1 - k, corner, corner + (beside - corner) / share.max(), corners[e], corners[e - 2]))
    if not rows:
        return {}
    number, low, high, before, after = (np.array(part) for part in zip(*rows, strict=True))
    edges = Edges(number, low, high, before, after)
    found = yield from crossings(edges, halvings(x, y, len(rows)))
    return {int(node): (float(a), float(b)) for node, (a, b) in zip(number, found)}


def _meetings(squares: list[Square], x: Floats, y: Floats) -> Search[Nodes]:
    """Find where three or more regions meet in the squares whose corners are of three or more, by node.

    Each square is cut into parts, of which the first with three regions at its corners is cut again, until it
    is as small as a crossing is exact, or until no part has three: the middle of the last one is the place.
    """
    many = [k for k, (_, _, corners, _) in enumerate(squares) if len(set(corners)) > 2]
    if not many:
        return {}
    low = np.array([[x[squares[k][1]], y[squares[k][0]]] for k in many])
    size = np.array([[x[j + 1] - x[j], y[i + 1] - y[i]] for i, j, _, _ in (squares[k] for k in many)])
    whole, open_ones = size.copy(), np.arange(len(many))
    share = np.stack(np.meshgrid(np.arange(PARTS + 1), np.arange(PARTS + 1)), axis=-1) / PARTS
    for _ in range(int(np.ceil(-np.log(WITHIN) / np.log(PARTS)))):
        inner = low[open_ones, None, None] + share * size[open_ones, None, None]
        codes = (yield inner.reshape(-1, 2)).reshape(-1, PARTS + 1, PARTS + 1)
        corners = np.stack(
            [codes[:, :-1, :-1], codes[:, :-1, 1:], codes[:, 1:, 1:], codes[:, 1:, :-1]], axis=-1
        )
        kinds = 1 + (np.diff(np.sort(corners, axis=-1), axis=-1) > 0).sum(axis=-1)
        best = kinds.reshape(len(open_ones), -1).argmax(axis=1)
        goes_on = kinds.reshape(len(open_ones), -1).max(axis=1) > 2
        row, column = np.divmod(best, PARTS)
        open_ones, row, column = open_ones[goes_on], row[goes_on], column[goes_on]
        if len(open_ones) == 0:
            break
        size[open_ones] /= PARTS
        low[open_ones] += size[open_ones] * np.column_stack([column, row])
    found = size[:, 0] < whole[:, 0]
    places = low + size / 2
    return {-1 - many[k]: (float(places[k, 0]), float(places[k, 1])) for k in np.flatnonzero(found)}


def _mean(places: list[tuple[float, float]]) -> tuple[float, float]:
    first, second = np.mean(places, axis=0).tolist()
    return first, second


def _squares(codes: Ints) -> Iterator[Square]:
    """Yield the squares that a boundary crosses: row, column, codes of the corners, numbers of the edges.

    Corners go around from the lower left one, and edge e lies between corners e and e + 1.
    """
    rows, columns = codes.shape
    corners = np.stack([codes[:-1, :-1], codes[:-1, 1:], codes[1:, 1:], codes[1:, :-1]], axis=-1)
    mixed = (corners != corners[..., :1]).any(axis=-1) & (corners >= 0).all(axis=-1)
    vertical = rows * (columns - 1)
    for i, j in np.argwhere(mixed).tolist():
        bottom, left = i * (columns - 1) + j, vertical + i * columns + j
        yield i, j, corners[i, j].tolist(), [bottom, left + 1, bottom + columns - 1, left]


def _pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _is_saddle(corners: list[int]) -> bool:
    return all(corners[e] != corners[(e + 1) % 4] for e in range(4))


def _same_across(corners: list[int], code: int) -> bool:
    """Tell whether two opposite corners both have this code."""
    return any(corners[e] == code == corners[e + 2] for e in range(2))


def chained(pieces: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Join pieces to lines that are as long as possible; a closed one ends where it begins."""
    neighbours: dict[int, list[int]] = {}
    for a, b in pieces:
        neighbours.setdefault(a, []).append(b)
        neighbours.setdefault(b, []).append(a)
    ends = [node for node in neighbours if len(neighbours[node]) != 2]
    lines = []
    for start in (*ends, *neighbours):
        while neighbours[start]:
            line = [start]
            while neighbours[line[-1]]:
                following = neighbours[line[-1]].pop()
                neighbours[following].remove(line[-1])
                line.append(following)
                if len(neighbours[following]) != 1:
                    break
            lines.append(line)
    return lines
