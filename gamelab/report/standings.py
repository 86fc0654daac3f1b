"""Standings: a tournament on the screen and as tables: ranking, payoffs of each pair, equilibria."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from gamelab.frames import csv_text
from gamelab.randomness import INTERVAL
from gamelab.report.files import FIGURES, json_text
from gamelab.report.numbers import counted, number
from gamelab.report.pictures import named, stems
from gamelab.report.screen import hanging, heading
from gamelab.report.words import Result, plain

Entry = Mapping[str, Any]

TOURNAMENTS = "tournaments.json"
OF_TOURNAMENTS = (TOURNAMENTS, "ranking.csv", "pairs.csv", FIGURES)
MOST_LISTED = 6
CELL, PLACE = 7, 4
"""Characters that a payoff takes, and a place in front of a name."""


def competition_block(result: Result, width: int) -> RenderableType:
    """Return the tournaments of one scenario: for each a ranking, payoffs where they fit, equilibria."""
    parts: list[RenderableType] = [heading(result), ""]
    for name, tournament in result["tournaments"].items():
        parts += [Text(f"{name}: {_kind(result, tournament)}", style="bold"), "", _ranking(tournament), ""]
        parts += [_payoffs(tournament, width), "", hanging(_remarks(tournament)), ""]
    notes = [(Text("Note", style="yellow"), Text(note)) for note in result.get("notes") or ()]
    if result.get("interrupted"):
        notes.append((Text("Note", style="yellow"), Text("interrupted: arrangements are missing")))
    return Group(*parts, *([hanging(notes), ""] if notes else []))


def _kind(result: Result, tournament: Entry) -> str:
    count = len(tournament["strategies"])
    many = counted(count, "strategy", "strategies")
    if tournament["exact"]:
        return f"{many}, every pair solved exactly"
    sampled = result.get("sampled") or {}
    played = f"{counted(sampled['matches'], 'match', 'matches')} a pair, seed {sampled.get('seed')}"
    return f"{many}, {played}; ± is half of the 95 % interval"


def _ranking(tournament: Entry) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("place", justify="right")
    table.add_column("strategy", overflow="fold")
    columns = ["payoff", "±", "cooperation"] if not tournament["exact"] else ["payoff", "cooperation"]
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    for own in tournament["ranking"]:
        error = [] if tournament["exact"] else [number(INTERVAL * own["standard_error"])]
        table.add_row(
            str(own["place"]), own["name"], number(own["payoff"]), *error, _share(own["cooperation"])
        )
    return table


def _share(value: float | None) -> str:
    return "-" if value is None or value != value else number(value)


def ranked(tournament: Entry) -> list[int]:
    """Return the places of the strategies in the order of the ranking."""
    return [tournament["strategies"].index(own["name"]) for own in tournament["ranking"]]


def _payoffs(tournament: Entry, width: int) -> RenderableType:
    order = ranked(tournament)
    names = [f"{place} {tournament['strategies'][k]}" for place, k in enumerate(order, start=1)]
    if max(map(len, names)) + 2 + (CELL + 1) * len(order) > width:
        return Text("What each pair earns does not fit here; --out writes it to files, --json prints it.")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column(
        "row against column" if tournament["seats_alike"] else "row against column, mean of both seats"
    )
    for place in range(1, len(order) + 1):
        table.add_column(str(place), justify="right", no_wrap=True)
    for name, row in zip(names, order):
        table.add_row(Text(name), *(number(tournament["payoffs"][row][column]) for column in order))
    return table


def _remarks(tournament: Entry) -> Iterator[tuple[Text, Text]]:
    equilibria = tournament["equilibria"]
    pure = equilibria["pure"]
    if tournament["seats_alike"]:  # the same with seats exchanged is not said again
        pure = [pair for k, pair in enumerate(pure) if pair[::-1] not in pure[:k]]
    yield Text("Equilibria"), Text(f"in pure strategies, each seat choosing one: {_some(map(_pair, pure))}")
    if equilibria["extreme"] is not None:
        mixed = [pair for pair in equilibria["extreme"] if max(map(len, pair)) > 1]
        alike = [_mixture(first) for first, second in mixed if first == second]
        words = f"{len(mixed) or 'no'} extreme mixed ones" if len(mixed) != 1 else "1 extreme mixed one"
        yield Text(""), Text(words + (f"; the same in both seats: {_some(alike, 3)}" if alike else ""))
    if equilibria["note"]:
        yield Text("Note", style="yellow"), Text(equilibria["note"])
    if tournament["left_out"]:
        yield (
            Text("Left out"),
            Text(f"{', '.join(tournament['left_out'])}: the game refuses them, --json says why"),
        )


def _pair(pair: Sequence[str]) -> str:
    return " / ".join(pair if pair[0] != pair[1] else pair[:1])


def _some(words: Iterable[str], most: int = MOST_LISTED) -> str:
    items = list(words)
    more = len(items) - most
    return "; ".join(items[:most]) + (f"; and {more} more" if more > 0 else "") or "none"


def _mixture(chances: Mapping[str, str]) -> str:
    if len(chances) == 1:
        return next(iter(chances))
    return " + ".join(f"{_chance(chance)} {name}" for name, chance in chances.items())


def _chance(text: str) -> str:
    top, _, bottom = text.partition("/")
    return text if len(text) <= 7 else plain(int(top) / int(bottom or 1), 3)


def ranking_csv(results: Iterable[Result]) -> str:
    """Return one row per scenario, arrangement and strategy: place, payoff, its error, cooperation."""
    return csv_text(
        {"scenario": result["title"], "file": result["file"], "arrangement": name, **own}
        for result in results
        for name, tournament in result["tournaments"].items()
        for own in tournament["ranking"]
    )


def pairs_csv(results: Iterable[Result]) -> str:
    """Return one row per scenario, arrangement and pair: payoffs of each seat and of the row, cooperation."""
    rows = []
    for result in results:
        for name, tournament in result["tournaments"].items():
            names, errors = tournament["strategies"], tournament["standard_errors"]
            for i, row in enumerate(names):
                for j, column in enumerate(names):
                    seats = tournament["by_seat"][i][j]
                    rows.append(
                        {
                            "scenario": result["title"],
                            "file": result["file"],
                            "arrangement": name,
                            "row": row,
                            "column": column,
                            **{f"payoff.{seat}": paid for seat, paid in zip(tournament["seats"], seats)},
                            "payoff_in_both_seats": tournament["payoffs"][i][j],
                            **({} if errors is None else {"standard_error": errors[i][j]}),
                            "cooperation": tournament["cooperation"][i][j],
                        }
                    )
    return csv_text(rows)


def contents(results: Sequence[Result], version: str) -> dict[str, str | bytes]:
    """Return the files of tournaments by their paths in a folder: results, tables, and a figure for each."""
    from gamelab.report.figures.drawing import drawing
    from gamelab.report.figures.heat_map import heat_map

    files: dict[str, str | bytes] = {TOURNAMENTS: json_text(results, version, ascii_only=False) + "\n"}
    files |= {"ranking.csv": ranking_csv(results), "pairs.csv": pairs_csv(results)}
    taken: set[str] = set()
    for stem, result in zip(stems(results), results, strict=True):
        for arrangement, entry in result["tournaments"].items():
            drawn = drawing(partial(heat_map, entry), partial(named, taken, stem, "tournament", arrangement))
            files |= drawn.files(FIGURES) if drawn else {}
    return files
