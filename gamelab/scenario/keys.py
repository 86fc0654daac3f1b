"""Keys of a scenario file, a sentence each: schema, descriptions and docs share them."""

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
    "accounting": Key(
        "`public_funds`, `discount_factor`, `financed`: the terms in which gains are added up",
        "nothing is added to what is paid",
        "accounting:\n  public_funds: 0.3\n  financed: {authority: 0.5}",
    ),
    "arrangements": Key(
        "by name: `institutions`, `profiles`, `selection`, `set_up`",
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
    "selection": Key(
        "which of the candidates that carry a certificate is played, in every arrangement. `default`: of "
        "the profiles that the file lists the one with the highest joint payoff; else of the stage "
        "equilibria and other automatic candidates that nobody contests the one with the highest; else the "
        "one with the lowest. Two candidates, neither Pareto-dominated, are contested where different "
        "players prefer them. `best`: the highest joint payoff of all; `worst`: the lowest; `symmetric`: "
        "the highest of those that treat alike whom the game treats alike; `risk_dominant` (two players): "
        "the one that risk-dominates every other, else as by default; `potential`: the one with the highest "
        "average of the stage game's exact potential",
        "default",
        "selection: best",
    ),
    "arrangements.set_up": Key(
        "what it costs to establish the arrangement, once, before the first round: its `cost`, and who "
        "bears it",
        "nothing",
        "set_up: {cost: 5, paid_by: authority}",
    ),
    "arrangements.selection": Key(
        "the same for one arrangement", "the file's `selection`", "selection: symmetric"
    ),
    "claims.says": Key("a sentence for readers", "the quantity and its arrangement", "says: Watching pays"),
    "claims.arrangement": Key(
        "the name of an arrangement, or weights by name, such as `{both: 1, formal: -1, none: 0.5}`: the "
        "weighted sum is claimed",
        "required, unless the quantity is of the whole scenario",
        "arrangement: watched",
    ),
    "claims.quantity": Key("what is measured", "required", "quantity: net_benefit"),
    "claims.profile": Key(
        "a candidate, as the arrangement lists it", "the arrangement's conduct", "profile: grim"
    ),
    "claims.player": Key("the name of a player, for `payoff`", "", "player: agency"),
    "claims.path": Key(
        "the path of a cost, for `break_even`; of any number, for `least` and `largest`",
        "",
        "path: monitoring.cost",
    ),
    "claims.of": Key(
        "an action, a finding or an outcome, for `frequency`; an account, for `gain`", "", "of: offence"
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
    "maps.show.of": Key("an action, a finding or an outcome, for `frequency`", "", "of: offence"),
    "simulate.strategies": Key(
        "a list of strategies for tournaments and evolution, by name or with settings in braces",
        "the file's candidates, and the catalogue's strategies that need no setting",
        "strategies:\n  - grim\n  - {generous_tit_for_tat: {generosity: 1/3}}",
    ),
}
"""Every key of the file by its path, without the names that a file chooses itself."""

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
