"""The copied key of a branch is held by a constraint, so that no writer can leave an old one (D2)."""

from django.db import migrations

HOLD = """
    ALTER TABLE {table} ADD CONSTRAINT {table}_branch_key_fk
    FOREIGN KEY (branch_id, branch_key) REFERENCES organizations_organization (id, key) ON UPDATE CASCADE
"""
TABLES = ("members_member", "members_membership")


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [HOLD.format(table=table) for table in TABLES],
            [f"ALTER TABLE {table} DROP CONSTRAINT {table}_branch_key_fk" for table in TABLES],
        )
    ]
