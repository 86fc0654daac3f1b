"""Screen: results as a reader meets them in a terminal, a pipe or a log, 80 columns and up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gamelab.report.numbers import number
from gamelab.report.simulations import estimates, played, rivals, said
from gamelab.report.words import (
    SHORT,
    Result,
    conduct,
    consent,
    finding,
    fines,
    holding,
    just_as_good,
    place,
    setting,
    verdict,
)
from gamelab.scenario.catalogue import BASELINE

CRITICAL = "critical_discount_factor"
QUANTITIES = {"gross": "gross_benefit", "cost": "transaction_cost", "net": "net_benefit"}
TEXTS = {"arrangement": 14, "conduct": 20, "verdict": 13}
"""The columns of text, and up to what length each keeps a word in one piece at the usual width."""
USUAL_WIDTH = 80
STYLES = {"workable": "green", "baseline": "dim", "not workable": "yellow", "not known": "yellow"}


class Screen(Console):
    """A console that leaves no colours, markup or blanks at line ends behind in a pipe or a file."""

    def __init__(self, file: TextIO):
        super().__init__(file=file, highlight=False, markup=False, emoji=False)

    def show(self, block: RenderableType, *, wrap: bool = True) -> None:
        """Write a block; without ``wrap`` long lines are left whole, for search tools and editors."""
        if self.is_terminal:
            self.print(block, soft_wrap=not wrap)
            return
        with self.capture() as captured:
            self.print(block, soft_wrap=not wrap)
        self.file.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))

    @property
    def marks(self) -> tuple[str, str]:
        """What stands before a claim that fails and before one that holds."""
        try:
            "✗✓".encode(self.encoding)
        except UnicodeEncodeError:
            return "FAIL", "ok"
        return "✗", "✓"


def scenario_block(result: Result, screen: Screen) -> RenderableType:
    """Return one scenario: title, a row per arrangement, claims, notes, advice, the best arrangement."""
    parts: list[RenderableType] = [heading(result), ""]
    if result.get("arrangements"):
        parts += [_arrangements(result["arrangements"], screen.width), ""]
        exact = [line for name, entry in result["arrangements"].items() for line in _exact_line(name, entry)]
        if exact:
            parts += [Text("In fractions (all of them stand in the JSON)"), hanging(exact), ""]
    if result.get("simulated"):
        if any(result["simulated"]["arrangements"].values()):
            parts += [Text(played(result)), _simulated(result), ""]
        rivalry = [(Text(name), Text(words)) for name, words in rivals(result)]
        parts += [Text("Strategies against each other"), hanging(rivalry), ""] if rivalry else []
    claims = result.get("claims") or []
    if claims:
        parts += [Text(holding(claims)), hanging(_claim_lines(result, screen.marks)), ""]
    remarks = list(_remarks(result))
    if remarks:
        parts += [hanging(remarks), ""]
    parts += [Text(best_line(result), style="bold"), ""]
    return Group(*parts)


def simulated_block(result: Result) -> RenderableType:
    """Return what was simulated of one scenario, and notes."""
    parts: list[RenderableType] = [heading(result), "", Text(played(result)), _simulated(result), ""]
    remarks = list(_remarks(result))
    return Group(*parts, *([hanging(remarks), ""] if remarks else []))


def best_line(result: Result) -> str:
    """Return the sentence that names the best arrangement.

    >>> best_line({"best_arrangement": "watch", "arrangements": {"watch": {"net_benefit": 1.5}}})
    'Best arrangement: watch, net benefit 1.500 a round'
    """
    best = result.get("best_arrangement")
    if best in (None, BASELINE):
        return f"Best arrangement: none; {_without(result.get('arrangements') or {})}"
    net = number(result["arrangements"][best].get("net_benefit"))
    others = ", ".join(just_as_good(result))
    says = f"Best arrangement: {best}, net benefit {net} a round"
    lead, other = result["arrangements"][best].get("advantage"), _next_best(result)
    says += f", {number(lead)} more than {other}" if lead and other and not others else ""
    return says + f"; just as good: {others}" * bool(others)


def _next_best(result: Result) -> str | None:
    """Return the workable arrangement with the second highest net benefit; None where there is one only."""
    nets = {
        name: entry["net_benefit"] for name, entry in result["arrangements"].items() if entry.get("workable")
    }
    nets.pop(result["best_arrangement"], None)
    return max(nets, key=nets.__getitem__, default=None)


def _without(arrangements: Mapping[str, Mapping[str, Any]]) -> str:
    if (arrangements.get(BASELINE) or {}).get("supported") == "yes":
        return "the agreement is kept without an institution"
    others = [entry.get("workable", False) for name, entry in arrangements.items() if name != BASELINE]
    if None in others:
        return "whether an institution here is workable is not known"
    return "no institution here is workable" if others else "there is no institution here"


def checked_lines(result: Result, marks: tuple[str, str]) -> Iterator[Text]:
    """Yield a heading and one line per claim; a claim that fails says where it stands and what came out."""
    yield heading(result)
    for claim in result.get("claims") or ():
        mark = Text(f"  {marks[claim['holds']]} ", style="green" if claim["holds"] else "red")
        if claim["holds"]:
            yield mark + Text(claim["says"])
        else:
            where = place(result.get("file"), claim.get("line"))
            yield mark + Text(f"{where}: {claim['says']}: {finding(claim)}")


def heading(result: Result) -> Text:
    """Return title, file and changed settings of a scenario."""
    heading = Text(str(result.get("title") or "untitled"), style="bold")
    if result.get("file"):
        heading += Text(f"  {place(result['file'])}", style="dim not bold")
    for path, value in (result.get("overrides") or {}).items():
        heading += Text(f"\n  with {path} = {setting(value)}", style="not bold")
    return heading


def _arrangements(arrangements: Mapping[str, Mapping[str, Any]], width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    rows: list[tuple[str, str, str, Mapping[str, Any]]] = [
        (name, conduct(entry.get("profile")).replace("(", " ("), verdict(name, entry), entry)
        for name, entry in arrangements.items()
    ]
    for k, (header, longest) in enumerate(TEXTS.items()):
        words = " ".join(str(row[k]) for row in rows).split()
        least = min(longest, max(map(len, words))) if width >= USUAL_WIDTH else None
        table.add_column(header, overflow="fold", min_width=least)
    for header in QUANTITIES:
        table.add_column(header, justify="right", no_wrap=True)
    for name, profile, says, entry in rows:
        numbers = (number(entry.get(quantity)) for quantity in QUANTITIES.values())
        table.add_row(Text(name), Text(profile), Text(says, style=STYLES[says.split(":")[0]]), *numbers)
    return table


def _simulated(result: Result) -> Table:
    """Return payoffs and cooperation as simulated and as solved, a row each.

    Where arrangements are not solved beside it, their names are followed by what is played.
    """
    arrangements = result["simulated"]["arrangements"]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("arrangement", overflow="fold")
    table.add_column("quantity", overflow="fold")
    for header in ("simulated", "exact"):
        table.add_column(header, justify="right", no_wrap=True)
    before = ""
    for name, quantity, _, account, one in estimates(result):
        if quantity != "ledger":
            what = f"payoff of {account}" if account else quantity
            plays = "" if result.get("arrangements") else f": {conduct(arrangements[name]['profile'])}"
            table.add_row(
                Text("" if name == before else name + plays), Text(what), said(one), number(one["exact"])
            )
            before = name
    return table


def _exact_line(name: str, entry: Mapping[str, Any]) -> Iterator[tuple[Text, Text]]:
    """Yield an arrangement's main numbers as fractions, those that are short."""
    exact = entry.get("exact") or {}
    numbers = {header: exact.get(quantity) for header, quantity in QUANTITIES.items()}
    numbers |= {"largest gain": exact.get("max_gain"), "least discount factor": exact.get(CRITICAL)}
    short = [f"{header} {text}" for header, text in numbers.items() if text and len(text) <= SHORT]
    if short:
        yield Text(name), Text(", ".join(short))


def _claim_lines(result: Result, marks: tuple[str, str]) -> Iterator[tuple[Text, Text]]:
    for claim in result["claims"]:
        text = Text(f"{claim['says']}: ") + Text(finding(claim), style="dim" if claim["holds"] else "")
        if not claim["holds"]:
            text += Text(f" at {place(result.get('file'), claim.get('line'))}")
        yield Text(marks[claim["holds"]], style="green" if claim["holds"] else "bold red"), text


def _remarks(result: Result) -> Iterator[tuple[Text, Text]]:
    for note in result.get("notes") or ():
        yield Text("Note", style="yellow"), Text(note)
    for name, entry in (result.get("arrangements") or {}).items():
        if entry.get("workable") and consent(entry):
            yield Text("Consent", style="yellow"), Text(f"{name}: {consent(entry)}")
        if fines(entry):
            yield Text("Fines", style="dim"), Text(f"{name}: {fines(entry)}")
        if entry.get("advice"):
            yield Text("Advice", style="cyan"), Text(f"{name}: {entry['advice']}")


def hanging(lines: Iterable[tuple[Text, Text]]) -> RenderableType:
    """Return marked lines whose continuations stand under their text."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for mark, text in lines:
        grid.add_row(mark, text)
    return Padding(grid, (0, 0, 0, 2))
