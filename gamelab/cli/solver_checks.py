"""What ``gamelab validate-solver`` shows: a line a law, then each law that broke on its smallest game."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from gamelab.report.numbers import counted

if TYPE_CHECKING:
    from gamelab.testing.solver_report import SolverReport

STYLES = {"passed": "green", "broken": "bold red", "not tried": "dim"}


def report_blocks(report: SolverReport) -> Iterator[tuple[RenderableType, bool]]:
    """Yield the blocks of a report, and whether its lines may be broken: programs may not."""
    from gamelab.testing.solvers import DEMANDS

    line = f"  asked for {DEMANDS[report.demand]}; {counted(report.games, 'game')}, seed {report.seed}"
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("law", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("what it says", overflow="fold")
    for outcome in report.outcomes:
        verdict = Text(outcome.verdict, style=STYLES[outcome.verdict])
        table.add_row(Text(outcome.law), verdict, Text(outcome.statement))
    yield Group(Text(report.solver, style="bold") + Text(line, style="dim not bold"), "", table, ""), True
    if report.note:
        yield Group(Text(report.note, style="yellow"), ""), True
    for finding in report.findings:
        yield Text(f"{finding.law}: {finding.words}", style="bold"), True
        yield Text(f"\n{finding.snippet()}"), False
    laws = counted(len(report.outcomes), "law")
    broken = f"{len(report.broken)} of {laws} broke" if report.broken else "no law broke"
    yield Text(broken, style="bold"), True
