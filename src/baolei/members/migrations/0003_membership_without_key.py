"""Only `Member` keeps the copied key: nothing read the spells' one, and it was half of a move (ADR 0006)."""

import django.db.models.deletion
from django.db import migrations, models

import baolei.kernel.tree

HELD = """
    ALTER TABLE members_membership ADD CONSTRAINT members_membership_branch_key_fk
    FOREIGN KEY (branch_id, branch_key) REFERENCES organizations_organization (id, key) ON UPDATE CASCADE
"""
FILL = """
    UPDATE members_membership s SET branch_key = o.key FROM organizations_organization o WHERE o.id = s.branch_id
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0002_branch_key")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE members_membership DROP CONSTRAINT members_membership_branch_key_fk", HELD
        ),
        migrations.RemoveIndex("membership", "members_membership_key"),
        # In two steps for the way back, where the column comes empty and is filled.
        migrations.AlterField(
            "membership", "branch_key", baolei.kernel.tree.KeyField(db_collation="C", null=True)
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FILL),
        migrations.RemoveField("membership", "branch_key"),
        migrations.AlterField(
            "membership",
            "branch",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
    ]
