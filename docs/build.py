"""Writes what is generated in docs/: the command line's reference, what the pages' commands print, the picture in README.

`make docs` runs it; tests fail when a page is out of date.
"""

from __future__ import annotations

import inspect
import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from cli import cascade
from workflows.questions import ASKED
from workflows.reading_json import CODES, schema

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent
PLAYED = ("tutorial.md", "how-to.md")  # pages whose console blocks are commands with what they print
WIDTH = 110  # columns of the terminal that they are played on

# -- the reference -----------------------------------------------------------------------------------------------------

PREFACE = """# The command line

This page is generated from the program's own help: `make docs` writes it anew.

`cascade COMMAND --help` says the same in the terminal. Data goes to stdout, talk to stderr. Into a pipe or a file the output is
plain: a header, then one line per row, columns separated by tabs. `--json` is there on every command that reads. The exit
code is 0 when done, 1 when refused or when something was found wrong, 2 on wrong usage.

A plan is named by its number (`12-KH/TU`), by the beginning of one if no other begins so, or by its id (`#3`). A unit is named
by its code, its name or an alias, whatever the case and the diacritics.
"""
COMPLETION = """## Completion in the shell

The shell completes commands and options once it has been told how, in `~/.bashrc`, `~/.zshrc` or
`~/.config/fish/completions/cascade.fish`, with the one of these lines that belongs to it:

```
eval "$(_CASCADE_COMPLETE=bash_source cascade)"
eval "$(_CASCADE_COMPLETE=zsh_source cascade)"
_CASCADE_COMPLETE=fish_source cascade | source
```
"""


def reference(root: click.Group = cascade) -> str:
    """The page cli.md."""
    names = [(path, command) for path, command in walk(root) if command is not root]
    contents = "\n".join(f"- [{path}](#{path.replace(' ', '-')}): {first_sentence(command)}" for path, command in names)
    parts = [
        PREFACE,
        f"## Commands\n\n{contents}\n",
        f"## Options of every command\n\nThey stand before the command's name: `cascade --lang vi plans`.\n\n{options(root)}\n",
        *(section(path, command) for path, command in names),
        COMPLETION,
    ]
    return "\n".join(parts)


def walk(command: click.Command, path: str = "cascade") -> Iterator[tuple[str, click.Command]]:
    """A command and all below it, each with the words that call it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from walk(found, f"{path} {name}")


def first_sentence(command: click.Command) -> str:
    """What a command is for, in a line."""
    return " ".join(paragraphs(command)[0].split()).partition(". ")[0].rstrip(".")


def paragraphs(command: click.Command) -> list[str]:
    """The help without its examples."""
    return [each for each in inspect.cleandoc(command.help or "").split("\n\n") if not each.startswith("\b")]


def examples(command: click.Command) -> list[str]:
    """The lines of the help's examples."""
    blocks = [each for each in inspect.cleandoc(command.help or "").split("\n\n") if each.startswith("\b\nExample")]
    return [line.strip() for block in blocks for line in block.splitlines()[2:]]


def section(path: str, command: click.Command) -> str:
    """What the reference says of one command."""
    parts = [f"## {path}", *paragraphs(command)]
    if not isinstance(command, click.Group):
        parts += [f"```\n{path} {usage(command)}\n```", options(command)]
    shown = "\n".join(examples(command))
    parts.append(f"For example:\n\n```\n{shown}\n```")
    return "\n\n".join(part for part in parts if part) + "\n"


def usage(command: click.Command) -> str:
    """What follows the command's name."""
    words = ["[OPTIONS]"]
    for each in command.params:
        if isinstance(each, click.Argument):
            name = (each.metavar or each.name or "").upper() + ("…" if each.nargs == -1 else "")
            words.append(name if each.required else f"[{name}]")
    return " ".join(words)


def options(command: click.Command) -> str:
    """A table of a command's options."""
    rows = [
        f"| `{spelling(each)}` | {(each.help or '').replace('|', chr(92) + '|')}{default(each)} |"
        for each in command.params
        if isinstance(each, click.Option)
    ]
    return "\n".join(["| option | |", "|---|---|", *rows]) if rows else ""


def spelling(option: click.Option) -> str:
    """An option as it is typed."""
    names = ", ".join(option.opts)
    if option.is_flag:
        return names
    if option.metavar:
        return f"{names} {option.metavar}"
    if isinstance(option.type, click.Choice):
        return f"{names} {' or '.join(option.type.choices)}"
    return f"{names} {'NUMBER' if 'integer' in option.type.name else option.type.name.upper()}"


def default(option: click.Option) -> str:
    """What holds where the option is left out, if it is told."""
    return f" Default: {option.default}." if option.show_default else (" Required." if option.required else "")


# -- what is read of a document ----------------------------------------------------------------------------------------

READING = """# What is read of a document

This page is generated from the program: `make docs` writes it anew.

```
cascade read ke-hoach.md --json
cascade read --schema
```

The first prints the facts of one document as a JSON object; the second the JSON Schema of that object, which is kept here
[as a file](reading.schema.json), too. Every key is always there: `null`, or `[]`, where nothing is known. Nothing is invented.

- Dates and times are ISO 8601; `starts_at` is on Vietnam's clock, `2025-03-25T08:00:00+07:00`.
- `due_date`, `day` and `weekday` are the last that is ALLOWED: "trước ngày 15" gives the 14th.
- Each fact has the `line` of the document that it stands on, the words that it was read from (`phrase`, without bullets and
  markup) and a `confidence`. The facts of the head and the signature have theirs under `origins`. Less than 0.7 is to be looked
  at: the table marks it `(?)`, the draft plan file too.
- `questions` is what keeps the plan from being issued; it is empty when nothing does.
  [How to answer](how-to.md#answer-what-a-document-leaves-open).
- A reader of this JSON should refuse another `schema` than it knows. New kinds of warnings may come under the same one.
"""
_PARTS = {  # of the schema, and the key under which they stand
    "Signer": "signer",
    "Reference": "basis, citations, follows_up",
    "Recipient": "recipients",
    "Task": "tasks",
    "Deadline": "deadlines",
    "Recurring": "recurring",
    "Report": "reports",
    "Conference": "conferences",
    "Attachment": "attachments",
    "Suspension": "suspensions",
    "Warning": "warnings",
    "Origin": "origins",
    "Question": "questions",
}


def reading() -> str:
    """The page reading.md."""
    found = schema()
    codes = [f"| `{code}` | {meaning} | {ASKED[code].question if code in ASKED else ''} |" for code, meaning in CODES.items()]
    parts = [
        READING,
        f"## The document\n\n{_keys(found)}\n",
        *(f"## {where}\n\n{_keys(found['$defs'][name])}\n" for name, where in _PARTS.items()),
        "\n".join(
            ["## Codes of warnings", "", "| code | what it says | what a person must answer |", "|---|---|---|", *codes, ""]
        ),
    ]
    return "\n".join(parts)


def _keys(described: dict[str, Any]) -> str:
    rows = [f"| `{name}` | {_kind(each)} | {each['description']} |" for name, each in described["properties"].items()]
    return "\n".join(["| key | | |", "|---|---|---|", *rows])


def _kind(each: dict[str, Any]) -> str:
    """A key's type in words."""
    choices = each.get("anyOf", [each])
    if "const" in each:
        return f"`{each['const']}`"
    if "enum" in each:
        said = [f"`{value}`" for value in each["enum"] if value is not None]
        return ", ".join(said) + (" or null" if None in each["enum"] else "")
    if "$ref" in choices[0]:
        return "object" + (" or null" if len(choices) > 1 else "")
    names = [each["type"]] if isinstance(each["type"], str) else each["type"]
    if "array" in names:
        return "list of objects" if "$ref" in each["items"] else f"list of {each['items']['type']}s"
    return " or ".join(each.get("format", name) if name == "string" else name for name in names)


# -- pages that are played ---------------------------------------------------------------------------------------------

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_HASH = re.compile(r"\b[0-9a-f]{64}\b")


def play(page: str, folder: Path) -> str:
    """The page with what the commands of its console blocks print, one after the other, in a folder with the examples."""
    shutil.copytree(CHECKOUT / "examples" / "city", folder / "city")
    environment = terminal(folder)
    return _BLOCK.sub(lambda block: f"```console\n{_played(block[1], folder, environment)}```", page)


def terminal(folder: Path) -> dict[str, str]:
    """The environment in which commands are played: a clerk's terminal, whoever runs this and wherever."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("CASCADE_", "LC_", "XDG_"))},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(CHECKOUT),
        "LOGNAME": "lan",
        "LANG": "en_US.UTF-8",
        "COLUMNS": str(WIDTH),
        "TERM": "xterm",
        "HOME": str(folder),
    }
    for name in ("FORCE_COLOR", "NO_COLOR"):
        environment.pop(name, None)
    return environment


def _played(block: str, folder: Path, environment: dict[str, str]) -> str:
    shown = []
    for command in commands(block):
        lines = (f"{'$' if n == 0 else '>'} {line}".rstrip() for n, line in enumerate(command.split("\n")))
        shown.append("\n".join(lines) + "\n")
        if command.startswith("export "):
            name, _, value = command.removeprefix("export ").partition("=")
            environment[name] = value
        else:
            shown.append(printed(command, folder, environment))
    return "".join(shown)


def commands(block: str) -> list[str]:
    """The commands of a console block: lines that begin with "$ ", and with "> " where one goes on, to the END of a text too."""
    found: list[str] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append(line[2:])
        elif line.startswith(">") and found and _goes_on(found[-1]):
            found[-1] += f"\n{line[2:]}"
    return found


def _goes_on(command: str) -> bool:
    return command.endswith("\\") or ("<<" in command and not command.endswith("\nEND"))


def printed(command: str, folder: Path, environment: dict[str, str], *, colours: bool = False) -> str:
    """What a command prints on a terminal, its errors last; hashes are left out, as they depend on versions of libraries."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        ["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE
    ) as process:
        os.close(theirs)
        out = b"".join(_chunks(ours))
        assert process.stderr is not None
        err = process.stderr.read()
    os.close(ours)
    text = (out + err).decode().replace("\r\n", "\n")
    if colours:
        return text
    return "".join(f"{line.rstrip()}\n" for line in _HASH.sub("(64 hexadecimal digits)", _ESCAPES.sub("", text)).splitlines())


def _chunks(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            chunk = os.read(descriptor, 65536)
        except OSError:  # Linux says so when the other end of a terminal is closed
            return
        if not chunk:
            return
        yield chunk


# -- the picture -------------------------------------------------------------------------------------------------------

PICTURE = HERE / "status.svg"
PICTURED = (  # where the tutorial has come to
    "cascade --db tutorial.db --now 2025-04-09T10:00 status 58-KH/TU",
    "cascade --db tutorial.db --now 2025-04-09T10:00 status 58-KH/TU --unit P.TT --tree",
)


def picture(folder: Path) -> str:
    """What the commands print after the tutorial was played in the folder, as an SVG of a terminal."""
    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, width=WIDTH, file=io.StringIO())
    for command in PICTURED:
        console.print(Text(f"$ cascade status{command.partition('status')[2]}", "bold"))
        console.print(Text.from_ansi(printed(command, folder, terminal(folder), colours=True)))
    drawn = console.export_svg(title="cascade status", unique_id="status")
    return re.sub(r"\s*@font-face \{.*?\}", "", drawn, flags=re.DOTALL)  # the reader's own monospaced font will do


def main() -> None:
    """Write everything anew."""
    (HERE / "cli.md").write_text(reference(), encoding="utf-8")
    (HERE / "reading.md").write_text(reading(), encoding="utf-8")
    described = json.dumps(schema(), ensure_ascii=False, indent=2)
    (HERE / "reading.schema.json").write_text(f"{described}\n", encoding="utf-8")
    for name in PLAYED:
        with tempfile.TemporaryDirectory() as folder:
            page = HERE / name
            played = play(page.read_text(encoding="utf-8"), Path(folder))
            if "defect of the program" in played:
                sys.exit(f"{name} was not written: a command has a defect.\n{played}")
            page.write_text(played, encoding="utf-8")
            if name == "tutorial.md":
                PICTURE.write_text(picture(Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
