"""Jobs of the area: what is ordered about many rounds at once. Each may run twice, and two beside each other."""

from django.db import OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from baolei.reviews import closing

_BUSY = RetryStrategy(max_attempts=20, wait=5, retry_exceptions={OperationalError})


@app.task(name="reviews.carry_out", retry=_BUSY, pass_context=False)
def carry_out(number: int) -> None:
    """Carry an order out; what is settled already is not done again."""
    closing.carry_out(number)


@app.periodic(cron="* * * * *")
@app.task(name="reviews.mend_closings", queueing_lock="reviews.mend_closings", pass_context=False)
def mend_closings(timestamp: int) -> None:
    """Go on with what a killed process left."""
    for number in closing.forsaken():
        closing.carry_out(number)
