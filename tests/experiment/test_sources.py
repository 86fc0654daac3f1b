"""Sources: results name a scenario, and never where on the machine it is."""

import pytest
from typer.testing import CliRunner

import gamelab as gl
from gamelab.cli import app
from gamelab.scenario.files import label, packaged, root

NFG = 'NFG 1 R "D" {"Ann" "Bob"} {{"C" "D"} {"C" "D"}}  3 3  5 0  0 5  1 1'
SCENARIO = """\
gamelab: 1
title: A table
game: {kind: normal_form, file: table.nfg, agreement: [C, C]}
time: {discount_factor: 0.9}
arrangements:
  rule: {profiles: [grim]}
claims: [{says: Kept, arrangement: rule, quantity: supported, is: yes}]
maps:
  - title: Map
    x: {time.discount_factor: {from: 0.1, to: 0.9, points: 2}}
    y: {information.tremble: {from: 0, to: 0.1, points: 2}}
    show: best_arrangement
"""


@pytest.fixture
def scenario(tmp_path):
    folder = tmp_path / "secret-place" / "games"
    folder.mkdir(parents=True)
    (folder / "table.nfg").write_text(NFG)
    (folder / "mine.yaml").write_text(SCENARIO)
    return folder / "mine.yaml"


def test_labels(scenario, monkeypatch):
    assert label(str(root() / "box1" / "battle.yaml")) == "box1/battle"
    assert label(str(scenario)) == "mine.yaml"
    monkeypatch.chdir(scenario.parent)
    assert [label("mine.yaml"), label("../games/mine.yaml")] == ["mine.yaml", "../games/mine.yaml"]
    monkeypatch.chdir(scenario.parents[1])
    assert label(str(scenario)) == label("games/mine.yaml") == "games/mine.yaml"
    assert label("<text>") == "<text>"


def test_packaged_scenarios_have_their_names():
    names = [label(str(path)) for path in packaged()]
    assert "box1/battle" in names
    assert not [name for name in names if name.startswith(("/", ".")) or name.endswith(".yaml")]
    assert gl.check("battle").to_dict()["file"] == "box1/battle"


@pytest.mark.parametrize(
    "command",
    ["run", *(pytest.param(name, marks=pytest.mark.slow) for name in ("simulate", "tournament", "evolve"))],
)
def test_no_file_says_where_it_was_made(scenario, tmp_path, command):
    out = tmp_path / "out"
    options = ["--matches", "20"] if command == "simulate" else []
    done = CliRunner().invoke(app, [command, str(scenario), "--out", str(out), "--json", *options])
    assert done.exit_code == 0, done.output
    assert "secret-place" not in done.stdout
    files = [path for path in out.rglob("*") if path.is_file()]
    assert len(files) > 3
    for path in files:
        assert b"secret-place" not in path.read_bytes(), path
        assert str(root()).encode() not in path.read_bytes(), path


def test_mistakes_do_say_where(scenario):
    scenario.write_text(SCENARIO.replace("table.nfg", "tabel.nfg"))
    said = CliRunner().invoke(app, ["check", str(scenario)])
    assert said.exit_code == 2
    assert f"{scenario}:3:" in said.stderr
