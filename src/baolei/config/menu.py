"""The menu: what exists here and what the actor may see of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from baolei.accounts.access import Can as Accounts
from baolei.assistance.access import Can as Assistance
from baolei.community.access import Can as Community
from baolei.coverage.access import Can as Coverage
from baolei.development.access import Can as Development
from baolei.disposals.access import Can as Disposals
from baolei.honours.access import Can as Honours
from baolei.inspections.access import Can as Inspections
from baolei.inspections.access import CanWeak
from baolei.kernel.access import NOBODY, Actor, Permission
from baolei.kernel.desk import tasks
from baolei.kernel.exports.access import Can as Exports
from baolei.kernel.exports.queries import number_waiting
from baolei.kernel.figures.access import Can as Figures
from baolei.kernel.uploads.access import Can as Uploads
from baolei.meetings.access import Can as Meetings
from baolei.members.access import Can as Members
from baolei.organizations.access import Can as Organizations
from baolei.portal.access import Can as Portal
from baolei.portal.access import CanComplaint
from baolei.portal.complaints.queries import number_open
from baolei.portal.publishing import copy_of
from baolei.posts.access import Can as Posts
from baolei.projects.access import Can as Projects
from baolei.reviews.access import Can as Reviews
from baolei.standards.access import Can as Standards
from baolei.standards.access import CanPay
from baolei.training.access import Can as Training
from baolei.transfers.access import Can as Transfers


@dataclass(frozen=True)
class Item:
    """A line of the menu. `needs` is held somewhere by grant; None is for everybody who has signed in.

    `count` says how many wait there.
    """

    name: str
    label: str
    icon: str
    needs: Permission | None = None
    count: Callable[[Actor], int] | None = None

    def shown_to(self, actor: Actor) -> bool:
        # A member's own right to his file is no reason to offer the list: "my file" leads there.
        return self.needs is None or actor.reach.everywhere or bool(actor.reach.keys(self.needs))

    @property
    def url(self) -> str:
        """The address; empty where the area is not part of this installation."""
        try:
            return reverse(self.name)
        except NoReverseMatch:
            return ""


MENU = (
    (
        _("工作台"),
        (Item("desk", _("待办"), "layout-dashboard"),),
    ),
    (
        _("数据"),
        (
            Item("figures:overview", _("数据总览"), "chart-column", Figures.VIEW),
            Item("portal:lookback", _("五年回眸"), "newspaper"),
            Item("portal:editions", _("公开数据"), "book-open", Portal.VIEW),
            Item("portal:complaint_list", _("投诉与纠错"), "inbox", CanComplaint.VIEW, count=number_open),
        ),
    ),
    (
        _("登记"),
        (
            Item("organizations:tree", _("党组织"), "building-2", Organizations.VIEW),
            Item("members:list", _("党员"), "users", Members.VIEW),
            Item("uploads:list", _("导入"), "upload", Uploads.UPLOAD),
            Item("exports:list", _("导出复核"), "check", Exports.AGREE, count=number_waiting),
        ),
    ),
    (
        _("村和社区"),
        (
            Item("standards:reading_list", _("指标读数"), "chart-column", Standards.VIEW),
            Item("standards:pay_list", _("书记报酬"), "user-check", CanPay.VIEW),
            Item("standards:facility_list", _("场所"), "house", Standards.VIEW),
            Item("standards:mark_list", _("认定"), "flag", Standards.VIEW),
            Item("standards:threshold_list", _("标准线"), "check", Standards.VIEW),
            Item("community:checkin_list", _("社区报到"), "map-pin", Community.VIEW),
            Item("community:service_list", _("社区服务"), "circle-check", Community.VIEW),
            Item("community:need_list", _("群众需求办理"), "inbox", Community.VIEW),
        ),
    ),
    (
        _("党务力量"),
        (
            Item("posts:office_list", _("党建工作办公室"), "landmark", Posts.VIEW),
            Item("posts:tenure_list", _("任职"), "user-check", Posts.VIEW),
        ),
    ),
    (
        _("组织生活"),
        (
            Item("meetings:meeting_list", _("会议"), "calendar", Meetings.VIEW),
            Item("meetings:study_campaign_list", _("学习教育"), "book-open", Meetings.VIEW),
            Item("reviews:appraisal_list", _("民主评议"), "circle-check", Reviews.VIEW),
            Item("reviews:round_list", _("民主评议办理"), "clock", Reviews.RUN),
            Item("reviews:board", _("民主评议进度"), "chart-column", Reviews.OVERSEE),
        ),
    ),
    (
        _("责任落实"),
        (
            Item("reviews:debrief_list", _("述职评议"), "file-text", Reviews.VIEW),
            Item("inspections:visit_list", _("督查"), "search", Inspections.VIEW),
            Item("inspections:weak_list", _("软弱涣散党组织"), "triangle-alert", CanWeak.VIEW),
            Item("honours:milestone_list", _("典型经验"), "book-open", Honours.VIEW),
            Item("honours:adoption_list", _("经验推广"), "git-branch", Honours.VIEW),
        ),
    ),
    (
        _("项目和资金"),
        (
            Item("projects:programme_list", _("工程"), "folder-open", Projects.VIEW),
            Item("projects:deed_list", _("实事好事"), "circle-check", Projects.VIEW),
            Item("projects:project_list", _("项目"), "map-pin", Projects.VIEW),
            Item("projects:appropriation_list", _("资金"), "landmark", Projects.VIEW),
        ),
    ),
    (
        _("帮扶和共建"),
        (
            Item("assistance:posting_list", _("选派任职"), "user-plus", Assistance.VIEW),
            Item("assistance:pairing_list", _("结对帮扶"), "link", Assistance.VIEW),
            Item("assistance:household_list", _("干部包户"), "house", Assistance.VIEW),
            Item("assistance:participation_list", _("参与帮扶"), "users", Assistance.VIEW),
            Item("assistance:partner_pairing_list", _("军警共建对子"), "shield-check", Assistance.PARTNERS),
        ),
    ),
    (
        _("两新组织"),
        (
            Item("coverage:count_list", _("两新组织覆盖情况"), "chart-column", Coverage.VIEW),
            Item("coverage:demonstration_post_list", _("示范岗和责任区"), "flag", Coverage.VIEW),
            Item("coverage:kit_list", _("一建五送"), "check", Coverage.VIEW),
        ),
    ),
    (
        _("教育培训"),
        (
            Item("training:base_list", _("培训基地"), "building-2", Training.VIEW),
            Item("training:session_list", _("培训班次"), "calendar", Training.VIEW),
            Item("training:group_list", _("青马工程小组"), "users", Training.VIEW),
        ),
    ),
    (
        _("发展党员"),
        (
            Item("development:board", _("发展党员看板"), "chart-column", Development.CARRY),
            Item("development:applicant_list", _("发展党员名单"), "user-plus", Development.VIEW),
        ),
    ),
    (
        _("组织关系"),
        (
            Item("transfers:queue", _("转接待办"), "clock", Transfers.HANDLE),
            Item("transfers:hint_list", _("口袋党员线索"), "flag", Transfers.HINT),
            Item("transfers:transfer_list", _("组织关系转接"), "arrow-right", Transfers.VIEW),
            Item("transfers:report_list", _("扫码报到"), "user-check", Transfers.CASE),
            Item("transfers:pocket_case_list", _("口袋党员"), "search", Transfers.VIEW),
            Item("transfers:floating_list", _("流动党员"), "users", Transfers.VIEW),
            Item("disposals:disposal_list", _("组织处置"), "file-text", Disposals.VIEW),
        ),
    ),
    (
        _("管理"),
        (
            Item("accounts:account_list", _("账号"), "user-check", Accounts.VIEW),
            Item("accounts:events", _("操作记录"), "history", Accounts.AUDIT),
            Item("accounts:personal_data", _("个人信息清单"), "file-text", Accounts.AUDIT),
        ),
    ),
)
OPEN = (_("工作台"), _("数据"), _("登记"), _("我的"))
"""Groups that stand open on every page."""

MY_FILE = Item("members:my_file", _("我的档案"), "file-text")
MY_ACCOUNT = Item("accounts:my_account", _("我的账号"), "user")
PASSWORD = Item("accounts:change_password", _("修改密码"), "key-round")


def groups(actor: Actor, path: str = "") -> list[dict[str, Any]]:
    """Groups of {title, open, items: [{url, label, icon, count, current}]}, without empty groups.

    `current` is the item whose address is the longest beginning of `path`; its group stands open, and those that
    everybody needs each day.
    """
    if actor.user_id is None:
        return []
    own = (MY_FILE, MY_ACCOUNT) if actor.reach.person_id is not None else (MY_ACCOUNT,)
    made = []
    for title, items in (*MENU, (_("我的"), own)):
        found = [(i, i.url) for i in items if i.shown_to(actor)]
        shown = [
            {"url": url, "label": i.label, "icon": i.icon, "count": i.count(actor) if i.count else 0}
            for i, url in found
            if url
        ]
        if shown:
            made.append({"title": title, "items": shown, "open": title in OPEN})
    every = [item for group in made for item in group["items"]]
    here = max((i["url"] for i in every if path.startswith(i["url"])), key=len, default=None)
    for group in made:
        for item in group["items"]:
            item["current"] = item["url"] == here
            group["open"] |= item["current"]
    return made


def context(request: HttpRequest) -> dict[str, Any]:
    """What the shells of all pages need."""
    # A request that a middleware refused, such as one for a foreign host, never got an actor.
    actor = getattr(request, "actor", NOBODY)
    return {
        "actor": actor,
        "demo": settings.BAOLEI_DEMO,
        "copy": copy_of(request.META),
        "menu": groups(actor, request.path),
        "user_menu": [{"url": i.url, "label": i.label, "icon": i.icon} for i in (MY_ACCOUNT, PASSWORD)],
        "sign_out_url": reverse("accounts:sign_out"),
        "role_name": actor.role_labels[0] if actor.role_labels else actor.office,
    }


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where signing in leads: the desk when something waits, else the first thing that a grant lets the actor see,
    his file or his account."""
    if tasks(request.actor):
        return redirect("desk")
    granted = [
        item for _title, items in MENU for item in items if item.needs and item.shown_to(request.actor)
    ]
    own = [MY_FILE] if request.actor.reach.person_id is not None else []
    return redirect(next(item.url for item in (*granted, *own, MY_ACCOUNT) if item.url))
