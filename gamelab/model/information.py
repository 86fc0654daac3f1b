"""Time and information: a stage game repeated, who sees what of it, misreading and trembles."""

from __future__ import annotations

import itertools
import math
from typing import Literal

import numpy as np

from gamelab.errors import GameError
from gamelab.model.combinators import add_signal, joined, paired
from gamelab.model.exactness import in_kind
from gamelab.model.game import Bools, Floats, Game, Ints, check_size
from gamelab.model.grids import of_player
from gamelab.model.ledger import Flow
from gamelab.model.settings import DiscountFactor, PerPlayer, Probability, Rounds, settled


@settled
def repeated(
    stage: Game,
    *,
    discount_factor: PerPlayer[DiscountFactor] | None = None,
    continuation_probability: DiscountFactor | None = None,
    rounds: Rounds | None = None,
    observe: Literal["public", "private", "none"] = "public",
    misreading: PerPlayer[Probability] = 0,
    tremble: PerPlayer[Probability] = 0,
) -> Game:
    """Return the stage game played again and again.

    Parameters
    ----------
    discount_factor : array
        Weight of the next round, from 0 to below 1; up to 1 with ``rounds``. Alone with ``rounds``: 1.
    continuation_probability : array
        Chance that another round follows; multiplies the discount factor.
    rounds : int
        Number of rounds, at most 10,000; without it the game is open-ended.
    observe : str
        ``public`` (one common record of the whole profile), ``private`` (own reading of each other
        player) or ``none``.
    misreading : array
        Probability that an action is read as another one, each equally likely; by player: of whose action.
    tremble : array
        Probability that a player does another action than the one chosen; payoffs and readings follow
        the deed.

    Raises
    ------
    GameError
        For settings out of range, or an open end without a discount factor below 1.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> gl.repeated(stage, discount_factor=0.9)
    <Game of player_1, player_2: open-ended, 1 states, 4 outcomes, lines material>
    """
    if stage.rounds != 1 or (stage.conduct >= 0).any() or (stage.deeds >= 0).any():
        raise GameError("repeats a stage game, and this one is repeated already", "repeated")
    factors = [factor for factor in (discount_factor, continuation_probability) if factor is not None]
    if not factors and rounds is None:
        raise GameError("give discount_factor, continuation_probability or rounds", "discount_factor")
    game, (e, t, *weights) = stage.spread(misreading, tremble, *factors)
    columns = [weight if weight.ndim > 1 else weight[:, None] for weight in weights]
    effective = math.prod(columns, start=in_kind(np.ones((1, 1)), e))
    if rounds is None and np.any(effective >= 1):
        key = "discount_factor" if discount_factor is not None else "continuation_probability"
        raise GameError(
            "1 leaves an open-ended game without a value: write a number below 1, or give rounds", key
        )
    weight = np.where(game.ends_round[:, None], effective[:, None], 1)
    game = game.replace(discount_factor=weight, rounds=rounds)
    if (t > 0).any():
        game = trembling(game, t)
    if observe == "public":
        return publicly_read(game, e)
    return privately_read(game, e) if observe == "private" else game


def trembling(game: Game, tremble: Floats) -> Game:
    """Return the game in which each player does another action than the one chosen, by chances (b, n).

    Every outcome then says what was done; each player sees the own deed.
    """
    slip = together(game, slips(game, tremble))
    b, S, P, D = slip.shape
    Y = len(game.outcomes)
    grid = np.broadcast_shapes((b, S), game.probabilities.shape[:2])
    check_size(math.prod((*grid, P, D, Y)), "a game without tremble would be smaller", grid[0])
    after = np.broadcast_to(game.probabilities, (*game.probabilities.shape[:2], P, Y))
    flows = {line: Flow(flow.kind, None, _by_deed(flow, D, Y)) for line, flow in game.flows.items()}
    mixed = slip[..., None] * after[:, :, None]
    deeds = np.repeat(game.profiles.T, Y, axis=1)
    done = tuple(f"done {label}" for label in game.profile_names)
    return game.replace(
        outcomes=tuple(joined(label, outcome) for label in done for outcome in game.outcomes),
        probabilities=mixed.reshape((*mixed.shape[:3], D * Y)),
        next_state=np.tile(game.next_state, (1, D)),
        flows=flows,
        views=paired(game.profiles.T, game.views),
        conduct=np.tile(game.conduct, (1, 1, D)),
        deeds=deeds,
        finding=np.tile(game.finding, (1, D)),
    )


def _by_deed(flow: Flow, D: int, Y: int) -> Floats:
    """Return a line as paid by outcome, where an outcome is (deed, older outcome)."""
    total: Floats = np.zeros((1, 1, D, Y, 1), dtype=flow.parts()[0].dtype)
    if flow.by_profile is not None:
        total = total + flow.by_profile[:, :, :, None]
    if flow.by_outcome is not None:
        total = total + flow.by_outcome[:, :, None]
    return total.reshape((*total.shape[:2], D * Y, total.shape[-1]))


def publicly_read(game: Game, misreading: Floats, reach: Floats | None = None) -> Game:
    """Return the game with one common record of every player's deed, misread with chances (b, n).

    With ``reach`` (b,) the record appears with that probability only; where it does it overrides older
    readings, where it does not the older readings stay.
    """
    readings = together(game, slips(game, misreading))
    conduct = np.broadcast_to(game.profiles.T, (game.n, *game.profiles.T.shape))
    names = tuple(f"read {label}" for label in game.profile_names)
    if reach is not None:
        p = reach[:, None, None, None]
        unseen = np.broadcast_to(1 - p, (len(reach), *readings.shape[1:3], 1))
        shown = p * readings
        b = max(len(unseen), len(shown))
        readings = np.concatenate(
            [np.broadcast_to(part, (b, *part.shape[1:])) for part in (unseen, shown)], -1
        )
        nothing = -np.ones((game.n, game.n, 1), dtype=int)
        conduct = np.concatenate([nothing, conduct], axis=-1)
        names = ("unpublished", *names)
    sees = np.broadcast_to(np.arange(len(names)), (game.n, len(names)))
    return add_signal(game, names, sees, given_profile=readings, conduct=conduct)


def privately_read(game: Game, misreading: Floats) -> Game:
    """Return the game in which each player reads every other's deed alone, misread with chances (b, n)."""
    pairs = [(i, j) for i in range(game.n) for j in range(game.n) if j != i]
    P, Z = len(game.profiles), math.prod(game.sizes[j] for _, j in pairs)
    kernels = slips(game, misreading)
    b, S = np.broadcast_shapes(*(kernel.shape[:2] for kernel in kernels))
    check_size(b * S * P * Z, "a public record or fewer players would be smaller", b)
    combinations = np.array(list(itertools.product(*(range(game.sizes[j]) for _, j in pairs))), dtype=int)
    combinations = combinations.reshape(Z, len(pairs))
    table = np.ones((b, S, P, Z), dtype=kernels[0].dtype)
    conduct = -np.ones((game.n, game.n, Z), dtype=int)
    for k, (i, j) in enumerate(pairs):
        table = table * kernels[j][:, :, game.profiles[:, j][:, None], combinations[None, :, k]]
        conduct[i, j] = combinations[:, k]
    sees = [
        np.unique(
            combinations[:, [k for k, (i, _) in enumerate(pairs) if i == viewer]], axis=0, return_inverse=True
        )[1]
        for viewer in range(game.n)
    ]
    names = tuple(
        ", ".join(
            f"{game.players[i]} reads {game.actions[j][a]} of {game.players[j]}"
            for (i, j), a in zip(pairs, row)
        )
        for row in combinations
    )
    return add_signal(
        game, names, np.stack([own.ravel() for own in sees]), given_profile=table, conduct=conduct
    )


def slips(game: Game, rate: Floats) -> list[Floats]:
    """Return for each player the probabilities (b, S, A, A) that an action turns into another one.

    The others that are allowed in the state are equally likely; S has size 1 where all states allow the
    same. Where there is no other, nothing slips. ``rate`` is (b, n), or (b, 1) for all.
    """
    same = (game.allowed == game.allowed[:1]).all()
    allowed = game.allowed[:1] if same else game.allowed
    kernels = []
    for i, size in enumerate(game.sizes):
        own = allowed[:, i, :size]
        same_action = in_kind(np.eye(size), rate)
        others = in_kind(own[:, :, None] & own[:, None, :], rate) * (1 - same_action)
        count = others.sum(axis=2, keepdims=True)
        away = np.divide(others, count, out=np.zeros_like(others), where=count > 0)
        stay = same_action[None] - same_action[None] * (count > 0)
        r = of_player(rate, i)[:, None, None, None]
        kernels.append(stay[None] + r * away[None] + (1 - r) * same_action * (count > 0)[None])
    return kernels


def together(game: Game, kernels: list[Floats]) -> Floats:
    """Return the probabilities (b, S, P, P) that a profile turns into another, player by player."""
    b, S = np.broadcast_shapes(*(kernel.shape[:2] for kernel in kernels))
    P = len(game.profiles)
    check_size(b * S * P * P, "fewer players or actions would be smaller", b)
    table = np.ones((b, S, P, P), dtype=kernels[0].dtype)
    for i, kernel in enumerate(kernels):
        table = table * kernel[:, :, game.profiles[:, i][:, None], game.profiles[:, i][None, :]]
    return table


def reads_privately(game: Game, player: int) -> Bools:
    """Return in which outcomes a player reads somebody else for oneself, (Y,)."""
    record = np.stack([game.conduct[j, j] >= 0 for j in range(game.n)])
    reading = (game.conduct[player] >= 0) & ~record
    reading[player] = False
    return reading.any(axis=0)


def symbol_outcomes(game: Game, player: int) -> Ints:
    """Return for each symbol of a player one outcome that shows it, (V,)."""
    return np.unique(game.views[player], return_index=True)[1]
