"""Fields of forms that name an organization."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.organizations import queries
from baolei.organizations.kinds import HOLDS_MEMBERS
from baolei.organizations.models import Organization


def branches_named(text: str) -> QuerySet[Organization]:
    """Open branches of the directory with this code or name, by code before by name (D13)."""
    branches = queries.directory().filter(kind__in=HOLDS_MEMBERS)
    by_code = branches.filter(code=text.upper())
    return by_code if by_code.exists() else branches.filter(Q(name=text) | Q(short_name=text))


class BranchField(forms.CharField):
    """An open branch anywhere in the province, by code or name."""

    def __init__(self, **more):
        help_text = gettext_lazy("填党支部的组织代码或全称；同名的填组织代码。")
        super().__init__(max_length=200, help_text=help_text, **more)

    def clean(self, value) -> Organization | None:
        text = super().clean(value).strip()
        if not text:
            return None
        found = list(branches_named(text)[:2])
        if not found:
            raise ValidationError(_("没有党支部“%(text)s”。请核对代码或全称。") % {"text": text})
        if len(found) > 1:
            raise ValidationError(_("叫“%(text)s”的党支部不止一个，请填组织代码。") % {"text": text})
        return found[0]
