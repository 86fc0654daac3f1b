"""Institutions by name: each a pure function from a game to a game."""

from collections.abc import Callable

from gamelab.institutions.altruism import altruism
from gamelab.institutions.graduated_sanctions import graduated_sanctions
from gamelab.institutions.monitoring import monitoring
from gamelab.institutions.transparency import transparency
from gamelab.model.game import Game

__all__ = ["INSTITUTIONS", "altruism", "graduated_sanctions", "monitoring", "transparency"]

INSTITUTIONS: dict[str, Callable[..., Game]] = {
    "monitoring": monitoring,
    "graduated_sanctions": graduated_sanctions,
    "transparency": transparency,
    "altruism": altruism,
}
