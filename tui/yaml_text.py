"""YAML text -> plain entries, each with its line; no aliases, no deep nesting, no duplicate keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

MAX_DEPTH = 16
"""Configuration is two or three levels deep; deeper nesting is an attack on the composer's recursion."""


_TAG = "a tag is not allowed here: put a value that begins with ! in quotes"


class YamlError(ValueError):
    """The text is no YAML that is understood here. `line` counts from 1; None if the place is unknown.

    The problem shows no value: it may be a password that was written without the quotes that it needs.
    """

    def __init__(self, problem: str, line: int | None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


@dataclass(frozen=True, slots=True)
class Entry:
    """One value and its line. `value` is a scalar, a `list[Entry]` or a `dict[str, Entry]`."""

    value: Any
    line: int

    def plain(self) -> Any:
        """The value without the lines."""
        if isinstance(self.value, dict):
            return {key: entry.plain() for key, entry in self.value.items()}
        if isinstance(self.value, list):
            return [entry.plain() for entry in self.value]
        return self.value


class _Loader(yaml.SafeLoader):
    """A safe loader that refuses aliases (a few lines of them expand to gigabytes), tags and deep nesting."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            problem = "an alias is not allowed here: put a value that begins with * in quotes"
            raise YamlError(problem, _line(event.start_mark))
        if getattr(event, "tag", None) is not None:
            raise YamlError(_TAG, _line(event.start_mark))
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise YamlError(f"nested deeper than {MAX_DEPTH} levels", _line(event.start_mark))
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _line(mark: Any) -> int | None:
    return None if mark is None else mark.line + 1


def parse(text: str) -> Entry | None:
    """The one document in `text`, None if there is nothing in it. YamlError otherwise.

    Keys are taken as they are written (`on` stays "on"), values as YAML 1.1's safe types. The caller bounds
    the size.
    """
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        return None if node is None else _entry(loader, node)
    except yaml.MarkedYAMLError as error:
        raise YamlError(_explained(error), _line(error.problem_mark or error.context_mark)) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise YamlError(f"the character {text[error.position]!a} is not allowed in YAML", line) from error


def _explained(error: yaml.MarkedYAMLError) -> str:
    problem = " ".join(part for part in (error.context, error.problem) if part)
    if "tag handle" in problem:
        return _TAG
    if "'\\t'" in problem:
        problem += " (indent with spaces, not with tabs)"
    return f"not valid YAML: {problem}"


def _entry(loader: _Loader, node: yaml.Node) -> Entry:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return Entry(_mapping(loader, node), line)
    if isinstance(node, yaml.SequenceNode):
        return Entry([_entry(loader, item) for item in node.value], line)
    try:
        return Entry(loader.construct_object(node), line)
    except ValueError as error:
        raise YamlError(f"the value cannot be read: {str(error).partition(';')[0]}", line) from error


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise YamlError("a key must be a plain word", line)
        key = str(key_node.value)
        if key in entries:
            raise YamlError(f"the key {key!r:.80} is there twice (first in line {entries[key].line})", line)
        # The key's line is what an editor should jump to, also where the value starts a line later.
        entries[key] = Entry(_entry(loader, value_node).value, line)
    return entries
