"""Settings that change how many players there are: what is written for everybody is for all of them."""

import pytest
from group_games import GROUP, public_goods, threshold  # noqa: F401  the fixture

import gamelab as gl
from gamelab.errors import InputError
from gamelab.scenario import loads, profiles, same_profile

EVERYBODY = GROUP.replace(", [always_defect, always_defect, always_defect, always_defect]", "")
THREE = "[[[[3,3,3],[0,4,0]],[[0,0,4],[0,1,1]]],[[[4,0,0],[1,1,0]],[[1,0,1],[1,1,1]]]]"
TABLE = """
gamelab: 1
game: {kind: normal_form, payoffs: [[[3, 3], [0, 4]], [[4, 0], [1, 1]]], agreement: ['1', '1'], fallback: ['2', '2']}
time: {discount_factor: 0.9}
arrangements: {talk: {profiles: [grim, tit_for_tat]}}
"""

pytestmark = pytest.mark.usefixtures("public_goods")


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("game.size", 2),
        ("game.size", 3),
        ("size", 3),
        ("number", 3),
        pytest.param("number", 6, marks=pytest.mark.slow),
    ],
)
def test_everybody_is_whoever_plays_under_the_overrides(path, size):
    result = gl.run(loads(EVERYBODY), {path: size})
    talk = result.arrangements["talk"]
    assert talk.candidates[0].label == ["grim"] * size
    assert talk.quantity(talk.candidates[0], "critical_discount_factor") == pytest.approx(
        threshold(size, 1.5)
    )
    conduct = result.arrangements["open"].conduct
    assert conduct.label == ["grim"] * size
    assert list(conduct.to_dict()["payoffs"]) == [f"player_{k + 1}" for k in range(size)]


def test_in_fractions_too():
    talk = gl.run(loads(EVERYBODY), {"size": 3}, exact=True).to_dict()["arrangements"]["talk"]
    assert talk["exact"]["critical_discount_factor"] == "1/2"


def test_a_claim_may_change_it():
    claims = """
claims:
  - {arrangement: talk, profile: grim, quantity: critical_discount_factor, with: {number: 6},
     equals: (1 - benefit/size) / (benefit - benefit/size)}
  - {arrangement: talk, profile: grim, quantity: payoff, player: player_6, with: {size: 6}, equals: 1/2}
  - {arrangement: talk, profile: [grim, grim, grim, grim], quantity: payoff, player: player_4, equals: 1/2}
"""
    result = gl.check(loads(EVERYBODY + claims))
    assert [claim["holds"] for claim in result.claims] == [True] * 3
    shrunk = gl.check(loads(EVERYBODY + claims), {"size": 3}).claims  # with: goes before these
    assert [claim["holds"] for claim in shrunk] == [True, True, False]
    assert shrunk[-1]["value"] is None
    with pytest.raises(InputError, match="no player 'player_7'"):
        loads(EVERYBODY + claims.replace("player_6", "player_7"))
    with pytest.raises(InputError, match="no player 'player_4'; write player_1 or player_2"):
        loads(EVERYBODY + claims.replace("player_6", "player_4").replace("size: 6", "size: 2"))


def test_a_list_with_one_strategy_for_each_player_does_not_grow():
    with pytest.raises(InputError, match=r"talk.profiles.1: .*4 strategies given for 6 players") as refusal:
        gl.run(loads(GROUP, "f"), {"size": 6}).arrangements["talk"].conduct  # noqa: B018
    assert refusal.value.problems[0].line == 7


def test_names_of_players_are_for_their_number():
    named = loads(EVERYBODY + "players: [a, b, c, d]\n", "f")
    with pytest.raises(InputError, match="this stage game needs a list of 6 names"):
        gl.run(named, {"size": 6})
    assert list(gl.run(named, {"benefit": 3}).arrangements["talk"].game.players) == ["a", "b", "c", "d"]


def test_a_payoff_table_may_change_it():
    """Three players with a dilemma's incentives: 3 each, 4 for who deviates alone, 1 for all afterwards."""
    result = gl.run(
        loads(TABLE), {"payoffs": THREE, "agreement": "['1', '1', '1']", "fallback": "['2', '2', '2']"}
    )
    grim = result.arrangements["talk"].candidates[0]
    assert grim.label == ["grim"] * 3
    assert result.arrangements["talk"].quantity(grim, "critical_discount_factor") == pytest.approx(1 / 3)


def test_maps_follow():
    text = (
        EVERYBODY
        + """
maps:
  - x: {time.discount_factor: {from: 0.1, to: 0.9, points: 3}}
    y: {game.benefit: {from: 1.5, to: 1.7, points: 2}}
    show: {quantity: payoff, arrangement: talk, profile: grim, player: player_4}
"""
    )
    six = gl.run(loads(text), {"size": 6}).maps[0]
    assert six["numbers"][0][2] == pytest.approx(0.5)
    assert gl.run(loads(text), {"size": 3}).maps[0]["numbers"] == [[None] * 3] * 2


def test_labels_of_everybody_are_alike_however_many():
    assert same_profile(["grim"] * 2, ["grim"] * 5)
    assert same_profile(["grim", "comply"], ["grim", "comply"])
    assert not same_profile(["grim", "comply"], ["grim", "comply", "comply"])
    assert not same_profile(["grim"] * 2, ["comply"] * 2)
    assert not same_profile([{"stage_nash": {"equilibrium": 0}}], [{"stage_nash": {"equilibrium": 1}}])
    assert [p.label for p in profiles(loads(EVERYBODY), "talk", {"game.size": 7})] == [["grim"] * 7]
