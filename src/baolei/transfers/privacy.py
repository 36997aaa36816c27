"""Members on their way between organizations."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baolei.kernel.privacy import holds, keeps
from baolei.transfers.access import Can
from baolei.transfers.models import Contact, Floating, Hint, PocketCase, Proposed, ReportIn, Transfer

holds(
    Transfer,
    purpose=_("组织关系转接"),
    ground=_("党员教育管理工作条例（党员名册、组织关系和党籍管理）"),
    seen=(Can.VIEW,),
)
holds(
    PocketCase,
    purpose=_("“口袋党员”排查和处理"),
    ground=_("党员教育管理工作条例（党员名册、组织关系和党籍管理）"),
    seen=(Can.VIEW,),
)
holds(
    Contact,
    purpose=_("“口袋党员”的联系记录"),
    ground=_("党员教育管理工作条例（党员名册、组织关系和党籍管理）"),
    kept=_("办结或失联了结后两年"),
    seen=(Can.VIEW,),
)
holds(
    Floating,
    purpose=_("流动党员双向登记"),
    ground=_("党员教育管理工作条例（流动党员管理）"),
    seen=(Can.VIEW,),
)
holds(
    Hint,
    purpose=_("提示党支部核实可能的口袋党员；不是认定，不进入任何统计"),
    ground=_("党员教育管理工作条例（组织关系和党籍管理）；个人信息保护法第24条"),
    kept=_("60天"),
    seen=(Can.HINT,),
    person="member_id",
    untold=frozenset({"other_id", "digest"}),
)


def _ended(before: datetime) -> QuerySet[Hint]:
    last = timezone.localdate(before) + timedelta(days=Hint.DAYS)
    return Hint.objects.filter(until__lte=last).order_by("pk").unscoped("the purge takes them all")


def _closed(before: datetime) -> QuerySet[Contact]:
    day = timezone.localdate(before)
    over = ~Q(case__outcome="not_found") | Q(case__ended_on__lte=day)
    rows = Contact.objects.filter(over, case__closed_on__lte=day).order_by("pk")
    return rows.unscoped("the purge takes them all")


keeps("transfers.contacts", words=_("已办结（失联的已了结）的联系记录"), days=730, due=_closed)
keeps("transfers.hints", words=_("口袋党员线索"), days=Hint.DAYS, due=_ended)
keeps(
    "transfers.proposed",
    words=_("已经提示过的依据的摘要"),
    days=0,
    due=lambda before: Proposed.objects.filter(until__lte=timezone.localdate(before)).order_by("pk"),
)

holds(
    ReportIn,
    whose=_("扫码报到的人"),
    purpose=_("与报到的党员联系，办理组织关系转接"),
    ground=_("党员教育管理工作条例（党员名册、组织关系和党籍管理）"),
    kept=_("办结后30天清除姓名、电话和介绍信编号"),
    seen=(Can.CASE,),
    untold=frozenset({"slip_hash", "key_wrapped"}),
)


def _answered(before: datetime) -> QuerySet[ReportIn]:
    rows = ReportIn.objects.filter(closed_on__lte=timezone.localdate(before)).exclude(name="")
    return rows.unscoped("the purge takes them all")


def _forget(rows: QuerySet[ReportIn]) -> int:
    return rows.order_by().update(name="", phone_sealed=None, key_wrapped=b"", letter="")


keeps(
    "transfers.reports",
    words=_("办结的扫码报到的姓名、电话和介绍信编号"),
    days=ReportIn.KEPT_DAYS,
    due=_answered,
    take=_forget,
)
