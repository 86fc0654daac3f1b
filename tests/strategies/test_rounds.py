"""Machines that count rounds, played against an interpreter that keeps what it saw in a dictionary."""

import example_games as examples
import numpy as np
import playing
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

from gamelab.strategies.rounds import machine_by_round

GROUNDS = [("trust", "public noise"), ("trust", "tremble"), ("trust", "ladder"), ("dilemma", "public noise"),
           ("team", "transparent"), ("battle", "lottery")]  # fmt: skip


@pytest.mark.parametrize(("stage", "ground"), GROUNDS)
@settings(max_examples=up_to(25))
@given(data=st.data())
def test_what_was_seen_in_a_round_counts_from_the_next_one_on(stage, ground, data):
    game = examples.ground(stage, ground)
    player = data.draw(st.integers(0, game.n - 1), label="player")
    kinds = data.draw(st.integers(1, 3), label="kinds of round")
    m = data.draw(st.integers(1, 2), label="things to see")
    generator = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1), label="seed"))
    A, V = game.allowed.shape[2], int(game.views[player].max()) + 1
    seen = generator.random((len(game.states), A, V, m)) < 0.5
    table = {
        (q, event): int(generator.integers(kinds)) for q in range(kinds) for event in np.ndindex(*[2] * m)
    }
    allowed = game.allowed[:, player]
    actions = [allowed * generator.random(allowed.shape) for _ in range(kinds)]
    actions = [(row / row.sum(axis=-1, keepdims=True))[None] for row in actions]
    automaton = machine_by_round(
        game, player, "drawn", tuple(f"kind {q}" for q in range(kinds)), actions, seen,
        lambda q, event: table[q, tuple(map(int, event))], [f"thing {k}" for k in range(m)],
    )  # fmt: skip
    automaton.fits(game, player)
    assert len(set(automaton.states)) == len(automaton.states)
    history = data.draw(playing.rounds_of(stage, ground), label="history")

    memory = {"kind": 0, "saw": set()}
    for event, s in zip(history, playing.states_of(game, history), strict=False):
        v = game.views[player, game.outcomes.index(event.name(game))]
        memory["saw"] |= {k for k in range(m) if seen[s, event.chosen[player], v, k]}
        if game.ends_round[s]:
            happened = tuple(int(k in memory["saw"]) for k in range(m))
            memory = {"kind": table[memory["kind"], happened], "saw": set()}
    action, s = playing.played(game, player, automaton, history)
    np.testing.assert_allclose(action, actions[memory["kind"]][0, s])


def test_one_move_a_round_needs_no_memory_within_it():
    game = examples.ground("dilemma", "public")
    actions = [np.array([[[1.0, 0]]]), np.array([[[0.0, 1]]])]
    seen = np.zeros((1, 2, 4, 1), dtype=bool)
    automaton = machine_by_round(game, 0, "two", ("a", "b"), actions, seen, lambda q, _: q, ("it",))
    assert automaton.states == ("a", "b")


def test_names_say_what_was_seen():
    game = examples.ground("trust", "public")
    actions = [np.array([[[1.0, 0]] * 3])]
    seen = np.zeros((1, 2, 1, 2), dtype=bool)[:, :, [0] * (int(game.views[0].max()) + 1)]
    automaton = machine_by_round(game, 0, "one", ("a",), actions, seen, lambda q, _: q, ("ann", "bob"))
    assert automaton.states == (
        "a", "a; saw bob deviate", "a; saw ann deviate", "a; saw ann deviate; saw bob deviate",
    )  # fmt: skip
