"""The command simulate: each arrangement's conduct played by chance, beside what it pays exactly."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from gamelab.cli.options import Changes, Json, OneArrangement, Out, Scenarios
from gamelab.cli.shell import INTERRUPTED
from gamelab.errors import InputError


def simulate(
    scenarios: Scenarios,
    arrangement: OneArrangement = None,
    profile: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Who plays, such as grim or grim/tit_for_tat; otherwise each arrangement's conduct.",
        ),
    ] = None,
    matches: Annotated[
        int | None, typer.Option(min=1, help="How many; otherwise as the file says, or 10000.")
    ] = None,
    rounds: Annotated[int | None, typer.Option(min=1, help="So many rounds, later ones discounted.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="The same seed gives the same matches.")] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="How many threads play; otherwise one for each core.")
    ] = None,
    records: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write every move of one arrangement, as .csv or .parquet."),
    ] = None,
    out: Out = None,
    json: Json = False,
    changes: Changes = None,
) -> None:
    """Play by chance, and compare with the exact values."""
    from gamelab.cli.plans import profile_of_text
    from gamelab.cli.scenarios import changed, loaded, task_bar
    from gamelab.experiment import run as solve
    from gamelab.experiment.simulated import simulate_scenario
    from gamelab.report.files import check_folder
    from gamelab.scenario import simulation_of

    found, mistakes = loaded(scenarios, check_folder(out) if out else ())
    if mistakes:
        raise InputError(mistakes)
    asked = {
        key: value
        for key, value in (("matches", matches), ("rounds", rounds), ("seed", seed))
        if value is not None
    }
    if records is not None and (arrangement is None or len(found) > 1):
        raise InputError("--records: a file holds one arrangement of one scenario; name it by --arrangement")
    strategies = profile_of_text(profile) if profile is not None else None
    results: list[dict[str, Any]] = []
    for (_, scenario), there in zip(found, changed(found, changes or ())):
        with task_bar("Playing") as progress:
            result = simulate_scenario(
                solve(scenario, there), simulation_of(scenario, there, asked), only=arrangement,
                profile=strategies, threads=threads or os.cpu_count() or 1, records=records,
                progress=progress,
            )  # fmt: skip
        results.append(result)
        if result["simulated"].get("interrupted"):
            break
    _show(results, out, json=json)
    if results[-1]["simulated"].get("interrupted"):
        raise typer.Exit(INTERRUPTED)


def _show(results: list[dict[str, Any]], out: Path | None, *, json: bool) -> None:
    """Write files where asked, then JSON or tables."""
    from gamelab import __version__
    from gamelab.report.files import json_text, write_simulated, written
    from gamelab.report.screen import Screen, simulated_block

    if out:
        typer.echo(f"written to {out}: {written(write_simulated(results, out, __version__), out)}", err=True)
    if json:
        typer.echo(json_text(results, __version__))
        return
    screen = Screen(sys.stdout)
    for result in results:
        screen.show(simulated_block(result))
