"""The command that plays the example of a city with the real commands, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import chdir, closing, contextmanager, redirect_stderr
from pathlib import Path

import click

from workflows.commands.context import Context, Language
from workflows.demo import Step, story

MARK = ".plan-cascade-demo"  # says that a folder is the demo's own
DATABASE = "cascade.db"
MAILDIR = "maildir"
_SQLITE = ("", "-wal", "-shm", "-journal", "-worker")  # what stands beside an SQLite file, by the ends of the names


@click.command()
@click.argument("folder", default="cascade-demo")
@click.pass_obj
def demo(context: Context, folder: str) -> int:
    """Play an example in FOLDER: a made-up city's plan, from the first letter to the last report. Your own data stay out of it.

    Every line that begins with '$' is a command that you can type yourself. Playing it again in the same FOLDER begins anew.

    \b
    Examples:
      cascade demo
      cascade demo /tmp/song-may
      cascade --lang vi demo
    """
    from workflows.resources import examples_folder

    city = examples_folder() / "city"
    steps = story(city)
    place = Path(folder).expanduser()
    _prepare(place, city, steps)
    vi = context.lang == "vi"
    with chdir(place), _environment(context.lang), redirect_stderr(sys.stdout):
        click.echo(f"$ export CASCADE_DB={DATABASE}")
        for step in steps:
            if step.vi:
                click.echo(f"\n# {step.vi if vi else step.en}")
            if step.copy:
                _change(step)
            elif not _play(context, step):
                return 1
        mails = len(list(Path(MAILDIR, "new").iterdir()))
    click.echo(f"\n# {'Tất cả nằm trong' if vi else 'All of it lies in'} {place}")
    click.echo(f"# {'Số thư trong' if vi else 'Mails in'} {place / MAILDIR}: {mails}")
    return 0


def _prepare(place: Path, city: Path, steps: Sequence[Step]) -> None:
    """Make the folder, or clear what an earlier demo left in it; raises InputError rather than touch anything else."""
    from engine.errors import InputError

    files = [file.name for file in city.iterdir() if file.is_file()]
    databases = [DATABASE, *(step.copy for step in steps if step.copy)]
    own = [*files, *(name + end for name in databases for end in _SQLITE)]
    try:
        place.mkdir(parents=True, exist_ok=True)
        if not (place / MARK).exists() and any(place.iterdir()):
            raise InputError(f"{place} holds something else.", remedy="Name a folder that is empty or not there yet.")
        (place / MARK).touch()
        for name in own:
            (place / name).unlink(missing_ok=True)
        if (place / MAILDIR).is_dir():
            shutil.rmtree(place / MAILDIR)
        for name in files:
            shutil.copyfile(city / name, place / name)
    except OSError as error:
        raise InputError(f"{place} cannot be used ({error.strerror}).", remedy="Name another folder.") from error


@contextmanager
def _environment(lang: Language) -> Iterator[None]:
    """What the commands take from the environment: the demo's database and language, and no mail server."""
    before = dict(os.environ)
    os.environ.update(CASCADE_DB=DATABASE, LC_ALL="vi_VN.UTF-8" if lang == "vi" else "en_US.UTF-8")
    for name in ("CASCADE_SMTP", "CASCADE_SENDER"):
        os.environ.pop(name, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _play(context: Context, step: Step) -> bool:
    """Run one command; False when it did not end as the story has it."""
    click.echo(f"\n$ {step.typed}")
    code = context.run(step.arguments)
    if code != step.exits:
        click.echo(f"\n# The story expected the exit code {step.exits} here, and this was {code}.")
    return code == step.exits


def _change(step: Step) -> None:
    """Copy the database and change the copy's bytes in the file, past every trigger."""
    import sqlite3

    with closing(sqlite3.connect(DATABASE)) as connection:
        connection.execute("VACUUM INTO ?", (step.copy,))
    Path(step.copy).write_bytes(Path(step.copy).read_bytes().replace(step.find, step.put))
    click.echo(f"  {step.copy}: {step.find.decode()} -> {step.put.decode()}")
