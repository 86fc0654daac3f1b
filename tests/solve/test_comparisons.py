"""Gains are judged by the numbers of their own comparison, and rounding that could hide one is told."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.model.automaton import Automaton
from gamelab.model.expectation import magnitude
from gamelab.solve.best_response import best_response
from gamelab.solve.continuation import rounds_of
from gamelab.solve.joint import chain_of
from gamelab.solve.judgement import judge
from gamelab.strategies.profile import profile_of

FAR = st.sampled_from([-1e3, -1e6, -1e9, -1e12, -1e15])


def dilemma(T, R, P, S, **time):
    return gl.repeated(gl.prisoners_dilemma(temptation=T, reward=R, punishment=P, sucker=S), **time)


# ------------------------------------------------------------------------- payoffs that play no part


@pytest.mark.parametrize("strategy", ["grim", "always_cooperate"])
def test_a_far_sucker_does_not_hold_a_profile_together(strategy):
    found = gl.certify(dilemma(4, 3, 1, -1e9, discount_factor=0.2), strategy)
    assert (found.verdict, found.nash) == ("fails", "fails")
    gain = {"grim": 0.4, "always_cooperate": 0.8}[strategy]  # (1-d)(T-R) - d(R-P), (1-d)(T-R)
    assert found.max_gain == pytest.approx(gain)


@settings(max_examples=up_to(25), deadline=None)
@given(st.integers(2, 40), st.integers(1, 39), FAR, st.floats(0.01, 0.99))
def test_grim_does_not_depend_on_the_sucker(t, r, sucker, d):
    T, R, P = t / 4 + 10, min(r, t - 1) / 4 + 10, 10.0
    if R <= P:
        return
    threshold = (T - R) / (T - P)
    if abs(d - threshold) < 1e-6:
        return
    found = gl.certify(dilemma(T, R, P, sucker, discount_factor=d), "grim")
    assert found.verdict == ("holds" if d > threshold else "fails")
    assert found.eps <= 1e-9 * T / (1 - d)
    assert gl.sustainable_discount_factors(dilemma(T, R, P, sucker, discount_factor=d), "grim")[
        0
    ].low == pytest.approx(threshold, abs=1e-9)


@pytest.mark.parametrize("far", [-1e9, 1e9, -1e15])
@pytest.mark.parametrize("rounds", [None, 3])
def test_a_far_cell_that_no_branch_leads_to_changes_no_verdict(far, rounds):
    """Two players who each have a third action; (third, third) is two deviations away from any play."""
    rng = np.random.default_rng(5)
    for _ in range(10):
        table = rng.integers(0, 9, size=(3, 3, 2)) / 2
        shown = []
        for cell in (1.0, far):
            table[2, 2] = cell
            stage = gl.normal_form(payoffs=table.tolist(), agreement=["1", "1"], fallback=["2", "2"])
            game = gl.repeated(stage, discount_factor=0.6, rounds=rounds)
            found = gl.certify(game, "grim")
            shown.append((str(found.verdict), str(found.nash), float(found.max_gain), float(found.eps)))
        assert shown[0][:2] == shown[1][:2]
        assert shown[1][2:] == pytest.approx(shown[0][2:], rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("d", [0.5, 0.5 - 1e-7, 0.5 + 1e-7])
@pytest.mark.parametrize(("shift", "scale"), [(0, 1), (1e9, 1), (-1e9, 1), (0, 1e6), (0, 1e-6)])
def test_shifts_and_scales_change_nothing_not_even_on_the_edge(d, shift, scale):
    payoffs = [scale * x + shift for x in (5, 3, 1, 0)]
    found = gl.certify(dilemma(*payoffs, discount_factor=d), "grim")
    assert found.verdict == found.nash == ("holds" if d >= 0.5 else "fails")


def test_a_fine_that_just_outweighs_is_enough_whatever_cancels():
    game = gl.monitoring(dilemma(5, 3, 1, 0, rounds=1, observe="none"), detection=1)
    assert gl.certify(gl.graduated_sanctions(game, fines=[2]), "comply").verdict == "holds"
    assert gl.certify(gl.graduated_sanctions(game, fines=[1.99999]), "comply").verdict == "fails"


def test_indifference_is_no_gain():
    """Both actions pay the same whatever the other does, and all else is far away."""
    table = [[[0.3, 0.1 + 0.2], [1, 1]], [[0.3, -1e9], [1, 0]]]
    game = gl.repeated(
        gl.normal_form(payoffs=table, agreement=["1", "1"], fallback=["1", "1"]), discount_factor=0.9
    )
    chain = chain_of(game, profile_of(game, "always_cooperate"))
    assert best_response(chain, 0).gain == 0
    assert best_response(chain, 0).verdict == "holds"


# ----------------------------------------------------------------------------- floats beside fractions


def number(draw):
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return Fraction(draw(st.integers(-9, 9)))
    if kind == 1:
        return Fraction(draw(st.integers(-99, 99)), 10)
    if kind == 2:
        return draw(st.sampled_from([-1, 1])) * Fraction(10) ** draw(st.integers(3, 12))
    return Fraction(draw(st.integers(-9, 9)), 10 ** draw(st.integers(3, 11)))


@st.composite
def far_apart(draw):
    payoffs = sorted({number(draw) for _ in range(7)}, reverse=True)
    while len(payoffs) < 4:
        payoffs.append(payoffs[-1] - 1)
    T, R, P, S = payoffs[:4]
    edge = (T - R) / (T - P)
    d = draw(
        st.sampled_from(
            [
                Fraction(0),
                Fraction(1, 5),
                Fraction(1, 2),
                Fraction(9, 10),
                1 - Fraction(1, 10**6),
                1 - Fraction(1, 10**9),
                edge,
            ]
        )
    )
    rounds = draw(st.sampled_from([None, None, None, 1, 4, 30]))
    if d == 1 and rounds is None:
        d = Fraction(1, 2)
    noise = draw(st.sampled_from([{}, {}, {"misreading": Fraction(1, 20)}, {"tremble": Fraction(1, 10)}]))
    return (T, R, P, S), {"discount_factor": d, "rounds": rounds, **noise}


@settings(max_examples=up_to(30), deadline=None)
@given(
    far_apart(),
    st.sampled_from(["grim", "tit_for_tat", "always_defect", "win_stay_lose_shift", "penance", "stage_nash"]),
)
def test_floats_and_fractions_differ_only_within_the_eps_that_is_stated(case, strategy):
    payoffs, rest = case
    with gl.exactly():
        truth = gl.certify(dilemma(*payoffs, **rest), strategy)
    as_floats = {key: float(entry) if isinstance(entry, Fraction) else entry for key, entry in rest.items()}
    found = gl.certify(dilemma(*map(float, payoffs), **as_floats), strategy)
    for own, other, gain in (
        (found.verdict, truth.verdict, truth.max_gain),
        (found.nash, truth.nash, truth.best_response_gain),
    ):
        if own in ("holds", "fails") and other is not None and own != other:
            assert gain is not None
            assert abs(gain) <= Fraction(float(found.eps)) * (1 + Fraction(1, 10**6))


def lottery(gain, far):
    """Deviating pays ``gain`` in all, and leads to a lottery over ``2 far`` and ``-far`` that is worth 0."""
    table = [[[1, 0], [2 * far, 0], [-far, 0]], [[1.5 + gain, 0], [2 * far, 0], [-far, 0]]]
    stage = gl.normal_form(
        payoffs=table, actions=[["stay", "leave"], ["usual", "high", "low"]], agreement=["stay", "usual"],
        fallback=["stay", "usual"],
    )  # fmt: skip
    game = gl.repeated(stage, discount_factor=1 / 3)
    symbols = int(game.views.max()) + 1
    waits = Automaton(
        name="stays",
        states=("stays",),
        start=0,
        action=np.array([[[[1.0, 0, 0]]]]),
        next=np.zeros((1, 1, 3, symbols), dtype=int),
    )
    follows = np.zeros((1, 2, 3, symbols), dtype=int)
    follows[0, 1] = 1
    for profile, (first, second) in enumerate(game.profiles):
        follows[0, 0, second, game.views[1][game.happens[0, profile]]] = first
    action = np.array([[[[1.0, 0, 0], [0, 1 / 3, 2 / 3]]]])
    drawing = Automaton(name="lottery", states=("usual", "lottery"), start=0, action=action, next=follows)
    return game, [waits, drawing]


@pytest.mark.parametrize("far", [0.0, 1.0, 1e3, 1e12])
@pytest.mark.parametrize("gain", [-0.1, 0.1])
def test_a_gain_beyond_rounding_is_decided_whatever_cancels(far, gain):
    game, automata = lottery(gain, far)
    found = gl.certify(game, automata)
    assert found.verdict == ("holds" if gain < 0 else "fails")
    if gain > 0:  # (1-d) (T - 1) - d (1 - 0) with T = 1.5 + gain
        assert found.max_gain == pytest.approx(gain * 2 / 3, abs=1e-3)


@pytest.mark.parametrize("gain", [-1e-6, 0, 1e-6])
def test_rounding_that_may_hide_a_gain_is_told(gain):
    """Twice 1e12 with chance one third less 1e12 with chance two thirds: rounding reaches some 1e-3."""
    game, automata = lottery(gain, 1e12)
    found = gl.certify(game, automata)
    assert found.verdict == "undecided"
    assert found.error > abs(gain) >= 0
    near, automata = lottery(gain, 1.0)
    assert gl.certify(near, automata).verdict == ("fails" if gain > 0 else "holds")


# ------------------------------------------------------------------------------------- close to one


@pytest.mark.parametrize("k", [2, 3, 6, 9, 12, 15])
@pytest.mark.parametrize("strategy", ["tit_for_tat", "win_stay_lose_shift", "grim"])
def test_values_close_to_one_have_all_digits(k, strategy):
    d = 1 - 10.0**-k
    with gl.exactly():
        truth = gl.value(dilemma(5, 3, 1, 0, discount_factor=Fraction(d), tremble=Fraction(1, 20)), strategy)
    found = gl.value(dilemma(5, 3, 1, 0, discount_factor=d, tremble=0.05), strategy)
    off = abs(found.payoffs - truth.payoffs.astype(float)).max()
    assert off <= 2e-12
    assert off <= found.error


@pytest.mark.parametrize("d", [0.5, 0.9, 1 - 1e-9])
def test_magnitudes_add_up_sizes_by_line_and_outcome(d):
    game = gl.monitoring(dilemma(5, 3, 1, 0, discount_factor=d, observe="none"), detection=0.5)
    game = gl.graduated_sanctions(game, fines=[4])
    # R, S, T and P; a deviation costs 4 with chance one half
    assert magnitude(game)[0, 0, :, 0] == pytest.approx([3, 0, 5 + 2, 1 + 2])


def test_the_place_of_undecided_verdicts_is_known():
    chain = chain_of(
        dilemma(5, 3, 1, 0, discount_factor=0.9), profile_of(dilemma(5, 3, 1, 0, discount_factor=0.9), "grim")
    )
    found = judge(chain)
    (around,) = rounds_of(chain)
    assert found.max_gain == pytest.approx(float((around.gains * 0.1).max()))
    assert found.error < found.eps
