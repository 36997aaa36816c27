"""Many reported rounds closed or sent back, some of them in each transaction, with the rights that the actor has now."""

import logging
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from baolei.accounts.models import User
from baolei.accounts.queries import actor_of
from baolei.kernel.access import NOBODY, Actor
from baolei.reviews import actions
from baolei.reviews.models import Closing, ClosingLine

Outcome = ClosingLine.Outcome
ACTS = {Closing.Act.CLOSE: actions.close_round, Closing.Act.SEND_BACK: actions.send_back}
SILENT = timedelta(minutes=2)
"""After which whoever carried an order out is taken for dead."""
TOGETHER = 50
"""Rounds of one transaction: what a kill in the middle does not settle."""
_log = logging.getLogger(__name__)


def own(actor: Actor) -> QuerySet[Closing]:
    """The orders of the actor, the newest first."""
    return Closing.objects.filter(actor_id=actor.user_id).order_by("-pk")


def lines_of(closing: Closing) -> QuerySet[ClosingLine]:
    return (
        ClosingLine.objects.filter(closing=closing)
        .select_related("round", "round__organization")
        .order_by("pk")
    )


def progress_of(closing: Closing) -> dict[str, int]:
    """How many lines of each outcome."""
    counted = lines_of(closing).order_by().values_list("outcome").annotate(number=Count("pk"))
    return dict.fromkeys(Outcome.values, 0) | dict(counted)


def carry_out(number: int) -> None:
    """Do what is left of the order of that number. Twice, at once or after a kill: no round is done twice.

    Raises OperationalError where the database gives up: what was settled stays settled.
    """
    closing = Closing.objects.filter(pk=number).first()
    if closing is None:
        return
    user = User.objects.filter(pk=closing.actor_id).first()
    actor = actor_of(user) if user else NOBODY
    while _some(closing, actor):
        pass


def _some(closing: Closing, actor: Actor) -> bool:
    """Settle waiting lines that nobody else holds, as many as fit one transaction; False when there are none."""
    with transaction.atomic():
        waiting = lines_of(closing).filter(outcome=Outcome.WAITING)
        lines = [*waiting.select_for_update(skip_locked=True, of=("self",))[:TOGETHER]]
        if lines and not _all(closing, lines, actor):
            for line in lines:
                _one(closing, line, actor)
    return bool(lines)


def _all(closing: Closing, lines: list[ClosingLine], actor: Actor) -> bool:
    """Close them together; False when something is wrong with one of them, and nothing was done."""
    if closing.act != Closing.Act.CLOSE:
        return False
    try:
        actions.close_rounds([line.round for line in lines], actor=actor)
    except OperationalError:
        raise
    except Exception:
        return False  # each is tried alone, and what is wrong is said of the one
    settled = {"outcome": Outcome.DONE, "settled_at": timezone.now()}
    ClosingLine.objects.filter(pk__in=[line.pk for line in lines]).update(**settled)
    return True


def _one(closing: Closing, line: ClosingLine, actor: Actor) -> None:
    line.outcome, line.settled_at = Outcome.DONE, timezone.now()
    try:
        ACTS[closing.act](line.round, actor=actor)
    except ValidationError as refusal:
        line.outcome, line.why = Outcome.REFUSED, "".join(refusal.messages)
    except PermissionDenied:
        line.outcome, line.why = Outcome.REFUSED, _("您现在没有办理这次民主评议的权限。")
    except OperationalError:
        raise
    except Exception:
        _log.exception("closing of a round")
        line.outcome, line.why = Outcome.REFUSED, _("办理时出了意外，什么都没有改动；请打开这一次单独办理。")
    line.save(update_fields=["outcome", "why", "settled_at"])


def forsaken() -> list[int]:
    """The orders of which lines wait and nothing has been settled for a while."""
    before = timezone.now() - SILENT
    lines = ClosingLine.objects.filter(closing=OuterRef("pk"))
    left = Closing.objects.filter(Exists(lines.filter(outcome=Outcome.WAITING)), made_at__lt=before)
    return [*left.exclude(Exists(lines.filter(settled_at__gte=before))).values_list("pk", flat=True)]
