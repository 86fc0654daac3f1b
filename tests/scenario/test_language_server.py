"""The language server behind VS Code and other editors completes, explains and checks a scenario file.

Runs where the command ``yaml-language-server`` is installed (``npm install --global yaml-language-server``).
"""

import json
import shutil
import subprocess
import threading

import pytest

from gamelab.scenario import json_schema

from .example import EXAMPLE, changed

SERVER = shutil.which("yaml-language-server")
pytestmark = pytest.mark.skipif(SERVER is None, reason="yaml-language-server is not installed")


class Server:
    """Speaks the language server protocol over a pipe."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
        )
        self.timer = threading.Timer(60, self.process.kill)
        self.timer.start()
        self.folder, self.count, self.diagnostics = folder, 0, {}
        completion = {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}}
        capabilities = {"textDocument": {"completion": completion, "hover": {"contentFormat": ["markdown"]}}}
        self.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities=capabilities)
        self.tell("initialized")

    def close(self):
        self.timer.cancel()
        self.process.kill()
        self.process.communicate()

    def send(self, **message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method, **parameters):
        self.send(method=method, params=parameters)

    def next(self):
        length = 0
        while (line := self.process.stdout.readline().strip()) or not length:
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            assert line or length, "the server has stopped"
        message = json.loads(self.process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:  # it asks for settings or for leave to register
            items = message["params"].get("items") if isinstance(message["params"], dict) else None
            self.send(id=message["id"], result=[None] * len(items) if items else None)
        return message

    def ask(self, method, **parameters):
        self.count += 1
        self.send(id=self.count, method=method, params=parameters)
        while (answer := self.next()).get("id") != self.count or "method" in answer:
            pass
        return answer["result"]

    def open(self, text):
        """Open a scenario with the line that names its schema; ``|`` marks the cursor."""
        text = f"# yaml-language-server: $schema=gamelab.schema.json\n{text}"
        before, _, after = text.partition("|")
        self.count += 1
        uri = (self.folder / f"scenario{self.count}.yaml").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": before + after}
        self.tell("textDocument/didOpen", textDocument=document)
        line = before.count("\n")
        return {
            "textDocument": {"uri": uri},
            "position": {"line": line, "character": len(before) - before.rfind("\n") - 1},
        }

    def completions(self, text):
        """Return what is offered at the cursor, each with its explanation."""
        found = self.ask("textDocument/completion", **self.open(text))
        items = found["items"] if isinstance(found, dict) else found
        return {item["label"]: _text(item.get("documentation")) for item in items}

    def hover(self, text):
        """Return what is shown at the cursor."""
        return _text(self.ask("textDocument/hover", **self.open(text))["contents"])

    def complaints(self, text):
        """Return what is marked as wrong, each with its line."""
        uri = self.open(text)["textDocument"]["uri"]
        while uri not in self.diagnostics:
            self.next()
        return {(found["range"]["start"]["line"], found["message"]) for found in self.diagnostics[uri]}


def _text(content):
    return content["value"] if isinstance(content, dict) else content or ""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("editor")
    (folder / "gamelab.schema.json").write_text(json.dumps(json_schema()), encoding="utf-8")
    made = Server(folder)
    yield made
    made.close()


def test_keys_are_offered_with_their_explanation(server):
    top = server.completions("gamelab: 1\n|")
    assert {"title", "game", "time", "information", "arrangements", "claims"} <= set(top)
    assert "gamelab" not in top
    time = server.completions("gamelab: 1\ntime:\n  |")
    assert {"discount_factor", "continuation_probability", "rounds"} == set(time)
    assert "Number of rounds" in time["rounds"]


def test_the_settings_of_the_kind_that_is_written_are_offered(server):
    dilemma = server.completions("gamelab: 1\ngame:\n  kind: prisoners_dilemma\n  |")
    assert {"temptation", "reward", "punishment", "sucker"} <= set(dilemma)
    assert "payoffs" not in dilemma
    assert "Payoff of the one who cooperates alone" in dilemma["sucker"]
    table = server.completions("gamelab: 1\ngame:\n  kind: normal_form\n  |")
    assert {"payoffs", "agreement", "fallback"} <= set(table)
    assert "temptation" not in table
    assert {"prisoners_dilemma", "normal_form"} <= set(server.completions("gamelab: 1\ngame:\n  kind: |"))


def test_what_stands_below_names_of_ones_own_is_offered(server):
    start = "gamelab: 1\narrangements:\n  watched:\n"
    assert {"institutions", "profiles", "selection"} == set(server.completions(f"{start}    |"))
    assert "monitoring" in server.completions(f"{start}    institutions:\n      |")
    monitoring = server.completions(f"{start}    institutions:\n      monitoring:\n        |")
    assert {"detection", "false_alarm", "cost", "paid_by"} <= set(monitoring)
    assert "a number from 0 to 1" in monitoring["detection"].lower()
    payers = server.completions(f"{start}    institutions:\n      monitoring:\n        paid_by: |")
    assert {"participants", "authority"} <= set(payers)
    assert {"grim", "tit_for_tat"} <= set(server.completions(f"{start}    profiles:\n      - |"))


def test_quantities_are_offered_in_a_claim(server):
    assert {"net_benefit", "critical_discount_factor"} <= set(
        server.completions("gamelab: 1\nclaims:\n  - says: x\n    quantity: |")
    )
    assert {"says", "quantity", "above", "with"} <= set(server.completions("gamelab: 1\nclaims:\n  - |"))


def test_a_key_is_explained_under_the_mouse(server):
    assert "Probability that an action is read as another one" in server.hover(
        "gamelab: 1\ninformation:\n  mis|reading: 0.1\n"
    )


def test_slips_are_marked_and_a_sound_file_is_not(server):
    assert server.complaints(EXAMPLE) == set()
    marked = server.complaints(changed(("reach: 0.8", "reech: 0.8"), ("observe: none", "observe: nothing")))
    assert {18, 27} <= {line for line, _ in marked}
