"""Values against the plain reference, and against closed forms and published numbers."""

from fractions import Fraction

import draws
import numpy as np
import pytest
import reference as ref
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.ledger import Flow
from gamelab.solve.values import value
from gamelab.strategies.profile import profile_of


def close(numbers, wanted):
    np.testing.assert_allclose(np.asarray(numbers, float), np.asarray(wanted, float), rtol=1e-9, atol=1e-9)


@settings(max_examples=up_to(75))
@given(draws.matches())
def test_every_ledger_line_equals_the_reference(match):
    found = value(*match)
    for line, amounts in ref.values(*match).items():
        close(found.ledger[line], amounts)
    close(found.payoffs, ref.payoffs(*match))
    close(found.utilities, ref.utilities(*match))
    close(found.joint_payoff, sum(ref.payoffs(*match)))
    share = ref.cooperation(*match)
    close(found.cooperation, np.nan if share is None else share)


@settings(max_examples=up_to(25))
@given(draws.matches(points=4))
def test_a_batch_is_its_points(match):
    game, automata = match
    found = value(game, automata)
    for k in range(4):
        alone = value(game.take(slice(k, k + 1)), [a.take(slice(k, k + 1)) for a in automata])
        close(found.cooperation[k], alone.cooperation[0])
        for line in game.flows:
            close(found.ledger[line][k], alone.ledger[line][0])


@settings(max_examples=up_to(60))
@given(
    draws.grids(),
    st.sampled_from(list(draws.ARRANGEMENTS)),
    st.sampled_from(draws.STRATEGIES),
    st.sampled_from([None, None, 3]),
)
def test_a_grid_of_a_built_game_is_its_points(grid, name, strategy, rounds):
    game = draws.arranged(name, grid, rounds)
    try:
        automata = profile_of(game, strategy)
    except GameError:
        assume(False)
    found = value(game, automata)
    for k in range(3):
        alone = gl.value(
            draws.arranged(name, {key: entry[k] for key, entry in grid.items()}, rounds), strategy
        )
        close(found.cooperation[k], alone.cooperation)
        for line in game.flows:
            close(found.ledger[line][k], alone.ledger[line])


@settings(max_examples=up_to(30))
@given(draws.grids(points=1), st.sampled_from(list(draws.ARRANGEMENTS)), st.sampled_from(draws.STRATEGIES))
def test_a_built_game_equals_the_reference(grid, name, strategy):
    game = draws.arranged(name, {key: entry[0] for key, entry in grid.items()} | {"discount_factor": 0.8})
    try:
        automata = profile_of(game, strategy)
    except GameError:
        assume(False)
    found = value(game, automata)
    for line, amounts in ref.values(game, automata).items():
        close(found.ledger[line], amounts)


def test_a_lottery_over_first_states_may_differ_between_points_only():
    game = ref.random_game(np.random.default_rng(5), states=2)
    automata = [ref.random_automaton(np.random.default_rng(6), game, i) for i in range(2)]
    starts = np.array([[0.5, 0.5], [0.25, 0.75], [0.1, 0.9]])
    found = value(game.replace(start=starts, shape=(3,)), automata)
    for k in range(3):
        close(found.utilities[k], ref.utilities(game.replace(start=starts[[k]]), automata))


def test_other_accounts_have_the_highest_discount_factor_and_each_player_an_own_one():
    amounts = np.array([[[1.0, 2, 4], [8, 16, 32]]])[:, :, None]  # two states in turn
    game = ref.random_game(np.random.default_rng(0), states=2, perfect=True, sizes=(1, 1)).replace(
        flows={"material": Flow("material", amounts)},
        ends_round=np.array([True, True]),
        next_state=np.array([[1], [0]]),
        start=np.array([[1.0, 0]]),
        discount_factor=np.array([[[0.5, 0.8]] * 2]),
    )
    automata = [ref.random_automaton(np.random.default_rng(0), game, i) for i in range(2)]
    close(
        value(game, automata).ledger["material"],
        [(1 + 0.5 * 8) / 1.5, (2 + 0.8 * 16) / 1.8, (4 + 0.8 * 32) / 1.8],
    )
    common = value(game, automata, discount_factor=0.5)
    close(common.ledger["material"], [(1 + 0.5 * 8) / 1.5, (2 + 0.5 * 16) / 1.5, (4 + 0.5 * 32) / 1.5])


def test_finitely_many_rounds_have_no_limit_of_means():
    with pytest.raises(GameError, match="rounds"):
        gl.value(draws.dilemma(rounds=3), "grim", limit_of_means=True)


# ------------------------------------------------------------------------------------------ closed forms


@pytest.mark.parametrize("e", [0.0, 0.01, 0.1, 0.5])
@pytest.mark.parametrize("d", [0.0, 0.3, 0.9, 0.999999])
def test_grim_with_public_misreading(d, e):
    found = gl.value(draws.dilemma(discount_factor=d, misreading=e), "grim")
    assert found.payoffs - 1 == pytest.approx((1 - d) * (3 - 1) / (1 - d * (1 - e) ** 2), abs=1e-9)
    assert found.cooperation == pytest.approx((1 - d) / (1 - d * (1 - e) ** 2), abs=1e-9)


@pytest.mark.parametrize(
    ("R", "P", "F", "rounds", "d", "published"),
    [(10, 6, 0.1, 5, 0.9, 8.92278228), (50, 40, 0.25, 3, 0.8, 46.72043011)],
)
def test_punishment_for_some_rounds_after_bad_news(R, P, F, rounds, d, published):
    # Green and Porter (1984): V = P + (1-d)(R-P) / (1-d+(d-d^(T+1))F), F = chance that somebody is misread
    game = draws.dilemma((R + 5, R, P, P - 5), discount_factor=d, misreading=1 - np.sqrt(1 - F))
    found = gl.value(game, {"limited_punishment": {"rounds": rounds}}).payoffs
    assert found == pytest.approx(P + (1 - d) * (R - P) / (1 - d + (d - d ** (rounds + 1)) * F), abs=1e-9)
    assert found == pytest.approx(published, abs=5e-9)


@pytest.mark.parametrize(
    ("a", "b", "d", "first", "second"),
    [(2, 1, 0.5, Fraction(5, 3), Fraction(4, 3)), (3, 2, 0.9, Fraction(48, 19), Fraction(47, 19))],
)
def test_a_battle_played_in_turns(a, b, d, first, second):
    stage = gl.normal_form(payoffs=[[[a, b], [0, 0]], [[0, 0], [b, a]]])
    turns = Automaton(
        name="turns",
        states=("one's", "the other's"),
        start=0,
        action=np.eye(2)[None, None],
        next=np.broadcast_to(np.array([1, 0])[None, :, None, None], (1, 2, 2, 4)),
    )
    found = gl.value(gl.repeated(stage, discount_factor=d), turns).payoffs
    assert found == pytest.approx([float(first), float(second)], abs=1e-9)


# ------------------------------------------------------ memory one, published as fractions, R,T,P,S = 3,5,1,0


def memory(cc, cd, dc, dd):
    return {"memory_one": {"cc": cc, "cd": cd, "dc": dc, "dd": dd}}


LEARNED = [memory(9 / 10, 1 / 5, 7 / 10, 1 / 10), memory(3 / 5, 2 / 5, 1 / 2, 3 / 10)]
RANDOM = memory(0.5, 0.5, 0.5, 0.5)
GENEROUS = {"generous_tit_for_tat": {"generosity": 1 / 3}}
EXTORTION = {"extortion": {"factor": 2, "scale": 1 / 18}}
STEWART_PLOTKIN = memory(1, 9 / 16, 1 / 2, 1 / 8)


@pytest.mark.parametrize(
    ("profile", "wanted"),
    [
        (LEARNED, (Fraction(5701, 2738), Fraction(11177, 5476))),
        ([RANDOM, GENEROUS], (Fraction(17, 6), Fraction(2))),
        (["always_defect", GENEROUS], (Fraction(7, 3), Fraction(2, 3))),
        ([EXTORTION, "always_cooperate"], (Fraction(7, 2), Fraction(9, 4))),
        ([EXTORTION, RANDOM], (Fraction(42, 17), Fraction(59, 34))),
    ],
)
def test_memory_one_in_the_long_run(profile, wanted):
    found = gl.value(draws.dilemma(discount_factor=0.5), profile, limit_of_means=True).payoffs
    assert found == pytest.approx([float(x) for x in wanted], abs=1e-9)


def test_memory_one_discounted_from_cooperation():
    found = gl.value(draws.dilemma(discount_factor=0.5), LEARNED).payoffs
    assert found == pytest.approx([11378 / 4499, 2421 / 818], abs=1e-9)


@pytest.mark.parametrize("tremble", [1e-9, 0.001, 0.1, 0.5])
def test_trembling_tit_for_tat_wanders_through_everything(tremble):
    game = draws.dilemma(discount_factor=0.5, tremble=tremble)
    assert gl.value(game, "tit_for_tat", limit_of_means=True).payoffs == pytest.approx(9 / 4, abs=1e-9)


@pytest.mark.parametrize(
    ("tremble", "wanted"), [(0.05, Fraction(5553, 2000)), (0.01, Fraction(737773, 250000))]
)
def test_trembling_win_stay_lose_shift(tremble, wanted):
    game = draws.dilemma(discount_factor=0.5, tremble=tremble)
    found = gl.value(game, "win_stay_lose_shift", limit_of_means=True).payoffs
    assert found == pytest.approx(float(wanted), abs=1e-9)


@given(st.lists(st.integers(1, 19), min_size=4, max_size=4))
def test_zero_determinant_strategies_fix_a_line_against_everybody(opponent):
    # Press and Dyson (2012), Stewart and Plotkin (2013)
    game, other = draws.dilemma(discount_factor=0.5), memory(*(k / 20 for k in opponent))

    def long_run(strategy):
        return gl.value(game, [strategy, other], limit_of_means=True).payoffs

    x, y = long_run(EXTORTION)
    assert x - 1 == pytest.approx(2 * (y - 1), abs=1e-9)
    x, y = long_run(STEWART_PLOTKIN)
    assert x - 3 == pytest.approx(2 * (y - 3), abs=1e-9)
    assert long_run(memory(2 / 3, 0, 2 / 3, 1 / 3))[1] == pytest.approx(2, abs=1e-9)
    assert long_run({"equalizer": {"payoff": 2}})[1] == pytest.approx(2, abs=1e-9)


def test_the_published_rules_are_those_of_the_catalogue():
    game = draws.dilemma(discount_factor=0.5)
    for strategy, rule in [
        (EXTORTION, (8 / 9, 1 / 2, 1 / 3, 0)),
        ({"generous_zero_determinant": {"factor": 2, "scale": 1 / 16}}, (1, 9 / 16, 1 / 2, 1 / 8)),
        ({"equalizer": {"payoff": 2}}, (2 / 3, 0, 2 / 3, 1 / 3)),
    ]:
        assert profile_of(game, strategy)[0].action[0, 0, 1:, 0] == pytest.approx(rule, abs=1e-12)
