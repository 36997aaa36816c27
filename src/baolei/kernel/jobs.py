"""The kernel's jobs. Each may run twice; the worker starts them by the clock."""

from procrastinate.contrib.django import app

from baolei.kernel import audit
from baolei.kernel.ballots import jobs as _ballots  # noqa: F401 - declared there, found here
from baolei.kernel.figures.stored import refold
from baolei.kernel.privacy.retention import purge
from baolei.kernel.uploads import jobs as _uploads  # noqa: F401 - declared there, found here


@app.periodic(cron="17 3 * * *")
@app.task(name="kernel.purge", queueing_lock="kernel.purge", pass_context=False)
def purge_old(timestamp: int) -> None:
    """Every night what has been kept long enough goes, by the rules that areas declare (G-27)."""
    purge()


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
