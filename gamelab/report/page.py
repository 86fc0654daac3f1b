"""Page: results as one HTML page that needs nothing else: question, arrangements, claims, sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from shlex import quote
from typing import TYPE_CHECKING, Any

from gamelab.model.answers import NOT_ASKED, NOT_KNOWN
from gamelab.report.figures.canvas import COLOURS, colours_of
from gamelab.report.figures.drawing import inline
from gamelab.report.findings import line_name, listed
from gamelab.report.numbers import NOISE, amount, factor, minus, number, percent, signed
from gamelab.report.pictures import Picture, leading
from gamelab.report.screen import best_line
from gamelab.report.simulations import estimates, outside, played, said
from gamelab.report.words import (
    Result,
    conduct,
    consent,
    finding,
    fines,
    holding,
    just_as_good,
    place,
    plain,
    verdict,
)
from gamelab.report.words import setting as in_file
from gamelab.scenario.catalogue import BASELINE

if TYPE_CHECKING:
    from jinja2 import Template

Block = dict[str, Any]
MOST_ROWS = 64
"""Rows of a payoff table that a page shows."""

STEPS = {
    "agreed": "what the file lists",
    "uncontested": "what nobody contests",
    "contested": "all are contested: the lowest",
}
QUALITIES = {
    "robust": (
        "another choice of certified candidates flips the verdict",
        "the verdict is the same whichever certified candidates are played",
    ),
    "guaranteed": ("not workable in its worst candidate", "workable even in its worst candidate"),
    "accepted": ("not accepted by all", "nobody loses"),
}
"""What a page says where a quality is absent, and where it is there."""


def page(
    results: Sequence[Result], drawn: Sequence[Sequence[Picture]], names: Sequence[str], version: str
) -> str:
    """Return the page.

    Parameters
    ----------
    results : list of dict
        Entries of ``scenarios``.
    drawn : list of list of Picture
        Of each scenario.
    names : list of str
        A short name of each, for links inside the page.
    version : str
    """
    scenarios = [
        _scenario(result, pictures, name)
        for result, pictures, name in zip(results, drawn, names, strict=True)
    ]
    titles = [scenario["title"] for scenario in scenarios]
    return _template().render(
        title=titles[0] if len(titles) == 1 else f"{len(titles)} scenarios",
        summary=_summary(scenarios),
        groups=list(_groups(scenarios)),
        scenarios=scenarios,
        colours=COLOURS,
        version=version,
    )


def _summary(scenarios: Sequence[Block]) -> str:
    """Return what all scenarios come to, in a sentence."""
    works = sum(each["works"] for each in scenarios)
    claims = [claim for each in scenarios for claim in each["claims"]]
    says = f"In {works} of {len(scenarios)} an institution is the best arrangement."
    return f"{says} {holding(claims)}." if claims else says


def _groups(scenarios: Sequence[Block]) -> Iterator[tuple[str, list[Block]]]:
    """Yield the scenarios by their finding, those in which an institution is best first."""
    for works, head in (
        (True, "An institution is best"),
        (False, "No institution is shown to be better than what they have"),
    ):
        members = [each for each in scenarios if each["works"] == works]
        if members:
            yield head, members


@cache
def _template() -> Template:
    from importlib.resources import files

    from jinja2 import Environment, StrictUndefined

    text = files("gamelab.report").joinpath("page.html.j2").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(text)


def _scenario(result: Result, pictures: Sequence[Picture], name: str) -> Block:
    arrangements = result.get("arrangements") or {}
    curves = result.get("curves") or {}
    claims = result.get("claims") or []
    lead = leading(pictures)
    rest = [picture for picture in pictures if picture is not lead]
    return {
        "name": name,
        "title": result.get("title") or "untitled",
        "about": result.get("about") or "",
        "source": result.get("source") or "",
        "file": place(result.get("file")) if result.get("file") else "",
        "digest": result.get("digest") or "",
        "best": best_line(result) if arrangements else "",
        "works": result.get("best_arrangement") not in (None, BASELINE),
        "holding": holding(claims) if claims else "",
        "failing": any(not claim["holds"] for claim in claims),
        "game": _game(curves["game"]) if curves.get("game") else None,
        "settings": list(_settings(curves.get("settings") or {})),
        "changed": [(path, in_file(value)) for path, value in (result.get("overrides") or {}).items()],
        "command": _command(result),
        "lead": picture_block(lead) if lead else None,
        "overview": [picture_block(p) for p in rest if p.kind in ("waterfall", "path", "slack")],
        "maps": [picture_block(p) for p in rest if p.kind == "map"],
        "arrangements": _arrangements(result, curves.get("arrangements") or {}, rest),
        "claims": [_claim(claim, result) for claim in claims],
        "notes": result.get("notes") or [],
        "simulated": bool(result.get("simulated")),
    }


def _command(result: Result) -> str:
    """Return the command that finds a page's numbers again."""
    changed = result.get("overrides") or {}
    words = [f"--set {quote(f'{path}={in_file(value)}')}" for path, value in changed.items()]
    return " ".join(["gamelab run", quote(place(result.get("file"))), *words])


def picture_block(picture: Picture) -> Block:
    """Return a picture as the template takes it."""
    from markupsafe import Markup

    svg = inline(picture.svg).replace("<svg", f'<svg id="{picture.name}-figure"', 1)
    box = re.search(r'viewBox="([^"]*)"', svg)
    return {"name": picture.name, "svg": Markup(svg), "box": box[1] if box else ""}  # texts are escaped


def _game(game: Mapping[str, Any]) -> Block:
    moves = []
    for move in game["moves"]:
        rows = {
            tuple(row["profile"]): [minus(plain(float(at))) for at in row["payoffs"]] for row in move["rows"]
        }
        own_choice = [player in move["choosing"] for player in game["players"]]
        square = len(game["players"]) == 2 and move["choosing"] == game["players"]
        first = list(dict.fromkeys(profile[0] for profile in rows)) if square else []
        second = list(dict.fromkeys(profile[1] for profile in rows)) if square else []
        moves.append(
            {
                "state": move["state"],
                "choosing": listed(move["choosing"]),
                "square": square,
                "columns": second,
                "grid": [(own, [rows[own, other] for other in second]) for own in first],
                "movers": [player for player, chooses in zip(game["players"], own_choice) if chooses],
                "rows": [
                    ([a for a, chooses in zip(profile, own_choice) if chooses], amounts)
                    for profile, amounts in list(rows.items())[:MOST_ROWS]
                ],
                "more": max(0, len(rows) - MOST_ROWS),
            }
        )
    return {"kind": str(game["kind"]).replace("_", " "), "players": game["players"], "moves": moves}


def _settings(sections: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield what the page says of all sections but the game's payoffs, which have their table."""
    for section in ("time", "information", "preferences", "accounting", "parameters"):
        for name, value in (sections.get(section) or {}).items():
            yield name.replace("_", " "), setting(value)


def setting(value: Any) -> str:
    """Return a setting's value for readers.

    >>> setting([2.5, 4]), setting(True), setting("private"), setting(1/3)
    ('2.5, 4', 'yes', 'private', '0.333333')
    """
    return plain(value).replace("null", "-")


def _arrangements(result: Result, curves: Mapping[str, Any], pictures: Sequence[Picture]) -> list[Block]:
    arrangements = result.get("arrangements") or {}
    shades = colours_of(arrangements)
    names = {light: name for name, (light, _) in COLOURS.items()}
    return [
        {
            "name": name,
            "colour": names[shades[name]],
            "baseline": name == BASELINE,
            "best": name != BASELINE and name in (result.get("best_arrangement"), *just_as_good(result)),
            "workable": bool(each.get("workable")),
            "verdict": verdict(name, each),
            "conduct": conduct(each.get("profile")),
            "numbers": _numbers(each),
            "qualities": list(_qualities(each)),
            "gains": [(name, signed(amount)) for name, amount in (each.get("gains") or {}).items()],
            "institutions": [
                (
                    part["name"].replace("_", " "),
                    [(key.replace("_", " "), setting(v)) for key, v in part["settings"].items()],
                )
                for part in (curves.get(name) or {}).get("institutions") or ()
            ],
            "certificate": _certified(each),
            "margins": list(_margins(each)),
            "without": [
                (part.replace("_", " "), left["refused"] or verdict(name, left), signed(left["net_benefit"]))
                for part, left in (each.get("without") or {}).items()
            ],
            "advice": each.get("advice") or "",
            "simulated": _simulated(result, name),
            "ledger": _ledger(each),
            "candidates": [_candidate(candidate, each) for candidate in each.get("candidates") or ()],
            "pictures": [picture_block(p) for p in pictures if p.arrangement == name and p.kind != "slack"],
        }
        for name, each in arrangements.items()
    ]


def _numbers(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    cooperation = entry.get("cooperation")
    return [
        ("cooperation", "-" if cooperation is None else percent(cooperation)),
        ("gross benefit", signed(entry.get("gross_benefit"))),
        ("cost", signed(entry.get("transaction_cost"))),
        ("net benefit", signed(entry.get("net_benefit"))),
        ("lead", signed(entry.get("advantage"))),
    ]


def _qualities(entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the verdict rests on: which rule chose, whether another choice flips it, and who agrees."""
    chosen = entry.get("selection") or {}
    if entry.get("profile"):
        step = chosen.get("step")
        yield f"selected by {chosen.get('rule')}" + (f" ({STEPS[step]})" if step else "")
    for quality, says in QUALITIES.items():
        if entry.get(quality) is not None:
            yield says[bool(entry[quality])]
    yield from filter(None, (consent(entry), fines(entry)))


def _certified(entry: Mapping[str, Any]) -> str:
    """Return in a sentence that the conduct is an equilibrium, and what the best deviation loses."""
    certificate = entry.get("certificate")
    if not certificate:
        return "No candidate is certified."
    name, concept = conduct(entry.get("profile")), certificate["concept"]
    head = f"{name} is certified ({concept if concept == 'Nash' else concept + ' equilibrium'})"
    gain, where = certificate.get("max_gain"), certificate.get("where")
    if gain is None or not where:
        return f"{head}."
    state = f" at {where['state']}" if where.get("state") else ""
    change = (
        "gains nothing"
        if abs(gain) < NOISE
        else f"{'loses' if gain < 0 else 'gains'} {amount(abs(gain))} a round"
    )
    return f"{head}: the most tempting deviation, {where['action']} by {where['player']}{state}, {change}."


def _margins(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield how far each setting may go, the others as they are: for the profile to hold, and to pay."""
    least = entry.get("critical_discount_factor")
    if least == NOT_KNOWN:
        yield "discount factor", least
    elif least and not isinstance(least, str):
        yield "discount factor", f"at least {factor(least)}"
    for path, low in (entry.get("least") or {}).items():
        if low == NOT_KNOWN:
            yield _setting_name(path), low
        elif low is not None and not isinstance(low, str):
            yield _setting_name(path), f"at least {factor(low)}"
    for path, high in (entry.get("break_even") or {}).items():
        if isinstance(high, str):
            if high != NOT_ASKED:
                yield _setting_name(path), NOT_KNOWN if high == NOT_KNOWN else "any"
        elif high is not None:
            yield _setting_name(path), f"below {amount(high)}"


def _setting_name(path: str) -> str:
    """Return a dotted path's last words for readers.

    >>> _setting_name("arrangements.a.institutions.graduated_sanctions.fines.0")
    'first of the fines'
    >>> _setting_name("arrangements.a.institutions.transparency.cost"), _setting_name("parameters.x")
    ('transparency cost', 'x')
    """
    *_, owner, name = ["", *path.split(".")]
    if name.isdigit():
        place = ("first", "second", "third")[int(name)] if int(name) < 3 else f"{int(name) + 1}th"
        return f"{place} of the {owner.replace('_', ' ')}"
    plain_owner = "" if owner in ("parameters", "time", "information", "preferences", "game") else owner
    return f"{plain_owner} {name}".replace("_", " ").strip().strip('"')


def _ledger(entry: Mapping[str, Any]) -> Block | None:
    ledger = entry.get("ledger") or {}
    if not ledger:
        return None
    accounts = list(next(iter(ledger.values())))
    rows = [
        (line_name(line), [signed(amounts.get(name)) for name in accounts])
        for line, amounts in ledger.items()
    ]
    return {"accounts": accounts, "rows": rows}


def _simulated(result: Result, arrangement: str) -> Block | None:
    """Return what was simulated of an arrangement, beside what was solved."""
    rows = [
        (f"payoff of {account}" if account else quantity, number(one["exact"]), said(one), outside(one))
        for name, quantity, _, account, one in estimates(result)
        if name == arrangement and quantity != "ledger"
    ]
    return {"caption": played(result), "rows": rows} if rows else None


def _candidate(candidate: Mapping[str, Any], entry: Mapping[str, Any]) -> Block:
    certificate = candidate.get("certificate") or {}
    return {
        "name": conduct(candidate.get("profile")),
        "selected": candidate.get("profile") == entry.get("profile"),
        "verdict": certificate.get("verdict") or "-",
        "gain": signed(certificate.get("max_gain")),
        "least": _least(candidate),
    }


def _least(candidate: Mapping[str, Any]) -> str:
    least = candidate.get("critical_discount_factor")
    if least is None or isinstance(least, str):
        return least or "none"
    return factor(least) if least else "0"


def _claim(claim: Mapping[str, Any], result: Result) -> Block:
    return {
        "says": claim["says"],
        "holds": claim["holds"],
        "found": finding(claim),
        "place": place(result.get("file"), claim.get("line")),
    }
