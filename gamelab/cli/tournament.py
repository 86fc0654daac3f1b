"""The command ``tournament``: strategies against each other in every arrangement of a scenario."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gamelab.cli.options import Changes, Json, OneArrangement, Out, Scenarios
from gamelab.cli.playing import ended, played
from gamelab.errors import GameError

STRATEGIES = (
    "Who plays, with commas between: grim, limited_punishment(rounds=2), or comply/honour for one in each "
    "seat. Without it: those of the scenario, and of the catalogue."
)


def tournament(
    scenarios: Scenarios,
    strategies: Annotated[str | None, typer.Option(metavar="A,B,...", help=STRATEGIES)] = None,
    arrangement: OneArrangement = None,
    sampled: Annotated[
        bool, typer.Option("--sampled", help="Play matches by chance in place of solving every pair.")
    ] = False,
    matches: Annotated[int | None, typer.Option(min=1, help="Matches of each pair, if sampled.")] = None,
    rounds: Annotated[
        int | None, typer.Option(min=1, help="So many rounds, later ones discounted, if sampled.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="The same seed plays the same matches.")] = None,
    self_play: Annotated[
        bool, typer.Option(help="Whether matches of a strategy against itself count.")
    ] = True,
    out: Out = None,
    json: Json = False,
    changes: Changes = None,
) -> None:
    """Let strategies play each other, and rank them."""
    from gamelab.cli.plans import plans_of
    from gamelab.experiment.chance.competition import compete
    from gamelab.report.standings import OF_TOURNAMENTS, competition_block, contents

    given = {"matches": matches, "rounds": rounds, "seed": seed}
    chance = {key: value for key, value in given.items() if value is not None}
    if chance and not sampled:
        raise GameError("goes with --sampled: without it every pair is solved", f"--{next(iter(chance))}")
    field = plans_of(strategies) if strategies is not None else None
    settings: dict[str, Any] = {"arrangement": arrangement, "strategies": field, "self_play": self_play}

    def work(scenario: Any, overrides: Any, progress: Any) -> dict[str, Any]:
        options = {**settings, "chance": chance if sampled else None, "progress": progress}
        return compete(scenario, overrides, **options).to_dict()

    results, mistakes = played(scenarios, changes, out, "Playing", work, OF_TOURNAMENTS)
    ended(results, mistakes, out, json, contents, competition_block)
