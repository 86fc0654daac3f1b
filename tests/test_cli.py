import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from typer.testing import CliRunner

import gamelab
from gamelab.cli import app
from gamelab.errors import GameError, InputError, Problem

ROOT = Path(gamelab.__file__).parents[1]


def _result(path, holds=True):
    claim = {
        "says": "Watching pays",
        "quantity": "net_benefit",
        "arrangement": "watch",
        "profile": None,
        "value": 1.5,
        "expected": 0.0,
        "comparison": "above",
        "holds": holds,
        "line": 7,
    }
    watch = {
        "profile": ["comply", "comply"],
        "supported": "yes",
        "workable": True,
        "advice": None,
        "gross_benefit": 2.0,
        "transaction_cost": 0.5,
        "net_benefit": 1.5,
    }
    return {
        "title": f"Title of {path.stem}",
        "file": str(path),
        "arrangements": {"watch": watch},
        "best_arrangement": "watch",
        "workable_arrangements": ["watch"],
        "claims": [claim],
        "notes": ["a warning"],
    }


class Engine:
    """Stands in for reading and solving; what a file contains decides what happens to it."""

    def __init__(self):
        self.solved = []

    def find(self, source):
        path = Path(source)
        if path.is_dir():
            return sorted(path.glob("*.yaml"))
        if not path.exists():
            raise InputError(Problem("no such scenario", file=source))
        return [path]

    def load(self, path):
        content = path.read_text()
        if "wrong" in content:
            first = Problem("unknown key", "gaem", str(path), 1, 1)
            raise InputError([first, Problem("too high", "time", str(path), 2, 5)])
        return SimpleNamespace(
            path=path,
            content=content,
            title=f"Title of {path.stem}",
            about="What\nfor?",
            source="A book",
            arrangements=("none", "watch"),
            institutions={"none": (), "watch": ("monitoring", "graduated_sanctions")},
        )

    def run(self, scenario, overrides=None, exact=None):
        self.solved.append(scenario.path)
        self.exact = exact
        if "refused" in scenario.content:
            raise GameError("needs findings", "graduated_sanctions")
        if "interrupted" in scenario.content:
            raise KeyboardInterrupt
        found = _result(scenario.path, "failing" not in scenario.content)
        return SimpleNamespace(to_dict=lambda: found, curves={})


@pytest.fixture
def engine(monkeypatch):
    import gamelab.scenario

    made = Engine()
    for name in ("find", "load"):
        monkeypatch.setattr(gamelab.scenario, name, getattr(made, name))
    monkeypatch.setattr(gamelab.scenario, "packaged", list)
    experiment = ModuleType("gamelab.experiment")
    experiment.run = experiment.check = made.run
    monkeypatch.setitem(sys.modules, "gamelab.experiment", experiment)
    return made


@pytest.fixture
def files(tmp_path):
    """Return a function that writes scenario files, by name, and returns their paths as texts."""

    def write(**contents):
        for name, content in contents.items():
            (tmp_path / f"{name}.yaml").write_text(content)
        return [str(tmp_path / f"{name}.yaml") for name in contents]

    return write


def gamelab_says(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "80"})


def in_a_process(*arguments, **options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    return subprocess.run(
        [sys.executable, "-m", "gamelab", *arguments],
        env=environment | options.pop("env", {}),
        capture_output=True,
        timeout=120,
        **options,
    )


def test_version_and_help():
    assert gamelab_says("--version").output == f"gamelab {gamelab.__version__}\n"
    text = gamelab_says("--help").output
    assert all(command in text for command in ("run", "check", "list", "describe", "schema", "new"))
    assert "..." not in text.replace("[ARGS]...", "")


def test_the_version_is_quick_to_say():
    heavy = "import gamelab.cli, sys; print([m for m in ('numpy', 'pandas', 'scipy') if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", heavy], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


def test_an_unknown_command_or_option_names_the_nearest():
    said = gamelab_says("chekc")
    assert said.exit_code == 2
    assert "there is no command 'chekc'; did you mean 'check'?" in said.stderr
    unlike = gamelab_says("box1").stderr
    assert all(command in unlike for command in ("run", "check", "list", "describe"))
    assert gamelab_says("run", "x", "--jsn").exit_code == 2
    assert gamelab_says("run").exit_code == 2


def test_run_shows_every_scenario(engine, files):
    said = gamelab_says("run", *files(one="", two=""))
    assert said.exit_code == 0
    assert said.stderr == ""
    assert "Title of one" in said.stdout
    assert "Title of two" in said.stdout
    assert "Best arrangement: watch, net benefit 1.500 a round" in said.stdout
    assert "a warning" in said.stdout


def test_a_file_named_twice_runs_once(engine, files, tmp_path):
    gamelab_says("run", *files(one=""), tmp_path)
    assert len(engine.solved) == 1


@pytest.mark.parametrize("command", ["run", "check"])
def test_fractions_are_asked_for_by_an_option(engine, files, command):
    assert gamelab_says(command, *files(one="")).exit_code == 0
    assert engine.exact is None  # what the file says
    assert gamelab_says(command, *files(one=""), "--exact").exit_code == 0
    assert engine.exact is True


def test_run_as_json_has_nothing_else_on_standard_output(engine, files):
    said = gamelab_says("run", *files(one="", two="failing"), "--json")
    document = json.loads(said.stdout)
    assert [entry["title"] for entry in document["scenarios"]] == ["Title of one", "Title of two"]
    assert document["gamelab"] == gamelab.__version__
    assert said.exit_code == 1
    assert said.stderr == "1 claim holds, 1 fails\n"


def test_a_failed_claim_ends_with_1(engine, files):
    assert gamelab_says("run", *files(one="failing")).exit_code == 1


def test_all_mistakes_of_all_files_are_told_and_nothing_runs(engine, files, tmp_path):
    said = gamelab_says("run", *files(one="", two="wrong", three="wrong"), "missing", "--json")
    assert said.exit_code == 2
    assert said.stdout == ""
    assert engine.solved == []
    two, three = tmp_path / "two.yaml", tmp_path / "three.yaml"
    assert said.stderr.splitlines() == [
        "missing: no such scenario",
        f"{two}:1:1: gaem: unknown key",
        f"{two}:2:5: time: too high",
        f"{three}:1:1: gaem: unknown key",
        f"{three}:2:5: time: too high",
    ]


def test_a_broken_file_does_not_stop_the_others(engine, files, tmp_path):
    said = gamelab_says("run", *files(one="", two="wrong", three="refused", four="failing"), "--json")
    assert said.exit_code == 2
    assert [entry["title"] for entry in json.loads(said.stdout)["scenarios"]] == [
        "Title of one",
        "Title of four",
    ]
    assert said.stderr.splitlines() == [
        f"{tmp_path / 'two.yaml'}:1:1: gaem: unknown key",
        f"{tmp_path / 'two.yaml'}:2:5: time: too high",
        f"{tmp_path / 'three.yaml'}: graduated_sanctions: needs findings",
        "1 claim holds, 1 fails",
        "2 files are left out: the mistakes stand above",
    ]
    said = gamelab_says("check", *files(one="", two="wrong"))
    assert said.exit_code == 2
    assert "1 claim holds, 0 fail" in said.stdout
    assert said.stderr.endswith("1 file is left out: the mistakes stand above\n")


def test_a_game_that_refuses_is_told_with_its_file(engine, files):
    (path,) = files(one="refused")
    said = gamelab_says("run", path)
    assert said.exit_code == 2
    assert said.stderr == f"{path}: graduated_sanctions: needs findings\n"


def test_an_interruption_writes_nothing(engine, files, tmp_path):
    said = gamelab_says("run", *files(one="", two="interrupted"), "--out", tmp_path / "out")
    assert (said.exit_code, said.stdout) == (130, "")
    assert said.stderr == "interrupted; nothing was written\n"
    assert not (tmp_path / "out").exists()


def test_out_writes_files_and_says_so_on_standard_error(engine, files, tmp_path):
    out = tmp_path / "deep" / "out"
    said = gamelab_says("run", *files(one=""), "--out", out, "--json")
    assert said.exit_code == 0
    document = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert [entry.pop("curves") for entry in document["scenarios"]] == [{}]
    assert json.loads(said.stdout) == document
    assert sorted(path.suffix for path in out.iterdir() if path.is_file()) == [".csv"] * 4 + [
        ".html",
        ".json",
    ]
    assert f"written to {out}: index.html, results.json, " in said.stderr


def test_an_output_folder_is_checked_before_solving_and_with_the_files(engine, files, tmp_path):
    (tmp_path / "taken").write_text("")
    said = gamelab_says("run", *files(one="wrong"), "--out", tmp_path / "taken" / "out")
    assert (said.exit_code, len(said.stderr.splitlines())) == (2, 3)
    said = gamelab_says("run", *files(two=""), "--out", tmp_path / "taken" / "out")
    assert said.exit_code == 2
    assert said.stderr.startswith("--out: results cannot be written to ")
    assert engine.solved == []


def test_a_full_disk_is_a_sentence(engine, files, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    said = gamelab_says("run", *files(one=""), "--out", tmp_path / "out")
    assert said.exit_code == 2
    assert "no space left on device" in said.stderr
    assert not (tmp_path / "out").exists()


def test_check_has_one_line_a_claim(engine, files, tmp_path):
    said = gamelab_says("check", *files(one="", two="failing"))
    assert said.exit_code == 1
    lines = said.stdout.splitlines()
    assert lines[1].endswith("Watching pays")
    assert f"{tmp_path / 'two.yaml'}:7: Watching pays: net_benefit of watch = 1.5" in lines[3]
    assert lines[4] == "1 claim holds, 1 fails"
    assert len(lines) == 5


def test_check_alone_takes_all_that_comes_with_it(engine, files, monkeypatch):
    import gamelab.scenario

    paths = [Path(path) for path in files(one="", two="")]
    monkeypatch.setattr(gamelab.scenario, "packaged", lambda: paths)
    said = gamelab_says("check")
    assert (said.exit_code, engine.solved) == (0, paths)
    assert said.stdout.splitlines()[-1] == "2 claims hold, 0 fail"


def test_list_shows_groups_and_their_sentences(engine, files, monkeypatch, tmp_path):
    import gamelab.scenario.files

    folder = tmp_path / "scenarios" / "box1"
    folder.mkdir(parents=True)
    (folder / "trust.yaml").write_text("")
    monkeypatch.setattr(gamelab.scenario.files, "root", lambda: tmp_path / "scenarios")
    everything = gamelab_says("list")
    assert everything.exit_code == 0
    assert [line for line in everything.stdout.splitlines() if line and line[0] != " "] == [
        "Stages", "Institutions", "Strategies", "Scenarios",
    ]  # fmt: skip
    assert "box1/trust  Title of trust" in everything.stdout
    alone = gamelab_says("list", "institutions").stdout
    assert "monitoring" in alone
    assert "grim" not in alone
    page = gamelab_says("describe", "trust").stdout
    assert page == gamelab_says("describe", "box1").stdout
    assert page.startswith("box1/trust (scenario)\nTitle of trust\nWhat for?\nA book\n")
    assert "watch  monitoring, graduated_sanctions" in page
    assert "none   no institution" in page
    wrong = gamelab_says("list", "strategy")
    assert wrong.exit_code == 2
    assert "did you mean 'strategies'?" in wrong.stderr


def test_describe_names_settings_aliases_and_the_nearest(engine):
    said = gamelab_says("describe", "monitoring").stdout
    for words in (
        "detection",
        "a number from 0 to 1 (probability), or one for each player by",
        "default participants",
    ):
        assert words in said
    assert "monitoring: {detection: 0.9, cost: 0.1}" in said
    assert "also written Grudger, grim_trigger" in gamelab_says("describe", "grudger").stdout
    wrong = gamelab_says("describe", "monitorng")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert wrong.stderr == "nothing is called 'monitorng'; did you mean 'monitoring'?\n"


@pytest.mark.slow
def test_a_closed_pipe_is_quiet():
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "gamelab", "list", "institutions"]
    said = subprocess.run(
        command,
        stdout=writer,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
    )
    os.close(writer)
    assert (said.returncode, said.stderr) == (141, b"")


@pytest.mark.slow
def test_a_pipe_gets_plain_text():
    said = in_a_process("describe", "monitoring")
    assert said.returncode == 0
    assert b"\x1b" not in said.stdout
    assert max(map(len, said.stdout.decode().splitlines())) <= 80


@pytest.mark.slow
def test_an_encoding_that_cannot_say_everything_is_no_reason_to_stop():
    said = in_a_process("list", "institutions", env={"PYTHONIOENCODING": "ascii"})
    assert said.returncode == 0
    said.stdout.decode("ascii")


SCENARIO = """\
gamelab: 1
title: Watching and publishing
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
information: {observe: none}
arrangements:
  publish:
    institutions: {transparency: {reach: 0.8, cost: 0.05}}
    profiles: [grim]
  watch:
    institutions:
      monitoring: {detection: 0.9, false_alarm: 0.02, cost: 0.15}
      graduated_sanctions: {fines: [4, 3]}
    profiles: [comply]
claims:
  - {says: Nothing unseen is kept, arrangement: none, quantity: supported, is: impossible}
  - {says: Publishing is free, arrangement: publish, quantity: transaction_cost, equals: 0}
"""


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "watching.yaml"
    path.write_text(SCENARIO)
    return path


def test_a_real_scenario_on_the_screen(scenario):
    said = in_a_process("run", scenario.name, cwd=scenario.parent)
    text = said.stdout.decode("utf-8")
    assert (said.returncode, said.stderr) == (1, b"")
    lines = text.splitlines()
    assert lines[0] == "Watching and publishing  watching.yaml"
    assert [line.split()[0] for line in lines[2:7]] == ["arrangement", lines[3], "none", "publish", "watch"]
    assert "not workable" not in text
    assert text.count("lower than fine") == 1
    assert "(claimed: 0) at watching.yaml:17" in " ".join(text.split())
    assert lines[-2].startswith("Best arrangement: publish, net benefit 3.9")


def test_a_real_scenario_as_json_and_tables(scenario, monkeypatch):
    monkeypatch.chdir(scenario.parent)
    said = gamelab_says("run", scenario.name, "--json", "--out", "out")
    document = json.loads(said.stdout, parse_constant=pytest.fail)
    (entry,) = document["scenarios"]
    assert list(entry["arrangements"]) == ["none", "publish", "watch"]
    assert [claim["holds"] for claim in entry["claims"]] == [True, False]
    assert "curves" not in entry
    assert (scenario.parent / "out" / "figures" / "watching-path.svg").exists()
    lines = (scenario.parent / "out" / "arrangements.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    assert said.stderr.splitlines()[-1] == "1 claim holds, 1 fails"


def test_a_real_scenario_checked(scenario, monkeypatch):
    monkeypatch.chdir(scenario.parent)
    said = gamelab_says("check", scenario.name)
    assert said.exit_code == 1
    assert "watching.yaml:17: Publishing is free: transaction_cost of publish = 0.1" in said.stdout


def test_a_real_mistake_has_its_place(scenario, monkeypatch):
    scenario.write_text(SCENARIO.replace("reach:", "raech:").replace("[comply]", "[comlpy]"))
    monkeypatch.chdir(scenario.parent)
    said = gamelab_says("run", scenario.name, "--json")
    assert (said.exit_code, said.stdout) == (2, "")
    problems = said.stderr.splitlines()
    assert [problem.split(":")[1] for problem in problems] == ["8", "14"]
    assert "'reach'" in problems[0]
    assert "'comply'" in problems[1]


def test_settings_changed_for_one_run(scenario):
    said = gamelab_says("run", scenario, "--set", "reach=1", "--set", "fines=[3, 4]")
    assert [line for line in said.stdout.splitlines() if line.startswith("  with ")] == [
        "  with arrangements.publish.institutions.transparency.reach = 1",
        "  with arrangements.watch.institutions.graduated_sanctions.fines = [3, 4]",
    ]
    document = json.loads(gamelab_says("run", scenario, "--set", "publish.cost=0", "--json").stdout)
    (entry,) = document["scenarios"]
    assert entry["overrides"] == {"arrangements.publish.institutions.transparency.cost": 0}
    assert [claim["holds"] for claim in entry["claims"]] == [True, True]
    plain = json.loads(gamelab_says("run", scenario, "--json").stdout)["scenarios"][0]
    assert plain["overrides"] == {}
    before, after = (each["arrangements"]["watch"] for each in (plain, entry))
    # only its lead over the other, which is free now, is another
    assert {**before, "advantage": 0} == {**after, "advantage": 0}
    said = gamelab_says("check", scenario, "--set", "publish.cost=0")
    assert (said.exit_code, said.stdout.splitlines()[-1]) == (0, "2 claims hold, 0 fail")
    assert "with arrangements.publish.institutions.transparency.cost = 0" in said.stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("reach", "--set: 'reach' has no '='; write PATH=VALUE, such as time.discount_factor=0.5"),
        ("reech=1", "did you mean 'arrangements.publish.institutions.transparency.reach'"),
        ("cost=1", "could be arrangements.publish.institutions.transparency.cost or arrangements.watch."),
        ("reach=2", "reach: 2 is not a number from 0 to 1"),
    ],
)
def test_what_cannot_be_set_stops_everything(scenario, text, words):
    said = gamelab_says("run", scenario, "--set", text, "--json")
    assert (said.exit_code, said.stdout) == (2, "")
    assert words in said.stderr
    assert "--set" in said.stderr


def test_a_setting_that_one_of_several_files_does_not_have_stops_everything(scenario, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(SCENARIO.replace("transparency: {reach: 0.8, cost: 0.05}", "monitoring: {detection: 1}"))
    said = gamelab_says("run", scenario, other, "--set", "reach=1")
    assert (said.exit_code, said.stdout) == (2, "")
    (line,) = said.stderr.splitlines()
    assert line.startswith(f"{other}: --set reach: 'reach' names no setting of this scenario")
    assert gamelab_says("check", scenario, other, "--set", "discount_factor=0.8").exit_code == 1


def test_the_schema_is_printed_as_json():
    said = gamelab_says("schema")
    assert said.exit_code == 0
    document = json.loads(said.stdout)
    assert document["title"] == "gamelab scenario"
    assert said.stdout.isascii()


def test_a_new_scenario_is_written_once_and_runs(tmp_path):
    path = tmp_path / "my game.yaml"
    said = gamelab_says("new", path)
    assert (said.exit_code, said.stdout) == (0, f"written; run it with: gamelab run '{path}'\n")
    content = path.read_text(encoding="utf-8")
    assert gamelab_says("check", path).exit_code == 0
    again = gamelab_says("new", path, "--kind", "normal_form")
    assert again.exit_code == 2
    assert "is there already and is left as it is" in again.stderr
    assert path.read_text(encoding="utf-8") == content
    wrong = gamelab_says("new", tmp_path / "x", "--kind", "normal_fom")
    assert wrong.exit_code == 2
    assert "did you mean 'normal_form'?" in wrong.stderr
    assert "ends with .yaml" in wrong.stderr
    assert not (tmp_path / "x").exists()
