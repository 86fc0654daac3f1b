import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_learning import plain_learning
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.simulate.learning import learning
from gamelab.simulate.learning.arena import arena_of
from gamelab.simulate.learning.rules import RULES, learners_of

DILEMMA = ([[3, 0], [5, 1]], [[3, 5], [0, 1]])
PENNIES = ([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
SHAPLEY = ([[0, 0, 1], [1, 0, 0], [0, 1, 0]], [[0, 1, 0], [0, 0, 1], [1, 0, 0]])
LEARNING = [name for name in RULES if name not in ("trust", "fixed")]

unit = st.integers(0, 4).map(lambda k: k / 4)
SETTINGS = {
    "reinforcement": st.fixed_dictionaries(
        {}, optional={"strength": st.integers(0, 12), "experimentation": unit, "forgetting": unit}
    ),
    "experience_weighted_attraction": st.fixed_dictionaries(
        {"choice": st.sampled_from(["logit", "proportional"])},
        optional={
            "precision": st.integers(0, 8).map(lambda k: k / 2),
            "foregone": unit,
            "decay": unit,
            "growth": unit,
            "experience": st.integers(0, 3),
        },
    ),
    "fictitious_play": st.fixed_dictionaries({}, optional={"forgetting": unit, "prior": st.integers(0, 3)}),
    "stochastic_fictitious_play": st.fixed_dictionaries(
        {"precision": st.integers(0, 8).map(lambda k: k / 2)},
        optional={"forgetting": unit, "prior": st.integers(0, 3)},
    ),
}


@st.composite
def rules_for(draw, n):
    names = [draw(st.sampled_from(LEARNING)) for _ in range(n)]
    return [(name, draw(SETTINGS[name])) for name in names]


@st.composite
def games(draw):
    sizes = draw(st.sampled_from([(2, 2), (3, 2), (1, 3), (3, 3), (2, 2, 2), (2, 3, 2)]))
    numbers = draw(
        st.lists(
            st.integers(-5, 5), min_size=len(sizes) * math.prod(sizes), max_size=len(sizes) * math.prod(sizes)
        )
    )
    return np.array(numbers, dtype=float).reshape(len(sizes), *sizes)


# ------------------------------------------------------------------------------------------- plain loops


@given(st.data())
@settings(max_examples=up_to(40))
def test_play_is_that_of_plain_loops_round_by_round(data):
    tables = data.draw(games())
    rules = data.draw(rules_for(len(tables)))
    groups, rounds = 3, 25
    found = gl.learn(
        tables,
        [{name: given_} for name, given_ in rules],
        rounds=rounds,
        groups=groups,
        points=rounds,
        seed=7,
    )
    plain = [plain_learning(tables, rules, rounds, group, seed=7) for group in range(groups)]
    shares = np.zeros_like(found.shares)
    for path, chances in plain:
        for t, actions in enumerate(path):
            shares[t, range(len(actions)), actions] += 1
        own = found.final[len(chances) and plain.index((path, chances))]
        for i, mixture in enumerate(chances):
            assert own[i, : len(mixture)] == pytest.approx(mixture, abs=1e-9)
    assert (found.shares == shares / groups).all()


@pytest.mark.parametrize("group", [0, 1, 1023, 1024, 1025])
def test_each_group_has_its_own_place_in_the_streams(group):
    rule = ("reinforcement", {"experimentation": 0.1, "forgetting": 0.05})
    found = gl.learn(DILEMMA, {rule[0]: rule[1]}, rounds=12, groups=1026, seed=3)
    path, chances = plain_learning(np.array(DILEMMA), [rule, rule], 12, group, seed=3)
    for i in range(2):
        assert found.averages[group, i].tolist() == [
            sum(a[i] == action for a in path) / 12 for action in (0, 1)
        ]
        assert found.final[group, i] == pytest.approx(chances[i], abs=1e-12)


# ------------------------------------------------------------------------------------------ independence


@pytest.mark.parametrize("rule", LEARNING)
def test_a_group_plays_the_same_whatever_is_beside_it_and_however_it_is_shown(rule, monkeypatch):
    many = gl.learn(SHAPLEY, rule, rounds=40, groups=1500, seed=5)
    few = gl.learn(SHAPLEY, rule, rounds=40, groups=1100, seed=5, points=3)
    assert (many.final[:1100] == few.final).all()
    assert (many.averages[:1100] == few.averages).all()
    monkeypatch.setattr(learning, "DRAWN", 4000)
    again = gl.learn(SHAPLEY, rule, rounds=40, groups=1500, seed=5)
    assert (again.shares == many.shares).all()
    assert (again.payoffs == many.payoffs).all()
    other = gl.learn(SHAPLEY, rule, rounds=40, groups=1500, seed=6)
    assert (other.averages != many.averages).any()


def test_stretches_cover_all_rounds():
    for rounds, points in [(1, 100), (7, 3), (100, 100), (1000, 64)]:
        found = gl.learn(DILEMMA, "reinforcement", rounds=rounds, groups=4, points=points)
        assert len(found.rounds) == min(rounds, points)
        assert found.rounds[-1] == rounds
        lengths = np.diff(found.rounds, prepend=0)
        overall = (found.shares * lengths[:, None, None]).sum(axis=0) / rounds
        assert overall == pytest.approx(found.averages.mean(axis=0))


# -------------------------------------------------------------------------------------------- what is told


def test_a_fixed_mixture_is_played_as_written():
    """Counts of many mixtures together: chi-square of 40 mixtures with two free cells each."""
    random = np.random.default_rng(1)
    total, cells = 0.0, 0
    for game in range(20):
        mixtures = random.dirichlet([1, 1, 1], size=2)
        found = gl.learn(
            np.zeros((2, 3, 3)),
            [{"fixed": {"mixture": mixture.tolist()}} for mixture in mixtures],
            rounds=20,
            groups=200,
            seed=game,
        )
        seen, wanted = found.averages.sum(axis=0) * 20, mixtures * 4000
        total += ((seen - wanted) ** 2 / wanted).sum()
        cells += 4
    assert abs(total - cells) < 4 * math.sqrt(2 * cells)


def test_means_errors_and_intervals_are_those_of_the_groups():
    rules = [{"fixed": {"mixture": [0.3, 0.7]}}, {"fixed": {"mixture": [0.5, 0.5]}}]
    found = gl.learn(DILEMMA, rules, rounds=10, groups=50, points=1)
    own = found.averages[:, 0, 0]
    assert found.shares[0, 0, 0] == pytest.approx(own.mean())
    assert found.standard_errors["shares"][0, 0, 0] == pytest.approx(own.std(ddof=1) / math.sqrt(50))
    low, high = found.interval()
    assert high[0, 0, 0] - low[0, 0, 0] == pytest.approx(
        2 * 1.959964 * own.std(ddof=1) / math.sqrt(50), rel=1e-6
    )
    assert found.interval("payoffs")[0].shape == (1, 2)
    with pytest.raises(GameError, match="no path 'trust'"):
        found.interval("trust")


def test_payoffs_and_cooperation_follow_from_what_is_played():
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    rules = [{"fixed": {"mixture": [1, 0]}}, {"fixed": {"mixture": [0, 1]}}]
    found = gl.learn(stage, rules, rounds=5, groups=3)
    assert (found.payoffs == [0, 5]).all()
    assert (found.cooperation == 0.5).all()
    assert (found.standard_errors["payoffs"] == 0).all()
    assert gl.learn(DILEMMA, rules, rounds=5, groups=3).cooperation is None


def test_trembles_and_costs_are_averaged_into_payoffs_and_cooperation():
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    game = gl.repeated(stage, discount_factor=0.5, observe="none", tremble=0.1)
    game = gl.monitoring(game, detection=0.9, cost=0.25)
    found = gl.learn(game, {"fixed": {"mixture": [1, 0]}}, rounds=3, groups=2)
    assert found.cooperation == pytest.approx(0.9)
    chances = {(a, b): (0.9, 0.1)[a] * (0.9, 0.1)[b] for a in (0, 1) for b in (0, 1)}
    wanted = 3 * chances[0, 0] + 0 * chances[0, 1] + 5 * chances[1, 0] + 1 * chances[1, 1] - 0.25
    assert found.payoffs[:, 0] == pytest.approx(wanted)


def test_learners_care_for_others_and_payoffs_do_not():
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    kind = gl.altruism(stage, weight=1)
    found = gl.learn(kind, "fictitious_play", rounds=5, groups=2)
    assert found.cooperation[-1] == 1
    assert (found.payoffs[-1] == 3).all()


def test_a_single_group_has_no_error():
    found = gl.learn(DILEMMA, "reinforcement", rounds=5, groups=1)
    assert np.isnan(found.standard_errors["shares"]).all()
    assert len(found.to_frame()) == 5 * 4
    assert "1 groups" in repr(found)
    assert "<table" in found._repr_html_()


# ------------------------------------------------------------------------------------------- known results


def test_propensities_add_up_to_what_was_earned():
    """Roth and Erev: without forgetting the sum of propensities is that of the start plus all rewards."""
    arena = arena_of(DILEMMA)
    (learner, _), _ = learners_of(arena, {"reinforcement": {"strength": 4, "experimentation": 0.3}})
    table = np.array(DILEMMA[0], dtype=float)
    memory = learner.start(1)
    assert memory[0].sum() == pytest.approx(4 * table.mean())
    random, earned = np.random.default_rng(0), 0.0
    for _ in range(50):
        own, other = random.integers(2, size=2)
        seen = learning.Seen(
            np.array([own]), table[[own], other], table[None, :, other], np.zeros(1, int), np.zeros(1, int)
        )
        memory, earned = learner.learn(memory, seen), earned + table[own, other]
    assert memory[0].sum() == pytest.approx(4 * table.mean() + earned)


IDENTITIES = {
    "reinforcement": (
        {"reinforcement": {"strength": 8, "forgetting": 0.25}},
        {
            "experience_weighted_attraction": {
                "foregone": 0,
                "growth": 1,
                "decay": 0.75,
                "precision": 1,
                "choice": "proportional",
                "attractions": [9, 9],  # strength x mean payoff 2.25 / 2 actions
            }
        },
    ),
    "weighted fictitious play": (
        {"stochastic_fictitious_play": {"precision": 1.5, "forgetting": 0.25, "prior": 2}},
        {
            "experience_weighted_attraction": {
                "foregone": 1,
                "growth": 0,
                "decay": 0.75,
                "precision": 1.5,
                "experience": 2,
                "attractions": [1.5, 3],  # against an even belief
            }
        },
    ),
    "cournot": (
        {"stochastic_fictitious_play": {"precision": 2, "forgetting": 1, "prior": 0}},
        {
            "experience_weighted_attraction": {
                "foregone": 1,
                "growth": 1,
                "decay": 0,
                "precision": 2,
                "experience": 0,
            }
        },
    ),
}


@pytest.mark.parametrize("case", IDENTITIES)
def test_attraction_learning_nests_the_others_path_by_path(case):
    """Camerer and Ho (1999), section 2: delta 0 is reinforcement; delta 1 and rho = phi are weighted beliefs."""
    one, other = IDENTITIES[case]
    first, second = (gl.learn(DILEMMA, rule, rounds=200, groups=300, points=200) for rule in (one, other))
    assert (first.shares == second.shares).all()
    assert (first.averages == second.averages).all()
    assert first.final == pytest.approx(second.final, abs=1e-12)


def test_growth_tells_cumulative_from_averaged_attractions():
    """With rho = 0 attractions add up to N x the average of the same payoffs where phi is 1."""
    averaged, added = (
        {"experience_weighted_attraction": {"foregone": 0, "decay": 1, "growth": growth, "precision": p}}
        for growth, p in [(0, 1.0), (1, 1.0)]
    )
    slow, fast = (gl.learn(DILEMMA, rule, rounds=300, groups=200) for rule in (averaged, added))
    assert fast.final.max(axis=2).min() > 0.999  # scores grow without bound, and choice becomes sure
    assert slow.final.max() < 0.999  # averages stay below 5: chances below 1 / (1 + exp(-5))


@pytest.mark.slow
def test_fictitious_play_finds_the_value_of_zero_sum_games():
    """Robinson (1951): frequencies converge to optimal strategies. Rock-paper-scissors with a bonus for rock."""
    A = np.array([[0, -1, 2], [1, 0, -1], [-1, 1, 0]], dtype=float)
    optimal = np.array([[3, 5, 4], [4, 5, 3]]) / 12
    value = 1 / 12
    assert (optimal[0] @ A) == pytest.approx(value)
    assert (A @ optimal[1]) == pytest.approx(value)
    found = gl.learn((A, -A), "fictitious_play", rounds=6000, groups=2, points=4)
    for own, other in zip(found.averages[:, 0], found.averages[:, 1], strict=True):
        assert (own @ A).min() == pytest.approx(value, abs=0.03)
        assert (A @ other).max() == pytest.approx(value, abs=0.03)
    assert found.averages == pytest.approx(np.stack([optimal, optimal]), abs=0.05)


@pytest.mark.slow
def test_fictitious_play_cycles_in_shapleys_game():
    """Shapley (1964): runs of the same play grow geometrically, and frequencies never settle."""
    rounds = 5000
    found = gl.learn(SHAPLEY, "fictitious_play", rounds=rounds, groups=1, points=rounds, seed=2)
    profile = found.shares[:, 0].argmax(axis=1) * 3 + found.shares[:, 1].argmax(axis=1)
    changes = np.flatnonzero(np.diff(profile)) + 1
    runs = np.diff(changes)[-6:]
    assert len(set(profile[rounds // 10 :])) == 6  # only the six profiles in which somebody wins
    assert not set(profile[rounds // 10 :]) & {
        p for p in range(9) if SHAPLEY[0][p // 3][p % 3] + SHAPLEY[1][p // 3][p % 3] == 0
    }
    ratios = runs[1:] / runs[:-1]
    assert (ratios > 1.1).all()
    upto = np.cumsum(found.shares[:, 0], axis=0) / np.arange(1, rounds + 1)[:, None]
    late = np.abs(upto[rounds // 10 :] - 1 / 3).max(axis=1)
    assert late.min() > 0.05


@pytest.mark.slow
def test_stochastic_fictitious_play_settles_at_the_quantal_response_equilibrium():
    """Fudenberg and Kreps (1993): in games of two actions without a pure equilibrium."""
    game = ([[9, 0], [0, 1]], [[0, 1], [1, 0]])
    for precision in (0.5, 2.0):
        rest = gl.quantal_response(game, precision=precision).mixtures
        found = gl.learn(
            game, {"stochastic_fictitious_play": {"precision": precision}}, rounds=2000, groups=100, points=4
        )
        assert np.abs(found.mixtures - rest).max() < 0.02
        assert np.abs(found.shares[-1] - rest).max() < 0.02
        assert np.abs(rest[0, 0] - 0.5) > 0.1  # and not at the Nash equilibrium, which is even for the first


def test_reinforcement_learns_what_dominates():
    found = gl.learn(DILEMMA, "reinforcement", rounds=3000, groups=200)
    share = found.shares[:, :, 1].mean(axis=1)
    assert share[-1] > 0.93
    assert share[-1] > share[len(share) // 10] > share[0]


SAME = {  # what each rule does not notice
    "reinforcement": ["shift", "scale"],
    "fictitious_play": ["shift", "scale"],
    "stochastic_fictitious_play": ["shift"],
    "experience_weighted_attraction": [],
}


@pytest.mark.parametrize("rule", LEARNING)
@pytest.mark.parametrize(("change", "how"), [("shift", lambda u: u + 1024), ("scale", lambda u: u * 8)])
def test_shifts_and_scales_matter_exactly_where_it_is_said(rule, change, how):
    tables = np.array(DILEMMA, dtype=float)
    before, after = (gl.learn(game, rule, rounds=60, groups=100) for game in (tables, how(tables)))
    assert bool((before.averages == after.averages).all()) == (change in SAME[rule])


def test_a_large_shift_costs_no_accuracy():
    tables = np.array(SHAPLEY, dtype=float)
    before, after = (
        gl.learn(game, "fictitious_play", rounds=500, groups=5) for game in (tables, tables + 1e9)
    )
    assert (before.averages == after.averages).all()
    assert (after.payoffs - 1e9) == pytest.approx(before.payoffs, abs=1e-5)
    assert after.standard_errors["payoffs"] == pytest.approx(before.standard_errors["payoffs"], abs=1e-5)


# --------------------------------------------------------------------------------------- degenerate answers


@pytest.mark.parametrize("rule", LEARNING)
def test_where_nothing_matters_choices_stay_even(rule):
    found = gl.learn(np.full((2, 3, 3), 7.0), rule, rounds=30, groups=2000)
    if rule in ("experience_weighted_attraction", "reinforcement"):
        assert found.mixtures == pytest.approx(1 / 3, abs=0.05)
    else:
        assert (found.final == 1 / 3).all()


@pytest.mark.parametrize("rule", LEARNING)
def test_one_action_is_all_there_is(rule):
    found = gl.learn(([[1, 2]], [[0, 1]]), rule, rounds=5, groups=2)
    assert (found.shares[:, 0] == [1, 0]).all()


def test_somebody_who_forgets_everything_chooses_evenly():
    found = gl.learn(np.full((2, 2, 2), 1.0), {"reinforcement": {"forgetting": 1}}, rounds=4, groups=500)
    assert (found.final == 0.5).all()
    assert found.averages.mean() == pytest.approx(0.5, abs=0.05)


# ---------------------------------------------------------------------------------------------- bad inputs


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"rounds": 0}, "rounds: 0 is not a whole number from 1 to"),
        ({"rounds": -3}, "rounds: -3 is not"),
        ({"rounds": 2.5}, "rounds: 2.5 is not"),
        ({"groups": 0}, "groups: 0 is not"),
        ({"groups": True}, "groups: True is not"),
        ({"groups": 10**9}, "groups: 1,000,000,000 groups need"),
        ({"points": "many"}, "points: 'many' is not"),
        ({"seed": -1}, "seed: -1 is not a whole number from 0"),
        (
            {"rule": "reinforcment"},
            "no rule of learning is called 'reinforcment'; did you mean 'reinforcement'",
        ),
        ({"rule": 5}, "5 given; write one rule"),
        ({"rule": ["fixed"]}, "1 rules given for 2 players"),
        ({"rule": {"reinforcement": {}, "fixed": {}}}, "one rule name with its settings"),
        ({"rule": {"reinforcement": 3}}, "settings of reinforcement as a mapping"),
        ({"rule": {"reinforcement": {"strength": -1}}}, "strength: -1 is not a number of at least 0"),
        ({"rule": {"reinforcement": {"forgeting": 0.1}}}, "did you mean 'forgetting'"),
        ({"rule": {"reinforcement": {"strength": [1, 2]}}}, "write one number"),
        ({"rule": {"experience_weighted_attraction": {"attractions": [1]}}}, "1 numbers given for 2 actions"),
        (
            {"rule": {"experience_weighted_attraction": {"attractions": [1, -1], "choice": "proportional"}}},
            "-1 is below 0",
        ),
        ({"rule": {"fixed": {"mixture": [0.5, 0.6]}}}, "are no probabilities"),
        ({"rule": {"fixed": {"mixture": [1.0]}}}, "1 numbers given for 2 actions"),
        ({"rule": "trust"}, "give a game, not a table or strategies"),
        ({"rule": lambda arena, player: 3}, "not a learner"),
        ({"strategies": ["grim"]}, "strategies are for a game"),
    ],
)
def test_bad_inputs_are_told_in_a_sentence(call, words):
    given_ = {"rule": "reinforcement", "rounds": 5, "groups": 2} | call
    with pytest.raises(GameError) as told:
        gl.learn(DILEMMA, given_.pop("rule"), **given_)
    assert words in str(told.value)


def test_a_rule_may_be_a_function():
    def mine(arena, player):
        return RULES["fixed"](arena, player, mixture=[0, 1])

    found = gl.learn(DILEMMA, mine, rounds=2, groups=2)
    assert found.rules == ("mine", "mine")
    assert (found.shares[..., 1] == 1).all()
