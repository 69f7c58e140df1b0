"""What alembic runs: the steps, on the connection that it is given."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="sign_up_schema",
    transactional_ddl=True,
)
# The transaction is the caller's.
context.run_migrations()
