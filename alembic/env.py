"""Runs the migrations on the connection that engine/migrations.py hands over; it opens none of its own."""

from __future__ import annotations

from alembic import context
from alembic.util import CommandError

from engine.database import VERSION_TABLE

connection = context.config.attributes.get("connection")
if connection is None:
    raise CommandError("The migrations run through the program: cascade db upgrade")

# The transaction is the caller's, on both databases: a migration that fails leaves nothing behind.
context.configure(connection=connection, version_table=VERSION_TABLE, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
