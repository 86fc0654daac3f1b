"""Averages over play, walked forward: values and cooperation a second time."""

from __future__ import annotations

from .games import both
from .reach import first_joint_states, following, prescribed
from .values_by_state import accumulated, at_start, expected_flow, most_patient, normaliser, owner_of


def average_payoffs_by_play(game, automata, rounds: int | None = None) -> list:
    """Return the expected payoffs of each round, undiscounted: ``[{line: [one number an account]}, ...]``.

    The distribution over joint states is pushed forward, move by move.
    """
    game, automata = both(game, automata)
    opening, result = first_joint_states(game, automata), []
    for _ in range(game.rounds if rounds is None else rounds):
        paid = {line: [0] * len(game.accounts) for line in game.lines}
        here, later = opening, {}
        while here:
            inside: dict = {}
            for joint, weight in here.items():
                for line in game.lines:
                    for c in range(len(game.accounts)):
                        paid[line][c] = paid[line][c] + weight * expected_flow(game, automata, joint, line, c)
                to = later if game.ends_round[joint[0]] else inside
                for profile, chance in prescribed(game, automata, joint):
                    for _, probability, after in following(game, automata, joint, profile):
                        to[after] = to.get(after, 0) + weight * chance * probability
            here = inside
        result.append(paid)
        opening = later
    return result


def values_by_play(game, automata, rounds: int | None = None) -> dict:
    """Return ``values`` from the expected path: cut off after ``rounds`` where it is open-ended."""
    game, automata = both(game, automata)
    path = average_payoffs_by_play(game, automata, rounds)
    result = {line: [0] * len(game.accounts) for line in game.lines}
    for line in game.lines:
        for c in range(len(game.accounts)):
            d = game.one_discount[owner_of(game, c)]
            total = sum(d**t * paid[line][c] for t, paid in enumerate(path))
            result[line][c] = normaliser(game, owner_of(game, c)) * total
    return result


def cooperation(game, automata):
    """Return the discounted share of player-moves on the agreement, at the highest discount factor.

    Counted are the moves of players who have an agreement and a choice. The choice counts, or the deed
    where the outcome tells one. None where nothing is ever counted.
    """
    game, automata = both(game, automata)

    def reward(joint):
        kept, counted = 0, 0
        s = joint[0]
        for i in range(game.players):
            if game.agreement[s, i] >= 0 and len(game.allowed[s, i]) > 1:
                for profile, chance in prescribed(game, automata, joint):
                    for y, probability in game.lottery[s, profile]:
                        act = game.deeds[i, y] if game.deeds[i, y] >= 0 else profile[i]
                        counted = counted + chance * probability
                        if act in game.keeps[s, i]:
                            kept = kept + chance * probability
        return [kept, counted]

    found = accumulated(game, automata, most_patient(game), reward, on_path=True)
    kept, counted = at_start(game, automata, found, 0), at_start(game, automata, found, 1)
    return kept / counted if counted else None
