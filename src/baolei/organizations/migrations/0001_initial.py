import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

import baolei.kernel.ids
import baolei.kernel.tree


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Organization",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=baolei.kernel.ids.uuid7, editable=False, unique=True)),
                ("code", models.TextField(unique=True, verbose_name="组织代码")),
                ("name", models.TextField(db_collation="C", verbose_name="全称")),
                ("short_name", models.TextField(db_collation="C", verbose_name="简称")),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("branch", "党支部"),
                            ("joint_branch", "联合党支部"),
                            ("general_branch", "党总支"),
                            ("basic_committee", "基层党委"),
                            ("village_committee", "村（社区）党委"),
                            ("township_committee", "乡镇（街道）党委"),
                            ("party_group", "党组"),
                            ("work_committee", "党工委"),
                            ("temporary_branch", "临时党支部"),
                            ("functional_org", "功能型党组织"),
                            ("floating_org", "流动党员党组织"),
                            ("project_branch", "项目党支部"),
                            ("party_cell", "党小组"),
                            ("local_committee", "地方党委"),
                        ],
                        verbose_name="类别",
                    ),
                ),
                ("key", baolei.kernel.tree.KeyField(db_collation="C", unique=True, verbose_name="树码")),
                ("next_ordinal", models.IntegerField(default=1)),
                ("region_code", models.TextField(blank=True, default="", verbose_name="区划代码")),
                ("opened_on", models.DateField(verbose_name="成立日期")),
                ("closed_on", models.DateField(null=True, verbose_name="撤销日期")),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="上级党组织",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="承接党组织",
                    ),
                ),
            ],
            managers=[
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="起止")),
                ("key", baolei.kernel.tree.KeyField(db_collation="C", verbose_name="树码")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="organizations.organization",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=baolei.kernel.ids.uuid7, editable=False, unique=True)),
                ("code", models.TextField(unique=True, verbose_name="单位代码")),
                ("name", models.TextField(db_collation="C", verbose_name="名称")),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("province", "省"),
                            ("prefecture", "市（州）"),
                            ("county", "县（市、区）"),
                            ("township", "乡镇"),
                            ("street", "街道"),
                            ("village", "村"),
                            ("community", "社区"),
                            ("organ", "机关"),
                            ("institution", "事业单位"),
                            ("university", "高等学校"),
                            ("school", "学校"),
                            ("state_enterprise", "国有企业"),
                            ("private_enterprise", "非公有制企业"),
                            ("social_organization", "社会组织"),
                            ("port", "口岸"),
                        ],
                        verbose_name="类别",
                    ),
                ),
                ("region_code", models.TextField(blank=True, default="", verbose_name="区划代码")),
            ],
            options={
                "indexes": [models.Index(fields=["name"], name="organizations_unit_name")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "province",
                                    "prefecture",
                                    "county",
                                    "township",
                                    "street",
                                    "village",
                                    "community",
                                    "organ",
                                    "institution",
                                    "university",
                                    "school",
                                    "state_enterprise",
                                    "private_enterprise",
                                    "social_organization",
                                    "port",
                                ],
                            )
                        ),
                        name="organizations_unit_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitOverseer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="起止")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organizations.unit"
                    ),
                ),
            ],
            managers=[
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="organization",
            index=models.Index(fields=["parent", "key"], name="organizations_org_parent_key"),
        ),
        migrations.AddIndex(
            model_name="organization",
            index=models.Index(fields=["name"], name="organizations_org_name"),
        ),
        migrations.AddIndex(
            model_name="organization",
            index=models.Index(fields=["short_name"], name="organizations_org_short"),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.UniqueConstraint(
                fields=("id", "key"), name="organizations_organization_id_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_on", None), models.Q(("region_code", ""), _negated=True)),
                fields=("region_code",),
                name="organizations_organization_region",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_on", None), ("closed_on__gt", models.F("opened_on")), _connector="OR"
                ),
                name="organizations_organization_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(("key__regex", "^([0-9a-z]{3})+$")), name="organizations_organization_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "branch",
                            "joint_branch",
                            "general_branch",
                            "basic_committee",
                            "village_committee",
                            "township_committee",
                            "party_group",
                            "work_committee",
                            "temporary_branch",
                            "functional_org",
                            "floating_org",
                            "project_branch",
                            "party_cell",
                            "local_committee",
                        ],
                    )
                ),
                name="organizations_organization_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="place",
            index=models.Index(fields=["key"], name="organizations_place_key"),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[(models.F("organization"), "="), (models.F("during"), "&&")],
                name="organizations_place_one_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitoverseer",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[(models.F("unit"), "="), (models.F("during"), "&&")],
                name="organizations_unitoverseer_one_a_day",
            ),
        ),
    ]
