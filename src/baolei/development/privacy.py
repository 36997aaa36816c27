"""What the area holds about persons, and for how long (G-27)."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baolei.development.access import Can
from baolei.development.codes import Stage
from baolei.development.models import Applicant, Entry, Helper, Notice
from baolei.kernel.privacy import holds, keeps

_GROUND = _("发展党员工作细则")
_KEPT = _("办理期间；终止的两年后删除姓名和号码，转正的随党籍保存")
YEARS_2 = 730
NOBODY = "已删除"


def _told(applicant: Applicant) -> dict[str, str]:
    number = str(_("已加密保存")) if applicant.id_sealed else ""
    return {"birth_date": f"{applicant.birth_date:%Y}", "id_number": number}


holds(
    Applicant,
    whose=_("入党申请人、入党积极分子、发展对象和预备党员"),
    purpose=_("发展党员工作"),
    ground=_GROUND,
    kept=_KEPT,
    seen=(Can.VIEW,),
    told=_told,
    untold=frozenset({"slip"}),
)
holds(
    Entry,
    whose=_("入党申请人、入党积极分子、发展对象和预备党员"),
    purpose=_("发展党员各步的记录"),
    ground=_GROUND,
    kept=_KEPT,
    seen=(Can.VIEW,),
    person="applicant__member_id",
)
holds(Helper, purpose=_("培养联系人和入党介绍人"), ground=_GROUND, seen=(Can.VIEW,))
holds(
    Notice,
    whose=_("发展对象和预备党员"),
    purpose=_("发展党员公示"),
    ground=_GROUND,
    kept=_KEPT,
    seen=(Can.VIEW,),
    person="applicant__member_id",
)


def _due(before: datetime) -> QuerySet[Applicant]:
    last = timezone.localdate(before)
    rows = Applicant.objects.filter(stage=Stage.LEFT, member=None, ended_on__lte=last).exclude(name=NOBODY)
    return rows.unscoped("the purge takes them all").order_by("ended_on", "pk")


def _erase(rows: QuerySet[Applicant]) -> int:
    return rows.order_by().update(name=NOBODY, id_sealed=b"", key_wrapped=b"", id_hash=None)


keeps("development.left", words=_("终止申请的人的姓名和号码"), days=YEARS_2, due=_due, take=_erase)
