"""Published numbers that need several rooms at once: each test names its source, and derives what it compares.

Those that belong to one solver stand with that solver: critical discount factors, Mailath and Samuelson's efforts
(solve/test_thresholds.py), memory-one and zero-determinant payoffs (solve/test_values.py).
"""

import math
from fractions import Fraction

import draws
import numpy as np
import pytest

import gamelab as gl
from gamelab.model.automaton import Automaton
from gamelab.model.combinators import add_signal
from gamelab.scenario import loads
from gamelab.solve.setting_thresholds import least, sustainable_values
from gamelab.strategies.profile import profile_of

# ------------------------------------------------------------------------- trust, and an institution that watches


def trusted(h, k, n, m, fines, d):
    """Return the game of somebody who honours (h) or reneges (k) on whoever trusts, and is out (n) in the end.

    The other side only trusts, so it has one action; what it does when trust is over is what ``end`` brings: n.
    """
    stage = gl.normal_form(
        payoffs=[[[h, 0]], [[k, 0]], [[n, 0]]],
        actions=[["honour", "renege", "idle"], ["trust"]],
        agreement=["honour", "trust"],
        fallback=["idle", "trust"],
    )
    watched = gl.monitoring(gl.repeated(stage, discount_factor=d, observe="none"), detection=m)
    return gl.graduated_sanctions(watched, fines=fines, after_last="end")


@pytest.mark.parametrize(
    ("h", "k", "n", "m", "f", "published"),
    [(1, 2, 0, 1, 0, 1 / 2), (1, 2, 0, 0.5, 0, 2 / 3), (3, 5, 1, 0.5, 2, 1 / 2), (3, 5, 1, 0.4, 5, 0)],
)
def test_trust_with_detection_and_a_fine(h, k, n, m, f, published):
    # Klein and Leffler (1981), Greif (1993) in the smallest form: reneging once gains
    # (1-d)(k - m f) + d (m n + (1-m) h) - h, at most 0 iff (1-d) K <= d m (h - n), K = k - m f - h
    K = k - m * f - h
    assert published == pytest.approx(K / (K + m * (h - n)) if K > 0 else 0)
    (found,) = gl.sustainable_discount_factors(trusted(h, k, n, m, [f], 0.5), "comply")
    assert (found.low, found.high) == (pytest.approx(published, abs=1e-12), 1)


LADDERS = [
    # fines, discount factor, values from the first level on and after expulsion, what the offender does
    ((0,), Fraction(4, 5), ("3", "1"), "h"),
    ((0,), Fraction(1, 2), ("11/3", "1"), "r"),
    ((0, 2), Fraction(4, 5), ("11/3", "3", "1"), "rh"),
    ((1, 2, 4), Fraction(4, 5), ("67/18", "10/3", "3", "1"), "rrh"),
]


@pytest.mark.parametrize(("fines", "d", "published", "does"), LADDERS)
def test_a_markov_offender_climbs_the_ladder_until_it_pays_no_more(fines, d, published, does):
    # after Becker (1968) and Ostrom's graduated sanctions: v_j = max{h, [(1-d)(k - m f_j) + d m v_(j+1)] /
    # (1 - d (1-m))}, expelled to n after the last. Here h, k, n = 3, 5, 1 and half of all offences are found.
    h, k, n, m = 3, 5, 1, Fraction(1, 2)
    values = [Fraction(n)]
    for fine in reversed(fines):
        cheats = ((1 - d) * (k - m * fine) + d * m * values[0]) / (1 - d * (1 - m))
        values.insert(0, max(Fraction(h), cheats))
    assert values == [Fraction(v) for v in published]

    game = trusted(h, k, n, float(m), list(fines), float(d))
    levels = game.levels[:, 0]

    def offender(plan):
        action = np.zeros((1, len(levels), 1, 3))
        for s, level in enumerate(levels):
            action[0, s, 0, 2 if level < 0 else "hr".index(plan[level])] = 1
        stay = np.zeros((1, 1, 3, len(game.outcomes)), dtype=int)
        return Automaton(name=plan, states=("",), start=0, action=action, next=stay)

    found = gl.certify(game, [offender(does), "comply"])
    assert (
        str(found.verdict) == "holds"
    )  # no one-shot deviation at any level pays: the Bellman equation holds
    reached = [levels[s] for s, *_ in found.joint_states]
    worth = dict(zip(reached, found.values[:, 0], strict=True))
    assert [worth[j] for j in (*range(len(fines)), -1)] == pytest.approx(
        [float(v) for v in values], abs=1e-12
    )
    for level in range(len(fines)):
        other = does[:level] + ("h" if does[level] == "r" else "r") + does[level + 1 :]
        assert str(gl.certify(game, [offender(other), "comply"]).verdict) == "fails", other


@pytest.mark.parametrize(
    ("d", "fine", "published", "worth"), [(0.6, 0, 2 / 3, 3), (0.8, 0, 1 / 4, 8), (0.5, 2, 1 / 2, 4)]
)
def test_least_monitoring_and_what_it_is_worth(d, fine, published, worth):
    # Whoever is found to have shirked is fined f, and cooperation ends: shirking gains
    # (1-d)(T - m f) + d (m P + (1-m) R) - R, at most 0 iff m >= m* = (1-d)(T-R) / (d (R-P) + (1-d) f).
    # At m* watching brings R - P each, so it is worth a cost of c m* iff c < (R-P) / m*. The authority pays, for
    # who pays for watching gains from its end.
    T, R, P, S = 5, 3, 1, 0
    assert published == pytest.approx((1 - d) * (T - R) / (d * (R - P) + (1 - d) * fine))
    assert worth == pytest.approx((R - P) / published)
    watch = "arrangements.watched.institutions.monitoring"
    text = f"""
gamelab: 1
game: {{kind: prisoners_dilemma, temptation: {T}, reward: {R}, punishment: {P}, sucker: {S}}}
time: {{discount_factor: {d}}}
information: {{observe: none}}
parameters: {{per_unit: {worth} - 1/1000, watching: {published} + 1e-9}}
arrangements:
  watched:
    institutions:
      monitoring: {{detection: watching, cost: per_unit * watching, paid_by: authority}}
      graduated_sanctions: {{fines: [{fine}], after_last: end}}
    profiles: [comply]
claims:
  - {{arrangement: watched, quantity: least, path: {watch}.detection, equals: {published}}}
  - {{arrangement: watched, quantity: least, path: parameters.watching, profile: comply, equals: {published},
     with: {{parameters.watching: 0.01}}}}
  - {{arrangement: watched, quantity: break_even, path: {watch}.cost, equals: {worth} * {published}}}
  - {{arrangement: watched, quantity: workable, is: yes}}
  - {{arrangement: watched, quantity: workable, is: no, with: {{parameters.per_unit: {worth} + 1/1000}}}}
"""
    claims = gl.run(loads(text)).claims
    assert [claim["holds"] for claim in claims] == [True] * 5, [claim["value"] for claim in claims]


# ----------------------------------------------------------------------------- time inconsistency: Barro and Gordon


def inflation(a, b, d, target):
    """Return the game of a government that keeps its target or surprises, and a public that expects either.

    The loss is (a/2) pi^2 - b (pi - expected); the best surprise is b/a whatever is expected. The public loses
    the square of its error.
    """
    best = b / a

    def pays(pi, expected):
        return [b * (pi - expected) - a / 2 * pi**2, -((pi - expected) ** 2)]

    table = [[pays(pi, expected) for expected in (target, best)] for pi in (target, best)]
    stage = gl.normal_form(
        payoffs=table,
        actions=[["keeps", "surprises"], ["trusts", "doubts"]],
        agreement=["keeps", "trusts"],
        fallback=["surprises", "doubts"],
    )
    return gl.repeated(stage, discount_factor=d)


@pytest.mark.parametrize(
    ("a", "b", "d", "rounds", "published"),
    [(1, 1, 0.5, 1, 1 / 3), (2, 3, 0.9, 1, 0.07894737), (1, 2, 0.4, None, 0.4), (1, 2, 0.5, None, 0)],
)
def test_best_enforceable_inflation(a, b, d, rounds, published):
    # Barro and Gordon (1983, Journal of Monetary Economics): max(0, B (1-D) / (1+D)), D = d + ... + d^T
    B, D = b / a, d / (1 - d) if rounds is None else sum(d**t for t in range(1, rounds + 1))
    assert published == pytest.approx(max(0, B * (1 - D) / (1 + D)), abs=5e-9)
    strategy = "grim" if rounds is None else {"limited_punishment": {"rounds": rounds}}

    def build(targets):
        game = inflation(a, b, d, targets)
        return game, profile_of(game, strategy)

    ((low, high),) = [(i.low, i.high) for i in sustainable_values(build, 0, 0.99 * B)]
    assert (low, high) == (pytest.approx(published, abs=5e-9), 0.99 * B)
    assert low == pytest.approx(max(0, B * (1 - D) / (1 + D)), abs=1e-8)
    assert least(build, 0.9 * B, 0, B) == pytest.approx(low, abs=1e-12)


# ------------------------------------------------------------------------------------- imperfect public monitoring


def signalled(stage, names, chances, d):
    """Return a repeated stage of two players and two actions with one public signal of the whole profile."""
    game = gl.repeated(stage, discount_factor=d, observe="none")
    table = np.asarray(chances, dtype=float)
    game, _ = game.spread(np.zeros(len(table)))
    return add_signal(game, names, np.tile(np.arange(len(names)), (2, 1)), given_profile=table)


@pytest.mark.parametrize(
    ("collusive", "nash", "F", "T", "d", "published"),
    [(10, 6, 0.1, 5, 0.9, 8.92278228), (50, 40, 0.25, 3, 0.8, 46.72043011)],
)
def test_price_wars(collusive, nash, F, T, d, published):
    # Green and Porter (1984, Econometrica): V = piN + (1-d)(piC - piN) / (1 - d + (d - d^(T+1)) F)
    formula = nash + (1 - d) * (collusive - nash) / (1 - d + (d - d ** (T + 1)) * F)
    assert published == pytest.approx(formula, abs=5e-9)
    cheat, cheated = collusive + 1, nash - 1
    stage = gl.normal_form(payoffs=[[[collusive] * 2, [cheated, cheat]], [[cheat, cheated], [nash] * 2]])
    low = np.array([F, 2 * F, 2 * F, 3 * F])
    game = signalled(stage, ("fine", "low"), np.stack([1 - low, low], -1)[None, None], d)
    follows = [[0, 1], *([[t + 1] * 2 for t in range(1, T)]), [0, 0]]
    firm = Automaton(
        name="trigger",
        states=("colludes", *(f"war {t}" for t in range(1, T + 1))),
        start=0,
        action=np.eye(2)[[0] + [1] * T][None, None],
        next=np.broadcast_to(np.array(follows)[None, :, None], (1, T + 1, 2, 2)),
    )
    assert gl.value(game, [firm, firm]).payoffs == pytest.approx(published, abs=5e-9)


def poisson(pi, g, beta, mu, r, period):
    """Return the build of bad news that is acted upon with some probability, and the chances of none."""
    d, p, q = math.exp(-r * period), math.exp(-beta * period), math.exp(-mu * period)
    stage = gl.normal_form(payoffs=[[[pi, pi], [-g, pi + g]], [[pi + g, -g], [0, 0]]], actions=["C", "D"])
    end = Automaton(
        name="ends",
        states=("C", "D"),
        start=0,
        action=np.eye(2)[None, None],
        next=np.broadcast_to(np.array([[0, 1], [1, 1]])[None, :, None], (1, 2, 2, 2)),
    )

    def build(acting):
        bad = np.asarray(acting)[:, None] * (1 - np.array([p, q, q, q]))
        return signalled(stage, ("on", "over"), np.stack([1 - bad, bad], -1)[:, None], d), [end, end]

    return build, d, p, q


@pytest.mark.parametrize(("period", "published"), [(1, 0.582478), (0.5, 0.730850), (0.1, 0.815958)])
def test_bad_news_and_the_length_of_a_period(period, published):
    # Abreu, Milgrom and Pearce (1991, Econometrica), pi, g, beta, mu, r = 1, .5, .5, 2, .1: the best symmetric
    # payoff pi - g (1-p)/(p-q) is that of ending cooperation after bad news as rarely as incentives allow
    build, d, p, q = poisson(1, 0.5, 0.5, 2, 0.1, period)
    (found,) = sustainable_values(build, 0, 1)
    game, profile = build(np.array([found.low]))
    assert gl.value(game, profile).payoffs.ravel() == pytest.approx(published, abs=5e-7)
    assert gl.value(game, profile).payoffs.ravel() == pytest.approx(1 - 0.5 * (1 - p) / (p - q), abs=1e-9)
    assert found.high == 1
    acted = found.low * (1 - p)  # at the least: (1-d) g = d alpha (p-q) V
    assert (1 - d) * 0.5 == pytest.approx(d * found.low * (p - q) * (1 - d) / (1 - d + d * acted), abs=1e-12)


def test_bad_news_at_once_and_bad_news_too_late():
    build, *_ = poisson(1, 0.5, 0.5, 2, 0.1, 1e-4)
    (found,) = sustainable_values(build, 0, 1)
    assert gl.value(*build(np.array([found.low]))).payoffs.ravel() == pytest.approx(5 / 6, abs=1e-4)
    build, d, p, q = poisson(1, 0.5, 0.5, 2, 0.1, 5)  # here even ending for sure deters no more
    assert 1 - 0.5 * (1 - p) / (p - q) < (1 - d) * 0.5 / (d * (p - q))
    assert sustainable_values(build, 0, 1) == []


# ----------------------------------------------------------------------------------------------------- oligopoly


def test_reversion_in_abreus_cournot_game():
    # Abreu (1988, Econometrica), as in Goldluecke and Kranz (2012): low outputs by reversion to medium from 5/8
    table = [[10, 3, 0], [15, 7, -4], [7, 5, -15]]
    payoffs = [[[table[a][b], table[b][a]] for b in range(3)] for a in range(3)]
    stage = gl.normal_form(
        payoffs=payoffs, actions=["L", "M", "H"], agreement=["L", "L"], fallback=["M", "M"]
    )
    game = gl.repeated(stage, discount_factor=0.5)
    assert gl.critical_discount_factor(game, "grim") == pytest.approx(5 / 8, abs=1e-12)


def test_tit_for_tat_is_perfect_at_one_temptation_and_one_discount_factor():
    # T + S = R + P and d = (T-R)/(R-S), seen from the side of every payoff in turn
    T, R, P, S = 3, 2, 0, -1
    for place, (low, high) in enumerate([(2.1, 9), (0.1, 2.9), (-0.9, 1.9), (-9, -0.1)]):

        def build(values, place=place):
            payoffs = [T, R, P, S]
            payoffs[place] = values
            game = draws.dilemma(payoffs, discount_factor=1 / 3)
            return game, profile_of(game, "tit_for_tat")

        found = [(i.low, i.high) for i in sustainable_values(build, low, high)]
        exact = pytest.approx((T, R, P, S)[place], abs=1e-9)
        assert found == [(exact, exact)], place


def test_least_patience_reach_and_payment_of_a_promise():
    # whoever reneges gains t at once and, where that is published, loses V - t ever after: (1-d) t <= d p (V - t);
    # with everything published d* = t/V, and the partner takes part for payments from the cost on
    text = """
gamelab: 1
game: {kind: time_inconsistency, value: 5, cost: 1, payment: 2}
time: {discount_factor: 0.9}
information: {observe: none}
arrangements:
  seen: {institutions: {transparency: {reach: 0.9}}, profiles: [grim]}
claims:
  - {arrangement: seen, quantity: least, path: arrangements.seen.institutions.transparency.reach,
     equals: (1 - discount_factor) * payment / (discount_factor * (value - payment))}
  - {arrangement: seen, quantity: least, path: time.discount_factor, equals: payment / value,
     with: {arrangements.seen.institutions.transparency.reach: 1}}
  - {arrangement: seen, quantity: least, path: game.payment, equals: game.cost}
"""
    claims = gl.run(loads(text)).claims
    assert [claim["holds"] for claim in claims] == [True] * 3, [claim["value"] for claim in claims]
