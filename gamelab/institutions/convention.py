"""Convention: an agreed rule says whose favourite is played this round."""

from __future__ import annotations

from typing import Literal

import numpy as np

from gamelab.errors import GameError, listed, nearest
from gamelab.model.combinators import add_flow, add_record, add_signal, charge, per_round
from gamelab.model.exactness import in_kind
from gamelab.model.expectation import material_payoffs
from gamelab.model.game import Game, Ints
from gamelab.model.settings import Cost, PerPlayer, settled
from gamelab.model.stage import favourite_equilibria


@settled
def convention(
    game: Game,
    *,
    rule: Literal["rotate", "favour", "lottery"] = "rotate",
    player: str | None = None,
    cost: PerPlayer[Cost] = 0,
    paid_by: Literal["participants", "authority"] = "participants",
) -> Game:
    """Convention: a public recommendation each round becomes the agreement.

    It recommends the stage equilibrium that some player likes best: each player's in turn (rotate), always
    the same player's (favour), or that of a player drawn afresh each round (lottery). In a battle rotation
    pays (a + db)/(1 + d) to whoever starts and (b + da)/(1 + d) to the other, and holds at every discount
    factor (Levy 2025, Box 1, first point).

    Parameters
    ----------
    rule : str
        Who is favoured.
    player : str
        Name of the player who is favoured always; for the rule favour only.
    cost : array
        Cost of the rule, per player and round.
    paid_by : str
        Who bears it.

    Raises
    ------
    GameError
        Where something is agreed already, no stage equilibrium in pure actions exists, or who likes which
        best differs between grid points.

    Examples
    --------
    >>> import gamelab as gl
    >>> game = gl.repeated(gl.battle(high=3, low=2), discount_factor=0.9)
    >>> gl.convention(game).states
    ("player_1's turn", "player_2's turn")
    """
    if (game.finding > 0).any():
        raise GameError("a convention comes before monitoring; put it first")
    if (game.agreement >= 0).any():
        raise GameError("something is agreed already; a convention is for games without an agreement")
    if len(game.states) > 1:
        raise GameError("a convention needs a game with one state; put it first")
    if (rule == "favour") != (player is not None):
        message = "favour needs the name of a player" if player is None else "goes with the rule favour only"
        raise GameError(f"{message}: {listed(game.players)}", "player")
    favourites = _favourites(game)
    game, (m,) = game.spread(cost)
    names = tuple(f"{name}'s turn" for name in game.players)
    turns = np.arange(game.n)
    if rule == "favour":
        ruled = _agreed(game, favourites[[_place(game, str(player))]])
    elif rule == "rotate":
        following = np.repeat((turns[:, None] + 1) % game.n, len(game.outcomes), axis=1)
        ruled = _agreed(add_record(game, names, following), favourites)
    else:
        ruled = _agreed(_drawn(game, names), favourites)
    return add_flow(ruled, "convention.cost", "cost", by_profile=per_round(ruled, charge(ruled, m, paid_by)))


def _favourites(game: Game) -> Ints:
    """Return for each player the actions (n, n) of the pure stage equilibrium that the player likes best."""
    places = favourite_equilibria(material_payoffs(game)[:, 0], game.sizes)
    if places is None:
        raise GameError("a convention needs a stage equilibrium in pure actions, and there is none")
    if (places != places[0]).any():
        i = int((places != places[0]).any(axis=0).argmax())
        raise GameError(f"which equilibrium {game.players[i]} likes best differs between grid points")
    return game.profiles[places[0]]


def _agreed(game: Game, recommended: Ints) -> Game:
    """Return the game whose states hold these agreements, (S, n), one after the other."""
    agreement = np.where(game.has_choice, recommended, -1)
    actions = np.arange(game.allowed.shape[2])
    keeps = np.where(game.has_choice[..., None], agreement[..., None] == actions, game.allowed)
    return game.replace(agreement=agreement, keeps=keeps)


def _drawn(game: Game, names: tuple[str, ...]) -> Game:
    """Return the game with a public draw of whose turn comes next; the first turn is drawn, too."""
    n = game.n
    share = in_kind(np.ones((1, n)), game.start) / n
    sees = np.broadcast_to(np.arange(n), (n, n))
    draws = tuple(f"next {name}" for name in names)
    drawn = add_signal(game, draws, sees, given_outcome=share[:, None, None])
    following = np.tile(np.arange(n), len(game.outcomes))
    recorded = add_record(drawn, names, np.broadcast_to(following, (n, len(following))))
    return recorded.replace(start=share)


def _place(game: Game, name: str) -> int:
    if name not in game.players:
        hint = nearest(name, game.players)
        raise GameError(f"no player is called '{name}'; write {listed(game.players)}{hint}", "player")
    return game.players.index(name)
