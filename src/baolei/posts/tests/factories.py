"""Offices, posts, terms and tenures for tests: the smallest valid rows."""

from datetime import date
from itertools import count

from baolei.kernel.spells import days
from baolei.members.models import Member
from baolei.organizations.models import Organization, Unit, UnitOverseer
from baolei.posts.models import PartyOffice, Post, Tenure

_numbers = count(1)
FIRST = date(2013, 1, 1)


def make_office(unit: Unit, *, first: date = FIRST, last: date | None = None) -> PartyOffice:
    return PartyOffice.rows.create(
        ref=f"D-{next(_numbers)}",
        organization_id=UnitOverseer.rows.get(unit=unit, during__upper_inf=True).organization_id,
        unit=unit,
        name="试验办公室",
        during=days(first, last),
    )


def make_post(
    organization: Organization,
    *,
    kind: str = Post.Kind.PARTY_WORKER,
    full_time: bool = True,
    office: PartyOffice | None = None,
    first: date = FIRST,
    last: date | None = None,
) -> Post:
    return Post.rows.create(
        ref=f"P-{next(_numbers)}",
        organization=organization,
        kind=kind,
        full_time=full_time,
        office=office,
        during=days(first, last),
    )


def make_tenure(
    post: Post, member: Member | None = None, *, first: date = FIRST, last: date | None = None
) -> Tenure:
    return Tenure.rows.create(
        ref=f"T-{next(_numbers)}",
        organization=post.organization,
        post=post,
        member=member,
        is_member=member is not None,
        during=days(first, last),
    )
