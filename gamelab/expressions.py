"""Expressions: numbers, names, + - * / ^, min and max, read by a small grammar and evaluated exactly."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NoReturn

import numpy as np

from gamelab.arithmetic import EXACT_BITS, OPERATIONS, ExponentError, Value, alike, bits
from gamelab.errors import InputError, listed, nearest

LONGEST = 4000
DEEPEST = 60
FLOAT_BITS = 1000
DECIMALS = 400
SHORT = 200
"""Characters of a path that is kept in parts, as the same paths are split again and again."""

_TOKEN = re.compile(
    r"""(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<name>(?:[^\W\d]\w*|'[^']*'|"[^"]*")(?:\s*\.\s*(?:\w+|'[^']*'|"[^"]*"))*)
      | (?P<sign>[-+*/^(),])""",
    re.VERBOSE,
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SPACED = re.compile(r"(?<![\w.])[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?![\w.])")
"""Thousands with spaces between, also those that do not break."""
_SEGMENT = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)"|([^.'"]+?))\s*(?:\.|$)""")
_PLAIN = re.compile(r"\w+")
_HINTS = {
    "%": "write 0.02 for 2%", "=": "an expression has no '='",
    "[": "use round brackets", "{": "use round brackets",
    "×": "write * for a product", "·": "write * for a product",
    **dict.fromkeys("−–—", "write - for a minus sign"),
    **dict.fromkeys("'\"", "a quotation mark is missing its partner"),
    **dict.fromkeys("“”„‘’«»", "write the number without quotation marks, or straight ones"),
    **dict.fromkeys("$€£¥", "write the number alone, without a unit"),
    ";": "write commas between the items of a list", "#": "a comment needs a space before its '#'",
}  # fmt: skip
FUNCTIONS = ("min", "max")


def segments(path: str) -> tuple[str, ...]:
    """Return the parts of a dotted path; a part with dots or spaces stands in quotes.

    >>> segments('arrangements."two tiers".institutions.monitoring.cost')
    ('arrangements', 'two tiers', 'institutions', 'monitoring', 'cost')

    Raises
    ------
    InputError
        For an empty part or a quotation mark without its partner.
    """
    return _segments(path) if len(path) < SHORT else _segments.__wrapped__(path)


@functools.lru_cache(maxsize=4096)
def _segments(path: str) -> tuple[str, ...]:
    parts: list[str] = []
    start, open_end = 0, True
    while start < len(path) or open_end:
        match = _SEGMENT.match(path, start)
        if match is None or match.end() == start:
            raise InputError(f"'{shortened(path)}' is not a dotted path such as time.discount_factor")
        parts.append(next(part for part in match.groups() if part is not None))
        open_end = match[0].endswith(".")
        start = match.end()
    return tuple(parts)


def dotted(parts: Sequence[str]) -> str:
    """Return the one way in which a path is written.

    >>> dotted(("arrangements", "two tiers", "profiles"))
    "arrangements.'two tiers'.profiles"
    """
    return ".".join(part if _PLAIN.fullmatch(part) else _quoted(part) for part in parts)


def _quoted(part: str) -> str:
    return f'"{part}"' if "'" in part else f"'{part}'"


@dataclass(frozen=True)
class Expression:
    """An expression, read and ready to be evaluated.

    Parameters
    ----------
    text : str
        As written.
    names : tuple of str
        The names in it, in order of appearance; dotted paths in their one form (see ``dotted``).
    """

    text: str
    names: tuple[str, ...]
    steps: tuple[tuple[str, Any, int], ...] = field(repr=False, default=())

    def evaluate(self, scope: Mapping[str, Any]) -> Value:
        """Return the value: a fraction where that is possible, else a float; an array where a name is one.

        Parameters
        ----------
        scope : mapping of str to number or array
            What the names stand for.

        Raises
        ------
        InputError
            For an unknown name, a division by zero, or a result that is not a finite number.

        Examples
        --------
        >>> parse("1 - accuracy^2").evaluate({"accuracy": Fraction(9, 10)})
        Fraction(19, 100)
        """
        stack: list[Value] = []
        for kind, content, position in self.steps:
            if kind == "number":
                stack.append(content)
            elif kind == "name":
                stack.append(self._named(content, scope, position))
            else:
                operation, count = OPERATIONS[kind], content
                operands = stack[len(stack) - count :]
                del stack[len(stack) - count :]
                stack.append(self._applied(operation, operands, position))
        value = stack[0]
        if isinstance(value, Fraction) and value.numerator.bit_length() > FLOAT_BITS:
            self._applied(float, [value], 0)
        return value

    def _named(self, name: str, scope: Mapping[str, Any], position: int) -> Value:
        try:
            value = scope[name]
        except KeyError:
            known = list(scope)
            others = f"; known here: {', '.join(known[:12])}{', ...' * (len(known) > 12)}" if known else ""
            hint = nearest(name, known) or others
            _refuse(f"unknown name '{shortened(name)}'{hint}", self.text, position)
        try:
            return number(value)
        except (TypeError, ValueError):
            _refuse(f"'{shortened(name)}' is {shortened(str(value))}, not a number", self.text, position)

    def _applied(self, operation: Callable[..., Value], operands: list[Value], position: int) -> Value:
        try:
            with np.errstate(all="ignore"):
                value = operation(*alike(operands))
        except ZeroDivisionError:
            _refuse("division by zero", self.text, position)
        except OverflowError:
            _refuse("too large a number", self.text, position)
        except ExponentError as problem:
            _refuse(str(problem), self.text, position)
        if isinstance(value, complex) or not (isinstance(value, Fraction) or np.all(np.isfinite(value))):
            _refuse("not a finite number", self.text, position)
        if isinstance(value, Fraction) and bits(value) > EXACT_BITS:
            return self._applied(float, [value], position)
        return value

    def __str__(self) -> str:
        return self.text


def parse(text: str) -> Expression:
    """Read an expression.

    Parameters
    ----------
    text : str
        Numbers, names, dotted paths (names with spaces in quotes), ``+ - * / ^``, parentheses, ``min``
        and ``max``. A power binds tighter than a minus sign before it, and to the right.

    Raises
    ------
    InputError
        In words, with the place in the text.

    Examples
    --------
    >>> parse("(5 - 3)/(5 - 1)").evaluate({})
    Fraction(1, 2)
    >>> parse("min(game.reward, 2) + 1e-9").names
    ('game.reward',)
    """
    if _DATE.fullmatch(text):
        raise InputError(f"'{text}' is a date, not a number; to subtract write spaces around each -")
    if len(text) > LONGEST:
        raise InputError(f"an expression of {len(text):,} characters; the limit is {LONGEST:,}")
    reader = _Reader(text)
    reader.sum()
    reader.finish()
    names = tuple(dict.fromkeys(content for kind, content, _ in reader.steps if kind == "name"))
    return Expression(text, names, tuple(reader.steps))


def number(value: Any) -> Value:
    """Return a number as an expression holds it; raise TypeError or ValueError for anything else."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool | np.bool_ | str | list | tuple | dict):
        raise TypeError("not a number")
    if isinstance(value, int | np.integer):
        return Fraction(int(value))
    if isinstance(value, float):
        return float(value)
    array = np.asarray(value, dtype=np.float64)
    return array if array.ndim else float(array)


def shortened(text: str) -> str:
    """Return the text as an error message shows it: cut where it is long."""
    return text if len(text) <= 60 else text[:57] + "..."


class _Reader:
    """Reads tokens from left to right and writes the steps that evaluate them on a stack."""

    def __init__(self, text: str):
        self.text = text
        self.steps: list[tuple[str, Any, int]] = []
        self.depth = 0
        self.calls = 0
        self.kind, self.token, self.place, self.end = "", "", 0, 0
        self.advance()

    def advance(self) -> None:
        self.place = len(self.text) - len(self.text[self.end :].lstrip())
        if self.place == len(self.text):
            self.kind, self.token = "end", ""
            return
        match = _TOKEN.match(self.text, self.place)
        if match is None:
            character = self.text[self.place]
            hint = self.hint(character)
            self.refuse(f"'{character}' does not belong in an expression{hint}")
        self.kind, self.token, self.end = str(match.lastgroup), match[0], match.end()

    def hint(self, character: str) -> str:
        """Return what to write in place of a character that has no meaning here."""
        before = re.search(r"(?<!\d)(\d{1,15}(?:[.,]\d{1,15})?)\s*$", self.text[: self.place])
        after = re.match(r".(\d{3})", self.text[self.place :])
        if character == "%" and before:
            return f"; write {float(Fraction(before[1].replace(',', '.')) / 100):g} for {before[1]}%"
        if character in "'’" and before and after:
            return f"; write {before[1]}{after[1]} for thousands"
        return f"; {_HINTS[character]}" if character in _HINTS else ""

    def refuse(self, message: str) -> NoReturn:
        _refuse(message, self.text, self.place)

    def sum(self) -> None:
        self.product()
        while self.token in ("+", "-"):
            self.binary(self.product)

    def product(self) -> None:
        self.signed()
        while self.token in ("*", "/"):
            self.binary(self.signed)

    def binary(self, operand: Callable[[], None]) -> None:
        sign, place = self.token, self.place
        self.advance()
        if sign == "*" and self.token == "*":
            self.refuse("write ^ for a power")
        operand()
        self.steps.append((sign, 2, place))

    def signed(self) -> None:
        """Read a factor with signs before it."""
        with self:
            sign, place = self.token, self.place
            if sign in ("-", "+"):
                self.advance()
                self.signed()
                if sign == "-":
                    self.steps.append(("negative", 1, place))
                return
            self.atom()
            if self.token == "^":
                self.binary(self.signed)

    def atom(self) -> None:
        """Read a number, a name, a call or something in parentheses."""
        kind, token, place = self.kind, self.token, self.place
        if kind == "number":
            self.advance()
            self.steps.append(("number", self.exact(token, place), place))
        elif kind == "name":
            self.advance()
            if self.token == "(":
                self.call(token, place)
            else:
                self.steps.append(("name", dotted(segments(token)), place))
        elif token == "(":
            self.advance()
            self.sum()
            self.close()
        elif kind == "end":
            missing = "a number or a name is missing at the end" if self.steps else "nothing is written here"
            self.refuse(missing)
        else:
            comment = "; a comment begins with ' #'" if "//" in self.text else ""
            self.refuse(f"a number or a name is missing before '{token}'{comment}")

    def call(self, name: str, place: int) -> None:
        if name not in FUNCTIONS:
            hint = "; for a root write ^(1/2)" if name == "sqrt" else ""
            known = f"write {listed(FUNCTIONS)}{hint}"
            _refuse(f"unknown function '{shortened(name)}'; {known}", self.text, place)
        self.advance()
        self.calls += 1
        self.sum()
        count = 1
        while self.token == ",":
            self.advance()
            self.sum()
            count += 1
        self.calls -= 1
        self.close()
        self.steps.append((name, count, place))

    def close(self) -> None:
        if self.token != ")":
            self.finish(missing=")")
        self.advance()

    def finish(self, missing: str = "") -> None:
        """Refuse whatever is left over."""
        if self.token == "," and not self.calls:
            decimal = re.search(r"(\d+),(\d+)(\.\d+)?", self.text)
            if decimal is None or self.text.count(",") > 1:
                self.refuse("a comma; a list stands in brackets")
            if decimal[3]:
                self.refuse(f"a comma in a number; write {decimal[1]}{decimal[2]}{decimal[3]}")
            thousands = f", or {decimal[1]}{decimal[2]} for thousands" if len(decimal[2]) == 3 else ""
            self.refuse(f"a comma in a number; write {decimal[1]}.{decimal[2]}{thousands}")
        if missing:
            where = f"before '{shortened(self.token)}'" if self.token else "at the end"
            self.refuse(f"'{missing}' is missing {where}")
        if self.token == ")":
            self.refuse("')' without '(' before it")
        if self.kind != "end":
            spaced = _SPACED.search(self.text)
            if spaced and self.kind == "number":
                self.refuse(f"a space in a number; write {re.sub(r'[^0-9]', '', spaced[0])}")
            unit = "; write * for a product, and a number without its unit" if self.kind == "name" else ""
            self.refuse(f"'{shortened(self.token)}' follows without + - * / or ^ between{unit}")

    def exact(self, token: str, place: int) -> Fraction:
        exponent = re.split("[eE]", token)[1:]
        if exponent and (len(exponent[0]) > 6 or abs(int(exponent[0])) > DECIMALS):
            _refuse(f"'{shortened(token)}' has too large an exponent", self.text, place)
        return Fraction(token)

    def __enter__(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse(f"parentheses, signs or powers nested more than {DEEPEST} deep")

    def __exit__(self, *_: object) -> None:
        self.depth -= 1


def _refuse(message: str, text: str, position: int) -> NoReturn:
    where = f" (character {position + 1} of '{shortened(text)}')" if len(text) > 1 else ""
    raise InputError(message + where) from None
