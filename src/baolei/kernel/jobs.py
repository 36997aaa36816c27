"""The kernel's jobs. Each may run twice; the worker starts them by the clock."""

from procrastinate.contrib.django import app

from baolei.kernel import audit
from baolei.kernel.figures.stored import refold
from baolei.kernel.uploads import jobs as _uploads  # noqa: F401 - declared there, found here


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="kernel.refold", pass_context=False)
def refold_stale(timestamp: int) -> None:
    """Fold what writers have marked, and the new day after midnight."""
    refold()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="kernel.seal", pass_context=False)
def seal_audit(timestamp: int) -> None:
    """Seal the events of finished transactions."""
    audit.seal()
