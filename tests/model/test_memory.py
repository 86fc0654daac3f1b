"""Memory: an answer is found once for each game, and goes when the game goes."""

import gc
import weakref

import draws
import numpy as np

from gamelab.model.memory import once


def test_answers_are_found_once_and_for_each_game_alone():
    asked = []

    @once
    def players(game):
        asked.append(game)
        return len(asked)

    first, second = draws.dilemma(discount_factor=0.9), draws.dilemma(discount_factor=0.9)
    assert [players(first), players(second), players(first), players(second)] == [1, 2, 1, 2]
    changed = first.replace(discount_factor=np.array([[[0.5]]]))
    assert players(changed) == 3
    assert asked == [first, second, changed]


def test_each_of_several_questions_about_a_game_has_its_own_answer():
    asked = []

    @once
    def level(game, player, *, upward=True):
        asked.append((player, upward))
        return len(asked)

    game = draws.dilemma(discount_factor=0.9)
    questions = [level(game, 0), level(game, 1), level(game, 0, upward=False), level(game, 0)]
    assert (questions, asked) == ([1, 2, 3, 1], [(0, True), (1, True), (0, False)])


def test_games_are_not_kept():
    found = once(lambda game: game.n)
    game = draws.dilemma(discount_factor=0.9)
    assert found(game) == 2
    gone = weakref.ref(game)
    del game
    gc.collect()
    assert gone() is None
