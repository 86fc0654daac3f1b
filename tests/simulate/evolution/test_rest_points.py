"""Rest points: known ones in fractions, and what every one of them must be."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.simulate.evolution import rest_points
from gamelab.simulate.evolution.dynamics import velocity


def kinds(a):
    return {point.exact: point.kind for point in gl.rest_points(a)}


def test_hawks_and_doves():
    assert kinds([[Fraction(-1), Fraction(4)], [Fraction(0), Fraction(2)]]) == {
        (1, 0): "unstable",
        (0, 1): "unstable",
        (Fraction(2, 3), Fraction(1, 3)): "stable",
    }


def test_coordination():
    found = kinds([[2, 0], [0, 1]])
    assert found == {(1, 0): "stable", (0, 1): "stable", (Fraction(1, 3), Fraction(2, 3)): "unstable"}
    three = kinds(np.eye(3, dtype=int))
    assert sorted(three.values()) == ["saddle"] * 3 + ["stable"] * 3 + ["unstable"]
    assert three[(Fraction(1, 3), Fraction(1, 3), Fraction(1, 3))] == "unstable"


@pytest.mark.parametrize(("loss", "kind"), [(1, "centre"), (2, "unstable"), (Fraction(1, 2), "stable")])
def test_rock_paper_scissors(loss, kind):
    a = [[0, -loss, 1], [1, 0, -loss], [-loss, 1, 0]]
    for table in (a, [[float(entry) for entry in row] for row in a]):
        found = gl.rest_points(table)
        assert [point.kind for point in found] == ["saddle"] * 3 + [kind]
        assert found[-1].shares == pytest.approx([1 / 3] * 3)
        middle = float(1 - loss) * -1 / 6  # real part of the pair: (loss - gain) / 6
        assert [rate.real for rate in found[-1].rates] == pytest.approx([middle] * 2, abs=1e-12)


def test_strategies_that_behave_alike_rest_on_a_line():
    cooperate_defect_retaliate = [[3, 0, 3], [5, 1, 1], [3, 1, 3]]
    found = gl.rest_points(cooperate_defect_retaliate)
    (line,) = [point for point in found if point.ends]
    assert [end.tolist() for end in line.ends] == [[1, 0, 0], [0, 0, 1]]
    assert line.kind == "neutral"
    rounded = np.array(cooperate_defect_retaliate, dtype=float)
    rounded[2, 2] -= 1e-15  # as computed values differ
    assert [repr(point) for point in gl.rest_points(rounded)] == [repr(point) for point in found]


def test_a_line_through_the_inside():
    # the third is the even mixture of the others
    found = gl.rest_points([[0, 2, 1], [2, 0, 1], [1, 1, 1]])
    lines = [point for point in found if point.ends]
    assert [[end.tolist() for end in line.ends] for line in lines] == [[[0.5, 0.5, 0], [0, 0, 1]]]


def test_fractions_are_taken_as_they_are():
    knife_edge = Fraction(1, 10**30)
    assert kinds([[0, 0], [knife_edge, 0]])[(1, 0)] == "unstable"
    assert kinds([[0.0, 0.0], [1e-30, 1.0]])[(1, 0)] == "neutral"


@settings(max_examples=up_to(30))
@given(st.integers(1, 4), st.data())
def test_every_one_rests_and_every_equilibrium_is_there(k, data):
    a = data.draw(st.lists(st.lists(st.integers(-3, 3), min_size=k, max_size=k), min_size=k, max_size=k))
    found = gl.rest_points(a)
    assert [point.exact for point in found[:k]] == [tuple(int(i == j) for j in range(k)) for i in range(k)]
    for point in found:
        for shares in (point.shares, *point.ends):
            assert shares.sum() == pytest.approx(1)
            assert shares.min() >= 0
            assert velocity(a, shares) == pytest.approx(np.zeros(k), abs=1e-12)
        earned = np.array(a) @ point.shares
        assert point.nash == bool(earned.max() <= point.shares @ earned + 1e-12)
    for x, y in gl.stage_equilibria(a, np.array(a).T.tolist()).extreme:
        if x == y and not any(point.ends for point in found):
            assert tuple(x) in {point.exact for point in found}


@settings(max_examples=8)
@given(st.integers(0, 2**32))
def test_paths_do_what_the_kind_says(draw):
    chance = np.random.default_rng(draw)
    a = chance.normal(size=(3, 3))
    for point in gl.rest_points(a):
        near = np.maximum(point.shares + 1e-4 * chance.dirichlet(np.ones(3), size=8), 1e-12)
        near /= near.sum(axis=1, keepdims=True)
        slowest = min(abs(rate.real) for rate in point.rates)
        if slowest < 0.05:
            continue
        end = gl.replicator(a, near, 8 / slowest, moments=2).last
        away = np.abs(end - point.shares).max(axis=1)
        if point.kind == "stable":
            assert (away < 1e-4).all()
        elif point.kind == "unstable":
            assert (away > 1e-3).all()


def test_rates_against_differences():
    a = np.array([[0.0, 3, 1, 2], [1, 0, 2, 1], [2, 1, 0, 1], [1, 2, 2, 0]])
    (inside,) = [point for point in gl.rest_points(a) if point.shares.min() > 0]
    step, basis = 1e-6, np.linalg.qr(np.eye(4) - 0.25)[0][:, :3]
    slopes = np.stack(
        [(velocity(a, inside.shares + step * b) - velocity(a, inside.shares - step * b)) for b in basis.T]
    )
    expected = np.linalg.eigvals(basis.T @ (slopes.T / 2 / step))
    assert sorted(inside.rates, key=lambda z: (z.real, z.imag)) == pytest.approx(
        sorted(expected, key=lambda z: (z.real, z.imag)), abs=1e-6
    )


def test_too_many_strategies_are_told():
    with pytest.raises(gl.GameError, match="13 strategies given; rest points of up to 12 are listed"):
        gl.rest_points(np.eye(13))


@pytest.mark.parametrize("draw", range(4))
def test_what_floats_rule_out_is_not_there(monkeypatch, draw):
    chance = np.random.default_rng(draw)
    a = chance.normal(size=(6, 6)) if draw % 2 else chance.integers(-1, 2, (6, 6)).tolist()
    found = [(point.exact, point.kind) for point in gl.rest_points(a)]
    monkeypatch.setattr(rest_points, "OUTSIDE", np.inf)
    assert [(point.exact, point.kind) for point in gl.rest_points(a)] == found
