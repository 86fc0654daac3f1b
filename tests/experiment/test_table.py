"""Which candidate is played: the default rule step by step, the named rules, and what a verdict rests on."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import gamelab as gl
from gamelab.errors import InputError
from gamelab.experiment.advice import notes
from gamelab.experiment.arrangements import name_of
from gamelab.experiment.selection import undominated
from gamelab.scenario import loads

BATTLE = """
gamelab: 1
game: {kind: battle, high: 6, low: 4, disagreement: 1}
time: {discount_factor: 0.9}
arrangements:
  committee:
    institutions: {convention: {rule: rotate, cost: 0.2}}
    profiles: [comply]
"""
PAYOFFS = """
gamelab: 1
game: {{kind: normal_form, actions: [A, B], tables: [[[{a}, {b}], [{c}, {d}]], [[{a}, {c}], [{b}, {d}]]]}}
time: {{discount_factor: 0.9}}
"""


def played(text, name="none"):
    """Return the name of what is played, the step, and the conduct's payoffs."""
    arrangement = gl.run(loads(text)).arrangements[name]
    return name_of(arrangement.conduct), arrangement.step, arrangement.conduct.value.payoffs.tolist()


def test_a_battle_without_a_rule_falls_to_its_mixed_equilibrium():
    """By hand: with a, b, c the favourite is played with (a-c)/(a+b-2c), which pays (ab-c^2)/(a+b-2c)."""
    name, step, payoffs = played(BATTLE)
    assert (name, step) == ("stage_nash", "uncontested")
    assert payoffs == pytest.approx([(6 * 4 - 1) / (6 + 4 - 2)] * 2)


def test_what_the_file_lists_goes_first_if_it_holds():
    listed = BATTLE.replace("arrangements:", "arrangements:\n  none: {profiles: [insist]}")
    assert played(listed)[:2] == ("insist", "agreed")
    fails = """
gamelab: 1
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.3}
arrangements: {none: {profiles: [always_cooperate, grim]}}
"""
    assert played(fails)[:2] == ("stage_nash", "uncontested"), "what is listed and fails changes nothing"


def test_nobody_contests_the_better_equilibrium_of_a_stag_hunt():
    assert played(PAYOFFS.format(a=4, b=0, c=3, d=2)) == ("stage_nash", "uncontested", [4, 4])


def test_where_all_are_contested_the_lowest_is_played_with_a_note():
    """By hand: hawk and dove with 3, 1, 5, 0: mixing (1/3) pays 5/3, which no pure equilibrium dominates."""
    text = PAYOFFS.format(a=3, b=1, c=5, d=0)
    name, step, payoffs = played(text)
    assert (name, step) == ("stage_nash", "contested") or step == "contested"
    assert payoffs == pytest.approx([5 / 3, 5 / 3])
    (note,) = [each for each in notes(gl.run(loads(text)).arrangements["none"]) if "prefer" in each]
    assert "different players prefer different equilibria" in note


@pytest.mark.parametrize(("rule", "joint"), [("best", 10), ("symmetric", 23 / 4), ("worst", 23 / 4)])
def test_named_rules(rule, joint):
    text = BATTLE.replace("arrangements:", f"selection: {rule}\narrangements:")
    assert sum(played(text)[2]) == pytest.approx(joint)
    assert played(text)[1] is None


def test_a_rule_of_one_arrangement_that_is_laxer_than_the_baselines_is_noted():
    text = BATTLE.replace("    profiles: [comply]", "    profiles: [comply]\n    selection: best")
    arrangement = gl.run(loads(text)).arrangements["committee"]
    assert "committee: its selection, best, is laxer than the baseline's, default" in notes(arrangement)
    assert not any("laxer" in each for each in notes(gl.run(loads(BATTLE)).arrangements["committee"]))


def test_a_verdict_that_hangs_on_the_selection_says_so():
    result = gl.run(loads(BATTLE)).to_dict()["arrangements"]["committee"]
    assert (result["workable"], result["robust"], result["guaranteed"]) == (True, False, False)
    assert "stage_nash(equilibrium=0) under none it would not be workable" in result["advice"]


@pytest.mark.parametrize("high", [10, 10.001])
@pytest.mark.parametrize("low", [6, 6.001])
def test_a_hair_flips_no_verdict_that_is_robust(high, low):
    text = BATTLE.replace("high: 6, low: 4", f"high: {high}, low: {low}")
    exact = {}
    for given_text in (text, text.replace("gamelab: 1", "gamelab: 1\nexact: yes")):
        report = gl.run(loads(given_text)).to_dict()["arrangements"]["committee"]
        exact[given_text] = (report["workable"], report["robust"], round(report["net_benefit"], 9))
    assert len(set(exact.values())) == 1, "floats and fractions agree"
    workable, robust, net = next(iter(exact.values()))
    # (ab - c^2)/(a+b-2c) each without a rule; the sum a + b less what the rule costs with it
    own = (high * low - 1) / (high + low - 2)
    assert net == pytest.approx(high + low - 0.4 - 2 * own, abs=1e-9)
    assert (workable, robust) == (True, False)


def test_fines_that_deter_are_guaranteed_and_promises_never():
    report = gl.run("formal_and_relational").to_dict()["arrangements"]
    assert [report[name]["guaranteed"] for name in ("none", "formal", "relational")] == [None, True, False]
    assert [report[name]["robust"] for name in ("none", "formal", "relational")] == [None, True, True]


def test_the_lead_over_the_next_best():
    """By hand: enforcement costs .416 of 4, relations nothing."""
    report = gl.run("formal_and_relational").to_dict()["arrangements"]
    leads = [report[name]["advantage"] for name in ("none", "formal", "relational")]
    assert leads == [None, pytest.approx(-0.416), pytest.approx(0.416)]
    battle = gl.run("battle").to_dict()["arrangements"]
    assert battle["understanding"]["workable"] is True
    assert battle["rule"]["advantage"] == pytest.approx(0.698, abs=5e-4)


@given(
    utilities=hnp.arrays(
        int, st.tuples(st.integers(1, 5), st.just(3), st.integers(2, 3)), elements=st.integers(0, 4)
    ),
    data=st.data(),
)
def test_contested_is_what_the_definition_says(utilities, data):
    k, b, _n = utilities.shape
    certified = data.draw(hnp.arrays(bool, (k, b)))
    free, contested = undominated(utilities.astype(float), certified, np.zeros((k, b)))
    for point in range(b):
        there = [c for c in range(k) if certified[c, point]]

        def better(c, d, point=point):
            gaps = utilities[c, point] - utilities[d, point]
            return (gaps >= 0).all() and (gaps > 0).any()

        best = [c for c in there if not any(better(d, c) for d in there)]
        disputed = {
            c
            for c, d in itertools.permutations(best, 2)
            if (utilities[c, point] > utilities[d, point]).any()
            and (utilities[d, point] > utilities[c, point]).any()
        }
        assert set(np.flatnonzero(free[:, point])) == set(best)
        assert set(np.flatnonzero(contested[:, point])) == disputed


def test_a_lead_is_over_what_is_workable():
    """By hand: the pure equilibrium pays 10 together, but nobody set it up; the committee pays 9.6."""
    text = BATTLE + "  luck: {selection: best}\n"
    report = gl.run(loads(text)).to_dict()["arrangements"]
    assert (report["luck"]["workable"], report["luck"]["advantage"]) == (False, None)
    assert report["luck"]["net_benefit"] == pytest.approx(10 - 23 / 4)
    assert report["committee"]["advantage"] == pytest.approx(9.6 - 23 / 4)


STAG = PAYOFFS.format(a=4, b=0, c=3, d=2)


@pytest.mark.parametrize("rule", ["risk_dominant", "potential"])
@pytest.mark.parametrize("exact", ["", "exact: yes\n"])
def test_the_safe_equilibrium_of_a_stag_hunt(rule, exact):
    """By hand: leaving the hunt alone costs 1, leaving the safe one 2; the potential is higher by 1 there."""
    arrangement = gl.run(loads(f"{STAG}selection: {rule}\n{exact}")).arrangements["none"]
    assert arrangement.conduct.value.payoffs.tolist() == [2, 2]
    assert arrangement.step is None


def test_where_nothing_risk_dominates_the_default_decides_with_a_note():
    text = BATTLE.replace("arrangements:", "selection: risk_dominant\narrangements:")
    _, step, payoffs = played(text)
    arrangement = gl.run(loads(text)).arrangements["none"]
    assert step in ("uncontested", None)
    if step:
        assert payoffs == pytest.approx([23 / 8] * 2)
        assert any("no candidate risk-dominates" in note for note in notes(arrangement))


def test_a_map_under_a_rule_that_weighs_candidates():
    """By hand: with a for the hunt, it risk-dominates from a - 3 = 2 on."""
    maps = "maps:\n  - {x: {game.tables.0.0.0: {from: 4, to: 6, points: 5}}, y: {game.tables.1.0.0: {from: 4, to: 6, points: 5}},"
    text = f"{STAG}selection: risk_dominant\n{maps} show: {{quantity: joint_payoff, arrangement: none}}}}\n"
    (drawn,) = gl.run(loads(text)).maps
    steps = np.linspace(4, 6, 5)
    expected = [[a + b if (a - 3) * (b - 3) >= 4 else 4 for a in steps] for b in steps]
    assert np.array(drawn["numbers"]) == pytest.approx(np.array(expected))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PAYOFFS.replace("{b}, {d}]]]", "{b}, {d}]]]").format(a=1, b=-1, c=-1, d=1), None),
        (
            "gamelab: 1\nselection: potential\ngame: {kind: normal_form, tables: [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]}\n"
            "time: {discount_factor: 0.5}\n",
            "selection: the stage game has no exact potential: along",
        ),
        (
            "gamelab: 1\nselection: risk_dominant\ngame: {kind: normal_form, payoffs: [[[[1, 1, 1], [0, 0, 0]], [[0, 0, 0], "
            "[0, 0, 0]]], [[[0, 0, 0], [0, 0, 0]], [[0, 0, 0], [1, 1, 1]]]]}\ntime: {discount_factor: 0.5}\n",
            "selection: risk_dominant compares candidates of two players, and here are 3",
        ),
        (BATTLE.replace("arrangements:", "selection: bets\narrangements:"), "did you mean 'best'?"),
    ],
)
def test_rules_that_a_game_does_not_admit(text, message):
    if message is None:
        loads(f"{text}selection: potential\n")
        return
    with pytest.raises(InputError) as refusal:
        loads(text)
    assert message in str(refusal.value)
