"""Notebooks: every cell runs, what they assert holds, and they are kept without output."""

import json
from pathlib import Path

import matplotlib
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "docs" / "notebooks").glob("*.ipynb"))


def cells(notebook):
    return [
        cell
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]


def test_there_are_six():
    assert len(NOTEBOOKS) == 6
    readme = (NOTEBOOKS[0].parent / "README.md").read_text(encoding="utf-8")
    assert all(f"({notebook.name})" in readme for notebook in NOTEBOOKS)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_kept_without_output(notebook):
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells(notebook))


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_from_top_to_bottom(notebook):
    matplotlib.use("Agg")
    names = {"__name__": "__main__"}
    for k, cell in enumerate(cells(notebook)):
        source = "".join(line for line in cell["source"] if not line.startswith("%"))  # what is for Jupyter
        exec(compile(source, f"{notebook.name}, cell {k}", "exec"), names)
    if "plt" in names:
        names["plt"].close("all")
