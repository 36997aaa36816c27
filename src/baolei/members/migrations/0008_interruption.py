"""A suspension becomes one way of being out of the register between two spells (ADR 0019)."""

from django.db import migrations, models
from django.db.models import Q

from baolei.kernel.spells import no_two_a_day


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0007_cards"),
    ]

    operations = [
        migrations.RemoveConstraint("suspension", "members_suspension_one_a_day"),
        migrations.RemoveConstraint("suspension", "members_suspension_dated"),
        migrations.RenameModel("Suspension", "Interruption"),
        migrations.AddField(
            "interruption",
            "standing",
            models.TextField(
                choices=[
                    ("probationary", "预备党员"),
                    ("formal", "正式党员"),
                    ("suspended", "停止党籍"),
                    ("deceased", "已去世"),
                    ("transferred_out", "已转出省外"),
                    ("expelled", "开除党籍"),
                    ("removed", "除名"),
                    ("advised_out", "劝退"),
                    ("probation_cancelled", "取消预备党员资格"),
                ],
                default="suspended",
                verbose_name="党籍状态",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "interruption", "joined_on", models.DateField(null=True, verbose_name="原入党日期")
        ),
        migrations.AddField(
            "interruption", "converted_on", models.DateField(null=True, verbose_name="原转正日期")
        ),
        migrations.AddConstraint("interruption", no_two_a_day("members_interruption_one_a_day", "member")),
        migrations.AddConstraint(
            "interruption",
            models.CheckConstraint(
                name="members_interruption_dated",
                condition=Q(during__isempty=False) & Q(during__lower_inf=False),
            ),
        ),
        migrations.AddConstraint(
            "interruption",
            models.CheckConstraint(
                name="members_interruption_standing",
                condition=Q(
                    standing__in=(
                        *("suspended", "transferred_out", "expelled"),
                        *("removed", "advised_out", "probation_cancelled"),
                    )
                )
                & (Q(during__upper_inf=False) | Q(standing="suspended")),
            ),
        ),
        migrations.AddConstraint(
            "interruption",
            models.CheckConstraint(
                name="members_interruption_life",
                condition=Q(joined_on=None, converted_on=None)
                | Q(joined_on__isnull=False) & ~Q(standing="suspended"),
            ),
        ),
    ]
