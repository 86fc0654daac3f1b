"""Learning as plain loops, one group at a time, each rule by the formula of its own textbook."""

import itertools
import math

import numpy as np

from gamelab.randomness import stream

UNIT = 1024


class RothErev:
    """Propensities: the chosen one gains the payoff less the smallest of the game."""

    def __init__(self, pay, strength=9, experimentation=0, forgetting=0):
        self.e, self.f = experimentation, forgetting
        every = [number for row in pay for number in row]
        self.low, self.size = min(every), len(pay)
        average = sum(number - self.low for number in every) / len(every)
        self.q = [strength * average / self.size for _ in pay]

    def chances(self):
        total = sum(self.q)
        return [q / total if total > 0 else 1 / self.size for q in self.q]

    def update(self, own, others, pay):
        reward = pay[own][others] - self.low
        for j in range(self.size):
            other = self.e / (self.size - 1) if self.size > 1 else 0
            share = (1 - self.e if self.size > 1 else 1) if j == own else other
            self.q[j] = (1 - self.f) * self.q[j] + reward * share


class CamererHo:
    """N(t) = rho N(t-1) + 1; A_j(t) = (phi N(t-1) A_j(t-1) + weighted payoff) / N(t)."""

    def __init__(
        self,
        pay,
        precision=1,
        foregone=0.5,
        decay=0.9,
        growth=0,
        experience=1,
        attractions=None,
        choice="logit",
    ):
        self.phi, self.delta, self.precision = decay, foregone, precision
        self.rho = decay * (1 - growth)
        self.low = min(map(min, pay)) if choice == "proportional" else 0
        self.N, self.choice = experience, choice
        self.A = list(attractions or [0.0] * len(pay))

    def chances(self):
        if self.choice == "logit":
            return logit(self.A, self.precision)
        weights = [a**self.precision for a in self.A]
        return [w / sum(weights) if sum(weights) > 0 else 1 / len(weights) for w in weights]

    def update(self, own, others, pay):
        before, self.N = self.N, self.rho * self.N + 1
        for j in range(len(self.A)):
            weight = 1 if j == own else self.delta
            self.A[j] = (self.phi * before * self.A[j] + weight * (pay[j][others] - self.low)) / self.N


class Brown:
    """Counts what the others did, and replies to the frequencies."""

    def __init__(self, pay, forgetting=0, prior=1, precision=None):
        self.pay, self.f, self.precision = pay, forgetting, precision
        self.counts = [prior / len(pay[0]) for _ in pay[0]]

    def chances(self):
        total = sum(self.counts)
        if total == 0:
            worth = [0.0 for _ in self.pay]
        else:
            worth = [sum(c * u for c, u in zip(self.counts, row, strict=True)) / total for row in self.pay]
        if self.precision is not None:
            return logit(worth, self.precision)
        every = [number for row in self.pay for number in row]
        near = 1e-9 * (max(every) - min(every))
        best = [float(w >= max(worth) - near) for w in worth]
        return [b / sum(best) for b in best]

    def update(self, own, others, pay):
        self.counts = [(1 - self.f) * c for c in self.counts]
        self.counts[others] += 1


class Stubborn:
    def __init__(self, pay, mixture):
        self.mixture = mixture

    def chances(self):
        return self.mixture

    def update(self, own, others, pay):
        pass


def logit(worth, precision):
    raised = [math.exp(precision * (w - max(worth))) for w in worth]
    return [r / sum(raised) for r in raised]


PLAIN = {
    "reinforcement": RothErev,
    "experience_weighted_attraction": CamererHo,
    "fictitious_play": Brown,
    "stochastic_fictitious_play": Brown,
    "fixed": Stubborn,
}


def plain_learning(tables, rules, rounds, group=0, seed=1):
    """Return the actions of every round, and each player's chances after the last one.

    ``tables`` has the payoffs of each player by the actions of all; ``rules`` are pairs (name, settings).
    """
    n, sizes = len(tables), np.shape(tables)[1:]
    pay = []
    for i in range(n):
        elsewhere = [range(size) for j, size in enumerate(sizes) if j != i]
        rest = list(itertools.product(*elsewhere))
        pay.append(
            [[float(tables[i][(*others[:i], a, *others[i:])]) for others in rest] for a in range(sizes[i])]
        )
    people = [PLAIN[name](pay[i], **settings) for i, (name, settings) in enumerate(rules)]
    random = stream(seed, "learning", group // UNIT)
    played = []
    for _ in range(rounds):
        drawn = random.random((UNIT, n))[group % UNIT]
        actions = [choose(person.chances(), u) for person, u in zip(people, drawn, strict=True)]
        for i, person in enumerate(people):
            others = 0
            for j in range(n):
                if j != i:
                    others = others * sizes[j] + actions[j]
            person.update(actions[i], others, pay[i])
        played.append(actions)
    return played, [person.chances() for person in people]


def choose(chances, u):
    upto = 0.0
    for action, chance in enumerate(chances[:-1]):
        upto += chance
        if u * sum(chances) < upto:
            return action
    return len(chances) - 1


def plain_trust(game, settings, worth, rounds, group=0, seed=1):
    """Play a public game of one state in which everybody goes by trust; return kept or not, and the beliefs.

    ``worth`` is each player's (gain, loss); what is read of a person is the public record.
    """
    n, profiles = game.n, [tuple(p) for p in game.profiles.tolist()]
    prior, good, bad = (
        settings.get(k, v) for k, v in [("prior", 0.5), ("reciprocator_keeps", 0.95), ("selfish_keeps", 0.05)]
    )
    random = stream(seed, "learning", group // UNIT)
    random.random((UNIT, n + 1))  # the first state
    odds = [[prior / (1 - prior)] * n for _ in range(n)]
    standing = [True] * n
    agreed, fallback = game.agreement[0].tolist(), game.fallback[0, 0]

    def read_kept(profile):
        """Return the chance that each person is recorded as keeping the agreement."""
        chances = game.probabilities[0, 0, profiles.index(profile)]
        return [
            sum(
                chance
                for y, chance in enumerate(chances)
                if game.conduct[j, j, y] >= 0 and game.keeps[0, j, game.conduct[j, j, y]]
            )
            for j in range(n)
        ]

    kept_path, belief_path = [], []
    for _ in range(rounds):
        drawn = random.random((UNIT, n + 1))[group % UNIT]
        actions = []
        for i in range(n):
            p = math.prod(odds[i][j] / (1 + odds[i][j]) for j in range(n) if j != i)
            gain, loss = worth[i]
            trusts = p * gain - (1 - p) * loss >= 0
            chances = [float(a == agreed[i]) for a in range(game.sizes[i])] if trusts else list(fallback[i])
            actions.append(choose(chances, drawn[i]))
        upto, outcome = 0.0, None
        for y, chance in enumerate(game.probabilities[0, 0, profiles.index(tuple(actions))]):
            upto += chance
            if drawn[n] < upto:
                outcome = y
                break
        shown = [bool(game.keeps[0, j, game.conduct[j, j, outcome]]) for j in range(n)]
        for i in range(n):
            for j in range(n):
                if j == i or not standing[i]:
                    continue
                honest = read_kept(tuple(agreed))[j]
                slack = 0.0
                for a, weight in enumerate(fallback[j]):
                    other = tuple(a if k == j else agreed[k] for k in range(n))
                    slack += weight * read_kept(other)[j]
                likely = [c * honest + (1 - c) * slack for c in (good, bad)]
                ratio = likely[0] / likely[1] if shown[j] else (1 - likely[0]) / (1 - likely[1])
                odds[i][j] *= ratio
        standing = shown
        kept_path.append([int(a == b) for a, b in zip(actions, agreed, strict=True)])
        belief_path.append([[o / (1 + o) for o in row] for row in odds])
    return kept_path, belief_path
