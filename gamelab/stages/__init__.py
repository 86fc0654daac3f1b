"""Stage games by name: what is at stake in one round."""

from collections.abc import Callable

from gamelab.model.game import Game
from gamelab.stages.battle import battle
from gamelab.stages.normal_form import normal_form
from gamelab.stages.prisoners_dilemma import prisoners_dilemma
from gamelab.stages.time_inconsistency import time_inconsistency

__all__ = ["STAGES", "battle", "normal_form", "prisoners_dilemma", "time_inconsistency"]

STAGES: dict[str, Callable[..., Game]] = {
    "prisoners_dilemma": prisoners_dilemma,
    "battle": battle,
    "time_inconsistency": time_inconsistency,
    "normal_form": normal_form,
}
