"""What the register does when other areas act."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.access import Actor
from baolei.kernel.actions import after, during
from baolei.kernel.business import Fate, Move, business, part
from baolei.kernel.tree import below
from baolei.members.access import Can
from baolei.members.actions import carry, mark_stale
from baolei.members.models import Member, Membership
from baolei.members.queries import taken_along
from baolei.organizations.models import Organization


@during("accounts.user.open")
def refuse_foreign_holder(
    organization: Organization, *, actor: Actor, member_id: int | None = None, **opened
) -> None:
    """An account is tied to a person of the register only by somebody who may see that person's file.

    Raises PermissionDenied, for an absent person too.
    """
    if member_id is None:
        return
    if not Member.objects.visible_to(actor, Can.VIEW).filter(pk=member_id).exists():
        raise PermissionDenied(_("没有这名党员，或不在您的管理范围"))


def _taken(moves: list[Move]) -> dict[Move, str]:
    """How many members a move took along, in words."""
    return {
        move: _("随同转接党员 %(number)s 名") % {"number": number}
        for move, number in taken_along(moves).items()
    }


business(
    gettext_lazy("党员组织关系"),
    lambda branch, on: Membership.objects.unscoped(
        "a change of the tree looks at every spell of the branch"
    ).filter(branch=branch, during__overlap=DateRange(on, None)),
    permission=Can.VIEW,
    close=Fate.FIRST,
    merge=Fate.MOVES,
    advice=gettext_lazy("请先把党员转出或登记离开，也可以改用“合并”。"),
    along=lambda organization: (
        Member.objects.unscoped("how many a move takes along")
        .filter(below(organization.key, field="branch_key"), left_on=None)
        .count()
    ),
    taken=_taken,
)


def _people(branch: Organization, actor: Actor) -> list[tuple[str, str]]:
    """The members of a branch today, by name."""
    found = Member.objects.visible_to(actor, Can.VIEW).filter(branch=branch, left_on=None)
    return [
        (str(member.uid), _("%(name)s（%(day)s 入党）") % {"name": member.name, "day": member.joined_on})
        for member in found.order_by("name_py", "uid")
    ]


part("people", gettext_lazy("划入的党员"), _people)


@after("organizations.organization.merge")
def carry_members(organization: Organization, *, actor: Actor, into: Organization, on, **merging) -> None:
    """All who belong to the merged branch on the day or later belong to its successor from then on (ORG-23)."""
    carry(organization, into, on)


@after("organizations.organization.split")
def carry_chosen(organization: Organization, *, actor: Actor, founding, chosen, **splitting) -> None:
    """Those chosen belong to the new branch from its first day on.

    Raises ValidationError for anybody who does not belong to the old one since before that day, or is out of reach.
    """
    people = chosen.get("people", ())
    if not people:
        return
    found = Member.objects.visible_to(actor, Can.VIEW).filter(
        uid__in=people, branch=organization, left_on=None
    )
    spells = Membership.objects.unscoped("a split looks at the spells of those chosen").filter(
        member__in=found, branch=organization, during__contains=DateRange(founding.opened_on, None)
    )
    members = [*spells.values_list("member_id", flat=True)]
    if len(members) != len(people):
        raise ValidationError(_("所选党员中有人在那一天不在原党支部，请重新选择。（ORG-23）"))
    carry(
        organization,
        Organization.objects.unscoped("the new one").get(code=founding.code),
        founding.opened_on,
        members,
    )


@during("organizations.organization.move")
@after("organizations.organization.move")
def mark_members_stale(organization: Organization, *, actor: Actor, **moving) -> None:
    """A move changes the totals of members above the old place (told before) and above the new one (after)."""
    mark_stale(organization)
