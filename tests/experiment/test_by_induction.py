"""The plan of backward induction as a candidate: in runs, claims, exact mode and maps."""

import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import InputError
from gamelab.experiment.advice import notes
from gamelab.scenario import loads

PROMISE = """
gamelab: 1
game: {kind: time_inconsistency, value: 10, cost: 2, payment: 4}
time: {rounds: 1}
preferences: {altruism: 0.7}
"""
LADDER = """
gamelab: 1
game: {kind: prisoners_dilemma, temptation: 4, reward: 3, punishment: 1, sucker: 0}
time: {rounds: 3, discount_factor: 0.9}
information: {observe: none}
arrangements:
  fined:
    institutions:
      monitoring: {detection: 0.9, false_alarm: 0.05, cost: 0.1}
      graduated_sanctions: {fines: [1, 12], forgiveness: 0.25}
    profiles: [comply]
"""


def labels(arrangement):
    return [candidate.label[0] for candidate in arrangement.candidates]


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("rounds", [1, 4])
def test_altruism_that_makes_somebody_be_exploited(exact, rounds):
    """The partner participates though the gainer will renege: 0.7 x 10 > 2. Nobody listed that."""
    claims = """
claims:
  - {arrangement: none, quantity: payoff, player: player_1, is: -2}
  - {arrangement: none, quantity: payoff, player: player_2, is: 10}
  - {arrangement: none, profile: backward_induction, quantity: max_gain, below: 0}
"""
    result = gl.run(loads(PROMISE + claims), {"rounds": rounds}, exact=exact)
    assert result.all_claims_hold
    none = result.to_dict()["arrangements"]["none"]
    assert none["profile"] == ["backward_induction"] * 2
    assert [candidate["certificate"]["verdict"] for candidate in none["candidates"]] == ["fails", "holds"]
    by_hand = gl.run(loads(PROMISE + "arrangements: {none: {profiles: [[always_cooperate, renege]]}}"))
    assert by_hand.arrangements["none"].conduct.label == ["always_cooperate", "renege"]


@pytest.mark.parametrize(
    ("weight", "proposed"), [(0, False), (0.2, False), (0.3, True), (1, False), (1.5, True)]
)
def test_it_is_a_candidate_where_it_is_the_only_plan_and_not_the_fallback(weight, proposed):
    """At w = c/V and at w = 1 somebody is indifferent; below c/V it is to decline and to renege, as agreed on."""
    none = gl.run(loads(PROMISE), {"altruism": weight}).arrangements["none"]
    assert labels(none) == ["stage_nash"] + ["backward_induction"] * proposed


def test_not_in_open_ended_games_nor_with_one_state():
    open_ended = gl.run(loads(PROMISE.replace("rounds: 1", "discount_factor: 0.9"))).arrangements["none"]
    assert labels(open_ended) == ["stage_nash"]
    assert "backward_induction" not in labels(gl.run(loads(LADDER)).arrangements["none"])


def test_a_plan_that_changes_with_the_round():
    """It is kept as it is where the discount factor or a cost varies: its margins are those of this plan."""
    result = gl.run(loads(LADDER)).to_dict()["arrangements"]["fined"]
    (found,) = [c for c in result["candidates"] if c["profile"] == ["backward_induction"] * 2]
    assert found["certificate"]["verdict"] == "holds"
    (interval,) = found["sustainable_discount_factors"]
    assert interval["from"] < 0.9 < interval["to"]
    least = interval["from"]
    arrangement = gl.run(loads(LADDER)).arrangements["fined"]
    game = arrangement.game
    (here,) = [c for c in arrangement.candidates if c.label == found["profile"]]
    for factor, verdict in ((least - 1e-6, "fails"), (least + 1e-6, "holds")):
        at = game.replace(discount_factor=np.full_like(game.discount_factor, factor))
        assert gl.certify(at, here.automata).verdict == verdict


def test_listed_in_the_file_it_is_refused_in_words_where_there_is_none():
    listed = PROMISE + "arrangements: {kept: {profiles: [backward_induction]}}\n"
    assert gl.run(loads(listed)).arrangements["kept"].conduct.label == ["backward_induction"] * 2
    with pytest.raises(
        InputError, match=r"f:6:34: arrangements.kept.profiles.0: .* no single plan here: in round 1"
    ):
        loads(listed.replace("0.7", "0.2"), "f")
    with pytest.raises(InputError, match="no last round"):
        loads(listed.replace("rounds: 1", "discount_factor: 0.9"), "f")


def test_long_games_say_that_it_is_not_tried():
    text = LADDER.replace("rounds: 3", "rounds: 2000").replace("profiles: [comply]", "profiles: []")
    arrangement = gl.run(loads(text)).arrangements["fined"]
    assert labels(arrangement) == ["stage_nash"]
    assert (
        "fined: backward induction is not tried: 2,000 rounds have 8,000 nodes, and 5,000 is the limit"
        in notes(arrangement)
    )


@pytest.mark.slow
def test_maps_have_it_where_runs_have_it():
    drawn = (
        PROMISE
        + """
maps:
  - x: {preferences.altruism: {from: 0, to: 1.5, points: 16}}
    y: {game.cost: {from: 1, to: 3, points: 3}}
    show: {quantity: payoff, arrangement: none, player: player_2}
"""
    )
    (found,) = gl.run(loads(drawn)).maps
    for i, cost in enumerate(found["y"]["values"]):
        for j, weight in enumerate(found["x"]["values"]):
            none = gl.run(loads(PROMISE), {"altruism": weight, "game.cost": cost}).arrangements["none"]
            assert found["numbers"][i][j] == pytest.approx(none.quantity(none.conduct, "payoff", "player_2"))
    crossing = [x for boundary in found["boundaries"] for line in boundary["lines"] for x, _ in line]
    assert crossing
