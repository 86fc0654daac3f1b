import doctest
import re
from html.parser import HTMLParser

import pytest

from gamelab.report import page as module
from gamelab.report.page import page
from gamelab.report.pictures import pictures, stems

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Reader(HTMLParser):
    """Reads a page strictly: every element is closed in its order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.words, self.attributes, self.ids, self.tags = [], [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def made(*results, drawn=()):
    """Return the page of some results; ``drawn`` are pictures of the first ones that are there already."""
    names = stems(results)
    rest = zip(results[len(drawn) :], names[len(drawn) :], strict=True)
    return page(results, [*drawn, *(pictures(result, name) for result, name in rest)], names, "0.1.0")


@pytest.fixture(scope="module")
def of_one(solved):
    return pictures(solved, *stems([solved]))


@pytest.fixture(scope="module")
def of_odd(nasty):
    return pictures(nasty, *stems([nasty]))


@pytest.fixture(scope="module")
def one(solved, of_one):
    return made(solved, drawn=[of_one])


@pytest.fixture(scope="module")
def odd(nasty, of_odd):
    return made(nasty, drawn=[of_odd])


def test_examples_in_docstrings():
    assert doctest.testmod(module).failed == 0


def test_the_question_claims_and_sources_are_there(one, solved):
    text = Reader(one).text
    for part in (
        solved["title"],
        solved["about"].strip(),
        solved["source"],
        "box1/prisoners_dilemma",
        "3.696",
    ):
        assert " ".join(part.split()) in text
    for claim in solved["claims"]:
        assert claim["says"] in text
    assert text.count("✓") == len(solved["claims"])
    assert "✗" not in text
    for name in solved["arrangements"]:
        assert name in text
    assert "detection 0.9" in text


def test_the_payoff_table(one):
    assert re.search(r"prisoners dilemma: payoffs of one round, agency first", Reader(one).text)
    cells = re.findall(
        r'<td><span class="row">(.*?)</span>,&nbsp;<span class="column">(.*?)</span></td>', one
    )
    assert cells == [("3", "3"), ("0", "5"), ("5", "0"), ("1", "1")]


def test_every_figure_is_in_the_page_once(one, solved):
    assert re.findall(r'<figure id="([^"]*)">', one) == [
        f"prisoners_dilemma-{name}"
        for name in ("waterfall", "path", "slack-horizontal", "slack-hierarchical", "levels-hierarchical")
    ]
    assert one.count("<svg") == one.count('role="img" aria-label="') - len(solved["claims"]) == 5


@pytest.mark.parametrize("which", ["one", "odd"])
def test_nothing_comes_from_elsewhere(which, request):
    text = request.getfixturevalue(which)
    found = Reader(text)
    assert "http:" not in text
    assert "https:" not in text
    assert "@import" not in text
    assert not {"script", "link", "iframe", "object", "embed"} & set(found.tags)
    links = [
        v
        for _, name, v in found.attributes
        if name in ("src", "href", "xlink:href", "srcset", "data", "action")
    ]
    assert all(link.startswith(("#", "data:")) for link in links)
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", text))


@pytest.mark.parametrize("which", ["one", "odd"])
def test_ids_are_there_once_and_links_lead_to_them(which, request):
    found = Reader(request.getfixturevalue(which))
    assert len(found.ids) == len(set(found.ids))
    links = [v[1:] for _, name, v in found.attributes if name in ("href", "xlink:href") and v.startswith("#")]
    assert set(links) <= set(found.ids)


def test_light_dark_and_phone(one):
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in one
    assert "@media (prefers-color-scheme: dark)" in one
    light, dark = one.split("@media (prefers-color-scheme: dark)")[:2]
    used = set(re.findall(r"var\(--([\w-]+)\)", one)) - {"sans", "serif"}
    assert used <= set(re.findall(r"--([\w-]+): #", light))
    assert used <= set(re.findall(r"--([\w-]+): #", dark.split("}")[0]))


def test_no_colour_of_a_figure_escapes_the_dark(one):
    for figure in re.findall(r"<svg.*?</svg>", one, re.DOTALL):
        assert not re.findall(r"(?:fill|stroke): #[0-9a-f]{6}", figure)


def test_no_word_of_a_figure_is_left_black(drawable, regions, numbers):
    entry = {"profile": ["comply"] * 2, "verdict": "holds"}
    entry["entries"] = [
        {"player": p, "levels": [0, 0], "state": "levels 0, 0", "gain": gain, "pays": False}
        for p, gain in (("agency", -1.0), ("association", -2.0))
    ]
    drawable["curves"]["arrangements"]["hierarchical"]["levels"] = entry
    drawable["maps"] = [regions, numbers]
    words = re.findall(r"<text [^>]*>", made(drawable))
    assert len(words) > 60
    assert all(re.search(r"fill: (var\(--\w+\)|#fffffe|#101214)", word) for word in words)


def test_names_are_shown_and_not_read_as_markup(odd, nasty):
    found = Reader(odd)
    assert nasty["title"] in found.text
    assert "<script>alert(1)</script>" in found.text
    assert "script" not in found.tags
    assert "b" in found.tags  # our own
    assert "A <b>bold</b> claim & more" in found.text
    assert "trust $ & <hope>" in found.text
    assert found.text.count("✗") == 1
    assert "nasty.yaml:38" in found.text or re.search(r"at nasty\.yaml:\d+", found.text)


def test_several_scenarios_have_a_list_of_contents(solved, nasty, of_one, of_odd, one):
    text = made(solved, nasty, solved, drawn=[of_one, of_odd])
    found = Reader(text)
    assert "3 scenarios" in found.text
    links = [v for tag, name, v in found.attributes if (tag, name) == ("a", "href")]
    assert links[:3] == ["#prisoners_dilemma", "#nasty", "#prisoners_dilemma_2"]
    shown = [v[1:] for tag, name, v in found.attributes if (tag, name) == ("use", "href") and "figure" in v]
    assert shown
    assert set(shown) <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    assert "<nav" not in one


def test_results_without_curves_make_a_page(result):
    text = Reader(made(result)).text
    assert "strict and costly" in text
    assert "the nearest candidate is grim, which gains 0.3" in text
    assert "the fines of 'strict and costly' fall at level 1" in text
    assert "at scenarios/free_riding.yaml:44" in text


def test_only_claims_or_nothing():
    Reader(made({"title": "x", "claims": []}))
    assert "0 scenarios" in Reader(page([], [], [], "0.1.0")).text


def test_moves_that_are_not_a_square_are_lists(drawable):
    drawable["curves"]["game"] = {
        "kind": "time_inconsistency",
        "players": ["partner", "gainer"],
        "actions": [["join", "decline"], ["honour", "renege"]],
        "moves": [
            {
                "state": "partner moves",
                "choosing": ["partner"],
                "rows": [
                    {"profile": ["join", "honour"], "payoffs": [-1, 4]},
                    {"profile": ["decline", "honour"], "payoffs": [0, 0]},
                ],
            }
        ],
    }
    text = made(drawable)
    assert (
        "time inconsistency, partner moves: payoffs of the move partner to partner to gainer join −1 4 decline 0 0"
        in Reader(text).text
    )
    assert '<td class="n">−1</td>' in text


def test_two_pages_are_the_same(solved, one):
    assert made(solved) == one


def test_the_best_come_first(solved, nasty):
    lost = {**solved, "best_arrangement": "none"}
    head = made(lost, solved, drawn=[[], []]).split("</nav>")[0]
    assert head.index("An institution is best") < head.index('href="#prisoners_dilemma_2"')
    assert head.index('href="#prisoners_dilemma_2"') < head.index('href="#prisoners_dilemma"')
    assert "In 1 of 2 an institution is the best arrangement." in head


def test_changed_settings_stand_at_the_top_and_in_the_command(result):
    text = made({**result, "overrides": {"parameters.fine": 2.5, "information.observe": "public"}})
    words = Reader(text).text
    assert "Changed for this run" in words.split("The game")[0]
    assert "--set parameters.fine=2.5 --set information.observe=public" in words
    assert "Changed for this run" not in made(result)
