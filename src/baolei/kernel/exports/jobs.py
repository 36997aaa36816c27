"""Requests go a year after they were made; the events of what was taken stay."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from baolei.kernel.models import ExportRequest


@app.periodic(cron="41 3 * * *")
@app.task(
    name="kernel.purge_export_requests", queueing_lock="kernel.purge_export_requests", pass_context=False
)
def purge_export_requests(timestamp: int) -> None:
    ExportRequest.objects.filter(
        asked_at__lt=timezone.now() - timedelta(days=ExportRequest.KEPT_DAYS)
    ).delete()
