"""Run by alembic: compares and upgrades the schema of models.tables."""

from alembic import context
from sqlmodel import SQLModel

from models import tables

assert tables.__all__
connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
