"""``gamelab tournament``: standings on the screen, JSON, files; 2 for a wrong input, 130 for an interrupt."""

import json

import pytest
from typer.testing import CliRunner

from gamelab.cli import app

TEXT = """gamelab: 1
title: A field
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
arrangements:
  watched:
    institutions:
      monitoring: {detection: 1, cost: 0.1}
    profiles: [grim]
"""


@pytest.fixture
def field(tmp_path):
    path = tmp_path / "field.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def says(*arguments):
    return CliRunner().invoke(app, ["tournament", *map(str, arguments)], env={"COLUMNS": "80"})


def test_every_arrangement_has_its_standings(field):
    done = says(field)
    assert done.exit_code == 0, done.output
    assert "none: 11 strategies, every pair solved exactly" in done.output
    assert "watched: " in done.output
    one = says(field, "--arrangement", "none", "--strategies", "grim,always_defect")
    assert one.exit_code == 0
    assert "watched" not in one.output
    assert "1 grim 1.950 0.525" in " ".join(one.output.split())


def test_as_json_with_changed_settings(field):
    done = says(
        field,
        "--json",
        "--strategies",
        "grim,grim/always_defect",
        "--set",
        "discount_factor=0.5",
        "--no-self-play",
    )
    (result,) = json.loads(done.stdout)["scenarios"]
    found = result["tournaments"]["none"]
    assert found["strategies"] == ["grim", "grim / always_defect"]
    # in the second seat the other one defects: 5 once and 1 ever after at d = 1/2
    assert found["by_seat"][0][1] == pytest.approx([0.5, 3.0])
    assert found["payoffs"][0][1] == pytest.approx((0.5 + 3) / 2)
    assert result["overrides"] == {"time.discount_factor": 0.5}
    assert found["exact"] is True


def test_sampled(field):
    pytest.importorskip("numba")
    done = says(field, "--sampled", "--matches", 20, "--seed", 4, "--strategies", "grim,always_defect")
    assert done.exit_code == 0, done.output
    assert "2 strategies, 20 matches a pair, seed 4" in done.output


def test_files(field, tmp_path):
    out = tmp_path / "out"
    done = says(field, "--strategies", "grim,always_defect", "--out", out)
    assert done.exit_code == 0, done.output
    assert "tournaments.json, ranking.csv, pairs.csv, figures (2 as SVG and PNG)" in done.stderr
    assert {path.name for path in (out / "figures").iterdir()} == {
        f"field-tournament-{name}.{kind}" for name in ("none", "watched") for kind in ("svg", "png")
    }
    assert (
        json.loads((out / "tournaments.json").read_text(encoding="utf-8"))["scenarios"][0]["title"]
        == "A field"
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--strategies", "grym"], "did you mean 'grim'"),
        (["--strategies", "grim("], "'grim(' cannot be read"),
        (["--arrangement", "watchd"], "did you mean 'watched'"),
        (["--matches", "5"], "goes with --sampled"),
        (["--seed", "5"], "goes with --sampled"),
        (["--sampled", "--matches", "0"], "Invalid value for '--matches'"),
        (["--set", "discount_factor=2"], "2 is not a number from 0"),
    ],
)
def test_mistakes_are_sentences(field, options, words):
    done = says(field, *options)
    assert done.exit_code == 2
    assert words in done.output
    assert "Traceback" not in done.output


def test_one_wrong_file_does_not_stop_the_others(field, tmp_path):
    other = tmp_path / "three.yaml"
    zeros = [[[[0, 0, 0]] * 2] * 2] * 2
    other.write_text(
        f"gamelab: 1\ngame: {{kind: normal_form, actions: [a, b], payoffs: {zeros}, agreement: [a, a, a]}}\n"
        "players: [x, y, z]\ntime: {discount_factor: 0.9}\n",
        encoding="utf-8",
    )
    done = says(other, field, "--arrangement", "none")
    assert done.exit_code == 2
    assert "strategies meet in pairs, and this game has 3 players" in done.output
    assert "A field" in done.output


def test_an_output_that_cannot_be_written_is_told_before_anything_is_played(field, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    done = says(field, "--out", tmp_path / "file" / "below")
    assert done.exit_code == 2
    assert "results cannot be written" in done.output


def test_an_interrupt_keeps_what_was_finished(field, tmp_path, monkeypatch):
    from gamelab.experiment.chance import competition

    played = competition.tournament

    def stops_at_the_second(game, strategies, **options):
        if "monitoring.cost" in game.flows:
            raise KeyboardInterrupt
        return played(game, strategies, **options)

    monkeypatch.setattr(competition, "tournament", stops_at_the_second)
    done = says(field, "--out", tmp_path / "out")
    assert done.exit_code == 130
    assert "what was finished is kept" in done.output
    assert (tmp_path / "out" / "ranking.csv").exists()
    assert "none: 11 strategies" in done.output
