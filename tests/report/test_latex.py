import doctest
import re

from gamelab.report import latex
from gamelab.report.latex import escaped, tables


def test_examples_in_docstrings():
    assert doctest.testmod(latex).failed == 0


def test_every_special_character_is_escaped():
    found = escaped('\\ & % $ # _ { } ~ ^ < > " |')
    assert re.sub(r"\\text\w+\{\}|\\[&%$#_{}]", "", found).split() == []


def test_tables_have_as_many_cells_as_columns(solved, nasty, result):
    for scenario in (solved, nasty, result):
        for name, text in tables(scenario).items():
            columns = re.search(r"\\begin\{tabular\}\{(.*)\}\n", text)[1]
            count = len(re.sub(r"p\{[^}]*\}", "l", columns))
            rows = [line for line in text.splitlines() if line.endswith(r"\\")]
            assert rows, name
            for row in rows:
                assert len(re.findall(r"(?<!\\)&", row)) == count - 1, row
            assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")


def test_rules_are_those_of_booktabs(solved):
    text = tables(solved)["arrangements"]
    assert [rule for rule in ("\\toprule", "\\midrule", "\\bottomrule") if rule in text].__len__() == 3
    assert "hline" not in text


def test_numbers(solved, nasty):
    assert (
        r"hierarchical & comply & workable & $1.000$ & $4.000$ & $0.304$ & $3.696$ \\"
        in tables(solved)["arrangements"]
    )
    assert r"$-2 \times 10^{9}$" in tables(nasty)["arrangements"]
    assert r"C & D & $0$ & $5$ \\" in tables(solved)["payoffs"]
    assert r"graduated sanctions: transfer" in tables(solved)["ledger"]
    assert " & no \\\\" in tables(nasty)["claims"]


def test_nothing_solved_has_no_tables():
    assert tables({"title": "x", "claims": []}) == {}
