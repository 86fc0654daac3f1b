"""The examples of docs/simulation.md run, and print what it says; its table of learning has every rule."""

import doctest
import re
from pathlib import Path

import pytest

from gamelab.model.settings import settings_of
from gamelab.simulate.learning.rules import RULES

PAGE = (Path(__file__).parents[2] / "docs" / "simulation.md").read_text(encoding="utf-8")
SECTIONS = dict(section.split("\n", 1) for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:])


def test_every_part_has_a_section():
    assert list(SECTIONS) == ["Matches", "Tournaments", "Evolution", "Learning", "Populations with records"]


@pytest.mark.parametrize("title", SECTIONS)
def test_the_examples_run(title):
    examples = "\n".join(re.findall(r"```python\n(.*?)```", SECTIONS[title], flags=re.DOTALL))
    test = doctest.DocTestParser().get_doctest(examples, {}, title, "docs/simulation.md", 0)
    assert len(test.examples) > 4
    assert doctest.DocTestRunner().run(test).failed == 0


def test_the_table_of_learning_has_every_rule_and_its_settings():
    rows = dict(re.findall(r"^\| `(\w+)` \|(.*)$", SECTIONS["Learning"], flags=re.MULTILINE))
    assert set(rows) == set(RULES)
    for name, row in rows.items():
        if name != "trust":
            assert all(f"`{setting.name}`" in row for setting in settings_of(RULES[name]))
