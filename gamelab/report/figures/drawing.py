"""Drawing: a figure as an SVG file, as a PNG file, and as a piece of the page that follows its colours."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING, Any

from gamelab.report.figures.canvas import COLOURS, FONT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
DOTS = 220
QUICK = {"compress_level": 4}
"""Dots per inch of PNG files: 946 wide."""


def svg(figure: Figure, name: str) -> str:
    """Return a figure as an SVG file: text stays text, ids start with the name, and no date is in it."""
    file = io.StringIO()
    dateless = {"Date": None, "Creator": None, "Format": None, "Type": None}
    with _plainly({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(file, format="svg", metadata=dateless)
    text = file.getvalue()
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'<g id="[^"]*">', "<g>", text)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'(url\(#|href="#)', rf"\g<1>{name}-", text)
    text = text.replace(f"'{FONT}', sans-serif", FONTS).replace(f"'{FONT}'", FONTS)
    return _described(text, title(figure))


def inline(text: str) -> str:
    """Return an SVG file's text as a part of a page: no prologue, no size, and colours of the page."""
    text = text[text.index("<svg") :]
    head, tail = text.split(">", 1)
    head = re.sub(r'\s(?:xmlns(?::\w+)?|version|width|height)="[^"]*"', "", head)
    found = {light: name for name, (light, _) in COLOURS.items()}
    return head + ">" + re.sub(
        r"#[0-9a-f]{6}\b",
        lambda match: f"var(--{found[match[0]]})" if match[0] in found else match[0],
        tail,
    )  # fmt: skip


def png(figure: Figure) -> bytes:
    """Return a figure as a PNG file."""
    file = io.BytesIO()
    with _plainly({}):
        figure.savefig(file, format="png", dpi=DOTS, metadata={"Software": "gamelab"}, pil_kwargs=QUICK)
    return file.getvalue()


@contextmanager
def literally() -> Iterator[None]:
    """Let figures that are made here show names as they are written, dollars too."""
    from matplotlib import rc_context

    with rc_context({"text.parse_math": False}):
        yield


@contextmanager
def _plainly(settings: Any) -> Iterator[None]:
    """Draw in one font; letters that it lacks are no reason to warn, as readers' fonts have them."""
    from matplotlib import rc_context

    one_font: Any = {"font.family": ["sans-serif"], "font.sans-serif": [FONT]}
    with rc_context({**one_font, **settings}), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def title(figure: Figure) -> str:
    """Return a figure's title on one line."""
    return " ".join(figure.get_suptitle().split())


def _described(text: str, finding: str) -> str:
    """Give a picture its words, for those who hear it."""
    start = text.index("<svg")
    end = text.index(">", start)
    words = escape(finding)
    head = f"{text[:start]}<!-- gamelab -->\n{text[start:end]}"
    return f'{head} role="img" aria-label="{words}">\n <title>{words}</title>{text[end + 1 :]}'
