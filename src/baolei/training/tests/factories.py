"""Bases, sessions, attendances, study groups and reports for tests: the smallest valid rows."""

from datetime import date
from itertools import count

from baolei.kernel.spells import days
from baolei.members.models import Member
from baolei.organizations.models import Organization, Unit, UnitOverseer
from baolei.training.models import Attendance, Base, GroupReport, Session, StudyGroup

_numbers = count(1)
FIRST = date(2012, 1, 1)


def make_base(
    organization: Organization,
    kind: str = Base.Kind.COMMUNITY_EMPLOYMENT,
    *,
    first: date = FIRST,
    last: date | None = None,
) -> Base:
    return Base.rows.create(
        ref=f"B{next(_numbers)}",
        organization=organization,
        kind=kind,
        name="试验基地",
        during=days(first, last),
    )


def make_session(
    host: Base | Organization,
    first_on: date,
    *,
    others: int = 0,
    members: list[Member] = (),
    audience: str = Session.Audience.RESIDENTS,
) -> Session:
    """A session of one day at a base, or of an organization without a base."""
    base = host if isinstance(host, Base) else None
    organization = host.organization if base else host
    session = Session.rows.create(
        ref=f"S{next(_numbers)}",
        organization=organization,
        base=base,
        audience=audience,
        name="试验班",
        first_on=first_on,
        last_on=first_on,
        hours=6,
        others=others,
    )
    for member in members:
        Attendance.rows.create(
            ref=f"A{next(_numbers)}", organization=organization, session=session, member=member
        )
    return session


def make_group(unit: Unit, *, first: date = FIRST, last: date | None = None) -> StudyGroup:
    return StudyGroup.rows.create(
        ref=f"G{next(_numbers)}",
        organization_id=UnitOverseer.rows.get(unit=unit).organization_id,
        unit=unit,
        name="试验小组",
        during=days(first, last),
    )


def make_report(
    group: StudyGroup, students: int, reported_on: date, confirmed_on: date | None = None
) -> GroupReport:
    return GroupReport.rows.create(
        ref=f"R{next(_numbers)}",
        organization_id=group.organization_id,
        study_group=group,
        reported_on=reported_on,
        confirmed_on=confirmed_on,
        students=students,
    )
