"""What is shown of a simulation: plain numbers beside the exact ones, for tables, pages and figures."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from gamelab.model.game import Bools
from gamelab.model.records import VERDICTS
from gamelab.simulate.match_play import Play
from gamelab.simulate.replay import moves_of
from gamelab.simulate.simulation import Simulation
from gamelab.solve.path import path_of_play
from gamelab.solve.values import value

WIDE = 1.959963984540054
"""Standard errors on either side of a mean that make a 95 % interval."""
MOVES_AT_ONCE = 2**14


def shown(
    simulation: Simulation, *, histories: int = 6, rounds: int = 40, matches: int = 1000
) -> dict[str, Any]:
    """Return what a report shows of the simulation of one game, as plain numbers, lists and words.

    Parameters
    ----------
    simulation : Simulation
    histories : int
        How many matches are told move by move.
    rounds : int
        How many rounds of them, and of the course of cooperation.
    matches : int
        How many matches the course is a mean of.

    Returns
    -------
    dict
        ``matches``, ``rounds_played``, ``ending``, ``seed``; ``cooperation`` and ``payoffs`` by player, each
        with ``mean``, ``low`` and ``high`` (the ends of its 95 % interval) and ``exact``; ``ledger``, such a
        row for every line and account that is paid anything; ``course``, cooperation round by round, None
        where nothing is agreed; ``histories``.

    Raises
    ------
    GameError
        For a grid.
    """
    play = simulation.plays[0]
    course = simulation.course(rounds, matches)
    automata = play.chain.automata
    exact = value(simulation.game, automata)
    path = path_of_play(simulation.game, automata, rounds)
    ledger = []
    for line, mean in simulation.means.items():
        for account, name in enumerate(simulation.game.accounts):
            paid = exact.ledger[line][account]
            row = estimate(mean[account], simulation.standard_errors[line][account], paid)
            if paid or row["mean"]:
                ledger.append({"line": line, "kind": exact.kinds[line], "account": name, **row})
    agreed = not np.isnan(path.cooperation).any() and not np.isnan(course.cooperation).any()
    numbers = zip(course.cooperation, course.cooperation_error, path.cooperation)
    course_rows = [{"round": t, **estimate(*three)} for t, three in enumerate(numbers, start=1)]
    return {
        "matches": simulation.matches,
        "rounds_played": simulation.rounds_played,
        "ending": simulation.ending,
        "seed": simulation.seed,
        "strategies": list(simulation.strategies),
        "cooperation": estimate(simulation.cooperation, simulation.cooperation_error, exact.cooperation),
        "payoffs": {
            name: estimate(simulation.payoffs[i], simulation.payoff_errors[i], exact.payoffs[i])
            for i, name in enumerate(simulation.game.players)
        },
        "ledger": ledger,
        "course": course_rows if agreed else None,
        "histories": told(play, min(histories, simulation.matches), rounds),
    }


def estimate(mean: Any, error: Any, exact: Any) -> dict[str, float | None]:
    """Return a mean with the ends of its 95 % interval and the exact value; None for what is not there.

    >>> estimate(3.0, 0.0, 3.0)
    {'mean': 3.0, 'low': 3.0, 'high': 3.0, 'exact': 3.0}
    """
    numbers = {"mean": mean, "low": mean - WIDE * error, "high": mean + WIDE * error, "exact": exact}
    return {name: float(number) if math.isfinite(number) else None for name, number in numbers.items()}


def told(play: Play, matches: int, rounds: int) -> list[dict[str, Any]]:
    """Return the first moves of some matches.

    Returns
    -------
    list of dict
        Each with the number of the ``match``, the ``round`` of each of its moves, whether it is ``longer``
        than that, and for every player by name: ``action`` (what was really done), ``kept`` (the agreement;
        None where there is none or nothing to choose), ``slipped`` (done otherwise than intended) and
        ``verdict`` (None, clean or offence) of each move.
    """
    found: list[list[tuple[int, int]]] = [[] for _ in range(matches)]
    longer = [False] * matches
    ending = dataclasses.replace(play.ending, rounds=min(play.ending.most, rounds + 1))
    for moves in moves_of(dataclasses.replace(play, ending=ending), 0, matches, MOVES_AT_ONCE):
        for match, number, _, event in moves.tolist():
            if number < rounds:
                found[match].append((number + 1, event))
            else:
                longer[match] = True
    return [
        {
            "match": match + 1,
            "longer": longer[match],
            "round": [number for number, _ in moves],
            "players": _players(play, np.array([event for _, event in moves])),
        }
        for match, moves in enumerate(found)
    ]


def _players(play: Play, events: Any) -> dict[str, dict[str, list[Any]]]:
    game, known = play.game, play.table.events
    state, profile, outcome = known.state[events], known.profile[events], known.outcome[events]
    deeds = game.profiles[game.deed_profile[profile, outcome]]
    intended = game.profiles[profile]
    players = {}
    for i, name in enumerate(game.players):
        counts: Bools = (game.agreement[state, i] >= 0) & game.has_choice[state, i]
        keeps = game.keeps[state, i, deeds[:, i]]
        players[name] = {
            "action": [game.actions[i][a] for a in deeds[:, i].tolist()],
            "kept": [kept if asked else None for kept, asked in zip(keeps.tolist(), counts.tolist())],
            "slipped": (deeds[:, i] != intended[:, i]).tolist(),
            "verdict": [VERDICTS[k - 1] if k > 0 else None for k in game.finding[i, outcome].tolist()],
        }
    return players
