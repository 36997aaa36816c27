"""What the register does when other areas act."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from baolei.kernel.access import Actor
from baolei.kernel.actions import after, during
from baolei.kernel.models import StaleMark
from baolei.members.access import Can
from baolei.members.models import Member, Membership
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


@during("organizations.organization.close")
def keep_branch_with_members(organization: Organization, *, actor: Actor, on, **closing) -> None:
    """A branch closes only when nobody's spell in it reaches the day of closing. Raises ValidationError."""
    spells = Membership.objects.unscoped("closing looks at every spell of the branch")
    if spells.filter(branch=organization, during__overlap=DateRange(on, None)).exists():
        raise ValidationError(_("还有党员的组织关系在这个党支部，请先转出"))


@during("organizations.organization.move")
@after("organizations.organization.move")
def mark_members_stale(organization: Organization, *, actor: Actor, **moving) -> None:
    """A move changes the totals of members above the old place (told before) and above the new one (after)."""
    StaleMark.objects.bulk_create(
        StaleMark(model=model._meta.label, key=organization.key) for model in (Member, Membership)
    )
