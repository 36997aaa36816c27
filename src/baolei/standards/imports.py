"""Sheets of readings, thresholds, facilities and marks."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.imports import CodeColumn, TextColumn, message, register
from baolei.kernel.imports.records import (
    Check,
    Derived,
    NoOverlap,
    NumberColumn,
    RecordSheet,
    RefColumn,
    Reference,
    YearColumn,
    spell_columns,
)
from baolei.organizations.kinds import UnitKind
from baolei.organizations.queries import OVERSEERS
from baolei.standards.access import Can, CanPay
from baolei.standards.models import Facility, Mark, Measure, Reading, Threshold

message(
    "reading.unit", _("这项指标不是这类单位的"), _("村、社区、县的指标各填各的单位代码，请核对单位和指标")
)
message("threshold.base", _("算法与基数不配"), _("“不低于基数的倍数”须填基数，“不低于”不填"))
message("facility.area", _("建筑面积须大于零"), _("请按房产资料填写平方米数；不知道时留空"))
message("mark.unit", _("这项认定不是这类单位的"), _("村的认定填村代码，企业的认定填企业代码"))
message("unit.unoverseen", _("这个单位没有管理的党组织"), _("请先在单位文件中写明由哪个党组织管理"))

_OVERSEERS = OVERSEERS.format(unit="r_unit.id")
_OVERSEEN = Derived("organization_id", "overseer.organization_id", "unit", "unit.unoverseen")

_OF_KIND = {
    UnitKind.VILLAGE: (Measure.OPERATING_INCOME, Measure.RUNNING_FUNDS, Measure.SECRETARY_PAY),
    UnitKind.COMMUNITY: (Measure.SERVICE_FUNDS,),
    UnitKind.COUNTY: (Measure.FARMERS_NET, Measure.FARMERS_DISPOSABLE),
}
_FITTING = " OR ".join(
    f"(u.kind = '{kind}' AND s.measure IN ({', '.join(repr(str(m)) for m in measures)}))"
    for kind, measures in _OF_KIND.items()
)
_UNIT = "JOIN organizations_unit u ON u.id = a.unit_id"


class ReadingSheet(RecordSheet):
    name, title, order, model, can = "readings", _("指标读数"), 110, Reading, Can
    columns = (
        RefColumn(),
        Reference("unit", _("单位代码"), to="organizations.Unit"),
        CodeColumn("measure", _("指标"), codes=dict(Measure.choices)),
        YearColumn("year", _("年度")),
        NumberColumn("value", _("数值（元）"), decimals=2, money=True),
        TextColumn("source", _("来源")),
    )
    joins, derived = _OVERSEERS, (_OVERSEEN,)
    checks = (Check("measure", "reading.unit", f"NOT ({_FITTING})", _UNIT),)
    unique_by = (("unit_id", "measure", "year"),)

    def exported(self, near):
        """What a single secretary is paid goes only to who may see it (G-21)."""
        return f"(t.measure <> '{Measure.SECRETARY_PAY}' OR {near('n.key', CanPay.EXPORT)})"


class ThresholdSheet(RecordSheet):
    name, title, order, model, can = "thresholds", _("标准线"), 111, Threshold, Can
    columns = (
        RefColumn(),
        Reference("organization", _("规定的党组织"), to="organizations.Organization"),
        CodeColumn("measure", _("指标"), codes=dict(Measure.choices)),
        CodeColumn("formula", _("算法"), codes=dict(Threshold.Formula.choices)),
        CodeColumn("base", _("基数"), codes=dict(Measure.choices), required=False),
        NumberColumn("line", _("标准线"), decimals=2),
        TextColumn("document", _("文号")),
        *spell_columns(),
    )
    checks = (Check("base", "threshold.base", "(s.formula = 'times_base') <> (s.base IS NOT NULL)"),)


class FacilitySheet(RecordSheet):
    name, title, order, model, can = "facilities", _("场所"), 112, Facility, Can
    columns = (
        RefColumn(),
        Reference("unit", _("单位代码"), to="organizations.Unit"),
        CodeColumn("kind", _("类别"), codes=dict(Facility.Kind.choices)),
        TextColumn("name", _("名称")),
        NumberColumn("area", _("建筑面积（平方米）"), decimals=1, required=False),
        *spell_columns(),
    )
    joins, derived = _OVERSEERS, (_OVERSEEN,)
    checks = (Check("area", "facility.area", "s.area = 0"),)


class MarkSheet(RecordSheet):
    name, title, order, model, can = "marks", _("认定"), 113, Mark, Can
    columns = (
        RefColumn(),
        Reference("unit", _("单位代码"), to="organizations.Unit"),
        CodeColumn("kind", _("认定"), codes=dict(Mark.Kind.choices)),
        TextColumn("document", _("文号")),
        *spell_columns(),
    )
    joins, derived = _OVERSEERS, (_OVERSEEN,)
    checks = (
        Check(
            "kind",
            "mark.unit",
            f"(s.kind = 'large_enterprise') <> (u.kind = '{UnitKind.PRIVATE_ENTERPRISE}') "
            f"OR (s.kind <> 'large_enterprise') <> (u.kind = '{UnitKind.VILLAGE}')",
            _UNIT,
        ),
    )
    no_overlaps = (NoOverlap(("unit_id", "kind")),)


for sheet in (ReadingSheet, ThresholdSheet, FacilitySheet, MarkSheet):
    register(sheet())
