"""Fields in which the numbers of a vote are entered, and the `Vote` that they give.

Of a branch's meeting the register counts who should attend; of a committee the number is entered.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from baolei.kernel.pages.forms import CountField
from baolei.kernel.votes import Vote
from baolei.members.queries import formal_members
from baolei.organizations.models import Organization


def people_field(
    branch: Organization, label: str, *, required: bool = False
) -> forms.TypedMultipleChoiceField:
    """The formal members of today, to be ticked; their numbers."""
    return forms.TypedMultipleChoiceField(
        label=label,
        choices=[*formal_members(branch, timezone.localdate()).values_list("pk", "name")],
        coerce=int,
        required=required,
        widget=forms.CheckboxSelectMultiple,
    )


def ballot_fields() -> dict[str, forms.Field]:
    """In favour, against, abstaining."""
    return {
        "yes": CountField(_("赞成")),
        "no": CountField(_("不赞成"), initial=0),
        "abstain": CountField(_("弃权"), initial=0),
    }


def meeting_fields(branch: Organization) -> dict[str, forms.Field]:
    """Of a vote of the branch's formal members: who was there, who wrote before, and the votes."""
    there = people_field(branch, _("到会的正式党员（没有到会的取消勾选）"))
    there.initial = [pk for pk, _name in there.choices]
    return {
        "there": there,
        "before": people_field(branch, _("因故缺席、会前提交书面意见的")),
        "excluded": CountField(
            _("经批准不计入应到会的人数"), initial=0, help_text=_("只填人数，不记原因（G-01）。")
        ),
        **ballot_fields(),
    }


def meeting_vote(given: dict[str, Any], branch: Organization) -> Vote:
    """The vote on the day `given["on"]`; its fields go from `given`. Raises ValidationError."""
    there, before = set(given.pop("there")), set(given.pop("before"))
    if there & before:
        raise ValidationError(_("到会的人不再计入书面意见，请只选一处。"))
    formal = formal_members(branch, given["on"]).count()
    return Vote(
        expected=max(formal - given.pop("excluded"), 0),
        present=len(there),
        written=len(before),
        **_ballots(given),
    )


def committee_vote(given: dict[str, Any]) -> Vote:
    """The vote of a committee; its fields go from `given`. Raises ValidationError."""
    return Vote(expected=given.pop("expected"), present=given.pop("present"), **_ballots(given))


def _ballots(given: dict[str, Any]) -> dict[str, int]:
    return {name: given.pop(name) for name in ("yes", "no", "abstain")}
