"""Every law about engines holds for ours and rejects its wrong engines; its conditions are needed."""

import dataclasses

import hypothesis
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.testing import draws, laws
from gamelab.testing.descriptions import Comparison, GameDescription, StageDescription
from gamelab.testing.laws import GAME_LAWS, Engines
from gamelab.testing.laws.comparison_laws import COMPARISON_LAWS
from gamelab.testing.laws.engines import solved
from gamelab.testing.plain_play import best_automaton_value, plain_values

SLOW = ("grim and", "units", "break-even", "exact", "stated")
SELDOM = ("more alternatives", "not certified", "advantage")
"""Cases that show what is wrong are rare among the draws; test_comparison_laws.py has some by hand."""
EACH_LAW = pytest.mark.parametrize("law", GAME_LAWS, ids=lambda law: law.name)
DILEMMA = StageDescription("prisoners_dilemma", dict(temptation=5, reward=3, punishment=1, sucker=0))


def examples_of(law):
    if law in COMPARISON_LAWS:
        return 2
    return 2 if law.name.startswith("exact") else 4 if law.name.startswith(SLOW) else up_to(12)


BY_COST = pytest.mark.parametrize(
    "law",
    [
        pytest.param(law, id=law.name, marks=[pytest.mark.slow] * (law.name in ("break-even", "stated eps")))
        for law in GAME_LAWS
    ],
)


@BY_COST
def test_ours_obeys_every_law(law):
    @settings(max_examples=examples_of(law))
    @given(law.cases())
    def holds(case):
        finding = law.check(case)
        assert finding is None, finding

    holds()


@BY_COST
def test_each_law_rejects_its_wrong_engines(law):
    if law.name == "exact and float agree":
        engines = dataclasses.replace(law.wrong, run=lambda text: solved(text))
        described = GameDescription(
            DILEMMA, {"discount_factor": 0.9}, {"observe": "none"},
            {"monitoring": {"detection": 1, "cost": 2.5, "paid_by": "authority"},
             "graduated_sanctions": {"fines": [4]}}, 0, ["comply", "comply"],
        )  # fmt: skip
        assert law.check(described, engines) is not None
        return
    found = hypothesis.find(
        law.cases(),
        lambda case: law.check(case, law.wrong) is not None,
        settings=settings(
            max_examples=400,
            database=None,
            derandomize=True,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    finding = law.check(found, law.wrong)
    assert finding.words
    assert finding.snippet()
    assert law.check(found) is None


@EACH_LAW
def test_laws_are_documented(law):
    assert law.statement
    assert law.source
    if "docstring" in law.source:
        assert "Proof" in law.broken.__doc__
    assert laws.named(law.name) is law


def test_without_exact_engines_nothing_is_compared():
    law = laws.named("exact and float agree")
    described = GameDescription(DILEMMA, {"discount_factor": 0.5}, profile=["grim", "grim"])
    assert law.check(described, Engines(run_exact=None, run=None)) is None
    assert law.check(described, Engines(run_exact=solved)) is None


# ------------------------------------------------------------------------------------- plain play by closed form


def test_plain_play_by_hand():
    game = gl.repeated(DILEMMA.build(), discount_factor=0.5)
    automata = GameDescription(DILEMMA, {}, profile=["tit_for_tat", "always_defect"]).automata(game)
    assert plain_values(game, automata)["material"] == pytest.approx([0.5, 0.5 * 5 + 0.5 * 1, 0])
    finite = gl.repeated(DILEMMA.build(), rounds=2)
    assert plain_values(finite, automata)["material"] == pytest.approx([0.5, 3, 0])


def test_the_best_automaton_against_grim():
    """Against grim one defects for ever, 5(1-d) + d, or never: 3."""
    for factor in (0.25, 0.75):
        game = gl.repeated(DILEMMA.build(), discount_factor=factor)
        automata = GameDescription(DILEMMA, {}, profile=["grim", "grim"]).automata(game)
        assert best_automaton_value(game, automata, 0) == pytest.approx(max(3, 5 * (1 - factor) + factor))


# ------------------------------------------------------------------------------------ conditions that are needed

HATED = StageDescription(
    "normal_form",
    {"payoffs": [[[0, 0], [0, 0]], [[0, 0], [5, 5]]], "agreement": ["1", "1"], "fallback": ["2", "2"]},
)
LADDERS = {
    "detection below false alarm": (DILEMMA, {"detection": 0, "false_alarm": 0.5}, {"fines": [1]}),
    "fines that fall": (
        DILEMMA,
        {"detection": 0.5, "false_alarm": 0.4},
        {"fines": [9, 0], "forgiveness": 0.5},
    ),
    "an end that is liked": (
        HATED,
        {"detection": 0.9, "false_alarm": 0.5},
        {"fines": [0], "after_last": "end"},
    ),
}


@pytest.mark.filterwarnings("ignore::gamelab.errors.GamelabWarning")
@pytest.mark.parametrize("name", LADDERS)
def test_the_ladder_needs_its_conditions(name):
    """Without any one of them some ladder makes deviating pay more than no ladder does."""
    stage, watch, ladder = LADDERS[name]
    institutions = {"monitoring": watch, "graduated_sanctions": ladder}
    time, information = {"discount_factor": 0.9}, {"observe": "none"}
    described = GameDescription(stage, time, information, institutions, 0, ["comply", "comply"])
    assert laws.named("ladder").check(described) is not None


def test_a_better_signal_can_raise_the_threshold_of_grim():
    """What was thought to be a law and is none: garbled findings, q and f times 0.8, make grim hold earlier."""
    stage = StageDescription("prisoners_dilemma", dict(temptation=5, reward=4, punishment=0, sucker=-1))

    def threshold(b):
        watch = {"detection": b, "false_alarm": 0.45 * b}
        game = GameDescription(
            stage, {"discount_factor": 0.5}, {"observe": "none"}, {"monitoring": watch}
        ).build()
        return gl.critical_discount_factor(game, "grim")

    def formula(b):
        f, q = 0.45 * b, b
        return 1 / ((1 - f) ** 2 + (1 - f) * (q - f) * 4)

    for b in (1, 0.8):
        assert threshold(b) == pytest.approx(formula(b), abs=1e-7)
    assert threshold(0.8) < threshold(1) - 0.005


@given(draws.blackwell_pairs(), draws.lotteries(2), st.data())
def test_blackwell_a_garbled_signal_is_never_worth_more(pair, prior, data):
    better, worse = pair
    numbers = st.lists(draws.fractions(), min_size=2, max_size=2).map(tuple)
    payoffs = tuple(data.draw(st.lists(numbers, min_size=1, max_size=3)))
    for structure in pair:
        assert all(sum(row) == 1 and min(row) >= 0 for row in structure.chances)
    assert better.best_payoff(prior, payoffs) >= worse.best_payoff(prior, payoffs)


def test_a_comparison_builds_the_game_at_each_value():
    described = GameDescription(DILEMMA, {"discount_factor": 0.5}, profile=["grim", "grim"])
    comparison = Comparison(described, "time.discount_factor", (0.2, 0.7))
    found = [float(game.build().one_discount[0, 0]) for game in comparison.each()]
    np.testing.assert_allclose(found, [0.2, 0.7])
    assert "compared with 0.7" in comparison.scenario()
    assert comparison.snippet().count("gl.repeated") == 2
