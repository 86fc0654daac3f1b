"""A tournament: strategies of the house against each other, exact or sampled, with ranking and equilibria."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.arguments import Matches, Progress, Seed, checked, whole
from gamelab.model.freezing import frozen_result, read_only
from gamelab.model.game import Floats, Game
from gamelab.model.settings import MOST_ROUNDS, Count
from gamelab.simulate.tournament.entrants import Entrant, entrants_of
from gamelab.simulate.tournament.induced_game import InducedEquilibria, induced_equilibria
from gamelab.simulate.tournament.round_robin import solved
from gamelab.simulate.tournament.sampled_pairs import sampled
from gamelab.ties import same, slack

if TYPE_CHECKING:
    import pandas as pd

PAID = ("material", "transfer", "fine", "cost")


@dataclass(frozen=True)
class Standing:
    """One line of a ranking.

    Parameters
    ----------
    place : int
        1 is best; ties share a place.
    name : str
    payoff : float
        Per round, the mean over opponents and seats.
    standard_error : float or None
        Of a sampled payoff.
    cooperation : float
        Mean share of moves on the agreement in its matches; nan where there is none.
    """

    place: int
    name: str
    payoff: Any
    standard_error: float | None
    cooperation: Any


@frozen_result
@dataclass(frozen=True, eq=False, repr=False)
class Tournament:
    """What strategies earn against each other; rows sit in the first seat, columns in the second.

    Parameters
    ----------
    names : tuple of str, k of them
    seats, accounts : tuple of str
        The game's players, and who else is paid.
    ledger : mapping of str to array (k, k, c)
        Each line's payoff per round to every account.
    kinds : mapping of str to str
        The kind of each line.
    cooperation : array (k, k)
        Share of player-moves on the agreement; nan where there is none.
    seat_errors : array (k, k, 2) or None
        Standard errors of ``by_seat`` where it was sampled.
    self_play : bool
        Whether the ranking counts matches of a strategy against itself.
    left_out : mapping of str to str
        Who cannot play this game, and why.
    """

    names: tuple[str, ...]
    seats: tuple[str, ...]
    accounts: tuple[str, ...]
    ledger: Mapping[str, Floats]
    kinds: Mapping[str, str]
    cooperation: Floats
    seat_errors: Floats | None = None
    self_play: bool = True
    left_out: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for array in (*self.ledger.values(), self.cooperation):
            read_only(array)
        if self.seat_errors is not None:
            read_only(self.seat_errors)

    def of_kind(self, *kinds: str) -> Floats:
        """Return the sum of the lines of these kinds, (k, k, c)."""
        lines = [flow for line, flow in self.ledger.items() if self.kinds[line] in kinds]
        return read_only(np.asarray(sum(lines, np.zeros_like(next(iter(self.ledger.values()))))))

    @cached_property
    def by_seat(self) -> Floats:
        """Payoff of each seat, (k, k, 2): all lines but regard."""
        return self.of_kind(*PAID)[..., :2]

    @cached_property
    def utilities(self) -> Floats:
        """What each seat cares for, (k, k, 2): all lines; what equilibria are about."""
        return self.of_kind(*PAID, "regard")[..., :2]

    @cached_property
    def payoffs(self) -> Floats:
        """What the row earns against the column, (k, k): the mean of sitting in the first and second seat."""
        return read_only(np.asarray((self.by_seat[..., 0] + self.by_seat[..., 1].T) / 2))

    @property
    def seats_alike(self) -> bool:
        """Whether it makes no difference who sits in which seat; None of sampled payoffs is the same."""
        return same(self.by_seat[..., 0], self.by_seat[..., 1].T)

    @cached_property
    def standard_errors(self) -> Floats | None:
        """Of ``payoffs``, (k, k); None where they are exact.

        Matches of a strategy against itself count for both seats at once: their error is an upper bound.
        """
        if self.seat_errors is None:
            return None
        own, other = self.seat_errors[..., 0], self.seat_errors[..., 1].T
        together = np.hypot(own, other) / 2
        np.fill_diagonal(together, (own + other).diagonal() / 2)
        return read_only(together)

    @cached_property
    def ranking(self) -> tuple[Standing, ...]:
        """The strategies by their mean payoff over opponents and seats, best first; ties as ties."""
        k = len(self.names)
        counted = np.ones((k, k)) if self.self_play else 1 - np.eye(k)
        opponents = counted.sum(axis=1)
        whole = counted.astype(int).astype(object) if self.payoffs.dtype == object else counted
        mean = (self.payoffs * whole).sum(axis=1) / opponents.astype(int)
        conduct = (self.cooperation + self.cooperation.T) * whole / 2
        errors: list[float | None] = [None] * k
        if self.standard_errors is not None:
            errors = (np.sqrt((self.standard_errors**2 * counted).sum(axis=1)) / opponents).tolist()
        shares = (conduct.sum(axis=1) / opponents.astype(int)).tolist()
        order = sorted(range(k), key=lambda place: -mean[place])
        apart = slack(mean) if errors[0] is None and mean.dtype != object else np.zeros(k, dtype=int)
        places = dict.fromkeys(order[:1], 1)
        for position, (before, own) in enumerate(itertools.pairwise(order), 2):
            tie = mean[before] - mean[own] <= apart[own] + apart[before]
            places[own] = places[before] if tie else position
        payoffs = mean if mean.dtype == object else mean.tolist()
        return tuple(  # of those that share a place whoever was given first is first
            Standing(place, self.names[own], payoffs[own], errors[own], shares[own])
            for own, place in sorted(places.items(), key=lambda entry: (entry[1], entry[0]))
        )

    @cached_property
    def equilibria(self) -> InducedEquilibria:
        """The equilibria of the game in which each seat chooses one of these strategies."""
        equilibria = induced_equilibria(self.names, self.utilities[..., 0], self.utilities[..., 1])
        if self.seat_errors is None:
            return equilibria
        note = "payoffs are sampled, and who is a best reply may be chance"
        return replace(equilibria, note="; ".join(filter(None, (note, equilibria.note))))

    def to_frame(self) -> pd.DataFrame:
        """Return one row per pair: both strategies, what each seat earns, cooperation; errors if sampled."""
        import pandas as pd

        k = len(self.names)
        row, column = np.divmod(np.arange(k * k), k)
        columns: dict[str, Any] = {
            self.seats[0]: np.array(self.names, dtype=object)[row],
            self.seats[1]: np.array(self.names, dtype=object)[column],
        }
        for seat, player in enumerate(self.seats):
            columns[f"payoff.{player}"] = self.by_seat[..., seat].ravel().astype(float)
            if self.seat_errors is not None:
                columns[f"standard_error.{player}"] = self.seat_errors[..., seat].ravel()
        return pd.DataFrame({**columns, "cooperation": self.cooperation.ravel().astype(float)})

    def ranking_frame(self) -> pd.DataFrame:
        """Return the ranking as a table."""
        import pandas as pd

        rows = [
            {
                "place": own.place,
                "strategy": own.name,
                "payoff": float(own.payoff),
                **({} if own.standard_error is None else {"standard_error": own.standard_error}),
                "cooperation": float(own.cooperation),
            }
            for own in self.ranking
        ]
        return pd.DataFrame(rows)

    def ledger_frame(self) -> pd.DataFrame:
        """Return one row per pair, ledger line and account."""
        import pandas as pd

        rows = [
            {
                self.seats[0]: self.names[i],
                self.seats[1]: self.names[j],
                "line": line,
                "kind": self.kinds[line],
                "account": self.accounts[c],
                "payoff": float(amounts[i, j, c]),
            }
            for line, amounts in self.ledger.items()
            for i, j, c in np.ndindex(amounts.shape)
        ]
        return pd.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as results hold it."""
        equilibria = self.equilibria
        return {
            "exact": self.seat_errors is None,
            "seats": list(self.seats),
            "seats_alike": self.seats_alike,
            "self_play": self.self_play,
            "strategies": list(self.names),
            "ranking": [vars(own) for own in self.ranking],
            "payoffs": self.payoffs.tolist(),
            "standard_errors": None if self.standard_errors is None else self.standard_errors.tolist(),
            "by_seat": self.by_seat.tolist(),
            "cooperation": self.cooperation.tolist(),
            "ledger": {
                line: {account: amounts[..., c].tolist() for c, account in enumerate(self.accounts)}
                for line, amounts in self.ledger.items()
            },
            "equilibria": equilibria.to_dict(),
            "left_out": dict(self.left_out),
        }

    def __repr__(self) -> str:
        best = " and ".join(own.name for own in self.ranking if own.place == 1)
        how = "exact" if self.seat_errors is None else "sampled"
        return f"<Tournament of {len(self.names)} strategies, {how}: first {best}>"

    def _repr_html_(self) -> str:
        return str(self.ranking_frame().to_html(index=False))


@checked
def tournament(
    game: Game,
    strategies: Sequence[Entrant] | Mapping[str, Entrant] | None = None,
    *,
    exact: bool = True,
    matches: Matches = 10_000,
    rounds: Count | None = None,
    seed: Seed = 1,
    self_play: bool = True,
    leave_out: bool = False,
    limit_of_means: bool = False,
    progress: Progress | None = None,
) -> Tournament:
    """Return what strategies earn against each other in a round robin, and who comes first.

    Parameters
    ----------
    game : Game
        Of two players. Rows of the results sit in the first seat, columns in the second.
    strategies : sequence of entrants, or mapping of names to entrants, optional
        An entrant is one strategy for both seats, as ``gl.value`` takes it, or a list with one for each seat.
        By default the strategies of the catalogue that need no settings and that the game admits.
    exact : bool
        Whether every pair is solved; else its matches are simulated, with standard errors.
    matches, seed : int
        How many matches each pair plays, and where chance begins: of a simulated tournament.
    rounds : int, optional
        Play so many rounds in place of the game's own number.
    self_play : bool
        Whether the ranking counts matches of a strategy against itself. They are played either way.
    leave_out : bool
        Whether strategies that the game refuses are left out and told in ``left_out``, or an error.
    limit_of_means : bool
        The limit for a discount factor that goes to 1, in place of the game's own; exact only.
    progress : callable, optional
        Is told how many pairs are done, and of how many.

    Raises
    ------
    GameError
        For a grid of games, for other than two players, and for an entrant that the game refuses, by name.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> game = gl.repeated(stage, discount_factor=0.9)
    >>> played = tournament(game, ["tit_for_tat", "always_defect", "always_cooperate"])
    >>> played.payoffs.round(2).tolist()
    [[3.0, 0.9, 3.0], [1.4, 1.0, 5.0], [3.0, 0.0, 3.0]]
    >>> [(own.place, own.name, round(own.payoff, 3)) for own in played.ranking]
    [(1, 'always_defect', 2.467), (2, 'tit_for_tat', 2.3), (3, 'always_cooperate', 2.0)]
    >>> played.equilibria.pure
    ((0, 0), (1, 1))
    """
    if game.n != 2:
        message = f"strategies meet in pairs, and this game has {game.n} players"
        raise GameError(f"{message}; gl.value takes one strategy for each", "game")
    if game.shape:
        raise GameError("a tournament is played on one game at a time, and this one is a grid", "game")
    if rounds is not None and exact:
        game = game.replace(rounds=whole(rounds, "rounds", 1, MOST_ROUNDS))
    if limit_of_means and not (exact and game.rounds is None):
        message = "the limit of means is for open-ended games that are solved exactly"
        raise GameError(message, "limit_of_means")
    entrants = entrants_of(game, strategies, leave_out=leave_out)
    if len(entrants.names) < 2 and not self_play:
        raise GameError("without self-play a tournament needs at least two strategies", "strategies")
    if exact:
        pairs = solved(game, entrants, limit_of_means=limit_of_means, progress=progress)
    else:
        pairs = sampled(game, entrants, matches=matches, rounds=rounds, seed=seed, progress=progress)
    return Tournament(
        names=entrants.names,
        seats=game.players,
        accounts=game.accounts,
        ledger=pairs.ledger,
        kinds={line: flow.kind for line, flow in game.flows.items()},
        cooperation=pairs.cooperation,
        seat_errors=pairs.seat_errors,
        self_play=self_play,
        left_out=entrants.left_out,
    )
