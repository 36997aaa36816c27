"""Reads of members and of their spells."""

from datetime import date

from django.db import connection
from django.db.models import QuerySet

from baolei.kernel.access import Actor
from baolei.members.access import Can
from baolei.members.models import Interruption, Member, Membership
from baolei.organizations.models import Organization


def members() -> QuerySet[Member]:
    """All members, past ones included; to be narrowed by `visible_to`."""
    return Member.objects.order_by("name_py", "branch_key", "pk")


def files() -> QuerySet[Member]:
    """Members with what their page shows of other tables."""
    return members().select_related("branch", "work_unit")


def spells_of(member: Member) -> QuerySet[Membership]:
    """Where the member belonged, latest first. The past travels with the file: whoever may see it sees these."""
    spells = Membership.objects.filter(member=member).select_related("branch").order_by("-during")
    return spells.unscoped("the history of a person whose file the reader may see")


def past_of(member: Member, actor: Actor) -> tuple[list[Membership | Interruption], bool]:
    """Where the member belonged and when he was out of the register, latest first; and whether some is left out.

    A life in the Party before the present one does not travel with the file: of it the person himself sees all,
    others what lies in their reach (G-12, ADR 0019).
    """
    out = Interruption.objects.filter(member=member).select_related("branch")
    found = [*spells_of(member), *out.unscoped("the history of a person whose file the reader may see")]
    found.sort(key=lambda row: row.during.lower, reverse=True)
    lives = [row.during.upper for row in found if getattr(row, "joined_on", None)]
    if not lives or actor.reach.person_id == member.pk:
        return found, False
    shown = [
        row
        for row in found
        if row.during.lower >= lives[0] or actor.reach.covers_key(Can.VIEW, row.branch.key)
    ]
    return shown, len(shown) < len(found)


def taken_along(moves: list[tuple[int, date]]) -> dict[tuple[int, date], int]:
    """Of (organization, day): how many members belonged to its branches the day before and that day (ORG-24)."""
    with connection.cursor() as cursor:
        cursor.execute(
            # Fenced: else the planner reads the places of all days for each move.
            """SELECT t.id, t.on, count(*) FROM unnest(%s::bigint[], %s::date[]) t (id, "on")
               CROSS JOIN LATERAL (SELECT n.key FROM organizations_place n
                    WHERE n.organization_id = t.id AND n.during @> t.on OFFSET 0) n
               CROSS JOIN LATERAL (SELECT p.organization_id, p.during FROM organizations_place p
                    WHERE p.key >= n.key AND p.key < n.key || '~' OFFSET 0) p
               CROSS JOIN LATERAL (SELECT s.id FROM members_membership s WHERE s.branch_id = p.organization_id
                    AND s.during @> daterange(t.on - 1, t.on + 1) OFFSET 0) s
               WHERE p.during @> t.on GROUP BY 1, 2""",
            [[pk for pk, _day in moves], [day for _pk, day in moves]],
        )
        return {(pk, day): number for pk, day, number in cursor.fetchall()}


def formal_members(branch: Organization, on: date) -> QuerySet[Member]:
    """Who had a vote in the branch on that day, by name."""
    spells = Membership.objects.filter(branch=branch, during__contains=on)
    spells = spells.unscoped("asked about a branch that the reader may see")
    found = Member.objects.unscoped("asked about a branch that the reader may see")
    return found.filter(pk__in=spells.values("member_id"), converted_on__lte=on).order_by("name_py", "pk")
