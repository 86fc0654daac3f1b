"""Options and arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SOURCE = "A scenario file, a folder of them, or the name of one that comes with gamelab."


def folder_named(text: str) -> Path:
    """Return the folder of a name on the command line; an empty one would stand for the current folder."""
    if not text.strip():
        raise typer.BadParameter("an empty name given; name a folder, or write . for the current one")
    return Path(text)


Scenarios = Annotated[list[str], typer.Argument(metavar="SCENARIO", help=SOURCE)]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change a setting for this run, such as time.discount_factor=0.5; may be repeated.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", parser=folder_named, help="Also write figures, tables and JSON to this folder."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the results as JSON and nothing else.")]
Exact = Annotated[
    bool, typer.Option("--exact", help="Find everything in fractions too, from the numbers as written.")
]
OneArrangement = Annotated[
    str | None, typer.Option("--arrangement", metavar="NAME", help="The one to play; otherwise all of them.")
]
