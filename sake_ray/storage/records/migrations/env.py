"""Run migrations on the connection that `migrate_tables` hands in: in its transaction, or else each in one of its own."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, render_as_batch=True, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
