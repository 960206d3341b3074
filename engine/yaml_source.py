"""Reads YAML as text with line numbers; knows nothing of what the text means.

Scalars stay strings (an unquoted ``00097`` or ``on`` means what was typed), duplicate keys are refused, and the line of
every value is kept so that a later complaint can point at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from engine.errors import InputError

Place: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A YAML file as plain dicts, lists and strings, with the 1-based line of each value."""

    name: str  # file name, for messages; empty: the values come from no file
    value: Any  # dict, list, str or None
    lines: dict[Place, int]  # path of keys and indexes -> line

    def line(self, place: Place) -> int:
        """The line of a value, or of the nearest value around it."""
        while place not in self.lines and place:
            place = place[:-1]
        return self.lines.get(place, 1)


def read(path: str | Path) -> Source:
    """Read a YAML file; raises InputError that names file and line."""
    return parse(read_text(path), str(path))


def read_text(path: str | Path) -> str:
    """The text of a UTF-8 file; raises InputError when it is missing, empty, a folder or not text."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError("there is no such file.", file=path, remedy="Check the path.") from None
    except UnicodeDecodeError:
        raise InputError("this is not UTF-8 text.", file=path, remedy="Save it as UTF-8 text.") from None
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror}).", file=path, remedy="Check the path and its permissions."
        ) from error
    if "\x00" in text:
        raise InputError("this is a binary file, not text.", file=path, remedy="Save it as UTF-8 text.")
    if not text.strip():
        raise InputError("the file is empty.", file=path, remedy="Give a file with content.")
    return text


def parse(text: str, name: str) -> Source:
    """Parse YAML text; raises InputError at the line of a syntax error or a duplicate key."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not valid YAML"
        raise InputError(f"{problem}.", file=name, line=mark.line + 1 if mark else None, remedy="Mend the YAML there.") from error
    lines: dict[Place, int] = {}
    value = _plain(root, (), lines, name, set()) if root is not None else None
    return Source(name=name, value=value, lines=lines)


def _plain(node: yaml.Node, place: Place, lines: dict[Place, int], name: str, seen: set[int]) -> Any:
    if id(node) in seen:  # an alias: it could make a small file huge, or endless
        raise InputError(
            "anchors and aliases (&, *) are not read.", file=name, line=node.start_mark.line + 1, remedy="Write it out."
        )
    seen.add(id(node))
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise InputError("a key must be a plain word.", file=name, line=key_node.start_mark.line + 1)
            key = key_node.value
            if key in mapping:
                raise InputError(
                    f"the key '{key}' stands twice.", file=name, line=key_node.start_mark.line + 1, remedy="Keep one."
                )
            mapping[key] = _plain(value_node, (*place, key), lines, name, seen)
            lines[(*place, key)] = key_node.start_mark.line + 1
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*place, index), lines, name, seen) for index, child in enumerate(node.value)]
    plain_null = isinstance(node, yaml.ScalarNode) and not node.style and node.value in ("", "~", "null")
    return None if plain_null else node.value
