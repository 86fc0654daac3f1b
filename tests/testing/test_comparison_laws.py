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
