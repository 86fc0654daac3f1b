"""Frames: no cell of CSV begins a formula, our reader gets every text back, and every format takes every frame."""

import csv
import doctest
import io
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import gamelab as gl
from gamelab import frames
from gamelab.frames import csv_text, guarded, storable, unguarded

DANGEROUS = ["=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "-x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "-", "'=1", "''=1"]  # fmt: skip
HARMLESS = [
    "grim",
    "",
    "0.5",
    "-0.5",
    "+1",
    "-1e-9",
    "-.5",
    "C/-",
    "it's",
    "'tis",
    "a=b",
    "1-1",
    " x",
    "信任",
]
TEXTS = st.text(st.sampled_from("'=+-@＝\t\r\n a0.e1"), max_size=6) | st.text(max_size=8)


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_run_is_guarded(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_it_would_not_stays(text):
    assert guarded(text) == unguarded(text) == text


@given(TEXTS)
@example("'=")
@example("'\t")
@example("''\t=")
def test_every_text_comes_back(text):
    assert unguarded(guarded(text)) == text


@given(st.lists(TEXTS, min_size=2, max_size=5, unique=True))
def test_different_texts_stay_different(texts):
    assert len(set(map(guarded, texts))) == len(texts)


def test_cells_and_heads_of_csv_are_guarded():
    rows = [{"=name": "=a", "number": -1.5, "text": "-2"}, {"=name": None, "number": 2, "text": "-b"}]
    assert csv_text(rows) == "'=name,number,text\n'=a,-1.5,-2\n,2.0,'-b\n"


@given(
    st.lists(st.fixed_dictionaries({
        "number": st.floats() | st.none(),
        "count": st.integers(-9, 9),
        "yes": st.booleans(),
        "words": st.text("ab,\"\n'", max_size=4),
    }), min_size=1)
)  # fmt: skip
def test_csv_is_what_pandas_writes(rows):
    frame = pd.DataFrame(rows).astype({"number": float})
    guard = frame.assign(words=frame["words"].map(guarded))
    assert csv_text(rows, numbers=["number"]) == guard.to_csv(index=False, lineterminator="\n")


EVIL = "=cmd|' /C calc'!A0"
SCENARIO = f"""\
gamelab: 1
title: "{EVIL}"
players: ["{EVIL}", "@firm"]
game:
  kind: normal_form
  actions: [["+work", "-shirk"], ["+work", "-shirk"]]
  payoffs: [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]
  agreement: ["+work", "+work"]
time: {{discount_factor: 0.9}}
arrangements:
  "-rule": {{profiles: [grim]}}
simulate: {{matches: 20, strategies: [grim, always_defect]}}
claims: [{{says: "=says", arrangement: "-rule", quantity: joint_payoff, equals: 6}}]
"""


def cells(text):
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


def runs(cell):
    """Tell whether a spreadsheet would take a cell for more than a text or a number."""
    return cell[:1] in tuple("=+-@\t\r\n＝") and not frames.NUMBER.fullmatch(cell)


@pytest.mark.slow
def test_no_file_of_csv_holds_a_formula(tmp_path):
    """Every command that writes tables, on names that are formulas."""
    from typer.testing import CliRunner

    from gamelab.cli import app

    path = tmp_path / "evil.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    options = ["--out", str(tmp_path / "out")]
    for command in (["run"], ["simulate", "--matches", "20"], ["tournament"], ["evolve"]):
        done = CliRunner().invoke(app, [command[0], str(path), *command[1:], *options])
        assert done.exit_code == 0, done.output
    moves = ["--arrangement", "-rule", "--matches", "5", "--records", str(tmp_path / "out" / "moves.csv")]
    assert CliRunner().invoke(app, ["simulate", str(path), *moves]).exit_code == 0
    files = sorted((tmp_path / "out").rglob("*.csv"))
    assert len(files) >= 9
    for file in files:
        found = cells(file.read_text(encoding="utf-8"))
        assert not [cell for cell in found if runs(cell)], file
        assert any(cell.startswith("'") for cell in found), file
    records = gl.read_records(tmp_path / "out" / "moves.csv")
    assert sorted(records.player.words) == sorted([EVIL, "@firm"])
    assert set(records.intended.to_list()) <= {"+work", "-shirk"}


def test_columns_of_one_kind():
    frame = storable(
        pd.DataFrame(
            {
                "yes": np.array([True, None, np.bool_(False)], dtype=object),
                "number": np.array([1, None, 2.5], dtype=object),
                "mixed": np.array([True, None, 0.25], dtype=object),
                "words": np.array(["a", None, "b"], dtype=object),
                "nothing": np.array([None] * 3, dtype=object),
                "plain": [1.5, 2.5, 3.5],
            }
        )
    )
    kinds = {name: str(column.dtype).replace("object", "str") for name, column in frame.items()}
    assert kinds == {
        "yes": "boolean", "number": "float64", "mixed": "str", "words": "str", "nothing": "str",
        "plain": "float64",
    }  # fmt: skip
    assert frame["yes"].tolist() == [True, pd.NA, False]
    assert frame["mixed"].dropna().tolist() == ["True", "0.25"]
    assert frame.isna().sum().tolist() == [1, 1, 1, 1, 3, 0]


def every_frame():
    """Yield each kind of table that Python users get, some with missing answers."""
    result = gl.run("prisoners_dilemma")
    yield "ScenarioResult", result.to_frame().reset_index()
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    game = gl.graduated_sanctions(
        gl.monitoring(gl.repeated(stage, discount_factor=0.9), detection=0.9, cost=0.1), fines=[3, 4]
    )
    played = gl.simulate(game, "comply", matches=20)
    yield "Records", played.records().to_frame()
    yield "Simulation", played.to_frame()
    yield "Value", gl.value(game, "comply").to_frame()
    yield "Certificate", gl.certify(game, "comply").to_frame()
    tournament = gl.tournament(gl.repeated(stage, discount_factor=0.9), ["grim", "always_defect"])
    yield "Tournament", tournament.to_frame()
    yield "Ranking", tournament.ranking_frame()


def test_every_format_takes_every_frame(tmp_path):
    missing = 0
    for name, frame in every_frame():
        missing += int(frame.isna().to_numpy().sum())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pd.errors.InvalidColumnName)
            frame.to_stata(tmp_path / "x.dta", version=118, write_index=False)
        frame.to_parquet(tmp_path / "x.parquet")
        assert len(pd.read_stata(tmp_path / "x.dta")) == len(frame), name
        assert pd.read_parquet(tmp_path / "x.parquet").shape == frame.shape, name
        assert len(pd.read_csv(io.StringIO(frame.to_csv(index=False)))) == len(frame), name
    assert missing > 0


def test_examples_in_docstrings():
    assert doctest.testmod(frames).failed == 0
