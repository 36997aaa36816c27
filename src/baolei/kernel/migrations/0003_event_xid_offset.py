"""Transaction numbers start again in a restored cluster; the audit adds what was counted before (D6)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_audit")]

    operations = [
        migrations.RunSQL(
            ["CREATE SEQUENCE kernel_event_xid_offset MINVALUE 0 START 0 OWNED BY kernel_event.xid"],
            ["DROP SEQUENCE kernel_event_xid_offset"],
        )
    ]
