"""What the commands that play share: scenario by scenario up to an interrupt, then shown and written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from gamelab.cli.shell import INTERRUPTED, WRONG_INPUT
from gamelab.errors import InputError, Problem

if TYPE_CHECKING:
    from rich.console import RenderableType

Results = list[dict[str, Any]]


def played(
    scenarios: Sequence[str],
    changes: Sequence[str] | None,
    out: Path | None,
    label: str,
    work: Callable[..., dict[str, Any]],
    names: Sequence[str],
) -> tuple[Results, list[Problem]]:
    """Return the results of each scenario, up to an interrupt, and the mistakes of those that are left out.

    Parameters
    ----------
    scenarios, changes, out
        As the command was given them.
    label : str
        What the bar says on a terminal.
    work : callable ``(scenario, overrides, progress) -> dict``
        Its result says under ``interrupted`` whether it was.
    names : sequence of str
        What the command writes to the folder ``out``.

    Raises
    ------
    InputError
        Where no scenario has a result.
    """
    from gamelab.cli.scenarios import changed, loaded, task_bar
    from gamelab.report.folder import check_folder

    scenarios_read, mistakes = loaded(scenarios, check_folder(out, names) if out else ())
    results: Results = []
    with task_bar(label) as progress:
        for (_, scenario), overrides in zip(scenarios_read, changed(scenarios_read, changes or ())):
            try:
                results.append(work(scenario, overrides, progress))
            except InputError as error:
                mistakes += error.problems
                continue
            except KeyboardInterrupt:
                if not results:
                    raise
                results[-1]["interrupted"] = True
            if results[-1]["interrupted"]:
                break
    if not results:
        raise InputError(mistakes)
    return results, mistakes


def ended(
    results: Results,
    mistakes: Sequence[Problem],
    out: Path | None,
    json: bool,
    files: Callable[[Results, str], Mapping[str, str | bytes]],
    block: Callable[[Mapping[str, Any], int], RenderableType],
) -> None:
    """Write results where asked, show them as JSON or tables, tell mistakes, and end with the exit code.

    Parameters
    ----------
    files : callable
        From results and the version to contents by path.
    block : callable
        From one result and the width of the screen to what it shows.
    """
    from gamelab import __version__
    from gamelab.report.files import json_text, written
    from gamelab.report.folder import write_contents
    from gamelab.report.screen import Screen

    if out:
        typer.echo(
            f"written to {out}: {written(write_contents(files(results, __version__), out), out)}", err=True
        )
    if json:
        typer.echo(json_text(results, __version__))
    else:
        screen = Screen(sys.stdout)
        for result in results:
            screen.show(block(result, screen.width))
    for mistake in mistakes:
        typer.echo(str(mistake), err=True)
    if results[-1]["interrupted"]:
        typer.echo("interrupted; what was finished is kept", err=True)
        raise typer.Exit(INTERRUPTED)
    if mistakes:
        raise typer.Exit(WRONG_INPUT)
