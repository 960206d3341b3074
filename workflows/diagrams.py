"""Draws a definition as text that other programs turn into a picture: Mermaid or Graphviz. It loads nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from engine.definition import PREVIOUS, SAME, SYSTEM, Definition, Transition

_BEFORE = "the_state_before"  # stands for wherever an instance came from


def mermaid(definition: Definition, lang: Literal["vi", "en"]) -> str:
    """A Mermaid state diagram."""
    lines = ["stateDiagram-v2", "    direction LR"]
    for name, label in _nodes(definition, lang):
        lines.append(f'    state "{_quoted(label)}" as {name}')
    lines.append(f"    [*] --> {definition.initial}")
    for (source, target, _), triggers in _edges(definition).items():
        lines.append(f"    {source} --> {target} : {', '.join(triggers)}")
    lines += [f"    {state.name} --> [*]" for state in definition.states.values() if state.final]
    return "\n".join(lines) + "\n"


def dot(definition: Definition, lang: Literal["vi", "en"]) -> str:
    """A Graphviz digraph; dashed are the moves that follow from the units below, doubled the final states."""
    lines = [f"digraph {definition.name} {{", "    rankdir=LR;", '    node [shape=box, style="rounded"];']
    for name, label in _nodes(definition, lang):
        state = definition.states.get(name)
        look = ", peripheries=2" if state and state.final else ", style=dotted" if state is None else ""
        lines.append(f'    {name} [label="{_quoted(label)}"{look}];')
    lines += ["    start [shape=point];", f"    start -> {definition.initial};"]
    for (source, target, by_system), triggers in _edges(definition).items():
        dashed = ", style=dashed" if by_system else ""
        lines.append(f'    {source} -> {target} [label="{", ".join(triggers)}"{dashed}];')
    return "\n".join([*lines, "}"]) + "\n"


FORMATS: dict[str, Callable[[Definition, Literal["vi", "en"]], str]] = {"mermaid": mermaid, "dot": dot}


def _nodes(definition: Definition, lang: str) -> list[tuple[str, str]]:
    order = [*definition.progress, *(name for name in definition.states if name not in definition.progress)]
    labels = [definition.states[name].label for name in order]
    nodes = [(name, label.vi if lang == "vi" else label.en) for name, label in zip(order, labels, strict=True)]
    if any(t.to == PREVIOUS for t in definition.transitions.values()):
        nodes.append((_BEFORE, "↩ trạng thái trước" if lang == "vi" else "↩ the state before"))
    return nodes


def _edges(definition: Definition) -> dict[tuple[str, str, bool], list[str]]:
    """The triggers by (from, to, moved by the system)."""
    edges: dict[tuple[str, str, bool], list[str]] = {}
    for t in definition.transitions.values():
        edges.setdefault((t.source, _target(t), t.role == SYSTEM), []).append(t.trigger)
    return edges


def _target(transition: Transition) -> str:
    return {PREVIOUS: _BEFORE, SAME: transition.source}.get(transition.to, transition.to)


def _quoted(text: str) -> str:
    return text.replace('"', "'")
