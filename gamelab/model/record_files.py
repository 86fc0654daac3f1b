"""Files of records: written block by block as Parquet or CSV, so that what is finished stays readable."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from gamelab.errors import GameError
from gamelab.model.records import COLUMNS, NUMBERS, PAYOFF, WORDS, Labels, Records

SUFFIXES = (".parquet", ".csv")
MISSING = ("read", "verdict", "level", "state")
"""Columns where a file may have nothing."""
SPARE = 2**16
PER_COLUMN = 512
"""Bytes that the end of a Parquet file takes: at least, and for each column of a block."""


class RecordFile:
    """A file that records are appended to; after an interrupt or a full disk it holds the whole blocks.

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
        try:
            self._open()
        except OSError as failure:
            raise GameError(f"cannot write {path}: {reason(failure)}", "records") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, records: Records) -> None:
        """Write some rows, all of them or none.

        Raises
        ------
        GameError
            Where they cannot be written; what was written before stays readable.
        """
        try:
            self._write(arrow_table(records))
        except OSError as failure:
            kept = f"its first {self.rows:,} rows are whole" if self.rows else "nothing was written"
            raise GameError(
                f"cannot go on writing {self.path}: {reason(failure)}; {kept}", "records"
            ) from None
        self.rows += len(records)

    def close(self) -> None:
        """Finish the file."""
        raise NotImplementedError

    def _open(self) -> None:
        raise NotImplementedError

    def _write(self, table: Any) -> None:
        raise NotImplementedError


class CsvFile(RecordFile):
    """Records as CSV: UTF-8, one header, commas, words in quotes, nothing where nothing is, no row names."""

    def _open(self) -> None:
        self._file = self.path.open("wb", buffering=0)
        self._size = 0

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

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        if self._size == 0:
            self.path.unlink(missing_ok=True)


class ParquetFile(RecordFile):
    """Records as Parquet, a row group for each block.

    The end of a Parquet file says where everything is. Room for a block and for that end is reserved before
    the block is written, so that a full disk leaves a whole file.
    """

    def _open(self) -> None:
        self.path.open("wb").close()
        self._sink: Any = None
        self._writer: Any = None
        self._blocks = 0

    def _write(self, table: Any) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        if self._sink is None:
            self._sink = pa.OSFile(str(self.path), "wb")
        end = SPARE + PER_COLUMN * table.num_columns * (self._blocks + 1)
        self._reserve(self._sink.tell() + int(1.1 * table.nbytes) + end)
        if self._writer is None:
            self._writer = parquet.ParquetWriter(self._sink, table.schema)
        self._writer.write_table(table)
        self._blocks += 1

    def _reserve(self, size: int) -> None:
        if not hasattr(os, "posix_fallocate"):
            return
        with self.path.open("r+b") as file:
            try:
                os.posix_fallocate(file.fileno(), 0, size)
            except OSError as failure:
                if failure.errno not in (errno.EINVAL, errno.EOPNOTSUPP):
                    raise

    def close(self) -> None:
        """Write the end of the file and give back what was reserved."""
        if self._writer is None:
            if self._sink is not None:
                self._sink.close()
            self.path.unlink(missing_ok=True)
            return
        try:
            self._writer.close()
            size = self._sink.tell()
            self._sink.close()
            os.truncate(self.path, size)
        except OSError as failure:
            raise GameError(f"cannot finish {self.path}: {reason(failure)}", "records") from None


def record_file(path: str | os.PathLike[str]) -> RecordFile:
    """Return a new file of records; an older one of that name goes.

    Raises
    ------
    GameError
        Where the name ends otherwise, pyarrow is missing, or the place cannot be written to.
    """
    place = Path(path)
    kind = suffix(place)
    need_pyarrow()
    return CsvFile(place) if kind == ".csv" else ParquetFile(place)


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
    columns |= {name: _labels(table[name]) for name in WORDS}
    payoffs = {name.removeprefix(PAYOFF): table[name].cast(pa.float64()).to_numpy() for name in lines}
    return Records(**columns, payoffs=payoffs)


def arrow_table(records: Records) -> Any:
    """Return the rows as a table of pyarrow: words as dictionaries, and null where nothing is."""
    import pyarrow as pa

    columns: dict[str, Any] = {}
    for name in COLUMNS:
        column = getattr(records, name)
        if isinstance(column, Labels):
            codes = pa.array(column.codes, mask=column.codes < 0)
            columns[name] = pa.DictionaryArray.from_arrays(codes, pa.array(column.words, pa.string()))
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


def _labels(column: Any) -> Labels:
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    column = column.combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return Labels(codes, tuple(column.dictionary.to_pylist()))
