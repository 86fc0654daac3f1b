"""The examples of docs/simulation.md run, and print what the page says."""

import doctest
import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "simulation.md").read_text(encoding="utf-8")
SECTIONS = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]


@pytest.mark.parametrize("section", SECTIONS, ids=[section.splitlines()[0] for section in SECTIONS])
def test_examples(section):
    examples = "\n".join(re.findall(r"```python\n(.*?)```", section, flags=re.DOTALL))
    title = section.splitlines()[0]
    test = doctest.DocTestParser().get_doctest(examples, {}, title, "docs/simulation.md", 0)
    assert doctest.DocTestRunner().run(test).failed == 0
