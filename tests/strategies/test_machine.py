import example_games as examples
import numpy as np

from gamelab.strategies.machine import machine


def test_what_is_the_same_everywhere_is_laid_out():
    game = examples.ground("dilemma", "ladder")
    keep, leave = np.array([[[1.0, 0.0]]]), np.tile([0.5, 0.5], (3, 1, 1))
    follows = np.array([1, 0]).reshape(1, 2, 1, 1)
    automaton = machine(game, 0, "mine", ("a", "b"), [keep, leave], follows, start=1)
    assert automaton.start == 1
    assert automaton.action.shape == (3, 1, 2, 2)
    assert automaton.next.shape == (1, 2, 2, 16)
    assert (automaton.next[0, 0] == 1).all()
    assert (automaton.next[0, 1] == 0).all()


def test_states_of_the_game_stay_where_they_matter():
    game = examples.ground("dilemma", "ladder")
    by_state = np.tile([1.0, 0.0], (1, 4, 1))
    by_state[0, 3] = [0, 1]
    follows = np.zeros((4, 1, 1, 1))
    automaton = machine(game, 0, "mine", ("a",), [by_state], follows)
    assert automaton.action.shape == (1, 4, 1, 2)
    assert automaton.next.shape == (1, 1, 2, 16)
