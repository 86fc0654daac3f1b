"""Drawing: a figure as an SVG file, as a PNG file, and as a piece of the page that follows its colours."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from gamelab.report.figures.canvas import COLOURS, FONT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
STYLE: Any = {
    "font.family": ["sans-serif"],
    "font.sans-serif": [FONT],
    "text.parse_math": False,
    "svg.fonttype": "none",
}
DOTS = 220
QUICK = {"compress_level": 4}
"""Dots per inch of PNG files: 946 wide."""


@dataclass(frozen=True)
class Drawing:
    """One figure, drawn.

    Parameters
    ----------
    name : str
        Of its files, and what the ids in its SVG start with.
    title : str
        The finding that stands above it.
    svg : str
    png : bytes
    """

    name: str
    title: str
    svg: str
    png: bytes

    def files(self, folder: str) -> dict[str, str | bytes]:
        """Return its files by their paths."""
        return {f"{folder}/{self.name}.svg": self.svg, f"{folder}/{self.name}.png": self.png}


def drawing(draw: Callable[[], Figure | None], name: Callable[[], str]) -> Drawing | None:
    """Return what ``draw`` makes, saved as SVG and as PNG; its name is asked for where it makes a figure."""
    with style():
        figure = draw()
        if figure is None:
            return None
        own = name()
        return Drawing(own, title(figure), _svg(figure, own), _png(figure))


def _svg(figure: Figure, name: str) -> str:
    """Return a figure as an SVG file: text stays text, ids start with the name, and no date is in it."""
    from matplotlib import rcParams

    file = io.StringIO()
    dateless = {"Date": None, "Creator": None, "Format": None, "Type": None}
    rcParams["svg.hashsalt"] = name
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
    names = {light: name for name, (light, _) in COLOURS.items()}
    return head + ">" + re.sub(
        r"#[0-9a-f]{6}\b",
        lambda match: f"var(--{names[match[0]]})" if match[0] in names else match[0],
        tail,
    )  # fmt: skip


def _png(figure: Figure) -> bytes:
    """Return a figure as a PNG file."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DOTS, metadata={"Software": "gamelab"}, pil_kwargs=QUICK)
    return file.getvalue()


@contextmanager
def style() -> Iterator[None]:
    """Make and save figures in one font, with names as they are written, dollars too.

    Letters that the font lacks are no reason to warn, as readers' fonts have them.
    """
    from matplotlib import rc_context

    with rc_context(STYLE), warnings.catch_warnings():
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
