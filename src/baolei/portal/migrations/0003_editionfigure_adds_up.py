from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_frozen")]

    operations = [
        migrations.AddField(
            model_name="editionfigure",
            name="adds_up",
            field=models.BooleanField(default=True),
        ),
    ]
