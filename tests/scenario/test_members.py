"""Numbers by player in scenario files: their paths, expressions, claims, maps and mistakes."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import InputError
from gamelab.model.settings import Setting
from gamelab.scenario import applied, assemble, loads, overridden
from gamelab.scenario.assembly import cost_paths, settings_paths
from gamelab.scenario.maps import label_of
from gamelab.scenario.margins import strength_paths
from gamelab.scenario.members import member_paths, members

TEXT = """\
gamelab: 1
title: An impatient association
players: [agency, association]
parameters: {patience: 0.7}
game:
  kind: prisoners_dilemma
  temptation: {agency: 5, association: 4 + 1/2}
  reward: 3
  punishment: {agency: 1, association: 2}
  sucker: 0
time: {discount_factor: {agency: 0.95, association: patience}}
preferences: {altruism: 0}
arrangements:
  informal:
    profiles: [grim]
  formal:
    institutions:
      monitoring:
        detection: {agency: 0.9, association: 0.8}
        cost: {agency: 0.1, association: 0.2}
        paid_by: authority
      graduated_sanctions: {fines: {agency: [3, 4], association: [2.5]}}
    profiles: [comply]
"""
FORMAL = "arrangements.formal.institutions"
SCENARIO = loads(TEXT, "f.yaml")


def changed(*pairs, more=""):
    text = TEXT
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text + more


def problems_of(text):
    with pytest.raises(InputError) as refusal:
        loads(text, "f.yaml")
    return [str(problem) for problem in refusal.value.problems]


def test_a_file_makes_the_game_that_python_makes():
    stage = gl.prisoners_dilemma(
        temptation={"agency": 5, "association": 4.5}, reward=3,
        punishment={"agency": 1, "association": 2}, sucker=0, players=["agency", "association"],
    )  # fmt: skip
    game = gl.repeated(stage, discount_factor={"agency": 0.95, "association": 0.7})
    built = assemble(SCENARIO, "informal")
    assert built.one_discount.tolist() == [[0.95, 0.7]]
    for ours, theirs in zip(built.flows["material"].parts(), game.flows["material"].parts(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("path", "value", "holds"),
    [
        ("time.discount_factor.agency", 0.5, {"agency": 0.5, "association": 0.7}),
        ("discount_factor.association", "patience/2", {"agency": 0.95, "association": 0.35}),
        ("discount_factor", "0.25", 0.25),
        ("discount_factor", "{association: 0.1, agency: patience}", {"agency": 0.7, "association": 0.1}),
        ("discount_factor", {"association": 0.1, "agency": "patience"}, {"agency": 0.7, "association": 0.1}),
    ],
)
def test_a_player_has_a_path_of_the_own(path, value, holds):
    found = overridden(SCENARIO, {path: value})
    game = assemble(SCENARIO, "informal", found)
    expected = [holds[name] for name in game.players] if isinstance(holds, dict) else [holds]
    assert game.one_discount[0].tolist() == pytest.approx(expected)
    (told,) = applied(SCENARIO, found).values()
    assert told == pytest.approx(holds if path == "discount_factor" else holds[path.rsplit(".", 1)[-1]])


def test_one_number_is_each_players_until_one_is_changed():
    found = overridden(SCENARIO, {"reward.association": 3.5, "fines.agency.1": 6, "altruism.agency": "1/4"})
    game = assemble(SCENARIO, "informal", found)
    assert game.flows["material"].by_profile[0, 0, 0, :2].tolist() == [3, 3.5]
    assert applied(SCENARIO, found)[f"{FORMAL}.graduated_sanctions.fines.agency.1"] == 6
    same = loads(changed(("fines: {agency: [3, 4], association: [2.5]}", "fines: [3, 4]")), "f.yaml")
    ladder = assemble(same, "formal", {f"{FORMAL}.graduated_sanctions.fines.agency.1": 9})
    both = ladder.states.index("levels 1, 1")
    lowest = ladder.flows["graduated_sanctions.fine"].by_outcome[0, both].min(axis=0)
    assert lowest.tolist() == [-9, -4, 0]


def test_a_grid_over_one_player_is_its_points():
    amounts = np.array([0.1, 0.6, 0.9])
    grid = assemble(SCENARIO, "informal", {"time.discount_factor.agency": amounts})
    assert grid.one_discount.tolist() == [[0.1, 0.7], [0.6, 0.7], [0.9, 0.7]]
    assert gl.certify(grid, "grim").verdict.tolist() == [
        str(gl.certify(assemble(SCENARIO, "informal", {"discount_factor.agency": d}), "grim").verdict)
        for d in amounts
    ]


def test_paths_of_costs_strengths_and_settings():
    assert cost_paths(SCENARIO, "formal") == [
        f"{FORMAL}.monitoring.cost.agency", f"{FORMAL}.monitoring.cost.association",
        f"{FORMAL}.graduated_sanctions.cost_per_act",
    ]  # fmt: skip
    common = {f"{FORMAL}.monitoring.cost": 0.3}
    assert cost_paths(SCENARIO, "formal", common)[0] == f"{FORMAL}.monitoring.cost"
    strengths = strength_paths(SCENARIO, "formal")
    assert f"{FORMAL}.monitoring.detection.association" in strengths
    assert f"{FORMAL}.graduated_sanctions.fines.agency.1" in strengths
    assert "time.discount_factor.agency" in settings_paths(SCENARIO, "formal")


def test_members_of_a_value():
    fines = Setting("fines", "numbers", by_player=True)
    assert member_paths("a.fines", fines, {"x y": [1, 2], "z": [3]}) == [
        "a.fines.'x y'.0", "a.fines.'x y'.1", "a.fines.z.0"]  # fmt: skip
    assert member_paths("a.fines", fines, [1, 2]) == ["a.fines.0", "a.fines.1"]
    assert [keys for _, _, keys in members(Setting("d", "number", by_player=True), 0.5)] == [()]


def test_labels_say_whose_number_it_is():
    factor = Setting("discount_factor", "number", by_player=True)
    assert label_of("time.discount_factor.agency", factor) == "discount factor of agency"
    assert label_of("time.discount_factor", factor) == "discount factor"
    fines = Setting("fines", "numbers", by_player=True)
    assert label_of(f"{FORMAL}.graduated_sanctions.fines.agency.0", fines) == (
        "graduated sanctions fines 0 of agency"
    )
    assert label_of(f"{FORMAL}.graduated_sanctions.fines.0", fines) == "graduated sanctions fines 0"


CLAIMS = """\
claims:
  - says: Grim holds from the highest of the own thresholds on, if all have one factor
    arrangement: informal
    profile: grim
    quantity: critical_discount_factor
    equals: >-
      max((temptation.agency - reward) / (temptation.agency - punishment.agency),
      (temptation.association - reward.association) / (temptation.association - punishment.association))
  - says: Each needs the own patience
    arrangement: informal
    quantity: least
    path: time.discount_factor.agency
    equals: (temptation.agency - reward) / (temptation.agency - punishment.agency)
  - says: Becker's fine of the one
    arrangement: formal
    quantity: least
    path: fines.agency.0
    equals: (temptation.agency - reward) / detection.agency
  - says: and of the other, who is seen less often
    arrangement: formal
    quantity: least
    path: fines.association.0
    equals: (temptation.association - reward) / detection.association
    with: {detection.association: 0.75}
  - says: Watching one of them may cost so much
    arrangement: formal
    quantity: break_even
    path: monitoring.cost.association
    equals: 2*reward - punishment.agency - punishment.association - cost.agency
  - says: The impatient gives less weight to later
    arrangement: informal
    quantity: payoff
    player: association
    equals: reward + 0*discount_factor.association*time.discount_factor.agency
"""


@pytest.mark.parametrize("exact", [False, True])
def test_claims_about_one_player_and_about_all(exact):
    scenario = loads(TEXT + CLAIMS, "f.yaml")
    result = gl.run(scenario, exact=exact)
    told = [(claim["says"], claim["value"], claim["expected"]) for claim in result.to_dict()["claims"]]
    assert all(claim["holds"] for claim in result.to_dict()["claims"]), told
    # in numbers: (5-3)/(5-1) = 1/2, (4.5-3)/(4.5-2) = 3/5; 2/.9, 1.5/.75; 6 - 3 - .1
    values = [value for _, value, _ in told]
    assert values[:5] == pytest.approx([0.6, 0.5, 2 / 0.9, 2, 2.9])
    json.dumps(result.to_dict())


def test_a_map_over_one_players_number_is_its_runs():
    drawn = """\
maps:
  - x: {time.discount_factor.agency: {from: 0.3, to: 0.9, points: 3}}
    y: {temptation.association: {from: 3.5, to: 5, points: 3}}
    show: {quantity: joint_payoff, arrangement: informal}
"""
    scenario = loads(TEXT + drawn, "f.yaml")
    found = gl.run(scenario).to_dict()["maps"][0]
    assert found["x"]["label"] == "discount factor of agency"
    for row, temptation in zip(found["numbers"], (3.5, 4.25, 5), strict=True):
        for amount, factor in zip(row, (0.3, 0.6, 0.9), strict=True):
            settings = {"discount_factor.agency": factor, "temptation.association": temptation}
            alone = gl.run(SCENARIO, settings).to_dict()["arrangements"]["informal"]["joint_payoff"]
            assert amount == pytest.approx(alone)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{agency: 0.95, ", "{agncy: 0.95, ",
         "f.yaml:11:33: time.discount_factor.agncy: no player is called 'agncy'; write agency or association; "
         "did you mean 'agency'?"),
        ("{agency: 0.95, association: patience}", "{association: patience}",
         "f.yaml:11:25: time.discount_factor: has nothing for agency; write one for each player"),
        ("association: 4 + 1/2", "association: 4 + x", "game.temptation.association: unknown name 'x'"),
        ("detection: {agency: 0.9", "detection: {agency: 1.9",
         "f.yaml:19:29: arrangements.formal.institutions.monitoring.detection.agency: 1.9 is not a number"),
        ("association: [2.5]", "association: 2.5", "fines.association: '2.5' is given; a list is needed"),
        ("association: [2.5]", "association: [-2]", "fines.association.0: -2 is not a number of at least 0"),
        ("altruism: 0", "altruism: {}", "preferences.altruism: an empty mapping; at least one item is needed"),
        ("altruism: 0", "altruism: {agency: , association: 1}", "altruism.agency: nothing is given"),
        ("paid_by: authority", "paid_by: {agency: authority}", "monitoring.paid_by: a mapping is given"),
        ("time: {", "time: {continuation_probability: {agency: 0.5, association: 0.6}, ",
         "time.continuation_probability: a mapping is given, and players cannot differ in this; write a number"),
        ("monitoring:", "transparency: {reach: {agency: 1, association: 0.5}}\n      monitoring:",
         "transparency.reach: a mapping is given, and players cannot differ in this"),
        ("association: 4 + 1/2", "association: 2",
         "they are 2, 3, 2, 0 for association"),
    ],
)  # fmt: skip
def test_mistakes_are_told_at_their_place(old, new, words):
    told = problems_of(changed((old, new)))
    assert any(words in problem for problem in told), told


def test_all_mistakes_are_told_at_once():
    told = problems_of(
        changed(
            ("{agency: 0.95, ", "{agncy: 0.95, "), ("{agency: 0.9,", "{agency: 2,"), ("altruism: 0", "altruism: {agency: 1}"),
        )
    )  # fmt: skip
    assert len(told) == 3, told


def test_default_names_are_checked_where_the_stage_gives_them():
    text = changed(
        ("players: [agency, association]\n", ""), ("{agency: 5, association: 4 + 1/2}", "{player_1: 5, player_2: 4}"),
        ("punishment: {agency: 1, association: 2}", "punishment: 1"),
        ("{agency: 0.95, association: patience}", "{player_1: 0.9, plaxer_2: 0.9}"),
        ("{agency: 0.9, association: 0.8}", "0.9"), ("{agency: 0.1, association: 0.2}", "0"),
        ("{agency: [3, 4], association: [2.5]}", "[3]"),
    )  # fmt: skip
    (told,) = problems_of(text)
    assert told == (
        "f.yaml:10:51: time.discount_factor.plaxer_2: no player is called 'plaxer_2'; write player_1 or "
        "player_2; did you mean 'player_2'?"
    )


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("quantity: net_benefit, above: temptation",
         "'temptation' differs between players; write temptation.agency or temptation.association"),
        ("quantity: net_benefit, above: discount_factor", "'discount_factor' differs between players"),
        ("quantity: net_benefit, above: 0, with: {temptation.agncy: 6}",
         "'game.temptation.agncy' names no setting: there is no 'agncy', but agency or association; did you"),
        ("quantity: net_benefit, above: 0, with: {temptation: {agncy: 6, association: 5}}",
         "game.temptation.agncy: no player is called 'agncy'"),
        ("quantity: net_benefit, above: 0, with: {discount_factor.agency: 3}", "3 is not a number from 0 to 1"),
        ("quantity: least, path: temptation, above: 0", "'game.temptation' differs between players; write"),
        ("quantity: break_even, path: monitoring.cost, above: 0", "is no cost of formal; write "),
    ],
)  # fmt: skip
def test_claims_that_mean_nobody_are_refused(claim, words):
    told = problems_of(f"{TEXT}claims:\n  - {{arrangement: formal, {claim}}}\n")
    assert any(words in problem for problem in told), told


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (
            {"monitoring.cost": "{agency: 3, association: [1]}"},
            "a list or a mapping is given; write a number",
        ),
        ({"fines": "{agency: 3, association: [1]}"}, "a list is needed; write it in brackets, such as"),
        ({"discount_factor": {"agency": 0.5}}, "has nothing for association"),
        ({"discount_factor": {"agency": [0.1, 0.2], "association": 0.5}}, "takes one value for each setting"),
        ({"discount_factor": {"agency": None, "association": 0.5}}, "None is not a number from 0 to 1"),
        ({"continuation_probability": {"agency": 0.5}}, "players cannot differ in this"),
        ({"rounds": "{agency: 3}"}, "players cannot differ in this"),
        ({"rounds": {"agency": 3}}, "players cannot differ in this"),
        ({"time.rounds.agency": 3}, "names no setting"),
        ({"continuation_probability.agency": 0.5}, "names no setting"),
    ],
)
def test_overrides_that_do_not_fit_are_refused(overrides, words):
    with pytest.raises(InputError, match=words):
        overridden(SCENARIO, overrides)


def test_results_in_fractions_are_by_player():
    scenario = loads(TEXT.replace("association: patience", "association: 3/5"), "f.yaml")
    found = gl.run(scenario, exact=True).to_dict()["arrangements"]["informal"]["certificate"]["exact"]
    assert Fraction(found["max_gain"]) == 0  # 3/5 is association's own threshold
