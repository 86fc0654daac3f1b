"""Values by Gaussian elimination over joint states, or round by round."""

from __future__ import annotations

from fractions import Fraction

from .games import both
from .reach import closure, first_joint_states, following, prescribed, reachable_by_round


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
    """Return whose discount factor an account uses: a player's own, and for others the highest of all."""
    return account if account < game.players else most_patient(game)


def most_patient(game) -> int:
    """Return the first player with the highest discount factor."""
    return max(range(game.players), key=lambda i: game.one_discount[i])


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
