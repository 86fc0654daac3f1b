"""The joint chain: the joint states that some history reaches, in each round, and what follows what."""

import draws
import numpy as np
import pytest
import reference as ref
from hypothesis import given, settings
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model import budget
from gamelab.model.automaton import Automaton
from gamelab.solve import joint
from gamelab.solve.joint import chain_of, chains
from gamelab.strategies.profile import profile_of


def joint_states(chain, where=slice(None)):
    rows = np.column_stack([chain.state, chain.inner])[where]
    return [tuple(row) for row in rows.tolist()]


@settings(max_examples=up_to(100))
@given(draws.matches())
def test_joint_states_are_those_that_a_history_reaches(match):
    game, automata = match
    states = joint_states(chain_of(game, automata))
    assert len(set(states)) == len(states)
    plain_game, plain_automata = ref.both(game, automata)
    first = set(ref.first_joint_states(plain_game, plain_automata))
    assert set(states) == ref.closure(plain_game, plain_automata, first, on_path=False)
    if game.rounds is None:
        assert set(states) == ref.reachable(game, automata)


@settings(max_examples=up_to(60))
@given(draws.matches(rounds=draws.st.sampled_from([1, 2, 3, 5])))
def test_layers_are_what_is_visited_in_each_round(match):
    chain = chain_of(*match)
    by_round = [set(joint_states(chain, layer)) for layer in chain.layers]
    assert by_round == ref.reachable_by_round(*match)


@settings(max_examples=up_to(60))
@given(draws.matches())
def test_transitions_follow_the_automata(match):
    chain = chain_of(*match)
    game, automata = ref.both(*match)
    states = joint_states(chain)
    wanted = np.zeros((chain.size, chain.size))
    for x, here in enumerate(states):
        for profile, chance in ref.prescribed(game, automata, here):
            for _, probability, after in ref.following(game, automata, here, profile):
                wanted[x, states.index(after)] += chance * probability
    np.testing.assert_allclose(chain.transition(chain.weights)[0], wanted, rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        chain.start[0],
        [game.start.get(s[0], 0) * (s[1:] == tuple(a.start for a in automata)) for s in states],
    )


def test_grim_never_punishes_alone():
    game = draws.dilemma(discount_factor=0.9)
    assert joint_states(chain_of(game, profile_of(game, "grim"))) == [(0, 0, 0), (0, 1, 1)]


def test_what_has_probability_zero_is_not_reached_and_each_pattern_is_apart():
    misreading = np.array([0.0, 0.1, 0.0, 0.2])
    game = draws.dilemma(discount_factor=0.9, observe="private", misreading=misreading)
    parts = dict(
        (tuple(points.tolist()), chain.size) for points, chain in chains(game, profile_of(game, "grim"))
    )
    assert parts == {(0, 2): 2, (1, 3): 4}


def test_chunks_do_not_change_anything(monkeypatch):
    game = draws.dilemma(discount_factor=np.linspace(0, 0.9, 7), misreading=0.1)
    whole = gl.value(game, "tit_for_tat").payoffs
    monkeypatch.setattr(joint, "CHUNK", 1)
    assert len(list(chains(game, profile_of(game, "tit_for_tat")))) == 7
    np.testing.assert_allclose(gl.value(game, "tit_for_tat").payoffs, whole, rtol=1e-14)


def test_chains_of_a_small_batch_are_built_once(monkeypatch):
    game = draws.dilemma(discount_factor=0.9, observe="private", misreading=np.array([0.0, 0.1, 0.0, 0.2]))
    automata = profile_of(game, "grim")
    first = list(chains(game, automata))
    again = list(chains(game, list(automata)))
    assert [chain for _, chain in again] == [chain for _, chain in first]
    assert len(joint.KEPT) == 1
    others = [chain for _, chain in chains(game, profile_of(game, "grim"))]
    assert not {*others} & {chain for _, chain in first}
    assert list(joint.KEPT.values()) == [list(chains(*next(iter(joint.KEPT))))], "only the last batch is kept"


def test_chains_of_a_large_batch_are_not_kept(monkeypatch):
    game = draws.dilemma(discount_factor=np.linspace(0, 0.9, 7), misreading=0.1)
    automata = profile_of(game, "grim")
    one = joint.bytes_per_point(chain_of(game, automata))
    monkeypatch.setattr(joint, "CHUNK", 6 * one)
    parts = list(chains(game, automata))
    assert [points.tolist() for points, _ in parts] == [[0, 1, 2, 3, 4, 5], [6]]
    assert not joint.KEPT


def test_too_many_joint_states_are_refused_in_words(monkeypatch):
    game = draws.dilemma(discount_factor=0.9)
    automata = profile_of(game, [{"limited_punishment": {"rounds": k}} for k in (7, 11)])
    reached = chain_of(game, automata).size
    monkeypatch.setattr(budget, "MOST_JOINT_STATES", reached)
    assert chain_of(game, automata).size == reached
    monkeypatch.setattr(budget, "MOST_JOINT_STATES", reached - 1)
    with pytest.raises(
        GameError, match="the game has 1 state, the strategies have 8 x 12; fewer fines"
    ) as told:
        chain_of(game, automata)
    assert told.value.key == "profile"


def test_nothing_is_solved_of_what_has_too_many_joint_states():
    """Two machines of 64 states, one of which always moves on: 4,096 joint states."""
    game = draws.dilemma(discount_factor=0.9)
    states = tuple(f"q{q}" for q in range(64))
    action = np.tile([1.0, 0.0], (1, 1, 64, 1))
    on = (np.arange(64) + 1)[None, :, None, None] % 64
    always = np.broadcast_to(on, (1, 64, 2, 4))
    after_own = np.where(np.arange(2)[:, None] == 1, on, np.arange(64)[None, :, None, None])
    automata = [
        Automaton(name="clock", states=states, start=0, action=action, next=always),
        Automaton(name="counter", states=states, start=0, action=action,
                  next=np.broadcast_to(after_own, (1, 64, 2, 4))),
    ]  # fmt: skip
    for solve in (gl.certify, gl.value):
        with pytest.raises(GameError, match="more than 2,500 joint states, the limit, are reached"):
            solve(game, automata)


def test_rounds_count_as_work(monkeypatch):
    game = draws.dilemma(rounds=50, discount_factor=0.9)
    automata = profile_of(game, "grim")
    chain = chain_of(game, automata)
    steps = 50 * (20_000 + chain.size * 4 * len(chain.moves.outcome))
    monkeypatch.setattr(budget, "MOST_STEPS", steps)
    assert chain_of(game, automata).size == chain.size
    monkeypatch.setattr(budget, "MOST_STEPS", steps - 1)
    with pytest.raises(
        GameError, match=rf"50 rounds x \(20,000 \+ 2 joint states x 4 profiles .* {steps:,} steps"
    ) as told:
        chain_of(game, automata)
    assert told.value.key == "rounds"
