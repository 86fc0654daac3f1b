"""Experiments: a scenario run as a whole, and questions to one game; the one place that joins engines."""

from gamelab.experiment.questions import (
    certify,
    critical_discount_factor,
    on_grid,
    sustainable_discount_factors,
    value,
)
from gamelab.experiment.run import ScenarioResult, check, run
from gamelab.experiment.sources import load_scenario as load

__all__ = [
    "ScenarioResult",
    "certify",
    "check",
    "critical_discount_factor",
    "load",
    "on_grid",
    "run",
    "sustainable_discount_factors",
    "value",
]
