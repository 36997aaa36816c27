"""Closed organizations keep a key (A1): their rests, and the view that joins places and rests."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import baolei.kernel.tree

VIEW = """
    CREATE VIEW organizations_lasting AS
    SELECT organization_id, key, during FROM organizations_place
    UNION ALL
    SELECT organization_id, key, during FROM organizations_rest
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Rest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="起止"),
                ),
                ("key", baolei.kernel.tree.KeyField(db_collation="C", verbose_name="树码")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["key"], name="organizations_rest_key")],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("organization"), "="), (models.F("during"), "&&")],
                        name="organizations_rest_one_a_day",
                    )
                ],
            },
        ),
        migrations.RunSQL(VIEW, "DROP VIEW organizations_lasting"),
    ]
