"""A sheet of records: rows known by a `ref`, that name organizations, units, persons and other records.

    class PostingSheet(RecordSheet):
        name, title, order, model = "postings", _("选派任职"), 210, Posting
        can = Can
        columns = (
            RefColumn(),
            MemberColumn("member", _("公民身份号码")),
            Reference("unit", _("任职的村"), to="organizations.Unit"),
            CodeColumn("kind", _("类别"), codes=dict(Posting.Kind.choices)),
            *spell_columns(),
        )
        checks = (Check("to", "posting.…", "t.kind = 'x' AND …"),)
        no_overlaps = (NoOverlap(("member_id",), "posting.overlap"),)

The sheet gives: staging, references resolved to ids, the refusal of unknown ones, of a repeated ref and of rows
outside the actor's reach, the area's own checks, insert of new and update of changed rows with what they were
before, marks for stored values, and the export. The same file twice changes nothing.
"""

from baolei.kernel.imports.records.columns import (
    BooleanColumn,
    ComingDateColumn,
    MemberColumn,
    NumberColumn,
    RefColumn,
    Reference,
    SpellEnd,
    YearColumn,
    spell_columns,
)
from baolei.kernel.imports.records.rules import Check, Derived, NoOverlap
from baolei.kernel.imports.records.sheet import RecordSheet

__all__ = [
    "BooleanColumn",
    "Check",
    "ComingDateColumn",
    "Derived",
    "MemberColumn",
    "NoOverlap",
    "NumberColumn",
    "RecordSheet",
    "RefColumn",
    "Reference",
    "SpellEnd",
    "YearColumn",
    "spell_columns",
]
