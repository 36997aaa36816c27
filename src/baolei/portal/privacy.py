"""What complaints hold, and for how long."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Actor
from baolei.kernel.privacy import holds, keeps
from baolei.portal.access import CanComplaint
from baolei.portal.complaints import actions
from baolei.portal.models import Complaint

holds(
    Complaint,
    whose=_("投诉人（不记姓名、联系方式和地址；文字中可能写到的人）"),
    purpose=_("受理对公开页面的投诉和纠错"),
    ground=_("信访工作条例；个人信息保护法第6条"),
    kept=_("文字和查询码答复后180天，对象、结果和日期长期保存"),
    seen=(CanComplaint.VIEW, CanComplaint.ANSWER),
)


def _due(before: datetime) -> QuerySet[Complaint]:
    last = timezone.localdate(before)
    rows = Complaint.objects.filter(erased_on=None, answered_on__lte=last).order_by("answered_on", "pk")
    return rows.unscoped("the purge takes them all")


def _erase(rows: QuerySet[Complaint]) -> int:
    actor = Actor.system(gettext("到期清除"))
    return len([actions.erase(complaint, actor=actor) for complaint in rows])


keeps(
    "complaints.texts", words=_("已答复的投诉的文字和查询码"), days=Complaint.KEPT_DAYS, due=_due, take=_erase
)
