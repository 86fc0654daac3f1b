"""Quantal response: the logit equilibria of a game from even chances towards Nash equilibrium."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.arguments import checked, numbers
from gamelab.model.exactness import exactly
from gamelab.model.freezing import frozen_result, read_only
from gamelab.model.game import Floats
from gamelab.simulate.learning.arena import Arena, Strategies, arena_of
from gamelab.simulate.learning.branch import FAR, Piece, Response, Trace, at_precision, follow

if TYPE_CHECKING:
    import pandas as pd

MOST_ACTIONS = 200
"""Actions of all players together."""
MOST_NUMBERS = 1_000_000


@frozen_result
@dataclass(frozen=True, eq=False)
class QuantalResponse:
    """Logit equilibria at the precisions asked for; every array has the shape of ``precision`` first.

    Parameters
    ----------
    players : tuple of str
    actions : tuple of tuple of str
    precision : array (...)
        In units of 1 / payoff; infinity is the limit of the branch.
    mixtures : array (..., n, A)
        0 beyond a player's own actions; nan where the branch could not be followed so far.
    payoffs : array (..., n)
    gains : array (..., n)
        What the best reply gains over the mixture: what is left to Nash equilibrium.
    residual : array (...)
        The largest difference between a mixture and the logit response to the others': the certificate.
    branch : dict of str to array
        The points met on the way: ``precision`` (m,) and ``mixtures`` (m, n, A), in their order.
    turns : tuple of float
        Precisions at which the branch turns back.
    crossings : tuple of float
        Precisions at which another branch meets this one.
    notes : tuple of str
        What to know about degenerate answers.
    """

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    precision: Floats
    mixtures: Floats
    payoffs: Floats
    gains: Floats
    residual: Floats
    branch: dict[str, Floats]
    turns: tuple[float, ...]
    crossings: tuple[float, ...]
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the mixtures as a table: one row for each precision, player and action."""
        import pandas as pd

        rows = [
            {
                "precision": float(self.precision[place]),
                "player": player,
                "action": label,
                "probability": float(self.mixtures[place][i, a]),
                "residual": float(self.residual[place]),
            }
            for place in np.ndindex(self.precision.shape)
            for i, player in enumerate(self.players)
            for a, label in enumerate(self.actions[i])
        ]
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False))

    def __repr__(self) -> str:
        worst = float(np.nanmax(self.residual)) if np.isfinite(self.residual).any() else float("nan")
        who = ", ".join(self.players)
        return f"<QuantalResponse of {who}: {self.precision.size} points, residual {worst:.1g}>"


@checked
def quantal_response(game: Any, *, precision: Any, strategies: Strategies | None = None) -> QuantalResponse:
    """Return the logit quantal-response equilibrium at one precision or many, on the principal branch.

    Each player chooses an action with a chance in proportion to exp(precision * its expected payoff), and
    expected payoffs are those that such choices bring. The branch that starts at even chances for precision
    0 is followed by predictor and corrector, around its turns; a precision that it meets more than once is
    answered where it is first met.

    Parameters
    ----------
    game : Game, payoff tables or a tournament
        See ``gamelab.simulate.learning.arena.arena_of``; any number of players, at most 200 actions in all.
    precision : array
        In units of 1 / payoff, from 0 up. Infinity is the limit of the branch: a Nash equilibrium, read off
        where precision times the largest difference of payoffs is 1e9, or up to 1e12 where players' payoffs
        differ in size; ``gains`` tells what is left to it.
    strategies : list, optional
        Of a repeated game: what is chosen among.

    Raises
    ------
    GameError
        For a precision below 0, or a game that is too large.

    References
    ----------
    McKelvey and Palfrey (1995), Games and Economic Behavior 10; Turocy (2005), Games and Economic
    Behavior 51.

    Examples
    --------
    >>> import gamelab as gl
    >>> pennies = [[9, 0], [0, 1]], [[0, 1], [1, 0]]
    >>> gl.quantal_response(pennies, precision=[0, 1, 100]).mixtures[:, 0, 0].round(3).tolist()
    [0.5, 0.894, 0.511]
    """
    precisions = _asked(precision)
    with exactly(False):
        arena = arena_of(game, strategies)
    arena.need_one_state("quantal response")
    if sum(arena.sizes) > MOST_ACTIONS or arena.utilities.size > MOST_NUMBERS:
        raise GameError(
            f"{sum(arena.sizes):,} actions and {arena.utilities.size:,} payoffs; the limits are "
            f"{MOST_ACTIONS} and {MOST_NUMBERS:,}",
            "game",
        )
    tables = np.stack([arena.utilities[0, :, i].reshape(arena.sizes) for i in range(arena.n)])
    response, trace = Response(tables), Trace()
    with np.errstate(over="ignore"):  # beyond the farthest point of the branch, infinite or not
        scaled = np.minimum(precisions.reshape(-1) * (response.spread or 1.0), response.farthest)
    if response.spread == 0:
        scaled = np.zeros_like(scaled)
    by_precision = _points(response, scaled, trace)
    return _result(arena, response, precisions, scaled, by_precision, trace)


def _asked(precision: Any) -> Floats:
    """Return precisions as floats of at least 0, infinity among them."""
    try:
        given = np.asarray(precision)
        floats = given.astype(np.float64) if given.dtype.kind in "iuf" else np.zeros(given.shape)
    except (TypeError, ValueError, RuntimeError):
        given, floats = np.empty(0), np.empty(0)
    endless = np.isinf(floats) & (floats > 0)
    finite = numbers(np.where(endless, 0, given) if endless.any() else precision, "precision")
    if not finite.size or (finite < 0).any():
        first = f"{finite[finite < 0].flat[0]:g}" if finite.size else "an empty list"
        raise GameError(f"{first} is not a number of at least 0", "precision")
    return np.where(endless, np.inf, finite) if endless.any() else finite


def _points(response: Response, wanted: Floats, trace: Trace) -> dict[float, Floats]:
    """Return the point of the branch at each wanted precision; those that it does not reach are left out."""
    left = sorted(set(wanted.tolist()))
    by_precision: dict[float, Floats] = {}
    start = np.append(-np.log(np.repeat(response.sizes, response.sizes)), 0.0)
    if left[0] == 0:
        by_precision[left.pop(0)] = start
    if not left:
        trace.points.append(start)
        return by_precision
    for piece in follow(response, trace, left[-1]):
        low, high = sorted((piece.start[-1], piece.end[-1]))
        met = [target for target in left if low <= target <= high]
        for target in met if piece.end[-1] == high else reversed(met):
            by_precision[target] = _met(response, piece, target)
            trace.points.append(by_precision[target])
            left.remove(target)
        if not left:
            break
    last = trace.points[-1]
    return by_precision | {target: last for target in left if last[-1] >= FAR}


def _met(response: Response, piece: Piece, target: float) -> Floats:
    """Return where a step meets a precision."""
    reach = float(np.abs(piece.end - piece.start).max())
    width = piece.end[-1] - piece.start[-1]
    share = (target - piece.start[-1]) / width if width else 0.0
    guess = piece.start + share * (piece.end - piece.start)
    point = at_precision(response, guess, target)
    if point is not None and np.abs(point - guess)[:-1].max() <= reach + 1e-9:
        return point
    (low, high), ahead = piece.lengths, width > 0
    near = guess
    for _ in range(60):
        middle = piece.at((low + high) / 2)
        if middle is None:
            break
        near = middle
        low, high = ((low + high) / 2, high) if (middle[-1] < target) == ahead else (low, (low + high) / 2)
    point = at_precision(response, near, target)
    return near if point is None or np.abs(point - near)[:-1].max() > reach else point


def _result(
    arena: Arena,
    response: Response,
    precisions: Floats,
    scaled: Floats,
    by_precision: dict[float, Floats],
    trace: Trace,
) -> QuantalResponse:
    n, A = arena.n, max(arena.sizes)
    mixtures, residual = np.full((len(scaled), n, A), np.nan), np.full(len(scaled), np.nan)
    payoffs, gains = np.full((len(scaled), n), np.nan), np.full((len(scaled), n), np.nan)
    for k, target in enumerate(scaled.tolist()):
        if target not in by_precision:
            continue
        x = np.exp(by_precision[target][:-1])
        x = np.concatenate([x[own] / x[own].sum() for own in response.own])
        rates, _ = response.rates(x)
        mixtures[k] = padded(response, x, A)
        residual[k] = np.abs(x - response.answer(x, by_precision[target][-1])).max()
        gains[k] = [
            max(0.0, response.spread * float(rates[own].max() - rates[own] @ x[own])) for own in response.own
        ]
        joint = x[response.own[0]]
        for own in response.own[1:]:
            joint = np.multiply.outer(joint, x[own])
        payoffs[k] = joint.reshape(-1) @ arena.utilities[0]
    unit = response.spread or 1.0
    points = np.stack(trace.points)
    branch = {
        "precision": points[:, -1] / unit,
        "mixtures": np.stack([padded(response, np.exp(point[:-1]), A) for point in points]),
    }
    shape = precisions.shape
    for array in (precisions, mixtures, payoffs, gains, residual, *branch.values()):
        read_only(array)
    return QuantalResponse(
        arena.players,
        arena.actions,
        precisions,
        mixtures.reshape((*shape, n, A)),
        payoffs.reshape((*shape, n)),
        gains.reshape((*shape, n)),
        residual.reshape(shape),
        branch,
        tuple(turn / unit for turn in trace.turns),
        tuple(crossing / unit for crossing in trace.crossings),
        _notes(response, precisions, trace),
    )


def padded(response: Response, x: Floats, A: int) -> Floats:
    """Return mixtures player by player, (n, A), 0 beyond a player's own actions."""
    rows = np.zeros((response.n, A))
    for i, own in enumerate(response.own):
        rows[i, : response.sizes[i]] = x[own]
    return rows


def _notes(response: Response, precisions: Floats, trace: Trace) -> tuple[str, ...]:
    notes = []
    if response.spread == 0:
        notes.append("no choice matters to whoever makes it: chances are even at every precision")
    end = trace.points[-1][-1] if trace.ended else response.farthest
    if response.spread and end >= FAR and (precisions > end / response.spread).any():
        place = f"{end / response.spread:.6g}"
        notes.append(f"above a precision of {place} the limit is given: the branch there")
    if trace.turns:
        listed = ", ".join(f"{turn / response.spread:.6g}" for turn in trace.turns)
        notes.append(f"the branch turns back at precisions {listed}: between them it is met more than once")
    if trace.crossings:
        listed = ", ".join(f"{crossing / response.spread:.6g}" for crossing in trace.crossings)
        notes.append(
            f"other branches cross this one at precision {listed}, and it is followed straight on: in a "
            "symmetric game what is alike stays alike"
        )
    if trace.ended and end < FAR:
        reached = trace.points[-1][-1] / response.spread
        notes.append(f"the branch could be followed up to precision {reached:.6g} only: then nan")
    return tuple(notes)
