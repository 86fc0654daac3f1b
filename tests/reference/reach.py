"""Which joint states follow which, and which of them some history reaches."""

from __future__ import annotations

import itertools

from .games import both


def prescribed(game, automata, joint) -> list:
    """Return the profiles that the automata play in a joint state: pairs (profile, probability > 0)."""
    s, *qs = joint
    mixtures = [automata[i].action[s, qs[i]] for i in range(game.players)]
    result = []
    for profile in itertools.product(*mixtures):
        probability = 1
        for i, a in enumerate(profile):
            probability = probability * mixtures[i][a]
        result.append((profile, probability))
    return result


def following(game, automata, joint, profile) -> list:
    """Return what can follow a profile in a joint state: (outcome, probability > 0, next joint state)."""
    s, *qs = joint
    result = []
    for y, probability in game.lottery[s, profile]:
        states = [automata[i].next[s, qs[i], profile[i], game.views[i, y]] for i in range(game.players)]
        result.append((y, probability, (game.next_state[s, y], *states)))
    return result


def first_joint_states(game, automata) -> dict:
    """Return the joint states in which play can start, with their probabilities."""
    return {(s, *(automaton.start for automaton in automata)): p for s, p in game.start.items()}


def profiles_done(game, automata, joint, on_path: bool) -> list:
    """Return the profiles to follow: those that the automata play, or all that are allowed."""
    if on_path:
        return [profile for profile, _ in prescribed(game, automata, joint)]
    return game.profiles[joint[0]]


def closure(game, automata, found: set, on_path: bool) -> set:
    """Return every joint state that some history from these reaches, however many rounds it takes."""
    reached, waiting = set(found), list(found)
    while waiting:
        joint = waiting.pop()
        for profile in profiles_done(game, automata, joint, on_path):
            for _, _, after in following(game, automata, joint, profile):
                if after not in reached:
                    reached.add(after)
                    waiting.append(after)
    return reached


def reachable_by_round(game, automata, rounds: int | None = None, on_path: bool = False) -> list[set]:
    """Return for each round the joint states that some history visits in it.

    Moves inside a round stay in it; the move in a state with ``ends_round`` leads to the next round.
    """
    game, automata = both(game, automata)
    count = game.rounds if rounds is None else rounds
    opening, result = set(first_joint_states(game, automata)), []
    for _ in range(count):
        visited, waiting, later = set(opening), list(opening), set()
        while waiting:
            joint = waiting.pop()
            for profile in profiles_done(game, automata, joint, on_path):
                for _, _, after in following(game, automata, joint, profile):
                    if game.ends_round[joint[0]]:
                        later.add(after)
                    elif after not in visited:
                        visited.add(after)
                        waiting.append(after)
        result.append(visited)
        opening = later
    return result


def reachable(game, automata, on_path: bool = False) -> set:
    """Return every joint state that some history visits: any allowed actions, any outcome that can occur.

    With finitely many rounds: those that are visited before the game is over. With ``on_path`` only the
    automata's own actions of positive probability count.
    """
    game, automata = both(game, automata)
    if game.rounds is not None:
        return set().union(*reachable_by_round(game, automata, None, on_path))
    return closure(game, automata, set(first_joint_states(game, automata)), on_path)
