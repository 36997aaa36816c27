"""Filters of the list of organizations, and the forms of changes of the tree."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.access import Actor
from baolei.kernel.business import PARTS
from baolei.kernel.pages.forms import DayField
from baolei.kernel.tables import ChoiceFilter, DateFilter, SubtreeFilter
from baolei.organizations.actions import DOCUMENT_LONGEST, Founding
from baolei.organizations.changes import ASKED_AT_MOST, named
from baolei.organizations.kinds import LEAF, REGION_KINDS, Kind
from baolei.organizations.models import Change, Organization


def _open_or_closed(rows, value):
    return rows.filter(closed_on__isnull=value == "open")


FILTERS = (
    SubtreeFilter("organization", gettext_lazy("所属党组织"), lookup="key"),
    ChoiceFilter("kind", gettext_lazy("类别"), options=Kind.choices),
    ChoiceFilter(
        "state",
        gettext_lazy("状态"),
        options=(("open", gettext_lazy("现有")), ("closed", gettext_lazy("已撤销"))),
        narrow=_open_or_closed,
        default="open",
    ),
    DateFilter("opened_from", gettext_lazy("成立日期自"), lookup="opened_on__gte"),
    DateFilter("opened_to", gettext_lazy("成立日期至"), lookup="opened_on__lte"),
)


def _text(label, longest: int, **more) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, **more)


class ChangeForm(forms.Form):
    """What every change asks: from which day, why, by which paper. `seen` is what the preview showed."""

    day = DayField(
        label=gettext_lazy("生效日期"),
        help_text=gettext_lazy("自这一天起按变更后计，之前各日的数据不变；不能晚于今天。"),
    )
    cause = forms.ChoiceField(
        label=gettext_lazy("事由"), choices=[("", gettext_lazy("请选择")), *Change.Cause.choices]
    )
    document = _text(
        gettext_lazy("批准文号"),
        DOCUMENT_LONGEST,
        help_text=gettext_lazy("只填文号，如 组字〔2026〕12号。"),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    last = ("day", "cause", "document")

    def __init__(self, organization: Organization, actor: Actor, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.organization, self.actor = organization, actor
        self.order_fields([name for name in self.fields if name not in self.last] + [*self.last])

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(_("生效日期不能晚于今天。"))
        return day

    def paper(self) -> dict[str, str]:
        """By what it is done."""
        return {"cause": self.cleaned_data["cause"], "document": self.cleaned_data["document"]}

    def said(self) -> list[tuple[str, str]]:
        """(label, text) of what was filled in, for reading it once more."""
        return [
            (str(bound.label), self._text_of(bound))
            for bound in self.visible_fields()
            if self.cleaned_data.get(bound.name)
        ]

    def _text_of(self, bound: forms.BoundField) -> str:
        value = self.cleaned_data[bound.name]
        if isinstance(bound.field, forms.ChoiceField):
            chosen = value if isinstance(value, list) else [value]
            return "、".join(str(label) for code, label in bound.field.choices if code in chosen)
        if isinstance(value, Organization):
            return _("%(name)s（%(code)s）") % {"name": value.name, "code": value.code}
        return str(value)

    def named(self, name: str) -> Organization | None:
        """The organization that a field names; absent and out of reach are one answer."""
        text = self.cleaned_data[name]
        found = named(text, self.actor)
        if text and found is None:
            raise ValidationError(
                _("没有这个党组织，或不在您的管理范围；同名的请填组织代码。"), code="unknown"
            )
        return found


_NAMING = gettext_lazy("填组织代码、区划代码或名称；须在您的管理范围内。")


class MoveForm(ChangeForm):
    parent = _text(gettext_lazy("新的上级党组织"), 200, help_text=_NAMING)

    def clean_parent(self):
        return self.named("parent")


class MergeForm(ChangeForm):
    into = _text(gettext_lazy("并入（承接党组织）"), 200, help_text=_NAMING)

    def clean_into(self):
        return self.named("into")


class CloseForm(ChangeForm):
    successor = _text(
        gettext_lazy("承接党组织"),
        200,
        required=False,
        help_text=gettext_lazy("主管着单位的必须填写，单位转由它主管。填组织代码、区划代码或名称。"),
    )

    def clean_successor(self):
        return self.named("successor")


class RenameForm(ChangeForm):
    name = _text(gettext_lazy("新的全称"), 200)
    short_name = _text(gettext_lazy("新的简称"), 60)


class FoundForm(ChangeForm):
    """A new organization below this one."""

    code = _text(gettext_lazy("组织代码"), 40)
    name = _text(gettext_lazy("全称"), 200)
    short_name = _text(gettext_lazy("简称"), 60)
    kind = forms.ChoiceField(label=gettext_lazy("类别"))
    region_code = _text(
        gettext_lazy("区划代码"),
        9,
        required=False,
        help_text=gettext_lazy("地方党委填 6 位，乡镇（街道）党委填 9 位，其他组织留空。"),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("请选择")), *self._kinds()]

    def _kinds(self) -> list[tuple[str, str]]:
        only_cells = self.organization.kind in LEAF
        return [(Kind.PARTY_CELL.value, Kind.PARTY_CELL.label)] if only_cells else Kind.choices

    def clean_code(self) -> str:
        return self.cleaned_data["code"].upper()

    def founding(self) -> Founding:
        """What the action takes."""
        given = {
            name: self.cleaned_data[name] for name in ("code", "name", "short_name", "kind", "region_code")
        }
        return Founding(opened_on=self.cleaned_data["day"], **given)


class SplitForm(FoundForm):
    """A new organization beside this one, and what it gets."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = self.organization.kind
        if self.organization.kind not in REGION_KINDS:
            del self.fields["region_code"]
        self.too_many = []
        for part in PARTS.values():
            choices = part.choices(self.organization, self.actor)
            if len(choices) > ASKED_AT_MOST:
                self.too_many.append(part.words)
            if choices:
                self.fields[part.name] = forms.MultipleChoiceField(
                    label=part.words,
                    choices=choices[:ASKED_AT_MOST],
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                )
        self.order_fields([name for name in self.fields if name not in self.last] + [*self.last])

    def _kinds(self) -> list[tuple[str, str]]:
        return Kind.choices

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Name of a part -> what was chosen of it."""
        return {name: tuple(self.cleaned_data[name]) for name in PARTS if self.cleaned_data.get(name)}

    def founding(self) -> Founding:
        self.cleaned_data.setdefault("region_code", "")
        return super().founding()

    def clean(self):
        if not self.chosen():
            raise ValidationError(_("请至少选择一项划入新组织。"))
        return super().clean()
