"""Files: page, figures, tables and results, what is in each of them and how it is called."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gamelab.report.folder import write_contents
from gamelab.report.words import Result

if TYPE_CHECKING:
    from gamelab.report.pictures import Picture

TABLES = ("arrangements", "ledger", "claims", "candidates", "simulated")
PAGE, RESULTS, FIGURES, LATEX = "index.html", "results.json", "figures", "tables"
SIMULATED = "simulated.json"
OF_A_RUN = (PAGE, RESULTS, *(f"{table}.csv" for table in TABLES), FIGURES, LATEX)
OF_SIMULATIONS = (SIMULATED, "simulated.csv", FIGURES)
"""What each command writes: files, and the names of folders with figures and tables of scenarios."""


def json_text(results: Sequence[Result], version: str, *, ascii_only: bool = True) -> str:
    """Return the results as one standard JSON document; what is no finite number is null."""
    document = {"gamelab": version, "scenarios": [_standard(result) for result in results]}
    return json.dumps(document, indent=2, ensure_ascii=ascii_only, allow_nan=False)


def write_results(results: Sequence[Result], folder: Path, version: str) -> list[Path]:
    """Write the page, its figures, tables and ``results.json`` to a folder, and return their paths.

    Raises
    ------
    InputError
        Where the folder or a file cannot be written.
    """
    return write_contents(_contents(results, version), folder)


def simulated_files(results: Sequence[Result], version: str) -> dict[str, str | bytes]:
    """Return the figures, the table and the JSON of simulations by their paths in a folder."""
    from gamelab.report.pictures import pictures, stems
    from gamelab.report.tables import simulated_csv

    drawn = [picture for result, name in zip(results, stems(results)) for picture in pictures(result, name)]
    text = json_text(results, version, ascii_only=False) + "\n"
    return {SIMULATED: text, "simulated.csv": simulated_csv(results), **_figures(drawn)}


def written(paths: Sequence[Path], folder: Path) -> str:
    """Return in one line what was written.

    >>> written([Path("out/index.html"), Path("out/figures/a.svg"), Path("out/figures/a.png")], Path("out"))
    'index.html, figures (1 as SVG and PNG)'
    """
    names = [path.relative_to(folder) for path in paths]
    loose = [str(name) for name in names if len(name.parts) == 1]
    drawn = sum(name.suffix == ".png" for name in names)
    texts = sum(name.suffix == ".tex" for name in names)
    counted = [f"{FIGURES} ({drawn} as SVG and PNG)"] * (drawn > 0) + [f"{LATEX} ({texts} as LaTeX)"] * (
        texts > 0
    )
    return ", ".join([*loose, *counted])


def _contents(results: Sequence[Result], version: str) -> dict[str, str | bytes]:
    """Return every file's content by its path in the folder."""
    from gamelab.report import latex
    from gamelab.report.page import page
    from gamelab.report.pictures import pictures, stems

    names = stems(results)
    drawn = [pictures(result, name) for result, name in zip(results, names, strict=True)]
    contents: dict[str, str | bytes] = {
        PAGE: page(results, drawn, names, version),
        RESULTS: json_text(results, version, ascii_only=False) + "\n",
    }
    contents |= {f"{name}.csv": text for name, text in _csv_texts(results).items()}
    for name, result in zip(names, results, strict=True):
        for table, text in latex.tables(result).items():
            contents[f"{LATEX}/{name}-{table}.tex"] = text
    return {**contents, **_figures([picture for each in drawn for picture in each])}


def _figures(drawn: Sequence[Picture]) -> dict[str, str | bytes]:
    drawn_files: dict[str, str | bytes] = {}
    for picture in drawn:
        drawn_files |= picture.files(FIGURES)
    return drawn_files


def _csv_texts(results: Sequence[Result]) -> dict[str, str]:
    from gamelab.report import tables

    return {
        name: getattr(tables, f"{name}_csv")(results)
        for name in TABLES
        if name != "simulated" or any(result.get(name) for result in results)
    }


def _standard(value: Any) -> Any:
    """Return a value as standard JSON knows it: no tuples, arrays, fractions, NaN or infinity."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): _standard(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_standard(item) for item in value]
    if value is None or isinstance(value, str | int):
        return value
    return float(value) if math.isfinite(value) else None
