"""Goals: a member's own page of them, and the page of one for himself and for the branch (S04, G-08)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Actor
from baolei.kernel.desk import counted, waiting
from baolei.kernel.pages import FormPage, related
from baolei.kernel.pages.base import Crumb
from baolei.kernel.pages.forms import WarnsForm
from baolei.members.queries import files
from baolei.reviews import goal_actions, queries
from baolei.reviews.access import Can
from baolei.reviews.models import Goal


class ProposeForm(WarnsForm):
    watched = ("words",)

    year = forms.TypedChoiceField(label=_("年度"), coerce=int)
    words = forms.CharField(
        label=_("目标"),
        max_length=goal_actions.LONGEST,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "一项目标一两句话，一年不超过五项；只有本人、党支部和上级党委看得到，年度结束三年后清除。"
        ),
    )

    def __init__(self, data=None):
        super().__init__(data)
        this = timezone.localdate().year
        self.fields["year"].choices = [(year, str(year)) for year in (this, this + 1)]


class ProgressForm(WarnsForm):
    watched = ("progress",)

    progress = forms.CharField(
        label=_("进展"),
        max_length=goal_actions.LONGEST_PROGRESS,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("用自己的话写；不要写身份证号、电话和别人的个人情况。"),
    )
    state = forms.ChoiceField(
        label=_("结果"),
        required=False,
        choices=[
            ("", _("还在进行")),
            *((one.value, one.label) for one in Goal.State if one not in Goal.OPEN),
        ],
    )


class _OfGoals(FormPage):
    """Whoever may read a person's goals: himself and the deciding bodies (G-08)."""

    permission = Can.GOAL

    def find(self, actor: Actor, **kwargs: Any):
        found = super().find(actor, **kwargs)
        person, branch = self.whose(found)
        self.own = actor.reach.person_id == person
        self.body = queries.decides(actor, Can.GOAL, branch)
        if not (self.own or self.body):
            raise Http404
        return found

    def whose(self, found) -> tuple[int, Any]:
        """The number of the person, and his branch."""
        raise NotImplementedError

    def warned(self, form: WarnsForm) -> HttpResponse | None:
        return self.render(form=form, warns=True) if form.warns() else None


class MemberGoals(_OfGoals):
    """The goals of one member by year, and for himself the form of another one."""

    queryset, form_class = files, ProposeForm
    template_name = "reviews/goals.html"

    def whose(self, member):
        return member.pk, member.branch

    def heading(self) -> str:
        return gettext("年度目标：%(name)s") % {"name": self.object.name}

    def context(self) -> dict[str, Any]:
        rows = queries.goals().visible_to(self.actor, Can.GOAL).filter(member=self.object)
        return {"goals": rows, "own": self.own}

    def done(self, form: Form) -> HttpResponse:
        if warned := self.warned(form):
            return warned
        given = {name: form.cleaned_data[name] for name in ("year", "words")}
        goal_actions.propose_goal(self.object, actor=self.actor, **given)
        messages.success(self.request, gettext("已提出，等党支部商定。"))
        return redirect("reviews:goals", self.object.uid)


class GoalPage(_OfGoals):
    """One goal: for himself the form of its progress, for the branch the agreement."""

    queryset, form_class = queries.goals, ProgressForm
    template_name = "reviews/goal.html"

    def whose(self, goal):
        return goal.member_id, goal.organization

    def make_form(self, data=None) -> Form:
        return ProgressForm(data, initial={"progress": self.object.progress})

    def heading(self) -> str:
        return gettext("%(year)s 年度目标：%(name)s") % {
            "year": self.object.year,
            "name": self.object.member.name,
        }

    def crumbs(self) -> list[Crumb]:
        return [(gettext("年度目标"), self.back()), (self.heading(), "")]

    def back(self) -> str:
        return reverse("reviews:goals", args=[self.object.member.uid])

    def context(self) -> dict[str, Any]:
        goal = self.object
        return {
            "goal": goal,
            "may_write": self.own and goal.state in Goal.OPEN,
            "may_agree": goal.state == Goal.State.PROPOSED
            and queries.decides(self.actor, Can.RUN, goal.organization),
        }

    def done(self, form: Form) -> HttpResponse:
        if warned := self.warned(form):
            return warned
        given = {name: form.cleaned_data[name] for name in ("progress", "state")}
        goal_actions.tell_progress(self.object, actor=self.actor, **given)
        messages.success(self.request, gettext("已保存。"))
        return redirect(self.back())


class GoalAgree(GoalPage):
    """The branch agrees."""

    form_class = forms.Form

    def make_form(self, data=None) -> Form:
        return forms.Form(data)

    def get(self, request, **kwargs: Any) -> HttpResponse:
        return redirect("reviews:goal", self.object.uid)

    def done(self, form: Form) -> HttpResponse:
        goal_actions.agree_goal(self.object, actor=self.actor)
        messages.success(self.request, gettext("已商定。"))
        return redirect(self.back())


related("members.Member", _("年度目标"), Can.GOAL, lambda member: reverse("reviews:goals", args=[member.uid]))


def _proposed(actor: Actor) -> tuple[int, str]:
    """Goals that wait for the branch, and the first of them."""
    if not actor.reach.keys(Can.RUN):
        return 0, ""
    rows = queries.goals().visible_to(actor, Can.GOAL).filter(state=Goal.State.PROPOSED)
    mine = rows.filter(actor.reach.within(Can.RUN, "organization__key"))
    first = next((goal for goal in mine[:20] if queries.decides(actor, Can.RUN, goal.organization)), None)
    return (counted(mine), reverse("reviews:goal", args=[first.uid])) if first else (0, "")


waiting(_("年度目标：待党支部商定"), _proposed)
