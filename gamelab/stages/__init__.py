"""Stage games by name: what is at stake in one round."""

from collections.abc import Callable

from gamelab.model.game import Game
from gamelab.stages.normal_form import normal_form
from gamelab.stages.prisoners_dilemma import prisoners_dilemma

__all__ = ["STAGES", "normal_form", "prisoners_dilemma"]

STAGES: dict[str, Callable[..., Game]] = {
    "prisoners_dilemma": prisoners_dilemma,
    "normal_form": normal_form,
}
