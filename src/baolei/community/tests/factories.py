"""Desks, check-ins, services and needs for tests: the smallest valid rows."""

from datetime import date
from itertools import count

from baolei.community.models import CheckIn, Need, ServiceRecord
from baolei.kernel.spells import days
from baolei.members.models import Member, Membership
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.kinds import UnitKind
from baolei.organizations.models import Unit
from baolei.organizations.tests.factories import make_branch, make_unit
from baolei.standards.models import Facility
from baolei.standards.tests.factories import overseer_id

_numbers = count(1)

DAY = date(2016, 6, 1)


def make_community(parent) -> Unit:
    """A community overseen by a branch of its own below `parent`."""
    return make_unit(make_branch(parent), kind=UnitKind.COMMUNITY)


def make_organ_member(parent, **given) -> Member:
    """A member of an organ's branch below `parent`, with the organ as work unit."""
    branch = make_branch(parent)
    return MemberFactory(branch=branch, work_unit=make_unit(branch, kind=UnitKind.ORGAN), **given)


def make_checkin(
    member: Member,
    unit: Unit,
    *,
    work_unit: Unit | None = None,
    first: date = date(2015, 1, 1),
    last: date | None = None,
) -> CheckIn:
    return CheckIn.rows.create(
        ref=f"C{next(_numbers)}",
        member=member,
        unit=unit,
        organization_id=overseer_id(unit),
        work_unit=work_unit or member.work_unit,
        during=days(first, last),
    )


def make_service(
    member: Member, unit: Unit, *, served: date = DAY, confirmed: date | None = DAY
) -> ServiceRecord:
    return ServiceRecord.rows.create(
        ref=f"V{next(_numbers)}",
        member=member,
        unit=unit,
        organization_id=overseer_id(unit),
        branch_id=Membership.rows.get(member=member, during__contains=served).branch_id,
        kind=ServiceRecord.Kind.CARE,
        served_on=served,
        confirmed_on=confirmed,
    )


def make_need(desk: Facility, handled: date) -> Need:
    return Need.rows.create(
        ref=f"N{next(_numbers)}", desk=desk, organization_id=desk.organization_id, handled_on=handled
    )
