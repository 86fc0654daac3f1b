"""Questions to one game: values, certificates and thresholds of a profile named by its strategies."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from gamelab.errors import GameError, listed
from gamelab.model.answers import Missing
from gamelab.model.arguments import checked, takes_arguments
from gamelab.model.automaton import Automaton
from gamelab.model.exactness import exactly
from gamelab.model.game import Game
from gamelab.model.grids import common_shape
from gamelab.model.settings import Range, Setting, shown
from gamelab.solve import certificate, risk_dominance, strategic_uncertainty, thresholds, values
from gamelab.solve.certificate import Certificate
from gamelab.solve.exact import exact_value
from gamelab.solve.exact_certificate import ExactCertificate, exact_certify
from gamelab.solve.exact_thresholds import exact_discount_factors
from gamelab.solve.inference import CANNOT_TELL
from gamelab.solve.thresholds import Interval
from gamelab.solve.values import Value
from gamelab.strategies.induction import as_here
from gamelab.strategies.profile import Strategy, profile_of
from gamelab.ties import TOLERANCE

Profile = Strategy | Sequence[Strategy]
Points = Annotated[int, Range(1, math.inf, whole=True)]
Tolerance = Annotated[float, Range(0, 1)]

UNCONFIRMED = {"from": None, "to": None, "includes": None, "confirmed": False}
"""What fractions say of an interval that only floats know."""


@checked
def value(
    game: Game, profile: Profile, *, limit_of_means: bool = False, discount_factor: Any = None
) -> Value:
    """Return what a profile pays, in all and line by line, as normalised averages per round.

    Parameters
    ----------
    game : Game
    profile : strategies, one for everybody or one for each player
        Names, names with settings, functions or automata; see ``gamelab.strategies.profile.profile_of``.
    limit_of_means : bool
        The limit for a discount factor that goes to 1, in place of the game's own.
    discount_factor : array, optional
        One common factor to account with, for games whose players differ.

    Raises
    ------
    GameError
        For an unknown strategy or one that the game does not allow.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> gl.value(gl.repeated(stage, discount_factor=0.9), "grim").payoffs
    array([3., 3.])
    """
    if discount_factor is not None:
        game = values.with_discount_factor(game, _factor(game, discount_factor))
    if game.exact:
        return exact_value(game, profile_of(game, profile), limit_of_means=limit_of_means)
    return values.value(game, profile_of(game, profile), limit_of_means=limit_of_means)


def _factor(game: Game, given: Any) -> Any:
    """Return a discount factor to account with, as floats or fractions as the game needs it."""
    setting = Setting("discount_factor", "number", range=Range(0, 1, below_high=game.rounds is None))
    with exactly(bool(game.exact)):
        factor = setting.check(given)
    common_shape(game.shape, np.shape(factor))
    return factor


@checked
def certify(
    game: Game, profile: Profile, *, best_response_gain: bool = True, tolerance: Tolerance = TOLERANCE
) -> Certificate | ExactCertificate:
    """Return whether a profile is an equilibrium, with the largest gain from deviating and its place.

    Parameters
    ----------
    game : Game
    profile : strategies, one for everybody or one for each player
    best_response_gain : bool
        Whether to compute the best response's gain too; always in fractions.
    tolerance : float
        Relative to the largest number in a comparison: see
        [decision 0019](../../docs/decisions/0019-tolerances.md). An exact game is certified without any.

    Raises
    ------
    GameError
        For an unknown strategy or one that the game does not allow.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> str(gl.certify(gl.repeated(stage, discount_factor=0.4), "grim").verdict)
    'fails'
    """
    if game.exact:
        return exact_certify(game, profile_of(game, profile))
    return certificate.certify(
        game, profile_of(game, profile), best_response_gain=best_response_gain, tolerance=tolerance
    )


@checked
def sustainable_discount_factors(game: Game, profile: Profile) -> list[Interval] | Missing:
    """Return the discount factors at which a profile is a perfect equilibrium, as intervals in order.

    One common factor takes the place of the players' own. One-point sets are intervals, too; the list is
    empty where the profile never holds. Where that is not known, because players cannot tell the others'
    states or because a verdict changes closer to 1 than floats can tell, the word ``not known`` comes back,
    with ``.reason``. On an exact game they are found in fractions: see ``Interval.exact``.

    Raises
    ------
    GameError
        For a batched game: ask for one point at a time.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> print(*gl.sustainable_discount_factors(gl.repeated(stage, discount_factor=0.9), "grim"))
    [0.5, 1)
    """
    build = _along(game, profile)
    if not game.exact:
        return thresholds.sustainable_discount_factors(build)
    exact = exact_discount_factors(build, closed=game.rounds is not None)
    if not isinstance(exact, Missing) or exact is CANNOT_TELL:
        return exact
    return _unconfirmed(sustainable_discount_factors(game.replace(exact=False), profile), exact)


def _along(game: Game, *profiles: Profile) -> Callable[[Any], tuple[Game, list[Automaton]]]:
    """Return what makes the game, and these profiles one after the other, at discount factors."""
    if game.batch > 1:
        raise GameError("thresholds are found for one game at a time, and this one is a grid", "game")
    single = game.replace(shape=())
    steady = [_steady(single, profile) for profile in profiles]

    def build(factors: Any) -> tuple[Game, list[Automaton]]:
        at = values.with_discount_factor(single, factors)
        return at, [automaton for own in steady for automaton in profile_of(at, own)]

    return build


def _unconfirmed(intervals: list[Interval] | Missing, exact: Missing) -> list[Interval] | Missing:
    """Return what floats say where fractions do not know."""
    if isinstance(intervals, Missing):
        return intervals
    return [replace(interval, exact=UNCONFIRMED) for interval in intervals] or exact


def _steady(game: Game, profile: Profile) -> Sequence[Strategy]:
    """Return each player's strategy; a plan of backward induction as it is on this game."""
    automata = profile_of(game, profile)
    single = isinstance(profile, str | Mapping | Automaton) or callable(profile)
    each = [profile] * game.n if single else profile
    return as_here(each, automata)  # type: ignore[arg-type]


@checked
def critical_discount_factor(game: Game, profile: Profile) -> float | Missing | None:
    """Return the least discount factor from which on a profile is a perfect equilibrium.

    None where there is none; the word ``not known``, with ``.reason``, where that is not known.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> gl.critical_discount_factor(gl.repeated(stage, discount_factor=0.9, observe="none"), "always_defect")
    0.0
    """
    return thresholds.critical_discount_factor(sustainable_discount_factors(game, profile))


@checked
def basin_of_defection(game: Game, profile: Profile) -> Any:
    """Return the share of the others who must follow a profile from which on following it pays everybody.

    Each of the others follows the profile with this chance, independently, and else plays the fallback for
    ever. The share of a player is the least from which on following is at least as good as the fallback: 0
    where it always is, 1 where it is not even if all others follow. The largest share counts.

    Returns
    -------
    float, array or Fraction
        In the shape of the game's grid. Of an exact game a fraction, or where it is none an ``Irrational``,
        which ``float`` takes.

    Raises
    ------
    GameError
        For a game without a fallback, and for more than ten players.

    References
    ----------
    Dal Bo and Frechette (2011), American Economic Review 101, 411-429.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=50, reward=32, punishment=25, sucker=12)
    >>> round(float(gl.basin_of_defection(gl.repeated(stage, discount_factor=0.75), "grim")), 10)
    0.8125
    """
    automata, fallback = profile_of(game, profile), profile_of(game, "stage_nash")
    if game.exact:
        return strategic_uncertainty.exact_basin_of_defection(game, automata, fallback)
    return strategic_uncertainty.basin_of_defection(game, automata, fallback).reshape(game.shape)[()]


@checked
def risk_dominant_from(game: Game, profile: Profile) -> list[Interval] | Missing:
    """Return the discount factors at which a profile of two players risk-dominates the fallback.

    Both must lose by deviating to the fallback alone, and the product of these losses must be at least that
    of the losses from deviating from the fallback to the profile; of these a negative one counts as 0. For
    other numbers of players the word ``not asked`` comes back, with ``.reason``.

    Raises
    ------
    GameError
        For a batched game, and one without a fallback.

    References
    ----------
    Blonski and Spagnolo (2015), International Journal of Game Theory 44, 61-81.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=50, reward=40, punishment=25, sucker=12)
    >>> print(*gl.risk_dominant_from(gl.repeated(stage, discount_factor=0.75), "grim"))
    [0.605263, 1)
    """
    if game.n != 2:
        return risk_dominance.FOR_TWO
    build, closed = _along(game, profile, "stage_nash"), game.rounds is not None
    if not game.exact:
        return risk_dominance.risk_dominant_from(build, closed=closed)
    exact = risk_dominance.exact_risk_dominant_from(build, closed=closed)
    if not isinstance(exact, Missing):
        return exact
    return _unconfirmed(risk_dominant_from(game.replace(exact=False), profile), exact)


@checked
def on_grid(
    question: Callable[..., Mapping[str, Any]], *, points: Points = 4096, **settings: Any
) -> dict[str, Any]:
    """Ask one question at every point of a grid, in parts, so that memory does not grow with the grid.

    Parameters
    ----------
    question : callable
        From the settings, each an array (b,), to a mapping of names to arrays whose first axis is b. It
        builds its games from them.
    points : int
        How many grid points are asked about at once.
    **settings : arrays
        They broadcast against each other.

    Returns
    -------
    dict of str to array
        Each with the shape of the grid first.

    Raises
    ------
    GameError
        Where the settings do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> def holds(factor):
    ...     game = gl.repeated(stage, discount_factor=factor)
    ...     return {"holds": gl.certify(game, "grim", best_response_gain=False).holds}
    >>> gl.on_grid(holds, factor=np.array([0.4, 0.5, 0.6]))["holds"].tolist()
    [False, True, True]
    """
    if not takes_arguments(question, **settings):
        raise GameError(f"it cannot be called with {listed(settings)} by name", "question")
    arrays = {name: _grid(setting, name) for name, setting in settings.items()}
    shape = common_shape(*(array.shape for array in arrays.values()))
    wide = {name: np.broadcast_to(array, shape).reshape(-1) for name, array in arrays.items()}
    size = int(np.prod(shape))
    parts: list[dict[str, NDArray[Any]]] = []
    for k in range(0, max(size, 1), points):
        cells = {name: array[k : k + points] for name, array in wide.items()}
        parts.append(_answers(question(**cells), min(points, size - k)))
        if parts[-1].keys() != parts[0].keys():
            raise GameError("its answers have other names at other points", "question")
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return {name: array.reshape(shape + array.shape[1:]) for name, array in joined.items()}


def _grid(setting: Any, name: str) -> NDArray[Any]:
    try:
        return np.asarray(setting)
    except (ValueError, RuntimeError):
        raise GameError(f"{shown(setting)} is no array: its rows differ in length", name) from None


def _answers(reply: Any, points: int) -> dict[str, NDArray[Any]]:
    """Return what a question came to at so many points, as arrays by name."""
    arrays = (
        {name: _grid(each, "question") for name, each in reply.items()} if isinstance(reply, Mapping) else {}
    )
    if not arrays or any(array.shape[:1] != (points,) for array in arrays.values()):
        needed = f"a mapping from names to arrays with an entry for each of {points} points"
        raise GameError(f"it returns {shown(reply)}; it must return {needed}", "question")
    return arrays


def number(array: Any) -> float | None:
    """Return a single number for results: None where it is not finite."""
    single = float(np.asarray(array).reshape(-1)[0])
    return single + 0.0 if np.isfinite(single) else None
