"""Files of records: written block by block as Parquet or CSV, so that what is finished stays readable."""

from __future__ import annotations

import errno
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from gamelab.errors import GameError, GamelabWarning
from gamelab.frames import guarded, unguarded
from gamelab.input_files import unfit
from gamelab.model.arguments import checked
from gamelab.model.records import COLUMNS, NUMBERS, PAYOFF, WORDS, Labels, Records

SUFFIXES = (".parquet", ".csv")
MISSING = ("read", "verdict", "level", "state")
"""Columns where a file may have nothing."""
SPARE = 2**16
PER_COLUMN = 512
"""Bytes that the end of a Parquet file takes: at least, and for each column of a block."""


class RecordFile:
    """A file that records are appended to. It gets its name when complete; until then an older one stays.

    It is written beside, as ``play.unfinished.csv`` for ``play.csv``, by the next attempt anew. After an
    interrupt or on a full disk the whole blocks are kept: under the name where that is free, else there.

    Parameters
    ----------
    path : Path

    Raises
    ------
    GameError
        Where the file cannot be written, and where the disk is full.
    """

    def __init__(self, path: Path):
        self.path = path
        self.rows = 0
        self.place = Path(os.path.realpath(path))
        self.unfinished = self.place.with_name(f"{self.place.stem}.unfinished{self.place.suffix}")
        try:
            _check_place(self.place)
            self._open()
        except OSError as failure:
            raise GameError(f"cannot write {path}: {reason(failure)}", "records") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(complete=kind is None)

    def append(self, records: Records) -> None:
        """Write some rows, all of them or none.

        Raises
        ------
        GameError
            Where they cannot be written; what was written before stays readable.
        """
        try:
            self._write(self._table(records))
        except OSError as failure:
            kept = f"its first {self.rows:,} rows are whole" if self.rows else "nothing was written"
            raise GameError(
                f"cannot go on writing {self.path}: {reason(failure)}; {kept}", "records"
            ) from None
        self.rows += len(records)

    def close(self, *, complete: bool = True) -> None:
        """Finish the file, and give it its name; one that is not complete does not replace an older one.

        Raises
        ------
        GameError
            Where that cannot be done.
        """
        try:
            if not self._finish():
                self.unfinished.unlink(missing_ok=True)
            elif complete or not self.place.exists():
                _synced(self.unfinished)
                os.replace(self.unfinished, self.place)
            else:
                left = f"the first {self.rows:,} rows of the new one are in {self.unfinished}"
                warnings.warn(f"{self.path} is left as it was; {left}", GamelabWarning, stacklevel=3)
        except OSError as failure:
            raise GameError(f"cannot finish {self.path}: {reason(failure)}", "records") from None

    def _table(self, records: Records) -> Any:
        return arrow_table(records)

    def _open(self) -> None:
        raise NotImplementedError

    def _finish(self) -> bool:
        """Close what was written, and tell whether there is anything."""
        raise NotImplementedError

    def _write(self, table: Any) -> None:
        raise NotImplementedError


class CsvFile(RecordFile):
    """Records as CSV: UTF-8, one header, commas, words in quotes, nothing where nothing is, no row names."""

    def _open(self) -> None:
        self._file = self.unfinished.open("wb", buffering=0)
        self._size = 0

    def _table(self, records: Records) -> Any:
        return arrow_table(records, guarded)

    def _write(self, table: Any) -> None:
        import pyarrow as pa
        from pyarrow import csv

        text = pa.BufferOutputStream()
        header = ",".join(f'"{name}"' if "," in name or '"' in name else name for name in table.column_names)
        if self._size == 0:
            text.write((header + "\n").encode())
        flat = [
            column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
            for column in table.columns
        ]
        plain = pa.table(flat, names=table.column_names)
        csv.write_csv(plain, text, csv.WriteOptions(include_header=False))
        left = memoryview(text.getvalue())
        size = len(left)
        try:
            while left:
                left = left[self._file.write(left) :]
        except BaseException:
            self._file.truncate(self._size)
            self._file.seek(self._size)
            raise
        self._size += size

    def _finish(self) -> bool:
        self._file.close()
        return self._size > 0


class ParquetFile(RecordFile):
    """Records as Parquet, a row group for each block.

    The end of a Parquet file says where everything is. Room for a block and for that end is reserved before
    the block is written, so that a full disk leaves a whole file.
    """

    def _open(self) -> None:
        self.unfinished.open("wb").close()
        self._sink: Any = None
        self._writer: Any = None
        self._blocks = 0

    def _write(self, table: Any) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        if self._sink is None:
            self._sink = pa.OSFile(str(self.unfinished), "wb")
        end = SPARE + PER_COLUMN * table.num_columns * (self._blocks + 1)
        self._reserve(self._sink.tell() + int(1.1 * table.nbytes) + end)
        if self._writer is None:
            self._writer = parquet.ParquetWriter(self._sink, table.schema)
        self._writer.write_table(table)
        self._blocks += 1

    def _reserve(self, size: int) -> None:
        if not hasattr(os, "posix_fallocate"):
            return
        with self.unfinished.open("r+b") as file:
            try:
                os.posix_fallocate(file.fileno(), 0, size)
            except OSError as failure:
                if failure.errno not in (errno.EINVAL, errno.EOPNOTSUPP):
                    raise

    def _finish(self) -> bool:
        """Write the end of the file and give back what was reserved."""
        if self._writer is None:
            if self._sink is not None:
                self._sink.close()
            return False
        self._writer.close()
        size = self._sink.tell()
        self._sink.close()
        os.truncate(self.unfinished, size)
        return True


def record_file(path: str | os.PathLike[str]) -> RecordFile:
    """Return a new file of records; an older one of that name goes when it is complete.

    Raises
    ------
    GameError
        Where the name ends otherwise, pyarrow is missing, or the place cannot be written to.
    """
    place = Path(path)
    kind = suffix(place)
    need_pyarrow()
    return CsvFile(place) if kind == ".csv" else ParquetFile(place)


@checked
def read_records(path: str | os.PathLike[str]) -> Records:
    """Return the records of a file, ``.parquet`` or ``.csv``.

    Raises
    ------
    GameError
        Where there is no such file, or it holds something else.
    """
    place = Path(path)
    kind = suffix(place)
    need_pyarrow()
    import pyarrow as pa
    from pyarrow import csv, parquet

    try:
        refusal = unfit(place.stat().st_mode)
        if refusal:
            raise GameError(f"cannot read {place}: {refusal}", "records")
        if kind == ".parquet":
            table = parquet.read_table(place)
        else:
            types = dict.fromkeys(WORDS, pa.string()) | dict.fromkeys(NUMBERS, pa.int64())
            options = csv.ConvertOptions(
                column_types=types,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            )
            table = csv.read_csv(place, convert_options=options)
    except OSError as failure:
        raise GameError(f"cannot read {place}: {reason(failure)}", "records") from None
    except pa.ArrowInvalid as failure:
        raise GameError(f"{place} holds no records: {failure}", "records") from None
    missing = [name for name in COLUMNS if name not in table.column_names]
    if missing:
        raise GameError(f"{place} has no column {', '.join(missing)}", "records")
    lines = [name for name in table.column_names if name.startswith(PAYOFF)]
    columns = {name: table[name].cast(pa.int64()).fill_null(-1).to_numpy() for name in NUMBERS}
    meant = unguarded if kind == ".csv" else str
    columns |= {name: _labels(table[name], meant) for name in WORDS}
    payoffs = {name.removeprefix(PAYOFF): table[name].cast(pa.float64()).to_numpy() for name in lines}
    return Records(**columns, payoffs=payoffs)


def arrow_table(records: Records, spelt: Callable[[str], str] = str) -> Any:
    """Return the rows as a table of pyarrow: words as dictionaries, and null where nothing is.

    ``spelt`` says how a word is written.
    """
    import pyarrow as pa

    columns: dict[str, Any] = {}
    for name in COLUMNS:
        column = getattr(records, name)
        if isinstance(column, Labels):
            codes = pa.array(column.codes, mask=column.codes < 0)
            columns[name] = pa.DictionaryArray.from_arrays(
                codes, pa.array(list(map(spelt, column.words)), pa.string())
            )
        else:
            columns[name] = pa.array(column, mask=column < 0 if name in MISSING else None)
    columns |= {PAYOFF + line: pa.array(column) for line, column in records.payoffs.items()}
    return pa.table(columns)


def suffix(path: Path) -> str:
    """Return the ending of a name of a file of records.

    Raises
    ------
    GameError
        Where it is another one.
    """
    if path.suffix not in SUFFIXES:
        raise GameError(f"'{path}' given; write a name that ends with .parquet or .csv", "records")
    return path.suffix


def need_pyarrow() -> None:
    """Refuse in words where pyarrow is not installed."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise GameError("files of records need pyarrow; pip install 'gamelab[simulate]'") from None


def reason(failure: OSError) -> str:
    """Return why a file could not be used, in words."""
    return os.strerror(failure.errno) if failure.errno else str(failure)


def _check_place(place: Path) -> None:
    """Refuse at once what could not be replaced at the end."""
    if place.is_dir():
        raise IsADirectoryError(errno.EISDIR, "")
    if place.exists() and not place.is_file():
        raise OSError("it is no regular file")
    if place.exists() and not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, "")


def _synced(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _labels(column: Any, meant: Callable[[str], str]) -> Labels:
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    column = column.combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return Labels(codes, tuple(map(meant, column.dictionary.to_pylist())))
