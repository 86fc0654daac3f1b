"""LaTeX: a scenario's tables for a paper, with the rules of the booktabs package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gamelab.report.findings import line_name
from gamelab.report.numbers import number
from gamelab.report.words import COMPARISONS, Result, conduct, plain, verdict

ESCAPED = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "−": "$-$",
    "\n": " ",
}
QUANTITIES = {
    "Cooperation": "cooperation",
    "Gross benefit": "gross_benefit",
    "Transaction cost": "transaction_cost",
    "Net benefit": "net_benefit",
}


def escaped(text: Any) -> str:
    r"""Return a text as LaTeX prints it.

    >>> print(escaped("50 % of R&D_{old}"))
    50 \% of R\&D\_\{old\}
    """
    return "".join(ESCAPED.get(letter, letter) for letter in str(text))


def tables(result: Result) -> dict[str, str]:
    """Return each table of a scenario by name: payoffs, arrangements, ledger, claims."""
    texts = {
        "payoffs": _payoffs(result),
        "arrangements": _arrangements(result.get("arrangements") or {}),
        "ledger": _ledger(result.get("arrangements") or {}),
        "claims": _claims(result.get("claims") or ()),
    }
    return {name: text for name, text in texts.items() if text}


def tabular(columns: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""Return a table whose cells are LaTeX already.

    >>> print(tabular("lr", ["a", "b"], [["x", "1"]]), end="")
    % \usepackage{booktabs} (written by gamelab)
    \begin{tabular}{lr}
    \toprule
    a & b \\
    \midrule
    x & 1 \\
    \bottomrule
    \end{tabular}
    """
    body = [" & ".join(row) + r" \\" for row in rows]
    lines = [r"% \usepackage{booktabs} (written by gamelab)", rf"\begin{{tabular}}{{{columns}}}", r"\toprule"]
    lines += [" & ".join(head) + r" \\", r"\midrule", *body, r"\bottomrule", r"\end{tabular}"]
    return "\n".join(lines) + "\n"


def _figure(value: float | None) -> str:
    """Return a number in mathematics mode, so that its sign is a minus."""
    text = number(value)
    if "e" in text:
        mantissa, exponent = text.split("e")
        return rf"${mantissa} \times 10^{{{int(exponent)}}}$"
    return "--" if text == "-" else f"${text}$"


def _payoffs(result: Result) -> str:
    game = (result.get("curves") or {}).get("game") or {}
    players = game.get("players") or []
    moves = game.get("moves") or []
    several = len(moves) > 1
    rows = [
        [
            *([escaped(move["state"])] if several else []),
            *map(escaped, row["profile"]),
            *(f"${plain(float(amount))}$" for amount in row["payoffs"]),
        ]
        for move in moves
        for row in move["rows"]
    ]
    head = [
        *(["Move"] if several else []),
        *map(escaped, players),
        *(f"Payoff of {escaped(p)}" for p in players),
    ]
    columns = "l" * (len(players) + several) + "r" * len(players)
    return tabular(columns, head, rows) if rows else ""


def _arrangements(arrangements: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        [
            escaped(name),
            escaped(conduct(entry.get("profile"))),
            escaped(verdict(name, entry)),
            *(_figure(entry.get(key)) for key in QUANTITIES.values()),
        ]
        for name, entry in arrangements.items()
    ]
    head = ["Arrangement", "Conduct", "Verdict", *QUANTITIES]
    return tabular("lll" + "r" * len(QUANTITIES), head, rows) if rows else ""


def _ledger(arrangements: Mapping[str, Mapping[str, Any]]) -> str:
    accounts = list(
        dict.fromkeys(
            account
            for entry in arrangements.values()
            for amounts in (entry.get("ledger") or {}).values()
            for account in amounts
        )
    )
    rows = [
        [escaped(name), escaped(line_name(line)), *(_figure(amounts.get(account)) for account in accounts)]
        for name, entry in arrangements.items()
        for line, amounts in (entry.get("ledger") or {}).items()
    ]
    head = ["Arrangement", "Line", *map(escaped, accounts)]
    return tabular("ll" + "r" * len(accounts), head, rows) if rows else ""


def _claims(claims: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        [
            escaped(claim["says"]),
            escaped(str(claim["quantity"]).replace("_", " ")),
            escaped(claim.get("arrangement") or "--"),
            escaped(plain(claim.get("value"))),
            escaped(
                f"{COMPARISONS.get(claim.get('comparison') or '', '')} {plain(claim.get('expected'))}".strip()
            ),
            "yes" if claim["holds"] else "no",
        ]
        for claim in claims
    ]
    head = ["Claim", "Quantity", "Arrangement", "Found", "Claimed", "Holds"]
    return tabular(r"p{0.35\linewidth}lllll", head, rows) if rows else ""
