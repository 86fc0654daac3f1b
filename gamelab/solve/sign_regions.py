"""Sign regions: where some polynomials are all at most zero, between roots that are told apart exactly."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from gamelab.solve.polynomials import Polynomial, Root, roots_between, sign

SIDES = {(True, True): "both", (True, False): "left", (False, True): "right", (False, False): "neither"}
"""Which ends an interval includes, by whether the left and the right one belong to it."""

End = TypeVar("End")


@dataclass(frozen=True)
class Regions:
    """A range cut at the roots of polynomials.

    Parameters
    ----------
    low, high : Fraction
        The range; its ends are not judged.
    roots : list of Root
        In order, all different, strictly inside.
    at_root : list of bool
        Whether all polynomials are at most zero there.
    points : list of Fraction
        One inside of each part: before the first root, between two, after the last.
    inside : list of bool
        Whether all are at most zero in the part.
    """

    low: Fraction
    high: Fraction
    roots: list[Root]
    at_root: list[bool]
    points: list[Fraction]
    inside: list[bool]


def regions(polynomials: Iterable[Polynomial], low: Fraction, high: Fraction) -> Regions:
    """Return where polynomials, none of them zero, are all at most zero between two fractions."""
    middle = (low + high) / 2
    crossed: dict[Polynomial, list[Root]] = {}
    for p in sorted(set(polynomials), key=lambda p: (len(p), p)):
        roots = roots_between(p, low, high)
        if roots:
            crossed[p] = roots
        elif sign(p, middle) > 0:
            return Regions(low, high, [], [], [middle], [False])
    groups, points = cut(crossed, low, high)
    signs = [{p: sign(p, point) for p in crossed} for point in points]
    at_root = [all(p in own or signs[k][p] < 0 for p in crossed) for k, (_, own) in enumerate(groups)]
    different = [root for root, _ in groups]
    return Regions(
        low, high, different, at_root, points, [max(row.values(), default=-1) < 0 for row in signs]
    )


def cut(
    crossed: Mapping[Polynomial, list[Root]], low: Fraction, high: Fraction
) -> tuple[list[tuple[Root, set[Polynomial]]], list[Fraction]]:
    """Return the roots of polynomials in order, each with those that have it, and a point in each part."""
    groups = _together([(root, p) for p, roots in crossed.items() for root in roots])
    return groups, _between([root for root, _ in groups], low, high)


def joined(
    ends: Sequence[End], at_end: Sequence[bool], between: Sequence[bool]
) -> Iterator[tuple[End, End, bool, bool]]:
    """Yield the intervals of what is true at ends and between two: both ends, and whether each belongs to it.

    >>> list(joined([0, 1, 2, 3], [True, False, True, True], [True, True, False]))
    [(0, 1, True, False), (1, 2, False, True), (3, 3, True, True)]
    """
    first: int | None = None
    for k, end in enumerate(ends):
        after = k < len(between) and between[k]
        if first is None and (after or at_end[k]):
            first = k
            if after:
                continue
        if first is not None and not (after and at_end[k]):
            yield ends[first], end, at_end[first], at_end[k]
            first = k if after else None


def _together(roots: list[tuple[Root, Polynomial]]) -> list[tuple[Root, set[Polynomial]]]:
    """Return the roots in order, each once, with the polynomials that have it."""
    groups: list[tuple[Root, set[Polynomial]]] = []
    for root, p in sorted(roots, key=functools.cmp_to_key(_order)):
        if groups and groups[-1][0].compared(root) == 0:
            groups[-1][1].add(p)
        else:
            groups.append((root, {p}))
    return groups


def _order(one: tuple[Root, Polynomial], other: tuple[Root, Polynomial]) -> int:
    return one[0].compared(other[0])


def _between(roots: list[Root], low: Fraction, high: Fraction) -> list[Fraction]:
    """Return one fraction in each part of a range that is cut at roots."""
    edges = [Root((0, 1), low, low), *roots, Root((0, 1), high, high)]
    points = []
    for left, right in itertools.pairwise(edges):
        while left.high >= right.low:
            for root in (left, right):
                root.narrow((root.high - root.low) / 4)
        points.append((left.high + right.low) / 2)
    return points
