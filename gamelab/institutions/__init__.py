"""Institutions by name: each a pure function from a game to a game."""

from collections.abc import Callable

from gamelab.institutions.altruism import altruism
from gamelab.institutions.convention import convention
from gamelab.institutions.graduated_sanctions import graduated_sanctions
from gamelab.institutions.monitoring import monitoring
from gamelab.institutions.public_signal import public_signal
from gamelab.institutions.transparency import transparency
from gamelab.model.game import Game

__all__ = [
    "INSTITUTIONS",
    "altruism",
    "convention",
    "graduated_sanctions",
    "monitoring",
    "public_signal",
    "transparency",
]

INSTITUTIONS: dict[str, Callable[..., Game]] = {
    "convention": convention,
    "monitoring": monitoring,
    "public_signal": public_signal,
    "graduated_sanctions": graduated_sanctions,
    "transparency": transparency,
    "altruism": altruism,
}
