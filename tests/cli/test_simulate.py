"""``gamelab simulate``: a table, JSON or files; mistakes as sentences; an interrupt keeps what is finished."""

import json

import pytest
from typer.testing import CliRunner

import gamelab as gl
from gamelab.cli import app
from gamelab.experiment.chance import simulated
from gamelab.simulate.matches.matches import Interrupted


def invoke(*arguments):
    return CliRunner().invoke(app, ["simulate", *map(str, arguments)])


def test_the_table_shows_each_arrangement_what_it_plays_and_the_exact_value():
    done = invoke("prisoners_dilemma", "--matches", 200, "--seed", 2)
    assert done.exit_code == 0, done.output
    flat = " ".join(done.output.split())
    assert "Played by chance: 200 matches each, seed 2" in flat
    assert "hierarchical: comply payoff of agency" in flat
    assert "horizontal: grim payoff of agency" in flat
    assert " 2.506" in done.output


def test_json_is_all_there_is():
    done = invoke("prisoners_dilemma", "--matches", 300, "--arrangement", "none", "--json")
    (entry,) = json.loads(done.stdout)["scenarios"]
    assert entry["simulated"]["arrangements"]["none"]["payoffs"]["agency"]["mean"] == 1
    assert list(entry["simulated"]["arrangements"]) == ["none"]


def test_the_same_seed_gives_the_same_numbers_with_any_number_of_threads():
    options = ["prisoners_dilemma", "--arrangement", "horizontal", "--matches", 3000, "--json"]
    one, two = (json.loads(invoke(*options, "--threads", k).stdout) for k in (1, 2))
    assert one == two
    assert json.loads(invoke(*options, "--seed", 7).stdout) != one


def test_files(tmp_path):
    done = invoke("prisoners_dilemma", "--matches", 50, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    table = (tmp_path / "out" / "simulated.csv").read_text(encoding="utf-8").splitlines()
    assert table[0] == "scenario,file,arrangement,quantity,line,account,exact,mean,standard_error,from,to"
    assert json.loads((tmp_path / "out" / "simulated.json").read_text(encoding="utf-8"))["scenarios"]


def test_records_of_one_arrangement(tmp_path):
    options = ["prisoners_dilemma", "--arrangement", "hierarchical", "--matches", 20]
    done = invoke(*options, "--records", tmp_path / "moves.csv")
    assert done.exit_code == 0, done.output
    table = gl.read_records(tmp_path / "moves.csv").to_frame()
    assert table["match"].max() == 20
    assert set(table["player"]) == {"agency", "association"}
    mean = table.groupby(["match", "player"], observed=True)["payoff_material"].sum().mean() / 10
    assert 1 < mean < 6  # 3 in each of about 10 rounds


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--matches", 0], "--matches"),
        (["--matches", 10**10], "matches: 10000000000 is not a whole number from 1 to 1e+09"),
        (["--rounds", -1], "--rounds"),
        (["--seed", 2**53], "seed: 9007199254740992 is not a whole number from 0 to 9.0072e+15"),
        (["--arrangement", "nobody"], "no arrangement 'nobody'"),
        (["--profile", "tit_for_tat"], "profile: in none: tit_for_tat needs to see what association does"),
        (["--set", "tremble=2"], "2 is not a number from 0 to 1"),
        (["--records", "x.csv"], "a file holds one arrangement of one scenario; name it by --arrangement"),
        (["--records", "x.xls", "--arrangement", "none"], "write a name that ends with .parquet or .csv"),
        (["--records", "no/x.csv", "--arrangement", "none"], "no/x.csv"),
    ],
)
def test_mistakes_end_in_words(options, words):
    done = invoke("prisoners_dilemma", *options)
    assert done.exit_code == 2
    assert words in done.output
    assert "Traceback" not in done.output


def test_an_unwritable_folder_is_told_before_anything_is_played(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    monkeypatch.setattr(simulated, "simulate", lambda *_, **__: pytest.fail("played"))
    done = invoke("prisoners_dilemma", "--out", tmp_path / "file" / "out")
    assert done.exit_code == 2
    assert "cannot be written" in done.output


def test_an_interrupt_shows_what_was_finished(monkeypatch):
    real = simulated.simulate

    def stopped(*arguments, **options):
        raise Interrupted(real(*arguments, **options))

    monkeypatch.setattr(simulated, "simulate", stopped)
    done = invoke("prisoners_dilemma", "--matches", 64)
    assert done.exit_code == 130
    assert "interrupted: 64 matches of none were finished" in " ".join(done.output.split())
