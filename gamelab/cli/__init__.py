"""The command line: every command with its options; 0 done, 1 a claim failed, 2 the input was wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from gamelab.cli.evolve import evolve
from gamelab.cli.options import SOURCE, Changes, Exact, Json, Out, Scenarios
from gamelab.cli.shell import WRONG_INPUT, Commands
from gamelab.cli.simulate import simulate
from gamelab.cli.streams import standard_streams
from gamelab.cli.tournament import tournament

app = typer.Typer(
    cls=Commands,
    help="Experiments with institutions in repeated games: who cooperates, and at what cost.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command line on the arguments that it was given."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # matrices are small: more threads would only wait
    with standard_streams():
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
    scenarios: Scenarios,
    out: Out = None,
    json: Json = False,
    changes: Changes = None,
    exact: Exact = False,
) -> None:
    """Solve every arrangement, check claims and draw maps."""
    from gamelab import __version__
    from gamelab.experiment import run as solve
    from gamelab.report.files import OF_A_RUN, json_text, write_results, written
    from gamelab.report.folder import check_folder
    from gamelab.report.screen import Screen, scenario_block
    from gamelab.report.words import failed, holding

    problems = check_folder(out, OF_A_RUN) if out else []
    results, wrong = _solved("Solving", scenarios, solve, changes, exact, problems, curves=bool(out))
    if out:
        paths = write_results(results, out, __version__)
        typer.echo(f"written to {out}: {written(paths, out)}", err=True)
    claims = [claim for result in results for claim in result["claims"]]
    if json:
        plain = [{key: part for key, part in result.items() if key != "curves"} for result in results]
        typer.echo(json_text(plain, __version__))
        if failed(claims):
            typer.echo(holding(claims), err=True)
    else:
        screen = Screen(sys.stdout)
        for result in results:
            screen.show(scenario_block(result, screen))
    _end(wrong, failed(claims))


@app.command()
def check(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(metavar="SCENARIO", help=f"{SOURCE} Without one: all that come with it."),
    ] = None,
    changes: Changes = None,
    exact: Exact = False,
) -> None:
    """Check the claims and nothing else."""
    from gamelab.experiment import check as solve_claims
    from gamelab.report.screen import Screen, checked_lines
    from gamelab.report.words import failed, holding
    from gamelab.scenario import packaged

    sources = scenarios or [str(path) for path in packaged()]
    results, wrong = _solved("Checking", sources, solve_claims, changes, exact)
    screen = Screen(sys.stdout)
    for result in results:
        for line in checked_lines(result, screen.marks):
            screen.show(line, wrap=False)
    claims = [claim for result in results for claim in result["claims"]]
    typer.echo(holding(claims))
    _end(wrong, failed(claims))


def _solved(
    label: str,
    sources: list[str],
    solve: Any,
    changes: list[str] | None,
    exact: bool,
    problems: Any = (),
    *,
    curves: bool = False,
) -> tuple[list[dict[str, Any]], int]:
    """Return the results, and how many files were wrong; mistakes are told, and a bar shows how far it is."""
    from gamelab.cli.scenarios import changed, loaded, solved, task_bar
    from gamelab.errors import InputError

    scenarios, mistakes = loaded(sources, problems)
    overrides = changed(scenarios, changes or ())
    options = {"exact": True} if exact else {}  # else as the file says
    with task_bar(label) as bar:
        results, refused = solved(scenarios, solve, overrides, bar, curves=curves, **options)
    mistakes += refused
    if not results:
        raise InputError(mistakes)
    for mistake in mistakes:
        typer.echo(str(mistake), err=True)
    return results, len({mistake.file for mistake in mistakes})


def _end(wrong: int, failed: int) -> None:
    """End with 2 where files were wrong, else with 1 where claims fail."""
    if wrong:
        from gamelab.report.numbers import counted

        typer.echo(f"{counted(wrong, 'file is', 'files are')} left out: the mistakes stand above", err=True)
        raise typer.Exit(WRONG_INPUT)
    if failed:
        raise typer.Exit(1)


app.command()(simulate)
app.command()(tournament)
app.command()(evolve)


@app.command("list")
def list_names(
    group: Annotated[
        str | None, typer.Argument(metavar="GROUP", help="stages, institutions, strategies or scenarios")
    ] = None,
) -> None:
    """List the names that a scenario can use."""
    from gamelab.cli.names import entries
    from gamelab.report.descriptions import group_block

    _show(group_block(name.capitalize(), rows) for name, rows in entries(group).items())


@app.command()
def describe(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A name that 'gamelab list' shows, or a key or quantity of the scenario file.",
        ),
    ],
) -> None:
    """Describe one name: settings, source, an example."""
    from gamelab.cli.names import pages

    _show(pages(name))


@app.command()
def schema() -> None:
    """Print the JSON schema of a scenario file, for editors."""
    import json

    from gamelab.scenario import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))


@app.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, such as my_game.yaml.")],
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="The kind of stage game, such as normal_form.")
    ] = "prisoners_dilemma",
) -> None:
    """Write a commented starting scenario, which runs as it is."""
    import shlex

    from gamelab.scenario.template import start

    start(file, kind)
    typer.echo(f"written; run it with: gamelab run {shlex.quote(str(file))}")


@app.command("validate-solver")
def validate_solver(
    solver: Annotated[
        str,
        typer.Argument(metavar="SOLVER", help="gamelab, nashpy.vertex_enumeration, ..., or module:function."),
    ],
    examples: Annotated[int, typer.Option(min=1, help="How many games to draw.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same games.")] = 0,
    demand: Annotated[
        str | None, typer.Option(help="What to ask of it: all, generic, component or one.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=0, help="Time limit for each game.")] = 5,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON and nothing else.")] = False,
) -> None:
    """Try laws of equilibrium on a solver of two-player games."""
    from gamelab.cli.solver_checks import report_blocks
    from gamelab.report.screen import Screen
    from gamelab.testing import check_solver, solver_named

    callable_solver = solver_named(solver, demand)
    report = check_solver(callable_solver, examples=examples, seed=seed, seconds_per_game=seconds)
    if json:
        typer.echo(report.to_json())
    else:
        screen = Screen(sys.stdout)
        for block, wrap in report_blocks(report):
            screen.show(block, wrap=wrap)
    if not report.passed:
        raise typer.Exit(1)


def _show(blocks: Any) -> None:
    from gamelab.report.screen import Screen

    screen = Screen(sys.stdout)
    for block in blocks:
        screen.show(block)
