"""A branch's democratic appraisal, step by step (APR-01 to APR-07): each step refuses what is out of order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import or_

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.access import Actor, Permission
from baolei.kernel.actions import action, for_each
from baolei.kernel.ballots import box as boxes
from baolei.kernel.ballots.tallies import counts_of, is_valid, tally
from baolei.kernel.models import StaleMark
from baolei.kernel.records import made_here
from baolei.members.codes import COUNTED, Standing
from baolei.members.models import Member
from baolei.organizations.kinds import HOLDS_MEMBERS
from baolei.organizations.models import Organization
from baolei.reviews.access import Can
from baolei.reviews.models import Appraisal, BodyTally, Finding, Proposal, Round
from baolei.reviews.queries import decides, graded_of, has_committee, is_over_share

State, Part, Grade = Round.State, Finding.Part, Finding.Grade
FAVOUR = (0, 1)
"""Marks in favour: excellent and qualified, as they stand on a ballot."""
LONGEST = 1000
"""Letters of a self-assessment."""


@action("reviews.round.open", words=gettext_lazy("开展民主评议"), needs=Can.RUN, tree="shared")
def open_round(organization: Organization, *, actor: Actor, year: int) -> Round:
    """Begin the year's appraisal of a branch; who is a member today stands on its roll.

    Raises ValidationError: no open branch, another year than this one or the last, held already, nobody to grade.
    """
    _require_body(actor, Can.RUN, organization)
    if organization.kind not in HOLDS_MEMBERS or organization.closed_on is not None:
        raise ValidationError(_("民主评议由现有的党支部开展（LIFE-07）。"))
    this = timezone.localdate().year
    if year not in (this, this - 1):
        raise ValidationError(_("只能开展今年或者上一年度的民主评议。"))
    held = Round.rows.filter(organization=organization, year=year).exclude(state=State.CANCELLED)
    if held.exists() or Appraisal.rows.filter(organization=organization, year=year).exists():
        raise ValidationError(_("这个党支部这一年度的民主评议已经有了，每年一次（LIFE-07）。"))
    members = [*Member.rows.filter(branch=organization, standing__in=COUNTED).order_by("name_py", "pk")]
    if not any(member.standing == Standing.FORMAL for member in members):
        raise ValidationError(_("这个党支部没有正式党员，没有人可以评定等次（APR-04）。"))
    round = Round.rows.create(**made_here(), organization=organization, year=year, state=State.PREPARING)
    Finding.rows.bulk_create(
        Finding(
            round=round,
            organization=organization,
            member=member,
            part=Part.GRADED if member.standing == Standing.FORMAL else Part.ATTENDING,
        )
        for member in members
    )
    return round


@action("reviews.finding.assess", words=gettext_lazy("填写个人自评"), needs=Can.FINDING, private=("words",))
def assess(finding: Finding, *, actor: Actor, words: str) -> Finding:
    """The member's own words about himself, before the meeting (APR-01). Nobody writes them for him."""
    if actor.reach.person_id != finding.member_id:
        raise PermissionDenied
    if finding.round.state != State.PREPARING:
        raise ValidationError(_("已经开会评议，个人自评不能再改（APR-01）。"))
    if len(words) > LONGEST:
        raise ValidationError(_("个人自评不超过 %(most)s 字。") % {"most": LONGEST})
    finding.words = words.strip()
    finding.save(update_fields=["words"])
    return finding


@action(
    "reviews.round.excuse", words=gettext_lazy("登记经同意不参加的党员"), needs=Can.RUN, private=("excused",)
)
def excuse(round: Round, *, actor: Actor, excused: Iterable[str]) -> Round:
    """Who need not take part, before the meeting (APR-07): all of them; whoever is not named takes part again.

    Why is not asked (G-01). Raises ValidationError when nobody would be left.
    """
    _require(round, State.PREPARING, actor=actor)
    roll = Finding.rows.filter(round=round).exclude(part=Part.ATTENDING)
    roll.update(part=Part.GRADED)
    roll.filter(pk__in=[*excused]).update(part=Part.EXCUSED)
    if not graded_of(round).exists():
        raise ValidationError(_("至少有一名正式党员参加评议。"))
    return round


@action("reviews.round.hold", words=gettext_lazy("登记评议会议"), needs=Can.RUN)
def hold_meeting(round: Round, *, actor: Actor, held_on: date, present: int) -> Round:
    """The meeting at which members assessed each other was held. Raises ValidationError without a quorum (LIFE-01)."""
    _require(round, State.PREPARING, actor=actor)
    should = graded_of(round).count()
    if not date(round.year, 1, 1) <= held_on <= timezone.localdate():
        raise ValidationError(_("评议日期应在这一年度以内或以后，且不晚于今天。"))
    if present > should:
        raise ValidationError(
            _("实到人数多于应到的 %(should)s 人；只算有表决权的正式党员。") % {"should": should}
        )
    if 2 * present < should:
        raise ValidationError(
            _("应到 %(should)s 人，实到不足半数，不能测评，请改期再开（LIFE-01）。") % {"should": should}
        )
    round.held_on, round.should_attend, round.present = held_on, should, present
    return _turn(round, State.HELD, "held_on", "should_attend", "present")


@action("reviews.round.open_poll", words=gettext_lazy("开始民主测评"), needs=Can.RUN)
def open_poll(round: Round, *, actor: Actor, issued: int, polls_body: bool = False) -> list[str]:
    """Open the box; the numbers of its ballots are told here and never again (APR-05).

    With `polls_body` the last line of each ballot is about the branch committee's work (APR-08).
    """
    _require(round, State.HELD, actor=actor)
    _require_no_poll(round)
    if polls_body:
        _require_committee(round)
    if not 0 < issued <= round.present:
        raise ValidationError(
            _("测评票不能多于实到的 %(present)s 人（APR-05）。") % {"present": round.present}
        )
    names = [*graded_of(round).values_list("member__name", flat=True)]
    if polls_body:
        names.append(_("党支部委员会的工作"))
    title = _("%(branch)s %(year)s 年度民主测评") % {
        "branch": round.organization.short_name,
        "year": round.year,
    }
    marks = [str(label) for label in Grade.labels]
    round.box, numbers = boxes.open_box(title=title, lines=names, marks=marks, number=issued)
    round.issued, round.polls_body = issued, polls_body
    _turn(round, State.HELD, "box", "issued", "polls_body")
    return numbers


@action("reviews.round.void_poll", words=gettext_lazy("宣布测评作废"), needs=Can.RUN)
def void_poll(round: Round, *, actor: Actor) -> Round:
    """What was cast is lost unread; the poll may be held again, with new ballots or on paper."""
    _require(round, State.HELD, actor=actor)
    _require_poll(round)
    boxes.declare_void(round.box)
    round.box, round.issued, round.polls_body = None, None, False
    return _turn(round, State.HELD, "box", "issued", "polls_body")


@action("reviews.round.count", words=gettext_lazy("计票"), needs=Can.RUN)
def count_poll(round: Round, *, actor: Actor) -> Round:
    """Close the box and keep the tallies, as far as they may be kept (G-07)."""
    _require(round, State.HELD, actor=actor)
    _require_poll(round)
    ballots, graded = boxes.count(round.box), [*graded_of(round)]
    round.returned, round.valid = len(ballots), sum(map(is_valid, ballots))
    counts = counts_of(ballots, lines=len(graded) + round.polls_body, marks=len(Grade.choices))
    return _keep(round, graded, counts)


@action(
    "reviews.round.enter_paper",
    words=gettext_lazy("登记纸质测评票"),
    needs=Can.RUN,
    private=("counts", "body"),
)
def enter_paper_poll(
    round: Round,
    *,
    actor: Actor,
    issued: int,
    returned: int,
    valid: int,
    counts: Mapping[int, Sequence[int]],
    body: Sequence[int] | None = None,
) -> Round:
    """The numbers of a poll on paper: by the finding's number how many marks of each grade; kept as those of a box are.

    `body` are those about the branch committee's work, where it was polled, too (APR-08).

    Raises ValidationError when they contradict each other or somebody is left out.
    """
    _require(round, State.HELD, actor=actor)
    _require_no_poll(round)
    if not 0 < valid <= returned <= issued <= round.present:
        raise ValidationError(
            _("有效票、收回、发出应依次不减，且不多于实到的 %(present)s 人（APR-05）。")
            % {"present": round.present}
        )
    graded = [*graded_of(round)]
    if {finding.pk for finding in graded} != {*counts}:
        raise ValidationError(_("每名参加评议的党员都要填（APR-05）。"))
    given = [(finding.member.name, counts[finding.pk]) for finding in graded]
    if body is not None:
        _require_committee(round)
        given.append((_("党支部委员会的工作"), body))
    for name, numbers in given:
        if len(numbers) != len(Grade.choices) or min(numbers) < 0 or sum(numbers) > valid:
            raise ValidationError(_("%(name)s：各等次票数之和不能多于有效票（APR-05）。") % {"name": name})
    round.issued, round.returned, round.valid = issued, returned, valid
    round.polls_body = body is not None
    return _keep(round, graded, [numbers for _name, numbers in given])


@action("reviews.round.grade", words=gettext_lazy("评定等次"), needs=Can.RUN, private=("grades",))
def decide_grades(round: Round, *, actor: Actor, grades: Mapping[int, str]) -> Round:
    """The committee's finding about each, from the poll and daily conduct; the poll alone decides nothing (APR-01)."""
    _require(round, State.POLLED, State.GRADED, actor=actor)
    graded = [*graded_of(round)]
    if {finding.pk for finding in graded} != {*grades} or not {*grades.values()} <= {*Grade.values}:
        raise ValidationError(_("请给每名参加评议的党员评定一个等次（APR-02）；预备党员不评定（APR-04）。"))
    for finding in graded:
        finding.grade = grades[finding.pk]
    Finding.rows.bulk_update(graded, ["grade"])
    round.waiver = ""
    return _turn(round, State.GRADED, "waiver")


@action("reviews.round.waive", words=gettext_lazy("同意优秀超过三分之一"), needs=Can.OVERSEE)
def waive_share(round: Round, *, actor: Actor, waiver: str) -> Round:
    """The committee above agrees that more than a third are excellent (APR-03); it says why."""
    _require(round, State.GRADED, actor=actor, permission=Can.OVERSEE)
    if not is_over_share(round):
        raise ValidationError(_("优秀没有超过三分之一，不必批准（APR-03）。"))
    if not 0 < len(waiver.strip()) <= 200:
        raise ValidationError(_("请写明同意的理由或者文号，200 字以内（APR-03）。"))
    round.waiver = waiver.strip()
    return _turn(round, State.GRADED, "waiver")


@action("reviews.round.tell", words=gettext_lazy("反馈本人"), needs=Can.RUN)
def tell(round: Round, *, actor: Actor) -> Round:
    """Each member was told his finding, and sees it on his page from now on (APR-01)."""
    _require(round, State.GRADED, actor=actor)
    if is_over_share(round) and not round.waiver:
        raise ValidationError(_("优秀超过三分之一，请先调整，或者请上级党委同意（APR-03）。"))
    round.told_on = timezone.localdate()
    return _turn(round, State.TOLD, "told_on")


@action("reviews.round.report", words=gettext_lazy("报送上级"), needs=Can.RUN)
def report(round: Round, *, actor: Actor) -> Round:
    """To the committee above, as the last step of the branch (APR-01)."""
    _require(round, State.TOLD, actor=actor)
    round.reported_on = timezone.localdate()
    return _turn(round, State.REPORTED, "reported_on")


@action("reviews.round.send_back", words=gettext_lazy("退回重新评定"), needs=Can.OVERSEE)
def send_back(round: Round, *, actor: Actor) -> Round:
    """The committee above asks the branch to look at its grades once more: graded, told and reported anew (APR-01)."""
    _require(round, State.REPORTED, actor=actor, permission=Can.OVERSEE)
    round.told_on = round.reported_on = None
    round.waiver = ""
    return _turn(round, State.GRADED, "told_on", "reported_on", "waiver")


@action("reviews.round.close", words=gettext_lazy("办结"), needs=Can.OVERSEE)
def close_round(round: Round, *, actor: Actor) -> Round:
    """The committee above has it: its numbers are an appraisal like any other, and counted in figures."""
    _close([round], actor=actor)
    return round


@for_each(close_round)
def close_rounds(rounds: list[Round], *, actor: Actor) -> None:
    """Many at once. Raises what closing one of them would raise, and then closes none."""
    _close(rounds, actor=actor)


def _close(rounds: list[Round], *, actor: Actor) -> None:
    _require_body(actor, Can.OVERSEE, *(round.organization for round in rounds))
    for round in rounds:
        _require_state(round, State.REPORTED)
    if Appraisal.rows.filter(reduce(or_, (_of_the_year(round) for round in rounds))).exists():
        raise ValidationError(_("这一年度的民主评议已经由文件导入，请先核对，再取消这一次或者撤销导入。"))
    graded = Finding.rows.filter(round__in=rounds, part=Part.GRADED).order_by()
    numbers = {
        number: counted
        for number, *counted in graded.values_list("round").annotate(
            due=Count("pk"),
            excellent=Count("pk", filter=Q(grade=Grade.EXCELLENT)),
            unqualified=Count("pk", filter=Q(grade=Grade.UNQUALIFIED)),
        )
    }
    made = []
    for round in rounds:
        due, round.excellent, round.unqualified = numbers.get(round.pk, (0, 0, 0))
        round.state, round.closed_on = State.CLOSED, timezone.localdate()
        year = {"organization": round.organization, "year": round.year, "held_on": round.held_on}
        made.append(Appraisal(**made_here(), **year, due=due, found=due))
    Appraisal.rows.bulk_create(made)
    StaleMark.leave([Appraisal], {round.organization.key for round in rounds})
    Round.rows.bulk_update(rounds, ["state", "closed_on", "excellent", "unqualified"])
    # Whoever is not qualified is to be helped; how, the branch says (APR-06).
    Proposal.rows.bulk_create(
        Proposal(
            finding=finding,
            organization_id=finding.organization_id,
            member_id=finding.member_id,
            kind=Proposal.Kind.HELP,
            proposed_on=timezone.localdate(),
        )
        for finding in graded.filter(grade__in=Proposal.FOR[Proposal.Kind.HELP]).order_by("pk")
    )


def _of_the_year(round: Round) -> Q:
    return Q(organization=round.organization, year=round.year)


@action("reviews.round.cancel", words=gettext_lazy("取消民主评议"), needs=Can.OVERSEE)
def cancel(round: Round, *, actor: Actor) -> Round:
    """Begun by mistake, or never finished: what was found goes at once, the year is free again."""
    _require(
        round, *(state for state in State if state not in Round.OVER), actor=actor, permission=Can.OVERSEE
    )
    if round.is_polling:
        boxes.declare_void(round.box)
        round.box, round.issued, round.polls_body = None, None, False
    for model in (Finding, BodyTally):
        model.rows.filter(round=round).delete()
    return _turn(round, State.CANCELLED, "box", "issued", "polls_body")


def _require_body(actor: Actor, permission: Permission, *branches: Organization) -> None:
    if not decides(actor, permission, *branches):
        raise PermissionDenied(permission.label)


def _require(round: Round, *states: str, actor: Actor, permission: Permission = Can.RUN) -> None:
    _require_body(actor, permission, round.organization)
    _require_state(round, *states)


def _require_state(round: Round, *states: str) -> None:
    if round.state not in states:
        raise ValidationError(
            _("这次民主评议现在是“%(state)s”，不能这样办；请刷新后再看（APR-01）。")
            % {"state": round.get_state_display()}
        )


def _require_poll(round: Round) -> None:
    if not round.is_polling:
        raise ValidationError(_("还没有开始测评（APR-05）。"))


def _require_no_poll(round: Round) -> None:
    if round.is_polling:
        raise ValidationError(_("正在测评，请先计票或者宣布作废（APR-05）。"))


def _require_committee(round: Round) -> None:
    if not has_committee(round):
        raise ValidationError(_("不足七名正式党员的党支部不设委员会，不测评委员会的工作（COM-02）。"))


def _keep(round: Round, graded: list[Finding], counts: Iterable[Sequence[int]]) -> Round:
    """Of each line what may be kept; the last one is about the committee's work where that is polled."""
    if not round.valid:
        raise ValidationError(_("没有有效的测评票，请宣布作废，重新测评（APR-05）。"))
    bodies = [BodyTally(round=round, organization=round.organization)] if round.polls_body else []
    for row, given in zip([*graded, *bodies], counts, strict=True):
        kept = tally(given, valid=round.valid, favour=FAVOUR)
        row.half = kept.half
        row.nearly_all = "" if kept.nearly_all is None else Grade.values[kept.nearly_all]
        for column, number in zip(row.COUNTS, kept.counts or [None] * 4, strict=True):
            setattr(row, column, number)
    Finding.rows.bulk_update(graded, ["half", "nearly_all", *Finding.COUNTS])
    BodyTally.rows.bulk_create(bodies)
    return _turn(round, State.POLLED, "issued", "returned", "valid", "polls_body")


def _turn(round: Round, state: str, *fields: str) -> Round:
    round.state = state
    round.save(update_fields=["state", *fields])
    return round
