"""Founding, moving and closing organizations (D1, D3)."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.actions import action
from baolei.kernel.tree import STEP, below, is_below, ordinal
from baolei.organizations.access import Can
from baolei.organizations.kinds import LEAF, Kind
from baolei.organizations.models import Organization, Place, Rest, UnitOverseer
from baolei.organizations.queries import lasting


@dataclass(frozen=True)
class Founding:
    """What founds an organization; the import's rows say the same.

    `earlier` holds former parents with the first day under each, oldest first, beginning with `opened_on`;
    `since` is the first day under the present parent, None when there was no other.
    """

    code: str
    name: str
    short_name: str
    kind: str
    opened_on: date
    closed_on: date | None = None
    region_code: str = ""
    successor: Organization | None = None
    earlier: tuple[tuple[Organization, date], ...] = ()
    since: date | None = None


@action("organizations.organization.found", words=gettext_lazy("设立党组织"), needs=Can.TREE, tree="alone")
def set_up_organization(parent: Organization | None, *, actor, founding: Founding) -> Organization:
    """Found an organization below `parent`; None founds the root of the tree.

    Raises ValidationError when the parent cannot have it or was not there all the time.
    """
    if parent is None:
        if not actor.reach.everywhere:
            raise PermissionDenied
        if Organization.rows.filter(parent=None).exists():
            raise ValidationError(_("已有最上级党组织"))
    else:
        _require_parent(parent, founding.kind)
    if founding.opened_on > timezone.localdate():
        raise ValidationError(_("成立日期在今天之后"))
    if founding.closed_on and founding.closed_on <= founding.opened_on:
        raise ValidationError(_("撤销日期应在成立日期之后"))
    for earlier_parent, *_span in founding.earlier:
        actor.require(Can.TREE, earlier_parent)
    edges = _edges(parent, founding)
    organization = Organization(
        code=founding.code,
        name=founding.name,
        short_name=founding.short_name,
        kind=founding.kind,
        parent=parent,
        region_code=founding.region_code,
        opened_on=founding.opened_on,
        closed_on=founding.closed_on,
        successor=founding.successor,
    )
    places = []
    for place_parent, first, until in edges:
        step = ordinal(1) if place_parent is None else _next_step(place_parent)
        organization.key = (parent.key if parent else "") + step  # the last edge is the present one
        places += _pieces(place_parent, step, first, until)
    days = sum(((piece.during.upper or date.max) - piece.during.lower).days for piece in places)
    if days != ((founding.closed_on or date.max) - founding.opened_on).days:
        raise ValidationError(_("上级党组织在这段时间里不存在"))
    organization.save(force_insert=True)
    for piece in places:
        piece.organization = organization
    Place.objects.bulk_create(places)
    if organization.closed_on:
        _rest(organization, organization.closed_on)
    return organization


def _require_parent(parent: Organization, kind: str) -> None:
    if parent.kind in LEAF and (kind != Kind.PARTY_CELL or parent.kind == Kind.PARTY_CELL):
        raise ValidationError(_("这一类上级下面不能再设党组织"))


def _edges(parent: Organization | None, founding: Founding):
    """(parent, first day, first day no more) of each stretch, oldest first; the same parent twice is one."""
    starts = [*founding.earlier, (parent, founding.since or founding.opened_on)]
    if starts[0][1] != founding.opened_on:
        raise ValidationError(_("历史隶属关系应从成立之日起"))
    ends = [first for _parent, first in starts[1:]] + [founding.closed_on]
    merged = []
    for (place_parent, first), until in zip(starts, ends, strict=True):
        if until and until <= first:
            raise ValidationError(_("历史隶属关系的起止日期不衔接"))
        if merged and merged[-1][0] == place_parent:
            first = merged.pop()[1]
        merged.append((place_parent, first, until))
    return merged


def _next_step(parent: Organization) -> str:
    """The next ordinal of a parent, taken for good."""
    fresh = Organization.rows.select_for_update(of=("self",)).get(pk=parent.pk)
    step = ordinal(fresh.next_ordinal)
    fresh.next_ordinal += 1
    fresh.save(update_fields=["next_ordinal"])
    parent.next_ordinal = fresh.next_ordinal
    return step


def _pieces(parent: Organization | None, step: str, first: date, until: date | None) -> list[Place]:
    """The places of one stretch: its days meet the days of each of the parent's places."""
    if parent is None:
        return [Place(parent=None, key=step, during=DateRange(first, until, "[)"))]
    pieces = []
    for place in Place.objects.filter(organization=parent, during__overlap=DateRange(first, until, "[)")):
        lower, upper = max(place.during.lower, first), _earlier(place.during.upper, until)
        pieces.append(Place(parent=parent, key=place.key + step, during=DateRange(lower, upper, "[)")))
    return sorted(pieces, key=lambda piece: piece.during.lower)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day), default=None)


@action("organizations.organization.move", words=gettext_lazy("调整隶属关系"), needs=Can.TREE, tree="alone")
def move_organization(organization: Organization, *, actor, parent: Organization, on: date) -> Organization:
    """Hang the organization, with everything below it, under another parent from the day `on`.

    Earlier days keep the old place. A second move on one day rewrites that day's place. The copied keys of
    members follow by constraint. Raises ValidationError when the move makes no sense.
    """
    parent = Organization.rows.select_for_update(of=("self",)).get(pk=parent.pk)
    actor.require(Can.TREE, parent)
    present = Place.objects.filter(organization=organization, during__upper_inf=True).first()
    if present is None or not parent.is_open:
        raise ValidationError(_("已撤销的组织不能移动，也不能作为上级"))
    if parent.pk == organization.parent_id:
        raise ValidationError(_("已经在这个上级之下"))
    if is_below(parent.key, organization.key):
        raise ValidationError(_("不能移到自己或自己的下级之下"))
    _require_parent(parent, organization.kind)
    if on > timezone.localdate() or on < present.during.lower:
        raise ValidationError(_("移动日期不能晚于今天，也不能早于现在这段隶属关系开始之日"))
    if not Place.objects.filter(
        organization=parent, key=parent.key, during__contains=DateRange(on, None)
    ).exists():
        raise ValidationError(_("新的上级党组织在那一天还不在现在的位置"))
    old, new = organization.key, parent.key + _next_step(parent)
    _move_places(organization.pk, parent.pk, old, new, on)
    _move_rests(old, new, on)
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE organizations_organization SET key = %s || substr(key, %s),
                   parent_id = CASE WHEN id = %s THEN %s ELSE parent_id END
               WHERE key >= %s AND key < %s || '~'""",
            [new, len(old) + 1, organization.pk, parent.pk, old, old],
        )
    organization.key, organization.parent = new, parent
    return organization


def _move_places(organization_id: int, parent_id: int, old: str, new: str, on: date) -> None:
    """From `on` the subtree's places have the new key: those that began before are cut in two."""
    later = "key >= %s AND key < %s || '~' AND during && daterange(%s, NULL)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE organizations_place SET key = %s || substr(key, %s),
                    parent_id = CASE WHEN organization_id = %s THEN %s ELSE parent_id END
                WHERE {later} AND lower(during) >= %s""",
            [new, len(old) + 1, organization_id, parent_id, old, old, on, on],
        )
        cursor.execute(
            f"""WITH cut AS (
                    UPDATE organizations_place p SET during = daterange(lower(o.during), %s)
                    FROM (SELECT * FROM organizations_place WHERE {later} AND lower(during) < %s) o
                    WHERE p.id = o.id
                    RETURNING o.organization_id, o.parent_id, o.key, upper(o.during) AS until
                )
                INSERT INTO organizations_place (organization_id, parent_id, key, during)
                SELECT organization_id, CASE WHEN organization_id = %s THEN %s ELSE parent_id END,
                       %s || substr(key, %s), daterange(%s, until)
                FROM cut""",
            [on, old, old, on, on, organization_id, parent_id, new, len(old) + 1, on],
        )


def _move_rests(old: str, new: str, on: date) -> None:
    """What was closed below the moved organization rests below its new place from `on` (A1)."""
    later = "key >= %s AND key < %s || '~' AND during && daterange(%s, NULL)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE organizations_rest SET key = %s || substr(key, %s) WHERE {later} AND lower(during) >= %s",
            [new, len(old) + 1, old, old, on, on],
        )
        cursor.execute(
            f"""WITH cut AS (
                    UPDATE organizations_rest r SET during = daterange(lower(o.during), %s)
                    FROM (SELECT * FROM organizations_rest WHERE {later} AND lower(during) < %s) o
                    WHERE r.id = o.id
                    RETURNING o.organization_id, o.key, upper(o.during) AS until
                )
                INSERT INTO organizations_rest (organization_id, key, during)
                SELECT organization_id, %s || substr(key, %s), daterange(%s, until) FROM cut""",
            [on, old, old, on, on, new, len(old) + 1, on],
        )


@action("organizations.organization.close", words=gettext_lazy("撤销党组织"), needs=Can.TREE, tree="alone")
def close_organization(
    organization: Organization, *, actor, on: date, successor: Organization | None = None
) -> Organization:
    """Close the organization: on the day `on` it is not open any more.

    Its units pass to the successor. Raises ValidationError while organizations below it are open, or units
    are overseen and there is no successor; other areas refuse by reactions.
    """
    if not organization.is_open:
        raise ValidationError(_("已经撤销"))
    if on > timezone.localdate():
        raise ValidationError(_("撤销日期不能晚于今天"))
    if Organization.rows.filter(below(organization.key), closed_on=None).exclude(pk=organization.pk).exists():
        raise ValidationError(_("下面还有未撤销的党组织"))
    places = Place.objects.filter(below(organization.key), during__overlap=DateRange(on, None))
    if Organization.rows.filter(parent=organization, closed_on__gt=on).exists():
        raise ValidationError(_("下级党组织撤销得比这一天晚"))
    present = places.filter(organization=organization).order_by("during").last()
    if present is None or present.during.lower >= on:
        raise ValidationError(_("撤销日期应晚于现在这段隶属关系开始之日"))
    if successor is not None:
        actor.require(Can.TREE, successor)
    if successor is not None and (not successor.is_open or successor.pk == organization.pk):
        raise ValidationError(_("承接党组织应是另一个未撤销的组织"))
    _pass_units(organization, successor, on)
    present.during = DateRange(present.during.lower, on, "[)")
    present.save(update_fields=["during"])
    _rest(organization, on)
    organization.closed_on, organization.successor = on, successor
    organization.save(update_fields=["closed_on", "successor"])
    return organization


def _rest(organization: Organization, on: date) -> None:
    """From `on` the organization keeps the key it had, below wherever its last parent stands (A1)."""
    parent, step = organization.parent, organization.key[-STEP:]
    above = list(lasting(parent.pk, on=on)) if parent else [("", DateRange(on, None))]
    Rest.objects.bulk_create(
        Rest(
            organization=organization, key=key + step, during=DateRange(max(on, span.lower), span.upper, "[)")
        )
        for key, span in above
    )


def _pass_units(organization: Organization, successor: Organization | None, on: date) -> None:
    overseen = UnitOverseer.rows.filter(organization=organization, during__overlap=DateRange(on, None))
    for spell in overseen.select_for_update(of=("self",)):
        if successor is None or spell.during.lower >= on:
            raise ValidationError(_("还管理着单位，请先指定承接党组织"))
        until = spell.during.upper
        spell.during = DateRange(spell.during.lower, on, "[)")
        spell.save(update_fields=["during"])
        UnitOverseer.rows.create(
            unit_id=spell.unit_id, organization=successor, during=DateRange(on, until, "[)")
        )
