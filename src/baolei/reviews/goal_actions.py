"""Goals of a member for a year: his own words, agreed with the branch, few; he alone says what became of them (S04)."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.actions import action
from baolei.members.codes import COUNTED
from baolei.members.models import Member
from baolei.reviews.access import Can
from baolei.reviews.models import Goal
from baolei.reviews.queries import decides

State = Goal.State
MOST = 5
"""Goals of a year: few, so that they are kept in mind."""
LONGEST, LONGEST_PROGRESS = 200, 500


@action("reviews.goal.propose", words=gettext_lazy("提出年度目标"), needs=Can.GOAL, private=("words",))
def propose_goal(member: Member, *, actor, year: int, words: str) -> Goal:
    """One goal for this year or the next, by the member himself. Raises ValidationError, PermissionDenied."""
    if actor.reach.person_id != member.pk:
        raise PermissionDenied(_("目标由本人提出。"))
    if member.standing not in COUNTED:
        raise ValidationError(_("此人已不在册。"))
    this = timezone.localdate().year
    if year not in (this, this + 1):
        raise ValidationError(_("只能提出今年或者下一年度的目标。"))
    if not 0 < len(words.strip()) <= LONGEST:
        raise ValidationError(_("请用一两句话写下目标，%(most)s 字以内。") % {"most": LONGEST})
    if Goal.rows.filter(member=member, year=year).exclude(state=State.WITHDRAWN).count() >= MOST:
        raise ValidationError(_("一年的目标不超过 %(most)s 项，请先撤回或完成已有的。") % {"most": MOST})
    return Goal.rows.create(member=member, organization=member.branch, year=year, words=words.strip())


@action("reviews.goal.agree", words=gettext_lazy("商定年度目标"), needs=Can.GOAL)
def agree_goal(goal: Goal, *, actor) -> Goal:
    """The branch has talked it over with the member and agrees. Raises ValidationError, PermissionDenied."""
    if not decides(actor, Can.RUN, goal.organization):
        raise PermissionDenied(Can.RUN.label)
    if goal.state != State.PROPOSED:
        raise ValidationError(_("这项目标已经是“%(state)s”。") % {"state": goal.get_state_display()})
    goal.state, goal.agreed_on = State.AGREED, timezone.localdate()
    goal.save(update_fields=["state", "agreed_on"])
    return goal


@action("reviews.goal.tell", words=gettext_lazy("填写目标进展"), needs=Can.GOAL, private=("progress",))
def tell_progress(goal: Goal, *, actor, progress: str, state: str = "") -> Goal:
    """What the member says of it; with a `state` how it ended, or that he takes it back.

    Raises ValidationError: it is over, an end before it was agreed, too long. PermissionDenied for everybody else.
    """
    if actor.reach.person_id != goal.member_id:
        raise PermissionDenied(_("进展由本人填写。"))
    if goal.state not in Goal.OPEN:
        raise ValidationError(_("这项目标已经办结。"))
    if len(progress.strip()) > LONGEST_PROGRESS:
        raise ValidationError(_("进展不超过 %(most)s 字。") % {"most": LONGEST_PROGRESS})
    if state and state not in (State.REACHED, State.PARTLY, State.MISSED, State.WITHDRAWN):
        raise ValidationError(_("请选择结果。"))
    if state and state != State.WITHDRAWN and goal.state != State.AGREED:
        raise ValidationError(_("党支部商定以后才能登记结果。"))
    goal.progress = progress.strip()
    goal.state = state or goal.state
    goal.save(update_fields=["progress", "state"])
    return goal
