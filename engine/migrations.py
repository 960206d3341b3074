"""Changes the database's layout, and says whether it still is what was declared; the steps themselves stand in alembic/.

Alembic takes a third of a second to import, so it is imported where it is used: most commands only compare a revision.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import VERSION_TABLE, Database
from engine.errors import DatabaseNewer, StorageError

if TYPE_CHECKING:
    from alembic.config import Config

# Triggers that keep history as it was written: what each refuses, by table. TRUNCATE exists on PostgreSQL only.
APPEND_ONLY = {
    "pc_event": ("UPDATE", "DELETE", "TRUNCATE"),
    "pc_definition": ("UPDATE", "DELETE", "TRUNCATE"),
    "pc_attachment": ("UPDATE",),
}
_PREFIX = "pc_"  # of every name that is ours; the background worker keeps tables of its own beside them
_LOCK = 0x70635F6D696772  # the advisory lock on PostgreSQL that lets one process migrate at a time


def upgrade(database: Database, *, folder: Path | None = None) -> str | None:
    """Bring the layout up to date, creating it if need be, in one transaction; a second process waits for the first.

    ``folder`` holds the migrations, if not the program's own. Returns the revision that was found, None where there was none.
    Raises DatabaseNewer when a newer program wrote the database, DatabaseUnfinished, StorageError kinds when it refuses.
    """
    from alembic import command

    config = _config(folder)
    with database.rebuild() as connection:
        _lock(connection)
        found = _revision(connection)
        database.require_finished(found)
        if found is not None and found not in _known(config):
            raise DatabaseNewer(
                f"The database at {database.name} has layout {found}, which this program does not know.",
                remedy="Use the newer program that wrote it.",
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _require_foreign_keys(connection)
    return found


def downgrade(database: Database, revision: str, *, folder: Path | None = None) -> None:
    """Take the layout back to ``revision``, "base" for none, with what it held; for tests of the migrations."""
    from alembic import command

    config = _config(folder)
    with database.rebuild() as connection:
        _lock(connection)
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        _require_foreign_keys(connection)


def current(database: Database) -> str | None:
    """The layout's revision; None where there is none yet."""
    return database.revision() if database.exists() else None


def check(database: Database, declared: sa.MetaData) -> list[str]:
    """Compare the database with what is declared, and look for damage; returns the problems found, a sentence each.

    ``declared`` must know every table: import the modules that declare some before. Raises DatabaseMissing and its like
    unless the layout's revision is this program's.
    """
    database.require_current()
    with database.read() as connection:
        return [
            *_layout_problems(connection, declared),
            *_constraint_problems(connection, declared),
            *_trigger_problems(connection),
            *_content_problems(connection),
        ]


def migrations_folder() -> Path:
    """Where the migrations are: beside the installed workflows, or in the checkout."""
    root = Path(__file__).resolve().parent.parent
    installed = root / "workflows" / "migrations"
    # Looked for first: beside an installed program, alembic/ is the library.
    return installed if installed.is_dir() else root / "alembic"


def _config(folder: Path | None) -> Config:
    from alembic.config import Config

    config = Config()
    # Alembic reads the path as a template, in which % has a meaning.
    config.set_main_option("script_location", str(folder or migrations_folder()).replace("%", "%%"))
    return config


def _known(config: Config) -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


def _lock(connection: Connection) -> None:
    """On PostgreSQL, wait until no other process migrates; SQLite's BEGIN IMMEDIATE has done so already."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def _revision(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()


def _require_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = _broken_references(connection)
    if broken:
        raise StorageError("; ".join(broken), remedy="The layout was left as it was; restore the missing rows first.")


def _layout_problems(connection: Connection, declared: sa.MetaData) -> list[str]:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def ours(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or (name or "").startswith(_PREFIX)

    options = {"version_table": VERSION_TABLE, "include_name": ours, "compare_server_default": _defaults_differ}
    differences: list[Any] = compare_metadata(MigrationContext.configure(connection, opts=options), declared)
    # Changes of one column come as a list of their own.
    flat = [each for item in differences for each in (item if isinstance(item, list) else [item])]
    return [_in_words(difference) for difference in flat]


def _defaults_differ(
    _context: object, _found: object, _column: object, found: str | None, _default: object, wanted: str | None
) -> bool:
    """Compare two defaults as SQL; a key that the server counts by itself has one that nobody declared."""
    if wanted is None and found is not None and found.startswith("nextval("):
        return False
    # Declared: text; found: SQL, which SQLite shows as ('') and PostgreSQL as ''::text.
    return (None if found is None else found.partition("::")[0].strip("()'")) != wanted


def _in_words(difference: tuple[Any, ...]) -> str:
    """One difference as Alembic tells it: what would have to be done, then its subject."""
    verb, *subject = difference
    action, _, kind = verb.partition("_")
    if verb in ("add_column", "remove_column"):
        name = f"{subject[1]}.{subject[2].name}"
    elif action == "modify":
        return f"The column {subject[1]}.{subject[2]} has another {kind} than declared."
    else:
        name = str(subject[0].name)
    kind = {"fk": "foreign key"}.get(kind, kind)
    return f"The {kind} {name} is {'missing' if action == 'add' else 'not declared'}."


def _constraint_problems(connection: Connection, declared: sa.MetaData) -> list[str]:
    """CHECK constraints by name, which Alembic does not compare."""
    inspector = sa.inspect(connection)
    problems = []
    for table in declared.sorted_tables:
        wanted = {str(each.name) for each in table.constraints if isinstance(each, sa.CheckConstraint)}
        if wanted and inspector.has_table(table.name):
            found = {each["name"] for each in inspector.get_check_constraints(table.name)}
            problems += [f"The check {name} is missing." for name in sorted(wanted - found)]
    return problems


def _trigger_problems(connection: Connection) -> list[str]:
    sqlite = connection.dialect.name == "sqlite"
    found = _sqlite_triggers(connection) if sqlite else _postgresql_triggers(connection)
    return [
        f"The trigger {table}_no_{verb.lower()}, which refuses {verb} on {table}, is missing or changed."
        for table, verbs in APPEND_ONLY.items()
        for verb in verbs
        if not (sqlite and verb == "TRUNCATE") and f"{table}_no_{verb.lower()}" not in found
    ]


def _sqlite_triggers(connection: Connection) -> set[str]:
    """Names of the triggers that are exactly what they should be."""
    rows = connection.exec_driver_sql("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {
        name
        for name, table, text in rows
        if text == f"CREATE TRIGGER {name} BEFORE {name.rpartition('_')[2].upper()} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    }


def _postgresql_triggers(connection: Connection) -> set[str]:
    """Names of the triggers that are switched on, unconditional, and refuse."""
    rows = connection.exec_driver_sql(
        "SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND p.proname = 'pc_refuse_change'"
        " AND p.prosrc = %(body)s AND pg_table_is_visible(c.oid)",
        {"body": " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END "},
    )
    return set(rows.scalars())


def _content_problems(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []  # the server keeps its references itself, and has its own tools to look for damage
    answers = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    return [*_broken_references(connection), *(f"The file is damaged: {answer}." for answer in answers if answer != "ok")]


def _broken_references(connection: Connection) -> list[str]:
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [f"A row of {row[0]} ({row[1]}) points at a row of {row[2]} that does not exist." for row in rows]
