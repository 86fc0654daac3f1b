"""Mutations of a scenario's text: each takes a source of chance and lines, and returns other lines."""

import re
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random

from gamelab.model.settings import Setting
from gamelab.scenario import catalogue
from gamelab.scenario.files import packaged
from gamelab.scenario.quantities import QUANTITIES
from gamelab.scenario.template import templates

from .alphabet import CHARACTERS, NUMBERS, SECTIONS, VALUES, names, near

Lines = list[str]
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
_WORD = re.compile(r"[^\W\d]\w+")
_VALUE = re.compile(r"^(\s*(?:- )?[\w ]+:\s+)(\S.*)$")


@cache
def originals() -> tuple[tuple[str, ...], ...]:
    """Return the lines of every scenario that comes with the package, and of every starting scenario."""
    files: list[Path] = [*packaged(), *templates().values()]
    return tuple(tuple(file.read_text(encoding="utf-8").split("\n")) for file in files)


@cache
def known_names() -> tuple[str, ...]:
    return tuple(names())


def original(random: Random) -> Lines:
    """Return a real scenario; mostly without its comments and with a few of its claims, which is quicker."""
    lines = list(random.choice(originals()))
    if random.random() < 0.7:
        lines = [
            line.partition("  #")[0].rstrip() for line in lines if line.strip() and line.strip()[0] != "#"
        ]
        start = next((k for k, line in enumerate(lines) if line.startswith("claims:")), len(lines))
        claims, claim = [], []
        for line in lines[start + 1 :]:
            if line.startswith("  - ") and claim:
                claims.append(claim)
                claim = []
            claim.append(line)
        kept = random.sample(claims, min(len(claims), random.choice((0, 1, 1, 2, 3))))
        lines = lines[:start] + (["claims:", *(line for claim in kept for line in claim)] if kept else [])
    return lines


def block(lines: Lines, k: int) -> int:
    """Return the end of the line and of what is indented below it."""
    margin = len(lines[k]) - len(lines[k].lstrip())
    end = k + 1
    while end < len(lines) and lines[end].strip() and len(lines[end]) - len(lines[end].lstrip()) > margin:
        end += 1
    return end


def _spot(random: Random, lines: Lines) -> tuple[int, int]:
    k = random.randrange(len(lines))
    return k, block(lines, k) if random.random() < 0.5 else k + 1


def deleted(random: Random, lines: Lines) -> Lines:
    k, end = _spot(random, lines)
    return lines[:k] + lines[end:]


def doubled(random: Random, lines: Lines) -> Lines:
    k, end = _spot(random, lines)
    return lines[:end] + lines[k:end] * random.choice((1, 1, 2, 30)) + lines[end:]


def moved(random: Random, lines: Lines) -> Lines:
    k, end = _spot(random, lines)
    rest = lines[:k] + lines[end:]
    to = random.randrange(len(rest) + 1)
    return rest[:to] + lines[k:end] + rest[to:]


def indented(random: Random, lines: Lines) -> Lines:
    k, end = _spot(random, lines)
    if random.random() < 0.6:
        margin = random.choice((" ", "  ", "    ", "\t", " \t", "\xa0", " " * 40))
        return lines[:k] + [margin + line for line in lines[k:end]] + lines[end:]
    return lines[:k] + [line[random.choice((1, 2)) :] for line in lines[k:end]] + lines[end:]


def _values(lines: Lines) -> list[int]:
    return [k for k, line in enumerate(lines) if _VALUE.match(line)]


def swapped(random: Random, lines: Lines) -> Lines:
    spots = _values(lines)
    if len(spots) < 2:
        return lines
    a, b = random.sample(spots, 2)
    (one, first), (two, second) = _VALUE.match(lines[a]).groups(), _VALUE.match(lines[b]).groups()
    lines[a], lines[b] = one + second, two + first
    return lines


def revalued(random: Random, lines: Lines) -> Lines:
    spots = _values(lines)
    if spots:
        k = random.choice(spots)
        key = _VALUE.match(lines[k])[1]
        lines[k] = key + random.choice((*VALUES, *NUMBERS, random.choice(known_names())))
    return lines


def renumbered(random: Random, lines: Lines) -> Lines:
    spots = [(k, found.span()) for k, line in enumerate(lines) for found in _NUMBER.finditer(line)]
    for k, (start, end) in random.sample(spots, min(len(spots), random.choice((1, 1, 2, 4)))):
        odd = random.choice(NUMBERS)
        if start <= len(lines[k]):
            lines[k] = lines[k][:start] + odd + lines[k][end:]
    return lines


def renamed(random: Random, lines: Lines) -> Lines:
    spots = [(k, found) for k, line in enumerate(lines) for found in _WORD.finditer(line)]
    if spots:
        k, found = random.choice(spots)
        other = near(random, found[0]) if random.random() < 0.6 else random.choice(known_names())
        lines[k] = lines[k][: found.start()] + other + lines[k][found.end() :]
    return lines


def lengthened(random: Random, lines: Lines, counts=(2, 2, 3, 5, 10, 50, 400)) -> Lines:
    spots = [(k, found) for k, line in enumerate(lines) for found in re.finditer(r"\[([^\[\]]+)\]", line)]
    if spots:
        k, found = random.choice(spots)
        inner = ", ".join([found[1]] * random.choice(counts))
        lines[k] = f"{lines[k][: found.start()]}[{inner}]{lines[k][found.end() :]}"
    return lines


def spoiled(random: Random, lines: Lines) -> Lines:
    k = random.randrange(len(lines))
    at = random.randrange(len(lines[k]) + 1)
    end = at + random.choice((0, 0, 1, 2))
    lines[k] = lines[k][:at] + random.choice(CHARACTERS) + lines[k][end:]
    return lines


def torn(random: Random, lines: Lines) -> Lines:
    k = random.randrange(len(lines))
    at = random.randrange(len(lines[k]) + 1)
    choice = random.randrange(4)
    if choice == 0:
        return [*lines[:k], lines[k][:at]]
    if choice == 1:
        return [*lines[:k], lines[k][:at], lines[k][at:], *lines[k + 1 :]]
    if choice == 2:
        return [*lines[:k], lines[k] + " ".join(lines[k + 1 : k + 2]), *lines[k + 2 :]]
    sign = random.choice((": ", ":", "- ", "[", "]", "{", "}", ",", '"', "#", "  "))
    return [
        *lines[:k],
        lines[k].replace(sign, random.choice(("", ":", "=", " ", ": ", "\t")), 1),
        *lines[k + 1 :],
    ]


def grafted(random: Random, lines: Lines) -> Lines:
    other = list(random.choice(originals()))
    k, to = random.randrange(len(other)), random.randrange(len(lines) + 1)
    return lines[:to] + other[k : block(other, k)] + lines[to:]


def section(lines: Lines, name: str, body: Lines) -> Lines:
    """Return the lines with another top-level section of this name."""
    at = next((k for k, line in enumerate(lines) if line.startswith(f"{name}:")), None)
    if at is None:
        return [*lines, *body]
    return lines[:at] + body + lines[block(lines, at) :]


def parametrised(random: Random, lines: Lines) -> Lines:
    """Parameters in circles, in chains, in thousands."""
    count = random.choice((1, 2, 3, 10, 51, 60, 300, 2000))
    shape = random.randrange(6)
    body = ["parameters:"]
    for k in range(count):
        after = f"p{(k + 1) % count}"
        value = (
            *(
                f"{after}",
                f"{after} + {after}",
                f"{after}*{after}" if k < count - 1 else "2",
                random.choice(NUMBERS),
            ),
            *(f"{after}^{after}" if k < count - 1 else "1.5", "0.5"),
        )[shape]
        body.append(f"  p{k}: {value}")
    return section(lines, "parameters", body)


def claim(random: Random, lines: Lines) -> Lines:
    """Return one claim that may or may not be sensible."""
    found = re.findall(r"^  (\w+):", "\n".join(lines), re.MULTILINE) or ["none"]
    settings = [word for line in lines for word in _WORD.findall(line)] or ["x"]
    quantity = random.choice((*QUANTITIES, "least", "break_even"))
    sign = random.choice(("is", "equals", "above", "below", "at_least", "at_most"))
    body = [f"  - quantity: {quantity}", f"    {sign}: {random.choice((*VALUES, *NUMBERS, *settings))}"]
    if random.random() < 0.8:
        body.append(f"    arrangement: {random.choice(found)}")
    if quantity in ("least", "break_even") or random.random() < 0.1:
        body.append(f"    path: {path(random, settings)}")
    if random.random() < 0.4:
        body.append(
            f"    profile: {random.choice(('grim', 'comply', '[grim, comply]', '[]', '{grim: {}}', '1', '~'))}"
        )
    if random.random() < 0.4:
        value = random.choice((*NUMBERS[:20], *VALUES[:8], *settings))
        body.append(f"    with: {{{path(random, settings)}: {value}}}")
    if random.random() < 0.1:
        body.append(f"    within: {random.choice(NUMBERS)}")
    if random.random() < 0.1:
        body.append(f"    player: {random.choice(settings)}")
    return body


def path(random: Random, words: list[str]) -> str:
    """Return a dotted path, whole, shortened or wrong."""
    parts = [
        random.choice((*words, *known_names(), *SECTIONS)) for _ in range(random.choice((1, 1, 1, 2, 3)))
    ]
    parts += [str(random.choice((0, 1, 9, -1)))] if random.random() < 0.15 else []
    known = (
        "time.discount_factor",
        "discount_factor",
        "monitoring.cost",
        "fines",
        "fines.0",
        "reach",
        "misreading",
    )
    return random.choice(known) if random.random() < 0.3 else ".".join(parts)


def claimed(random: Random, lines: Lines) -> Lines:
    count = random.choice((1, 1, 2, 5, 5, 40, 300))
    body = [line for _ in range(min(count, 40)) for line in claim(random, lines)] * (1 + count // 60)
    if not any(line.startswith("claims:") for line in lines):
        body = ["claims:", *body]
    while lines and not lines[-1].strip():
        lines.pop()
    return lines + body


def written(random: Random, setting: Setting) -> str:
    """Return a value that a setting could have; mostly one that it takes."""
    if setting.kind == "choice" and random.random() < 0.9:
        return str(random.choice(setting.choices))
    if setting.kind == "numbers":
        return f"[{', '.join(_usual(random, setting) for _ in range(random.choice((1, 2, 3, 4, 6, 30))))}]"
    if setting.kind in ("number", "whole number"):
        return _usual(random, setting)
    return random.choice(VALUES)


def _usual(random: Random, setting: Setting) -> str:
    if random.random() < 0.15:
        return random.choice(NUMBERS)
    if setting.kind == "whole number" or setting.range.whole:
        return str(random.choice((0, 1, 2, 3, 5, 10, 100, 10_000, 10**7)))
    high = min(setting.range.high, 10)
    return random.choice(
        ("0", "1", "1/3", f"{random.uniform(0, high):.3g}", f"{random.uniform(0, high):.17g}")
    )


def instituted(random: Random, lines: Lines) -> Lines:
    """An arrangement with institutions and strategies drawn from all of them."""
    body = [f"  drawn{random.randrange(3)}:"]
    chosen = random.sample(sorted(catalogue.institution_names()), random.choice((0, 1, 1, 2, 2, 3)))
    if chosen:
        body.append("    institutions:")
    for name in chosen:
        settings = list(catalogue.institution_settings(name).values())
        some = [s for s in settings if s.required or random.random() < 0.5]
        body.append(f"      {name}: {{{', '.join(f'{s.name}: {written(random, s)}' for s in some)}}}")
    profiles = [strategy(random) for _ in range(random.choice((0, 1, 2, 4)))]
    if profiles:
        body.append(f"    profiles: [{', '.join(profiles)}]")
    if random.random() < 0.2:
        body.append(f"    selection: {random.choice(('best', 'symmetric', 'worst'))}")
    k = next((k for k, line in enumerate(lines) if line.startswith("arrangements:")), None)
    return [*lines, "arrangements:", *body] if k is None else lines[: k + 1] + body + lines[k + 1 :]


def strategy(random: Random) -> str:
    """Return a strategy with settings, or a list with one for each player."""
    if random.random() < 0.3:
        return f"[{', '.join(strategy(random) for _ in range(random.choice((2, 2, 2, 1, 3))))}]"
    name = random.choice(catalogue.strategy_names())
    some = [s for s in catalogue.strategy_settings(name).values() if s.required or random.random() < 0.3]
    return f"{{{name}: {{{', '.join(f'{s.name}: {written(random, s)}' for s in some)}}}}}" if some else name


def timed(random: Random, lines: Lines) -> Lines:
    """Other settings of time, information and preferences."""
    for name, settings in (
        ("time", catalogue.time_settings()),
        ("information", catalogue.information_settings()),
        ("preferences", catalogue.preference_settings()),
    ):
        if random.random() < 0.6:
            some = [s for s in settings.values() if random.random() < 0.5]
            lines = section(lines, name, [f"{name}:", *(f"  {s.name}: {written(random, s)}" for s in some)])
    return lines


def another_game(random: Random, lines: Lines) -> Lines:
    """Another stage game: of any kind, or a table of any size."""
    if random.random() < 0.5:
        kind = random.choice(sorted(catalogue.STAGES))
        some = [s for s in catalogue.stage_settings(kind).values() if s.required or random.random() < 0.3]
        return section(
            lines, "game", ["game:", f"  kind: {kind}", *(f"  {s.name}: {written(random, s)}" for s in some)]
        )
    players = random.choice((1, 2, 2, 2, 3, 3, 4, 6))
    sizes = [random.choice((1, 2, 2, 3, 5) if players > 2 else (1, 2, 3, 6, 20, 40)) for _ in range(players)]
    low, high = random.choice(((0, 3), (-5, 9), (0, 0), (-(10**6), 10**6)))

    def number() -> str:
        return str(random.randint(low, high) * (10 ** random.randint(-9, 9) if random.random() < 0.1 else 1))

    def table(left: list[int], each: int) -> str:
        if not left:
            return f"[{', '.join(number() for _ in range(each))}]" if each else number()
        return f"[{', '.join(table(left[1:], each) for _ in range(left[0]))}]"

    # cell by cell, or one table a player, which may be one too few
    whole = f"  payoffs: {table(sizes, players)}"
    if random.random() < 0.4:
        count = players if random.random() < 0.9 else players - 1
        whole = f"  tables: [{', '.join(table(sizes, 0) for _ in range(count))}]"
    lines = section(lines, "game", ["game:", "  kind: normal_form", whole])
    if random.random() < 0.8:
        lines = section(lines, "players", [f"players: [{', '.join(f'who{i}' for i in range(players))}]"])
    return lines


def far_apart(random: Random, lines: Lines) -> Lines:
    """A dilemma with numbers of far-apart sizes in one table, beside or at a threshold that may be near 0 or 1."""
    powers = [Fraction(10) ** random.choice((-18, -9, -6, -1, 0, 1, 9, 15, 150, 300)) for _ in range(3)]
    reward = random.choice((-1, 0, 3)) * random.choice((1, 1, powers[0]))
    gain, loss, worse = powers if random.random() < 0.5 else (powers[0], Fraction(2), powers[2])
    numbers = {"temptation": reward + gain, "reward": reward, "punishment": reward - loss}
    numbers["sucker"] = reward - loss - worse
    beside = random.choice((0, 1, -1)) * Fraction(1, 10 ** random.choice((1, 6, 9, 12, 16)))
    factor = random.choice((gain / (gain + loss) * (1 + beside), Fraction(1, 2), 1 - abs(beside)))
    game = ["game:", "  kind: prisoners_dilemma", *(f"  {key}: {number}" for key, number in numbers.items())]
    return section(section(lines, "game", game), "time", ["time:", f"  discount_factor: {factor}"])


def crowded(random: Random, lines: Lines) -> Lines:
    """More players, actions, fines or arrangements than anybody writes."""
    count = random.choice((3, 4, 8, 40, 500, 3000))
    choice = random.randrange(4)
    if choice == 0:
        return section(lines, "players", [f"players: [{', '.join(f'who{i}' for i in range(count))}]"])
    if choice == 1:
        fines = ", ".join(str(k) for k in range(count))
        return [re.sub(r"fines: \[[^\]]*\]", f"fines: [{fines}]", line) for line in lines]
    if choice == 2:
        return section(
            lines, "arrangements", ["arrangements:", *(f"  a{k}: {{profiles: [grim]}}" for k in range(count))]
        )
    return [*lines, *(f"key{k}: {k}" for k in range(count))]


MUTATIONS = (
    *(
        deleted,
        doubled,
        moved,
        indented,
        swapped,
        revalued,
        renumbered,
        renamed,
        lengthened,
        spoiled,
        torn,
        grafted,
    ),
    *(parametrised, claimed, instituted, timed, another_game, far_apart, crowded),
)
MILD = (
    deleted,
    swapped,
    renumbered,
    claimed,
    claimed,
    instituted,
    instituted,
    timed,
    timed,
    another_game,
    far_apart,
    lengthened,
)
"""Mutations whose result is often a scenario that can be solved."""


def mutated(random: Random, choices=MUTATIONS, counts=(1, 1, 1, 2, 3, 6)) -> str:
    """Return a real scenario's text after a few mutations."""
    lines = original(random)
    for _ in range(random.choice(counts)):
        lines = random.choice(choices)(random, lines or [""])
    return "\n".join(lines)
