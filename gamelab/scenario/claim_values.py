"""Values that a claim expects, and labels of profiles, read from nodes; what is wrong is noted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gamelab.errors import InputError, Problem, listed, nearest
from gamelab.expressions import Expression, parse, shortened
from gamelab.scenario import catalogue
from gamelab.scenario.assembly import as_json
from gamelab.scenario.claims import evaluated
from gamelab.scenario.document import Scenario, content_of
from gamelab.scenario.leaves import BOOLEANS
from gamelab.scenario.quantities import QUANTITIES, SUPPORTED, Kind
from gamelab.scenario.reading import Branch, Listing, Node, Scalar
from gamelab.scenario.requests import Comparison
from gamelab.scenario.schema import COMPARISONS
from gamelab.scenario.values import Values

OTHER_WORDS = {
    **dict.fromkeys(("true", "ja", "oui"), "yes"),
    **dict.fromkeys(("no", "false", "nein", "non"), "no candidate"),
}


class ValueReader:
    """Reads values below one mapping of the file, and notes what is wrong with them."""

    def __init__(self, scenario: Scenario, node: Branch, key: str, unsure: frozenset[str]):
        self.scenario, self.node, self.key, self.unsure = scenario, node, key, unsure
        self.problems: list[Problem] = []

    def refuse(self, message: str, key: str = "", at: Node | None = None) -> None:
        """Note a problem at a key of the claim."""
        path = f"{self.key}.{key}" if key else self.key
        place = at or (self.node.entries.get(key) if key in self.node.entries else None) or self.node
        self.problems.append(self.scenario.problem(message, path, place))

    def text(self, key: str) -> str | None:
        """Return the text at a key."""
        node = self.node.entries.get(key)
        return node.text if isinstance(node, Scalar) and not node.null else None

    def label(self, node: Node) -> list[Any]:
        """Return a profile's label."""
        if isinstance(node, Listing):
            return [self.part(item) for item in node.items]
        return [self.part(node)] * len(self.scenario.players)

    def part(self, node: Node) -> Any:
        """Return what a label says of one player."""
        if isinstance(node, Scalar):
            return catalogue.strategy_name(node.text)
        if not isinstance(node, Branch) or len(node.entries) != 1:
            return ""
        name, body = next(iter(node.entries.items()))
        settings = body.entries if isinstance(body, Branch) else {}
        known = catalogue.strategy_settings(name) if catalogue.is_strategy(name) else {}
        scope = Values(self.scenario).scope()
        shown = {}
        for key, value in settings.items():
            if key not in known:
                message = f"{name} has no setting '{shortened(key)}'{nearest(key, known)}"
                self.refuse(message, "profile", value)
                continue
            try:
                shown[key] = as_json(evaluated(content_of(value, known[key]), scope))
            except InputError as refusal:
                for problem in refusal.problems:
                    self.refuse(problem.message, "profile", value)
        name = catalogue.strategy_name(name)
        return {name: shown} if shown else name

    def expected(self, quantity: str, comparison: Comparison) -> Any:
        """Return what the claim expects, read as the quantity wants it."""
        node = self.node.entries[comparison]
        known = QUANTITIES[quantity]
        if known.kind != "number" and comparison != "is":
            self.refuse(f"{quantity} is no number; write 'is'", comparison)
            return None
        if isinstance(node, Scalar) and node.null and comparison == "is" and node.text:
            return None
        if comparison == "is" and self.text("is") in known.words:
            return self.text("is")
        read: dict[Kind, Callable[[], Any]] = {
            "number": lambda: self.number(node, comparison),
            "word": lambda: self.word(node, [word for word in SUPPORTED if word]),
            "truth": lambda: self.boolean(node),
            "intervals": lambda: self.intervals(node),
            "arrangement": lambda: self.word(node, self.scenario.arrangements),
            "arrangements": lambda: self.names(node),
        }
        return read[known.kind]()

    def number(self, node: Node, key: str) -> Expression | None:
        """Return an expression."""
        if not isinstance(node, Scalar) or node.null:
            self.refuse("write a number or an expression" + (", or null" if key == "is" else ""), key, node)
            return None
        try:
            return parse(node.text)
        except InputError as refusal:
            first, _, rest = node.text.partition(" ")
            meant = first if first in COMPARISONS else catalogue.SYNONYMS.get(first, "")
            hint = f"; write '{meant}: {shortened(rest)}'" if meant in COMPARISONS else ""
            self.refuse(refusal.problems[0].message + hint, key, node)
            return None

    def word(self, node: Node, allowed: Sequence[str]) -> str:
        """Return one of these words."""
        word = node.text if isinstance(node, Scalar) else ""
        if word not in allowed:
            given = f"'{shortened(word)}'" if isinstance(node, Scalar) else "a list or a mapping"
            meant = OTHER_WORDS.get(word.lower(), "")
            hint = f"; did you mean '{meant}'?" if meant in allowed else nearest(word, allowed)
            self.refuse(f"{given} is not allowed; write {listed([*allowed, 'null'])}{hint}", "is", node)
        return word

    def boolean(self, node: Node) -> bool:
        """Return yes or no."""
        word = node.text.lower() if isinstance(node, Scalar) else ""
        if word not in BOOLEANS:
            self.refuse(f"'{shortened(word)}' is not allowed; write yes, no or null", "is", node)
        return BOOLEANS.get(word, False)

    def names(self, node: Node) -> list[str]:
        """Return a list of arrangements."""
        if not isinstance(node, Listing):
            self.refuse("write a list of arrangements, such as [horizontal, hierarchical]", "is", node)
            return []
        return [self.word(item, self.scenario.arrangements) for item in node.items]

    def intervals(self, node: Node) -> list[Any]:
        """Return a list of intervals."""
        items = node.items if isinstance(node, Listing) else (node,)
        if not isinstance(node, Listing) or not all(
            isinstance(item, Branch) and set(item.entries) == {"from", "to"} for item in items
        ):
            self.refuse("write a list of intervals, such as [{from: 1/3, to: 1}], or []", "is", node)
            return []
        return [
            {end: self.number(item.entries[end], "is") for end in ("from", "to")}
            for item in items
            if isinstance(item, Branch)
        ]
