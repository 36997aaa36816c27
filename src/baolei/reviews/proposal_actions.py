"""What follows from a grade: proposed, decided by a named body, done (APR-06, G-26). Events tell neither kind nor grade."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.access import Actor
from baolei.kernel.actions import action
from baolei.reviews.access import Can
from baolei.reviews.models import Finding, Proposal, Round
from baolei.reviews.queries import decides

Kind, State = Proposal.Kind, Proposal.State
LONGEST = timedelta(days=365)
"""Until when help must be done at the latest."""


@action("reviews.proposal.make", words=gettext_lazy("提出评议后的意见"), needs=Can.RUN, private=("kind",))
def propose(finding: Finding, *, actor: Actor, kind: str) -> Proposal:
    """Put forward, by the branch: to honour who is excellent; to dispose of who is unqualified, after help.

    Raises ValidationError: the round is not closed, another grade, put forward already, no help has been given yet.
    """
    if not decides(actor, Can.RUN, finding.organization):
        raise PermissionDenied(Can.RUN.label)
    if finding.round.state != Round.State.CLOSED:
        raise ValidationError(_("民主评议办结以后才能提出（APR-06）。"))
    if kind not in (Kind.HONOUR, Kind.DISPOSAL) or finding.grade not in Proposal.FOR[kind]:
        raise ValidationError(_("评定的等次不适用（APR-06）。"))
    made = Proposal.rows.filter(finding=finding)
    if made.filter(kind=kind).exclude(state=State.DECLINED).exists():
        raise ValidationError(_("已经提出，不必再提。"))
    if kind == Kind.DISPOSAL and not made.filter(kind=Kind.HELP, state=State.DONE).exists():
        raise ValidationError(_("不合格的先教育帮助，帮助以后仍无转变的才提出组织处置（APR-06）。"))
    return Proposal.rows.create(
        finding=finding,
        organization=finding.organization,
        member=finding.member,
        kind=kind,
        proposed_on=timezone.localdate(),
    )


@action(
    "reviews.proposal.accept",
    words=gettext_lazy("同意评议后的意见"),
    needs=Can.RUN,
    private=("way", "due_on"),
)
def accept(proposal: Proposal, *, actor: Actor, way: str = "", due_on: date | None = None) -> Proposal:
    """The body that holds it agrees; of help the branch says how, and until when. Raises ValidationError."""
    _require(proposal, State.PROPOSED, actor=actor)
    today = timezone.localdate()
    if proposal.kind == Kind.HELP:
        if way not in Proposal.Way.values:
            raise ValidationError(_("请选择帮助方式。"))
        if due_on is None or not today <= due_on <= today + LONGEST:
            raise ValidationError(_("完成期限应在今天以后一年以内。"))
        proposal.way, proposal.due_on = way, due_on
    proposal.state, proposal.decided_on = State.ACCEPTED, today
    proposal.save(update_fields=["state", "decided_on", "way", "due_on"])
    return proposal


@action("reviews.proposal.decline", words=gettext_lazy("不同意评议后的意见"), needs=Can.OVERSEE)
def decline(proposal: Proposal, *, actor: Actor) -> Proposal:
    """The committee above does not agree, or holds help for needless. Raises ValidationError."""
    _require(proposal, State.PROPOSED, actor=actor, committee=True)
    proposal.state, proposal.decided_on = State.DECLINED, timezone.localdate()
    proposal.save(update_fields=["state", "decided_on"])
    return proposal


@action(
    "reviews.proposal.finish",
    words=gettext_lazy("登记评议后的意见已经落实"),
    needs=Can.RUN,
    private=("done_on",),
)
def finish(proposal: Proposal, *, actor: Actor, done_on: date) -> Proposal:
    """Help has been given; disposal has begun as a matter of its own. Raises ValidationError."""
    _require(proposal, State.ACCEPTED, actor=actor)
    if proposal.kind == Kind.HONOUR:
        raise ValidationError(_("表扬的意见由表彰工作接着办理。"))
    if not proposal.decided_on <= done_on <= timezone.localdate():
        raise ValidationError(_("落实日期应在决定以后，且不晚于今天。"))
    proposal.state, proposal.done_on = State.DONE, done_on
    proposal.save(update_fields=["state", "done_on"])
    return proposal


def _require(proposal: Proposal, state: str, *, actor: Actor, committee: bool = False) -> None:
    permission = Can.OVERSEE if committee or proposal.is_committees else Can.RUN
    if not decides(actor, permission, proposal.organization):
        raise PermissionDenied(permission.label)
    if proposal.state != state:
        raise ValidationError(
            _("这项意见现在是“%(state)s”，请刷新后再看。") % {"state": proposal.get_state_display()}
        )
