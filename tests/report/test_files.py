import doctest
import json
import math
import stat

import numpy as np
import pytest

from gamelab.report import files

NAMES = [
    "arrangements.csv",
    "candidates.csv",
    "claims.csv",
    "index.html",
    "ledger.csv",
    "results.json",
    "tables",
]


def _left(folder):
    return sorted(path.name for path in folder.iterdir())


def test_all_files_are_there_and_nothing_else(result, tmp_path):
    folder = tmp_path / "new" / "folder"
    paths = files.write_results([result], folder, "0.1.0")
    assert _left(folder) == NAMES
    assert sorted(paths) == sorted(path for path in folder.rglob("*") if path.is_file())
    document = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert document == {"gamelab": "0.1.0", "scenarios": [result]}


def test_files_have_the_permissions_that_the_user_asks_for(result, tmp_path):
    files.write_results([result], tmp_path, "0.1.0")
    (tmp_path / "other").write_text("")
    assert (
        stat.S_IMODE((tmp_path / "results.json").stat().st_mode)
        == (tmp_path / "other").stat().st_mode & 0o777
    )


def test_json_is_standard():
    odd = {
        "a": math.nan,
        "b": np.float64(math.inf),
        "c": np.bool_(True),
        "d": (1, np.int64(2)),
        "e": np.arange(2),
    }
    document = json.loads(files.json_text([odd], "0.1.0"), parse_constant=pytest.fail)
    assert document["scenarios"] == [{"a": None, "b": None, "c": True, "d": [1, 2], "e": [0, 1]}]


def test_figures_are_written_as_svg_and_png(solved, tmp_path):
    paths = files.write_results([solved], tmp_path, "0.1.0")
    drawn = sorted(path.name for path in (tmp_path / "figures").iterdir())
    assert len(drawn) == 10
    assert drawn[0] == "prisoners_dilemma-levels-hierarchical.png"
    assert (tmp_path / "figures" / drawn[0]).read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "figures" / drawn[1]).read_text(encoding="utf-8").startswith("<?xml")
    assert (tmp_path / "tables" / "prisoners_dilemma-claims.tex").exists()
    document = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert document["scenarios"][0]["curves"]["game"]["kind"] == "prisoners_dilemma"
    assert files.written(paths, tmp_path).endswith("figures (5 as SVG and PNG), tables (4 as LaTeX)")


def test_two_runs_write_the_same_bytes(solved, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        files.write_results([solved], folder, "0.1.0")
    contents = [
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (one, other)
    ]
    assert contents[0] == contents[1]


def test_examples_in_docstrings():
    assert doctest.testmod(files).failed == 0
