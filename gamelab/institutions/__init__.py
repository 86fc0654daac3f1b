"""Institutions by name: each a pure function from a game to a game."""

from collections.abc import Callable

from gamelab.institutions.altruism import altruism
from gamelab.institutions.convention import convention
from gamelab.institutions.graduated_sanctions import graduated_sanctions
from gamelab.institutions.monitoring import monitoring
from gamelab.institutions.transparency import transparency
from gamelab.model.game import Game

__all__ = ["INSTITUTIONS", "altruism", "convention", "graduated_sanctions", "monitoring", "transparency"]

INSTITUTIONS: dict[str, Callable[..., Game]] = {
    "convention": convention,
    "monitoring": monitoring,
    "graduated_sanctions": graduated_sanctions,
    "transparency": transparency,
    "altruism": altruism,
}
