"""Stage equilibria: all extreme ones of two players, of more pure and symmetric ones, or one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from gamelab.errors import GameError
from gamelab.model.extreme_equilibria import Table, quick_extreme_equilibria
from gamelab.model.game import Floats, Game, Ints
from gamelab.model.memory import once
from gamelab.model.mixed_equilibria import mixed_equilibria
from gamelab.model.stage import pure_equilibria
from gamelab.solve.exact_payoffs import exact_utilities
from gamelab.solve.game_symmetries import kinds_of_actions
from gamelab.solve.moves import slack as slack_of_moves
from gamelab.solve.symmetric_equilibria import Mixtures, equilibria_of_kinds, symmetric_equilibria

MOST_SYMMETRIC = 20_000
"""Payoffs of a game whose players are looked for who are alike under other names of actions."""
SAME = 1e-9
"""Mixtures that differ by no more are one."""


def stage_utilities(game: Game, state: int = 0) -> Floats:
    """Return what players care for in one move, all lines together, (b, P, n); constants are left out."""
    total: Floats = np.zeros((1, 1, 1), dtype=game.probabilities.dtype)
    for line in game.flows:
        flow = game.expected[line][0]
        total = total + flow[:, min(state, flow.shape[1] - 1), :, : game.n]
    return np.broadcast_to(total, (game.batch, len(game.profiles), game.n))


@dataclass(frozen=True, eq=False)
class KnownEquilibria:
    """The stage equilibria that are known, of games whose equilibria have one form.

    Parameters
    ----------
    mixtures : list of array (..., n, A)
        In lexicographic order: early actions first.
    note : str
        What may be missing, as a sentence; empty where nothing is.
    """

    mixtures: list[Floats]
    note: str = ""


def equilibria_of(game: Game) -> list[Floats]:
    """Return the known stage equilibria of a single game with one state, each (n, A), early actions first.

    See ``known_equilibria``.
    """
    return known_equilibria(game).mixtures


def known_equilibria(game: Game) -> KnownEquilibria:
    """Return the stage equilibria of a single game with one state that can be known.

    Of two players all extreme ones (every other is a mixture of these), from an exact enumeration; of more
    players all in pure actions, or one in mixtures where there is none; and after these, where all are
    alike, the symmetric ones in mixtures (of two actions all; of more those that Newton's method finds).
    Where a game of two players is too large or too degenerate to enumerate, those in pure actions.

    Differences of up to 1e-9 of the payments in two payoffs are ties, as in every certificate.

    Raises
    ------
    GameError
        Where the game has several states.
    """
    ((_, known),) = equilibria_by_point(game)
    return KnownEquilibria([mixtures[0] for mixtures in known.mixtures], known.note)


@once
def equilibria_by_point(game: Game) -> list[tuple[Ints, KnownEquilibria]]:
    """Return the same of a batch: points with equilibria of one form, and these in order, each (m, n, A).

    Of one form are points at which the equilibria in their order mix the same actions.

    Raises
    ------
    GameError
        Where the game has several states.
    """
    need_one_state(game, "stage_nash")
    utilities, slack = stage_utilities(game), _slack(game)
    alone = np.arange(game.batch)
    groups: list[tuple[Ints, KnownEquilibria]] = []
    if game.sizes == (2, 2):
        groups, alone = _without_ties(game, utilities, slack)
    if len(alone) == 0:
        return groups
    if game.exact:
        (mixed,) = _symmetric(game, utilities, slack)
        known = _of_one(game, slack, mixed)
        return [(alone, KnownEquilibria([mixture[None] for mixture in known.mixtures], known.note))]
    rows = np.column_stack([part[alone].reshape(len(alone), -1) for part in (utilities, slack)])
    _, first, member = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    forms: dict[tuple[bytes, ...], list[tuple[Ints, KnownEquilibria]]] = {}
    for k, (at, mixed) in enumerate(zip(alone[first], _symmetric(game, utilities, slack, alone[first]))):
        known = _of_one(game.take(slice(at, at + 1)), slack[[at]], mixed)
        form = (known.note.encode(), *((mixture > 0).tobytes() for mixture in known.mixtures))
        forms.setdefault(form, []).append((alone[member.ravel() == k], known))
    return groups + [_together(parts) for parts in forms.values()]


def _together(parts: list[tuple[Ints, KnownEquilibria]]) -> tuple[Ints, KnownEquilibria]:
    """Return points of one form as one group, in their order."""
    points = np.concatenate([own for own, _ in parts])
    order = np.argsort(points)
    mixtures = [
        np.concatenate([np.broadcast_to(one, (len(own), *one.shape)) for (own, _), one in zip(parts, ways)])
        for ways in zip(*(known.mixtures for _, known in parts))
    ]
    return points[order], KnownEquilibria([mixture[order] for mixture in mixtures], parts[0][1].note)


def _without_ties(
    game: Game, utilities: Floats, slack: Floats
) -> tuple[list[tuple[Ints, KnownEquilibria]], Ints]:
    """Return the equilibria of two-by-two games in which nobody is indifferent, and the other points."""
    table = utilities.reshape(-1, 2, 2, 2)
    # what the first action gains over the second against each action of the other
    gains = (table[:, 0, :, 0] - table[:, 1, :, 0], table[:, :, 0, 1] - table[:, :, 1, 1])
    apart = slack.reshape(-1, 2, 2, 2)
    ties = (apart[:, 0, :, 0] + apart[:, 1, :, 0], apart[:, :, 0, 1] + apart[:, :, 1, 1])
    clear = np.logical_and.reduce([(np.abs(gain) > tie).all(axis=1) for gain, tie in zip(gains, ties)])
    both = [(gain > 0).any(axis=1) & (gain < 0).any(axis=1) for gain in gains]
    mixes = clear & both[0] & both[1]
    mixed = np.zeros((game.batch, 2, 2), dtype=utilities.dtype)
    for i, gain in enumerate(reversed(gains)):  # a player mixes so that the other is indifferent
        apart = (gain[:, 1] - gain[:, 0])[:, None]
        parts = np.stack([gain[:, 1], -gain[:, 0]], axis=-1)
        mixed[:, i] = np.divide(parts, apart, out=np.zeros_like(parts), where=apart != 0)
    places = np.flatnonzero(clear)
    rows = np.column_stack([pure_equilibria(utilities, game.sizes, slack), mixes])[places]
    forms, member = np.unique(rows, axis=0, return_inverse=True)
    groups = []
    for k, form in enumerate(forms):
        points = places[member.ravel() == k]
        pure = (game.profiles[form[:-1]][:, :, None] == np.arange(2)).astype(int)
        equilibria = [np.broadcast_to(profile, (len(points), 2, 2)) for profile in pure]
        equilibria += [mixed[points]] if form[-1] else []
        equilibria.sort(key=lambda mixtures: tuple(-mixtures[0].ravel()))
        groups.append((points, KnownEquilibria(equilibria)))
    return groups, np.flatnonzero(~clear)


def _symmetric(
    game: Game, utilities: Floats, slack: Floats, points: Ints | slice = slice(None)
) -> list[Mixtures]:
    """Return the symmetric equilibria in mixtures of more than two players at some points."""
    if game.n <= 2:
        return [([], 0)] * len(utilities[points])
    payoffs, ties = (part[points].reshape(-1, *game.sizes, game.n) for part in (utilities, slack))
    mixtures = symmetric_equilibria(payoffs, ties)
    for k, at in enumerate(np.arange(game.batch)[points] if len(set(game.sizes)) == 1 else ()):
        if not mixtures[k][0] and payoffs[k].size <= MOST_SYMMETRIC:
            kinds = kinds_of_actions(game.take(slice(at, at + 1)))
            if kinds is not None:
                mixtures[k] = equilibria_of_kinds(payoffs[k], ties[k], kinds)
    return mixtures


def _of_one(game: Game, slack: Floats, symmetric: Mixtures) -> KnownEquilibria:
    if game.n != 2:
        pure = _pure(game, slack)
        known = KnownEquilibria(pure) if pure else _mixed(game)
        mixed = [np.broadcast_to(mixture, (game.n, mixture.shape[-1])) for mixture in symmetric[0]]
        new = [own for own in mixed if all(np.abs(own - one).max() > SAME for one in known.mixtures)]
        return KnownEquilibria(known.mixtures + new, known.note or _left_out(symmetric[1]))
    pairs, refusal = quick_extreme_equilibria(*_tables(game, slack))
    if refusal:
        return KnownEquilibria(_pure(game, slack), f"only stage equilibria in pure actions: {refusal}")
    A, kind = game.allowed.shape[2], Fraction if game.exact else float
    padded = [[[*map(kind, mixture), *[kind(0)] * (A - len(mixture))] for mixture in pair] for pair in pairs]
    equilibria = [np.array(pair) for pair in padded]
    if game.exact:
        return KnownEquilibria(equilibria)
    # rounded: a payoff that is off by its last digit must not move an equilibrium to another number
    return KnownEquilibria(sorted(equilibria, key=lambda mixture: tuple(-np.round(mixture, 9).ravel())))


def _left_out(count: int) -> str:
    """Return what is missing in a game of fractions, as a sentence."""
    if not count:
        return ""
    some = "a symmetric stage equilibrium" if count == 1 else f"{count} symmetric stage equilibria"
    return f"{some} in mixtures whose chances are no fractions: a candidate in floats only"


def tables_of(game: Game) -> tuple[Table, Table]:
    """Return what the players of a single game of two care for, by row and column, in fractions.

    Raises
    ------
    GameError
        For a grid of games, another number of players, or several states.
    """
    need_one_state(game, "game")
    if game.batch > 1:
        raise GameError(f"a grid of {game.batch} games; the equilibria of one are listed at a time", "game")
    if game.n != 2:
        raise GameError(
            f"a game of {game.n} players; all stage equilibria are listed for two only (of more, those that "
            "are known can be certified by name: stage_nash with equilibrium 0, 1, ...)",
            "game",
        )
    return _tables(game, _slack(game))


def need_one_state(game: Game, key: str) -> None:
    """Refuse in words a game with several states."""
    if len(game.states) != 1:
        raise GameError(f"the stage equilibria of a game with {len(game.states)} states are not defined", key)


def _slack(game: Game, state: int = 0) -> Floats:
    """Return up to the sum of which two payoffs in a state are a tie, (b, P, n)."""
    shape = (game.batch, len(game.profiles), game.n)
    if game.exact:
        return np.zeros(shape, dtype=int)
    apart = slack_of_moves(game)
    return np.array(np.broadcast_to(apart[:, min(state, apart.shape[1] - 1)], shape))


def _tables(game: Game, slack: Floats) -> tuple[Table, Table]:
    m, n = game.sizes
    first, second = exact_utilities(game, slack[0])
    return tuple([own[row * n : (row + 1) * n] for row in range(m)] for own in (first, second))  # type: ignore[return-value]


def _mixed(game: Game) -> KnownEquilibria:
    """Return the one equilibrium in mixtures that is computed, if one is."""
    (mixture,) = mixed_equilibria(stage_utilities(game), game.sizes)
    if not mixture.any():
        note = "no stage equilibrium in pure actions, and none in mixtures that could be computed"
        return KnownEquilibria([], note)
    return KnownEquilibria([mixture], "of the stage equilibria in mixtures one is known; there may be others")


def _pure(game: Game, slack: Floats) -> list[Floats]:
    stable = pure_equilibria(stage_utilities(game), game.sizes, slack)[0]
    actions = np.arange(game.allowed.shape[2])
    return [(profile[:, None] == actions).astype(int) for profile in game.profiles[stable]]


def survivors(game: Game, state: int = 0) -> list[list[int]]:
    """Return the actions of each player that survive iterated strict dominance by pure actions.

    For a single game. Where one action each survives it is the only equilibrium, and the only correlated one.
    """
    utilities = stage_utilities(game, state)[0].reshape((*game.sizes, game.n))
    apart = _slack(game, state)[0].reshape(utilities.shape)
    left = [[a for a in range(size) if game.allowed[state, i, a]] for i, size in enumerate(game.sizes)]
    shrinking = True
    while shrinking:
        shrinking = False
        for i in range(game.n):
            own, near = (
                np.moveaxis(part[np.ix_(*left)][..., i], i, 0).reshape(len(left[i]), -1)
                for part in (utilities, apart)
            )
            beaten = [
                any((own[k] - near[k] > own[j] + near[j]).all() for k in range(len(own)) if k != j)
                for j in range(len(own))
            ]
            if any(beaten):
                left[i] = [a for a, out in zip(left[i], beaten) if not out]
                shrinking = True
    return left
