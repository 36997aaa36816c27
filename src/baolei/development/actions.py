"""Development of a member: an application, 25 steps, corrections, moves, an end; the yearly plan."""

import secrets
from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.development import queries, story
from baolei.development.access import Can
from baolei.development.codes import UNDER_WAY, Leaving, Outcome, Over, Result, Stage
from baolei.development.models import Applicant, Entry, Helper, Notice, Plan
from baolei.development.steps import BRANCH, COMMITTEE, RULES, Rule, why_not
from baolei.development.story import Story
from baolei.kernel.actions import action
from baolei.kernel.calendar import last_of_working_days, months_after
from baolei.kernel.identity import BadNumber, check_identity, normal_number
from baolei.kernel.records import made_here
from baolei.kernel.secrets import sealer
from baolei.kernel.votes import Vote
from baolei.members.actions import (
    Enrolment,
    convert_member,
    end_membership,
    enrol_member,
    may_apply,
    refusal_elsewhere,
)
from baolei.members.codes import Standing
from baolei.members.models import Membership
from baolei.members.queries import formal_members
from baolei.organizations.kinds import HOLDS_MEMBERS
from baolei.organizations.models import Organization
from baolei.organizations.queries import approving_committee

ADULT_YEARS = 18
NOTICE_DAYS, NOTICE_MOST = 5, 30
"""Working days of a public notice (ADM-07)."""
TRAINING_DAYS, TRAINING_HOURS = 3, 24
"""One of them at least (ADMIT 17)."""
SLIP_BYTES = 10


@action(
    "development.applicant.apply",
    words=gettext_lazy("登记入党申请"),
    needs=Can.CARRY,
    private=("id_number", "name"),
)
def apply(
    branch: Organization,
    *,
    actor,
    name: str,
    id_number: str,
    ethnicity: str,
    education: str,
    occupation: str,
    on: date,
) -> Applicant:
    """A written application is here (step 1). Sex and birth date are those of the number.

    Raises ValidationError: no branch, a wrong number, under 18, under way already, or held by the register (G-12).
    Who has left the Party applies like anybody, and nothing says so (ADM-09, ADR 0019).
    """
    if branch.kind not in HOLDS_MEMBERS or branch.closed_on is not None:
        raise ValidationError(_("入党申请由现有的党支部受理。"))
    number = normal_number(id_number)
    try:
        birth, sex = check_identity(number)
    except BadNumber as error:
        raise ValidationError({"id_number": _("公民身份号码有误，请核对。")}) from error
    born = date.fromisoformat(birth)
    _require_past(on)
    if on < months_after(born, 12 * ADULT_YEARS):
        raise ValidationError(_("年满十八岁才能申请入党（CHARTER 1）。"))
    sealed = sealer().seal_person(number, "", name.strip())
    waiting = Applicant.rows.filter(id_hash=sealed.id_hash, stage__in=UNDER_WAY)
    if waiting.exists() or not may_apply(sealed.id_hash, name.strip(), on):
        raise refusal_elsewhere()
    applicant = Applicant.rows.create(
        **made_here(),
        name=name.strip(),
        sex=sex,
        birth_date=born,
        ethnicity=ethnicity,
        education=education,
        occupation=occupation,
        branch=branch,
        stage=Stage.APPLICANT,
        step=1,
        due_on=months_after(on, story.TALK_MONTHS),
        applied_on=on,
        slip=secrets.token_hex(SLIP_BYTES),
        id_sealed=sealed.id_sealed,
        key_wrapped=sealed.key_wrapped,
        id_hash=sealed.id_hash,
    )
    _enter(applicant, RULES[1], branch, on=on)
    return applicant


def _declared(rule: Rule) -> Callable[..., Applicant]:
    needs = Can.CARRY if rule.by == BRANCH else Can.APPROVE

    @action(f"development.applicant.{rule.name}", words=rule.words, needs=needs, tree="shared")
    def take(
        applicant: Applicant,
        *,
        actor,
        on: date,
        result: str = "",
        document: str = "",
        amount: int | None = None,
        people: tuple[int, ...] = (),
        vote: Vote | None = None,
        special: bool = False,
    ) -> Applicant:
        return _take(applicant, rule, actor, on, result, document.strip(), amount, people, vote, special)

    return take


def _take(applicant, rule, actor, on, result, document, amount, people, vote, special) -> Applicant:
    _require_here(applicant)
    organization = applicant.branch if rule.by == BRANCH else approving(applicant)
    actor.require(Can.CARRY if rule.by == BRANCH else Can.APPROVE, organization)
    told = story_of(applicant)
    _require_past(on)
    # A cancellation needs neither the end of probation nor a notice.
    early = rule.number == 23 and result == Result.CANCEL and told.has(17) and not told.has(23)
    if early and on < told.day(15):
        raise ValidationError(_("日期不能早于接收预备党员的支部大会。"))
    if reason := "" if early else why_not(told, rule, on):
        raise ValidationError(reason)
    result = result or rule.results[0]
    if rule.vote:
        result = _decided(rule, result, vote)
    elif result not in rule.results:
        raise ValidationError(_("请选择结果。"))
    if rule.paper == "must" and not document:
        raise ValidationError(_("请填写文号或编号。"))
    if rule.training and not (amount and amount >= TRAINING_HOURS):
        raise ValidationError(_("集中培训不少于三天或 24 学时，一天按 8 学时计（ADMIT 17）。"))
    if rule.number == 23:
        _check_proposal(applicant, result, amount)
    _enter(applicant, rule, organization, on=on, result=result, document=document, amount=amount, vote=vote)
    if rule.helpers:
        _name_helpers(applicant, rule, people, on)
    if rule.number == 3:
        applicant.activist_on = on
    if rule.number == 17 and result == Result.PASSED:
        _admit(applicant, told, actor, on, special)
    if rule.number == 24 and result == Result.PASSED:
        _conclude(applicant, told, actor, on)
    return follow(applicant)


ACTIONS: dict[int, Callable[..., Applicant]] = {
    number: _declared(rule) for number, rule in RULES.items() if number != 1
}
"""The action of each step after the first, by its number."""


def _decided(rule: Rule, result: str, vote: Vote | None) -> str:
    if vote is None:
        raise ValidationError(_("请填写表决的人数。"))
    if not vote.has_quorum:
        raise ValidationError(
            _("实到 %(present)s 人，没有超过应到会 %(expected)s 人的半数，不能开会（ADMIT 20）。")
            % {"present": vote.present, "expected": vote.expected}
        )
    if rule.number != 23:
        return Result.PASSED if vote.is_passed else Result.FAILED
    if not vote.is_passed:
        raise ValidationError(
            _(
                "赞成 %(yes)s 票，没有超过应到会 %(expected)s 人的半数，决议没有通过；请就其他办法另行表决（ADM-02）。"
            )
            % {"yes": vote.yes, "expected": vote.expected}
        )
    if result not in rule.results:
        raise ValidationError(_("请选择讨论的结果。"))
    return result


def _check_proposal(applicant: Applicant, result: str, months: int | None) -> None:
    if result != Result.EXTEND:
        if months is not None:
            raise ValidationError(_("只有延长预备期才填月数。"))
        return
    if applicant.extended:
        raise ValidationError(_("预备期只能延长一次，现在只能转正或取消资格（ADM-02）。"))
    if months is None or not story.EXTENSION_LEAST <= months <= story.EXTENSION_MOST:
        raise ValidationError(_("延长预备期不少于六个月、不超过一年（ADM-02）。"))


def _name_helpers(applicant: Applicant, rule: Rule, people: tuple[int, ...], on: date) -> None:
    role, least, most = rule.helpers
    chosen = set(people)
    if not least <= len(chosen) <= most:
        raise ValidationError(
            _("请选择两名正式党员（ADMIT 14）。")
            if least == most
            else _("请选择一至两名正式党员（ADMIT 9）。")
        )
    formal = set(formal_members(applicant.branch, on).filter(pk__in=chosen).values_list("pk", flat=True))
    if formal != chosen:
        raise ValidationError(_("所选的人那一天不是本党支部的正式党员，请重新选择（ADMIT 14）。"))
    named = Helper.rows.filter(applicant=applicant, role=role, until=None)
    named.exclude(member_id__in=chosen).update(until=on)
    stay = set(named.values_list("member_id", flat=True))
    Helper.rows.bulk_create(
        Helper(applicant=applicant, branch=applicant.branch, member_id=pk, role=role, since=on)
        for pk in sorted(chosen - stay)
    )


def _naming_anew(rule: Rule, words: str) -> Callable[..., Applicant]:
    @action(f"development.applicant.change_{rule.name}", words=words, needs=Can.CARRY)
    def change(applicant: Applicant, *, actor, people: tuple[int, ...]) -> Applicant:
        _require_here(applicant)
        if applicant.member_id is not None or not story_of(applicant).has(rule.number):
            raise ValidationError(_("指定以后、接收为预备党员以前，可以更换（ADMIT 9、ADMIT 14）。"))
        _name_helpers(applicant, rule, people, timezone.localdate())
        return applicant

    return change


CHANGES: dict[int, Callable[..., Applicant]] = {
    5: _naming_anew(RULES[5], gettext_lazy("更换培养联系人")),
    9: _naming_anew(RULES[9], gettext_lazy("更换入党介绍人")),
}
"""Step -> the action that names its helpers anew from today on: who moves, dies, or was not told by a file."""


def _admit(applicant: Applicant, told: Story, actor, on: date, special: bool) -> None:
    """Approved: the person is in the register, or again in it, from the branch's meeting on (ADM-01, ADM-09)."""
    meeting = told.day(15)
    if on > months_after(meeting, story.APPROVAL_MONTHS) and not special:
        raise ValidationError(
            _("距支部大会已超过三个月。属于特殊情况的请勾选；否则由支部大会重新讨论（ADMIT 第四章）。")
        )
    plans = queries.plan_above(applicant.branch, meeting.year)
    for plan in Plan.rows.select_for_update().filter(pk__in=[plan.pk for plan in plans]).order_by("pk"):
        if queries.used(plan.organization, plan.year) >= plan.quota:
            raise ValidationError(
                _(
                    "“%(organization)s” %(year)s 年度的计划名额 %(quota)s 个已经用完，请向上级申请追加（ADM-10）。"
                )
                % {
                    "organization": plan.organization.short_name,
                    "year": plan.year,
                    "quota": plan.quota,
                }
            )
    applicant.member = enrol_member(
        applicant.branch,
        actor=actor,
        enrolment=Enrolment(
            id_number=sealer().open_field(applicant, "id_number"),
            name=applicant.name,
            sex=applicant.sex,
            birth_date=applicant.birth_date,
            ethnicity=applicant.ethnicity,
            education=applicant.education,
            occupation=applicant.occupation,
            standing=Standing.PROBATIONARY,
            joined_on=meeting,
            since=meeting,
        ),
        again=True,
    )
    applicant.stage = Stage.PROBATIONARY
    applicant.probation_until = months_after(meeting, story.PROBATION_MONTHS)
    _empty(applicant)


def _empty(applicant: Applicant) -> None:
    applicant.id_sealed, applicant.key_wrapped, applicant.id_hash = b"", b"", None


def _conclude(applicant: Applicant, told: Story, actor, on: date) -> None:
    """The branch's decision on the end of probation is approved (ADM-02 to ADM-04)."""
    decision = told.entry(23)
    if decision.result == Result.EXTEND:
        applicant.probation_until = months_after(applicant.probation_until, decision.amount)
        applicant.extended = decision.amount
        _put_over(applicant, 22, Over.AGAIN)
        return
    if decision.result == Result.CONVERT:
        applicant.member = convert_member(applicant.member, applicant.probation_until)
        given = (
            Outcome.EXTENDED
            if applicant.extended
            else Outcome.DEFERRED
            if applicant.deferred
            else Outcome.ON_TIME
        )
        _end(applicant, Stage.CONVERTED, on, outcome=given)
        return
    early = decision.on < applicant.probation_until
    _end(applicant, Stage.LEFT, on, outcome=Outcome.CANCELLED_BEFORE if early else Outcome.CANCELLED)
    end_membership(applicant.member, actor=actor, standing=Standing.PROBATION_CANCELLED, on=on)


def end_with_membership(applicant: Applicant, standing: str, on: date) -> None:
    """Part of an end in the register: death, a way out, or leaving the province."""
    ways = {Standing.DECEASED: Leaving.DECEASED, Standing.TRANSFERRED_OUT: Leaving.LEFT_PROVINCE}
    _end(applicant, Stage.LEFT, on, leaving=ways.get(standing, Leaving.STOPPED))


def _end(applicant: Applicant, stage: str, on: date, *, outcome: str = "", leaving: str = "") -> None:
    applicant.stage, applicant.ended_on, applicant.due_on = stage, on, None
    applicant.outcome, applicant.leaving, applicant.going_to = outcome, leaving, None
    applicant.save()


@action("development.applicant.correct", words=gettext_lazy("更正最近一步"), needs=Can.CARRY)
def correct(applicant: Applicant, *, actor) -> Applicant:
    """The entry made last was a mistake: it stays, does not count, and the step is open again.

    Raises ValidationError: the application itself, or what has gone into the register.
    """
    _require_here(applicant)
    last = story_of(applicant).last
    if last.number in (1, 17, 24):
        raise ValidationError(_("递交申请、审批和审批转正不能这样更正：前者请终止，后两者已经列入党员名册。"))
    if RULES[last.number].by == COMMITTEE:
        actor.require(Can.APPROVE, approving(applicant))
    _put_over(applicant, last.number, Over.CORRECTED, only=last)
    return follow(applicant)


@action("development.applicant.again", words=gettext_lazy("重新办理"), needs=Can.CARRY)
def do_again(applicant: Applicant, *, actor) -> Applicant:
    """What said no, ran out or was not approved in time is done again from the step that the rules name."""
    _require_here(applicant)
    first = story_of(applicant).again_from
    if first is None:
        raise ValidationError(_("现在没有要重新办理的步骤。"))
    _put_over(applicant, first, Over.AGAIN)
    return follow(applicant)


def _put_over(applicant: Applicant, first: int, why: str, *, only: Entry | None = None) -> None:
    """Entries from step `first` on, or that one only, count no more; who was named by them neither."""
    gone = Entry.rows.filter(applicant=applicant, over="", number__gte=first).exclude(
        number__in=(18, 19, 20, 21)
    )
    gone = Entry.rows.filter(pk=only.pk) if only else gone
    numbers = set(gone.values_list("number", flat=True))
    today = timezone.localdate()
    gone.update(over=why, over_on=today)
    roles = [RULES[number].helpers[0] for number in numbers if RULES[number].helpers]
    Helper.rows.filter(applicant=applicant, role__in=roles, until=None).update(until=today)
    for kind, number in ((Notice.Kind.TARGET, 7), (Notice.Kind.CONVERSION, 22)):
        if number in numbers:
            Notice.rows.filter(applicant=applicant, kind=kind, over_on=None).update(over_on=today)
    if 3 in numbers:
        applicant.activist_on = None


@action("development.applicant.stop", words=gettext_lazy("终止"), needs=Can.CARRY)
def stop(applicant: Applicant, *, actor, leaving: str) -> Applicant:
    """It ends before admission; afterwards the register says how a membership ends. Raises ValidationError."""
    _require_here(applicant)
    if applicant.member_id is not None:
        raise ValidationError(_("已是预备党员，请按第 23、24 步办理，或者登记离开。"))
    if leaving not in Leaving.values:
        raise ValidationError(_("请选择终止的方式。"))
    _end(applicant, Stage.LEFT, timezone.localdate(), leaving=leaving)
    Helper.rows.filter(applicant=applicant, until=None).update(until=timezone.localdate())
    return applicant


@action("development.applicant.notice", words=gettext_lazy("公示"), needs=Can.CARRY)
def give_notice(applicant: Applicant, *, actor, since: date, days: int, contact: str) -> Notice:
    """Public notice over `days` working days from `since` on, inclusive (ADM-07). Raises ValidationError."""
    _require_here(applicant)
    told = story_of(applicant)
    kind = notice_due(told)
    if kind is None:
        raise ValidationError(_("确定发展对象之后、备案之前，或者提出转正申请之后、讨论之前公示（ADM-07）。"))
    if not NOTICE_DAYS <= days <= NOTICE_MOST:
        raise ValidationError(
            _("公示 %(least)s 至 %(most)s 个工作日（ADM-07）。") % {"least": NOTICE_DAYS, "most": NOTICE_MOST}
        )
    if since < told.day(7 if kind == Notice.Kind.TARGET else 22):
        raise ValidationError(_("公示不能早于前一步的日期。"))
    if since > months_after(timezone.localdate(), 1):
        raise ValidationError(_("公示最晚从一个月之内开始。"))
    return Notice.rows.create(
        applicant=applicant,
        branch=applicant.branch,
        kind=kind,
        since=since,
        until=last_of_working_days(since, days),
        contact=contact.strip(),
    )


def notice_due(told: Story) -> str | None:
    """The kind of notice that is waited for now."""
    kind, first, last = Notice.Kind.TARGET, 7, 8
    if told.applicant.member_id is not None:
        kind, first, last = Notice.Kind.CONVERSION, 22, 23
    waits = told.has(first) and not told.has(last)
    return kind if waits and queries.standing_notice(told.applicant, kind) is None else None


@action("development.applicant.settle", words=gettext_lazy("登记公示结果"), needs=Can.CARRY)
def settle_notice(applicant: Applicant, *, actor, objection: str) -> Notice:
    """After its last day: whether objections came (their contents stay on paper). Raises ValidationError."""
    notice = Notice.rows.filter(applicant=applicant, objection="", over_on=None).first()
    if notice is None or timezone.localdate() <= notice.until:
        raise ValidationError(_("公示结束后登记结果（ADM-07）。"))
    if objection not in Notice.Objection.values:
        raise ValidationError(_("请选择公示结果。"))
    notice.objection = objection
    notice.save(update_fields=["objection"])
    return notice


@action("development.applicant.defer", words=gettext_lazy("推迟讨论"), needs=Can.CARRY)
def defer(applicant: Applicant, *, actor, months: int) -> Applicant:
    """Who came from another branch during probation may be discussed up to six months later (ADM-03)."""
    _require_here(applicant)
    if not has_moved(applicant):
        raise ValidationError(_("只有预备期内转入的，可以推迟讨论（ADM-03）。"))
    if applicant.deferred or not 1 <= months <= story.DEFERRAL_MOST:
        raise ValidationError(_("推迟讨论一次，不超过六个月（ADM-03）。"))
    applicant.deferred = months
    return follow(applicant)


def has_moved(applicant: Applicant) -> bool:
    """Whether the probationary member came to his branch after admission, which may be his second (ADM-09)."""
    if applicant.member_id is None:
        return False
    since = applicant.member.joined_on
    return Membership.rows.filter(member=applicant.member_id, during__startswith__gt=since).exists()


@action("development.applicant.hand_over", words=gettext_lazy("移交培养材料"), needs=Can.CARRY)
def hand_over(applicant: Applicant, *, actor, receiver: Organization) -> Applicant:
    """The person moves: the papers go to another branch, where the time of cultivation continues (ADMIT 12)."""
    _require_here(applicant)
    if applicant.member_id is not None:
        raise ValidationError(_("预备党员随组织关系转接。"))
    receiver = Organization.rows.get(pk=receiver.pk)
    if receiver.kind not in HOLDS_MEMBERS or receiver.closed_on is not None:
        raise ValidationError(_("转入的须是现有的党支部。"))
    if receiver.pk == applicant.branch_id:
        raise ValidationError(_("已经在这个党支部。"))
    applicant.going_to = receiver
    applicant.save(update_fields=["going_to"])
    return applicant


@action("development.applicant.take_over", words=gettext_lazy("接收培养材料"), needs=Can.CARRY)
def take_over(applicant: Applicant, *, actor) -> Applicant:
    """The papers are complete and here: the person is the new branch's; helpers are named anew there."""
    _require_open(applicant)
    if applicant.going_to is None:
        raise ValidationError(_("没有移交中的培养材料。"))
    actor.require(Can.CARRY, applicant.going_to)
    applicant.branch, applicant.going_to = applicant.going_to, None
    told = story_of(applicant)
    # Later steps were decided for the old branch's helpers; the next ones wait for new ones.
    for number in (5, 9):
        if told.has(number):
            _put_over(applicant, number, Over.AGAIN, only=told.entry(number))
    return follow(applicant)


@action("development.applicant.keep", words=gettext_lazy("退回或撤回移交"), needs=None)
def keep(applicant: Applicant, *, actor) -> Applicant:
    """The papers stay where they were: either side may say so."""
    _require_open(applicant)
    if applicant.going_to is None:
        raise ValidationError(_("没有移交中的培养材料。"))
    if not actor.can(Can.CARRY, applicant.going_to):
        actor.require(Can.CARRY, applicant.branch)
    applicant.going_to = None
    applicant.save(update_fields=["going_to"])
    return applicant


@action("development.plan.set", words=gettext_lazy("下达发展党员计划"), needs=Can.PLAN, tree="shared")
def set_plan(organization: Organization, *, actor, year: int, quota: int) -> Plan:
    """How many may be admitted in `year`; the plan above sets it (ADM-10). Raises ValidationError."""
    if organization.parent is not None:
        actor.require(Can.PLAN, organization.parent)
    if not 0 <= quota <= 1_000_000 or not 2000 <= year <= 2100:
        raise ValidationError(_("请填写年度和名额。"))
    # One at a time below one organization: the sums are looked at under the lock of the parent's row.
    Organization.rows.select_for_update(of=("self",)).filter(
        pk=organization.parent_id or organization.pk
    ).first()
    done = queries.used(organization, year)
    if quota < done:
        raise ValidationError(_("已经使用 %(used)s 个名额，计划不能少于这个数（ADM-10）。") % {"used": done})
    plans = Plan.rows.filter(year=year)
    given = sum(plans.filter(organization__parent=organization).values_list("quota", flat=True))
    if quota < given:
        raise ValidationError(
            _("已经向下分配 %(given)s 个名额，计划不能少于这个数（ADM-10）。") % {"given": given}
        )
    above = plans.filter(organization=organization.parent_id).first()
    if above is not None:
        beside = plans.filter(organization__parent=organization.parent_id).exclude(organization=organization)
        total = quota + sum(beside.values_list("quota", flat=True))
        if total > above.quota:
            raise ValidationError(
                _("分配之和 %(total)s 个超过上级下达的 %(quota)s 个（ADM-10）。")
                % {"total": total, "quota": above.quota}
            )
    plan, _made = Plan.rows.update_or_create(organization=organization, year=year, defaults={"quota": quota})
    return plan


def story_of(applicant: Applicant) -> Story:
    return Story(applicant, queries.entries_of(applicant))


def approving(applicant: Applicant) -> Organization:
    """The committee that files and approves. Raises ValidationError without one (ADM-06)."""
    found = approving_committee(applicant.branch)
    if found is None:
        raise ValidationError(_("党支部之上没有有审批权限的党委（ADM-06）。"))
    return found


def follow(applicant: Applicant) -> Applicant:
    """Stage, furthest step and clock as they follow from the entries."""
    told = story_of(applicant)
    applicant.step = told.furthest
    if applicant.stage in UNDER_WAY:
        applicant.stage, applicant.due_on = told.stage, told.due_on
    applicant.save()
    return applicant


def _enter(applicant: Applicant, rule: Rule, organization: Organization, *, on: date, **given) -> Entry:
    vote = given.pop("vote", None)
    counts = {} if vote is None else {name: getattr(vote, name) for name in _COUNTS}
    given.setdefault("result", rule.results[0])
    return Entry.rows.create(
        applicant=applicant,
        branch=applicant.branch,
        organization=organization,
        number=rule.number,
        on=on,
        **given,
        **counts,
    )


_COUNTS = ("expected", "present", "written", "yes", "no", "abstain")


def _require_past(on: date) -> None:
    if on > timezone.localdate():
        raise ValidationError(_("日期不能晚于今天。"))


def _require_open(applicant: Applicant) -> None:
    if applicant.stage == Stage.LEFT:
        raise ValidationError(_("已经办结。"))


def _require_here(applicant: Applicant) -> None:
    _require_open(applicant)
    if applicant.going_to is not None:
        raise ValidationError(_("培养材料正在移交，由接收的党支部办理，或者先撤回移交（ADMIT 12）。"))
