"""A round robin in batches pays every pair what that pair is paid alone."""

from dataclasses import replace
from fractions import Fraction

import draws
import numpy as np
import pytest
import reference as ref
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.simulate.tournament import round_robin
from gamelab.simulate.tournament.entrants import entrants_of
from gamelab.simulate.tournament.round_robin import solved
from gamelab.strategies.profile import profile_of


def same_as_alone(game, plans, limit_of_means=False):
    """Compare every number of a round robin with the value of the pair."""
    found = solved(game, entrants_of(game, plans), limit_of_means=limit_of_means)
    seats = [profile_of(game, plan) for plan in plans]
    for i, j in np.ndindex(len(plans), len(plans)):
        alone = gl.value(game, [seats[i][0], seats[j][1]], limit_of_means=limit_of_means)
        for line, amounts in alone.ledger.items():
            np.testing.assert_allclose(found.ledger[line][i, j], amounts, rtol=0, atol=1e-9, err_msg=line)
        np.testing.assert_allclose(found.cooperation[i, j], alone.cooperation, rtol=0, atol=1e-9)


@settings(max_examples=up_to(20))
@given(
    draws.SEEDS,
    st.sampled_from(["public", "private", "none"]),
    st.sampled_from([1, 2]),
    st.sampled_from([None, None, 1, 3]),
    st.lists(st.tuples(st.booleans(), st.integers(1, 4)), min_size=2, max_size=4),
)
def test_random_automata_in_random_games(seed, observe, states, rounds, kinds):
    generator = np.random.default_rng(seed)
    game = ref.random_game(generator, 2, observe, states, 1, rounds, deeds=seed % 2 == 0).replace(shape=())
    plans = [
        [ref.random_automaton(generator, game, seat, pure, size) for seat in (0, 1)] for pure, size in kinds
    ]
    same_as_alone(game, plans)
    if rounds is None:
        same_as_alone(game, plans, limit_of_means=True)


@settings(max_examples=up_to(13), deadline=None)
@given(
    st.sampled_from(sorted(draws.ARRANGEMENTS)),
    draws.grids(points=1),
    st.sampled_from([None, None, 4]),
    st.lists(st.sampled_from(draws.STRATEGIES), min_size=2, max_size=4, unique_by=str),
)
def test_strategies_of_the_catalogue_under_institutions(name, setting, rounds, plans):
    game = draws.arranged(name, {key: array[0] for key, array in setting.items()}, rounds)
    admitted = []
    for plan in plans:
        try:
            profile_of(game, plan)
        except GameError:
            continue
        admitted.append(plan)
    if admitted:
        same_as_alone(game, admitted)
        if rounds is None:
            same_as_alone(game, admitted, limit_of_means=True)


MEMORY_ONE = [
    {"memory_one": dict(zip(("cc", "cd", "dc", "dd", "first"), numbers, strict=True))}
    for numbers in [
        (1, 0, 1, 0, 1),
        (1, 1, 1, 1, 1),
        (0, 0, 0, 0, 0),
        (0.9, 0.2, 0.7, 0.1, 0.5),
        (1, 0, 0, 1, 0),
    ]
]


def test_automata_that_differ_in_where_they_start_only():
    game = draws.dilemma(discount_factor=0.6, observe="public")
    trusting = profile_of(game, "tit_for_tat")
    suspicious = [replace(own, name="suspicious", start=1 - own.start) for own in trusting]
    same_as_alone(game, [trusting, suspicious])
    found = gl.tournament(game, {"trusting": trusting, "suspicious": suspicious})
    # for ever S, T, S, T ...: the trusting one gets 0 at even and 5 at odd times
    assert found.payoffs[0, 1] == pytest.approx(5 * 0.6 / 1.6)
    assert found.payoffs[1, 1] == pytest.approx(1)


@pytest.mark.parametrize("observe", ["public", "private"])
@pytest.mark.parametrize("tremble", [0, 0.03])
def test_memory_one_of_all_patterns_of_zeros_in_one_batch(observe, tremble):
    game = draws.dilemma(discount_factor=0.8, observe=observe, tremble=tremble, misreading=tremble)
    same_as_alone(game, MEMORY_ONE)
    same_as_alone(game, MEMORY_ONE, limit_of_means=True)


def test_seats_and_discount_factors_may_differ():
    stage = gl.time_inconsistency(value=10, cost=2, payment=5)
    game = gl.repeated(stage, discount_factor=0.7)
    honest, sly = ["always_cooperate", "honour"], ["always_cooperate", "renege"]
    same_as_alone(game, [honest, sly, "always_defect", "grim"])
    factors = np.array(game.discount_factor)
    each = np.where(game.ends_round[:, None], [[0.9, 0.4]], 1.0)[None]
    assert factors.shape[1] == each.shape[1]
    same_as_alone(game.replace(discount_factor=each), [honest, sly, "always_defect", "grim"])


def test_memory_is_bounded_and_parts_change_nothing(monkeypatch):
    game = draws.dilemma(discount_factor=0.9, observe="private", misreading=0.1)
    generator = np.random.default_rng(5)
    names = ("cc", "cd", "dc", "dd", "first")
    plans = [{"memory_one": dict(zip(names, own))} for own in generator.random((7, 5)).tolist()]
    whole = solved(game, entrants_of(game, plans))
    monkeypatch.setattr(round_robin, "CHUNK", 1)
    told = []
    parts = solved(game, entrants_of(game, plans), progress=lambda done, total: told.append((done, total)))
    assert told == [(k, 49) for k in range(1, 50)]
    np.testing.assert_allclose(parts.ledger["material"], whole.ledger["material"], rtol=0, atol=1e-12)


def test_an_exact_game_pays_fractions():
    with gl.exactly():
        stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    game = gl.repeated(stage, discount_factor=Fraction(9, 10))
    found = gl.tournament(game, ["tit_for_tat", "always_defect"])
    assert found.payoffs.tolist() == [[3, Fraction(9, 10)], [Fraction(7, 5), 1]]
    assert [own.payoff for own in found.ranking] == [Fraction(39, 20), Fraction(6, 5)]
    assert found.equilibria.pure == ((0, 0), (1, 1))
    limit = gl.tournament(game, ["tit_for_tat", "always_defect"], limit_of_means=True)
    assert limit.payoffs.tolist() == [[3, 1], [1, 1]]
