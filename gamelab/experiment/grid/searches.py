"""Searches: where a region begins on each of many edges, by secant steps that codes check; all in step."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

import numpy as np

from gamelab.model.game import Bools, Floats, Ints

Answer = tuple[Ints, Floats]
"""The codes of regions (b,), negative where there is none, and margins (b, m): numbers whose signs may decide
the codes, nan where there is none. Columns of two answers are comparable where there are as many."""
Ask = Callable[[Floats], Answer]
"""From points (b, 2) to their codes and margins."""
Result = TypeVar("Result")
Search = Generator[Floats, Answer, Result]
"""Requests points (b, 2), round by round, until it returns its result."""
WITHIN = 1e-11
"""How exactly a crossing is found, as a part of its axis."""
CHEAP = 1000
"""About how many points may be asked for at once for the price of asking."""
NODES = 9
"""At most so many points of an edge are kept, those around its crossing."""
UNLIKE = 30
"""An estimate that may be wrong by so many times what the surest one may be is not tried."""
STEPS = 2
"""Of Newton's, from the zero of one polynomial to that of the next."""
TRIED = 3
"""At most so many estimates of a crossing, of as many margins, are tried at once."""


def in_step(ask: Ask, *searches: Search[Any]) -> list[Any]:
    """Return what each search finds: what all of them ask in one round is asked at once, for one price."""
    results: dict[int, Any] = {}
    answers: dict[int, Any] = dict.fromkeys(range(len(searches)))
    while answers:
        requests: dict[int, Floats] = {}
        for k, answer in answers.items():
            try:
                requests[k] = searches[k].send(answer)
            except StopIteration as end:
                results[k] = end.value
        if requests:
            codes, margins = ask(np.concatenate(list(requests.values())))
            ends = np.cumsum([len(points) for points in requests.values()])[:-1]
            answers = dict(zip(requests, zip(np.split(codes, ends), np.split(margins, ends))))
        else:
            answers = {}
    return [results[k] for k in range(len(searches))]


def crossings(low: Floats, high: Floats, after: Ints, within: float) -> Search[Floats]:
    """Find where each edge enters the region of its upper end for good, (E, 2).

    That is where it leaves the region of its lower end, unless a third region lies between. Codes alone
    decide on which side of it a point is. An edge is cut into equal parts; then points are asked for beside
    the places where margins should change their signs. Where that helps less than equal parts, these are
    asked for, too, from there on.

    Parameters
    ----------
    low, high : array (E, 2)
        Both ends of each edge.
    after : int array (E,)
        The codes of the regions at the upper ends.
    within : float
        How exactly the place is to be known, as a part of the edge.
    """
    places = (low + high) / 2
    edge = np.arange(len(low) if within < 1 else 0)  # those whose crossing is not yet known well enough
    share, beyond = np.empty((len(low), 0)), np.empty((len(low), 0), dtype=bool)
    margins = np.empty((len(low), 0, 0))
    wanted = np.tile(np.linspace(0, 1, int(np.clip(_parts(len(low)), 4, NODES - 1)) + 1), (len(low), 1))
    width, helped = np.ones(len(low)), np.ones(len(low), dtype=bool)
    while len(edge):
        row, column = np.nonzero(np.isfinite(wanted))
        start, end = low[edge[row]], high[edge[row]]
        points = start + wanted[row, column, None] * (end - start)
        codes, answered = yield np.clip(points, np.minimum(start, end), np.maximum(start, end))
        upper = np.zeros(wanted.shape, dtype=bool)
        upper[row, column] = codes == after[edge[row]]
        upper = np.where(wanted <= 0, False, upper | (wanted >= 1))  # what the ends are is known
        more = np.full((*wanted.shape, answered.shape[1]), np.nan)
        more[row, column] = answered
        if more.shape[2] != margins.shape[2]:  # not comparable with those of before
            margins = np.full((*share.shape, more.shape[2]), np.nan)
        share, beyond, margins = _around(
            np.concatenate([share, wanted], axis=1),
            np.concatenate([beyond, upper], axis=1),
            np.concatenate([margins, more], axis=1),
        )
        last = _last_before(share, beyond)
        every = np.arange(len(edge))
        below, above = share[every, last], share[every, last + 1]
        helped &= above - below <= width / min(_parts(len(edge)), NODES - 1)
        width = above - below
        known = width <= within
        middle = ((below + above) / 2)[known, None]
        places[edge[known]] = low[edge[known]] + middle * (high - low)[edge[known]]
        edge, width, helped, last = edge[~known], width[~known], helped[~known], last[~known]
        share, beyond, margins = share[~known], beyond[~known], margins[~known]
        wanted = _wanted(share, margins, last, helped, within)
    return places


def _parts(count: int) -> int:
    """Return into how many parts each of several edges is cut for the price of asking."""
    return int(2 ** np.clip(np.log2(1 + CHEAP / max(count, 1)) // 1, 1, 5))


def _last_before(share: Floats, beyond: Bools) -> Ints:
    """Return the place of the last point that is not in the region of the upper end, (E,)."""
    before = np.isfinite(share) & ~beyond
    return share.shape[1] - 1 - before[:, ::-1].argmax(axis=1)


def _around(share: Floats, beyond: Bools, margins: Floats) -> tuple[Floats, Bools, Floats]:
    """Return the points of each edge in their order, at most ``NODES`` of them around its crossing."""
    order = np.argsort(share, axis=1)  # nan last
    share, beyond = np.take_along_axis(share, order, axis=1), np.take_along_axis(beyond, order, axis=1)
    count = np.isfinite(share).sum(axis=1)
    first = np.clip(_last_before(share, beyond) - NODES // 2 + 1, 0, np.maximum(count - NODES, 0))
    kept = first[:, None] + np.arange(min(NODES, share.shape[1]))
    chosen = np.take_along_axis(order, kept, axis=1)
    return (
        np.take_along_axis(share, kept, axis=1),
        np.take_along_axis(beyond, kept, axis=1),
        np.take_along_axis(margins, chosen[..., None], axis=1),
    )


def _wanted(share: Floats, margins: Floats, last: Ints, helped: Bools, within: float) -> Floats:
    """Return the next points of each edge, as shares of it; nan where there are fewer.

    Two lie so close to an estimate that nothing is left to seek if it is right, two as far from it as it may
    be wrong. Where estimates did not help, or are none, the bracket is cut into equal parts as well.
    """
    every = np.arange(len(share))
    below, above = share[every, last], share[every, last + 1]
    places, errors = _estimates(share, margins, below, above, last)
    surest = np.maximum(errors.min(axis=1, initial=np.inf), within)
    errors[errors > UNLIKE * surest[:, None]] = np.inf
    helped = helped & np.isfinite(surest)
    parts = _parts(len(share))
    cuts = below[:, None] + np.arange(1, parts) / parts * (above - below)[:, None]
    wanted = [np.where(helped[:, None], np.nan, cuts)]
    for _ in range(min(TRIED, places.shape[1])):
        best = errors.argmin(axis=1)
        place, error = places[every, best], errors[every, best]
        close = np.where(np.isfinite(error), within / 4, np.nan)
        far = np.where(error > close, error, np.nan)
        wanted.append(np.stack([place - far, place - close, place + close, place + far], axis=1))
        errors = np.where(np.abs(places - place[:, None]) <= np.fmax(close, error)[:, None], np.inf, errors)
    inside = np.concatenate(wanted, axis=1)
    return np.where((inside > below[:, None]) & (inside < above[:, None]), inside, np.nan)


def _estimates(
    share: Floats, margins: Floats, below: Floats, above: Floats, last: Ints
) -> tuple[Floats, Floats]:
    """Return where margins that change their signs should be zero, and how far that may be wrong, (E, 3m).

    Each is estimated from the points on both sides, and from those on either side alone: there may be a kink
    or a jump between them.
    """
    every = np.arange(len(share))
    from_, to = margins[every, last], margins[every, last + 1]
    row, column = np.nonzero(np.isfinite(from_) & np.isfinite(to) & ((from_ > 0) != (to > 0)))
    amounts, at, low, high = margins[row, :, column], share[row], below[row, None], above[row, None]
    place, error = np.full((2, len(share), 3, margins.shape[2]), np.nan)
    for k, side in enumerate((np.isfinite(at), at <= low, at >= high)):
        known = np.where(side, amounts, np.nan)
        place[row, k, column], error[row, k, column] = _zeros(at, known, low[:, 0], high[:, 0])
    error = np.where(np.isfinite(error), error, np.inf)
    shape = (len(share), 3 * margins.shape[2])
    return place.reshape(shape), error.reshape(shape)


def _zeros(t: Floats, f: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return where amounts f at t (p, N) should be zero between two places, and how wrong that may be, (p,).

    They are interpolated from the nearest points outwards: first the secant, then polynomials of higher and
    higher degree, in Newton's form. Of their zeros the one is taken that differs least from the one of the
    degree before.
    """
    order = np.argsort(np.where(np.isfinite(f), np.abs(t - ((low + high) / 2)[:, None]), np.inf), axis=1)
    f, t = np.take_along_axis(f, order, axis=1), np.take_along_axis(t, order, axis=1)
    place, error = np.full(len(t), np.nan), np.full(len(t), np.inf)
    divided, zero = [f[:, 0]], t[:, 0]
    with np.errstate(all="ignore"):  # points that are one, or a flat polynomial, give no estimate
        for degree in range(1, t.shape[1]):
            f = (f[:, 1:] - f[:, :-1]) / (t[:, degree:] - t[:, :-degree])
            divided.append(f[:, 0])
            before = zero
            for _ in range(STEPS):
                value, slope = divided[-1], np.zeros(len(t))
                for k in reversed(range(degree)):
                    off = zero - t[:, k]
                    value, slope = value * off + divided[k], slope * off + value
                zero = zero - value / slope
            differs = np.abs(zero - before) if degree > 1 else (high - low) / 4
            better = (zero >= low) & (zero <= high) & (differs < error)
            place, error = np.where(better, zero, place), np.where(better, differs, error)
    return place, error
