"""Figures of disposals of the year, numbers only, from the county up (T10, T11)."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from baolei.disposals.access import Can
from baolei.disposals.codes import Kind, Result, State, Step
from baolei.disposals.models import Entry
from baolei.kernel.figures.declare import Column, Fact, Figure, Rows, record_columns

_OF_KIND = {
    Kind.RECTIFY: "rectified",
    Kind.ADVISE_OUT: "advised_out",
    Kind.REMOVE: "removed",
    Kind.REFUSED_REMOVED: "removed",
    Kind.SELF_LAPSED: "self_lapsed",
}
_CASES = " ".join(f"WHEN '{kind.value}' THEN '{code}'" for kind, code in _OF_KIND.items())


def _counted(entry: Entry) -> bool:
    if entry.disposal.kind == Kind.RECTIFY:
        approved = entry.step == Step.APPROVE and entry.result == Result.APPROVED
        return approved and entry.disposal.state != State.REVOKED
    return entry.step == Step.EXECUTE


def _decided(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    rows = Entry.objects.unscoped("law figures.equal-recompute").filter(
        over="", on__range=(date(day.year, 1, 1), day), step__in=(Step.APPROVE, Step.EXECUTE)
    )
    for entry in rows.select_related("disposal").iterator(20000):
        if _counted(entry):
            yield entry.branch_id, {f"disposals.{_OF_KIND[entry.disposal.kind]}": Fact()}


DECIDED = Rows(
    name="disposals of the year",
    sql=f"""
        SELECT p.key, e.branch_id AS place, d.id AS subject, e.on, CASE d.kind {_CASES} END AS came_to
        FROM disposals_entry e
        JOIN disposals_disposal d ON d.id = e.disposal_id
        JOIN organizations_lasting p ON p.organization_id = e.branch_id AND p.during @> %(day)s
        WHERE e.over = '' AND e.on >= date_trunc('year', %(day)s::date)::date AND e.on <= %(day)s
          AND CASE d.kind WHEN 'rectify' THEN e.step = 'approve' AND e.result = 'approved' AND d.state <> 'revoked'
              ELSE e.step = 'execute' END
    """,
    reads=("disposals.Disposal", "organizations.Organization", "organizations.Place"),
    behind="""
        JOIN disposals_disposal t ON t.id = r.subject
        JOIN organizations_organization node ON node.id = r.place
    """,
    columns=(
        *record_columns("t"),
        Column("organization", _("党支部"), "node.short_name"),
        Column("on", _("日期"), "r.on"),
    ),
    subject_url="disposals:disposal",
    recompute=_decided,
)

for _code, _label, _words in (
    ("rectified", _("本年限期改正的党员数"), _("当年批准限期改正的党员；申诉后撤销的不计。")),
    ("advised_out", _("本年劝退的党员数"), _("当年经劝告退党的党员（T10、T11）。")),
    ("removed", _("本年除名的党员数"), _("当年除名、劝而不退除名的党员（T10、T11）。")),
    ("self_lapsed", _("本年自行脱党除名的党员数"), _("当年按自行脱党除名的党员（T10、T11）。")),
):
    Figure(
        code=f"disposals.{_code}",
        rank=12,
        label=_label,
        unit="person",
        definition=_words,
        reading=_("只计在本平台办理的；限期改正计批准之日，其余计党籍终止之日，计入当时的党支部。"),
        rows=DECIDED,
        where=f"r.came_to = '{_code}'",
        levels="county",
        public="none",
        process=True,
        # A number from the county up, and no list behind it: nobody there holds this.
        may_list=Can.RUN,
    )
