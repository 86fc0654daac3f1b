"""How a command ends: mistakes as sentences on standard error, exit codes, interruptions."""

from __future__ import annotations

import functools
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

from gamelab.errors import GamelabError, GamelabWarning, listed, nearest

WRONG_INPUT, INTERRUPTED, CLOSED_PIPE = 2, 130, 141


class Commands(TyperGroup):
    """The commands, none of which shows a traceback for a mistake of its user."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        with ending_in_words():
            return super().invoke(ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that was asked for; an unknown one gets the nearest name."""
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-"):
            hint = nearest(args[0], known) or f"; write {listed(known)}"
            ctx.fail(f"there is no command '{args[0]}'{hint}")
        return super().resolve_command(ctx, args)


def _said(shown: Callable[..., None], message: Warning | str, category: type[Warning], *where: Any) -> None:
    if issubclass(category, GamelabWarning):
        typer.echo(str(message), err=True)
    else:
        shown(message, category, *where)


@contextmanager
def ending_in_words() -> Iterator[None]:
    """Turn what can go wrong for a user into a sentence and an exit code; warnings into sentences."""
    try:
        try:
            with warnings.catch_warnings():
                shown = warnings.showwarning
                warnings.showwarning = functools.partial(_said, shown)
                yield
        finally:
            sys.stdout.flush()
    except GamelabError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_INPUT) from None
    except KeyboardInterrupt:
        typer.echo("interrupted; nothing was written", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        if not error.filename:
            raise
        typer.echo(f"{error.filename}: {error.strerror}", err=True)
        raise typer.Exit(WRONG_INPUT) from None
