"""Boundaries: the lines between the regions of a map, from places on the grid's edges that are solved for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gamelab.experiment.grid.meetings import meeting
from gamelab.experiment.grid.searches import Ask, Search, crossings, in_step
from gamelab.model.game import Floats, Ints

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
    after : int array (E,)
        The codes of the regions at the upper ends.
    """

    number: Ints
    low: Floats
    high: Floats
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
        parts.append((first + i * (columns - 1 + down) + j, *ends, b[i, j]))
    return Edges(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def lines_between(
    codes: Ints, edges: Edges, within: float, x: Floats, y: Floats, ask: Ask
) -> dict[tuple[int, int], list[Line]]:
    """Return the lines between each pair of regions, by marching squares.

    It is sought where each of the ``edges`` is crossed, ``within`` a part of it.
    A square of four grid points with two crossings gives one piece; where it cuts off a corner, the line's
    bend is sought, too. With three or more crossings they are joined where the regions meet, except where
    only opposite corners are of one region: there the middle of the square is asked, and if it is of that
    region, the two other corners are cut off.
    """
    pieces: dict[tuple[int, int], list[tuple[int, int]]] = {}
    squares = list(_squares(codes))
    saddles = [k for k, (_, _, corners, _) in enumerate(squares) if _is_saddle(corners)]
    many = [k for k, (_, _, corners, _) in enumerate(squares) if len(set(corners)) > 2]
    middles, nodes, *meetings = in_step(
        ask,
        _middles([squares[k] for k in saddles], x, y),
        _crossings_and_bends(edges, within, squares, x, y),
        *(_meeting(squares[k], within, x, y) for k in many),
    )
    centre = dict(zip(saddles, middles))
    nodes |= {-1 - k: place for k, place in zip(many, meetings, strict=True) if place}
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
    codes, _ = yield np.array([[(x[j] + x[j + 1]) / 2, (y[i] + y[i + 1]) / 2] for i, j, _, _ in saddles])
    middles: list[int] = codes.tolist()
    return middles


def _crossings_and_bends(
    edges: Edges, within: float, squares: list[Square], x: Floats, y: Floats
) -> Search[Nodes]:
    """Find where each edge is crossed, and then where the line bends between two of these places."""
    places = yield from crossings(edges.low, edges.high, edges.after, within)
    nodes = {int(number): tuple(place) for number, place in zip(edges.number, places.tolist())}
    return nodes | (yield from _bends(squares, nodes, within, x, y))


def _bends(squares: list[Square], nodes: Nodes, within: float, x: Floats, y: Floats) -> Search[Nodes]:
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
        if share.max() <= within:
            continue
        rows.append((-1 - k, corner, corner + (beside - corner) / share.max(), corners[e - 2]))
    if not rows:
        return {}
    number, low, high, after = (np.array(part) for part in zip(*rows, strict=True))
    places = yield from crossings(low, high, after, within)
    return {int(node): (float(a), float(b)) for node, (a, b) in zip(number, places)}


def _meeting(square: Square, within: float, x: Floats, y: Floats) -> Search[tuple[float, float] | None]:
    """Find where three or more regions meet in a square."""
    i, j, _, _ = square
    return meeting(np.array([x[j], y[i]]), np.array([x[j + 1] - x[j], y[i + 1] - y[i]]), within)


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
