"""Forms of the area. What they find wrong is said in one sentence that tells what to do."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from baolei.accounts.access import Can
from baolei.accounts.actions import may_give
from baolei.accounts.models import User
from baolei.kernel.access import Actor, roles
from baolei.kernel.audit import WORDS
from baolei.kernel.pages.forms import DayField
from baolei.kernel.tables import ChoiceFilter, DateFilter, Filter
from baolei.organizations.models import Organization

_rules = lazy(password_validators_help_text_html, str)


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("用户名"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("现在的密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        max_length=200,
        strip=False,
        help_text=_rules(),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输入一次新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old(self) -> str:
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError(_("现在的密码不对，请重新输入。"))
        return self.cleaned_data["old"]

    def clean_new(self) -> str:
        new = self.cleaned_data["new"]
        if new == self.cleaned_data.get("old"):
            raise forms.ValidationError(_("新密码不能与现在的密码相同，请换一个。"))
        validate_password(new, self.user)
        return new

    def clean(self) -> None:
        given = self.cleaned_data
        if "new" in given and given.get("again") != given["new"]:
            self.add_error("again", _("两次输入的新密码不一致，请重新输入。"))


class GrantForm(forms.Form):
    """A role in an organization, both within what the actor may give."""

    organization = forms.CharField(
        label=_("党组织代码"), max_length=40, help_text=_("授权在该党组织及其全部下级有效。")
    )
    role = forms.ChoiceField(label=_("角色"))

    def __init__(self, actor: Actor, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor
        # Offered is what the actor may give somewhere; whether also there is checked with the organization.
        offered = (
            role
            for role in roles().values()
            if all(held.lower or actor.reach.keys(held) for held in role.permissions)
        )
        self.fields["role"].choices = [(role.code, role.label) for role in offered]

    def clean_organization(self) -> Organization:
        code = self.cleaned_data["organization"].strip()
        found = (
            Organization.objects.filter(code=code, closed_on=None).visible_to(self.actor, Can.GRANT).first()
        )
        if found is None:
            raise forms.ValidationError(_("没有这个代码的党组织，或不在您的管理范围，请核对。"))
        return found

    def clean(self) -> None:
        given = self.cleaned_data
        if {"organization", "role"} <= given.keys():
            if not may_give(roles()[given["role"]], given["organization"], self.actor):
                self.add_error("role", _("您在该党组织没有这个角色的全部权限，不能授予，请选择其他角色。"))


class AccountForm(GrantForm):
    """A new account together with its first role."""

    username = forms.CharField(
        label=_("用户名"),
        min_length=3,
        max_length=40,
        validators=[RegexValidator(r"^[a-z0-9._-]+\Z", _("只用小写字母、数字、点、横线和下划线。"))],
    )
    name = forms.CharField(label=_("姓名"), max_length=40)
    office = forms.CharField(
        label=_("职务"),
        max_length=60,
        help_text=_("党员查看“谁看过我的档案”时，看到的是职务和角色，不是姓名。"),
    )

    field_order = ("username", "name", "office", "organization", "role")

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if User.objects.filter(username=username).exists():
            raise forms.ValidationError(_("用户名已被使用，请换一个。"))
        return username


class TokenForm(forms.Form):
    """A token for a program of one's own."""

    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("如：县委信息平台。"))
    purpose = forms.CharField(
        label=_("用途"), max_length=60, help_text=_("用这个令牌做什么；会记入操作记录，请勿写入个人情况。")
    )
    last_day = DayField(label=_("截止日期"), initial=None, help_text=_("当日仍有效，最长一年。"))


# The record of events ---------------------------------------------------------------------------------------


def _by(rows, value):
    return rows.filter(Q(actor_name__contains=value) | Q(office__contains=value))


def _kinds() -> list[tuple[str, str]]:
    """All kinds of events, area by area."""
    return [(name, str(words)) for name, words in sorted(WORDS.items())]


_today = lazy(lambda: timezone.localdate().isoformat(), str)

EVENT_FILTERS = (
    DateFilter("since", _("自"), lookup="day__gte", default=_today()),
    DateFilter("until", _("至"), lookup="day__lte", default=_today()),
    ChoiceFilter("kind", _("操作"), options=_kinds, lookup="action"),
    Filter("who", _("操作人或职务"), narrow=_by),
)
