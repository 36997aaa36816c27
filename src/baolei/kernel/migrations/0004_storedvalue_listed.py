from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_event_xid_offset")]

    operations = [
        migrations.AddField(
            model_name="storedvalue",
            name="listed",
            field=models.BigIntegerField(default=0),
        ),
        # The values kept so far do not know how many rows they list: the job folds them again.
        migrations.RunSQL("DELETE FROM kernel_storedvalue", migrations.RunSQL.noop),
    ]
