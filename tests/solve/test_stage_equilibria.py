"""Stage equilibria: all in pure actions, the mixed one of two by two, what survives strict dominance."""

import itertools

import draws
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gamelab as gl
from gamelab.errors import GameError
from gamelab.solve.stage_equilibria import equilibria_of, mixed_two_by_two, stage_utilities, survivors


def table_of(sizes):
    cells = int(np.prod(sizes)) * len(sizes)
    return st.lists(st.integers(0, 3), min_size=cells, max_size=cells).map(
        lambda numbers: np.array(numbers, dtype=float).reshape((*sizes, len(sizes)))
    )


def anything(table):
    return gl.normal_form(payoffs=table.tolist(), fallback=["1"] * (table.ndim - 1))


@given(st.sampled_from([(2, 2), (2, 3), (3, 3), (1, 3), (2, 2, 2)]).flatmap(table_of))
def test_every_equilibrium_in_pure_actions_is_found(table):
    sizes = table.shape[:-1]
    stable = []
    for profile in itertools.product(*map(range, sizes)):
        deviations = [
            (i, (*profile[:i], a, *profile[i + 1 :])) for i, size in enumerate(sizes) for a in range(size)
        ]
        if all(table[other][i] <= table[profile][i] for i, other in deviations):
            stable.append(profile)
    found = equilibria_of(anything(table))
    pure = [tuple(m.argmax(axis=1).tolist()) for m in found if (m.max(axis=1) == 1).all()]
    assert pure == stable  # in lexicographic order


@given(table_of((2, 2)))
def test_a_mixture_makes_both_indifferent(table):
    found = [m for m in equilibria_of(anything(table)) if not (m.max(axis=1) == 1).all()]
    for mixture in found:
        assert table[..., 0] @ mixture[1] == pytest.approx((table[..., 0] @ mixture[1]).max())
        assert mixture[0] @ table[..., 1] == pytest.approx((mixture[0] @ table[..., 1]).max())
    assert len(found) <= 1


@pytest.mark.parametrize(("a", "b"), [(2, 1), (10, 1), (3, 2)])
def test_a_battle_has_three(a, b):
    battle = gl.normal_form(payoffs=[[[a, b], [0, 0]], [[0, 0], [b, a]]])
    first, mixed, second = equilibria_of(battle)
    assert first.tolist() == [[1, 0], [1, 0]]
    assert second.tolist() == [[0, 1], [0, 1]]
    assert mixed == pytest.approx(np.array([[a, b], [b, a]]) / (a + b))
    pay = mixed[0] @ stage_utilities(battle)[0].reshape(2, 2, 2)[..., 0] @ mixed[1]
    assert pay + stage_shift(battle) == pytest.approx(a * b / (a + b))


def stage_shift(game):
    """Return what ``stage_utilities`` leaves out, for player 0."""
    return game.flows["material"].by_profile[0, 0, 0, 0]


def test_matching_pennies_has_one_and_ties_have_none_that_mix():
    pennies = np.array([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], dtype=float)
    there, mixed = mixed_two_by_two(np.stack([pennies, np.zeros((2, 2, 2))]), np.full(2, 1e-9))
    assert there.tolist() == [True, False]
    assert mixed[0] == pytest.approx(0.5)
    assert len(equilibria_of(anything(np.zeros((2, 2, 2))))) == 4


@pytest.mark.parametrize("scale", [1e-6, 1, 1e6])
def test_equilibria_do_not_depend_on_units(scale):
    battle = gl.normal_form(
        payoffs=(scale * np.array([[[2, 1], [0, 0]], [[0, 0], [1, 2]]]) + 1e3 * scale).tolist()
    )
    assert len(equilibria_of(battle)) == 3
    assert equilibria_of(battle)[1] == pytest.approx(np.array([[2, 1], [1, 2]]) / 3)


@given(st.sampled_from([(2, 2), (3, 3), (2, 3)]).flatmap(table_of))
def test_strict_dominance_removes_no_equilibrium(table):
    left = survivors(anything(table))
    for mixture in equilibria_of(anything(table)):
        for i, own in enumerate(mixture):
            assert set(np.flatnonzero(own > 0)) <= set(left[i])


def test_the_dilemma_leaves_defection_and_altruism_or_a_fine_cooperation():
    game = draws.dilemma(rounds=1, observe="none")
    assert survivors(game) == [[1], [1]]
    assert survivors(gl.altruism(game, weight=0.7)) == [[0], [0]]
    fined = gl.graduated_sanctions(gl.monitoring(game, detection=1), fines=[2.5])
    assert survivors(fined) == [[0], [0]]
    assert [m.argmax(axis=1).tolist() for m in equilibria_of(fined)] == [[0, 0]]


def test_several_states_have_no_stage_equilibria():
    game = gl.monitoring(draws.dilemma(discount_factor=0.5), detection=1)
    with pytest.raises(GameError, match="4 states"):
        equilibria_of(gl.graduated_sanctions(game, fines=[1, 2]))
