"""Reads of members and of their spells."""

from django.db.models import QuerySet

from baolei.kernel.access import Actor
from baolei.members.access import Can
from baolei.members.models import Interruption, Member, Membership


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
