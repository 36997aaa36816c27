"""What may be put forward after a finding, and what becomes of it, as steps (APR-06)."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Actor
from baolei.kernel.flow import Step
from baolei.reviews import forms, proposal_actions
from baolei.reviews.access import Can
from baolei.reviews.models import Finding, Proposal
from baolei.reviews.queries import decides, may_follow

Kind, State = Proposal.Kind, Proposal.State


def _branch(actor: Actor, row: Finding | Proposal) -> bool:
    return decides(actor, Can.RUN, row.organization)


def _committee(actor: Actor, proposal: Proposal) -> bool:
    return decides(actor, Can.OVERSEE, proposal.organization)


def _holder(actor: Actor, proposal: Proposal) -> bool:
    return _committee(actor, proposal) if proposal.is_committees else _branch(actor, proposal)


FOLLOWING: dict[str, Step] = {
    step.name: step
    for step in (
        Step(
            Kind.HONOUR,
            _("提出表扬"),
            _("由上级党委决定；同意以后在评选表彰时作为依据，不自动成为表彰（APR-06）。"),
            lambda finding: may_follow(finding, Kind.HONOUR),
            *(_branch, partial(proposal_actions.propose, kind=Kind.HONOUR)),
        ),
        Step(
            Kind.DISPOSAL,
            _("提出组织处置"),
            _("帮助以后仍无转变的，由党支部提出、上级党委决定；同意以后按组织处置的程序办理（APR-06）。"),
            lambda finding: may_follow(finding, Kind.DISPOSAL),
            *(_branch, partial(proposal_actions.propose, kind=Kind.DISPOSAL)),
        ),
    )
}
"""Of a finding: what the branch puts forward."""

STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step(
            "plan",
            _("安排帮助"),
            _("基本合格的指出差距、帮助提高，不合格的先教育帮助（APR-06）。只选方式和期限，不写情况。"),
            lambda proposal: proposal.kind == Kind.HELP and proposal.state == State.PROPOSED,
            *(_branch, proposal_actions.accept, forms.HelpForm, True),
        ),
        Step(
            "accept",
            _("同意"),
            _("由上级党委决定；同意以后接着办理，不自动生效（G-26）。"),
            lambda proposal: proposal.is_committees and proposal.state == State.PROPOSED,
            *(_committee, proposal_actions.accept),
            first=True,
        ),
        Step(
            "finish",
            _("登记落实"),
            _("帮助已经做完，或者组织处置已经另行办理的，登记日期。"),
            lambda proposal: proposal.state == State.ACCEPTED and proposal.kind != Kind.HONOUR,
            *(_holder, proposal_actions.finish, forms.DoneForm, True),
        ),
        Step(
            "decline",
            _("不同意"),
            _("上级党委不同意，或者认为不需要帮助的。"),
            lambda proposal: proposal.state == State.PROPOSED,
            *(_committee, proposal_actions.decline),
        ),
    )
}
"""Of a proposal: by the body that holds it."""
