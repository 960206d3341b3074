"""Aliases that people decide, with who and when; and the index by which a unit's aliases are found among a million.

Frozen once released: it imports nothing of the program's.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and the index."""
    op.create_table(
        "pc_alias",
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("is_group", sa.SmallInteger, nullable=False, autoincrement=False),
        sa.Column("alias", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("folded", "issuer", "code", "is_group", name="pk_pc_alias"),
    )
    op.create_index("ix_pc_unit_alias_code", "pc_unit_alias", ["code"])


def downgrade() -> None:
    """Drop both; what was decided is lost."""
    op.drop_index("ix_pc_unit_alias_code", "pc_unit_alias")
    op.drop_table("pc_alias")
