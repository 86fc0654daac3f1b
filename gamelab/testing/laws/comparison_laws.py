"""Laws about comparisons: which candidate is played, what it brings beside the baseline, who would agree."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gamelab.testing.compared import HAIR, NUMBERS, TRUTHS, ChangedScenario, ScenarioDescription, compared
from gamelab.testing.laws.drawn import NEAR, apart, drawn
from gamelab.testing.laws.engines import Engines, GameLaw

JOINT = ("step", "joint_payoff", "gross_benefit", "transaction_cost", "net_benefit")
Entry = Mapping[str, Any]


def _both(engines: Engines, case: ChangedScenario) -> Iterator[tuple[str, Entry, Entry]]:
    """Yield each arrangement before and after a change."""
    before, after = (engines.compare(one.scenario())["arrangements"] for one in (case.before, case.after))
    return ((name, before[name], after[name]) for name in before)


def _differs(before: Entry, after: Entry, names: Iterable[str]) -> str | None:
    """Return the first of these words and numbers that is another one after a change."""
    for name in names:
        pair = before[name], after[name]
        numbers = name in NUMBERS and None not in pair
        if apart(*pair) if numbers else pair[0] != pair[1]:
            return f"{name} is {pair[0]}, and then {pair[1]}"
    return None


def _certified(entry: Entry) -> list[Entry]:
    return [one for one in entry["candidates"] if one["verdict"] == "holds"]


def _tied(entry: Entry) -> bool:
    """Tell whether the order of the file or of the actions decides between different candidates."""
    if entry["conduct"] is None:
        return False
    played = entry["candidates"][entry["conduct"]]
    rivals = [one for one in _certified(entry) if not apart(one["joint_payoff"], played["joint_payoff"])]
    return any(
        apart(one["payoffs"], played["payoffs"]) or one["workable"] != played["workable"] for one in rivals
    )


def _relabelled(engines: Engines, case: ChangedScenario) -> str | None:
    """Compare a scenario with itself under other labels.

    Where candidates that differ have the same joint payoff and net benefit the order decides between them,
    and only what all players get together is compared.
    """
    both = list(_both(engines, case))
    tied = any(_tied(entry) for _, *pair in both for entry in pair)
    for name, before, after in both:
        words = _differs(before, after, JOINT if tied else (*JOINT, *TRUTHS, *NUMBERS))
        if words is None and not tied and before["gains"] is not None:
            gains = [list(entry["gains"].values()) for entry in (before, after)]
            if case.swapped:
                gains[1][:2] = gains[1][1::-1]
            words = f"gains are {gains[0]}, and then {gains[1]}" if apart(*gains) else None
        if words:
            return f"of {name}: {words}"
    return None


def _between(engines: Engines, case: ScenarioDescription) -> str | None:
    rules = ("worst", case.selection, "best")
    entry = [
        engines.compare(dataclasses.replace(case, selection=rule).scenario())["arrangements"]
        for rule in rules
    ]
    for name in entry[0]:
        amounts = [one[name]["joint_payoff"] for one in entry]
        if None in amounts:
            continue
        for (rule, less), (other, more) in itertools.pairwise(zip(rules, amounts, strict=True)):
            if less > more + NEAR * (1 + abs(more)):
                return f"the joint payoff of {name} is {less:.9g} under {rule}, and {more:.9g} under {other}"
    return None


def _uncertified(engines: Engines, case: ChangedScenario) -> str | None:
    for name, before, after in _both(engines, case):
        listed = case.after.arrangements[name].get("profiles", [])
        more = listed != case.before.arrangements[name].get("profiles", [])
        if more and after["candidates"][len(listed) - 1]["verdict"] != "fails":
            return None
        words = _differs(before, after, ("step", *TRUTHS, *NUMBERS, "gains"))
        if words:
            return f"of {name}: {words}, after {case.change}, which is not certified"
    return None


def _more_alternatives(engines: Engines, case: ChangedScenario) -> str | None:
    for name, before, after in _both(engines, case):
        pair = before["gross_benefit"], after["gross_benefit"]
        if None not in pair and pair[1] > pair[0] + NEAR * (1 + abs(pair[0])):
            return f"the gross benefit of {name} is {pair[0]:.9g}, and {pair[1]:.9g} when {case.change}"
    return None


def _add_up(engines: Engines, case: ScenarioDescription) -> str | None:
    for name, entry in engines.compare(case.scenario())["arrangements"].items():
        if entry["gains"] is not None and apart(sum(entry["gains"].values()), entry["net_benefit"]):
            return f"gains of {name} are {entry['gains']}, its net benefit {entry['net_benefit']:.9g}"
    return None


def _set_up(engines: Engines, case: ChangedScenario) -> str | None:
    for name, before, after in _both(engines, case):
        if before["conduct"] != after["conduct"]:
            return f"of {name} candidate {before['conduct']} is played, and then {after['conduct']}"
        pairs = list(zip(before["candidates"], after["candidates"], strict=True))
        for one, other in pairs:
            if words := _differs(one, other, ("profile", "verdict", "max_gain")):
                return f"of {name}: {words}, when {case.change}"
        paid = [
            one["net_benefit"] - other["net_benefit"] for one, other in pairs if one["verdict"] == "holds"
        ]
        if None not in paid and paid and (min(paid) < -NEAR or apart(min(paid), max(paid))):
            return f"net benefits of {name} fall by {paid}, when {case.change}"
    return None


def _advantages(engines: Engines, case: ScenarioDescription) -> str | None:
    results = engines.compare(case.scenario())
    for name, entry in results["arrangements"].items():
        advantage = entry["advantage"]
        if (advantage is not None) != (entry["workable"] is True):
            return f"workable of {name} is {entry['workable']}, its advantage {advantage}"
        sign = 1 if name == results["best_arrangement"] else -1
        if advantage is not None and sign * advantage < -NEAR:
            return f"{results['best_arrangement']} is best, and the advantage of {name} is {advantage:.9g}"
    return None


def _duplicated(engines: Engines, case: ChangedScenario) -> str | None:
    """Compare a scenario with one in which the last action of a player has a copy.

    Proof. What is not agreed may be copied: the copy deviates where the action does, is seen and fined alike,
    and pays the same. So what a deviation gains is the same, each equilibrium of the copy's game is one of
    the other game whose players split the action's weight, and it pays the same. The copy comes last, so that
    the first of several with the same payoffs is no copy. A copy of what is agreed would deviate from it.
    """
    for name, before, after in _both(engines, case):
        words = _differs(before, after, ("step", *TRUTHS, *NUMBERS))
        if words is None and before["gains"] is not None:
            gains = [list(entry["gains"].values()) for entry in (before, after)]
            words = f"gains are {gains[0]}, and then {gains[1]}" if apart(*gains) else None
        if words:
            return f"of {name}: {words}, as {case.change}"
    return None


def _hair(engines: Engines, case: ChangedScenario) -> str | None:
    """Compare verdicts before and after a payoff is moved by a hair.

    Proof, where payoffs of certified candidates move by little, and no candidate beside any of the baseline's
    pays at one time and not at the other. Say that the verdict flips, and that it is robust both times. Then
    all undominated candidates are workable at one time, and none is at the other, so that none is undominated
    both times. Take the undominated one with the highest joint payoff: whatever dominates it after the move
    pays every player nearly the same. Only of such twins may one be workable and the other not, and where
    there are any nothing is said.
    """
    both = {name: pair for name, *pair in _both(engines, case)}
    for name, (before, after) in both.items():
        if name == "none" or None in (before["workable"], after["workable"]):
            continue
        if not _alike(both["none"], (before, after)):
            continue
        robust = before["robust"], after["robust"]
        if before["workable"] != after["workable"] and False not in robust:
            return f"workable of {name} is {before['workable']}, and robust; {case.change}, and it flips"
    return None


def _alike(baseline: Iterable[Entry], arrangement: Iterable[Entry]) -> bool:
    """Tell whether all that a hair changes is which of the candidates are played."""
    signs = []
    for base, own in zip(baseline, arrangement, strict=True):
        twins = itertools.combinations(_certified(own), 2)
        if any(
            one["workable"] != other["workable"] and _near(one["payoffs"], other["payoffs"])
            for one, other in twins
        ):
            return False
        pairs = itertools.product(_certified(own), _certified(base))
        signs.append([one["net_benefit"] - other["net_benefit"] > NEAR for one, other in pairs])
    moved = []
    for before, after in (tuple(baseline), tuple(arrangement)):
        words = [
            [(one["profile"], one["verdict"]) for one in entry["candidates"]] for entry in (before, after)
        ]
        if words[0] != words[1]:
            return False
        payoffs = zip(_certified(before), _certified(after), strict=True)
        moved += [_near(one["payoffs"], other["payoffs"]) for one, other in payoffs]
    return signs[0] == signs[1] and all(moved)


def _near(first: list[float], second: list[float]) -> bool:
    return all(abs(one - other) < 100 * HAIR for one, other in zip(first, second, strict=True))


# -------------------------------------------------------------------------------------------- wrong engines


def _first_certified(text: str) -> dict[str, Any]:
    """Play the first candidate that is certified."""
    results = compared(text)
    for entry in results["arrangements"].values():
        if known := _certified(entry):
            entry |= {name: known[0][name] for name in ("joint_payoff", "net_benefit", "workable")}
    return results


def _upside_down(text: str) -> dict[str, Any]:
    """Take the rules ``worst`` and ``best`` for each other."""
    rules = {"selection: worst": "selection: best", "selection: best": "selection: worst"}
    rule = next((written for written in rules if written in text), "")
    return compared(text.replace(rule, rules[rule]) if rule else text)


def _less_for_each_failure(text: str) -> dict[str, Any]:
    """Take something off for each candidate that is not certified."""
    results = compared(text)
    for entry in results["arrangements"].values():
        if entry["joint_payoff"] is not None:
            entry["joint_payoff"] -= len(entry["candidates"]) - len(_certified(entry))
    return results


def _by_the_list(text: str) -> dict[str, Any]:
    """Expect what is listed, also where something better is not."""
    return compared(text.replace("selection: best", "selection: default"))


def _players_only(text: str) -> dict[str, Any]:
    """Forget who else pays."""
    results = compared(text)
    for entry in results["arrangements"].values():
        if entry["gains"] is not None:
            entry["gains"] = {name: gain for name, gain in entry["gains"].items() if "player" in name}
    return results


def _borne_by_who_stays(text: str) -> dict[str, Any]:
    """Let whoever deviates be spared the cost of establishing the arrangement."""
    results = compared(text)
    for entry in results["arrangements"].values():
        for one in entry["candidates"]:
            one["max_gain"] += text.count("set_up")
    return results


def _beside_all(text: str) -> dict[str, Any]:
    """Compare with the next best arrangement, workable or not."""
    results = compared(text)
    nets = {name: entry["net_benefit"] for name, entry in results["arrangements"].items()}
    for name, entry in results["arrangements"].items():
        others = [net for other, net in nets.items() if other != name and net is not None]
        if entry["advantage"] is not None:
            entry["advantage"] = entry["net_benefit"] - max(others)
    return results


def _each_in_turn(text: str) -> dict[str, Any]:
    """Play every certified candidate equally often."""
    results = compared(text)
    for entry in results["arrangements"].values():
        amounts = [one["joint_payoff"] for one in _certified(entry)]
        entry["joint_payoff"] = sum(amounts) / len(amounts) if amounts else None
    return results


def _always_sure(text: str) -> dict[str, Any]:
    """Call every verdict robust."""
    results = compared(text)
    for entry in results["arrangements"].values():
        entry["robust"] = None if entry["robust"] is None else True
    return results


COMPARISON_LAWS: tuple[GameLaw, ...] = (
    GameLaw(
        "labels", "selection, verdicts and gains are the same under other labels of players and actions, "
        "but for candidates with the same joint payoff",
        "labels have no meaning", _relabelled, drawn("relabelled"), Engines(compare=_first_certified),
    ),
    GameLaw(
        "worst and best", "what is played has a joint payoff from that of 'worst' up to that of 'best'",
        "definition of both rules", _between, drawn("comparisons"), Engines(compare=_upside_down),
    ),
    GameLaw(
        "not certified", "listing a profile that is not certified changes nothing",
        "nobody can agree on what will not be kept", _uncertified, drawn("one_listed_more"),
        Engines(compare=_less_for_each_failure),
    ),
    GameLaw(
        "more alternatives", "one more candidate in the baseline never raises a gross benefit under 'best'",
        "a maximum over more is not lower", _more_alternatives, drawn("more_in_the_baseline"),
        Engines(compare=_by_the_list),
    ),
    GameLaw(
        "gains", "where all discount alike, gains by account add up to net benefit",
        "every payment has an account", _add_up, drawn("comparisons"), Engines(compare=_players_only),
    ),
    GameLaw(
        "set-up", "what establishing costs changes no certificate and no conduct, and lowers all "
        "candidates' net benefits alike",
        "it is paid before the first round, whatever is played", _set_up, drawn("established"),
        Engines(compare=_borne_by_who_stays),
    ),
    GameLaw(
        "advantage", "of workable arrangements the best has an advantage of at least 0, all others have "
        "one of at most 0",
        "definition of the next best (Williamson 1996, on remediableness)", _advantages, drawn("comparisons"),
        Engines(compare=_beside_all),
    ),
    GameLaw(
        "duplicate actions", "an action that is not agreed may have a copy under another name: selection, "
        "verdicts and accounts stay",
        "two names of one action; proof in the docstring", _duplicated, drawn("duplicated"),
        Engines(compare=_each_in_turn),
    ),
    GameLaw(
        "hair", "where no candidate's own verdict changes, moving a payoff by a hair flips 'workable' only "
        "where 'robust' is no before or after it",
        "definition of robust; proof in the docstring", _hair, drawn("moved_by_a_hair"),
        Engines(compare=_always_sure),
    ),
)  # fmt: skip
"""Laws about what is compared with what."""
