"""The docs say what is: the reference is the program's own, what pages show was printed, snippets load, links lead somewhere."""

from __future__ import annotations

import configparser
import html
import re
from pathlib import Path

import click
import pytest
import yaml

from cli import cascade
from docs import build
from engine import definition
from workflows.guards import GUARDS

CHECKOUT = Path(__file__).resolve().parent.parent
DOCS = CHECKOUT / "docs"
PAGES = [CHECKOUT / "README.md", *sorted(DOCS.glob("*.md"))]
COMMANDS = list(build.walk(cascade))
STALE = "out of date: run `make docs` and look at what changed"


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


# -- the command line --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "command"), COMMANDS[1:], ids=[path for path, _ in COMMANDS[1:]])
def test_every_command_has_help_with_an_example_of_itself(path: str, command: click.Command) -> None:
    assert build.paragraphs(command)[0].endswith((".", ":", "…"))
    shown = build.examples(command)
    assert shown
    assert all("cascade" in line for line in shown)
    if not isinstance(command, click.Group):
        assert any(path.removeprefix("cascade ") in line for line in shown)


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[path for path, _ in COMMANDS])
def test_every_option_has_help(path: str, command: click.Command) -> None:
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_every_command_that_reads_prints_json() -> None:
    reading = ("list", "show", "tree", "groups", "plans", "status", "coverage", "lineage", "inbox", "history", "replay", "verify")
    without = [
        path
        for path, command in COMMANDS
        if path.rpartition(" ")[2] in reading and "--json" not in [name for each in command.params for name in each.opts]
    ]
    assert without == []


def test_the_reference_is_what_the_program_says() -> None:
    assert text(DOCS / "cli.md") == build.reference(), STALE


def test_the_page_on_what_is_read_is_what_the_program_says() -> None:
    assert text(DOCS / "reading.md") == build.reading(), STALE


# -- pages that are played ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", build.PLAYED)
def test_pages_show_what_their_commands_print(name: str, tmp_path: Path) -> None:
    page = text(DOCS / name)
    assert page.count("```console") > 5
    played = build.play(page, tmp_path)
    assert played == page, STALE
    assert "defect of the program" not in played
    if name == "tutorial.md":
        drawn = html.unescape(re.sub(r"<[^>]*>", " ", text(build.PICTURE)))
        words = {
            word for command in build.PICTURED for word in build.printed(command, tmp_path, build.terminal(tmp_path)).split()
        }
        assert len(words) > 60
        assert {word for word in words if word.isalnum() and word not in drawn} == set(), STALE


def test_a_page_that_shows_something_else_is_found(tmp_path: Path) -> None:
    page = "```console\n$ echo one \\\n> two\nthree\n```\n"
    assert build.play(page, tmp_path) == "```console\n$ echo one \\\n> two\none two\n```\n"


# -- definitions -------------------------------------------------------------------------------------------------------


def snippets() -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```$", text(DOCS / "definitions.md"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", range(len(snippets())))
def test_every_snippet_of_a_definition_file_is_sound(number: int, tmp_path: Path) -> None:
    whole = yaml.safe_load(snippets()[0])
    file = tmp_path / "definition.yaml"
    merged = {**whole, **yaml.safe_load(snippets()[number])}
    file.write_text(yaml.safe_dump(merged, allow_unicode=True, sort_keys=False), encoding="utf-8")
    definition.load(file, GUARDS)


def test_every_key_of_a_definition_file_is_described_with_an_example() -> None:
    page = text(DOCS / "definitions.md")
    examples = "\n".join(snippets())
    keys = {*definition._KEYS, *definition._TRANSITION_KEYS, "label", "final", "stands_for", "paused", "type", "required"}
    keys |= {"of", "need", "at_least", "percent", "reach", "fire", "otherwise"}
    assert [key for key in keys if f"`{key}`" not in page] == []
    assert [key for key in keys if not re.search(rf"\b{key}:", examples)] == []
    assert [name for name in definition.FIELD_TYPES if f"type: {name}" not in examples] == []
    assert [name for name in GUARDS if f"`{name}`" not in page] == []


# -- the unit file -----------------------------------------------------------------------------------------------------


def test_the_unit_file_starts_a_worker_with_variables_that_the_program_reads() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    file = CHECKOUT / "examples" / "systemd" / "cascade-work.service"
    unit.read(file, encoding="utf-8")
    program, *arguments = unit["Service"]["ExecStart"].split()
    assert Path(program).name == "cascade"
    assert arguments[0] == "work"
    dict(COMMANDS)["cascade work"].make_context("work", arguments[1:])
    source = "".join(text(each) for each in (CHECKOUT / "workflows").rglob("*.py"))
    named = set(re.findall(r"^#   (CASCADE_\w+)=", text(file), re.MULTILINE))
    assert len(named) == 6
    assert [variable for variable in named if f'"{variable}"' not in source] == []


# -- all pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]*)(?:#[^)]*)?\)", text(page)):
        if target and not target.startswith("http"):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_commands_that_are_mentioned_exist(page: Path) -> None:
    words = {path.removeprefix("cascade "): command for path, command in COMMANDS}
    for line in re.findall(r"`cascade ([a-z][a-z ]*[a-z])", text(page)):
        first, _, second = line.partition(" ")
        assert first in words, line
        if isinstance(words[first], click.Group) and second:
            assert f"{first} {second.split()[0]}" in words, line


@pytest.mark.parametrize("page", ["explanation.md", "bad-weather.md"])
def test_tests_that_are_named_exist(page: str) -> None:
    known = "\n".join(text(file) for file in (CHECKOUT / "tests").rglob("*.py"))
    named = re.findall(r"`(test_[a-z0-9_]+)`", text(DOCS / page))
    assert len(named) > 10
    assert [name for name in named if f"def {name}(" not in known and not list((CHECKOUT / "tests").rglob(f"{name}.py"))] == []
