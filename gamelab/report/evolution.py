"""Evolution on the screen and in files: who lasts, who takes over from whom, and where paths lead."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from gamelab.frames import csv_text
from gamelab.randomness import INTERVAL
from gamelab.report.evolution_findings import SAME, lasting, leading, named, over_time, times_neutral
from gamelab.report.numbers import counted, percent
from gamelab.report.words import Result, place

Entry = Mapping[str, Any]
OF_EVOLUTION = (
    "evolution.json",
    *(f"evolution_{table}.csv" for table in ("shares", "fixation", "paths")),
    "figures",
)
MOST_COLUMNS = 6
"""So many strategies have a matrix on the screen that fits 80 columns; files hold all."""
TITLES = {
    "moran": "Moran process, fitness exp(w payoff) with w = {intensity:g}",
    "moran_linear": "Moran process, fitness 1 - w + w payoff with w = {intensity:g}",
    "pairwise": "pairwise comparison, intensity {intensity:g}",
    "replicator": "replicator dynamic",
    "logit": "logit dynamic, noise {noise:g}",
    "best_response": "best-response dynamic",
}


def evolution_block(result: Result) -> RenderableType:
    """Return one scenario: for each arrangement a table of its strategies, and what follows from it."""
    heading = Text(str(result.get("title") or "untitled"), style="bold")
    parts: list[RenderableType] = [heading + Text(f"  {place(result['file'])}", style="dim not bold"), ""]
    for name, entry in result["arrangements"].items():
        parts += [Text(name, style="bold") + Text(f"  {process_words(entry)}", style="dim not bold")]
        parts += [_table(entry), *_sentences(entry), ""]
    parts += [*(Text(f"Note: {note}", style="yellow") for note in result.get("notes") or ())]
    return Group(*parts)


def process_words(entry: Entry) -> str:
    """Return the process with its numbers.

    >>> process_words({"process": "moran", "intensity": 1.0, "population": 100, "mutation": None})
    'Moran process, fitness exp(w payoff) with w = 1, 100 players, rare mutation'
    """
    words = TITLES[entry["process"]].format(
        intensity=entry.get("intensity", 0), noise=entry.get("noise") or 0
    )
    if "population" not in entry:
        return words
    mutation = f"mutation {entry['mutation']:g}" if entry["mutation"] else "rare mutation"
    return f"{words}, {counted(entry['population'], 'player')}, {mutation}"


def _table(entry: Entry) -> Table:
    """Yield a row for each strategy, the most frequent first."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    names, finite = entry["strategies"], "relative_fixation" in entry
    table.add_column("strategy", overflow="fold")
    table.add_column("share", justify="right", no_wrap=True)
    if entry.get("standard_errors"):
        table.add_column("±", justify="right", no_wrap=True)
    order = sorted(range(len(names)), key=lambda i: (-entry["shares"][i], i))
    matrix = finite and 1 < len(names) <= MOST_COLUMNS
    if matrix:
        for n, _ in enumerate(order):
            table.add_column(f"by {n + 1}", justify="right", no_wrap=True)
    elif finite:
        table.add_column("most easily taken over by", overflow="fold")
    for n, i in enumerate(order):
        label = f"{n + 1} {names[i]}" if matrix else names[i]
        row = [label, percent(entry["shares"][i])]
        if entry.get("standard_errors"):
            row.append(percent(INTERVAL * entry["standard_errors"][i]))
        if matrix:
            row += ["" if i == j else _times(entry, i, j) for j in order]
        elif finite:
            row.append(_invader(entry, i))
        table.add_row(*map(Text, row))
    return table


def _times(entry: Entry, resident: int, mutant: int) -> str:
    """Return a fixation probability as a multiple of the neutral one, however small."""
    log = entry["log_fixation"][resident][mutant] + math.log(entry["population"])
    return times_neutral(entry["relative_fixation"][resident][mutant], log)


def _invader(entry: Entry, resident: int) -> str:
    """Return who takes over most easily from a strategy, where somebody does so more often than by drift."""
    chances = [(c, j) for j, c in enumerate(entry["relative_fixation"][resident]) if j != resident]
    most = max(chances, default=(0.0, 0))[0]
    if most <= 1 + SAME:
        return "nobody; some by drift" if most > 1 - SAME else "nobody"
    first = [entry["strategies"][j] for c, j in chances if c >= most * (1 - SAME)]
    return f"{named(first)} ({times_neutral(most)})"


def _sentences(entry: Entry) -> Iterator[Text]:
    """Yield what the table shows, in words."""
    if entry["method"] == "paths":
        yield Text(f"  {over_time(entry)}. {leading(entry)}.")
        attracting = [
            point for point in entry["rest_points"] or () if point["kind"] == "stable" and not point["ends"]
        ]
        for point in attracting:
            shares = zip(entry["strategies"], point["shares"])
            words = ", ".join(f"{name} {percent(share)}" for name, share in shares if share > 0)
            yield Text(f"  A rest point that attracts: {words}")
        for note in entry["notes"]:
            yield Text(f"  Note: {note}")
    else:
        yield Text(f"  {lasting(entry)}.")
        if 1 < len(entry["strategies"]) <= MOST_COLUMNS:
            yield Text(
                "  x: how many times as often as by drift one mutant (column) takes over (from the row).",
                style="dim",
            )
    if entry["method"] == "by chance":
        played = (
            f"{counted(entry['populations'], 'population')} for {counted(entry['generations'], 'generation')}"
        )
        yield Text(f"  By chance: {played}; ± is half of the 95 % interval.", style="dim")
        yield from (Text(f"  Note: {note}", style="yellow") for note in entry.get("notes") or ())
    if entry.get("left_out"):
        yield Text(f"  Left out, as this game refuses them: {', '.join(entry['left_out'])}", style="dim")


def evolution_files(results: Sequence[Result], version: str) -> dict[str, str | bytes]:
    """Return every file's content by its name: tables as CSV, numbers as JSON, pictures as SVG and PNG."""
    from gamelab.report.figures.drawing import drawing
    from gamelab.report.files import FIGURES, json_text
    from gamelab.report.pictures import named as file_name
    from gamelab.report.pictures import slug, stems

    plain = [without_curves(result) for result in results]
    contents: dict[str, str | bytes] = {"evolution.json": json_text(plain, version, ascii_only=False) + "\n"}
    for table, each in (("shares", share_rows), ("fixation", fixation_rows), ("paths", path_rows)):
        rows = list(each(results))
        if rows:
            contents[f"evolution_{table}.csv"] = csv_text(rows)
    taken: set[str] = set()
    for result, stem in zip(results, stems(results), strict=True):
        for name, entry in result["arrangements"].items():
            for kind, draw in _pictures().items():
                own = partial(file_name, taken, stem, kind, slug(name) or "arrangement")
                drawn = drawing(partial(draw, entry), own)
                contents |= drawn.files(FIGURES) if drawn else {}
    return contents


def _pictures() -> dict[str, Any]:
    from gamelab.report.figures.invasion import invasion
    from gamelab.report.figures.shares import shares
    from gamelab.report.figures.simplex import simplex

    return {
        "invasion": lambda entry: invasion(entry) if "relative_fixation" in entry else None,
        "shares": shares,
        "simplex": simplex,
    }


def without_curves(result: Result) -> dict[str, Any]:
    """Return a result without what only pictures show."""
    arrangements = {
        name: {key: part for key, part in entry.items() if key != "curves"}
        for name, entry in result["arrangements"].items()
    }
    return {**result, "arrangements": arrangements}


def share_rows(results: Sequence[Result]) -> Iterator[dict[str, Any]]:
    """Yield a row for each strategy under each arrangement."""
    yield from (
        {**where, "strategy": name, "share": entry["shares"][i],
         "log_share": (entry.get("log_shares") or [None] * (i + 1))[i],
         "standard_error": (entry.get("standard_errors") or [None] * (i + 1))[i]}
        for where, entry in _each(results) for i, name in enumerate(entry["strategies"])
    )  # fmt: skip


def fixation_rows(results: Sequence[Result]) -> Iterator[dict[str, Any]]:
    """Yield a row for each pair of strategies of a finite population."""
    yield from (
        {**where, "resident": resident, "mutant": mutant, "payoff_of_mutant": entry["payoffs"][j][i],
         "fixation_probability": entry["fixation"][i][j],
         "log_fixation_probability": entry["log_fixation"][i][j],
         "relative_to_neutral": entry["relative_fixation"][i][j]}
        for where, entry in _each(results) if "fixation" in entry
        for i, resident in enumerate(entry["strategies"])
        for j, mutant in enumerate(entry["strategies"]) if i != j
    )  # fmt: skip


def path_rows(results: Sequence[Result]) -> Iterator[dict[str, Any]]:
    """Yield a row for each strategy at each moment of a path."""
    yield from (
        {**where, path["unit"]: time, "strategy": name, "share": shares[i]}
        for where, entry in _each(results) for path in [entry["curves"].get("paths")] if path
        for time, shares in zip(path["times"], path["shares"]) for i, name in enumerate(entry["strategies"])
    )  # fmt: skip


def _each(results: Sequence[Result]) -> Iterator[tuple[dict[str, Any], Entry]]:
    for result in results:
        for name, entry in result["arrangements"].items():
            where = {"scenario": result["title"], "file": result["file"], "arrangement": name}
            yield {**where, "process": entry["process"]}, entry
