import json

from gamelab.institutions import INSTITUTIONS
from gamelab.scenario import json_schema
from gamelab.stages import STAGES


def test_the_json_schema_names_every_plug_in():
    schema = json_schema()
    text = json.dumps(schema)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert {"gamelab", "game", "time"} <= set(schema["required"])
    for name in (*STAGES, *INSTITUTIONS):
        assert name in text
    assert "maps" not in schema["properties"]


def test_ranges_and_choices_are_in_the_json_schema():
    definitions = json_schema()["$defs"]
    detection = definitions["monitoring"]["properties"]["detection"]
    assert detection["anyOf"][0] == {"type": "number", "minimum": 0, "maximum": 1}
    assert definitions["monitoring"]["properties"]["paid_by"]["enum"] == ["participants", "authority"]
    assert definitions["monitoring"]["required"] == ["detection"]
    assert not definitions["monitoring"]["additionalProperties"]
