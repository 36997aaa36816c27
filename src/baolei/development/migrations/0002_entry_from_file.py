from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("development", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="from_file",
            field=models.BooleanField(db_default=False, default=False, verbose_name="由文件带入"),
        ),
    ]
