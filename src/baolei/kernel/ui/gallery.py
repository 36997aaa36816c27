"""Every component of the screen on one page, with invented numbers; open in development and in the demo only."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

KINDS = [("", gettext_lazy("全部")), ("branch", gettext_lazy("党支部")), ("general", gettext_lazy("党总支"))]


class FilterForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("名称"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=KINDS, required=False)
    day = forms.DateField(
        label=gettext_lazy("截至日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class SampleForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("组织代码"), help_text=gettext_lazy("12 位数字，见组织证书右上角")
    )
    reason = forms.CharField(
        label=gettext_lazy("事由"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=KINDS[1:], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label=gettext_lazy("已核对纸质材料"), required=False)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if len(code) != 12:
            raise forms.ValidationError(
                _("组织代码应为 12 位数字，现在是 %(n)s 位，请核对证书。") % {"n": len(code)}
            )
        return code


PLACES = [
    ("110101", "东城区", 1240),
    ("110102", "西城镇", 860),
    ("110103", "南山县", 2310),
    ("110104", "北河朝鲜族自治县", None),
    ("120101", "海港区", 640),
    ("120102", "新城经济开发区", 980),
    ("120103", "柳树县", 1520),
]
TILES = {
    "110101": (3, 2),
    "110102": (4, 2),
    "110103": (3, 3),
    "110104": (4, 3),
    "120101": (5, 2),
    "120102": (5, 3),
}


def samples() -> dict:
    """What the gallery shows, as pages would hand it over."""
    return {
        "demo": True,
        "organization_name": _("示例县委组织部"),
        "menu": _menu(),
        "crumbs": [(_("首页"), "/"), (_("组件"), None)],
        "filter_form": FilterForm(),
        "sample_form": SampleForm({"code": "2201", "kind": "branch", "agreed": "on"}),
        "rows": [(name, href, value, "2026-11-20") for name, value, href in _places()],
        "facts": [
            (_("组织代码"), "220102005001"),
            (_("成立日期"), "2012-07-01"),
            (_("撤销日期"), None),
        ],
        "tabs": [
            (_("概况"), "?tab=about", True),
            (_("沿革"), "?tab=past", False),
            (_("下级"), "?tab=below", False),
        ],
        "bars": _places(),
        "shares": [(_("东城区"), 93.64, None), (_("西城镇"), 100, None), (_("南山县"), None, None)],
        "trend": [
            (str(2012 + i), value) for i, value in enumerate([1521300, 1548200, 1570911, 1603888, 1630204])
        ],
        "months": [(f"{i + 1}月", value) for i, value in enumerate(MONTHS)],
        "map_values": {code: (name, value, f"?region={code}") for code, name, value in PLACES},
        "map_tiles": TILES,
    }


MONTHS = [81, 83, 78, 85, None, 87, 90, 91, 89, 92, 93, 94]


def _places():
    return [(name, value, f"?region={code}") for code, name, value in PLACES]


def _menu():
    return [
        {
            "title": "",
            "items": [
                {"url": "?page=home", "label": _("工作总览"), "icon": "layout-dashboard", "current": True},
                {"url": "?page=todo", "label": _("我的待办"), "icon": "inbox", "current": False, "count": 7},
            ],
        },
        {
            "title": _("组织"),
            "items": [
                {"url": "?page=organizations", "label": _("党组织"), "icon": "building-2", "current": False},
                {"url": "?page=members", "label": _("党员"), "icon": "users", "current": False},
            ],
        },
    ]


def _open_here() -> None:
    if not (settings.DEBUG or getattr(settings, "BAOLEI_DEMO", False)):
        raise Http404


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """The console's components."""
    _open_here()
    return render(request, "kernel/gallery.html", samples())


@login_not_required
@require_safe
def public_gallery(request: HttpRequest) -> HttpResponse:
    """The public shell with an article."""
    _open_here()
    return render(request, "kernel/gallery_public.html", samples())
