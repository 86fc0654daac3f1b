"""Contagion against brute force over every matching of persons who have names."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.solve.exact_linear import solve


def dilemma(factor, T=5, R=3, P=1, S=0, **settings):
    stage = gl.prisoners_dilemma(temptation=T, reward=R, punishment=P, sucker=S)
    return gl.repeated(stage, discount_factor=factor, **settings)


def exact_dilemma(factor, **payoffs):
    with gl.exactly():
        return dilemma(factor, **payoffs)


def matchings(persons):
    """Return every way to pair these persons up."""
    if not persons:
        return [[]]
    first, *rest = persons
    return [
        [(first, other), *others]
        for other in rest
        for others in matchings([person for person in rest if person != other])
    ]


def infections(ill, matching, sparing=None):
    """Return who is ill after a round; ``sparing`` keeps the agreement, and so infects nobody."""
    after = set(ill)
    for a, b in matching:
        for one, other in ((a, b), (b, a)):
            if one in ill and one != sparing:
                after.add(other)
    return frozenset(after)


def own_partner(matching, person=0):
    (pair,) = [pair for pair in matching if person in pair]
    return pair[1] if pair[0] == person else pair[0]


class Village:
    """Persons 0 to N-1 and every set of infected ones that has person 0 in it, in fractions."""

    def __init__(self, N, pay, d):
        self.pay, self.d = pay, d  # pay by own and the partner's action, 0 to keep and 1 to deviate
        self.ways = matchings(list(range(N)))
        rest = range(1, N)
        self.sets = [frozenset({0, *some}) for k in range(N) for some in itertools.combinations(rest, k)]
        place = {ill: k for k, ill in enumerate(self.sets)}
        rows, right = [], []
        for ill in self.sets:
            row, now = {place[ill]: Fraction(1)}, Fraction(0)
            for way in self.ways:
                after = place[infections(ill, way)]
                row[after] = row.get(after, 0) - d / len(self.ways)
                now += (1 - d) * pay[1][own_partner(way) in ill] / len(self.ways)
            rows.append({column: entry for column, entry in row.items() if entry})
            right.append([now])
        self.worth = dict(zip(self.sets, (value for (value,) in solve(rows, right)), strict=True))

    def departing_gain(self):
        """Person 0 deviates while all others keep the agreement."""
        return self.worth[frozenset({0})] - self.pay[0][0]

    def spreading_gains(self):
        """Person 0 is infected and keeps the agreement once; for every set of infected persons."""
        gains = {}
        for ill in self.sets:
            total = Fraction(0)
            for way in self.ways:
                now = self.pay[0][own_partner(way) in ill]
                later = self.worth[infections(ill, way, sparing=0)]
                total += ((1 - self.d) * now + self.d * later) / len(self.ways)
            gains.setdefault(len(ill), set()).add(total - self.worth[ill])
        return gains


PAYOFFS = [
    {"T": 5, "R": 3, "P": 1, "S": 0},
    {"T": 4, "R": 3, "P": 1, "S": -2},
    {"T": Fraction(31, 10), "R": 3, "P": 0, "S": Fraction(-1, 10)},
]


@pytest.mark.parametrize("payoffs", PAYOFFS)
@pytest.mark.parametrize("N", [2, 4, 6])
@pytest.mark.parametrize("factor", [Fraction(1, 2), Fraction(9, 10), Fraction(99, 100)])
def test_brute_force_over_all_matchings(payoffs, N, factor):
    found = gl.contagion(exact_dilemma(factor, **payoffs), population=N)
    T, R, P, S = (Fraction(payoffs[name]) for name in "TRPS")
    village = Village(N, [[R, S], [T, P]], factor)
    assert found.departing_gain == village.departing_gain()
    gains = village.spreading_gains()
    assert all(len(same) == 1 for same in gains.values())  # only the number of infected persons counts
    largest = {k: max(gains[k]) for k in range(2, N + 1)}
    assert found.spreading_gain == max(largest.values())
    assert largest[found.spreading_place[0]] == found.spreading_gain
    assert found.departing_action == "D"
    kept, spread = found.departing_gain <= 0, found.spreading_gain <= 0
    assert found.verdict == ("fails" if not kept else "holds" if spread else "undecided")
    # with the sucker's payoff at its limit an infected person is just indifferent
    limit = found.largest_sucker
    village = Village(N, [[R, limit], [T, P]], factor)
    assert max(max(gains) for k, gains in village.spreading_gains().items() if k > 1) == 0


@pytest.mark.parametrize("N", [2, 4, 6])
def test_least_discount_factor_by_brute_force(N):
    found = gl.contagion(dilemma(0.9), population=N).least_discount_factor
    near = Fraction(found).limit_denominator(10**8)
    pay = [[Fraction(3), Fraction(0)], [Fraction(5), Fraction(1)]]
    step = Fraction(1, 10**7)
    assert Village(N, pay, near + step).departing_gain() < 0
    assert Village(N, pay, near - step).departing_gain() > 0


def test_two_persons_are_the_repeated_game():
    """Who meets the same partner for ever plays grim: d* = (T-R)/(T-P)."""
    game = dilemma(0.9, T=4)
    assert gl.contagion(game, population=2).least_discount_factor == pytest.approx(1 / 3, abs=1e-12)
    assert gl.critical_discount_factor(game, "grim") == pytest.approx(1 / 3)


def test_four_persons_in_closed_form():
    """From 2 infected of 4 the next number is 2 with chance 1/3, else 4: d* solves a quadratic equation.

    The first to deviate meets healthy partners with chance 1, 2/3 (1/3)^(t-1) in round t: 5, then P + 4 times it.
    """
    T, R, P = 5, 3, 1
    d = gl.contagion(dilemma(0.9), population=4).least_discount_factor
    worth = P + (1 - d) * (T - P) * (1 + d * Fraction(2, 3) / (1 - d / 3))
    assert worth == pytest.approx(R, abs=1e-12)


def test_published_threshold():
    """Camera and Casari (2009, American Economic Review 99: 979-1005), four strangers: .25 in public, else .443."""
    game = dilemma(0.95, T=30, R=25, P=10, S=5, observe="private")
    four = gl.contagion(game, population=4)
    assert four.verdict == "holds"
    assert round(four.least_discount_factor, 3) == 0.443
    assert gl.critical_discount_factor(game, "grim") == pytest.approx(0.25)
    for factor in (0.5, 0.9, 0.99, 0.9999):  # deviating on is best at every discount factor, they say
        spreading = gl.contagion(dilemma(factor, T=30, R=25, P=10, S=5), population=4).spreading_gain
        assert spreading < 0


def test_the_number_of_infected_persons():
    """The transition matrix counts matchings: by enumeration for 6 persons."""
    transition = gl.contagion(exact_dilemma(Fraction(9, 10)), population=6).transition
    ways = matchings(list(range(6)))
    for ill in range(7):
        counts = [len(infections(frozenset(range(ill)), way)) for way in ways]
        assert [Fraction(counts.count(k), len(ways)) for k in range(7)] == list(transition[ill])


@pytest.mark.parametrize("N", [2, 10, 100, 400])
def test_large_populations(N):
    found = gl.contagion(dilemma(0.9), population=N)
    np.testing.assert_allclose(found.transition.sum(axis=1), 1, atol=1e-12)
    # a healthy person is infected with chance i/(N-1)
    i = np.arange(N + 1)
    np.testing.assert_allclose(found.transition @ i, i + (N - i) * i / (N - 1), atol=1e-8)
    spread = found.infected(60)
    assert spread[0] == 1
    assert spread[1] == 2
    assert spread[-1] == pytest.approx(N)


def test_floats_and_fractions_agree():
    exact = gl.contagion(exact_dilemma(Fraction(9, 10)), population=20)
    floats = gl.contagion(dilemma(0.9), population=20)
    for name in ("departing_gain", "spreading_gain", "largest_sucker", "least_discount_factor"):
        assert float(getattr(exact, name)) == pytest.approx(getattr(floats, name), abs=1e-11)
    assert isinstance(exact.departing_gain, Fraction)
    np.testing.assert_allclose(exact.infected(9).astype(float), floats.infected(9))


def test_more_persons_need_more_patience():
    least = [gl.contagion(dilemma(0.9), population=N).least_discount_factor for N in (2, 4, 8, 16, 64)]
    assert least == sorted(least)
    assert all(d < 1 for d in least)


@settings(max_examples=up_to(10))
@given(st.integers(1, 9), st.integers(0, 3), st.floats(0.01, 0.95))
def test_shifted_payoffs_change_nothing(gain, shift, factor):
    T, R, P, S = 10.0 + gain, 10.0, 2.0, -4.0
    game, far = dilemma(factor, T=T, R=R, P=P, S=S), None
    far = dilemma(factor, T=T + 10**shift, R=R + 10**shift, P=P + 10**shift, S=S + 10**shift)
    one, other = (gl.contagion(each, population=6) for each in (game, far))
    assert one.departing_gain == pytest.approx(other.departing_gain, abs=1e-9)
    assert one.spreading_gain == pytest.approx(other.spreading_gain, abs=1e-9)
    assert one.largest_sucker + 10**shift == pytest.approx(other.largest_sucker, abs=1e-8)


def test_three_actions():
    """With a second way to deviate the better one counts, and only what keeps the agreement spares a partner."""
    table = [[3, 0, 0], [5, 1, 1], [4, 1, 0.5]]
    game = gl.normal_form(
        payoffs=[[[table[a][b], table[b][a]] for b in range(3)] for a in range(3)],
        agreement=["1", "1"], fallback=["2", "2"],
    )  # fmt: skip
    found = gl.contagion(gl.repeated(game, discount_factor=0.9), population=4)
    plain = gl.contagion(dilemma(0.9), population=4)
    assert found.departing_gain == pytest.approx(plain.departing_gain)
    assert found.departing_action == "2"
    # the third action infects as the second does and pays one less against the healthy, as much against others
    assert found.spreading_gain == pytest.approx(0)
    assert found.spreading_place[1] == "3"


@pytest.mark.parametrize(
    ("game", "population", "words"),
    [
        (lambda: dilemma(0.9), 5, "5 is odd, and everybody needs a partner"),
        (lambda: dilemma(0.9), 1, "a whole number from 2 to 2000"),
        (lambda: dilemma(0.9), 3000, "a whole number from 2 to 2000"),
        (lambda: exact_dilemma(Fraction(9, 10)), 102, "a whole number from 2 to 100"),
        (lambda: dilemma(0.9), 2.5, "2.5 is not a whole number"),
        (lambda: dilemma(0.9, misreading=0.1), 4, "without misreading"),
        (lambda: dilemma(0.9, observe="none"), 4, "observe public or private"),
        (lambda: dilemma(0.9, tremble=0.1), 4, "without trembles"),
        (lambda: dilemma(0.9, rounds=7), 4, "open-ended"),
        (lambda: dilemma(np.array([0.8, 0.9])), 4, "one game of two players"),
        (lambda: gl.repeated(gl.battle(high=3, low=2), discount_factor=0.9), 4, "seats are alike"),
        (lambda: gl.repeated(gl.time_inconsistency(value=9, cost=2, payment=4), discount_factor=0.9), 4,
         "games of one state"),
        (lambda: "dilemma", 4, "write a Game"),
    ],
)  # fmt: skip
def test_refused_in_words(game, population, words):
    with pytest.raises(gl.GameError, match=words):
        gl.contagion(game(), population=population)
