"""Scenarios in fractions: both forms agree, claims are decided without rounding, knife edges are told."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gamelab as gl
from gamelab.scenario import loads, packaged

F = Fraction

FILE = """
gamelab: 1
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
information: {observe: none}
arrangements:
  published:
    institutions:
      transparency: {reach: 0.8, misreading: 0.02, cost: 0.05}
    profiles: [grim]
  fined:
    institutions:
      monitoring: {detection: 0.9, false_alarm: 0.02, cost: 0.15, paid_by: authority}
      graduated_sanctions: {fines: [2.5, 4], forgiveness: 0.5, cost_per_act: 0.1}
    profiles: [comply]
exact: yes
"""


def without_fractions(report):
    """Return results without what exact mode adds."""
    if isinstance(report, dict):
        return {key: without_fractions(part) for key, part in report.items() if not key.startswith("exact")}
    return [without_fractions(part) for part in report] if isinstance(report, list) else report


def alike(one, other):
    """Tell whether results agree: thresholds of exact runs are fractions rounded, so the last digits may differ."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return one == (pytest.approx(other, rel=1e-9, abs=1e-9) if isinstance(other, float) else other)


def pairs(floats, exact):
    """Yield every number of one mapping with its fraction in the other."""
    for key, text in exact.items():
        if isinstance(text, dict):
            yield from pairs(floats[key], text)
        elif isinstance(text, str):
            yield key, floats[key], text


def check_both_forms(report):
    for found in report["arrangements"].values():
        for one in [found, *found["candidates"]]:
            if "exact" not in one:
                continue
            numbers = {**one["certificate"], **one}
            told = list(pairs(numbers, {k: v for k, v in one["exact"].items() if k != "verdict"}))
            assert len(told) > 5
            for key, rounded, text in told:
                if text in ("unbounded", "not known", "not asked"):
                    assert rounded == text, key
                else:
                    assert rounded == pytest.approx(float(F(text)), rel=1e-8, abs=1e-9), key
            intervals = one["sustainable_discount_factors"]
            for interval in () if isinstance(intervals, str) else intervals:
                for end in ("from", "to"):
                    if interval["exact"][end] is not None:
                        assert interval[end] == pytest.approx(float(F(interval["exact"][end])), abs=1e-8)


WITH_ROOTS = ("battle", "who_chairs_the_seminar")
"""Scenarios in which somebody insists: yields with a probability that has a square root."""


@pytest.mark.parametrize("path", [p for p in packaged() if p.stem in WITH_ROOTS], ids=lambda path: path.stem)
def test_square_roots_are_refused_where_they_stand(path):
    with pytest.raises(gl.InputError, match=r"profiles\.0: insist cannot keep to fractions: the square root"):
        gl.run(str(path), exact=True).to_dict()


SLOW = (
    "context", "formal_and_relational", "full_information", "joint_output", "one_cannot_wait", "price_war",
    "prisoners_dilemma", "time_inconsistency", "who_guards_the_forest", "workable",
)  # fmt: skip
"""Scenarios that take seconds in fractions."""


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=[pytest.mark.slow] * (path.stem in SLOW), id=path.stem)
        for path in packaged()
        if path.stem not in WITH_ROOTS
    ],
)
def test_shipped_scenarios_in_fractions(path):
    """Every float is its fraction to rounding, and floats stay what they are without exact mode."""
    scenario = replace(gl.load(str(path)), maps=())
    exact = gl.run(scenario, exact=True).to_dict()
    check_both_forms(exact)
    assert all(claim["holds"] for claim in exact["claims"])
    rounded = gl.run(scenario).to_dict()
    assert exact["notes"] == rounded["notes"]  # nothing that fractions leave open
    assert alike(without_fractions(rounded), without_fractions(exact))


def test_closed_forms_of_box_1_have_no_difference_at_all():
    claims = gl.check("prisoners_dilemma", exact=True).claims
    equal = [claim for claim in claims if claim["comparison"] == "equals"]
    assert len(equal) >= 6
    assert {claim["exact_difference"] for claim in equal} == {"0"}
    assert all(claim["exact_value"] == claim["exact_expected"] for claim in equal)
    assert "exact_value" not in gl.check("prisoners_dilemma").claims[1]


def test_the_file_asks_for_fractions():
    report = gl.run(loads(FILE)).to_dict()
    assert report["exact"] is True
    assert report["notes"] == []
    published, fined = report["arrangements"]["published"], report["arrangements"]["fined"]
    assert published["exact"]["critical_discount_factor"] == "3125/5378"
    assert published["exact"]["gross_benefit"] == "3125/1004"
    assert published["exact"]["net_benefit"] == str(F(3125, 1004) - F(1, 10))
    assert published["exact"]["break_even"] == {
        "arrangements.published.institutions.transparency.cost": "3125/2008"
    }
    assert fined["exact"]["verdict"] == fined["certificate"]["verdict"] == "holds"
    assert fined["exact"]["gross_benefit"] == "4"
    wrong, right = 1 - F(98, 100) ** 2, F(98, 100) * F(96, 100)
    reach = 2 * F(1, 10) / (F(9, 10) * (2 * right - 2 * wrong))
    assert published["exact"]["least"] == {
        "arrangements.published.institutions.transparency.reach": str(reach)
    }
    rows = fined["certificate"]["exact"]["value_function"]
    assert len(rows) == 4
    assert all(isinstance(F(worth), Fraction) for row in rows for worth in row["values"].values())
    assert "exact" not in gl.run(loads(FILE), exact=False).to_dict()["arrangements"]["fined"]


@pytest.mark.slow
@settings(max_examples=3)
@given(
    d=st.integers(0, 99),
    reach=st.integers(0, 20),
    detection=st.integers(0, 20),
    false_alarm=st.integers(0, 5),
    fine=st.integers(0, 12),
)
def test_both_forms_agree_at_random_settings(d, reach, detection, false_alarm, fine):
    given_settings = {
        "time.discount_factor": F(d, 100),
        "arrangements.published.institutions.transparency.reach": F(reach, 20),
        "arrangements.fined.institutions.monitoring.detection": F(detection, 20),
        "arrangements.fined.institutions.monitoring.false_alarm": F(false_alarm, 20),
        "arrangements.fined.institutions.graduated_sanctions.fines.0": F(fine, 3),
    }
    check_both_forms(gl.run(loads(FILE.replace("[2.5, 4]", "[2.5, 9]")), given_settings).to_dict())


EDGE = """
gamelab: 1
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
parameters: {below: 1e-12}
time: {discount_factor: 0.5 - below}
arrangements:
  talk: {profiles: [grim]}
exact: yes
claims:
  - {says: a, arrangement: talk, quantity: supported, is: no candidate}
  - {says: b, arrangement: talk, profile: grim, quantity: max_gain, above: 0}
  - {says: c, arrangement: talk, profile: grim, quantity: max_gain, equals: 0}
  - {says: d, arrangement: talk, profile: grim, quantity: max_gain, equals: 0, within: 0}
  - {says: e, arrangement: talk, profile: grim, quantity: max_gain, at_most: 0, within: 0, with: {parameters.below: 0}}
  - {says: f, arrangement: talk, profile: grim, quantity: sustainable_discount_factors, is: [{from: 1/2, to: 1}]}
  - {says: g, arrangement: talk, profile: grim, quantity: sustainable_discount_factors, is: [{from: 0.501, to: 1}]}
  - {says: h, arrangement: talk, profile: grim, quantity: payoff, player: player_1, equals: 3}
"""


WITHOUT = "talk: grim holds without any institution; the baseline does not list it"


def test_at_a_knife_edge_fractions_decide_and_say_so():
    report = gl.run(loads(EDGE)).to_dict()
    talk = report["arrangements"]["talk"]
    grim = talk["candidates"][0]
    assert grim["certificate"]["verdict"] == grim["exact"]["verdict"] == "fails"
    assert talk["supported"] == "no candidate"
    assert report["notes"] == ["talk: in fractions grim fails; in floats, within their tolerance, it holds"]
    held = [claim["holds"] for claim in report["claims"]]
    assert held == [True, True, True, False, True, True, False, True]
    assert F(report["claims"][2]["exact_difference"]) > 0
    in_floats = gl.run(loads(EDGE), exact=False).to_dict()
    assert in_floats["arrangements"]["talk"]["candidates"][0]["certificate"]["verdict"] == "holds"
    assert in_floats["notes"] == [WITHOUT]


@pytest.mark.slow
def test_where_the_deviator_cannot_tell_only_the_upper_bound_is_exact():
    text = FILE.replace("observe: none", "observe: private, misreading: 0.05").replace(
        "institutions:\n      transparency: {reach: 0.8, misreading: 0.02, cost: 0.05}\n    ", ""
    )
    report = gl.run(loads(text.replace("[grim]", "[tit_for_tat]"))).to_dict()
    found = report["arrangements"]["published"]["candidates"][0]
    assert found["certificate"]["verdict"] == "fails"  # by the float bound from below
    exact = found["certificate"]["exact"]
    assert (exact["verdict"], exact["best_response_gain"], exact["bounds"][0]) == (None, None, None)
    assert float(F(exact["bounds"][1])) == pytest.approx(found["certificate"]["bounds"][1], abs=1e-9)
    assert found["sustainable_discount_factors"] == found["exact"]["critical_discount_factor"] == "not known"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("reach: 0.8", "reach: 2^-0.5"), "transparency.reach: 0.707"),
        (("discount_factor: 0.9", "discount_factor: 0.5^0.5"), "time.discount_factor: 0.707"),
    ],
)
def test_an_irrational_number_is_refused_where_it_stands(change, words):
    with pytest.raises(gl.InputError, match=words) as told:
        loads(FILE.replace(*change))
    assert told.value.problems[0].line
    rounded = loads(FILE.replace(*change).replace("exact: yes", "exact: no"))
    with pytest.raises(gl.InputError, match=words):
        gl.run(rounded, exact=True).to_dict()


def test_a_strategy_that_needs_a_root_is_named():
    text = """
gamelab: 1
game: {kind: battle, high: 3, low: 2}
time: {discount_factor: 0.9}
arrangements:
  dispute: {profiles: [insist]}
exact: true
"""
    with pytest.raises(gl.InputError, match="insist cannot keep to fractions: the square root of"):
        loads(text)


def test_overrides_of_an_exact_run_are_fractions_or_texts():
    at = {"time.discount_factor": "3/10"}
    fined = gl.run(loads(FILE), at).arrangements["fined"]
    assert fined.exact_quantity(fined.conduct, "gross_benefit") == 4
    with pytest.raises(gl.InputError, match=r"time.discount_factor: 0.3 is a rounded number"):
        gl.run(loads(FILE), {"time.discount_factor": 0.3}).to_dict()


FAR_APART = """
gamelab: 1
game: {kind: prisoners_dilemma, temptation: %s, reward: 3, punishment: 1, sucker: %s}
time: {discount_factor: 0.9}
arrangements:
  talk: {profiles: [grim, {stage_nash: {equilibrium: 0}}]}
exact: yes
"""


@pytest.mark.parametrize(
    ("temptation", "sucker", "least"),
    [("4", "-1e9", "1/3"), ("3.0000000001", "0", "1/20000000001"), ("10000000", "0", "9999997/9999999")],
)
def test_floats_and_fractions_are_of_one_profile(temptation, sucker, least):
    """Rounded, the first two games have another stage equilibrium, in which everybody cooperates."""
    report = gl.run(loads(FAR_APART % (temptation, sucker))).to_dict()
    check_both_forms(report)
    assert report["notes"] == [WITHOUT][: temptation != "10000000"]
    grim, nash, *_ = report["arrangements"]["talk"]["candidates"]
    assert grim["exact"]["critical_discount_factor"] == least
    assert grim["critical_discount_factor"] == float(F(least))
    assert (nash["exact"]["cooperation"], nash["cooperation"]) == ("0", 0.0)
    for found in report["arrangements"].values():
        for one in found["candidates"]:
            assert one["payoffs"] == {name: float(F(paid)) for name, paid in one["exact"]["payoffs"].items()}
