"""What the area does when organizations close or merge (ORG-21), and when a member in transfer would move."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baolei.kernel.actions import after, during
from baolei.kernel.business import Fate, business
from baolei.transfers.access import Can
from baolei.transfers.actions import require_none_open
from baolei.transfers.floating_actions import end_with_relation
from baolei.transfers.models import PocketCase, Transfer
from baolei.transfers.pocket_actions import end_with, report_of

business(
    _("在办的组织关系转接"),
    lambda organization, on: Transfer.objects.unscoped("a change of the tree looks at both ends").filter(
        Q(sender=organization) | Q(receiver=organization), state__in=("asked", "released")
    ),
    permission=Can.VIEW,
    close=Fate.FIRST,
    merge=Fate.FIRST,
    advice=_("请先办结或撤回。"),
)
business(
    _("未办结的口袋党员"),
    lambda organization, on: PocketCase.objects.unscoped("a change of the tree looks at open cases").filter(
        organization=organization, closed_on=None
    ),
    permission=Can.VIEW,
    close=Fate.FIRST,
    merge=Fate.FIRST,
    advice=_("请先办结。"),
)


@during("members.member.move")
@during("members.member.end")
def stay_in_custody(member, *, actor, **_arguments) -> None:
    """The register moves nobody who is on the way: the transfer is ended first."""
    require_none_open(member)


@after("transfers.transfer.accept")
@after("transfers.transfer.receipt")
def close_as_reported(transfer, *, actor, **_arguments) -> None:
    """Who is accepted has reported: his case, if there is one, ends by that."""
    report_of(transfer)


@after("members.member.move")
@after("members.member.end")
def float_no_more(member, *, actor, on, **_arguments) -> None:
    """Who has left his branch does not float from it any more."""
    end_with_relation(member, on)


@after("transfers.transfer.accept")
def arrive(transfer, *, actor, **_arguments) -> None:
    end_with_relation(transfer.member, transfer.accepted_on)


@after("transfers.transfer.refuse")
@after("transfers.transfer.withdraw")
def close_without(transfer, *, actor, **_arguments) -> None:
    end_with(transfer)
