"""Transfers and pocket members' cases for tests: the smallest valid rows."""

from datetime import date
from itertools import count

from baolei.members.models import Member
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.models import Organization
from baolei.transfers.models import PocketCase, Transfer

_numbers = count(1)

DAY = date(2016, 6, 1)


def make_transfer(
    sender: Organization | None,
    receiver: Organization | None,
    member: Member | None = None,
    *,
    accepted: date | None = DAY,
    via_platform: bool = True,
) -> Transfer:
    """A transfer asked for on 1 January 2010; still asked for without `accepted`."""
    kind = "arriving" if sender is None else "leaving" if receiver is None else "inside"
    return Transfer.rows.create(
        ref=f"T{next(_numbers)}",
        member=member or MemberFactory(branch=receiver or sender),
        kind=kind,
        sender=sender,
        receiver=receiver,
        outside="" if kind == "inside" else "230000",
        asked_on=date(2010, 1, 1),
        state="accepted" if accepted else "asked",
        accepted_on=accepted,
        via_platform=via_platform,
    )


def make_case(
    organization: Organization,
    member: Member | None = None,
    *,
    closed: date | None = DAY,
    outcome: str = PocketCase.Outcome.REPORTED,
) -> PocketCase:
    """A case found on 1 January 2010; open without `closed`."""
    return PocketCase.rows.create(
        ref=f"P{next(_numbers)}",
        member=member or MemberFactory(branch=organization),
        organization=organization,
        found_on=date(2010, 1, 1),
        closed_on=closed,
        outcome=outcome if closed else "",
    )
