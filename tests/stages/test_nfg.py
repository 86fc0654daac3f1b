"""Gambit's .nfg files: both versions of the format, there and back, and every mistake at its place."""

import contextlib
import itertools
import re
import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gamelab as gl
from gamelab.errors import GameError, InputError
from gamelab.stages import nfg
from gamelab.stages.nfg import apart, parsed
from gamelab.stages.nfg_writing import nfg_text

# two players, 3 and 2 strategies: contingencies (1,1), (2,1), (3,1), (1,2), (2,2), (3,2)
PAYOFFS = """NFG 1 R "Selten (IJGT, 75), \\"Figure 2\\"" { "Player 1" "Player 2" }
{ { "1" "2" "3" } { "1" "2" } }
"a comment"

1 1 0 2 0 2
1 1 1/3 -.5 2e1 0
"""
OUTCOMES = """NFG 1 R "the same" { "Player 1" "Player 2" } { 3 2 }
{ { "one" 1, 1 } { "two" 0 2 } { "" 1/3 -.5 } { "" 20 0 } }
1 2 2 1 3 4
"""
CELLS = {
    (0, 0): (1, 1),
    (1, 0): (0, 2),
    (2, 0): (0, 2),
    (0, 1): (1, 1),
    (1, 1): (Fraction(1, 3), Fraction(-1, 2)),
    (2, 1): (20, 0),
}


@pytest.mark.parametrize(
    "text", [PAYOFFS, OUTCOMES, PAYOFFS.replace("\n", "\r\n"), PAYOFFS.replace(" R ", " D ")]
)
def test_both_versions_say_the_same(text):
    table = parsed(text)
    assert table.players == ("Player 1", "Player 2")
    assert table.actions == (("1", "2", "3"), ("1", "2"))
    for cell, paid in CELLS.items():
        assert tuple(table.payoffs[cell]) == paid
        assert all(isinstance(entry, Fraction) for entry in table.payoffs[cell])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{" + " ".join(f'"{k}"' for k in range(90_000)), "more than 25,000 strategies"),
        ("1 1} {" + "{0 0} " * 90_000, "more than 12,500 outcomes"),
        ("50 250}" + " 1.25" * 25_001, "'1.25' stands after the last payoff"),
        ("1 1}" + " " * 900_000, "the file ends"),
        ("1 1} 1 1" + " 1" * 450_000, "'1' stands after the last payoff"),
    ],
)
def test_a_large_file_is_read_or_refused_at_once(text, told):
    """Names were compared with all before, which took a minute, and all words were read before the first refusal."""
    start = time.process_time()
    with pytest.raises(InputError, match=told):
        parsed('NFG 1 R "large" {"a" "b"} {' + text)
    assert time.process_time() - start < 3  # about a third of a second where nothing else runs


def test_quotes_in_names_and_the_title():
    assert parsed(PAYOFFS).title == 'Selten (IJGT, 75), "Figure 2"'


def test_the_first_player_moves_fastest_of_three():
    """Payoffs are numbered in the file's order, so cell (a, b, c) begins with 3 (a + 2 b + 6 c)."""
    table = parsed('NFG 1 R "" { "" "" "" } { 2 3 2 } ' + " ".join(map(str, range(36))))
    assert table.players == ("player_1", "player_2", "player_3")
    for a, b, c in itertools.product(range(2), range(3), range(2)):
        first = 3 * (a + 2 * b + 6 * c)
        assert table.payoffs[a, b, c].tolist() == [first, first + 1, first + 2]


def test_outcome_zero_pays_nothing():
    table = parsed('NFG 1 R "" { "a" "b" } { 1 2 } { { "x" 3 4 } } 0 1')
    assert table.payoffs.tolist() == [[[0, 0], [3, 4]]]


names = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1, max_size=5
).filter(lambda name: not name.endswith("\\"))
sizes = st.lists(st.integers(1, 3), min_size=1, max_size=4).map(tuple)
numbers = st.one_of(
    st.integers(-20, 20),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: number if abs(number) > 1e-140 else 0.0),
    st.sampled_from([1 / 3, 1e-12, 1e15, 1e22, -1e23, 1e150, 1e-140, -2.5e-7]),
)


@given(sizes.flatmap(lambda size: st.tuples(
    st.lists(numbers, min_size=int(np.prod(size)) * len(size), max_size=int(np.prod(size)) * len(size)).map(lambda cells: np.array(cells, dtype=float).reshape((*size, len(size)))),
    st.lists(names.filter(lambda name: name != "authority"), min_size=len(size), max_size=len(size), unique=True),
    st.tuples(*(st.lists(names, min_size=own, max_size=own, unique=True) for own in size)),
    names,
)))  # fmt: skip
def test_there_and_back(drawn):
    table, players, actions, title = drawn
    fallback = [own[0] for own in actions]
    game = gl.normal_form(payoffs=table, players=players, actions=actions, fallback=fallback)
    text = nfg_text(game, title)
    body = text.rsplit("}", 1)[1].split()
    assert all(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", number) for number in body), (
        "no exponent, no sign in front"
    )
    back = parsed(text)
    assert back.title == title
    assert back.players == game.players
    assert back.actions == game.actions
    assert np.array_equal(back.payoffs.astype(float), table)


def test_files_there_and_back(tmp_path):
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0, players=["agency", "firm"])
    path = tmp_path / "dilemma.nfg"
    gl.write_nfg(stage, path, title="Dilemma")
    game = gl.read_nfg(path, agreement=["C", "C"], fallback=["D", "D"])
    assert game.players == ("agency", "firm")
    assert game.actions == (("C", "D"), ("C", "D"))
    assert game.agreement.tolist() == [[0, 0]]
    repeated = gl.repeated(game, discount_factor=0.9)
    assert gl.critical_discount_factor(repeated, "grim") == pytest.approx((5 - 3) / (5 - 1))
    assert nfg_text(game, "Dilemma") == path.read_text()


def test_all_lines_of_a_move_are_written():
    """Monitoring costs 1/2 to each: the table is lower by that."""
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    watched = gl.monitoring(gl.repeated(stage, rounds=1), detection=1, cost=0.5)
    assert parsed(nfg_text(watched)).payoffs.tolist() == [
        [[2.5, 2.5], [-0.5, 4.5]],
        [[4.5, -0.5], [0.5, 0.5]],
    ]


def test_only_single_stage_games_are_written(tmp_path):
    grid = gl.prisoners_dilemma(temptation=[5, 6], reward=3, punishment=1, sucker=0)
    with pytest.raises(GameError, match="a grid of 2 games"):
        gl.write_nfg(grid, tmp_path / "x.nfg")
    ladder = gl.graduated_sanctions(
        gl.monitoring(gl.repeated(grid.take([0]), rounds=1), detection=1), fines=[1, 2]
    )
    with pytest.raises(GameError, match="4 states"):
        nfg_text(ladder.replace(shape=()))
    with pytest.raises(InputError, match="cannot be written"):
        gl.write_nfg(
            gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0), tmp_path / "no" / "x.nfg"
        )


HEAD = 'NFG 1 R "t" { "a" "b" }'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "x:1:1: not a .nfg file: it does not begin with NFG"),
        ("EFG 2 R", "x:1:1: not a .nfg file: it does not begin with NFG; it holds a game tree"),
        ("NFG 2 R", "x:1:5: version '2' of the format is not known; it must be 1"),
        ("NFG 1 Q", "x:1:7: 'Q' stands where the type of the numbers must be: R"),
        ("NFG 1 R title", "x:1:9: the title in quotes is needed here"),
        ('NFG 1 R "title', "x:1:9: a text in quotes begins here and does not end"),
        ('NFG 1 R "t" "a"', "x:1:13: 'a' stands where the players' names in braces are needed"),
        ('NFG 1 R "t" { a "b" }', "x:1:15: 'a' stands where the name of a player in quotes"),
        ('NFG 1 R "t" { "a"', "x:1:18: the file ends where the name of a player in quotes"),
        ('NFG 1 R "t" { }', "x:1:13: no players stand here"),
        (HEAD, "x:1:24: the file ends where the numbers or the names of the strategies"),
        (HEAD + "\n{ 2 }", "x:2:1: strategies of 1 players for 2 players"),
        (HEAD + "\n{ 2 0 }", "x:2:5: 0 stands where a number of strategies from 1"),
        (HEAD + "\n{ 2 x }", "x:2:5: 'x' stands where a number of strategies is needed"),
        (HEAD + "\n{ 1 1 }\n1 \u0663", "x:3:3: '\u0663' is not a finite number such as 2, -0.5 or 1/3; it has U+0663 (arabic-indic digit three)"),
        (HEAD + "\n{ 1 1 }\n1\u00a02", "x:3:1: '1\u00a02' is not a finite number such as 2, -0.5 or 1/3; it has U+00A0 (no-break space)"),
        (HEAD + "\n{ 1 1 }\n1 \u22122", "x:3:3: '\u22122' is not a finite number such as 2, -0.5 or 1/3; it has U+2212 (minus sign)"),
        (HEAD + "\n{ \u0661 1 }\n1 2", "x:2:3: '\u0661' stands where a number of strategies is needed; it has U+0661"),
        (HEAD + "\u2003{ 1 1 }\n1 2", "x:1:24: '\\u2003' stands where the numbers or the names of the strategies in braces are needed; it has U+2003 (em space)"),
        ('NFG 1 R "t\\"', "x:1:9: a text in quotes begins here and does not end"),
        (HEAD + "\n{ { } 1 }", "x:2:3: no strategies stand here"),
        (HEAD + "\n{ 1 2 }\n1 2\n3", "x:4:2: the file ends where a payoff is needed: 1 x 2 strategies need 1 x 2 x 2 payoffs"),
        (HEAD + "\n{ 1 2 }\n1 2\n3 4 5", "x:4:5: '5' stands after the last payoff: 1 x 2 strategies need 1 x 2 x 2 payoffs and no more"),
        (HEAD + "\n{ 1 2 }\n1 2\n3 four", "x:4:3: 'four' is not a finite number"),
        (HEAD + "\n{ 1 1 }\n1 nan", "x:3:3: 'nan' is not a finite number"),
        (HEAD + "\n{ 1 1 }\n1 1/0", "x:3:3: '1/0' is not a finite number"),
        (HEAD + "\n{ 1 1 }\n1 1e99999999", "x:3:3: '1e99999999' is not a finite number"),
        (HEAD + "\n{ 99999 1 }\n1", "x:2:3: 99999 stands where a number of strategies from 1 to 25000 is needed"),
        (HEAD + "\n{ 9999 999 }\n1", "x:3:1: 9999 x 999 strategies need 9999 x 999 x 2 payoffs: more than 25,000"),
        (HEAD + "\n{ 1 1 1 }\n1 1", "x:2:7: strategies of more than 2 players"),
        (HEAD + "\n{ 1 }\n1 1", "x:2:1: strategies of 1 players for 2 players"),
        (HEAD + '\n{ 1 2 }\n{ { "x" 1 2 } }\n1 2', "x:4:3: 2 stands where the number of an outcome (1 x 2 strategies need 1 x 2 numbers of outcomes) from 0 to 1 is needed"),
        (HEAD + '\n{ 1 2 }\n{ { "x" 1 2 3 } }\n1 1', "x:3:3: outcome 1 has 3 payoffs for 2 players"),
        (HEAD + '\n{ 1 2 }\n{ { "x" 1 2 }\n1 1', "x:4:1: '1' stands where an outcome in braces"),
        (HEAD + '\n{ 1 2 }\n{ { "x" 1 2 } }\n1', "x:4:2: the file ends where the number of an outcome"),
        (HEAD + '\n{ 1 2 }\n{ { "x" 1 2 } }\n1 1 1', "x:4:5: '1' stands after the last payoff"),
        ('NFG 1 R "t" { ' + '"" ' * 21 + "}", "x:1:13: 21 players; at most 20 are read"),
    ],
)  # fmt: skip
def test_mistakes_are_told_at_their_place(text, words):
    with pytest.raises(InputError) as refusal:
        parsed(text, "x")
    assert str(refusal.value).startswith(words)
    assert "\n" not in str(refusal.value)


@given(st.text(alphabet='NFGR1 0"{}\\\n,/x-.', max_size=60), st.integers(0, len(PAYOFFS)), st.integers(0, 30))
def test_no_text_brings_anything_but_a_table_or_a_sentence(noise, at, cut):
    for text in (noise, HEAD + noise, PAYOFFS[:at] + noise + PAYOFFS[at + cut :]):
        with contextlib.suppress(InputError):
            table = parsed(text, "x")
            assert table.payoffs.shape == (*map(len, table.actions), len(table.players))


def test_files_that_cannot_be_read(tmp_path, monkeypatch):
    (tmp_path / "pennies.nfg").write_text(PAYOFFS)
    with pytest.raises(InputError, match=r"penies.nfg: there is no such file; did you mean 'pennies.nfg'"):
        gl.read_nfg(tmp_path / "penies.nfg")
    with pytest.raises(InputError, match="a folder"):
        gl.read_nfg(tmp_path)
    with pytest.raises(GameError, match=r"path: .* given; write the path to a file"):
        gl.read_nfg("a\0b")
    (tmp_path / "latin.nfg").write_bytes(b'NFG 1 R\n"caf\xe9"')
    with pytest.raises(InputError, match=r"latin.nfg:2:1: not a text in UTF-8"):
        gl.read_nfg(tmp_path / "latin.nfg")
    monkeypatch.setattr(nfg, "LARGEST", 20)
    with pytest.raises(InputError, match=r"pennies.nfg:1:1: larger than 1 MB"):
        gl.read_nfg(tmp_path / "pennies.nfg")


@pytest.mark.parametrize(
    ("given", "default", "wanted"),
    [
        (["a", "a"], "player_{}", ("a_1", "a_2")),
        (["x", "x", "x_1"], "{}", ("x_2", "x_3", "x_1")),
        (["", "player_1"], "player_{}", ("player_1_1", "player_1")),
        (["player_2", ""], "player_{}", ("player_2", "player_2_1")),
        (["", ""], "player_{}", ("player_1", "player_2")),
        (["3", "", "2", ""], "{}", ("3", "2_1", "2", "4")),
        (["", "1", "1_1"], "{}", ("1_2", "1", "1_1")),
    ],
)
def test_names_are_numbered_apart(given, default, wanted):
    assert apart(given, default) == wanted


@given(
    st.lists(st.sampled_from(["", "1", "2", "3", "1_1", "1_2", "2_1", "u", "u_1", "authority"]), max_size=7)
)
def test_names_are_kept_where_they_can_be_and_never_the_same(given):
    found = apart(given, "{}", reserved=("authority",))
    assert len(set(found)) == len(found) == len(given)
    assert "authority" not in found
    for name, own in zip(given, found, strict=True):
        if name and name != "authority" and given.count(name) == 1:
            assert own == name


def test_a_file_with_repeated_and_colliding_names_is_read():
    text = 'NFG 1 R "" { "" "player_1" "authority" } { { "u" "u" } { "2" "" } { "" } } ' + "1 2 3 " * 4
    table = parsed(text)
    assert table.players == ("player_1_1", "player_1", "authority_1")
    assert table.actions == (("u_1", "u_2"), ("2", "2_1"), ("1",))
    game = gl.normal_form(payoffs=table.payoffs.tolist(), players=table.players, actions=table.actions)
    assert game.players == table.players


def test_only_a_quote_is_escaped():
    """As the format says: a backslash is itself, unless a quote follows."""
    text = r'NFG 1 R "C:\games \"one\"" { "a\b" "c\\d" } { 1 1 } 1 2'
    table = parsed(text)
    assert table.title == r'C:\games "one"'
    assert table.players == (r"a\b", r"c\\d")


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ({"players": ["a\\", "b"]}, r"players: 'a\\' ends with a backslash"),
        ({"actions": [["a", "b\\"], ["c", "d"]]}, r"actions: 'b\\' ends with a backslash"),
    ],
)
def test_a_backslash_before_the_closing_quote_cannot_be_written(names, words):
    game = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0, **names)
    with pytest.raises(GameError, match=words):
        nfg_text(game)
    with pytest.raises(GameError, match="title: "):
        nfg_text(gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0), "a\\")


@pytest.mark.parametrize("blank", list(" \t\n\r\f\v"))
def test_the_blanks_of_the_format(blank):
    assert parsed(PAYOFFS.replace("\n", blank)).payoffs[2, 1].tolist() == [20, 0]


def test_numbers_as_the_format_allows_them():
    numbers = {"7": 7, "-7": -7, "+7": 7, "1.": 1, ".5": Fraction(1, 2), "-.5": Fraction(-1, 2), "1/3": Fraction(1, 3),
               "-2/6": Fraction(-1, 3), "1e3": 1000, "1.5E-2": Fraction(3, 200), "2e+2": 200, "007": 7}  # fmt: skip
    table = parsed(f'NFG 1 R "" {{ "a" }} {{ {len(numbers)} }} {" ".join(numbers)}')
    assert table.payoffs.ravel().tolist() == list(numbers.values())


def test_a_game_without_a_pure_equilibrium_is_loaded_and_solved(tmp_path):
    path = tmp_path / "pennies.nfg"
    path.write_text(
        'NFG 1 R "Pennies" { "Odd" "Even" } { { "heads" "tails" } { "heads" "tails" } } 1 -1 -1 1 -1 1 1 -1'
    )
    game = gl.read_nfg(path)
    assert game.fallback[0, 0].tolist() == [[0.5, 0.5], [0.5, 0.5]]
    half = (Fraction(1, 2), Fraction(1, 2))
    assert gl.stage_equilibria(game).extreme == [(half, half)]
    assert str(game).splitlines() == [
        "Odd \\ Even  heads  tails",
        "heads       1, -1  -1, 1",
        "tails       -1, 1  1, -1",
    ]
