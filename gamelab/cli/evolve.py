"""The command evolve: which strategies a population comes to play under each arrangement."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from gamelab.cli.options import Changes, Json, OneArrangement, Out, Scenarios
from gamelab.cli.shell import INTERRUPTED, WRONG_INPUT
from gamelab.errors import InputError

PROCESS = "moran, moran_linear or pairwise (finite populations); replicator, logit or best_response."
MUTATION = "Probability that a child has another strategy; without it, the limit of rare mutation."


def evolve(
    scenarios: Scenarios,
    arrangement: OneArrangement = None,
    strategies: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Who is there, such as grim,tit_for_tat; otherwise as the file says, or the catalogue.",
        ),
    ] = None,
    process: Annotated[str, typer.Option(metavar="NAME", help=PROCESS)] = "moran",
    population: Annotated[
        int | None, typer.Option(metavar="N", help="Players; otherwise as the file says, or 100.")
    ] = None,
    intensity: Annotated[
        float | None,
        typer.Option(metavar="W", help="How much payoffs count (1); with logit, one over the noise."),
    ] = None,
    mutation: Annotated[float | None, typer.Option(metavar="U", help=MUTATION)] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="The same seed gives the same chance.")] = None,
    out: Out = None,
    json: Json = False,
    changes: Changes = None,
) -> None:
    """Let strategies spread by success, and see who stays."""
    from gamelab.cli.plans import plans_of
    from gamelab.cli.scenarios import changed, loaded
    from gamelab.report.files import check_folder

    found, mistakes = loaded(scenarios, check_folder(out) if out else ())
    overrides = changed(found, changes or ())
    asked = {
        "only": arrangement,
        "strategies": plans_of(strategies) if strategies is not None else None,
        "process": process,
        "population": population,
        "intensity": intensity,
        "mutation": mutation,
        "seed": seed,
    }
    results = _evolved(found, overrides, mistakes, asked)
    _show(results, out, json=json)
    for mistake in mistakes:
        typer.echo(str(mistake), err=True)
    if results[-1]["interrupted"]:
        typer.echo("interrupted; what was finished is kept", err=True)
        raise typer.Exit(INTERRUPTED)
    if mistakes:
        raise typer.Exit(WRONG_INPUT)


def _evolved(found: Any, overrides: Any, mistakes: list[Any], asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the results of each scenario, up to an interrupt; mistakes are collected."""
    from gamelab.cli.scenarios import task_bar
    from gamelab.experiment.evolution import evolve_scenario

    results: list[dict[str, Any]] = []
    with task_bar("Evolving") as progress:
        for (_, scenario), there in zip(found, overrides):
            try:
                results.append(evolve_scenario(scenario, there, progress=progress, **asked))
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
    return results


def _show(results: list[dict[str, Any]], out: Path | None, *, json: bool) -> None:
    """Write files where asked, then JSON or tables."""
    from gamelab import __version__
    from gamelab.report.evolution import evolution_block, evolution_files, without_curves
    from gamelab.report.files import json_text, write_contents, written
    from gamelab.report.screen import Screen

    if out:
        paths = write_contents(evolution_files(results, __version__), out)
        typer.echo(f"written to {out}: {written(paths, out)}", err=True)
    if json:
        typer.echo(json_text([without_curves(result) for result in results], __version__))
        return
    screen = Screen(sys.stdout)
    for result in results:
        screen.show(evolution_block(result))
