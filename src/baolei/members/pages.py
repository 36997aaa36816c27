"""Pages of the register: list, search, one member's file, the full view, and one's own page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.api.declare import offer
from baolei.kernel.desk import PEOPLE, counted, tasks, telling
from baolei.kernel.identity import masked
from baolei.kernel.pages import DetailPage, ExportPage, FormPage, ListPage, history, related, related_links
from baolei.kernel.pages.lists import summary
from baolei.kernel.pages.records import records_about
from baolei.kernel.secrets import Unreadable, open_field
from baolei.kernel.spells import last_day
from baolei.members import disclosures, queries, search
from baolei.members.access import Can
from baolei.members.codes import EDUCATIONS, ETHNICITIES, Standing
from baolei.members.forms import FIELDS, FILTERS, RevealForm
from baolei.members.models import Interruption, Member, Membership
from baolei.members.tables import MemberTable
from baolei.organizations.access import Can as CanSeeOrganizations
from baolei.organizations.kinds import HOLDS_MEMBERS

ROOT_CRUMB = gettext_lazy("党员")
UNREADABLE = gettext_lazy("号码无法读取，请联系系统管理员核对密钥")
ERASED = gettext_lazy("已删除")


def list_url() -> str:
    return reverse("members:list")


class MemberList(ListPage):
    """The members in reach, those who count unless asked otherwise."""

    permission = Can.VIEW
    title = gettext_lazy("党员名单")
    queryset = queries.members
    table = MemberTable
    filters = FILTERS
    export_url = "members:export"
    export_permission = Can.EXPORT
    template_name = "members/list.html"
    prints = True

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        reach = self.actor.reach
        if not reach.everywhere and not reach.keys(Can.VIEW):
            return redirect("members:my_file")
        return super().get(request, **kwargs)


class MemberSearch(MemberList):
    """The answers of the search box, by POST, so that no name and no number stands in an address or a log.

    Nothing is written: a search leaves no trace (G-27).
    """

    title = gettext_lazy("查找党员")
    template_name = "members/search.html"
    prints = False

    def crumbs(self) -> list[tuple[str, str]]:
        return [(str(ROOT_CRUMB), list_url()), (self.heading(), "")]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = self.render()
        response["Cache-Control"] = "no-store"
        return response

    def context(self) -> dict[str, Any]:
        given = self.request.POST
        text = given.get("q", "").strip()[:60]
        self.bound = self.bind({"organization": given.get("organization", ""), "standing": ""})
        context = {"text": text, "organization": self.bound[0]}
        if self.request.method != "POST":
            return context
        try:
            question = search.parse(text)
            branch = self.bound[0].value
            if branch is not None and branch.kind not in HOLDS_MEMBERS:
                branch = None
            rows = search.find(self.rows(self.bound), question, within=branch)
        except search.Unclear as unclear:
            return {**context, "error": str(unclear)}
        table = MemberTable.page(
            rows,
            order=search.order_of(question),
            after=given.get("after", ""),
            before=given.get("before", ""),
        )
        return {**context, "table": table, "summary": summary(table)}


class MemberExport(ExportPage):
    permission = Can.EXPORT
    title = gettext_lazy("导出党员名单")
    list_page = MemberList
    record = disclosures.export_members

    @property
    def back(self) -> tuple[str, str]:
        return (_("党员名单"), list_url())


class MemberDetail(DetailPage):
    """A member's file: numbers masked, of the birth date only the year (G-29)."""

    permission = Can.VIEW
    queryset = queries.files
    template_name = "members/detail.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        # One's own file is "my file", which says who saw it without names (G-22).
        if type(self) is MemberDetail and self.object.pk == request.actor.reach.person_id:
            return redirect("members:my_file")
        return super().get(request, **kwargs)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(str(ROOT_CRUMB), list_url()), (self.heading(), "")]

    def context(self) -> dict[str, Any]:
        member = self.object
        spells, hidden = queries.past_of(member, self.actor)
        return {
            "member": member,
            "facts": self.facts,
            "numbers": numbers(member),
            "spells": [(_spell(row), row.during.lower, last_day(row.during)) for row in spells],
            "hidden": hidden,
            "branch_url": self._branch_url(),
            "links": related_links(member, self.actor),
            "records": records_about(member, self.actor),
            "may_reveal": self.actor.can(Can.REVEAL, member) and not member.is_erased,
            "lines": history.of(
                member, without=disclosures.SEEN, since="members.member.enrol" if hidden else ""
            ),
        }

    @cached_property
    def facts(self) -> list[tuple[str, Any]]:
        """(label, value) of what the register knows, but for the numbers."""
        member = self.object
        facts = [
            (_("姓名"), member.name),
            (_("性别"), member.get_sex_display()),
            (_("出生年份"), str(member.birth_date.year)),
            (_("民族"), ETHNICITIES.get(member.ethnicity, member.ethnicity)),
            (_("学历"), EDUCATIONS.get(member.education, member.education)),
            (_("职业"), member.get_occupation_display()),
            (_("工作单位"), member.work_unit.name if member.work_unit else ""),
            (_("党籍状态"), member.get_standing_display()),
            (_("入党日期"), member.joined_on),
            (_("转正日期"), member.converted_on),
        ]
        return [*facts, (_("离开日期"), member.left_on)] if member.left_on else facts

    def _branch_url(self) -> str:
        branch = self.object.branch
        if not self.actor.reach.covers_key(CanSeeOrganizations.VIEW, branch.key):
            return ""
        return reverse("organizations:detail", args=[branch.uid])


class MyPage(MemberDetail):
    """What waits for oneself, one's own file, and who saw it: office, role, purpose and day, no name (G-22)."""

    title = gettext_lazy("我的档案")
    template_name = "members/me.html"

    def find(self, actor, **kwargs: Any) -> Member:
        found = queries.files().visible_to(actor, self.permission).filter(pk=actor.reach.person_id).first()
        if found is None:
            raise Http404
        return found

    def heading(self) -> str:
        return str(self.title)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(self.heading(), "")]

    def context(self) -> dict[str, Any]:
        seen = history.views_of(self.object.pk, disclosures.SEEN)
        waits = {"tasks": tasks(self.actor)}
        return {**super().context(), **waits, "lines": [], "seen": seen, "may_reveal": False}


class MemberReveal(FormPage):
    """The full number, shown once, in the answer to a POST that states the purpose."""

    permission = Can.REVEAL
    queryset = queries.files
    form_class = RevealForm
    template_name = "members/reveal.html"

    def heading(self) -> str:
        return _("查看完整号码：%(name)s") % {"name": self.object.name}

    def crumbs(self) -> list[tuple[str, str]]:
        member = self.object
        own = (member.name, reverse("members:detail", args=[member.uid]))
        return [(str(ROOT_CRUMB), list_url()), own, (_("查看完整号码"), "")]

    def done(self, form: RevealForm) -> HttpResponse:
        field = form.cleaned_data["field"]
        try:
            value = disclosures.reveal_number(
                self.object,
                actor=self.actor,
                field=field,
                purpose=form.words(),
                role="、".join(self.actor.role_labels),
            )
        except Unreadable:
            form.add_error(None, UNREADABLE)
            return self.render(form=form, status=422)
        response = self.render(form=None, label=dict(FIELDS)[field], value=value)
        response["Cache-Control"] = "no-store"
        return response


def _spell(row: Membership | Interruption) -> str:
    if isinstance(row, Membership):
        return row.branch.short_name
    standing = row.get_standing_display()
    if row.joined_on is None:
        return _("不在册：%(standing)s") % {"standing": standing}
    return _("不在册：%(standing)s（原于 %(day)s 入党）") % {"standing": standing, "day": row.joined_on}


def numbers(member: Member) -> list[tuple[str, str]]:
    """(label, masked number): two last characters of the identity number, four of the phone number."""
    return [
        (_("公民身份号码"), _number(member, "id_number", 2)),
        (_("联系电话"), _number(member, "phone", 4)),
    ]


def _number(member: Member, field: str, shown: int) -> str:
    if member.is_erased:
        return str(ERASED)
    try:
        return masked(open_field(member, field), shown) or _("未登记")
    except Unreadable:
        return str(UNREADABLE)


offer("members", MemberList, record=disclosures.export_members)

related(
    "organizations.Organization",
    gettext_lazy("党员名单"),
    Can.VIEW,
    lambda organization: f"{reverse('members:list')}?organization={organization.uid}",
)


def _of_standing(standing: str):
    """How many of a standing the branch has."""

    def count(actor, branch) -> tuple[int, str]:
        rows = queries.members().visible_to(actor, Can.VIEW).filter(branch=branch, standing=standing)
        return counted(rows), f"{list_url()}?organization={branch.uid}&standing={standing}"

    return count


for _standing in (Standing.FORMAL, Standing.PROBATIONARY):
    telling(PEOPLE, _standing.label, _of_standing(_standing))
