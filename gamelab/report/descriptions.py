"""Descriptions: what can be used in a scenario, in words, read off signatures and docstrings."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from gamelab.institutions import INSTITUTIONS
from gamelab.model.settings import EACH, Setting
from gamelab.report.screen import hanging

Plugin = Callable[..., Any]

EXAMPLES = {
    "stage game": "game:\n  kind: {name}{rows}",
    "institution": "arrangements:\n  example:\n    institutions:{before}\n      {name}: {flow}",
    "preference": "preferences:{rows}",
    "strategy": "profiles:\n  - {item}",
}
REMARKS = {"Notes": "Notes", "References": "Source", "Raises": "Refused"}
"""Which sections of a docstring a description shows, and the heading that each gets."""


def group_block(heading: str, entries: Mapping[str, str]) -> RenderableType:
    """Return the names of one group, each with its sentence."""
    lines = [(Text(name, style="bold"), Text(sentence)) for name, sentence in entries.items()]
    return Group(Text(heading, style="bold underline"), hanging(lines), "")


def sentence(plugin: Plugin) -> str:
    """Return the first sentence of a plug-in's docstring.

    >>> def costless(game):
    ...     \"\"\"Costless: takes
    ...     all costs away.
    ...
    ...     Nobody pays.
    ...     \"\"\"
    >>> sentence(costless)
    'Costless: takes all costs away.'
    """
    return " ".join(_sections(plugin)[""].partition("\n\n")[0].split())


def plugin_page(
    kind: str, name: str, plugin: Plugin, settings: Sequence[Setting], aliases: Sequence[str] = ()
) -> RenderableType:
    """Return all that a user needs to know of a plug-in.

    Parameters
    ----------
    kind : str
        ``stage game``, ``institution``, ``preference`` or ``strategy``.
    settings : list of Setting
        What can be written for it in a scenario.
    aliases : list of str
        Other names under which it may be written.
    """
    sections = _sections(plugin)
    also = f", also written {', '.join(aliases)}" if aliases else ""
    title = Text(name, style="bold") + Text(f" ({kind}{also})", style="not bold")
    parts: list[RenderableType] = [title, Text(sentence(plugin)), ""]
    about = sections[""].partition("\n\n")[2]
    for paragraph in filter(None, about.split("\n\n")):
        parts += [Text(" ".join(paragraph.split())), ""]
    parts += [Text("Settings" if settings else "It has no settings.", style="bold")]
    parts += [hanging(_setting_lines(settings)), ""] if settings else [""]
    written = example(kind, name, plugin, settings)
    parts += [Text("In a scenario", style="bold"), Padding(Text(written), (0, 0, 0, 2)), ""]
    for section, heading in REMARKS.items():
        if sections.get(section):
            parts += [Text(heading, style="bold"), Padding(Text(sections[section]), (0, 0, 0, 2)), ""]
    return Group(*parts)


def scenario_page(
    name: str, facts: Sequence[str], arrangements: Mapping[str, Sequence[str]]
) -> RenderableType:
    """Return a scenario's facts, one a paragraph, and the institutions of each arrangement."""
    parts: list[RenderableType] = [Text(name, style="bold") + Text(" (scenario)", style="not bold")]
    parts += [Text(" ".join(fact.split())) for fact in facts if fact]
    lines = [
        (Text(key, style="bold"), Text(", ".join(institutions) or "no institution"))
        for key, institutions in arrangements.items()
    ]
    return Group(*parts, "", Text("Arrangements", style="bold"), hanging(lines), "")


def key_page(
    name: str,
    kind: str,
    about: str,
    rows: Mapping[str, Mapping[str, str] | Sequence[Setting]],
    written: str = "",
    default: str = "",
    unit: str = "",
) -> RenderableType:
    """Return what there is to say about a key, a quantity or a topic of the scenario file.

    Parameters
    ----------
    name, kind, about : str
    rows : mapping
        By heading: what stands below the key, as sentences by name or as settings.
    written : str
        An example.
    default : str
        What counts without it.
    unit : str
        What it is measured in.
    """
    parts: list[RenderableType] = [Text(name, style="bold") + Text(f" ({kind})", style="not bold")]
    parts += [Text(_capital(about) + ("" if about.endswith(".") else "."))]
    if default:
        needed = default.startswith(("required", "one of"))
        parts += [Text(f"{_capital(default)}." if needed else f"Where it is not written: {_plain(default)}.")]
    if unit:
        parts += [Text(f"Unit: {unit}.")]
    parts += [""]
    for heading, settings in rows.items():
        lines = (
            [(Text(key, style="bold"), Text(_plain(text))) for key, text in settings.items()]
            if isinstance(settings, Mapping)
            else list(_setting_lines(settings))
        )
        parts += [Text(heading, style="bold"), hanging(lines), ""]
    if written:
        parts += [Text("In a scenario", style="bold"), Padding(Text(written), (0, 0, 0, 2)), ""]
    return Group(*parts)


def _plain(text: str) -> str:
    return text.replace("``", "'").replace("`", "'")


def _capital(text: str) -> str:
    plain = _plain(text)
    return plain[:1].upper() + plain[1:]


def example(kind: str, name: str, plugin: Plugin, settings: Sequence[Setting]) -> str:
    """Return how a plug-in is written in a scenario file.

    Values come from the docstring's own example; what is required and not there gets one that is allowed.

    >>> from gamelab.institutions.monitoring import monitoring
    >>> from gamelab.model.settings import settings_of
    >>> print(example("institution", "monitoring", monitoring, settings_of(monitoring)))
    arrangements:
      example:
        institutions:
          monitoring: {detection: 0.9, cost: 0.1}
    """
    calls = _exemplified(plugin)
    given = calls.get(plugin.__name__, {})
    before = [own for own in list(calls)[:-1] if kind == "institution" and own in INSTITUTIONS]
    values = {
        setting.name: given.get(setting.name, _sample(setting))
        for setting in settings
        if setting.required or setting.name in given or kind == "preference"
    }
    return EXAMPLES[kind].format(
        name=name,
        flow=_yaml(values),
        before="".join(f"\n      {own}: {_yaml(calls[own])}" for own in before),
        item=_yaml({name: values}) if values else _yaml(_profile(plugin)),
        rows="".join(f"\n  {key}: {_yaml(value)}" for key, value in values.items()),
    )


def _setting_lines(settings: Sequence[Setting]) -> Iterator[tuple[Text, Text]]:
    for setting in settings:
        unit = f" ({setting.range.unit})" if setting.range.unit else ""
        each = EACH if setting.by_player else ""
        default = "required" if setting.required else f"default {_yaml(setting.default)}"
        if setting.default is None:
            default = "may be left out"
        about = "\n" + setting.about.replace("``", "'") if setting.about else ""
        yield Text(setting.name, style="bold"), Text(f"{setting.allowed}{unit}{each}; {default}{about}")


def _sections(plugin: Plugin) -> dict[str, str]:
    """Return a numpydoc docstring's sections by heading; what comes before the first has none."""
    lines = inspect.cleandoc(plugin.__doc__ or "").replace("``", "'").split("\n")
    heads = [k for k, below in enumerate(lines[1:]) if below and not below.strip("-")]
    sections = {
        lines[k] if k >= 0 else "": "\n".join(lines[k + 2 if k >= 0 else 0 : end]).strip("\n")
        for k, end in zip([-1, *heads], [*heads, len(lines)], strict=True)
    }
    if "Raises" in sections:
        reasons = (line.strip() for line in sections["Raises"].split("\n") if line.startswith(" "))
        sections["Raises"] = " ".join(reasons)
    return sections


def _exemplified(plugin: Plugin) -> dict[str, dict[str, Any]]:
    """Return what the docstring's example calls, up to the plug-in, with settings that are literals."""
    import doctest

    calls: dict[str, dict[str, Any]] = {}
    for piece in doctest.DocTestParser().get_examples(plugin.__doc__ or ""):
        for call in (node for node in ast.walk(ast.parse(piece.source)) if isinstance(node, ast.Call)):
            name = str(getattr(call.func, "attr", getattr(call.func, "id", None)))
            if plugin.__name__ in calls or name in calls:
                continue
            calls[name] = {}
            for keyword in call.keywords:
                try:
                    calls[name][str(keyword.arg)] = ast.literal_eval(keyword.value)
                except ValueError:
                    continue
    return calls


def _profile(plugin: Plugin) -> Any:
    """Return the profile of the docstring's example, where a strategy is not for everybody; else its name."""
    import doctest

    name = plugin.__name__
    for piece in doctest.DocTestParser().get_examples(plugin.__doc__ or ""):
        for node in (part for part in ast.walk(ast.parse(piece.source)) if isinstance(part, ast.List)):
            names = [one.value for one in node.elts if isinstance(one, ast.Constant)]
            if name in names and len(names) == len(node.elts):
                return names
    return name


def _sample(setting: Setting) -> Any:
    if setting.kind == "choice":
        return setting.choices[0]
    if setting.kind in ("text", "file", "structure"):
        return "..."
    value = 0.5 if setting.range.high == 1 else max(1, setting.range.low)
    return [value] if setting.kind == "numbers" else value


def _yaml(value: Any) -> str:
    """Return a value in YAML's flow style."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    return str(value)
