"""All equilibria of bimatrix games, beside nashpy, quantecon and gambit: time as ratios, and their number."""

from __future__ import annotations

import importlib
import itertools
import signal
import time
import warnings
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

import gamelab as gl

PATIENCE = 10
"""Seconds after which one call is given up, where the system can interrupt."""
Counter = Callable[[Any, Any], list[Any]]


def games() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return the games: without ties, with many, and the coordination game with 2^n - 1 equilibria."""
    draw = np.random.default_rng(1)
    found = {f"normal {m}x{m}": tuple(draw.normal(size=(2, m, m))) for m in (3, 5, 8, 12)}
    found |= {"payoffs 0 to 999, 12x12": tuple(draw.integers(0, 1000, (2, 12, 12)))}
    found |= {f"payoffs 0 to 2, {m}x{m}": tuple(draw.integers(0, 3, (2, m, m))) for m in (4, 6, 12)}
    return found | {"coordination 6x6": (np.eye(6), np.eye(6))}


def solvers(others: bool) -> dict[str, Counter]:
    """Return what each installed package offers for all equilibria; each returns pairs of mixtures."""
    found: dict[str, Counter] = {"gamelab": lambda A, B: gl.stage_equilibria(A, B).extreme}
    if not others:
        return found
    nashpy = _installed("nashpy")
    if nashpy:
        found["nashpy support"] = lambda A, B: list(nashpy.Game(A, B).support_enumeration())
        found["nashpy vertex"] = lambda A, B: list(nashpy.Game(A, B).vertex_enumeration())
    quantecon = _installed("quantecon.game_theory")
    if quantecon:

        def player_pair(A: Any, B: Any) -> Any:
            own = (
                quantecon.Player(np.asarray(A, dtype=float)),
                quantecon.Player(np.asarray(B, dtype=float).T),
            )
            return quantecon.NormalFormGame(own)

        found["quantecon support"] = lambda A, B: quantecon.support_enumeration(player_pair(A, B))
        found["quantecon vertex"] = lambda A, B: quantecon.vertex_enumeration(player_pair(A, B))
    gambit = _installed("pygambit")
    if gambit:

        def exact(A: Any, B: Any) -> list[Any]:
            tables = [np.vectorize(lambda v: Fraction(repr(float(v))), otypes=[object])(T) for T in (A, B)]
            game = gambit.Game.from_arrays(*tables)
            answers = gambit.nash.enummixed_solve(game, rational=True).equilibria
            return [
                tuple([float(profile[s]) for s in player.strategies] for player in game.players)
                for profile in answers
            ]

        found["gambit enummixed"] = exact
    return found


def _installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def different(pairs: list[Any]) -> int:
    """Return how many pairs differ by more than rounding."""
    flat = [np.array([float(chance) for chance in itertools.chain(*pair)]) for pair in pairs]
    kept: list[np.ndarray] = []
    for pair in flat:
        if not any(np.abs(pair - other).max() < 1e-6 for other in kept):
            kept.append(pair)
    return len(kept)


def called(solver: Counter, A: Any, B: Any) -> tuple[float, int | str]:
    """Return the processor time of one call in seconds, and the number of equilibria or why there is none."""

    def late(*_: Any) -> None:
        raise TimeoutError

    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, late)
        signal.alarm(PATIENCE)
    begin = time.process_time()
    count: int | str
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            count = different(solver(A, B))
    except TimeoutError:
        count = "late"
    except Exception as failure:
        count = type(failure).__name__
    finally:
        if hasattr(signal, "SIGALRM"):
            signal.alarm(0)
    return time.process_time() - begin, count


def stage_equilibria_rows(others: bool) -> list[tuple[str, str, str]]:
    """How many equilibria each finds, first and warm call, as multiples of gamelab's warm one."""
    rows = []
    for name, (A, B) in games().items():
        unit = 0.0
        for solver, solve in solvers(others).items():
            first, count = called(solve, A, B)
            warm = min(called(solve, A, B)[0] for _ in range(3)) if count != "late" else first
            unit = unit or warm
            times = f"{count} found, first {first / unit:.1f}, warm {warm / unit:.1f} times"
            target = (
                f"{first:.3f} s at first, below {0.5 if len(A) > 8 else 0.1}" if solver == "gamelab" else ""
            )
            rows.append((f"{name}, {solver}", times, target))
    return rows
