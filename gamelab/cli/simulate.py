"""The command simulate: each arrangement's conduct played by chance, beside what it pays exactly."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from gamelab.cli.options import Changes, Json, OneArrangement, Out, Scenarios
from gamelab.cli.playing import ended, played
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
    from gamelab.experiment import run as solve
    from gamelab.experiment.chance.simulated import simulate_scenario
    from gamelab.report.files import OF_SIMULATIONS, simulated_files
    from gamelab.report.screen import simulated_block
    from gamelab.scenario import simulation_of

    given = {"matches": matches, "rounds": rounds, "seed": seed}
    options = {key: value for key, value in given.items() if value is not None}
    if records is not None and (arrangement is None or len(scenarios) > 1):
        raise InputError("--records: a file holds one arrangement of one scenario; name it by --arrangement")
    strategies = profile_of_text(profile) if profile is not None else None

    def work(scenario: Any, overrides: Any, progress: Any) -> dict[str, Any]:
        return simulate_scenario(
            solve(scenario, overrides).arrangements, simulation_of(scenario, overrides, options),
            only=arrangement, profile=strategies, threads=threads or os.cpu_count() or 1, records=records,
            progress=progress,
        )  # fmt: skip

    results, mistakes = played(scenarios, changes, out, "Playing", work, OF_SIMULATIONS)
    ended(results, mistakes, out, json, simulated_files, lambda result, _: simulated_block(result))
