"""Changes of the tree as officers see them: what stands at an organization, what will happen, a trial of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel import business
from baolei.kernel.access import Actor
from baolei.kernel.business import BUSINESS, PARTS, Fate
from baolei.kernel.tree import below
from baolei.organizations import queries
from baolei.organizations.access import Can
from baolei.organizations.models import Change, Organization

ASKED_AT_MOST = 500
"""Choices of one part that a split shows; who has more splits in several steps."""


@dataclass(frozen=True)
class Line:
    """One line of what will happen: what, how many (None: not counted), what becomes of it."""

    what: str
    number: int | None
    fate: str


def changes_of(organization: Organization, actor: Actor) -> QuerySet[Change]:
    """What was done to the organization or has it on the other side, latest first."""
    sides = Q(organization=organization) | Q(other=organization) | Q(earlier=organization)
    found = Change.objects.visible_to(actor, Can.VIEW).filter(sides)
    return found.select_related("organization", "other", "earlier").order_by("-day", "-id")


def taken_along(found: list[Change], actor: Actor) -> dict[int, str]:
    """Id of a move -> what went along with it, in words: of what the actor may see at the organization (ORG-24)."""
    moves = {
        change.pk: (change.organization_id, change.day) for change in found if change.kind == Change.Kind.MOVE
    }
    told: dict[int, list[str]] = {pk: [] for pk in moves}
    for declared in BUSINESS if moves else ():
        if declared.taken is not None and actor.can(declared.permission):
            words = declared.taken([*moves.values()])
            for pk, move in moves.items():
                told[pk] += [words[move]] if move in words else []
    return {pk: "，".join(words) for pk, words in told.items() if words}


def may_change(actor: Actor, organization: Organization) -> bool:
    """Whether the actor decides about the organization itself: its parent lies in his reach (ORG-20, ORG-21)."""
    parent = organization.parent
    return organization.is_open and parent is not None and actor.can(Can.TREE, parent)


def named(text: str, actor: Actor) -> Organization | None:
    """The one open organization in reach with this code, region code or name; None is absent and out of reach."""
    text = text.strip()
    if not text:
        return None
    open_ones = queries.organizations().filter(closed_on=None).visible_to(actor, Can.TREE)
    for condition in (Q(code=text.upper()) | Q(region_code=text), Q(name=text) | Q(short_name=text)):
        found = list(open_ones.filter(condition)[:2])
        if len(found) == 1:
            return found[0]
    return None


def _open_below(organization: Organization) -> QuerySet[Organization]:
    everything = Organization.objects.unscoped("how many a change takes along")
    return everything.filter(below(organization.key), closed_on=None).exclude(pk=organization.pk)


def _units(organization: Organization, on: date) -> int:
    return queries.units_of(organization, on=on).unscoped("how many a change takes along").count()


def of_move(organization: Organization) -> list[Line]:
    """What a move takes along."""
    along = Fate.ALONG.value
    lines = [Line(_("下级党组织（各级）"), _open_below(organization).count(), along)]
    lines += [Line(b.words, b.along(organization), along) for b in BUSINESS if b.along is not None]
    return [
        *lines,
        Line(_("本组织及下级的岗位、结对、报表等记录"), None, gettext_lazy("不动，随组织计入")),
    ]


def of_end(organization: Organization, actor: Actor, on: date, change: str) -> list[Line]:
    """What stands at an organization that closes or merges; what the actor may not see is left out."""
    merging = change == "merge"
    children = _open_below(organization).filter(parent=organization).count()
    lines = [Line(_("直属下级党组织"), children, (Fate.MOVES if merging else Fate.FIRST).value)]
    if merging and children:
        lines += [
            Line(
                _("下级的%(what)s") % {"what": declared.words}, declared.along(organization), Fate.ALONG.value
            )
            for declared in BUSINESS
            if declared.along is not None
        ]
    lines.append(Line(_("主管的单位"), _units(organization, on), Fate.MOVES.value))
    for declared, fate, number in business.met(organization, on, change):
        if actor.can(declared.permission, organization):
            lines.append(Line(declared.words, number, fate.value))
    found = [line for line in lines if line.number]
    return [*found, Line(_("以往的会议、培训、评议等记录"), None, Fate.STAYS.value)]


def of_split(chosen: business.Chosen) -> list[Line]:
    """What a split hands over."""
    lines = [
        Line(PARTS[name].words, len(values), _("自当日起属于新组织"))
        for name, values in chosen.items()
        if values
    ]
    return [*lines, Line(_("岗位、结对等记录，以及没有选的"), None, _("留在原党组织"))]


def digest(lines: list[Line]) -> str:
    """What was seen before confirming; other numbers ask for another look."""
    return "-".join(str(line.number) for line in lines if line.number is not None) or "0"


def rehearse(change: Callable[[], Any]) -> None:
    """Do it and take it back: raises whatever the change would raise."""
    with transaction.atomic():
        change()
        transaction.set_rollback(True)


def _children(organization: Organization, actor: Actor) -> list[business.Choice]:
    rows = queries.children_of(organization)[: ASKED_AT_MOST + 1]
    return [(str(row.uid), row.short_name) for row in rows]


def _overseen(organization: Organization, actor: Actor) -> list[business.Choice]:
    rows = queries.units_of(organization, on=timezone.localdate()).visible_to(actor, Can.VIEW)
    return [(str(row.unit.uid), row.unit.name) for row in rows[: ASKED_AT_MOST + 1]]


business.part("children", gettext_lazy("划入的下级党组织"), _children)
business.part("units", gettext_lazy("划入的单位"), _overseen)
