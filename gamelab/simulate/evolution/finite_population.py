"""Finite populations, played by chance: many at once, from change to change, with mutation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.arguments import Progress, Seed, checked, real, whole
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Floats, Ints
from gamelab.randomness import stream
from gamelab.simulate.compiled import has_numba
from gamelab.simulate.evolution.imitation import PROCESSES, adopted, selection
from gamelab.simulate.evolution.payoff_matrix import payoff_matrix, starting_shares

if TYPE_CHECKING:
    import pandas as pd

MOST_PLAYERS, MOST_POPULATIONS, MOST_GENERATIONS = 1_000_000_000, 1_000_000, 1_000_000_000
MOST_ENTRIES, MOST_MUTATIONS = 50_000_000, 10_000_000


@frozen_result
@dataclass(frozen=True, eq=False)
class Evolution:
    """What populations did that played by chance, independently of each other.

    Parameters
    ----------
    names : tuple of str
    population, populations : int
        Players in each, and how many of them.
    generations : array (t,)
        The moments that are kept; a generation is as many steps as there are players.
    counts : int array (t, r, k)
        Players of each strategy at these moments, in each population.
    averages : array (t - 1, r, k)
        Shares between one moment and the next, averaged over every step.
    discard : float
        How much of the time, at the beginning, means leave out.
    """

    names: tuple[str, ...]
    population: int
    populations: int
    generations: Floats
    counts: Ints
    averages: Floats
    discard: float

    def __post_init__(self) -> None:
        for array in (self.generations, self.counts, self.averages):
            array.setflags(write=False)

    @property
    def shares(self) -> Floats:
        """Shares of strategies at the moments that are kept, averaged over populations, (t, k)."""
        return np.asarray(self.counts.mean(axis=1) / self.population)

    @property
    def by_population(self) -> Floats:
        """Shares of each population, averaged over time without its beginning, (r, k)."""
        first = min(int(np.ceil(self.discard * len(self.averages))), len(self.averages) - 1)
        return np.asarray(self.averages[first:].mean(axis=0))

    @property
    def means(self) -> Floats:
        """Shares averaged over time, without its beginning, and over populations, (k,)."""
        return np.asarray(self.by_population.mean(axis=0))

    @property
    def standard_errors(self) -> Floats:
        """Of the means, from the differences between populations, (k,); nan where there is one."""
        if self.populations < 2:
            return np.full(len(self.names), np.nan)
        return np.asarray(self.by_population.std(axis=0, ddof=1) / np.sqrt(self.populations))

    def to_frame(self) -> pd.DataFrame:
        """Return a table with a row for each moment: shares averaged over populations."""
        import pandas as pd

        frame = pd.DataFrame(self.shares, columns=list(self.names))
        frame.insert(0, "generation", self.generations)
        return frame

    def _repr_html_(self) -> str:
        import pandas as pd

        columns = {"strategy": self.names, "share": self.means, "standard error": self.standard_errors}
        return str(pd.DataFrame(columns).to_html(index=False))

    def __repr__(self) -> str:
        shares = ", ".join(f"{name} {share:.3g}" for name, share in zip(self.names, self.means))
        return f"<Evolution of {self.populations} populations of {self.population}: {shares}>"


@checked
def evolve(
    payoffs: Any,
    population: int = 1000,
    intensity: float = 1.0,
    mutation: float = 0.01,
    *,
    process: str = "moran",
    generations: int = 100,
    populations: int = 100,
    start: Any = None,
    seed: Seed = 1,
    moments: int = 100,
    discard: float = 0.5,
    progress: Progress | None = None,
) -> Evolution:
    """Let populations play by chance, each independently of the others.

    Parameters
    ----------
    payoffs : array (k, k), or anything with ``payoffs`` and ``names``
    population : int
        Players in each population.
    intensity, process
        As in :func:`gamelab.fixation`.
    mutation : float
        As in :func:`gamelab.population_chain`; 0 is allowed here.
    generations : int
        How long; a generation is as many steps as there are players, and in a step one of them may change.
    populations : int
        How many.
    start : array (k,) or (populations, k), optional
        Shares to start from, rounded to whole players; otherwise as even as can be.
    seed : int
        The same seed gives the same populations.
    moments : int
        How many stretches of time to average over and to keep the ends of.
    discard : float
        How much of the time, at the beginning, means leave out; at least one stretch counts.
    progress : callable, optional
        Is told after each stretch how many are done, and how many there are.

    Raises
    ------
    GameError
        For bad payoffs, numbers out of their range, and more moments than memory should hold.

    Notes
    -----
    Steps in which nothing changes are not played one by one: their number is drawn. So rare mutation costs
    little time, and the law of what comes out is that of the step-by-step process.

    Examples
    --------
    >>> result = evolve([[1, 1], [1, 1]], population=50, mutation=0.5, generations=20, populations=200)
    >>> bool(abs(result.means[0] - 0.5) < 4 * result.standard_errors[0])
    True
    """
    if has_numba():
        from gamelab.simulate.evolution.kernel import stretch as play
    else:
        play = side_by_side
    matrix = payoff_matrix(payoffs)
    players = whole(population, "population", 2, MOST_PLAYERS)
    strength, process = selection(matrix, intensity, process)
    rate = real(mutation, "mutation", 0.0, 1.0)
    steps = whole(generations, "generations", 1, MOST_GENERATIONS) * players
    many = whole(populations, "populations", 1, MOST_POPULATIONS)
    kept = min(whole(moments, "moments", 1), steps)
    left_out = real(discard, "discard", 0.0, 1.0)
    mutations = steps * rate * (1 - 1 / matrix.k)  # so many changes, and as many turns of the loop, at least
    if mutations > MOST_MUTATIONS:
        raise GameError(
            f"{mutations:,.0f} mutations would be played out in each population, the limit is "
            f"{MOST_MUTATIONS:,}; write fewer generations or players, or a rarer mutation",
            "population" if players > generations else "generations",
        )
    if kept * many * matrix.k > MOST_ENTRIES:
        raise GameError(
            f"{kept} moments of {many} populations are more than memory should hold; keep fewer", "moments"
        )
    counts = _starting_counts(start, players, many, matrix.k)
    ends = np.round(np.linspace(0, steps, kept + 1)).astype(np.int64)
    chance = stream(seed, "finite populations")
    history, averages = [counts.copy()], []
    for t in range(kept):
        length, occupied = int(ends[t + 1] - ends[t]), np.empty(counts.shape)
        play(matrix.payoffs, counts, strength, PROCESSES.index(process), rate, chance, length, occupied)
        history.append(counts.copy())
        averages.append(occupied / length / players)
        if progress:
            progress(t + 1, kept)
    return Evolution(
        matrix.names, players, many, ends / players, np.stack(history), np.stack(averages), left_out
    )


def side_by_side(
    payoffs: Floats,
    counts: Ints,
    intensity: float,
    process: int,
    mutation: float,
    chance: np.random.Generator,
    steps: int,
    occupied: Floats,
) -> None:
    """Play a number of steps as ``kernel.stretch`` does, in all populations at once: where numba is missing.

    The same numbers, and many times slower for few populations.
    """
    k = len(payoffs)
    left, going = np.full(len(counts), steps), np.arange(len(counts))
    occupied[:] = 0.0
    while going.size:
        here = counts[going]
        chances = adopted(payoffs, here.T, intensity, process, mutation).reshape(k * k, -1)
        sums = np.cumsum(chances, axis=0)
        wait = waiting(np.minimum(sums[-1], 1.0), chance.random(len(going)), steps)
        drawn = chance.random(len(going)) * sums[-1]
        stays = np.minimum(wait, left[going])
        occupied[going] += here * stays[:, None]
        moved = wait < left[going]
        last = k * k - 1 - np.argmax(chances[::-1] > 0, axis=0)
        pick = np.minimum((sums <= drawn).sum(axis=0), last)[moved]
        who = going[moved]
        counts[who, pick // k] -= 1
        counts[who, pick % k] += 1
        occupied[who] += counts[who]
        left[who] -= stays[moved] + 1
        going = who[left[who] > 0]


def waiting(change: Floats, uniform: Floats, most: int) -> Ints:
    """Return how many steps pass without a change before the one with it; at most ``most``."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        steps = np.floor(np.log1p(-uniform) / np.log1p(-change))
    steps = np.where(change >= 1, 0.0, np.where(change <= 0, most, steps))
    return np.minimum(steps, most).astype(np.int64)


def _starting_counts(start: Any, players: int, many: int, k: int) -> Ints:
    """Return players by strategy for each population; what rounding leaves goes to the largest remainders."""
    shares = starting_shares(start, k)
    if len(shares) not in (1, many):
        raise GameError(f"{len(shares)} given for {many} populations; write one, or one for each", "start")
    exact = shares * players
    counts = np.floor(exact + 1e-9).astype(np.int64)
    order = np.argsort(-(exact - counts), axis=1, kind="stable")
    extra = players - counts.sum(axis=1)
    more = np.zeros_like(counts)
    np.put_along_axis(more, order, (np.arange(k) < extra[:, None]).astype(np.int64), axis=1)
    return np.broadcast_to(counts + more, (many, k)).copy()
