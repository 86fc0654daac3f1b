"""The command evolve: which strategies a population comes to play under each arrangement."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gamelab.cli.options import Changes, Json, OneArrangement, Out, Scenarios
from gamelab.cli.playing import ended, played

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
    from gamelab.experiment.chance.evolution import evolve_scenario
    from gamelab.report.evolution import OF_EVOLUTION, evolution_block, evolution_files, without_curves

    options: dict[str, Any] = {
        "only": arrangement,
        "strategies": plans_of(strategies) if strategies is not None else None,
        "process": process,
        "population": population,
        "intensity": intensity,
        "mutation": mutation,
        "seed": seed,
    }

    def work(scenario: Any, overrides: Any, progress: Any) -> dict[str, Any]:
        return evolve_scenario(scenario, overrides, progress=progress, **options)

    results, mistakes = played(scenarios, changes, out, "Evolving", work, OF_EVOLUTION)
    shown = [without_curves(result) for result in results] if json else results
    ended(
        shown, mistakes, out, json,
        lambda _, version: evolution_files(results, version), lambda result, _: evolution_block(result),
    )  # fmt: skip
