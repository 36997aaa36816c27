"""Codes of disposals: kinds, grounds by their article, states, steps, results (domain 2.5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from baolei.members.codes import Standing


class Kind(models.TextChoices):
    RECTIFY = "rectify", _("限期改正")  # DSP-01
    ADVISE_OUT = "advise_out", _("劝其退党")  # DSP-02, DSP-06
    REMOVE = "remove", _("除名")  # DSP-02
    REFUSED_REMOVED = "refused_removed", _("劝而不退除名")  # DSP-06
    SELF_LAPSED = "self_lapsed", _("自行脱党除名")  # DSP-07
    CRITICISE = "criticise", _("批评教育")  # DSP-08
    REMIND = "remind", _("提醒谈话")  # DSP-09


RECORDS_ONLY = (Kind.CRITICISE, Kind.REMIND)
"""A day and nothing more: they need no procedure."""
REMOVALS = (Kind.REMOVE, Kind.REFUSED_REMOVED, Kind.SELF_LAPSED)
STANDINGS = {Kind.ADVISE_OUT: Standing.ADVISED_OUT} | dict.fromkeys(REMOVALS, Standing.REMOVED)
"""Kind -> how the register calls the end of the membership; the exit code of T10 and T11 is the kind itself."""
LIGHTER = {
    Kind.REMOVE: (Kind.ADVISE_OUT, Kind.RECTIFY),
    Kind.SELF_LAPSED: (Kind.ADVISE_OUT, Kind.RECTIFY),
    Kind.REFUSED_REMOVED: (Kind.RECTIFY,),
    Kind.ADVISE_OUT: (Kind.RECTIFY,),
    Kind.RECTIFY: (),
}
"""Kind -> to what an appeal may change it: whoever appeals does not come off worse."""


class Ground(models.TextChoices):
    """Articles of the rules on educating and managing members (MEMBER); never what happened (G-02)."""

    TALK = "28", _("第二十八条")
    MINOR = "29", _("第二十九条")
    RECTIFY = "30", _("第三十条")
    FIRST = "31.1", _("第三十一条第一项")
    SECOND = "31.2", _("第三十一条第二项")
    THIRD = "31.3", _("第三十一条第三项")
    FOURTH = "31.4", _("第三十一条第四项")
    NO_CHANGE = "31.5", _("第三十一条第五项")
    LAPSED = "31.6", _("第三十一条第六项")


_OUT = (Kind.ADVISE_OUT, Kind.REMOVE, Kind.REFUSED_REMOVED)
OFFERED: dict[str, tuple[str, ...]] = {
    Ground.TALK: (Kind.REMIND,),
    Ground.MINOR: (Kind.CRITICISE,),
    Ground.RECTIFY: (Kind.RECTIFY,),
    Ground.FIRST: _OUT,
    Ground.SECOND: _OUT,
    Ground.THIRD: _OUT,
    Ground.FOURTH: _OUT,
    Ground.NO_CHANGE: (Kind.ADVISE_OUT, Kind.REFUSED_REMOVED),
    Ground.LAPSED: (Kind.SELF_LAPSED,),
}
"""Ground -> the kinds that may be proposed for it."""


class Lapse(models.TextChoices):
    """What was not done for six months running, without a good reason (DSP-07)."""

    LIFE = "life", _("不参加党的组织生活")
    DUES = "dues", _("不交纳党费")
    WORK = "work", _("不做党所分配的工作")


class State(models.TextChoices):
    VERIFYING = "verifying", _("核实中")
    TALKED = "talked", _("已同本人谈话")
    MET = "met", _("支部大会已通过")
    REPORTED = "reported", _("已报上级党委")
    APPROVED = "approved", _("已批准")
    TOLD = "told", _("已告知本人")
    APPEALED = "appealed", _("申诉处理中")
    EXECUTED = "executed", _("已执行")
    REFUSED = "refused", _("本人坚持不退")
    CORRECTED = "corrected", _("已改正")
    NO_CHANGE = "no_change", _("期满没有转变")
    NOT_PASSED = "not_passed", _("支部大会未通过")
    NOT_APPROVED = "not_approved", _("上级不予批准")
    REVOKED = "revoked", _("申诉后撤销")
    CANCELLED = "cancelled", _("已取消")
    ENDED = "ended", _("党籍因其他原因终止")
    RECORDED = "recorded", _("已记录")


EARLY = (State.VERIFYING, State.TALKED, State.MET, State.REPORTED)
"""Before it is approved."""
OPEN = (*EARLY, State.APPROVED, State.TOLD, State.APPEALED)
VOID = (State.NOT_PASSED, State.NOT_APPROVED, State.REVOKED, State.CANCELLED, State.ENDED)
"""It came to nothing."""


class Step(models.TextChoices):
    """What an entry says was done; the value is the name of the step on its page, too."""

    OPEN = "open", _("提出")
    TALK = "talk", _("核实并同本人谈话")
    MEET = "meet", _("支部大会讨论表决")
    REPORT = "report", _("报上级党委")
    APPROVE = "approve", _("上级党委审批")
    TELL = "tell", _("告知本人")
    APPEAL = "appeal", _("本人申诉")
    DECIDE = "decide", _("处理申诉")
    EXECUTE = "execute", _("执行")
    REFUSE = "refuse", _("登记坚持不退")
    REVIEW = "review", _("检查改正情况")
    CANCEL = "cancel", _("取消")
    END = "end", _("党籍因其他原因终止")


class Result(models.TextChoices):
    PASSED = "passed", _("通过")
    FAILED = "failed", _("没有通过")
    APPROVED = "approved", _("批准")
    SENT_BACK = "sent_back", _("退回重新讨论")
    NOT_APPROVED = "not_approved", _("不予批准")
    UPHELD = "upheld", _("维持")
    CHANGED = "changed", _("变更")
    REVOKED = "revoked", _("撤销")
    CORRECTED = "corrected", _("已改正")
    NO_CHANGE = "no_change", _("没有转变")


class Over(models.TextChoices):
    """Why an entry counts no more."""

    CORRECTED = "corrected", _("登记有误，已更正")
    AGAIN = "again", _("退回重新办理")
