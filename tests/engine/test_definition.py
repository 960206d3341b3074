"""Definitions: what is accepted, and that everything unsound is refused with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import definition
from engine.errors import DefinitionError, InputError
from workflows.guards import GUARDS
from workflows.installation import definitions
from workflows.resources import definitions_folder

SOUND = """\
name: order
version: 1
label: {vi: Việc, en: Task}
initial: open
progress: [open, done]
states:
  open: {label: {vi: Mở, en: Open}}
  done: {label: {vi: Xong, en: Done}, final: done}
transitions:
  - trigger: finish
    from: [open]
    to: done
    role: clerk
    label: {vi: Xong, en: Finish}
"""


def load(tmp_path: Path, text: str) -> definition.Definition:
    file = tmp_path / "order.yaml"
    file.write_text(text, encoding="utf-8")
    return definition.load(file, GUARDS)


def test_a_sound_definition_is_read(tmp_path: Path) -> None:
    order = load(tmp_path, SOUND)
    assert (order.name, order.version, order.initial) == ("order", 1, "open")
    assert order.permitted("open") == ("finish",)
    assert order.states["done"].final == "done"
    assert order.states["done"].rank == 1


def test_the_stored_form_is_the_same_definition(tmp_path: Path) -> None:
    for each in (load(tmp_path, SOUND), *definitions()):
        assert definition.from_source(each.source) == each


def test_the_order_of_keys_does_not_change_the_digest(tmp_path: Path) -> None:
    swapped = SOUND.replace("name: order\nversion: 1\n", "version: 1\nname: order\n")
    assert swapped != SOUND
    assert load(tmp_path, swapped).digest == load(tmp_path, SOUND).digest


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("initial: open", "initial: open\ncolour: red", 5, "unknown key 'colour'"),
        ("    role: clerk", "    role: clerk\n    colour: red", 14, "unknown key 'colour'"),
        ("initial: open\n", "", 1, "'initial' is missing"),
        ("initial: open", "initial: nowhere", 4, "initial state 'nowhere' is not a state"),
        ("progress: [open, done]", "progress: [open, gone]", 5, "'gone' is not a state"),
        ("    to: done", "    to: gone", 12, "'gone' is not a state"),
        ("    from: [open]", "    from: [gone]", 11, "'gone' is not a state"),
        ("states:\n", "states:\n  lost: {label: {vi: Lạc, en: Lost}, final: out}\n", 7, "'lost' cannot be reached"),
        (
            "transitions:\n",
            "transitions:\n  - {trigger: stick, from: [open], to: stuck, role: clerk, label: {vi: a, en: b}}\n",
            10,
            "'stuck' is not a state",
        ),
        ("    role: clerk", "    role: clerk\n    guards: [no_such_guard]", 14, "no guard 'no_such_guard'"),
        ("    label: {vi: Xong, en: Finish}", "    label: {vi: Xong}", 14, "'en' is missing"),
        (", final: done}", ", final: maybe}", 8, "not one of done, out"),
        ("    role: clerk", "    role: clerk\n    reopens: true", 10, "'open' is not final"),
        ("    role: clerk", "    role: clerk\n    fields: {day: {type: moon}}", 14, "'moon' is not one of"),
        ("    role: clerk", "    role: clerk\n    sets_due: day", 14, "not a field of type instant"),
        ("version: 1", "version: one", 2, "not a whole number"),
        ("version: 1", "version: 1\nversion: 2", 3, "stands twice"),
        (
            "version: 1",
            "version: 1\nchildren: [{of: part, reach: done, fire: vanish}]",
            3,
            "no trigger 'vanish'",
        ),
        ("version: 1", "version: 1\nrollup: {of: part, need: {percent: 120}}", 3, "out of range"),
    ],
)
def test_an_unsound_definition_is_refused_with_its_line(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    assert old in SOUND
    with pytest.raises(InputError) as refused:
        load(tmp_path, SOUND.replace(old, new, 1))
    assert says in refused.value.message
    assert refused.value.line == line
    assert f"order.yaml:{line}: " in str(refused.value)


def test_a_trap_is_refused(tmp_path: Path) -> None:
    trap = SOUND.replace("states:\n", "states:\n  stuck: {label: {vi: Kẹt, en: Stuck}}\n").replace(
        "transitions:\n", "transitions:\n  - {trigger: stick, from: [open], to: stuck, role: clerk, label: {vi: a, en: b}}\n"
    )
    with pytest.raises(DefinitionError, match="'stuck' is a trap"):
        load(tmp_path, trap)


def test_a_trigger_defined_twice_for_one_state_is_refused(tmp_path: Path) -> None:
    twice = SOUND + "  - {trigger: finish, from: [open], to: done, role: clerk, label: {vi: a, en: b}}\n"
    with pytest.raises(DefinitionError, match="'finish' from 'open' is defined twice"):
        load(tmp_path, twice)


def test_a_state_left_only_by_going_back_is_no_trap(tmp_path: Path) -> None:
    paused = SOUND.replace(
        "states:\n", 'states:\n  paused: {label: {vi: Dừng, en: Paused}, stands_for: "@previous", paused: true}\n'
    )
    paused += "  - {trigger: pause, from: [open], to: paused, role: clerk, label: {vi: a, en: b}}\n"
    paused += '  - {trigger: resume, from: [paused], to: "@previous", role: clerk, label: {vi: a, en: b}}\n'
    assert load(tmp_path, paused).permitted("paused") == ("resume",)


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"\xff\xfe\xfd", b"- just\n- a list\n", b"name: [unclosed\n", b"a: &x [*x]\n"]
)
def test_what_is_no_definition_at_all_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "odd.yaml"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"odd\.yaml"):
        definition.load(file, GUARDS)


def test_the_programs_own_definitions_are_sound() -> None:
    names = {each.name for each in definitions()}
    assert names == {"plan", "recipient", "conference", "report_round"}
    assert {file.stem for file in definitions_folder().glob("*.yaml")} == names


def test_need_is_met_exactly() -> None:
    need_all = definition.Need(kind="all", n=0)
    assert not need_all.met(0, 0)
    assert need_all.met(3, 3)
    assert not need_all.met(2, 3)
    two = definition.Need(kind="at_least", n=2)
    assert two.met(2, 5)
    assert not two.met(1, 5)
    most = definition.Need(kind="percent", n=67)
    assert not most.met(2, 3)  # 66.7 per hundred
    assert most.met(3, 4)
