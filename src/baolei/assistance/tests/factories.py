"""Postings, pairings and participations for tests: the smallest valid rows, overseen as their unit is."""

from datetime import date
from itertools import count

from baolei.assistance.models import Pairing, Participation, PartnerPairing, Posting
from baolei.kernel.spells import days
from baolei.members.models import Member, Membership
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.kinds import UnitKind
from baolei.organizations.models import Organization, Unit
from baolei.organizations.tests.factories import make_unit
from baolei.projects.models import Programme
from baolei.standards.tests.factories import overseer_id

_numbers = count(1)
FIRST = date(2013, 1, 1)


def make_cadre(branch: Organization | None = None) -> Member:
    """A member whose work unit is an organ (A9)."""
    given = {"branch": branch} if branch else {}
    return MemberFactory(work_unit=make_unit(kind=UnitKind.ORGAN), **given)


def make_campaign(
    organization: Organization,
    ref: str = "CAMPAIGN-1000",
    *,
    first: date = date(2013, 4, 1),
    last: date | None = date(2016, 3, 31),
) -> Programme:
    return Programme.rows.create(
        ref=ref,
        organization=organization,
        kind=Programme.Kind.CAMPAIGN,
        name="试验帮扶行动",
        planned_first=first,
        first_on=first,
        last_on=last,
    )


def make_posting(
    unit: Unit,
    member: Member,
    kind: str = Posting.Kind.FIRST_SECRETARY,
    *,
    first: date = FIRST,
    last: date | None = None,
) -> Posting:
    return Posting.rows.create(
        ref=f"T{next(_numbers)}",
        member=member,
        kind=kind,
        unit=unit,
        organization_id=overseer_id(unit),
        during=days(first, last),
    )


def make_pairing(village: Unit, *, first: date = FIRST, last: date | None = None, **given) -> Pairing:
    """`unit=` for a unit with the village, `member=` for a cadre with a household."""
    kind = Pairing.Kind.UNIT_VILLAGE if "unit" in given else Pairing.Kind.CADRE_HOUSEHOLD
    if kind == Pairing.Kind.CADRE_HOUSEHOLD:
        given.setdefault("number", next(_numbers))
    return Pairing.rows.create(
        ref=f"P{next(_numbers)}",
        kind=kind,
        village=village,
        organization_id=overseer_id(village),
        during=days(first, last),
        **given,
    )


def make_partner_pairing(
    village: Unit, *, partner: str = "0001", first: date = FIRST, last: date | None = None
) -> PartnerPairing:
    return PartnerPairing.rows.create(
        ref=f"J{next(_numbers)}",
        village=village,
        organization_id=overseer_id(village),
        partner=partner,
        during=days(first, last),
    )


def make_participation(
    member: Member,
    first: date = FIRST,
    *,
    village: Unit | None = None,
    campaign: Programme | None = None,
) -> Participation:
    """Of one day, in the branch of the member's spell of that day."""
    return Participation.rows.create(
        ref=f"C{next(_numbers)}",
        member=member,
        branch_id=Membership.rows.get(member=member, during__contains=first).branch_id,
        campaign=campaign,
        village=village,
        organization_id=overseer_id(village) if village else None,
        first_on=first,
        last_on=first,
    )
