"""The command line's root: the group, its options, lazy loading of commands, and errors turned into one line and an exit code."""

from __future__ import annotations

import difflib
import importlib
import io
import os
import sys
from typing import Any

import click

from workflows.commands.context import Context, Language, language

# command -> (module in workflows/commands, function): nothing is imported before its command runs.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("database", "init"),
    "operators": ("directory", "operators"),
    "db": ("database", "db"),
    "units": ("units", "units"),
    "read": ("reading", "read"),
    "recipients": ("recipients", "recipients"),
    "issue": ("issuing", "issue"),
    "plans": ("plans", "plans"),
    "status": ("plans", "status"),
    "coverage": ("plans", "coverage"),
    "lineage": ("plans", "lineage"),
    "inbox": ("inbox", "inbox"),
    "overdue": ("inbox", "overdue"),
    "history": ("audit", "history"),
    "audit": ("audit", "audit"),
    "workflows": ("definitions", "workflows"),
    "advance": ("moving", "advance"),
    "bulk": ("moving", "bulk"),
    "forward": ("moving", "forward"),
    "suspend": ("steering", "suspend"),
    "resume": ("steering", "resume"),
    "withdraw": ("steering", "withdraw"),
    "supersede": ("steering", "supersede"),
    "notices": ("notices", "notices"),
    "tick": ("notices", "tick"),
    "work": ("notices", "work"),
    "jobs": ("jobs", "jobs"),
    "demo": ("demo", "demo"),
    "simulate": ("simulate", "simulate"),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command that is asked for."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"workflows.commands.{module}"), name)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed, or the nearest ones in the error."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            ctx.fail(f"No such command '{args[0]}'." + (f" Did you mean '{near[0]}'?" if near else ""))
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--db", metavar="URL", help="Database: a path or an SQLAlchemy URL. Default: CASCADE_DB, else the user's own file.")
@click.option("--as", "operator", metavar="OPERATOR", help="Who acts. Default: the login name.")
@click.option("--now", "when", metavar="WHEN", help="Rehearse as of another moment, for example 2025-03-20 or 2025-03-20T08:00.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default=None, help="Language of labels. Default: from the locale.")
@click.version_option(package_name="plan-cascade", prog_name="cascade")
@click.pass_context
def cascade(ctx: click.Context, db: str | None, operator: str | None, when: str | None, lang: Language | None) -> None:
    """Follow issued plans through every unit that must act: who has received, held, reported, and who has not."""
    ctx.obj = Context(db=db, operator=operator, when=when, lang=lang or language(), run=run)


def main() -> None:
    """Run the command line; exits 0 when done, 1 when refused or failed, 2 on wrong usage."""
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115  (closed by whoever started us: nobody listens)
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter shows "?" rather than nothing at all
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    if not all(_is_text(argument) for argument in arguments):
        click.echo("Error: an argument is not readable text. Write it in UTF-8.", err=True)
        return 2
    try:
        result: Any = cascade.main(args=arguments, prog_name="cascade", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        return 1
    except SystemExit:  # click's answer when the reader of a pipe, `head` for example, has seen enough
        return 0
    except Exception as error:  # noqa: BLE001  (the one place where errors become lines and exit codes)
        click.echo(f"Error: {_in_words(error, arguments)}", err=True)
        return 1


def _is_text(argument: str) -> bool:
    """Whether an argument came as valid UTF-8: what did not holds lone surrogates."""
    return not any("\ud800" <= letter <= "\udfff" for letter in argument)


def _in_words(error: Exception, arguments: list[str]) -> str:
    """One line: what was refused and the remedy; or that this is a defect, and where its traceback is."""
    from engine.errors import CascadeError

    if isinstance(error, CascadeError):
        return " ".join(str(error).split())
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}."
    from workflows.commands.defects import keep

    return f"this is a defect of the program ({type(error).__name__}). {keep(error, arguments)}"


if __name__ == "__main__":
    main()
