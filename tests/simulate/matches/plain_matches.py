"""Matches by a plain loop: the generator in Python's own whole numbers, and a walk over the game's arrays.

Of the table only the draw itself is used: which event a random number stands for. Everything else - what may
happen, what follows, what it pays - is read off the game and the automata.
"""

from gamelab.testing.plain_play import entry, paid

FULL = 2**64


def rotated(x, k):
    return (x << k | x >> (64 - k)) % FULL


class Xoshiro:
    """xoshiro256++ with the state of one match, from splitmix64."""

    def __init__(self, key, match):
        place = (int(key) + 4 * match * 0x9E3779B97F4A7C15) % FULL
        self.state = [self.splitmix((place + k * 0x9E3779B97F4A7C15) % FULL) for k in (1, 2, 3, 4)]

    @staticmethod
    def splitmix(z):
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % FULL
        z = (z ^ z >> 27) * 0x94D049BB133111EB % FULL
        return z ^ z >> 31

    def bits(self):
        s = self.state
        result = (rotated((s[0] + s[3]) % FULL, 23) + s[0]) % FULL
        t = s[1] << 17 % FULL
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t % FULL
        s[3] = rotated(s[3], 45)
        return result


def drawn(table, row, r):
    """Return the place that a random number chooses in a row that begins there."""
    place = row + (r >> (64 - table.bits))
    cut, alias = int(table.words[4 * place]), int(table.words[4 * place + 3])
    return place if (r << table.bits) % FULL < cut else alias


def rounds_drawn(ending, generator):
    """Return how many rounds a match has."""
    number = 0
    for row in ending.digits[::-1].tolist():
        r = generator.bits()
        digit = r >> 56
        digit = digit if (r << 8) % FULL < row[digit] else row[256 + digit]
        number = 256 * number + digit
    return min(ending.most, number + 1) if len(ending.digits) else ending.most


def plain_match(play, match):
    """Yield each move of a match: (round, move, event, state, profile, outcome, {line: payoffs})."""
    game, automata, table = play.game, play.chain.automata, play.table
    events = table.events
    rows = {}
    for row in range(0, table.start, 1 << table.bits):
        first = int(table.event[row])
        x = int(events.joint[first])
        rows[int(play.chain.state[x]), *play.chain.inner[x].tolist()] = row
    starts = [s for s in range(len(game.states)) if game.start[0, s] > 0]
    generator = Xoshiro(play.key, match)
    state = starts[drawn(table, table.start, generator.bits()) - table.start]
    inner = [automaton.start for automaton in automata]
    left, number, move = rounds_drawn(play.ending, generator), 0, 0
    while left:
        event = int(table.event[drawn(table, rows[state, *inner], generator.bits())])
        p, y = int(events.profile[event]), int(events.outcome[event])
        profile = game.profiles[p].tolist()
        chance = entry(game.probabilities, 0, state, p, y)
        for i, action in enumerate(profile):
            chance *= entry(automata[i].action, 0, state, inner[i], action)
        assert chance > 0
        assert abs(chance - events.chance[event]) < 1e-15
        yield number, move, event, state, p, y, {line: paid(game, line, state, p, y) for line in game.flows}
        inner = [
            int(entry(automata[i].next, state, inner[i], profile[i], int(game.views[i, y])))
            for i in range(game.n)
        ]
        move += 1
        if game.ends_round[state]:
            left, number, move = left - 1, number + 1, 0
        state = int(game.next_state[state, y])
