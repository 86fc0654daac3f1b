"""Findings: what each picture shows, as a sentence that stands above it; true of degenerate results too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gamelab.report.numbers import amount, factor, percent
from gamelab.report.words import conduct, just_as_good
from gamelab.scenario.catalogue import BASELINE

Entry = Mapping[str, Any]
NOISE = 1e-9


def spoken(profile: Sequence[Any]) -> str:
    """Return a profile's name for a title.

    >>> spoken(["mix_then_alternate", "mix_then_alternate"])
    'mix then alternate'
    """
    return conduct(profile).replace("_", " ")


def listed(parts: Sequence[str], word: str = "and") -> str:
    """Return parts as a list in a sentence.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return f" {word} ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""


def line_name(line: str) -> str:
    """Return a ledger line's name for readers.

    >>> line_name("graduated_sanctions.fine")
    'graduated sanctions: fine'
    """
    return line.replace(".", ": ").replace("_", " ")


def accounts(waterfall: Entry) -> str:
    """Return what an arrangement brings, costs and leaves.

    >>> accounts({"gross": 4.0, "cost": 0.40615, "net": 3.59385})
    '4.00 gained, 0.41 spent, 3.59 left a round'
    >>> accounts({"gross": 0.0, "cost": 0.5, "net": -0.5})
    'nothing gained, 0.50 spent, a loss of 0.50 a round'
    """
    gross, cost, net = waterfall["gross"], waterfall["cost"], waterfall["net"]
    if None in (gross, cost, net):
        return "no numbers to compare"
    noise = NOISE * max(abs(gross), abs(cost), abs(net))
    words = [
        _signed(gross, "gained", "lost", noise),
        _signed(cost, "spent", "saved", noise),
        f"a loss of {amount(-net)} a round"
        if net < -noise
        else _signed(net, "left", "left", noise) + " a round",
    ]
    return ", ".join(words)


def _signed(value: float, above: str, below: str, noise: float) -> str:
    if abs(value) <= noise:
        return f"nothing {above}"
    return f"{amount(abs(value))} {above if value > 0 else below}"


def first_places(tournament: Entry) -> str:
    """Return who comes first in a tournament.

    >>> first = {"place": 1, "name": "grim", "payoff": 2.5}
    >>> first_places({"ranking": [first, {"place": 2, "name": "comply", "payoff": 2}], "self_play": True})
    'grim earns most: 2.50 a round, on average over 2 strategies'
    >>> first_places({"ranking": [first, {**first, "name": "penance"}], "self_play": True})
    'all earn the same: 2.50 a round, on average over 2 strategies'
    >>> first_places({"ranking": [first], "self_play": True})
    'grim earns 2.50 a round against itself'
    """
    ranking = tournament["ranking"]
    best = [_cut(own["name"]) for own in ranking if own["place"] == 1]
    earned = f"{amount(ranking[0]['payoff'])} a round"
    if len(ranking) == 1:
        return f"{best[0]} earns {earned} against itself"
    who = f"{listed(best)} {'earns' if len(best) == 1 else 'earn'} most"
    if len(best) > 3:
        who = f"{len(best)} of {len(ranking)} strategies earn most"
    if len(best) == len(ranking):
        who = "all earn the same"
    others = "" if tournament["self_play"] else " other" if len(ranking) > 2 else " other strategy"
    count = len(ranking) - (not tournament["self_play"])
    return f"{who}: {earned}, on average over {count}{others}{' strategies' if count > 1 else ''}"


def _cut(name: str, letters: int = 26) -> str:
    return name if len(name) <= letters else name[: letters - 1] + "…"


def benefits(result: Entry) -> str:
    """Return which arrangement is best and what it brings, costs and leaves."""
    best = result.get("best_arrangement")
    drawn = result["curves"]["arrangements"]
    if best in (None, BASELINE):
        others = [name for name in drawn if name != BASELINE]
        if len(others) == 1:
            waterfall = drawn[others[0]]["waterfall"]
            return f"{others[0]} is not workable" + (f": {accounts(waterfall)}" if waterfall else "")
        return "No arrangement is workable"
    waterfall = drawn[best]["waterfall"]
    lead = f"{best} is best" if sum(name != BASELINE for name in drawn) > 1 else str(best)
    equals = [best, *just_as_good(result)]
    if len(equals) > 1:
        lead = f"{listed(equals)} are equally good"
        alike = [accounts(drawn[name]["waterfall"]) for name in equals if drawn[name]["waterfall"]]
        if len(set(alike)) > 1:
            return f"{lead}: {amount(result['arrangements'][best]['net_benefit'])} left a round"
    return f"{lead}: {accounts(waterfall)}" if waterfall else lead


def level(lines: Iterable[Sequence[float | None]]) -> bool:
    """Tell whether every line of a figure is level, so that a number says as much.

    >>> level([[0.0, 0.0, None], [1.0, 1.0 + 1e-12]]), level([[1.0, 0.5]]), level([])
    (True, False, True)
    """
    known = [[at for at in heights if at is not None] or [0.0] for heights in lines]
    return all(max(at) - min(at) <= NOISE * max(map(abs, at)) for at in known)


def sustained(lines: Sequence[Entry]) -> str:
    """Return at which discount factors each profile holds.

    >>> sustained([{"profile": ["grim"], "thresholds": [{"from": 0.58, "to": 1.0, "includes": "left"}]}])
    'grim holds from a discount factor of 0.58 on'
    >>> sustained([{"profile": ["grim"], "thresholds": []}])
    'grim holds at no discount factor'
    """
    if len(lines) > 3:
        some = sum(bool(line["thresholds"]) for line in lines)
        lasting = [line for line in lines if line["thresholds"] and line["thresholds"][-1]["to"] == 1]
        text = f"{some} of {len(lines)} profiles hold at some discount factor"
        if not lasting:
            return text
        first = min(lasting, key=lambda line: line["thresholds"][-1]["from"])
        least = factor(first["thresholds"][-1]["from"])
        return f"{text}; {spoken(first['profile'])} from the lowest on, {least}"
    return "; ".join(
        f"{spoken(line['profile'])} {_where(line['thresholds'], first=k == 0)}"
        for k, line in enumerate(lines)
    )


def _where(intervals: Sequence[Entry], *, first: bool) -> str:
    if not intervals:
        return "holds at no discount factor" if first else "at none"
    if len(intervals) == 1 and (intervals[0]["from"], intervals[0]["to"]) == (0, 1):
        return "holds at every discount factor" if first else "at every one"
    parts = [_range(interval) for interval in intervals]
    if not first:
        return listed([part.format(of="") for part in parts])
    return "holds " + listed(
        [parts[0].format(of="a discount factor of "), *(p.format(of="") for p in parts[1:])]
    )


def _range(interval: Entry) -> str:
    low, high = interval["from"], interval["to"]
    if low == high:
        return f"only at {{of}}{factor(low)}"
    if high == 1:
        closed = interval["includes"] in ("left", "both")
        return f"from {{of}}{factor(low)} on" if closed else f"above {{of}}{factor(low)}"
    if low == 0:
        return f"up to {{of}}{factor(high)}"
    return f"from {{of}}{factor(low)} to {factor(high)}"


def deterrence(record: Entry) -> str:
    """Return at which levels of the record deviating pays, and where it is nearest to paying.

    >>> entry = {"player": "a", "state": "levels 0, 0", "levels": [0, 0], "gain": -0.03, "pays": False}
    >>> deterrence({"profile": ["comply", "comply"], "entries": [entry]})
    'Deviating from comply does not pay at the one level there is'
    """
    entries, name = record["entries"], spoken(record["profile"])
    tempting = [entry for entry in entries if entry["pays"]]
    states = list(dict.fromkeys(entry["state"] for entry in entries))
    if tempting:
        if len({entry["state"] for entry in tempting}) == len(states):
            return f"Deviating from {name} pays at every level"
        own = sorted({entry["levels"][0] for entry in tempting})
        always = all(entry["pays"] for entry in entries if entry["levels"][0] in own)
        at = f"{'level' if len(own) == 1 else 'levels'} {listed([str(level) for level in own])}"
        return f"Deviating from {name} pays at {at}" + (
            "" if always else ", depending on the others' records"
        )
    if len(states) == 1:
        return f"Deviating from {name} does not pay at the one level there is"
    most = max(entry["gain"] for entry in entries)
    scale = NOISE * max(abs(entry["gain"]) for entry in entries)
    nearest = sorted({entry["levels"][0] for entry in entries if entry["gain"] >= most - scale})
    levels = {entry["levels"][0] for entry in entries}
    if len(nearest) == len(levels):
        return f"Deviating from {name} pays at no level"
    at = f"{'level' if len(nearest) == 1 else 'levels'} {listed([str(level) for level in nearest])}"
    return f"Deviating from {name} pays at no level; it comes closest at {at}"


def play(paths: Mapping[str, Entry]) -> str:
    """Return how cooperation goes on under each arrangement; its paths have numbers in every round."""
    if not paths:
        return "No arrangement has an agreement to keep"
    if len(paths) > 3:
        last = {name: path["cooperation"][-1] for name, path in paths.items()}
        most, least = max(last, key=last.__getitem__), min(last, key=last.__getitem__)
        if last[most] - last[least] < NOISE:
            return f"Cooperation is {percent(last[most])} in the end under every arrangement"
        return (
            f"In the end cooperation is highest under {most} ({percent(last[most])}), "
            f"lowest under {least} ({percent(last[least])})"
        )
    courses: dict[str, list[str]] = {}
    for name, path in paths.items():
        courses.setdefault(_course(path), []).append(name)
    return "; ".join(f"{listed(names)}: {course}" for course, names in courses.items())


def _course(path: Entry) -> str:
    shares, last = path["cooperation"], path["rounds"][-1]
    first, end = shares[0], shares[-1]
    if max(shares) - min(shares) < NOISE:
        if first < NOISE:
            return "no cooperation"
        return "full cooperation" if first > 1 - NOISE else f"{percent(first)} cooperation"
    if abs(end - first) < NOISE:
        return f"cooperation between {percent(min(shares))} and {percent(max(shares))}"
    verb, other = ("falls", "rises") if end < first else ("rises", "falls")
    turn = min(shares) if end < first else max(shares)
    if abs(turn - end) > NOISE:
        by = path["rounds"][list(shares).index(turn)]
        return f"cooperation {verb} to {percent(turn)} by round {by}, then {other} to {percent(end)}"
    return f"cooperation {verb} to {percent(end)} by round {last}"


def shares(grid: Entry) -> str:
    """Return at how many grid points each region is, largest first, what no institution reaches last.

    >>> shares({"show": "best_arrangement", "shares": {"none": 0.25, "watch": 0.75}}).replace("\u00a0", " ")
    'At 75 % of the grid points watch is best; at 25 % no institution is workable.'
    """
    best = grid["show"] == "best_arrangement"
    parts = sorted(grid["shares"].items(), key=lambda part: (best and part[0] == BASELINE, -part[1]))
    said: list[str] = []
    for name, share in parts:
        if share > 0:
            of = " of the grid points" if not said else ""
            is_what = "" if not best else " is best" if not said else ""
            what = "no institution is workable" if best and name == BASELINE else f"{name}{is_what}"
            said.append(f"at {percent(share)}{of} {what}")
    missing = 1 - sum(grid["shares"].values())
    if grid["shares"] and missing > NOISE:
        said.append(f"at {percent(missing)}{' of the grid points' * (not said)} there is no answer")
    text = "; ".join(said)
    return text[:1].upper() + text[1:] + "." * bool(text)
