"""The export of a list: a form with purpose and format, then a file and its audit row, by POST (G-30)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.pages.base import Crumb, Page
from baolei.kernel.pages.lists import ListPage
from baolei.kernel.tables import files

NAMES_LIMIT = 200
"""Rows with names that one person may take alone (G-30)."""

PURPOSES = (
    ("duty", gettext_lazy("组织生活安排")),
    ("statistics", gettext_lazy("统计核对")),
    ("check", gettext_lazy("资料核对、补正")),
    ("superior", gettext_lazy("上级党组织要求报送")),
    ("other", gettext_lazy("其他（请说明）")),
)


class PurposeForm(forms.Form):
    """What a full view or a list of names is for; shown to the persons concerned."""

    purpose = forms.ChoiceField(label=gettext_lazy("用途"), choices=PURPOSES)
    note = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("选“其他”时必填，60 字以内。本人可以看到用途，请勿写入个人情况。"),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("purpose") == "other" and not cleaned.get("note"):
            self.add_error("note", _("请说明用途。"))
        return cleaned

    def words(self) -> str:
        """The purpose as it is recorded."""
        chosen = str(dict(self.fields["purpose"].choices)[self.cleaned_data["purpose"]])
        note = self.cleaned_data["note"]
        return note if self.cleaned_data["purpose"] == "other" else f"{chosen}：{note}" if note else chosen


class ExportForm(PurposeForm):
    form = forms.ChoiceField(label=gettext_lazy("格式"), choices=tuple(files.FORMATS.items()))


class ExportPage(Page):
    """The export of a `ListPage`: declare `permission`, `title`, `list_page` and `record`.

    `record(None, *, actor, purpose, form, rows, filters)` is the action that writes the audit row; of a table
    about persons it also gets `people`, the ids of the rows taken.
    """

    list_page: type[ListPage]
    record: Callable[..., Any]
    back: Crumb = ("", "")
    template_name = "kernel/pages/export.html"

    def listed(self) -> ListPage:
        """The list page with this request's filters, of which the rows are taken."""
        page = self.list_page()
        page.setup(self.request)
        page.actor = self.actor
        page.bound = page.bind(self.request.GET)
        return page

    def context(self) -> dict[str, Any]:
        page = self.listed()
        rows = self.rows(page)
        personal = page.table.personal()
        number = rows.order_by()[: NAMES_LIMIT + 1].count() if personal else rows.order_by().count()
        return {
            "number": number,
            "refused": personal and number > NAMES_LIMIT,
            "limit": NAMES_LIMIT,
            "personal": personal,
            "columns": page.table.headings(),
            "back": self.back[1] + page.address(order=self.request.GET.get("order", "")),
            "form": ExportForm(),
        }

    def rows(self, page: ListPage):
        """The rows of the list for which the actor also holds the right to export."""
        return page.rows(page.bound).visible_to(self.actor, self.permission)

    def crumbs(self) -> list[Crumb]:
        return [self.back, (self.heading(), "")]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = ExportForm(request.POST)
        if not form.is_valid():
            return self.render(form=form, status=422)
        page = self.listed()
        if wrong := [item.error for item in page.bound if item.error]:
            # A file and an event of no rows would say that there are none.
            form.add_error(None, wrong)
            return self.render(form=form, status=422)
        table, rows, order = page.table, self.rows(page), request.GET.get("order", "")
        more: dict[str, Any] = {}
        if table.personal():
            more["people"] = list(
                rows.order_by(*table.order(order).fields).values_list("pk", flat=True)[: NAMES_LIMIT + 1]
            )
            if len(more["people"]) > NAMES_LIMIT:
                return self.render(form=form, status=422)
            # The rows of the file are the rows recorded, whatever is written in between.
            rows = rows.filter(pk__in=more["people"])
        number = len(more["people"]) if more else rows.order_by().count()
        type(self).record(
            actor=self.actor,
            purpose=form.words(),
            form=form.cleaned_data["form"],
            rows=number,
            filters=urlencode(page.kept()),
            **more,
        )
        sheet = files.Sheet(
            title=str(page.title),
            headings=table.headings(),
            rows=table.lines(rows, order=order),
            widths=tuple(column.width for column in table.columns.values() if column.export),
            names=tuple(name for name, column in table.columns.items() if column.export),
            above=files.watermark(self.actor, form.words()),
        )
        return files.response(sheet, form.cleaned_data["form"])
