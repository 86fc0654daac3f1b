import re
import xml.etree.ElementTree as ET

import pytest
from saved_figures import png, svg

from gamelab.report.figures.canvas import Canvas
from gamelab.report.figures.drawing import inline, style
from gamelab.report.figures.slack import slack

TEXT = "{http://www.w3.org/2000/svg}text"


@pytest.fixture
def figure(solved):
    return slack(solved["curves"]["arrangements"]["horizontal"]["slack"])


def named(words):
    with style():
        canvas = Canvas(words, 1.0)
        canvas.text(1, 0.5, words)
    return canvas.figure


@pytest.mark.parametrize(
    "words", ["<b> & \"c\" 'd'", "$x_1$ costs", "École 信任", "100 % #1 \\alpha {a}", "]]> -->"]
)
def test_names_are_shown_as_written_and_text_stays_text(words):
    root = ET.fromstring(svg(named(words), "x").split("?>", 1)[1].split(">", 1)[1])
    assert [text.text for text in root.iter(TEXT)] == [words, words]
    assert root.attrib["aria-label"] == words
    assert root.find("{http://www.w3.org/2000/svg}title").text == words
    assert png(named(words)).startswith(b"\x89PNG")


def test_two_drawings_are_the_same_bytes(solved):
    lines = solved["curves"]["arrangements"]["horizontal"]["slack"]
    assert svg(slack(lines), "a") == svg(slack(lines), "a")
    assert png(slack(lines)) == png(slack(lines))


def test_ids_differ_between_figures_and_every_reference_is_there(figure):
    one, other = svg(figure, "one"), svg(figure, "other")
    ids = [set(re.findall(r'\bid="([^"]*)"', text)) for text in (one, other)]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert all(name.startswith("one-") for name in ids[0])
    for text, known in zip((one, other), ids, strict=True):
        assert set(re.findall(r'(?:url\(#|href="#)([^")]*)', text)) <= known


def test_a_file_has_a_size_and_paper_of_its_own(figure):
    text = svg(figure, "a")
    assert re.search(r'<svg[^>]* width="[\d.]+pt"', text)
    assert "fill: #ffffff" in text
    assert "DejaVu" not in text
    assert "matplotlib" not in text.lower()
    assert "date" not in text


def test_a_part_of_the_page_has_the_colours_of_the_page(figure):
    text = inline(svg(figure, "a"))
    assert text.startswith("<svg")
    assert "viewBox" in text
    assert "http" not in text
    assert not re.search(r"<svg[^>]* (width|height|xmlns)=", text)
    assert "var(--ink)" in text
    assert "var(--paper)" in text
    assert not re.search(r"#[0-9a-f]{6}\b(?!-)", re.sub(r'(href="#|url\(#)[^")]*', "", text))


def test_a_picture_is_large_enough_for_a_talk(figure):
    width = int.from_bytes(png(figure)[16:20], "big")
    assert width >= 900
