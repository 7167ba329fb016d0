"""calls of all sources: the rest of their fields, every name a call has, the state of feeds, how people want to hear of calls"""

import sqlalchemy as sa
from alembic import op

import models.columns
from models.stamp import notice_changes

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = models.columns.Moment(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("call", schema=None) as batch_op:
        for name in ("detail", "institution", "reason"):
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        for name in ("places", "funds"):
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("estimate", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("domestic", sa.Boolean(), nullable=True))
        for name in ("opens_at", "seen_at", "changed_at"):
            batch_op.add_column(sa.Column(name, MOMENT, nullable=True))
        batch_op.create_index("ix_call_open", ["status", "closes_at", "region"])

    with op.batch_alter_table("callnotice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("score", sa.Float(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("told_at", MOMENT, nullable=True))
    op.execute(sa.text("UPDATE callnotice SET told_at = at"))
    untold = sa.text("told_at IS NULL")
    op.create_index("ix_callnotice_untold", "callnotice", ["person_id"], sqlite_where=untold, postgresql_where=untold)
    answered = sa.text("answer <> ''")
    op.create_index("ix_callnotice_answered", "callnotice", ["call_id"], sqlite_where=answered, postgresql_where=answered)

    op.create_table(
        "callkey",
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("call_id", sa.Integer(), sa.ForeignKey("call.id", name=op.f("fk_callkey_call_id_call")), nullable=False),
        sa.PrimaryKeyConstraint("system", "number", name=op.f("pk_callkey")),
    )
    op.create_index("ix_callkey_call_id", "callkey", ["call_id"])
    op.create_table(
        "feed",
        sa.Column("name", sa.String(), nullable=False),
        *(sa.Column(name, MOMENT, nullable=True) for name in ("tried_at", "succeeded_at", "failed_since", "fresh_at", "next_at")),
        sa.Column("error", sa.String(), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("marks", "counts", "columns")),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_feed")),
    )
    op.create_table(
        "setaside",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("feed", "number", "reason")),
        sa.Column("row", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setaside")),
    )
    op.create_index("ix_setaside_feed", "setaside", ["feed"])
    op.create_index("ix_setaside_number", "setaside", ["number"])
    op.create_table(
        "columns",
        sa.Column("header", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("officer_id", sa.Integer(), sa.ForeignKey("person.id", name=op.f("fk_columns_officer_id_person")), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("header", name=op.f("pk_columns")),
    )
    op.create_table(
        "taste",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id", name=op.f("fk_taste_person_id_person")), nullable=False),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("digest_at", MOMENT, nullable=True),
        sa.Column("nearest_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_taste")),
    )
    op.create_table(
        "lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("etalase", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id", name=op.f("fk_lesson_person_id_person")), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
    )
    op.create_index("ix_lesson_person_id", "lesson", ["person_id"])
    op.create_table(
        "stamp",
        sa.Column("product_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_stamp")),
    )
    op.create_index("ix_stamp_number", "stamp", ["number"])
    notice_changes(op.get_bind())
