"""Frames: columns that every format of tables takes, and CSV that no spreadsheet runs as formulas."""

from __future__ import annotations

import re
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


def csv_text(frame: pandas.DataFrame) -> str:
    """Return a frame as CSV with a header and without row names; its texts are guarded."""
    plain = frame.rename(columns=_guarded_cell)
    for name in plain:
        if plain[name].dtype.kind == "O":
            plain[name] = plain[name].map(_guarded_cell)
    return str(plain.to_csv(index=False, lineterminator="\n"))


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


def _guarded_cell(value: Any) -> Any:
    return guarded(value) if isinstance(value, str) else value
