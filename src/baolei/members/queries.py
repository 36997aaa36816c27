"""Reads of members and of their spells."""

from django.db.models import QuerySet

from baolei.members.models import Member, Membership


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
