"""Alembic's entry: runs the migrations on the one connection that `migrate.upgrade` hands over.

The transaction is the caller's, and so is logging.
"""

from __future__ import annotations

from alembic import context


def run() -> None:
    """Run what is missing between the database and the asked version."""
    context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


run()
