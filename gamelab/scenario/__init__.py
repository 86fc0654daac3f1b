"""YAML in: a scenario file read, checked as a whole, and made into games."""

from gamelab.scenario.assembly import (
    Profile,
    assemble,
    cost_paths,
    profiles,
    refused,
    same_profile,
    settings_paths,
)
from gamelab.scenario.chance import contestants, simulation_of
from gamelab.scenario.claims import exactly_holds, expected_value, holds
from gamelab.scenario.completion import json_schema
from gamelab.scenario.document import Scenario
from gamelab.scenario.files import find, holds_several, label, packaged
from gamelab.scenario.loading import load, loads
from gamelab.scenario.maps import axis_values, grid_of
from gamelab.scenario.margins import Adjustable, adjustable, strength_paths
from gamelab.scenario.overrides import applied, assignments, overridden
from gamelab.scenario.requests import Axis, Claim, Map

__all__ = [
    "Adjustable",
    "Axis",
    "Claim",
    "Map",
    "Profile",
    "Scenario",
    "adjustable",
    "applied",
    "assemble",
    "assignments",
    "axis_values",
    "contestants",
    "cost_paths",
    "exactly_holds",
    "expected_value",
    "find",
    "grid_of",
    "holds",
    "holds_several",
    "json_schema",
    "label",
    "load",
    "loads",
    "overridden",
    "packaged",
    "profiles",
    "refused",
    "same_profile",
    "settings_paths",
    "simulation_of",
    "strength_paths",
]
