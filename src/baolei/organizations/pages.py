"""Pages of organizations: the tree that never loads whole, the list, one organization and its history."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.api.declare import offer
from baolei.kernel.figures.access import Can as Figures
from baolei.kernel.figures.asking import address
from baolei.kernel.figures.values import today
from baolei.kernel.pages import DetailPage, ExportPage, ListPage, Page, history, related, related_links
from baolei.kernel.spells import last_day
from baolei.organizations import disclosures, queries
from baolei.organizations.access import Can
from baolei.organizations.forms import FILTERS
from baolei.organizations.kinds import UnitKind
from baolei.organizations.models import Organization
from baolei.organizations.tables import OrganizationTable

PAGE = 50
UNITS_SHOWN = 100

ROOT_CRUMB = gettext_lazy("党组织")


def tree_url(organization: Organization) -> str:
    """The tree, opened at this organization."""
    return f"{reverse('organizations:tree')}?in={organization.uid}"


class Tree(Page):
    """Search first; below it the children of one organization, a page at a time, each opened where it stands."""

    permission = Can.VIEW
    title = ROOT_CRUMB
    template_name = "organizations/tree.html"

    @cached_property
    def text(self) -> str:
        return self.request.GET.get("q", "").strip()[:50]

    @cached_property
    def top(self) -> Organization | None:
        """The organization whose children are listed: the one asked for, else the only top of the reach."""
        asked = self.request.GET.get("in", "")
        if asked:
            try:
                found = queries.directory().filter(uid=UUID(asked)).first()
            except ValueError:
                found = None
            if found is None:
                raise Http404
            return found
        tops = list(queries.tops_of(self.actor)[:2])
        return tops[0] if len(tops) == 1 else None

    def crumbs(self) -> list[tuple[str, str]]:
        start = (str(ROOT_CRUMB), reverse("organizations:tree"))
        if self.text:
            return [start, (_("查找结果"), "")]
        if self.top is None:
            return [(str(ROOT_CRUMB), "")]
        way = [(above.short_name, tree_url(above)) for above in queries.way_to(self.top)]
        return [start, *way, (self.top.short_name, "")]

    def context(self) -> dict[str, Any]:
        rows, more = self._rows()
        for row in rows:
            row.in_reach = self.actor.reach.covers_key(Can.VIEW, row.key)
        top = None if self.text else self.top
        return {
            "rows": rows,
            "after": rows[-1].key if more else "",
            "top": top,
            "top_in_reach": top is not None and self.actor.reach.covers_key(Can.VIEW, top.key),
            "text": self.text,
            "more_found": bool(more and self.text),
            "found_limit": queries.FOUND,
        }

    def _rows(self) -> tuple[list[Organization], bool]:
        if self.text:
            rows = queries.search(self.text)
        elif self.top is not None:
            rows = queries.children_of(self.top)
        else:
            rows = queries.tops_of(self.actor)
        after = self.request.GET.get("after", "")
        found = list(rows.filter(key__gt=after)[: PAGE + 1] if after else rows[: PAGE + 1])
        return found[:PAGE], len(found) > PAGE

    def part(self) -> str:
        if not self.request.htmx or self.request.htmx.history_restore_request:
            return ""
        return "items" if self.request.GET.get("after") else "branch"


class OrganizationList(ListPage):
    permission = Can.VIEW
    title = gettext_lazy("党组织名册")
    queryset = queries.organizations
    table = OrganizationTable
    filters = FILTERS
    export_url = "organizations:export"
    export_permission = Can.EXPORT

    def crumbs(self) -> list[tuple[str, str]]:
        return [(str(ROOT_CRUMB), reverse("organizations:tree")), (self.heading(), "")]


class OrganizationExport(ExportPage):
    permission = Can.EXPORT
    title = gettext_lazy("导出党组织名册")
    list_page = OrganizationList
    record = disclosures.export_organizations

    @property
    def back(self) -> tuple[str, str]:
        return (_("党组织名册"), reverse("organizations:list"))


class OrganizationDetail(DetailPage):
    permission = Can.VIEW
    queryset = queries.organizations
    template_name = "organizations/detail.html"

    def heading(self) -> str:
        return self.object.name

    def crumbs(self) -> list[tuple[str, str]]:
        way = [(above.short_name, tree_url(above)) for above in queries.way_to(self.object)]
        return [(str(ROOT_CRUMB), reverse("organizations:tree")), *way, (self.object.short_name, "")]

    def tabs(self, current: str) -> list[tuple[str, str, bool]]:
        """The parts of this organization's file."""
        return [
            (label, reverse(f"organizations:{name}", args=[self.object.uid]), name == current)
            for name, label in (
                ("detail", _("基本情况")),
                ("changes", _("设立与变更")),
                ("history", _("办理记录")),
            )
        ]

    def context(self) -> dict[str, Any]:
        organization, today = self.object, timezone.localdate()
        units = queries.units_of(organization, on=today).visible_to(self.actor, self.permission)
        found = list(units[: UNITS_SHOWN + 1])
        return {
            "organization": organization,
            "tabs": self.tabs("detail"),
            "facts": self._facts(),
            "places": [
                (
                    place.parent.short_name if place.parent else _("无"),
                    place.during.lower,
                    last_day(place.during),
                )
                for place in queries.places_of(organization)
            ],
            "units": [
                (row.unit.name, UnitKind(row.unit.kind).label, row.unit.code, row.during.lower)
                for row in found[:UNITS_SHOWN]
            ],
            "more_units": len(found) > UNITS_SHOWN,
            "children": self._children(),
            "links": related_links(organization, self.actor),
            "list_url": f"{reverse('organizations:list')}?organization={organization.uid}",
            "tree_url": tree_url(organization),
        }

    def _facts(self) -> list[tuple[str, Any]]:
        organization = self.object
        facts = [
            (_("全称"), organization.name),
            (_("简称"), organization.short_name),
            (_("组织代码"), organization.code),
            (_("类别"), organization.get_kind_display()),
            (_("上级党组织"), organization.parent.short_name if organization.parent else _("无")),
        ]
        if organization.region_code:
            facts.append((_("区划代码"), organization.region_code))
        facts.append((_("成立日期"), organization.opened_on))
        if organization.closed_on:
            facts.append((_("撤销日期"), organization.closed_on))
            facts.append(
                (_("承接党组织"), organization.successor.short_name if organization.successor else "")
            )
        return facts

    def _children(self) -> list[Organization]:
        children = list(queries.children_of(self.object)[:PAGE])
        for child in children:
            child.in_reach = True
        return children


class OrganizationHistory(OrganizationDetail):
    """What was done to the organization, from the audit."""

    template_name = "organizations/history.html"

    def context(self) -> dict[str, Any]:
        return {
            "organization": self.object,
            "tabs": self.tabs("history"),
            "lines": history.of(self.object),
        }


offer(
    "organizations",
    OrganizationList,
    record=disclosures.export_organizations,
    folder="organizations/",
    by="code",
)

related(
    "organizations.Organization",
    gettext_lazy("数据"),
    Figures.VIEW,
    lambda organization: reverse("figures:overview") + address(organization, today()),
)
