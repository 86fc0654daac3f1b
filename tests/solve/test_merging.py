"""Merged joint states: fewer of them, and the same values."""

import draws
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamelab.model.automaton import Automaton
from gamelab.solve.joint import chain_of
from gamelab.solve.merging import merged
from gamelab.solve.values import chain_value
from gamelab.strategies.profile import profile_of


def same_values(one, other):
    (worth, share), (again, shared) = chain_value(one), chain_value(other)
    for line, amounts in worth.items():
        np.testing.assert_allclose(again[line], amounts, rtol=0, atol=1e-9)
    np.testing.assert_allclose(shared, share, rtol=0, atol=1e-9)


@settings(max_examples=80)
@given(draws.matches())
def test_neither_leaving_out_nor_merging_changes_values(match):
    game, automata = match
    everywhere, on_path = chain_of(game, automata), chain_of(game, automata, on_path=True)
    assert merged(on_path).size <= on_path.size <= everywhere.size
    same_values(everywhere, on_path)
    same_values(on_path, merged(on_path))


def doubled(automaton, generator):
    """Return an automaton that does the same with every state there twice, and twins chosen at random."""
    Q = len(automaton.states)
    follows = np.concatenate([automaton.next, automaton.next], axis=1)
    return Automaton(
        name="doubled",
        states=automaton.states + tuple(f"{name} again" for name in automaton.states),
        start=automaton.start,
        action=np.concatenate([automaton.action, automaton.action], axis=2),
        next=follows + Q * generator.integers(0, 2, size=follows.shape),
    )


@settings(max_examples=60)
@given(draws.matches(), st.integers(0, 99))
def test_twins_of_states_make_no_difference(match, seed):
    game, automata = match
    generator = np.random.default_rng(seed)
    once = merged(chain_of(game, automata, on_path=True))
    twice = merged(chain_of(game, [doubled(own, generator) for own in automata], on_path=True))
    assert twice.size == once.size
    same_values(once, twice)


def test_what_is_left():
    game = draws.dilemma(discount_factor=0.9, tremble=0.1)
    constant = {"memory_one": {"cc": 0.4, "cd": 0.4, "dc": 0.4, "dd": 0.4, "first": 0.4}}
    chain = chain_of(game, profile_of(game, [constant, constant]), on_path=True)
    assert (chain.size, merged(chain).size) == (5, 1)
    chain = chain_of(game, profile_of(game, ["tit_for_tat", constant]), on_path=True)
    assert merged(chain).size == 2
    chain = chain_of(game, profile_of(game, "win_stay_lose_shift"), on_path=True)
    assert merged(chain).size == 2


def test_play_without_noise_stays_on_its_path():
    game = draws.dilemma(discount_factor=0.9)
    punishing = profile_of(game, [{"limited_punishment": {"rounds": 30}}, "grim"])
    assert chain_of(game, punishing).size > 30
    assert chain_of(game, punishing, on_path=True).size == 1


def test_large_punishments_merge_where_the_other_does_not_care():
    game = draws.dilemma(discount_factor=0.9, tremble=0.05)
    long = profile_of(game, [{"limited_punishment": {"rounds": 12}}, "always_defect"])
    chain = chain_of(game, long, on_path=True)
    assert merged(chain).size == chain.size == 13  # each round of a punishment has its own future
    assert chain_value(merged(chain))[0]["material"] == pytest.approx(chain_value(chain)[0]["material"])
