"""A population: many persons matched at random each round, whose records may be seen by those they meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gamelab.errors import GameError
from gamelab.model.arguments import Seed, checked, real, whole
from gamelab.model.freezing import frozen_result, read_only
from gamelab.model.game import Floats, Game, Ints
from gamelab.randomness import seeds, stream
from gamelab.simulate.population.encounters import Tally, World, rounds_of
from gamelab.simulate.population.persons import Group, Shown, Strategies, alike, groups_of, memberships
from gamelab.simulate.population.seating import board_of, minds_of

if TYPE_CHECKING:
    import pandas as pd

PERSONS = 2**17
"""How many persons are played at once: replications of small populations go side by side."""
LARGEST = 10_000_000
ROUNDS = 100


@frozen_result
@dataclass(frozen=True, eq=False)
class Rematching:
    """What a population of persons did and earned, by group of persons with the same strategy.

    Payoffs are per person and round played; standard errors are over independent replications, nan where
    there is only one. Arrays over rounds have one entry a round.

    Parameters
    ----------
    groups : tuple of str
    sizes : int array (G,)
        Persons in each group.
    seats : str
        ``random`` or ``fixed``.
    payoffs, standard_errors : array (G,)
        Mean payoff, all lines but regard.
    ledger, ledger_errors : mapping of str to array (G + others,)
        Line by line: the groups, then the accounts that are no players, such as the authority, whose
        amounts are divided by all persons and rounds.
    accounts : tuple of str
        Names of these entries.
    cooperation, cooperation_errors : array (rounds,)
        Share of moves that keep the agreement; nan where nothing is agreed.
    cooperation_by_group : array (rounds, G)
    bad_standing : array (rounds, G)
        Share of each group's persons in bad standing when the round begins.
    departing : array (rounds,)
        Moves that deviate from the agreement, on average over replications: with a trigger and one move a
        round, the number of persons whom contagion has reached.
    departing_errors : array (rounds,)
    """

    groups: tuple[str, ...]
    sizes: Ints
    population: int
    rounds: int
    replications: int
    seats: str
    payoffs: Floats
    standard_errors: Floats
    accounts: tuple[str, ...]
    ledger: Mapping[str, Floats]
    ledger_errors: Mapping[str, Floats]
    cooperation: Floats
    cooperation_errors: Floats
    cooperation_by_group: Floats
    bad_standing: Floats
    departing: Floats
    departing_errors: Floats

    def to_frame(self) -> pd.DataFrame:
        """Return one row per group: persons, payoff with standard error, cooperation, last bad standing."""
        import pandas as pd

        return pd.DataFrame(
            {
                "group": self.groups,
                "persons": self.sizes,
                "payoff": self.payoffs,
                "standard_error": self.standard_errors,
                "cooperation": _mean(self.cooperation_by_group),
                "bad_standing": self.bad_standing[-1],
            }
        )

    def to_rounds(self) -> pd.DataFrame:
        """Return one row per round and group: cooperation and bad standing."""
        import pandas as pd

        G = len(self.groups)
        return pd.DataFrame(
            {
                "round": np.repeat(np.arange(self.rounds), G),
                "group": list(self.groups) * self.rounds,
                "cooperation": self.cooperation_by_group.reshape(-1),
                "bad_standing": self.bad_standing.reshape(-1),
            }
        )

    def curves(self) -> dict[str, Any]:
        """Return what figures draw: rounds, cooperation and deviations with standard errors, as lists."""
        names = ("cooperation", "cooperation_errors", "departing", "departing_errors")
        lists = {name: _listed(getattr(self, name)) for name in names}
        return {"population": self.population, "rounds": list(range(self.rounds))} | lists

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False))

    def __repr__(self) -> str:
        words = ", ".join(f"{name} {pay:.4g}" for name, pay in zip(self.groups, self.payoffs))
        return f"<Rematching of {self.population} persons over {self.rounds} rounds: {words} a round>"


@checked
def rematch(
    game: Game,
    strategies: Strategies,
    *,
    population: int = 1000,
    rounds: int | None = None,
    replications: int = 20,
    seats: Literal["random", "fixed"] | None = None,
    record: Literal["standing", "conduct", "none"] = "standing",
    reach: float = 1,
    misreading: float = 0,
    punishment: int | None = None,
    turnover: float = 0,
    seed: Seed = 1,
) -> Rematching:
    """Play a game in a population whose persons are matched anew, at random, in every round.

    Persons carry their memory from partner to partner: ``grim`` becomes Kandori's contagious strategy. So
    does their public record: the level of graduated sanctions, and a standing that partners may see. The
    strategy ``discriminate`` keeps the agreement with everybody but those whose bad standing it sees.

    Parameters
    ----------
    game : Game
        Of two players. What moves show, trembles, costs and sanctions are its own; a match is one round.
    strategies : strategy, mapping of names to shares, or list of (strategy, share)
        Strategies are those of ``gl.value``, and ``discriminate`` (settings ``when_bad`` and
        ``when_unseen``: keep or depart; in bad standing it keeps if good standing can be regained). A list
        of two without shares is one for each seat. Shares add up to 1, or are numbers of persons.
    population : int
        Number of persons; of an odd number one, by lot, sits each round out.
    rounds : int, optional
        Default: those of the game, else 100.
    replications : int
        Independent populations.
    seats : str, optional
        ``random``: a person plays now as the first player, now as the second; ``fixed``: half of each
        group always as the first. Default: random where both seats are alike.
    record : str
        ``standing``: a deviation brings bad standing, unless it met a partner whose bad standing was seen;
        ``conduct``: every deviation does (image scoring); ``none``: nothing is recorded.
    reach : float
        Probability with which a person sees the partner's record before they play.
    misreading : float
        Probability that the record takes a round's conduct for the opposite.
    punishment : int, optional
        Rounds in bad standing after a deviation; default for ever.
    turnover : float
        Probability that a person is replaced after a round: by one of the same strategy with a clean record.
    seed : int

    Raises
    ------
    GameError
        For settings out of range, or a strategy that needs what is not shown.

    References
    ----------
    Kandori (1992), Social norms and community enforcement; Ellison (1994), Cooperation in the prisoner's
    dilemma with anonymous random matching; Nowak and Sigmund (1998), Evolution of indirect reciprocity.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> game = gl.repeated(stage, discount_factor=0.9)
    >>> gl.rematch(game, "grim", population=100, rounds=10).payoffs
    array([3.])
    """
    game = _playable(game)
    number = whole(population, "population", 2, LARGEST)
    length = whole(rounds if rounds is not None else game.rounds or ROUNDS, "rounds", 1, LARGEST)
    repeats = whole(replications, "replications", 1, LARGEST)
    known = _shown(record, reach, misreading, punishment)
    seats = ("random" if alike(game) else "fixed") if seats is None else seats
    fixed = seats == "fixed"
    groups = groups_of(game, strategies, number, known)
    member, seated = memberships(groups, fixed)
    world = World(
        board_of(game), minds_of(game, groups, fixed), known, member, len(groups), seated,
        real(turnover, "turnover", 0, 1),
    )  # fmt: skip
    seeds(seed)  # a bad seed is refused before anything is played
    totals = Totals(world, length)
    step = max(1, PERSONS // number)
    for k in range(0, repeats, step):
        totals.add([stream(seed, "rematch", j) for j in range(k, min(k + step, repeats))])
    return totals.result(groups, "fixed" if fixed else "random")


class Totals:
    """Sums over rounds and replications.

    Over replications only whole numbers are summed, so that no sum depends on how many are played at once.
    """

    def __init__(self, world: World, rounds: int):
        G = world.groups
        self.world, self.rounds = world, rounds
        self.kept, self.moves, self.bad = (np.zeros((rounds, G), dtype=np.int64) for _ in range(3))
        self.squares = np.zeros((rounds, 3), dtype=np.int64)  # kept^2, kept * moves, moves^2
        self.paid: list[Floats] = []
        self.others: list[Floats] = []

    def add(self, streams: list[np.random.Generator]) -> None:
        """Play some replications side by side and add what they count."""
        paid: Any = 0
        others: Any = 0
        played: Any = 0
        for t, tally in enumerate(rounds_of(self.world, streams, self.rounds)):
            self._add_round(t, tally)
            paid, others, played = paid + tally.paid, others + tally.others, played + tally.played
        with np.errstate(invalid="ignore"):
            self.paid.append(paid / played)
        self.others.append(others / (self.world.size * self.rounds))

    def _add_round(self, t: int, tally: Tally) -> None:
        self.kept[t] += tally.kept.sum(axis=0)
        self.moves[t] += tally.moves.sum(axis=0)
        self.bad[t] += tally.bad.sum(axis=0)
        kept, moves = tally.kept.sum(axis=1), tally.moves.sum(axis=1)
        self.squares[t] += (kept @ kept, kept @ moves, moves @ moves)

    def result(self, groups: list[Group], seats: str) -> Rematching:
        """Return means and standard errors."""
        game, sizes = self.world.board.game, np.array([group.size for group in groups])
        paid, others = np.concatenate(self.paid, axis=1), np.concatenate(self.others, axis=1)
        everything = np.concatenate([paid, others], axis=2)  # (lines, replications, accounts)
        n = everything.shape[1]
        felt = [flow.kind == "regard" for flow in game.flows.values()]
        payoffs = paid[np.logical_not(felt)].sum(axis=0)
        error, departing_error = self._errors(n)
        with np.errstate(invalid="ignore"):
            by_group = self.kept / self.moves
            total = self.kept.sum(axis=1) / self.moves.sum(axis=1)
        means, errors = _estimated(everything, 1)
        mean, standard_error = _estimated(payoffs, 0)
        frozen = {
            "payoffs": mean,
            "standard_errors": standard_error,
            "cooperation": total,
            "cooperation_errors": error,
            "cooperation_by_group": by_group,
            "bad_standing": self.bad / (n * sizes),
            "departing": (self.moves - self.kept).sum(axis=1) / n,
            "departing_errors": departing_error,
            "sizes": sizes,
        }
        return Rematching(
            groups=tuple(group.name for group in groups),
            population=self.world.size,
            rounds=self.rounds,
            replications=n,
            seats=seats,
            accounts=(*(group.name for group in groups), *game.accounts[2:]),
            ledger={line: read_only(means[k]) for k, line in enumerate(game.flows)},
            ledger_errors={line: read_only(errors[k]) for k, line in enumerate(game.flows)},
            **{name: read_only(array) for name, array in frozen.items()},
        )

    def _errors(self, n: int) -> tuple[Floats, Floats]:
        """Return the standard errors of cooperation, a ratio, and of the number of deviations, (rounds,)."""
        kept, moves = self.kept.sum(axis=1), self.moves.sum(axis=1)
        kk, km, mm = self.squares.T.astype(float)
        if n < 2:
            return np.full(self.rounds, np.nan), np.full(self.rounds, np.nan)
        with np.errstate(invalid="ignore"):
            share = kept / moves
            spread = np.maximum(kk - 2 * share * km + share**2 * mm, 0)
            ratio = np.sqrt(spread / (n - 1) / n) / (moves / n)
        around = kk - 2 * km + mm - (moves - kept) ** 2 / n
        return ratio, np.sqrt(np.maximum(around, 0) / (n - 1) / n)


def _estimated(sample: Floats, axis: int) -> tuple[Floats, Floats]:
    """Return the mean over replications and its standard error, without groups that never played."""
    there = np.isfinite(sample)
    n = there.sum(axis=axis, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, sample, 0).sum(axis=axis, keepdims=True) / n
        apart = np.where(there, sample - mean, 0)
        error = np.sqrt((apart**2).sum(axis=axis, keepdims=True) / (n - 1) / n)
    return np.squeeze(mean, axis), np.squeeze(error, axis)


def _listed(array: Floats) -> list[float | None]:
    """Return numbers for results: None where there is none."""
    return [float(number) if np.isfinite(number) else None for number in array]


def _mean(by_round: Floats) -> Floats:
    """Return the mean over the rounds in which there is something, (G,)."""
    there = np.isfinite(by_round)
    total = np.where(there, by_round, 0).sum(axis=0)
    return np.divide(total, there.sum(axis=0), out=np.full(total.shape, np.nan), where=there.any(axis=0))


def _playable(game: Game) -> Game:
    """Return a game that pairs can play, in floats; refuse any other in words."""
    if game.n != 2:
        raise GameError(f"persons meet in pairs, and this game has {game.n} players", "game")
    if game.batch > 1:
        raise GameError("one game at a time is played, and this one is a grid", "game")
    return game.replace(shape=(), exact=False) if game.exact or game.shape else game


def _shown(
    record: Literal["standing", "conduct", "none"], reach: Any, misreading: Any, punishment: Any
) -> Shown:
    return Shown(
        record,
        None if punishment is None else whole(punishment, "punishment", 1, LARGEST),
        real(reach, "reach", 0, 1),
        real(misreading, "misreading", 0, 1),
    )
