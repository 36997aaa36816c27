"""Setting up, moving, merging, splitting, renaming and closing organizations (D1, D3, ORG-20, ORG-21, ORG-24).

Each names its cause and the number of the paper by which it was decided, and leaves a `Change`. An organization
is moved, merged, split and closed by those whose reach holds its parent. What is done is undone by the reverse
change; what is closed stays closed.
"""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.actions import action
from baolei.kernel.business import Chosen, end_open, refuse_open
from baolei.kernel.models import StaleMark
from baolei.kernel.spells import hand_over
from baolei.kernel.tree import STEP, below, is_below, ordinal
from baolei.organizations.access import Can
from baolei.organizations.kinds import LEAF, REGION_KINDS, Kind
from baolei.organizations.models import Change, Organization, Place, Rest, UnitOverseer
from baolei.organizations.queries import lasting

DOCUMENT_LONGEST = 60


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
def set_up_organization(
    parent: Organization | None, *, actor, founding: Founding, cause: str, document: str
) -> Organization:
    """Found an organization below `parent`; None founds the root of the tree.

    Raises ValidationError when the parent cannot have it or was not there all the time.
    """
    organization = _found(parent, actor, founding)
    _note(Change.Kind.SET_UP, organization, founding.opened_on, cause, document, other=parent)
    return organization


def _note(kind: str, organization: Organization, day: date, cause: str, document: str, **sides) -> None:
    """Keep what was done; without a cause and a number of a paper nothing is."""
    if cause not in Change.Cause.values:
        raise ValidationError(_("请选择事由。"))
    if not 0 < len(document.strip()) <= DOCUMENT_LONGEST:
        raise ValidationError(_("请填写批准文件的文号，60 字以内。"))
    Change.rows.create(
        organization=organization, kind=kind, day=day, cause=cause, document=document.strip(), **sides
    )


def _require_above(organization: Organization, actor) -> None:
    """The tree is changed by those above: the parent must lie in reach, too (ORG-20, ORG-21)."""
    if organization.parent is None:
        raise ValidationError(_("最上级党组织不能移动、合并、拆分或撤销。"))
    actor.require(Can.TREE, organization.parent)


def _require_open(organization: Organization) -> None:
    if not organization.is_open:
        raise ValidationError(_("%(name)s已经撤销。") % {"name": organization.short_name})


def _require_names(founding: Founding) -> None:
    if not (founding.code and founding.name and founding.short_name):
        raise ValidationError(_("请填写组织代码、全称和简称。"))
    if Organization.rows.filter(code=founding.code).exists():
        raise ValidationError(_("这个组织代码已经有了，请核对代码。"))
    if founding.region_code and founding.closed_on is None:
        digits = REGION_KINDS.get(founding.kind)
        if not (founding.region_code.isdigit() and len(founding.region_code) == digits):
            raise ValidationError(_("区划代码：地方党委填 6 位，乡镇（街道）党委填 9 位，其他组织留空。"))
        if Organization.rows.filter(region_code=founding.region_code, closed_on=None).exists():
            raise ValidationError(_("另一个未撤销的组织已用这个区划代码，请核对。"))


def _found(parent: Organization | None, actor, founding: Founding) -> Organization:
    _require_names(founding)
    if parent is None:
        if not actor.reach.everywhere:
            raise PermissionDenied
        if Organization.rows.filter(parent=None).exists():
            raise ValidationError(_("已有最上级党组织。"))
    else:
        _require_parent(parent, founding.kind)
    if founding.opened_on > timezone.localdate():
        raise ValidationError(_("成立日期在今天之后。"))
    if founding.closed_on and founding.closed_on <= founding.opened_on:
        raise ValidationError(_("撤销日期应在成立日期之后。"))
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
        raise ValidationError(_("上级党组织在这段时间里不存在。"))
    organization.save(force_insert=True)
    for piece in places:
        piece.organization = organization
    Place.objects.bulk_create(places)
    if organization.closed_on:
        _rest(organization, organization.closed_on)
    return organization


def _require_parent(parent: Organization, kind: str) -> None:
    if parent.kind in LEAF and (kind != Kind.PARTY_CELL or parent.kind == Kind.PARTY_CELL):
        raise ValidationError(
            _("%(name)s下面不能设这一类党组织：党支部下面只能设党小组。") % {"name": parent.short_name}
        )


def _edges(parent: Organization | None, founding: Founding):
    """(parent, first day, first day no more) of each stretch, oldest first; the same parent twice is one."""
    starts = [*founding.earlier, (parent, founding.since or founding.opened_on)]
    if starts[0][1] != founding.opened_on:
        raise ValidationError(_("历史隶属关系应从成立之日起。"))
    ends = [first for _parent, first in starts[1:]] + [founding.closed_on]
    merged = []
    for (place_parent, first), until in zip(starts, ends, strict=True):
        if until and until <= first:
            raise ValidationError(_("历史隶属关系的起止日期不衔接。"))
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
def move_organization(
    organization: Organization, *, actor, parent: Organization, on: date, cause: str, document: str
) -> Organization:
    """Hang the organization, with everything below it, under another parent from the day `on`.

    Earlier days keep the old place. A second move on one day rewrites that day's place. The copied keys of
    members follow by constraint. Raises ValidationError when the move makes no sense.
    """
    parent = Organization.rows.select_for_update(of=("self",)).get(pk=parent.pk)
    actor.require(Can.TREE, parent)
    _require_above(organization, actor)
    present = Place.objects.filter(organization=organization, during__upper_inf=True).first()
    if present is None or not parent.is_open:
        raise ValidationError(_("已撤销的组织不能移动，也不能作为上级。"))
    if parent.pk == organization.parent_id:
        raise ValidationError(_("已经在这个上级之下。"))
    if is_below(parent.key, organization.key):
        raise ValidationError(_("不能移到自己或自己的下级之下。"))
    _require_parent(parent, organization.kind)
    if on > timezone.localdate() or on < present.during.lower:
        raise ValidationError(_("移动日期不能晚于今天，也不能早于现在这段隶属关系开始之日。"))
    if not Place.objects.filter(
        organization=parent, key=parent.key, during__contains=DateRange(on, None)
    ).exists():
        raise ValidationError(_("新的上级党组织在那一天还不在现在的位置。"))
    old, new, earlier = organization.key, parent.key + _next_step(parent), organization.parent
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
    _note(Change.Kind.MOVE, organization, on, cause, document, other=parent, earlier=earlier)
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
    organization: Organization,
    *,
    actor,
    on: date,
    cause: str,
    document: str,
    successor: Organization | None = None,
) -> Organization:
    """Close the organization: on the day `on` it is not open any more. Its units pass to the successor.

    Raises ValidationError while organizations below it are open, units are overseen and there is no successor,
    or an area has open business there (ORG-21).
    """
    _require_above(organization, actor)
    _require_open(organization)
    refuse_open(organization, actor=actor, on=on, change="close")
    if successor is not None:
        actor.require(Can.TREE, successor)
        _require_successor(organization, successor, on)
    _shut(organization, successor, on)
    _note(Change.Kind.CLOSE, organization, on, cause, document, other=successor)
    return organization


def _require_successor(organization: Organization, successor: Organization, on: date) -> None:
    if not successor.is_open or successor.pk == organization.pk:
        raise ValidationError(_("承接党组织应是另一个未撤销的组织。"))
    if successor.opened_on > on:
        raise ValidationError(_("承接党组织在那一天还没有成立。"))


def _shut(organization: Organization, successor: Organization | None, on: date) -> None:
    if on > timezone.localdate():
        raise ValidationError(_("生效日期不能晚于今天。"))
    if Organization.rows.filter(below(organization.key), closed_on=None).exclude(pk=organization.pk).exists():
        raise ValidationError(_("下面还有未撤销的党组织，请先移走或撤销。"))
    if Organization.rows.filter(parent=organization, closed_on__gt=on).exists():
        raise ValidationError(_("下级党组织撤销得比这一天晚，请改晚日期。"))
    present = Place.objects.filter(organization=organization).order_by("during").last()
    if present is None or present.during.lower > on or organization.opened_on >= on:
        raise ValidationError(_("生效日期应晚于成立之日，不早于现在这段隶属关系开始之日。"))
    _pass_units(organization, successor, on)
    if present.during.lower == on:  # moved on this very day: it was never open there
        present.delete()
    else:
        present.during = DateRange(present.during.lower, on, "[)")
        present.save(update_fields=["during"])
    _rest(organization, on)
    organization.closed_on, organization.successor = on, successor
    organization.save(update_fields=["closed_on", "successor"])


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
    units = [*overseen.values_list("unit_id", flat=True)]
    if units and successor is None:
        raise ValidationError(_("还主管着 %(number)s 个单位，请先指定承接党组织。") % {"number": len(units)})
    if units:
        _hand_units(organization, successor, on, units)


def _hand_units(organization: Organization, to: Organization, on: date, units: list[int]) -> None:
    """From `on` the units are overseen by `to`: what began before is cut, what begins later is rewritten."""
    hand_over(
        UnitOverseer,
        holder="organization_id",
        by="unit_id",
        old=organization.pk,
        new=to.pk,
        on=on,
        only=units,
    )
    _mark(UnitOverseer, organization, to)


def _mark(model, *organizations: Organization) -> None:
    StaleMark.leave([model], [organization.key for organization in organizations])


@action("organizations.organization.merge", words=gettext_lazy("合并党组织"), needs=Can.TREE, tree="alone")
def merge_organization(
    organization: Organization, *, actor, into: Organization, on: date, cause: str, document: str
) -> Organization:
    """From the day `on` the organization is closed and `into` succeeds it (ORG-21).

    Organizations below it and units that it oversees go to `into`; members follow by a reaction of the register.
    Posts end; what an area wants settled first refuses. Earlier days keep what they had.
    """
    _require_above(organization, actor)
    _require_open(organization)
    into = Organization.rows.select_for_update(of=("self",)).get(pk=into.pk)
    actor.require(Can.TREE, into)
    _require_successor(organization, into, on)
    if is_below(into.key, organization.key):
        raise ValidationError(_("不能并入自己的下级。请把自己的上级或同级作为承接党组织。"))
    refuse_open(organization, actor=actor, on=on, change="merge")
    paper = {"cause": cause, "document": document}
    _move_children(
        organization, Organization.rows.filter(parent=organization, closed_on=None), into, actor, on, paper
    )
    end_open(organization, on=on, change="merge")
    _shut(organization, into, on)
    _note(Change.Kind.MERGE, organization, on, other=into, **paper)
    _mark(Organization, organization, into)
    return organization


def _move_children(parent: Organization, children, to: Organization, actor, on: date, paper: dict) -> None:
    for child in children.order_by("key"):
        try:
            move_organization(child, actor=actor, parent=to, on=on, **paper)
        except ValidationError as error:
            said = {"name": child.short_name, "what": error.messages[0]}
            raise ValidationError(_("下级党组织%(name)s移不过去：%(what)s") % said) from error


@action(
    "organizations.organization.split",
    words=gettext_lazy("拆分党组织"),
    needs=Can.TREE,
    tree="alone",
    private=("chosen",),
)
def split_organization(
    organization: Organization, *, actor, founding: Founding, chosen: Chosen, cause: str, document: str
) -> Organization:
    """Found an organization beside this one, and hand it what is chosen from the day of its founding on.

    `chosen` names organizations below ("children") and units ("units") by uid; other areas hand over theirs by
    reactions. Posts, records and what is not chosen stay.
    """
    on = founding.opened_on
    _require_above(organization, actor)
    _require_open(organization)
    if not any(chosen.values()):
        raise ValidationError(_("请至少选择一项划入新组织。"))
    if on <= organization.opened_on:
        raise ValidationError(_("拆分日期应晚于原党组织的成立之日。"))
    made = _found(organization.parent, actor, founding)
    paper = {"cause": cause, "document": document}
    _note(Change.Kind.SPLIT, made, on, other=organization, **paper)
    children = Organization.rows.filter(
        parent=organization, closed_on=None, uid__in=chosen.get("children", ())
    )
    overseen = UnitOverseer.rows.filter(
        organization=organization, during__contains=DateRange(on, None), unit__uid__in=chosen.get("units", ())
    )
    units = [*overseen.values_list("unit_id", flat=True)]
    if len(children) != len(chosen.get("children", ())) or len(units) != len(chosen.get("units", ())):
        raise ValidationError(_("所选的下级党组织或单位在那一天不属于原党组织，请重新选择。"))
    _move_children(organization, children, made, actor, on, paper)
    _hand_units(organization, made, on, units)
    _mark(Organization, organization, made)
    return made


@action("organizations.organization.rename", words=gettext_lazy("党组织更名"), needs=Can.TREE)
def rename_organization(
    organization: Organization, *, actor, name: str, short_name: str, on: date, cause: str, document: str
) -> Organization:
    """The organization is called otherwise; pages show the present name everywhere, its changes the former one."""
    _require_open(organization)
    if not (name and short_name):
        raise ValidationError(_("请填写全称和简称。"))
    if (name, short_name) == (organization.name, organization.short_name):
        raise ValidationError(_("名称没有变化。"))
    if not organization.opened_on <= on <= timezone.localdate():
        raise ValidationError(_("生效日期应在成立之后，不能晚于今天。"))
    former = organization.name
    organization.name, organization.short_name = name, short_name
    organization.save(update_fields=["name", "short_name"])
    _note(Change.Kind.RENAME, organization, on, cause, document, former_name=former)
    return organization
