import re

import example_games as examples

import gamelab as gl


def rows(html):
    found = re.findall(r"<tr>(.*?)</tr>", html)
    return [re.findall(r"<t[hd]>(.*?)</t[hd]>", row) for row in found]


def test_two_players_see_a_table():
    html = examples.dilemma()._repr_html_()
    assert rows(html) == [["player_1 \\ player_2", "C", "D"], ["C", "3, 3", "0, 5"], ["D", "5, 0", "1, 1"]]
    assert "<caption>Game of player_1, player_2" in html


def test_two_players_with_different_actions():
    table = gl.normal_form(payoffs=[[[1, 1.5], [2, -2], [1e6, 3]]], actions=[["only"], ["a", "b", "c"]])
    assert rows(table._repr_html_())[1:] == [["only", "1, 1.5", "2, -2", "1000000, 3"]]


def test_three_players_see_a_list():
    found = rows(examples.team()._repr_html_())
    assert found[0] == ["", "ann, bob, cy"]
    assert len(found) == 9
    assert found[1] == ["(C, C, C)", "1.6, 1.6, 1.6"]
    assert found[-1] == ["(D, D, D)", "0, 0, 0"]


def test_a_repeated_game_shows_its_stage():
    assert rows(examples.ground("dilemma", "public noise")._repr_html_()) == rows(
        examples.dilemma()._repr_html_()
    )


def test_names_are_escaped():
    stage = gl.prisoners_dilemma(
        temptation=5, reward=3, punishment=1, sucker=0, players=["<b>a</b>", "b&c"], actions=["<i>", "&"]
    )
    html = stage._repr_html_()
    assert "<b>" not in html
    assert "<i>" not in html
    assert "&lt;i&gt;" in html
    assert "b&amp;c" in html


def test_rounds_of_two_moves_are_listed_move_by_move():
    assert rows(examples.trust()._repr_html_()) == [
        ["", "", "player_1, player_2"],
        ["partner moves", "participate", "0, 0"],
        ["partner moves", "decline", "0, 0"],
        ["gainer moves", "honour", "2, 6"],
        ["gainer moves", "renege", "-2, 10"],
    ]
