"""Reports from a branch's poster: made without an account, looked up by slip, answered by the branch (S02)."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.actions import action
from baolei.kernel.identity import holds_identity, holds_phone, normal_number
from baolei.kernel.records import made_here
from baolei.kernel.secrets import hash_slip, open_field, sealer
from baolei.organizations.kinds import HOLDS_MEMBERS
from baolei.organizations.models import Organization
from baolei.transfers.access import Can
from baolei.transfers.codes import PROVINCES
from baolei.transfers.models import ReportIn

DAYS = 10
"""In which the branch gets in touch."""
WAITING_MOST = 50
"""Reports that wait at one branch: nobody is told apart, so that nobody else can be limited."""


@action(
    "transfers.report.make",
    words=gettext_lazy("扫码报到"),
    needs=None,
    private=("name", "phone", "outside", "letter", "slip"),
    day_only=True,
)
def report_in(
    branch: Organization, *, actor, name: str, phone: str, outside: str, letter: str, slip: str
) -> ReportIn:
    """Take a report; the slip number is for the stranger alone. Raises ValidationError."""
    if branch.kind not in HOLDS_MEMBERS or branch.closed_on is not None:
        raise ValidationError(_("这个党组织现在不接收报到，请向当地党委询问。"))
    if any(holds_identity(text) for text in (name, phone, letter)):
        raise ValidationError(_("请不要填写身份证号。"))
    if not name.strip() or not holds_phone(phone):
        raise ValidationError(_("请填写姓名和手机号码，党支部会与您联系。"))
    if outside and outside not in PROVINCES:
        raise ValidationError(_("请从列表中选择从哪里来。"))
    if ReportIn.rows.filter(branch=branch, closed_on=None).count() >= WAITING_MOST:
        raise ValidationError(_("等待办理的报到已经很多，请直接到党支部报到。"))
    sealed = sealer().seal_person("", normal_number(phone), name.strip())
    today = timezone.localdate()
    return ReportIn.rows.create(
        **made_here(),
        branch=branch,
        name=name.strip(),
        phone_sealed=sealed.phone_sealed,
        key_wrapped=sealed.key_wrapped,
        outside=outside,
        letter=letter.strip(),
        slip_hash=hash_slip(slip),
        on=today,
        due_on=today + timedelta(days=DAYS),
    )


@action("transfers.report.reveal", words=gettext_lazy("查看报到人电话"), needs=Can.CASE)
def reveal_phone(report: ReportIn, *, actor) -> str:
    """The telephone number, to call; who read it when stands in the record. Raises ValidationError when it is gone."""
    if not report.phone_sealed:
        raise ValidationError(_("电话已经清除。"))
    return open_field(report, "phone")


@action("transfers.report.close", words=gettext_lazy("办结报到"), needs=Can.CASE)
def close_report(report: ReportIn, *, actor, result: str) -> ReportIn:
    """What became of it. Raises ValidationError."""
    if report.closed_on is not None:
        raise ValidationError(_("已经办结。"))
    if result not in ReportIn.Result.values:
        raise ValidationError(_("请选择结果。"))
    report.result, report.closed_on, report.due_on = result, timezone.localdate(), None
    report.save(update_fields=["result", "closed_on", "due_on"])
    return report
