"""Indexes that no question needs, each of them a new entry for every member that a move takes along (ADR 0006)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0003_membership_without_key")]

    operations = [
        migrations.RemoveIndex("member", "members_member_id_tail"),
        migrations.RemoveIndex("member", "members_member_phone_tail"),
        migrations.AlterField(
            "member",
            "branch",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organizations.organization",
                verbose_name="所在党支部",
            ),
        ),
        migrations.AlterField(
            "member",
            "work_unit",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="organizations.unit",
                verbose_name="工作单位",
            ),
        ),
    ]
