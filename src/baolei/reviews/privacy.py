"""What a round holds about members, and for how long (G-08, G-27)."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baolei.kernel.privacy import holds, keeps
from baolei.reviews.access import Can
from baolei.reviews.models import Closing, Finding, Goal, Proposal

holds(
    Finding,
    purpose=_("民主评议党员：本人自评、测评情况、评定等次"),
    ground=_("党员教育管理工作条例（民主评议党员）"),
    kept=_("办结后三年"),
    seen=(Can.FINDING,),
)


def _due(before: datetime) -> QuerySet[Finding]:
    rows = Finding.objects.filter(round__closed_on__lte=timezone.localdate(before))
    return rows.unscoped("the purge takes them all")


keeps("reviews.findings", words=_("民主评议中每名党员的情况"), days=Finding.KEPT_DAYS, due=_due)

holds(
    Proposal,
    purpose=_("民主评议结果的运用：表扬、教育帮助、组织处置的意见"),
    ground=_("党员教育管理工作条例（民主评议党员）"),
    kept=_("与评议情况一起，办结后三年"),
    seen=(Can.FINDING,),
)
holds(
    Goal,
    purpose=_("党员目标管理：本人提出、党支部商定的年度目标和进展"),
    ground=_("党员教育管理工作条例（发挥党员作用）"),
    kept=_("年度结束后三年"),
    seen=(Can.GOAL,),
)


def _old_goals(before: datetime) -> QuerySet[Goal]:
    rows = Goal.objects.filter(year__lt=timezone.localdate(before).year)
    return rows.unscoped("the purge takes them all")


keeps("reviews.goals", words=_("党员的年度目标"), days=Goal.KEPT_DAYS, due=_old_goals)

holds(
    Closing,
    whose=_("工作人员"),
    purpose=_("成批办结、退回民主评议：谁提交了哪些、办到哪里"),
    ground=_("办理民主评议的职责"),
    kept=_("半年"),
    seen=(Can.OVERSEE,),
)
keeps(
    "reviews.closings",
    words=_("成批办结、退回民主评议的单子"),
    days=Closing.KEPT_DAYS,
    due=lambda before: Closing.objects.filter(made_at__lt=before),
)
