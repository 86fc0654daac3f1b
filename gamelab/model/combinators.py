"""The three ways in which an institution changes a game: add a signal, add a record, add a flow."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.game import Floats, Game, Ints, check_size
from gamelab.model.ledger import Flow, LineKind
from gamelab.model.merging import pairs_of

BY_OUTCOME = ("next_state", "views", "conduct", "deeds", "finding")
"""The fields of a game whose last axis are the outcomes, beside their probabilities."""


def add_signal(
    game: Game,
    names: tuple[str, ...],
    sees: Ints,
    *,
    given_profile: Floats | None = None,
    given_outcome: Floats | None = None,
    given_both: Floats | None = None,
    conduct: Ints | None = None,
    finding: Ints | None = None,
) -> Game:
    """Return the game in which every move also produces an independent signal.

    Its outcomes are the pairs of an older outcome, slowest, and a signal.

    Parameters
    ----------
    names : tuple of str, Z of them
    sees : int array (n, Z)
        What each player sees of the signal.
    given_profile : array (b, S, P, Z)
        Probabilities of the signal by what was really done; size 1 is allowed on b, S and P.
    given_outcome : array (b, S, Y, Z)
        Or: probabilities by what came of the move so far.
    given_both : array (b, S, P, Y, Z)
        Or: by what was really done and what came of it, such as a verdict on a finding; size 1 is allowed
        on b, S, P and Y.
    conduct : int array (n, n, Z), optional
        The action of each subject that each viewer reads off the signal; where it is -1 the older
        reading stays. Where it is public (the subject reads it, too), it takes the place of what others had
        read for themselves; older outcomes that only such readings told apart are then one.
    finding : int array (n, Z), optional
        A finding on each player; where it is 0 the older one stays.

    Raises
    ------
    GameError
        Where the table of probabilities would be too large, or not exactly one is given.
    """
    Y, Z = len(game.outcomes), len(names)
    tables = [
        None if given_profile is None else given_profile[:, :, :, None],
        None if given_outcome is None else given_outcome[:, :, None],
        given_both,
    ]
    if sum(table is not None for table in tables) != 1:
        raise GameError(
            "give the signal's probabilities by profile, by outcome or by both: one of them", "add_signal"
        )
    (table,) = (table for table in tables if table is not None)
    fresh = -np.ones((game.n, game.n, Z), dtype=int) if conduct is None else conduct
    findings = np.zeros((game.n, Z), dtype=int) if finding is None else finding
    pairs = pairs_of(game, fresh)
    old, y, z = game.probabilities[..., None], pairs.outcome, pairs.signal
    sizes = (*np.broadcast_shapes(old.shape[:3], table.shape[:3]), len(y))
    check_size(
        math.prod(sizes),
        "fewer players, actions or signals would be smaller, or a large grid in parts (on_grid)",
        sizes[0],
    )
    if (game.deeds >= 0).any() and table.shape[2] > 1:  # what was really done, not what was chosen
        table = table[:, :, game.deed_profile, np.arange(Y) if table.shape[3] > 1 else 0]
    flows = {
        line: flow.mapped(lambda part: part, lambda part: part[:, :, y]) for line, flow in game.flows.items()
    }
    return game.replace(
        outcomes=tuple(joined(outcome, names[k]) for outcome, k in zip(pairs.named(game.outcomes), z)),
        probabilities=pairs.chances(old, table),
        next_state=game.next_state[:, y],
        flows=flows,
        views=numbered(pairs.views, sees[:, z]),
        conduct=np.where(fresh[..., z] >= 0, fresh[..., z], game.conduct[..., y]),
        deeds=game.deeds[:, y],
        finding=np.where(findings[:, z] > 0, findings[:, z], game.finding[:, y]),
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
    by_both: Floats | None = None,
) -> Game:
    """Return the game with one more ledger line, per account and move.

    Parameters
    ----------
    by_profile : array (b, S, P, c), optional
        Paid by what was really done: with trembles it follows the deed.
    by_outcome : array (b, S, Y, c), optional
        Paid by what came of it.
    by_both : array (b, S, P, Y, c), optional
        Paid by what was really done and what came of it, together. An outcome that then pays in several ways
        becomes several outcomes, which nobody can tell apart.

    Raises
    ------
    GameError
        Where a line of that name is there already.
    """
    if line in game.flows:
        raise GameError(f"the ledger has a line '{line}' already", "flows")
    if any(flow.kind == "regard" for flow in game.flows.values()):
        raise GameError(f"'{line}' comes too late: altruism is always applied last")
    if by_both is not None:
        game, origin, paid = told_apart(game, by_both)
        by_outcome = paid if by_outcome is None else paid + by_outcome[:, :, origin]
    if by_profile is not None and by_profile.shape[2] > 1 and (game.deeds >= 0).any():
        by_deed = by_profile[:, :, game.deed_profile[0]]
        by_outcome = by_deed if by_outcome is None else by_deed + by_outcome
        by_profile = None
    return game.replace(flows={**game.flows, line: Flow(kind, by_profile, by_outcome)})


def told_apart(game: Game, amounts: Floats) -> tuple[Game, Ints, Floats]:
    """Return the game whose outcomes say what is paid; which old one each is, (Y',); the pay, (b, S, Y', c).

    Parameters
    ----------
    amounts : array (b, S, P, Y, c)
        Paid by what was really done and what came of it; size 1 is allowed on b and S.
    """
    Y, P = len(game.outcomes), len(game.profiles)
    wide = np.broadcast_to(amounts, (*amounts.shape[:2], P, Y, amounts.shape[4]))
    if (game.deeds >= 0).any():  # the outcome says what was done
        return game, np.arange(Y), wide[:, :, game.deed_profile[0], np.arange(Y)]
    first: list[tuple[int, int]] = []  # of each new outcome the old one, and a profile that pays like this
    ways = np.empty((P, Y), dtype=int)
    for y in range(Y):
        places: dict[tuple[Any, ...], int] = {}
        for p in range(P):
            way = tuple(wide[:, :, p, y].ravel().tolist())
            if way not in places:
                places[way] = len(first)
                first.append((y, p))
            ways[p, y] = places[way]
    if len(first) == Y:
        return game, np.arange(Y), wide[:, :, 0]
    origin, payer = np.array(first).T
    happens = ways[:, origin] == np.arange(len(first))
    b, S = game.probabilities.shape[:2]
    check_size(b * S * happens.size, "payments that differ in fewer ways would be smaller", b)
    split = game.replace(
        outcomes=tuple(game.outcomes[y] for y in origin),
        probabilities=game.probabilities[..., origin] * happens,
        flows={
            line: flow.mapped(lambda part: part, lambda part: part[:, :, origin])
            for line, flow in game.flows.items()
        },
        **{name: getattr(game, name)[..., origin] for name in BY_OUTCOME},
    )
    return split, origin, wide[:, :, payer, origin]


def per_round(game: Game, amounts: Floats) -> Floats:
    """Return a flow by profile, (b, S, 1, c), that pays ``amounts`` (b, c) in the move that ends a round.

    Nothing is paid in states where nobody will ever have a choice again.
    """
    charged = game.ends_round & ~game.over
    if charged.all():
        return amounts[:, None, None]
    return amounts[:, None, None] * charged[None, :, None, None]


def charge(game: Game, cost: Floats, paid_by: str) -> Floats:
    """Return who bears costs per player-round (b, n), as (b, c): every participant the own, or the authority.

    Raises
    ------
    GameError
        Where the game has no account called ``authority``.
    """
    amounts = np.zeros((len(cost), len(game.accounts)), dtype=cost.dtype)
    if paid_by == "participants":
        amounts[:, : game.n] = -cost
    else:
        amounts[:, authority(game)] = -np.broadcast_to(cost, (len(cost), game.n)).sum(axis=1)
    return amounts


def authority(game: Game) -> int:
    """Return the place of the account that stands above the players."""
    if "authority" not in game.accounts:
        raise GameError(f"no account 'authority' among {', '.join(game.accounts)}", "paid_by")
    return game.accounts.index("authority")


def joined(first: str, second: str) -> str:
    """Join two names, leaving out what is empty."""
    return f"{first}; {second}" if first and second else first or second


def paired(views: Ints, sees: Ints) -> Ints:
    """Return the symbols of who sees two things at once, (n, Y*Z)."""
    return numbered(np.repeat(views, sees.shape[1], axis=1), np.tile(sees, views.shape[1]))


def numbered(views: Ints, sees: Ints) -> Ints:
    """Return symbols for pairs of symbols, (n, K), numbered from 0 without gaps."""
    both = views * (sees.max() + 1) + sees
    return np.stack([np.unique(own, return_inverse=True)[1] for own in both])
