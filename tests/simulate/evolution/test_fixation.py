"""Fixation probabilities against fractions, decimals of many digits, closed forms and the exact chain."""

import math
from decimal import Decimal, getcontext
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.simulate.evolution import fixation as module

getcontext().prec = 60


def payoffs_at(a, mutants, players):
    """What mutants (strategy 1) and residents (strategy 0) earn, each meeting all others once."""
    j, n = mutants, players
    mutant = Fraction((j - 1) * a[1][1] + (n - j) * a[1][0], n - 1)
    resident = Fraction(j * a[0][1] + (n - j - 1) * a[0][0], n - 1)
    return mutant, resident


def moran_in_fractions(a, players, intensity):
    """The probability that one mutant takes over, from the equations of the absorbing chain themselves."""
    rows = []
    for j in range(1, players):
        mutant, resident = (1 - intensity + intensity * p for p in payoffs_at(a, j, players))
        total = j * mutant + (players - j) * resident
        up = Fraction(j) * mutant / total * Fraction(players - j, players)
        down = Fraction(players - j) * resident / total * Fraction(j, players)
        row = [Fraction(0)] * players
        row[j - 1] += up + down
        if j > 1:
            row[j - 2] -= down
        if j < players - 1:
            row[j] -= up
        else:
            row[-1] += up  # the right-hand side: all are mutants
        rows.append(row)
    size = players - 1
    for c in range(size):
        rows[c] = [x / rows[c][c] for x in rows[c]]
        for r in range(size):
            if r != c and rows[r][c]:
                rows[r] = [x - rows[r][c] * y for x, y in zip(rows[r], rows[c])]
    return rows[0][-1]


def in_decimals(a, players, intensity):
    """The sum over products of exp(-w difference) that fixation is one over, in sixty digits."""
    total, product = Decimal(1), Decimal(1)
    for j in range(1, players):
        mutant, resident = payoffs_at(a, j, players)
        ahead = Fraction(intensity) * (mutant - resident)
        product *= (-Decimal(ahead.numerator) / Decimal(ahead.denominator)).exp()
        total += product
    return 1 / total


TABLES = st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2), min_size=2, max_size=2)


@settings(max_examples=up_to(30))
@given(TABLES, st.integers(2, 8), st.fractions(0, 1, max_denominator=9).filter(lambda w: w < 1))
def test_linear_fitness_against_fractions(a, players, intensity):
    found = gl.fixation(a, players, float(intensity), process="moran_linear")
    assert found.probabilities[0, 1] == pytest.approx(
        float(moran_in_fractions(a, players, intensity)), rel=1e-11
    )


@settings(max_examples=up_to(30))
@given(TABLES, st.integers(2, 60), st.integers(0, 400))
def test_exponential_fitness_against_decimals(a, players, intensity):
    found = gl.fixation(a, players, intensity)
    exact = in_decimals(a, players, intensity)
    assert found.log_probabilities[0, 1] == pytest.approx(float(exact.ln()), rel=1e-12, abs=1e-13)
    assert found.probabilities[0, 1] == pytest.approx(float(exact), rel=1e-9, abs=1e-307)


def test_far_below_what_floats_hold():
    dilemma = [[3, 0], [5, 1]]
    found = gl.fixation(dilemma, 100, 10)  # defectors are residents, one cooperator comes
    exact = in_decimals([[1, 5], [0, 3]], 100, 10)
    assert exact < Decimal("1e-300")
    assert found.probabilities[1, 0] == 0
    assert found.log_probabilities[1, 0] == pytest.approx(float(exact.ln()), rel=1e-13)
    other = in_decimals(dilemma, 100, 10)
    assert found.log_stationary[0] == pytest.approx(
        float((exact / other / (1 + exact / other)).ln()), rel=1e-13
    )


@pytest.mark.parametrize("ratio", [0.5, 0.9, 1.1, 2.0, 10.0])
@pytest.mark.parametrize("players", [2, 10, 1000])
def test_constant_fitness_has_its_closed_form(ratio, players):
    r = Fraction(ratio)
    expected = float((1 - 1 / r) / (1 - r**-players))
    table = [[1, 1], [ratio, ratio]]
    assert gl.fixation(table, players, process="moran_linear").probabilities[0, 1] == pytest.approx(expected)
    logs = np.log(table)
    for process in ("moran", "pairwise"):
        found = gl.fixation(logs, players, process=process).probabilities[0, 1]
        assert found == pytest.approx(expected, rel=1e-10, abs=1e-307)


@pytest.mark.parametrize("process", ["moran", "moran_linear", "pairwise"])
@pytest.mark.parametrize("players", [2, 3, 7, 77, 12345])
def test_neutral_mutants_fix_with_exactly_one_over_n(process, players):
    alike = gl.fixation(np.full((3, 3), 0.7), players, 0.3, process=process)
    assert (alike.probabilities == 1 / players).all()
    assert alike.stationary == pytest.approx([1 / 3] * 3, rel=1e-14)
    drift = gl.fixation([[1, 5], [2, 7]], players, 0, process=process)
    assert (drift.probabilities == 1 / players).all()


def test_nobody_meets_himself():
    # only playing one's own strategy pays, and the first mutant has no partner for it
    with_partner, alone = gl.fixation([[0, 0], [0, 1]], 2, 5.0), gl.fixation([[0, 0], [1, 1]], 2, 5.0)
    assert with_partner.probabilities[0, 1] == 0.5
    assert alone.probabilities[0, 1] == pytest.approx(1 / (1 + math.exp(-5)))


@given(st.integers(-5, 5), TABLES)
def test_a_constant_changes_nothing(constant, a):
    shifted = gl.fixation(np.array(a) + constant * 1e6, 30, 2.0)
    assert shifted.log_probabilities == pytest.approx(
        gl.fixation(a, 30, 2.0).log_probabilities, rel=1e-9, abs=1e-9
    )


def test_blocks_do_not_matter(monkeypatch):
    a = np.random.default_rng(1).uniform(0.5, 2, (3, 3))
    whole = {process: gl.fixation(a, 200, 0.9, process=process) for process in ("moran", "moran_linear")}
    monkeypatch.setattr(module, "BLOCK", 9 * 7)
    for process, before in whole.items():
        found = gl.fixation(a, 200, 0.9, process=process)
        assert found.log_probabilities == pytest.approx(before.log_probabilities, rel=1e-12)


@settings(max_examples=up_to(20))
@given(st.integers(2, 6), st.integers(0, 2**32))
def test_stationary_distribution_is_balanced(k, draw):
    a = np.random.default_rng(draw).normal(size=(k, k))
    found = gl.fixation(a, 20, 1.0)
    rates = found.probabilities - np.diag(np.diagonal(found.probabilities))
    assert found.stationary @ rates == pytest.approx(found.stationary * rates.sum(axis=1), rel=1e-10)
    assert found.stationary.sum() == pytest.approx(1)


def test_one_strategy_alone():
    found = gl.fixation([[4]], 10)
    assert found.stationary.tolist() == [1]
    assert found.probabilities.tolist() == [[0.1]]


def test_tables_and_names():
    found = gl.fixation(SimpleNamespace(payoffs=[[3, 0], [5, 1]], names=["C", "D"]), 10)
    frame = found.to_frame()
    assert frame[["resident", "mutant"]].to_numpy().tolist() == [["C", "D"], ["D", "C"]]
    assert frame["fixation_probability"].tolist() == [found.probabilities[0, 1], found.probabilities[1, 0]]
    assert frame["relative_to_neutral"][0] == pytest.approx(10 * found.probabilities[0, 1])
    assert "stationary" in found._repr_html_()
    assert repr(found).startswith("<Fixation in a population of 10: C ")
    assert not found.probabilities.flags.writeable


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"population": 1}, "population: 1 is not a whole number"),
        ({"population": 2.5}, "population: 2.5 is not a whole number"),
        ({"intensity": -1}, "intensity: -1 given; write a number of at least 0"),
        ({"intensity": float("nan")}, "intensity: nan given"),
        (
            {"intensity": 2, "process": "moran_linear"},
            "intensity: 2 given; write a number of at least 0, at most 1",
        ),
        ({"intensity": 1, "process": "moran_linear"}, "leaves a fitness of 0, and it must be above 0"),
        ({"intensity": 1e308}, "intensity 1e.308 times payoffs is beyond what numbers hold"),
        ({"process": "wright"}, "process: 'wright' is not allowed; write moran, moran_linear or pairwise"),
    ],
)
def test_bad_input_is_told(arguments, words):
    with pytest.raises(gl.GameError, match=words):
        gl.fixation([[3, 0], [5, 1]], **arguments)


def test_against_egttools_where_it_is_installed():
    egttools = pytest.importorskip("egttools")
    egttools_games = pytest.importorskip("egttools.games")
    a = np.random.default_rng(3).uniform(size=(4, 4))
    game = egttools_games.Matrix2PlayerGameHolder(4, a)  # it must outlive the process, or theirs crashes
    process = egttools.analytical.PairwiseComparison(30, game)
    chain, theirs = process.calculate_transition_and_fixation_matrix_sml(0.1)
    ours = gl.fixation(a, 30, 0.1, process="pairwise")
    off = ~np.eye(4, dtype=bool)
    assert ours.probabilities[off] == pytest.approx(theirs[off], rel=1e-6)
    stationary = egttools.utils.calculate_stationary_distribution(chain.T)
    assert ours.stationary == pytest.approx(stationary, abs=1e-8)
