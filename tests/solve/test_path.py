"""The path of play against plain loops over histories, and against closed forms."""

import doctest

import draws
import numpy as np
import pytest
import reference as ref
from hypothesis import given, settings
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.solve import path
from gamelab.solve.path import path_of_play
from gamelab.strategies.profile import profile_of

STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)


def close(numbers, wanted):
    np.testing.assert_allclose(np.asarray(numbers, float), np.asarray(wanted, float), rtol=1e-9, atol=1e-9)


def test_examples_in_docstrings():
    assert doctest.testmod(path).failed == 0


def through_one_round(game, automata, entered):
    """Return the chance of each joint state to be visited in a round, and of each to open the next one."""
    visits, opened, inside = {}, {}, dict(entered)
    for _ in range(len(game.states) + 1):
        step = {}
        for joint, chance in inside.items():
            visits[joint] = visits.get(joint, 0) + chance
            for profile, weight in ref.prescribed(game, automata, joint):
                for _, probability, later in ref.following(game, automata, joint, profile):
                    to = opened if game.ends_round[joint[0]] else step
                    to[later] = to.get(later, 0) + chance * weight * probability
        inside = step
    return visits, opened


def by_loops(game, automata, levels, rounds):
    """Return cooperation, payoffs and levels of each round, from dictionaries."""
    entered = dict(ref.first_joint_states(game, automata))
    found = []
    for _ in range(rounds):
        visits, opened = through_one_round(game, automata, entered)
        kept = moves = 0.0
        paid = np.zeros(game.players)
        for joint, chance in visits.items():
            s = joint[0]
            for profile, weight in ref.prescribed(game, automata, joint):
                for line, kind in game.lines.items():
                    if kind != "regard":
                        paid += chance * weight * np.array(game.payoffs[line, s, profile][: game.players])
                for i in range(game.players):
                    if game.agreement[s, i] >= 0:
                        moves += chance * weight
                        for y, probability in game.lottery[s, profile]:
                            deed = game.deeds[i, y] if game.deeds[i, y] >= 0 else profile[i]
                            kept += chance * weight * probability * (deed in game.keeps[s, i])
        level = []
        for i in range(game.players):
            there = {j: chance for j, chance in entered.items() if levels[j[0], i] >= 0}
            mass = sum(there.values())
            total = sum(chance * levels[j[0], i] for j, chance in there.items())
            level.append(total / mass if mass > 1e-12 else np.nan)
        found.append((kept / moves if moves > 0 else np.nan, paid, level))
        entered = opened
    return found


@settings(max_examples=up_to(60))
@given(draws.matches())
def test_every_round_equals_plain_loops(match):
    game, automata = match
    rounds = 4 if game.rounds is None else min(4, game.rounds)
    found = path_of_play(game, automata, rounds)
    wanted = by_loops(*ref.both(game, automata), game.levels, rounds)
    close(found.cooperation, [each[0] for each in wanted])
    close(found.payoffs, [each[1] for each in wanted])
    close(found.levels, [each[2] for each in wanted])


@pytest.mark.parametrize("e", [0.0, 0.02, 0.3])
def test_grim_under_misreading_falls_geometrically(e):
    game = gl.repeated(STAGE, discount_factor=0.9, misreading=e)
    found = path_of_play(game, profile_of(game, "grim"), 30)
    kept = (1 - e) ** (2 * np.arange(30))
    close(found.cooperation, kept)
    close(found.payoffs, np.outer(3 * kept + 1 * (1 - kept), [1, 1]))
    assert np.isnan(found.levels).all()


def test_discounted_rounds_add_up_to_the_value():
    game = gl.monitoring(gl.repeated(STAGE, discount_factor=0.8), detection=0.9, false_alarm=0.1, cost=0.2)
    game = gl.graduated_sanctions(game, fines=[1, 4], forgiveness=0.3, cost_per_act=0.1)
    found = path_of_play(game, profile_of(game, "comply"), 200)
    weights = 0.2 * 0.8 ** np.arange(200)
    close(weights @ found.payoffs, gl.value(game, "comply").payoffs)
    close(weights @ found.cooperation, gl.value(game, "comply").cooperation)


def test_a_level_rises_and_falls_as_a_chain_of_two():
    f, g = 0.2, 0.5
    game = gl.monitoring(gl.repeated(STAGE, discount_factor=0.8), detection=0.9, false_alarm=f)
    game = gl.graduated_sanctions(game, fines=[3, 4], forgiveness=g)
    found = path_of_play(game, profile_of(game, "comply"), 12).levels
    high = [0.0]
    for _ in range(11):
        high.append(high[-1] * (1 - (1 - f) * g) + (1 - high[-1]) * f)
    close(found, np.outer(high, [1, 1]))


def test_a_record_that_ended_counts_no_more():
    game = gl.monitoring(gl.repeated(STAGE, discount_factor=0.8), detection=1)
    game = gl.graduated_sanctions(game, fines=[1, 1], after_last="end")
    found = path_of_play(game, profile_of(game, "always_defect"), 4)
    close(found.levels, [[0, 0], [1, 1], [np.nan, np.nan], [np.nan, np.nan]])
    close(found.cooperation, [0, 0, np.nan, np.nan])


def test_a_short_game_has_a_short_path():
    game = gl.repeated(STAGE, rounds=3)
    assert len(path_of_play(game, profile_of(game, "grim"), 40).cooperation) == 3


def test_a_grid_is_refused():
    game = gl.repeated(STAGE, discount_factor=[0.5, 0.9])
    with pytest.raises(GameError, match="one game at a time"):
        path_of_play(game, profile_of(game, "grim"), 3)
