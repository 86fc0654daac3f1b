import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.simulate.learning import branch

PRECISIONS = [0, 0.3, 1, 3, 10, 100, 1e4, 1e7, np.inf]


def root(function, low, high, halvings=100):
    """Return where a decreasing function is zero, by bisection."""
    for _ in range(halvings):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return (low + high) / 2


def logistic(x):
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def replies(A, B, precision, p):
    """Return the second player's chance of its first action against p, and the first's against that."""
    q = logistic(precision * (p * (B[0][0] - B[0][1]) + (1 - p) * (B[1][0] - B[1][1])))
    return q, logistic(precision * (q * (A[0][0] - A[1][0]) + (1 - q) * (A[0][1] - A[1][1])))


def responses(tables, mixtures, precision):
    """Return each player's logit response, by loops over profiles."""
    tables = np.asarray(tables, dtype=float)
    found = []
    for i in range(len(tables)):
        worth = [0.0] * tables.shape[1 + i]
        for profile in np.ndindex(tables.shape[1:]):
            chance = math.prod(mixtures[j][profile[j]] for j in range(len(tables)) if j != i)
            worth[profile[i]] += chance * tables[(i, *profile)]
        raised = [math.exp(precision * (w - max(worth))) for w in worth]
        found.append([r / sum(raised) for r in raised])
    return found


# ------------------------------------------------------------------------------------------ closed forms


def test_matching_pennies_stays_even():
    found = gl.quantal_response(([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]), precision=PRECISIONS)
    assert (found.mixtures == 0.5).all()
    assert (found.residual == 0).all()
    assert found.turns == found.crossings == ()


@pytest.mark.parametrize("bonus", [2, 4, 9, 80])
def test_asymmetric_matching_pennies_solve_a_scalar_equation(bonus):
    """p solves p = f(g(p)), which is decreasing in p: one root, found by bisection.

    McKelvey and Palfrey (1995), on Ochs (1995): the first player's own payoff moves the own choice above a
    half at every positive precision, and to a half at both ends; the second's falls to 1 / (1 + bonus).
    """
    A, B = [[bonus, 0], [0, 1]], [[0, 1], [1, 0]]
    precisions = [0.1, 0.5, 1, 2, 5, 20, 200]
    found = gl.quantal_response((A, B), precision=precisions)
    for precision, mixtures in zip(precisions, found.mixtures, strict=True):
        p = root(lambda p, at=precision: replies(A, B, at, p)[1] - p, 0.0, 1.0)
        assert mixtures[0, 0] == pytest.approx(p, abs=1e-12)
        assert mixtures[1, 0] == pytest.approx(replies(A, B, precision, p)[0], abs=1e-10)
        assert p > 0.5
        assert 1 / (1 + bonus) < mixtures[1, 0] < 0.5
    limit = gl.quantal_response((A, B), precision=np.inf).mixtures
    assert limit[:, 0] == pytest.approx([0.5, 1 / (1 + bonus)], abs=1e-6)


def test_the_branch_of_selten_1975_as_published():
    """Principal branch of Selten's game (IJGT 1975, figure 2) as printed in the manual of Gambit 16.

    Its limit is degenerate: the second player is left indifferent, and the limit is even.
    """
    A, B = [[1, 1], [0, 0], [0, 2]], [[1, 1], [2, 3], [2, 0]]
    printed = """
        0.022853,0.335873,0.328284,0.335843,0.501962,0.498038
        0.047978,0.338668,0.322803,0.33853,0.504249,0.495751
        0.075600,0.341747,0.316863,0.34139,0.506915,0.493085
        0.105965,0.345145,0.310443,0.344413,0.510023,0.489977
        0.139346,0.348902,0.303519,0.347578,0.51364,0.48636
        735614.794714,1,0,4.40659e-11,0.500016,0.499984
        809176.283787,1,0,3.66976e-11,0.500015,0.499985
        890093.921767,1,0,3.05596e-11,0.500014,0.499986
        979103.323545,1,0,2.54469e-11,0.500012,0.499988
        1077013.665501,1,0,2.11883e-11,0.500011,0.499989
    """
    rows = np.array([[float(number) for number in line.split(",")] for line in printed.split()])
    found = gl.quantal_response((A, B), precision=rows[:, 0])
    mine = np.concatenate([found.mixtures[:, 0], found.mixtures[:, 1, :2]], axis=1)
    assert mine == pytest.approx(rows[:, 1:], rel=3e-6, abs=6e-7)
    assert mine[-5:, 2] == pytest.approx(rows[-5:, 3], rel=3e-6)
    assert gl.quantal_response((A, B), precision=np.inf).mixtures[1, :2] == pytest.approx(0.5, abs=1e-7)


@pytest.mark.parametrize("risky", [2.0, 2.9, 3.1, 3.9])
def test_the_limit_in_the_stag_hunt_is_risk_dominant(risky):
    """Stag pays 4 with stag and 0 alone; hare pays ``risky``: stag is risk-dominant below 2 only."""
    hare = gl.quantal_response([[4, 0], [risky, risky]], precision=np.inf)
    stag = gl.quantal_response([[4, 0], [4 - risky, 4 - risky]], precision=np.inf)
    if risky == 2.0:  # neither: even chances are an equilibrium at every precision
        assert (hare.mixtures == 0.5).all()
        assert hare.crossings == pytest.approx([1.0])  # the slope of the response, 4 precision / 4, is 1
    else:
        assert hare.mixtures[:, 1] == pytest.approx(1)
        assert stag.mixtures[:, 0] == pytest.approx(1)
    assert (hare.gains < 1e-9).all()


def test_chicken_stays_symmetric_and_says_so():
    """Dare 7-2, chicken 6: the mixed equilibrium dares with 1/3. The branch passes where others part from it."""
    table = [[0, 7], [2, 6]]
    found = gl.quantal_response(table, precision=[0.1, 1, 5, 1e6, np.inf])
    for precision, (row, column) in zip([0.1, 1, 5], found.mixtures, strict=False):
        p = root(lambda p, at=precision: logistic(at * (-2 * p + (1 - p))) - p, 0.0, 1.0)
        assert row == pytest.approx([p, 1 - p], abs=1e-12)
        assert row == pytest.approx(column, abs=1e-15)
    assert found.mixtures[-1] == pytest.approx(np.array([[1 / 3, 2 / 3]] * 2), abs=1e-8)
    (crossing,) = found.crossings
    p = root(lambda p: logistic(crossing * (1 - 3 * p)) - p, 0.0, 1.0)
    assert crossing * 3 * p * (1 - p) == pytest.approx(1, abs=1e-6)  # slope of the response is -1
    assert any("cross" in note for note in found.notes)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_coordination_on_equals_stays_even_and_names_the_crossing(k):
    """The response to almost even chances has slope precision / k: branches meet at precision k."""
    found = gl.quantal_response(np.eye(k), precision=[0, 1, 100])
    assert found.mixtures == pytest.approx(1 / k)
    assert found.crossings == pytest.approx([k], abs=1e-6)


def test_prisoners_dilemma_at_any_precision():
    """Against somebody who keeps with p, deviating gains 2 p + (1 - p)."""
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    found = gl.quantal_response(stage, precision=[0.5, 2, 700])
    for precision, mixtures in zip([0.5, 2, 700], found.mixtures, strict=True):
        p = root(lambda p, at=precision: logistic(-at * (1 + p)) - p, 0.0, 1.0)
        assert mixtures[:, 0] == pytest.approx([p, p], rel=1e-9)
    assert found.mixtures[-1, 0, 0] == pytest.approx(math.exp(-700), rel=1e-9)
    assert found.payoffs[-1] == pytest.approx([1, 1])
    assert found.actions == (("C", "D"), ("C", "D"))


# -------------------------------------------------------------------------------------- any game, by laws


@st.composite
def tables(draw):
    sizes = draw(st.sampled_from([(2, 2), (2, 3), (3, 3), (4, 2), (1, 3), (2, 2, 2), (3, 2, 2)]))
    size = len(sizes) * math.prod(sizes)
    numbers = st.integers(-8, 8) | st.floats(-8, 8)
    return np.array(draw(st.lists(numbers, min_size=size, max_size=size))).reshape(len(sizes), *sizes)


@given(tables())
@settings(max_examples=up_to(10))
def test_every_answer_is_its_own_response(game):
    precisions = [0, 0.25, 1, 4, 50]
    found = gl.quantal_response(game, precision=precisions)
    assert not np.isnan(found.residual).any(), found.notes
    assert found.residual.max() < 1e-9
    for precision, mixtures in zip(precisions, found.mixtures, strict=True):
        own = [mixtures[i, :size] for i, size in enumerate(game.shape[1:])]
        for mixture, response in zip(own, responses(game, own, precision), strict=True):
            assert mixture == pytest.approx(response, abs=1e-9)
            assert mixture.sum() == pytest.approx(1)


@given(tables())
@settings(max_examples=6)
def test_the_limit_is_a_nash_equilibrium(game):
    found = gl.quantal_response(game, precision=np.inf)
    spread = max(np.ptp(game), 1e-300)
    assert (found.gains <= 1e-6 * spread).all(), found.notes


@given(tables(), st.integers(-100, 100), st.sampled_from([0.25, 2.0, 16.0]))
@settings(max_examples=8)
def test_shifts_change_nothing_and_scales_are_precisions(game, shift, scale):
    before = gl.quantal_response(game, precision=[0.5, 2]).mixtures
    assert gl.quantal_response(game + shift, precision=[0.5, 2]).mixtures == pytest.approx(before, abs=1e-8)
    scaled = gl.quantal_response(game * scale, precision=np.array([0.5, 2]) / scale).mixtures
    assert scaled == pytest.approx(before, abs=1e-9)


def test_small_steps_from_even_chances_come_to_the_same_point():
    """Follow the scalar equation of 2 x 2 games in small steps by its nearest root, where no root jumps."""
    random = np.random.default_rng(4)
    compared = 0
    for _ in range(12):
        A, B = random.integers(-4, 5, size=(2, 2, 2)).tolist()
        p = nearest_root(A, B, np.arange(0.02, 3.001, 0.02))
        if p is not None:
            compared += 1
            found = gl.quantal_response((A, B), precision=3.0)
            assert found.mixtures[0, 0] == pytest.approx(p, abs=1e-9)
    assert compared > 8


def nearest_root(A, B, precisions):
    """Return the root that is reached from a half; None where roots near it meet or part."""
    p = 0.5
    for precision in precisions:

        def miss(x, at=precision):
            return replies(A, B, at, x)[1] - x

        grid = np.linspace(p - 0.03, p + 0.03, 7)
        values = [miss(x) for x in grid]
        near = [k for k in range(6) if values[k] * values[k + 1] <= 0]
        if len(near) != 1:
            return None
        (k,) = near
        sign = 1 if values[k] > 0 else -1
        p = root(lambda x, sign=sign: sign * miss(x), grid[k], grid[k + 1], 50)
    return p


TURNING = ([[5, -5], [8, -9], [4, -2]], [[9, -2], [9, 9], [-5, -3]])


def roots_of_turning(precision):
    """Return all chances of the second player's first action that answer themselves, by a fine grid."""
    A, B = np.array(TURNING)
    odds = np.linspace(-120, 30, 60_001)
    q = 1 / (1 + np.exp(-odds))
    worth = precision * (np.outer(q, A[:, 0]) + np.outer(1 - q, A[:, 1]))
    raised = np.exp(worth - worth.max(axis=1, keepdims=True))
    x = raised / raised.sum(axis=1, keepdims=True)
    miss = precision * (x @ (B[:, 0] - B[:, 1])) - odds
    places = np.flatnonzero(np.signbit(miss[:-1]) != np.signbit(miss[1:]))
    return (q[places] + q[places + 1]) / 2


def test_a_branch_that_turns_back_is_answered_where_it_is_first_met():
    found = gl.quantal_response(TURNING, precision=[0.5, 1.1, 3.0, 4.0, 4.2, 50])
    top, bottom = found.turns
    assert any("turns back" in note for note in found.notes)
    path = found.branch["precision"]
    turns = np.flatnonzero(np.diff(np.sign(np.diff(path)))) + 1
    assert path[turns] == pytest.approx([top, bottom])
    for precision, count in [
        (bottom - 0.01, 1), (bottom + 0.01, 3), (top - 0.01, 3), (top + 0.01, 1)
    ]:  # fmt: skip
        assert len(roots_of_turning(precision)) == count
    start = found.mixtures[0, 1, 0]
    for precision, mixtures in zip([0.5, 1.1, 3.0, 4.0, 4.2, 50], found.mixtures, strict=True):
        near = roots_of_turning(precision)
        first = near[np.abs(near - start).argmin()]  # the root moves little before the first turn
        assert mixtures[1, 0] == pytest.approx(first, abs=2e-3)
        start = mixtures[1, 0]
    assert found.residual.max() < 1e-12


def test_many_precisions_are_one_path_in_any_order():
    game = np.random.default_rng(3).normal(size=(2, 4, 4))
    precisions = np.array([[5.0, 0.1], [2.0, 5.0]])
    found = gl.quantal_response(game, precision=precisions)
    assert found.mixtures.shape == (2, 2, 2, 4)
    assert (found.mixtures[0, 0] == found.mixtures[1, 1]).all()
    for place in np.ndindex(2, 2):
        alone = gl.quantal_response(game, precision=precisions[place])
        assert alone.mixtures == pytest.approx(found.mixtures[place], abs=1e-12)
        assert alone.residual.shape == ()


# ------------------------------------------------------------------------------------- degenerate and bad


def test_where_nothing_matters_chances_are_even():
    found = gl.quantal_response(np.full((2, 3, 2), 4.0), precision=[1, np.inf])
    assert found.mixtures[:, 0] == pytest.approx(1 / 3)
    assert found.mixtures[:, 1, :2] == pytest.approx(1 / 2)
    assert "no choice matters" in found.notes[0]
    assert found.payoffs == pytest.approx(4)


def test_players_whose_payoffs_differ_in_size():
    A, B = np.array([[9.0, 0], [0, 1]]), np.array([[0.0, 1], [1, 0]])
    for size in (1e3, 1e-3, 1e6):
        found = gl.quantal_response((A * size, B), precision=np.inf)
        assert found.mixtures[:, 0] == pytest.approx([0.5, 0.1], abs=1e-5)
        assert (found.gains < 1e-5 * np.array([size, 1])).all()


def test_somebody_alone_and_somebody_without_a_choice():
    alone = gl.quantal_response([[1.0, 2.0, 4.0]], precision=2.0)
    raised = np.exp(2 * np.array([1.0, 2, 4]))
    assert alone.mixtures[0] == pytest.approx(raised / raised.sum(), abs=1e-13)
    still = gl.quantal_response(([[1, 2]], [[0, 1]]), precision=3.0)
    assert still.mixtures[0].tolist() == [1, 0]
    assert still.mixtures[1] == pytest.approx([logistic(-3), logistic(3)])


def test_what_cannot_be_followed_is_not_answered(monkeypatch):
    monkeypatch.setattr(branch, "MOST_STEPS", 10)
    found = gl.quantal_response([[3, 0], [5, 1]], precision=[0.1, 1e6])
    assert not np.isnan(found.residual[0])
    assert np.isnan(found.mixtures[1]).all()
    assert "could be followed up to precision" in found.notes[-1]


def test_a_wide_game():
    game = np.random.default_rng(5).normal(size=(2, 30, 30))
    found = gl.quantal_response(game, precision=[1, 10, 1000])
    assert found.residual.max() < 1e-9


@pytest.mark.parametrize(
    ("game", "precision", "words"),
    [
        ([[1, 2], [3, 4]], -1, "precision: -1 is not a number of at least 0"),
        ([[1, 2], [3, 4]], float("nan"), "precision: nan is not"),
        ([[1, 2], [3, 4]], "high", "precision: 'high' is not"),
        ([[1, 2], [3, 4]], [], "precision: an empty list is not"),
        ([[1, 2], [3, 4]], None, "precision: None is not"),
        (np.zeros((2, 150, 150)), 1, "300 actions"),
    ],
)
def test_bad_inputs_are_told_in_a_sentence(game, precision, words):
    with pytest.raises(GameError) as told:
        gl.quantal_response(game, precision=precision)
    assert words in str(told.value)


def test_results_as_tables():
    found = gl.quantal_response([[3, 0], [5, 1]], precision=[0, 1])
    frame = found.to_frame()
    assert len(frame) == 2 * 2 * 2
    assert frame["probability"].iloc[0] == 0.5
    assert "<table" in found._repr_html_()
    assert "2 points" in repr(found)
    with pytest.raises(ValueError, match="read-only"):
        found.mixtures[0] = 1
