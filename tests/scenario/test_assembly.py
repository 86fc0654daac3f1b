from fractions import Fraction

import numpy as np
import pytest

import gamelab
from gamelab.errors import GameError, InputError
from gamelab.scenario import assemble, cost_paths, load, loads, profiles, refused, settings_paths

from .example import EXAMPLE, changed

MONITORING = "arrangements.hierarchical.institutions.monitoring"
FINES = "arrangements.hierarchical.institutions.graduated_sanctions.fines"


@pytest.fixture(scope="module")
def scenario():
    return loads(EXAMPLE, "f")


def same(first, second):
    assert first.outcomes == second.outcomes
    assert list(first.flows) == list(second.flows)
    np.testing.assert_array_equal(first.probabilities, second.probabilities)
    np.testing.assert_array_equal(first.discount_factor, second.discount_factor)
    for one, other in zip(first.flows.values(), second.flows.values(), strict=True):
        for part, twin in zip(one.parts(), other.parts(), strict=True):
            np.testing.assert_array_equal(part, twin)


def by_hand(**changes):
    stage = gamelab.prisoners_dilemma(
        temptation=5, reward=3, punishment=1, sucker=0, players=["agency", "association"]
    )
    game = gamelab.repeated(stage, discount_factor=0.9, observe="none", tremble=changes.get("tremble", 0))
    monitored = gamelab.monitoring(
        game,
        detection=changes.get("detection", 0.9),
        false_alarm=changes.get("false_alarm", 0.02),
        cost=0.15,
        paid_by="authority",
    )
    fines = changes.get("fines", [2.5, 4, 8])
    return gamelab.graduated_sanctions(monitored, fines=fines, forgiveness=0.5, cost_per_act=0.1)


def test_a_file_makes_the_game_that_python_makes(scenario):
    same(assemble(scenario, "hierarchical"), by_hand())


@pytest.mark.parametrize(
    ("path", "value", "changes"),
    [
        (f"{MONITORING}.detection", 0.5, {"detection": 0.5}),
        (f"{MONITORING}.detection", Fraction(1, 2), {"detection": 0.5}),
        (f"{MONITORING}.detection", "1 - game.temptation/10", {"detection": 0.5}),
        ("information.tremble", 0.1, {"tremble": 0.1}),
        (f"{FINES}.0", 1, {"fines": [1, 4, 8]}),
        (FINES, [1, 2], {"fines": [1, 2]}),
        (f"{MONITORING}.detection", np.array([0.5, 0.7]), {"detection": np.array([0.5, 0.7])}),
        (f"{FINES}.2", np.array([9.0, 10.0]), {"fines": [2.5, 4, np.array([9.0, 10.0])]}),
    ],
)
def test_overrides_reach_every_setting(scenario, path, value, changes):
    same(assemble(scenario, "hierarchical", {path: value}), by_hand(**changes))


def test_a_defaulted_setting_can_be_overridden():
    scenario = loads(changed((" false_alarm: 0.02,", "")))
    same(assemble(scenario, "hierarchical", {f"{MONITORING}.false_alarm": 0.3}), by_hand(false_alarm=0.3))


def test_an_overridden_parameter_moves_whatever_uses_it(scenario):
    path = "arrangements.horizontal.institutions.transparency.misreading"
    same(
        assemble(scenario, "horizontal", {"parameters.accuracy": Fraction(3, 4)}),
        assemble(scenario, "horizontal", {path: 0.25}),
    )
    grid = assemble(
        scenario,
        "horizontal",
        {"parameters.accuracy": np.array([[0.6], [0.8]]), "time.discount_factor": np.array([0.3, 0.5, 0.9])},
    )
    assert grid.shape == (2, 3)


def test_altruism_comes_last_and_only_where_it_weighs(scenario):
    assert "altruism.regard" not in assemble(scenario, "none").flows
    assert list(assemble(scenario, "none", {"preferences.altruism": 0.5}).flows)[-1] == "altruism.regard"
    assert assemble(scenario, "none", {"preferences.altruism": np.array([0, 0.5])}).shape == (2,)


def test_choices_and_rounds_can_be_overridden(scenario):
    assert assemble(scenario, "none", {"time.rounds": 3}).rounds == 3
    assert len(assemble(scenario, "none", {"information.observe": "public"}).outcomes) == 4


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"time.discount_facto": 0.3}, "did you mean 'time.discount_factor'"),
        ({f"{FINES}.7": 0.3}, "items 0 to 2"),
        ({"time.discount_factor.0": 0.3}, "names no setting"),
        ({"": 1}, "not a dotted path"),
        ({"time.discount_factor": 1.5}, "^f: time.discount_factor: 1.5 is not a number from 0 to 1"),
        ({f"{FINES}.1": -1}, r"^f: .*fines\.1: -1 is not a number of at least 0"),
        ({"time.discount_factor": "1/0"}, "division by zero"),
        ({"time.discount_factor": "nobody"}, "unknown name 'nobody'"),
        ({"game.temptation": 1}, "f:9:1: game: these payoffs make no prisoner's dilemma"),
        ({"game.temptation": float("nan")}, "game.temptation"),
        ({"information.observe": "publik"}, "did you mean 'public'"),
        ({"game.temptation": np.zeros(2), "game.reward": np.zeros(3)}, "do not broadcast"),
        *[
            ({"time.discount_factor": wrong}, "time.discount_factor")
            for wrong in (["a"], [[1], [2, 3]], {}, object())
        ],
        ({"time.nothing": 1, "times": 2}, "times"),
    ],
)
def test_overrides_that_are_refused(scenario, overrides, expected):
    with pytest.raises(InputError, match=expected):
        assemble(scenario, "none" if "time" in str(overrides) else "hierarchical", overrides)


def test_unknown_arrangements_are_refused(scenario):
    for function in (assemble, profiles, settings_paths, cost_paths):
        with pytest.raises(InputError, match="did you mean 'horizontal'"):
            function(scenario, "horizontl")


@pytest.mark.filterwarnings("ignore::gamelab.errors.GamelabWarning")
def test_every_path_can_be_overridden(scenario):
    for arrangement in scenario.arrangements:
        for path, setting in settings_paths(scenario, arrangement).items():
            if setting.kind in ("number", "numbers"):
                value = [0.5] if setting.kind == "numbers" else 0.5
                try:
                    assemble(scenario, arrangement, {path: value})
                except InputError as refusal:
                    assert "make no prisoner's dilemma" in str(refusal), path  # noqa: PT017
    paths = settings_paths(scenario, "hierarchical")
    assert paths["time.continuation_probability"].kind == "number"
    assert paths[f"{FINES}.1"].range.low == 0
    assert not any(path.startswith("arrangements.horizontal") for path in paths)


def test_cost_paths(scenario):
    assert cost_paths(scenario, "none") == []
    assert cost_paths(scenario, "horizontal") == ["arrangements.horizontal.institutions.transparency.cost"]
    assert cost_paths(scenario, "hierarchical")[0] == f"{MONITORING}.cost"


PROFILES = changed(
    (
        "      - grim\n",
        "      - Grudger\n      - [grim, TFT]\n      - {limited_punishment: {rounds: 4/2}}\n"
        "      - [{limited_punishment: {rounds: 2}}, {generous_tit_for_tat: {generosity: 1 - accuracy}}]\n",
    ),
    ("profile: grim", "profile: [grim, tit_for_tat]"),
)


def test_profiles_and_their_labels():
    scenario = loads(PROFILES)
    found = profiles(scenario, "horizontal")
    assert [profile.label for profile in found] == [
        ["grim", "grim"],
        ["grim", "tit_for_tat"],
        [{"limited_punishment": {"rounds": 2}}] * 2,
        [{"limited_punishment": {"rounds": 2}}, {"generous_tit_for_tat": {"generosity": 0.02}}],
    ]
    assert found[1].choices == (("grim", {}), ("tit_for_tat", {}))
    assert found[2].choices == (("limited_punishment", {"rounds": 2}),) * 2
    assert profiles(scenario, "none") == []


def test_strategy_settings_follow_parameters_but_labels_do_not():
    scenario = loads(PROFILES)
    found = profiles(scenario, "horizontal", {"parameters.accuracy": np.array([0.5, 0.75])})[3]
    np.testing.assert_allclose(found.choices[1][1]["generosity"], [0.5, 0.25])
    assert found.label[1] == {"generous_tit_for_tat": {"generosity": 0.02}}
    path = "arrangements.horizontal.profiles.2.limited_punishment.rounds"
    assert profiles(scenario, "horizontal", {path: 5})[2].choices[0] == ("limited_punishment", {"rounds": 5})


def test_a_strategy_s_refusal_is_located():
    scenario = loads(PROFILES, "f")
    plain = refused(scenario, "horizontal", 1, GameError("sees nothing", "tit_for_tat"))
    assert str(plain) == "f:32:9: arrangements.horizontal.profiles.1: tit_for_tat: sees nothing"
    setting = refused(scenario, "horizontal", 2, GameError("too long", "rounds"))
    assert str(setting).startswith(
        "f:33:39: arrangements.horizontal.profiles.2.limited_punishment.rounds: too long"
    )


def test_any_payoff_table_with_labels_parameters_and_mixtures():
    text = """\
gamelab: 1
parameters: {go: 7, V: 3}
game:
  kind: normal_form
  actions: [stop, go]
  payoffs: [[[V, V], [0, V + 2]], [[5, 0], [1, 1]]]
  agreement: [stop, stop]
  fallback: [{stop: 1/4, go: 1 - 1/4}, go]
time: {continuation_probability: 0.5, discount_factor: 1/2}
"""
    game = assemble(loads(text), "none")
    assert game.actions == (("stop", "go"), ("stop", "go"))
    np.testing.assert_allclose(game.fallback[0, 0], [[0.25, 0.75], [0, 1]])
    assert game.discount_factor.ravel()[0] == 0.25
    batch = assemble(loads(text), "none", {"parameters.V": np.array([3.0, 4.0]), "game.payoffs.1.1.0": 2})
    assert batch.shape == (2,)
    np.testing.assert_allclose(batch.flows["material"].by_profile[:, 0, 3, 0], 2)


NFG = 'NFG 1 R "Dilemma" { "agency" "firm" } { { "C" "D" } { "C" "D" } } 3 3  5 0  0 5  1 1\n'
NFG_FILE = """gamelab: 1
title: A dilemma from a file
game:
  kind: normal_form
  file: games/dilemma.nfg
  agreement: [C, C]
  fallback: [D, D]
time: {discount_factor: 0.9}
arrangements: {talk: {profiles: [grim]}}
claims:
  - {quantity: critical_discount_factor, arrangement: talk, profile: grim, equals: (5 - 3) / (5 - 1)}
  - {quantity: payoff, arrangement: talk, profile: grim, player: firm, is: 3}
"""


def nfg_scenario(tmp_path, text=NFG_FILE, table=NFG):
    (tmp_path / "games").mkdir()
    (tmp_path / "games" / "dilemma.nfg").write_text(table)
    (tmp_path / "x.yaml").write_text(text)
    return tmp_path / "x.yaml"


def test_a_nfg_file_is_found_beside_the_scenario(tmp_path, monkeypatch):
    path = nfg_scenario(tmp_path)
    scenario = load(path)
    assert scenario.players == ("agency", "firm"), "names of the file"
    game = assemble(scenario, "talk")
    assert game.flows["material"].by_profile[0, 0, :, :2].tolist() == [[3, 3], [0, 5], [5, 0], [1, 1]]
    monkeypatch.chdir(tmp_path)
    assert assemble(load("x.yaml"), "talk").players == ("agency", "firm")


@pytest.mark.parametrize(
    "name",
    ["../secret.nfg", "games/../../secret.nfg", "/etc/hostname", "C:/secret.nfg", "c:secret.nfg",
     "\\\\server\\share\\secret.nfg", "..\\secret.nfg", "leaving.nfg", "away/secret.nfg"],
)  # fmt: skip
def test_a_scenario_names_files_in_its_own_folder_only(tmp_path, name):
    """Whatever a stranger's scenario names: other files of the reader are not opened, by no detour."""
    (tmp_path / "secret.nfg").write_text("hunter2")
    folder = tmp_path / "downloaded"
    folder.mkdir()
    path = nfg_scenario(folder)
    (folder / "leaving.nfg").symlink_to(tmp_path / "secret.nfg")
    (folder / "away").symlink_to(tmp_path)
    path.write_text(NFG_FILE.replace("games/dilemma.nfg", f"'{name}'"))
    with pytest.raises(
        InputError, match=r"game.file: '.*' given; the file must be in the scenario's own"
    ) as told:
        load(path)
    assert "hunter2" not in str(told.value)
    path.write_text(NFG_FILE)
    honest = load(path)
    with pytest.raises(InputError, match="the file must be in the scenario's own folder"):
        assemble(honest, "talk", {"game.file": "../secret.nfg"})


def test_a_scenario_may_name_a_link_within_its_folder(tmp_path):
    path = nfg_scenario(tmp_path)
    (tmp_path / "link.nfg").symlink_to("games/dilemma.nfg")
    path.write_text(NFG_FILE.replace("games/dilemma.nfg", "./link.nfg"))
    assert load(path).players == ("agency", "firm")


def test_names_of_the_scenario_go_before_those_of_the_file(tmp_path):
    text = NFG_FILE.replace("title:", "players: [Ann, Bob]\ntitle:").replace("player: firm", "player: Bob")
    text = text.replace("agreement: [C, C]", "actions: [x, y]\n  agreement: [x, x]").replace(
        "[D, D]", "[y, y]"
    )
    game = assemble(load(nfg_scenario(tmp_path, text)), "talk")
    assert game.players == ("Ann", "Bob")
    assert game.actions == (("x", "y"), ("x", "y"))


@pytest.mark.parametrize(
    ("text", "table", "words"),
    [
        (NFG_FILE, NFG.replace("1 1\n", "1\n"), "x.yaml:5:9: game.file: {}:1:83: the file ends where a payoff is needed"),
        (NFG_FILE.replace("dilemma.nfg", "dilema.nfg"), NFG, "x.yaml:5:9: game.file: {}: there is no such file; did you mean"),
        (NFG_FILE.replace("games/dilemma.nfg", "games"), NFG, "x.yaml:5:9: game.file: {}: a folder, and a .nfg file is needed"),
        (NFG_FILE.replace("  agreement", "  payoffs: [[[1, 1]]]\n  agreement"), NFG, "x.yaml:6:12: game.payoffs: 'payoffs' and 'file' given"),
        (NFG_FILE.replace("  file: games/dilemma.nfg\n", ""), NFG, "x.yaml:3:1: game.payoffs: needs 'payoffs', 'tables', or a .nfg 'file'"),
        (NFG_FILE.replace("games/dilemma.nfg", "[a, b]"), NFG, "x.yaml:5:9: game.file: a list is given; write a text"),
        (NFG_FILE.replace("[C, C]", "[C, E]"), NFG, "x.yaml:6:14: game.agreement: 'E' is no action here"),
    ],
)  # fmt: skip
def test_mistakes_around_a_nfg_file(tmp_path, text, table, words):
    with pytest.raises(InputError) as refusal:
        load(nfg_scenario(tmp_path, text, table))
    (problem,) = refusal.value.problems
    named = str(
        tmp_path
        / (
            "games/dilema.nfg"
            if "dilema.nfg" in text
            else "games"
            if "games\n" in text
            else "games/dilemma.nfg"
        )
    )
    assert str(problem).startswith(f"{tmp_path}/{words.format(named)}"), str(problem)
