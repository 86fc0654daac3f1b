"""One-shot gains, best responses by policy iteration, and what players can infer."""

from __future__ import annotations

import itertools
from fractions import Fraction

from .games import both
from .reach import first_joint_states, following, prescribed, reachable, reachable_by_round
from .values_by_state import continuation, gaussian_elimination, normaliser, stage_utility, utilities


def action_value(game, automata, future, t, joint, player, action):
    """Return what an action is worth now, when everybody follows the automata in every later move."""
    s = joint[0]
    weight = game.discount[s, player]
    total = 0
    others: dict = {}  # the others' mixture: profile with the own action put in -> probability
    for profile, chance in prescribed(game, automata, joint):
        changed = (*profile[:player], action, *profile[player + 1 :])
        others[changed] = others.get(changed, 0) + chance
    for profile, chance in others.items():
        total = total + chance * stage_utility(game, s, profile, player)
        for _, probability, after in following(game, automata, joint, profile):
            if t is None:
                beyond = future[after][player]
            else:
                later = t + 1 if game.ends_round[s] else t
                beyond = 0 if later == game.rounds else future[later, after][player]
            total = total + weight * chance * probability * beyond
    return total


def one_shot_gains(game, automata) -> dict:
    """Return the un-normalised gains, in payoffs of their own round, of one deviation at every place.

    Keys are ``(round or None, joint state, player, action)`` for every allowed action that is not
    prescribed there; where the player mixes, for the prescribed ones too.
    """
    game, automata = both(game, automata)
    future = continuation(game, automata)
    gains = {}
    for place in future:
        t, joint = (None, place) if game.rounds is None else place
        for i in range(game.players):
            mixture = automata[i].action[joint[0], joint[1 + i]]
            for a in game.allowed[joint[0], i]:
                if a not in mixture or len(mixture) > 1:
                    worth = action_value(game, automata, future, t, joint, i, a)
                    gains[t, joint, i, a] = worth - future[place][i]
    return gains


def max_gain(game, automata, normalised: bool = False):
    """Return the largest one-shot gain and its place; (None, None) where nobody ever has another action."""
    game, automata = both(game, automata)
    gains = one_shot_gains(game, automata)
    if normalised:
        gains = {key: gain * normaliser(game, key[2]) for key, gain in gains.items()}
    if not gains:
        return None, None
    best = max(gains, key=gains.get)
    return gains[best], best


def best_response_value(game, automata, player: int, tolerance: float = 1e-12):
    """Return the best normalised value at the start for a player who sees the others' automaton states."""
    game, automata = both(game, automata)

    def without_own(joint):
        return (*joint[: 1 + player], 0, *joint[2 + player :])

    def options(joint):
        """For each allowed action: its payoff now, and the next joint states with their probabilities."""
        s = joint[0]
        result = {}
        for action in game.allowed[s, player]:
            now, after = 0, {}
            mixtures = [
                {action: 1} if i == player else automata[i].action[s, joint[1 + i]]
                for i in range(game.players)
            ]
            for profile in itertools.product(*mixtures):
                chance = 1
                for i, a in enumerate(profile):
                    chance = chance * mixtures[i][a]
                now = now + chance * stage_utility(game, s, profile, player)
                for _, probability, joint_after in following(game, automata, joint, profile):
                    key = without_own(joint_after)
                    after[key] = after.get(key, 0) + chance * probability
            result[action] = (now, after)
        return result

    first = {without_own(joint): p for joint, p in first_joint_states(game, automata).items()}
    choices: dict = {}
    waiting = list(first)
    while waiting:
        joint = waiting.pop()
        if joint not in choices:
            choices[joint] = options(joint)
            for _, after in choices[joint].values():
                waiting.extend(after)

    def worth(joint, action, later):
        now, after = choices[joint][action]
        weight = game.discount[joint[0], player]
        return now + weight * sum(probability * later[key] for key, probability in after.items())

    if game.rounds is not None:
        nothing = dict.fromkeys(choices, 0)
        next_round = nothing
        for _ in range(game.rounds):
            this_round: dict = {}

            def best(joint, this_round=this_round, next_round=next_round):
                if joint not in this_round:
                    if game.ends_round[joint[0]]:
                        later = next_round
                    else:
                        moved = {key for _, after in choices[joint].values() for key in after}
                        later = {key: best(key) for key in moved}
                    this_round[joint] = max(worth(joint, action, later) for action in choices[joint])
                return this_round[joint]

            for joint in choices:
                best(joint)
            next_round = this_round
        return normaliser(game, player) * sum(p * next_round[joint] for joint, p in first.items())

    joints = sorted(choices)
    policy = {joint: next(iter(choices[joint])) for joint in joints}
    while True:
        matrix, right = [], []
        for joint in joints:
            now, after = choices[joint][policy[joint]]
            weight = game.discount[joint[0], player]
            matrix.append([(1 if key == joint else 0) - weight * after.get(key, 0) for key in joints])
            right.append([now])
        value = {
            joint: row[0] for joint, row in zip(joints, gaussian_elimination(matrix, right), strict=True)
        }
        in_fractions = any(isinstance(number, Fraction) for number in value.values())
        slack = 0 if in_fractions else tolerance * (1 + max(abs(number) for number in value.values()))
        changed = False
        for joint in joints:
            for action in choices[joint]:
                if worth(joint, action, value) > worth(joint, policy[joint], value) + slack:
                    policy[joint] = action
                    changed = True
        if not changed:
            return normaliser(game, player) * sum(p * value[joint] for joint, p in first.items())


def best_response_gain(game, automata, player: int):
    """Return what a player who sees the others' automaton states can gain at the start, normalised."""
    game, automata = both(game, automata)
    return best_response_value(game, automata, player) - utilities(game, automata)[player]


def inferable(game, automata, last_round: bool = True) -> bool:
    """Tell whether everybody always knows the others' automaton states.

    For every joint state that some history visits, every player and own allowed action: over all allowed
    actions of the others and outcomes that can occur, the own symbol and the next state fix the others'
    next automaton states. With ``last_round=False`` the move that ends a finite game is left out: nothing
    is decided after it.
    """
    game, automata = both(game, automata)
    joints = reachable(game, automata)
    if game.rounds is not None and not last_round:
        visits = reachable_by_round(game, automata)
        joints = set().union(*visits[:-1]) | {joint for joint in visits[-1] if not game.ends_round[joint[0]]}
    for joint in joints:
        for i in range(game.players):
            fixed: dict = {}
            for profile in game.profiles[joint[0]]:
                for y, _, (state, *qs) in following(game, automata, joint, profile):
                    others = tuple(q for j, q in enumerate(qs) if j != i)
                    seen = (profile[i], game.views[i, y], state)
                    if fixed.setdefault(seen, others) != others:
                        return False
    return True
