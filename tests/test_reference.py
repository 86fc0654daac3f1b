"""The reference against numbers worked out by hand, and against itself by other routes."""

import math
from fractions import Fraction

import numpy as np
import pytest
import reference as ref
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

from gamelab.model.automaton import Automaton
from gamelab.model.game import Game
from gamelab.model.information import repeated
from gamelab.model.ledger import Flow

C, D = 0, 1
T, R, P, S = 5, 3, 1, 0
PAYOFFS = {(C, C): (R, R), (C, D): (S, T), (D, C): (T, S), (D, D): (P, P)}
PROFILES = [(C, C), (C, D), (D, C), (D, D)]


def stage(payoffs=PAYOFFS):
    """The prisoner's dilemma as a stage game in which nothing is seen."""
    material = np.array([[[[*payoffs[profile], 0] for profile in PROFILES]]], dtype=float)
    return Game(
        players=("a", "b"),
        actions=(("C", "D"), ("C", "D")),
        states=("",),
        outcomes=("",),
        start=np.ones((1, 1)),
        allowed=np.ones((1, 2, 2), dtype=bool),
        ends_round=np.array([True]),
        probabilities=np.ones((1, 1, 1, 1)),
        next_state=np.zeros((1, 1), dtype=int),
        accounts=("a", "b", "authority"),
        flows={"material": Flow("material", material)},
        views=np.zeros((2, 1), dtype=int),
        conduct=-np.ones((2, 2, 1), dtype=int),
        deeds=-np.ones((2, 1), dtype=int),
        finding=np.zeros((2, 1), dtype=int),
        levels=-np.ones((1, 2), dtype=int),
        agreement=np.zeros((1, 2), dtype=int),
        keeps=np.array([[[True, False], [True, False]]]),
        fallback=np.array([[[[0.0, 1.0], [0.0, 1.0]]]]),
        discount_factor=np.ones((1, 1, 1)),
        rounds=1,
    )


def dilemma(d, e=0.0, rounds=None, observe="public", payoffs=PAYOFFS):
    """The repeated prisoner's dilemma, its monitoring written out by hand."""
    game = stage(payoffs)
    probabilities = np.ones((1, 1, 4, 4))  # an outcome is a reading of (a's action, b's action)
    for p, done in enumerate(PROFILES):
        for y, read in enumerate(PROFILES):
            for i in range(2):
                probabilities[0, 0, p, y] *= 1 - e if read[i] == done[i] else e
    others = [[b for _, b in PROFILES], [a for a, _ in PROFILES]]
    views = np.array([[0, 1, 2, 3]] * 2 if observe == "public" else others)
    conduct = -np.ones((2, 2, 4), dtype=int)
    for viewer in range(2):
        for subject in range(2):
            if observe == "public" or viewer != subject:
                conduct[viewer, subject] = [read[subject] for read in PROFILES]
    return game.replace(
        outcomes=tuple(str(read) for read in PROFILES),
        probabilities=probabilities,
        next_state=np.zeros((1, 4), dtype=int),
        views=views,
        conduct=conduct,
        deeds=-np.ones((2, 4), dtype=int),
        finding=np.zeros((2, 4), dtype=int),
        discount_factor=np.array([[[float(d)]]]),
        rounds=rounds,
    )


def automaton(plays, follows, symbols, start=0):
    """Plays: the action in each state; follows: (state, own action, symbol) -> state."""
    action = np.zeros((1, 1, len(plays), 2))
    table = np.zeros((1, len(plays), 2, symbols), dtype=int)
    for q, a in enumerate(plays):
        action[0, 0, q, a] = 1
        for own in range(2):
            for v in range(symbols):
                table[0, q, own, v] = follows(q, own, v)
    return Automaton(
        name="by hand",
        states=tuple(f"q{q}" for q in range(len(plays))),
        start=start,
        action=action,
        next=table,
    )


def always(action, symbols=4):
    return [automaton([action], lambda q, own, v: 0, symbols)] * 2


def grim():
    return [automaton([C, D], lambda q, own, v: 0 if q == 0 and v == 0 else 1, 4)] * 2


def tit_for_tat(observe="public"):
    if observe == "private":
        return [automaton([C, D], lambda q, own, v: v, 2)] * 2
    return [automaton([C, D], lambda q, own, v, other=1 - i: PROFILES[v][other], 4) for i in range(2)]


def win_stay_lose_shift():
    return [automaton([C, D], lambda q, own, v: 0 if own == v else 1, 2)] * 2


def close(x):
    return pytest.approx(x, abs=1e-12)


# -------------------------------------------------------------------------------------- closed forms


def test_grim_at_nine_tenths():
    game, profile = dilemma(0.9), grim()
    assert ref.values(game, profile) == {"material": [close(3), close(3), 0]}
    assert ref.payoffs(game, profile) == ref.utilities(game, profile) == [close(3), close(3)]
    gain, place = ref.max_gain(game, profile, normalised=True)
    # in the state of punishment, C instead of D: (1-d)(S-P) = -0.1 beats (1-d)T + dP - R = -1.6 on the path
    assert gain == close(0.1 * (S - P))
    assert place[:2] == (None, (0, 1, 1))
    gains = ref.one_shot_gains(game, profile)
    assert gains[None, (0, 0, 0), 0, D] * 0.1 == close(0.1 * T + 0.9 * P - R) == close(-1.6)
    assert len(gains) == 4
    assert ref.continuation(game, profile) == {(0, 0, 0): [close(30)] * 2, (0, 1, 1): [close(10)] * 2}
    assert ref.best_response_gain(game, profile, 0) == close(0)
    assert ref.cooperation(game, profile) == close(1)


def test_only_what_a_history_reaches():
    assert ref.reachable(dilemma(0.9), grim()) == {(0, 0, 0), (0, 1, 1)}  # never one alone in punishment
    assert ref.reachable(dilemma(0.9), grim(), on_path=True) == {(0, 0, 0)}
    by_round = ref.reachable_by_round(dilemma(1, rounds=2), grim())
    assert by_round == [{(0, 0, 0)}, {(0, 0, 0), (0, 1, 1)}]
    assert ref.reachable(dilemma(1, rounds=1), grim()) == {(0, 0, 0)}


def test_threshold_of_grim_is_exact():
    game, profile = ref.both_exact(dilemma(0.5), grim())
    gain, place = ref.max_gain(game, profile)
    assert gain == 0
    assert isinstance(gain, Fraction)
    assert place[1:] == ((0, 0, 0), 0, D)
    assert ref.best_response_gain(game, profile, 1) == 0
    below, _ = ref.max_gain(*ref.both_exact(dilemma(0.499), grim()))
    assert below > 0


@pytest.mark.parametrize("e", [Fraction(1, 10), Fraction(1, 4), Fraction(1, 100)])
@pytest.mark.parametrize("d", [Fraction(3, 10), Fraction(9, 10)])
def test_grim_with_public_misreading(d, e):
    game, profile = ref.both_exact(dilemma(d, float(e)), grim())
    value = P + (1 - d) * (R - P) / (1 - d * (1 - e) ** 2)
    assert ref.utilities(game, profile) == [value, value]
    assert ref.cooperation(game, profile) == (1 - d) / (1 - d * (1 - e) ** 2)
    assert ref.inferable(game, profile)


@pytest.mark.parametrize("e", [Fraction(0), Fraction(1, 10), Fraction(1, 20)])
def test_threshold_of_grim_with_misreading(e):
    least = (T - R) / ((T - R) * (1 - e) ** 2 + (1 - e) * (1 - 2 * e) * (R - P))
    game, profile = ref.both_exact(dilemma(float(least), float(e)), grim())
    assert game.one_discount[0] == least
    assert ref.max_gain(game, profile)[0] == 0


@pytest.mark.parametrize("rounds", [None, 1, 3])
def test_always_defect(rounds):
    game, profile = ref.both_exact(dilemma(0.9, rounds=rounds), always(D))
    assert ref.utilities(game, profile) == [P, P]
    gain, _ = ref.max_gain(game, profile)
    assert gain == S - P
    assert ref.best_response_gain(game, profile, 0) == 0
    assert ref.cooperation(game, profile) == 0


def test_always_cooperate_is_exploited():
    game, profile = ref.both_exact(dilemma(0.9), always(C))
    assert ref.max_gain(game, profile)[0] == T - R
    assert ref.best_response_gain(game, profile, 0) == T - R
    assert ref.brute_force_best_automaton(game, profile, 0, 1)[0] == T


def test_grim_unravels_in_three_rounds():
    game, profile = ref.both_exact(dilemma(1, rounds=3), grim())
    assert ref.utilities(game, profile) == [3, 3]
    gains = ref.one_shot_gains(game, profile)
    on_path = [gains[t, (0, 0, 0), 0, D] for t in range(3)]
    assert on_path == [T + P + P - 3 * R, T + P - 2 * R, T - R]
    assert ref.max_gain(game, profile) == (2, (2, (0, 0, 0), 0, D))
    assert ref.max_gain(game, profile, normalised=True)[0] == Fraction(2, 3)
    assert ref.best_response_gain(game, profile, 0) == Fraction(2, 3)  # 3 + 3 + 5 over three rounds
    assert ref.continuation(game, profile)[1, (0, 1, 1)] == [2, 2]


def test_grim_in_two_discounted_rounds():
    game, profile = ref.both_exact(dilemma(0.5, rounds=2), grim())
    assert ref.best_response_gain(game, profile, 0) == (Fraction(1, 2) * (T - R)) / Fraction(3, 2)
    assert ref.average_payoffs_by_play(game, profile) == [{"material": [3, 3, 0]}] * 2


def test_one_shot_gains_on_the_path_do_not_certify_nash():
    payoffs = {(C, C): (3, 3), (C, D): (0, 5), (D, C): (5, 0), (D, D): (2.9, 2.9)}
    game, profile = dilemma(0.8, payoffs=payoffs), tit_for_tat()
    on_path = ref.one_shot_gains(game, profile)[None, (0, 0, 0), 0, D]
    assert on_path * (1 - 0.8) == close(5 / 1.8 - 3)
    assert ref.best_response_gain(game, profile, 0) == close(0.32)


def test_tit_for_tat_holds_at_one_point_only():
    payoffs = {(C, C): (2, 2), (C, D): (-1, 3), (D, C): (3, -1), (D, D): (0, 0)}
    for d, holds in [(Fraction(1, 3), True), (Fraction(3, 10), False), (Fraction(4, 10), False)]:
        game, profile = ref.both_exact(dilemma(d, payoffs=payoffs), tit_for_tat())
        assert (ref.max_gain(game, profile)[0] <= 0) is holds


def test_private_misreading_hides_the_others_state():
    game = dilemma(0.9, 0.05, observe="private")
    assert not ref.inferable(game, tit_for_tat("private"))
    assert ref.best_response_gain(game, tit_for_tat("private"), 0) == pytest.approx(0.1809, abs=5e-5)
    assert ref.best_response_gain(game, win_stay_lose_shift(), 0) == pytest.approx(0.2963, abs=5e-5)
    assert ref.inferable(dilemma(0.9, 0, observe="private"), tit_for_tat("private"))
    # what a deviator without that sight can do is the same here: always defect
    value = ref.utilities(game, tit_for_tat("private"))[0]
    assert ref.brute_force_best_automaton(game, tit_for_tat("private"), 0, 1)[0] - value == pytest.approx(
        ref.best_response_gain(game, tit_for_tat("private"), 0), abs=1e-12
    )


def test_a_mixture_is_held_to_its_own_actions():
    game = dilemma(0.5)
    mixed = Automaton(
        name="half",
        states=("q",),
        start=0,
        action=np.full((1, 1, 1, 2), 0.5),
        next=np.zeros((1, 1, 2, 4), dtype=int),
    )
    game, profile = ref.both_exact(game, [mixed, mixed])
    average = Fraction(R + S + T + P, 4)
    gains = ref.one_shot_gains(game, profile)
    assert gains[None, (0, 0, 0), 0, D] == Fraction(T + P, 2) - average
    assert gains[None, (0, 0, 0), 0, C] == Fraction(R + S, 2) - average
    assert ref.cooperation(game, profile) == Fraction(1, 2)


def test_the_last_round_need_not_be_inferred():
    game = dilemma(1, 0.05, rounds=1, observe="private")
    assert not ref.inferable(game, tit_for_tat("private"))
    assert ref.inferable(game, tit_for_tat("private"), last_round=False)


# ------------------------------------------------------------- moves in order, several discount factors


def promise(d=None, rounds=None):
    """Time inconsistency: value 4, cost 1, payment 2; partner moves, gainer moves or waits after a decline.

    Outcome 0: participates, 1: declines, 2: honours, 3: reneges, 4: waited.
    """
    allowed = np.array([[[1, 1], [1, 0]], [[1, 0], [1, 1]], [[1, 0], [1, 0]]], dtype=bool)
    probabilities = np.zeros((1, 3, 4, 5))
    probabilities[0, 0, :2, 0] = probabilities[0, 0, 2:, 1] = 1
    probabilities[0, 1, [0, 2], 2] = probabilities[0, 1, [1, 3], 3] = 1
    probabilities[0, 2, :, 4] = 1
    by_outcome = np.array([[[[-1, 4, 0], [0, 0, 0], [2, -2, 0], [0, 0, 0], [0, 0, 0]]]], dtype=float)
    ends = np.array([False, True, True])
    d = np.ones(2) if d is None else np.asarray(d, dtype=float)
    keeps = np.zeros((3, 2, 2), dtype=bool)
    keeps[0, 0, 0] = keeps[1, 1, 0] = True
    return Game(
        players=("partner", "gainer"),
        actions=(("participate", "decline"), ("honour", "renege")),
        states=("offer", "turn", "wait"),
        outcomes=("participates", "declines", "honours", "reneges", "waited"),
        start=np.array([[1.0, 0, 0]]),
        allowed=allowed,
        ends_round=ends,
        probabilities=probabilities,
        next_state=np.array([[1, 2, 1, 1, 1], [0] * 5, [0] * 5]),
        accounts=("partner", "gainer", "authority"),
        flows={"material": Flow("material", None, by_outcome)},
        views=np.tile(np.arange(5), (2, 1)),
        conduct=-np.ones((2, 2, 5), dtype=int),
        deeds=-np.ones((2, 5), dtype=int),
        finding=np.zeros((2, 5), dtype=int),
        levels=-np.ones((3, 2), dtype=int),
        agreement=np.array([[0, -1], [-1, 0], [-1, -1]]),
        keeps=keeps,
        fallback=np.where(allowed, allowed / allowed.sum(-1, keepdims=True), 0.0)[None],
        discount_factor=np.where(ends[None, :, None], d[None, None, :], 1.0),
        rounds=rounds,
    )


def trust():
    """Keeps the agreement until somebody declines or reneges."""

    def follows(q, own, v):
        return 0 if q == 0 and v in (0, 2) else 1

    def player(i):
        action = np.zeros((1, 3, 2, 2))
        action[0, :, 0, 0] = 1
        action[0, :, 1, 0] = [i != 0, i != 1, 1]
        action[0, :, 1, 1] = [i == 0, i == 1, 0]
        table = np.array([[[[follows(q, a, v) for v in range(5)] for a in range(2)] for q in range(2)]])
        return Automaton(name="trust", states=("keep", "over"), start=0, action=action, next=table)

    return [player(0), player(1)]


def test_a_promise_holds_from_payment_over_value():
    game, profile = ref.both_exact(promise([0.5, 0.5]), trust())  # t/V = 2/4
    assert ref.utilities(game, profile) == [2 - 1, 4 - 2]
    assert ref.max_gain(game, profile) == (0, (None, (1, 0, 0), 1, 1))
    assert ref.cooperation(game, profile) == 1
    assert ref.max_gain(*ref.both_exact(promise([0.5, 0.49]), trust()))[0] > 0
    # the partner's own patience does not matter
    assert ref.max_gain(*ref.both_exact(promise([0.3, 0.5]), trust()))[0] == 0
    impatient = ref.both_exact(promise([0.5, 0.3]), trust())  # now t, later d (V - t) / (1 - d)
    assert ref.max_gain(*impatient)[0] == 2 - Fraction(3, 10) * 2 / (1 - Fraction(3, 10))
    assert ref.max_gain(*impatient, normalised=True)[0] == Fraction(4, 5)


def test_rounds_and_moves_are_counted_apart():
    game = promise(rounds=2)
    visited = ref.reachable_by_round(game, trust())
    assert visited[0] == {(0, 0, 0), (1, 0, 0), (2, 1, 1)}
    assert visited[1] == {(0, 0, 0), (1, 0, 0), (2, 1, 1), (0, 1, 1), (1, 1, 1)}
    game, profile = ref.both_exact(game, trust())
    assert ref.utilities(game, profile) == [1, 2]
    assert ref.average_payoffs_by_play(game, profile) == [{"material": [1, 2, 0]}] * 2
    assert ref.max_gain(game, profile) == (2, (1, (1, 0, 0), 1, 1))
    assert ref.best_response_gain(game, profile, 1) == 1
    assert ref.best_response_gain(game, profile, 0) == 0
    assert ref.continuation(game, profile)[0, (1, 0, 0)] == [2 + 1, -2 + 2]


# ------------------------------------------------------------------------------- against itself, at random

SEEDS = st.integers(0, 2**32 - 1)
quick = settings(max_examples=up_to(40), deadline=None, derandomize=True)


def draw(seed, rounds=None, pure=None, **options):
    generator = np.random.default_rng(seed)
    options = {
        "players": 2 + ref.coin(generator, 0.3),
        "observe": ["public", "private", "none"][generator.integers(3)],
        "states": int(generator.integers(1, 3)),
        **options,
    }
    game = ref.random_game(generator, rounds=rounds, **options)
    pure = ref.coin(generator) if pure is None else pure
    return game, [ref.random_automaton(generator, game, i, pure) for i in range(game.n)]


def flat(by_line):
    return [number for row in by_line.values() for number in row]


@quick
@given(SEEDS)
def test_values_are_what_play_brings(seed):
    game, automata = draw(seed)
    d = max(*ref.both(game, automata)[0].one_discount, 0.1)
    by_play = ref.values_by_play(game, automata, math.ceil(math.log(1e-8) / math.log(d)))
    assert flat(ref.values(game, automata)) == pytest.approx(flat(by_play), abs=1e-6)


@quick
@given(SEEDS, st.integers(1, 4))
def test_values_of_finite_games_are_what_play_brings(seed, rounds):
    game, automata = ref.both_exact(*draw(seed, rounds=rounds))
    assert ref.values(game, automata) == ref.values_by_play(game, automata)


@quick
@given(SEEDS, st.sampled_from([None, 2]))
def test_floats_and_fractions_agree(seed, rounds):
    game, automata = draw(seed, rounds=rounds, players=2)
    game, automata = ref.both(game, automata)
    in_fractions = ref.exact(game), [ref.exact(automaton) for automaton in automata]
    truly = [float(x) for x in flat(ref.values(*in_fractions))]
    assert flat(ref.values(game, automata)) == pytest.approx(truly, abs=1e-9)
    gains, truly = ref.one_shot_gains(game, automata), ref.one_shot_gains(*in_fractions)
    assert list(gains) == list(truly)
    assert list(gains.values()) == pytest.approx([float(x) for x in truly.values()], abs=1e-8)
    for i in range(2):
        exactly = ref.best_response_gain(*in_fractions, i)
        assert exactly >= 0
        assert ref.best_response_gain(game, automata, i) == pytest.approx(float(exactly), abs=1e-8)


@quick
@given(SEEDS, st.sampled_from([None, 1, 3]))
def test_no_single_deviation_pays_iff_no_plan_does(seed, rounds):
    game, automata = ref.both_exact(*draw(seed, rounds=rounds, players=2))
    gains = ref.one_shot_gains(game, automata)
    best = [ref.best_response_gain(game, automata, i) for i in range(game.players)]
    for i in range(game.players):
        own = [gain for key, gain in gains.items() if key[2] == i]
        if all(gain <= 0 for gain in own):
            assert best[i] == 0
        starts = [gain for (t, joint, j, _), gain in gains.items() if j == i and t in (None, 0)
                  and joint in ref.first_joint_states(game, automata)]  # fmt: skip
        weight = min(game.start.values()) * ref.normaliser(game, i)
        assert all(best[i] >= gain * weight for gain in starts)


@settings(max_examples=up_to(10), deadline=None, derandomize=True)
@given(SEEDS)
def test_nobody_blind_does_better_than_who_sees_all(seed):
    generator = np.random.default_rng(seed)
    observe = ["public", "private", "none"][generator.integers(3)]
    game = ref.random_game(generator, observe=observe, perfect=False)
    automata = [ref.random_automaton(generator, game, i, True) for i in range(2)]
    own = {entry for (i, _), entry in ref.plain(game).views.items() if i == 0}
    size = 2 if len(own) <= 3 else 1
    best, _ = ref.brute_force_best_automaton(game, automata, 0, size)
    above = ref.best_response_value(game, automata, 0)
    assert best <= above + 1e-9
    if size == 2:
        assert best >= ref.brute_force_best_automaton(game, automata, 0, 1)[0]


@quick
@given(SEEDS)
def test_points_of_a_batch_are_games_of_their_own(seed):
    game, automata = draw(seed, points=3)
    for point in range(3):
        alone = game.take([point])
        assert ref.plain(game, point) == ref.plain(alone)
        for automaton in automata:
            part = automaton.take([point])
            assert ref.plain_automaton(automaton, point) == ref.plain_automaton(part)


@quick
@given(SEEDS)
def test_full_views_let_everybody_infer_pure_states(seed):
    game, automata = draw(seed, observe="public", perfect=True)
    assert ref.inferable(game, automata)


@quick
@given(SEEDS)
def test_public_strategies_are_inferable_under_public_monitoring(seed):
    generator = np.random.default_rng(seed)
    game = ref.random_game(generator, observe="public", states=2, perfect=False)
    assert ref.inferable(game, [ref.random_automaton(generator, game, i, False, 2, False) for i in range(2)])


def test_a_point_of_a_batch_must_be_named():
    game, automata = draw(1, points=2, pure=True)
    with pytest.raises(ValueError, match="which point"):
        ref.values(game, automata)
    assert ref.values(*ref.both(game, automata, 1)) == ref.values(*ref.both(game.take([1]), automata))


@quick
@given(SEEDS)
def test_cooperation_is_a_share(seed):
    game, automata = ref.both_exact(*draw(seed, deeds=True, observe="public"))
    share = ref.cooperation(game, automata)
    assert share is None or 0 <= share <= 1


# ------------------------------------------------------------------- the model against what is written out


@pytest.mark.parametrize("observe", ["public", "private"])
@pytest.mark.parametrize("e", [0.0, 0.1])
def test_repeated_builds_the_game_written_by_hand(observe, e):
    built = repeated(stage(), discount_factor=0.9, observe=observe, misreading=e)
    by_hand = dilemma(0.9, e, observe=observe)
    profile = grim() if observe == "public" else tit_for_tat("private")
    assert flat(ref.values(built, profile)) == pytest.approx(flat(ref.values(by_hand, profile)), abs=1e-12)
    gains = [ref.one_shot_gains(game, profile) for game in (built, by_hand)]
    assert gains[0] == pytest.approx(gains[1], abs=1e-12)


def test_a_tremble_is_a_misreading_that_is_paid_for():
    t = Fraction(1, 10)
    game = repeated(stage(), discount_factor=0.5, observe="none", tremble=float(t))
    views = int(game.views[0].max()) + 1
    game, profile = ref.both_exact(game, always(C, views))
    mean = (1 - t) ** 2 * R + t * (1 - t) * (S + T) + t**2 * P
    assert ref.utilities(game, profile) == [mean, mean]
    assert ref.cooperation(game, profile) == 1 - t
