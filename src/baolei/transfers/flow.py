"""The steps of a transfer as data: who may do which, with what form, and what then happens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Actor
from baolei.transfers import actions
from baolei.transfers.access import Can
from baolei.transfers.forms import AcceptForm, LetterForm, PlainForm, RefuseForm, ReleaseForm
from baolei.transfers.models import Transfer

State, Kind = Transfer.State, Transfer.Kind


@dataclass(frozen=True)
class Step:
    """`words` stands on the button, `explanation` above the form; `fits` says whether the transfer has got so far."""

    name: str
    words: str
    explanation: str
    fits: Callable[[Transfer], bool]
    may: Callable[[Actor, Transfer], bool]
    act: Callable[..., Transfer]
    form: type[forms.Form] = PlainForm
    first: bool = False
    """Whether it is what is waited for; the others are ways out."""

    def open_to(self, actor: Actor, transfer: Transfer) -> bool:
        """Whether the actor may do it now."""
        return transfer.run_here and self.fits(transfer) and self.may(actor, transfer)


def _handles(end: str) -> Callable[[Actor, Transfer], bool]:
    def may(actor: Actor, transfer: Transfer) -> bool:
        organization = getattr(transfer, end)
        return organization is not None and actor.can(Can.HANDLE, organization)

    return may


def _asks(actor: Actor, transfer: Transfer) -> bool:
    return actor.can(Can.ASK, transfer.member)


def _is(state: str, *kinds: str) -> Callable[[Transfer], bool]:
    return lambda transfer: transfer.state == state and transfer.kind in (kinds or Kind.values)


def _is_open(transfer: Transfer) -> bool:
    return transfer.state in Transfer.OPEN


_COUNTS = _("在接收一方接收之前，党员仍由转出一方管理，计入转出党支部（TRF-04）。")

STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step(
            *("release", _("同意转出"), _COUNTS, _is(State.ASKED, Kind.INSIDE)),
            *(_handles("sender"), actions.release, ReleaseForm, True),
        ),
        Step(
            *("letter", _("开具介绍信"), _COUNTS, _is(State.ASKED, Kind.LEAVING)),
            *(_handles("sender"), actions.release, LetterForm, True),
        ),
        Step(
            "accept",
            _("接收"),
            _("接收后，党员自今天起计入转入党支部，转出一方不再计入。"),
            _is(State.RELEASED, Kind.INSIDE),
            *(_handles("receiver"), actions.accept, AcceptForm, True),
        ),
        Step(
            "receipt",
            _("登记回执"),
            _("收到省外党组织寄回的回执后登记：党员自今天起转出省外，不再计入。"),
            _is(State.RELEASED, Kind.LEAVING),
            *(_handles("sender"), actions.enter_receipt, PlainForm, True),
        ),
        Step(
            "push",
            _("催办"),
            _("已经到期的可以催办，每天一次；两地共同的上级党组织能看到。"),
            lambda transfer: _is_open(transfer) and transfer.is_late,
            _asks,
            actions.push,
        ),
        Step(
            "refuse",
            _("退回"),
            _("没有原因不得拒转、拒接（TRF-03）。退回后党员仍在转出党支部，可以重新提出。"),
            _is_open,
            lambda actor, transfer: _handles("holder")(actor, transfer),
            actions.refuse,
            RefuseForm,
        ),
        Step(
            "withdraw",
            _("撤回"),
            _("撤回后党员仍在转出党支部，可以重新提出。"),
            _is_open,
            _asks,
            actions.withdraw,
        ),
    )
}


def steps_for(actor: Actor, transfer: Transfer) -> list[Step]:
    """What the actor may do with it now, what is waited for first."""
    return [step for step in STEPS.values() if step.open_to(actor, transfer)]


def next_words(transfer: Transfer) -> str:
    """What is waited for, empty when it is over."""
    fitting: list[Any] = [step for step in STEPS.values() if step.first and step.fits(transfer)]
    return str(fitting[0].words) if fitting else ""
