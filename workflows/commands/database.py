"""Commands for the database itself: setting it up, bringing its layout up to date, looking it over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

import click

from workflows.commands.context import Context, database_url
from workflows.commands.rendering import emit_json, json_option, progress, say, table

if TYPE_CHECKING:
    from engine.transfer import Progress


@click.command()
@click.pass_obj
def init(context: Context) -> None:
    """Set everything up: the data folder, the database, and you as its first operator.

    Repeating it does no harm: what stands already is left as it is, and brought up to date.

    \b
    Examples:
      cascade init
      cascade --db /srv/cascade/city.db init
      cascade --db postgresql+psycopg://cascade@localhost/city init
    """
    from workflows.bootstrap import prepare

    with context.database() as database:
        prepared = prepare(database, context.by())
        new = context.words("mới tạo", "created") if prepared.found is None else context.words("sẵn sàng", "ready")
        click.echo(f"{context.words('Cơ sở dữ liệu', 'Database')}: {database.name} ({new})")
    me = context.by().operator
    if prepared.registered:
        vi = f"Cán bộ: {me} (admin, coordinator và clerk ở mọi đơn vị)"
        click.echo(context.words(vi, f"Operator: {me} (admin, coordinator and clerk everywhere)"))
    elif not prepared.known:
        vi = f"'{me}' chưa được đăng ký ở đây. Quản trị viên đăng ký bằng lệnh: cascade operators add NAME"
        say(context.words(vi, f"'{me}' is no operator here. An admin registers with: cascade operators add NAME"))
    vi = "Tiếp theo: cascade units import FILE, rồi cascade read DOCUMENT -o PLAN.yaml và cascade issue PLAN.yaml."
    en = "Next: cascade units import FILE, then cascade read DOCUMENT -o PLAN.yaml and cascade issue PLAN.yaml."
    say(context.words(vi, en))
    vi = "Hoặc xem một ví dụ từ lá thư đầu tiên đến báo cáo cuối cùng: cascade demo"
    say(context.words(vi, "Or watch an example from the first letter to the last report: cascade demo"))


@click.group()
def db() -> None:
    """Look after the database.

    \b
    Examples:
      cascade db current
      cascade db upgrade
      cascade db copy city.db postgresql+psycopg://cascade@db.example.org/city
    """


@db.command()
@click.pass_obj
def upgrade(context: Context) -> None:
    """Bring the database's layout up to date; if that fails, the database stays as it was.

    \b
    Example:
      cascade db upgrade
    """
    from engine import migrations
    from engine.errors import DatabaseMissing

    with context.database() as database:
        if not database.exists():
            raise DatabaseMissing(f"There is no database at {database.name}.", remedy="Create it with: cascade init")
        found = migrations.upgrade(database)
        now = migrations.current(database)
    click.echo(f"{now} (unchanged)" if found == now else f"{found or 'nothing'} -> {now}")


@db.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def current(context: Context, as_json: bool) -> None:
    """Say which layout the database has, and which one this program needs.

    \b
    Example:
      cascade db current
    """
    from engine import migrations
    from engine.database import HEAD

    with context.database() as database:
        found = migrations.current(database)
        name = database.name
    if as_json:
        emit_json({"database": name, "layout": found, "needed": HEAD})
    else:
        click.echo(f"{name}: {found or 'no layout yet'} (this program needs {HEAD})")


@db.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def check(context: Context, as_json: bool) -> int:
    """Compare the database with what this program declares, and look for damage. Exits 1 when something is wrong.

    \b
    Example:
      cascade db check
    """
    import workflows.tables  # noqa: F401  (its tables belong to the metadata)
    from engine import migrations
    from engine.tables import metadata

    with context.database() as database:
        problems = migrations.check(database, metadata)
        name = database.name
    if as_json:
        emit_json({"database": name, "problems": problems})
    else:
        for problem in problems:
            click.echo(problem)
        say(f"{name}: {f'{len(problems)} problem(s)' if problems else 'as it should be'}.")
    return 1 if problems else 0


@db.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--batch", type=click.IntRange(min=1), default=5_000, show_default=True, help="Rows per transaction.")
@json_option
@click.pass_obj
def copy(context: Context, source: str, target: str, batch: int, as_json: bool) -> None:
    """Copy the whole installation FROM one database TO another, SQLite or PostgreSQL, and prove that they are equal.

    TO is new or empty. Nobody may write meanwhile: stop the workers first. Cut off, the same command goes on where it stopped;
    until then TO is refused by every other command. At the end every row is compared, and the history of the copy is replayed.

    \b
    Examples:
      cascade db copy city.db postgresql+psycopg://cascade@db.example.org/city
      cascade db copy postgresql+psycopg://cascade@db.example.org/city city.db --json
    """
    import workflows.tables  # noqa: F401  (its tables belong to the metadata)
    from engine import transfer
    from engine.database import Database
    from engine.tables import metadata

    with closing(Database(database_url(source))) as here, closing(Database(database_url(target))) as there, _steps() as tell:
        done = transfer.copy(here, there, metadata, batch=batch, progress=tell)
        name = there.name
    if as_json:
        emit_json({"database": name, **{key: getattr(done, key) for key in ("installation", "copied", "rows", "root")}})
        return
    table(["table", "rows"], done.rows.items())
    total = sum(done.rows.values())
    say(
        context.words(
            f"{name} có đủ {total} dòng, lần này sao {done.copied} dòng.",
            f"{name} holds the same {total} rows, {done.copied} of them copied now.",
        )
    )
    say(context.words(f"Mã gốc của cả hai: {done.root}", f"Root over all histories, in both: {done.root}"))


_STEPS = {"verify": "replaying the history", "copy": "copying", "compare": "comparing"}


@contextmanager
def _steps() -> Iterator[Progress]:
    """Show how far each step of a copy is, one bar after the other."""
    with ExitStack() as shown:
        bar: dict[str, Callable[[int], None]] = {}  # of the step under way

        def tell(step: str, done: int, total: int | None) -> None:
            if step not in bar:
                shown.close()
                bar.clear()
                bar[step] = shown.enter_context(progress(_STEPS[step], total))
            bar[step](done)

        yield tell
