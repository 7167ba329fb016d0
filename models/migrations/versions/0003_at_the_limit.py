"""at the limit: leases, ticks, uploads; the life of a campaign; what a template cost; indexes for millions of recipients"""

import sqlalchemy as sa
from alembic import op

import models.columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = models.columns.Moment(timezone=True)


def upgrade() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "tick",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("job", "due_at", name=op.f("pk_tick")),
    )
    op.create_table(
        "upload",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account", "name", name=op.f("pk_upload")),
    )

    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approver_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("approved_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("starts_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("ends_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("paid", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("canary", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("why", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("paused_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("plan", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("filled_to", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_foreign_key(op.f("fk_campaign_approver_id_person"), "person", ["approver_id"], ["id"])
        batch_op.create_index("ix_campaign_status", ["status"])

    with op.batch_alter_table("line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tier", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("quality", sa.String(), nullable=False, server_default=""))

    with op.batch_alter_table("outgoing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("template", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("price", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index("ix_outgoing_due", "outgoing")
    own = sa.text("campaign_id IS NULL")
    op.create_index("ix_outgoing_due", "outgoing", ["account", "status", "lane", "due_at"], sqlite_where=own, postgresql_where=own)
    op.create_index("ix_outgoing_campaign_due", "outgoing", ["campaign_id", "status", "account", "due_at"])
    settled = sa.text("campaign_id IS NOT NULL AND settled_at IS NOT NULL")
    op.create_index(
        "ix_outgoing_campaign_settled", "outgoing", ["campaign_id", "settled_at"], sqlite_where=settled, postgresql_where=settled
    )
    paid = sa.text("template != ''")
    op.create_index("ix_outgoing_paid", "outgoing", ["account", "claimed_at"], sqlite_where=paid, postgresql_where=paid)

    with op.batch_alter_table("received", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claimed_by", sa.String(), nullable=False, server_default=""))
    unfinished = sa.text("status IN ('waiting', 'queued')")
    op.create_index("ix_received_unfinished", "received", ["claimed_by"], sqlite_where=unfinished, postgresql_where=unfinished)

    op.create_table(
        "board",
        sa.Column("campaign_id", sa.Integer(), sa.ForeignKey("campaign.id", name=op.f("fk_board_campaign_id_campaign")), nullable=False),
        sa.Column("address_id", sa.Integer(), sa.ForeignKey("address.id", name=op.f("fk_board_address_id_address")), nullable=False),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.Column("shown_id", sa.Integer(), nullable=True),
        sa.Column("edit_id", sa.Integer(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("campaign_id", "address_id", name=op.f("pk_board")),
    )
    op.create_index("ix_board_ended_at", "board", ["ended_at"])
    op.create_table(
        "report",
        sa.Column("campaign_id", sa.Integer(), sa.ForeignKey("campaign.id", name=op.f("fk_report_campaign_id_campaign")), nullable=False),
        sa.Column("address_id", sa.Integer(), sa.ForeignKey("address.id", name=op.f("fk_report_address_id_address")), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("campaign_id", "address_id", name=op.f("pk_report")),
    )
    op.create_index("ix_report_done_at", "report", ["done_at"])
