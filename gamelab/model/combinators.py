"""The three ways in which an institution changes a game: add a signal, add a record, add a flow."""

from __future__ import annotations

import math

import numpy as np

from gamelab.errors import GameError
from gamelab.model.game import Floats, Game, Ints, check_size
from gamelab.model.ledger import Flow, LineKind


def add_signal(
    game: Game,
    names: tuple[str, ...],
    sees: Ints,
    *,
    given_profile: Floats | None = None,
    given_outcome: Floats | None = None,
    conduct: Ints | None = None,
    finding: Ints | None = None,
) -> Game:
    """Return the game in which every move also produces an independent signal.

    Parameters
    ----------
    names : tuple of str, Z of them
    sees : int array (n, Z)
        What each player sees of the signal.
    given_profile : array (b, S, P, Z)
        Probabilities of the signal by what was really done; size 1 is allowed on b, S and P.
    given_outcome : array (b, S, Y, Z)
        Or: probabilities by what came of the move so far.
    conduct : int array (n, n, Z), optional
        The action of each subject that each viewer reads off the signal; where it is -1 the older
        reading stays.
    finding : int array (n, Z), optional
        A finding on each player; where it is 0 the older one stays.

    Raises
    ------
    GameError
        Where the table of probabilities would be too large.
    """
    Y, Z = len(game.outcomes), len(names)
    given = given_profile if given_profile is not None else given_outcome
    if given is None:
        raise GameError("give the signal's probabilities by profile or by outcome", "add_signal")
    old = game.probabilities[..., None]
    P = max(old.shape[2], 1 if given is given_outcome else given.shape[2])
    sizes = (*np.broadcast_shapes(old.shape[:2], given.shape[:2]), P, Y, Z)
    check_size(
        math.prod(sizes),
        "fewer players, actions or signals would be smaller, or a large grid in parts (on_grid)",
        sizes[0],
    )
    if given is given_outcome:
        table = given[:, :, None]
    elif (game.deeds >= 0).any() and given.shape[2] > 1:
        table = given[:, :, game.deed_profile]
    else:
        table = given[:, :, :, None]
    fresh = -np.ones((game.n, game.n, Z), dtype=int) if conduct is None else conduct
    found = np.zeros((game.n, Z), dtype=int) if finding is None else finding
    flows = {
        line: flow.mapped(lambda part: part, lambda part: np.repeat(part, Z, axis=2))
        for line, flow in game.flows.items()
    }
    return game.replace(
        outcomes=tuple(joined(outcome, name) for outcome in game.outcomes for name in names),
        probabilities=(old * table).reshape((*sizes[:3], Y * Z)),
        next_state=np.repeat(game.next_state, Z, axis=1),
        flows=flows,
        views=paired(game.views, sees),
        conduct=overridden(game.conduct, fresh, -1),
        deeds=np.repeat(game.deeds, Z, axis=1),
        finding=overridden(game.finding, found, 0),
    )


def add_record(
    game: Game,
    names: tuple[str, ...],
    next_record: Ints,
    levels: Ints | None = None,
) -> Game:
    """Return the game with a public record that outcomes move; play starts with the first one.

    Parameters
    ----------
    names : tuple of str, R of them
    next_record : int array (R, Y)
        The record that follows each record and outcome.
    levels : int array (R, n), optional
        The level of each player that a record stands for.
    """
    S, R, Y = len(game.states), len(names), len(game.outcomes)

    def each(array: Floats, axis: int) -> Floats:
        return array if array.shape[axis] == 1 else np.repeat(array, R, axis=axis)

    flows = {line: flow.mapped(lambda part: each(part, 1)) for line, flow in game.flows.items()}
    start = np.zeros((game.start.shape[0], S, R), dtype=game.start.dtype)
    start[:, :, 0] = game.start
    return game.replace(
        states=tuple(joined(state, name) for state in game.states for name in names),
        start=start.reshape(-1, S * R),
        allowed=np.repeat(game.allowed, R, axis=0),
        ends_round=np.repeat(game.ends_round, R),
        probabilities=each(game.probabilities, 1),
        next_state=(game.next_state[:, None] * R + next_record[None]).reshape(S * R, Y),
        flows=flows,
        levels=np.repeat(game.levels, R, axis=0) if levels is None else np.tile(levels, (S, 1)),
        agreement=np.repeat(game.agreement, R, axis=0),
        keeps=np.repeat(game.keeps, R, axis=0),
        fallback=np.repeat(game.fallback, R, axis=1),
        discount_factor=np.repeat(game.discount_factor, R, axis=1),
    )


def add_flow(
    game: Game,
    line: str,
    kind: LineKind,
    *,
    by_profile: Floats | None = None,
    by_outcome: Floats | None = None,
) -> Game:
    """Return the game with one more ledger line, per account and move.

    Parameters
    ----------
    by_profile : array (b, S, P, c), optional
        Paid by what was really done: with trembles it follows the deed.
    by_outcome : array (b, S, Y, c), optional

    Raises
    ------
    GameError
        Where a line of that name is there already.
    """
    if line in game.flows:
        raise GameError(f"the ledger has a line '{line}' already", "flows")
    if any(flow.kind == "regard" for flow in game.flows.values()):
        raise GameError(f"'{line}' comes too late: altruism is always applied last")
    if by_profile is not None and by_profile.shape[2] > 1 and (game.deeds >= 0).any():
        by_deed = by_profile[:, :, game.deed_profile[0]]
        by_outcome = by_deed if by_outcome is None else by_deed + by_outcome
        by_profile = None
    return game.replace(flows={**game.flows, line: Flow(kind, by_profile, by_outcome)})


def per_round(game: Game, amounts: Floats) -> Floats:
    """Return a flow by profile, (b, S, 1, c), that pays ``amounts`` (b, c) in the move that ends a round.

    Nothing is paid in states where nobody will ever have a choice again.
    """
    charged = game.ends_round & ~game.over
    if charged.all():
        return amounts[:, None, None]
    return amounts[:, None, None] * charged[None, :, None, None]


def charge(game: Game, cost: Floats, paid_by: str) -> Floats:
    """Return who bears a cost per player-round, (b, c): every participant alike, or the authority all of it.

    Raises
    ------
    GameError
        Where the game has no account called ``authority``.
    """
    amounts = np.zeros((len(cost), len(game.accounts)), dtype=cost.dtype)
    if paid_by == "participants":
        amounts[:, : game.n] = -cost[:, None]
    else:
        amounts[:, authority(game)] = -game.n * cost
    return amounts


def authority(game: Game) -> int:
    """Return the place of the account that stands above the players."""
    if "authority" not in game.accounts:
        raise GameError(f"no account 'authority' among {', '.join(game.accounts)}", "paid_by")
    return game.accounts.index("authority")


def joined(first: str, second: str) -> str:
    """Join two names, leaving out what is empty."""
    return "; ".join(part for part in (first, second) if part)


def paired(views: Ints, sees: Ints) -> Ints:
    """Return the symbols of who sees two things at once, numbered from 0 without gaps, (n, Y*Z)."""
    both = views[:, :, None] * (sees.max() + 1) + sees[:, None, :]
    return np.stack([np.unique(own, return_inverse=True)[1].ravel() for own in both])


def overridden(old: Ints, new: Ints, nothing: int) -> Ints:
    """Return newer readings over older ones, (..., Y*Z); where the new one says nothing the old stays."""
    wide = np.repeat(old, new.shape[-1], axis=-1)
    late = np.tile(new, old.shape[-1])
    return np.where(late == nothing, wide, late)
