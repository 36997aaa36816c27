"""Figure of the Party-building offices of townships and streets (S23)."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from baolei.kernel.figures.declare import PERCENT, Column, Fact, Figure, Rows, record_columns
from baolei.organizations.kinds import UnitKind
from baolei.organizations.queries import units_on_day, units_on_day_sql
from baolei.posts.models import PartyOffice, Tenure

_KINDS = (UnitKind.TOWNSHIP, UnitKind.STREET)


def _townships(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    offices = dict(
        PartyOffice.objects.unscoped("law figures.equal-recompute").on(day).values_list("pk", "unit_id")
    )
    held = (
        Tenure.objects.unscoped("law figures.equal-recompute")
        .on(day)
        .filter(post__full_time=True, post__during__contains=day, post__office__isnull=False)
        .values_list("post__office_id", flat=True)
    )
    met = {offices[office] for office in held.iterator(20000) if office in offices}
    for unit, place in units_on_day(day, *_KINDS).items():
        yield place, {"townships.with_party_office_share": Fact(unit in met)}


TOWNSHIPS = Rows(
    name="townships and streets",
    sql=f"""
        SELECT unit.key, unit.place, unit.unit_id AS subject, o.office, o.held, coalesce(o.held > 0, false) AS met
        FROM ({units_on_day_sql(*_KINDS)}) unit
        LEFT JOIN (
            SELECT office.unit_id, min(office.name) AS office, count(held.id) AS held
            FROM posts_partyoffice office
            LEFT JOIN posts_post post ON post.office_id = office.id AND post.full_time AND post.during @> %(day)s
            LEFT JOIN posts_tenure held ON held.post_id = post.id AND held.during @> %(day)s
            WHERE office.during @> %(day)s GROUP BY 1
        ) o ON o.unit_id = unit.unit_id
    """,
    reads=(
        *("posts.PartyOffice", "posts.Post", "posts.Tenure", "organizations.Unit"),
        *("organizations.UnitOverseer", "organizations.Organization", "organizations.Place"),
    ),
    behind="""
        JOIN organizations_unit u ON u.id = r.subject
        JOIN organizations_organization node ON node.id = r.place
    """,
    columns=(
        Column("uid", "", "node.uid"),
        *record_columns("u")[1:],
        Column("name", _("乡镇、街道"), "u.name"),
        Column("organization", _("管理的党组织"), "node.short_name"),
        Column("office", _("党建工作办公室"), "r.office"),
        Column("held", _("在任专职岗位"), "r.held"),
    ),
    subject_url="organizations:detail",
    recompute=_townships,
)

Figure(
    code="townships.with_party_office_share",
    rank=15,
    label=_("设党建工作办公室的乡镇街道占比"),
    unit=PERCENT,
    definition=_(
        "当日党建工作办公室已成立、且办公室至少有一个专职岗位有人在任的乡镇、街道 ÷ 当日存续的乡镇、街道。"
    ),
    reading=_("按乡镇、街道这类单位计，不按党组织计；专职岗位由谁担任都算，是不是名单中的党员不论。"),
    rows=TOWNSHIPS,
    met="r.met",
    listed="NOT r.met",
)
