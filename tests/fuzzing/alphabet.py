"""What broken input is made of: odd numbers, characters, values and names."""

from gamelab.scenario import catalogue
from gamelab.scenario.keys import KEYS
from gamelab.scenario.quantities import QUANTITIES

NUMBERS = (
    *(
        "0",
        "1",
        "-1",
        "2",
        "-0",
        "0.5",
        "0.999999999",
        "1e-9",
        "1e308",
        "-1e308",
        "1e-308",
        "5e-324",
        "1e400",
    ),
    *("1e-400", "1e401", "1e999999", "1e9999999", "nan", "NaN", ".nan", "inf", ".inf", "-.inf", "infinity"),
    *(
        "1/0",
        "0/0",
        "0^0",
        "0^-1",
        "(-1)^0.5",
        "(-8)^(1/3)",
        "2^1000",
        "2^1001",
        "2^-1000",
        "10^400",
        "0.1^400",
    ),
    *("9^9^9", "2^2^2^2^2", "1.0000001^1000", "(1+1e-300)^1000", "1e300*1e300", "1e-300*1e-300", "1e308*10"),
    *(
        "1_000",
        "0x10",
        "0o17",
        "0b1",
        "1,5",
        "1,000",
        "1 000",
        "1.2.3",
        ".5",
        "5.",
        "+1",
        "--1",
        "- 1",
        "50%",
    ),
    *("1e", "1e+", "e5", "1/3", "1/7 + 1/11", "min()", "max(1)", "min(1,2,3)", "sqrt(2)", "1 if 1 else 2"),
    *("10" * 300, "9" * 3000, "9" * 5000, "0." + "0" * 300 + "1", "1/" + "7" * 900, "1" + "/3" * 60),
    *("^".join("2" * 40), "(" * 70 + "1" + ")" * 70, "-" * 70 + "1", "1" + "+1" * 1500, "2" + "*2" * 1500),
    *("(" + "9" * 900 + ")^1000", "1/" + "3^1000/" * 20 + "1", "1.1^1000 * 1.1^1000 * 1.1^1000"),
    *("max(" + ",".join("1" * 900) + ")", "1e-300/1e300", "true", "null", "~", "yes", "''", '""'),
    *("discount_factor", "rounds", "discount_factor^rounds", "game.reward", "time.discount_factor"),
    *("parameters.x", "x", "fines.0", "fines.9", "a.b.c.d", "'a b'.c", '"', "'", "time", "game", "é", "1é"),
)
CHARACTERS = (
    *(
        "\x00",
        "\x01",
        "\x07",
        "\x08",
        "\x0b",
        "\x0c",
        "\x1b[31m",
        "\x7f",
        "\x85",
        "\xa0",
        "\xad",
        "\u0301" * 40,
    ),
    *(
        "\u200b",
        "\u200d",
        "\u200e",
        "\u202e",
        "\u2028",
        "\u2029",
        "\u2066",
        "\u3000",
        "\ufeff",
        "\ufffe",
        "\uffff",
    ),
    *(
        "אבג",
        "مرحبا",
        "👩‍👩‍👧",
        "🎲",
        "𝟙",
        "१",
        "²",
        "½",
        "−",
        "–",
        "“",
        "”",
        "’",
        "ﬁ",
        "İ",
        "ß",
        "\U0010ffff",
    ),
    *(
        "\t",
        "\r",
        "\n",
        "\r\n",
        "\n\n",
        " ",
        "  ",
        "#",
        " #",
        ":",
        ": ",
        ":\n",
        "- ",
        "-",
        "? ",
        "|",
        "|-\n",
        ">",
    ),
    *(
        ">-\n",
        "{",
        "}",
        "[",
        "]",
        "[]",
        "{}",
        ",",
        ", ",
        "&a ",
        "*a",
        "!!python/object:os.system ",
        "!!int ",
        "! ",
    ),
    *(
        "<<: *a",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "%TAG ! x\n",
        "@",
        "`",
        "'",
        '"',
        '"\\x00"',
        '"\\e[2J"',
        '"\\ud800"',
    ),
    *(
        '"\\u202e"',
        '"\\U00110000"',
        '"\\',
        "\\",
        "$(id)",
        "{{7*7}}",
        "${HOME}",
        "../",
        "~",
        "=",
        "==",
        "<",
        "%s%n",
    ),
    *("a" * 300, "x" * 5000, "[" * 40, "{" * 40, "[" * 900, "- " * 200, "? " * 50, "a: " * 40, "{a: " * 60),
)
VALUES = (
    *(
        "[]",
        "{}",
        "[[]]",
        "[1]",
        "[1, 2]",
        "[a, b]",
        "{a: 1}",
        "[{}]",
        "[null]",
        "[[1, [2, [3]]]]",
        "no",
        "yes",
    ),
    *(
        "none",
        "best",
        "symmetric",
        "public",
        "private",
        "authority",
        "participants",
        "nobody",
        "others",
        "end",
    ),
    *("repeat", "rotate", "grim", "comply", "[grim, comply]", "[[grim]]", "[grim, grim, grim]", "impossible"),
    *(
        '"quoted"',
        "'it''s'",
        "2024-01-01",
        "12:30:00",
        "!!str 1",
        "0777",
        "|\n    a\n    b",
        ">-\n    1 +\n    1",
    ),
    *("[{from: 0, to: 1}]", "[{from: 1, to: 0}]", "unbounded", "{reach: 1}", "[share, take]", "&x 1", "*x"),
)
SECTIONS = ("gamelab", "title", "source", "about", "players", "parameters", "game", "time", "information")
SECTIONS += ("preferences", "arrangements", "exact", "claims", "maps", "simulate")


def names() -> list[str]:
    """Return every name that a scenario file knows."""
    found = {*KEYS, *(key.rpartition(".")[2] for key in KEYS), *QUANTITIES, *catalogue.STAGES}
    found |= {*catalogue.institution_names(), *catalogue.strategy_names(), *catalogue.time_settings()}
    found |= {*catalogue.information_settings(), *catalogue.preference_settings()}
    for room in (
        [catalogue.stage_settings(name) for name in catalogue.STAGES],
        [catalogue.institution_settings(name) for name in catalogue.institution_names()],
        [catalogue.strategy_settings(name) for name in catalogue.strategy_names()],
    ):
        found |= {setting for settings in room for setting in settings}
    return sorted(found)


def near(random, name: str) -> str:
    """Return a name that someone might write for this one."""
    if not name:
        return "a"
    k = random.randrange(len(name))
    return random.choice(
        (
            *(name[:k] + name[k + 1 :], name[:k] + name[k] + name[k:], name.upper(), name.capitalize()),
            *(name.replace("_", " "), name.replace("_", "-"), name.replace("_", ""), name + "s", f" {name} "),
            *(name + random.choice(CHARACTERS), name[:k] + random.choice(CHARACTERS) + name[k:], f"'{name}'"),
            *(name[::-1], name + "." + name, "." + name, name + ".", name + "\u0301", name.replace("i", "ı")),
        )
    )
