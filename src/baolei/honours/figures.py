"""The figure of milestones (S26)."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from baolei.honours.models import Milestone
from baolei.kernel.figures.declare import Column, Fact, Figure, Rows, record_columns

SINCE = date(2012, 1, 1)


def _milestones(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    rows = Milestone.objects.unscoped("law figures.equal-recompute").filter(
        reached_on__gte=SINCE, reached_on__lte=day
    )
    for place in rows.values_list("organization_id", flat=True).iterator(20000):
        yield place, {"organizations.milestones": Fact()}


MILESTONES = Rows(
    name="milestones",
    sql=f"""
        SELECT l.key, m.organization_id AS place, m.id AS subject
        FROM honours_milestone m
        JOIN organizations_lasting l ON l.organization_id = m.organization_id AND l.during @> %(day)s
        WHERE m.reached_on BETWEEN '{SINCE}' AND %(day)s
    """,
    reads=("honours.Milestone", "organizations.Organization", "organizations.Place"),
    behind="""
        JOIN honours_milestone m ON m.id = r.subject
        JOIN organizations_organization node ON node.id = r.place
    """,
    columns=(
        *record_columns("m"),
        Column("title", _("名称"), "m.title"),
        Column("reached_on", _("日期"), "m.reached_on"),
        Column("document", _("文件"), "m.document"),
        Column("organization", _("来源党组织"), "node.short_name"),
    ),
    subject_url="honours:milestone",
    recompute=_milestones,
)

Figure(
    code="organizations.milestones",
    rank=95,
    label=_("有文件依据的典型经验"),
    unit="milestone",
    definition=_("2012年1月1日到当日，有来源文件、有日期的典型经验和重要会议，按来源党组织归集。"),
    reading=_("只计件数，不比高低。"),
    rows=MILESTONES,
)
