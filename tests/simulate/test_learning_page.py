"""The examples of the section on learning in docs/simulation.md run, and print what it says; its table has every rule."""

import doctest
import re
from pathlib import Path

from gamelab.model.settings import settings_of
from gamelab.simulate.rules import RULES

PAGE = Path(__file__).parents[2] / "docs" / "simulation.md"


def section():
    _, _, rest = PAGE.read_text(encoding="utf-8").partition("## Learning\n")
    return re.split(r"^## ", rest, flags=re.MULTILINE)[0]


def test_the_examples_run():
    test = doctest.DocTestParser().get_doctest(section(), {}, "learning", str(PAGE), 0)
    assert len(test.examples) > 10
    assert doctest.DocTestRunner().run(test).failed == 0


def test_the_table_has_every_rule_and_its_settings():
    rows = {name: row for name, row in re.findall(r"^\| `(\w+)` \|(.*)$", section(), flags=re.MULTILINE)}
    assert set(rows) == set(RULES)
    for name, row in rows.items():
        if name != "trust":
            assert all(f"`{setting.name}`" in row for setting in settings_of(RULES[name]))
