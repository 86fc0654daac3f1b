"""Evolution: fixation and stationary distribution, the exact chain and play by chance, beside egttools."""

from __future__ import annotations

import importlib.util
import math
import subprocess
import sys
from typing import Any

import numpy as np

import gamelab as gl
from benchmarks.ladder import timed

POPULATION, STRATEGIES, INTENSITY = 100, 10, 0.1
STRONG = 10.0
"""An intensity at which fixation probabilities are below what floats hold."""


def table(k: int = STRATEGIES) -> np.ndarray:
    """Return payoffs that are all different."""
    return np.random.default_rng(1).uniform(0, 5, (k, k))


def by_plain_loop(a: np.ndarray, population: int, intensity: float) -> np.ndarray:
    """Return logarithms of fixation probabilities, one after another, in plain Python."""
    k = len(a)
    found = np.full((k, k), -math.log(population))
    for r in range(k):
        for m in range(k):
            if r == m:
                continue
            total, exponents = 0.0, [0.0]
            for j in range(1, population):
                mutant = ((j - 1) * a[m][m] + (population - j) * a[m][r]) / (population - 1)
                resident = (j * a[r][m] + (population - j - 1) * a[r][r]) / (population - 1)
                total -= intensity * (mutant - resident)
                exponents.append(total)
            top = max(exponents)
            found[r, m] = -top - math.log(math.fsum(math.exp(e - top) for e in exponents))
    return found


def evolution_rows(others: bool) -> list[tuple[str, str, str]]:
    """Fixation matrix and stationary distribution for ten strategies, and what populations take."""
    a = table()
    seconds = timed(lambda: gl.fixation(a, POPULATION, INTENSITY), repeats=51)
    loop = timed(lambda: by_plain_loop(a, POPULATION, INTENSITY), repeats=3)
    apart = np.abs(
        gl.fixation(a, POPULATION, STRONG).log_probabilities - by_plain_loop(a, POPULATION, STRONG)
    )
    rows = [
        ("fixation and long run, population 100, 10 strategies, ms", f"{seconds * 1e3:.2f}", "below 2"),
        ("... times faster than a plain loop over fixation alone", f"{loop / seconds:,.0f}", ""),
        ("... largest difference from it, of logarithms down to -3000", f"{apart.max():.1e}", "< 1e-9"),
        ("... first use in a fresh process, imports included, seconds", f"{_cold():.2f}", ""),
    ]
    if others and importlib.util.find_spec("egttools"):
        rows += _beside_egttools(a, seconds)
    three = table(3)
    chain = timed(lambda: gl.population_chain(three, 100, INTENSITY, 0.01), repeats=3)
    rows.append(("exact chain, population 100, 3 strategies (5,151 states), seconds", f"{chain:.2f}", ""))
    return [*rows, *_by_chance(three)]


def _cold() -> float:
    code = "import numpy as np, gamelab as gl; gl.fixation(np.eye(10))"
    return timed(lambda: subprocess.run([sys.executable, "-c", code], check=True), repeats=3)


def _by_chance(a: np.ndarray) -> list[tuple[str, str, str]]:
    """Steps per second of one population and of many at once, compiled and not."""
    players = 100

    def rate(populations: int, generations: int, repeats: int = 3) -> float:
        def play() -> Any:
            return gl.evolve(
                a, players, INTENSITY, 0.01, generations=generations, populations=populations, moments=10
            )

        return populations * players * generations / timed(play, repeats=repeats) / 1e6

    alone, many = rate(1, 5000), rate(500, 20)
    numba, sys.modules["numba"] = sys.modules["numba"], None  # type: ignore[assignment]
    plain = rate(1, 100, repeats=1), rate(500, 20, repeats=1)
    sys.modules["numba"] = numba
    return [
        ("one population by chance, million steps per second", f"{alone:.2f}", "1"),
        ("... times faster than without numba", f"{alone / plain[0]:,.0f}", ""),
        ("500 populations at once, million steps per second", f"{many:.2f}", ""),
        ("... times faster than without numba", f"{many / plain[1]:.1f}", ""),
    ]


def _beside_egttools(a: np.ndarray, seconds: float) -> list[tuple[str, str, str]]:
    """The same by egttools, and the largest difference where its numbers do not vanish."""
    import egttools
    from egttools.games import Matrix2PlayerGameHolder

    game = Matrix2PlayerGameHolder(len(a), a)  # it must outlive the process
    process = egttools.analytical.PairwiseComparison(POPULATION, game)

    def theirs(intensity: float = INTENSITY) -> tuple[np.ndarray, np.ndarray]:
        chain, fixed = process.calculate_transition_and_fixation_matrix_sml(intensity)
        return fixed, egttools.utils.calculate_stationary_distribution(chain.T)

    def ours(intensity: float) -> Any:
        return gl.fixation(a, POPULATION, intensity, process="pairwise")

    off = ~np.eye(len(a), dtype=bool)
    weak = np.abs(ours(INTENSITY).probabilities - theirs()[0])[off].max()
    lost = (theirs(STRONG)[0][off] == 0).mean()
    kept = np.isfinite(ours(STRONG).log_probabilities[off]).mean()
    return [
        ("... times faster than egttools", f"{timed(theirs, repeats=5) / seconds:,.0f}", "95"),
        ("... largest difference between the two", f"{weak:.1e}", "< 1e-6"),
        (
            f"... of pairs at intensity {STRONG:g}, egttools gives 0 / we give a logarithm",
            f"{lost:.0%} / {kept:.0%}",
            "",
        ),
    ]
