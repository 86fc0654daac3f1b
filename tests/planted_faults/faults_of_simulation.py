"""Faults in what is played by chance, and in what evolves and learns."""

from .fault import Fault

SIMULATE = "gamelab/simulate/"
TESTS = "tests/simulate/"

OF_SIMULATION = (
    Fault(
        "a round too many", SIMULATE + "matches/kernel.py",
        "left = min(most, number + 1)",
        "left = min(most, number + 2)",
        "matches with a random ending go on for one more round",
        (TESTS + "matches/test_kernel.py",),
    ),
    Fault(
        "the alias never taken", SIMULATE + "matches/kernel.py",
        "if (r << width) >= words[entry]:",
        "if (r << width) > r:",
        "when matches are played again, events that share a place in the table are drawn otherwise",
        (TESTS + "matches/test_replay.py",),
    ),
    Fault(
        "lengths not corrected for", SIMULATE + "matches/estimates.py",
        "mean += sums[half] - slope * (sums[half, length] - count[half] * columns.weight)",
        "mean += sums[half] - slope * (sums[1 - half, length] - count[half] * columns.weight)",
        "what lucky lengths added is taken out of the wrong half of the matches",
        (TESTS + "matches/test_matches.py",),
    ),
    Fault(
        "seats not exchanged", SIMULATE + "tournament/tournament.py",
        "return read_only(np.asarray((self.by_seat[..., 0] + self.by_seat[..., 1].T) / 2))",
        "return read_only(np.asarray((self.by_seat[..., 0] + self.by_seat[..., 1]) / 2))",
        "the row's payoff in the second seat is the column's",
        (TESTS + "tournament/test_tournament.py",),
    ),
    Fault(
        "opponents by the wrong seat", SIMULATE + "tournament/pair_batches.py",
        "member = np.stack(np.divmod(match, members[1, pairs, None]))",
        "member = np.stack(np.divmod(match, members[0, pairs, None]))",
        "members of two families meet as if both were as many as those of the first seat",
        (TESTS + "tournament/test_pair_batches.py", TESTS + "tournament/test_round_robin.py"),
    ),
    Fault(
        "players who meet themselves", SIMULATE + "evolution/imitation.py",
        "earned = 0.0 * total - payoffs[i, i]",
        "earned = 0.0 * total",
        "in a finite population everybody meets himself, too",
        (TESTS + "evolution/test_imitation.py", TESTS + "evolution/test_population_chain.py"),
    ),
    Fault(
        "waiting for others", SIMULATE + "evolution/kernel.py",
        "wait = min(waiting(min(total, 1.0), uniform[0, place], steps), left[who])",
        "wait = min(waiting(min(total, 1.0), uniform[0, 0], steps), left[who])",
        "all populations wait as long as the first one draws",
        (TESTS + "evolution/test_finite_population.py",),
    ),
    Fault(
        "mutants that never differ", SIMULATE + "evolution/imitation.py",
        "child = (1 - mutation) * parent + elsewhere * (1 - parent)",
        "child = (1 - mutation) * parent + elsewhere * parent",
        "mutation goes to what the parent plays",
        (TESTS + "evolution/test_imitation.py", TESTS + "evolution/test_population_chain.py"),
    ),
    Fault(
        "forgetting what was chosen", SIMULATE + "learning/attractions.py",
        "return self.decay * scores + gained, self.experience_decay * experience + 1",
        "return self.decay * (scores + gained), self.experience_decay * experience + 1",
        "a new experience fades at once",
        (TESTS + "learning/test_learning.py",),
    ),
    Fault(
        "foregone payoffs counted twice", SIMULATE + "learning/attractions.py",
        "gained = (1 - self.foregone) * self.reach[seen.action] * (seen.payoff - self.floor)[:, None]",
        "gained = self.reach[seen.action] * (seen.payoff - self.floor)[:, None]",
        "what was earned counts in full beside its share in what could have been",
        (TESTS + "learning/test_learning.py",),
    ),
    Fault(
        "records seen by all", SIMULATE + "population/standing.py",
        "punished = self.reach if z else 0",
        "punished = 1 if z else 0",
        "whoever is in bad standing is punished by everybody, seen or not",
        (TESTS + "population/test_standing.py",),
    ),
    Fault(
        "nobody sits out", SIMULATE + "population/encounters.py",
        "return self.size // 2",
        "return (self.size + 1) // 2",
        "with an odd number of persons one of them meets nobody and plays",
        (TESTS + "population/test_encounters.py", TESTS + "population/test_population.py"),
    ),
)  # fmt: skip
"""Faults in ``simulate/``."""
