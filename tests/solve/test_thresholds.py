"""Thresholds: published critical discount factors, closed forms, dense grids, break-even costs."""

import itertools

import draws
import numpy as np
import pytest
import reference as ref
from hypothesis import example, given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.analysis import sustainable_discount_factors
from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.combinators import add_signal
from gamelab.solve import thresholds
from gamelab.solve.certificate import certify
from gamelab.solve.crossings import excess
from gamelab.solve.moves import material_spread
from gamelab.solve.thresholds import Interval, break_even, critical_discount_factor
from gamelab.solve.values import value, with_discount_factor
from gamelab.solve.workability import accounts, best_joint_stage_payoff
from gamelab.strategies.profile import profile_of


def ends(game, profile):
    return [(i.low, i.high, i.includes) for i in sustainable_discount_factors(game, profile)]


# --------------------------------------------------------- published: R, T, P, S in the order of the source


def punishing(rounds):
    return {"limited_punishment": {"rounds": rounds}}


COLUMNS = ["grim", "win_stay_lose_shift", "penance", "turn_taking", punishing(1), punishing(2), punishing(3)]
CRITICAL = {
    (3, 5, 1, 0): [1 / 2, None, 2 / 3, 1 / 4, None, 0.6180340, 0.5436890],
    (32, 50, 25, 12): [18 / 25, None, 9 / 10, 13 / 25, None, None, 0.9248801],
    (40, 50, 25, 12): [2 / 5, 2 / 3, 13 / 28, 13 / 25, 2 / 3, 0.4574271, 0.4183846],
    (2, 3, 0, -1): [1 / 3, 1 / 2, 1 / 3, 1 / 3, 1 / 2, 0.3660254, 0.3425080],
}


@pytest.mark.parametrize("column", range(7), ids=[str(strategy) for strategy in COLUMNS])
@pytest.mark.parametrize("row", CRITICAL)
def test_critical_discount_factors(row, column):
    R, T, P, S = row
    game, strategy, wanted = (
        draws.dilemma((T, R, P, S), discount_factor=0.5),
        COLUMNS[column],
        CRITICAL[row][column],
    )
    if wanted is None:
        assert ends(game, strategy) == []
        assert gl.critical_discount_factor(game, strategy) is None
        return
    assert ends(game, strategy) == [(pytest.approx(wanted, abs=5e-8), 1.0, "left")]
    formula = {
        "grim": (T - R) / (T - P),
        "win_stay_lose_shift": (T - R) / (R - P),
        "penance": max((T - R) / (R - S), (P - S) / (R - S)),
        "turn_taking": (P - S) / (T - P),
    }
    if isinstance(strategy, str):
        assert gl.critical_discount_factor(game, strategy) == pytest.approx(formula[strategy], abs=1e-9)
    else:
        d = gl.critical_discount_factor(game, strategy)
        rounds = strategy["limited_punishment"]["rounds"]
        assert (R - P) * sum(d**k for k in range(1, rounds + 1)) == pytest.approx(T - R, abs=1e-9)


@pytest.mark.parametrize(("payoffs", "d"), [((3, 2, 0, -1), 1 / 3), ((5, 4, 1, 0), 1 / 4)])
def test_tit_for_tat_holds_at_one_point(payoffs, d):
    game = draws.dilemma(payoffs, discount_factor=0.5)
    assert ends(game, "tit_for_tat") == [(pytest.approx(d, abs=1e-12), pytest.approx(d, abs=1e-12), "both")]
    assert gl.critical_discount_factor(game, "tit_for_tat") is None
    for other, verdict in [(d, "holds"), (d - 1e-6, "fails"), (d + 1e-6, "fails")]:
        assert gl.certify(draws.dilemma(payoffs, discount_factor=other), "tit_for_tat").verdict == verdict


@pytest.mark.parametrize("payoffs", [(5, 3, 1, 0), (50, 32, 25, 12), (3, 2, 0.1, -1)])
def test_tit_for_tat_holds_nowhere_else(payoffs):
    assert ends(draws.dilemma(payoffs, discount_factor=0.5), "tit_for_tat") == []


@pytest.mark.parametrize("payoffs", [(5, 3, 1, 0), (3, 2, 0, -1), (50, 40, 25, 12)])
def test_tit_for_tat_is_nash_from_its_threshold(payoffs):
    T, R, P, S = payoffs
    least = max((T - R) / (T - P), (T - R) / (R - S))
    d = np.array([least - 1e-6, least, least + 1e-6])
    assert gl.certify(draws.dilemma(payoffs, discount_factor=d), "tit_for_tat").nash.tolist() == [
        "fails",
        "holds",
        "holds",
    ]


@pytest.mark.parametrize("rounds", [10, 30, 60])
def test_long_punishments(rounds):
    found = gl.critical_discount_factor(draws.dilemma(discount_factor=0.5), punishing(rounds))
    assert sum(found**k for k in range(1, rounds + 1)) == pytest.approx(1, abs=1e-9)


# -------------------------------------------------------------------------------------------- closed forms


@pytest.mark.parametrize("payoffs", [(5, 3, 1, 0), (3, 2, 0, -1), (50, 40, 25, 12)])
@pytest.mark.parametrize("e", [0, 0.01, 0.1, 0.2, 0.45, 0.5])
def test_grim_under_public_misreading(payoffs, e):
    T, R, P, _ = payoffs
    least = (T - R) / ((T - R) * (1 - e) ** 2 + (1 - e) * (1 - 2 * e) * (R - P))
    found = ends(draws.dilemma(payoffs, discount_factor=0.5, misreading=e), "grim")
    assert found == ([(pytest.approx(least, abs=1e-9), 1.0, "left")] if least < 1 else [])


@pytest.mark.parametrize(
    ("q", "f"), [(1, 0), (0.9, 0), (0.9, 0.1), (0.5, 0.2), (0.3, 0.3), (1, 0.5), (0.1, 0.9)]
)
def test_grim_on_findings(q, f):
    game = gl.monitoring(
        draws.dilemma(discount_factor=0.5, observe="none"), detection=q, false_alarm=f, cost=0.2
    )
    least = 2 / (2 * (1 - f) ** 2 + (1 - f) * (q - f) * 2)  # d (...) >= T-R: never, where (...) is negative
    assert ends(game, "grim") == ([(pytest.approx(least, abs=1e-9), 1.0, "left")] if 0 < least < 1 else [])


@pytest.mark.parametrize("p", [0, 0.1, 0.5, 0.8, 1])
@pytest.mark.parametrize("e", [0, 0.02, 0.2, 0.5])
def test_grim_on_publications(p, e):
    game = gl.transparency(
        draws.dilemma(discount_factor=0.5, observe="none"), reach=p, misreading=e, cost=0.1
    )
    if p == 0:
        assert sustainable_discount_factors(game, "grim") == []
        return
    g = 1 - p * (1 - (1 - e) ** 2)
    least = 2 / (2 * g + p * (1 - e) * (1 - 2 * e) * 2)
    assert ends(game, "grim") == ([(pytest.approx(least, abs=1e-9), 1.0, "left")] if least < 1 else [])
    if e == 0:
        assert least == pytest.approx(2 / (2 + p * 2))


@pytest.mark.parametrize(
    ("d", "fine", "least", "worth"), [(0.6, 0, 2 / 3, 3), (0.8, 0, 1 / 4, 8), (0.5, 2, 1 / 2, 4)]
)
def test_least_monitoring(d, fine, least, worth):
    # trust with detection: m* = (1-d)(T-R) / (d(R-P) + (1-d)f) of grim on findings, worth its cost c per unit
    # iff c < (R-P)/m*; a fine is a flat one that those who already punish by defection do not pay again
    T, R, P = 5, 3, 1
    assert least == pytest.approx((1 - d) * (T - R) / (d * (R - P) + (1 - d) * fine))
    assert worth == pytest.approx((R - P) / least)
    if fine == 0:
        for m, verdict in [(least, "holds"), (least - 1e-6, "fails")]:
            game = gl.monitoring(draws.dilemma(discount_factor=d, observe="none"), detection=m)
            assert gl.certify(game, "grim").verdict == verdict
            cost = gl.monitoring(
                draws.dilemma(discount_factor=d, observe="none"), detection=m, cost=worth * m
            )
            assert gl.value(cost, "grim").payoffs == pytest.approx(R - worth * m, abs=1e-9)


def efforts(p, q, r, d):
    """Return the game of efforts: the signal is good with chance p after two, q after one, r after none."""
    stage = gl.normal_form(payoffs=[[[2, 2], [-1, 3]], [[3, -1], [0, 0]]], actions=["E", "S"])
    chance = np.array([p, q, q, r])
    signal = np.stack([chance, 1 - chance], axis=-1)[None, None]
    game = gl.repeated(stage, discount_factor=d, observe="none")
    return add_signal(game, ("good", "bad"), np.tile([0, 1], (2, 1)), given_profile=signal)


def on_signals(follows):
    """Return the automaton that works in state 0, shirks in state 1, and moves by the signal alone."""
    table = np.broadcast_to(np.array(follows)[None, :, None], (1, 2, 2, 2))
    return Automaton(name="by signal", states=("E", "S"), start=0, action=np.eye(2)[None, None], next=table)


@pytest.mark.parametrize(
    ("p", "q", "r", "trigger", "forgiving"),
    [(0.9, 0.6, 0.5, 2 / 3, []), (0.8, 0.4, 0.2, 5 / 8, [(5 / 7, 1.0)])],
)
def test_efforts_under_imperfect_monitoring(p, q, r, trigger, forgiving):
    # Mailath and Samuelson (2006), chapter 7
    grim, mirror = on_signals([[0, 1], [1, 1]]), on_signals([[0, 1], [0, 1]])
    assert trigger == pytest.approx(1 / (3 * p - 2 * q))
    assert ends(efforts(p, q, r, 0.5), grim) == [(pytest.approx(trigger, abs=1e-9), 1.0, "left")]
    found = sustainable_discount_factors(efforts(p, q, r, 0.5), mirror)
    assert [(i.low, i.high) for i in found] == [pytest.approx(pair, abs=1e-9) for pair in forgiving]
    d = 0.9
    assert gl.value(efforts(p, q, r, d), grim).payoffs == pytest.approx(2 * (1 - d) / (1 - d * p), abs=1e-9)
    good = gl.certify(efforts(p, q, r, d), mirror).values
    assert good[0] == pytest.approx(2 * (1 - d * (1 - r)) / (1 - d * (p - r)), abs=1e-9)
    assert good[1] == pytest.approx(2 * d * r / (1 - d * (p - r)), abs=1e-9)


def test_an_equilibrium_for_middling_patience_only():
    # effort after good, shirking after bad news: 1/(3p-2q-r) <= d <= 1/(p+2q-3r)
    for p, q, r in [(0.95, 0.5, 0.2), (0.9, 0.5, 0.1), (0.9, 0.75, 0.0)]:
        low, high = 1 / (3 * p - 2 * q - r), 1 / (p + 2 * q - 3 * r)  # at (.9, .5, .1) they are one point
        found = ends(efforts(p, q, r, 0.5), on_signals([[0, 1], [0, 1]]))
        wanted = (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9), "both")
        assert found == ([wanted] if low <= high + 1e-12 else [])


# ------------------------------------------------------------------------------------- against a dense grid


def agree_with_grid(game, profile, points=400):
    """Compare the intervals with certificates on a grid; at their ends the largest gain must be zero."""
    intervals = sustainable_discount_factors(game, profile)
    if intervals == "not known":
        return

    def build(d):
        at = with_discount_factor(game, d)
        return at, profile_of(at, profile)

    grid = np.linspace(0, 1, points + 1)[: points + (game.rounds is not None)]
    holds = certify(*build(grid), best_response_gain=False).holds
    edges = [edge for i in intervals for edge in (i.low, i.high)]
    for d, held in zip(grid, holds, strict=True):
        if all(abs(d - edge) > 1e-6 for edge in edges):
            assert held == any(d in i for i in intervals), d
    inner = np.array([edge for edge in edges if 0 < edge < 1])
    if len(inner):
        gain = excess(build, inner, tolerance=0)
        assert np.abs(gain).max() <= 2e-9 * material_spread(game).max()
    assert all(i.low <= i.high for i in intervals)
    assert all(first.high < second.low for first, second in itertools.pairwise(intervals))


@settings(max_examples=up_to(20))
@given(draws.matches(rounds=st.sampled_from([None, None, None, 1, 3]), players=st.just(2), size=st.just(2)))
def test_intervals_of_random_profiles(match):
    agree_with_grid(*match)


@settings(max_examples=up_to(15))
@given(
    st.lists(st.integers(-3, 6), min_size=4, max_size=4, unique=True).map(
        lambda p: tuple(sorted(p, reverse=True))
    ),
    st.sampled_from(draws.STRATEGIES),
    st.sampled_from([0, 0, 0.1]),
    st.sampled_from([0, 0, 0.05]),
    st.sampled_from([None, None, None, None, 2]),
)
def test_intervals_of_the_catalogue(payoffs, strategy, misreading, tremble, rounds):
    game = draws.dilemma(payoffs, discount_factor=0.5, misreading=misreading, tremble=tremble, rounds=rounds)
    try:
        profile_of(game, strategy)
    except GameError:
        return
    agree_with_grid(game, strategy, 200)


@settings(max_examples=up_to(20))
@given(st.lists(st.integers(0, 6), min_size=8, max_size=8), draws.SEEDS, st.sampled_from([2, 3]))
@example([0, 1, 0, 0, 1, 1, 0, 0], 3, 2)  # the gain is 1 - d: it holds nowhere, though nearly so near 1
def test_intervals_of_random_automata_with_a_public_record(payoffs, seed, size):
    table = np.array(payoffs, dtype=float).reshape(2, 2, 2).tolist()
    game = gl.repeated(gl.normal_form(payoffs=table, fallback=["1", "1"]), discount_factor=0.5)
    generator = np.random.default_rng(seed)
    agree_with_grid(
        game, [ref.random_automaton(generator, game, i, True, size, False) for i in range(2)], 200
    )


def carrots(low, high, rounds):
    """Return a game and a profile that holds over two rounds exactly from ``low`` to ``high``.

    (3, 3) now. If the first player deviates, (2, 2) follows, which is bad for him; if the second does it
    follows too, which is good for her, but deviating costs her 1 at once; else (1, 1) follows.
    """
    table = np.full((3, 3, 2), -5.0)
    table[0, 0], table[1, 1], table[2, 2] = (2, 0), (0, 1 / high), (2 - 2 * low, 1)
    table[0, 2], table[2, 0] = (2, -5), (-5, 0)
    stage = gl.normal_form(payoffs=table.tolist(), agreement=["3", "3"], fallback=["1", "1"])
    alone = [(v // 3 == 2) != (v % 3 == 2) for v in range(9)]
    follows = np.broadcast_to(
        np.array([np.where(alone, 2, 1), [1] * 9, [2] * 9])[None, :, None], (1, 3, 3, 9)
    )
    plan = np.eye(3)[[2, 0, 1]][None, None]
    profile = Automaton(name="carrots", states=("now", "1", "2"), start=0, action=plan, next=follows)
    return gl.repeated(stage, discount_factor=0.5, rounds=rounds), profile


@pytest.mark.parametrize(("low", "high"), [(0.45, 0.62), (0.9, 0.91), (0.5002, 0.5012), (0.5002, 0.5006)])
def test_narrow_intervals_over_finitely_many_rounds(low, high):
    game, profile = carrots(low, high, rounds=2)
    assert ends(game, profile) == [(pytest.approx(low, abs=1e-7), pytest.approx(high, abs=1e-7), "both")]


@pytest.mark.parametrize(("low", "high"), [(0.45, 0.62), (0.5002, 0.5006), (0.500200, 0.500201)])
def test_narrow_intervals_of_open_ended_games(low, high):
    # for ever after, so that d/(1-d) takes the place of d
    game, profile = carrots(low, high, rounds=None)
    wanted = (pytest.approx(low / (1 + low), abs=1e-9), pytest.approx(high / (1 + high), abs=1e-9), "both")
    assert ends(game, profile) == [wanted]


def test_what_nearly_holds_for_the_very_patient_does_not_hold():
    # dues first, pleasure ever after; whoever puts the dues off gains 1 - d, which is zero at no d below 1
    stage = gl.normal_form(payoffs=[[[0, 0]], [[1, 0]]], actions=[["pays", "enjoys"], ["watches"]])
    game = gl.repeated(stage, discount_factor=0.5)
    follows = np.array([[[1, 0], [0, 0]], [[1, 1], [1, 1]]])[None]
    debtor = Automaton(
        name="debtor", states=("owes", "free"), start=0, action=np.eye(2)[None, None], next=follows
    )
    profile = [debtor, "stage_nash"]
    for d in (0.5, 0.99, 1 - 1e-6):
        found = gl.certify(gl.repeated(stage, discount_factor=d), profile)
        assert found.max_gain / (1 - d) == pytest.approx(1 - d, abs=1e-9)
    assert sustainable_discount_factors(game, profile) == []
    assert gl.critical_discount_factor(game, profile) is None


def test_finite_rounds_have_a_closed_end():
    for rounds in (1, 3):
        game = draws.dilemma(rounds=rounds)
        assert ends(game, "always_defect") == [(0, 1, "both")]
        assert ends(game, "grim") == []


@pytest.mark.parametrize("rounds", [1, 3])
@pytest.mark.parametrize("strategy", ["two_tits_for_tat", "stage_nash"])
def test_gains_that_stay_flat_are_not_refined(rounds, strategy):
    # a last round's gains do not depend on the discount factor: hundreds of flat places, none is a dip
    stage = gl.time_inconsistency(value=9, cost=3, payment=4)
    game = gl.transparency(gl.repeated(stage, discount_factor=0.5, rounds=rounds, observe="none"), cost=0.25)
    asked = []

    def build(factors):
        asked.append(len(factors))
        at = with_discount_factor(game, factors)
        return at, profile_of(at, strategy)

    found = thresholds.sustainable_discount_factors(build)
    assert [(i.low, i.high) for i in found] == ([(0, 1)] if strategy == "stage_nash" else [])
    assert sum(asked) < 2 * thresholds.SAMPLES


def test_no_answer_where_players_cannot_tell():
    game = draws.dilemma(discount_factor=0.5, observe="private", misreading=0.1)
    assert sustainable_discount_factors(game, "grim") == "not known"
    assert gl.critical_discount_factor(game, "grim") == "not known"
    assert "cannot tell" in gl.critical_discount_factor(game, "grim").reason
    with pytest.raises(GameError, match="one game at a time"):
        sustainable_discount_factors(draws.dilemma(discount_factor=np.array([0.5, 0.6])), "grim")


def test_intervals_contain_their_ends_as_they_say():
    for includes, left, right in [("both", 1, 1), ("left", 1, 0), ("right", 0, 1), ("neither", 0, 0)]:
        interval = Interval(0.25, 0.75, includes)
        assert [d in interval for d in (0.25, 0.5, 0.75, 0.2, 0.8)] == [left, True, right, False, False]
    assert str(Interval(0.5, 1.0, "left")) == "[0.5, 1)"
    assert str(Interval(1 / 3, 1 / 3)) == "{0.333333}"
    assert critical_discount_factor([Interval(0, 0.2), Interval(0.5, 1.0, "left")]) == 0.5
    assert critical_discount_factor([Interval(0, 0.2)]) is critical_discount_factor([]) is None


# --------------------------------------------------------------------------------------------- break-even


def broken_even(institute, strategy, payoffs=(5, 3, 1, 0), baseline="always_defect", d=0.9):
    """Return the break-even of ``institute(game, costs)`` over a baseline in which nothing is seen."""
    unseen = draws.dilemma(payoffs, discount_factor=d, observe="none")
    before = gl.value(unseen, baseline)

    def build(costs):
        game = institute(unseen, costs)
        return game, profile_of(game, strategy)

    def net(costs):
        return accounts(value(*build(costs)), before, best_joint_stage_payoff(unseen)).net_benefit

    return break_even(build, net)


@pytest.mark.parametrize("scale", [1e-6, 1, 1e6, 1e9, 1e12])
@pytest.mark.parametrize("e", [0, 0.02])
def test_break_even_cost_of_transparency(e, scale):
    d, p = 0.9, 0.8
    wanted = (3 - 1) * (1 - d) / (1 - d * (1 - p * (1 - (1 - e) ** 2)))
    payoffs = tuple(scale * x for x in (5, 3, 1, 0))
    found = broken_even(lambda g, c: gl.transparency(g, reach=p, misreading=e, cost=c), "grim", payoffs)
    assert found / scale == pytest.approx(wanted, abs=1e-9)


def fined(game, watch=0.0, act=0.0, fine=3.0, q=0.9, f=0.0, paid_by="participants"):
    watched = gl.monitoring(game, detection=q, false_alarm=f, cost=watch, paid_by=paid_by)
    return gl.graduated_sanctions(watched, fines=[fine], cost_per_act=act, paid_by=paid_by)


@pytest.mark.parametrize("paid_by", ["participants", "authority"])
@pytest.mark.parametrize(("f", "fine"), [(0, 3), (0, 2 / 0.9), (0.1, 4), (0.2, 2 / 0.7)])
def test_break_even_cost_of_monitoring(paid_by, f, fine):
    # they gain 2 each; the fines of false alarms, received by nobody, are lost
    found = broken_even(lambda g, c: fined(g, watch=c, fine=fine, f=f, paid_by=paid_by), "comply")
    assert found == pytest.approx(2 - f * fine, abs=1e-9)


@pytest.mark.parametrize("scale", [1, 1e6, 1e9])
def test_break_even_cost_of_an_act_that_also_deters(scale):
    # participants pay, so that an act deters too: from 0.2 on the profile holds, up to 2/f - fine it pays
    q, f, fine = 0.9, 0.2, 2 / 0.7 - 0.1
    payoffs = tuple(scale * x for x in (5, 3, 1, 0))
    found = broken_even(lambda g, c: fined(g, act=c, fine=fine * scale, q=q, f=f), "comply", payoffs)
    assert found / scale == pytest.approx(2 / f - fine, rel=2e-9)


def test_break_even_is_none_or_without_bound():
    assert broken_even(lambda g, c: fined(g, watch=c, fine=2), "comply") is None  # never deters
    assert broken_even(lambda g, c: fined(g, act=c), "comply") == np.inf  # no act ever follows
    assert broken_even(lambda g, c: fined(g, watch=c), "comply", baseline="always_cooperate") is None
    impatient = broken_even(lambda g, c: gl.transparency(g, reach=1, cost=c), "grim", d=0.4)
    assert impatient is None


def test_a_net_benefit_of_zero_pays_at_no_cost():
    free = broken_even(
        lambda g, c: gl.transparency(g, reach=1, cost=0 * c), "grim", baseline="always_cooperate"
    )
    assert free is None


def test_break_even_by_bisection_where_nothing_is_linear():
    # here accuracy falls with what is called the cost: q = 1 - c/4 and a fine of 4, so 4 q >= 2 up to c = 2
    def institute(game, costs):
        watched = gl.monitoring(game, detection=np.clip(1 - costs / 4, 0, 1), cost=np.minimum(costs, 1) / 2)
        return gl.graduated_sanctions(watched, fines=[4])

    assert broken_even(institute, "comply") == pytest.approx(2, abs=1e-8)


def test_where_nobody_has_a_choice_every_discount_factor_will_do():
    stage = gl.normal_form(payoffs=[[[1, 2]]])
    for time in ({"discount_factor": 0.5}, {"discount_factor": 0.5, "rounds": 3}):
        (interval,) = gl.sustainable_discount_factors(gl.repeated(stage, **time), "stage_nash")
        assert (interval.low, interval.high) == (0, 1)


def test_pencils_with_a_zero_at_the_shift_or_everywhere():
    # d - s for the first shift s, d - 1/4, and the constant 0: only the first two have zeros
    shift = thresholds.SHIFTS[0]
    A = np.array([[[1.0, 0], [0, shift]], [[1, 0], [0, 0.25]], [[1, -1], [0, 0]]])
    B = np.array([[[1.0, 0], [0, 1]], [[0, 0], [0, 1]], [[1, 0], [0, 0]]])
    zeros = thresholds._pencil_eigenvalues(A, B)
    assert np.allclose(sorted(zeros.real), [0.25, shift, 1])
    assert np.allclose(zeros.imag, 0)


def test_chances_too_small_for_floats_leave_thresholds_not_known():
    # misread 1 - 1e-12 and out of reach 1e-12: some state is left with a chance of about 1e-24 only
    stage = gl.prisoners_dilemma(temptation=1e9, reward=3, punishment=2.5, sucker=0.1)
    game = gl.repeated(stage, discount_factor=0.5, misreading=1 - 1e-12)
    game = gl.transparency(game, reach=1 - 1e-12)
    answer = gl.sustainable_discount_factors(game, "tit_for_tat")
    assert answer == "not known"
    assert "too small" in answer.reason
