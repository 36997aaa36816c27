"""Floating members: registered by the home branch, taken in by a host, contacted, back (FLT-01 to FLT-03).

The relation stays in one branch; organization life at the host is dated beside it. Both days are signs of life.
"""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.actions import action
from baolei.kernel.records import made_here
from baolei.members.codes import COUNTED
from baolei.members.models import Member
from baolei.members.queries import spells_of
from baolei.organizations.kinds import HOLDS_MEMBERS
from baolei.organizations.models import Organization
from baolei.transfers.access import Can
from baolei.transfers.models import Floating


@action("transfers.floating.register", words=gettext_lazy("登记流动党员"), needs=Can.FLOAT, tree="shared")
def register_floating(
    member: Member, *, actor, since: date, destination: str, host: Organization | None = None
) -> Floating:
    """The member is away from his branch since a day; `host` is the branch that takes him in, where one is known.

    Raises ValidationError: not counted, away already, a day before he came, a host that is none.
    """
    if member.standing not in COUNTED:
        raise ValidationError(_("此人已不在册，不能登记流动。"))
    if open_of(member).exists():
        raise ValidationError(_("这名党员已经登记流动，还没有返回。"))
    spell = spells_of(member).first()
    if not spell.during.lower <= since <= timezone.localdate():
        raise ValidationError(_("流出日期不能早于进入现在党支部之日，也不能晚于今天。"))
    if destination not in Floating.Destination.values:
        raise ValidationError(_("请选择去向。"))
    if host is not None:
        host = Organization.rows.get(pk=host.pk)
        if host.kind not in HOLDS_MEMBERS or host.closed_on is not None or host.pk == member.branch_id:
            raise ValidationError(_("流入党支部须是现有的另一个党支部（FLT-02）。"))
    return Floating.rows.create(
        **made_here(),
        member=member,
        organization=member.branch,
        host=host,
        destination=destination,
        during=DateRange(since, None, "[)"),
    )


@action("transfers.floating.contact", words=gettext_lazy("登记与流动党员联系"), needs=Can.FLOAT)
def contact_floating(floating: Floating, *, actor, on: date) -> Floating:
    """The home branch was in touch with him on a day (FLT-03). Raises ValidationError, PermissionDenied."""
    actor.require(Can.FLOAT, floating.organization)
    _require_day(floating, on)
    floating.contacted_on = max(on, floating.contacted_on or on)
    floating.save(update_fields=["contacted_on"])
    return floating


@action("transfers.floating.take_part", words=gettext_lazy("登记流动党员参加组织生活"), needs=Can.FLOAT)
def enter_participation(floating: Floating, *, actor, on: date) -> Floating:
    """He took part in organization life at the host on a day (FLT-03). Raises ValidationError, PermissionDenied."""
    if floating.host is None:
        raise ValidationError(_("没有流入党支部。"))
    actor.require(Can.FLOAT, floating.host)
    _require_day(floating, on)
    floating.took_part_on = max(on, floating.took_part_on or on)
    floating.save(update_fields=["took_part_on"])
    return floating


@action("transfers.floating.end", words=gettext_lazy("登记流动党员返回"), needs=Can.FLOAT)
def end_floating(floating: Floating, *, actor, on: date) -> Floating:
    """He is back since a day. Raises ValidationError, PermissionDenied."""
    actor.require(Can.FLOAT, floating.organization)
    _require_day(floating, on)
    if on == floating.during.lower:
        raise ValidationError(_("返回日期应在流出之后。"))
    return _ended(floating, on)


def open_of(member: Member):
    """The member's floating record that lasts, if there is one."""
    return Floating.rows.filter(member=member, during__upper_inf=True)


def end_with_relation(member: Member, on: date) -> None:
    """The relation left the home branch on a day: nobody floats from where he is not."""
    for floating in open_of(member).select_for_update(of=("self",)):
        _ended(floating, max(on, floating.during.lower + timedelta(days=1)))


def _ended(floating: Floating, on: date) -> Floating:
    floating.during = DateRange(floating.during.lower, on, "[)")
    floating.save(update_fields=["during"])
    return floating


def _require_day(floating: Floating, on: date) -> None:
    if floating.during.upper is not None:
        raise ValidationError(_("已经返回。"))
    if not floating.during.lower <= on <= timezone.localdate():
        raise ValidationError(_("日期不能早于流出日期，也不能晚于今天。"))
