"""Reads of complaints and corrections."""

from datetime import date, timedelta

from django.db.models import Case, Q, QuerySet, TextField, Value, When
from django.utils import timezone

from baolei.kernel.access import Actor
from baolei.kernel.secrets import hash_slip
from baolei.kernel.slips import is_slip
from baolei.organizations.models import Organization
from baolei.portal import queries
from baolei.portal.access import CanComplaint
from baolei.portal.models import Complaint, Correction, Edition

OPEN, OVERDUE, ANSWERED = "open", "overdue", "answered"


def complaints() -> QuerySet[Complaint]:
    """All complaints with their `state` today, the earliest due first; to be narrowed by `visible_to`."""
    state = Case(
        When(~Q(answered_on=None), then=Value(ANSWERED)),
        When(due_on__lt=timezone.localdate(), then=Value(OVERDUE)),
        default=Value(OPEN),
        output_field=TextField(),
    )
    return (
        Complaint.objects.annotate(state=state)
        .select_related("holder", "edition", "correction")
        .order_by("due_on", "pk")
    )


def of_state(rows: QuerySet[Complaint], state: str) -> QuerySet[Complaint]:
    """Those that are open (overdue ones too), overdue, or answered."""
    if state == ANSWERED:
        return rows.exclude(answered_on=None)
    found = rows.filter(answered_on=None)
    return found.filter(due_on__lt=timezone.localdate()) if state == OVERDUE else found


def number_open(actor: Actor) -> int:
    """How many open complaints lie within the actor's reach, for the menu."""
    return Complaint.objects.filter(answered_on=None).visible_to(actor, CanComplaint.VIEW).count()


def received_on(day: date) -> QuerySet[Complaint]:
    """Everything that came in on the day."""
    return Complaint.objects.filter(received_on=day).unscoped("the day's limit counts all of them")


def of_slip(slip: str) -> Complaint | None:
    """The complaint of a slip number, as typed; None for a wrong one, whatever is wrong with it."""
    if not is_slip(slip):
        return None
    rows = Complaint.objects.unscoped("who has the slip reads the one complaint of the slip")
    return rows.filter(slip_hash=hash_slip(slip)).select_related("holder", "correction").first()


def first_holder() -> Organization:
    """Who holds a complaint about a page of no edition: whose edition is the highest, else the top of the tree.

    Raises Organization.DoesNotExist in an empty register.
    """
    highest = queries.headlines().order_by("organization__key", "-released_at").first()
    if highest is not None:
        return highest.organization
    tops = Organization.objects.filter(parent=None, closed_on=None).order_by("key")
    found = tops.unscoped("a stranger's complaint goes to the top").first()
    if found is None:
        raise Organization.DoesNotExist
    return found


def erasable_until(today: date) -> date:
    """The last day of answer whose complaints have been kept long enough."""
    return today - timedelta(days=Complaint.KEPT_DAYS)


def corrections() -> QuerySet[Correction]:
    """What the public was told to be wrong, newest first."""
    return Correction.objects.select_related("edition").order_by("-corrected_on", "-pk")


def corrections_of(edition: Edition, code: str) -> QuerySet[Correction]:
    """Corrections of a figure in any edition of the same span."""
    return corrections().filter(figure=code, edition__in=queries.of_same_span(edition))
