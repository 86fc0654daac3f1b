"""Gambit's .nfg files, version 1: payoff tables of any number of players, every mistake at its place."""

from __future__ import annotations

import collections
import functools
import math
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from gamelab.errors import InputError, Problem
from gamelab.input_files import bytes_of
from gamelab.model.settings import shown

LARGEST = 1_000_000
MOST_PLAYERS = 20
MOST_PAYOFFS = 25_000
"""Payoffs that a table may have, and outcomes that are read: more would take longer than a second."""

BLANKS = " \t\n\r\f\v"
# a quote after a backslash belongs to the text; another backslash is only itself
_TOKEN = re.compile(
    rf'[{BLANKS},]+|(?P<brace>[{{}}])|"(?P<text>(?:\\"|[^"])*+)"|(?P<word>[^{BLANKS},{{}}"]+)|(?P<open>")'
)
_NUMBER = re.compile(
    r"[-+]?(\d{1,400}/\d{1,400}|(\d{1,400}(\.\d{0,400})?|\.\d{1,400})([eE][-+]?\d{1,3})?)", re.ASCII
)


@dataclass(frozen=True, eq=False)
class Table:
    """What a .nfg file says.

    Parameters
    ----------
    title : str
    players : tuple of str
    actions : tuple of tuple of str
    payoffs : object array (actions of player 0, actions of player 1, ..., n)
        Fractions.
    """

    title: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    payoffs: Any


@dataclass(frozen=True)
class Token:
    """A brace, a text in quotes or a word, and where it stands; an empty word at the end."""

    kind: str
    text: str
    at: int


def table_in(path: Path) -> Table:
    """Return what a .nfg file says; see ``read_nfg``."""
    file = str(path)
    data = bytes_of(path, most=LARGEST, too_large="larger than 1 MB, and so is its game", what="a .nfg file")
    try:
        return parsed(data.decode("utf-8-sig"), file)
    except UnicodeDecodeError as failure:
        line = data[: failure.start].count(b"\n") + 1
        raise InputError(Problem("not a text in UTF-8; save it as UTF-8", "", file, line, 1)) from None


@functools.lru_cache(maxsize=2)
def parsed(text: str, file: str = "<text>") -> Table:
    """Return what the text of a .nfg file says.

    Raises
    ------
    InputError
        With line and column of the first mistake.

    Examples
    --------
    >>> table = parsed('NFG 1 R "Pennies" {"Odd" "Even"} {2 2}  1 -1  -1 1  -1 1  1 -1')
    >>> table.players, str(table.payoffs[0, 1, 0])
    (('Odd', 'Even'), '-1')
    """
    return _Parser(text, file).table()


class _Parser:
    """Reads tokens one after the other; every refusal says where."""

    def __init__(self, text: str, file: str):
        self.text, self.file = text, file
        self.tokens = _tokens(text)
        self.next = next(self.tokens)

    def refuse(self, message: str, token: Token | None = None) -> NoReturn:
        token = token or self.next
        at = token.at
        message += _foreign(token) if token.kind == "word" else ""
        before = self.text[:at]
        line, column = before.count("\n") + 1, at - before.rfind("\n")
        raise InputError(Problem(message, "", self.file, line, column))

    def take(self) -> Token:
        token = self.next
        if token.kind == "open":
            self.refuse("a text in quotes begins here and does not end")
        self.next = next(self.tokens, token)
        return token

    def taken(self, brace: str) -> bool:
        """Take this brace if it comes next."""
        if self.next.kind == "brace" and self.next.text == brace:
            self.next = next(self.tokens)
            return True
        return False

    def expect(self, brace: str, wanted: str) -> Token:
        token = self.next
        if not self.taken(brace):
            self.refuse(f"{self.said()} where {wanted}")
        return token

    def said(self) -> str:
        token = self.next
        if token.kind == "end":
            return "the file ends"
        return f"{shown(token.text)} stands" if token.kind != "brace" else f"a '{token.text}' stands"

    def table(self) -> Table:
        title = self.header()
        players = self.players()
        actions, sizes = self.actions(players)
        if self.next.kind == "text":
            self.take()  # a comment
        cells = self.outcomes(sizes) if self.next.text == "{" else self.payoffs(sizes)
        if self.next.kind != "end":
            self.refuse(f"{self.said()} after the last payoff: {_sized(sizes)} and no more")
        n = len(players)
        payoffs = np.empty(len(cells), dtype=object)
        payoffs[:] = cells
        # the first player's action moves fastest in the file, the last one's in the table
        wide = payoffs.reshape((*reversed(sizes), n))
        return Table(title, players, actions, wide.transpose((*reversed(range(n)), n)))

    def header(self) -> str:
        first = self.take()
        if first.text != "NFG":
            hint = "; it holds a game tree: save its normal form" if first.text == "EFG" else ""
            self.refuse(f"not a .nfg file: it does not begin with NFG{hint}", first)
        version, kind = self.take(), self.take()
        if version.text != "1":
            self.refuse(f"version {shown(version.text)} of the format is not known; it must be 1", version)
        if kind.text not in ("R", "D") or kind.kind != "word":
            self.refuse(f"{shown(kind.text)} stands where the type of the numbers must be: R (or D)", kind)
        title = self.take()
        if title.kind != "text":
            self.refuse("the title in quotes is needed here", title)
        return _plain(title.text)

    def players(self) -> tuple[str, ...]:
        opening = self.expect("{", 'the players\' names in braces are needed, such as { "Ann" "Bob" }')
        names = self.names(opening, "player_{}", "player", "players", reserved=("authority",))
        if len(names) > MOST_PLAYERS:
            self.refuse(f"{len(names)} players; at most {MOST_PLAYERS} are read", opening)
        return names

    def names(
        self, opening: Token, default: str, noun: str, nouns: str, reserved: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Read names up to the closing brace; see ``apart`` for empty and repeated ones."""
        names: list[str] = []
        while not self.taken("}"):
            token = self.next
            if token.kind not in ("text", "open"):
                self.refuse(f"{self.said()} where the name of a {noun} in quotes, or a '}}', is needed")
            self.take()
            if len(names) == MOST_PAYOFFS:
                self.refuse(f"more than {MOST_PAYOFFS:,} {nouns}", token)
            names.append(_plain(token.text))
        if not names:
            self.refuse(f"no {nouns} stand here; at least one is needed", opening)
        return apart(names, default, reserved)

    def actions(self, players: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], ...], tuple[int, ...]]:
        """Read the strategies: their numbers, or their names in braces."""
        opening = self.expect("{", "the numbers or the names of the strategies in braces are needed")
        lists: list[tuple[str, ...]] = []
        while not self.taken("}"):
            if len(lists) == len(players):
                self.refuse(f"strategies of more than {len(players)} players")
            if self.next.text == "{" and self.next.kind == "brace":
                lists.append(self.names(self.take(), "{}", "strategy", "strategies"))
            else:
                count = self.whole("a number of strategies", 1, MOST_PAYOFFS)
                lists.append(tuple(str(k + 1) for k in range(count)))
        if len(lists) != len(players):
            self.refuse(f"strategies of {len(lists)} players for {len(players)} players", opening)
        return tuple(lists), tuple(map(len, lists))

    def whole(self, what: str, low: int, high: int) -> int:
        token = self.next
        if token.kind != "word" or not re.fullmatch(r"[0-9]{1,9}", token.text):
            self.refuse(f"{self.said()} where {what} is needed")
        self.take()
        if not low <= int(token.text) <= high:
            self.refuse(f"{token.text} stands where {what} from {low} to {high} is needed", token)
        return int(token.text)

    def number(self, missing: str) -> Fraction:
        token = self.next
        if token.kind != "word":
            self.refuse(f"{self.said()} where a payoff is needed: {missing}")
        self.take()
        try:
            if not _NUMBER.fullmatch(token.text):
                raise ValueError
            return Fraction(token.text)
        except (ValueError, ZeroDivisionError):
            self.refuse(f"{shown(token.text)} is not a finite number such as 2, -0.5 or 1/3", token)

    def payoffs(self, sizes: tuple[int, ...]) -> list[Fraction]:
        missing = _sized(sizes)
        return [self.number(missing) for _ in range(self.count(sizes) * len(sizes))]

    def outcomes(self, sizes: tuple[int, ...]) -> list[Fraction]:
        n = len(sizes)
        rows = [[Fraction(0)] * n]  # outcome 0 pays nothing
        self.expect("{", "the list of outcomes is needed")
        while not self.taken("}"):
            opening = self.expect("{", "an outcome in braces, or a '}', is needed")
            if self.next.kind == "text":
                self.take()  # its name
            row = []
            while not self.taken("}"):
                row.append(self.number(f"one for each of {n} players, then a '}}'"))
            if len(rows) * max(2, n) > MOST_PAYOFFS:
                self.refuse(f"more than {len(rows) - 1:,} outcomes", opening)
            if len(row) != n:
                self.refuse(f"outcome {len(rows)} has {len(row)} payoffs for {n} players", opening)
            rows.append(row)
        cells: list[Fraction] = []
        what = f"the number of an outcome ({_sized(sizes, outcomes=True)})"
        for _ in range(self.count(sizes)):
            cells += rows[self.whole(what, 0, len(rows) - 1)]
        return cells

    def count(self, sizes: tuple[int, ...]) -> int:
        """Return how many contingencies there are."""
        count = math.prod(sizes)
        if count * len(sizes) > MOST_PAYOFFS:
            self.refuse(f"{_sized(sizes)}: more than {MOST_PAYOFFS:,}")
        return count


def apart(names: Sequence[str], default: str, reserved: Collection[str] = ()) -> tuple[str, ...]:
    """Return names of which no two are the same: repeated ones are numbered, as Gambit does.

    Parameters
    ----------
    names : sequence of str
        An empty one becomes the default, which its place (from 1) is put into.
    default : str
        Such as ``player_{}``.
    reserved : collection of str
        Names that mean something else.

    Examples
    --------
    >>> apart(["u", "u", "u_1", "", "4"], "{}")
    ('u_2', 'u_3', 'u_1', '4_1', '4')
    """
    counts = collections.Counter(names)
    taken, following = {*names, *reserved}, collections.Counter[str]()
    tokens = []
    for place, given in enumerate(names, 1):
        name = given or default.format(place)
        stem, free = name, (counts[given] == 1 and given not in reserved) if given else name not in taken
        while not free:
            following[stem] += 1
            name = f"{stem}_{following[stem]}"
            free = name not in taken
        taken.add(name)
        tokens.append(name)
    return tuple(tokens)


def _foreign(token: Token) -> str:
    """Return which character no .nfg file has outside quotes, as the end of a sentence."""
    strange = next((letter for letter in token.text if not " " < letter <= "~"), None)
    if strange is None:
        return ""
    name = unicodedata.name(strange, "a control character").lower()
    return f"; it has U+{ord(strange):04X} ({name}), which stands in quotes only"


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        if match.lastgroup:
            yield Token(match.lastgroup, match[match.lastgroup], match.start())
    yield Token("end", "", len(text.rstrip(BLANKS)))


def _plain(quoted: str) -> str:
    return quoted.replace('\\"', '"')


def _sized(sizes: tuple[int, ...], *, outcomes: bool = False) -> str:
    cells = " x ".join(map(str, sizes))
    what = "numbers of outcomes" if outcomes else f"x {len(sizes)} payoffs"
    return f"{cells} strategies need {cells} {what}"
