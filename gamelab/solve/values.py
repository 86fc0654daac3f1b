"""Values: what a profile pays, per ledger line and account, as a normalised average per round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.expectation import magnitude
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.solve.continuation import CLOSE_TO_ONE, ROUNDING, without_cancelling
from gamelab.solve.joint import Chain, chains
from gamelab.solve.long_run import long_run_occupancy

if TYPE_CHECKING:
    import pandas as pd


@frozen_result
@dataclass(frozen=True, eq=False)
class Value:
    """What a profile pays; every array has the shape of the game's grid first.

    Parameters
    ----------
    players, accounts : tuple of str
    ledger : mapping of str to array (..., c)
        Each line's payoff per round to every account.
    kinds : mapping of str to str
        The kind of each line.
    cooperation : array (...)
        Discounted share of player-moves on the agreement; nan where there is none.
    error : array (...), optional
        How far rounding may reach in any number of the ledger; None where that was not asked.
    """

    players: tuple[str, ...]
    accounts: tuple[str, ...]
    ledger: dict[str, Floats]
    kinds: dict[str, str]
    cooperation: Floats
    error: Floats | None = None

    def of_kind(self, *kinds: str) -> Floats:
        """Return the sum of the lines of these kinds, (..., c)."""
        lines = [flow for line, flow in self.ledger.items() if self.kinds[line] in kinds]
        return sum(lines) if lines else np.zeros_like(next(iter(self.ledger.values())))  # type: ignore[return-value]

    @property
    def payoffs(self) -> Floats:
        """All lines but regard, per player, (..., n)."""
        return self.of_kind("material", "transfer", "fine", "cost")[..., : len(self.players)]

    @property
    def utilities(self) -> Floats:
        """All lines, per player, (..., n): what incentives use."""
        return self.of_kind("material", "transfer", "fine", "cost", "regard")[..., : len(self.players)]

    @property
    def joint_payoff(self) -> Floats:
        """Sum of the players' payoffs, (...)."""
        return np.asarray(self.payoffs.sum(axis=-1))

    def to_frame(self) -> pd.DataFrame:
        """Return the ledger as a table: one row per grid point, line and account."""
        import pandas as pd

        rows: list[dict[str, Any]] = []
        for line, flow in self.ledger.items():
            for place in np.ndindex(flow.shape):
                grid = {f"axis_{k}": index for k, index in enumerate(place[:-1])}
                row = {**grid, "line": line, "kind": self.kinds[line], "account": self.accounts[place[-1]]}
                rows.append({**row, "payoff": float(flow[place])})
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False))


def value(
    game: Game,
    automata: Sequence[Automaton],
    *,
    limit_of_means: bool = False,
    discount_factor: Floats | float | None = None,
) -> Value:
    """Return what the profile pays from the start of the game.

    Parameters
    ----------
    game : Game
    automata : sequence of Automaton, one per player
    limit_of_means : bool
        The limit for a discount factor that goes to 1, in place of the game's own.
    discount_factor : float or array (b,), optional
        One common factor to account with, for games whose players differ.

    Returns
    -------
    Value
        Normalised averages per round: (1-d) sum d^t u_t, or sum d^t u_t / sum d^t over finitely many
        rounds. Accounts that are not players, and cooperation, are discounted with the highest factor.

    Raises
    ------
    GameError
        For automata that do not fit the game, or a limit of means of finitely many rounds.
    """
    if limit_of_means and game.rounds is not None:
        raise GameError("the limit of means is for open-ended games; this one has rounds", "limit_of_means")
    if discount_factor is not None:
        game = with_discount_factor(game, discount_factor)
    shape = (game.batch, len(game.accounts))
    ledger = {line: np.empty(shape) for line in game.flows}
    cooperation, error = np.empty((2, game.batch))
    for points, chain in chains(game, automata):
        flows, share, error[points] = _valued(chain, limit_of_means)
        for line, amounts in flows.items():
            ledger[line][points] = amounts
        cooperation[points] = share
    return Value(
        game.players,
        game.accounts,
        {line: amounts.reshape((*game.shape, -1)) for line, amounts in ledger.items()},
        {line: flow.kind for line, flow in game.flows.items()},
        cooperation.reshape(game.shape),
        error.reshape(game.shape),
    )


def with_discount_factor(game: Game, factor: Floats | Fraction | float) -> Game:
    """Return the game with one discount factor for all players, at every state that ends a round."""
    game, (d,) = game.spread(factor)
    weight = np.where(game.ends_round, d[:, None], 1)[:, :, None]
    return game.replace(discount_factor=weight)


def _valued(chain: Chain, limit_of_means: bool) -> tuple[dict[str, Floats], Floats, Floats]:
    """Return ledger and share, and how far rounding may reach in the ledger, (b,)."""
    game = chain.game
    players = 1 if game.discount_factor.shape[2] == 1 else game.n
    visits = [occupancy(chain, player, limit_of_means=limit_of_means) for player in range(players)]
    common = _at_each(visits, game.most_patient)
    by_state = [chain_states(chain, visit[:, :, None] * chain.weights) for visit in (common, *visits)]
    ledger = {}
    for line, flow in chain.moves.flows.items():
        paid = flow_paid(by_state[0], flow)
        for player in range(players if players > 1 else 0):  # each has a factor of one's own
            paid[:, player] = flow_paid(by_state[1 + player], flow[..., [player]])[:, 0]
        ledger[line] = paid + chain.moves.base[line]
    error = np.maximum.reduce(
        [reach(chain, k, visit, limit_of_means=limit_of_means) for k, visit in enumerate(visits)]
    )
    return ledger, kept_share(chain, common), error


def common_occupancy(chain: Chain) -> Floats:
    """Return the visits of each joint state, (b, X), discounted with the highest factor of the players."""
    players = range(chain.game.discount_factor.shape[2])
    return _at_each([occupancy(chain, player) for player in players], chain.game.most_patient)


def _at_each(parts: Sequence[Floats], which: Ints) -> Floats:
    """Return at each point of the batch one of several arrays (b, X), as ``which`` (b,) says."""
    if len(parts) == 1:
        return parts[0]
    every = np.stack(np.broadcast_arrays(*parts))
    return every[np.broadcast_to(which, every.shape[1]), np.arange(every.shape[1])]


def reach(chain: Chain, player: int, visits: Floats, *, limit_of_means: bool = False) -> Floats:
    """Return how far rounding of the visits (b, X) may reach in what is paid there, (b,).

    Sums of what is paid are rounded; and where visits v do not solve v (I - d M) = (1-d) start up to r, they
    are off by at most the sum of |r| over 1 - d.
    """
    paid = (chain.weights[..., None] * chain.at_states(magnitude(chain.game))).sum(axis=2).max(axis=2)
    error = ROUNDING * (visits * paid).sum(axis=1)
    d = chain.game.one_discount[:, min(player, chain.game.one_discount.shape[1] - 1)]
    if chain.game.rounds is not None or limit_of_means or (1 - d).min() < CLOSE_TO_ONE:
        return np.asarray(error)
    after = ((visits * chain.discount(player))[:, None] @ chain.transition(chain.weights))[:, 0]
    rest = np.abs((1 - d)[:, None] * chain.start - visits + after) + ROUNDING / 16 * np.abs(visits)
    rest = rest.sum(axis=1) / (1 - d)
    return np.asarray(error + rest * paid.max(axis=1))


def chain_states(chain: Chain, profiles: Floats) -> Floats:
    """Sum chances of profiles by joint state, (b, X, P), into chances by game state, (b, S, P)."""
    S = len(chain.game.states)
    if len(chain.state) == S and (chain.state == np.arange(S)).all():
        return profiles
    total = np.zeros((len(profiles), S, profiles.shape[2]))
    for x, s in enumerate(chain.state):
        total[:, s] += profiles[:, x]
    return total


def flow_paid(by_state: Floats, flow: Floats) -> Floats:
    """Return the expected flow, (b, c), from chances (b, S, P) and a flow (b, S, P, c)."""
    for axis in (1, 2):
        if flow.shape[axis] == 1 and by_state.shape[axis] > 1:
            by_state = by_state.sum(axis=axis, keepdims=True)
    wide = by_state.reshape(len(by_state), 1, -1)
    size = (flow.shape[0], wide.shape[2], flow.shape[3])
    flow = np.broadcast_to(flow, (flow.shape[0], *by_state.shape[1:], flow.shape[3]))
    return (wide @ flow.reshape(size))[:, 0]


def occupancy(chain: Chain, player: int = 0, *, limit_of_means: bool = False) -> Floats:
    """Return the discounted visits of each joint state per round, (b, X): those that end a round sum to 1."""
    matrix, d = chain.transition(chain.weights), chain.game.one_discount
    own = d[:, min(player, d.shape[1] - 1)]
    return visits_of(matrix, chain.start, chain.ends, own, chain.game.rounds, limit_of_means=limit_of_means)


def visits_of(
    matrix: Floats, start: Floats, ends: Bools, d: Floats, rounds: int | None, *, limit_of_means: bool = False
) -> Floats:
    """Return the discounted visits of each state of a chain per round, (b, X): those that end one sum to 1.

    Parameters
    ----------
    matrix : array (b, X, X)
        Chances of the next state.
    start : array (b, X)
        Chances of the first state.
    ends : bool array (X,) or (b, X)
        The states whose move ends a round.
    d : array (b,)
        The weight of the next round.
    rounds : int or None
        How many there are; None for open-ended.
    limit_of_means : bool
        The limit for d that goes to 1.
    """
    if limit_of_means:
        return long_run_occupancy(matrix, start, ends)
    if rounds is not None:
        return _finite_visits(matrix, start, ends, d[:, None], rounds)
    discount, identity = np.where(ends, d[:, None], 1.0), np.eye(matrix.shape[1])
    if (1 - d).min() < CLOSE_TO_ONE:  # an ordinary solver loses as many digits as 1 / (1 - d) has
        inverse = without_cancelling(discount, matrix, identity[None])
        visits = (start[:, None] @ inverse)[:, 0]
    else:  # v (I - d M) = start
        system = identity - discount[:, :, None] * matrix
        visits = np.linalg.solve(np.swapaxes(system, 1, 2), start[..., None])[..., 0]
    return (1 - d)[:, None] * visits


def _finite_visits(matrix: Floats, start: Floats, ends: Bools, d: Floats, rounds: int) -> Floats:
    inside, across = split(matrix, ends)
    entered: Floats = np.broadcast_to(start, (max(len(matrix), len(start)), matrix.shape[1]))
    total, weight = np.zeros((max(len(entered), len(d)), matrix.shape[1])), np.ones_like(d)
    for _ in range(rounds):
        visits = through_round(entered, inside)
        total += weight * visits
        entered = (visits[:, None] @ across)[:, 0]
        weight = weight * d
    return total / round_weights(d, rounds)


def round_weights(d: Floats, rounds: int) -> Floats:
    """Return the sum of d^t over the rounds."""
    return np.asarray(sum(d**t for t in range(rounds)))


def normaliser(chain: Chain) -> Floats:
    """Return what turns a discounted sum into an average per round, (b, n) or (b, 1)."""
    return per_round(chain.game.one_discount, chain.game.rounds)


def per_round(d: Floats, rounds: int | None) -> Floats:
    """Return the weight of the first round in an average per round, at discount factors."""
    return np.asarray(1 - d if rounds is None else 1 / round_weights(d, rounds))


def split(matrix: Floats, ends: Bools) -> tuple[Floats | None, Floats]:
    """Return the moves inside a round (None where there are none) and those that open the next one."""
    if ends.all():
        return None, matrix
    inside = matrix * ~ends[..., None]
    return inside, matrix - inside


def through_round(entered: Floats, inside: Floats | None) -> Floats:
    """Return the visits during one round, (b, X), from where it is entered."""
    visits, step = entered, entered
    while inside is not None:
        step = (step[:, None] @ inside)[:, 0]
        if not step.any():
            break
        visits = visits + step
    return visits


def kept_share(chain: Chain, visits: Floats) -> Floats:
    """Return the discounted share of player-moves on the agreement, (b,); nan where none is agreed."""
    agreed, kept = agreement_kept(chain.game)
    moves = visits @ agreed[chain.state]
    total = np.asarray((visits * (chain.weights * chain.at_states(kept)).sum(axis=2)).sum(axis=1))
    return share_of(total, moves)


def share_of(kept: Floats, agreed: Floats) -> Floats:
    """Return the share of what was agreed that was kept; nan where nothing was."""
    return np.divide(kept, agreed, out=np.full(np.shape(kept), np.nan), where=agreed > 0)


def agreement_kept(game: Game) -> tuple[Floats, Floats]:
    """Return for how many players something is agreed, (S,), and how many of them keep it, (b, S, P).

    What counts is what was really done, which outcomes tell where players tremble.
    """
    agreed = game.agreement >= 0
    kept: Floats = np.zeros((1, len(game.states), len(game.profiles)))
    for i in range(game.n):
        if (game.deeds[i] >= 0).any():
            deed = np.where(game.deeds[i] >= 0, game.deeds[i], game.profiles[:, [i]])
            chance = (game.probabilities * game.keeps[:, i][:, deed]).sum(axis=-1)
        else:
            chance = game.keeps[None, :, i][..., game.profiles[:, i]]
        kept = kept + chance * agreed[:, i, None]
    return agreed.sum(axis=1), kept
