"""what people answered is found by person, however much they were told"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    answered = sa.text("answer <> ''")
    op.create_index("ix_callnotice_answers", "callnotice", ["person_id"], sqlite_where=answered, postgresql_where=answered)
