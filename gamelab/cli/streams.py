"""Streams: standard output that is closed or full ends a command in words; standard error never does."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import typer

from gamelab.cli.shell import CLOSED_PIPE, WRONG_INPUT

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

CLOSED = "standard output is closed; send it to a file, or to /dev/null"


class LostOutputError(Exception):
    """Standard output takes no more."""


class Outlet(io.FileIO):
    """Where bytes go out. Once that fails the rest is dropped; ``tells`` says whether it is told once."""

    def __init__(self, descriptor: int, *, tells: bool):
        super().__init__(descriptor, "w", closefd=False)
        self.tells, self.lost = tells, False

    def write(self, data: Buffer, /) -> int:
        """Write some bytes, and return how many."""
        try:
            if not self.lost:
                return super().write(data)
        except OSError as failure:
            self.lost = True
            if self.tells:
                raise LostOutputError(failure) from None
        return memoryview(data).nbytes


@contextmanager
def standard_streams() -> Iterator[None]:
    """Let standard output and error fail in words, as a command line should.

    A reader that has seen enough (``| head -1``) ends the command quietly with 141. A full disk ends it with
    a sentence and 2, and so does standard output that is closed, before anything is solved: files that are
    opened would take its place. What cannot be said on standard error is lost, and the exit code is kept.
    """
    try:
        with _open_streams():
            yield
    except LostOutputError as lost:
        failure: OSError = lost.args[0]
        if failure.errno == errno.EPIPE:
            sys.exit(CLOSED_PIPE)
        typer.echo(f"standard output cannot be written: {(failure.strerror or '').lower()}", err=True)
        sys.exit(WRONG_INPUT)


@contextmanager
def _open_streams() -> Iterator[None]:
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one
    closed = sys.stdout is None
    sys.stderr = _outgoing(sys.stderr, 2, tells=False)
    sys.stdout = _outgoing(sys.stdout, 1, tells=True)
    if closed:
        typer.echo(CLOSED, err=True)
        sys.exit(WRONG_INPUT)
    yield
    sys.stdout.flush()


def _outgoing(stream: TextIO | None, descriptor: int, *, tells: bool) -> TextIO:
    """Return a stream as it is where it is a terminal, else one like it that fails as said above."""
    if stream is not None and (not isinstance(stream, io.TextIOWrapper) or stream.isatty()):
        return stream
    raw = Outlet(descriptor, tells=tells)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding if stream is not None else "utf-8",
        errors="replace" if tells else "backslashreplace",
        line_buffering=not tells,
        write_through=stream is not None and stream.write_through,
    )
