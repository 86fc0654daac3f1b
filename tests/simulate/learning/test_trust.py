import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_learning import plain_trust

import gamelab as gl
from gamelab.errors import GameError
from gamelab.simulate.learning.arena import arena_of
from gamelab.simulate.learning.rules import learners_of

T, R, P, S = 5.0, 3.0, 1.0, 0.0
STAGE = gl.prisoners_dilemma(temptation=T, reward=R, punishment=P, sucker=S)
KEEPS, BREAKS = {"fixed": {"mixture": [1, 0]}}, {"fixed": {"mixture": [0, 1]}}


def public(misreading=0.0, factor=0.9, **more):
    return gl.repeated(STAGE, discount_factor=factor, misreading=misreading, **more)


def logit(p):
    return math.log(p / (1 - p))


def team():
    def pay(profile):
        return [1.2 * profile.count(0) - 2 * (a == 0) for a in profile]

    table = [[[pay((a, b, c)) for c in (0, 1)] for b in (0, 1)] for a in (0, 1)]
    return gl.normal_form(payoffs=table, actions=["C", "D"], agreement=["C", "C", "C"])


# ---------------------------------------------------------------------------------- what makes it worth it


@pytest.mark.parametrize("factor", [0.55, 0.7, 0.9, 0.99])
def test_the_trust_that_is_needed_is_that_of_the_closed_form(factor):
    """p gain >= (1 - p) loss: gain = R - (1-d) T - d P against reciprocators, loss = (1-d)(P - S)."""
    gain, loss = R - (1 - factor) * T - factor * P, (1 - factor) * (P - S)
    found = gl.learn(public(factor=factor), "trust", rounds=1, groups=1)
    assert found.needed_trust == pytest.approx(loss / (gain + loss))


def test_in_a_one_shot_stag_hunt_it_is_the_risk_factor():
    stage = gl.normal_form(
        payoffs=[[[4, 4], [0, 3]], [[3, 0], [3, 3]]], actions=["stag", "hare"], agreement=["stag", "stag"],
        fallback=["hare", "hare"],
    )  # fmt: skip
    found = gl.learn(gl.repeated(stage, discount_factor=0), "trust", rounds=1, groups=1)
    assert found.needed_trust == pytest.approx(3 / 4)


def test_where_no_trust_is_enough_nobody_keeps_the_agreement():
    found = gl.learn(public(factor=0.4), {"trust": {"prior": 0.999}}, rounds=5, groups=3)
    assert np.isnan(found.needed_trust).all()
    assert (found.cooperation == 0).all()


@pytest.mark.parametrize(("prior", "kept"), [(0.05, 0.0), (0.07, 1.0)])
def test_conduct_turns_at_the_threshold(prior, kept):
    found = gl.learn(public(), {"trust": {"prior": prior}}, rounds=1, groups=4)
    assert 0.05 < found.needed_trust[0] < 0.07  # 0.1 / (1.6 + 0.1)
    assert (found.cooperation == kept).all()


@pytest.mark.parametrize("how", [lambda u: u + 1024, lambda u: u * 8])
def test_shifts_and_scales_of_payoffs_change_nothing(how):
    names, numbers = ["temptation", "reward", "punishment", "sucker"], [5, 3, 1, 0]
    before, after = (
        gl.learn(
            gl.repeated(
                gl.prisoners_dilemma(**dict(zip(names, map(change, numbers), strict=True))),
                discount_factor=0.9,
                misreading=0.2,
            ),
            {"trust": {"prior": 0.55}},
            rounds=30,
            groups=100,
        )
        for change in (float, how)
    )
    assert 0 < before.cooperation[-1] < 1
    assert (before.averages == after.averages).all()
    assert after.needed_trust == pytest.approx(before.needed_trust)


# ---------------------------------------------------------------------------------------- what is believed


@pytest.mark.parametrize("misreading", [0.0, 0.05, 0.2])
def test_the_posterior_is_that_of_bayes(misreading):
    """Against somebody who always keeps: log odds grow by a constant with each reading."""
    prior, good, bad = 0.3, 0.9, 0.1
    rule = {"trust": {"prior": prior, "reciprocator_keeps": good, "selfish_keeps": bad, "precision": 0}}
    honest, slack = [c * (1 - misreading) + (1 - c) * misreading for c in (good, bad)]
    arena = arena_of(public(misreading))
    (learner, _), _ = learners_of(arena, rule)
    reads = [y for y, name in enumerate(arena.game.outcomes)]
    for kept, broken in [(1, 0), (5, 0), (0, 1), (4, 3)]:
        memory = learner.start(1)
        for good_round in [True] * kept + [False] * broken:
            (outcome,) = [
                y
                for y in reads
                if arena.game.conduct[0, 0, y] == 0
                and arena.game.conduct[0, 1, y] == (0 if good_round else 1)
            ]
            memory = learner.learn(memory, seen(0, outcome))
        wanted = prior / (1 - prior) * (honest / slack) ** kept * ((1 - honest) / (1 - slack)) ** broken
        assert learner.trust(memory) == pytest.approx(wanted / (1 + wanted), rel=1e-12)


def test_the_belief_about_a_rate_is_beta():
    arena = arena_of(public())
    (learner, _), _ = learners_of(arena, {"trust": {"belief": "rate", "prior": 0.25, "weight": 4}})
    memory = learner.start(1)
    a, b = 1, 3
    for outcome in [0, 0, 1, 0, 1]:  # the record shows (C, C) or (C, D)
        memory = learner.learn(memory, seen(0, outcome))
        a, b = a + (outcome == 0), b + (outcome == 1)
        assert learner.trust(memory) == pytest.approx(a / (a + b))


def seen(action, outcome, state=0):
    from gamelab.simulate.learning.learner import Seen

    one = np.array([0.0])
    return Seen(np.array([action]), one, np.zeros((1, 2)), np.array([state]), np.array([outcome]))


def test_conduct_says_nothing_after_one_was_seen_to_break_the_agreement():
    arena = arena_of(public())
    (learner, _), _ = learners_of(arena, "trust")
    memory = learner.learn(learner.start(1), seen(1, 2))  # (D, C): kept by the other, broken by oneself
    once = learner.trust(memory)
    assert once > 0.5
    memory = learner.learn(memory, seen(0, 1))  # (C, D): an answer in kind
    assert learner.trust(memory) == once
    memory = learner.learn(memory, seen(0, 1))  # in good standing again
    assert learner.trust(memory) < once


def test_trust_grows_with_kept_agreements_and_falls_with_broken_ones():
    kept = gl.learn(public(), [{"trust": {"prior": 0.1}}, KEEPS], rounds=6, groups=3)
    assert (np.diff(kept.trust[:, 0]) > 0).all()
    wanted = [logit(0.1) + k * math.log(0.95 / 0.05) for k in range(1, 7)]
    assert [logit(p) for p in kept.trust[:, 0]] == pytest.approx(wanted)
    broken = gl.learn(public(), [{"trust": {"prior": 0.999}}, BREAKS], rounds=6, groups=3)
    assert (np.diff(broken.trust[:, 0]) <= 0).all()
    assert broken.cooperation[-1] == 0
    assert np.isnan(broken.trust[:, 1]).all()
    assert np.isnan(broken.needed_trust[1])


def test_distrust_feeds_itself():
    """Who starts below the threshold never keeps the agreement, and learns nothing after the first round."""
    found = gl.learn(public(), {"trust": {"prior": 0.05}}, rounds=50, groups=5)
    assert (found.cooperation == 0).all()
    assert (found.trust[1:] == found.trust[0]).all()
    curious = gl.learn(public(), [{"trust": {"prior": 0.05, "precision": 1}}, KEEPS], rounds=50, groups=200)
    assert curious.trust[-1, 0] > 0.9


def test_misreading_slows_trust():
    """Expected log odds against somebody who keeps: k ((1-e) log h/s + e log (1-h)/(1-s)), falling in e."""
    slopes = []
    for error in (0.0, 0.05, 0.15, 0.3):
        honest, slack = [c * (1 - error) + (1 - c) * error for c in (0.95, 0.05)]
        slopes.append((1 - error) * math.log(honest / slack) + error * math.log((1 - honest) / (1 - slack)))
        found = gl.learn(
            gl.repeated(STAGE, discount_factor=0.9, observe="private", misreading=error),
            [{"trust": {"prior": 0.5}}, KEEPS],
            rounds=3,
            groups=4000,
            points=3,
        )
        first = (1 - error) * honest / (honest + slack) + error * (1 - honest) / (2 - honest - slack)
        assert found.trust[0, 0] == pytest.approx(first, abs=4 * found.standard_errors["trust"][0, 0] + 1e-12)
    assert slopes == sorted(slopes, reverse=True)
    means = [
        gl.learn(public(error), {"trust": {"prior": 0.5}}, rounds=5, groups=1000, points=5).trust[:, 0]
        for error in (0.0, 0.05, 0.15, 0.3)
    ]
    for better, worse in itertools.pairwise(means):
        assert (better > worse).all()


# -------------------------------------------------------------------------------------- plain loops, and games


@given(
    st.sampled_from([0.0, 0.05, 0.25]),
    st.sampled_from([0.0, 0.1]),
    st.sampled_from([0.05, 0.2, 0.6]),
    st.sampled_from([0.8, 0.95]),
    st.sampled_from([0, 1, 1030]),
    st.booleans(),
)
@settings(max_examples=6)
def test_play_is_that_of_plain_loops_round_by_round(misreading, tremble, prior, good, group, three):
    stage = team() if three else STAGE
    game = gl.repeated(stage, discount_factor=0.9, misreading=misreading, tremble=tremble)
    rule = {"prior": prior, "reciprocator_keeps": good}
    worth = []
    for i in range(game.n):

        def earned(own, other, i=i):
            return gl.value(game, [own if j == i else other for j in range(game.n)]).payoffs[i]

        kind, selfish = "tit_for_tat", "always_defect"
        gain = earned(kind, kind) - earned(selfish, kind)
        worth.append((gain, earned(selfish, selfish) - earned(kind, selfish)))
    rounds = 12
    kept, beliefs = plain_trust(game, rule, worth, rounds, group, seed=4)
    found = gl.learn(game, {"trust": rule}, rounds=rounds, groups=group + 1, points=rounds, seed=4)
    assert found.averages[group, :, 0].tolist() == [
        sum(path[i] for path in kept) / rounds for i in range(game.n)
    ]
    if group == 0:
        assert (found.shares[:, :, 0] == kept).all()
        wanted = [
            [math.prod(row[j] for j in range(game.n) if j != i) for i, row in enumerate(at)] for at in beliefs
        ]
        assert found.trust == pytest.approx(np.array(wanted), rel=1e-9)


def test_findings_and_published_conduct_are_evidence():
    unseen = gl.repeated(STAGE, discount_factor=0.9, observe="none")
    watched = gl.monitoring(unseen, detection=0.8, false_alarm=0.1)
    found = gl.learn(watched, [{"trust": {"prior": 0.4}}, KEEPS], rounds=1, groups=4000)
    honest, slack = [c * 0.1 + (1 - c) * 0.8 for c in (0.95, 0.05)]  # chance of a finding of offence
    odds = 0.4 / 0.6
    clean, offence = odds * (1 - honest) / (1 - slack), odds * honest / slack
    wanted = 0.9 * clean / (1 + clean) + 0.1 * offence / (1 + offence)
    assert found.trust[0, 0] == pytest.approx(wanted, abs=4 * found.standard_errors["trust"][0, 0])
    rarely = gl.transparency(unseen, reach=0.25)
    found = gl.learn(rarely, [{"trust": {"prior": 0.4}}, KEEPS], rounds=1, groups=4000)
    sure = 0.4 * 0.95 / (0.4 * 0.95 + 0.6 * 0.05)
    wanted = 0.25 * sure + 0.75 * 0.4
    assert found.trust[0, 0] == pytest.approx(wanted, abs=4 * found.standard_errors["trust"][0, 0])


def test_a_rate_counts_only_what_was_seen():
    game = gl.transparency(gl.repeated(STAGE, discount_factor=0.9, observe="none"), reach=0.25)
    rule = {"trust": {"belief": "rate", "prior": 0.5, "weight": 2}}
    found = gl.learn(game, [rule, KEEPS], rounds=1, groups=4000)
    wanted = 0.25 * 2 / 3 + 0.75 * 1 / 2
    assert found.trust[0, 0] == pytest.approx(wanted, abs=4 * found.standard_errors["trust"][0, 0])


def test_levels_rise_while_people_play():
    """Both deviate and are always found out: a fine of 1 in the first round, of 2 in all others."""
    game = gl.monitoring(gl.repeated(STAGE, discount_factor=0.9, observe="none"), detection=1)
    found = gl.learn(gl.graduated_sanctions(game, fines=[1, 2]), BREAKS, rounds=4, groups=3)
    assert found.payoffs.tolist() == [[P - 1, P - 1]] + 3 * [[P - 2, P - 2]]


def test_sanctions_give_the_agreement_back_what_suspicion_takes():
    """Where fines make keeping worth it whatever the others are, no trust is needed."""
    game = gl.monitoring(gl.repeated(STAGE, discount_factor=0.9, observe="none"), detection=0.9)
    fined = gl.graduated_sanctions(game, fines=[4, 4])
    suspicious = {"trust": {"prior": 0.01, "reciprocator": "comply"}}
    found = gl.learn(fined, suspicious, rounds=20, groups=20)
    assert (found.cooperation == 1).all()
    assert (found.needed_trust == 0).all()
    without = gl.learn(game, {"trust": {"prior": 0.01}}, rounds=20, groups=20)
    assert without.cooperation.max() < 0.1  # now and then what is not detected passes for kept


def test_several_states_start_where_the_game_starts():
    game = gl.convention(gl.repeated(gl.battle(high=3, low=2), discount_factor=0.9), rule="lottery")
    found = gl.learn(game, {"trust": {"prior": 0.9, "reciprocator": "always_cooperate", "selfish": "stage_nash"}},
                     rounds=200, groups=100)  # fmt: skip
    assert len(game.states) > 1
    assert (found.cooperation == 1).all()
    assert found.payoffs.mean() == pytest.approx(2.5, abs=4 * found.standard_errors["payoffs"].max())


@pytest.mark.parametrize(
    ("game", "rule", "words"),
    [
        (STAGE, "trust", "this game shows nothing"),
        (gl.repeated(STAGE, discount_factor=0.5, observe="none"), "trust", "this game shows nothing"),
        (gl.repeated(gl.battle(high=3, low=2), discount_factor=0.5), "trust", "trust needs an agreement"),
        (public(), {"trust": {"prior": 1.5}}, "prior: 1.5 is not a number from 0 to 1"),
        (public(), {"trust": {"belief": "hope"}}, "belief: 'hope' is not allowed; write types or rate"),
        (public(), {"trust": {"belief": "rate", "weight": 0}}, "write a number above 0"),
        (public(), {"trust": {"reciprocator": "grimm"}}, "did you mean 'grim'"),
        (public(), {"trust": {"precision": -1}}, "precision: -1 is not"),
        (
            gl.repeated(gl.time_inconsistency(value=10, cost=2, payment=4), discount_factor=0.9),
            "trust",
            "rounds of one move",
        ),
    ],
)
def test_what_trust_needs_is_told_in_a_sentence(game, rule, words):
    with pytest.raises(GameError) as told:
        gl.learn(game, rule, rounds=2, groups=2)
    assert words in str(told.value)
