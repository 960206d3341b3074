"""Foundations: the engine's tables, the directory, plans and messages, and triggers that keep history append-only.

Frozen once released: it imports nothing of the program's.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Bytewise = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

# What may not be done to which table; TRUNCATE exists on PostgreSQL only.
APPEND_ONLY = {
    "pc_event": ("UPDATE", "DELETE", "TRUNCATE"),
    "pc_definition": ("UPDATE", "DELETE", "TRUNCATE"),
    "pc_attachment": ("UPDATE",),
}


def upgrade() -> None:
    """Create everything."""
    _create_definitions_and_instances()
    _create_history()
    _create_queues()
    _create_directory()
    _create_plans()
    _create_messages()
    _protect_history()
    meta = sa.table("pc_meta", sa.column("key", sa.Text), sa.column("value", sa.Text))
    op.bulk_insert(meta, [{"key": "installation", "value": secrets.token_hex(16)}])


def downgrade() -> None:
    """Drop everything; a table's triggers and indexes go with it."""
    for table in ("message", "basis", "plan", "grant", "operator", "group", "unit_alias", "unit"):
        op.drop_table(f"pc_{table}")
    for table in ("attachment", "spawning", "outbox", "command", "tally", "event", "overdue", "instance", "definition", "meta"):
        op.drop_table(f"pc_{table}")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION pc_refuse_change()")


def _create_definitions_and_instances() -> None:
    op.create_table(
        "pc_meta",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_pc_meta"),
    )
    op.create_table(
        "pc_definition",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pc_definition"),
        sa.UniqueConstraint("name", "version", name="uq_pc_definition_name_version"),
    )
    op.create_table(
        "pc_instance",
        sa.Column("id", Id, nullable=False),
        sa.Column("parent_id", Id, nullable=True),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("path", Bytewise, nullable=False),
        sa.Column("definition_id", Id, nullable=False),
        sa.Column("assignee", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False, server_default=""),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("rank", sa.SmallInteger, nullable=False),
        sa.Column("trail", sa.Text, nullable=False, server_default=""),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=True),
        sa.Column("done_at", sa.BigInteger, nullable=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("head", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pc_instance"),
        sa.ForeignKeyConstraint(["parent_id"], ["pc_instance.id"], name="fk_pc_instance_parent_id"),
        sa.ForeignKeyConstraint(["definition_id"], ["pc_definition.id"], name="fk_pc_instance_definition_id"),
        sa.UniqueConstraint("case_id", "assignee", "key", name="uq_pc_instance_case_id_assignee_key"),
        sa.CheckConstraint(
            "standing IN ('open', 'paused', 'done', 'late', 'undated', 'out')", name=op.f("ck_pc_instance_standing")
        ),
    )
    op.create_index("ix_pc_instance_path", "pc_instance", ["path"])
    op.create_index("ix_pc_instance_parent_id_state_due_at", "pc_instance", ["parent_id", "state", "due_at", "id"])
    _create_partial_index("ix_pc_instance_case_id_keyed", "pc_instance", ["case_id", "key"], "key <> ''")
    _create_partial_index(
        "ix_pc_instance_assignee_unfinished", "pc_instance", ["assignee", "due_at"], "standing IN ('open', 'paused')"
    )
    _create_partial_index("ix_pc_instance_due_at_open", "pc_instance", ["due_at", "id"], "standing = 'open'")


def _create_history() -> None:
    op.create_table(
        "pc_overdue",
        sa.Column("due_at", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("instance_id", Id, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("due_at", "instance_id", name="pk_pc_overdue"),
        sa.ForeignKeyConstraint(["instance_id"], ["pc_instance.id"], name="fk_pc_overdue_instance_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pc_event",
        sa.Column("instance_id", Id, nullable=False, autoincrement=False),
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "seq", name="pk_pc_event"),
        sa.ForeignKeyConstraint(["instance_id"], ["pc_instance.id"], name="fk_pc_event_instance_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pc_tally",
        sa.Column("node_id", Id, nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("near", sa.SmallInteger, nullable=False, autoincrement=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("rank", sa.SmallInteger, nullable=False, autoincrement=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("slot", sa.SmallInteger, nullable=False, autoincrement=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("node_id", "kind", "near", "state", "rank", "standing", "due_at", "slot", name="pk_pc_tally"),
        sa.ForeignKeyConstraint(["node_id"], ["pc_instance.id"], name="fk_pc_tally_node_id"),
        sqlite_with_rowid=False,
        postgresql_with={"fillfactor": 50},
    )


def _create_queues() -> None:
    op.create_table(
        "pc_command",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_pc_command"),
    )
    op.create_table(
        "pc_outbox",
        sa.Column("id", Id, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("done_at", sa.BigInteger, nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error", sa.Text, nullable=True),
        sa.Column("discarded_by", sa.Text, nullable=True),
        sa.Column("discard_reason", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_pc_outbox"),
        sa.CheckConstraint(
            "discarded_by IS NULL OR (discard_reason IS NOT NULL AND done_at IS NOT NULL)",
            name=op.f("ck_pc_outbox_discarded_with_reason"),
        ),
    )
    _create_partial_index("ix_pc_outbox_pending", "pc_outbox", ["id"], "done_at IS NULL")
    op.create_table(
        "pc_spawning",
        sa.Column("node_id", Id, nullable=False, autoincrement=False),
        sa.Column("place", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("children", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("node_id", "place", name="pk_pc_spawning"),
        sa.ForeignKeyConstraint(["node_id"], ["pc_instance.id"], name="fk_pc_spawning_node_id"),
    )
    op.create_table(
        "pc_attachment",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_pc_attachment"),
    )


def _create_directory() -> None:
    _create_units()
    op.create_table(
        "pc_group",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("aliases", sa.Text, nullable=False, server_default="[]"),
        sa.Column("below", sa.Text, nullable=True),
        sa.Column("deep", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("kinds", sa.Text, nullable=False, server_default="[]"),
        sa.Column("members", sa.Text, nullable=False, server_default="[]"),
        sa.PrimaryKeyConstraint("code", name="pk_pc_group"),
        sa.ForeignKeyConstraint(["below"], ["pc_unit.code"], name="fk_pc_group_below"),
    )
    op.create_table(
        "pc_operator",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("name", name="pk_pc_operator"),
    )
    op.create_table(
        "pc_grant",
        sa.Column("operator", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("operator", "role", "unit", name="pk_pc_grant"),
        sa.ForeignKeyConstraint(["operator"], ["pc_operator.name"], name="fk_pc_grant_operator"),
    )


def _create_units() -> None:
    op.create_table(
        "pc_unit",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("parent", sa.Text, nullable=True),
        sa.Column("email", sa.Text, nullable=False, server_default=""),
        sa.Column("valid_from", sa.Text, nullable=True),
        sa.Column("valid_until", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("code", name="pk_pc_unit"),
        sa.ForeignKeyConstraint(["parent"], ["pc_unit.code"], name="fk_pc_unit_parent"),
    )
    op.create_index("ix_pc_unit_parent_kind", "pc_unit", ["parent", "kind"])
    op.create_index("ix_pc_unit_folded", "pc_unit", ["folded"])
    op.create_table(
        "pc_unit_alias",
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("alias", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("folded", "code", name="pk_pc_unit_alias"),
        sa.ForeignKeyConstraint(["code"], ["pc_unit.code"], name="fk_pc_unit_alias_code"),
    )


def _create_plans() -> None:
    op.create_table(
        "pc_plan",
        sa.Column("instance_id", Id, nullable=False, autoincrement=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("date", sa.Text, nullable=False),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("instance_id", name="pk_pc_plan"),
        sa.ForeignKeyConstraint(["instance_id"], ["pc_instance.id"], name="fk_pc_plan_instance_id"),
        sa.UniqueConstraint("issuer", "number", "date", name="uq_pc_plan_issuer_number_date"),
    )
    op.create_index("ix_pc_plan_number", "pc_plan", ["number"])
    op.create_index("ix_pc_plan_date_instance_id", "pc_plan", ["date", "instance_id"])
    op.create_table(
        "pc_basis",
        sa.Column("plan_id", Id, nullable=False, autoincrement=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("date", sa.Text, nullable=True),
        sa.Column("type", sa.Text, nullable=True),
        sa.Column("issuer", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("plan_id", "number", name="pk_pc_basis"),
        sa.ForeignKeyConstraint(["plan_id"], ["pc_plan.instance_id"], name="fk_pc_basis_plan_id"),
    )
    op.create_index("ix_pc_basis_number", "pc_basis", ["number"])


def _create_messages() -> None:
    op.create_table(
        "pc_message",
        sa.Column("id", Id, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("notice", sa.Text, nullable=False),
        sa.Column("outbox_id", Id, nullable=False),
        sa.Column("instance_id", Id, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False, server_default=""),
        sa.Column("content", sa.LargeBinary, nullable=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("queued_at", sa.BigInteger, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=True),
        sa.Column("tried_at", sa.BigInteger, nullable=True),
        sa.Column("next_attempt_at", sa.BigInteger, nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_pc_message"),
        sa.UniqueConstraint("message_id", name="uq_pc_message_message_id"),
        sa.UniqueConstraint("outbox_id", "unit", name="uq_pc_message_outbox_id_unit"),
        sa.ForeignKeyConstraint(["outbox_id"], ["pc_outbox.id"], name="fk_pc_message_outbox_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["pc_instance.id"], name="fk_pc_message_instance_id"),
        sa.CheckConstraint("state IN ('queued', 'sent', 'failed', 'no_address')", name=op.f("ck_pc_message_state")),
    )
    op.create_index("ix_pc_message_instance_id", "pc_message", ["instance_id"])
    _create_partial_index("ix_pc_message_queued", "pc_message", ["next_attempt_at", "id"], "state = 'queued'")
    _create_partial_index("ix_pc_message_tried_at", "pc_message", ["tried_at"], "tried_at IS NOT NULL")


def _create_partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _protect_history() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, verbs in APPEND_ONLY.items():
            for verb in verbs:
                if verb != "TRUNCATE":
                    op.execute(
                        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                    )
        return
    op.execute(
        "CREATE FUNCTION pc_refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table, verbs in APPEND_ONLY.items():
        for verb in verbs:
            each = "STATEMENT" if verb == "TRUNCATE" else "ROW"
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                f" FOR EACH {each} EXECUTE FUNCTION pc_refuse_change()"
            )
