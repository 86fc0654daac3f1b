import doctest
import re
from fractions import Fraction

import example_games as examples

import gamelab as gl
from gamelab.model import payoff_text
from gamelab.model.payoff_text import as_text


def words(game, **options):
    return [re.split(r"  +", line) for line in as_text(game, **options).splitlines()]


def test_text_for_two_players_is_the_table():
    assert words(examples.dilemma()) == [
        ["player_1 \\ player_2", "C", "D"],
        ["C", "3, 3", "0, 5"],
        ["D", "5, 0", "1, 1"],
    ]
    assert doctest.testmod(payoff_text).failed == 0


def test_text_for_three_players_is_a_list():
    lines = words(examples.team())
    assert lines[0] == ["", "ann, bob, cy"]
    assert ["C, C, C", "1.6, 1.6, 1.6"] in lines
    assert len(lines) == 9


def test_text_shows_each_state_that_differs_with_what_can_be_done_there():
    stage = gl.time_inconsistency(value=5, cost=1, payment=2)
    lines = as_text(gl.repeated(stage, discount_factor=0.9)).splitlines()
    assert [line for line in lines if line.startswith("in ")] == [
        "in partner moves:",
        "in gainer moves:",
        "in gainer waits:",
    ]
    gainer = [re.split(r"  +", line) for line in lines[lines.index("in gainer moves:") + 1 :][:3]]
    # t - c, V - t; -c, V
    assert gainer == [["", "player_1, player_2"], ["honour", "1, 3"], ["renege", "-1, 5"]]
    assert lines[-1].startswith("(no choice)  0, 0")


def test_text_of_a_game_with_records_is_that_of_its_stage():
    game = examples.ground("dilemma", "public noise")
    game = gl.graduated_sanctions(gl.monitoring(game, detection=0.9), fines=[1, 2])
    assert len(game.states) > 1
    assert as_text(game) == as_text(examples.dilemma())


def test_long_text_is_cut():
    table = gl.normal_form(payoffs=[[[i, j] for j in range(40)] for i in range(40)], fallback=["1", "1"])
    lines = as_text(table, 10).splitlines()
    assert len(lines) == 10
    assert lines[-1] == "... and 32 more lines"  # 41 in all
    assert max(map(len, lines)) <= 110


def test_a_game_prints_its_table():
    """All digits that tell two payoffs apart are there, and fractions as they are."""
    game = gl.normal_form(tables=[[[1000001, 1000002]], [[1 / 3, -2.5]]])
    assert str(game).splitlines()[1] == "1  1000001, 0.3333333333"
    assert repr(game).startswith("<Game of player_1, player_2")
    with gl.exactly():
        exact = gl.normal_form(tables=[[[1, 2]], [[Fraction(1, 3), Fraction(-5, 2)]]])
    assert str(exact).splitlines()[1] == "1  1, 1/3"
    assert "1, 1/3" in exact._repr_html_()


def test_of_a_grid_the_first_game_is_printed_and_named_so():
    lines = str(gl.prisoners_dilemma(temptation=[5, 6], reward=3, punishment=1, sucker=0)).splitlines()
    assert lines[0] == "the first of 2 games:"
    assert lines[-1].split()[1:] == ["5,", "0", "1,", "1"]
