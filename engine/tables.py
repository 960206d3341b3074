"""The engine's tables and their conventions; what is written into them is the store's business.

Instants are integers: microseconds since 1970-01-01 UTC, so that both databases order and compare them alike.
Every name starts with ``pc_``: the background worker keeps tables of its own in the same database.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# A 64-bit key that is still SQLite's own rowid.
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
# Text compared byte by byte, so that a range over a prefix means the same everywhere.
Bytewise = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

meta = sa.Table(
    "pc_meta",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),  # "installation": the random name of this database
    sa.Column("value", sa.Text, nullable=False),
)

definition = sa.Table(
    "pc_definition",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),  # SHA-256 of source, hexadecimal
    sa.Column("source", sa.Text, nullable=False),  # canonical JSON
    sa.UniqueConstraint("name", "version"),
)

instance = sa.Table(
    "pc_instance",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("parent_id", Id, sa.ForeignKey("pc_instance.id"), nullable=True),
    sa.Column("case_id", Id, nullable=False),  # the nearest instance, this one included, whose definition opens a case
    sa.Column("path", Bytewise, nullable=False),  # ids from the root to this one, "1.5.9."
    sa.Column("definition_id", Id, sa.ForeignKey("pc_definition.id"), nullable=False),
    sa.Column("assignee", sa.Text, nullable=False),  # code of the body that must act
    sa.Column("key", sa.Text, nullable=False, server_default=""),  # tells apart instances of one assignee in one case
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("rank", sa.SmallInteger, nullable=False),  # index in the definition's progress
    sa.Column(
        "trail", sa.Text, nullable=False, server_default=""
    ),  # states a `previous` move goes back to, "issued/disseminated"
    sa.Column("standing", sa.Text, nullable=False),  # open, paused, done, late, undated, out: see rollup.py
    sa.Column("due_at", sa.BigInteger, nullable=True),  # first instant that is too late
    sa.Column("done_at", sa.BigInteger, nullable=True),  # when the final state was reached, as it happened
    sa.Column("revision", sa.Integer, nullable=False),  # seq of the newest event
    sa.Column("head", sa.LargeBinary, nullable=False),  # hash of the newest event, 32 bytes
    sa.UniqueConstraint("case_id", "assignee", "key"),
    sa.CheckConstraint("standing IN ('open', 'paused', 'done', 'late', 'undated', 'out')", name="standing"),
)
sa.Index("ix_pc_instance_path", instance.c.path)
sa.Index("ix_pc_instance_parent_id_state_due_at", *(instance.c[name] for name in ("parent_id", "state", "due_at", "id")))
_keyed = sa.text("key <> ''")
sa.Index("ix_pc_instance_case_id_keyed", instance.c.case_id, instance.c.key, sqlite_where=_keyed, postgresql_where=_keyed)
_unfinished = sa.text("standing IN ('open', 'paused')")
sa.Index(
    "ix_pc_instance_assignee_unfinished",
    instance.c.assignee,
    instance.c.due_at,
    sqlite_where=_unfinished,
    postgresql_where=_unfinished,
)
_open = sa.text("standing = 'open'")
sa.Index("ix_pc_instance_due_at_open", instance.c.due_at, instance.c.id, sqlite_where=_open, postgresql_where=_open)

overdue = sa.Table(
    "pc_overdue",
    metadata,
    # A due date that has passed while the instance was open, and is in its history: deadlines.py.
    sa.Column("due_at", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("instance_id", Id, sa.ForeignKey("pc_instance.id"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

event = sa.Table(
    "pc_event",
    metadata,
    sa.Column("instance_id", Id, sa.ForeignKey("pc_instance.id"), primary_key=True, autoincrement=False),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 … within the instance
    sa.Column("recorded_at", sa.BigInteger, nullable=False),  # equals the body's recorded_at
    sa.Column("body", sa.Text, nullable=False),  # canonical JSON: the event, exactly as hashed
    sa.Column("hash", sa.LargeBinary, nullable=False),  # SHA-256 of the hash before it and the body, 32 bytes
    sqlite_with_rowid=False,
)

tally = sa.Table(
    "pc_tally",
    metadata,
    sa.Column("node_id", Id, sa.ForeignKey("pc_instance.id"), primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, primary_key=True),  # name of the counted instances' definition
    sa.Column("near", sa.SmallInteger, primary_key=True, autoincrement=False),  # 1: direct children; 0: further below
    sa.Column("state", sa.Text, primary_key=True),
    sa.Column("rank", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("standing", sa.Text, primary_key=True),
    sa.Column("due_at", sa.BigInteger, primary_key=True, autoincrement=False),  # of open ones; 0 where there is none
    sa.Column("slot", sa.SmallInteger, primary_key=True, autoincrement=False),  # writers at one time take different ones
    sa.Column("n", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
    postgresql_with={"fillfactor": 50},  # room to count on in place: no index says how many
)

command = sa.Table(
    "pc_command",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),  # idempotency key chosen by the caller
    sa.Column("request", sa.Text, nullable=False),  # SHA-256 of what was asked, hexadecimal
    sa.Column("result", sa.Text, nullable=False),  # JSON: what was answered
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
)

outbox = sa.Table(
    "pc_outbox",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("topic", sa.Text, nullable=False),  # what is to be done, "notice"
    sa.Column("payload", sa.Text, nullable=False),  # canonical JSON, for the topic's handler
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
    sa.Column("done_at", sa.BigInteger, nullable=True),  # or when it was discarded
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", sa.Text, nullable=True),  # of the last failed attempt
    sa.Column("discarded_by", sa.Text, nullable=True),  # operator who decided that it is never to be done
    sa.Column("discard_reason", sa.Text, nullable=True),
    sa.CheckConstraint(
        "discarded_by IS NULL OR (discard_reason IS NOT NULL AND done_at IS NOT NULL)", name="discarded_with_reason"
    ),
)
_pending = sa.text("done_at IS NULL")
sa.Index("ix_pc_outbox_pending", outbox.c.id, sqlite_where=_pending, postgresql_where=_pending)

spawning = sa.Table(
    "pc_spawning",
    metadata,
    sa.Column("node_id", Id, sa.ForeignKey("pc_instance.id"), primary_key=True, autoincrement=False),
    sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),  # how many of its children come before this batch
    sa.Column("n", sa.Integer, nullable=False),  # children in the batch
    sa.Column("children", sa.Text, nullable=False),  # JSON, see spawning.py; the row goes when they are there
)

attachment = sa.Table(
    "pc_attachment",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),  # SHA-256 of content, hexadecimal
    sa.Column("size", sa.BigInteger, nullable=False),  # bytes
    sa.Column("content", sa.LargeBinary, nullable=False),
)
