"""What a teacher's usual slips are told: one message each, which says what to write instead."""

import re

import pytest

from gamelab.errors import InputError
from gamelab.scenario import load

from .example import EXAMPLE, changed

BASELINE = (
    "  - says: Nothing unseen is kept\n    arrangement: none\n    quantity: supported\n    is: impossible\n"
)
TRANSPARENCY = "      transparency:\n        reach: 0.8\n"
LIST = "    profiles:\n      - grim\n"
CLAIMS = EXAMPLE.index("claims:")
ONE_CLAIM = "  says: One\n  arrangement: none\n  quantity: supported\n  is: impossible\n"


def told(tmp_path, content):
    file = tmp_path / "f.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    with pytest.raises(InputError) as refusal:
        load(file)
    assert all(problem.line and problem.column for problem in refusal.value.problems)
    return [str(problem).removeprefix(f"{file}:") for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "line", "hint"),
    [
        ("temptation: 5", "temptation: 5,5", 11, "a comma in a number; write 5.5"),
        ("temptation: 5", "temptation: 1,000.5", 11, "a comma in a number; write 1000.5"),
        ("temptation: 5", "temptation: 1'000", 11, "write 1000 for thousands"),
        ("temptation: 5", "temptation: 4 000", 11, "a space in a number; write 4000"),
        ("temptation: 5", "temptation: 4\u00a0000", 11, "a space in a number; write 4000"),
        ("temptation: 5", "temptation: 1\u202f234\u202f000", 11, "a space in a number; write 1234000"),
        ("temptation: 5", "temptation: 2024-05-01", 11, "'2024-05-01' is a date, not a number"),
        ("temptation: 5", "temptation: 5 // the gain", 11, "a comment begins with ' #'"),
        ("temptation: 5", "temptation: 5# the gain", 11, "a comment needs a space before its '#'"),
        ("temptation: 5", "temptation: five", 11, "unknown name 'five'; known here"),
        ("[2.5, 4, 8]", "[2,5, 4, 8]", 35, "write 2.5 for one number, or '2, 5' for two"),
        ("[2.5, 4, 8]", "[2.5; 4; 8]", 35, "write commas between the items of a list"),
        ("[2.5, 4, 8]", "2.5", 35, "a list is needed: write [2.5]"),
        ("cost: 0.15,", "cost: 0,15,", 34, "a comma in a number: write cost: 0.15"),
        ("reach: 0.8", "reach: 80%", 27, "write 0.8 for 80%"),
        ("reach: 0.8", "reach: 80", 27, "80 is not a number from 0 to 1"),
        ("reward: 3", "reward: “3”", 12, "write the number without quotation marks, or straight ones"),
        ("reward: 3", "reward: 3 EUR", 12, "and a number without its unit"),
        ("reward: 3", "reward: 3 €", 12, "write the number alone, without a unit"),
        ("reward: 3", "reward: $3", 12, "write the number alone, without a unit"),
        ("reward: 3", "reward:3", 12, "a space is missing after the colon; write 'reward: 3'"),
        ("reward: 3", "reward = 3", 12, "a key ends with a colon; write 'reward: 3'"),
        ("reward: 3", "reward: 3\n  reward: 4", 13, "is there twice; it was given before in line 12"),
        ("  reward: 3", "\treward: 3", 12, "a tab stands here; YAML wants spaces"),
        ("  reward: 3", "\u00a0\u00a0reward: 3", 12, "write an ordinary space"),
        ("  reward: 3", "  reward:\u00a03", 12, "write an ordinary space"),
        ("  reward: 3", "    reward: 3", 12, "this line is indented further than the one before it"),
        ("  reward: 3", " reward: 3", 12, "indented by another number of spaces"),
        ("1 - accuracy", "1 − accuracy", 28, "write - for a minus sign"),
        ("title: Free-riding", "title: Free: riding", 2, 'title: "Free: riding when conduct'),
        ("parameters:\n", "parameters:\n  - ", 8, "write the names without '- '"),
        ("1 - accuracy", "1 – accuracy", 28, "write - for a minus sign"),
        ("says: Reach", "says: [new] Reach", 44, "a text that begins with '[' needs quotes"),
        ("says: Reach", "says: 'Reach' always", 44, "put all of it in other quotation marks"),
        ("{time.discount_factor: 0.3}", "{discount_factor = 0.3}", 56, "write 'discount_factor: 0.3'"),
        ("{time.discount_factor: 0.3}", "{discount_factor:0.3}", 56, "write a space after the colon"),
        ("exact: false", "What follows is sure: yes", 38, "if it is a comment, begin it with '#'"),
        ("    selection: best", "    transparency: {reach: 1}", 37, "it belongs below 'institutions:'"),
        ("time:\n", "Time:\n", 15, "did you mean 'time'?"),
        ("  discount_factor: 0.9", "  delta: 0.9", 16, "did you mean 'discount_factor'?"),
        ("  discount_factor: 0.9", "  discount_rate: 0.1", 16, "write 'discount_factor: 1/(1 + r)'"),
        ("  discount_factor: 0.9", "  interest_rate: 0.1", 16, "write 'discount_factor: 1/(1 + r)'"),
        ("  discount_factor: 0.9", "  rounds: infinite", 16, "for play without an end leave it out"),
        ("  discount_factor: 0.9", "  discount_factor: 90", 16, "for 90 % write 0.9"),
        ("  discount_factor: 0.9", "  rounds: 10 rounds", 16, "and a number without its unit"),
        ("time:\n  discount_factor: 0.9", "time: 0.9", 15, "write each setting as 'key: value'"),
        ("  discount_factor: 0.9\n", "", 15, "give discount_factor, continuation_probability or rounds"),
        ("kind: prisoners_dilemma", "kind: prisoner's dilemma", 10, "did you mean 'prisoners_dilemma'?"),
        ("kind: prisoners_dilemma", "kind: PD", 10, "did you mean 'prisoners_dilemma'?"),
        ("[agency, association]", "agency, association", 6, "write [agency, association]"),
        ("[agency, association]", "[agency]", 6, "needs a list of 2 names"),
        ("players:", "Spieler:", 6, "'Spieler' is not a known key; known here: gamelab, title"),
        ("- grim", "- Grim", 31, "did you mean 'grim'?"),
        ("- grim", "- tit for tat", 31, "did you mean 'tit_for_tat'?"),
        (LIST, "    profiles: grim\n", 30, "a list is needed: write [grim]"),
        (LIST, "    profiles:\n      grim\n", 31, "a list is needed: write [grim]"),
        (LIST, "    profiles:\n      grim\n      comply\n", 31, "a list is needed: write [grim, comply]"),
        (
            LIST,
            "    profiles:\n      limited_punishment:\n        rounds: 2\n",
            31,
            "put '- ' before 'limited_punishment:'",
        ),
        (LIST, "    strategies: [grim]\n", 30, "did you mean 'profiles'?"),
        (TRANSPARENCY, f"      - {TRANSPARENCY.strip()}\n", 26, "write the names without '- '"),
        ("observe: none", "observe: no", 18, "did you mean 'none'?"),
        ("paid_by: authority", "paid_by: the authority", 34, "did you mean 'authority'?"),
        (BASELINE, BASELINE.replace("  - ", "  -"), 40, "a space is missing after the dash: write '- says:"),
        (
            BASELINE,
            BASELINE.replace("  - ", "  ").replace("    ", "  "),
            44,
            "put it before 'says: Nothing unseen is kept' in line 40 too",
        ),
        ("  - says: Reach", "    says: Reach", 44, "put '- ' before it if another item begins here"),
        ("is: impossible", "is: ja", 43, "did you mean 'yes'?"),
        ("above: 0\n", "is: above 0\n", 55, "write 'above: 0'"),
        ("quantity: net_benefit", "quantity: net benefit", 54, "did you mean 'net_benefit'?"),
        ("arrangement: none", "arrangement: nobody", 41, "write none, horizontal or hierarchical"),
        ("within: 1e-9", "within: 1%", 51, "write 0.01 for 1%"),
        ("{time.discount_factor: 0.3}", "time.discount_factor = 0.3", 56, "as 'key: value'"),
        (
            "{time.discount_factor: 0.3}",
            "{cost: 0.3, reech: 1}",
            56,
            "did you mean 'arrangements.horizontal.",
        ),
        ("  hierarchical:", "  horizontal:", 32, "is there twice; it was given before in line 24"),
    ],
)
def test_a_slip_gets_one_message_that_says_what_to_write(tmp_path, old, new, line, hint):
    (said,) = told(tmp_path, changed((old, new)))
    assert said.startswith(f"{line}:")
    assert hint in said


@pytest.mark.parametrize(
    ("content", "hints"),
    [
        (EXAMPLE[:CLAIMS] + f"claims:\n{ONE_CLAIM}", ["put '- ' before 'says:'"]),
        (EXAMPLE[:CLAIMS] + f"claims:\n{ONE_CLAIM}\n{ONE_CLAIM}", ["put '- ' before 'says:'"]),
        (
            changed((BASELINE, BASELINE.replace("- ", ""))),
            ["indented further than the one before it", "'- ' begins a list item here"],
        ),
        (
            changed(("temptation: 5", "T: 5"), ("reward: 3", "R: 3"), ("punishment: 1", "P: 1")),
            [f"did you mean '{name}'?" for name in ("temptation", "reward", "punishment")],
        ),
        (
            changed(("game:\n  kind: prisoners_dilemma\n", "game: prisoners_dilemma\n")),
            ["write 'kind: prisoners_dilemma'", "indented further"],
        ),
        (changed(("time:\n  ", "time:\n")), ["give discount_factor", "it belongs below 'time:'"]),
        (changed(("    above: 0\n", "    '>': 0\n")), ["needs a comparison", "did you mean 'above'?"]),
        (f"```yaml\n{EXAMPLE}", ["1:1: this line is no part of the scenario; remove it"]),
        (f"{EXAMPLE}---\n{EXAMPLE}", ["write one scenario per file"]),
        (
            EXAMPLE.replace("0.98", "0.98  # gemäß Abschnitt 3").encode("latin-1"),
            ["8:1: not a text in UTF-8"],
        ),
        (EXAMPLE.encode("utf-16"), ["save it as UTF-8"]),
        ("# nothing yet\n", ["the file is empty"]),
    ],
)
def test_a_slip_of_several_lines(tmp_path, content, hints):
    said = told(tmp_path, content)
    assert len(said) == len(hints), said
    for message, hint in zip(said, hints, strict=True):
        assert hint in message


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + EXAMPLE.replace("\n", "\r\n").encode(),
        EXAMPLE.replace("0.98", "0.98  # gemäß Abschnitt 3: 98%"),
        EXAMPLE.replace("title: Free-riding when", "title: “Free-riding” — when"),
        EXAMPLE.replace("reward: 3", 'reward: "3"'),
        EXAMPLE.replace("[2.5, 4, 8]", "[2,4,8]"),
        EXAMPLE[:CLAIMS] + "claims:\n",
        re.sub("exact: .*\n", "", EXAMPLE).replace("is: impossible", "is: 'impossible'"),
    ],
)
def test_what_is_no_mistake(tmp_path, content):
    file = tmp_path / "f.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    assert load(file).arrangements
