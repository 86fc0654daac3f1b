import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError

PD = [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]
TABLES = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]
PENNIES = [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]
EVEN = ["1", {"1": 0.5, "2": 0.5}]


def nested(table, sizes):
    """Return {profile: payoffs} as nested lists."""

    def level(prefix):
        if len(prefix) == len(sizes):
            return list(table[prefix])
        return [level((*prefix, a)) for a in range(sizes[len(prefix)])]

    return level(())


@settings(max_examples=up_to(40))
@given(seed=st.integers(0, 2**32 - 1), sizes=st.lists(st.integers(1, 3), min_size=1, max_size=4).map(tuple))
def test_any_table(seed, sizes):
    generator = np.random.default_rng(seed)
    n = len(sizes)
    table = {
        profile: generator.integers(-5, 6, size=n).tolist()
        for profile in itertools.product(*map(range, sizes))
    }
    game = gl.normal_form(payoffs=nested(table, sizes), fallback=["1"] * n)
    assert game.sizes == sizes
    money = game.flows["material"].by_profile[0, 0]
    for p, profile in enumerate(map(tuple, game.profiles.tolist())):
        assert money[p].tolist() == [*table[profile], 0]
    assert game.allowed.sum(axis=2).tolist() == [list(sizes)]
    assert game.agreement.tolist() == [[-1] * n]
    assert not game.keeps.any()


def test_an_array_is_a_table():
    game = gl.normal_form(payoffs=np.array(PD))
    assert game.flows["material"].by_profile[0, 0, :, 0].tolist() == [3, 0, 5, 1]
    assert gl.normal_form(payoffs=tuple(map(tuple, PD))).sizes == (2, 2)


def test_fractions_are_numbers():
    game = gl.normal_form(payoffs=[[[Fraction(1, 3), 1]]], fallback=["1", "1"])
    assert game.flows["material"].by_profile[0, 0, 0, 0] == 1 / 3


def test_payoffs_on_a_grid():
    reward = np.array([[2.0], [3.0]])
    sucker = np.array([-1.0, 0.0, 0.5])
    game = gl.normal_form(
        payoffs=[[[reward, reward], [sucker, 5]], [[5, sucker], [1, 1]]], agreement=["1", "1"]
    )
    assert game.shape == (2, 3)
    for k, (r, s) in enumerate(itertools.product(reward.ravel(), sucker)):
        assert game.flows["material"].by_profile[k, 0].tolist() == [
            [r, r, 0],
            [s, 5, 0],
            [5, s, 0],
            [1, 1, 0],
        ]
    assert game.fallback.shape[0] in (1, 6)
    dilemma = gl.prisoners_dilemma(temptation=5, reward=reward, punishment=1, sucker=sucker)
    np.testing.assert_array_equal(dilemma.flows["material"].by_profile, game.flows["material"].by_profile)


def test_the_fallback_may_differ_between_points():
    """Where the first equilibrium is another one at another point, so is the fallback."""
    x = np.array([3.0, 0.0])
    game = gl.normal_form(payoffs=[[[x, x], [0, 0]], [[0, 0], [1, 1]]])
    assert game.fallback[:, 0].tolist() == [[[1, 0], [1, 0]], [[1, 0], [1, 0]]]
    game = gl.normal_form(payoffs=[[[x - 1, x - 1], [0, 0]], [[0, 0], [1, 1]]])
    assert game.fallback[:, 0].tolist() == [[[1, 0], [1, 0]], [[0, 1], [0, 1]]]


@pytest.mark.parametrize(
    ("payoffs", "words"),
    [
        (5, "5 given; write one level of lists per player"),
        ([1, 2], "one level of lists per player"),
        ("table", "'table' given"),
        ([], "given; write one level of lists per player"),
        ([[]], "has an empty list"),
        ([[[]]], "has an empty list"),
        ([[[3, 3], [0, 5]], [[5, 0]]], "lists of unequal length stand side by side"),
        ([[[3, 3], [0, 5]], [[5, 0], [1]]], "lists of unequal length stand side by side"),
        ([[[3, 3], [0, 5]], [[5, 0], []]], "unequal length|empty"),
        ([[[3, 3], [0, 5]], []], "unequal length|empty"),
        ([[[3, 3], 0], [[5, 0], [1, 1]]], "0 stands where a list is needed"),
        ([[[3, 3], "ab"], [[5, 0], [1, 1]]], "'ab' stands where a list is needed"),
        ([[[3, 3], {"a": 1}], [[5, 0], [1, 1]]], "stands where a list is needed"),
        ([[[3, 3], [0, [5]]], [[5, 0], [1, 1]]], "is not a (finite )?number"),
        ([[3, 3], [1, 1]], "2 levels of lists make 1 players, but 2 payoffs stand innermost"),
        ([[[3, 3, 3], [0, 5, 1]], [[5, 0, 1], [1, 1, 1]]], "3 levels of lists make 2 players, but 3 payoffs"),
        ([[["x", 3]]], "'x' is not a (finite )?number"),
        ([[["3", 3]]], "'3' is not a finite number"),
        ([[[True, 3]]], "True is not a finite number"),
        ([[[10**400, 3]]], "is too large: up to 1e"),
        ([[[None, 3]]], "None is not a (finite )?number"),
        ([[[float("nan"), 3]]], "nan is not a finite number"),
        ([[[float("inf"), 3]]], "inf is not a finite number"),
        ([[[np.array([1, np.nan]), 3]]], "is not a finite number"),
        ([[[np.ones(2), np.ones(3)]]], "do not broadcast"),
    ],
)
def test_bad_tables(payoffs, words):
    with pytest.raises(GameError, match=words):
        gl.normal_form(payoffs=payoffs, fallback=["1", "1"])


def test_labels():
    game = gl.normal_form(
        payoffs=PD, actions=[["a", "b"], ["c", "d"]], agreement=["a", "c"], fallback=["b", "d"]
    )
    assert game.profile_names == ["(a, c)", "(a, d)", "(b, c)", "(b, d)"]
    assert game.agreement.tolist() == [[0, 0]]
    assert game.keeps.tolist() == [[[True, False], [True, False]]]
    assert game.fallback[0, 0].tolist() == [[0, 1], [0, 1]]


def test_labels_may_be_numbers():
    game = gl.normal_form(payoffs=PD, agreement=[1, 1], fallback=[2, {1: 0.25, 2: 0.75}])
    assert game.agreement.tolist() == [[0, 0]]
    assert game.fallback[0, 0].tolist() == [[0, 1], [0.25, 0.75]]


def test_a_player_with_one_action_has_nothing_to_agree_to():
    game = gl.normal_form(payoffs=[[[1, 1], [2, 2]]], agreement=["1", "2"])
    assert game.agreement.tolist() == [[-1, 1]]
    assert game.has_choice.tolist() == [[False, True]]
    assert not game.keeps[0, 0].any()


@pytest.mark.parametrize(
    ("given_settings", "words"),
    [
        ({"agreement": ["1"]}, "agreement: .* one entry for each of 2 players"),
        ({"agreement": ["1", "1", "1"]}, "agreement: .* one entry for each of 2 players"),
        ({"agreement": "11"}, "agreement: '11' given"),
        ({"agreement": {"1": "1", "2": "1"}}, "agreement: .* given"),
        ({"agreement": ["1", "3"]}, "agreement: '3' is no action here; write 1 or 2"),
        ({"agreement": ["1", None]}, "agreement: 'None' is no action here"),
        ({"agreement": [["1"], "2"]}, "agreement: .* is no action here"),
        ({"fallback": "1"}, "fallback: '1' given"),
        ({"fallback": ["1"]}, "fallback: .* one entry for each of 2 players"),
        ({"fallback": ["1", "x"]}, "fallback: 'x' is no action here"),
        ({"fallback": [["1"], "2"]}, "fallback: .* is no action here"),
        ({"fallback": ["1", {"1": 0.5}]}, "fallback: {'1': 0.5} is no mixture: probabilities must sum to 1"),
        ({"fallback": ["1", {"1": 1.5, "2": -0.5}]}, "fallback: .* is no mixture"),
        ({"fallback": ["1", {}]}, "fallback: {} is no mixture"),
        ({"fallback": ["1", {"1": float("nan"), "2": 1}]}, "fallback: .* is no mixture"),
        ({"fallback": ["1", {"1": "1"}]}, "fallback: '1' is no probability of '1'"),
        ({"fallback": ["1", {"1": None}]}, "fallback: None is no probability"),
        ({"fallback": ["1", {"1": True}]}, "fallback: True is no probability"),
        ({"fallback": ["1", {"1": [1]}]}, "fallback: \\[1\\] is no probability"),
    ],
)
def test_bad_agreements_and_fallbacks(given_settings, words):
    with pytest.raises(GameError, match=f"^{words}"):
        gl.normal_form(payoffs=PD, **given_settings)


def test_the_first_pure_equilibrium_is_the_fallback():
    assert gl.normal_form(payoffs=PD).fallback[0, 0].tolist() == [[0, 1], [0, 1]]
    battle = [[[2, 1], [0, 0]], [[0, 0], [1, 2]]]
    assert gl.normal_form(payoffs=battle).fallback[0, 0].tolist() == [[1, 0], [1, 0]]


def test_without_a_pure_equilibrium_the_first_extreme_one_is_the_fallback():
    assert gl.normal_form(payoffs=PENNIES).fallback[0, 0].tolist() == [[0.5, 0.5], [0.5, 0.5]]
    game = gl.normal_form(payoffs=PENNIES, fallback=EVEN)
    assert game.fallback[0, 0].tolist() == [[1, 0], [0.5, 0.5]]


def test_mixtures_are_certified():
    game = gl.normal_form(payoffs=PENNIES, fallback=[{"1": 0.5, "2": 0.5}] * 2)
    assert gl.certify(game, "always_defect").verdict == "holds"
    assert gl.certify(gl.normal_form(payoffs=PENNIES, fallback=EVEN), "always_defect").verdict == "fails"


def test_payoffs_or_a_file_but_not_both(tmp_path):
    path = tmp_path / "x.nfg"
    path.write_text('NFG 1 R "" { "a" "b" } { 1 2 } 1/3 0 2/3 1')
    game = gl.normal_form(file=path)
    assert game.flows["material"].by_profile[0, 0, :, :2].tolist() == [[1 / 3, 0], [2 / 3, 1]]
    assert game.players == ("a", "b")
    with pytest.raises(GameError, match="payoffs: 'payoffs' and 'file' given; write one"):
        gl.normal_form(file=str(path), payoffs=[[[1, 1]]])
    with pytest.raises(GameError, match=r"payoffs: needs 'payoffs', 'tables', or a .nfg 'file'"):
        gl.normal_form()
    with pytest.raises(GameError, match="file: 3 is not the path to a file"):
        gl.normal_form(file=3)
    path.write_text("EFG")
    with pytest.raises(GameError, match=r"file: .*x.nfg:1:1: not a .nfg file"):
        gl.normal_form(file=path)


def test_exactly_one_of_payoffs_tables_and_file():
    ways = {"payoffs": PD, "tables": TABLES, "file": "x.nfg"}
    for first, second in itertools.combinations(ways, 2):
        with pytest.raises(GameError, match=f"payoffs: '{first}' and '{second}' given; write one of them"):
            gl.normal_form(**{first: ways[first], second: ways[second]})
    with pytest.raises(GameError, match="payoffs: 'payoffs' and 'tables' and 'file' given"):
        gl.normal_form(**ways)


@pytest.mark.parametrize("key", ["payoffs", "tables"])
def test_an_array_without_entries_is_no_payoff(key):
    nothing = np.array([])
    given = {
        "payoffs": [[[1, 2], [nothing, 0]], [[0, nothing], [2, 1]]],
        "tables": [[[nothing, 7], [1, 0]], [[0, nothing], [7, 1]]],
    }
    with pytest.raises(gl.GameError, match=rf"{key}: .* is not a finite number"):
        gl.normal_form(**{key: given[key]})
