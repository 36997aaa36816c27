"""Writes of complaints: one is filed, passed on, answered, and at last erased."""

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.access import Actor
from baolei.kernel.actions import action
from baolei.kernel.identity import holds_identity, holds_phone
from baolei.kernel.secrets import hash_slip
from baolei.organizations.kinds import STORED
from baolei.organizations.models import Organization
from baolei.portal.access import CanComplaint
from baolei.portal.complaints import queries
from baolei.portal.complaints.subjects import Subject
from baolei.portal.models import Complaint, Correction
from baolei.portal.models.complaints import TO_DUE

A_DAY = 200
"""Complaints taken on one day, of all strangers together: nobody is told apart, so nobody can be limited."""
LONGEST = 1_000
LINE_LONGEST = 200

Outcome = Complaint.Outcome


class TooMany(Exception):
    """As many complaints as are taken on one day have come in today."""


@action(
    "portal.complaint.file",
    words=gettext_lazy("收到投诉"),
    needs=None,
    private=("subject", "text", "slip"),
    day_only=True,
)
def file(target: None, *, actor: Actor, subject: Subject, kind: str, text: str, slip: str) -> Complaint:
    """Take a stranger's complaint; the slip number is for the stranger alone. Raises TooMany, ValidationError.

    The organization that released the edition holds it at first, that of the highest edition for other pages.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise ValidationError({"text": _("请写明哪里不对，不超过 %(n)d 个字。") % {"n": LONGEST}})
    with connection.cursor() as cursor:
        # One after the other, so that the limit holds.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('portal.complaint.file'))")
    today = timezone.localdate()
    if queries.received_on(today).count() >= A_DAY:
        raise TooMany
    return Complaint.rows.create(
        **subject.columns(),
        holder=subject.edition.organization if subject.edition else queries.first_holder(),
        kind=kind,
        text=text,
        slip_hash=hash_slip(slip),
        received_on=today,
        due_on=today + TO_DUE,
    )


@action("portal.complaint.pass_on", words=gettext_lazy("转交投诉"), needs=CanComplaint.ANSWER)
def pass_on(complaint: Complaint, *, actor: Actor, to: Organization) -> Complaint:
    """Another committee within reach holds it from now on; the clock runs on.

    Raises ValidationError for a complaint that is answered and for who cannot hold one, PermissionDenied outside
    the reach.
    """
    _require_open(complaint)
    actor.require(CanComplaint.ANSWER, to)
    if to.kind not in STORED or to.closed_on:
        raise ValidationError({"to": _("只能转交给地方党委、党工委或乡镇（街道）党委。")})
    if to.pk == complaint.holder_id:
        raise ValidationError({"to": _("现在就由这个党组织承办，请换一个。")})
    complaint.holder = to
    complaint.save(update_fields=["holder"])
    return complaint


@action(
    "portal.complaint.answer",
    words=gettext_lazy("答复投诉"),
    needs=CanComplaint.ANSWER,
    private=("answer", "said", "right"),
)
def answer(
    complaint: Complaint, *, actor: Actor, outcome: str, answer: str, said: str = "", right: str = ""
) -> Complaint:
    """Close it with an answer; a number or words put right are told to the public in one line. Raises ValidationError."""
    _require_open(complaint)
    answer, said, right = answer.strip(), said.strip(), right.strip()
    _require_complete(outcome, answer, said, right)
    complaint.outcome, complaint.answer, complaint.answered_on = outcome, answer, timezone.localdate()
    if outcome == Outcome.CORRECTED:
        complaint.correction = Correction.objects.create(
            edition=complaint.edition,
            figure=complaint.figure,
            place=complaint.place,
            page=complaint.page,
            subject=complaint.subject,
            corrected_on=complaint.answered_on,
            said=said,
            right=right,
        )
    complaint.save(update_fields=["outcome", "answer", "answered_on", "correction"])
    return complaint


@action("portal.complaint.erase", words=gettext_lazy("清除投诉内容"), needs=CanComplaint.ANSWER, veiled=True)
def erase(complaint: Complaint, *, actor: Actor) -> Complaint:
    """Take away the texts and the slip of a complaint answered long ago; once more changes nothing.

    Raises ValidationError before its time.
    """
    today = timezone.localdate()
    if complaint.erased_on is not None:
        return complaint
    if complaint.answered_on is None or complaint.answered_on > queries.erasable_until(today):
        raise ValidationError(_("还没有到清除的日期。"))
    complaint.text, complaint.answer, complaint.slip_hash, complaint.erased_on = "", "", None, today
    complaint.save(update_fields=["text", "answer", "slip_hash", "erased_on"])
    return complaint


def _require_open(complaint: Complaint) -> None:
    if not complaint.is_open:
        raise ValidationError(_("这件投诉已经答复，不能再改。"))


def _require_complete(outcome: str, answer: str, said: str, right: str) -> None:
    """Raises ValidationError unless the answer has what its outcome asks for, and no more."""
    wrong: dict[str, str] = {}
    if outcome not in Outcome.values:
        wrong["outcome"] = _("请选择处理结果。")
    if not answer or len(answer) > LONGEST:
        wrong["answer"] = _("请写明答复，不超过 %(n)d 个字。") % {"n": LONGEST}
    for name, line in (("said", said), ("right", right)):
        if outcome != Outcome.CORRECTED:
            if line:
                wrong[name] = _("只有“更正”才填写更正公告。")
        elif not line or len(line) > LINE_LONGEST:
            wrong[name] = _("更正必须写明原来的说法和更正后的说法，各不超过 %(n)d 个字。") % {
                "n": LINE_LONGEST
            }
        elif holds_identity(line) or holds_phone(line):
            wrong[name] = _("更正公告任何人都能看到，不能写身份证号或手机号。")
    if wrong:
        raise ValidationError(wrong)
