"""Numbers: how they are shown in tables, sentences and pictures, with which sign, and counts of things.

On the screen, in LaTeX and in claims a minus is the hyphen that programs and commands read; on the page and
in pictures it is a minus sign.
"""

from __future__ import annotations

import math

NOISE = 1e-12
"""What is smaller is shown as 0."""
NARROW = "\u00a0"
"""A blank at which no line breaks."""


def minus(text: str) -> str:
    """Return a number's text with a minus sign in the place of its hyphen; one alone says that there is none.

    >>> minus("-1e-05"), minus("-")
    ('−1e-05', '-')
    """
    return f"−{text[1:]}" if text.startswith("-") and text != "-" else text


def number(value: float | str | None) -> str:
    """Return a number as a table shows it: three decimals, fewer digits only where those say nothing.

    >>> number(3.59385), number(None), number(2.5e-7), number(-1e-17), number("not known")
    ('3.594', '-', '2.5e-07', '0.000', 'not known')
    """
    if value is None or isinstance(value, str):
        return value or "-"
    if abs(value) < NOISE:
        return "0.000"
    return f"{value:.3f}" if 5e-4 <= abs(value) < 1e6 else f"{value:.3g}"


def signed(value: float | str | None) -> str:
    """Return a number as a table of the page shows it.

    >>> signed(-3.59385), signed(None)
    ('−3.594', '-')
    """
    return minus(number(value))


def amount(value: float | None) -> str:
    """Return a payoff for a sentence or a label: two decimals where those say something.

    >>> amount(3.59385), amount(-1.5), amount(0.004), amount(2e9), amount(None), amount(-1e-15)
    ('3.59', '−1.50', '0.004', '2e+09', '-', '0')
    """
    if value is None:
        return "-"
    if abs(value) < NOISE:
        return "0"
    return minus(f"{value:.2f}" if 0.095 <= abs(value) < 1e6 else f"{value:.2g}")


def factor(value: float) -> str:
    """Return a discount factor or a setting: three digits, more where those would make it 0 or 1.

    >>> factor(0.58107), factor(0.9), factor(1.0), factor(0.9999987), factor(1/3)
    ('0.581', '0.9', '1', '0.999999', '0.333')
    """
    for digits in range(3, 12):
        text = f"{value:.{digits}g}"
        if float(text) not in (0.0, 1.0) or abs(value - float(text)) < NOISE:
            return text
    return text


def percent(share: float) -> str:
    """Return a share of 1 in per cent; what is not all or nothing is not rounded to it.

    >>> [percent(share).replace(NARROW, " ") for share in (1, 0.9999, 0.31, 0.2654, 1e-5, 0)]
    ['100 %', 'over 99.9 %', '31 %', '26.5 %', 'under 0.1 %', '0 %']
    """
    hundred = 100 * share
    if abs(hundred - round(hundred)) < 1e-7:
        return f"{round(hundred)}{NARROW}%"
    if hundred > 99.9:
        return f"over 99.9{NARROW}%"
    return f"under 0.1{NARROW}%" if hundred < 0.1 else f"{hundred:.1f}".removesuffix(".0") + f"{NARROW}%"


def tick(value: float) -> str:
    """Return a number at an axis: short, with a real minus.

    >>> tick(0.30000000000000004), tick(-2.0), tick(5e9)
    ('0.3', '−2', '5e+09')
    """
    return minus(f"{value + 0.0:.6g}")


def mean_and_margin(mean: float, margin: float) -> str:
    """Return a mean and its margin, to two digits of the margin.

    >>> mean_and_margin(2.88961, 0.0048012), mean_and_margin(-0.1, 0.0), mean_and_margin(1234.5, 56.7)
    ('2.8896 ± 0.0048', '−0.1 ± 0', '1234 ± 57')
    """
    if margin <= 1e-9 * (1 + abs(mean)):
        return f"{tick(mean)} ± 0"
    decimals = max(0, min(9, 1 - math.floor(math.log10(margin))))
    return minus(f"{mean:.{decimals}f} ± {margin:.{decimals}f}")


def counted(many: int, noun: str, plural: str = "") -> str:
    """Return how many there are of something.

    >>> counted(1, "state"), counted(20_000, "match", "matches")
    ('1 state', '20,000 matches')
    """
    return f"{many:,} {noun if many == 1 else plural or noun + 's'}"
