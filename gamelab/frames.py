"""Frames: columns that every format of tables takes, and CSV that no spreadsheet runs as formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas

FORMULA = re.compile(r"['\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]")
"""How a text begins that a spreadsheet may take for a formula; the last four are wide forms of = + - @."""
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def guarded(text: str) -> str:
    """Return a text as a cell of CSV that spreadsheets show and do not run: with an apostrophe in front.

    >>> print(guarded("=cmd|' /C calc'!A0"), guarded("-0.5"), guarded("grim"))
    '=cmd|' /C calc'!A0 -0.5 grim
    """
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def unguarded(cell: str) -> str:
    """Return the text that a cell stands for: whatever ``guarded`` was given.

    >>> print(unguarded("'=x"), unguarded("'tis"), unguarded(guarded("'=x")))
    =x 'tis '=x
    """
    return cell[1:] if cell[:1] == "'" and guarded(cell[1:]) == cell else cell


def csv_text(
    rows: Iterable[Mapping[str, Any]], columns: Iterable[str] = (), numbers: Collection[str] = ()
) -> str:
    """Return rows as CSV with a header; texts are guarded, and nothing stands where there is no answer.

    Parameters
    ----------
    rows : iterable of mapping
    columns : iterable of str
        Come first, and are there without any row; others follow as the rows have them.
    numbers : collection of str
        Columns of numbers, there without any row; words in them are left out.

    Examples
    --------
    >>> print(csv_text([{"name": "=x", "gain": 2}, {"name": "b", "gain": "none"}], numbers=["gain"]), end="")
    name,gain
    '=x,2.0
    b,
    """
    rows = list(rows)
    names = list(dict.fromkeys((*columns, *(name for row in rows for name in row), *numbers)))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(guarded, names))
    writer.writerows(zip(*(_cells([row.get(name) for row in rows], name in numbers) for name in names)))
    return file.getvalue()


def _cells(column: Sequence[Any], numeric: bool) -> list[str]:
    """Return a column's cells: all of them floats where one is, else each as it is."""
    column = [None if numeric and isinstance(value, str) else value for value in column]
    kinds = {_kind(value) for value in column} - {"missing"}
    whole = all(value is None or isinstance(value, int | np.integer) for value in column)
    floats = kinds <= {"number"} and (numeric or not whole)
    return [
        "" if _kind(value) == "missing" else repr(float(value)) if floats else guarded(str(value))
        for value in column
    ]


def storable(frame: pandas.DataFrame) -> pandas.DataFrame:
    """Return a frame with columns of one kind each, which CSV, Parquet, Stata and R all take.

    Columns of yes and no in which some are missing become ``boolean``, numbers in which some are missing
    floats, and what is mixed becomes text.

    Examples
    --------
    >>> import pandas
    >>> frame = pandas.DataFrame({"kept": [True, None], "value": [0.5, "none"]}, dtype=object)
    >>> str(storable(frame)["kept"].dtype), storable(frame)["value"].tolist()
    ('boolean', ['0.5', 'none'])
    """
    frame = frame.copy()
    for name in frame:
        if frame[name].dtype != object:
            continue
        kinds = {_kind(value) for value in frame[name]} - {"missing"}
        if kinds == {"truth"}:
            frame[name] = frame[name].astype("boolean")
        elif kinds == {"number"}:
            frame[name] = frame[name].astype(float)
        elif kinds - {"text"}:
            texts = [None if _kind(value) == "missing" else str(value) for value in frame[name]]
            frame[name] = np.array(texts, dtype=object)
    return frame


def _kind(value: Any) -> str:
    if value is None or value != value:
        return "missing"
    if isinstance(value, bool | np.bool_):
        return "truth"
    if isinstance(value, int | float | np.number):
        return "number"
    return "text" if isinstance(value, str) else "mixed"
