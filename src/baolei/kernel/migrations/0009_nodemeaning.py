from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0008_export_request"),
    ]

    operations = [
        migrations.CreateModel(
            name="NodeMeaning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor_id", models.BigIntegerField()),
                ("name", models.TextField()),
                ("code", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("actor_id", "name"), name="kernel_nodemeaning_once")
                ],
            },
        ),
    ]
