"""many doors: aliases and ends of addresses, link codes, templates, stopped accounts, parts already shown"""

import sqlalchemy as sa
from alembic import op

import models.columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = models.columns.Moment(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.add_column(sa.Column("alias", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("until", MOMENT, nullable=True))
        batch_op.create_index("ix_address_account_alias", ["account", "alias"], unique=False)
    op.drop_index("ix_address_account_address", "address")
    live = sa.text("until IS NULL")
    op.create_index("ix_address_account_address", "address", ["account", "address"], unique=True, sqlite_where=live, postgresql_where=live)
    op.create_index("ix_business_phone", "business", ["phone"], unique=False)

    with op.batch_alter_table("outgoing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shown", sa.Integer(), nullable=False, server_default="0"))

    op.create_table(
        "linkcode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_linkcode_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linkcode")),
    )
    op.create_index(op.f("ix_linkcode_code_hash"), "linkcode", ["code_hash"], unique=False)
    op.create_index(op.f("ix_linkcode_person_id"), "linkcode", ["person_id"], unique=False)

    op.create_table(
        "linkguess",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_linkguess_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linkguess")),
    )
    op.create_index(op.f("ix_linkguess_person_id"), "linkguess", ["person_id"], unique=False)
    op.create_index(op.f("ix_linkguess_at"), "linkguess", ["at"], unique=False)

    op.create_table(
        "template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template")),
    )
    op.create_index("ix_template_name_locale", "template", ["name", "locale"], unique=True)

    op.create_table(
        "line",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_line")),
    )
