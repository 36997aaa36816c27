"""What the area does when the register, a transfer or the tree changes."""

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baolei.development.access import Can
from baolei.development.actions import end_with_membership
from baolei.development.codes import UNDER_WAY
from baolei.development.models import Applicant
from baolei.kernel.actions import after
from baolei.kernel.business import Fate, business, part
from baolei.members.codes import Standing
from baolei.members.models import Member


def _there(organization, on=None):
    rows = Applicant.objects.unscoped("a change of the tree looks at who is on the way there")
    return rows.filter(branch=organization, stage__in=UNDER_WAY)


business(
    _("发展党员在办的人"),
    _there,
    permission=Can.VIEW,
    close=Fate.FIRST,
    merge=Fate.MOVES,
    advice=_("请先移交培养材料或终止。"),
)


def _people(branch, actor) -> list[tuple[str, str]]:
    """Who is on the way there and in no register yet."""
    found = _there(branch).filter(member=None, going_to=None).order_by("name", "pk")
    if not actor.can(Can.CARRY, branch):
        return []
    return [(str(one.uid), f"{one.name}（{one.get_stage_display()}）") for one in found]


part("applicants", _("划入的发展党员对象"), _people)


@after("organizations.organization.merge")
def carry_applicants(organization, *, actor, into, on, **merging) -> None:
    """Whoever is on the way in the merged branch goes on in its successor."""
    _there(organization).update(branch=into)
    Applicant.objects.unscoped("papers on the way to a merged branch").filter(going_to=organization).update(
        going_to=into
    )


@after("organizations.organization.split")
def carry_chosen(organization, *, actor, founding, chosen, **splitting) -> None:
    """Those chosen go on in the new branch, and who is in the register goes with his membership."""
    follow_register(branch=organization)
    uids = chosen.get("applicants", ())
    if uids:
        new = type(organization).objects.unscoped("the new one").get(code=founding.code)
        _there(organization).filter(uid__in=uids, member=None, going_to=None).update(branch=new)


@after("members.member.move")
def go_with(member: Member, *, actor, **moving) -> None:
    """A probationary member goes on where his membership is."""
    if member.standing == Standing.PROBATIONARY:
        follow_register(member=member)


@after("transfers.transfer.accept")
def go_with_transfer(transfer, *, actor, **accepting) -> None:
    go_with(transfer.member, actor=actor)


@after("members.membership.import")
@after("members.member.import")
def go_with_files(batch, *, actor, **importing) -> None:
    follow_register()


@after("members.member.end")
def end_along(member: Member, *, actor, standing: str, on, **ending) -> None:
    """Who leaves the register is not on the way any more."""
    for applicant in Applicant.objects.unscoped("ends with the membership").filter(
        member=member, stage__in=UNDER_WAY
    ):
        end_with_membership(applicant, standing, min(on, timezone.localdate()))


def follow_register(**which) -> None:
    """Set the branch of those in the register to that of their membership, in one statement."""
    rows = Applicant.objects.unscoped("goes with the register").filter(
        member__isnull=False, stage__in=UNDER_WAY, **which
    )
    present = Member.objects.unscoped("goes with the register").filter(pk=OuterRef("member_id"))
    rows.exclude(branch_id=F("member__branch_id")).update(branch_id=Subquery(present.values("branch_id")))
