"""The job of the area."""

from procrastinate.contrib.django import app

from baolei.kernel.access import Actor
from baolei.transfers.finder import find_hints

FINDER = Actor.system("口袋党员线索查找")


@app.periodic(cron="37 3 * * *")
@app.task(name="transfers.find_hints", queueing_lock="transfers.find_hints", pass_context=False)
def find(timestamp: int) -> None:
    """Every night; twice is as once."""
    find_hints(None, actor=FINDER)
