import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import baolei.kernel.ids
import baolei.kernel.tree


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        # Exclusion constraints of all areas compare numbers and ranges in one index.
        migrations.RunSQL(
            ["CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public"], migrations.RunSQL.noop
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_xid", models.BigIntegerField()),
                ("to_xid", models.BigIntegerField(unique=True)),
                ("rows", models.BigIntegerField()),
                ("digest", models.BinaryField()),
                ("previous", models.BinaryField()),
                ("sealed_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "db_table": "kernel_auditseal",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("action", models.TextField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.TextField()),
                ("office", models.TextField()),
                (
                    "reach",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                ("request_id", models.TextField()),
                ("target_model", models.TextField()),
                ("target_id", models.BigIntegerField(null=True)),
                ("target_key", baolei.kernel.tree.KeyField(db_collation="C", null=True)),
                ("person_id", models.BigIntegerField(null=True)),
                ("detail", models.JSONField()),
                ("changes", models.JSONField()),
                ("xid", models.BigIntegerField()),
            ],
            options={
                "db_table": "kernel_event",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=baolei.kernel.ids.uuid7, editable=False, unique=True)),
                ("source", models.TextField(verbose_name="来源")),
                ("digest", models.TextField(verbose_name="文件摘要")),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("running", "正在导入"),
                            ("refused", "未导入：有问题的行"),
                            ("done", "已导入"),
                            ("tried", "试运行，未写入"),
                            ("broken", "中断，未写入"),
                        ],
                        default="running",
                        verbose_name="状态",
                    ),
                ),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.TextField(verbose_name="导入人")),
                ("started_at", models.DateTimeField(auto_now_add=True, verbose_name="开始时间")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="完成时间")),
                ("demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("counts", models.JSONField(default=dict, verbose_name="行数")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("state", "running")),
                            models.Q(
                                models.Q(("state", "running"), _negated=True), ("finished_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="kernel_batch_finished",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StaleMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.TextField()),
                ("key", baolei.kernel.tree.KeyField(db_collation="C")),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [models.Index(fields=["model", "key"], name="kernel_stalemark_model_key")],
            },
        ),
        migrations.CreateModel(
            name="StoredValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("figure", models.TextField()),
                ("organization_id", models.BigIntegerField()),
                ("day", models.DateField()),
                ("status", models.TextField()),
                ("numerator", models.DecimalField(decimal_places=6, max_digits=24, null=True)),
                ("denominator", models.DecimalField(decimal_places=6, max_digits=24, null=True)),
                ("computed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("figure", "organization_id", "day"), name="kernel_storedvalue_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.TextField()),
                ("row_id", models.BigIntegerField()),
                ("before", models.JSONField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kernel.batch"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "model", "row_id"), name="kernel_batchrow_once")
                ],
            },
        ),
    ]
