"""A disposal, step by step (domain 2.5): each step refuses what is out of order, another body's, or too early.

Periods and approval levels of DISPOSE (2024) were not seen: the clocks below and the thirty days of appealing are ours.
"""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.disposals import queries
from baolei.disposals.access import Can
from baolei.disposals.codes import (
    EARLY,
    LIGHTER,
    OFFERED,
    OPEN,
    RECORDS_ONLY,
    REMOVALS,
    STANDINGS,
    Ground,
    Kind,
    Lapse,
    Over,
    Result,
    State,
    Step,
)
from baolei.disposals.models import Disposal, Entry
from baolei.kernel.access import Actor, Permission
from baolei.kernel.actions import action
from baolei.kernel.calendar import months_after
from baolei.kernel.models import StaleMark
from baolei.kernel.records import made_here
from baolei.kernel.votes import Vote
from baolei.members.actions import end_membership
from baolei.members.codes import COUNTED, Standing
from baolei.members.models import Member
from baolei.members.queries import formal_members
from baolei.organizations.models import Organization
from baolei.organizations.queries import approving_committee

CLOCK_DAYS = {
    State.VERIFYING: 30,
    State.TALKED: 30,
    State.MET: 15,
    State.REPORTED: 30,
    State.APPROVED: 15,
    State.TOLD: 30,
    State.APPEALED: 60,
}
"""State -> days in which the next step is to be done; of what waits for a last day, from that day on."""
APPEAL_DAYS = 30
"""Days after being told in which the member may appeal; nobody is removed before they are over."""
LONGEST_MONTHS = 12
"""Of a rectification (DSP-01)."""
DOCUMENT_LONGEST = 60


@action(
    "disposals.disposal.open",
    words=gettext_lazy("提出组织处置"),
    needs=Can.RUN,
    private=("ground", "kind", "lapse"),
    tree="shared",
)
def open_disposal(
    member: Member, *, actor: Actor, ground: str, kind: str, lapse: str = "", on: date | None = None
) -> Disposal:
    """Propose a disposal of the kind on that ground, on the day `on` (today without one), `lapse` only for 31(6).

    Criticism and a reminder talk are recorded and closed by that (DSP-08, DSP-09). What is to follow a rectification
    that changed nothing, or a refused advice, follows the latest one (DSP-06). Raises ValidationError: not counted, on
    probation, another one open, a kind that the ground does not offer; PermissionDenied for who is not near.
    """
    on = on or timezone.localdate()
    disposal = Disposal(**made_here(), member=member, branch=member.branch, approver=_approver(member.branch))
    _require_near(disposal, actor, Can.RUN)
    if member.standing not in COUNTED:
        raise ValidationError(_("此人已不在册。"))
    _require_codes(ground, kind, lapse)
    if kind not in RECORDS_ONLY:
        _require_formal(member)
        if Disposal.rows.filter(member=member, state__in=OPEN).exists():
            raise ValidationError(_("这名党员有一件组织处置正在办理，请先办结或取消。"))
    if not member.joined_on <= on <= timezone.localdate():
        raise ValidationError(_("日期不能晚于今天，也不能早于入党之日。"))
    disposal.kind, disposal.ground, disposal.lapse = kind, ground, lapse
    disposal.follows = _followed(member, ground, kind)
    return _enter(disposal, Step.OPEN, State.RECORDED if kind in RECORDS_ONLY else State.VERIFYING, on)


def _require_codes(ground: str, kind: str, lapse: str) -> None:
    if kind not in OFFERED.get(ground, ()):
        raise ValidationError(_("这一依据不适用这种处置，请重新选择（DSP-01 至 DSP-09）。"))
    if (ground == Ground.LAPSED) != (lapse in Lapse.values):
        raise ValidationError(_("自行脱党的，请选择哪一种情形；其他处置不填（DSP-07）。"))


def _require_formal(member: Member) -> None:
    if member.standing == Standing.PROBATIONARY:
        raise ValidationError(
            _("预备党员不作这样的处置：延长预备期或者取消预备党员资格，在“发展党员”办理（ADM-02）。")
        )
    if member.standing != Standing.FORMAL:
        raise ValidationError(_("此人已不在册。"))


def _followed(member: Member, ground: str, kind: str) -> Disposal | None:
    if kind == Kind.REFUSED_REMOVED:
        found = queries.followed(member, State.REFUSED)
        if found is None or found.ground != ground:
            raise ValidationError(_("劝其退党而本人坚持不退的，才按同一依据作劝而不退除名（DSP-06）。"))
        return found
    if ground == Ground.NO_CHANGE:
        found = queries.followed(member, State.NO_CHANGE)
        if found is None:
            raise ValidationError(_("限期改正期满没有转变的，才适用第三十一条第五项（DSP-06）。"))
        return found
    return None


def _approver(branch: Organization) -> Organization:
    found = approving_committee(branch)
    if found is None:
        raise ValidationError(_("党支部之上没有有审批权限的党委（ADM-06）。"))
    return found


@action("disposals.disposal.talk", words=gettext_lazy("核实并同本人谈话"), needs=Can.RUN)
def talk(disposal: Disposal, *, actor: Actor, on: date) -> Disposal:
    """The branch committee has verified and talked with the member; only the day is kept (G-02)."""
    _require(disposal, actor, State.VERIFYING)
    return _enter(disposal, Step.TALK, State.TALKED, on)


@action(
    "disposals.disposal.meet",
    words=gettext_lazy("支部大会讨论表决"),
    needs=Can.RUN,
    private=("vote",),
    tree="shared",
)
def meet(disposal: Disposal, *, actor: Actor, on: date, vote: Vote) -> Disposal:
    """The branch meeting discussed this one person and voted; more than half of those who should attend pass it.

    Raises ValidationError without a quorum, with more than the branch's formal members of that day, or when the
    member has left the branch.
    """
    _require(disposal, actor, State.TALKED)
    _require_there(disposal)
    if vote.expected > formal_members(disposal.branch, on).count():
        raise ValidationError(_("应到会人数多于那一天本支部的正式党员。"))
    if not vote.has_quorum:
        raise ValidationError(
            _("实到 %(present)s 人，没有超过应到会 %(expected)s 人的半数，不能表决，请改期再开。")
            % {"present": vote.present, "expected": vote.expected}
        )
    passed = vote.is_passed
    return _enter(
        disposal,
        Step.MEET,
        State.MET if passed else State.NOT_PASSED,
        on,
        result=Result.PASSED if passed else Result.FAILED,
        vote=vote,
    )


@action("disposals.disposal.report", words=gettext_lazy("报上级党委"), needs=Can.RUN)
def report(disposal: Disposal, *, actor: Actor, on: date) -> Disposal:
    """The branch has reported what its meeting decided to the committee that approves."""
    _require(disposal, actor, State.MET)
    return _enter(disposal, Step.REPORT, State.REPORTED, on)


@action(
    "disposals.disposal.approve",
    words=gettext_lazy("审批组织处置"),
    needs=Can.APPROVE,
    private=("result", "until"),
)
def approve(
    disposal: Disposal,
    *,
    actor: Actor,
    on: date,
    result: str,
    document: str = "",
    until: date | None = None,
) -> Disposal:
    """The committee above approves, does not approve, or sends it back to be discussed anew.

    `until` is the last day of a rectification, within a year of `on` (DSP-01). Raises ValidationError without a
    document number, PermissionDenied for everybody who does not act for just this committee.
    """
    _require_state(disposal, State.REPORTED)
    _require_body(disposal, actor, disposal.approver)
    if result == Result.SENT_BACK:
        _enter(disposal, Step.APPROVE, State.TALKED, on, result=result, document=document)
        return _take_back(disposal, (Step.MEET, Step.REPORT, Step.APPROVE), Over.AGAIN)
    if result not in (Result.APPROVED, Result.NOT_APPROVED):
        raise ValidationError(_("请选择审批的结果。"))
    _require_document(document)
    if result == Result.NOT_APPROVED:
        return _enter(disposal, Step.APPROVE, State.NOT_APPROVED, on, result=result, document=document)
    _require_there(disposal)
    _set_until(disposal, on, until)
    return _enter(disposal, Step.APPROVE, State.APPROVED, on, result=result, document=document)


@action("disposals.disposal.tell", words=gettext_lazy("告知本人"), needs=Can.RUN)
def tell(disposal: Disposal, *, actor: Actor, on: date) -> Disposal:
    """The member was told the decision, and that he may appeal within `APPEAL_DAYS`."""
    _require(disposal, actor, State.APPROVED)
    disposal.appeal_until = on + timedelta(days=APPEAL_DAYS)
    return _enter(disposal, Step.TELL, State.TOLD, on)


@action("disposals.disposal.appeal", words=gettext_lazy("本人申诉"), needs=Can.APPEAL)
def appeal(disposal: Disposal, *, actor: Actor, on: date | None = None) -> Disposal:
    """The member appeals, himself or on paper entered by his branch; why stays on paper (G-02).

    Raises ValidationError: not told yet, too late, appealed before, nobody above who could decide.
    """
    _require_state(disposal, State.TOLD)
    if actor.reach.person_id != disposal.member_id:
        _require_near(disposal, actor, Can.APPEAL)
    on = on or timezone.localdate()
    if disposal.appeal_to_id is not None:
        raise ValidationError(_("已经申诉过，上级党委也已经作出决定。"))
    if on > disposal.appeal_until:
        raise ValidationError(
            _("申诉期限到 %(day)s 为止；以后的申诉请按党章向上级党组织书面提出。")
            % {"day": disposal.appeal_until}
        )
    disposal.appeal_to = approving_committee(disposal.approver)
    if disposal.appeal_to is None:
        raise ValidationError(_("审批的党委之上没有可以处理申诉的党委，请书面提出。"))
    return _enter(disposal, Step.APPEAL, State.APPEALED, on)


@action(
    "disposals.disposal.decide",
    words=gettext_lazy("处理申诉"),
    needs=Can.APPROVE,
    private=("result", "kind", "until"),
)
def decide_appeal(
    disposal: Disposal,
    *,
    actor: Actor,
    on: date,
    result: str,
    document: str,
    kind: str = "",
    until: date | None = None,
) -> Disposal:
    """The committee above the one that approved upholds the decision, changes it to a lighter `kind`, or revokes it.

    Raises ValidationError, PermissionDenied for everybody who does not act for just that committee.
    """
    _require_state(disposal, State.APPEALED)
    _require_body(disposal, actor, disposal.appeal_to)
    _require_document(document)
    if result == Result.REVOKED:
        return _enter(disposal, Step.DECIDE, State.REVOKED, on, result=result, document=document)
    if result == Result.CHANGED:
        if kind not in LIGHTER[disposal.kind]:
            raise ValidationError(_("变更只能改为较轻的处置，请重新选择。"))
        disposal.kind = kind
        _set_until(disposal, on, until)
    elif result != Result.UPHELD:
        raise ValidationError(_("请选择处理的结果。"))
    return _enter(disposal, Step.DECIDE, State.TOLD, on, result=result, document=document)


@action("disposals.disposal.execute", words=gettext_lazy("执行组织处置"), needs=Can.RUN)
def execute(disposal: Disposal, *, actor: Actor, on: date) -> Disposal:
    """The membership ends on the day `on`: removed, or advised to leave and leaves (T10, T11).

    A removal waits until the days of appealing are over, or the appeal is decided. Raises ValidationError.
    """
    _require(disposal, actor, State.TOLD)
    if disposal.kind == Kind.RECTIFY:
        raise ValidationError(_("限期改正到期后登记检查结果，党籍不变。"))
    _require_there(disposal)
    if disposal.kind in REMOVALS and disposal.appeal_to_id is None and on <= disposal.appeal_until:
        raise ValidationError(
            _("本人到 %(day)s 为止可以申诉，此后才能执行。") % {"day": disposal.appeal_until}
        )
    _enter(disposal, Step.EXECUTE, State.EXECUTED, on)
    end_membership(disposal.member, actor=actor, standing=STANDINGS[disposal.kind], on=on)
    return disposal


@action("disposals.disposal.refuse", words=gettext_lazy("登记坚持不退"), needs=Can.RUN)
def refuse_to_leave(disposal: Disposal, *, actor: Actor, on: date) -> Disposal:
    """Advised to leave, the member does not: the branch may discuss his removal (DSP-06)."""
    _require(disposal, actor, State.TOLD)
    if disposal.kind != Kind.ADVISE_OUT:
        raise ValidationError(_("只有劝其退党的，才登记坚持不退（DSP-06）。"))
    return _enter(disposal, Step.REFUSE, State.REFUSED, on)


@action(
    "disposals.disposal.review",
    words=gettext_lazy("检查改正情况"),
    needs=Can.RUN,
    private=("result",),
)
def review(disposal: Disposal, *, actor: Actor, on: date, result: str) -> Disposal:
    """The branch records that the member has corrected himself, or, after the last day, that nothing changed (DSP-06).

    Nothing follows by itself: what is to follow is proposed anew (G-26). Raises ValidationError.
    """
    _require(disposal, actor, State.TOLD)
    if disposal.kind != Kind.RECTIFY:
        raise ValidationError(_("只有限期改正的，才登记检查结果。"))
    if result not in (Result.CORRECTED, Result.NO_CHANGE):
        raise ValidationError(_("请选择检查的结果。"))
    if result == Result.NO_CHANGE and on <= disposal.until:
        raise ValidationError(
            _("改正期限到 %(day)s 为止，此后才能登记没有转变（DSP-06）。") % {"day": disposal.until}
        )
    ended = State.CORRECTED if result == Result.CORRECTED else State.NO_CHANGE
    return _enter(disposal, Step.REVIEW, ended, on, result=result)


@action("disposals.disposal.cancel", words=gettext_lazy("取消"), needs=Can.RUN)
def cancel(disposal: Disposal, *, actor: Actor) -> Disposal:
    """Proposed by mistake, or not pursued: possible before it is approved."""
    _require(disposal, actor, *EARLY)
    return _enter(disposal, Step.CANCEL, State.CANCELLED, timezone.localdate())


@action("disposals.disposal.correct", words=gettext_lazy("更正最近一步"), needs=Can.VIEW)
def correct(disposal: Disposal, *, actor: Actor) -> Disposal:
    """The entry made last was a mistake: it stays and does not count, the step is open again; by whose step it was.

    Raises ValidationError: the proposal itself, what has gone into the register, what something was built upon.
    """
    last = last_entry(disposal)
    if not may_correct(actor, disposal, last):
        raise PermissionDenied
    if last.step in UNCORRECTED:
        raise ValidationError(_("提出、本人申诉和已经列入党员名册的不能这样更正；误提的请取消。"))
    if disposal.state not in OPEN:
        _require_there(disposal)
        if Disposal.rows.filter(follows=disposal).exists():
            raise ValidationError(_("后面已经据此提出新的处置，不能更正。"))
        if Disposal.rows.filter(member=disposal.member, state__in=OPEN).exists():
            raise ValidationError(_("这名党员有一件组织处置正在办理，请先办结或取消。"))
    return _take_back(disposal, (last.step,), Over.CORRECTED)


UNCORRECTED = (Step.OPEN, Step.APPEAL, Step.EXECUTE, Step.END)
"""Nobody takes back what the member did, or what stands in the register."""


def may_correct(actor: Actor, disposal: Disposal, last: Entry) -> bool:
    """Whether the last entry is one of a body for which the actor acts."""
    if last.step in (Step.APPROVE, Step.DECIDE):
        return queries.is_body(actor, disposal, last.organization)
    return queries.is_near(actor, Can.RUN, disposal)


def last_entry(disposal: Disposal) -> Entry:
    """The entry made last that counts."""
    live = Entry.rows.filter(disposal=disposal, over="").select_related("organization")
    return live.order_by("-pk").first()


def follow_register(**which) -> None:
    """What is open goes on where the membership is now; about who is no formal member any more it ends."""
    rows = Disposal.rows.filter(state__in=OPEN, **which).select_related(
        "member__branch", "branch", "approver"
    )
    for disposal in rows.exclude(member__branch_id=F("branch_id"), member__standing=Standing.FORMAL):
        if disposal.member.standing != Standing.FORMAL:
            _enter(disposal, Step.END, State.ENDED, timezone.localdate())
            continue
        disposal.branch = disposal.member.branch
        disposal.save(update_fields=["branch"])
        follow_tree(pk=disposal.pk)


def follow_tree(**which) -> None:
    """The committee that approves is the one that stands above the branch now; where none does, the one before."""
    for disposal in Disposal.rows.filter(**which).select_related("branch"):
        found = approving_committee(disposal.branch)
        if found is not None and found.pk not in (disposal.approver_id, disposal.appeal_to_id):
            disposal.approver = found
            disposal.save(update_fields=["approver"])


# What the steps share --------------------------------------------------------------------------------------


def _enter(
    disposal: Disposal,
    step: str,
    state: str,
    on: date,
    *,
    result: str = "",
    document: str = "",
    vote: Vote | None = None,
) -> Disposal:
    """Write the entry, and the disposal as it is from then on. Raises ValidationError for a day out of order."""
    last = last_entry(disposal) if disposal.pk else None
    today = timezone.localdate()
    if on > today or (last is not None and on < last.on):
        raise ValidationError(_("日期不能晚于今天，也不能早于上一步。"))
    if len(document.strip()) > DOCUMENT_LONGEST:
        raise ValidationError(_("文号不超过 %(most)s 字。") % {"most": DOCUMENT_LONGEST})
    bodies = {Step.APPROVE: disposal.approver, Step.DECIDE: disposal.appeal_to}
    _set_state(disposal, state, on)
    disposal.save()
    Entry.rows.create(
        disposal=disposal,
        branch=disposal.branch,
        organization=bodies.get(step, disposal.branch),
        step=step,
        on=on,
        result=result,
        document=document.strip(),
        state=state,
        kind=disposal.kind,
        until=disposal.until,
        **(vars(vote) if vote else {}),
    )
    _mark_stale(disposal)
    return disposal


def _set_state(disposal: Disposal, state: str, on: date) -> None:
    disposal.state = state
    if state not in OPEN:
        disposal.due_on, disposal.closed_on = None, on
        return
    start = on
    if state == State.TOLD and disposal.kind == Kind.RECTIFY:
        start = disposal.until
    elif state == State.TOLD and disposal.kind in REMOVALS and disposal.appeal_to_id is None:
        start = disposal.appeal_until
    disposal.due_on, disposal.closed_on = start + timedelta(days=CLOCK_DAYS[state]), None


def _take_back(disposal: Disposal, steps: tuple[str, ...], why: str) -> Disposal:
    """Entries of these steps count no more: the disposal is as the last one that counts left it."""
    gone = Entry.rows.filter(disposal=disposal, over="", step__in=steps)
    gone.update(over=why, over_on=timezone.localdate())
    last = last_entry(disposal)
    disposal.kind, disposal.until = last.kind, last.until
    if Step.TELL in steps:
        disposal.appeal_until = None
    _set_state(disposal, last.state, last.on)
    disposal.save()
    _mark_stale(disposal)
    return disposal


def _mark_stale(disposal: Disposal) -> None:
    """Figures count a decision at the branch of that day, which may be another one today."""
    keys = Entry.rows.filter(disposal=disposal).values_list("branch__key", flat=True).distinct()
    StaleMark.leave([Disposal], sorted(keys))


def _require(disposal: Disposal, actor: Actor, *states: str) -> None:
    """Raises ValidationError for another state, PermissionDenied for who does not act for the branch."""
    _require_state(disposal, *states)
    _require_near(disposal, actor, Can.RUN)


def _require_state(disposal: Disposal, *states: str) -> None:
    if disposal.state not in states:
        raise ValidationError(
            _("这件组织处置现在是“%(state)s”，不能这样办；请刷新后再看。")
            % {"state": disposal.get_state_display()}
        )


def _require_near(disposal: Disposal, actor: Actor, permission: Permission) -> None:
    if not queries.is_near(actor, permission, disposal):
        raise PermissionDenied


def _require_body(disposal: Disposal, actor: Actor, organization: Organization) -> None:
    if not queries.is_body(actor, disposal, organization):
        raise PermissionDenied


def _require_document(document: str) -> None:
    if not document.strip():
        raise ValidationError(_("请填写文号。"))


def _require_there(disposal: Disposal) -> None:
    """The member is locked, formal, and in the branch still."""
    member = Member.rows.select_for_update(of=("self",)).get(pk=disposal.member_id)
    _require_formal(member)
    if member.branch_id != disposal.branch_id:
        raise ValidationError(_("这名党员已不在这个党支部，请取消后由现在的党支部提出。"))


def _set_until(disposal: Disposal, on: date, until: date | None) -> None:
    """The last day of a rectification that is decided on the day `on`; none for the other kinds."""
    if disposal.kind != Kind.RECTIFY:
        if until is not None:
            raise ValidationError(_("只有限期改正才填改正期限。"))
        disposal.until = None
        return
    if until is None or not on < until <= months_after(on, LONGEST_MONTHS):
        raise ValidationError(_("请填写改正期限，自决定之日起不超过一年（DSP-01）。"))
    disposal.until = until
