"""Matches: a profile plays a game many times over by chance; what that pays, with standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from gamelab.model.arguments import FileName, Matches, Progress, Seed, checked
from gamelab.model.freezing import read_only
from gamelab.model.game import Floats, Game
from gamelab.model.record_files import suffix
from gamelab.model.settings import Count, Range
from gamelab.simulate.matches.ending import Kind, ending_of
from gamelab.simulate.matches.estimates import (
    ROUNDING,
    Averages,
    Moments,
    averages,
    share_on_agreement,
)
from gamelab.simulate.matches.match_play import Play, play_of, played
from gamelab.simulate.matches.simulation import WITHOUT_REGARD, Simulation
from gamelab.strategies.profile import Strategy, profile_of

Threads = Annotated[int, Range(1, 1024, whole=True)]


class Interrupted(KeyboardInterrupt):
    """An interrupt while matches are played; ``simulation`` holds the matches that were finished."""

    def __init__(self, simulation: Simulation):
        self.simulation = simulation
        super().__init__(f"{simulation.matches} matches were finished")


@checked
def simulate(
    game: Game,
    profile: Strategy | Sequence[Strategy],
    matches: Matches = 10_000,
    rounds: Count | None = None,
    seed: Seed = 1,
    *,
    ending: Kind | None = None,
    threads: Threads = 1,
    records: FileName | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Play a profile many times over and return what it pays on average.

    The same seed gives the same numbers, bit for bit, with any number of threads. At every point of a grid
    the same random numbers are used: neighbours differ by their settings, not by luck.

    Parameters
    ----------
    game : Game
    profile : strategies, one for everybody or one for each player
        As for ``gl.value``.
    matches : int
        How often the game is played.
    rounds : int, optional
        Play so many rounds in place of the game's own number; later ones count less, by the discount factor.
    seed : int
    ending : str, optional
        ``random``: after each round a match goes on with the discount factor as probability (the largest,
        where players differ), for at most ``rounds``. ``fixed``: all rounds are played, and discounted.
        Default: ``fixed`` where ``rounds`` is given here, else ``random``. Both have the same expectation.
    threads : int
        How many threads play.
    records : path, optional
        Also write who did, saw and earned what to this file, see ``Simulation.write_records``.
    progress : callable, optional
        Called with the number of matches that are done, and that there are.

    Returns
    -------
    Simulation
        Comparable with ``gl.value(simulation.game, profile)`` number by number.

    Raises
    ------
    GameError
        For settings out of range, a strategy that the game does not allow, and without numba.
    Interrupted
        A KeyboardInterrupt that carries the simulation of the matches that were finished.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> game = gl.repeated(stage, discount_factor=0.9)
    >>> gl.simulate(game, ["grim", "always_defect"], matches=1000).payoffs.round(9).tolist()
    [0.9, 1.4]
    """
    if rounds is not None:
        game = game.replace(rounds=rounds)
    if game.exact:
        game = game.replace(exact=False)
    if records is not None:
        suffix(Path(records))
    automata = profile_of(game, profile)
    plays = []
    for k in range(game.batch):
        point = slice(k, k + 1)
        single = game.take(point)
        end = ending_of(single, ending, rounds is not None)
        plays.append(play_of(single, [automaton.take(point) for automaton in automata], end, seed))
    names = tuple(automaton.name for automaton in automata)
    moments: list[Moments] = []
    try:
        for k, play in enumerate(plays):
            moments.append(_finished(play, matches, threads, progress, k, len(plays)))
    except _Stopped as stopped:
        if len(plays) == 1 and stopped.moments is not None:
            raise Interrupted(_simulation(game, names, seed, plays, [stopped.moments])) from None
        raise KeyboardInterrupt from None
    simulation = _simulation(game, names, seed, plays, moments)
    if records is not None:
        try:
            simulation.write_records(records, progress=progress)
        except KeyboardInterrupt:
            raise Interrupted(simulation) from None
    return simulation


class _Stopped(Exception):  # noqa: N818
    def __init__(self, moments: Moments | None):
        self.moments = moments


def _finished(
    play: Play, matches: int, threads: int, progress: Progress | None, k: int, points: int
) -> Moments:
    """Return the moments of all matches of one game."""
    total: Moments | None = None
    try:
        for block in played(play, matches, threads):
            total = block if total is None else total + block
            if progress is not None:
                progress(k * matches + int(total.matches.sum()), points * matches)
    except KeyboardInterrupt:
        raise _Stopped(total) from None
    assert total is not None
    return total


def _simulation(
    game: Game, names: tuple[str, ...], seed: int, plays: list[Play], moments: list[Moments]
) -> Simulation:
    """Return the estimates of all points, in the shape of the grid."""
    parts = [averages(total, play.columns) for play, total in zip(plays, moments)]
    shape = game.shape

    def gathered(numbers: list[Any]) -> Floats:
        stacked = np.array(numbers)
        return read_only(stacked.reshape(shape + stacked.shape[1:]))

    n, every = game.n, tuple(game.flows)
    paid = tuple(line for line in every if game.flows[line].kind in WITHOUT_REGARD)

    def of(lines: tuple[str, ...], accounts: int) -> tuple[Floats, Floats]:
        pairs = [sum_of_lines(play, average, lines, accounts) for play, average in zip(plays, parts)]
        return gathered([mean for mean, _ in pairs]), gathered([error for _, error in pairs])

    ledger = {line: of((line,), len(game.accounts)) for line in every}
    payoffs, payoff_errors = of(paid, n)
    utilities, utility_errors = of(every, n)
    shares = [share_on_agreement(total, play.columns) for play, total in zip(plays, moments)]
    return Simulation(
        game=game,
        strategies=names,
        matches=int(moments[0].matches.sum()),
        seed=seed,
        ending=plays[0].ending.kind,
        means={line: mean for line, (mean, _) in ledger.items()},
        standard_errors={line: error for line, (_, error) in ledger.items()},
        payoffs=payoffs,
        payoff_errors=payoff_errors,
        utilities=utilities,
        utility_errors=utility_errors,
        cooperation=gathered([share for share, _ in shares]),
        cooperation_error=gathered([error for _, error in shares]),
        rounds_played=sum(_rounds(play, total) for play, total in zip(plays, moments)),
        plays=tuple(plays),
    )


def _rounds(play: Play, total: Moments) -> int:
    """Return how many rounds were played in all."""
    if play.ending.kind == "fixed":
        return int(total.matches.sum()) * play.ending.most
    column = int(play.columns.length[np.argmax(play.columns.ratio[: play.columns.size])])
    return round(float(total.sums[:, column].sum()))


def sum_of_lines(
    play: Play, average: Averages, lines: tuple[str, ...], accounts: int
) -> tuple[Floats, Floats]:
    """Return what some lines pay together to the first accounts, and the standard errors."""
    columns = play.columns
    weights = sum((columns.lines[line][:accounts] for line in lines), np.zeros((accounts, columns.size)))
    base = sum((columns.base[line][:accounts] for line in lines), np.zeros(accounts))
    variance = np.einsum("aj,jk,ak->a", weights, average.covariance, weights)
    sizes = sum((np.abs(columns.lines[line][:accounts]) for line in lines), np.zeros_like(weights))
    size = (sizes @ np.sqrt(np.diag(average.covariance))) ** 2
    variance = np.where(variance <= ROUNDING * size, 0.0, variance)  # lines whose scatter cancels
    return base + weights @ average.mean, np.sqrt(variance)
