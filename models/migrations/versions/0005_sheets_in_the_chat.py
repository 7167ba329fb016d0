"""sheets in the chat: spreadsheets of calls that officers sent, with how far they are taken in"""

import sqlalchemy as sa
from alembic import op

import models.columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = models.columns.Moment(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), sa.ForeignKey("person.id", name=op.f("fk_sheet_officer_id_person")), nullable=False),
        sa.Column("address_id", sa.Integer(), sa.ForeignKey("address.id", name=op.f("fk_sheet_address_id_address")), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("file", "digest")),
        sa.Column("fields", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("total", "taken")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("counts", "aside")),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet")),
    )
    op.create_index("ix_sheet_officer_id", "sheet", ["officer_id"])
    op.create_index("ix_sheet_ended_at", "sheet", ["ended_at"])
