"""Steps of a record that goes on by steps, as data: who may do which, with what form, and what then happens.

    STEPS = {step.name: step for step in (Step("release", _("同意转出"), …), …)}

The pages of such records are in `kernel.pages.steps`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from baolei.kernel.access import Actor


class PlainForm(forms.Form):
    """Nothing is asked but to confirm."""


class RowForm(forms.Form):
    """A form whose fields depend on the row that it is about."""

    def __init__(self, data: Any = None, *, row: Any):
        super().__init__(data)
        self.row = row


@dataclass(frozen=True)
class Step:
    """`words` stands on the button, `explanation` above the form; `fits` says whether the row has got so far."""

    name: str
    words: str
    explanation: str
    fits: Callable[[Any], bool]
    may: Callable[[Actor, Any], bool]
    act: Callable[..., Any]
    form: type[forms.Form] = PlainForm
    first: bool = False
    """Whether it is what is waited for; the others are ways out."""

    def open_to(self, actor: Actor, row: Any) -> bool:
        """Whether the actor may do it now."""
        return self.fits(row) and self.may(actor, row)


def steps_for(actor: Actor, row: Any, steps: Mapping[str, Step]) -> list[Step]:
    """What the actor may do with it now, what is waited for first."""
    return [step for step in steps.values() if step.open_to(actor, row)]
