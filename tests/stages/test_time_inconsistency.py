"""Time inconsistency: the two moves, the threshold t/V, unravelling, noise and sanctions in it."""

import itertools

import numpy as np
import pytest
import reference as ref
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.solve.agreement import why_impossible
from gamelab.strategies.profile import profile_of


def stage(V=10, c=2, t=4, **names):
    return gl.time_inconsistency(value=V, cost=c, payment=t, **names)


@st.composite
def amounts(draw):
    """Draw 0 < c < t < V."""
    c = draw(st.floats(0.1, 3))
    t = c + draw(st.floats(0.05, 3))
    return t + draw(st.floats(0.05, 10)), c, t


def test_moves_states_and_payoffs():
    game = stage()
    assert game.states == ("partner moves", "gainer moves", "gainer waits")
    assert game.actions == (("participate", "decline"), ("honour", "renege"))
    assert game.has_choice.tolist() == [[True, False], [False, True], [False, False]]
    assert game.ends_round.tolist() == [False, True, True]
    paid = ref.plain(game).payoffs
    assert paid["material", 1, (0, 0)] == [2, 6, 0]
    assert paid["material", 1, (0, 1)] == [-2, 10, 0]
    for place in [(0, (0, 0)), (0, (1, 0)), (2, (0, 0))]:
        assert paid["material", *place] == [0, 0, 0]
    after = {
        (s, profile): {game.next_state[s, y] for y, _ in lottery}
        for (s, profile), lottery in ref.plain(game).lottery.items()
    }
    assert after[0, (0, 0)] == {1}
    assert after[0, (1, 0)] == {2}
    assert all(after[s, profile] == {0} for s, profile in after if s > 0)
    assert game.agreement.tolist() == [[0, -1], [-1, 0], [-1, -1]]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (["always_cooperate", "honour"], [2, 6]),
        (["always_cooperate", "renege"], [-2, 10]),
        (["always_defect", "honour"], [0, 0]),
        (["always_defect", "renege"], [0, 0]),
    ],
)
@pytest.mark.parametrize(
    "time", [{"discount_factor": 0.3}, {"rounds": 3}, {"rounds": 3, "discount_factor": 0.5}]
)
def test_what_a_round_pays(profile, expected, time):
    assert gl.value(gl.repeated(stage(), **time), profile).payoffs == pytest.approx(expected)


def test_names_and_labels():
    game = stage(players=["agency", "firm"], actions=[["invest", "leave"], ["pay", "cheat"]])
    assert game.players == ("agency", "firm")
    assert game.actions == (("invest", "leave"), ("pay", "cheat"))


@pytest.mark.parametrize(
    ("V", "c", "t", "key", "words"),
    [
        (10, 0, 4, "cost", "is not above 0: participating must cost something"),
        (10, 2, 11, "payment", r"11 is more than the value that exists \(10\)"),
        (10, 5, 4, "payment", r"4 does not cover the partner's cost \(5\)"),
        (10, [2, 5], [4, 4.5], "payment", r"4.5 does not cover the partner's cost \(5\)"),
    ],
)
def test_amounts_out_of_order(V, c, t, key, words):
    with pytest.raises(GameError, match=words) as refusal:
        stage(V, c, t)
    assert refusal.value.key == key


@settings(max_examples=6)
@given(amounts())
def test_grim_holds_from_t_over_v_on(drawn):
    V, c, t = drawn
    game = gl.repeated(stage(V, c, t), discount_factor=0.5)
    assert gl.critical_discount_factor(game, "grim") == pytest.approx(t / V, abs=1e-7)
    for d, verdict in [(t / V * 0.999, "fails"), (min(t / V * 1.001, 0.9999), "holds")]:
        here = gl.repeated(stage(V, c, t), discount_factor=d)
        assert gl.certify(here, "grim").verdict == verdict


@settings(max_examples=up_to(13))
@given(V=st.floats(5, 20), d=st.floats(0.2, 0.95), share=st.floats(0.05, 0.95))
def test_self_enforcing_payments(V, d, share):
    """Grim holds exactly for payments c <= t <= dV."""
    c = share * d * V
    for t in np.linspace(c, V, 7):
        if abs(t - d * V) > 1e-6 * V:
            game = gl.repeated(stage(V, c, t), discount_factor=d)
            assert (gl.certify(game, "grim").verdict == "holds") == (t <= d * V)


@pytest.mark.parametrize("payment", [2, 10])
def test_the_edges(payment):
    """A payment that just covers the cost holds from c/V on; one of the whole value at no discount factor."""
    game = gl.repeated(stage(10, 2, payment), discount_factor=0.5)
    found = gl.critical_discount_factor(game, "grim")
    assert (found == pytest.approx(0.2, abs=1e-7)) if payment == 2 else np.isnan(float(found or np.nan))


@settings(max_examples=up_to(10))
@given(amounts(), st.integers(1, 6), st.sampled_from([0.5, 1.0]))
def test_every_finite_number_of_rounds_unravels(drawn, rounds, d):
    game = gl.repeated(stage(*drawn), rounds=rounds, discount_factor=d)
    assert "backward induction" in why_impossible(game)
    assert gl.certify(game, "stage_nash").verdict == "holds"
    for profile in (
        "grim",
        "tit_for_tat",
        ["always_cooperate", "honour"],
        {"limited_punishment": {"rounds": 2}},
    ):
        assert gl.certify(game, profile).verdict == "fails"


def root(T, V, t):
    """Return the d with (V-t)(d + ... + d^T) = t by bisection, None where even d = 1 is not enough."""
    if (V - t) * T <= t:
        return None
    low, high = 0.0, 1.0
    for _ in range(100):
        d = (low + high) / 2
        low, high = (d, high) if (V - t) * sum(d**k for k in range(1, T + 1)) < t else (low, d)
    return high


@pytest.mark.parametrize("T", [1, 2, 5])
@settings(max_examples=4)
@given(drawn=amounts())
def test_limited_punishment(T, drawn):
    V, _, t = drawn
    game = gl.repeated(stage(*drawn), discount_factor=0.5)
    wanted = root(T, V, t)
    found = gl.critical_discount_factor(game, {"limited_punishment": {"rounds": T}})
    if wanted is None:
        assert np.isnan(float(found if found is not None else np.nan))
    elif wanted < 0.99:
        assert found == pytest.approx(wanted, abs=1e-6)


# ------------------------------------------------------------------------------ play, round by round


def plain_play(names, T, V, c, t, first=(None, None)):
    """Play whole rounds with perfect sight, remembering them as (partner deviated, gainer deviated).

    ``first`` makes a player deviate (True) or keep (False) in the first round. Returns payoffs by round.
    """

    def keeps(name, me, rounds):
        others = [row[1 - me] for row in rounds]
        if name == "always_cooperate":
            return True
        if name == "always_defect":
            return False
        if name == "grim":
            return not any(any(row) for row in rounds)
        if name == "tit_for_tat":
            return not (others and others[-1])
        if name == "tit_for_two_tats":
            return not (len(others) > 1 and others[-1] and others[-2])
        if name == "two_tits_for_tat":
            return not any(others[-2:])
        if name == "win_stay_lose_shift":
            return not rounds or any(rounds[-1]) == all(rounds[-1])
        raise AssertionError(name)

    rounds, paid = [], []
    for k in range(T):
        kept = [keeps(name, me, rounds) for me, name in enumerate(names)]
        if k == 0:
            kept = [own if forced is None else not forced for own, forced in zip(kept, first, strict=True)]
        joins, honours = kept
        if joins:
            paid.append((t - c, V - t) if honours else (-c, V))
            rounds.append((False, not honours))
        else:
            paid.append((0.0, 0.0))
            rounds.append((True, False))  # who waits deviates from nothing
    return paid


NAMES = ["always_cooperate", "always_defect", "grim", "tit_for_tat", "tit_for_two_tats", "two_tits_for_tat",
         "win_stay_lose_shift"]  # fmt: skip


@pytest.mark.parametrize("names", list(itertools.product(NAMES, NAMES)), ids=" and ".join)
def test_values_equal_play_round_by_round(names):
    V, c, t, T = 10, 2, 4, 7
    paid = plain_play(names, T, V, c, t)
    found = gl.value(gl.repeated(stage(V, c, t), rounds=T, discount_factor=0.8), list(names)).payoffs
    weights = [0.8**k for k in range(T)]
    wanted = [sum(w * row[i] for w, row in zip(weights, paid, strict=True)) / sum(weights) for i in (0, 1)]
    assert found == pytest.approx(wanted)


@settings(max_examples=up_to(25))
@given(amounts(), st.floats(0, 0.9), st.floats(0, 0.4))
def test_grim_with_misread_records(drawn, d, e):
    """A misread partner is punished within the round: the gainer keeps the value at once."""
    V, c, t = drawn
    game = gl.repeated(stage(*drawn), discount_factor=d, misreading=e)
    first = [(1 - e) * (t - c) + e * -c, (1 - e) * (V - t) + e * V]
    scale = (1 - d) / (1 - d * (1 - e) ** 2)
    np.testing.assert_allclose(
        gl.value(game, "grim").payoffs, [scale * x for x in first], rtol=1e-9, atol=1e-9
    )


SETTINGS = {
    "misread": lambda **time: gl.repeated(stage(), misreading=0.1, **time),
    "private": lambda **time: gl.repeated(stage(), observe="private", **time),
    "tremble": lambda **time: gl.repeated(stage(), tremble=0.1, **time),
    "watched": lambda **time: gl.monitoring(
        gl.repeated(stage(), observe="none", **time), detection=0.8, false_alarm=0.1, cost=0.1
    ),
    "fined": lambda **time: gl.graduated_sanctions(
        SETTINGS["watched"](**time), fines=[3, 6], forgiveness=0.5
    ),
    "ended": lambda **time: gl.graduated_sanctions(
        SETTINGS["watched"](**time), fines=[1, 3], after_last="end", cost_per_act=0.2, paid_to="others"
    ),
    "published": lambda **time: gl.transparency(
        gl.repeated(stage(), observe="none", **time), reach=0.7, misreading=0.1, cost=0.1
    ),
    "kind": lambda **time: gl.altruism(gl.repeated(stage(), **time), weight=0.3),
}
PROFILES = ["grim", "tit_for_tat", "comply", "win_stay_lose_shift", {"limited_punishment": {"rounds": 1}}]


@pytest.mark.parametrize("where", SETTINGS)
@pytest.mark.parametrize(
    "time", [{"discount_factor": 0.7}, pytest.param({"rounds": 3}, marks=pytest.mark.slow)], ids=str
)
def test_values_and_gains_equal_the_plain_loop(where, time):
    game = SETTINGS[where](**time)
    for profile in PROFILES:
        try:
            automata = profile_of(game, profile)
        except GameError:
            assert where == "watched" or profile != "comply"
            continue
        by_line = ref.values(game, automata)
        for line, amount in gl.value(game, profile).ledger.items():
            np.testing.assert_allclose(amount, by_line[line], atol=1e-9)
        certificate = gl.certify(game, profile)
        if certificate.concept != "Nash":
            most, _ = ref.max_gain(game, automata, normalised=True)
            assert certificate.max_gain == pytest.approx(most, abs=1e-9)
        gains = [ref.best_response_gain(game, automata, i) for i in (0, 1)]
        assert certificate.upper == pytest.approx(max(gains), abs=1e-9)


@settings(max_examples=up_to(13))
@given(
    drawn=amounts(),
    q=st.floats(0.2, 1),
    f=st.floats(0, 0.15),
    d=st.floats(0, 0.9),
    factor=st.floats(0.5, 1.5),
)
def test_a_flat_fine(drawn, q, f, d, factor):
    """Reneging gains t and brings (q-f)F: a fine of t/(q-f) is just enough, at every discount factor."""
    V, c, t = drawn
    if abs(factor - 1) < 1e-3:
        return
    watched = gl.monitoring(
        gl.repeated(stage(V, c, t), discount_factor=d, observe="none"), detection=q, false_alarm=f
    )
    game = gl.graduated_sanctions(watched, fines=[factor * t / (q - f)])
    assert (gl.certify(game, "comply").verdict == "holds") == (factor > 1)


def test_costs_are_paid_once_a_round():
    game = gl.monitoring(gl.repeated(stage(), discount_factor=0.9), detection=1, cost=0.25)
    np.testing.assert_allclose(gl.value(game, "comply").ledger["monitoring.cost"], [-0.25, -0.25, 0])
    np.testing.assert_allclose(gl.value(game, "stage_nash").ledger["monitoring.cost"], [-0.25, -0.25, 0])


def test_batched_equals_single():
    V, t, d = np.array([10.0, 8])[:, None], np.array([3.0, 5, 7]), 0.6
    grid = gl.repeated(gl.time_inconsistency(value=V, cost=2, payment=t), discount_factor=d)
    for profile in ("grim", "tit_for_tat", ["always_cooperate", "honour"]):
        together = gl.certify(grid, profile)
        paid = gl.value(grid, profile).payoffs
        for k, (v, pay) in enumerate(itertools.product([10, 8], [3, 5, 7])):
            alone = gl.repeated(stage(v, 2, pay), discount_factor=d)
            one = gl.certify(alone, profile)
            at = np.unravel_index(k, (2, 3))
            assert together.verdict[at] == one.verdict
            assert together.max_gain[at] == pytest.approx(float(one.max_gain))
            np.testing.assert_allclose(paid[at], gl.value(alone, profile).payoffs)
