"""``gamelab evolve``: tables, JSON, files; mistakes as sentences; an interrupt keeps what is finished."""

import json

import pytest
from typer.testing import CliRunner

from gamelab.cli import app
from gamelab.experiment.chance import evolution


def invoke(*arguments):
    return CliRunner().invoke(app, ["evolve", *map(str, arguments)])


def test_every_arrangement_has_a_table():
    done = invoke("prisoners_dilemma", "--strategies", "always_defect, comply,grim")
    assert done.exit_code == 0, done.output
    flat = " ".join(done.output.split())
    for words in ("none Moran process", "horizontal Moran process", "hierarchical Moran process", "Left out"):
        assert words in flat


def test_json_is_all_there_is():
    done = invoke("prisoners_dilemma", "--arrangement", "horizontal", "--population", 30, "--json")
    (entry,) = json.loads(done.stdout)["scenarios"]
    found = entry["arrangements"]["horizontal"]
    assert found["population"] == 30
    assert sum(found["shares"]) == pytest.approx(1)
    assert "curves" not in found
    assert entry["digest"].startswith("sha256:")


def test_files(tmp_path):
    done = invoke("prisoners_dilemma", "--strategies", "always_cooperate,always_defect,tit_for_tat",
                  "--process", "replicator", "--arrangement", "horizontal", "--out", tmp_path / "out")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "figures" / "prisoners_dilemma-simplex-horizontal.png").exists()
    assert (
        (tmp_path / "out" / "evolution_shares.csv")
        .read_text(encoding="utf-8")
        .startswith("scenario,file,arrangement")
    )
    assert "written to" in done.stderr


def test_settings_can_be_changed():
    options = [
        "prisoners_dilemma",
        "--arrangement",
        "hierarchical",
        "--strategies",
        "comply,always_defect",
        "--json",
    ]
    usual, unfined = (
        json.loads(invoke(*options, *more).stdout)["scenarios"][0]["arrangements"]["hierarchical"]["shares"][
            0
        ]
        for more in ([], ["--set", "monitoring.detection=0.02"])
    )
    assert usual > 0.99
    assert unfined < 0.01


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            ["--process", "wright_fisher"],
            "process: 'wright_fisher' is not allowed; write moran, moran_linear, pairwise",
        ),
        (["--population", 1], "population: 1 is not a whole number"),
        (["--intensity", -1], "intensity: -1.0 given; write a number of at least 0"),
        (["--mutation", 2], "mutation: 2.0 given; write a number of at least 0, at most 1"),
        (["--strategies", "grimm"], "no strategy is called 'grimm'; did you mean 'grim'"),
        (["--strategies", ","], "--strategies: none given"),
        (["--arrangement", "vertical"], "no arrangement 'vertical'"),
    ],
)
def test_mistakes_are_told(options, words):
    done = invoke("prisoners_dilemma", *options)
    assert done.exit_code == 2
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.output


def test_one_wrong_file_does_not_stop_the_others():
    done = invoke("prisoners_dilemma", "time_inconsistency", "--strategies", "grim,penance")
    assert done.exit_code == 2
    assert "horizontal" in done.output
    assert "no arrangement lets penance play" in " ".join(done.stderr.split())


def test_an_interrupt_keeps_what_was_finished(monkeypatch):
    real, calls = evolution.evolved, []

    def interrupted(*given, **settings):
        calls.append(1)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return real(*given, **settings)

    monkeypatch.setattr(evolution, "evolved", interrupted)
    done = invoke("prisoners_dilemma", "--strategies", "always_cooperate,always_defect")
    assert done.exit_code == 130
    assert "none  Moran process" in done.output
    assert "interrupted; what was finished is kept" in done.stderr
