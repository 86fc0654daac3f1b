"""Keys and quantities of a scenario file, a sentence each: schema, descriptions and docs share them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """One key of the scenario file.

    Parameters
    ----------
    about : str
        What it holds.
    default : str
        What counts where it is not written; empty where that is nothing.
    example : str
        As it stands in a file.
    """

    about: str
    default: str = ""
    example: str = ""


KEYS = {
    "gamelab": Key("the format version, 1", "required", "gamelab: 1"),
    "title": Key("what the scenario is called", "the file's name", "title: Free-riding"),
    "source": Key("where the situation or the claims come from", "", 'source: "Levy (2025), Box 1"'),
    "about": Key(
        "the question, in a sentence or two", "", "about: >-\n  Who cooperates, and what does it cost?"
    ),
    "players": Key("a list of names", "player_1, player_2, ...", "players: [agency, association]"),
    "parameters": Key(
        "names for numbers, to be used in expressions anywhere", "none", "parameters:\n  accuracy: 0.98"
    ),
    "game": Key(
        "`kind` and the settings of that stage game: what is at stake in one round",
        "required",
        "game:\n  kind: prisoners_dilemma\n  temptation: 5\n  reward: 3\n  punishment: 1\n  sucker: 0",
    ),
    "time": Key(
        "`discount_factor`, `continuation_probability`, `rounds`: how often it is played, and what "
        "later counts",
        "one of them is required",
        "time:\n  discount_factor: 0.9",
    ),
    "information": Key(
        "`observe`, `misreading`, `tremble`: who sees what, and what goes wrong",
        "public, 0, 0",
        "information:\n  observe: none",
    ),
    "preferences": Key("`altruism`: the weight of the others' payoffs", "0", "preferences:\n  altruism: 0.2"),
    "arrangements": Key(
        "by name: `institutions`, `profiles`, `selection`",
        "only the baseline `none`, without institutions; it is always there",
        "arrangements:\n  watched:\n    institutions:\n      monitoring: {detection: 0.9, cost: 0.1}\n "
        "   profiles: [grim]",
    ),
    "exact": Key("`yes`: everything in fractions too", "no", "exact: yes"),
    "claims": Key(
        "a list of tests: what the results are claimed to be",
        "none",
        "claims:\n  - says: Nothing unseen is kept\n    arrangement: none\n    quantity: supported\n   "
        " is: impossible",
    ),
    "maps": Key(
        "a list of figures over two settings",
        "none",
        "maps:\n  - title: Who works where\n    x: {discount_factor: {from: 0.1, to: 0.9, points: 41}}\n"
        "    y: {monitoring.cost: {from: 0, to: 1, points: 41}}\n    show: best_arrangement",
    ),
    "simulate": Key(
        "matches to be played by chance, and the strategies that compete: `gamelab run` then shows simulated "
        "results beside the exact ones",
        "nothing is played",
        "simulate:\n  matches: 20000\n  seed: 1\n  strategies: [grim, tit_for_tat, always_defect]",
    ),
    "arrangements.institutions": Key(
        "institutions by name, with their settings, applied in this order",
        "none",
        "institutions:\n  monitoring: {detection: 0.9, cost: 0.1}\n  graduated_sanctions: {fines: [2, 4]}",
    ),
    "arrangements.profiles": Key(
        "a list of candidates: a strategy for everybody (`grim`), or one for each player (`[grim, "
        "comply]`); settings in braces (`{limited_punishment: {rounds: 2}}`)",
        "only stage equilibria for ever (`stage_nash`) and `backward_induction`, which are candidates always",
        "profiles:\n  - grim\n  - [tit_for_tat, grim]\n  - {limited_punishment: {rounds: 2}}",
    ),
    "arrangements.selection": Key(
        "`best`: of the candidates that carry a certificate the one with the highest joint payoff; "
        "`symmetric` leaves out those that treat players differently",
        "best",
        "selection: symmetric",
    ),
    "claims.says": Key("a sentence for readers", "the quantity and its arrangement", "says: Watching pays"),
    "claims.arrangement": Key(
        "the name of an arrangement",
        "required, unless the quantity is of the whole scenario",
        "arrangement: watched",
    ),
    "claims.quantity": Key("what is measured", "required", "quantity: net_benefit"),
    "claims.profile": Key(
        "a candidate, as the arrangement lists it", "the arrangement's conduct", "profile: grim"
    ),
    "claims.player": Key("the name of a player, for `payoff`", "", "player: agency"),
    "claims.path": Key(
        "the path of a cost, for `break_even`; of any number, for `least`", "", "path: monitoring.cost"
    ),
    "claims.is": Key("what comes out: a word, a list, a number or `null`", "", "is: impossible"),
    "claims.equals": Key(
        "the number that comes out; best a closed form",
        "",
        "equals: (temptation - reward)/(temptation - punishment)",
    ),
    "claims.above": Key("a number that is exceeded, strictly", "", "above: 0"),
    "claims.below": Key("a number that is not reached, strictly", "", "below: 0"),
    "claims.at_least": Key("a number that is reached", "", "at_least: 1/2"),
    "claims.at_most": Key("a number that is not exceeded", "", "at_most: 1/2"),
    "claims.within": Key(
        "how far off `is`, `equals`, `at_least` and `at_most` may be, absolute", "1e-9", "within: 1e-6"
    ),
    "claims.with": Key(
        "settings that are other here, by path; they change both sides",
        "none",
        "with: {discount_factor: 0.3}",
    ),
    "maps.title": Key(
        "a sentence that tells the finding", "what is shown, and over what", "title: Who works where"
    ),
    "maps.x": Key(
        "one setting by its path, and where it goes: `from`, `to`, and how many `points` or which `step`",
        "required",
        "x: {discount_factor: {from: 0.1, to: 0.9}}",
    ),
    "maps.x.from": Key("where the axis begins: a number or an expression", "required", "from: 0.1"),
    "maps.x.to": Key("where it ends, above `from`", "required", "to: 0.9"),
    "maps.x.points": Key(
        "how many values it has, both ends among them", "49; of whole numbers all of them", "points: 41"
    ),
    "maps.x.step": Key(
        "from one value to the next, in place of `points`", "1 where whole numbers are needed", "step: 2"
    ),
    "maps.y": Key("the same, upwards", "required", "y: {monitoring.cost: {from: 0, to: 1, points: 41}}"),
    "maps.show": Key(
        "`best_arrangement`, `workable_arrangements`, or a quantity of one arrangement",
        "required",
        "show: {quantity: net_benefit, arrangement: watched}",
    ),
    "maps.show.quantity": Key("what is shown", "required", "quantity: net_benefit"),
    "maps.show.arrangement": Key("the name of an arrangement", "required", "arrangement: watched"),
    "maps.show.profile": Key(
        "a candidate, as the arrangement lists it", "the arrangement's conduct", "profile: grim"
    ),
    "maps.show.player": Key("the name of a player, for `payoff`", "", "player: agency"),
    "simulate.strategies": Key(
        "a list of strategies for tournaments and evolution, by name or with settings in braces",
        "the file's candidates, and the catalogue's strategies that need no setting",
        "strategies:\n  - grim\n  - {generous_tit_for_tat: {generosity: 1/3}}",
    ),
}
"""Every key of the file by its path, without the names that a file chooses itself."""

QUANTITIES = {
    "supported": (
        "whether the conduct is certified and keeps the agreement while nobody was seen to depart: "
        "`yes`, `no candidate`, `undecided`, `impossible` (with a proof), `null` where nothing is "
        "agreed"
    ),
    "workable": (
        "supported, and net benefit above 0: `yes`, `no`, `null` for the baseline, and where nothing "
        "is certified without institutions, to compare with"
    ),
    "gross_benefit": "joint material payoff, less the baseline's conduct's",
    "transaction_cost": (
        "all costs, whoever bears them, and all fines that nobody receives, less the baseline's"
    ),
    "net_benefit": "gross benefit less transaction cost",
    "share_of_gains": (
        "the part of the joint gain over the baseline that is reached; `null` where there is none"
    ),
    "efficiency": "joint material payoff by the best joint payoff of one round",
    "cooperation": "discounted share of moves on the agreement: noise shows there",
    "payoff": "of one `player:`, everything but regard",
    "joint_payoff": "of all players together, everything but regard",
    "max_gain": "largest gain from one departure after any history, per round; below 0 there is slack",
    "best_response_gain": "what the best deviation gains from the start",
    "critical_discount_factor": (
        "the least from which on the profile holds; `null` where there is none, `not known` (as with "
        "private readings), `not asked` (finitely many undiscounted rounds)"
    ),
    "sustainable_discount_factors": (
        "all of them, as intervals: `[{from: 1/2, to: 1}]`, `[]` where there are none; `not known`, "
        "`not asked`"
    ),
    "break_even": (
        "with `path:` to a cost: up to which value the profile stays workable; `null` at "
        "none, `unbounded`, `not known`, `not asked`"
    ),
    "least": (
        "with `path:` to any number, such as `parameters.accuracy`: the least value down to which "
        "the profile still holds, going down from its present one with all else as it is; where "
        "it does not hold at present, the next above at which it does; `null` where there is none, "
        "`unbounded`, `not known`, `not asked`"
    ),
    "best_arrangement": "of the whole scenario: the workable one with the highest net benefit, "
    "of equals the first in the file, else `none`",
    "workable_arrangements": "of the whole scenario: the list of those that are workable",
}
"""What a claim can be about."""

_JOINT = "payoff per round, summed over the players"
UNITS = {
    **dict.fromkeys(("gross_benefit", "transaction_cost", "net_benefit", "joint_payoff"), _JOINT),
    **dict.fromkeys(("payoff", "max_gain", "best_response_gain"), "payoff per round"),
    **dict.fromkeys(("share_of_gains", "efficiency", "cooperation"), "a share, 1 is all"),
    **dict.fromkeys(("critical_discount_factor", "sustainable_discount_factors"), "weight of the next round"),
    "break_even": "that of the cost",
    "least": "that of the setting",
}
"""What the quantities that are numbers are measured in; all payoffs are averages per round."""

TOPICS = {
    "expressions": (
        "Wherever a number is meant: numbers (`0.3`, `1/3`, `1e-9`), names, `+ - * / ^`, "
        "parentheses, `min`, `max`. They are evaluated in fractions where that is possible. A name "
        "is a parameter, a setting of the game, `discount_factor` (the effective one) or `rounds`; "
        "in a claim first of all a setting of its arrangement's institutions, with `fines.0` for the first "
        "item of a list. Names that could mean several things are written as dotted paths, such as "
        "`arrangements.guard.institutions.monitoring.cost`; names with spaces in quotes."
    ),
    "paths": (
        "A dotted path names any setting, written or defaulted: "
        "`arrangements.guard.institutions.monitoring.cost`, `time.discount_factor`, "
        "`parameters.accuracy`; list items by index (`fines.0`), names with spaces in quotes. In "
        "`with:` and `--set` a path may be shortened to its last name, with as many of the names "
        "before it as make clear which setting is meant: `discount_factor`, `accuracy`, "
        "`monitoring.cost`, `guard.cost`. In a claim about an arrangement its institutions' settings go "
        "first, then parameters and the game's settings, then all others: on both sides of the claim."
    ),
}
"""What concerns several keys."""

_IS = {
    "supported": "yes",
    "workable": "yes",
    "sustainable_discount_factors": "[{from: 1/2, to: 1}]",
    "best_arrangement": "watched",
    "workable_arrangements": "[watched]",
}
_NEEDS = {
    "payoff": "\n    player: agency",
    "break_even": "\n    path: monitoring.cost",
    "least": "\n    path: detection",
}


def example_claim(quantity: str) -> str:
    """Return a claim about a quantity, as it stands in a file.

    >>> print(example_claim("net_benefit"))
    claims:
      - says: a sentence
        arrangement: watched
        quantity: net_benefit
        above: 0
    """
    whole = QUANTITIES[quantity].startswith("of the whole scenario")
    arrangement = "" if whole else "\n    arrangement: watched"
    comparison = f"is: {_IS[quantity]}" if quantity in _IS else "above: 0"
    needed = _NEEDS.get(quantity, "")
    return f"claims:\n  - says: a sentence{arrangement}\n    quantity: {quantity}{needed}\n    {comparison}"
