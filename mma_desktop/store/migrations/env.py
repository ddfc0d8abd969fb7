"""Alembic environment: runs the migrations on the connection given by `store.project_folder`.

The caller controls the transaction and the logging.
"""

from __future__ import annotations

from alembic import context


def run() -> None:
    context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


run()
