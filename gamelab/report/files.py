"""Files: results as JSON and CSV in a folder; all of them appear whole, or none does."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from gamelab.errors import InputError, Problem
from gamelab.report.words import Result

TABLES = ("arrangements", "ledger", "claims", "candidates")


def json_text(results: Sequence[Result], version: str, *, ascii_only: bool = True) -> str:
    """Return the results as one standard JSON document; what is no finite number is null."""
    document = {"gamelab": version, "scenarios": [_standard(result) for result in results]}
    return json.dumps(document, indent=2, ensure_ascii=ascii_only, allow_nan=False)


def check_folder(folder: Path) -> list[Problem]:
    """Return what would keep the results from being written to a folder, without creating anything there."""
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        return [_refusal(folder, error)]
    targets = [folder / name for name in ("results.json", *(f"{table}.csv" for table in TABLES))]
    return [
        Problem(f"'{target}' is a folder, and results would be written to a file of that name", "--out")
        for target in targets
        if target.is_dir()
    ]


def write_results(results: Sequence[Result], folder: Path, version: str) -> list[Path]:
    """Write ``results.json`` and one CSV per table to a folder, and return their paths.

    Every file is written beside its place and synced first; then all are moved there. Where something
    fails, nothing of these results is left behind.

    Raises
    ------
    InputError
        Where the folder or a file cannot be written.
    """
    contents = {"results.json": json_text(results, version, ascii_only=False) + "\n"}
    contents |= {f"{name}.csv": text for name, text in _csv_texts(results).items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _place_all({folder / name: text for name, text in contents.items()})
    except OSError as error:
        raise InputError(_refusal(folder, error)) from error


def _csv_texts(results: Sequence[Result]) -> dict[str, str]:
    from gamelab.report import tables

    return {
        name: getattr(tables, f"{name}_frame")(results).to_csv(index=False, lineterminator="\n")
        for name in TABLES
    }


def _place_all(contents: Mapping[Path, str]) -> list[Path]:
    written: dict[Path, Path] = {}
    placed: list[Path] = []
    try:
        for target, text in contents.items():
            written[target] = target.with_name(f".{target.name}.{os.getpid()}.part")
            _write_synced(written[target], text)
        for target, temporary in written.items():
            os.replace(temporary, target)
            placed.append(target)
    except BaseException:
        for path in (*written.values(), *placed):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise
    return placed


def _write_synced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _refusal(folder: Path, error: OSError) -> Problem:
    reason = (error.strerror or str(error)).lower()
    return Problem(f"results cannot be written to '{folder}' ({reason}); name another folder", "--out")


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
