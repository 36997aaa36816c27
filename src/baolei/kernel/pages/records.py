"""Pages of records: a list, its export and the page of one record, from the columns of one table.

    class ReadingList(RecordList):
        noun, title, queryset, table, filters = "standards:reading", _("指标读数"), queries.readings, ReadingTable, (…)
        permission, export_permission = Can.VIEW, Can.EXPORT

    urlpatterns = record_urls("readings", ReadingList)

The names of the addresses are `reading_list`, `reading_export` and `reading`.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import BigIntegerField, QuerySet, TextField, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _lazy

from baolei.kernel import audit
from baolei.kernel.access import Actor
from baolei.kernel.actions import action
from baolei.kernel.api.declare import offer
from baolei.kernel.pages import history
from baolei.kernel.pages.base import Crumb, DetailPage
from baolei.kernel.pages.export import ExportPage
from baolei.kernel.pages.lists import BoundFilter, ListPage, filtered
from baolei.kernel.scope import ScopedQuerySet
from baolei.kernel.tables.columns import Column, LinkColumn
from baolei.kernel.tables.filters import PersonFilter
from baolei.kernel.tables.table import Order, Table, count_up_to
from baolei.kernel.tree import person_model

ABOUT_PERSONS: list[type["RecordList"]] = []
"""The lists of records that are about a person, in the order of the areas."""


class RecordList(ListPage):
    """The list of one kind of record: `noun` is the name of a record's address, as in "standards:reading".

    Records about persons have a filter `person`, for links from a person's file; with a permission that is one's
    own, a person without any role sees the records about himself.
    """

    noun = ""
    more: type[Table] | None = None
    """Columns that only the record's own page shows."""
    template_name = part_template = "kernel/pages/list.html"
    count_limit = 1_000
    prints = True

    def __init_subclass__(cls, **given: Any):
        super().__init_subclass__(**given)
        cls.export_url = f"{cls.noun}_export"
        if person := cls.queryset().model.scope.person:
            cls.filters = (*cls.filters, PersonFilter("person", _lazy("党员"), lookup=person))
            ABOUT_PERSONS.append(cls)

    @classmethod
    def may_open(cls, actor: Actor) -> bool:
        # A right over one's own rows is none over a list that has no such rows.
        granted = cls in ABOUT_PERSONS or actor.reach.everywhere or actor.reach.keys(cls.permission)
        return bool(granted) and super().may_open(actor)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_open(request.actor):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def pieces(self, filters: list[BoundFilter]) -> list[tuple[QuerySet, Order]]:
        order = self.table.order(self.request.GET.get("order", ""))
        if not order.by_place:
            return super().pieces(filters)
        found = type(self).queryset().pieces(self.actor, self.permission)
        return [(filtered(rows, filters), order.at(path)) for path, rows in found]


def records_about(person: models.Model, actor: Actor) -> list[tuple[str, int, str]]:
    """(title, number, address) of the lists that hold records about a person within the actor's reach.

    Counted to the limit of a list.
    """
    found = []
    for page in ABOUT_PERSONS:
        if actor.can(page.permission, person):
            rows = page.queryset().visible_to(actor, page.permission)
            number = count_up_to(rows.filter(**{rows.model.scope.person: person.pk}))
            address = f"{reverse(f'{page.noun}_list')}?{urlencode({'person': person.uid})}"
            found.append((str(page.title), number, address))
    return [one for one in found if one[1]]


class RecordDetail(DetailPage):
    """One record: the columns of the list's table and of `more`, and what was done to it."""

    list_page: type[RecordList]
    template_name = "kernel/pages/record.html"

    def heading(self) -> str:
        return f"{self.list_page.title}：{self.object}"

    def crumbs(self) -> list[Crumb]:
        return [
            (str(self.list_page.title), reverse(f"{self.list_page.noun}_list")),
            (str(self.object), ""),
        ]

    def context(self) -> dict[str, Any]:
        return {"facts": self.facts, "lines": history.of(self.object)}

    @cached_property
    def facts(self) -> list[tuple[str, SafeString]]:
        """(heading, value as HTML) of every column; a link to the record's own page is text here."""
        found = []
        for table in filter(None, (self.list_page.table, self.list_page.more)):
            columns = table.columns.values()
            rows = type(self).queryset().visible_to(self.actor, self.permission)
            values = rows.filter(pk=self.object.pk).order_by().values(*table.fields()).first()
            found += [(str(c.heading), _cell(c, values, self.list_page.noun)) for c in columns]
        return found


def _cell(column: Column, values: dict[str, Any], noun: str) -> SafeString:
    needed = tuple(values[name] for name in column.fields)
    own = isinstance(column, LinkColumn) and column.to == noun
    return mark_safe(Column.html(column, needed) if own else column.html(needed))


class RecordExport(ExportPage):
    list_page: type[RecordList]

    @property
    def back(self) -> Crumb:
        return (str(self.list_page.title), reverse(f"{self.list_page.noun}_list"))


def record_urls(
    folder: str, page: type[RecordList], *, detail: type[RecordDetail] | None = None
) -> list[URLPattern]:
    """The addresses of a list, its export and its records, below `folder`; the interface offers the list, too.

    `detail` is the page of one record, where it has more than the columns.
    """
    name = page.noun.partition(":")[2]

    class Detail(detail or RecordDetail):
        permission, queryset, list_page = page.permission, staticmethod(page.queryset), page

    class Export(RecordExport):
        permission, list_page = page.export_permission, page
        title = format_lazy("{}：{}", _lazy("导出"), page.title)
        record = staticmethod(_export_action(page))

    offer(page.noun.replace(":", "."), page, record=Export.record)
    return [
        path(f"{folder}/", page.as_view(), name=f"{name}_list"),
        path(f"{folder}/export/", Export.as_view(), name=f"{name}_export"),
        path(f"{folder}/<uuid:uid>/", Detail.as_view(), name=name),
    ]


def _export_action(page: type[RecordList]) -> Callable:
    """The audit row of an export; of a list about persons also one for each person (G-22, G-30)."""
    noun, needs = page.noun.replace(":", "."), page.export_permission
    exported = audit.named(f"{noun}.exported", _lazy("列入导出的名单"))

    @action(
        f"{noun}.export",
        words=format_lazy("{}：{}", _lazy("导出名单"), page.title),
        needs=needs,
        private=("people",),
    )
    def export_records(
        target,
        *,
        actor,
        purpose: str,
        form: str,
        rows: int,
        filters: str,
        people: ScopedQuerySet | None = None,
        request: str = "",
    ):
        person = people.model.scope.person if people is not None else None
        if person is None:  # nobody, or people of no register, to whom nothing could be told
            return
        # A record may be about somebody outside the register; several may be about one person.
        persons = people.order_by().exclude(**{person: None}).values_list(person, flat=True).distinct()
        nothing = Value(None, BigIntegerField()), Value(None, TextField())
        listed = person_model()._default_manager.filter(pk__in=persons).order_by("pk")
        audit.record_names(
            exported,
            actor=actor,
            rows=listed.values_list(*nothing, "pk"),
            purpose=purpose,
            request=request,
        )

    return export_records
