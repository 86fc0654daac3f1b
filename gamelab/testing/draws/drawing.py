"""What every draw stands on: hypothesis, if it is there, and the printing of what a failure shrank to."""

from __future__ import annotations

from typing import Any, TypeVar

from gamelab.errors import GamelabError

try:
    import hypothesis
    from hypothesis import strategies as st
except ImportError:
    raise GamelabError("gamelab.testing needs the package hypothesis: pip install 'gamelab[test]'") from None

Draw = st.SearchStrategy
Drawn = TypeVar("Drawn")

__all__ = ["Draw", "noted", "sample", "st"]


def noted(draws: Draw[Drawn]) -> Draw[Drawn]:
    """Return draws that print themselves, where a test fails, as a snippet and as a scenario file."""
    return draws.map(_note)


def _note(drawn: Any) -> Any:
    hypothesis.note(f"# as Python\n{drawn.snippet()}")
    hypothesis.note(f"# as a scenario file\n{drawn.scenario()}")
    return drawn


def sample(draws: Draw[Drawn], count: int, seed: int) -> list[Drawn]:
    """Return that many draws; the same seed gives the same ones.

    Fewer come where there are not so many different ones.
    """
    games: list[Drawn] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(draws)
    def collect(drawn: Drawn) -> None:
        games.append(drawn)

    collect()
    return games[:count]
