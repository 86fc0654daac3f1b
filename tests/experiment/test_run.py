"""A scenario solved: the fields that users' scripts depend on, and their numbers."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import InputError
from gamelab.experiment.entries import entry_of
from gamelab.experiment.run import ScenarioResult
from gamelab.scenario import loads
from gamelab.scenario.files import root

FILE = """
gamelab: 1
title: Free-riding when conduct cannot be seen
players: [agency, association]
parameters: {accuracy: 0.98}
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
information: {observe: none}
arrangements:
  horizontal:
    institutions:
      transparency: {reach: 0.8, misreading: 1 - accuracy, cost: 0.05}
    profiles: [grim]
  hierarchical:
    institutions:
      monitoring: {detection: 0.9, false_alarm: 0.02, cost: 0.15, paid_by: authority}
      graduated_sanctions: {fines: [2.5, 4, 8], forgiveness: 0.5, cost_per_act: 0.1}
    profiles: [comply]
"""


def solved(text=FILE, **overrides):
    return gl.run(loads(text), overrides).to_dict()


@pytest.fixture(scope="module")
def result():
    return solved()


def workable(name, overrides):
    """Return one answer of a run, without all others."""
    arrangement = gl.run(loads(FILE), overrides).arrangements[name]
    return arrangement.workable(arrangement.conduct)


def close(value):
    return pytest.approx(value, abs=5e-9)


def test_the_example_of_the_interface(result):
    horizontal = result["arrangements"]["horizontal"]
    assert horizontal["profile"] == ["grim", "grim"]
    assert horizontal["supported"] == "yes"
    assert horizontal["workable"] is True
    assert horizontal["advice"] is None
    certificate = horizontal["certificate"]
    assert certificate["verdict"] == certificate["nash"] == "holds"
    assert certificate["concept"] == "public perfect"
    assert certificate["max_gain"] == close(-0.1)
    assert certificate["best_response_gain"] == close(0)
    assert certificate["where"]["player"] == "agency"
    assert certificate["where"]["round"] is None
    assert horizontal["payoffs"] == {"agency": close(2.50627490), "association": close(2.50627490)}
    assert horizontal["utilities"] == horizontal["payoffs"]
    assert horizontal["ledger"] == {
        "material": {"agency": close(2.55627490), "association": close(2.55627490), "authority": 0},
        "transparency.cost": {"agency": close(-0.05), "association": close(-0.05), "authority": 0},
    }
    numbers = {
        "cooperation": 0.77813745,
        "joint_payoff": 5.01254980,
        "efficiency": 0.85209163,
        "share_of_gains": 0.77813745,
        "gross_benefit": 3.11254980,
        "transaction_cost": 0.1,
        "net_benefit": 3.01254980,
        "critical_discount_factor": 0.58107103,
    }
    for name, value in numbers.items():
        assert horizontal[name] == close(value), name
    path = "arrangements.horizontal.institutions.transparency.cost"
    assert horizontal["break_even"] == {path: close(1.55627490)}
    (interval,) = horizontal["sustainable_discount_factors"]
    assert interval == {"from": close(0.58107103), "to": 1.0, "includes": "left", "exact": None}
    assert [candidate["profile"] for candidate in horizontal["candidates"]] == [
        ["grim", "grim"],
        ["stage_nash", "stage_nash"],
    ]


def test_the_hierarchical_arrangement_of_the_interface(result):
    hierarchical = result["arrangements"]["hierarchical"]
    assert hierarchical["certificate"]["max_gain"] == pytest.approx(-0.02914, abs=5e-6)
    assert hierarchical["gross_benefit"] == close(4)
    assert hierarchical["transaction_cost"] == pytest.approx(0.40615, abs=5e-6)
    assert hierarchical["net_benefit"] == pytest.approx(3.59385, abs=5e-6)
    assert result["best_arrangement"] == "hierarchical"
    assert result["workable_arrangements"] == ["horizontal", "hierarchical"]


def test_the_baseline(result):
    assert list(result["arrangements"]) == ["none", "horizontal", "hierarchical"]
    none = result["arrangements"]["none"]
    assert none["supported"] == "impossible"
    assert none["workable"] is None
    assert "nobody ever sees it" in none["advice"]
    assert none["gross_benefit"] == none["net_benefit"] == 0


def test_efficiency_is_measured_by_hands_that_do_not_tremble():
    """Both shirk, and slip now and then; the most that they could get together is 3 each."""
    shaky = gl.run(loads(FILE.replace("observe: none", "observe: none, tremble: 0.1"))).arrangements["none"]
    joint, efficiency = (shaky.quantity(shaky.conduct, name) for name in ("joint_payoff", "efficiency"))
    assert efficiency == close(joint / 6)


def test_results_are_plain_json(result):
    assert json.loads(json.dumps(result, allow_nan=False)) == result


def test_break_even_flips_workability(result):
    path = "arrangements.horizontal.institutions.transparency.cost"
    edge = result["arrangements"]["horizontal"]["break_even"][path]
    assert workable("horizontal", {path: edge * (1 - 1e-6)}) is True
    assert workable("horizontal", {path: edge * (1 + 1e-6)}) is False


@pytest.mark.slow
def test_break_even_of_shared_acts_rechecks_incentives():
    """Offenders bear their share of the act, so a dearer act deters more: there is a least cost, too."""
    path = "arrangements.hierarchical.institutions.graduated_sanctions.cost_per_act"
    flat = {"arrangements.hierarchical.institutions.graduated_sanctions.fines": [2.2]}
    found = solved(**flat)["arrangements"]["hierarchical"]
    assert found["supported"] == "no candidate"  # 0.88 * (2.2 + 0.05) < 2
    needed = 2 * (2 / 0.88 - 2.2)
    assert workable("hierarchical", {**flat, path: needed * 1.001}) is True
    assert workable("hierarchical", {**flat, path: needed * 0.999}) is False
    edge = found["candidates"][0]
    assert edge["profile"] == ["comply", "comply"]
    net_edge = (4 - 0.3) / (2 * 0.02)  # two players, each falsely accused in 2 % of rounds; fines cost 0.088
    dearer = gl.run(loads(FILE), {**flat, path: needed * 2}).arrangements["hierarchical"]
    assert dearer.quantity(dearer.conduct, "break_even", path=path) == pytest.approx(net_edge - 2.2, rel=1e-9)


def test_claims_fail_and_say_what_came_out():
    claims = """
claims:
  - {says: too much, arrangement: hierarchical, quantity: gross_benefit, equals: 5}
  - {says: right, arrangement: hierarchical, quantity: gross_benefit, equals: 2*(reward - punishment)}
  - {says: overridden, arrangement: hierarchical, quantity: gross_benefit, equals: 2*(reward - punishment), with: {game.reward: 4}}
"""
    first, second, third = solved(FILE + claims)["claims"]
    assert (first["holds"], second["holds"], third["holds"]) == (False, True, True)
    assert (first["value"], first["expected"]) == (close(4), 5)
    assert third["value"] == close(6)


def test_a_claim_alone_is_checked_as_among_the_others():
    alone = gl.check(loads(FILE))
    claims = alone.scenario.claims
    assert [alone.checked(claim) for claim in reversed(claims)] == list(reversed(gl.run(loads(FILE)).claims))
    for claim in claims:
        there = alone.where(claim)
        assert (there is alone) == (not claim.overrides)
        assert there is alone.where(claim)
        assert {**there.overrides} == {**claim.overrides}


def test_overrides_of_a_run_reach_the_expected_side():
    text = (
        FILE
        + "claims: [{says: all, arrangement: hierarchical, quantity: gross_benefit, equals: 2*(reward - punishment)}]"
    )
    (claim,) = solved(text, **{"game.reward": 4})["claims"]
    assert claim["holds"]
    assert claim["expected"] == 6


def test_nothing_certified_gives_nulls_and_advice():
    text = """
gamelab: 1
title: Nobody can settle
game:
  kind: normal_form
  actions: [heads, tails]
  payoffs: [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]
  fallback: [heads, heads]
time: {rounds: 1}
arrangements: {talk: {profiles: [stage_nash]}}
"""
    scenario = ScenarioResult(loads(text.replace("fallback: [heads, heads]", "fallback: [heads, tails]")))
    talk = scenario.to_dict()["arrangements"]["talk"]
    # the mixed equilibrium of the stage is always a candidate
    assert talk["profile"] == [{"stage_nash": {"equilibrium": 0}}] * 2
    assert talk["supported"] is None
    assert talk["workable"] is False
    # on a ladder of sanctions no stage equilibrium is a candidate, and the fallback is none
    ladder = "{institutions: {monitoring: {detection: 0.9}, graduated_sanctions: {fines: [0.1, 0.2]}}}"
    uneven = text.replace("{profiles: [stage_nash]}", ladder).replace("rounds: 1", "discount_factor: 0.5")
    uneven = uneven.replace(
        "fallback: [heads, heads]", "agreement: [heads, tails]\n  fallback: [heads, heads]"
    )
    result = solved(uneven)
    talk = result["arrangements"]["talk"]
    assert talk["profile"] is None
    assert talk["workable"] is False
    assert talk["critical_discount_factor"] == talk["sustainable_discount_factors"] == "not asked"
    assert set(talk["reasons"].values()) == {"no candidate is certified"}
    assert all(talk[name] is None for name in ("payoffs", "joint_payoff", "net_benefit", "certificate"))
    assert "no candidate is certified; the nearest, stage_nash, gains" in talk["advice"]


def test_finitely_many_rounds_have_no_thresholds():
    text = FILE.replace("discount_factor: 0.9", "rounds: 3")
    found = solved(text)["arrangements"]
    for one in (found["none"], found["horizontal"]["candidates"][0]):
        assert one["critical_discount_factor"] == one["sustainable_discount_factors"] == "not asked"
        assert "no discount factor" in one["reasons"]["critical_discount_factor"]
    assert found["horizontal"]["supported"] == "impossible"
    assert "backward induction" in found["horizontal"]["advice"]
    assert found["hierarchical"]["supported"] == "yes"


def test_undecided_is_said_with_bounds():
    text = FILE.replace("observe: none", "observe: private, misreading: 0.02").replace(
        "profiles: [grim]", "profiles: [tit_for_tat]"
    )
    text = text.replace(
        "transparency: {reach: 0.8, misreading: 1 - accuracy, cost: 0.05}", "transparency: {reach: 0.01}"
    )
    arrangement = solved(text)["arrangements"]["horizontal"]
    assert arrangement["candidates"][0]["certificate"]["concept"] == "Nash"
    low, high = arrangement["candidates"][0]["certificate"]["bounds"]
    assert 0 <= low <= high + 1e-12


def test_frames_and_notebook_display():
    result = gl.run(loads(FILE))
    frame = result.to_frame()
    assert list(frame.index) == ["none", "horizontal", "hierarchical"]
    assert math.isclose(frame.loc["hierarchical", "gross_benefit"], 4)
    assert "hierarchical" in result._repr_html_()


def test_a_name_that_stands_for_one_scenario():
    assert gl.run("prisoners_dilemma").all_claims_hold
    assert gl.load("prisoners_dilemma").title.startswith("Free-riding")


def test_ties_go_to_the_arrangement_that_comes_first():
    twin = FILE.replace("  hierarchical:", "  same:").split("arrangements:\n")[1]
    text = FILE + twin.replace("  horizontal:", "  again:")
    result = solved(text)
    nets = {name: found["net_benefit"] for name, found in result["arrangements"].items()}
    assert nets["hierarchical"] == nets["same"] > nets["horizontal"] == nets["again"]
    assert result["best_arrangement"] == "hierarchical"


def test_a_profile_that_another_beats_is_not_the_conduct():
    found = solved(FILE.replace("profiles: [comply]", "profiles: [always_defect, comply]"))
    hierarchical = found["arrangements"]["hierarchical"]
    assert hierarchical["profile"] == ["comply", "comply"]
    talk = "\n  talk: {profiles: [always_defect]}\n"
    found = solved(FILE + talk)["arrangements"]["talk"]
    assert found["certificate"]["verdict"] == "holds"
    assert found["supported"] == "impossible"
    assert found["workable"] is False


def test_certified_but_against_the_agreement_is_not_supported():
    text = FILE.replace("observe: none", "observe: public") + "  talk: {profiles: [always_defect]}\n"
    talk = solved(text)["arrangements"]["talk"]
    assert talk["certificate"]["verdict"] == "holds"
    assert talk["supported"] == "no candidate"


def test_what_pays_but_does_not_keep_the_agreement_is_not_workable():
    """Taking turns at being exploited pays (5 + 0) a round, more than (1 + 1), and is not what was agreed."""
    talk = "  talk: {institutions: {transparency: {}}, profiles: [turn_taking]}\n"
    turns = solved(FILE + talk)["arrangements"]["talk"]
    assert turns["certificate"]["verdict"] == "holds"
    assert turns["net_benefit"] == close(5 - 2)
    assert turns["supported"] == "no candidate"
    assert turns["workable"] is False


def test_of_profiles_that_pay_the_same_the_first_is_the_conduct():
    for first, second in (("grim", "win_stay_lose_shift"), ("win_stay_lose_shift", "grim")):
        talk = f"  talk: {{institutions: {{transparency: {{}}}}, profiles: [{first}, {second}]}}\n"
        found = solved(FILE.replace("temptation: 5", "temptation: 4.5") + talk)["arrangements"]["talk"]
        assert [candidate["certificate"]["verdict"] for candidate in found["candidates"]][:2] == ["holds"] * 2
        assert found["profile"] == [first, first]


def test_advice_on_the_undecided_candidate_rather_than_a_refuted_one():
    text = FILE.replace("observe: none", "observe: private, misreading: 0.05").split("  hierarchical:")[0]
    text = text.replace(
        "institutions:\n      transparency: {reach: 0.8, misreading: 1 - accuracy, cost: 0.05}\n    ", ""
    )
    text = text.replace("[grim]", "[{generous_tit_for_tat: {generosity: 0.3}}, grim]")
    found = solved(text)["arrangements"]["horizontal"]
    verdicts = [candidate["certificate"]["verdict"] for candidate in found["candidates"]]
    assert verdicts == ["fails", "undecided", "holds"]
    assert found["supported"] == "undecided"
    assert found["advice"].startswith("whether grim holds is undecided")


def test_symmetric_selection():
    """In battle only the mixed equilibrium treats both alike: own favourite with a/(a+b), payoff ab/(a+b)."""
    text = """
gamelab: 1
title: Who chairs
game:
  kind: normal_form
  actions: [mine, yours]
  payoffs: [[[3, 1], [0, 0]], [[0, 0], [1, 3]]]
time: {rounds: 1}
arrangements:
  any: {selection: best}
  alike: {selection: symmetric}
"""
    found = solved(text)["arrangements"]
    assert found["any"]["joint_payoff"] == close(4)
    assert found["alike"]["joint_payoff"] == close(2 * 3 / 4)


def test_a_grid_in_parts_is_the_whole_grid():
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    sizes = []

    def asked(factor, misreading):
        sizes.append(len(factor))
        game = gl.repeated(stage, discount_factor=factor, misreading=misreading)
        return {"gain": gl.certify(game, "grim").max_gain, "payoffs": gl.value(game, "grim").payoffs}

    factor, misreading = np.linspace(0.1, 0.9, 5)[:, None], np.array([0, 0.05, 0.1])
    whole = gl.on_grid(asked, factor=factor, misreading=misreading)
    parts = gl.on_grid(asked, points=4, factor=factor, misreading=misreading)
    assert sizes == [15, 4, 4, 4, 3]
    assert whole["gain"].shape == (5, 3)
    assert whole["payoffs"].shape == (5, 3, 2)
    for name in whole:
        assert np.allclose(whole[name], parts[name], rtol=0, atol=1e-12)
    one = gl.repeated(stage, discount_factor=0.3, misreading=0.1)
    assert whole["gain"][1, 2] == close(gl.certify(one, "grim").max_gain)


# ------------------------------------------------------------------------------------- the least of a setting

INSTITUTIONS = "arrangements.{}.institutions."
HORIZONTAL, HIERARCHICAL = INSTITUTIONS.format("horizontal"), INSTITUTIONS.format("hierarchical")


def test_least_reach_and_accuracy_of_publications(result):
    # grim on publications holds iff d (2 g + p x(2x - 1) 2) >= 2, where x is the accuracy and g = 1 - p(1 - x^2)
    least = result["arrangements"]["horizontal"]["least"]
    assert list(least) == [HORIZONTAL + "transparency.reach", "parameters.accuracy"]
    d, x, p = 0.9, 0.98, 0.8
    needed = (2 / d - 2) / (2 * x * (2 * x - 1) - 2 * (1 - x * x))
    assert least[HORIZONTAL + "transparency.reach"] == pytest.approx(needed, abs=1e-12)
    # in x a quadratic: p d (6 x^2 - 2 x - 2) = 2 - 2 d
    root = max(np.roots([6, -2, -2 - (2 - 2 * d) / (p * d)]))
    assert least["parameters.accuracy"] == pytest.approx(root, abs=1e-12)
    assert result["arrangements"]["none"]["least"] == {}


def test_each_least_value_is_where_the_verdict_turns(result):
    hierarchical = result["arrangements"]["hierarchical"]["least"]
    assert [path.removeprefix(HIERARCHICAL) for path in hierarchical] == [
        "monitoring.detection",
        "graduated_sanctions.fines.0",
        "graduated_sanctions.fines.1",
        "graduated_sanctions.fines.2",
        "graduated_sanctions.enforcement",
    ]
    for path, value in (hierarchical | result["arrangements"]["horizontal"]["least"]).items():
        name = "horizontal" if path in result["arrangements"]["horizontal"]["least"] else "hierarchical"
        certificates = [
            gl.run(loads(FILE), {path: v}).arrangements[name].candidates[0].certificate
            for v in (value - 1e-6, value, value + 1e-6)
        ]
        assert [certificate.verdict for certificate in certificates] == ["fails", "holds", "holds"], path
        assert float(certificates[1].max_gain) == pytest.approx(0, abs=1e-9)


def test_claims_on_the_least_of_a_setting():
    fines = HIERARCHICAL + "graduated_sanctions.fines"
    flat = f"with: {{{fines}: [9], time.discount_factor: 0.2}}"
    text = f"""claims:
  - {{quantity: least, arrangement: hierarchical, path: {fines}.0, {flat},
     equals: (temptation - reward) / (detection - false_alarm) - cost_per_act / 2}}
  - {{quantity: least, arrangement: hierarchical, path: {fines}.0, profile: comply, with: {{{fines}: [1]}},
     equals: (temptation - reward) / (detection - false_alarm) - cost_per_act / 2}}
  - {{quantity: least, arrangement: hierarchical, path: {HIERARCHICAL}monitoring.detection, {flat},
     equals: false_alarm + (temptation - reward) / (fines.0 + cost_per_act / 2)}}
  - {{quantity: least, arrangement: horizontal, path: {HORIZONTAL}transparency.reach, profile: grim,
     with: {{time.discount_factor: 0.3}}, is: null}}
  - {{quantity: least, arrangement: horizontal, path: parameters.accuracy, profile: grim,
     with: {{{HORIZONTAL}transparency.reach: 0.05}}, is: null}}
  - {{quantity: least, arrangement: none, path: parameters.accuracy, is: 0}}
  - {{quantity: least, arrangement: none, path: game.sucker, is: unbounded}}
  - {{quantity: least, arrangement: none, path: game.temptation, equals: reward}}
  - {{quantity: least, arrangement: horizontal, path: game.temptation, at_most: reward}}
"""
    ambiguous = text.replace("cost_per_act", HIERARCHICAL + "graduated_sanctions.cost_per_act")
    claims = solved(FILE + ambiguous)["claims"]
    assert [claim["holds"] for claim in claims] == [True] * len(claims), claims


def test_the_least_of_a_strategys_own_setting():
    # where T + S = R + P, generosity z leaves the other indifferent after every history iff d (1-z)(R-S) = T-R
    text = """
gamelab: 1
title: t
game: {kind: prisoners_dilemma, temptation: 3, reward: 2, punishment: 0, sucker: -1}
time: {discount_factor: 0.9}
arrangements:
  none: {profiles: [{generous_tit_for_tat: {generosity: 0.3}}]}
"""
    path = "arrangements.none.profiles.0.generous_tit_for_tat.generosity"
    one = f"{{quantity: least, arrangement: none, path: {path}, profile: {{generous_tit_for_tat: {{generosity: 0.3}}}}"
    claims = f"""claims:
  - {one}, equals: 1 - (temptation - reward) / (discount_factor * (reward - sucker))}}
  - {one}, with: {{{path}: 0.7}}, is: null}}
"""
    assert [claim["holds"] for claim in solved(text + claims)["claims"]] == [True, True]


def test_least_is_not_known_where_readings_are_private():
    text = FILE.replace("observe: none", "observe: private, misreading: 0.05")
    horizontal = gl.run(loads(text)).arrangements["horizontal"]
    assert (
        horizontal.quantity(horizontal.candidates[0], "least", path=HORIZONTAL + "transparency.reach")
        == "not known"
    )
    assert horizontal.quantity(None, "least", path=HORIZONTAL + "transparency.reach") == "not asked"
    grim = horizontal.candidates[0].to_dict()
    assert grim["critical_discount_factor"] == grim["sustainable_discount_factors"] == "not known"
    assert "cannot tell" in grim["reasons"]["critical_discount_factor"]


def test_none_not_known_and_not_asked_are_three_words():
    one = "arrangement: talk, profile: tit_for_tat, quantity"
    factor, private = (
        f"{one}: critical_discount_factor",
        "information.observe: private, information.misreading: 0.05",
    )
    results = solved(f"""
gamelab: 1
game: {{kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}}
time: {{discount_factor: 0.9}}
arrangements:
  talk: {{profiles: [tit_for_tat]}}
claims:
  - {{says: a, {factor}, is: null}}
  - {{says: b, {factor}, with: {{{private}}}, is: not known}}
  - {{says: c, {one}: sustainable_discount_factors, with: {{{private}}}, is: not known}}
  - {{says: d, {one}: sustainable_discount_factors, with: {{time.rounds: 3, time.discount_factor: 1}}, is: not asked}}
  - {{says: e, {factor}, with: {{{private}}}, is: null}}
  - {{says: f, {factor}, is: not known}}
  - {{says: g, {factor}, with: {{{private}}}, at_least: 0}}
""")
    assert [claim["holds"] for claim in results["claims"]] == [True] * 4 + [False] * 3
    assert [claim["value"] for claim in results["claims"][:4]] == [
        None,
        "not known",
        "not known",
        "not asked",
    ]


NO_EQUILIBRIUM = """
gamelab: 1
game:
  kind: normal_form
  actions: [H, T]
  tables:
    - [[[1, 1], [0, 0]], [[0, 0], [1, 1]]]
    - [[[1, 0], [0, 1]], [[1, 0], [0, 1]]]
    - [[[0, 1], [0, 1]], [[1, 0], [1, 0]]]
  agreement: [H, H, H]
time: {discount_factor: 0.9}
arrangements:
  watched:
    institutions:
      monitoring: {detection: 1, cost: 0.1}
      graduated_sanctions: {fines: [5]}
    profiles: [comply]
"""
"""The first would do as the second, the second as the third, the third as the first does not (Jordan 1993)."""


@pytest.fixture
def no_mixtures(monkeypatch):
    """Without this search nobody knows an equilibrium of a game that has none in pure actions."""
    monkeypatch.setattr("gamelab.model.mixed_equilibria.MOST_SUPPORTS", 0)


def test_without_a_baseline_it_is_not_known_whether_an_arrangement_pays(no_mixtures):
    found = solved(NO_EQUILIBRIUM)["arrangements"]
    assert found["none"]["profile"] is None
    watched = found["watched"]
    assert (watched["supported"], watched["workable"], watched["net_benefit"]) == ("yes", None, None)
    for name in ("workable", "net_benefit", "gross_benefit", "transaction_cost"):
        assert watched["reasons"][name] == "nothing is certified without institutions, to compare with"
    assert set(watched["break_even"].values()) == {"not known"}
    assert "break_even.arrangements.watched.institutions.monitoring.cost" in watched["reasons"]


def test_a_map_is_empty_where_it_is_not_known_whether_an_arrangement_pays(no_mixtures):
    axes = (
        "x: {discount_factor: {from: 0.4, to: 0.6, points: 2}}, y: {detection: {from: 0.8, to: 1, points: 2}}"
    )
    text = f"{NO_EQUILIBRIUM}\nmaps: [{{{axes}, show: {{quantity: workable, arrangement: watched}}}}]\n"
    (drawn,) = gl.run(loads(text)).maps
    assert drawn["cells"] == [[None, None], [None, None]]
    assert drawn["notes"] == [
        "4 of 4 cells are empty: nothing is certified without institutions, to compare with"
    ]


@pytest.fixture
def folder(tmp_path):
    text = (root() / "box1" / "prisoners_dilemma.yaml").read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "b.yml").write_text(text.replace("reach: 0.8", "reach: 1"), encoding="utf-8")
    return tmp_path


def test_a_folder_is_a_list_of_scenarios_and_of_results(folder):
    scenarios = gl.load(folder)
    assert type(scenarios) is list
    assert [Path(scenario.file).name for scenario in scenarios] == ["a.yaml", "b.yml"]
    assert [Path(scenario.file).name for scenario in gl.load(str(folder / "below"))] == ["b.yml"]
    assert gl.load(folder / "a.yaml").digest == scenarios[0].digest
    results = gl.run(scenarios, {"accuracy": 1})
    assert [type(result) for result in results] == [ScenarioResult] * 2
    nets = [entry_of(result.arrangements["horizontal"])["net_benefit"] for result in results]
    assert nets[0] == pytest.approx(nets[1])  # without misreadings grim is never triggered
    assert [result.overrides for result in gl.check(folder, {"accuracy": 1})] == [
        result.overrides for result in results
    ]
    assert gl.run([]) == []


def test_a_broken_file_in_a_folder_is_told_and_nothing_is_left_out_in_silence(folder):
    (folder / "broken.yaml").write_text("gamelab: 1\n")
    (folder / "below" / "worse.yaml").write_text("gamelab: 2\n")
    with pytest.raises(InputError) as refusal:
        gl.load(folder)
    assert {Path(problem.file).name for problem in refusal.value.problems} == {"broken.yaml", "worse.yaml"}


def test_a_setting_that_one_scenario_of_a_list_does_not_have_is_refused(folder):
    (folder / "c.yaml").write_text(
        "gamelab: 1\ngame: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}\n"
        "time: {discount_factor: 0.5}\n"
    )
    assert len(gl.run(folder, {"discount_factor": 0.4})) == 3
    with pytest.raises(InputError, match=r"c\.yaml: reach: 'reach' names no setting"):
        gl.run(folder, {"reach": 1})


def test_what_is_no_scenario_is_refused():
    with pytest.raises(InputError, match=r"a list of scenarios is needed.*it holds a str"):
        gl.run(["box1"])


def test_changed_settings_reach_claims_and_results():
    result = gl.run("prisoners_dilemma", {"monitoring.cost": "1/2"})
    cost = "arrangements.hierarchical.institutions.monitoring.cost"
    assert result.to_dict()["overrides"] == {cost: 0.5}
    assert gl.run("prisoners_dilemma").to_dict()["overrides"] == {}
    held = {claim["says"]: claim["holds"] for claim in result.claims}
    assert not held["The hierarchy is the better of the two here"]
    assert held["Reach substitutes for patience"]
    assert held["Once watching costs more than it brings, publication is better"]
    discount = gl.run("prisoners_dilemma", {"discount_factor": 0.5})
    impatient = next(claim for claim in discount.claims if claim["says"].startswith("Reach substitutes"))
    assert impatient["holds"]  # a critical discount factor does not depend on the discount factor


def test_of_many_stage_equilibria_the_best_are_candidates():
    """Coordination on one of 5 actions has 31; each pays 1/k to both where k actions are mixed."""
    rows = [[[int(a == b)] * 2 for b in range(5)] for a in range(5)]
    text = f"""
gamelab: 1
title: Where to meet
game: {{kind: normal_form, payoffs: {rows}}}
time: {{discount_factor: 0.5}}
arrangements: {{talk: {{selection: symmetric}}}}
"""
    result = solved(text)
    none, talk = (result["arrangements"][name] for name in ("none", "talk"))
    labels = [candidate["profile"][0] for candidate in none["candidates"]]
    assert len(labels) == 20  # the fallback is the first of them
    joint = sorted((sum(found["payoffs"].values()) for found in none["candidates"]), reverse=True)
    assert joint == pytest.approx([2] * 5 + [1] * 10 + [2 / 3] * 5)
    assert "none: 20 of 31 stage equilibria are candidates, those with the highest" in result["notes"][0]
    assert sum(talk["payoffs"].values()) == 2


LONG = """
gamelab: 1
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time:
  discount_factor: 0.9
information: {observe: none}
arrangements:
  watched:
    institutions:
      monitoring: {detection: 0.9, false_alarm: 0.02}
      graduated_sanctions:
        fines: [FINES]
        forgiveness: 0.5
    profiles:
      - always_defect
      - comply
"""


@pytest.mark.parametrize(
    ("fines", "rounds", "place", "key", "words"),
    [
        (120, "file", 14, "arrangements.watched.profiles.0", "has 14,400 states, the strategies have 1 x 1"),
        (45, "file", 4, "time.rounds", r"3,000 rounds x \(20,000 \+ 2,025 joint states x 4 profiles x 9"),
        (
            45,
            "--set",
            None,
            "time.rounds",
            r"\) are 278,700,000 steps, the limit is 250,000,000; fewer rounds",
        ),
        pytest.param(
            60,
            "--set",
            14,
            "arrangements.watched.profiles.0",
            "more than 2,500 joint states",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_more_work_than_allowed_is_refused_where_the_file_asks_for_it(fines, rounds, place, key, words):
    text = LONG.replace("FINES", ", ".join(map(str, range(1, fines + 1)))).strip()
    if rounds == "file" and fines == 45:
        text = text.replace("time:", "time:\n  rounds: 3000")
    overrides = {"time.rounds": 3_000} if rounds == "--set" else {}
    with pytest.raises(InputError, match=words) as told:
        gl.run(loads(text), overrides).arrangements["watched"].conduct  # noqa: B018
    (problem,) = told.value.problems
    assert (problem.line, problem.key) == (place, key)


def test_every_candidate_and_arrangement_is_told_of():
    told = []
    result = gl.run(loads(FILE.strip()), progress=lambda *step: told.append(step))
    result.to_dict()
    count = sum(1 + len(found.candidates) for found in result.arrangements.values())
    assert told[: count + 1] == [(done, count) for done in range(count + 1)]


def test_without_a_profile_there_is_no_cost():
    unknown = """
gamelab: 1
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.1}
arrangements: {hope: {profiles: [grim]}}
"""
    hope = gl.run(loads(unknown)).arrangements["hope"]
    for name in ("gross_benefit", "transaction_cost", "net_benefit", "compensation"):
        assert hope.quantity(None, name) is None, name
