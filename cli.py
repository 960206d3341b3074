"""The command line's root: the group, its options, lazy loading of commands, and errors turned into one line and an exit code."""

from __future__ import annotations

import importlib
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
    "issue": ("issuing", "issue"),
    "plans": ("plans", "plans"),
    "status": ("plans", "status"),
    "coverage": ("plans", "coverage"),
    "lineage": ("plans", "lineage"),
    "inbox": ("inbox", "inbox"),
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
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"workflows.commands.{module}"), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--db", metavar="URL", help="Database: a path or an SQLAlchemy URL. Default: CASCADE_DB, else the user's own file.")
@click.option("--as", "operator", metavar="OPERATOR", help="Who acts. Default: the login name.")
@click.option("--now", "when", metavar="WHEN", help="Rehearse as of another moment, for example 2025-03-20 or 2025-03-20T08:00.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default=None, help="Language of labels. Default: from the locale.")
@click.version_option(package_name="plan-cascade", prog_name="cascade")
@click.pass_context
def cascade(ctx: click.Context, db: str | None, operator: str | None, when: str | None, lang: Language | None) -> None:
    """Follow issued plans through every unit that must act: who has received, held, reported, and who has not."""
    ctx.obj = Context(db=db, operator=operator, when=when, lang=lang or language())


def main() -> None:
    """Run the command line; exits 0 when done, 1 when refused or failed, 2 on wrong usage."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        result: Any = cascade.main(args=arguments, prog_name="cascade", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        return 1
    except BrokenPipeError:  # the reader of a pipe, `head` for example, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001  (the one place where errors become exit codes; unknown ones are raised again)
        return _refused(error)


def _refused(error: Exception) -> int:
    from engine.errors import CascadeError

    if not isinstance(error, CascadeError):
        raise error
    click.echo(f"Error: {error}", err=True)
    return 1


if __name__ == "__main__":
    main()
