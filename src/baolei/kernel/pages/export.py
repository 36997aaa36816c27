"""The export of a list: a form with purpose and format, then a file and its audit row, by POST (G-30)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.exports import actions, queries
from baolei.kernel.exports.queries import NAMES_LIMIT
from baolei.kernel.imports import export
from baolei.kernel.imports.sheets import Sheet
from baolei.kernel.models import ExportRequest
from baolei.kernel.pages.base import Crumb, Page
from baolei.kernel.pages.lists import ListPage
from baolei.kernel.scope import ScopedQuerySet
from baolei.kernel.tables import files

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
    about persons it also gets `people`, the rows taken, and `request`, to which a second person agreed.
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

    @cached_property
    def sheet(self) -> Sheet | None:
        """The sheet whose rows the list shows, where a file under its headings can be had."""
        return export.sheet_of(self.list_page.queryset(), self.actor)

    def kept(self, page: ListPage) -> dict[str, str]:
        """The filters of the list and, where chosen, the sheet's columns, as the address says them."""
        return page.kept() | ({"columns": "sheet"} if self.by_sheet else {})

    @property
    def by_sheet(self) -> bool:
        return self.request.GET.get("columns") == "sheet" and self.sheet is not None

    def ordered(self, query: dict[str, str]) -> dict[str, str]:
        """The query with the order of the rows, where the address says one."""
        order = self.request.GET.get("order", "")
        return query | ({"order": order} if order else {})

    def forms(self, page: ListPage) -> list[tuple[str, str, bool]]:
        """(name, address, current) of the ways in which the file can have its columns."""
        if self.sheet is None:
            return []
        own = self.ordered(page.kept())
        ways = ((_("名单的列"), own, False), (_("导入模板的列"), own | {"columns": "sheet"}, True))
        return [(name, "?" + urlencode(query), sheet == self.by_sheet) for name, query, sheet in ways]

    def context(self) -> dict[str, Any]:
        page = self.listed()
        rows = self.rows(page)
        personal = page.table.personal()
        number = rows.order_by().count()
        if self.by_sheet:
            columns = [str(column.title) for column in export.listed_columns(self.sheet)]
            missing = [str(c.title) for c in self.sheet.columns if str(c.title) not in columns]
        else:
            columns, missing = page.table.headings(), []
        return {
            "number": number,
            "asks": personal and self.beyond_alone(rows, number),
            "days": ExportRequest.DAYS,
            "limit": NAMES_LIMIT,
            "personal": personal,
            "columns": columns,
            "missing": missing,
            "by_sheet": self.by_sheet,
            "forms": self.forms(page),
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
        rows, order = self.rows(page), request.GET.get("order", "")
        number = rows.order_by().count()
        if page.table.personal() and self.beyond_alone(rows, number):
            return self.ask(page, form, number)
        if page.table.personal():
            # The rows of the file are the rows recorded, whatever is written in between.
            taken = rows.order_by(*page.table.order(order).fields).values_list("pk", flat=True)
            chosen = list(taken[: NAMES_LIMIT + 1])
            rows, number = rows.filter(pk__in=chosen), len(chosen)
        return self.given(page, rows, number, form.words(), form.cleaned_data["form"])

    def beyond_alone(self, rows: ScopedQuerySet, number: int) -> bool:
        """Whether a second person has to agree that this actor takes the names of these rows (G-30)."""
        if number > NAMES_LIMIT:
            return True
        person = rows.model.scope.person
        persons = set(rows.order_by().values_list(person, flat=True)) if person else set()
        return queries.beyond_today(self.actor, persons - {None})

    def ask(self, page: ListPage, form: ExportForm, number: int) -> HttpResponse:
        """Ask a second person, and show where it stands."""
        asked = actions.ask(
            None,
            actor=self.actor,
            right=self.permission,
            page=self.request.resolver_match.view_name,
            title=str(page.title),
            query=urlencode(self.ordered(self.kept(page))),
            purpose=form.words(),
            form=form.cleaned_data["form"],
            rows=number,
        )
        return redirect("exports:request", asked.uid)

    def consented(self, asked: ExportRequest) -> HttpResponse:
        """The file of a request that a second person agreed to, by the rights of now, in one transaction.

        Raises PermissionDenied without the right, ValidationError when the list has grown too long.
        """
        self.actor.require(self.permission)
        page = self.listed()
        rows = self.rows(page)
        number = rows.order_by().count()
        if number > max(asked.rows * asked.GROWTH, asked.rows + 20):
            raise ValidationError(_("名单比申请时多了很多，请重新申请。"))
        if asked.form == "xlsx" and number > files.XLSX_ROWS:
            raise ValidationError(_("行数超过 Excel 的上限，请按 CSV 格式重新申请。"))
        return self.given(page, rows, number, asked.purpose, asked.form, request=asked)

    def given(
        self,
        page: ListPage,
        rows: ScopedQuerySet,
        number: int,
        purpose: str,
        form: str,
        request: ExportRequest | None = None,
    ) -> HttpResponse:
        """The rows as a file, and the events that say so."""
        table, order, more = page.table, self.request.GET.get("order", ""), {}
        if table.personal():
            more = {"people": rows, "request": str(request.uid) if request else ""}
        type(self).record(
            actor=self.actor,
            purpose=purpose,
            form=form,
            rows=number,
            filters=urlencode(self.kept(page)),
            **more,
        )
        above = files.watermark(self.actor, purpose)
        if request:
            above += (_("复核人：%(name)s") % {"name": request.decided_name},)
        if self.by_sheet:
            columns = export.listed_columns(self.sheet)
            sheet = files.Sheet(
                title=str(self.sheet.title),
                headings=[str(column.title) for column in columns],
                rows=export.listed(self.sheet, rows, self.actor),
                widths=(16,) * len(columns),
                names=tuple(column.name for column in columns),
                above=above,
            )
        else:
            sheet = files.Sheet(
                title=str(page.title),
                headings=table.headings(),
                rows=table.lines(rows, order=order),
                widths=tuple(column.width for column in table.columns.values() if column.export),
                names=tuple(name for name, column in table.columns.items() if column.export),
                above=above,
            )
        # What a second person agreed to is written before the transaction ends: its rows are those recorded.
        return files.response(sheet, form, whole=request is not None)
