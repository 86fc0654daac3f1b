"""The default fallback: the first pure equilibrium, else an extreme or a computed one, else none at all."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gamelab as gl
from gamelab.errors import GameError, GamelabError
from gamelab.model.stage import has_fallback
from gamelab.stages.default_fallback import default_fallback

PENNIES = [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]
SCISSORS = [[[0, 0], [-1, 1], [1, -1]], [[1, -1], [0, 0], [-1, 1]], [[-1, 1], [1, -1], [0, 0]]]
# Jordan (1993): the first wants to do what the second does, the second what the third does, the third not what
# the first does; the only equilibrium is even
JORDAN = [
    [[[2 * (a == b) - 1, 2 * (b == c) - 1, 2 * (c != a) - 1] for c in (0, 1)] for b in (0, 1)] for a in (0, 1)
]


def gains(payoffs, sizes, mixture):
    """Return what each player gains by the best deviation: a plain loop over the profiles."""
    best = []
    for i, size in enumerate(sizes):
        worth = [Fraction(0)] * size
        for p, profile in enumerate(itertools.product(*map(range, sizes))):
            others = [Fraction(mixture[j][profile[j]]) for j in range(len(sizes)) if j != i]
            worth[profile[i]] += Fraction(payoffs[p][i]) * np.prod(others, initial=Fraction(1))
        average = sum(Fraction(chance) * w for chance, w in zip(mixture[i], worth, strict=False))
        best.append(max(worth) - average)
    return best


def games(sizes):
    count, entries = int(np.prod(sizes)), st.integers(-4, 4)
    return st.lists(
        st.lists(entries, min_size=len(sizes), max_size=len(sizes)), min_size=count, max_size=count
    )


def pure_ones(payoffs, sizes):
    whole = [[[int(a == k) for k in range(size)] for a in range(size)] for size in sizes]
    profiles = itertools.product(*whole)
    return [profile for profile in profiles if max(gains(payoffs, sizes, profile)) <= 0]


SIZES = st.sampled_from([(2, 2), (2, 3), (3, 3), (1, 3), (4, 3)])


@given(SIZES.flatmap(lambda sizes: st.tuples(st.just(sizes), games(sizes))))
def test_two_players(drawn):
    """The first pure one where there is one; else the first extreme one, and the same in fractions."""
    sizes, payoffs = drawn
    (found,) = default_fallback(np.array([payoffs], dtype=float), sizes)
    with gl.exactly():
        (exact,) = default_fallback(np.array([payoffs]) * Fraction(1), sizes)
    pure = pure_ones(payoffs, sizes)
    if pure:
        wanted = pure[0]
    else:
        tables = np.array(payoffs).T.reshape(2, *sizes)
        wanted = gl.stage_equilibria(*tables).extreme[0]
    for own, rounded, mixture in zip(exact.tolist(), found.tolist(), wanted, strict=True):
        assert own[: len(mixture)] == list(mixture)
        assert rounded[: len(mixture)] == pytest.approx([float(chance) for chance in mixture], abs=1e-15)
        assert not any(own[len(mixture) :])
    assert max(gains(payoffs, sizes, exact.tolist())) == 0


@given(
    st.sampled_from([(2, 2, 2), (3, 2, 2), (2, 1, 3)]).flatmap(
        lambda sizes: st.tuples(st.just(sizes), games(sizes))
    )
)
def test_three_players(drawn):
    """The first pure one where there is one; else nobody gains anything but rounding, certified by a loop."""
    sizes, payoffs = drawn
    (found,) = default_fallback(np.array([payoffs], dtype=float), sizes)
    pure = pure_ones(payoffs, sizes)
    if pure:
        for own, mixture in zip(found.tolist(), pure[0], strict=True):
            assert own[: len(mixture)] == mixture
        return
    assert found.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-15)
    assert (found >= 0).all()
    assert float(max(gains(payoffs, sizes, found.tolist()))) < 1e-12


def test_matching_pennies_and_rock_paper_scissors():
    for table, size in ((PENNIES, 2), (SCISSORS, 3)):
        game = gl.repeated(gl.normal_form(payoffs=table), discount_factor=0.5)
        assert game.fallback[0, 0].tolist() == [[1 / size] * size] * 2
        assert gl.certify(game, "stage_nash").verdict == "holds"
        assert gl.value(game, "stage_nash").payoffs == pytest.approx([0, 0], abs=1e-15)
        with gl.exactly():
            exact = gl.normal_form(payoffs=table)
        assert exact.fallback[0, 0].tolist() == [[Fraction(1, size)] * size] * 2
        assert gl.certify(gl.repeated(exact, discount_factor=Fraction(1, 2)), "stage_nash").max_gain == 0


def test_exact_fractions_of_a_two_by_two():
    """By hand: the second mixes 2q = 1 - q, so q = 1/3; the first 1 - p = p."""
    with gl.exactly():
        game = gl.normal_form(payoffs=[[[2, 0], [0, 1]], [[0, 1], [1, 0]]])
    assert game.fallback[0, 0].tolist() == [[Fraction(1, 2)] * 2, [Fraction(1, 3), Fraction(2, 3)]]


def test_three_player_pennies():
    game = gl.normal_form(payoffs=JORDAN)
    assert game.fallback[0, 0].tolist() == [[0.5, 0.5]] * 3
    assert gl.certify(gl.repeated(game, discount_factor=0.9), "stage_nash").verdict == "holds"
    with gl.exactly():
        assert gl.normal_form(payoffs=JORDAN).fallback[0, 0].tolist() == [[Fraction(1, 2)] * 2] * 3


# Nau, Gomez Canovas and Hansen (2004): three players, one equilibrium, and it is irrational
NAU = [[[[3, 0, 2], [1, 0, 0]], [[0, 2, 0], [0, 1, 0]]], [[[0, 1, 0], [0, 3, 0]], [[1, 0, 0], [2, 0, 3]]]]


def test_a_game_whose_only_equilibrium_is_irrational_has_one_in_floats_only():
    """With x, y, z for the first actions, indifference says y/(1-y) = (2-z)/(1+2z) and x/(1-x) = (3-2z)/(1+z).

    Their product is 3/2, so 2z^2 + 23z - 9 = 0.
    """
    game = gl.normal_form(payoffs=NAU)
    z = (np.sqrt(601) - 23) / 4
    x, y = (3 - 2 * z) / (4 - z), (2 - z) / (3 + z)
    assert game.fallback[0, 0, :, 0] == pytest.approx([x, y, z], abs=1e-15)
    assert gl.certify(gl.repeated(game, discount_factor=0.5), "stage_nash").verdict == "holds"
    with gl.exactly():
        exact = gl.normal_form(payoffs=NAU)
    assert not has_fallback(exact).any()


def test_points_of_a_grid():
    """Each point has what it would have alone: pure ones, mixed ones, of two and of three players."""
    x = np.linspace(-2, 2, 9)
    for table in (PENNIES, SCISSORS, JORDAN):
        changed = [*table[:-1], [*table[-1][:-1], replaced(table[-1][-1], x)]]
        game = gl.normal_form(payoffs=changed)
        assert len(np.unique(game.fallback.reshape(9, -1), axis=0)) > 2
        for k, amount in enumerate(x.tolist()):
            alone = gl.normal_form(payoffs=[*table[:-1], [*table[-1][:-1], replaced(table[-1][-1], amount)]])
            assert game.fallback[k] == pytest.approx(alone.fallback[0], abs=1e-15)


def replaced(cell, amount):
    """Return nested lists with another first number innermost."""
    return [replaced(cell[0], amount), *cell[1:]] if isinstance(cell, list) else amount


@pytest.mark.parametrize("scale", [1e150, 1e9, 1e-149])
@pytest.mark.parametrize("table", [PENNIES, SCISSORS, JORDAN])
def test_payoffs_of_any_size(table, scale):
    whole = gl.normal_form(payoffs=table)
    scaled = gl.normal_form(payoffs=(scale * np.array(table)).tolist())
    assert scaled.fallback[0, 0] == pytest.approx(whole.fallback[0, 0], abs=1e-15)


def test_a_large_shift_changes_nothing():
    for table in (PENNIES, SCISSORS, JORDAN):
        shifted = gl.normal_form(payoffs=(np.array(table) + 1e9).tolist())
        assert shifted.fallback[0, 0] == pytest.approx(
            gl.normal_form(payoffs=table).fallback[0, 0], abs=1e-15
        )


@pytest.fixture
def without(monkeypatch):
    """Return Jordan's pennies where no equilibrium is computed."""
    monkeypatch.setattr("gamelab.model.mixed_equilibria.MOST_SUPPORTS", 0)
    game = gl.normal_form(payoffs=JORDAN, agreement=["1", "1", "1"])
    assert not game.fallback.any()
    return game


def test_a_game_without_is_played_as_far_as_nobody_needs_one(without):
    game = gl.repeated(without, discount_factor=0.5)
    assert gl.value(game, "always_cooperate").payoffs == pytest.approx([1, 1, -1])
    assert gl.certify(game, "always_cooperate").verdict == "fails"


@pytest.mark.parametrize(
    "strategy",
    ["grim", "always_defect", "stage_nash", "tit_for_tat", {"limited_punishment": {"rounds": 2}}],
)
def test_what_needs_a_fallback_asks_for_it(without, strategy):
    with pytest.raises(GameError, match="fallback: a fallback is needed here, and the stage game has none"):
        gl.value(gl.repeated(without, discount_factor=0.5), strategy)


def test_institutions_ask_for_it_where_all_ends(without):
    game = gl.monitoring(gl.repeated(without, discount_factor=0.5), detection=0.5)
    assert not has_fallback(gl.graduated_sanctions(game, fines=[1])).any()
    with pytest.raises(GameError, match="a fallback is needed here"):
        gl.graduated_sanctions(game, fines=[1], after_last="end")


def test_a_large_game_of_two_has_none_and_no_refusal(monkeypatch):
    monkeypatch.setattr("gamelab.model.extreme_equilibria.FEW_VERTICES", 3)
    table = np.array(SCISSORS) + np.arange(9).reshape(3, 3, 1) / 1_000
    assert not has_fallback(gl.normal_form(payoffs=table)).any()


def test_a_game_in_which_only_some_have_a_fallback_is_none():
    game = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    with pytest.raises(GamelabError, match="probabilities of at least 0 that sum to 1"):
        game.replace(fallback=game.fallback * np.array([[1], [0]]))
