"""A plain, obvious reference for the exact engines: dictionaries and loops, nothing fast.

Every function takes ``game`` (a PlainGame, or a Game of one batch point) and ``automata`` (PlainAutomaton,
or Automaton of one batch point); for a point of a larger batch translate first, with ``both``. With floats in
the dictionaries it works in floats, with Fractions exactly; ``exact`` turns the one into the other. Rounds
are counted from 0. A *joint state* is ``(s, q_0, ..., q_n-1)``. A *place* is a joint state where the game is
open-ended, and ``(round, joint state)`` where rounds are finite.
"""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.game import Game
from gamelab.model.ledger import Flow


@dataclass
class PlainGame:
    """One batch point of a Game as dictionaries; ``s, i, y, c`` are indices, ``profile`` has actions."""

    players: int
    accounts: list  # names
    lines: dict  # name of line -> kind
    states: list  # indices
    outcomes: list  # indices
    start: dict  # s -> probability > 0
    allowed: dict  # (s, i) -> list of actions
    profiles: dict  # s -> list of allowed profiles
    lottery: dict  # (s, profile) -> list of (y, probability > 0)
    by_profile: dict  # (line, s, profile) -> list of payoffs, one an account
    by_outcome: dict  # (line, s, y) -> list of payoffs, one an account
    next_state: dict  # (s, y) -> s
    views: dict  # (i, y) -> symbol
    deeds: dict  # (i, y) -> action or -1
    agreement: dict  # (s, i) -> action or -1
    keeps: dict  # (s, i) -> set of actions
    ends_round: dict  # s -> bool
    discount: dict  # (s, i) -> weight of the next move
    one_discount: list  # i -> discount factor where a round ends
    rounds: int | None
    payoffs: dict = dataclasses.field(default_factory=dict)  # (line, s, profile) -> expected, one an account

    def __post_init__(self):
        self.payoffs = {}
        for line in self.lines:
            for s in self.states:
                for profile in self.profiles[s]:
                    expected = list(self.by_profile[line, s, profile])
                    for y, probability in self.lottery[s, profile]:
                        for c in range(len(self.accounts)):
                            expected[c] = expected[c] + probability * self.by_outcome[line, s, y][c]
                    self.payoffs[line, s, profile] = expected


@dataclass
class PlainAutomaton:
    """One batch point of an Automaton as dictionaries, for every state of the game."""

    start: int
    size: int
    action: dict  # (s, q) -> {action: probability > 0}
    next: dict  # (s, q, own action, symbol) -> q


# ---------------------------------------------------------------------------------------------- translation


def entry(array, *place):
    """Return one entry of an array; an axis of size 1 has the same entry everywhere."""
    where = tuple(0 if size == 1 else k for size, k in zip(array.shape, place, strict=True))
    number = array[where]
    return number.item() if isinstance(number, np.generic) else number


def plain(game: Game, point: int = 0) -> PlainGame:
    """Turn one batch point of a game into dictionaries."""
    n, S, Y, C = len(game.players), len(game.states), len(game.outcomes), len(game.accounts)
    every_profile = list(itertools.product(*(range(len(labels)) for labels in game.actions)))
    place_of = {profile: p for p, profile in enumerate(every_profile)}  # row-major: player 0 slowest
    allowed = {
        (s, i): [a for a in range(len(game.actions[i])) if game.allowed[s, i, a]]
        for s in range(S)
        for i in range(n)
    }
    profiles = {
        s: [profile for profile in every_profile if all(profile[i] in allowed[s, i] for i in range(n))]
        for s in range(S)
    }
    lottery, by_profile, by_outcome = {}, {}, {}
    for s in range(S):
        for profile in profiles[s]:
            chances = [entry(game.probabilities, point, s, place_of[profile], y) for y in range(Y)]
            lottery[s, profile] = [(y, chances[y]) for y in range(Y) if chances[y] > 0]
    for line, flow in game.flows.items():
        for s in range(S):
            for profile in profiles[s]:
                by_profile[line, s, profile] = [
                    0 if flow.by_profile is None else entry(flow.by_profile, point, s, place_of[profile], c)
                    for c in range(C)
                ]
            for y in range(Y):
                by_outcome[line, s, y] = [
                    0 if flow.by_outcome is None else entry(flow.by_outcome, point, s, y, c) for c in range(C)
                ]
    starts = [entry(game.start, point, s) for s in range(S)]
    ends_round = {s: bool(game.ends_round[s]) for s in range(S)}
    discount = {(s, i): entry(game.discount_factor, point, s, i) for s in range(S) for i in range(n)}
    ending = [s for s in range(S) if ends_round[s]]
    return PlainGame(
        players=n,
        accounts=list(game.accounts),
        lines={line: flow.kind for line, flow in game.flows.items()},
        states=list(range(S)),
        outcomes=list(range(Y)),
        start={s: starts[s] for s in range(S) if starts[s] > 0},
        allowed=allowed,
        profiles=profiles,
        lottery=lottery,
        by_profile=by_profile,
        by_outcome=by_outcome,
        next_state={(s, y): int(game.next_state[s, y]) for s in range(S) for y in range(Y)},
        views={(i, y): int(game.views[i, y]) for i in range(n) for y in range(Y)},
        deeds={(i, y): int(game.deeds[i, y]) for i in range(n) for y in range(Y)},
        agreement={(s, i): int(game.agreement[s, i]) for s in range(S) for i in range(n)},
        keeps={(s, i): {a for a in allowed[s, i] if game.keeps[s, i, a]} for s in range(S) for i in range(n)},
        ends_round=ends_round,
        discount=discount,
        one_discount=[discount[ending[0], i] for i in range(n)],
        rounds=game.rounds,
    )


def plain_automaton(automaton: Automaton, point: int = 0, states: int | None = None) -> PlainAutomaton:
    """Turn one batch point of an automaton into dictionaries, for a game with so many states.

    ``states`` is needed only where the automaton has size 1 on S and the game has more states.
    """
    S = states or max(automaton.action.shape[1], automaton.next.shape[0])
    Q, A, V = automaton.next.shape[1:]
    action, following = {}, {}
    for s in range(S):
        for q in range(Q):
            weights = [entry(automaton.action, point, s, q, a) for a in range(A)]
            action[s, q] = {a: weights[a] for a in range(A) if weights[a] > 0}
            for a in range(A):
                for v in range(V):
                    following[s, q, a, v] = int(entry(automaton.next, s, q, a, v))
    return PlainAutomaton(start=int(automaton.start), size=Q, action=action, next=following)


def both(game, automata, point: int | None = None):
    """Return game and automata as dictionaries, at one batch point; what is translated already stays."""
    if isinstance(game, Game):
        if point is None and game.batch > 1:
            raise ValueError("say which point of the batch: both(game, automata, point)")
        game = plain(game, point or 0)
    translated = []
    for automaton in automata:
        if isinstance(automaton, Automaton):
            if point is None and automaton.action.shape[0] > 1:
                raise ValueError("say which point of the batch: both(game, automata, point)")
            automaton = plain_automaton(automaton, point or 0, len(game.states))
        translated.append(automaton)
    return game, translated


def exact(thing, largest_denominator: int = 10**6):
    """Return a PlainGame or PlainAutomaton with Fractions: the simplest ones near the floats."""

    def fraction(number):
        return Fraction(number).limit_denominator(largest_denominator)

    def certain(lottery):
        assert sum(lottery) == 1, "probabilities do not sum to exactly 1 in fractions"

    if isinstance(thing, PlainAutomaton):
        action = {k: {a: fraction(p) for a, p in mixture.items()} for k, mixture in thing.action.items()}
        for mixture in action.values():
            certain(mixture.values())
        return dataclasses.replace(thing, action=action)
    lottery = {k: [(y, fraction(p)) for y, p in pairs] for k, pairs in thing.lottery.items()}
    for pairs in lottery.values():
        certain(p for _, p in pairs)
    start = {s: fraction(p) for s, p in thing.start.items()}
    certain(start.values())
    return dataclasses.replace(
        thing,
        lottery=lottery,
        start=start,
        by_profile={k: [fraction(x) for x in row] for k, row in thing.by_profile.items()},
        by_outcome={k: [fraction(x) for x in row] for k, row in thing.by_outcome.items()},
        discount={k: fraction(d) for k, d in thing.discount.items()},
        one_discount=[fraction(d) for d in thing.one_discount],
    )


def both_exact(game, automata, point: int | None = None):
    """Return game and automata as dictionaries with Fractions."""
    game, automata = both(game, automata, point)
    return exact(game), [exact(automaton) for automaton in automata]


# -------------------------------------------------------------------------------------------- moves and reach


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


# ---------------------------------------------------------------------------------------------------- values


def gaussian_elimination(matrix, right) -> list:
    """Solve matrix x = right for several right-hand sides at once, with pivoting; exactly with Fractions."""
    rows = [list(row) + list(extra) for row, extra in zip(matrix, right, strict=True)]
    if any(isinstance(number, Fraction) for row in rows for number in row):
        rows = [[Fraction(number) for number in row] for row in rows]
    size = len(rows)
    for k in range(size):
        pivot = max(range(k, size), key=lambda r: abs(rows[r][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for r in range(k + 1, size):
            if rows[r][k] != 0:
                factor = rows[r][k] / rows[k][k]
                rows[r] = [x - factor * z for x, z in zip(rows[r], rows[k], strict=True)]
    solution = [None] * size
    for k in reversed(range(size)):
        total = rows[k][size:]
        for j in range(k + 1, size):
            if rows[k][j] != 0:
                total = [x - rows[k][j] * z for x, z in zip(total, solution[j], strict=True)]
        solution[k] = [x / rows[k][k] for x in total]
    return solution


def accumulated(game, automata, owner: int, reward, on_path: bool = False) -> dict:
    """Return the discounted sum of a reward from each place on, under the automata's own play.

    Parameters
    ----------
    owner : int
        The player whose discount factor counts.
    reward : function
        From a joint state to a list of numbers: what one move there is expected to bring.
    on_path : bool
        Only at the places that the automata's own play visits.
    """
    if game.rounds is None:
        joints = sorted(closure(game, automata, set(first_joint_states(game, automata)), on_path))
        number = {joint: k for k, joint in enumerate(joints)}
        matrix = [[0] * len(joints) for _ in joints]
        for joint in joints:
            matrix[number[joint]][number[joint]] += 1
            weight = game.discount[joint[0], owner]
            for profile, chance in prescribed(game, automata, joint):
                for _, probability, after in following(game, automata, joint, profile):
                    matrix[number[joint]][number[after]] -= weight * chance * probability
        sums = gaussian_elimination(matrix, [reward(joint) for joint in joints])
        return {joint: sums[number[joint]] for joint in joints}

    found: dict = {}

    def from_here(t, joint):
        if t == game.rounds:
            return [0] * width
        if (t, joint) not in found:
            total = list(reward(joint))
            weight = game.discount[joint[0], owner]
            later = t + 1 if game.ends_round[joint[0]] else t
            for profile, chance in prescribed(game, automata, joint):
                for _, probability, after in following(game, automata, joint, profile):
                    beyond = from_here(later, after)
                    total = [
                        x + weight * chance * probability * z for x, z in zip(total, beyond, strict=True)
                    ]
            found[t, joint] = total
        return found[t, joint]

    visited = reachable_by_round(game, automata, None, on_path)
    width = len(reward(next(iter(visited[0]))))
    for t in reversed(range(game.rounds)):  # the last round first, so that the recursion stays shallow
        for joint in visited[t]:
            from_here(t, joint)
    return found


def at_start(game, automata, found: dict, column: int):
    """Return one column of ``accumulated`` on average over the lottery that play starts with."""
    total = 0
    for joint, probability in first_joint_states(game, automata).items():
        place = joint if game.rounds is None else (0, joint)
        total = total + probability * found[place][column]
    return total


def normaliser(game, player: int):
    """Return the number that turns a discounted sum into an average per round."""
    d = game.one_discount[player]
    if game.rounds is None:
        return 1 - d
    return 1 / sum(d**t for t in range(game.rounds))


def owner_of(game, account: int) -> int:
    """Return whose discount factor an account uses: a player's own, and for others the first player's."""
    return account if account < game.players else 0


def expected_flow(game, automata, joint, line, account):
    """Return what one move in a joint state pays on average."""
    total = 0
    for profile, chance in prescribed(game, automata, joint):
        total = total + chance * game.payoffs[line, joint[0], profile][account]
    return total


def values(game, automata) -> dict:
    """Return the normalised average per round: ``values[line]`` is a list, one number an account."""
    game, automata = both(game, automata)
    result = {line: [None] * len(game.accounts) for line in game.lines}
    lines = list(game.lines)
    for c in range(len(game.accounts)):
        owner = owner_of(game, c)

        def reward(joint, c=c):
            return [expected_flow(game, automata, joint, line, c) for line in lines]

        found = accumulated(game, automata, owner, reward, on_path=True)
        for k, line in enumerate(lines):
            result[line][c] = normaliser(game, owner) * at_start(game, automata, found, k)
    return result


def utilities(game, automata) -> list:
    """Return each player's normalised value of all lines, regard included."""
    game, automata = both(game, automata)
    by_line = values(game, automata)
    return [sum(by_line[line][i] for line in game.lines) for i in range(game.players)]


def payoffs(game, automata) -> list:
    """Return each player's normalised value of all lines but those of kind ``regard``."""
    game, automata = both(game, automata)
    by_line = values(game, automata)
    return [
        sum(by_line[line][i] for line, kind in game.lines.items() if kind != "regard")
        for i in range(game.players)
    ]


def stage_utility(game, s, profile, player):
    """Return what a player gets from one move, regard included."""
    return sum(game.payoffs[line, s, profile][player] for line in game.lines)


def continuation(game, automata) -> dict:
    """Return each player's un-normalised utility from each place on: ``{place: [W of each player]}``.

    Places are all that some history visits, not only those of the automata's own play.
    """
    game, automata = both(game, automata)
    result: dict = {}
    for i in range(game.players):

        def reward(joint, i=i):
            return [
                sum(
                    chance * stage_utility(game, joint[0], profile, i)
                    for profile, chance in prescribed(game, automata, joint)
                )
            ]

        for place, (total,) in accumulated(game, automata, i, reward).items():
            result.setdefault(place, []).append(total)
    return result


# ------------------------------------------------------------------------------------------------ incentives


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
    """Return the un-normalised gains, in payoffs of their own round, of one departure at every place.

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


# ------------------------------------------------------------------------------------------------- play


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
    """Return the discounted share of player-moves on the agreement, at the first player's discount factor.

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

    found = accumulated(game, automata, 0, reward, on_path=True)
    kept, counted = at_start(game, automata, found, 0), at_start(game, automata, found, 1)
    return kept / counted if counted else None


# ------------------------------------------------------------------------------------------------ brute force


def deterministic_automata(game, player: int, size: int, limit: int = 50_000):
    """Yield every deterministic automaton of exactly ``size`` states that starts in its state 0.

    They differ in what is played in each (game state, own state) and in what follows each symbol that can
    then be seen. What would follow a symbol that cannot occur, or an own action that is never taken, is
    left at the state where it is.
    """
    cells = []
    for s in game.states:
        for _ in range(size):
            ways = []
            for action in game.allowed[s, player]:
                seen = {
                    game.views[player, y]
                    for profile in game.profiles[s]
                    if profile[player] == action
                    for y, _ in game.lottery[s, profile]
                }
                symbols = sorted(seen)
                ways.extend(
                    (action, dict(zip(symbols, nexts, strict=True)))
                    for nexts in itertools.product(range(size), repeat=len(symbols))
                )
            cells.append(ways)
    count = 1
    for ways in cells:
        count *= len(ways)
    if count > limit:
        raise ValueError(f"{count} automata are too many")
    places = [(s, q) for s in game.states for q in range(size)]
    every_symbol = sorted({game.views[player, y] for y in game.outcomes})
    every_action = sorted({a for s in game.states for a in game.allowed[s, player]})
    for ways in itertools.product(*cells):
        action, following_state = {}, {}
        for (s, q), (played, nexts) in zip(places, ways, strict=True):
            action[s, q] = {played: 1}
            for a in every_action:
                for v in every_symbol:
                    following_state[s, q, a, v] = nexts.get(v, q) if a == played else q
        yield PlainAutomaton(start=0, size=size, action=action, next=following_state)


def brute_force_best_automaton(game, automata, player: int, size: int = 2, limit: int = 50_000):
    """Return the best normalised value, and an automaton that gets it, among deterministic ones of a player.

    Over all those with at most ``size`` states; they see the own action, the own symbol and (as everybody
    does) the state of the game, and never the others' automaton states.
    """
    game, automata = both(game, automata)
    best, who = None, None
    for states in range(1, size + 1):
        for candidate in deterministic_automata(game, player, states, limit):
            trial = [candidate if i == player else automaton for i, automaton in enumerate(automata)]

            def reward(joint, trial=trial):
                return [
                    sum(
                        chance * stage_utility(game, joint[0], profile, player)
                        for profile, chance in prescribed(game, trial, joint)
                    )
                ]

            found = accumulated(game, trial, player, reward, on_path=True)
            value = normaliser(game, player) * at_start(game, trial, found, 0)
            if best is None or value > best:
                best, who = value, candidate
    return best, who


# ----------------------------------------------------------------------------------------------- random games


def small_lottery(generator, size: int, support) -> np.ndarray:
    """Return random probabilities with small denominators, some of them 0, over the places in ``support``."""
    weights = np.zeros(size, dtype=int)
    while weights.sum() == 0:
        for k in support:
            weights[k] = generator.integers(0, 4)
    return weights / weights.sum()


def coin(generator, probability: float = 0.5) -> bool:
    """Toss a coin."""
    return bool(generator.random() < probability)


def random_game(
    generator: np.random.Generator,
    players: int = 2,
    observe: str = "public",
    states: int = 1,
    points: int = 1,
    rounds: int | None = None,
    sizes: tuple[int, ...] | None = None,
    perfect: bool | None = None,
    deeds: bool = False,
) -> Game:
    """Return a small random game that passes every check of the model.

    Parameters
    ----------
    observe : str
        ``public`` (everybody sees the outcome), ``private`` (independent random views) or ``none``
        (everybody sees the same one symbol).
    points : int
        Size of the batch; which outcomes have probability 0 differs between its points.
    sizes : tuple of int, optional
        Number of actions of each player; 2 each by default.
    perfect : bool, optional
        Whether the outcome is the profile (default: a coin decides, 1 in 4).
    deeds : bool
        Whether outcomes tell what was done, at random.
    """
    n, S, B = players, states, points
    sizes = sizes or (2,) * n
    A, P = max(sizes), int(np.prod(sizes))
    perfect = coin(generator, 0.25) if perfect is None else perfect
    Y = P if perfect else int(generator.integers(2, 5))
    C = n + 1

    def batch():
        return B if coin(generator) else 1

    def axis(size):
        return size if coin(generator, 0.7) else 1

    def numbers(*shape, low=-3, high=6):
        return generator.integers(low * 10, high * 10 + 1, size=shape) / 10

    allowed = np.zeros((S, n, A), dtype=bool)
    for s in range(S):
        for i in range(n):
            allowed[s, i, : sizes[i]] = True
            if coin(generator, 0.15):
                allowed[s, i] = False
                allowed[s, i, generator.integers(sizes[i])] = True

    ends_round = np.ones(S, dtype=bool)
    next_state = generator.integers(0, S, size=(S, Y))
    if S > 1 and coin(generator, 0.4):
        ends_round[0] = False
        next_state[0] = generator.integers(1, S, size=Y)

    if perfect:
        probabilities = np.eye(P)[None, None]
    else:
        shape = (B, axis(S), P if coin(generator, 0.8) else 1)
        probabilities = np.zeros((*shape, Y))
        for b, s, p in itertools.product(*(range(size) for size in shape)):
            probabilities[b, s, p] = small_lottery(generator, Y, range(Y))

    if observe == "public":
        views = np.tile(np.arange(Y), (n, 1))
    elif observe == "private":
        views = generator.integers(0, min(Y, 3), size=(n, Y))
    else:
        views = np.zeros((n, Y), dtype=int)

    fallback = np.zeros((batch(), S, n, A))
    for b, s, i in itertools.product(range(len(fallback)), range(S), range(n)):
        fallback[b, s, i] = small_lottery(generator, A, np.flatnonzero(allowed[s, i]))

    discount_factor = np.ones((batch(), S, n if coin(generator) else 1))
    for b, i in itertools.product(range(discount_factor.shape[0]), range(discount_factor.shape[2])):
        d = 0.0 if coin(generator, 0.05) else generator.integers(20, 96) / 100
        if rounds is not None and coin(generator, 0.3):
            d = 1.0
        discount_factor[b, ends_round, i] = d

    agreement = -np.ones((S, n), dtype=int)
    keeps = np.zeros((S, n, A), dtype=bool)
    for s in range(S):
        for i in range(n):
            if allowed[s, i].sum() > 1 and coin(generator, 0.8):
                agreement[s, i] = generator.choice(np.flatnonzero(allowed[s, i]))
                keeps[s, i, agreement[s, i]] = True
                if coin(generator, 0.2):
                    keeps[s, i] = allowed[s, i]

    transfer = numbers(batch(), axis(S), Y, C)
    transfer[..., -1] = -transfer[..., :-1].sum(axis=-1)
    regard = numbers(1, 1, P, C)
    regard[..., n:] = 0
    flows = {
        "material": Flow("material", numbers(batch(), axis(S), P, C), numbers(batch(), axis(S), Y, C)),
        "test.transfer": Flow("transfer", None, transfer),
        "test.fine": Flow("fine", None, numbers(batch(), axis(S), Y, C, low=-2, high=0)),
        "test.cost": Flow("cost", numbers(batch(), axis(S), 1, C, low=-1, high=0), None),
        "test.regard": Flow("regard", regard, None),
    }
    start = np.stack([small_lottery(generator, S, range(S)) for _ in range(batch())])
    done = -np.ones((n, Y), dtype=int)
    if deeds and observe == "public":
        told = generator.random(Y) < 0.7  # an outcome tells what everybody did, or of nobody
        for i in range(n):
            done[i] = np.where(told, generator.integers(0, sizes[i], size=Y), -1)
    names = tuple(f"player_{i + 1}" for i in range(n))
    return Game(
        players=names,
        actions=tuple(tuple("CDE"[:size]) for size in sizes),
        states=tuple(f"s{s}" for s in range(S)),
        outcomes=tuple(f"y{y}" for y in range(Y)),
        start=start,
        allowed=allowed,
        ends_round=ends_round,
        probabilities=probabilities,
        next_state=next_state,
        accounts=(*names, "authority"),
        flows=flows,
        views=views,
        conduct=-np.ones((n, n, Y), dtype=int),
        deeds=done,
        finding=np.zeros((n, Y), dtype=int),
        levels=generator.integers(-1, 2, size=(S, n)),
        agreement=agreement,
        keeps=keeps,
        fallback=fallback,
        discount_factor=discount_factor,
        rounds=rounds,
        shape=(B,) if B > 1 else (),
    )


def random_automaton(
    generator: np.random.Generator,
    game: Game,
    player: int,
    pure: bool = True,
    size: int = 2,
    counts_own: bool = True,
) -> Automaton:
    """Return a random automaton that fits the game; a mixing one mixes with small denominators.

    With ``counts_own=False`` what follows depends on the symbol alone: a public strategy where views are
    public, so that the others can always infer its state.
    """
    S, A, V = len(game.states), game.allowed.shape[2], int(game.views[player].max()) + 1
    batch = game.batch if not pure and coin(generator) else 1
    action = np.zeros((batch, S, size, A))
    for s, q in itertools.product(range(S), range(size)):
        places = np.flatnonzero(game.allowed[s, player])
        certain = generator.choice(places)
        for b in range(batch):
            if pure:
                action[b, s, q, certain] = 1
            else:
                action[b, s, q] = small_lottery(generator, A, places)
    table = generator.integers(0, size, size=(S, size, A, V))
    if not counts_own:
        table[:] = table[:, :, :1]
    automaton = Automaton(
        name="random",
        states=tuple(f"q{q}" for q in range(size)),
        start=int(generator.integers(size)),
        action=action,
        next=table,
    )
    automaton.fits(game, player)
    return automaton
