import pytest
from hypothesis import given
from hypothesis import strategies as draws

from gamelab.scenario.reading import Branch, Listing, Scalar, read


def refusals(text):
    return [str(problem) for problem in read(text, "f").problems]


def test_nodes_know_their_places():
    root = read("a: 1/3\nb:\n  - x\n  - {c: 'y'}\n").root
    assert root.entries["a"] == Scalar("1/3", 1, 4)
    listing = root.entries["b"]
    assert isinstance(listing, Listing)
    assert (listing.items[0].line, listing.items[0].column) == (3, 5)
    branch = listing.items[1]
    assert isinstance(branch, Branch)
    assert branch.flow
    assert branch.entries["c"] == Scalar("y", 4, 9, plain=False)
    assert (branch.keys["c"].line, branch.keys["c"].column) == (4, 6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "f:1:1: the file is empty"),
        ("# only a comment\n", "f:1:1: the file is empty"),
        ("---\n", "f:1:1: the file is empty"),
        ("just words", "f:1:1: a scenario is a mapping"),
        ("- a\n- b\n", "f:1:1: a scenario is a mapping"),
        ("a: 1\na: 2\n", "f:2:1: a: is there twice; it was given before in line 1"),
        ("a:\n  b: 1\n  b: 2\n", "f:3:3: a.b: is there twice"),
        ("a: &x 1\n", "f:1:4: a: '&x' is an anchor"),
        ("a: *x\n", "f:1:4: a: '*x' is an alias"),
        (
            "a: !!python/object:os.system x\n",
            "f:1:4: a: 'tag:yaml.org,2002:python/object:os.system' is a tag",
        ),
        ("a: !x {b: 1}\n", "f:1:4: a: '!x' is a tag"),
        ("a: 1\n---\nb: 2\n", "f:2:1: a second document"),
        ("%YAML 1.1\n---\na: 1\n", "f:2:1: a scenario has no YAML directives"),
        ("1: x\n", "f:1:1: a key must be a text: write '1' in quotes"),
        ("true: x\n", "f:1:1: a key must be a text"),
        ("? [a]\n: x\n", "f:1:3: a key must be a text, not a list"),
        ("a:\n\tb: 1\n", "f:2:1: a tab stands here"),
        (
            "says: a, b: c\n",
            'f:1:11: a colon in a text without quotes; put the text in quotes: says: "a, b: c"',
        ),
        ("title: a {b, c: d\n", "f:1:15: a colon in a text without quotes"),
        ("a: {says: Free, riding}\n", 'put that in quotes: says: "Free, riding"'),
        ("a: {b: 0,9}\n", "f:1:10: a.9: a comma in a number: write b: 0.9"),
        ("a: {b:1}\n", "write a space after the colon: b: 1"),
        ("a: [1, 2\nb: 3\n", "f:1:4: '[' opens here"),
        ("a: 'x\nb: 2\n", "f:1:4: the quotation mark that opens here is never closed"),
        ("a: @x\n", "f:1:4: a text that begins with '@' needs quotes"),
        ("a: 1\n  b: 2\n", "f:2:4: this line is indented further"),
        ("a:\n  - b\n c: 1\n", "f:3:2: this line is indented by another number of spaces"),
        ("a\nb: 1\n", "f:1:1: 'a' has no colon"),
        ('a: "\\q"\n', "f:1:6: a backslash"),
        ("a: \x00\n", "f:1:4: not a text file"),
        ("a: " + "[" * 100, "nested more than 30 deep"),
    ],
)
def test_what_is_refused(text, expected):
    assert any(expected in said for said in refusals(text)), refusals(text)


def test_mistakes_of_syntax_do_not_hide_each_other():
    said = refusals("a: x: y\nb:\n\tc: 1\n\tg: 2\nd: @x\ne: *x\n")
    assert {line.split(": ")[0] for line in said} == {"f:1:5", "f:3:1", "f:4:1", "f:5:4", "f:6:4"}


def test_quotes_and_blocks_are_texts():
    root = read("a: 'x: y'\nb: |\n  k: v\nc: >-\n  long\n  text\n").root
    assert [node.text for node in root.entries.values()] == ["x: y", "k: v\n", "long text"]


@given(draws.text(alphabet="ab:-[]{},'\"|>#&*!%@\t\n ?0.", max_size=60))
def test_any_text_gives_nodes_or_located_problems(text):
    reading = read(text, "f")
    assert reading.root is not None or reading.problems
    assert all(problem.line and problem.column for problem in reading.problems)


HIDDEN = ["\u202e", "\u200b", "\u2066", "\u200f", "\u00ad"]


@pytest.mark.parametrize("character", HIDDEN, ids=ascii)
@pytest.mark.parametrize("text", ["title: a{}b\n", "a{}b: 1\n", "# a comment{}\na: 1\n", 'a: "{}"\n'])
def test_characters_that_are_not_seen_are_refused_where_they_stand(character, text):
    (problem,) = read(text.format(character), "f").problems
    assert ascii(character)[1:-1] in str(problem)
    assert "not seen" in str(problem)
    assert character not in str(problem)
    assert (problem.line, problem.column) == (1, text.index("{") + 1)


def test_escapes_of_characters_that_are_not_seen_are_refused():
    (problem,) = read('a: "x\\u202ey"\n', "f").problems
    assert "not seen" in str(problem)
