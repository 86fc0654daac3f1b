"""The command line: every command with its options; 0 done, 1 a claim failed, 2 the input was wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from gamelab.cli.shell import Commands

app = typer.Typer(
    cls=Commands,
    help="Experiments with institutions in repeated games: who cooperates, and at what cost.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

SOURCE = "A scenario file, a folder of them, or the name of one that comes with gamelab."


def main() -> None:
    """Run the command line on the arguments that it was given."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # matrices are small: more threads would only wait
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="replace")
    app(prog_name="gamelab")


def _version(wanted: bool) -> None:
    if wanted:
        from gamelab import __version__

        typer.echo(f"gamelab {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@app.command()
def run(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO", help=SOURCE)],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also write JSON and CSV files to this folder.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the results as JSON and nothing else.")] = False,
) -> None:
    """Solve every arrangement and check the claims."""
    from gamelab import __version__
    from gamelab.cli.scenarios import loaded, solved
    from gamelab.experiment import run as solve
    from gamelab.report.files import check_folder, json_text, write_results
    from gamelab.report.screen import Screen, scenario_block
    from gamelab.report.words import failed, holding

    results = solved(loaded(scenarios, check_folder(out) if out else []), solve)
    if out:
        paths = write_results(results, out, __version__)
        typer.echo(f"written to {out}: {', '.join(path.name for path in paths)}", err=True)
    claims = [claim for result in results for claim in result["claims"]]
    if json:
        typer.echo(json_text(results, __version__))
        if failed(claims):
            typer.echo(holding(claims), err=True)
    else:
        screen = Screen(sys.stdout)
        for result in results:
            screen.show(scenario_block(result, screen))
    if failed(claims):
        raise typer.Exit(1)


@app.command()
def check(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(metavar="SCENARIO", help=f"{SOURCE} Without one: all that come with it."),
    ] = None,
) -> None:
    """Check the claims and nothing else."""
    from gamelab.cli.scenarios import loaded, solved
    from gamelab.experiment import check as solve_claims
    from gamelab.report.screen import Screen, checked_lines
    from gamelab.report.words import failed, holding
    from gamelab.scenario import packaged

    results = solved(loaded(scenarios or [str(path) for path in packaged()]), solve_claims)
    screen = Screen(sys.stdout)
    for result in results:
        for line in checked_lines(result, screen.marks):
            screen.show(line, wrap=False)
    claims = [claim for result in results for claim in result["claims"]]
    typer.echo(holding(claims))
    if failed(claims):
        raise typer.Exit(1)


@app.command("list")
def list_names(
    group: Annotated[
        str | None, typer.Argument(metavar="GROUP", help="stages, institutions, strategies or scenarios")
    ] = None,
) -> None:
    """List the names that a scenario can use."""
    from gamelab.cli.names import entries
    from gamelab.report.descriptions import group_block

    _show(group_block(name.capitalize(), found) for name, found in entries(group).items())


@app.command()
def describe(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name that 'gamelab list' shows.")],
) -> None:
    """Describe one name: settings, source, an example."""
    from gamelab.cli.names import pages

    _show(pages(name))


def _show(blocks: Any) -> None:
    from gamelab.report.screen import Screen

    screen = Screen(sys.stdout)
    for block in blocks:
        screen.show(block)
