"""Figures of transfers through the platform and of pocket members (S02)."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from baolei.kernel.figures.declare import Column, Fact, Figure, Rows, record_columns
from baolei.transfers.models import PocketCase, Transfer

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
