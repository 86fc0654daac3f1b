import itertools
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import GameError
from gamelab.simulate.learning.arena import arena_of
from gamelab.strategies.profile import strategy_name

STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)


def test_a_square_table_is_a_game_that_looks_the_same_to_both():
    arena = arena_of([[3, 0], [5, 1]])
    assert arena.payoffs[0].tolist() == [[3, 3], [0, 5], [5, 0], [1, 1]]
    assert arena.actions == (("1", "2"), ("1", "2"))
    assert (arena_of(([[3, 0], [5, 1]], [[3, 5], [0, 1]])).payoffs == arena.payoffs).all()
    assert arena.cooperation is None


def test_tables_of_three_players():
    tables = np.arange(24.0).reshape(3, 2, 2, 2)
    arena = arena_of(tables)
    for k, profile in enumerate(itertools.product(range(2), repeat=3)):
        assert arena.payoffs[0, k].tolist() == [tables[(i, *profile)] for i in range(3)]
    for i in range(3):
        for a in range(2):
            others = [tables[(i, *rest[:i], a, *rest[i:])] for rest in itertools.product(range(2), repeat=2)]
            assert arena.table(i)[a].tolist() == others


def test_a_tournament_is_anything_with_names_and_payoffs():
    arena = arena_of(SimpleNamespace(names=["grim", "ALLD"], payoffs=np.array([[3.0, 0.5], [1.5, 1.0]])))
    assert arena.actions[1] == ("grim", "ALLD")
    assert arena.payoffs[0].tolist() == [[3, 3], [0.5, 1.5], [1.5, 0.5], [1, 1]]
    learned = gl.learn(
        SimpleNamespace(names=["a", "b"], payoffs=np.eye(2)), "reinforcement", rounds=3, groups=2
    )
    assert learned.actions[0] == ("a", "b")


def test_seats_of_a_tournament_may_differ():
    seats = np.arange(8.0).reshape(2, 2, 2)
    arena = arena_of(SimpleNamespace(names=["a", "b"], payoffs=seats.mean(axis=2), by_seat=seats))
    assert arena.payoffs[0].tolist() == [[0, 1], [2, 3], [4, 5], [6, 7]]


def test_the_actions_of_a_game():
    arena = arena_of(STAGE)
    assert arena.actions[0] == ("C", "D")
    assert arena.payoffs[0].tolist() == [[3, 3], [0, 5], [5, 0], [1, 1]]
    assert arena.cooperation.tolist() == [[1, 0.5, 0.5, 0]]


def test_every_line_but_regard_is_paid_and_all_are_cared_for():
    game = gl.repeated(STAGE, discount_factor=0.9)
    game = gl.monitoring(game, detection=0.9, cost=0.25)
    game = gl.altruism(game, weight=0.5)
    arena = arena_of(game)
    paid = np.array([[3, 3], [0, 5], [5, 0], [1, 1]]) - 0.25
    assert arena.payoffs[0] == pytest.approx(paid)
    assert arena.utilities[0] == pytest.approx(paid + 0.5 * paid[:, ::-1])


def test_strategies_of_a_repeated_game_pay_their_exact_values():
    game = gl.repeated(STAGE, discount_factor=0.9, misreading=0.05)
    strategies = ["grim", {"limited_punishment": {"rounds": 2}}, "always_defect"]
    arena = arena_of(game, strategies)
    assert arena.actions[0] == ("grim", "limited_punishment(rounds=2)", "always_defect")
    for k, pair in enumerate(itertools.product(strategies, repeat=2)):
        value = gl.value(game, list(pair))
        assert arena.payoffs[0, k] == pytest.approx(value.payoffs, abs=1e-12)
        assert arena.cooperation[0, k] == pytest.approx(value.cooperation, abs=1e-12)


def test_each_player_may_have_an_own_list():
    stage = gl.time_inconsistency(value=10, cost=2, payment=4)
    game = gl.repeated(stage, discount_factor=0.5)
    first, second = game.players
    lists = {second: ["honour", "renege"], first: ["always_cooperate", "grim", "always_defect"]}
    arena = arena_of(game, lists)
    assert arena.sizes == (3, 2)
    assert arena.payoffs[0, 0] == pytest.approx([2, 6])
    learned = gl.learn(game, "fictitious_play", strategies=lists, rounds=20, groups=5)
    assert learned.cooperation is not None


def test_exact_games_are_learned_in_floats():
    with gl.exactly():
        exact = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    arena = arena_of(exact)
    assert arena.payoffs.dtype == np.float64
    assert arena.payoffs[0].tolist() == [[3, 3], [0, 5], [5, 0], [1, 1]]
    with gl.exactly():
        game = gl.repeated(exact, discount_factor=Fraction(9, 10))
        learned = gl.learn(game, {"trust": {"prior": 0.3}}, rounds=3, groups=2)
        learned = gl.learn(game, "reinforcement", strategies=["grim", "always_defect"], rounds=3, groups=2)
        found = gl.quantal_response(game, precision=0.1)
    assert learned.payoffs.dtype == found.mixtures.dtype == np.float64


def test_names_of_strategies():
    automaton = __import__("gamelab.strategies.profile", fromlist=["x"]).profile_of(
        gl.repeated(STAGE, discount_factor=0.5), "grim"
    )[0]
    assert strategy_name(automaton) == "grim"
    assert strategy_name({"grim": None}) == "grim"
    assert strategy_name(lambda game, player: automaton) == "<lambda>"


@pytest.mark.parametrize(
    ("source", "strategies", "words"),
    [
        (None, None, "None given; write a game"),
        ("prisoners_dilemma", None, "'prisoners_dilemma' given"),
        ([1, 2, 3], None, "shape (3,) is no game"),
        (np.zeros((2, 3)), None, "shape (2, 3) is no game"),
        (np.zeros((3, 2, 2)), None, "shape (3, 2, 2) is no game"),
        (np.zeros((0, 0)), None, "is no game"),
        (([[1, 2]], [[1], [2]]), None, "tables of shapes (1, 2) and (2, 1)"),
        ([[1, float("nan")], [0, 1]], None, "is not a finite number"),
        ([["a", "b"], ["c", "d"]], None, "holds something that is no number"),
        (np.zeros((2, 1000, 1000)), None, "1,000,000 profiles, the limit is 100,000"),
        (SimpleNamespace(names=["a"], payoffs=np.eye(2)), None, "1 names and payoffs of shape (2, 2)"),
        (gl.repeated(STAGE, discount_factor=np.array([0.1, 0.2])), None, "this one is a grid"),
        (gl.repeated(STAGE, discount_factor=0.5), [], "at least one strategy"),
        (gl.repeated(STAGE, discount_factor=0.5), "grim", "write a list"),
        (gl.repeated(STAGE, discount_factor=0.5), ["grym"], "did you mean 'grim'"),
        (gl.repeated(STAGE, discount_factor=0.5), {"player_1": ["grim"]}, "no strategies given for player_2"),
        (gl.repeated(STAGE, discount_factor=0.5), {"player1": ["grim"]}, "did you mean 'player_1'"),
        (gl.repeated(STAGE, discount_factor=0.5), ["grim"] * 101, "10,201 profiles, the limit is 10,000"),
        (gl.time_inconsistency(value=10, cost=2, payment=4), None, "name strategies to choose among"),
    ],
)
def test_bad_sources_are_told_in_a_sentence(source, strategies, words):
    with pytest.raises(GameError) as told:
        arena_of(source, strategies)
    assert words in str(told.value)


def test_a_game_with_a_record_needs_strategies_or_trust():
    game = gl.repeated(STAGE, discount_factor=0.9, observe="none")
    game = gl.graduated_sanctions(gl.monitoring(game, detection=0.9), fines=[1, 2])
    for rule in ("reinforcement", "fictitious_play", "experience_weighted_attraction"):
        with pytest.raises(GameError, match="this game has 4"):
            gl.learn(game, rule, rounds=2, groups=2)
    with pytest.raises(GameError, match="this game has 4"):
        gl.quantal_response(game, precision=1)
    assert (
        gl.learn(
            game, "reinforcement", strategies=["comply", "always_defect"], rounds=2, groups=2
        ).cooperation
        is not None
    )
