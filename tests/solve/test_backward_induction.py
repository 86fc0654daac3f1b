"""Backward induction beside plain recursion, closed forms and certificates."""

import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.solve.backward_induction import backward_induction, moves_backwards, visits

PARTICIPATE, DECLINE, HONOUR, RENEGE = 0, 1, 0, 1


def trust(rounds=1, weight=0.0, **more):
    game = gl.repeated(gl.time_inconsistency(value=10, cost=2, payment=4), rounds=rounds, **more)
    return gl.altruism(game, weight=weight) if np.any(weight) else game


def ladder(stage, fines, rounds=3, discount_factor=1.0, detection=0.9, false_alarm=0.05):
    game = gl.repeated(stage, rounds=rounds, discount_factor=discount_factor, observe="none")
    game = gl.monitoring(game, detection=detection, false_alarm=false_alarm)
    return gl.graduated_sanctions(game, fines=fines, forgiveness=0.25)


def plain(game):
    """Return {(round, state): action of each player} by recursion on single numbers, or None where there is none.

    Of the actions of those who choose, one is struck off while another is better whatever the others do with
    what they have left.
    """
    profiles = [tuple(int(a) for a in profile) for profile in game.profiles]
    flows = {line: flow for line, (flow, _) in game.expected.items()}

    def paid(s, p, i):
        total = 0.0
        for flow in flows.values():
            total += flow[0, min(s, flow.shape[1] - 1), min(p, flow.shape[2] - 1), i]
        return total

    def chance(s, p, y):
        table = game.probabilities[0]
        return table[min(s, len(table) - 1), min(p, table.shape[1] - 1), y]

    plan, known = {}, {}

    def worth(k, s):
        """Return what round k is worth to each from state s on; None where two things may be best."""
        if k == game.rounds:
            return (0.0,) * game.n
        if (k, s) not in known:
            known[k, s] = decided(k, s)
        return known[k, s]

    def decided(k, s):
        total = {}
        for p, profile in enumerate(profiles):
            if not all(game.allowed[s, i, profile[i]] for i in range(game.n)):
                continue
            total[profile] = [paid(s, p, i) for i in range(game.n)]
            for y in range(len(game.outcomes)):
                if chance(s, p, y) > 0:
                    after = worth(k + bool(game.ends_round[s]), int(game.next_state[s, y]))
                    if after is None:
                        return None
                    for i in range(game.n):
                        d = game.discount_factor[0, s, min(i, game.discount_factor.shape[2] - 1)]
                        total[profile][i] += chance(s, p, y) * d * after[i]
        left = [{profile[i] for profile in total} for i in range(game.n)]
        struck = True
        while struck:
            struck = False
            for i in range(game.n):
                rest = [x for x in total if all(x[j] in left[j] for j in range(game.n) if j != i)]
                for a in sorted(left[i]):
                    for b in sorted(left[i] - {a}):
                        pairs = [(total[x], total[(*x[:i], b, *x[i + 1 :])]) for x in rest if x[i] == a]
                        if all(high[i] > low[i] + 1e-9 for high, low in pairs):
                            left[i] -= {b}
                            struck = True
        if any(len(own) > 1 for own in left):
            return None
        plan[k, s] = tuple(own.pop() for own in left)
        return tuple(total[plan[k, s]])

    firsts = [worth(0, s) for s in np.flatnonzero(game.start[0] > 0).tolist()]
    return None if None in firsts else plan


def compared(game):
    """Compare the plan of a single game with plain recursion, and let the certificate judge it."""
    wanted, found = plain(game), backward_induction(game)
    assert bool(found.unique[0]) == (wanted is not None)
    if wanted is None:
        assert found.why
        with pytest.raises(GameError, match="backward_induction: leaves no single plan"):
            gl.certify(game, "backward_induction")
        return
    for (k, s), actions in wanted.items():
        phase = found.phases[min(k, len(found.phases) - 1)][0, s]
        assert phase.argmax(axis=1).tolist() == list(actions), (k, s)
        assert phase.max(axis=1).tolist() == [1] * game.n
    report = gl.certify(game, "backward_induction")
    assert report.holds
    assert report.max_gain < 0  # every other action is worse, so there is slack everywhere


def test_one_round_of_time_inconsistency_by_its_closed_form():
    """The gainer keeps the payment unless w > 1; the partner then participates iff w V > c."""
    weights = np.array([0, 0.1, 0.2, 0.3, 0.7, 1, 1.2])
    plan = backward_induction(trust(weight=weights))
    assert plan.unique.tolist() == [True, True, False, True, True, False, True]
    (phase,) = plan.phases
    assert phase[plan.unique, 0, 0].argmax(axis=1).tolist() == [DECLINE, DECLINE, *[PARTICIPATE] * 3]
    assert phase[plan.unique, 1, 1].argmax(axis=1).tolist() == [RENEGE] * 4 + [HONOUR]


@pytest.mark.parametrize("weight", [0, 0.7, 1.2])
@pytest.mark.parametrize("rounds", [1, 3])
def test_time_inconsistency_beside_plain_recursion(rounds, weight):
    compared(trust(rounds, weight))


def test_many_rounds_that_begin_alike_are_decided_at_once():
    start = time.perf_counter()
    plan = backward_induction(trust(10_000, 0.7))
    assert plan.unique.all()
    assert len(plan.phases) == 1
    assert time.perf_counter() - start < 2


@settings(max_examples=up_to(30), deadline=None)
@given(
    fines=st.lists(st.sampled_from([0, 1, 2, 2.5, 3, 6]), min_size=1, max_size=2),
    rounds=st.integers(1, 4),
    d=st.sampled_from([0.3, 0.9, 1.0]),
    alarm=st.sampled_from([0, 0.05]),
    stage=st.sampled_from(
        [
            gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0),
            gl.normal_form(payoffs=[[[4, 4], [0, 3]], [[3, 0], [2, 2]]], agreement=["1", "1"]),
            gl.time_inconsistency(value=10, cost=2, payment=4),
        ]
    ),
)
@pytest.mark.filterwarnings("ignore::gamelab.errors.GamelabWarning")
def test_ladders_beside_plain_recursion(fines, rounds, d, alarm, stage):
    compared(ladder(stage, sorted(fines), rounds, d, false_alarm=alarm))


def test_a_plan_may_change_from_round_to_round():
    """A first fine that does not deter by itself does while the dearer second one still threatens."""
    stage = gl.prisoners_dilemma(temptation=4, reward=3, punishment=1, sucker=0)
    game = ladder(stage, [1, 12], rounds=3)
    compared(game)
    plan = backward_induction(game)
    assert plan.unique.all()
    assert len(plan.phases) == 3
    assert [bool(phase[0, 0, 0, 0]) for phase in plan.phases] == [True, True, False]
    longer = backward_induction(ladder(stage, [1, 12], rounds=60))
    assert not longer.unique.any()
    assert longer.why == "what is best changes from round to round, in more than 50 rounds"


def test_three_who_choose_at_once():
    def pay(profile):
        return [1.2 * profile.count(0) - 2 * (a == 0) for a in profile]

    table = [[[pay((a, b, c)) for c in (0, 1)] for b in (0, 1)] for a in (0, 1)]
    stage = gl.normal_form(payoffs=table, agreement=["1", "1", "1"], fallback=["2", "2", "2"])
    compared(ladder(stage, [0.5], rounds=2))
    compared(ladder(stage, [1.5], rounds=2))


def test_a_single_mixed_equilibrium_is_a_plan():
    """Whoever matches gets 1: against a fine of 1/2 that is paid for every 2 the mixture shifts."""
    stage = gl.normal_form(
        payoffs=[[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], agreement=["1", "1"], fallback=["1", "1"]
    )
    game = ladder(stage, [0.5], rounds=2, detection=1, false_alarm=0)
    (phase,) = backward_induction(game).phases
    # action 2 costs 1/2: each is indifferent where the other plays 1 with 3/8 or 5/8
    np.testing.assert_allclose(phase[0, 0], [[0.625, 0.375], [0.375, 0.625]])
    assert gl.certify(game, "backward_induction").holds


def test_no_fallback_is_needed():
    """Three players, no stage equilibrium in pure actions and no fallback: fines of 4 make 1 the best for each."""
    table = [
        [[[1, 1, 1], [0, 0, 2]], [[2, 0, 0], [1, 2, 0]]],
        [[[0, 2, 1], [1, 0, 0]], [[0, 1, 2], [2, 0, 1]]],
    ]
    stage = gl.normal_form(payoffs=table, agreement=["1", "1", "1"])
    game = ladder(stage, [4, 8], rounds=2)
    compared(game)
    assert backward_induction(game).unique.all()


def test_two_equilibria_are_none():
    stage = gl.battle(high=3, low=2)
    game = gl.repeated(stage, rounds=2)
    assert not backward_induction(gl.convention(game)).unique.any()
    assert backward_induction(gl.convention(game)).why.startswith("in round 2 at ")


def test_each_point_of_a_batch_is_as_alone_zeros_included():
    """Where nothing is detected no second level is reached; at 0.4 a fine of 2.5 makes a tie: 4 - 3 = 0.4 x 2.5."""
    stage = gl.prisoners_dilemma(temptation=4, reward=3, punishment=1, sucker=0)
    chances = np.array([0, 0.3, 0.4, 0.6])
    many = backward_induction(ladder(stage, [0.5, 2.5], 2, detection=chances, false_alarm=0))
    for k, chance in enumerate(chances):
        game = ladder(stage, [0.5, 2.5], 2, detection=chance, false_alarm=0)
        compared(game)
        assert backward_induction(game).unique[0] == many.unique[k]
    assert many.unique.tolist() == [True, True, False, True]


def test_a_far_away_payoff_makes_no_tie():
    game = gl.repeated(gl.time_inconsistency(value=1e9, cost=2, payment=2.5), rounds=1)
    assert backward_induction(game).unique.all()
    stage = gl.prisoners_dilemma(temptation=3.4, reward=3, punishment=1, sucker=-1e9)
    assert backward_induction(ladder(stage, [0.1], 2)).unique.all()


def test_in_fractions_only_equals_are_a_tie():
    with gl.exactly():
        for weight, unique in ((Fraction("0.2"), False), (Fraction("0.20000000000000001"), True)):
            game = gl.repeated(gl.time_inconsistency(value=10, cost=2, payment=4), rounds=1)
            assert backward_induction(gl.altruism(game, weight=weight)).unique.tolist() == [unique]
    assert gl.certify(gl.altruism(game, weight=Fraction(7, 10)), "backward_induction").max_gain < 0


def test_open_ended_games_have_no_last_round():
    game = gl.repeated(gl.time_inconsistency(value=10, cost=2, payment=4), discount_factor=0.9)
    with pytest.raises(GameError, match="no last round"):
        backward_induction(game)


def test_too_many_nodes_are_not_gone_through():
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    plan = backward_induction(ladder(stage, [1, 2], rounds=2000))
    assert not plan.unique.any()
    assert plan.why == "2,000 rounds have 8,000 nodes, and 5,000 is the limit"
    assert plan.note == f"backward induction is not tried: {plan.why}"


def test_order_and_visits():
    game = trust(3)
    assert moves_backwards(game) == [1, 2, 0]
    assert [there.tolist() for there in visits(game)] == [[True] * 3]
    climbing = ladder(gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0), [1, 2], 3)
    assert [int(there.sum()) for there in visits(climbing)] == [1, 4]
