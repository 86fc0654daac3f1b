"""Mutations of the sections ``maps``, ``exact`` and ``simulate`` and of games from .nfg files, and texts of such files."""

import re
from random import Random

from gamelab.scenario import catalogue
from gamelab.scenario.quantities import QUANTITIES

from .alphabet import CHARACTERS, NUMBERS, VALUES
from .mutations import MILD, MUTATIONS, Lines, lengthened, path, section, strategy, written

BESIDE = "game.nfg"
"""The .nfg file that stands beside every file of the doors."""
TABLE = """NFG 1 R "A dilemma" { "agency" "firm" }
{ { "C" "D" } { "C" "D" } }

3 3 5 0 0 5 1 1
"""
OUTCOMES = """NFG 1 D "The same, by outcomes" { "agency" "firm" } { 2 2 }
{ { "both" 3, 3 } { "" 5 0 } { "x" 0 5 } { "neither" 1/3 -.5e1 } }
1 2 3 4
"""
_SETTING = re.compile(r"\b([a-z]+(?:_[a-z]+)*)(?<!gamelab)(?<!rounds): (\d{1,6}(?:\.\d+)?)(?![\w./*^])")
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}]|[^\s{}"]+')


def mapped(random: Random, lines: Lines, small: bool = False) -> Lines:
    """A section of maps; small ones are mostly sound, with a few points on each axis whatever happens."""
    body = ["maps:"]
    odd = 0.03 if small else 0.15
    for _ in range(random.choice((1, 1, 2, 1 if small else 60))):
        x, y = _axis(random, lines, small), _axis(random, lines, small)
        item = {"title": '"A map"', "x": x, "y": y, "show": _show(random, lines, odd)}
        if random.random() < odd:
            item[random.choice([*item, "z", "claims"])] = random.choice((*VALUES, *NUMBERS))
        if random.random() < odd / 2:
            del item[random.choice([*item])]
        body += [f"  {'- ' if k == 0 else '  '}{key}: {value}" for k, (key, value) in enumerate(item.items())]
    return section(_without_blanks(lines), "maps", body)


def _axis(random: Random, lines: Lines, small: bool) -> str:
    before = "\n".join(lines).partition("\nclaims:")[0]
    found = _SETTING.findall(before)
    numeric = [one for one in found if before.count(f"{one[0]}:") == 1 or not small] or [("x", "1")]
    name, value = random.choice((*numeric, ("discount_factor", "0.5"), ("altruism", "0.5")))
    low, high = f"{float(value) * 0.9:g}", f"{float(value) * 1.1 + 0.001:g}"
    odd = 0.03 if small else 0.2
    if random.random() < 0.2:
        return _whole_axis(random, odd)
    if random.random() < odd:
        name = path(random, [word for word, _ in numeric])
    if random.random() < odd:
        low, high = random.choice((low, "0", *NUMBERS)), random.choice((high, "1", *NUMBERS))
    many = random.choice(NUMBERS) if random.random() < 0.1 else str(random.choice((2, 3, 41, 2000)))
    points = str(random.choice((2, 3, 5))) if small else many
    return f"{{{name}: {{from: {low}, to: {high}, points: {points}}}}}"


def _whole_axis(random: Random, odd: float) -> str:
    """Return an axis of whole numbers: all of them between two ends, without a number of points."""
    usual = ("rounds", "time.rounds", "limited_punishment.rounds", "equilibrium", "game.players")
    name = random.choice(usual)
    low = random.choice((1, 2))
    high = low + random.choice((1, 2, 3))
    ends = [str(end) if random.random() > odd else random.choice(NUMBERS) for end in (low, high)]
    points = f", points: {random.choice((2, 3))}" if random.random() < odd else ""
    return f"{{{name}: {{from: {ends[0]}, to: {ends[1]}{points}}}}}"


def _show(random: Random, lines: Lines, odd: float) -> str:
    if random.random() < 0.4:
        return random.choice(("best_arrangement", "workable_arrangements"))
    if random.random() < odd:
        return random.choice((*VALUES, *NUMBERS))
    start = lines.index("arrangements:") if "arrangements:" in lines else 0
    found = re.findall(r"^  (\w[\w ]*):", "\n".join(lines[start:]), re.MULTILINE) or ["none"]
    more = random.choice(("", "", ", profile: grim", ", profile: [grim, comply]", ", player: agency"))
    more = more if random.random() < 2 * odd else ""
    usual = (
        "supported",
        "cooperation",
        "joint_payoff",
        "net_benefit",
        "max_gain",
        "critical_discount_factor",
    )
    quantity = random.choice(usual if random.random() > 2 * odd else (*QUANTITIES,))
    return f"{{quantity: {quantity}, arrangement: {random.choice(found)}{more}}}"


def _without_blanks(lines: Lines) -> Lines:
    lines = list(lines)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def unmapped(lines: Lines) -> Lines:
    """Return the lines without their maps, for doors that solve."""
    return section(_without_blanks(lines), "maps", [])


def exactly(random: Random, lines: Lines) -> Lines:
    """Ask for fractions, or for something like that."""
    word = random.choice(("yes", "yes", "yes", "true", "no", "Yes", "maybe", "~", "1", "[]", "{}"))
    return section(_without_blanks(lines), "exact", [f"exact: {word}"])


def filed(random: Random, lines: Lines) -> Lines:
    """A game from a .nfg file, which may be there."""
    names = (
        BESIDE,
        BESIDE,
        BESIDE,
        f"./{BESIDE}",
        "gane.nfg",
        ".",
        "",
        "given.yaml",
        "/dev/null",
        "no/x.nfg",
    )
    body = ["game:", "  kind: normal_form", f"  file: {random.choice((*names, random.choice(VALUES)))}"]
    for key in ("agreement", "fallback", "actions", "payoffs", "tables"):
        if random.random() < 0.2:
            tables = ("[[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]", "[[1, 2]]", "[[[1, 2]], [[1], [2]]]")
            value = random.choice(("[C, C]", "[D, D]", "[C, D]", "[[C, D], [x, y]]", *tables, *VALUES))
            body.append(f"  {key}: {value}")
    return section(_without_blanks(lines), "game", body)


def simulated(random: Random, lines: Lines) -> Lines:
    """A section of simulations, with settings and strategies drawn from all of them."""
    some = [s for s in catalogue.simulate_settings().values() if random.random() < 0.4]
    body = ["simulate:", *(f"  {s.name}: {written(random, s)}" for s in some)]
    if random.random() < 0.5:
        body.append(
            f"  strategies: [{', '.join(strategy(random) for _ in range(random.choice((0, 1, 2, 5, 60))))}]"
        )
    return section(_without_blanks(lines), "simulate", body)


EVERY = (*MUTATIONS, mapped, mapped, exactly, filed, simulated)


def stretched(random: Random, lines: Lines) -> Lines:
    """A list a few times as long; each of a thousand candidates would be solved."""
    return lengthened(random, lines, (2, 2, 3, 5))


SOLVED = (*(m for m in MILD if m is not lengthened), stretched, exactly, filed, simulated)


def table(random: Random) -> str:
    """Return the text of a .nfg file, sound or changed."""
    text = random.choice((TABLE, OUTCOMES, drawn(random), drawn(random)))
    if random.random() < 0.25:
        return text
    for _ in range(random.choice((1, 1, 2, 5))):
        text = changed(random, text)
    return text


def drawn(random: Random) -> str:
    """Return a table of some players and strategies; now and then a large one, or one that lacks numbers."""
    n = random.choice((1, 2, 2, 2, 3, 4, 8, 12, 21))
    sizes = [random.choice((1, 2, 2, 3, 12) if n < 5 else (1, 1, 2)) for _ in range(n)]
    if random.random() < 0.03:
        sizes = [random.choice((100, 150, 223, 400, 10**6))] * 2
        n = 2
    cells = n
    for size in sizes:
        cells *= size
    numbers = [_payoff(random) for _ in range(min(cells, 10))]
    count = cells + random.choice((0, 0, 0, 0, 0, 1, -1))
    body = " ".join(random.choice(numbers) for _ in range(min(count, 200_000)))
    names = " ".join(f'"{random.choice(("", f"p{i}", "a b"))}"' for i in range(n))
    return f'NFG 1 {random.choice("RRD")} "drawn" {{ {names} }} {{ {" ".join(map(str, sizes))} }}\n{body}\n'


def _payoff(random: Random) -> str:
    if random.random() < 0.02:
        return random.choice(NUMBERS)
    return random.choice(
        (str(random.randint(-9, 9)), f"{random.uniform(-5, 5):.3f}", "1/3", "1e3", "-.5", "1e+22")
    )


def changed(random: Random, text: str) -> str:
    """Return the text with one piece of it left out, doubled, replaced or spoiled."""
    spots = list(_PIECE.finditer(text[:5000]))
    choice = random.randrange(7)
    if not spots or choice == 0:
        at = random.randrange(len(text) + 1)
        return text[:at] + random.choice((*CHARACTERS, *VALUES)) + text[at:]
    if choice == 1:
        return text[: random.randrange(len(text) + 1)]
    found = random.choice(spots)
    before, piece, after = text[: found.start()], found[0], text[found.end() :]
    if choice == 2:
        return before + after
    if choice == 3:
        return f"{before}{f'{piece} ' * random.choice((2, 3, 50, 3000, 30_000))}{after}"
    if choice == 4:
        return f"{before}{random.choice(NUMBERS)}{after}"
    if choice == 5:
        return f'{before}"{random.choice((*CHARACTERS, *VALUES))}"{after}'
    return before + random.choice(("{", "}", "{ }", "{ {", "} }", '"', "0", "2", "-1", "999999999")) + after
