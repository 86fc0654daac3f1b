"""Inputs for every door, each made from its seed alone: the same seed always gives the same input."""

import re
from dataclasses import dataclass
from functools import cache
from random import Random

from gamelab.model.settings import Setting
from gamelab.scenario import catalogue, loads

from .alphabet import CHARACTERS, NUMBERS, SECTIONS, VALUES, near
from .calls import program
from .maps_and_tables import BESIDE, EVERY, SOLVED, mapped, table, unmapped
from .mutations import known_names, mutated, originals, path, written

FILE = "FILE"
"""Stands in arguments for the file that holds the input's data."""


@dataclass(frozen=True)
class Input:
    """One attempt at a door.

    Parameters
    ----------
    seed : int
    door : str
        ``file``, ``text``, ``nfg``, ``expression``, ``set``, ``words``, ``solve`` or ``calls``.
    data : str or bytes
        The content of the file; for ``expression`` the expression, for ``calls`` the program.
    arguments : tuple of str
        Of the command line; for ``set`` PATH=VALUE texts; for ``nfg`` a scenario that names the file, or none.
    """

    seed: int
    door: str
    data: str | bytes = ""
    arguments: tuple[str, ...] = ()


def made(seed: int) -> Input:
    """Return the input of a seed."""
    random = Random(f"gamelab {seed}")
    door = random.choices([*DOORS], [weight for _, weight in DOORS.values()])[0]
    return DOORS[door][0](random, seed)


def _file(random: Random, seed: int) -> Input:
    kind = random.random()
    if kind < 0.06:
        data = random.randbytes(random.choice((0, 1, 3, 20, 200, 3000)))
    elif kind < 0.12:
        data = _yaml(random).encode("utf-8", "surrogatepass")
    elif kind < 0.15:
        data = _coded(random, mutated(random, EVERY))
    elif kind < 0.157:
        data = _large(random).encode("utf-8", "surrogatepass")
    else:
        data = mutated(random, EVERY).encode("utf-8", "surrogatepass")
        if kind < 0.25:
            data = _damaged(random, data)
    return Input(seed, "file", data)


def _large(random: Random) -> str:
    """Return a text as long as a file may be, or longer, all of one piece."""
    text = mutated(random)
    at = random.randrange(len(text) + 1)
    pieces = (
        *CHARACTERS,
        "a ",
        "a: 1\n",
        "\n  ",
        "- a\n",
        "# x\n",
        '"a", ',
        "{a: ",
        random.choice(text.split("\n")),
    )
    piece = random.choice(pieces) or " "
    size = random.choice((20_000, 100_000, 195_000, 195_000, 1_100_000)) - len(text)
    return text[:at] + piece * (size // len(piece.encode("utf-8", "surrogatepass"))) + text[at:]


def _coded(random: Random, text: str) -> bytes:
    coding = random.choice(("utf-16", "utf-32", "latin-1", "cp1252", "utf-8-sig", "utf-7", "utf-16-le"))
    ends = random.choice(("\n", "\r", "\r\n", "\x85", "\u2028"))
    return text.replace("\n", ends).encode(coding, "replace")


def _damaged(random: Random, data: bytes) -> bytes:
    for _ in range(random.choice((1, 2, 10))):
        at = random.randrange(len(data) + 1)
        odd = random.choice(
            (b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\r", b"\xef\xbb\xbf", random.randbytes(3))
        )
        data = data[:at] + odd + data[at + random.choice((0, 1)) :]
    return data


def _yaml(random: Random) -> str:
    """Return text of the pieces that YAML is made of."""
    pieces = (
        *CHARACTERS,
        *VALUES,
        *NUMBERS,
        *SECTIONS,
        *known_names(),
        ": ",
        ": ",
        "\n",
        "\n",
        "\n  ",
        "\n    ",
        "\n- ",
    )
    start = "gamelab: 1\n" if random.random() < 0.5 else ""
    return start + "".join(random.choice(pieces) for _ in range(random.choice((1, 5, 20, 60, 200))))


def _text(random: Random, seed: int) -> Input:
    """Return a text that no file can hold, too: with surrogates."""
    text = mutated(random, EVERY) if random.random() < 0.5 else _yaml(random)
    at = random.randrange(len(text) + 1)
    odd = random.choice(("\ud800", "\udfff", "\ufeff", "\x00", "\r", "\x1b", ""))
    return Input(seed, "text", text[:at] + odd + text[at:])


def _expression(random: Random, seed: int) -> Input:
    return Input(seed, "expression", expression(random, 0))


def expression(random: Random, depth: int) -> str:
    """Return an expression, or what someone might write for one."""
    if depth > 4 or random.random() < 0.25:
        scope = ("x", "half", "big", "grid", "word", "missing", "'two tiers'.cost", "a.b", "x.0")
        return random.choice((random.choice(NUMBERS), random.choice(scope), random.choice(scope)))
    sign = random.choice((*"+-*/^^", "**", "//", "%", " ", "<", "=", ","))
    left, right = expression(random, depth + 1), expression(random, depth + 1)
    whole = random.choice(
        (f"{left}{sign}{right}", f"({left}) {sign} ({right})", f"min({left}, {right})", f"-({left})")
    )
    if random.random() < 0.08:
        at = random.randrange(len(whole) + 1)
        whole = whole[:at] + random.choice(CHARACTERS) + whole[at:]
    return whole * random.choice((5, 40)) if random.random() < 0.01 else whole


def _value(random: Random) -> str:
    return (
        random.choice((*NUMBERS, *VALUES, *CHARACTERS, *known_names()))
        if random.random() < 0.95
        else expression(random, 2)
    )


def _change(random: Random, words: list[str]) -> str:
    sign = random.choice(("=", "=", "=", "=", " = ", "==", ":", "", "=="))
    where = path(random, words)
    if random.random() < 0.3:
        where = near(random, where)
    return f"{where}{sign}{_value(random)}"


def _set(random: Random, seed: int) -> Input:
    lines = random.choice(originals())
    words = [word for line in lines for word in line.replace(":", " ").split()]
    changes = tuple(
        _sensible(random, lines) if random.random() < 0.4 else _change(random, words)
        for _ in range(random.choice((1, 1, 1, 2, 3)))
    )
    return Input(seed, "set", "\n".join(lines), changes)


@cache
def _settings(lines: tuple[str, ...]) -> dict[str, Setting]:
    return {name: entry.setting for name, entry in loads("\n".join(lines)).entries.items()}


def _sensible(random: Random, lines: tuple[str, ...]) -> str:
    """Return a setting that is there, and a value that it could have."""
    name, setting = random.choice([*_settings(lines).items()])
    return f"{name}={written(random, setting)}"


def _nfg(random: Random, seed: int) -> Input:
    """Return a .nfg file, alone or with a scenario that names it."""
    data = table(random).encode("utf-8", "surrogatepass")
    if random.random() < 0.15:
        data = _damaged(random, data)
    scenario = f"gamelab: 1\ngame: {{kind: normal_form, file: {BESIDE}}}\ntime: {{discount_factor: 0.9}}\n"
    more = f"{scenario}arrangements: {{a: {{profiles: [grim]}}}}\n"
    return Input(seed, "nfg", data, random.choice(((), (scenario,), (more,))))


def _odd(random: Random) -> str:
    pieces = (
        *CHARACTERS,
        *VALUES,
        *NUMBERS,
        *known_names(),
        *SECTIONS,
        "box1",
        "prisoners_dilemma",
        "stages",
        "scenarios",
    )
    word = random.choice(pieces)
    if random.random() < 0.03:
        return f"{word}\udcff"  # what Python makes of a byte that is no UTF-8
    return near(random, word) if random.random() < 0.5 else word


CHANCE = {
    "simulate": ("--profile", "--matches", "--rounds", "--seed", "--threads", "--records"),
    "tournament": ("--strategies", "--seed", "--matches"),
    "evolve": ("--strategies", "--process", "--population", "--intensity", "--mutation", "--seed"),
}
"""The options of the commands that play by chance."""
AGAINST = (
    "grim",
    "always_defect",
    "limited_punishment(rounds=2)",
    "comply/grim",
    "grim,",
    "(",
    "a(b",
    "tit_for_tat",
)


def _chance_words(random: Random, seed: int) -> Input:
    """Return a command line that plays by chance, most often one that is refused; none plays many matches."""
    command = random.choice(list(CHANCE))
    source = random.choice(("missing.yaml", "FILE/x", "prisoners_dilemma", "battle", _odd(random)))
    words = [source, "--arrangement", random.choice(("none", "horizontl", _odd(random)))]
    if command == "simulate" and source in ("prisoners_dilemma", "battle"):
        words[2] = "horizontl"  # what is played by compiled code is for the door that solves
    for option in random.sample(CHANCE[command], random.choice((0, 1, 2))):
        known = {"--strategies": AGAINST, "--profile": AGAINST, "--process": ("moran", "logit", "morna")}
        values = known.get(option, ("1", "2", "0", "-1", "1e9", "1/2", "ten", ""))
        value = ",".join(random.choices(values, k=random.choice((1, 1, 2, 3)))) if option in known else None
        odd = random.random() < 0.2
        words += [option, _odd(random) if odd else value if value is not None else random.choice(values)]
    if command == "evolve":
        words += ["--population", "20", "--strategies", "always_defect,always_cooperate"]  # a small task
    return Input(seed, "words", "", (command, *(_tame(word) for word in words)))


def _words(random: Random, seed: int) -> Input:
    """Return a command line that solves nothing."""
    if random.random() < 0.25:
        return _chance_words(random, seed)
    command = random.choice(("describe", "describe", "describe", "list", "schema", "new", "", "run", "check"))
    names = [
        *known_names(),
        *catalogue.STAGES,
        "box1",
        "stages",
        "institutions",
        "scenarios",
        "comply",
        "expressions",
    ]
    words = [
        random.choice(names) if random.random() < 0.4 else _odd(random)
        for _ in range(random.choice((0, 1, 1, 1, 2, 3)))
    ]
    if command == "new":
        file = random.choice(
            ("a.yaml", "a b.yaml", "é🎲.yaml", "-x.yaml", "a.yml", "a", "", ".", "no/a.yaml", _odd(random))
        )
        words = [file.replace("/", "_") if len(file) > 10 else file]
        words += ["--kind", random.choice((*catalogue.STAGES, _odd(random)))] * random.choice((0, 1, 1))
    if command in ("run", "check"):
        words = [
            random.choice(("missing.yaml", "/dev/null", ".", "no/no", "~", "FILE/x", "bxo1", _odd(random)))
            for _ in words or [""]
        ]
        words = ["bxo1" if word == "box1" else word for word in words]  # 92 claims take two seconds
    if random.random() < 0.2:
        options = (
            "--help",
            "--version",
            "--json",
            "--out",
            "--set",
            "--kind",
            "-h",
            "--",
            "-",
            "--nonsense",
            "--set=",
            "--out=",
        )
        words.insert(random.randrange(len(words) + 1), random.choice(options))
    arguments = [command, *words] if command else words
    if random.random() < 0.05:
        arguments = [_odd(random), *arguments]
    return Input(seed, "words", "", tuple(_tame(word) for word in arguments))


def _tame(word: str) -> str:
    """Keep words inside the folder of the trial, and as a terminal could pass them."""
    word = word.replace("..", ".").replace("\x00", "")
    if word.startswith("/") and not word.startswith("/dev/"):
        word = word.lstrip("/")
    return "".join(c for c in word if not "\ud800" <= c <= "\udfff" or c == "\udcff")


def _solve(random: Random, seed: int) -> Input:
    """Return a scenario that is often sound, and a command that solves it; its maps are small ones."""
    lines = unmapped(mutated(random, SOLVED, (0, 1, 1, 1, 2, 3)).split("\n"))
    text = "\n".join(mapped(random, lines, small=True) if random.random() < 0.25 else lines)
    words = [word for line in text.split("\n") for word in line.replace(":", " ").split()] or ["x"]
    arguments = [random.choice(("check", "run", "run")), FILE]
    if arguments[0] == "run":
        arguments += random.choice(([], ["--json"], ["--json"], ["--out", "out"]))
    for _ in range(random.choice((0, 0, 0, 1, 2))):
        arguments += ["--set", _tame(_change(random, words))]
    return Input(seed, "solve", _short(text), tuple(_short(word) for word in arguments))


def _short(text: str) -> str:
    """Return the text with at most 99 rounds and 999 matches: each of them is solved or played."""
    text = re.sub(r"(rounds\W{1,3})\d{3,}", r"\g<1>20", text)
    return re.sub(r"((?:matches|population)\W{1,3})\d{4,}", r"\g<1>200", text)


def _calls(random: Random, seed: int) -> Input:
    return Input(seed, "calls", program(random))


DOORS = {
    "file": (_file, 37),
    "text": (_text, 5),
    "nfg": (_nfg, 6),
    "expression": (_expression, 13),
    "set": (_set, 11),
    "words": (_words, 13),
    "solve": (_solve, 7),
    "calls": (_calls, 8),
}
"""Each door with the one who makes inputs for it, and how many of a hundred go there."""
