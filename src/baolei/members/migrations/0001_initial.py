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
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=baolei.kernel.ids.uuid7, editable=False, unique=True)),
                ("name", models.TextField(db_collation="C", verbose_name="姓名")),
                ("name_py", models.TextField(db_collation="C", verbose_name="姓名拼音")),
                ("initials", models.TextField(db_collation="C", verbose_name="拼音首字母")),
                ("sex", models.TextField(choices=[("1", "男"), ("2", "女")], verbose_name="性别")),
                ("birth_date", models.DateField(verbose_name="出生日期")),
                ("ethnicity", models.TextField(verbose_name="民族")),
                ("education", models.TextField(verbose_name="学历")),
                (
                    "occupation",
                    models.TextField(
                        choices=[
                            ("organ_staff", "党政机关工作人员"),
                            ("institution_manager", "事业单位管理人员"),
                            ("institution_specialist", "事业单位专业技术人员"),
                            ("enterprise_manager", "公有制企业管理人员"),
                            ("enterprise_specialist", "公有制企业专业技术人员"),
                            ("worker", "工勤技能人员"),
                            ("private_manager", "非公有制单位管理人员"),
                            ("private_specialist", "非公有制单位专业技术人员"),
                            ("private_worker", "非公有制单位工勤技能人员"),
                            ("farmer", "农牧渔民"),
                            ("student", "学生"),
                            ("retired", "离退休人员"),
                            ("soldier_police", "军人、武警"),
                            ("other", "其他职业人员"),
                        ],
                        verbose_name="职业",
                    ),
                ),
                (
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
                        verbose_name="党籍状态",
                    ),
                ),
                ("joined_on", models.DateField(verbose_name="入党日期")),
                ("converted_on", models.DateField(null=True, verbose_name="转正日期")),
                ("left_on", models.DateField(null=True, verbose_name="离开日期")),
                ("branch_key", baolei.kernel.tree.KeyField(db_collation="C")),
                ("id_sealed", models.BinaryField(verbose_name="公民身份号码")),
                ("phone_sealed", models.BinaryField(null=True, verbose_name="联系电话")),
                ("key_wrapped", models.BinaryField()),
                ("id_hash", models.BinaryField(unique=True)),
                ("id_tail_hash", models.BinaryField()),
                ("phone_hash", models.BinaryField(null=True)),
                ("phone_tail_hash", models.BinaryField(null=True)),
                (
                    "branch",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="所在党支部",
                    ),
                ),
                (
                    "work_unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organizations.unit",
                        verbose_name="工作单位",
                    ),
                ),
            ],
            managers=[
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="起止")),
                ("branch_key", baolei.kernel.tree.KeyField(db_collation="C")),
                (
                    "branch",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.member"
                    ),
                ),
            ],
            managers=[
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["branch_key"], name="members_member_key"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["name_py", "branch_key"], name="members_member_py"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["initials", "name_py"], name="members_member_ini"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["name", "branch_key"], name="members_member_name"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["id_tail_hash"], name="members_member_id_tail"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["phone_hash"], name="members_member_phone"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["phone_tail_hash"], name="members_member_phone_tail"),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("left_on", None), ("standing__in", ("probationary", "formal"))),
                    models.Q(
                        models.Q(("standing__in", ("probationary", "formal")), _negated=True),
                        ("left_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="members_member_left",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("converted_on", None), ("converted_on__gte", models.F("joined_on")), _connector="OR"
                ),
                name="members_member_converted",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("standing", "formal"), _negated=True),
                    ("converted_on__isnull", False),
                    _connector="OR",
                ),
                name="members_member_formal",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "standing__in",
                        [
                            "probationary",
                            "formal",
                            "suspended",
                            "deceased",
                            "transferred_out",
                            "expelled",
                            "removed",
                            "advised_out",
                            "probation_cancelled",
                        ],
                    )
                ),
                name="members_member_standing",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("phone_hash", None), ("phone_sealed", None), ("phone_tail_hash", None)),
                    models.Q(
                        ("phone_hash__isnull", False),
                        ("phone_sealed__isnull", False),
                        ("phone_tail_hash__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="members_member_phone",
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["branch_key"], name="members_membership_key"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[(models.F("member"), "="), (models.F("during"), "&&")],
                name="members_membership_one_branch_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("during__isempty", False), ("during__lower_inf", False)),
                name="members_membership_dated",
            ),
        ),
    ]
