"""Alembic's own entry: it runs the steps on the connection that `upgrade` opened."""

from alembic import context

from bot.db import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    transactional_ddl=True,
)
context.run_migrations()
