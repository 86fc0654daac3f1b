"""Tournaments of memory-one strategies, exact: beside a loop over pairs, and beside axelrod."""

from __future__ import annotations

import importlib
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import gamelab as gl
from gamelab.model.automaton import Automaton

NAMES = ("cc", "cd", "dc", "dd", "first")
SHORT_LOOP = 16
ROUNDS = 200


def strategies(count: int) -> list[dict[str, dict[str, float]]]:
    """Return random memory-one strategies."""
    chances = np.random.default_rng(1).random((count, len(NAMES)))
    return [{"memory_one": dict(zip(NAMES, own, strict=True))} for own in chances.tolist()]


def unlike(count: int, size: int = 3) -> dict[str, Automaton]:
    """Return random automata of so many states, no two of which move on alike."""
    generator = np.random.default_rng(1)
    symbols = int(game().views[0].max()) + 1
    made = {}
    for name in map(str, range(count)):
        action = np.eye(2)[generator.integers(0, 2, size)][None, None]
        follows = generator.integers(0, size, (1, size, 2, symbols))
        states = tuple(map(str, range(size)))
        made[name] = Automaton(name=name, states=states, start=0, action=action, next=follows)
    return made


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
    machines = unlike(60)
    catalogue = 1000 * quickest(lambda: gl.tournament(dilemma), 10)
    rows = [
        ("tournament 16 x 16 memory-one, first call", f"{1000 * cold:.1f} ms", ""),
        ("... warm", f"{1000 * warm:.2f} ms", "2 ms"),
        ("... times faster than gl.value pair by pair", f"{loop / warm:,.0f}", ""),
        ("... largest difference from it", f"{apart:.1e}", "< 1e-9"),
        ("the catalogue's strategies", f"{catalogue:.1f} ms", "20 ms"),
        (
            "60 automata of three states, no two alike",
            f"{quickest(lambda: gl.tournament(dilemma, machines), 5):.3f} s",
            "0.1 s",
        ),
        ("200 x 200", f"{quickest(lambda: gl.tournament(dilemma, large), 3):.2f} s", "0.2 s"),
        (
            "... privately misread, 17 joint states",
            f"{quickest(lambda: gl.tournament(noisy, large), 1):.2f} s",
            "1 s",
        ),
        (
            "... in the long run",
            f"{quickest(lambda: gl.tournament(dilemma, large, limit_of_means=True), 1):.2f} s",
            "0.2 s",
        ),
    ]
    played = axelrods(16) if others else None
    if played:
        words = f"... times faster than axelrod, {ROUNDS} rounds, one match a pair"
        rows.insert(4, (words, f"{quickest(played, 1) / warm:,.0f}", ""))
    return rows
