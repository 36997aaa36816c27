"""Jobs of the area. Each may run twice; the worker starts them by the clock."""

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from baolei.kernel.access import Actor
from baolei.portal.complaints import actions, queries


@app.periodic(cron="27 3 * * *")
@app.task(name="portal.purge_complaints", queueing_lock="portal.purge_complaints", pass_context=False)
def purge_complaints(timestamp: int) -> None:
    """The texts and the slips of complaints answered 180 days ago go; outcome, days and subject stay (G-27)."""
    actor = Actor.system(_("到期清除"))
    for complaint in queries.erasable():
        actions.erase(complaint, actor=actor)
