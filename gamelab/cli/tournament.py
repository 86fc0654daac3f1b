"""The command ``tournament``: strategies against each other in every arrangement of a scenario."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from gamelab.cli.options import Changes, Json, OneArrangement, Out, Scenarios
from gamelab.cli.shell import INTERRUPTED, WRONG_INPUT

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
    from gamelab import __version__
    from gamelab.cli.plans import plans_of
    from gamelab.cli.scenarios import changed, loaded, task_bar
    from gamelab.errors import GameError, InputError
    from gamelab.report.files import check_folder, json_text, write_contents, written
    from gamelab.report.screen import Screen
    from gamelab.report.standings import competition_block, contents

    given = {"matches": matches, "rounds": rounds, "seed": seed}
    chance = {key: value for key, value in given.items() if value is not None}
    if chance and not sampled:
        raise GameError("goes with --sampled: without it every pair is solved", f"--{next(iter(chance))}")
    field = plans_of(strategies) if strategies is not None else None
    found, mistakes = loaded(scenarios, check_folder(out) if out else [])
    overrides = changed(found, changes or ())
    asked: dict[str, Any] = {"arrangement": arrangement, "strategies": field, "self_play": self_play}
    with task_bar("Playing") as progress:
        asked |= {"chance": chance if sampled else None, "progress": progress}
        results = list(_competitions(found, overrides, mistakes, **asked))
    if not results:
        raise InputError(mistakes)
    for mistake in mistakes:
        typer.echo(str(mistake), err=True)
    if out:
        paths = write_contents(contents(results, __version__), out)
        typer.echo(f"written to {out}: {written(paths, out)}", err=True)
    if json:
        typer.echo(json_text(results, __version__))
    else:
        screen = Screen(sys.stdout)
        for result in results:
            screen.show(competition_block(result, screen.width))
    if any(result["interrupted"] for result in results):
        typer.echo("interrupted; what was finished is kept", err=True)
        raise typer.Exit(INTERRUPTED)
    if mistakes:
        raise typer.Exit(WRONG_INPUT)


def _competitions(
    found: Any, overrides: Any, mistakes: list[Any], **options: Any
) -> Iterator[dict[str, Any]]:
    """Yield the results of each scenario, up to an interrupt; mistakes are collected."""
    from gamelab.errors import InputError
    from gamelab.experiment.competition import compete

    finished = 0
    for (_, scenario), there in zip(found, overrides, strict=True):
        try:
            result = compete(scenario, there, **options).to_dict()
        except InputError as error:
            mistakes += error.problems
            continue
        except KeyboardInterrupt:
            if not finished:
                raise
            return
        finished += 1
        yield result
        if result["interrupted"]:
            return
