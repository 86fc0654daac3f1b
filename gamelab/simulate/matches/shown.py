"""What is shown of a simulation: plain numbers beside the exact ones, for tables, pages and figures."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from gamelab.model.game import Bools
from gamelab.model.records import VERDICTS
from gamelab.randomness import INTERVAL
from gamelab.simulate.matches.match_play import Play
from gamelab.simulate.matches.replay import moves_of
from gamelab.simulate.matches.simulation import Simulation
from gamelab.solve.path import path_of_play
from gamelab.solve.values import value

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
        with ``mean``, ``standard_error``, ``from`` and ``to`` (the ends of its 95 % interval) and ``exact``;
        ``ledger``, the same by line and account; ``course``, cooperation round by round, None where nothing
        is agreed, as a mean over ``course_matches`` that are all played so long; ``histories``.

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
    errors = simulation.standard_errors
    ledger = {
        line: _by_name(simulation.game.accounts, mean, errors[line], exact.ledger[line])
        for line, mean in simulation.means.items()
    }
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
        "payoffs": _by_name(
            simulation.game.players, simulation.payoffs, simulation.payoff_errors, exact.payoffs
        ),
        "ledger": ledger,
        "course": course_rows if agreed else None,
        "course_matches": matches,
        "histories": strips_of(play, min(histories, simulation.matches), rounds),
    }


def estimate(mean: Any, error: Any, exact: Any) -> dict[str, float | None]:
    """Return a mean with its standard error, the ends of its 95 % interval and the exact value, or None.

    >>> estimate(3.0, 0.0, 3.0)
    {'mean': 3.0, 'standard_error': 0.0, 'from': 3.0, 'to': 3.0, 'exact': 3.0}
    """
    half = INTERVAL * error
    numbers = {"mean": mean, "standard_error": error, "from": mean - half, "to": mean + half, "exact": exact}
    return {name: float(number) if math.isfinite(number) else None for name, number in numbers.items()}


def _by_name(names: tuple[str, ...], means: Any, errors: Any, exact: Any) -> dict[str, Any]:
    return {name: estimate(means[k], errors[k], exact[k]) for k, name in enumerate(names)}


def strips_of(play: Play, matches: int, rounds: int) -> list[dict[str, Any]]:
    """Return the first moves of some matches.

    Returns
    -------
    list of dict
        Each with the number of the ``match``, the ``round`` of each of its moves, whether it is ``longer``
        than that, and for every player by name: ``action`` (what was really done), ``kept`` (the agreement;
        None where there is none or nothing to choose), ``slipped`` (done otherwise than intended) and
        ``verdict`` (None, clean or offence) of each move.
    """
    strips: list[list[tuple[int, int]]] = [[] for _ in range(matches)]
    longer = [False] * matches
    ending = dataclasses.replace(play.ending, rounds=min(play.ending.most, rounds + 1))
    for moves in moves_of(dataclasses.replace(play, ending=ending), 0, matches, MOVES_AT_ONCE):
        for match, number, _, event in moves.tolist():
            if number < rounds:
                strips[match].append((number + 1, event))
            else:
                longer[match] = True
    return [
        {
            "match": match + 1,
            "longer": longer[match],
            "round": [number for number, _ in moves],
            "players": _players(play, np.array([event for _, event in moves])),
        }
        for match, moves in enumerate(strips)
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
