"""Entrants: names, families, and refusals that name who is refused."""

import draws
import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import GameError
from gamelab.simulate.tournament.entrants import entrants_of, numbered
from gamelab.strategies.profile import profile_of

GAME = draws.dilemma(discount_factor=0.9)


def generous(chance):
    return {"GTFT": {"generosity": chance}}


def test_entrants_that_differ_in_numbers_only_are_one_family():
    plans = [generous(0.1), "grim", generous(0.2), generous(1)]
    found = entrants_of(GAME, plans)
    assert found.names == ("GTFT(generosity=0.1)", "grim", "GTFT(generosity=0.2)", "GTFT(generosity=1)")
    for seat in (0, 1):
        members = sorted(family.members.tolist() for family in found.families[seat])
        assert members == [[0, 2, 3], [1]]
        for family in found.families[seat]:
            for k, place in enumerate(family.members):
                alone = profile_of(GAME, plans[place])[seat]
                np.testing.assert_array_equal(family.automaton.take(slice(k, k + 1)).action, alone.action)
                np.testing.assert_array_equal(family.automaton.next, alone.next)


def test_a_family_of_equal_members_has_a_point_for_each():
    found = entrants_of(GAME, ["always_defect", "always_cooperate", "always_defect"])
    ((family,), _) = found.families
    assert sorted(family.members.tolist()) == [0, 1, 2]
    assert len(family.automaton.action) == 3
    assert found.names == ("always_defect", "always_cooperate", "always_defect (2)")


def test_names_are_those_that_were_given():
    found = entrants_of(GAME, {"mild": generous(0.5), "harsh": "grim", "both": ["grim", generous(0)]})
    assert found.names == ("mild", "harsh", "both")
    assert entrants_of(GAME, {1: "grim", "1": "comply"}).names == ("1", "1 (2)")
    assert entrants_of(GAME, [["grim", "tit_for_tat"]]).names == ("grim / tit_for_tat",)
    automaton = profile_of(GAME, "grim")[0]
    assert entrants_of(GAME, [automaton, lambda game, i: automaton]).names == ("grim", "<lambda>")
    assert numbered(["a", "a (2)", "a"]) == ["a", "a (2)", "a (3)"]


def test_the_catalogue_is_played_by_those_that_the_game_admits():
    found = entrants_of(GAME)
    assert {"grim", "tit_for_tat", "comply", "always_defect"} <= set(found.names)
    assert set(found.left_out) == {"insist", "mix_then_alternate", "honour", "renege", "backward_induction"}
    assert "second" in found.left_out["honour"]
    unseen = entrants_of(draws.dilemma(discount_factor=0.9, observe="none"))
    assert "grim" in unseen.left_out
    assert set(unseen.names) == {"always_cooperate", "always_defect", "comply", "stage_nash"}


@pytest.mark.parametrize(
    ("plans", "words"),
    [
        (["grim", "honour"], "strategies: honour cannot play this game: honour is for the player who moves"),
        (
            ["grim", "grym"],
            "strategies: grym cannot play this game: profile: no strategy is called 'grym'; did",
        ),
        (
            [generous(0.5), generous(2)],
            r"generosity=2\) cannot play this game: generosity: 2 is not a number",
        ),
        ([generous(0.5), generous(float("nan"))], "generosity=nan.* cannot play"),
        ([generous(0.5), generous("much")], "cannot play this game: generosity: 'much'"),
        ([generous(0.5), generous(True)], "cannot play this game: generosity: True"),
        ([["grim", "grim", "grim"]], "grim cannot play this game: profile: 3 strategies given for 2 players"),
        ([{"grim": {"rounds": 2}}], "grim has no setting 'rounds'"),
        ([{"memory_one": {"cc": 1}}, {"memory_one": {"cc": 0}}], r"memory_one\(cc=1\) cannot.* needs 'cd'"),
        ([5], "5 cannot play this game"),
        ("grim", "strategies: write a list"),
        (3, "strategies: write a list"),
        ([], "strategies: none given"),
    ],
)
def test_refusals_name_the_entrant(plans, words):
    with pytest.raises(GameError, match=words):
        entrants_of(GAME, plans)


def test_an_automaton_of_another_game_is_refused():
    other = gl.repeated(gl.battle(high=2, low=1, disagreement=0), discount_factor=0.9, observe="private")
    with pytest.raises(GameError, match="does not fit"):
        entrants_of(draws.dilemma(discount_factor=0.9), [profile_of(other, "stage_nash")[0]])
