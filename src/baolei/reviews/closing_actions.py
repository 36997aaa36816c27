"""Ordering that many reported rounds be closed or sent back; carried out at once when few, else by a job."""

from collections.abc import Collection
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.access import Actor
from baolei.kernel.actions import action
from baolei.reviews import jobs
from baolei.reviews.access import Can
from baolei.reviews.models import Closing, ClosingLine
from baolei.reviews.queries import reported_to

FEW = 20
"""Rounds that are carried out while the officer waits."""


@action(
    "reviews.closing.order",
    words=gettext_lazy("成批办结、退回民主评议"),
    needs=Can.OVERSEE,
    private=("rounds",),
)
def order(target, *, actor: Actor, act: str, rounds: Collection[UUID]) -> Closing:
    """Have these rounds closed or sent back, one after another; each leaves its own event. More than `FEW` by a job.

    What is not reported to a body of the actor is left out. Raises ValidationError when nothing is left.
    """
    if act not in Closing.Act.values:
        raise ValidationError(_("请选择办结或者退回。"))
    found = [
        *reported_to(actor).filter(uid__in=rounds).order_by("organization__key").values_list("pk", flat=True)
    ]
    if not found:
        raise ValidationError(_("请至少勾选一次已经报送、由您审核的民主评议。"))
    closing = Closing.objects.create(actor_id=actor.user_id, act=act)
    ClosingLine.objects.bulk_create(ClosingLine(closing=closing, round_id=pk) for pk in found)
    if len(found) > FEW:
        jobs.carry_out.defer(number=closing.pk)
    return closing
