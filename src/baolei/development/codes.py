"""Codes of the area: stages, ends, outcomes of probation, results of a step."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where a person is; the last two are over."""

    APPLICANT = "applicant", _("入党申请人")
    ACTIVIST = "activist", _("入党积极分子")
    TARGET = "development_target", _("发展对象")
    PROBATIONARY = "probationary", _("预备党员")
    CONVERTED = "converted", _("已转正")
    LEFT = "left", _("已终止")


UNDER_WAY = (Stage.APPLICANT, Stage.ACTIVIST, Stage.TARGET, Stage.PROBATIONARY)


class Leaving(models.TextChoices):
    """How it ended before admission: the fact, no reason (G-01)."""

    WITHDREW = "withdrew", _("本人撤回申请")
    STOPPED = "stopped", _("党支部终止培养")
    LEFT_PROVINCE = "left_province", _("材料转往省外")
    DECEASED = "deceased", _("去世")


class Outcome(models.TextChoices):
    """How probation ended (T15)."""

    ON_TIME = "converted_on_time", _("按期转正")
    EXTENDED = "converted_after_extension", _("延长预备期后转正")
    DEFERRED = "converted_after_deferral", _("推迟讨论后转正")
    CANCELLED = "cancelled_at_expiry", _("预备期满取消资格")
    CANCELLED_BEFORE = "cancelled_before_expiry", _("预备期内取消资格")


class Result(models.TextChoices):
    """What came out of a step; which ones a step may have is in `steps`."""

    DONE = "done", _("已办")
    BY_MEMBERS = "by_members", _("党员推荐")
    BY_LEAGUE = "by_league", _("群团组织推优")
    CONTINUE = "continue", _("继续培养")
    HELP = "help", _("加强教育")
    PASSED = "passed", _("合格（同意）")
    FAILED = "failed", _("不合格（不同意）")
    CONVERT = "convert", _("按期转正")
    EXTEND = "extend", _("延长预备期")
    CANCEL = "cancel", _("取消预备党员资格")


class Over(models.TextChoices):
    """Why an entry does not count any more; it stays as it was."""

    CORRECTED = "corrected", _("更正")
    AGAIN = "again", _("重新办理")
