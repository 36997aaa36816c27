"""Lists of debriefs, appraisals and rounds; the page of a round, its steps, and what a member sees of them."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Actor, Permission
from baolei.kernel.desk import counted, waiting
from baolei.kernel.pages import DetailPage, FormPage, related
from baolei.kernel.pages.base import Crumb
from baolei.kernel.pages.codes import drawn
from baolei.kernel.pages.records import RecordList
from baolei.kernel.pages.steps import CarriedDetail, StepPage
from baolei.kernel.tables import ChoiceFilter, NumberFilter, SubtreeFilter
from baolei.members.models import Member
from baolei.members.queries import files
from baolei.organizations.kinds import HOLDS_MEMBERS
from baolei.organizations.queries import organizations
from baolei.reviews import actions, flow, forms, queries
from baolei.reviews.access import Can
from baolei.reviews.models import Debrief, Finding, Proposal, Round
from baolei.reviews.proposal_pages import following
from baolei.reviews.tables import TURN_OF, TURNS, AppraisalTable, DebriefTable, RoundMore, RoundTable

_ORGANIZATION = SubtreeFilter("organization", _("所属党组织"), lookup="organization__key")
_YEAR = NumberFilter("year", _("年度"))


class DebriefList(RecordList):
    noun, title, permission, export_permission = "reviews:debrief", _("述职评议"), Can.VIEW, Can.EXPORT
    queryset, table = queries.debriefs, DebriefTable
    filters = (_ORGANIZATION, _YEAR, ChoiceFilter("state", _("状态"), options=Debrief.State.choices))


class AppraisalList(RecordList):
    noun, title, permission, export_permission = "reviews:appraisal", _("民主评议"), Can.VIEW, Can.EXPORT
    queryset, table = queries.appraisals, AppraisalTable
    filters = (_ORGANIZATION, _YEAR)


class RoundList(RecordList):
    noun, title, permission, export_permission = "reviews:round", _("民主评议办理"), Can.VIEW, Can.EXPORT
    queryset, table, more = queries.rounds, RoundTable, RoundMore
    filters = (
        _ORGANIZATION,
        _YEAR,
        ChoiceFilter("state", _("办理状态"), options=Round.State.choices),
        ChoiceFilter(
            "turn",
            _("该谁办理"),
            options=TURNS.items(),
            narrow=lambda rows, turn: rows.filter(
                state__in=[s for s, whose in TURN_OF.items() if whose == turn]
            ),
        ),
    )


class RoundDetail(CarriedDetail):
    """How far a round has got; the roll with what was found is for the deciding bodies only (G-08)."""

    list_page, queryset, permission = RoundList, queries.rounds, Can.VIEW
    steps, step_url = flow.STEPS, "reviews:step"
    template_name = "reviews/round.html"

    def context(self) -> dict[str, Any]:
        round = self.object
        self.prints = queries.decides(self.actor, Can.FINDING, round.organization)
        return super().context() | {
            "round": round,
            "roll": _roll(round) if self.prints else [],
            "body": queries.body_tally_of(round) if self.prints else None,
            "over_share": round.state == Round.State.GRADED and queries.is_over_share(round),
        }


def _roll(round: Round) -> list[tuple[Finding, list[Proposal]]]:
    """The members of the round, each with what has followed."""
    followed = defaultdict(list)
    for proposal in (
        queries.proposals().unscoped("as the roll: the page asks `decides`").filter(finding__round=round)
    ):
        followed[proposal.finding_id].append(proposal)
    return [(finding, followed[finding.pk]) for finding in queries.roll_of(round)]


class RoundStep(StepPage):
    permission, queryset, steps, list_page = Can.RUN, queries.rounds, flow.STEPS, RoundList

    def dispatch(self, request, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def post(self, request, **kwargs: Any) -> HttpResponse:
        # Before the form is looked at: refused, it would show the names and tallies of the roll.
        if not self.step.may(self.actor, self.object):
            raise Http404
        return super().post(request, **kwargs)

    def render(self, **given: Any) -> HttpResponse:
        lines = hasattr(given.get("form"), "lines")
        self.template_name = "reviews/lines.html" if lines else StepPage.template_name
        return super().render(**given)

    def answer(self, result: Any) -> HttpResponse:
        if self.step.name != "poll":
            return super().answer(result)
        self.object.refresh_from_db()
        self.template_name = "reviews/ballots.html"
        address = self.request.build_absolute_uri(reverse("ballots:ballot"))
        sheet = [(number, drawn(f"{address}#{number}")) for number in result]
        return super().render(sheet=sheet, address=address, round=self.object)


class RoundOpen(FormPage):
    """Begin a branch's appraisal of a year."""

    permission, form_class = Can.RUN, forms.OpenForm
    queryset = organizations
    template_name = "kernel/pages/step.html"

    def heading(self) -> str:
        return gettext("开展民主评议：%(name)s") % {"name": self.object.short_name}

    def crumbs(self) -> list[Crumb]:
        return [(self.object.short_name, self._back()), (gettext("开展民主评议"), "")]

    def _back(self) -> str:
        return reverse("organizations:detail", args=[self.object.uid])

    def context(self) -> dict[str, Any]:
        explanation = gettext(
            "今天在册的党员列入名单：正式党员评定等次，预备党员参加但不评定（APR-04），停止党籍的不参加（APR-07）。"
        )
        return {"words": gettext("开展民主评议"), "explanation": explanation, "back": self._back()}

    def done(self, form: Form) -> HttpResponse:
        round = actions.open_round(self.object, actor=self.actor, **form.cleaned_data)
        return redirect("reviews:round", round.uid)


class FindingPage(FormPage):
    """What a round holds about one member: for himself, and for the deciding bodies (G-08)."""

    permission, form_class = Can.FINDING, forms.WordsForm
    queryset = queries.findings
    template_name = "reviews/finding.html"

    def find(self, actor: Actor, **kwargs: Any) -> Finding:
        finding = super().find(actor, **kwargs)
        self.own = actor.reach.person_id == finding.member_id
        self.body = queries.decides(actor, Can.FINDING, finding.organization)
        if not (self.own or self.body):
            raise Http404
        return finding

    def make_form(self, data=None) -> Form:
        return forms.WordsForm(data, initial={"words": self.object.words})

    def heading(self) -> str:
        finding = self.object
        return gettext("%(year)s 年度民主评议：%(name)s") % {
            "year": finding.round.year,
            "name": finding.member.name,
        }

    def crumbs(self) -> list[Crumb]:
        member = self.object.member
        return [(gettext("民主评议"), reverse("reviews:findings", args=[member.uid])), (self.heading(), "")]

    def context(self) -> dict[str, Any]:
        round = self.object.round
        return {
            "finding": self.object,
            "round": round,
            "may_write": self.own and round.state == Round.State.PREPARING,
            "told": self.body or round.state in Round.WITH_RESULT,
            **following(self.actor, self.object),
            "goals": queries.goals()
            .visible_to(self.actor, Can.GOAL)
            .filter(member=self.object.member, year=round.year),
        }

    def done(self, form: Form) -> HttpResponse:
        if form.warns():
            return self.render(form=form, warns=True)
        actions.assess(self.object, actor=self.actor, words=form.cleaned_data["words"])
        messages.success(self.request, gettext("已保存。"))
        return redirect("reviews:finding", self.object.uid)


class MemberFindings(DetailPage):
    """The appraisals of one member, the newest first."""

    permission, queryset = Can.FINDING, files
    template_name = "reviews/findings.html"

    def heading(self) -> str:
        return gettext("民主评议：%(name)s") % {"name": self.object.name}

    def context(self) -> dict[str, Any]:
        rows = queries.findings().visible_to(self.actor, Can.FINDING).filter(member=self.object)
        own = self.actor.reach.person_id == self.object.pk
        return {
            "findings": [
                row for row in rows if own or queries.decides(self.actor, Can.FINDING, row.organization)
            ]
        }


def _of_member(member: Member) -> str:
    return reverse("reviews:findings", args=[member.uid])


def _of_branch(organization) -> str:
    open_branch = organization.kind in HOLDS_MEMBERS and organization.closed_on is None
    return reverse("reviews:open", args=[organization.uid]) if open_branch else ""


related("members.Member", _("民主评议"), Can.FINDING, _of_member)
related("organizations.Organization", _("开展民主评议"), Can.RUN, _of_branch)


def _rounds(permission: Permission, *states: str):
    """How many rounds of the actor's own bodies stand there."""

    def count(actor: Actor) -> tuple[int, str]:
        if not actor.reach.keys(permission):
            return 0, ""
        found = queries.rounds_of(actor, permission).filter(state__in=states)
        only = f"?state={states[0]}" if len(states) == 1 else ""
        return counted(found), reverse("reviews:round_list") + only

    return count


def _own_words(actor: Actor) -> tuple[int, str]:
    """The appraisal for which the actor has not written about himself."""
    if actor.reach.person_id is None:
        return 0, ""
    mine = queries.findings().visible_to(actor, Can.FINDING).filter(member=actor.reach.person_id, words="")
    found = mine.filter(round__state=Round.State.PREPARING).exclude(part=Finding.Part.EXCUSED).first()
    return (1, reverse("reviews:finding", args=[found.uid])) if found else (0, "")


_STATE = Round.State
waiting(
    _("民主评议：正在办理"),
    _rounds(Can.RUN, _STATE.PREPARING, _STATE.HELD, _STATE.POLLED, _STATE.GRADED, _STATE.TOLD),
)
waiting(
    _("民主评议：待审核办结"),
    lambda actor: (_rounds(Can.OVERSEE, _STATE.REPORTED)(actor)[0], reverse("reviews:to_close")),
)
waiting(_("请写民主评议的个人自评"), _own_words)
