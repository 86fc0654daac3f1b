"""The plugin in runs of pytest of their own, found by its entry point; in a process of its own where that matters."""

import inspect
import os
import re
import sys
import tomllib
from pathlib import Path

import pytest

import gamelab
import gamelab as gl
from gamelab import testing
from gamelab.experiment.advice import advice
from gamelab.model.payoff_text import as_text
from gamelab.scenario import assemble, loads, specification
from gamelab.testing import Bimatrix
from gamelab.testing.failed_games import sections
from gamelab.testing.scenario_items import ClaimItem

pytest_plugins = ["pytester"]
ROOT = Path(gamelab.__file__).parents[1]
HEAVY = ("numpy", "scipy", "hypothesis", "pydantic", "ruamel.yaml", "pandas", "matplotlib")

SCENARIO = """\
# a comment first
gamelab: 1
title: A small one
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
arrangements:
  watched:
    profiles: [grim]
claims:
  - says: Grim holds
    arrangement: watched
    quantity: supported
    is: yes
  - says: Patience of a quarter is enough
    arrangement: watched
    profile: grim
    quantity: critical_discount_factor
    equals: 1/4
  - says: "Impatience: nothing holds"
    arrangement: watched
    quantity: supported
    is: yes
    with: {time.discount_factor: 0.3}
  - says: The gain is the whole
    arrangement: watched
    quantity: gross_benefit
    equals: 2*(reward - punishment)
"""
NAMES = [
    "Grim holds",
    "Patience of a quarter is enough",
    "Impatience: nothing holds",
    "The gain is the whole",
]
OURS = "[pytest]\ngamelab_scenarios = true\n"


@pytest.fixture(scope="module", autouse=True)
def warm():
    """Load here what runs inside this process load: they forget their imports, and others must not do so twice."""
    result = gl.check(loads(SCENARIO))
    for claim in result.scenario.claims:
        result.checked(claim)
        for arrangement in result.where(claim).arrangements.values():
            assert advice(arrangement) or as_text(arrangement.game)
    return [Bimatrix, sections, ClaimItem, testing.check_solver, testing.draws]


def forgotten():
    """Return modules of gamelab that a run inside this process has loaded and forgotten."""
    rooms = [module for name, module in list(sys.modules.items()) if name.split(".")[0] == "gamelab"]
    held = {thing for room in rooms for thing in list(vars(room).values()) if inspect.ismodule(thing)}
    names = {module.__name__: module for module in held}
    return [n for n, m in names.items() if n.startswith("gamelab.") and sys.modules.get(n) is not m]


@pytest.fixture
def project(pytester, monkeypatch):
    """Return a folder in which pytest finds gamelab and its entry points as if it were installed."""
    with (ROOT / "pyproject.toml").open("rb") as stream:
        groups = tomllib.load(stream)["project"]["entry-points"]
    installed = pytester.mkdir("installed") / "gamelab-0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: gamelab\nVersion: 0\n")
    texts = [
        f"[{group}]\n" + "\n".join(f"{k} = {v}" for k, v in entries.items())
        for group, entries in groups.items()
    ]
    (installed / "entry_points.txt").write_text("\n".join(texts))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(installed.parent), str(ROOT)]))
    monkeypatch.syspath_prepend(installed.parent)
    for name in ("HYPOTHESIS_PROFILE", "CI", "PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
        monkeypatch.delenv(name, raising=False)
    yield pytester
    assert not forgotten()


@pytest.fixture
def scenario(project):
    """Return the same folder with a scenario file in it, two of whose claims fail."""
    folder = project.mkdir("scenarios")
    (folder / "small.yaml").write_text(SCENARIO)
    return project


# ------------------------------------------------------------------------------------------------- claims as tests


def test_claims_of_a_named_file_are_tests(scenario):
    ran = scenario.runpytest("-v", "scenarios/small.yaml")
    ran.assert_outcomes(passed=2, failed=2)
    found = [re.match(r"scenarios/small\.yaml::(.*?) (PASSED|FAILED)", line) for line in ran.outlines]
    assert [match.groups() for match in found if match] == list(
        zip(NAMES, ["PASSED", "FAILED", "FAILED", "PASSED"], strict=True)
    )


def line_of(text):
    (line,) = [k for k, line in enumerate(SCENARIO.splitlines(), start=1) if line.strip() == text]
    return line


def test_a_failure_says_where_what_and_which_game(scenario):
    text = scenario.runpytest("scenarios/small.yaml").stdout.str()
    assert "Traceback" not in text
    assert "runtest" not in text
    blocks = re.split(r"\n_{5,} .*? _{5,}\n", text.split("short test summary")[0])[1:]
    patience, impatience = (re.sub(r"\s+", " ", block) for block in blocks)
    assert patience.startswith(
        f"scenarios/small.yaml:{line_of('equals: 1/4')}: critical_discount_factor is 0.5, "
    )
    assert "claim Patience of a quarter is enough quantity" in patience
    assert "quantity critical_discount_factor of watched under grim" in patience
    assert "value 0.5 expected 0.25, within 1e-09" in patience  # (T - R)/(T - P) = 1/2
    assert "C 3, 3 0, 5 D 5, 0 1, 1" in patience
    assert "value no candidate expected yes with time.discount_factor: 0.3" in impatience
    assert "advice watched: grim is not certified" in impatience


def test_exact_scenarios_tell_fractions(project):
    project.makefile(".yaml", exact=SCENARIO.replace("title:", "exact: true\ntitle:"))
    ran = project.runpytest("exact.yaml")
    ran.assert_outcomes(passed=2, failed=2)
    assert "exactly   1/2, and claimed was 1/4" in ran.stdout.str()  # (T - R)/(T - P)


def test_one_claim_by_its_sentence(scenario):
    scenario.runpytest("scenarios/small.yaml::Grim holds").assert_outcomes(passed=1)
    scenario.runpytest("scenarios/small.yaml", "-k", "patience").assert_outcomes(failed=2)


def test_a_claim_that_cannot_be_told_hides_no_other(scenario):
    text = SCENARIO.replace("equals: 1/4", "equals: 1/(discount_factor - 0.9)")
    (scenario.path / "scenarios" / "small.yaml").write_text(text)
    ran = scenario.runpytest("scenarios/small.yaml")
    assert ran.parseoutcomes().get("passed", 0) + ran.parseoutcomes().get("errors", 0) >= 1
    assert "Traceback" not in ran.stdout.str()
    assert "scenarios/small.yaml:" in ran.stdout.str()


@pytest.mark.parametrize(
    ("arguments", "ini", "passed"),
    [
        (["scenarios"], None, 0),
        (["."], None, 0),
        (["scenarios", "--gamelab"], None, 2),
        ([], OURS, 2),
        (["--gamelab"], None, 2),
        ([], "[pytest]\ngamelab_scenarios = false\n", 0),
        (["scenarios/small.yaml"], "[pytest]\ngamelab_scenarios = false\n", 2),
    ],
)
def test_folders_only_where_switched_on(scenario, arguments, ini, passed):
    if ini:
        scenario.makefile(".ini", pytest=ini)
    ran = scenario.runpytest(*arguments)
    assert ran.parseoutcomes().get("passed", 0) == passed
    hint = "a scenario file passed over; --gamelab, or gamelab_scenarios = true" in ran.stdout.str()
    assert hint is (passed == 0)


def test_no_hint_where_other_tests_ran(scenario):
    scenario.makepyfile("def test_one():\n    pass\n")
    ran = scenario.runpytest()
    ran.assert_outcomes(passed=1)
    assert "gamelab" not in ran.stdout.str().replace("gamelab-0", "")


def test_other_yaml_is_left_alone(project):
    project.makefile(".ini", pytest=OURS)
    project.makefile(
        ".yaml", settings="name: x\ngamelab: 1\n", empty="", listing="- gamelab: 1\n", broken="{[\n"
    )
    (project.path / "binary.yml").write_bytes(bytes(range(256)))
    project.makefile(
        ".yml", scenario="# mine\n---\n\n" + SCENARIO, quoted=SCENARIO.replace("gamelab:", "'gamelab' :")
    )
    project.runpytest().assert_outcomes(passed=4, failed=4)


def test_a_broken_file_is_one_failure_in_words(scenario):
    text = (
        SCENARIO.replace("reward: 3", "reward: 30")
        .replace("supported", "suported", 1)
        .replace("title", "titel")
    )
    (scenario.path / "scenarios" / "broken.yaml").write_text(text)
    ran = scenario.runpytest("--gamelab", "--continue-on-collection-errors")
    ran.assert_outcomes(passed=2, failed=2, errors=1)
    text = ran.stdout.str()
    for place in ("scenarios/broken.yaml:3:", "did you mean 'title'?", "did you mean 'supported'?"):
        assert place in text
    assert "Traceback" not in text
    assert "pytest_plugin.py" not in text
    assert str(scenario.path / "scenarios" / "broken.yaml") not in text


def test_sentences_that_are_the_same_or_odd(project):
    text = SCENARIO.replace("Patience of a quarter is enough", "Grim holds").replace(
        '"Impatience: nothing holds"', '"a::b [c]  d"'
    )
    project.makefile(".yaml", odd=text)
    ran = project.runpytest("-v", "odd.yaml")
    assert len(set(re.findall(r"odd\.yaml::Grim holds \(line \d+\) ", ran.stdout.str()))) == 2
    assert "odd.yaml::a:b [c] d " in ran.stdout.str()


@pytest.mark.slow
def test_workers_share_the_claims(scenario):
    scenario.makefile(".ini", pytest=OURS)
    scenario.makepyfile(FAILING)
    ran = scenario.runpytest_subprocess("-n2")
    ran.assert_outcomes(passed=3, failed=7)
    assert "claim     Patience of a quarter is enough" in ran.stdout.str()
    assert "C                    3, 3  0, 5" in ran.stdout.str()
    assert set(TABLES) <= {title for title, _ in tables(ran)}


def test_solved_once_and_only_what_is_asked(scenario, monkeypatch):
    made = []

    def counted(document, name, overrides):
        made.append((name, {**overrides}))
        return assemble(document, name, overrides)

    monkeypatch.setattr(specification, "assemble", counted)
    scenario.runpytest("scenarios/small.yaml", "-k", "grim").assert_outcomes(passed=1)
    assert made.count(("watched", {})) == 1
    assert all("time.discount_factor" not in overrides for _, overrides in made)
    made.clear()
    scenario.runpytest("scenarios/small.yaml").assert_outcomes(passed=2, failed=2)
    assert made.count(("watched", {})) == 1


def test_what_ships_holds():
    """Our own run collects every claim of the scenarios that ship."""
    with (ROOT / "pyproject.toml").open("rb") as stream:
        options = tomllib.load(stream)["tool"]["pytest"]["ini_options"]
    assert options["gamelab_scenarios"] is True
    assert "scenarios" in options["testpaths"]


# ---------------------------------------------------------------------------------------------------- silence

LOADED = """
    import sys

    def pytest_unconfigure():
        heavy = {heavy!r}
        print("loaded:", sorted(name for name in sys.modules if name in heavy or name.startswith("gamelab")))
    """


def loaded(project, *arguments):
    project.makeconftest(LOADED.format(heavy=HEAVY))
    ran = project.runpytest_subprocess("-s", "-p", "no:hypothesispytest", *arguments)
    (line,) = [line for line in ran.outlines if line.startswith("loaded:")]
    return ran, set(re.findall(r"'(.*?)'", line))


def test_nothing_heavy_is_imported_where_it_is_not_used(project):
    project.makepyfile("def test_one():\n    assert True\n")
    project.makefile(".yaml", other="name: x\n")
    ran, names = loaded(project)
    ran.assert_outcomes(passed=1)
    assert names == {
        "gamelab",
        "gamelab.testing",
        "gamelab.testing.pytest_plugin",
        "gamelab.testing.hypothesis_profiles",
    }


def test_a_failure_without_games_imports_nothing_either(project):
    project.makepyfile("def test_one():\n    assert False\n")
    ran, names = loaded(project)
    ran.assert_outcomes(failed=1)
    assert "gamelab payoff" not in ran.stdout.str()
    assert not names & set(HEAVY)


def test_switched_off(scenario):
    ran, names = loaded(scenario, "-p", "no:gamelab", "scenarios/small.yaml")
    assert ran.ret != 0
    assert not [name for name in names if "plugin" in name or name in HEAVY]
    assert "passed" not in ran.parseoutcomes()


@pytest.mark.slow
def test_once_only_where_it_is_installed_and_on_the_path(project):
    """With the conftest of this project, which brings the plugin in where there is no entry point."""
    (project.path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    project.makefile(".ini", pytest=OURS + "addopts = --strict-config\n")
    project.makefile(".yaml", small=SCENARIO)
    project.runpytest_subprocess().assert_outcomes(passed=2, failed=2)


@pytest.mark.slow
def test_on_the_path_only(project, monkeypatch):
    (project.path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    project.makefile(".ini", pytest=OURS + "addopts = --strict-config\n")
    project.makefile(".yaml", small=SCENARIO)
    project.runpytest_subprocess().assert_outcomes(passed=2, failed=2)
    off = project.runpytest_subprocess("-p", "no:gamelab")
    assert off.ret == pytest.ExitCode.NO_TESTS_COLLECTED


# -------------------------------------------------------------------------------------------- payoff tables

FAILING = """
    import pytest
    import gamelab as gl
    from gamelab.testing import Bimatrix

    @pytest.fixture
    def played():
        return gl.normal_form(payoffs=[[[7, 7], [0, 0]], [[0, 0], [8, 8]]], agreement=["1", "1"], fallback=["2", "2"])

    def test_local():
        stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
        game = gl.repeated(stage, discount_factor=0.4)
        certificate = gl.certify(game, "grim")
        del stage, game
        assert certificate.verdict == "holds"

    def test_fixture(played):
        assert False

    def test_tables():
        game = Bimatrix([[11, 12], [13, 14]], [[21, 22], [23, 24]])
        assert game.shape == (3, 3)

    def test_large():
        wide = gl.normal_form(payoffs=[[[i, j] for j in range(40)] for i in range(40)], agreement=["1", "1"],
                              fallback=["2", "2"])
        assert wide is None

    def test_described():
        from gamelab.testing.descriptions import StageDescription

        drawn = StageDescription("battle", {"high": 3, "low": 2})
        assert drawn is None

    def test_passes():
        game = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
        assert game
    """


TABLES = [
    "payoff table of the game of certificate",
    "payoff table of played",
    "payoff table of game",
    "payoff table of wide",
    "payoff table of drawn",
]


def tables(ran):
    return re.findall(r"-+ (payoff table of .*?) -+\n(.*?)(?=\n[_=-]{5})", ran.stdout.str(), re.DOTALL)


def test_failures_show_payoff_tables(project):
    project.makepyfile(FAILING)
    ran = project.runpytest("-n0")
    ran.assert_outcomes(passed=1, failed=5)
    assert [title for title, _ in tables(ran)] == TABLES
    local, fixture, plain, large, drawn = (re.sub(r" +", " ", table) for _, table in tables(ran))
    assert local.endswith("C 3, 3 0, 5\nD 5, 0 1, 1")
    assert fixture.endswith("1 7, 7 0, 0\n2 0, 0 8, 8")
    assert plain == "11, 21 12, 22\n13, 23 14, 24"
    assert large.count("\n") + 1 <= 20
    assert "more lines" in large
    assert "3, 2" in drawn


def test_a_drawn_game_is_shown_with_its_institutions_and_no_stage_table_twice(project):
    project.makepyfile(
        """
        from gamelab.testing.descriptions import GameDescription, StageDescription

        def test_one():
            stage = StageDescription("prisoners_dilemma", {"temptation": 5, "reward": 3, "punishment": 1, "sucker": 0})
            monitoring = {"detection": 0.9, "cost": 0.15, "paid_by": "authority"}
            drawn = GameDescription(stage, {"discount_factor": 0.9}, {"observe": "none"}, {"monitoring": monitoring})
            game = drawn.build()
            assert game is None
        """
    )
    ((title, text),) = tables(project.runpytest("-n0"))
    assert title == "payoff table of drawn"
    assert "discount_factor: 0.9" in text
    assert "observe: none" in text
    assert "monitoring: {detection: 0.9, cost: 0.15, paid_by: authority}" in text
    assert re.sub(r" +", " ", text).endswith("C 3, 3 0, 5\nD 5, 0 1, 1")


def test_a_game_that_cannot_be_shown_leaves_the_failure_alone(project):
    project.makepyfile(
        """
        import gamelab as gl

        class Trap:
            @property
            def game(self):
                raise RuntimeError("not you")

        def test_one():
            game, trap = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0), Trap()
            assert game is None
        """
    )
    ran = project.runpytest()
    ran.assert_outcomes(failed=1)
    assert "INTERNALERROR" not in ran.stdout.str()
    assert "not you" not in ran.stdout.str()


# ------------------------------------------------------------------------------------------------- profiles

COUNTED = """
    from hypothesis import given, settings, strategies as st

    seen = []

    @given(st.integers())
    def test_drawn(x):
        seen.append(x)

    def test_shown():
        print("examples", len(seen), "derandomised", settings().derandomize, "sum", sum(seen))
        print("deep", settings.get_profile("deep").max_examples)
    """


@pytest.mark.parametrize(
    ("name", "examples", "by"),
    [("quick", 25, "environment"), pytest.param("ci", 100, "option", marks=pytest.mark.slow)],
)
def test_profiles(project, monkeypatch, name, examples, by):
    project.makepyfile(COUNTED)
    if by == "environment":
        monkeypatch.setenv("HYPOTHESIS_PROFILE", name)
    ran = project.runpytest_subprocess("-s", *(["--hypothesis-profile", name] if by == "option" else []))
    ran.assert_outcomes(passed=2)
    assert f"examples {examples} derandomised {name == 'ci'}" in ran.stdout.str()
    assert "deep 2000" in ran.stdout.str()


@pytest.mark.slow
def test_option_goes_before_the_environment(project, monkeypatch):
    project.makepyfile(COUNTED)
    monkeypatch.setenv("HYPOTHESIS_PROFILE", "deep")
    ran = project.runpytest_subprocess("-s", "--hypothesis-profile", "default")
    assert "examples 100 derandomised False" in ran.stdout.str()


@pytest.mark.slow
def test_a_profile_of_the_projects_own_stays(project):
    project.makepyfile(COUNTED)
    project.makeconftest(
        "from hypothesis import settings\nsettings.register_profile('quick', max_examples=7)\n"
    )
    ran = project.runpytest_subprocess("-s", "--hypothesis-profile", "quick")
    assert "examples 7 " in ran.stdout.str()


@pytest.mark.slow
def test_a_conftest_can_load_one(project):
    project.makepyfile(COUNTED)
    project.makeconftest("from hypothesis import settings\nsettings.load_profile('quick')\n")
    assert "examples 25 " in project.runpytest_subprocess("-s").stdout.str()


@pytest.mark.slow
def test_a_profile_of_somebody_else_is_left_alone(project, monkeypatch):
    project.makepyfile(COUNTED)
    monkeypatch.setenv("HYPOTHESIS_PROFILE", "theirs")
    assert "examples 100 " in project.runpytest_subprocess("-s").stdout.str()
