"""The JSON schema admits what gamelab reads, refuses the usual slips, and lets an editor complete and explain."""

import importlib.util
import json

import pytest
from ruamel.yaml import YAML

from gamelab.errors import InputError
from gamelab.institutions import INSTITUTIONS
from gamelab.scenario import json_schema, loads, packaged
from gamelab.scenario.catalogue import PREFERENCES
from gamelab.scenario.keys import KEYS
from gamelab.scenario.quantities import QUANTITIES
from gamelab.stages import STAGES
from gamelab.strategies import STRATEGIES

from .example import EXAMPLE, changed

SCHEMA = json_schema()
needs_jsonschema = pytest.mark.skipif(
    importlib.util.find_spec("jsonschema") is None, reason="jsonschema is not installed"
)


def pieces(part, path=()):
    """Yield every piece of a schema that is a schema, with its place."""
    yield path, part
    for key in ("properties", "$defs"):
        for name, inner in part.get(key, {}).items():
            yield from pieces(inner, (*path, name))
    for key in ("items", "additionalProperties"):
        if isinstance(part.get(key), dict):
            yield from pieces(part[key], (*path, key))
    for key in ("anyOf", "oneOf"):
        for inner in part.get(key, ()):
            yield from pieces(inner, path)


def refused(text):
    import jsonschema

    validator = jsonschema.Draft202012Validator(SCHEMA)
    return [error.message for error in validator.iter_errors(YAML(typ="safe", pure=True).load(text))]


class Editor:
    """Completes and explains as an editor does: by walking the schema along the keys around the cursor."""

    def __init__(self, schema):
        self.schema = schema

    def alternatives(self, part):
        """Return a piece with what it refers to, one for each alternative."""
        if "$ref" in part:
            rest = {key: value for key, value in part.items() if key != "$ref"}
            return self.alternatives(self.schema["$defs"][part["$ref"].rsplit("/", 1)[-1]] | rest)
        inner = [*part.get("oneOf", ()), *part.get("anyOf", ())]
        found = [piece for one in inner if one.keys() - {"required"} for piece in self.alternatives(one)]
        return found if found and "properties" not in part else [part]

    def fitting(self, part, written):
        """Return the alternatives that do not contradict what is written there already."""
        return [
            one
            for one in self.alternatives(part)
            if all(
                one.get("properties", {}).get(key, {}).get("const", value) == value
                for key, value in written.items()
            )
        ]

    def at(self, *path, written=None):
        """Return the pieces at a path; ``written`` holds what stands beside the cursor."""
        parts = [self.schema]
        for key in path:
            below = []
            for part in parts:
                for one in self.alternatives(part):
                    if isinstance(key, int):
                        below += [one["items"]] if "items" in one else []
                    elif key in one.get("properties", {}):
                        below.append(one["properties"][key])
                    elif isinstance(one.get("additionalProperties"), dict):
                        below.append(one["additionalProperties"])
            parts = below
        return [one for part in parts for one in self.fitting(part, written or {})]

    def keys(self, *path, written=None):
        """Return the keys that are offered, each with what is shown beside it."""
        return {
            key: part.get("description", "")
            for one in self.at(*path, written=written)
            for key, part in one.get("properties", {}).items()
            if key not in (written or {})
        }

    def values(self, *path):
        """Return the values that are offered."""
        return [
            value
            for one in self.at(*path)
            for value in (*one.get("enum", ()), *([one["const"]] if "const" in one else ()))
        ]


EDITOR = Editor(SCHEMA)


def test_every_key_has_a_description():
    bare = [
        (*path, key)
        for path, part in pieces(SCHEMA)
        for key, inner in part.get("properties", {}).items()
        if not inner.get("description")
    ]
    assert bare == []


def test_every_mapping_is_closed():
    for path, part in pieces(SCHEMA):
        if "properties" in part:
            assert part["additionalProperties"] is False, path


def test_every_plug_in_every_quantity_and_every_key_is_there():
    assert EDITOR.values("game", "kind") == list(STAGES)
    assert list(EDITOR.keys("arrangements", "a", "institutions")) == [
        name for name in INSTITUTIONS if name not in PREFERENCES
    ]
    assert set(STRATEGIES) <= set(EDITOR.keys("arrangements", "a", "profiles", 0))
    assert EDITOR.values("claims", 0, "quantity") == list(QUANTITIES)
    assert {key for key in KEYS if "." not in key} <= set(EDITOR.keys())
    for key in KEYS:
        section, *inner = key.split(".")
        if inner:
            named = {"claims": [0], "maps": [0], "arrangements": ["a"]}.get(section, [])
            place = [section, *named, *inner[:-1]]
            if inner[:-1] == ["x"]:  # an axis names its setting first
                place.append("time.discount_factor")
            assert inner[-1] in EDITOR.keys(*place)


def test_completion_at_the_places_where_a_teacher_stops_to_think():
    time = EDITOR.keys("time")
    assert list(time) == ["discount_factor", "continuation_probability", "rounds"]
    assert time["rounds"].startswith("Number of rounds")
    assert EDITOR.values("information", "observe") == ["public", "private", "none"]
    payoffs = EDITOR.keys("game", written={"kind": "prisoners_dilemma"})
    assert list(payoffs)[:4] == ["temptation", "reward", "punishment", "sucker"]
    assert payoffs["sucker"].startswith("Payoff of the one who cooperates alone")
    assert "payoffs" in EDITOR.keys("game", written={"kind": "normal_form"})
    assert "payoffs" not in payoffs
    monitoring = EDITOR.keys("arrangements", "any name", "institutions", "monitoring")
    assert monitoring["cost"] == (
        "Cost of watching one player for one round. A number of at least 0 (payoff), or one for each player "
        "by name; default 0."
    )
    assert EDITOR.values("arrangements", "x", "institutions", "monitoring", "paid_by") == [
        "participants",
        "authority",
    ]
    candidates = EDITOR.values("arrangements", "x", "profiles", 0)
    assert "grim" in candidates
    assert "limited_punishment" not in candidates  # it needs a setting
    assert list(EDITOR.keys("arrangements", "x", "profiles", 0, "limited_punishment")) == ["rounds"]
    assert EDITOR.keys("claims", 0)["with"].startswith("Settings that are other here")


def test_ranges_choices_and_defaults():
    monitoring = SCHEMA["$defs"]["institutions-monitoring"]
    detection, alarm = (monitoring["properties"][name] for name in ("detection", "false_alarm"))
    number = [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string"}]
    same, each = detection["oneOf"]
    assert same == {"anyOf": number}
    assert each == {"type": "object", "minProperties": 1, "additionalProperties": {"anyOf": number}}
    reach = SCHEMA["$defs"]["institutions-transparency"]["properties"]["reach"]
    assert reach["anyOf"] == number  # players cannot differ in it
    assert "default" not in detection
    assert alarm["default"] == 0
    assert monitoring["properties"]["paid_by"]["default"] == "participants"
    assert monitoring["required"] == ["detection"]


def test_it_is_plain_json():
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert SCHEMA["$schema"].startswith("https://json-schema.org/")


@needs_jsonschema
def test_it_is_a_schema_and_admits_what_gamelab_reads():
    import jsonschema

    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for path in packaged():
        assert refused(path.read_text(encoding="utf-8")) == [], path
    assert refused(EXAMPLE) == []
    assert refused(changed(("  hierarchical:\n", "  none:\n  hierarchical:\n"))) == []
    assert (
        refused(changed(("temptation: 5", "temptation: 10/2"), ("title: Free", "title: 1984 # Free"))) == []
    )
    assert refused(changed(("- grim\n", "- [grim, {limited_punishment: {rounds: 2}}]\n"))) == []


@needs_jsonschema
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("gamelab: 1", "gamelab: 2"),
        ("gamelab: 1\n", ""),
        ("title:", "titel:"),
        ("temptation: 5", "T: 5"),
        ("temptation: 5", "temptation: [5]"),
        ("kind: prisoners_dilemma", "kind: prisoners_dilema"),
        ("  discount_factor: 0.9", "  discount_factor: 1.5"),
        ("  discount_factor: 0.9", "  delta: 0.9"),
        ("observe: none", "observe: nothing"),
        ("altruism: 0", "altruism: -1"),
        ("reach: 0.8", "reach: 80"),
        ("reach: 0.8", "reech: 0.8"),
        ("fines: [2.5, 4, 8]", "fines: 2.5"),
        ("fines: [2.5, 4, 8]", "fines: []"),
        ("fines: [2.5, 4, 8]", "fines: [-1]"),
        ("- grim", "- grimm"),
        ("- grim", "- limited_punishment"),
        ("- grim", "- {limited_punishment: {}}"),
        ("      - grim", "      grim"),
        ("selection: best", "selection: bets"),
        ("quantity: supported", "quantity: suported"),
        ("    arrangement: none\n", ""),
        ("    is: impossible\n", ""),
        ("    above: 0\n", "    above: 0\n    below: 1\n"),
        ("    above: 0\n", "    above: 0\n    player: agency\n"),
        ("quantity: net_benefit", "quantity: payoff"),
        ("quantity: net_benefit", "quantity: best_arrangement"),
    ],
)
def test_it_refuses_what_gamelab_refuses(old, new):
    text = changed((old, new))
    with pytest.raises(InputError):
        loads(text)
    assert refused(text)
