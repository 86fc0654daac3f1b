"""Standing: one person against a population, by closed forms, by every policy there is, and by play."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl

T, R, P, S = 5, 3, 1, 0


def dilemma(factor, T=T, R=R, P=P, S=S, **chosen):
    stage = gl.prisoners_dilemma(temptation=T, reward=R, punishment=P, sucker=S)
    return gl.repeated(stage, discount_factor=factor, **chosen)


def exact_dilemma(factor):
    with gl.exactly():
        return dilemma(factor)


def plan(z, seen, for_ever):
    """Return what everybody does: 0 keeps, 1 deviates."""
    return int(seen == "bad" or (z > 0 and for_ever))


def partner(z, kind, sees, for_ever):
    """Return what a partner of this kind does who sees my standing or not."""
    if kind == "bad" and for_ever:
        return 1
    return int(sees and z > 0)


class Life:
    """A person's decision problem by plain enumeration of what can happen in a round."""

    def __init__(self, pay, d, p, rounds, lenient, bad):
        self.pay, self.d, self.p, self.rounds, self.lenient, self.bad = pay, d, p, rounds, lenient, bad
        self.worst = rounds or 1
        self.places = [(z, seen) for z in range(self.worst + 1) for seen in ("no", "good", "bad")]

    def after(self, z, seen, action):
        if action == 1 and not (seen == "bad" and self.lenient):
            return self.worst
        return z if self.rounds is None else max(z - 1, 0)

    def chances(self, seen):
        return {"no": 1 - self.p, "good": self.p * (1 - self.bad), "bad": self.p * self.bad}[seen]

    def now(self, z, seen, action):
        total = 0
        for kind in ("good", "bad"):
            share = {"no": self.bad if kind == "bad" else 1 - self.bad}.get(seen, kind == seen)
            for sees in (True, False):
                lot = self.p if sees else 1 - self.p
                total += share * lot * self.pay[action][partner(z, kind, sees, self.rounds is None)]
        return total

    def worth(self, policy):
        """Return what a policy pays from each place on, before anything is drawn there; by many rounds."""
        n = self.worst + 1
        matrix, right = np.eye(n), np.zeros(n)
        for z in range(n):
            for seen in ("no", "good", "bad"):
                weight = self.chances(seen)
                action = policy[z, seen]
                right[z] += (1 - self.d) * weight * self.now(z, seen, action)
                matrix[z, self.after(z, seen, action)] -= self.d * weight
        value = np.linalg.solve(matrix, right)
        at = {}
        for z, seen in self.places:
            action = policy[z, seen]
            later = value[self.after(z, seen, action)]
            at[z, seen] = (1 - self.d) * self.now(z, seen, action) + self.d * later
        return at

    def largest_gain(self):
        """Return what the best policy of all gains over the prescribed one, in the place where it is most."""
        due = {place: plan(*place, self.rounds is None) for place in self.places}
        base = self.worth(due)
        gain = -np.inf
        for actions in itertools.product((0, 1), repeat=len(self.places)):
            other = self.worth(dict(zip(self.places, actions, strict=True)))
            gain = max(gain, max(other[place] - base[place] for place in self.places))
        return gain


grid = st.integers(1, 19).map(lambda k: k / 20)


@settings(max_examples=up_to(25))
@given(grid, grid, st.sampled_from([None, 1, 2]), st.booleans(), st.sampled_from([0, 0.2, 0.5]),
       st.sampled_from([(5, 3, 1, 0), (4, 3, 1, -2), (3.2, 3, 0, -0.1)]))  # fmt: skip
def test_no_policy_beats_what_holds(d, p, rounds, lenient, bad, payoffs):
    bad = bad if rounds is None else 0
    record = "standing" if lenient else "conduct"
    found = gl.standing(dilemma(d, *payoffs), reach=p, punishment=rounds, record=record, bad=bad)
    t, r, q, s = payoffs
    life = Life([[r, s], [t, q]], d, p, rounds, lenient, bad)
    gain = life.largest_gain()
    assume(abs(found.max_gain) > 1e-9)
    assert (found.verdict == "holds") == (gain <= 1e-9)
    due = {place: plan(*place, rounds is None) for place in life.places}
    base = life.worth(due)
    # every gain from a single deviation, by name
    names = {"no": "record not seen", "good": "seen in good", "bad": "seen in bad"}
    for z, seen in life.places:
        (value,) = [
            gain
            for (own, what), gain in found.gains.items()
            if names[seen] in what
            and own.startswith("bad" if z else "good")
            and (rounds is None or z == 0 or f", {z} round" in own)
        ]
        action = 1 - due[z, seen]
        weights = [life.chances(k) for k in ("no", "good", "bad")]
        later = sum(w * base[life.after(z, seen, action), k] for w, k in zip(weights, names, strict=True))
        once = (1 - d) * life.now(z, seen, action) + d * later
        assert value == pytest.approx(once - base[z, seen], abs=1e-9)


@pytest.mark.parametrize("p", [0.55, 0.8, 1])
def test_for_ever_in_closed_form(p):
    """(1-d)T + d(pP + (1-p)T) <= R: deviating pays T now, then T unless the record is seen."""
    found = gl.standing(dilemma(0.9), reach=p)
    assert found.least_discount_factor == pytest.approx((T - R) / (p * (T - P)), abs=1e-10)
    assert found.values == pytest.approx((R, p * P + (1 - p) * T))
    gain = found.gains["good standing", "partner seen in good standing"]
    assert gain == pytest.approx(0.1 * T + 0.9 * (p * P + (1 - p) * T) - R)


def test_too_little_is_seen():
    assert gl.standing(dilemma(0.999), reach=0.5).least_discount_factor is None
    assert gl.standing(dilemma(0.999), reach=0.4).verdict == "fails"
    assert gl.standing(dilemma(0.9), reach=0).verdict == "fails"


@pytest.mark.parametrize("bad", [0.1, 0.3])
def test_shirkers_in_closed_form(bad):
    p = 0.9
    found = gl.standing(dilemma(0.9), reach=p, bad=bad)
    good = (1 - bad) * R + bad * (p * P + (1 - p) * S)
    worse = (1 - bad) * (p * P + (1 - p) * T) + bad * P
    assert found.values == pytest.approx((good, worse))
    now = max(T - R, (1 - bad) * (T - R) + bad * (P - S))
    assert found.least_discount_factor == pytest.approx(now / (now + good - worse), abs=1e-10)


@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_some_rounds_in_closed_form(rounds):
    p = 0.95
    found = gl.standing(dilemma(0.9), reach=p, punishment=rounds)

    def holds(d):
        deters = p * (R - S) * sum(d**k for k in range(1, rounds + 1)) >= T - R
        return deters and p * (P - S) + (1 - p) * (T - R) <= d**rounds * p * (R - S)

    d = found.least_discount_factor
    assert holds(d + 1e-9)
    assert not holds(d - 1e-9)
    assert len(found.values) == rounds + 1


@pytest.mark.parametrize("factor", [0.6, 0.9, 0.99])
def test_image_scoring_fails(factor):
    """Where every deviation counts, whoever punishes pays for it: the known fault of image scoring."""
    found = gl.standing(dilemma(factor), reach=1, punishment=1, record="conduct")
    assert found.verdict == "fails"
    assert found.where[1] == "partner seen in bad standing"
    assert found.where[2] == "C"
    assert gl.standing(dilemma(0.9), reach=1, punishment=1).verdict == "holds"


def test_fractions():
    exact = gl.standing(exact_dilemma(Fraction(5, 8)), reach=Fraction(4, 5))
    assert exact.gains["good standing", "partner seen in good standing"] == 0  # exactly at the threshold
    assert exact.verdict == "holds"
    below = gl.standing(exact_dilemma(Fraction(5, 8) - Fraction(1, 10**15)), reach=Fraction(4, 5))
    assert below.verdict == "fails"
    assert exact.values == (3, Fraction(9, 5))
    some = gl.standing(exact_dilemma(Fraction(9, 10)), reach=Fraction(4, 5), punishment=3)
    floats = gl.standing(dilemma(0.9), reach=0.8, punishment=3)
    assert [float(value) for value in some.values] == pytest.approx(list(floats.values))


@pytest.mark.parametrize(
    ("game", "chosen", "words"),
    [
        (lambda: dilemma(0.9), {"reach": 1.2}, "reach: 1.2 is not a number from 0 to 1"),
        (lambda: dilemma(0.9), {"reach": [0.5, 0.6]}, "one number is needed"),
        (lambda: dilemma(0.9), {"punishment": 0}, "punishment: 0 is not a whole number from 1"),
        (lambda: dilemma(0.9), {"record": "gossip"}, "write standing or conduct"),
        (lambda: dilemma(0.9), {"punishment": 2, "bad": 0.1}, "leave out punishment"),
        (lambda: dilemma(0.9), {"bad": -0.1}, "bad: -0.1 is not a number from 0 to 1"),
        (lambda: exact_dilemma(Fraction(9, 10)), {"reach": 0.8}, "needs a fraction"),
        (lambda: dilemma(0.9, tremble=0.1), {}, "without trembles"),
        (lambda: gl.repeated(gl.battle(high=3, low=2), discount_factor=0.9), {}, "seats are alike"),
    ],
)
def test_refused_in_words(game, chosen, words):
    with pytest.raises(gl.GameError, match=words):
        gl.standing(game(), **chosen)


def test_an_agreement_is_needed():
    game = gl.normal_form(payoffs=[[[2, 2], [0, 0]], [[0, 0], [1, 1]]])
    with pytest.raises(gl.GameError, match="an agreement and a fallback"):
        gl.standing(gl.repeated(game, discount_factor=0.9))
