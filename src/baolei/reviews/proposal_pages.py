"""Steps of what follows from a finding; who must act is told on the desk, without a list of persons (G-08, G-25)."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baolei.disposals.queries import may_open
from baolei.kernel.access import Actor, Permission
from baolei.kernel.desk import counted, waiting
from baolei.kernel.flow import steps_for
from baolei.kernel.pages.base import Crumb
from baolei.kernel.pages.steps import StepPage
from baolei.reviews import proposal_flow, queries
from baolei.reviews.access import Can
from baolei.reviews.models import Finding, Proposal


class _OfFinding(StepPage):
    """Begun from the page of the finding, and back there; not cached, as it names a person."""

    permission = Can.RUN

    def finding(self) -> Finding:
        """The finding that it is about."""
        raise NotImplementedError

    def dispatch(self, request, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def post(self, request, **kwargs: Any) -> HttpResponse:
        # Before the form is looked at: refused, it would show whom it is about.
        if not self.step.may(self.actor, self.object):
            raise Http404
        return super().post(request, **kwargs)

    def called(self) -> str:
        return self.object.member.name

    def home(self) -> str:
        return reverse("reviews:finding", args=[self.finding().uid])

    def crumbs(self) -> list[Crumb]:
        title = gettext("%(year)s 年度民主评议：%(name)s")
        about = {"year": self.finding().round.year, "name": self.called()}
        return [(title % about, self.home()), (str(self.step.words), "")]


class Put(_OfFinding):
    """The branch puts forward what follows from a finding."""

    queryset, steps = queries.findings, proposal_flow.FOLLOWING

    def finding(self) -> Finding:
        return self.object


class ProposalStep(_OfFinding):
    """The body that holds a proposal plans, agrees, declines, or says that it is done."""

    queryset, steps = queries.proposals, proposal_flow.STEPS

    def finding(self) -> Finding:
        return self.object.finding


def following(actor: Actor, finding: Finding) -> dict[str, Any]:
    """For the page of a finding: what has followed, each with its steps, and what may be put forward."""
    rows = queries.proposals().visible_to(actor, Can.FINDING).filter(finding=finding)
    with_steps = [(row, _steps(actor, row)) for row in rows]
    return {
        # Who has no step of it has nothing to carry out either.
        "proposals": [(row, steps, _carried_out(actor, row) if steps else "") for row, steps in with_steps],
        "following": [
            (step, reverse("reviews:put", args=[finding.uid, step.name]))
            for step in steps_for(actor, finding, proposal_flow.FOLLOWING)
        ],
    }


def _steps(actor: Actor, proposal: Proposal) -> list[tuple[Any, str]]:
    return [
        (step, reverse("reviews:proposal", args=[proposal.uid, step.name]))
        for step in steps_for(actor, proposal, proposal_flow.STEPS)
    ]


def _carried_out(actor: Actor, proposal: Proposal) -> str:
    """Where an accepted disposal is proposed in its own way, for who may do so: nothing follows by itself (G-26)."""
    agreed = proposal.kind == Proposal.Kind.DISPOSAL and proposal.state == Proposal.State.ACCEPTED
    open_to_him = agreed and may_open(actor, proposal.member)
    return reverse("disposals:open", args=[proposal.member.uid]) if open_to_him else ""


def _waits(permission: Permission, of: Callable[[QuerySet], QuerySet]):
    """How many wait for the actor's own bodies, and the round of the first, whose page shows the members that matter."""

    def count(actor: Actor) -> tuple[int, str]:
        if not actor.reach.keys(permission):
            return 0, ""
        found = of(queries.proposals_of(actor, permission))
        first = found.first()
        return (
            (counted(found), reverse("reviews:round", args=[first.finding.round.uid])) if first else (0, "")
        )

    return count


_STATE, _HELP = Proposal.State, Proposal.Kind.HELP
waiting(
    _("民主评议：教育帮助待安排"),
    _waits(Can.RUN, lambda rows: rows.filter(kind=_HELP, state=_STATE.PROPOSED)),
)
waiting(
    _("民主评议：教育帮助已到期限，待登记落实"),
    _waits(
        Can.RUN,
        lambda rows: rows.filter(kind=_HELP, state=_STATE.ACCEPTED, due_on__lt=timezone.localdate()),
    ),
    late=True,
)
waiting(
    _("民主评议：评定后的意见待决定"),
    _waits(Can.OVERSEE, lambda rows: rows.exclude(kind=_HELP).filter(state=_STATE.PROPOSED)),
)
