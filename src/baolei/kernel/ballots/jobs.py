"""The job that destroys keys: deferred when a box is closed, and every minute for what a crash left."""

from procrastinate.contrib.django import app

from baolei.kernel.ballots import keys


@app.task(name="kernel.ballots.destroy_keys", pass_context=False)
def destroy_keys() -> None:
    """Keys of closed boxes go; once more does nothing."""
    keys.sweep()


@app.periodic(cron="* * * * *")
@app.task(name="kernel.ballots.sweep", queueing_lock="kernel.ballots.sweep", pass_context=False)
def sweep_keys(timestamp: int) -> None:
    """A process that died between the count and the key left it here."""
    keys.sweep()
