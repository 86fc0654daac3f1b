"""Laws about comparisons on scenarios by hand; tests/testing/test_game_laws.py tries them on drawn ones."""

import dataclasses
from functools import partial

import pytest

from gamelab.testing import laws
from gamelab.testing.compared import ChangedScenario, ScenarioDescription, compared
from gamelab.testing.descriptions import GameDescription, StageDescription
from gamelab.testing.draws.compared_scenarios import with_stage
from gamelab.testing.laws import Engines

FINED = {
    "monitoring": {"detection": 1, "cost": 0.25},
    "graduated_sanctions": {"fines": [6]},
}


def scenario(payoffs, **arrangements):
    settings = {"payoffs": payoffs, "agreement": ["1", "1"], "fallback": ["2", "2"]}
    game = GameDescription(StageDescription("normal_form", settings), {"discount_factor": 0.5})
    return ScenarioDescription(game, {"none": {}, **arrangements})


@pytest.mark.parametrize("exact", [False, True])
def test_a_hair_that_flips_a_verdict(exact):
    """By hand: player 1 is indifferent between both equilibria, so that none is contested and 6 are gained.

    Once 3 is 3.001 they contest each other, and the baseline falls to the mixed one, about 3/2 + 6/5 = 2.7.
    Then fines pay, 5 - .5 = 4.5; in either pure equilibrium, 5.001 or 6, they do not: not robust.
    """
    before = scenario(
        [[[3, 2], [0, 0]], [[0, 0], [3, 3]]], fined={"institutions": FINED, "profiles": ["comply"]}
    )
    after = with_stage(before, payoffs=[[[3.001, 2], [0, 0]], [[0, 0], [3, 3]]])
    engine = partial(compared, exact=exact)
    found = [engine(one.scenario())["arrangements"]["fined"] for one in (before, after)]
    assert [one["workable"] for one in found] == [False, True]
    assert [one["robust"] for one in found] == [True, False]
    law = laws.named("hair")
    case = ChangedScenario(before, after, "3 becomes 3.001")
    assert law.check(case, Engines(compare=engine)) is None
    assert "robust" in law.check(case, law.wrong).words


def test_a_copy_of_what_is_agreed_is_another_action():
    """Player 1 likes to fall back, 4 in place of 3, but would pay -9 at once; by the copy it costs nothing."""
    payoffs = [[[3, 3], [0, 0]], [[-9, 0], [4, 1]]]
    before = scenario(payoffs, understanding={"profiles": ["grim"]})
    copied = with_stage(before, payoffs=[*payoffs, payoffs[0]])
    verdicts = [
        compared(one.scenario())["arrangements"]["understanding"]["candidates"][0]["verdict"]
        for one in (before, copied)
    ]
    assert verdicts == ["holds", "fails"]
    assert laws.named("duplicate actions").check(ChangedScenario(before, copied, "1 has a copy")) is not None


def test_where_candidates_tie_only_joint_amounts_are_compared():
    """(1, 3) and (3, 1) contest each other, and no other candidate pays less: the order decides who gets 3."""
    before = scenario([[[1, 3], [0, 0]], [[0, 0], [3, 1]]], understanding={"profiles": ["stage_nash"]})
    before = dataclasses.replace(before, selection="best")
    after = with_stage(
        before, payoffs=[[[3, 1], [0, 0]], [[0, 0], [1, 3]]], agreement=["2", "2"], fallback=["1", "1"]
    )
    assert laws.named("labels").check(ChangedScenario(before, after, "other names")) is None


@pytest.mark.parametrize("name", ["more alternatives", "not certified"])
def test_a_profile_that_is_listed_for_the_baseline(name):
    """Always 1 is an equilibrium for 4 in place of 6, and none in a dilemma."""
    meeting, dilemma = [[[2, 2], [0, 0]], [[0, 0], [3, 3]]], [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]
    fined = {"institutions": FINED, "profiles": ["comply"]}
    before = scenario(meeting if name == "more alternatives" else dilemma, fined=fined)
    rule = "best" if name == "more alternatives" else "default"
    before = dataclasses.replace(before, selection=rule)
    listed = {**before.arrangements, "none": {"profiles": ["always_cooperate"]}}
    case = ChangedScenario(before, dataclasses.replace(before, arrangements=listed), "one more is listed")
    law = laws.named(name)
    assert law.check(case) is None
    assert law.check(case, law.wrong) is not None


def test_the_next_best_must_be_workable():
    """By hand: 12/5 without an institution, 5 - .5 under fines, 5 where both fall back to what nobody agreed.

    So fines are best, with all of their net benefit, 2.1, as advantage: falling back keeps no agreement.
    """
    case = scenario(
        [[[3, 2], [0, 0]], [[0, 0], [2, 3]]],
        fined={"institutions": FINED, "profiles": ["comply"]},
        understanding={"profiles": ["stage_nash"]},
    )
    law = laws.named("advantage")
    found = compared(case.scenario())["arrangements"]
    assert found["fined"]["advantage"] == pytest.approx(2.1)
    assert found["understanding"]["advantage"] is None
    assert law.check(case) is None
    assert "the advantage of fined is -0.5" in law.check(case, law.wrong).words
