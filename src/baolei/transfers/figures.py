"""Figures of transfers through the platform and of pocket members (S02)."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from operator import attrgetter

from django.utils.translation import gettext_lazy as _

from baolei.kernel.figures.declare import OWN, Column, Fact, Figure, Rows, record_columns
from baolei.kernel.tree import ancestors
from baolei.members.models import Membership
from baolei.organizations.models import Place
from baolei.transfers.models import PocketCase, Transfer
from baolei.transfers.queries import BASIC

SINCE = date(2012, 1, 1)
"""First day of both windows."""

_READS = ("organizations.Organization", "organizations.Place")
_BEHIND = """
    JOIN {table} t ON t.id = r.subject
    JOIN members_member person ON person.id = t.member_id
    JOIN organizations_organization node ON node.id = r.place
"""


def _completed(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    rows = Transfer.objects.unscoped("law figures.equal-recompute").filter(
        via_platform=True, state=Transfer.State.ACCEPTED, accepted_on__range=(SINCE, day)
    )
    for sender, receiver, member in rows.values_list("sender_id", "receiver_id", "member_id").iterator(20000):
        for end in (sender, receiver):
            if end is not None:
                yield end, {"transfers.platform_completed": Fact(entity=member)}


# Each end joined for itself: the planner knows how many ends a branch has, and not those of both together.
_END = f"""
    SELECT p.key, t.{{end}}_id AS place, t.id AS subject, t.member_id, t.accepted_on, '{{end}}' AS side
    FROM transfers_transfer t
    JOIN organizations_lasting p ON p.organization_id = t.{{end}}_id AND p.during @> %(day)s
    WHERE t.via_platform AND t.accepted_on >= '{SINCE}' AND t.accepted_on <= %(day)s
"""

_UNPLACED = f"""
    SELECT t.{{end}}_id AS place, t.member_id FROM transfers_transfer t
    WHERE t.via_platform AND t.accepted_on >= '{SINCE}' AND t.accepted_on <= %(day)s AND t.{{end}}_id IS NOT NULL
"""

COMPLETED = Rows(
    name="ends of transfers completed on the platform",
    sql=f"{_END.format(end='sender')} UNION ALL {_END.format(end='receiver')}",
    reads=("transfers.Transfer", *_READS),
    behind=_BEHIND.format(table="transfers_transfer"),
    columns=(
        *record_columns("t"),
        Column("name", _("姓名"), "person.name"),
        Column("side", _("方向"), "r.side", labels={"sender": _("转出"), "receiver": _("转入")}),
        Column("organization", _("党支部"), "node.short_name"),
        Column("accepted_on", _("接收日期"), "r.accepted_on"),
    ),
    subject_url="transfers:transfer",
    recompute=_completed,
    unplaced=f"{_UNPLACED.format(end='sender')} UNION ALL {_UNPLACED.format(end='receiver')}",
    stands="organizations_lasting",
)

Figure(
    code="transfers.platform_completed",
    rank=80,
    label=_("平台转接组织关系党员数"),
    unit="person",
    definition=_("2012年1月1日以来通过平台转接、已被接收，转出或转入的一端在范围内的党员，一人计一次。"),
    reading=_(
        "以接收之日计；同一基层党委内的调整不是转接；省外的一端没有位置。名单按两端列出，范围内互转的列两行。"
    ),
    rows=COMPLETED,
    entity="r.member_id",
    public="prefecture",
)


def _reported(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    rows = PocketCase.objects.unscoped("law figures.equal-recompute").filter(
        outcome=PocketCase.Outcome.REPORTED, closed_on__range=(SINCE, day)
    )
    for organization, member in rows.values_list("organization_id", "member_id").iterator(20000):
        yield organization, {"transfers.pocket_members_reported": Fact(entity=member)}


REPORTED = Rows(
    name="pocket members reported",
    sql=f"""
        SELECT p.key, c.organization_id AS place, c.id AS subject, c.member_id
        FROM transfers_pocketcase c
        JOIN organizations_lasting p ON p.organization_id = c.organization_id AND p.during @> %(day)s
        WHERE c.outcome = 'reported' AND c.closed_on >= '{SINCE}' AND c.closed_on <= %(day)s
    """,
    reads=("transfers.PocketCase", *_READS),
    behind=_BEHIND.format(table="transfers_pocketcase"),
    columns=(
        *record_columns("t"),
        Column("name", _("姓名"), "person.name"),
        Column("organization", _("报到的党组织"), "node.short_name"),
        Column("closed_on", _("办结日期"), "t.closed_on"),
    ),
    subject_url="transfers:pocket_case",
    recompute=_reported,
)

Figure(
    code="transfers.pocket_members_reported",
    rank=81,
    label=_("报到的口袋党员数"),
    unit="person",
    definition=_("2012年1月1日以来，口袋党员一案以到范围内党组织报到办结的党员，一人计一次。"),
    reading=_("以办结之日计，结果为已报到；一人两案计一次。"),
    rows=REPORTED,
    entity="r.member_id",
    levels="prefecture",
    public="prefecture",
    process=True,
)


# Whole units (ORG-24): an organization gets another superior, and its members come along on that day ---------------


def _on(spell: Place | Membership, day: date) -> bool:
    return spell.during.lower <= day and (spell.during.upper is None or day < spell.during.upper)


def _moved(day: date) -> Iterator[tuple[str, int, int]]:
    """(side, organization, member) of everybody whom a whole unit brought or took along in the year of the day."""
    places = sorted(Place.objects.select_related("organization"), key=attrgetter("key"))
    own: dict[int, list[Place]] = {}
    for place in places:
        own.setdefault(place.organization_id, []).append(place)
    spells: dict[int, list[Membership]] = {}
    for spell in Membership.objects.unscoped("law figures.equal-recompute").iterator(20000):
        spells.setdefault(spell.branch_id, []).append(spell)

    def within(first: str, last: str, day: date) -> list[Place]:
        start, end = (bisect_left(places, key, key=attrgetter("key")) for key in (first, last))
        return [place for place in places[start:end] if _on(place, day)]

    def above(key: str, day: date) -> dict[int, str]:
        chain = [place for one in ancestors(key)[:-1] for place in within(one, f"{one}0", day)]
        return {place.organization_id: place.organization.kind for place in chain}

    for before, after in ((b, a) for rows in own.values() for b in rows for a in rows):
        on, eve = after.during.lower, after.during.lower - timedelta(1)
        if before.during.upper != on or before.parent_id == after.parent_id:
            continue
        if not date(day.year, 1, 1) <= on <= day:
            continue
        old, new = above(before.key, eve), above(after.key, on)
        if any(kind in BASIC for organization, kind in old.items() if organization in new):
            continue
        people = [
            spell.member_id
            for place in within(after.key, f"{after.key}~", on)
            if any(_on(row, eve) and row.key.startswith(before.key) for row in own[place.organization_id])
            for spell in spells.get(place.organization_id, ())
            if _on(spell, eve) and _on(spell, on)
        ]
        for side, gone in (("received", new.keys() - old.keys()), ("sent", old.keys() - new.keys())):
            yield from ((side, organization, member) for organization in gone for member in people)


def _once(side: str, day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    for organization, _member in {(where, who) for one, where, who in _moved(day) if one == side}:
        yield organization, {f"transfers.whole_unit_{side}": Fact()}


def _received(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    yield from _once("received", day)


def _sent(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    yield from _once("sent", day)


_BASIC = tuple(str(kind.value) for kind in BASIC)


def _whole_units(side: str) -> Rows:
    """One row for a person and each organization that was not above him before (received) or is not after (sent)."""
    now, then = ("new", "old") if side == "received" else ("old", "new")
    return Rows(
        name=f"members {side} with whole units in the year",
        # Step by step and fenced: joined all at once the planner looks at every place for every move.
        sql=f"""
            WITH moved AS MATERIALIZED (
                SELECT row_number() OVER () AS move, lower(n.during) AS moved_on, b.key AS old, n.key AS new
                FROM organizations_place n
                JOIN organizations_place b ON b.organization_id = n.organization_id
                    AND upper(b.during) = lower(n.during)
                WHERE lower(n.during) >= date_trunc('year', %(day)s::date)::date AND lower(n.during) <= %(day)s
                  AND b.parent_id <> n.parent_id
            ), above AS MATERIALIZED (
                SELECT m.move, v.at, o.organization_id
                FROM moved m
                CROSS JOIN LATERAL (VALUES ('new', m.new, m.moved_on), ('old', m.old, m.moved_on - 1)) v (at, key, day)
                CROSS JOIN LATERAL generate_series(3, length(v.key) - 3, 3) step
                CROSS JOIN LATERAL (
                    SELECT p.organization_id FROM organizations_place p
                    WHERE p.key = left(v.key, step) AND p.during @> v.day OFFSET 0) o
            ), inside AS MATERIALIZED (
                SELECT a.move FROM above a JOIN organizations_organization o ON o.id = a.organization_id
                WHERE o.kind IN {_BASIC} GROUP BY a.move, a.organization_id HAVING count(*) = 2
            ), ends AS MATERIALIZED (
                SELECT move, organization_id FROM above WHERE at = '{now}'
                EXCEPT SELECT move, organization_id FROM above WHERE at = '{then}'
            ), people AS MATERIALIZED (
                SELECT m.move, m.moved_on, s.member_id, s.branch_id
                FROM moved m
                CROSS JOIN LATERAL (
                    SELECT p.organization_id, p.during FROM organizations_place p
                    WHERE p.key >= m.new AND p.key < m.new || '~' OFFSET 0) p
                CROSS JOIN LATERAL (
                    SELECT q.id FROM organizations_place q
                    WHERE q.organization_id = p.organization_id AND q.during @> (m.moved_on - 1)
                      AND q.key >= m.old AND q.key < m.old || '~' OFFSET 0) q
                CROSS JOIN LATERAL (
                    SELECT s.member_id, s.branch_id FROM members_membership s
                    WHERE s.branch_id = p.organization_id
                      AND s.during @> daterange(m.moved_on - 1, m.moved_on + 1) OFFSET 0) s
                WHERE p.during @> m.moved_on AND m.move NOT IN (SELECT move FROM inside)
            )
            SELECT DISTINCT ON (e.organization_id, w.member_id)
                l.key, e.organization_id AS place, w.member_id AS subject, w.branch_id, w.moved_on
            FROM people w
            JOIN ends e ON e.move = w.move
            JOIN organizations_lasting l ON l.organization_id = e.organization_id AND l.during @> %(day)s
            ORDER BY e.organization_id, w.member_id, w.moved_on
        """,
        reads=("members.Membership", *_READS),
        behind="""
            JOIN members_member person ON person.id = r.subject
            JOIN organizations_organization branch ON branch.id = r.branch_id
        """,
        columns=(
            Column("uid", "", "person.uid"),
            Column("key", "", "r.key"),
            Column("subject", "", "r.subject"),
            Column("today_key", "", "person.branch_key"),
            Column("name", _("姓名"), "person.name"),
            Column("branch", _("党支部"), "branch.short_name"),
            Column("on", _("转接日期"), "r.moved_on"),
        ),
        subject_url="members:detail",
        recompute=_received if side == "received" else _sent,
    )


Figure(
    code="transfers.whole_unit_received",
    rank=80,
    label=_("整建制转入党员数"),
    unit="person",
    definition=_(
        "当年1月1日至当日，所在的党支部或者上级党组织整体划到本组织之下、随之转入的党员，一人计一次。"
    ),
    reading=_(
        "以改变隶属之日计；原来就在本组织之下的不计，同一基层党委之内的调整不是转接（ORG-24、TRF-02）。"
    ),
    rows=_whole_units("received"),
    levels=OWN,
    zero=True,
    public="prefecture",
)
Figure(
    code="transfers.whole_unit_sent",
    rank=80,
    label=_("整建制转出党员数"),
    unit="person",
    definition=_(
        "当年1月1日至当日，所在的党支部或者上级党组织从本组织之下整体划出、随之转出的党员，一人计一次。"
    ),
    reading=_(
        "以改变隶属之日计；划出后仍在本组织之下的不计，同一基层党委之内的调整不是转接（ORG-24、TRF-02）。"
    ),
    rows=_whole_units("sent"),
    levels=OWN,
    zero=True,
    public="prefecture",
)
