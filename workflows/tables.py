"""The plan cascade's own tables: directory, plans, messages. Each is written by one module, named beside it."""

from __future__ import annotations

import sqlalchemy as sa

from engine.tables import Id, metadata

# -- directory.py ------------------------------------------------------------------------------------------------------

unit = sa.Table(
    "pc_unit",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),  # names.fold(name)
    sa.Column("kind", sa.Text, nullable=False),  # a word of the directory's own: "committee", "cell", …
    sa.Column("parent", sa.Text, sa.ForeignKey("pc_unit.code"), nullable=True),
    sa.Column("email", sa.Text, nullable=False, server_default=""),  # addresses, separated by ", "
    sa.Column("valid_from", sa.Text, nullable=True),  # ISO date, inclusive
    sa.Column("valid_until", sa.Text, nullable=True),  # ISO date, inclusive: the last day of its existence
    sa.Index("ix_pc_unit_parent_kind", "parent", "kind"),
    sa.Index("ix_pc_unit_folded", "folded"),
)

unit_alias = sa.Table(
    "pc_unit_alias",
    metadata,
    sa.Column("folded", sa.Text, primary_key=True),  # names.fold(alias)
    sa.Column("code", sa.Text, sa.ForeignKey("pc_unit.code"), primary_key=True),
    sa.Column("alias", sa.Text, nullable=False),
    sa.Index("ix_pc_unit_alias_code", "code"),
)

group = sa.Table(
    "pc_group",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("aliases", sa.Text, nullable=False, server_default="[]"),  # JSON list of further names
    sa.Column("below", sa.Text, sa.ForeignKey("pc_unit.code"), nullable=True),  # null: below whichever unit addresses it
    sa.Column("deep", sa.SmallInteger, nullable=False, server_default="0"),  # 1: all levels below; 0: directly below
    sa.Column("kinds", sa.Text, nullable=False, server_default="[]"),  # JSON list; empty: every kind
    sa.Column("members", sa.Text, nullable=False, server_default="[]"),  # JSON list of unit codes, besides those by kind
)

operator = sa.Table(
    "pc_operator",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),  # login name
    sa.Column("title", sa.Text, nullable=False, server_default=""),  # office held, for people to read
)

grant = sa.Table(
    "pc_grant",
    metadata,
    sa.Column("operator", sa.Text, sa.ForeignKey("pc_operator.name"), primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),  # clerk, coordinator, auditor, admin
    sa.Column("unit", sa.Text, primary_key=True),  # unit code: that unit and all below; "*": everywhere
)

# -- aliases.py --------------------------------------------------------------------------------------------------------

alias = sa.Table(
    "pc_alias",
    metadata,
    sa.Column("folded", sa.Text, primary_key=True),  # names.canonical(alias)
    sa.Column("issuer", sa.Text, primary_key=True),  # unit code: in whose documents it means that; "": in all
    sa.Column("code", sa.Text, primary_key=True),  # of the unit or group that it means, or of one of them
    sa.Column("is_group", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("alias", sa.Text, nullable=False),  # as it was written
    sa.Column("decided_by", sa.Text, nullable=False),  # operator
    sa.Column("decided_at", sa.BigInteger, nullable=False),
)

# -- register.py -------------------------------------------------------------------------------------------------------

plan = sa.Table(
    "pc_plan",
    metadata,
    sa.Column("instance_id", Id, sa.ForeignKey("pc_instance.id"), primary_key=True, autoincrement=False),
    sa.Column("number", sa.Text, nullable=False),  # normalised symbol, "207-KH/TU"
    sa.Column("date", sa.Text, nullable=False),  # ISO date on the document
    sa.Column("issuer", sa.Text, nullable=False),  # unit code
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),  # SHA-256 of body, hexadecimal
    sa.Column("body", sa.Text, nullable=False),  # canonical JSON of the Plan, as issued
    sa.Column("document", sa.Text, nullable=True),  # pc_attachment.digest of the document it was read from
    sa.UniqueConstraint("issuer", "number", "date"),
    sa.Index("ix_pc_plan_number", "number"),
    sa.Index("ix_pc_plan_date_instance_id", "date", "instance_id"),
)

basis = sa.Table(
    "pc_basis",
    metadata,
    sa.Column("plan_id", Id, sa.ForeignKey("pc_plan.instance_id"), primary_key=True, autoincrement=False),
    sa.Column("number", sa.Text, primary_key=True),  # normalised symbol of the higher document
    sa.Column("date", sa.Text, nullable=True),  # ISO
    sa.Column("type", sa.Text, nullable=True),  # KH, CV, …
    sa.Column("issuer", sa.Text, nullable=True),  # as the document words it
    sa.Index("ix_pc_basis_number", "number"),
)

# -- notices/outbox ----------------------------------------------------------------------------------------------------

message = sa.Table(
    "pc_message",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("message_id", sa.Text, nullable=False, unique=True),  # RFC 5322 Message-ID, without brackets
    sa.Column("notice", sa.Text, nullable=False),  # name of the template, "dissemination_letter"
    sa.Column("outbox_id", Id, sa.ForeignKey("pc_outbox.id"), nullable=False),
    sa.Column("instance_id", Id, sa.ForeignKey("pc_instance.id"), nullable=False),  # what it is about
    sa.Column("unit", sa.Text, nullable=False),  # code of the unit it goes to
    sa.Column("address", sa.Text, nullable=False),  # addresses, separated by ", "; empty: the unit has none
    sa.Column("subject", sa.Text, nullable=False, server_default=""),
    sa.Column("content", sa.LargeBinary, nullable=True),  # the bytes that are sent, from the moment they are rendered
    sa.Column("state", sa.Text, nullable=False),  # queued, sent, failed, no_address
    sa.Column("queued_at", sa.BigInteger, nullable=False),
    sa.Column("sent_at", sa.BigInteger, nullable=True),
    sa.Column("tried_at", sa.BigInteger, nullable=True),  # when it was last handed over, whatever the answer was
    sa.Column("next_attempt_at", sa.BigInteger, nullable=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", sa.Text, nullable=True),  # of the last failed attempt
    sa.UniqueConstraint("outbox_id", "unit"),
    sa.CheckConstraint("state IN ('queued', 'sent', 'failed', 'no_address')", name="state"),
    sa.Index("ix_pc_message_instance_id", "instance_id"),
)
_queued = sa.text("state = 'queued'")
_tried = sa.text("tried_at IS NOT NULL")
sa.Index("ix_pc_message_tried_at", message.c.tried_at, sqlite_where=_tried, postgresql_where=_tried)
sa.Index("ix_pc_message_queued", message.c.next_attempt_at, message.c.id, sqlite_where=_queued, postgresql_where=_queued)
