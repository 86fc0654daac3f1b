"""Laws about tolerances on games by hand; tests/testing/test_game_laws.py tries them on drawn ones."""

from fractions import Fraction

import pytest

from gamelab.testing import laws
from gamelab.testing.descriptions import Comparison, GameDescription, StageDescription
from gamelab.testing.laws import Engines
from gamelab.testing.laws.engines import solved_exactly

FAR = laws.named("far payoffs")
STATED = laws.named("stated eps")


def dilemma(factor, **settings):
    stage = StageDescription("prisoners_dilemma", settings)
    return GameDescription(stage, {"discount_factor": factor}, profile=["grim"] * 2)


def test_a_sucker_far_away_changes_nothing():
    """Grim needs (T-R)/(T-P) = 1/3, and 0.2 is less: it fails whatever S is."""
    described = dilemma(0.2, temptation=4, reward=3, punishment=1, sucker=-1)
    case = Comparison(described, "stage.sucker", (-1, -1e9))
    assert FAR.check(case) is None
    assert "holds where a payoff without a part is far away" in FAR.check(case, FAR.wrong).words


def test_a_payoff_that_plays_a_part_is_no_case():
    """At T = 3.5 grim needs 1/5, at T = 4 it needs 1/3: between the two the verdicts differ, as they should."""
    described = dilemma(0.3, temptation=3.5, reward=3, punishment=1, sucker=-1)
    assert FAR.check(Comparison(described, "stage.temptation", (3.5, 4))) is not None


@pytest.mark.parametrize("beside", [Fraction(-1, 10), Fraction(-1, 10**15), 0, Fraction(1, 10**15)])
def test_beside_an_edge_floats_and_fractions_differ_by_the_stated_eps_only(beside):
    gain = Fraction(1, 10**4)
    edge = gain / (2 + gain)
    case = dilemma(edge * (1 + beside), temptation=3 + gain, reward=3, punishment=1, sucker=0)
    assert STATED.check(case) is None
    # a tenth below the edge grim gains 1e-5: more than is stated, and what is lenient lets it pass
    assert (STATED.check(case, STATED.wrong) is not None) == (beside == Fraction(-1, 10))


def test_floats_may_say_that_they_do_not_know():
    def doubtful(text):
        results = solved_exactly(text)
        for candidate in results["arrangements"]["drawn"]["candidates"]:
            candidate["certificate"]["verdict"] = "undecided"
        return results

    case = dilemma(Fraction(1, 4), temptation=4, reward=3, punishment=1, sucker=0)
    assert STATED.check(case, Engines(run_exact=doubtful)) is None
    assert STATED.check(case, Engines(run_exact=None)) is None
