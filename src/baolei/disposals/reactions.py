"""What the area does when a member would move, when he leaves, and when the tree changes (ORG-21)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.disposals import queries
from baolei.disposals.access import Can
from baolei.disposals.actions import follow_register, follow_tree
from baolei.disposals.codes import OPEN
from baolei.disposals.models import Disposal
from baolei.kernel.actions import after, during
from baolei.kernel.business import Fate, business
from baolei.kernel.tree import below
from baolei.members.models import Member

business(
    gettext_lazy("在办的组织处置"),
    lambda organization, on: Disposal.objects.unscoped("a change of the tree looks at what is open").filter(
        branch=organization, state__in=OPEN
    ),
    permission=Can.RUN,
    close=Fate.FIRST,
    merge=Fate.MOVES,
    advice=gettext_lazy("请先办结或取消。"),
)


@during("transfers.transfer.ask")
@during("members.member.move")
def stay(member: Member, *, actor, **_arguments) -> None:
    """Between the branch's meeting and the execution the member stays: the branch that voted answers to the end."""
    rows = Disposal.objects.unscoped("a member who would move").filter(queries.SETTLING, member=member)
    if rows.exists():
        raise ValidationError(_("这名党员的组织处置正在办理，办结以后才能转接或者调整党支部。"))


@during("transfers.transfer.release")
def stay_unreleased(transfer, *, actor, **_arguments) -> None:
    stay(transfer.member, actor=actor)


@after("members.member.move")
@after("members.member.end")
def go_with(member: Member, *, actor, **_arguments) -> None:
    """It goes on in the new branch; about who leaves otherwise it ends. What is being executed is closed already."""
    follow_register(member=member)


@after("transfers.transfer.accept")
@after("transfers.pocket_case.suspend")
def go_with_member(record, *, actor, **_arguments) -> None:
    follow_register(member=record.member)


@after("members.membership.import")
@after("members.member.import")
def go_with_files(batch, *, actor, **_arguments) -> None:
    follow_register()


@after("organizations.organization.merge")
@after("organizations.organization.split")
def go_with_branch(organization, *, actor, **_arguments) -> None:
    """The members of a merged branch, and those chosen from a split one, belong to another branch by now."""
    follow_register(branch=organization)


@after("organizations.organization.move")
def go_with_tree(organization, *, actor, **_arguments) -> None:
    rows = Disposal.objects.unscoped("a change of the tree looks at everything below")
    follow_tree(pk__in=rows.filter(below(organization.key, field="branch__key")).values("pk"))
