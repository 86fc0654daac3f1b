"""Tournaments of memory-one strategies, exact: beside a loop over pairs, and beside axelrod."""

from __future__ import annotations

import importlib
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import gamelab as gl

NAMES = ("cc", "cd", "dc", "dd", "first")
SHORT_LOOP = 16
ROUNDS = 200


def strategies(count: int) -> list[dict[str, dict[str, float]]]:
    """Return random memory-one strategies."""
    chances = np.random.default_rng(1).random((count, len(NAMES)))
    return [{"memory_one": dict(zip(NAMES, own, strict=True))} for own in chances.tolist()]


def game(**information: Any) -> gl.Game:
    """Return the dilemma that they play."""
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    return gl.repeated(stage, discount_factor=0.9, **information)


def by_pairs(count: int) -> np.ndarray:
    """Return payoffs from one call of ``gl.value`` for each pair."""
    field, played = strategies(count), game()
    pairs = [[gl.value(played, [row, column]).payoffs for column in field] for row in field]
    return np.array(pairs)


def quickest(question: Callable[[], Any], repeats: int) -> float:
    """Return the least processor time of some calls, in seconds, after one that does not count."""
    question()
    found = []
    for _ in range(repeats):
        begin = time.process_time()
        question()
        found.append(time.process_time() - begin)
    return min(found)


def axelrods(count: int) -> Callable[[], Any] | None:
    """Return axelrod's tournament of the same strategies, one match a pair; None without axelrod."""
    try:
        axelrod = importlib.import_module("axelrod")
    except ImportError:
        return None
    players = []
    for own in strategies(count):
        chances = own["memory_one"]
        four = [chances[name] for name in NAMES[:4]]
        players.append(axelrod.MemoryOnePlayer(four, initial=axelrod.Action.C))

    def played() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            field = axelrod.Tournament(players, turns=ROUNDS, repetitions=1, seed=1)
            return field.play(progress_bar=False).payoff_matrix

    return played


def tournament_rows(others: bool = False) -> list[tuple[str, str, str]]:
    """Time the public call at two sizes and with noise, and as ratios to the loop and to axelrod."""
    small, large, dilemma = strategies(16), strategies(200), game()
    begin = time.process_time()
    first = gl.tournament(dilemma, small)
    cold = time.process_time() - begin
    warm = quickest(lambda: gl.tournament(dilemma, small), 30)
    loop = quickest(lambda: by_pairs(SHORT_LOOP), 1)
    apart = float(np.abs(first.by_seat - by_pairs(SHORT_LOOP)).max())
    noisy = game(observe="private", misreading=0.02, tremble=0.01)
    rows = [
        ("tournament 16 x 16 memory-one, first call", f"{1000 * cold:.1f} ms", ""),
        ("... warm", f"{1000 * warm:.2f} ms", "5 ms"),
        ("... times faster than gl.value pair by pair", f"{loop / warm:,.0f}", ""),
        ("... largest difference from it", f"{apart:.1e}", "< 1e-9"),
        ("200 x 200", f"{quickest(lambda: gl.tournament(dilemma, large), 3):.2f} s", "5 s"),
        (
            "... privately misread, 17 joint states",
            f"{quickest(lambda: gl.tournament(noisy, large), 1):.2f} s",
            "5 s",
        ),
        (
            "... in the long run",
            f"{quickest(lambda: gl.tournament(dilemma, large, limit_of_means=True), 1):.2f} s",
            "5 s",
        ),
    ]
    played = axelrods(16) if others else None
    if played:
        words = f"... times faster than axelrod, {ROUNDS} rounds, one match a pair"
        rows.insert(4, (words, f"{quickest(played, 1) / warm:,.0f}", ""))
    return rows
